package evidence

import (
	"slices"
	"testing"

	"fronteras/aggregator/news"
	desk "fronteras/store/storetest/desk"
)

func TestPeopleAndHousesOfBylines(t *testing.T) {
	r := NewReader(desk.Directory(t))
	for name, c := range map[string]struct {
		byline   string
		people   []string
		unlisted []string
	}{
		"a person":                               {"By Ana Paz", []string{"ana paz"}, nil},
		"a person in Spanish":                    {"Por Inés Muñoz", []string{"ines munoz"}, nil},
		"two people":                             {"Ana Paz and Lee Orr", []string{"ana paz", "lee orr"}, nil},
		"two people in Spanish":                  {"Ana Paz y Lee Orr", []string{"ana paz", "lee orr"}, nil},
		"a list":                                 {"Ana Paz, Lee Orr / Eva Soto; Max Roe & Jo Low", []string{"ana paz", "lee orr", "eva soto", "max roe", "jo low"}, nil},
		"a person with a maker in parentheses":   {"Ana Paz (KMSA)", []string{"ana paz"}, nil},
		"a maker is nobody":                      {"Radio Ajo", nil, nil},
		"a maker next to a person is nobody":     {"Ana Paz | Radio Ajo", []string{"ana paz"}, nil},
		"a maker's office is nobody":             {"NPR Staff", nil, nil},
		"the desk's title is nobody":             {"Fronteras Desk", nil, nil},
		"a brand is nobody":                      {"Border 90.3", nil, nil},
		"one word is nobody":                     {"Staff", nil, nil},
		"an office is nobody":                    {"Web Producer", nil, nil},
		"a team is nobody":                       {"The Digital Team", nil, nil},
		"a person told twice is one":             {"Ana Paz, ANA PAZ", []string{"ana paz"}, nil},
		"who took the pictures is no reporter":   {"Ana Paz; photos by Lee Orr", []string{"ana paz"}, nil},
		"a family's name first":                  {"Paz, Ana", []string{"ana paz"}, nil},
		"no byline":                              {"", nil, nil},
		"a paper that nobody lists":              {"Ana Paz | The Delta Ledger", []string{"ana paz"}, []string{"The Delta Ledger"}},
		"an agency that nobody lists":            {"Ana Paz - Delta News Service", []string{"ana paz"}, []string{"Delta News Service"}},
		"one without a mark":                     {"By ANA PAZ Delta Wire Desk", []string{"ana paz"}, []string{"Delta Wire Desk"}},
		"another station that nobody lists":      {"Ana Paz, Delta Public Radio", []string{"ana paz"}, []string{"Delta Public Radio"}},
		"a form of the station's own name":       {"Ana Paz | Bisbee News Network", []string{"ana paz"}, nil},
		"its city's paper is another":            {"Ana Paz | The Bisbee Ledger", []string{"ana paz"}, []string{"The Bisbee Ledger"}},
		"an office is no house":                  {"Ana Paz, Education Reporter", []string{"ana paz"}, nil},
		"an office of the desk's":                {"Ana Paz | Fronteras Senior Field Correspondent", []string{"ana paz"}, nil},
		"a program for reporters is no house":    {"Ana Paz, Report for America corps member", []string{"ana paz"}, nil},
		"a school is no house":                   {"Ana Paz, Delta University", []string{"ana paz"}, nil},
		"a section is no house":                  {"Ana Paz | Local News", []string{"ana paz"}, nil},
		"a listed house is not unlisted":         {"Ana Paz | The Sonora Wire", []string{"ana paz"}, nil},
		"a listed house among more words is not": {"Ana Paz | Sonora Wire News Service", []string{"ana paz"}, nil},
	} {
		e := r.EvidenceOf(bisbee(desk.Byline(c.byline)), Feed{})
		if !slices.Equal(e.People, c.people) || !slices.Equal(e.Houses.Unlisted, c.unlisted) {
			t.Errorf("%s: %q and the houses %q, want %q and %q", name, e.People, e.Houses.Unlisted, c.people, c.unlisted)
		}
	}
}

func TestNamesThatReadingHasParted(t *testing.T) {
	r := NewReader(desk.Directory(t))
	for name, c := range map[string]struct {
		byline  string
		authors []string
		people  []string
		makers  []news.Maker
	}{
		"a comma parts no more": {"Ana Paz, Salt Lab", []string{"Ana Paz, Salt Lab"}, []string{"ana paz"}, nil},
		"each name counts": {
			"Ana Paz, Lee Orr", []string{"Ana Paz", "Lee Orr"}, []string{"ana paz", "lee orr"}, nil,
		},
		"a maker among them": {
			"", []string{"Ana Paz", "KMSA"}, []string{"ana paz"}, []news.Maker{{Station: "kmsa", Name: "KMSA Mesilla"}},
		},
		"a maker in the byline alone": {
			"Ana Paz, KMSA", []string{"Ana Paz"}, []string{"ana paz"}, []news.Maker{{Station: "kmsa", Name: "KMSA Mesilla"}},
		},
		"a person in the byline alone is none": {
			"Ana Paz, Lee Orr", []string{"Ana Paz"}, []string{"ana paz"}, nil,
		},
	} {
		e := r.EvidenceOf(bisbee(desk.Byline(c.byline), func(e *news.Entry) {
			for _, a := range c.authors {
				e.Authors = append(e.Authors, news.Person{Name: a})
			}
		}), Feed{})
		if !slices.Equal(e.People, c.people) || !slices.Equal(e.Houses.Makers, c.makers) {
			t.Errorf("%s: %q and %v, want %q and %v", name, e.People, e.Houses.Makers, c.people, c.makers)
		}
	}
}

func TestNamesThatMayBeAnybodys(t *testing.T) {
	r := NewReader(desk.Directory(t))
	for byline, want := range map[string][]string{
		"ana paz":                {"ana paz"},
		"Cher":                   {"Cher"},
		"Ana Paz and Cher":       {"Cher"},
		"Delta Oracle Weekly":    nil, // a person's by its form
		"Ana Paz, Deming":        nil, // an affiliation, if anything
		"Ana Paz":                nil,
		"Web Producer":           nil,
		"KMSA":                   nil,
		"Border 90.3":            nil,
		"Ana Paz | Delta Ledger": nil,
		"":                       nil,
	} {
		if have := r.EvidenceOf(bisbee(desk.Byline(byline)), Feed{}).Houses.Doubtful; !slices.Equal(have, want) {
			t.Errorf("%q: %q may be anybody, want %q", byline, have, want)
		}
	}
}
