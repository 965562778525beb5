package status_test

import (
	"net/http"
	"testing"
	"time"

	"fronteras/aggregator/identity/evidence"
	"fronteras/aggregator/identity/origin"
	"fronteras/aggregator/identity/status"
	"fronteras/aggregator/news"
	. "fronteras/store/storetest/neighbors"
)

type change = func(*news.Item)

// gone is an item that its station has withdrawn an hour ago.
func gone(i *news.Item) {
	i.Gone, i.Absence = true, &news.Absence{Since: Noon.Add(-time.Hour), Asked: Noon.Add(-time.Hour), Status: http.StatusGone}
}

// source is what the page of the outside original said when an item had gone.
func source(code int) change {
	return func(i *news.Item) { gone(i); i.Absence.Source = code }
}

func held(kind news.HoldKind, until ...time.Time) change {
	return func(i *news.Item) {
		i.Hold = &news.ItemHold{Kind: kind, Since: Noon.Add(-time.Hour)}
		if len(until) > 0 {
			i.Hold.Until = until[0]
		}
	}
}

func maker(ids ...string) *news.Origin {
	o := &news.Origin{}
	for n, id := range ids {
		m, _ := Desk.MakerNamed(id)
		if n == 0 {
			o.Maker = m
		} else {
			o.With = append(o.With, m)
		}
	}
	return o
}

func word(verb news.Verb, when time.Time) news.Ruling {
	return news.Ruling{Number: 1, Verb: verb, Items: []uint64{1, 2}, When: when}
}

