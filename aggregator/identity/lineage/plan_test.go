package lineage_test

import (
	"testing"
	"time"

	"fronteras/aggregator/identity/evidence"
	"fronteras/aggregator/news"
	. "fronteras/store/storetest/neighbors"
)

// Two published stories that the current rules would join, and did not when they were published.
func TestNewRulesAloneJoinNothingThatIsPublished(t *testing.T) {
	before := func(i *news.Item) { i.FirstSeen = Noon.Add(-time.Hour) }
	claimsIt := func(i *news.Item) {
		i.Claims = []news.Claim{{Source: evidence.FromPage, URL: fence, Key: Desk.Key(fence), First: Noon.Add(-time.Hour)}}
	}
	known := func() *news.Item { return Item(2, "ajo", "gap", before, claimsIt) }
	same := func(*evidence.Neighborhood) {}
	was := func(change func(*news.Entry)) func(*evidence.Neighborhood) {
		return func(n *evidence.Neighborhood) {
			entry := n.Item(2).Entry
			change(&entry)
			n.Before = map[uint64]*news.Entry{2: &entry}
		}
	}
	const apart, doubt, one = "5: 1 | 6: 2", "1 probable-copy, 2 probable-copy", "5<6: 1 2"
	for _, c := range []struct {
		name    string
		copied  *news.Item
		change  func(n *evidence.Neighborhood)
		rulings []news.Ruling
		want    string
		flags   string
	}{
		{"it is shown and not done", known(), same, nil, apart, doubt},
		{"it is done where the rules never changed", known(), func(n *evidence.Neighborhood) { n.Ruled = time.Time{} }, nil, one, ""},
		{"it is done by a refold", known(), func(n *evidence.Neighborhood) { n.Refolding = true }, nil, one, ""},
		{"it is done by an editor's word", known(), same, []news.Ruling{join(1, 1, 2)}, one, ""},
		{"a claim that came at the time of the change joins", Item(2, "ajo", "gap", before, page(fence)), func(n *evidence.Neighborhood) { n.Ruled = Noon }, nil, one, ""},
		{"a claim that came a moment before does not", Item(2, "ajo", "gap", before, page(fence)), func(n *evidence.Neighborhood) { n.Ruled = Noon.Add(1) }, nil, apart, doubt},
		{"an item that came since joins", Item(2, "ajo", "gap", claimsIt), same, nil, one, ""},
		{"another GUID in this visit joins", known(), was(func(e *news.Entry) { e.GUID = "another" }), nil, one, ""},
		{"another address in this visit joins", known(), was(func(e *news.Entry) { e.URL = "https://ajo.example/2031/02/another" }), nil, one, ""},
		{"another audio file in this visit joins", known(), was(func(e *news.Entry) { e.Enclosures = []news.Enclosure{{URL: "https://ajo.example/gap.mp3"}} }), nil, one, ""},
		{"the same address in another spelling does not", known(), was(func(e *news.Entry) { e.URL = "http://www.ajo.example/2031/02/gap/" }), nil, apart, doubt},
		{"nor the same audio file with a counting prefix", Item(2, "ajo", "gap", before, claimsIt, Audio("https://ajo.example/gap.mp3")), was(func(e *news.Entry) {
			e.Enclosures = []news.Enclosure{{URL: "https://pdst.fm/e/ajo.example/gap.mp3"}}
		}), nil, apart, doubt},
		{"another headline in this visit does not", known(), was(func(e *news.Entry) { e.Title = "another" }), nil, apart, doubt},
	} {
		t.Run(c.name, func(t *testing.T) {
			items := []*news.Item{Item(1, "kmsa", "fence", before), c.copied}
			n := Neighborhood(items, []*news.Story{Published(5, items[0]), Published(6, items[1])}, c.rulings...)
			n.Ruled = Noon.Add(-time.Minute)
			c.change(n)
			have, r, _ := plan(n)
			if have != c.want {
				t.Errorf("planned are %s, want %s", have, c.want)
			}
			if have := flags(r, n); have != c.flags {
				t.Errorf("flags %q, want %q", have, c.flags)
			}
		})
	}
}

