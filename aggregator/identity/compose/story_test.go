package compose_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"fronteras/aggregator/identity/cluster"
	"fronteras/aggregator/identity/compose"
	"fronteras/aggregator/identity/evidence"
	"fronteras/aggregator/identity/lineage"
	"fronteras/aggregator/identity/origin"
	"fronteras/aggregator/identity/status"
	"fronteras/aggregator/news"
	. "fronteras/store/storetest/neighbors"
)

const (
	fence = "https://kmsa.example/2031/02/fence"
	canal = "https://propublica.org/article/who-pays-for-the-canal"
	sound = "https://kmsa.example/audio/fence.mp3"
)

type change = func(*news.Item)

func page(url string) change { return Claim(evidence.FromPage, url) }

// ofCanal makes an item a copy of what was not seen.
func ofCanal(i *news.Item) {
	page(canal)(i)
	Title("Who pays for the canal")(i)
}

// written returns the stories of a neighborhood as they are written down, with whom they are said
// to be made by.
func written(n *evidence.Neighborhood, r *cluster.Result, made *news.Origin) (stories []*news.Story) {
	if r == nil {
		r = cluster.Build(Desk, n)
	}
	plans, found := lineage.Plan(Desk, n, r)
	d := compose.Composer{Reader: evidence.NewReader(Desk), Neighborhood: n, Result: r, Found: found,
		PlanOf: lineage.PlanOfItem(plans)}
	for _, plan := range plans {
		was, _ := compose.AsItStood(n, plan)
		stories = append(stories, d.Story(plan, was, origin.Decision{Origin: made}, status.Status{Status: news.Live}))
	}
	return stories
}

func only(t *testing.T, stories []*news.Story) *news.Story {
	t.Helper()
	if len(stories) != 1 {
		t.Fatalf("%d stories", len(stories))
	}
	return stories[0]
}

func made(ids ...string) *news.Origin {
	m, _ := Desk.MakerNamed(ids[0])
	o := &news.Origin{Maker: m, Rule: news.O2}
	for _, id := range ids[1:] {
		o.With = append(o.With, Desk.Maker(id))
	}
	return o
}

