package origin_test

import (
	"slices"
	"testing"
	"time"

	"fronteras/aggregator/identity/cluster"
	"fronteras/aggregator/identity/directory"
	"fronteras/aggregator/identity/evidence"
	"fronteras/aggregator/identity/origin"
	"fronteras/aggregator/news"
	. "fronteras/store/storetest/neighbors"
)

const (
	fence = "https://kmsa.example/2031/02/fence"
	canal = "https://propublica.org/article/who-pays-for-the-canal"

	deskCredit = "This story is from the Fronteras Desk, a collaboration of public radio stations, including Radio Ajo. Read more from the Fronteras Desk."
)

type change = func(*news.Item)

// show is an origin in short: its makers and the rule; "not stated" is O6.
func show(o *news.Origin) string {
	if o == nil {
		return "not stated"
	}
	text := ""
	for _, m := range origin.Makers(o) {
		text += m.Station + m.Outside + " "
	}
	return text + string(o.Rule)
}

// elect asks who made the story that all items of a neighborhood tell, as the cluster that
// their first falls into.
func elect(n *evidence.Neighborhood, old *news.Story) (*news.Origin, *origin.Conflict) {
	r := cluster.Build(Desk, n)
	made := origin.Elect(Desk, n, r, telling(n, r), old)
	return made.Origin, made.Conflict
}

func telling(n *evidence.Neighborhood, r *cluster.Result) origin.Coverage {
	t := origin.Coverage{Items: slices.Clone(n.Items), Cluster: r.Of(n.Items[0])}
	if t.Cluster.Root != nil {
		t.Founder = t.Cluster.Root.Items[0]
	}
	return t
}

func at(minutes int) change { return Dated(Noon.Add(time.Duration(minutes-60) * time.Minute)) }

func says(sentence string) change {
	return func(i *news.Item) { i.Entry.Content = "<p>" + sentence + "</p>" }
}

func text(begin, end string) change {
	return func(i *news.Item) {
		i.Entry.Content = "<p>" + begin + "</p><p>The council met.</p><p>It voted.</p><p>" + end + "</p>"
	}
}