func TestTheItemThatTheEdgesLeadTo(t *testing.T) {
	const tag = "tag:kmsa.example,2031:fence"
	twin := func(n uint64, station, slug string, minutes int, more ...change) *news.Item {
		return Item(n, station, slug, append([]change{GUID(tag), Title("fence gap closed"), Dated(Noon.Add(time.Duration(minutes-60) * time.Minute))}, more...)...)
	}
	for _, c := range []struct {
		name  string
		items []*news.Item
		old   func(items []*news.Item) *news.Story
		want  uint64 // 0: nobody has seen it
	}{
		{"of several that are equal it is the earliest", []*news.Item{twin(1, "ajo", "fence", 10), twin(2, "kmsa", "gap", 0)}, nil, 2},
		{"or the one whose own address is claimed", []*news.Item{twin(1, "kmsa", "fence", 10), twin(2, "ajo", "gap", 0), Item(3, "kdem", "dam", page(fence))}, nil, 1},
		{"or the one that it was", []*news.Item{twin(1, "kmsa", "fence", 10), twin(2, "ajo", "gap", 0)}, func(i []*news.Item) *news.Story { return Published(5, i...) }, 1},
		{"it is unseen where no item has the claimed address", []*news.Item{Item(3, "kdem", "dam", ofCanal)}, nil, 0},
		{"a copy that links to the claimed address has it not", []*news.Item{twin(1, "kmsa", "fence", 10), twin(2, "ajo", "gap", 0, URL(fence)), Item(3, "kdem", "dam", page(fence))}, nil, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			var stories []*news.Story
			if c.old != nil {
				stories = append(stories, c.old(c.items))
			}
			shown, _, plans := plan(Neighborhood(c.items, stories))
			have := uint64(0)
			if f := plans[0].Founder; f != nil {
				have = f.Number
			}
			if len(plans) != 1 || have != c.want {
				t.Errorf("to item %d, want %d, in %s", have, c.want, shown)
			}
		})
	}
}

func TestTwoStoriesThatAreAlikeAreShown(t *testing.T) {
	by, whole := By("Rosa Vidal"), Text(Words(0, 154))
	copies := func() []*news.Item {
		return []*news.Item{
			Item(1, "kmsa", "fence"), Item(2, "kdem", "canal"),
			Item(3, "ajo", "gap", page(fence), whole, by), Item(4, "bisbee", "water", whole, by), // that was joined to the second once
		}
	}
	titled := func(more ...change) []*news.Item {
		one := Title("Fence gap closed after rain")
		return []*news.Item{Item(1, "kmsa", "fence", one), Item(2, "ajo", "gap", append(more, one)...)}
	}
	for _, c := range []struct {
		name    string
		items   []*news.Item
		rulings []news.Ruling
		want    string
	}{
		{"copies of two originals", copies(), nil, "3 probable-copy, 4 against-story, 4 probable-copy"},
		{"not where an editor has separated them", copies(), []news.Ruling{off(1, 3, 4)}, "4 against-story"},
		{"one headline", titled(), nil, "1 same-title, 2 same-title"},
		{"not of one story", titled(page(fence)), nil, ""},
		{"not in two languages", titled(Language("es")), nil, ""},
		{"not where an editor has separated the two", titled(), []news.Ruling{off(1, 2, 1)}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var stories []*news.Story
			if len(c.items) == 4 {
				stories = append(stories, Published(5, c.items[1], c.items[3]))
			}
			n := Neighborhood(c.items, stories, c.rulings...)
			_, r, _ := plan(n)
			if have := flags(r, n); have != c.want {
				t.Errorf("flags %q, want %q", have, c.want)
			}
		})
	}
}
