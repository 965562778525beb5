package evidence_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"fronteras/aggregator/identity/evidence"
	"fronteras/aggregator/identity/visit"
	"fronteras/aggregator/news"
	. "fronteras/store/storetest/neighbors"
)

const page = "https://kmsa.example/2031/02/fence"

// moved is an item that had an address before the one that it has.
func moved(before string) func(*news.Item) {
	return func(i *news.Item) { i.Links = append([]string{before}, i.Links...) }
}

func TestWhoseAnAddressIs(t *testing.T) {
	for _, c := range []struct {
		name  string
		items []*news.Item
		want  uint64 // 0: nobody's
	}{
		{"the item that has it", []*news.Item{Item(1, "kmsa", "fence")}, 1},
		{"nobody's, where no item has it", []*news.Item{Item(1, "kmsa", "canal")}, 0},
		{"the item that had it", []*news.Item{Item(1, "kmsa", "fence-gap", moved(page))}, 1},
		{"of several the one that has it now", []*news.Item{Item(1, "kmsa", "fence-gap", moved(page), In(Podcast)), Item(2, "kmsa", "fence")}, 2},
		{"of several that have it now the first", []*news.Item{Item(2, "kmsa", "fence", In(Podcast)), Item(1, "kmsa", "fence")}, 2},
		{"not a copy that links to its original", []*news.Item{Item(1, "ajo", "fence", URL(page))}, 0},
		{"the item whose page says that this is its address, too", []*news.Item{Item(1, "kmsa", "fence-gap", Claim(evidence.FromPage, page))}, 1},
		{"the item that has it before one that says so", []*news.Item{Item(1, "kmsa", "fence-gap", Claim(evidence.FromPage, page), In(Podcast)), Item(2, "kmsa", "fence")}, 2},
		{"the first of two of one station that say so", []*news.Item{Item(2, "kmsa", "canal", Claim(evidence.FromPage, page)), Item(1, "kmsa", "fence-gap", In(Podcast), Claim(evidence.FromPage, page))}, 1},
		{"not of a station that claims another's", []*news.Item{Item(1, "ajo", "fence", Claim(evidence.FromPage, page))}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			have := uint64(0)
			if owner := Neighborhood(c.items, nil).ItemWithAddress(Desk.Key(page)); owner != nil {
				have = owner.Number
			}
			if have != c.want {
				t.Errorf("it is item %d's, want %d", have, c.want)
			}
		})
	}
}

func TestAnAddressThatTwoStationsCallTheirOwnIsNobodys(t *testing.T) {
	says := func(n uint64, station string) *evidence.Evidence {
		return &evidence.Evidence{Item: Item(n, station, "fence"), Also: []string{"shared.example/2031/02/fence"}}
	}
	n := &evidence.Neighborhood{Items: []*evidence.Evidence{says(1, "ajo"), says(2, "kmsa")}}
	if n.IndexByAddress(nil); n.ItemWithAddress("shared.example/2031/02/fence") != nil {
		t.Error("it is somebody's")
	}
}

func TestAnAddressThatIdentifiesNothingInAFeed(t *testing.T) {
	before := func(n uint64) *news.Item { return Item(n, "kmsa", fmt.Sprint("later-", n), moved(page)) }
	for _, c := range []struct {
		name   string
		items  []*news.Item
		memory visit.Memory
		want   bool
	}{
		{"one item that has it is what it identifies", []*news.Item{Item(1, "kmsa", "fence")}, visit.Memory{}, false},
		{"two items that have it now share it", []*news.Item{Item(1, "kmsa", "fence"), Item(2, "kmsa", "fence", GUID("another"))}, visit.Memory{}, true},
		{"two that had it do not", []*news.Item{before(1), before(2)}, visit.Memory{}, false},
		{"one that has it and one that had it do not", []*news.Item{Item(1, "kmsa", "fence"), before(2)}, visit.Memory{}, false},
		{"three that had it do", []*news.Item{before(1), before(2), before(3)}, visit.Memory{}, true},
		{"one item that had it in three spellings does not share it with itself", []*news.Item{Item(1, "kmsa", "fence", moved("http://kmsa.example/2031/02/fence/"), moved("http://www.kmsa.example/2031/02/fence"), GUID("https://kmsa.example/2031/02/fence"))}, visit.Memory{}, false},
		{"nor does one that says so of an address that it had", []*news.Item{Item(1, "kmsa", "fence", moved("http://kmsa.example/2031/02/fence/"), Claim(evidence.FromPage, page), Claim(evidence.FromFeed, page))}, visit.Memory{}, false},
		{"one in two spellings and one that had it do not", []*news.Item{Item(1, "kmsa", "fence", moved("http://www.kmsa.example/2031/02/fence")), before(2)}, visit.Memory{}, false},
		{"one in two spellings and another that has it do", []*news.Item{Item(1, "kmsa", "fence", moved("http://www.kmsa.example/2031/02/fence")), Item(2, "kmsa", "fence", GUID("another"))}, visit.Memory{}, true},
		{"items of two feeds that have it do not share it", []*news.Item{Item(1, "kmsa", "fence"), Item(2, "kmsa", "fence", In(Podcast))}, visit.Memory{}, false},
		{"what the feed has lost the trust in is shared", []*news.Item{Item(1, "kmsa", "fence")}, visit.Memory{Unidentified: []string{"kmsa.example/2031/02/fence"}}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := Neighborhood(c.items, nil)
			n.Memories["https://kmsa.example/rss.xml"] = c.memory
			if have := n.IsSharedAddress(Desk.Key(page)); have != c.want {
				t.Errorf("shared: %v", have)
			}
		})
	}
}