func TestWhoMadeAStory(t *testing.T) {
	copied := func(more ...change) *news.Item {
		return Item(2, "ajo", "gap", append([]change{Claim(evidence.FromPage, fence)}, more...)...)
	}
	for _, c := range []struct {
		name  string
		items []*news.Item
		want  string
	}{
		{"O2: the item that is claimed", []*news.Item{Item(1, "kmsa", "fence", at(30)), copied(at(0))}, "kmsa O2"},
		{"O2: the host of a claimed address that nobody has seen", []*news.Item{copied()}, "kmsa O2"},
		{"O2: an outside source's host", []*news.Item{Item(2, "ajo", "gap", Claim(evidence.FromPage, canal))}, "propublica O2"},
		{"O2 comes before a credit", []*news.Item{Item(1, "kmsa", "fence", By("The Associated Press")), copied()}, "kmsa O2"},
		{"O2: a claimed item whose host nobody lists", []*news.Item{
			Item(1, "kdem", "film", URL("https://films.example/2031/02/fence")), Item(2, "ajo", "gap", func(i *news.Item) {
				i.Claims = []news.Claim{{Source: evidence.FromDesk, URL: "https://kdem.example/x", Key: "films.example/2031/02/fence", First: Noon}}
			})}, "kdem O2"},
		{"a circle of claims says nothing", []*news.Item{
			Item(1, "kmsa", "fence", Claim(evidence.FromPage, "https://ajo.example/2031/02/gap")), copied()}, "not stated"},

		{"O3: a sentence", []*news.Item{Item(2, "ajo", "gap", text("It rained.", "This story was originally published by KMSA Mesilla."))}, "kmsa O3"},
		{"O3: a byline in parentheses", []*news.Item{Item(2, "ajo", "gap", By("Rosa Vidal (KMSA)"))}, "kmsa O3"},
		{"O3: a byline after a stroke", []*news.Item{Item(2, "ajo", "gap", By("Rosa Vidal | KMSA Mesilla"))}, "kmsa O3"},
		{"O3: a sign-off", []*news.Item{Item(2, "ajo", "gap", text("It rained.", "KMSA Mesilla's Rosa Vidal reports."))}, "kmsa O3"},
		{"O3: a dateline", []*news.Item{Item(2, "ajo", "gap", text("PHOENIX (AP) — It rained.", "It stopped."))}, "ap O3"},
		{"O3: a copyright line", []*news.Item{Item(2, "ajo", "gap", text("It rained.", "Copyright 2031 NPR"))}, "npr O3"},
		{"O3: a guid on another's host", []*news.Item{Item(2, "ajo", "gap", GUID("https://kmsa.example/?p=7781"))}, "kmsa O3"},
		{"O3: a sentence comes before a byline", []*news.Item{Item(2, "ajo", "gap", By("The Associated Press"), text("It rained.", "This story was originally published by KMSA Mesilla."))}, "kmsa O3"},
		{"O3: several in one byline are joint, in the order of the configuration", []*news.Item{Item(2, "ajo", "gap", By("Rosa Vidal (KMSA) and Lee Orr (KDEM)"))}, "kdem kmsa O3"},
		{"O3: who names more names the same, first", []*news.Item{Item(1, "ajo", "fence", By("Rosa Vidal (KMSA) and Lee Ray (KDEM)")), Item(2, "kmsa", "gap", By("Rosa Vidal (KMSA)"))}, "kdem kmsa O3"},
		{"O3: who names more names the same, last", []*news.Item{Item(1, "ajo", "fence", By("Rosa Vidal (KMSA)")), Item(2, "kmsa", "gap", By("Rosa Vidal (KMSA) and Lee Ray (KDEM)"))}, "kdem kmsa O3"},
		{"O3 comes before a roster", []*news.Item{Item(2, "ajo", "gap", func(i *news.Item) {
			i.Entry.Byline, i.Entry.Authors = "Lee Orr (KMSA)", []news.Person{{Name: "Lee Orr"}}
		})}, "kmsa O3"},

		{"O4: a reporter on a station's roster, though another carries it", []*news.Item{Item(2, "ajo", "gap", By("Lee Orr"))}, "kdem O4"},
		{"O4: reporters of two stations are joint", []*news.Item{Item(1, "ajo", "fence", By("Lee Orr")), Item(2, "bisbee", "gap", By("Ana Paz"))}, "kdem kmsa O4"},
		{"O4 comes before the date", []*news.Item{Item(1, "bisbee", "fence", at(0)), Item(2, "ajo", "gap", By("Lee Orr"), at(30))}, "kdem O4"},

		{"O5: the one station that tells it", []*news.Item{Item(2, "ajo", "gap")}, "ajo O5"},
		{"O5: one station with two feeds", []*news.Item{Item(1, "kmsa", "fence"), Item(2, "kmsa", "gap", In(Podcast))}, "kmsa O5"},
		{"O5: a reporter that is on no roster says nothing", []*news.Item{Item(2, "ajo", "gap", By("Rosa Vidal"))}, "ajo O5"},
		{"O5: the first by ten minutes", []*news.Item{Item(1, "kmsa", "fence", at(0)), Item(2, "ajo", "gap", at(10))}, "kmsa O5"},
		{"O6: the first by less than that", []*news.Item{Item(1, "kmsa", "fence", at(0)), Item(2, "ajo", "gap", Dated(Noon.Add(-50*time.Minute-time.Second)))}, "not stated"},
		{"O6: the first by ten minutes, with a name that may be anybody's", []*news.Item{Item(1, "kmsa", "fence", at(0), By("rosa vidal")), Item(2, "ajo", "gap", at(30))}, "not stated"},
		{"O5: the first by ten minutes, with an office's byline", []*news.Item{Item(1, "kmsa", "fence", at(0), By("Web Producer")), Item(2, "ajo", "gap", at(30), By("Newsroom"))}, "kmsa O5"},
		{"O6: a newsroom that nobody lists in the byline", []*news.Item{Item(1, "kmsa", "fence", By("Rosa Vidal | The Delta Ledger"))}, "not stated"},
		{"O4: that newsroom next to a reporter of a station", []*news.Item{Item(1, "kmsa", "fence", By("Lee Orr | The Delta Ledger"))}, "kdem O4"},
		{"O6: the first by ten minutes, with a reporter on nobody's roster", []*news.Item{Item(1, "kmsa", "fence", at(0), By("Rosa Vidal")), Item(2, "ajo", "gap", at(30), By("Rosa Vidal"))}, "not stated"},
		{"O6: so too where the later alone names one", []*news.Item{Item(1, "kmsa", "fence", at(0)), Item(2, "ajo", "gap", at(30), By("Rosa Vidal"))}, "not stated"},
		{"O6: and where two stations' items name two", []*news.Item{Item(1, "kmsa", "fence", at(0), By("Rosa Vidal")), Item(2, "ajo", "gap", at(30), By("Max Dorn"))}, "not stated"},
		{"O5: a byline that is no person says nothing against the first", []*news.Item{Item(1, "kmsa", "fence", at(0), By("KMSA")), Item(2, "ajo", "gap", at(30))}, "kmsa O3"},
		{"O5: a station's two feeds with a reporter on no roster", []*news.Item{Item(1, "kmsa", "fence", By("Rosa Vidal")), Item(2, "kmsa", "gap", By("Rosa Vidal"), In(Podcast))}, "kmsa O5"},
		{"O5: a reporter on no roster, where the other item bears the desk's credit", []*news.Item{Item(1, "kmsa", "fence", By("Rosa Vidal")), Item(2, "ajo", "gap", By("Rosa Vidal"), says(deskCredit))}, "kmsa O5"},
		{"O6: not where both bear it", []*news.Item{Item(1, "kmsa", "fence", By("Rosa Vidal"), says(deskCredit)), Item(2, "ajo", "gap", By("Rosa Vidal"), says(deskCredit))}, "not stated"},
		{"O5: a reporter on no roster, where the other item is the desk's own page", []*news.Item{Item(1, "kmsa", "fence", By("Rosa Vidal")), Item(2, "ajo", "gap", By("Rosa Vidal"), URL("https://fronteras.example/stories/abc"))}, "kmsa O5"},
		{"O6: a section that is called after a source", []*news.Item{Item(2, "ajo", "gap", URL("https://ajo.example/npr-news/2031-02-04/gap"))}, "not stated"},
		{"O4: but a roster decides there, too", []*news.Item{Item(2, "ajo", "gap", By("Lee Orr"), URL("https://ajo.example/npr-news/2031-02-04/gap"))}, "kdem O4"},
		{"O6: one without a date", []*news.Item{Item(1, "kmsa", "fence", at(0)), Item(2, "ajo", "gap", Dated(time.Time{}))}, "not stated"},
		{"O5: the one without the desk's credit, though it is later", []*news.Item{Item(1, "kmsa", "fence", at(30)),
			Item(2, "ajo", "gap", says(deskCredit))}, "kmsa O5"},
		{"O6: somebody is credited whom the rules cannot take", []*news.Item{Item(1, "kmsa", "fence", at(0), By("The Associated Press")), Item(2, "ajo", "gap", at(30), By("Reuters"))}, "not stated"},
		{"O6: one credits its own station, and another a wire", []*news.Item{Item(1, "kmsa", "fence", By("Rosa Vidal (KMSA)")), Item(2, "ajo", "gap", By("Reuters"))}, "not stated"},
		{"O6: its original is on a host that nobody lists", []*news.Item{Item(2, "ajo", "gap", Claim(evidence.FromPage, "https://stranger.example/2031/02/fence"))}, "not stated"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if have, _ := elect(Neighborhood(c.items, nil), nil); show(have) != c.want {
				t.Errorf("%s, want %s", show(have), c.want)
			}
		})
	}
}