func TestEachItemHasItsEdgeWithWhatItRestsOn(t *testing.T) {
	const tag = "tag:kmsa.example,2031:fence"
	first := func(more ...change) *news.Item { return Item(1, "kmsa", "fence", more...) }
	later := func(more ...change) *news.Item {
		return Item(2, "ajo", "gap", append([]change{Dated(Noon)}, more...)...)
	}
	same := Title("fence gap closed")
	whole, by := Text(Words(0, 154)), By("Rosa Vidal")
	claim := func(source string) change { return Claim(source, fence) }
	join := news.Ruling{Number: 1, Verb: news.Join, User: "Luz", When: Noon.Add(-time.Hour), Items: []uint64{1}, With: []uint64{2}}
	for _, c := range []struct {
		name  string
		items []*news.Item
		want  string // rule, grade, why, evidence of the second item
	}{
		{"a canonical of the page", []*news.Item{first(), later(claim(evidence.FromPage))}, "J1 certain: its page names as canonical " + fence + " [claim " + fence + " page]"},
		{"a canonical of the feed", []*news.Item{first(), later(claim(evidence.FromFeed))}, "J1 certain: its feed names as canonical " + fence + " [claim " + fence + " feed]"},
		{"a sentence", []*news.Item{first(), later(claim(evidence.FromSentence))}, "J1 certain: its text says that it was originally published at " + fence + " [claim " + fence + " sentence]"},
		{"a link", []*news.Item{first(), later(claim(evidence.FromLink))}, "J1 certain: its link is the original's: " + fence + " [claim " + fence + " link]"},
		{"where it was found", []*news.Item{first(), later(claim(evidence.FromVia))}, "J1 certain: it says that it was found at " + fence + " [claim " + fence + " via]"},
		{"a guid that is an address", []*news.Item{first(same), later(same, claim(evidence.FromGUID))}, "J1 certain: its guid is the original's address " + fence + " [claim " + fence + " guid]"},
		{"one address", []*news.Item{first(), later(URL(fence))}, "J2 certain: both have the address kmsa.example/2031/02/fence [address kmsa.example/2031/02/fence ]"},
		{"one guid", []*news.Item{first(GUID(tag), same), later(GUID(tag), same)}, "J3 certain: both have the guid " + tag + ", and their headlines or audio agree [guid " + tag + " ]"},
		{"one audio file", []*news.Item{first(same, Audio(sound)), later(same, Audio(sound))}, "J4 certain: both have the audio kmsa.example/audio/fence.mp3 [enclosure kmsa.example/audio/fence.mp3 ]"},
		{"one text", []*news.Item{first(whole, by), later(whole, by)}, "J5 probable: their texts agree, and both name the reporter Rosa Vidal [text C5 1 ]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := only(t, written(Neighborhood(c.items, nil), nil, nil))
			if root := s.Edge(1); root.Rule != news.I0 || root.Confidence != news.Certain || root.Checks != nil || root.Why == "" {
				t.Errorf("the root: %+v", root)
			}
			if have := show(s.Edge(2)); have != c.want {
				t.Errorf("%s\nwant %s", have, c.want)
			}
			if e := s.Edge(2); e.Checks == nil || e.Checks.Hours != 1 || !slices.Equal(e.Checks.Languages, []string{"en", "en"}) || !e.First.Equal(Noon) {
				t.Errorf("checks %+v, since %s", e.Checks, e.First)
			}
		})
	}
	t.Run("an editor's word", func(t *testing.T) {
		s := only(t, written(Neighborhood([]*news.Item{first(), later()}, nil, join), nil, nil))
		if have := show(s.Edge(2)); have != "ruling editor: an editor joined them [ruling join Luz]" || !s.Edge(2).Evidence[0].First.Equal(join.When) {
			t.Error(have)
		}
	})
	t.Run("the desk's own feed", func(t *testing.T) {
		items := []*news.Item{first(), later()}
		n := Neighborhood(items, []*news.Story{Published(5, items[0])})
		n.Returned = map[uint64]uint64{2: 5}
		if have := show(only(t, written(n, nil, nil)).Edge(2)); have != "J1 certain: it came through the desk's own feed [claim ajo-gap desk]" {
			t.Error(have)
		}
	})
	t.Run("why the root is one", func(t *testing.T) {
		if why := only(t, written(Neighborhood([]*news.Item{first(), later(page(fence))}, nil), nil, nil)).Edge(1).Why; why != "other items name its address as the original's" {
			t.Error(why)
		}
		if why := only(t, written(Neighborhood([]*news.Item{first()}, nil), nil, nil)).Edge(1).Why; why != "its own feed brought it; nothing says that it is a copy" {
			t.Error(why)
		}
	})
}

func show(e *news.Edge) string {
	text := fmt.Sprintf("%s %s: %s", e.Rule, e.Confidence, e.Why)
	for _, v := range e.Evidence {
		text += fmt.Sprintf(" [%s %s %s]", v.Kind, v.Value, v.Source)
	}
	return text
}

func TestAnEdgeOfAPublishedStory(t *testing.T) {
	stored := func(rule news.Rule) func(*news.Story) {
		return func(s *news.Story) { s.Edges[1].Rule, s.Edges[1].First = rule, Noon.Add(-48*time.Hour) }
	}
	for _, c := range []struct {
		name  string
		copy  *news.Item
		rule  news.Rule
		want  string
		first time.Time
	}{
		{"whose rule still holds stands since then", Item(2, "ajo", "gap", page(fence)), news.J1, "J1", Noon.Add(-48 * time.Hour)},
		{"that another rule holds now stands since now", Item(2, "ajo", "gap", page(fence)), news.J5, "J1", Noon},
		{"whose ground is gone is kept as it was", Item(2, "ajo", "gap"), news.J1, "J1 kept", Noon.Add(-48 * time.Hour)},
	} {
		t.Run(c.name, func(t *testing.T) {
			items := []*news.Item{Item(1, "kmsa", "fence"), c.copy}
			old := Published(5, items...)
			stored(c.rule)(old)
			e := only(t, written(Neighborhood(items, []*news.Story{old}), nil, nil)).Edge(2)
			have := string(e.Rule)
			if e.Kept {
				have += " kept"
			}
			if have != c.want || !e.First.Equal(c.first) {
				t.Errorf("%s since %s", have, e.First)
			}
		})
	}
}

