package lineage_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"fronteras/aggregator/identity/cluster"
	"fronteras/aggregator/identity/evidence"
	"fronteras/aggregator/identity/lineage"
	"fronteras/aggregator/news"
	. "fronteras/store/storetest/neighbors"
)

const (
	fence = "https://kmsa.example/2031/02/fence"
	canal = "https://propublica.org/article/who-pays-for-the-canal"
)

type change = func(*news.Item)

func page(url string) change { return Claim(evidence.FromPage, url) }

// ofCanal makes an item a copy of what was not seen.
func ofCanal(i *news.Item) {
	page(canal)(i)
	Title("Who pays for the canal")(i)
}

func join(number uint64, a, b uint64) news.Ruling {
	return news.Ruling{Number: number, Verb: news.Join, Items: []uint64{a}, With: []uint64{b}, When: Noon}
}

// off is an editor's word that an item is none of a story's others.
func off(number, item uint64, others ...uint64) news.Ruling {
	return news.Ruling{Number: number, Verb: news.Split, Items: []uint64{item}, With: others, When: Noon}
}

// rootedAt is a story whose root is an address that no item has.
func rootedAt(url string, s *news.Story) *news.Story {
	s.Root = news.Root{Key: Desk.Key(url), URL: url}
	return s
}

// The clauses of the sentence that is at SuccessorOf, one after another. A cluster is named by the
// numbers of its items; an address that no item has by its host.
func TestAStoryGoesOn(t *testing.T) {
	for _, c := range []struct {
		name    string
		items   []*news.Item
		story   func(items []*news.Item) *news.Story
		others  func(items []*news.Item) []*news.Story
		rulings []news.Ruling
		leaving []uint64
		want    string
	}{
		{
			name:  "where its root is: in the cluster of the item that its edges lead to",
			items: []*news.Item{Item(1, "kmsa", "fence"), Item(2, "ajo", "gap")},
			story: func(i []*news.Item) *news.Story { s := Published(5, i[0], i[1]); s.LeadItem = 2; return s },
			want:  "1",
		},
		{
			name:  "while no item has the claimed address, in the cluster of that address",
			items: []*news.Item{Item(1, "kmsa", "fence"), Item(2, "ajo", "gap", ofCanal), Item(3, "kdem", "dam")},
			story: func(i []*news.Item) *news.Story { return rootedAt(canal, Published(5, i[0], i[1], i[2])) },
			want:  "propublica.org 2",
		},
		{
			name:  "with the item that came in once it has the claimed address",
			items: []*news.Item{Item(1, "kmsa", "fence"), Item(2, "ajo", "gap", page(fence))},
			story: func(i []*news.Item) *news.Story { return rootedAt(fence, Published(5, i[1])) },
			want:  "1 2",
		},
		{
			name:  "and not in that of another address",
			items: []*news.Item{Item(1, "ajo", "fence", page("https://kdem.example/2031/02/ditch")), Item(2, "kmsa", "gap", ofCanal)},
			story: func(i []*news.Item) *news.Story { return rootedAt(canal, Published(5, i[1])) },
			want:  "propublica.org 2",
		},
		{
			name:  "with its root's item, though another has the address that was its own",
			items: []*news.Item{Item(1, "kmsa", "fence-gap"), Item(2, "ajo", "gap", page(fence)), Item(3, "kmsa", "fence", In(Podcast))},
			story: func(i []*news.Item) *news.Story {
				s := Published(5, i[0])
				s.Root.Key, s.Root.URL = Desk.Key(fence), fence
				return s
			},
			want: "1",
		},
		{
			name:    "not at an address that only items which leave still claim",
			items:   []*news.Item{Item(1, "kmsa", "fence"), Item(2, "ajo", "gap", ofCanal)},
			story:   func(i []*news.Item) *news.Story { return rootedAt(canal, Published(5, i[0], i[1])) },
			leaving: []uint64{2},
			want:    "1",
		},
		{
			name:  "where what came back through the desk's feed means it",
			items: []*news.Item{Item(1, "kmsa", "fence"), Item(2, "ajo", "gap")},
			story: func(i []*news.Item) *news.Story { return Published(5, i[0]) },
			want:  "1 2",
		},
		{
			name:    "where an editor joined an item of it with another story's, whatever its root says",
			items:   []*news.Item{Item(1, "kmsa", "fence"), Item(2, "ajo", "gap"), Item(3, "kdem", "dam")},
			story:   func(i []*news.Item) *news.Story { return Published(5, i[0], i[1]) },
			others:  func(i []*news.Item) []*news.Story { return []*news.Story{Published(6, i[2])} },
			rulings: []news.Ruling{join(1, 2, 3)},
			want:    "2 3",
		},
		{
			name:    "but not where both are in it already",
			items:   []*news.Item{Item(1, "kmsa", "fence"), Item(2, "ajo", "gap"), Item(3, "kdem", "dam")},
			story:   func(i []*news.Item) *news.Story { return Published(5, i...) },
			rulings: []news.Ruling{join(1, 2, 3)},
			want:    "1",
		},
		{
			name:    "nor where that item leaves",
			items:   []*news.Item{Item(1, "kmsa", "fence"), Item(2, "ajo", "gap"), Item(3, "kdem", "dam")},
			story:   func(i []*news.Item) *news.Story { return Published(5, i[0], i[1]) },
			others:  func(i []*news.Item) []*news.Story { return []*news.Story{Published(6, i[2])} },
			rulings: []news.Ruling{join(1, 2, 3)},
			leaving: []uint64{2},
			want:    "1",
		},
		{
			name:    "where the root has left, with the item that leads it",
			items:   []*news.Item{Item(1, "kmsa", "fence"), Item(2, "ajo", "gap"), Item(3, "kdem", "dam")},
			story:   func(i []*news.Item) *news.Story { s := Published(5, i...); s.LeadItem = 3; return s },
			leaving: []uint64{1},
			want:    "3",
		},
		{
			name:    "where that has left as well, with the first that stays",
			items:   []*news.Item{Item(1, "kmsa", "fence"), Item(2, "ajo", "gap"), Item(3, "kdem", "dam")},
			story:   func(i []*news.Item) *news.Story { return Published(5, i...) },
			leaving: []uint64{1},
			want:    "2",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			stories := []*news.Story{c.story(c.items)}
			if c.others != nil {
				stories = append(stories, c.others(c.items)...)
			}
			n := Neighborhood(c.items, stories, c.rulings...)
			if strings.Contains(c.name, "came back") {
				n.Returned = map[uint64]uint64{2: 5}
			}
			leaving := map[uint64]bool{}
			for _, number := range c.leaving {
				leaving[number] = true
			}
			r := cluster.Build(Desk, n)
			if have := named(lineage.SuccessorOf(n, r, stories[0], leaving)); have != c.want {
				t.Errorf("with %s, want %s", have, c.want)
			}
		})
	}
}