func TestAJointOriginIsNamedByAllItsMakers(t *testing.T) {
	o, _ := elect(Neighborhood([]*news.Item{Item(2, "ajo", "gap", By("Rosa Vidal (KMSA) and Lee Orr (KDEM)"))}, nil), nil)
	if o.Name != "KDEM Deming and KMSA Mesilla" || o.Station != "kdem" || !o.Made("kmsa") || len(o.With) != 1 {
		t.Errorf("%+v", o)
	}
	if one, _ := elect(Neighborhood([]*news.Item{Item(2, "ajo", "gap", By("Rosa Vidal (KMSA)"))}, nil), nil); one.Name != "KMSA Mesilla" || one.With != nil {
		t.Errorf("%+v", one)
	}
}

func TestItemsThatCreditDifferentMakers(t *testing.T) {
	for _, c := range []struct {
		name     string
		items    []*news.Item
		want     string
		conflict uint64 // the item at which it is shown; 0: there is none
	}{
		{"decide nothing, and it is shown", []*news.Item{Item(1, "kmsa", "fence", By("The Associated Press")), Item(2, "ajo", "gap", By("Reuters"))}, "not stated", 1},
		{"leave it to a roster", []*news.Item{Item(1, "kmsa", "fence", By("The Associated Press")), Item(2, "ajo", "gap", By("Reuters")), Item(3, "bisbee", "dam", By("Lee Orr"))}, "kdem O4", 1},
		{"are overruled by a claimed address", []*news.Item{Item(1, "kmsa", "fence", By("The Associated Press")), Item(2, "ajo", "gap", By("Reuters"), Claim(evidence.FromPage, fence))}, "kmsa O2", 0},
		{"are none where they agree", []*news.Item{Item(1, "kmsa", "fence", By("Reuters")), Item(2, "ajo", "gap", By("Reuters"))}, "reuters O3", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			o, conflict := elect(Neighborhood(c.items, nil), nil)
			have := uint64(0)
			if conflict != nil {
				have = conflict.Item.Number
			}
			if show(o) != c.want || have != c.conflict {
				t.Errorf("%s, conflict at %d, want %s and %d", show(o), have, c.want, c.conflict)
			}
		})
	}
}