func TestWhichItemGivesTheStoryItsWords(t *testing.T) {
	gone := func(i *news.Item) { i.Gone = true }
	long, longer := Text(Words(0, 60)), Text(Words(0, 90))
	for _, c := range []struct {
		name  string
		items []*news.Item
		made  *news.Origin
		lead  uint64 // of the published story that it continues; 0: it is new
		old   *news.Origin
		want  uint64
	}{
		{"its origin's, though it is shorter", []*news.Item{Item(1, "kmsa", "fence"), Item(2, "ajo", "gap", page(fence), long)}, made("kmsa"), 0, nil, 1},
		{"the first of joint origins that has one", []*news.Item{Item(1, "kmsa", "fence"), Item(2, "ajo", "gap", page(fence))}, made("kdem", "kmsa"), 0, nil, 1},
		{"of two of its origin's the one that edges lead to", []*news.Item{Item(1, "kmsa", "fence"), Item(2, "kmsa", "gap", page(fence), In(Podcast))}, made("kmsa"), 0, nil, 1},
		{"of two of its origin's the one that claims no other", []*news.Item{Item(1, "kmsa", "fence"), Item(2, "ajo", "gap", page(fence)), Item(3, "ajo", "gap-two", URL(fence), In("more"))}, made("ajo"), 0, nil, 3},
		{"the longest, where the origin is unseen", []*news.Item{Item(1, "kmsa", "fence", ofCanal, long), Item(2, "ajo", "gap", ofCanal, longer)}, made("propublica"), 0, nil, 2},
		{"the first of equals", []*news.Item{Item(1, "kmsa", "fence", ofCanal, long), Item(2, "ajo", "gap", ofCanal, long)}, made("propublica"), 0, nil, 2},
		{"the one that gave them so far, though another is longer", []*news.Item{Item(1, "kmsa", "fence", ofCanal, long), Item(2, "ajo", "gap", ofCanal, longer)}, made("propublica"), 1, made("propublica"), 1},
		{"not the one that gave them as the origin, which it is no longer", []*news.Item{Item(1, "kmsa", "fence", ofCanal, long), Item(2, "ajo", "gap", ofCanal, longer)}, made("propublica"), 1, made("kmsa"), 2},
		{"none that is gone", []*news.Item{Item(1, "kmsa", "fence", ofCanal, long), Item(2, "ajo", "gap", ofCanal, longer, gone)}, nil, 2, nil, 1},
		{"but of its origin also one that is gone", []*news.Item{Item(1, "kmsa", "fence", gone), Item(2, "ajo", "gap", page(fence), longer)}, made("kmsa"), 0, nil, 1},
		{"of two of its origin's the one that is not gone", []*news.Item{Item(1, "kmsa", "fence", gone, Dated(Noon.Add(-2*time.Hour))), Item(2, "kmsa", "gap", URL(fence), In(Podcast))}, made("kmsa"), 0, nil, 2},
		{"and of all the longest, where all are gone", []*news.Item{Item(1, "kmsa", "fence", ofCanal, long, gone), Item(2, "ajo", "gap", ofCanal, longer, gone)}, nil, 0, nil, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			var stories []*news.Story
			if c.lead != 0 {
				old := Published(5, c.items...)
				old.Root, old.LeadItem, old.Origin = news.Root{Key: Desk.Key(canal), URL: canal}, c.lead, c.old
				stories = append(stories, old)
			}
			if have := only(t, written(Neighborhood(c.items, stories), nil, c.made)).LeadItem; have != c.want {
				t.Errorf("item %d, want %d", have, c.want)
			}
		})
	}
}

