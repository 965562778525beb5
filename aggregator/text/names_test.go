package text

import (
	"slices"
	"testing"
)

// What a byline says is nobody is dropped; what could be somebody stays.
func TestBylinesNamePersonsAlone(t *testing.T) {
	for byline, want := range map[string][]string{
		"":                               nil,
		" ":                              nil,
		"Ana Ruiz":                       {"Ana Ruiz"},
		"By Ana Ruiz":                    {"Ana Ruiz"},
		"por Ana Ruiz y Luis Peña":       {"Ana Ruiz", "Luis Peña"},
		"Ana Ruiz and Luis Peña":         {"Ana Ruiz", "Luis Peña"},
		"Ana Ruiz AND Luis Peña":         {"Ana Ruiz", "Luis Peña"},
		"Ana Ruiz & Luis Peña":           {"Ana Ruiz", "Luis Peña"},
		"Ana Ruiz with Luis Peña":        {"Ana Ruiz", "Luis Peña"},
		"Ana Ruiz; Luis Peña":            {"Ana Ruiz", "Luis Peña"},
		"Ana Ruiz / Luis Peña":           {"Ana Ruiz", "Luis Peña"},
		"Ana Ruiz | Luis Peña":           {"Ana Ruiz", "Luis Peña"},
		"Ana and Luis":                   {"Ana", "Luis"},
		"Ana Ruiz, Luis Peña and Mo Day": {"Ana Ruiz", "Luis Peña", "Mo Day"},
		"Ana Ruiz, Luis Peña, & Mo Day":  {"Ana Ruiz", "Luis Peña", "Mo Day"},
		"Ruiz, Ana":                      {"Ruiz, Ana"},
		"Ruiz, Ana; Peña, Luis":          {"Ruiz, Ana", "Peña, Luis"},
		"Ruiz, Ana and Luis Peña":        {"Ruiz, Ana", "Luis Peña"},
		"Sam Lee, Jr., Mo Day, Ph.D.":    {"Sam Lee, Jr.", "Mo Day, Ph.D."},

		// a house in parentheses belongs to the name, any other affiliation does not
		"Ana Ruiz (KJZZ and KMSA)":                 {"Ana Ruiz (KJZZ and KMSA)"},
		"Ana Ruiz (KJZZ), Luis Peña (KMSA)":        {"Ana Ruiz (KJZZ)", "Luis Peña (KMSA)"},
		"Ana Ruiz (Senior Editor)":                 {"Ana Ruiz"},
		"Ana Ruiz | KJZZ and KMSA":                 {"Ana Ruiz"},
		"Ana Ruiz - The Valley Ledger":             {"Ana Ruiz"},
		"KJZZ | Ana Ruiz":                          {"Ana Ruiz"},
		"Ana Ruiz, KJZZ":                           {"Ana Ruiz"},
		"Ana Ruiz/KJZZ":                            {"Ana Ruiz"},
		"Ana Ruiz for KJZZ":                        {"Ana Ruiz"},
		"Ana Ruiz, KJZZ, and Luis Peña, KMSA":      {"Ana Ruiz", "Luis Peña"},
		"Ana Ruiz, Education Reporter":             {"Ana Ruiz"},
		"Ana Ruiz, Reporter, Luis Peña, Editor":    {"Ana Ruiz", "Luis Peña"},
		"Ana Ruiz, Keeper of Birds, Salt Museum":   {"Ana Ruiz"},
		"Ana Ruiz, Lecturer in Soils and Dry Land": {"Ana Ruiz"},
		"Ana Ruiz, Lecturer in Soils, Salt Dome":   {"Ana Ruiz"},
		"Ana Ruiz, Lecturer in Soils, Salt Dome, and Luis Peña, Curator of Maps, Salt Museum": {"Ana Ruiz", "Luis Peña"},
		"Ana Ruiz, Host of Dry Land, Luis Peña, Producer":                                     {"Ana Ruiz", "Luis Peña"},
		"Ana Ruiz, PhD Candidate, Salt Lab":                                                   {"Ana Ruiz"},
		"Ana Ruiz, University of the Playa":                                                   {"Ana Ruiz"},
		"Ana Ruiz is a reporter in Deming":                                                    {"Ana Ruiz"},
		"Ana Ruiz Special to KMSA":                                                            {"Ana Ruiz"},
		"Inés Muñoz, profesora de Ciencias del Agua, Universidad de la Playa":                 {"Inés Muñoz"},
		"Inés Muñoz, corresponsal en Sonora":                                                  {"Inés Muñoz"},

		// who took the pictures is an author where there is no other
		"Story and photos by Ana Ruiz":                 {"Ana Ruiz"},
		"Story, photos and video by Ana Ruiz":          {"Ana Ruiz"},
		"Texto y fotos de Ana Ruiz":                    {"Ana Ruiz"},
		"By Ana Ruiz, photos by Luis Peña":             {"Ana Ruiz"},
		"Story by Ana Ruiz. Photos by Luis Peña.":      {"Ana Ruiz"},
		"Texto: Ana Ruiz / Fotos: Luis Peña":           {"Ana Ruiz"},
		"Ana Ruiz and Photographs by Luis Peña":        {"Ana Ruiz"},
		"Ana Ruiz, photographs for KMSA by Luis Peña":  {"Ana Ruiz"},
		"Ana Ruiz. Luis Peña took the photographs.":    {"Ana Ruiz"},
		"Ana Ruiz (fotos: Luis Peña)":                  {"Ana Ruiz"},
		"Inés Muñoz, con fotografías de Luis Peña":     {"Inés Muñoz"},
		"Photos by Luis Peña":                          {"Luis Peña"},
		"Photographs for KMSA by Luis Peña":            {"Luis Peña"},
		"Photo courtesy of Luis Peña":                  nil,
		"Luis Peña tomó las fotografías":               nil,
		"Ana Ruiz. Additional reporting by Luis Peña":  {"Ana Ruiz", "Luis Peña"},
		"Prof. Ana Ruiz, with reporting by Luis Peña.": {"Prof. Ana Ruiz", "Luis Peña"},

		// nobody
		"By":                 {"By"},
		"Newsroom":           nil,
		"Web Producer":       nil,
		"Ana Ruiz and Staff": {"Ana Ruiz"},
		"Radio Ajo":          nil,
		"KMSA":               nil,
		"NPR":                nil,
		"Associated Press":   nil,
		"The Conversation":   nil,
		"El Porvenir":        nil,
		"KMSA & Friends":     nil,
		"From Staff Reports": nil,
		"Department of Health and Human Services": nil,
		"Society for Bats & the Public":           nil,
		"Redacción Radio Ajo":                     nil,

		// somebody, perhaps
		"ana@kmsa.example, Luis Peña Ortiz": {"Luis Peña Ortiz"},
		"@ana":                              {"@ana"},
		"ana ruiz":                          {"ana ruiz"},
		"Ana":                               {"Ana"},
		"Ana R.":                            {"Ana R."},
	} {
		if have := Persons(byline, CommasPart); !slices.Equal(have, want) {
			t.Errorf("%q: %q, want %q", byline, have, want)
		}
	}
}

func TestACommaInAnElementForOnePartsNoNames(t *testing.T) {
	for byline, want := range map[string][]string{
		"Ana Ruiz, Luis Peña":                                       {"Ana Ruiz, Luis Peña"},
		"Ruiz, Ana":                                                 {"Ruiz, Ana"},
		"Ana Ruiz, Luis Peña and Mo Day":                            {"Ana Ruiz, Luis Peña", "Mo Day"},
		"Ana Ruiz and Luis Peña":                                    {"Ana Ruiz", "Luis Peña"},
		"Ana Ruiz, KMSA, and Luis Peña, KDEM":                       {"Ana Ruiz", "Luis Peña"},
		"Ana Ruiz, Senior Editor":                                   {"Ana Ruiz"},
		"Ana Ruiz, Keeper of Birds, Salt Dome":                      {"Ana Ruiz"},
		"Ana Ruiz, Lecturer in Soils, Salt Dome":                    {"Ana Ruiz"},
		"Ana Ruiz, Lecturer in Soils and Dry Land, Salt University": {"Ana Ruiz"},
	} {
		if have := Persons(byline, CommasBelong); !slices.Equal(have, want) {
			t.Errorf("%q: %q, want %q", byline, have, want)
		}
	}
}
