package damage

import "testing"

func TestALedgerKeepsThePlaceOfTheFirstAndCountsTheRest(t *testing.T) {
	l := NewLedger([]byte("one\ntwo\nthree"))
	l.AddRepair(Entities, 9, `"&" that does not begin a reference`)
	l.AddRepair(Entities, 1, "not the first")
	l.AddRepair(Structure, -1, "a second channel")
	l.AddRepair(Attributes, 4, "in p")
	l.IncludeRepairs([]Repair{
		{Name: Structure, Count: 3, What: "of a later stage"},
		{Name: CutOff, Count: 1, Line: 1, Column: 2, What: "a cut"},
	})
	want := []string{
		"structure: a second channel (4 times)", "1:2: cut: a cut", "2:1: attributes: in p",
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

func TestALedgerKeepsEachLossWithItsPlaceAndItsSizes(t *testing.T) {
	l := NewLedger([]byte("one\ntwo\nthree"))
	l.EnterField("title").AddLimit(" bytes", 5000, 4096, "the rest is cut")
	l.EnterItem(2, 4)
	l.EnterField("topics").AddLimit("", 33, 32, "the rest is left out")
	l.EnterField("topics").AddLimit("", 33, 32, "the rest is left out")
	l.EnterField("content").AddLimit(" bytes", 0, 7, "the rest is cut")
	l.AddLoss(LostWords, "3 of 20 words are left")
	l.IncludeRepairs([]Repair{{Name: Limit, Count: 1, What: "item 3: of a later stage", Item: 3}})
	want := []string{
		"limit: the feed, title: 5000 bytes found, 4096 allowed: the rest is cut", "limit: item 3: of a later stage",
		"2:1: limit: item 2, content: more than 7 bytes found: the rest is cut",
		"2:1: limit: item 2, topics: 33 found, 32 allowed: the rest is left out (2 times)",
		"2:1: lost-words: item 2, content: 3 of 20 words are left",
	}
	have := l.Repairs()
	if len(have) != len(want) {
		t.Fatalf("%v", have)
	}
	for i, r := range have {
		if r.String() != want[i] || !r.IsLoss() || r.Advice() == "" {
			t.Errorf("%q (%q), want %q", r, r.Advice(), want[i])
		}
	}
	for range 300 {
		l.EnterItem(l.item+1, 1)
		l.AddLimit("", 2, 1, "one is left out")
	}
	all := l.Repairs()
	if last := all[1]; len(all) != maxLosses+1 || last.What != further || last.Count != 300-(maxLosses-len(want)) {
		t.Errorf("%d, %v", len(all), last)
	}
	var none *Ledger
	none.AddRepair(Dates, 1, "x")
	none.EnterField("title").AddLimit("", 2, 1, "x")
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
