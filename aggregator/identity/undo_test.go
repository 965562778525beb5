package identity

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"fronteras/aggregator/news"
)

// shownOf lists what readers of the desk have of its stories: their ids, dates and words, who made them
// and who tells them; of what readers remember of withdrawals, nothing.
func shownOf(m *memoryStore) []string {
	var list []string
	for _, s := range m.all() {
		origin := "not stated"
		if s.Origin != nil {
			origin = s.Origin.Name + " by " + string(s.Origin.Rule)
		}
		text := fmt.Sprint(s.ID, " ", s.PublicID, " ", s.Status, " ", origin, " published ", s.Published, " modified ",
			s.Modified, " first seen ", s.FirstSeen, " out ", s.PublishedAt, " ", s.IDAssignedAt, " number ", s.Sequence,
			" filed ", s.ArchiveOnly, " shows ", s.LeadItem)
		for _, i := range s.Items {
			text += fmt.Sprint("\n\t", i.Number, " ", i.Feed, " ", i.Entry.GUID, " ", s.Edge(i.Number).Rule)
		}
		for _, a := range s.Aliases {
			text += "\n\talias " + a.ID + " " + a.PublicID
		}
		list = append(list, text)
	}
	slices.Sort(list)
	return list
}

// compareShown compares what is shown with what was, and reports the stories that differ.
func compareShown(t *testing.T, seed uint64, what string, have, want []string) {
	t.Helper()
	without := func(list, others []string) []string {
		return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return slices.Contains(others, s) })
	}
	if x, y := without(have, want), without(want, have); len(x)+len(y) > 0 {
		t.Errorf("seed %d: after %s:\n%s\nwant\n%s", seed, what, strings.Join(x, "\n"), strings.Join(y, "\n"))
	}
}

// unmodified is what is shown but for when it was modified, and whose words it shows where its maker has
// none in it: those that it showed last, if they are there.
func unmodified(list []string) (texts []string) {
	for _, text := range list {
		before, rest, _ := strings.Cut(text, " modified ")
		_, after, _ := strings.Cut(rest, " first seen ")
		dates, _, _ := strings.Cut(after, " shows ")
		_, items, _ := strings.Cut(after, "\n")
		texts = append(texts, before+dates+items)
	}
	return texts
}

// randomDesk is a desk with random documents of each feed, and its stories in a random order.
func randomDesk(t *testing.T, r *rand.Rand) (*memoryStore, []*news.Story) {
	m := newStore(t)
	for _, feed := range testFeeds {
		m.visit(feed, randomDocuments(r)[feed]...)
	}
	m.settle()
	stories := m.all()
	r.Shuffle(len(stories), func(i, j int) { stories[i], stories[j] = stories[j], stories[i] })
	return m, stories
}

// What is decided and undone is as if it had never been: no story has another id, another date of
// publication or modification, other items or another maker.
func TestPropertyWhatIsUndoneNeverWas(t *testing.T) {
	orders := map[string]func(r *rand.Rand, stories []*news.Story) Order{
		"a join": func(_ *rand.Rand, stories []*news.Story) Order {
			return Order{Verb: news.Join, Stories: []string{stories[0].ID, stories[1].ID}}
		},
		"a join that says who made it": func(r *rand.Rand, stories []*news.Story) Order {
			return Order{Verb: news.Join, Stories: []string{stories[0].ID, stories[1].ID},
				Maker: []string{"kmsa", "ajo", "ap", news.NoMaker}[r.IntN(4)]}
		},
		"two that are no story": func(_ *rand.Rand, stories []*news.Story) Order {
			return Order{Verb: news.Split, Stories: []string{stories[0].ID, stories[1].ID}}
		},
		"an origin": func(r *rand.Rand, stories []*news.Story) Order {
			return Order{Verb: news.Credit, Stories: []string{stories[0].ID},
				Maker: []string{"kmsa", "ajo", "ap", news.NoMaker}[r.IntN(4)]}
		},
		"a withdrawal": func(_ *rand.Rand, stories []*news.Story) Order {
			return Order{Verb: news.Retract, Stories: []string{stories[0].ID}, Reason: "it is wrong"}
		},
		"a hold of two": func(_ *rand.Rand, stories []*news.Story) Order {
			return Order{Verb: news.Hold, Stories: []string{stories[0].ID, stories[1].ID}}
		},
	}
	for name, order := range orders {
		t.Run(name, func(t *testing.T) {
			kept := []uint64{12115} // where the join had another of the same words lead
			try(t, 60, kept, func(t *testing.T, seed uint64) {
				r := rand.New(rand.NewPCG(seed, 7))
				m, stories := randomDesk(t, r)
				if len(stories) < 2 {
					return
				}
				want := shownOf(m)
				o := order(r, stories)
				if _, err := m.apply(o); err != nil {
					t.Fatalf("seed %d: %v", seed, err)
				}
				m.settle()
				made := shownOf(m)
				for _, again := range []string{"", ", which was undone and made again"} {
					must(t, m.undo(0))
					m.settle()
					compareShown(t, seed, "the undo of "+name+again, shownOf(m), want)
					must(t, m.undo(uint64(len(m.rulings)))) // the undo itself
					m.settle()
					compareShown(t, seed, "the undo of the undo of "+name+again, unmodified(shownOf(m)), unmodified(made))
				}
			})
		})
	}
}