func TestTheItemThatTheEdgesLeadToSpeaksForItsStation(t *testing.T) {
	items := []*news.Item{Item(1, "kmsa", "fence"), Item(2, "kmsa", "gap", In(Podcast))} // the second is kept, and claims nothing
	if s := only(t, written(Neighborhood(items, []*news.Story{Published(5, items...)}), nil, made("kmsa"))); s.LeadItem != 1 {
		t.Errorf("item %d", s.LeadItem)
	}
}

func TestAStorysRootFilingAndDates(t *testing.T) {
	filed := func(i *news.Item) { i.ArchiveOnly = true }
	early := func(i *news.Item) { i.FirstSeen = Noon.Add(-time.Hour) }
	undated := Dated(time.Time{})
	for _, c := range []struct {
		name  string
		items []*news.Item
		made  *news.Origin
		holds func(s *news.Story) bool
	}{
		{"its root is the item with its address", []*news.Item{Item(1, "kmsa", "fence")}, nil, func(s *news.Story) bool { return s.Root == news.Root{Item: 1, Key: Desk.Key(fence), URL: fence} }},
		{"its root is the claimed address", []*news.Item{Item(2, "ajo", "gap", ofCanal)}, nil, func(s *news.Story) bool { return s.Root == news.Root{Key: Desk.Key(canal), URL: canal} }},
		{"it is filed where all of its items are", []*news.Item{Item(1, "kmsa", "fence", filed), Item(2, "ajo", "gap", page(fence), filed)}, nil, func(s *news.Story) bool { return s.ArchiveOnly }},
		{"it is not where one is not", []*news.Item{Item(1, "kmsa", "fence", filed), Item(2, "ajo", "gap", page(fence))}, nil, func(s *news.Story) bool { return !s.ArchiveOnly }},
		{"it was first seen when its first item was", []*news.Item{Item(1, "kmsa", "fence", early), Item(2, "ajo", "gap", page(fence))}, nil, func(s *news.Story) bool { return s.FirstSeen.Equal(Noon.Add(-time.Hour)) }},
		{"it is published when its origin says", []*news.Item{Item(1, "kmsa", "fence", Dated(Noon)), Item(2, "ajo", "gap", page(fence))}, made("kmsa"), func(s *news.Story) bool { return s.Published.Equal(Noon) }},
		{"else when the earliest item says", []*news.Item{Item(1, "kmsa", "fence", undated), Item(2, "ajo", "gap", page(fence))}, made("kmsa"), func(s *news.Story) bool { return s.Published.Equal(Noon.Add(-time.Hour)) }},
		{"when the earliest says, though another gives the words, where no origin is stated", []*news.Item{
			Item(1, "kmsa", "fence", ofCanal), Item(2, "ajo", "gap", ofCanal, Text(Words(0, 90)), Dated(Noon))}, nil, func(s *news.Story) bool { return s.LeadItem == 2 && s.Published.Equal(Noon.Add(-time.Hour)) }},
		{"else when it was first seen", []*news.Item{Item(1, "kmsa", "fence", undated, early)}, made("kmsa"), func(s *news.Story) bool { return s.Published.Equal(Noon.Add(-time.Hour)) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			if s := only(t, written(Neighborhood(c.items, nil), nil, c.made)); !c.holds(s) {
				t.Errorf("%+v", s)
			}
		})
	}
	t.Run("what was in the feed is not filed again", func(t *testing.T) {
		i := Item(1, "kmsa", "fence", filed)
		if s := only(t, written(Neighborhood([]*news.Item{i}, []*news.Story{Published(5, i)}), nil, nil)); s.ArchiveOnly {
			t.Error("it is filed")
		}
	})
	t.Run("a published story keeps its date", func(t *testing.T) {
		i := Item(1, "kmsa", "fence", Dated(Noon))
		old := Published(5, i)
		old.Published = Noon.Add(-time.Hour)
		if s := only(t, written(Neighborhood([]*news.Item{i}, []*news.Story{old}), nil, made("kmsa"))); !s.Published.Equal(old.Published) || s.Proposal != nil {
			t.Errorf("%s, %+v", s.Published, s.Proposal)
		}
	})
}