func named(c *cluster.Cluster) string {
	var parts []string
	if c.Root == nil {
		parts = append(parts, strings.Split(c.Key, "/")[0])
	}
	var numbers []string
	for _, m := range c.Members {
		for _, i := range m.Items {
			numbers = append(numbers, fmt.Sprint(i.Number))
		}
	}
	slices.Sort(numbers)
	return strings.Join(append(parts, numbers...), " ")
}

// plan shows the stories that are planned: "5<6: 1 2 kept 3" is the story 5, in which the
// story 6 ends, with the items 1 and 2, and 3, which no edge holds there now.
func plan(n *evidence.Neighborhood) (shown string, r *cluster.Result, plans []*lineage.StoryPlan) {
	r = cluster.Build(Desk, n)
	plans, found := lineage.Plan(Desk, n, r)
	r.Findings = found
	var all []string
	for _, p := range plans {
		head, held, kept := "new", []string{}, []string{}
		if p.Old != nil {
			head = fmt.Sprint(p.Old.Number)
			for _, s := range p.Joined {
				head += fmt.Sprint("<", s.Number)
			}
		}
		for _, i := range p.Items {
			if p.Kept[i.Number] {
				kept = append(kept, fmt.Sprint(i.Number))
			} else {
				held = append(held, fmt.Sprint(i.Number))
			}
		}
		slices.Sort(held)
		line := head + ": " + strings.Join(held, " ")
		if len(kept) > 0 {
			line += " kept " + strings.Join(kept, " ")
		}
		all = append(all, strings.TrimSpace(strings.ReplaceAll(line, ":  ", ": ")))
	}
	slices.Sort(all)
	return strings.Join(all, " | "), r, plans
}

