package evidence

import (
	"slices"
	"testing"

	"fronteras/aggregator/identity/visit"
	"fronteras/aggregator/news"
	desk "fronteras/store/storetest/desk"
)

// around is a neighborhood of those items.
func around(t *testing.T, alike [][2]uint64, items ...*news.Item) *Neighborhood {
	t.Helper()
	r := NewReader(desk.Directory(t))
	n := &Neighborhood{Now: desk.Noon, Stories: map[uint64]*news.Story{}, Memories: map[string]visit.Memory{}, Rulings: NewRulings(nil)}
	for _, i := range items {
		n.Items = append(n.Items, r.EvidenceOf(i, Feed{}))
	}
	n.IndexByAddress(alike)
	return n
}

// at is an item of a station's with that address.
func at(station string, number uint64, url string, changes ...desk.Change) *news.Item {
	return desk.Item(station, number, desk.Entry(station, "wells", "Dry wells", 10, append(changes, desk.URL(url))...))
}

func TestWhoseAddressItIs(t *testing.T) {
	const key, other = "kmsa.example/2031/02/wells", "https://kmsa.example/2031/02/other"
	former := at("kmsa", 2, other)
	former.Links = []string{wells, other}
	claims := func(station string, number uint64) *news.Item {
		i := at(station, number, "https://"+station+".example/2031/02/x")
		i.Claims = []news.Claim{{URL: wells, Key: key}}
		return i
	}
	for name, c := range map[string]struct {
		items []*news.Item
		owner uint64
	}{
		"the item that has it":                    {[]*news.Item{at("kmsa", 1, wells)}, 1},
		"an item that had it":                     {[]*news.Item{former}, 2},
		"the one that has it before one that had": {[]*news.Item{former, at("kmsa", 3, wells)}, 3},
		"a copy that links to it is not":          {[]*news.Item{at("bisbee", 4, wells)}, 0},
		"nobody has it":                           {[]*news.Item{at("kmsa", 5, other)}, 0},
		"an item that claims it on its own host":  {[]*news.Item{claims("kmsa", 6)}, 6},
		"the one that has it before a claim":      {[]*news.Item{claims("kmsa", 6), former}, 2},
		"a claim on another's host is nobody's":   {[]*news.Item{claims("ajo", 6)}, 0},
	} {
		have := uint64(0)
		if e := around(t, nil, c.items...).ItemWithAddress(key); e != nil {
			have = e.Number
		}
		if have != c.owner {
			t.Errorf("%s: the owner is %d, want %d", name, have, c.owner)
		}
	}
}

func TestAddressesAndAudioThatSeveralItemsOfAFeedHave(t *testing.T) {
	const key, tape = "kmsa.example/2031/02/wells", "https://cdn.kmsa.example/noon.mp3"
	had := func(number uint64) *news.Item {
		i := at("kmsa", number, "https://kmsa.example/2031/02/now")
		i.Links = []string{wells, i.Entry.URL}
		return i
	}
	for name, c := range map[string]struct {
		items  []*news.Item
		shared bool
	}{
		"one item":                         {[]*news.Item{at("kmsa", 1, wells)}, false},
		"two items have it now":            {[]*news.Item{at("kmsa", 1, wells), at("kmsa", 2, wells)}, true},
		"items of two feeds have it":       {[]*news.Item{at("kmsa", 1, wells), at("bisbee", 2, wells)}, false},
		"two have had it, one of them now": {[]*news.Item{at("kmsa", 1, wells), had(2)}, false},
		"three have had it":                {[]*news.Item{at("kmsa", 1, wells), had(2), had(3)}, true},
	} {
		if have := around(t, nil, c.items...).IsSharedAddress(key); have != c.shared {
			t.Errorf("%s: it is shared: %t", name, have)
		}
	}
	n := around(t, nil, at("kmsa", 1, wells))
	n.Memories["https://kmsa.example/rss.xml"] = visit.Memory{Unidentified: []string{key}}
	if !n.IsSharedAddress(key) {
		t.Error("an address that says nothing in its feed is not shared")
	}
	one, two, other := at("kmsa", 1, wells, desk.Audio(tape)), at("kmsa", 2, wells, desk.Audio(tape)), at("ajo", 3, "https://ajo.example/2031/02/x", desk.Audio(tape))
	if !around(t, nil, one, two).SharedAudio("cdn.kmsa.example/noon.mp3") || around(t, nil, one, other).SharedAudio("cdn.kmsa.example/noon.mp3") {
		t.Error("audio identifies nothing where two items of one feed have it, and only there")
	}
	if e := around(t, nil, one, other); len(e.Candidates(e.Item(1))) != 1 {
		t.Error("items with one audio file are not compared")
	}
}

func TestWhichItemsAreCompared(t *testing.T) {
	items := []*news.Item{at("kmsa", 1, wells), at("ajo", 2, "https://ajo.example/2031/02/x"), at("kmsa", 3, "https://kmsa.example/2031/02/y")}
	n := around(t, [][2]uint64{{1, 2}, {2, 1}, {1, 3}, {1, 9}}, items...)
	numbers := func(list []*Evidence) (numbers []uint64) {
		for _, e := range list {
			numbers = append(numbers, e.Number)
		}
		return numbers
	}
	if have := numbers(n.Candidates(n.Item(1))); !slices.Equal(have, []uint64{2}) {
		t.Errorf("near the first are %v, want the other feed's alone, once", have)
	}
	if n.Item(9) != nil {
		t.Error("an item that was not gathered is there")
	}
}

func TestTheLatestRulingOnTwoItemsCounts(t *testing.T) {
	a, b, c := at("kmsa", 1, wells), at("ajo", 2, wells), at("kdem", 3, wells)
	join := news.Ruling{Number: 4, Verb: news.Join, Items: []uint64{1}, With: []uint64{2}}
	split := news.Ruling{Number: 5, Verb: news.Split, Items: []uint64{2}, With: []uint64{1}}
	for name, rulings := range map[string][]news.Ruling{"in order": {join, split}, "the other way round": {split, join}} {
		r := NewRulings(rulings)
		if !r.AreSeparated(a, b) || r.AreJoined(a, b) || r.On(b, a).Number != 5 {
			t.Errorf("%s: a later split does not count", name)
		}
	}
	if r := NewRulings([]news.Ruling{join}); !r.AreJoined(b, a) || r.AreSeparated(a, b) || r.AreJoined(a, c) || r.AreSeparated(a, c) {
		t.Error("a join counts for other items, or not for its own")
	}
}
