package search

import "testing"

// It finds what an index finds: words in any form, phrases, and what must not be there.
func TestAMatcherFindsWordsInAnyFormAndPhrases(t *testing.T) {
	d := Document{Language: "en", Headline: "Wells run dry in the valley",
		Parts: []string{"The council votes on water rates.", "Ana Paz"}}
	es := Document{Language: "es", Headline: "Los pozos se secan", Parts: []string{"El consejo vota."}}
	for query, want := range map[string][2]bool{
		"":                          {true, true},
		"well":                      {true, false},
		"VALLEY wells":              {true, false},
		"pozo":                      {false, true},
		`"water rates"`:             {true, false},
		`"rates water"`:             {false, false},
		`"valley the"`:              {false, false}, // the headline ends between them
		"wells -council":            {false, false},
		"-council":                  {false, true},
		`wells "the council votes"`: {true, false},
		"nothing":                   {false, false},
	} {
		clauses, _ := ParseWords(query)
		m := NewMatcher(clauses)
		if have := [2]bool{m.Finds(d), m.Finds(es)}; have != want {
			t.Errorf("%q: %v, want %v", query, have, want)
		}
	}
}