func flags(r *cluster.Result, n *evidence.Neighborhood) string {
	var all []string
	for _, i := range n.Items {
		for _, f := range r.Flags[i.Number] {
			all = append(all, fmt.Sprintf("%d %s", i.Number, f.Kind))
		}
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}

func TestWhatBecomesOfPublishedStories(t *testing.T) {
	earlier := func(s *news.Story) *news.Story { s.IDAssignedAt = Noon.Add(-time.Hour); return s }
	for _, c := range []struct {
		name    string
		items   []*news.Item
		stories func(items []*news.Item) []*news.Story
		rulings []news.Ruling
		want    string
		flags   string
	}{
		{
			name:  "a new item is a new story",
			items: []*news.Item{Item(1, "kmsa", "fence")}, want: "new: 1",
		},
		{
			name:    "a new copy joins the published story",
			items:   []*news.Item{Item(1, "kmsa", "fence"), Item(2, "ajo", "gap", page(fence))},
			stories: func(i []*news.Item) []*news.Story { return []*news.Story{Published(5, i[0])} },
			want:    "5: 1 2",
		},
		{
			name:  "a story without its id is sorted as if it were new",
			items: []*news.Item{Item(1, "kmsa", "fence"), Item(2, "ajo", "gap")},
			stories: func(i []*news.Item) []*news.Story {
				s := Published(5, i...)
				s.IDAssignedAt = time.Time{}
				return []*news.Story{s}
			},
			want: "new: 1 | new: 2",
		},
		{
			name:    "an item whose edge is gone stays, and is shown",
			items:   []*news.Item{Item(1, "kmsa", "fence"), Item(2, "ajo", "gap")},
			stories: func(i []*news.Item) []*news.Story { return []*news.Story{Published(5, i...)} },
			want:    "5: 1 kept 2", flags: "2 against-story",
		},
		{
			name:    "also where it claims another original now",
			items:   []*news.Item{Item(1, "kmsa", "fence"), Item(2, "ajo", "gap", ofCanal)},
			stories: func(i []*news.Item) []*news.Story { return []*news.Story{Published(5, i...)} },
			want:    "5: 1 kept 2", flags: "2 against-story",
		},
		{
			name:  "of two that become one, that with the origin's item goes on, though it is younger",
			items: []*news.Item{Item(1, "kmsa", "fence"), Item(2, "ajo", "gap", page(fence))},
			stories: func(i []*news.Item) []*news.Story {
				return []*news.Story{Published(6, i[0]), earlier(Published(5, i[1]))}
			},
			want: "6<5: 1 2",
		},
		{
			name:  "else the one that got its id first",
			items: []*news.Item{Item(1, "kmsa", "fence", ofCanal), Item(2, "ajo", "gap", ofCanal)},
			stories: func(i []*news.Item) []*news.Story {
				return []*news.Story{rootedAt(fence, Published(5, i[0])), earlier(rootedAt(canal, Published(6, i[1])))}
			},
			want: "6<5: 1 2",
		},
		{
			name:  "else the one with the earlier date",
			items: []*news.Item{Item(1, "ajo", "fence", ofCanal), Item(2, "kmsa", "gap", ofCanal, Dated(Noon.Add(-2*time.Hour)))},
			stories: func(i []*news.Item) []*news.Story {
				return []*news.Story{rootedAt(canal, Published(5, i[0])), rootedAt(canal, Published(6, i[1]))}
			},
			want: "6<5: 1 2",
		},
		{
			name:  "else the one with the smaller public id",
			items: []*news.Item{Item(1, "kmsa", "fence", ofCanal), Item(2, "ajo", "gap", ofCanal)},
			stories: func(i []*news.Item) []*news.Story {
				return []*news.Story{rootedAt(canal, Published(5, i[0])), rootedAt(canal, Published(6, i[1]))}
			},
			want: "6<5: 1 2",
		},
		{
			name:  "stories stay apart where a veto stands between their items",
			items: []*news.Item{Item(1, "kmsa", "fence", ofCanal), Item(2, "ajo", "gap", ofCanal), Item(3, "kmsa", "hole")},
			stories: func(i []*news.Item) []*news.Story {
				return []*news.Story{earlier(rootedAt(canal, Published(5, i[0]))), rootedAt(canal, Published(6, i[1], i[2]))}
			},
			want: "5: 1 | 6: kept 2 3", flags: "3 same-feed",
		},
		{
			name:    "a new item that a veto keeps out of a published story stands for itself",
			items:   []*news.Item{Item(1, "kmsa", "fence"), Item(2, "ajo", "gap", page(fence)), Item(3, "ajo", "hole")},
			stories: func(i []*news.Item) []*news.Story { return []*news.Story{Published(5, i[0], i[2])} },
			want:    "5: 1 kept 3 | new: 2", flags: "2 same-feed, 3 against-story",
		},
		{
			name:    "an item that is split off is a story of its own",
			items:   []*news.Item{Item(1, "kmsa", "fence"), Item(2, "ajo", "gap", page(fence))},
			stories: func(i []*news.Item) []*news.Story { return []*news.Story{Published(5, i...)} },
			rulings: []news.Ruling{off(1, 2, 1)},
			want:    "5: 1 | new: 2", flags: "2 against-ruling",
		},
		{
			name:    "the root that is split off leaves the story to the others",
			items:   []*news.Item{Item(1, "kmsa", "fence"), Item(2, "ajo", "gap"), Item(3, "kdem", "dam")},
			stories: func(i []*news.Item) []*news.Story { return []*news.Story{Published(5, i...)} },
			rulings: []news.Ruling{off(1, 1, 2, 3)},
			want:    "5: 2 kept 3 | new: 1", flags: "3 against-story",
		},
		{
			name:    "what was there by its edge to an item that is split off goes with it",
			items:   []*news.Item{Item(1, "kmsa", "fence"), Item(2, "ajo", "gap"), Item(3, "kdem", "dam", page("https://ajo.example/2031/02/gap"))},
			stories: func(i []*news.Item) []*news.Story { return []*news.Story{Published(5, i...)} },
			rulings: []news.Ruling{off(1, 2, 1)},
			want:    "5: 1 | new: 2 3",
		},
		{
			name:    "what stays with the root stays, though an item that leaves points there, too",
			items:   []*news.Item{Item(1, "kmsa", "fence"), Item(2, "ajo", "gap", page(fence)), Item(3, "kdem", "dam", page(fence))},
			stories: func(i []*news.Item) []*news.Story { return []*news.Story{Published(5, i...)} },
			rulings: []news.Ruling{off(1, 3, 2)},
			want:    "5: 1 2 | new: 3", flags: "3 against-ruling",
		},
		{
			name:    "what leaves does not take the root's others with it",
			items:   []*news.Item{Item(1, "kmsa", "fence"), Item(2, "ajo", "gap", page(fence)), Item(3, "kdem", "dam", page(fence))},
			stories: func(i []*news.Item) []*news.Story { return []*news.Story{Published(5, i...)} },
			rulings: []news.Ruling{off(1, 2, 3)},
			want:    "5: 1 kept 3 | new: 2", flags: "2 against-ruling, 3 against-ruling, 3 against-story",
		},
		{
			name:    "where all are split off nobody leaves",
			items:   []*news.Item{Item(1, "kmsa", "fence"), Item(2, "ajo", "gap"), Item(3, "kdem", "dam")},
			stories: func(i []*news.Item) []*news.Story { return []*news.Story{Published(5, i...)} },
			rulings: []news.Ruling{off(1, 1, 2), off(2, 2, 3), off(3, 3, 1)},
			want:    "5: 1 kept 2 3", flags: "2 against-story, 3 against-story",
		},
		{
			name:  "an editor joins two stories",
			items: []*news.Item{Item(1, "kmsa", "fence"), Item(2, "ajo", "gap")},
			stories: func(i []*news.Item) []*news.Story {
				return []*news.Story{earlier(Published(5, i[0])), Published(6, i[1])}
			},
			rulings: []news.Ruling{join(1, 1, 2)},
			want:    "5<6: 1 2",
		},
		{
			name:  "what an editor joined stays together also where a veto keeps it out of another",
			items: []*news.Item{Item(1, "kmsa", "fence", ofCanal), Item(2, "ajo", "gap", ofCanal), Item(3, "kmsa", "hole"), Item(4, "kdem", "dam")},
			stories: func(i []*news.Item) []*news.Story {
				return []*news.Story{earlier(rootedAt(canal, Published(5, i[0]))), Published(6, i[1], i[2]), Published(7, i[3])}
			},
			rulings: []news.Ruling{join(1, 2, 4)},
			want:    "5: 1 | 6<7: 2 4 kept 3", flags: "3 same-feed",
		},
		{
			name: "copies of an item that stays in another published story stand for themselves",
			items: []*news.Item{
				Item(1, "kmsa", "fence"), Item(2, "ajo", "gap", Text(Words(0, 154)), By("Rosa Vidal")), Item(3, "kdem", "dam", Text(Words(0, 154)), By("Rosa Vidal"), Dated(Noon)),
				Item(4, "bisbee", "ditch", Text(Words(0, 154)), By("Rosa Vidal"), Dated(Noon))},
			stories: func(i []*news.Item) []*news.Story { return []*news.Story{Published(5, i[0], i[1])} },
			want:    "5: 1 kept 2 | new: 3 | new: 4", flags: "2 against-story, 2 probable-copy, 2 probable-copy, 3 probable-copy, 3 probable-copy, 4 probable-copy, 4 probable-copy",
		},
		{
			name:    "but those that claim its address are one story at that address",
			items:   []*news.Item{Item(1, "kmsa", "fence"), Item(2, "ajo", "gap"), Item(3, "kdem", "dam", page("https://ajo.example/2031/02/gap")), Item(4, "bisbee", "dam", page("https://ajo.example/2031/02/gap"))},
			stories: func(i []*news.Item) []*news.Story { return []*news.Story{Published(5, i[0], i[1])} },
			want:    "5: 1 kept 2 | new: 3 4", flags: "2 against-story",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			var stories []*news.Story
			if c.stories != nil {
				stories = c.stories(c.items)
			}
			n := Neighborhood(c.items, stories, c.rulings...)
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