func TestStoriesThatEndInAnotherAreItsAliases(t *testing.T) {
	items := []*news.Item{Item(1, "kmsa", "fence"), Item(2, "ajo", "gap", page(fence))}
	goes, ends := Published(5, items[0]), Published(6, items[1])
	ends.Aliases = []news.Alias{{ID: "older", LeadItem: 9}}
	ends.FirstSeen = Noon.Add(-time.Hour)
	s := only(t, written(Neighborhood(items, []*news.Story{goes, ends}), nil, made("kmsa")))
	if len(s.Aliases) != 2 || s.Aliases[0].ID != "older" || s.Aliases[1].PublicID != ends.PublicID || !s.Aliases[1].When.Equal(Noon) || s.Aliases[1].Sequence != 6 || !slices.Equal(s.Aliases[1].Members, []uint64{2}) {
		t.Errorf("%+v", s.Aliases)
	}
	if s.ID != goes.ID || !s.FirstSeen.Equal(ends.FirstSeen) {
		t.Errorf("%s, first seen %s", s.ID, s.FirstSeen)
	}
}

func TestWhatIsSplitOffIsAgainWhatItWas(t *testing.T) {
	alias := func(id string, lead uint64) news.Alias {
		return news.Alias{ID: id, PublicID: "public-" + id, LeadItem: lead, Published: Noon.Add(-9 * time.Hour), IDAssignedAt: Noon.Add(-8 * time.Hour), PublishedAt: Noon.Add(-8 * time.Hour), Sequence: 3}
	}
	for _, c := range []struct {
		name    string
		aliases []news.Alias
		off     []uint64
		want    string // id of the split-off story, its aliases, then those that the other keeps
	}{
		{"with its ids", []news.Alias{alias("gap", 2)}, []uint64{2}, "gap []; []"},
		{"without them, where they are another item's", []news.Alias{alias("dam", 3)}, []uint64{2}, " []; [dam]"},
		{"with all of them, the last first", []news.Alias{alias("older", 2), alias("gap", 2)}, []uint64{2}, "gap [older]; []"},
		{"those of what left long ago stay", []news.Alias{alias("stranger", 9)}, []uint64{2}, " []; [stranger]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			items := []*news.Item{Item(1, "kmsa", "fence"), Item(2, "ajo", "gap"), Item(3, "kdem", "dam")}
			old := Published(5, items...)
			old.Aliases = c.aliases
			n := Neighborhood(items, []*news.Story{old}, news.Ruling{Number: 1, Verb: news.Split, Items: c.off, With: []uint64{1, 3}})
			r := cluster.Build(Desk, n)
			var left, kept news.Story
			restored := false
			plans, _ := lineage.Plan(Desk, n, r)
			for _, plan := range plans {
				if plan.Old != nil {
					kept, _ = compose.AsItStood(n, plan)
				} else {
					left, restored = compose.AsItStood(n, plan)
				}
			}
			if have := fmt.Sprintf("%s %s; %s", left.ID, ids(left.Aliases), ids(kept.Aliases)); have != c.want || restored != (left.ID != "") {
				t.Errorf("%s, want %s; restored: %v", have, c.want, restored)
			}
			if restored && (left.PublicID != "public-"+left.ID || left.Sequence != 3 || !left.PublishedAt.Equal(Noon.Add(-8*time.Hour)) || left.Number != 0) {
				t.Errorf("%+v", left)
			}
		})
	}
}

func ids(aliases []news.Alias) string {
	var list []string
	for _, a := range aliases {
		list = append(list, a.ID)
	}
	return "[" + strings.Join(list, " ") + "]"
}

