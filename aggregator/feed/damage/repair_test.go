package damage

import "testing"

func TestALedgerKeepsThePlaceOfTheFirstAndCountsTheRest(t *testing.T) {
	l := NewLedger([]byte("one\ntwo\nthree"))
	l.AddRepair(Entities, 9, `"&" that does not begin a reference`)
	l.AddRepair(Entities, 1, "not the first")
	l.AddRepair(Limit, -1, "a guid is too long")
	l.AddRepair(Attributes, 4, "in p")
	l.IncludeRepairs([]Repair{
		{Name: Limit, Count: 3, What: "of a later stage"},
		{Name: CutOff, Count: 1, Line: 1, Column: 2, What: "a cut"},
	})
	want := []string{
		"limit: a guid is too long (4 times)", "1:2: cut: a cut", "2:1: attributes: in p",
		`3:2: entities: "&" that does not begin a reference (2 times)`,
	}
	have := l.Repairs()
	if len(have) != len(want) {
		t.Fatalf("%v", have)
	}
	for i, r := range have {
		if r.String() != want[i] {
			t.Errorf("%q, want %q", r, want[i])
		}
		if r.Advice() == "" {
			t.Errorf("no advice for %s", r.Name)
		}
	}
}

func TestRefusalsSayWhatWasFoundAndWhatIsAllowed(t *testing.T) {
	for want, err := range map[string]error{
		"more than 5 items":            &LimitError{Limit: "items", Allowed: 5},
		"9 bytes of a name, 5 allowed": &LimitError{Limit: "bytes of a name", Found: 9, Allowed: 5},
		"a sitemap, not a feed":        &NotFeedError{What: "a sitemap"},
		"RSS 1.1, which is not read":   &NotFeedError{What: "RSS 1.1, which is not read"},
		"an HTML page, not a feed; it announces /a, /b": &NotFeedError{
			What: "an HTML page", Feeds: []string{"/a", "/b"},
		},
	} {
		if have := err.Error(); have != want {
			t.Errorf("%q, want %q", have, want)
		}
	}
}