func TestWhatCanNeverBeTheOrigin(t *testing.T) {
	t.Run("an item that claims another's address, though it is first", func(t *testing.T) {
		// Its own claim does not lead to the cluster with which it is told.
		n := Neighborhood([]*news.Item{Item(1, "ajo", "gap", at(0), Claim(evidence.FromPage, fence)), Item(2, "kdem", "dam", at(30))}, nil)
		r := cluster.Build(Desk, n)
		made := origin.Stated(Desk, n, r, origin.Coverage{Items: n.Items, Cluster: r.Of(n.Item(2)), Founder: n.Item(2)}, nil)
		if show(made.Origin) != "kdem O5" {
			t.Error(show(made.Origin))
		}
	})
	t.Run("an item that credits others alone", func(t *testing.T) {
		// A published story keeps an origin by its date while nobody credits another.
		n := Neighborhood([]*news.Item{Item(1, "ajo", "gap", By("Reuters"))}, nil)
		old := Published(5, n.Items[0].Item)
		old.Origin = &news.Origin{Maker: Desk.Maker("ajo"), Rule: news.O5}
		if o, _ := elect(n, old); show(o) != "reuters O3" {
			t.Error(show(o))
		}
	})
	returned := func(items ...*news.Item) *evidence.Neighborhood {
		n := Neighborhood(items, []*news.Story{Published(5, items[0])})
		n.Returned = map[uint64]uint64{items[1].Number: 5}
		return n
	}
	t.Run("an item that came back through the desk's feed, though it is first", func(t *testing.T) {
		if o, _ := elect(returned(Item(1, "ajo", "fence", at(30)), Item(2, "kdem", "gap", at(0))), nil); show(o) != "ajo O5" {
			t.Error(show(o))
		}
	})
	t.Run("whom such an item credits", func(t *testing.T) {
		if o, _ := elect(returned(Item(1, "ajo", "fence", at(30)), Item(2, "kdem", "gap", By("Reuters"))), nil); show(o) != "ajo O5" {
			t.Error(show(o))
		}
	})
	t.Run("on whose roster its byline is", func(t *testing.T) {
		if o, _ := elect(returned(Item(1, "ajo", "fence", at(30)), Item(2, "bisbee", "gap", By("Lee Orr"))), nil); show(o) != "ajo O5" {
			t.Error(show(o))
		}
	})
	config := Desk.Config
	config.Stations = slices.Clone(config.Stations)
	config.Stations[1].Name, config.Stations[1].Reporters = config.Site.Title, []string{"Luz Mora"}
	called := directory.New(config)
	for _, c := range []struct {
		name  string
		items []*news.Item
		want  string
	}{
		{"a station that is called like the desk, while another tells the story", []*news.Item{Item(1, "bisbee", "fence", at(0)), Item(2, "ajo", "gap", at(5))}, "ajo O5"},
		{"that station though the byline is on its roster", []*news.Item{Item(1, "bisbee", "fence", at(0), By("Luz Mora")), Item(2, "ajo", "gap", at(5))}, "ajo O5"},
		{"but it can where it is alone", []*news.Item{Item(1, "bisbee", "fence")}, "bisbee O5"},
		{"and there by its roster", []*news.Item{Item(1, "bisbee", "fence", By("Luz Mora"))}, "bisbee O4"},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := &evidence.Neighborhood{Now: Noon}
			for r := evidence.NewReader(called); len(n.Items) < len(c.items); {
				n.Items = append(n.Items, r.EvidenceOf(c.items[len(n.Items)], evidence.Feed{}))
			}
			n.IndexByAddress(nil)
			r := cluster.Build(called, n)
			if made := origin.Stated(called, n, r, telling(n, r), nil); show(made.Origin) != c.want {
				t.Errorf("%s, want %s", show(made.Origin), c.want)
			}
		})
	}
}