func TestTheNumberOfAStory(t *testing.T) {
	i := Item(1, "kmsa", "fence")
	waiting, settled := Published(5, i), Published(6, Item(2, "ajo", "gap"))
	waiting.IDAssignedAt = time.Time{}
	n := &evidence.Neighborhood{Stories: map[uint64]*news.Story{5: waiting, 6: settled}}
	n.IndexByAddress(nil)
	for name, c := range map[string]struct {
		s    news.Story
		want uint64
	}{
		"is the one that it had":                     {news.Story{Number: 7, Members: []uint64{1}}, 7},
		"or the one of the same items without an id": {news.Story{Members: []uint64{1}}, 5},
		"not the one of items that have their id":    {news.Story{Members: []uint64{2}}, 0},
		"or it needs a new one":                      {news.Story{Members: []uint64{1, 3}}, 0},
	} {
		if have := compose.Number(n, &c.s); have != c.want {
			t.Errorf("%s: %d, want %d", name, have, c.want)
		}
	}
}

func TestWhetherAStoryDiffers(t *testing.T) {
	none := func(uint64) bool { return false }
	old := Published(5, Item(1, "kmsa", "fence"))
	same, other := *old, *old
	same.Items, other.Status = nil, news.Held
	if compose.Differs(&same, old, none) || !compose.Differs(&other, old, none) || !compose.Differs(&same, old, func(n uint64) bool { return n == 1 }) {
		t.Error("it differs by what it is, or by an item that is written")
	}
}

// flagged writes down the story of some items, item 1 among them, after flags
// were raised, and shows the kinds of its flags.
func flagged(n *evidence.Neighborhood, made *news.Origin, raise ...news.Flag) (kinds string, flags []news.Flag) {
	r := cluster.Build(Desk, n)
	for _, g := range raise {
		r.Flag(n.Item(1), g.Kind, g.With, g.Why)
	}
	for _, s := range written(n, r, made) {
		if s.Item(1) != nil {
			flags = s.Flags
		}
	}
	var list []string
	for _, g := range flags {
		list = append(list, string(g.Kind))
	}
	return strings.Join(list, " "), flags
}

func TestFlagsOfWhatAnItemIs(t *testing.T) {
	absent := func(a news.Absence, gone bool) change {
		return func(i *news.Item) { i.Absence, i.Gone = &a, gone }
	}
	ahead := func(d time.Duration) change { return func(i *news.Item) { i.Entry.Published = Noon.Add(d) } }
	status := http.StatusGone
	for _, c := range []struct {
		name string
		item *news.Item
		made *news.Origin
		want string
	}{
		{"nothing", Item(1, "kmsa", "fence"), nil, ""},
		{"no address", Item(1, "kmsa", "fence", URL(""), func(i *news.Item) { i.Links = nil }), nil, "no-link"},
		{"a date a quarter of an hour ahead is noise", Item(1, "kmsa", "fence", ahead(15*time.Minute)), nil, ""},
		{"a date further ahead", Item(1, "kmsa", "fence", ahead(15*time.Minute+1)), nil, "future-date"},
		{"the origin has withdrawn it", Item(1, "kmsa", "fence", absent(news.Absence{Status: status}, true)), made("kmsa"), "withdrawn"},
		{"a carrier has withdrawn it", Item(1, "kmsa", "fence", absent(news.Absence{Status: status}, true)), made("ajo"), ""},
		{"a carrier has withdrawn it, and its source is not found", Item(1, "kmsa", "fence", absent(news.Absence{Status: status, Source: http.StatusNotFound}, true)), made("ap"), "withdrawn"},
		{"it is missing, and may have been withdrawn", Item(1, "kmsa", "fence", absent(news.Absence{}, false)), nil, "withdrawn"},
		{"it is back for good", Item(1, "kmsa", "fence", absent(news.Absence{Back: 2}, false)), nil, "returned"},
		{"it was seen again once", Item(1, "kmsa", "fence", absent(news.Absence{Back: 1}, true)), made("kmsa"), "withdrawn"},
		{"it is back, though its feed's tombstone counts", Item(1, "kmsa", "fence", absent(news.Absence{Back: 1, Stated: true}, true)), made("kmsa"), "returned"},
		{"its wire says that it is withdrawn", Item(1, "kmsa", "fence", func(i *news.Item) { i.Hold = &news.ItemHold{Kind: news.HoldKill} }), nil, "withdrawn"},
		{"it waits for its date", Item(1, "kmsa", "fence", func(i *news.Item) { i.Hold = &news.ItemHold{Kind: news.HoldEmbargo} }), nil, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if have, _ := flagged(Neighborhood([]*news.Item{c.item}, nil), c.made); have != c.want {
				t.Errorf("%q, want %q", have, c.want)
			}
		})
	}
	t.Run("a feed's wrong clock is taken off", func(t *testing.T) {
		n := Neighborhood([]*news.Item{Item(1, "kmsa", "fence", ahead(7*time.Hour))}, nil)
		m := n.Memories["https://kmsa.example/rss.xml"]
		m.Offset = 7 * time.Hour
		n.Memories["https://kmsa.example/rss.xml"] = m
		if have, _ := flagged(n, nil); have != "" {
			t.Error(have)
		}
	})
}

