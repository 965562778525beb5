package evidence_test

import (
	"testing"

	"fronteras/aggregator/identity/evidence"
	"fronteras/aggregator/news"
)

func TestTheLatestJoinOrSplitOfTwoItemsCounts(t *testing.T) {
	join := news.Ruling{Number: 1, Verb: news.Join, Items: []uint64{1, 2}, With: []uint64{3}}
	split := news.Ruling{Number: 2, Verb: news.Split, Items: []uint64{3}, With: []uint64{1}}
	again := news.Ruling{Number: 3, Verb: news.Join, Items: []uint64{1}, With: []uint64{3}}
	hold := news.Ruling{Number: 4, Verb: news.Hold, Items: []uint64{1, 3}, With: []uint64{1, 3}}
	for _, c := range []struct {
		name            string
		rulings         []news.Ruling
		a, b            uint64
		together, apart bool
	}{
		{"without a ruling two items are neither", nil, 1, 3, false, false},
		{"a join puts each item of one side with each of the other", []news.Ruling{join}, 2, 3, true, false},
		{"which side is named first does not matter", []news.Ruling{join}, 3, 2, true, false},
		{"two items of one side are not joined by that", []news.Ruling{join}, 1, 2, false, false},
		{"a later split takes the place of a join", []news.Ruling{join, split}, 1, 3, false, true},
		{"in whatever order they are read", []news.Ruling{split, join}, 1, 3, false, true},
		{"a split of two leaves the others joined", []news.Ruling{join, split}, 2, 3, true, false},
		{"a join after a split counts again", []news.Ruling{again, split, join}, 1, 3, true, false},
		{"a later hold does not part them", []news.Ruling{again, hold}, 1, 3, true, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := evidence.NewRulings(c.rulings)
			a, b := &news.Item{Number: c.a}, &news.Item{Number: c.b}
			if r.AreJoined(a, b) != c.together || r.AreSeparated(a, b) != c.apart {
				t.Errorf("together %v, apart %v; the word on them is %q", r.AreJoined(a, b), r.AreSeparated(a, b), r.On(a, b).Verb)
			}
		})
	}
}

func TestJoinsAreInTheOrderOfTheirNumbers(t *testing.T) {
	r := evidence.NewRulings([]news.Ruling{
		{Number: 9, Verb: news.Join, Items: []uint64{1}, With: []uint64{2}},
		{Number: 4, Verb: news.Join, Items: []uint64{3}, With: []uint64{2}},
		{Number: 5, Verb: news.Split, Items: []uint64{1}, With: []uint64{2}},
		{Number: 6, Verb: news.Join, Items: []uint64{1}}, // of one side nothing is left
	})
	var numbers []uint64
	for _, j := range r.Joins() {
		numbers = append(numbers, j.Number)
	}
	if len(numbers) != 2 || numbers[0] != 4 || numbers[1] != 9 {
		t.Errorf("joins %v, want 4 and 9", numbers)
	}
}

func TestAnItemIsTakenOffAClaimedAddress(t *testing.T) {
	off := news.Ruling{Number: 1, Verb: news.Split, Items: []uint64{7}, With: []uint64{8}, Key: "kmsa.example/2031/02/original"}
	join := news.Ruling{Number: 2, Verb: news.Join, Items: []uint64{7}, With: []uint64{8}}
	for _, c := range []struct {
		name  string
		item  news.Item
		key   string
		taken bool
	}{
		{"by a split that names the address", news.Item{Number: 7, Ruled: []uint64{1}}, off.Key, true},
		{"not off another address", news.Item{Number: 7, Ruled: []uint64{1}}, "kmsa.example/2031/02/another", false},
		{"not the items that stay", news.Item{Number: 8, Ruled: []uint64{1}}, off.Key, false},
		{"not where a later join has put it back", news.Item{Number: 7, Ruled: []uint64{1, 2}}, off.Key, false},
		{"not without a ruling", news.Item{Number: 7}, off.Key, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if taken := evidence.NewRulings([]news.Ruling{off, join}).IsSplitOff(&c.item, c.key); taken != c.taken {
				t.Errorf("taken off: %v", taken)
			}
		})
	}
}

func TestTheLastRulingOfAVerbOnAnyOfTheItems(t *testing.T) {
	r := evidence.NewRulings([]news.Ruling{{Number: 1, Verb: news.Hold}, {Number: 2, Verb: news.Release}, {Number: 3, Verb: news.Credit}})
	items := []*evidence.Evidence{{Item: &news.Item{Ruled: []uint64{2, 3}}}, {Item: &news.Item{Ruled: []uint64{1}}}}
	for _, c := range []struct {
		name  string
		items []*evidence.Evidence
		verbs []news.Verb
		want  uint64 // 0: none
	}{
		{"is the one with the highest number", items, []news.Verb{news.Hold, news.Release}, 2},
		{"of the verbs asked for", items, []news.Verb{news.Hold}, 1},
		{"on these items alone", items[1:], []news.Verb{news.Hold, news.Release}, 1},
		{"or there is none", items, []news.Verb{news.Retract}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			have := uint64(0)
			if last := r.Last(c.items, c.verbs...); last != nil {
				have = last.Number
			}
			if have != c.want {
				t.Errorf("ruling %d, want %d", have, c.want)
			}
		})
	}
}