func TestAudioOfTwoItemsOfOneFeedIsAProgram(t *testing.T) {
	const hour = "https://kmsa.example/audio/noon-hour.mp3"
	for _, c := range []struct {
		name  string
		items []*news.Item
		want  bool
	}{
		{"one item of a feed", []*news.Item{Item(1, "kmsa", "fence", Audio(hour))}, false},
		{"one of each of two feeds", []*news.Item{Item(1, "kmsa", "fence", Audio(hour)), Item(2, "ajo", "fence", Audio(hour))}, false},
		{"one item that has it twice", []*news.Item{Item(1, "kmsa", "fence", Audio(hour), Audio("https://pdst.fm/e/kmsa.example/audio/noon-hour.mp3"))}, false},
		{"one that has it twice and another of its feed", []*news.Item{Item(1, "kmsa", "fence", Audio(hour), Audio("https://pdst.fm/e/kmsa.example/audio/noon-hour.mp3")), Item(2, "kmsa", "canal", Audio(hour))}, true},
		{"two of one feed", []*news.Item{Item(1, "kmsa", "fence", Audio(hour)), Item(2, "kmsa", "canal", Audio(hour))}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			if have := Neighborhood(c.items, nil).SharedAudio(Desk.Key(hour)); have != c.want {
				t.Errorf("shared: %v", have)
			}
		})
	}
}

func TestWhichItemsAreCompared(t *testing.T) {
	const segment = "https://kmsa.example/audio/segment.mp3"
	items := func(list ...*news.Item) *evidence.Neighborhood {
		n := &evidence.Neighborhood{Stories: map[uint64]*news.Story{}}
		r := evidence.NewReader(Desk)
		for _, i := range list {
			n.Items = append(n.Items, r.EvidenceOf(i, evidence.Feed{}))
		}
		return n
	}
	near := func(n *evidence.Neighborhood, number uint64) (numbers []uint64) {
		for _, e := range n.Candidates(n.Item(number)) {
			numbers = append(numbers, e.Number)
		}
		return numbers
	}
	t.Run("those whose texts have keys in common, both ways and once", func(t *testing.T) {
		n := items(Item(1, "kmsa", "fence"), Item(2, "ajo", "fence"), Item(3, "kdem", "fence"))
		n.IndexByAddress([][2]uint64{{1, 2}, {2, 1}, {1, 2}})
		if !slices.Equal(near(n, 1), []uint64{2}) || !slices.Equal(near(n, 2), []uint64{1}) || near(n, 3) != nil {
			t.Error(near(n, 1), near(n, 2), near(n, 3))
		}
	})
	t.Run("those with one audio file", func(t *testing.T) {
		n := items(Item(1, "kmsa", "fence", Audio(segment)), Item(2, "ajo", "canal", Audio(segment)))
		n.IndexByAddress(nil)
		if !slices.Equal(near(n, 1), []uint64{2}) {
			t.Error(near(n, 1))
		}
	})
	t.Run("an item of a story with its root", func(t *testing.T) {
		root, copied, other := Item(1, "kmsa", "fence"), Item(2, "ajo", "canal"), Item(3, "kdem", "dam")
		n := items(root, copied, other)
		n.Stories[5] = Published(5, root, copied, other)
		n.IndexByAddress(nil)
		if !slices.Equal(near(n, 2), []uint64{1}) || !slices.Equal(near(n, 3), []uint64{1}) {
			t.Error(near(n, 2), near(n, 3))
		}
	})
	t.Run("never two of one feed", func(t *testing.T) {
		n := items(Item(1, "kmsa", "fence"), Item(2, "kmsa", "canal"))
		n.IndexByAddress([][2]uint64{{1, 2}})
		if near(n, 1) != nil {
			t.Error(near(n, 1))
		}
	})
	t.Run("as many as there can be copies with one item and no more, but its root before all", func(t *testing.T) {
		list := []*news.Item{Item(1, "kmsa", "fence"), Item(2, "ajo", "fence")}
		story := Published(5, list[1], list[0])
		var alike [][2]uint64
		for k := uint64(3); k < 300; k++ {
			list = append(list, Item(k, "kdem", fmt.Sprint("fence-", k)))
			alike = append(alike, [2]uint64{1, k})
		}
		n := items(list...)
		n.Stories[5] = story
		n.IndexByAddress(alike)
		if have := near(n, 1); len(have) != 256 || have[0] != 2 || have[255] != 257 {
			t.Errorf("%d: %v", len(have), have)
		}
	})
}