func TestAnEditorSaysWhoMadeIt(t *testing.T) {
	word := func(items ...uint64) news.Ruling {
		return news.Ruling{Number: 1, Verb: news.Credit, Items: items, Maker: &news.Maker{Station: "kdem", Name: "KDEM Deming"}}
	}
	copied := func() []*news.Item {
		return []*news.Item{Item(1, "kmsa", "fence"), Item(2, "ajo", "gap", Claim(evidence.FromPage, fence))}
	}
	unseen := func() []*news.Item {
		return []*news.Item{Item(2, "ajo", "gap", Claim(evidence.FromPage, canal)), Item(3, "bisbee", "dam", Claim(evidence.FromPage, canal))}
	}
	for _, c := range []struct {
		name  string
		items []*news.Item
		word  news.Ruling
		want  string
	}{
		{"O1 comes before a claimed address", copied(), word(1, 2), "kdem O1"},
		{"not where it was said of a copy alone", copied(), word(2), "kmsa O2"},
		{"of any item where the original is unseen", unseen(), word(3), "kdem O1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := Neighborhood(c.items, nil, c.word)
			r := cluster.Build(Desk, n)
			told := telling(n, r)
			if told.Founder != nil {
				told.Founder = n.Item(1)
			}
			if made := origin.Elect(Desk, n, r, told, nil); show(made.Origin) != c.want {
				t.Errorf("%s, want %s", show(made.Origin), c.want)
			}
		})
	}
	later := word(1, 2)
	later.Number, later.Maker = 2, &news.Maker{Outside: "ap", Name: "The Associated Press"}
	if o, _ := elect(Neighborhood([]*news.Item{Item(1, "kmsa", "fence")}, nil, word(1), later), nil); show(o) != "ap O1" {
		t.Errorf("the later word counts, not %s", show(o))
	}
}

