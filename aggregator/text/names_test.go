package text

import (
	"slices"
	"testing"
)

func TestBylinesAreSplitIntoNames(t *testing.T) {
	for byline, want := range map[string][]string{
		"":                                  nil,
		"Ana Ruiz":                          {"Ana Ruiz"},
		"By Ana Ruiz":                       {"Ana Ruiz"},
		"por Ana Ruiz y Luis Peña":          {"Ana Ruiz", "Luis Peña"},
		"Ana Ruiz and Luis Peña":            {"Ana Ruiz", "Luis Peña"},
		"Ana Ruiz & Luis Peña":              {"Ana Ruiz", "Luis Peña"},
		"Ana Ruiz; Luis Peña":               {"Ana Ruiz", "Luis Peña"},
		"Ana Ruiz, Luis Peña and Mo Day":    {"Ana Ruiz", "Luis Peña", "Mo Day"},
		"Ruiz, Ana":                         {"Ruiz, Ana"},
		"Sam Lee, Jr., Mo Day, Ph.D.":       {"Sam Lee, Jr.", "Mo Day, Ph.D."},
		"Ana Ruiz (KJZZ and KMSA)":          {"Ana Ruiz (KJZZ and KMSA)"},
		"Ana Ruiz | KJZZ and KMSA":          {"Ana Ruiz | KJZZ and KMSA"},
		"ana@kmsa.example, Luis Peña Ortiz": {"ana@kmsa.example, Luis Peña Ortiz"},
	} {
		if have := SplitNames(byline); !slices.Equal(have, want) {
			t.Errorf("%q: %q, want %q", byline, have, want)
		}
	}
}