func TestWhetherAStoryIsPublished(t *testing.T) {
	first := func(more ...change) *news.Item { return Item(1, "kmsa", "fence", more...) }
	copied := func(more ...change) *news.Item { return Item(2, "ajo", "gap", more...) }
	kmsa := maker("kmsa")
	live, wasLive, wasRetracted := news.Story{}, news.Story{Status: news.Live, PublishedAt: Noon}, news.Story{Status: news.Retracted, PublishedAt: Noon}
	soon, before := Noon.Add(time.Minute), Noon.Add(-2*time.Hour)
	for _, c := range []struct {
		name  string
		items []*news.Item
		made  *news.Origin
		was   news.Story
		word  *news.Ruling
		want  news.Status
		by    string
		until time.Time
	}{
		{name: "it is, where nothing speaks against it", items: []*news.Item{first()}, made: kmsa, want: news.Live},

		{name: "the origin withdraws it, though another carries it", items: []*news.Item{first(gone), copied()}, made: kmsa, was: wasLive, want: news.Retracted, by: "KMSA Mesilla"},
		{name: "a carrier withdraws its own item alone", items: []*news.Item{first(), copied(gone)}, made: kmsa, was: wasLive, want: news.Live},
		{name: "one of two items of the origin goes, and it is the one that edges lead to", items: []*news.Item{first(gone), Item(3, "kmsa", "dam", In(Podcast))}, made: kmsa, was: wasLive, want: news.Retracted, by: "KMSA Mesilla"},
		{name: "one of two items of the origin goes, and it is the other", items: []*news.Item{first(), Item(3, "kmsa", "dam", In(Podcast), gone)}, made: kmsa, was: wasLive, want: news.Live},
		{name: "the item that edges lead to goes, and another station made it", items: []*news.Item{first(gone), copied()}, made: maker("ajo"), was: wasLive, want: news.Live},
		{name: "one of joint origins withdraws it, and it waits", items: []*news.Item{first(gone), copied()}, made: maker("ajo", "kmsa"), was: wasLive, want: news.Held},
		{name: "all items are gone, and nobody is its origin", items: []*news.Item{first(gone), copied(gone)}, was: wasLive, want: news.Retracted, by: "KMSA Mesilla"},
		{name: "all items are gone, and the origin says so", items: []*news.Item{first(gone), copied(gone)}, made: maker("ajo"), was: wasLive, want: news.Retracted, by: "Radio Ajo"},
		{name: "all items are gone, and the last to go says so", items: []*news.Item{first(gone), copied(gone, func(i *news.Item) { i.Absence.Since = Noon })}, made: maker("ap"), was: wasLive, want: news.Retracted, by: "Radio Ajo"},
		{name: "the origin's page was never seen, and a carrier is gone", items: []*news.Item{first(), copied(gone)}, made: maker("kdem"), was: wasLive, want: news.Live},

		{name: "an outside source's page is gone", items: []*news.Item{first(), copied(source(http.StatusGone))}, made: maker("ap"), was: wasLive, want: news.Retracted, by: "The Associated Press"},
		{name: "an outside source's page is not found", items: []*news.Item{first(), copied(source(http.StatusNotFound))}, made: maker("ap"), was: wasLive, want: news.Held},
		{name: "an outside source's page answers", items: []*news.Item{first(), copied(source(http.StatusOK))}, made: maker("ap"), was: wasLive, want: news.Live},
		{name: "an outside source's page that nobody asked says nothing of a station's story", items: []*news.Item{first(), copied(source(http.StatusGone))}, made: kmsa, was: wasLive, want: news.Live},
		{name: "gone comes before not found", items: []*news.Item{first(source(http.StatusNotFound)), copied(source(http.StatusGone)), Item(3, "kdem", "dam")}, made: maker("ap"), was: wasLive, want: news.Retracted, by: "The Associated Press"},

		{name: "every item is held", items: []*news.Item{first(held(news.HoldFlood)), copied(held(news.HoldFlood))}, made: kmsa, want: news.Held},
		{name: "one item is not held", items: []*news.Item{first(held(news.HoldFlood)), copied()}, made: kmsa, want: news.Live},
		{name: "what is there is held, the rest is gone", items: []*news.Item{first(held(news.HoldFlood)), copied(gone)}, made: kmsa, want: news.Held},
		{name: "an embargo holds until its time", items: []*news.Item{first(held(news.HoldEmbargo, soon))}, made: kmsa, want: news.Held, until: soon},
		{name: "of two embargoes the first to end", items: []*news.Item{first(held(news.HoldEmbargo, soon)), copied(held(news.HoldEmbargo, soon.Add(time.Hour)))}, made: kmsa, want: news.Held, until: soon},
		{name: "an embargo that ends now holds nothing", items: []*news.Item{first(held(news.HoldEmbargo, Noon))}, made: kmsa, want: news.Live},
		{name: "a published story is not held for a date", items: []*news.Item{first(held(news.HoldEmbargo, soon))}, made: kmsa, was: wasLive, want: news.Live},
		{name: "nor for a flood", items: []*news.Item{first(held(news.HoldFlood))}, made: kmsa, was: wasLive, want: news.Live},
		{name: "nor for a migration", items: []*news.Item{first(held(news.HoldMigration))}, made: kmsa, was: wasLive, want: news.Live},
		{name: "but for a suspicion that it was withdrawn", items: []*news.Item{first(held(news.HoldWithdrawn))}, made: kmsa, was: wasLive, want: news.Held},
		{name: "and for a wire's notice", items: []*news.Item{first(held(news.HoldKill))}, made: kmsa, was: wasLive, want: news.Held},
		{name: "a suspicion of the origin's item holds all", items: []*news.Item{first(held(news.HoldWithdrawn)), copied()}, made: kmsa, was: wasLive, want: news.Held},
		{name: "a suspicion of a carrier's item holds nothing", items: []*news.Item{first(), copied(held(news.HoldWithdrawn))}, made: kmsa, was: wasLive, want: news.Live},
		{name: "a flood of the origin's item holds no carrier's", items: []*news.Item{first(held(news.HoldFlood)), copied()}, made: kmsa, want: news.Live},

		{name: "an editor retracts it", items: []*news.Item{first()}, made: kmsa, was: wasLive, word: ptr(word(news.Retract, Noon)), want: news.Retracted, by: "Fronteras Desk"},
		{name: "an editor holds it", items: []*news.Item{first()}, made: kmsa, was: wasLive, word: ptr(word(news.Hold, Noon)), want: news.Held},
		{name: "what its origin withdraws is retracted, though an editor holds it", items: []*news.Item{first(gone)}, made: kmsa, was: wasLive, word: ptr(word(news.Hold, Noon)), want: news.Retracted, by: "KMSA Mesilla"},
		{name: "an editor releases what was held before", items: []*news.Item{first(held(news.HoldFlood))}, made: kmsa, word: ptr(word(news.Release, Noon)), want: news.Live},
		{name: "not what is held since", items: []*news.Item{first(held(news.HoldWithdrawn))}, made: kmsa, word: ptr(word(news.Release, before)), want: news.Held},
		{name: "an editor restores what was withdrawn before", items: []*news.Item{first(gone)}, made: kmsa, was: wasRetracted, word: ptr(word(news.Restore, Noon)), want: news.Live},
		{name: "not what was withdrawn since", items: []*news.Item{first(gone)}, made: kmsa, was: wasRetracted, word: ptr(word(news.Restore, before)), want: news.Retracted, by: "KMSA Mesilla"},
		{name: "nor what its feed took back since", items: []*news.Item{first(gone, func(i *news.Item) { i.Absence.Asked = time.Time{} })}, made: kmsa, was: wasRetracted, word: ptr(word(news.Restore, before)), want: news.Retracted, by: "KMSA Mesilla"},
		{name: "nor what was asked for again since", items: []*news.Item{first(gone, func(i *news.Item) { i.Absence.Since = before.Add(-time.Hour) })}, made: kmsa, was: wasRetracted, word: ptr(word(news.Restore, before)), want: news.Retracted, by: "KMSA Mesilla"},
		{name: "what is gone, nobody knows since when, stays as it is restored", items: []*news.Item{first(func(i *news.Item) { i.Gone = true })}, made: kmsa, was: live, word: ptr(word(news.Restore, before)), want: news.Live},
	} {
		t.Run(c.name, func(t *testing.T) {
			var rulings []news.Ruling
			if c.word != nil {
				rulings = append(rulings, *c.word)
			}
			n := Neighborhood(c.items, nil, rulings...)
			told := origin.Coverage{Items: n.Items, Founder: n.Item(1)}
			have := status.Decide(Desk, told, c.made, n.Rulings, &c.was, Noon)
			if have.Status != c.want || have.WithdrawnBy != c.by || !have.Until.Equal(c.until) {
				t.Errorf("it is %s by %q until %s, want %s by %q until %s", have.Status, have.WithdrawnBy, have.Until, c.want, c.by, c.until)
			}
			if retracted := c.want == news.Retracted; have.Withdrawn.IsZero() == retracted {
				t.Errorf("withdrawn at %s", have.Withdrawn)
			}
		})
	}
}