// What is decided and taken back by another decision is shown as it was: nobody sees an update.
func TestPropertyWhatIsTakenBackIsNoUpdate(t *testing.T) {
	for name, of := range map[string]func(id string, made *news.Origin) []Order{
		"a withdrawal": func(id string, _ *news.Origin) []Order {
			return []Order{{Verb: news.Retract, Stories: []string{id}, Reason: "wrong"}, {Verb: news.Restore, Stories: []string{id}}}
		},
		"a hold": func(id string, _ *news.Origin) []Order {
			return []Order{{Verb: news.Hold, Stories: []string{id}}, {Verb: news.Release, Stories: []string{id}}}
		},
		"an origin, by the rules": func(id string, _ *news.Origin) []Order {
			return []Order{{Verb: news.Credit, Stories: []string{id}, Maker: "kdem"},
				{Verb: news.Credit, Stories: []string{id}, Maker: "ap"},
				{Verb: news.Credit, Stories: []string{id}, Maker: news.AutoMaker}}
		},
		"an origin, by name": func(id string, made *news.Origin) []Order {
			back := news.NoMaker
			if made != nil && made.With != nil {
				return nil
			} else if made != nil {
				back = made.Station
			}
			return []Order{{Verb: news.Credit, Stories: []string{id}, Maker: "ap"},
				{Verb: news.Credit, Stories: []string{id}, Maker: back}}
		},
	} {
		t.Run(name, func(t *testing.T) {
			try(t, 60, nil, func(t *testing.T, seed uint64) {
				m, stories := randomDesk(t, rand.New(rand.NewPCG(seed, 9)))
				s, want := stories[0], shownOf(m)
				orders := of(s.ID, s.Origin)
				for _, o := range orders {
					m.rule(o)
					m.settle()
				}
				if name == "an origin, by name" { // only an editor's word is another reason
					now := m.Story(m.StoryOf(s.ID))
					if now.Modified != s.Modified || now.Published != s.Published || now.PublicID != s.PublicID {
						t.Errorf("seed %d: modified %v, and was %v", seed, now.Modified, s.Modified)
					}
					return
				}
				compareShown(t, seed, name+" that is taken back", shownOf(m), want)
			})
		})
	}
}

// Split and undone, a story is whole again, under its id and with its dates; what was split off leads to
// it. Where another item took the place of one that left, it stays.
func TestPropertyASplitThatIsUndoneIsOneStoryAgain(t *testing.T) {
	others := func(list []string, id string) []string { // all but one story, and those of what was split off
		return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return strings.HasPrefix(s, id+" ") })
	}
	withoutAliasAndLead := func(list []string) (texts []string) {
		for _, text := range list {
			lines := slices.DeleteFunc(strings.Split(text, "\n"), func(l string) bool { return strings.HasPrefix(l, "\talias") })
			lines[0], _, _ = strings.Cut(lines[0], " shows ")
			texts = append(texts, strings.Join(lines, "\n"))
		}
		return texts
	}
	tried := 0
	try(t, 150, nil, func(t *testing.T, seed uint64) {
		r := rand.New(rand.NewPCG(seed, 8))
		m, stories := randomDesk(t, r)
		at := slices.IndexFunc(stories, func(s *news.Story) bool { return len(s.Items) > 1 })
		if at < 0 {
			return
		}
		s, want := stories[at], shownOf(m)
		item := s.Items[r.IntN(len(s.Items))]
		if _, err := m.apply(Order{Verb: news.Split, Stories: []string{s.ID}, Item: item.Entry.URL}); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		m.settle()
		split := shownOf(m)
		if slices.ContainsFunc(others(want, s.ID), func(text string) bool { return !slices.Contains(split, text) }) {
			return
		}
		tried++
		must(t, m.undo(0))
		m.settle()
		compareShown(t, seed, "the undo of a split", withoutAliasAndLead(shownOf(m)), withoutAliasAndLead(want))
	})
	if tried < 50 {
		t.Errorf("%d splits were tried", tried)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