func TestItemsAreInAnOrderThatVisitsDoNotDecide(t *testing.T) {
	later := Item(1, "ajo", "fence", func(i *news.Item) { i.Batch = 2 })
	n := Neighborhood([]*news.Item{later, Item(2, "kmsa", "b"), Item(3, "kmsa", "a"), Item(4, "kdem", "z")}, nil)
	var order []uint64
	for _, e := range n.Items {
		order = append(order, e.Number)
	}
	if want := []uint64{4, 3, 2, 1}; !slices.Equal(order, want) {
		t.Errorf("order %v, want %v: batch, station, feed, guid", order, want)
	}
}

func TestAStoryIsSettledOnceItHasItsID(t *testing.T) {
	a, b, c := Item(1, "kmsa", "fence"), Item(2, "ajo", "fence"), Item(3, "kdem", "fence")
	settled, waiting := Published(5, a, b), Published(6, c)
	waiting.IDAssignedAt = time.Time{}
	n := Neighborhood([]*news.Item{a, b, c}, []*news.Story{settled, waiting})
	one, two, three := n.Item(1), n.Item(2), n.Item(3)
	if n.SettledStoryOf(one) != settled || n.SettledStoryOf(three) != nil || n.StoryOf(three) != waiting {
		t.Error("a story without its id is an item's story, and not settled")
	}
	if !n.SameStory(one, two) || n.SameStory(one, three) || n.SameStory(three, three) {
		t.Error("two items are together where their story has its id")
	}
	if items := n.ItemsOf(settled); len(items) != 2 || items[0] != one || items[1] != two {
		t.Error("a story's items are in the order of its members")
	}
	newer := *a
	if n.Replace(&newer); n.Item(1).Item != &newer {
		t.Error("a newer state of an item takes the place of the one that was gathered")
	}
}

func TestWhatSeventeenItemsHaveIsComparedUnlessItIsAProgram(t *testing.T) {
	for name, c := range map[string]struct {
		feeds int
		want  int
	}{
		"each of another feed":    {17, 16},
		"two of them of one feed": {16, 0},
	} {
		var list []*news.Item
		for k := range 17 {
			list = append(list, Item(uint64(k+1), "kdem", fmt.Sprint("fence-", k), Audio("https://kmsa.example/hour.mp3"),
				In(fmt.Sprintf("https://kdem.example/%d.xml", k%c.feeds))))
		}
		n := &evidence.Neighborhood{Stories: map[uint64]*news.Story{}}
		r := evidence.NewReader(Desk)
		for _, i := range list {
			n.Items = append(n.Items, r.EvidenceOf(i, evidence.Feed{}))
		}
		if n.IndexByAddress(nil); len(n.Candidates(n.Item(1))) != c.want {
			t.Errorf("%s: compared with %d, want %d", name, len(n.Candidates(n.Item(1))), c.want)
		}
	}
}