func ptr(v news.Ruling) *news.Ruling { return &v }

func TestTheLaterWordCounts(t *testing.T) {
	retract := word(news.Retract, Noon.Add(-time.Minute))
	restore := word(news.Restore, Noon)
	restore.Number = 2
	n := Neighborhood([]*news.Item{Item(1, "kmsa", "fence")}, nil, retract, restore)
	if s := status.Decide(Desk, origin.Coverage{Items: n.Items}, nil, n.Rulings, &news.Story{Status: news.Retracted}, Noon); s.Status != news.Live {
		t.Errorf("%+v", s)
	}
}

func TestAWithdrawnStoryKeepsTheTimeAndWhoDidIt(t *testing.T) {
	n := Neighborhood([]*news.Item{Item(1, "kmsa", "fence", gone)}, nil)
	told := origin.Coverage{Items: n.Items, Founder: n.Item(1)}
	earlier := Noon.Add(-time.Minute)
	for _, c := range []struct {
		name string
		was  news.Story
		when time.Time
		by   string
	}{
		{"of a story that was live it is now", news.Story{Status: news.Live, Withdrawn: earlier, WithdrawnBy: "Radio Ajo"}, Noon, "KMSA Mesilla"},
		{"of one that was withdrawn it stays", news.Story{Status: news.Retracted, Withdrawn: earlier, WithdrawnBy: "Radio Ajo"}, earlier, "Radio Ajo"},
		{"who did it is filled in", news.Story{Status: news.Retracted, Withdrawn: earlier}, earlier, "KMSA Mesilla"},
		{"the time is filled in", news.Story{Status: news.Retracted}, Noon, "KMSA Mesilla"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := status.Decide(Desk, told, maker("kmsa"), evidence.Rulings{}, &c.was, Noon)
			if !s.Withdrawn.Equal(c.when) || s.WithdrawnBy != c.by {
				t.Errorf("%s by %q", s.Withdrawn, s.WithdrawnBy)
			}
		})
	}
}