func TestWhichFlagsLast(t *testing.T) {
	lasting := []news.FlagKind{news.FlagReturned, news.FlagSameFeed, news.FlagUnpublishable, news.FlagWithdrawn, news.FlagProbableCopy, news.FlagSameTitle, news.FlagSameGUID,
		news.FlagSameAudio, news.FlagConflictingClaims, news.FlagClaimAcrossLanguages, news.FlagAgainstRuling}
	events := []news.FlagKind{news.FlagReturned, news.FlagSameFeed, news.FlagUnpublishable}
	for _, named := range news.Flags {
		for _, c := range []struct {
			what string
			with string
			want bool
		}{
			{"with what was not looked at now", "https://kdem.example/2031/02/dam", slices.Contains(lasting, named.Name)},
			{"with what was looked at now, and raised nothing", "https://ajo.example/2031/02/gap",
				slices.Contains(events, named.Name) || lineage.IsAboutPair(named.Name)},
			{"with nothing", "", slices.Contains(events, named.Name) || named.Name == news.FlagWithdrawn},
		} {
			t.Run(string(named.Name)+" "+c.what, func(t *testing.T) {
				i := Item(1, "kmsa", "fence")
				old := Published(5, i)
				old.Flags = []news.Flag{{Kind: named.Name, With: c.with, When: Noon.Add(-time.Hour)}}
				have, _ := flagged(Neighborhood([]*news.Item{i, Item(2, "ajo", "gap")}, []*news.Story{old}), nil)
				if lasts := have != ""; lasts != c.want {
					t.Errorf("it lasts: %v", lasts)
				}
			})
		}
	}
}

func TestAFlagKeepsTheTimeWhenItWasFirstRaised(t *testing.T) {
	i := Item(1, "kmsa", "fence")
	old := Published(5, i)
	first := Noon.Add(-time.Hour)
	old.Flags = []news.Flag{{Kind: news.FlagSameTitle, With: "https://ajo.example/2031/02/gap", When: first}}
	n := Neighborhood([]*news.Item{i, Item(2, "ajo", "gap")}, []*news.Story{old})
	_, flags := flagged(n, nil, news.Flag{Kind: news.FlagSameTitle, With: "https://ajo.example/2031/02/gap"}, news.Flag{Kind: news.FlagSameTitle, With: "another"})
	if len(flags) != 2 || !flags[0].When.Equal(Noon) || !flags[1].When.Equal(first) {
		t.Errorf("%+v", flags)
	}
}