func TestAPublishedStoryKeepsTheOriginThatItsItemsName(t *testing.T) {
	made := func(rule news.Rule, maker string, with ...string) *news.Origin {
		m, _ := Desk.MakerNamed(maker)
		o := &news.Origin{Maker: m, Rule: rule}
		for _, w := range with {
			o.With = append(o.With, Desk.Maker(w))
		}
		return o
	}
	pruned := func(s *news.Story) { s.Pruned = Noon }
	for _, c := range []struct {
		name  string
		items []*news.Item
		old   *news.Origin
		want  string
		more  func(*news.Story)
	}{
		{"by its date, though a copy has an earlier one now", []*news.Item{Item(1, "kmsa", "fence", at(0)), Item(2, "ajo", "gap", at(30))}, made(news.O5, "ajo"), "kmsa O5", nil},
		{"not because it was alone, where another tells the story now", []*news.Item{Item(1, "kmsa", "fence", at(0)), Item(2, "ajo", "gap", at(5))}, made(news.O5, "ajo"), "not stated", nil},
		{"not because it was alone, where another's reporter tells it now", []*news.Item{Item(1, "kmsa", "fence", at(30), By("Rosa Vidal")), Item(2, "ajo", "gap", at(0))}, made(news.O5, "ajo"), "not stated", nil},
		{"not by the date of what is no longer there", []*news.Item{Item(1, "kmsa", "fence", at(0)), Item(2, "ajo", "gap", at(5))}, made(news.O5, "kdem"), "not stated", nil},
		{"not by the date of what credits another now", []*news.Item{Item(2, "ajo", "gap", By("Reuters"))}, made(news.O5, "ajo"), "reuters O3", nil},
		{"by a credit, though another item names another now", []*news.Item{Item(1, "kmsa", "fence", By("Reuters")), Item(2, "ajo", "gap", By("The Associated Press"))}, made(news.O3, "ap"), "ap O3", nil},
		{"not by a credit that is gone", []*news.Item{Item(2, "ajo", "gap")}, made(news.O3, "ap"), "ajo O5", nil},
		{"jointly, though the credits contradict each other now", []*news.Item{Item(1, "kmsa", "fence", By("Reuters")), Item(2, "ajo", "gap", By("The Associated Press"))}, made(news.O3, "kdem", "kmsa"), "kdem kmsa O3", nil},
		{"not by a roster whose reporter is gone", []*news.Item{Item(2, "ajo", "gap")}, made(news.O4, "kdem"), "ajo O5", nil},
		{"by a roster, though nothing weaker says so", []*news.Item{Item(2, "ajo", "gap", By("Lee Orr"))}, made(news.O4, "kdem"), "kdem O4", nil},
		{"not by an address that nobody claims now", []*news.Item{Item(2, "ajo", "gap")}, made(news.O2, "kmsa"), "ajo O5", nil},
		{"not against a stronger rule", []*news.Item{Item(2, "ajo", "gap", Claim(evidence.FromPage, fence))}, made(news.O3, "ap"), "kmsa O2", nil},
		{"not by the date of what credits another now, though nothing decides", []*news.Item{Item(1, "kmsa", "fence", By("The Associated Press")), Item(2, "ajo", "gap", By("Reuters"))}, made(news.O5, "ajo"), "not stated", nil},
		{"by a credit, though a roster alone decides now", []*news.Item{Item(1, "kmsa", "fence", By("Reuters")), Item(2, "ajo", "gap", By("The Associated Press")), Item(3, "bisbee", "dam", By("Lee Orr"))}, made(news.O3, "ap"), "ap O3", nil},
		{"where it had none, it gets one", []*news.Item{Item(2, "ajo", "gap")}, nil, "ajo O5", nil},
		{"though its words have left the store", []*news.Item{Item(2, "ajo", "gap")}, made(news.O3, "ap"), "ap O3", pruned},
		{"but an address that is claimed counts also then", []*news.Item{Item(2, "ajo", "gap", Claim(evidence.FromPage, fence))}, made(news.O3, "ap"), "kmsa O2", pruned},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := Neighborhood(c.items, nil)
			old := Published(5, c.items...)
			if old.Origin = c.old; c.more != nil {
				c.more(old)
			}
			if o, _ := elect(n, old); show(o) != c.want {
				t.Errorf("%s, want %s", show(o), c.want)
			}
		})
	}
}

func TestWhyAnOriginIsOne(t *testing.T) {
	for want, items := range map[string][]*news.Item{
		"the original's address is on kmsa.example":            {Item(2, "ajo", "gap", Claim(evidence.FromPage, fence))},
		"its byline is “Rosa Vidal (KMSA)”":                    {Item(2, "ajo", "gap", By("Rosa Vidal (KMSA)"))},
		"its byline “Lee Orr” is on the roster":                {Item(2, "ajo", "gap", By("Lee Orr"))},
		"no other station tells it":                            {Item(2, "ajo", "gap")},
		"its date is the earliest, and nobody credits anybody": {Item(1, "kmsa", "fence", at(0)), Item(2, "ajo", "gap", at(30))},
	} {
		if o, _ := elect(Neighborhood(items, nil), nil); o == nil || o.Reason != want {
			t.Errorf("%+v, want %q", o, want)
		}
	}
}

// What joins items by what every carrier of a network's story shares says that they are one, not
// whose.
func TestBeingFirstEarnsNothingAmongItemsThatAreOnlyAlike(t *testing.T) {
	items := []*news.Item{Item(1, "kmsa", "fence", at(0)), Item(2, "ajo", "gap", at(30))}
	for _, c := range []struct {
		rule news.Rule
		want string
	}{{news.J3, "kmsa O5"}, {news.J4, "kmsa O5"}, {news.J5, "kmsa O5"}, {news.J6, "not stated"}, {news.J7, "not stated"}} {
		n := Neighborhood(items, nil)
		r := cluster.Build(Desk, n)
		member := func(at int, rule news.Rule) cluster.Member {
			return cluster.Member{Equivalents: r.Equivalents(n.Items[at]), Rule: rule}
		}
		told := origin.Coverage{Items: n.Items, Founder: n.Items[0]}
		told.Cluster = &cluster.Cluster{Root: r.Equivalents(n.Items[0]), Members: []cluster.Member{member(0, news.I0), member(1, c.rule)}}
		if have := origin.Stated(Desk, n, r, told, nil); show(have.Origin) != c.want {
			t.Errorf("member by %s: %s, want %s", c.rule, show(have.Origin), c.want)
		}
		told.Cluster.Members = told.Cluster.Members[:1] // its edge has gone, and the published story keeps it
		old := Published(5, items...)
		old.Edges[0].Rule = c.rule // of the second, as neighborhoods order them
		if have := origin.Stated(Desk, n, r, told, old); show(have.Origin) != c.want {
			t.Errorf("kept, once joined by %s: %s, want %s", c.rule, show(have.Origin), c.want)
		}
		for _, i := range items {
			i.Story = 0
		}
		bonds := []cluster.Bond{{Items: [2]uint64{1, 2}, Rule: c.rule}}
		told.Cluster.Root.Items, told.Cluster.Root.Bonds = n.Items, bonds
		r.Equivalents(n.Items[1]).Bonds = bonds
		if have := origin.Stated(Desk, n, r, told, nil); show(have.Origin) != c.want {
			t.Errorf("equal by %s: %s, want %s", c.rule, show(have.Origin), c.want)
		}
	}
}

func TestWhyNobodyIsNamed(t *testing.T) {
	for want, items := range map[string][]*news.Item{
		"its items credit different makers: Reuters, and The Associated Press": {Item(1, "kmsa", "fence", By("The Associated Press")), Item(2, "ajo", "gap", By("Reuters"))},
		"Radio Ajo and KMSA Mesilla tell it, and Rosa Vidal is on no roster: add Rosa Vidal to `reporters` of the station": {
			Item(1, "kmsa", "fence", By("Rosa Vidal")), Item(2, "ajo", "gap")},
		"Radio Ajo and KMSA Mesilla tell it, and none did so ten minutes before the others: a claim, a credit or a roster would say who made it": {
			Item(1, "kmsa", "fence"), Item(2, "ajo", "gap")},
		"its address is in a section called npr-news: a credit, a roster or `sections` of the source would say who made it": {
			Item(2, "ajo", "gap", URL("https://ajo.example/npr-news/2031-02-04/gap"))},
		"its claimed original is on stranger.example, which belongs to no station and no source: list the host to join them": {
			Item(2, "ajo", "gap", Claim(evidence.FromPage, "https://stranger.example/2031/02/fence"))},
	} {
		n := Neighborhood(items, nil)
		r := cluster.Build(Desk, n)
		if made := origin.Elect(Desk, n, r, telling(n, r), nil); made.Origin != nil || made.Unstated != want {
			t.Errorf("%s, %q, want %q", show(made.Origin), made.Unstated, want)
		}
	}
}

// A claim that a veto blocks joins nothing, and still says who made it, with the page.
func TestABlockedClaimNamesTheOriginal(t *testing.T) {
	more := []string{"gap", "more of it"}
	for _, c := range []struct {
		name      string
		blocked   []change
		rulings   []news.Ruling
		want, url string
	}{
		{"its feed's other item is in that story", nil, nil, "kmsa O2", fence},
		{"so also before a credit", []change{By("Reuters")}, nil, "kmsa O2", fence},
		{"not what an editor has separated", nil, []news.Ruling{{Number: 1, Verb: news.Split, Items: []uint64{3}, With: []uint64{1}}}, "ajo O5", ""},
		{"nor a translation", []change{Language("es")}, nil, "ajo O5", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			items := []*news.Item{Item(1, "kmsa", "fence"), Item(2, "ajo", more[0], Claim(evidence.FromPage, fence)),
				Item(3, "ajo", more[1], append(c.blocked, Claim(evidence.FromPage, fence))...)}
			n := Neighborhood(items, nil, c.rulings...)
			r := cluster.Build(Desk, n)
			told := origin.Coverage{Items: []*evidence.Evidence{n.Item(3)}, Founder: n.Item(3)}
			if told.Cluster = r.Of(n.Item(3)); told.Cluster == r.Of(n.Item(1)) {
				t.Fatal("the claim is not blocked")
			}
			if made := origin.Elect(Desk, n, r, told, nil); show(made.Origin) != c.want || made.URL != c.url {
				t.Errorf("%s at %q, want %s at %q", show(made.Origin), made.URL, c.want, c.url)
			}
		})
	}
}