func TestWhichFlagsAreAnswered(t *testing.T) {
	gap := "https://ajo.example/2031/02/gap"
	verb := func(v news.Verb, when time.Time) news.Ruling {
		return news.Ruling{Number: 1, Verb: v, Items: []uint64{1}, When: when, Maker: &news.Maker{Station: "kdem"}}
	}
	split := news.Ruling{Number: 1, Verb: news.Split, Items: []uint64{2}, With: []uint64{1}, When: Noon}
	for _, c := range []struct {
		name   string
		kind   news.FlagKind
		with   string
		ruling *news.Ruling
		copied bool // the second item is in the story
		want   bool
	}{
		{"a withdrawal, by a release", news.FlagWithdrawn, "", ptr(verb(news.Release, Noon)), false, true},
		{"not by one before it", news.FlagWithdrawn, "", ptr(verb(news.Release, Noon.Add(-1))), false, false},
		{"not by a credit", news.FlagWithdrawn, "", ptr(verb(news.Credit, Noon)), false, false},
		{"a return, by a restore", news.FlagReturned, "", ptr(verb(news.Restore, Noon)), false, true},
		{"a date, by a hold", news.FlagFutureDate, "", ptr(verb(news.Hold, Noon)), false, true},
		{"conflicting claims, by a credit", news.FlagConflictingClaims, "", ptr(verb(news.Credit, Noon)), false, true},
		{"an unlisted origin, by a credit", news.FlagUnlistedOrigin, "", ptr(verb(news.Credit, Noon)), false, true},
		{"not by a release", news.FlagUnlistedOrigin, "", ptr(verb(news.Release, Noon)), false, false},
		{"one headline, by a split", news.FlagSameTitle, gap, &split, false, true},
		{"one headline, by being one story", news.FlagSameTitle, gap, nil, true, true},
		{"not before that", news.FlagSameTitle, gap, nil, false, false},
		{"a claim across languages not by being one story", news.FlagClaimAcrossLanguages, gap, nil, true, false},
		{"what is against a ruling, never", news.FlagAgainstRuling, gap, &split, false, false},
		{"what is with nobody here, never", news.FlagSameTitle, "https://kdem.example/2031/02/dam", &split, false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			second := Item(2, "ajo", "gap")
			if c.copied {
				second = Item(2, "ajo", "gap", page(fence))
			}
			var rulings []news.Ruling
			if c.ruling != nil {
				rulings = append(rulings, *c.ruling)
			}
			have, _ := flagged(Neighborhood([]*news.Item{Item(1, "kmsa", "fence"), second}, nil, rulings...), nil, news.Flag{Kind: c.kind, With: c.with})
			if answered := have == ""; answered != c.want {
				t.Errorf("flags %q", have)
			}
		})
	}
}

func ptr(v news.Ruling) *news.Ruling { return &v }

// Partners decide how many flags there could be: an editor can look at a few of each kind.
func TestAStoryHasSixteenFlagsOfAKind(t *testing.T) {
	i := Item(1, "kmsa", "fence")
	old := Published(5, i)
	for k := range 20 {
		old.Flags = append(old.Flags, news.Flag{Kind: news.FlagConflictingClaims, With: fmt.Sprintf("old-%02d", k),
			When: Noon.Add(time.Duration(k-100) * time.Hour)})
	}
	raise := []news.Flag{{Kind: news.FlagSameTitle, With: "alone"}}
	for k := range 10 {
		raise = append(raise, news.Flag{Kind: news.FlagConflictingClaims, With: fmt.Sprintf("z-now-%02d", k)})
	}
	_, flags := flagged(Neighborhood([]*news.Item{i}, []*news.Story{old}), nil, raise...)
	var have []string
	for _, g := range flags {
		have = append(have, g.With)
	}
	want := []string{"old-14", "old-15", "old-16", "old-17", "old-18", "old-19"}
	for k := range 10 {
		want = append(want, fmt.Sprintf("z-now-%02d", k))
	}
	if want = append(want, "alone"); !slices.Equal(have, want) {
		t.Errorf("flags with %v, want those raised now, the latest of the others, and those of another kind: %v", have, want)
	}
}
