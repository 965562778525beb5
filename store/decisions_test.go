package store

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"fronteras/aggregator/identity"
	"fronteras/aggregator/news"
	"fronteras/store/storetest"
)

// decisionDesk is a store with stories that editors decide on.
type decisionDesk struct {
	*Store
	t    *testing.T
	path string
	at   time.Time
}

// openDecisionDesk publishes a story of each of two stations, and one of both.
func openDecisionDesk(t *testing.T) *decisionDesk {
	path := filepath.Join(t.TempDir(), "store.db")
	d := &decisionDesk{Store: open(t, path, storetest.Rules(t)), t: t, path: path, at: storetest.Begin}
	t.Cleanup(func() { d.must(d.Close()) })
	d.must(d.Learn(t.Context(), storetest.Feeds, d.at))
	d.save(0, storetest.Entry("ajo", "wells", "Wells run dry", d.at), storetest.Entry("ajo", "rain", "Rain at last", d.at),
		storetest.Entry("ajo", "both", "Told by both", d.at))
	other := storetest.Entry("kmsa", "both", "Told by both", d.at)
	other.GUID = "https://ajo.example/?p=both"
	d.save(1, storetest.Entry("kmsa", "wet", "A wet day", d.at), other)
	d.settle()
	return d
}

func (d *decisionDesk) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

func (d *decisionDesk) save(feed int, entries ...news.Entry) {
	d.t.Helper()
	f := storetest.Feeds[feed]
	_, err := d.Save(d.t.Context(), news.FeedState{Feed: f.URL, Station: f.Station},
		&identity.Arrival{Feed: f, At: d.at, Whole: true, Entries: entries}, nil)
	d.must(err)
}

func (d *decisionDesk) settle() {
	d.t.Helper()
	_, _, err := d.Settle(d.t.Context(), d.at)
	d.must(err)
}

// order decides a minute later, and settles.
func (d *decisionDesk) order(o news.Order) (news.Ruled, error) {
	d.t.Helper()
	d.at = d.at.Add(time.Minute)
	ruled, err := d.Rule(d.t.Context(), o, d.at)
	d.settle()
	return ruled, err
}

func (d *decisionDesk) mustOrder(o news.Order) news.Ruled {
	d.t.Helper()
	ruled, err := d.order(o)
	d.must(err)
	return ruled
}

// called is the story of an item, by station and slug.
func (d *decisionDesk) called(station, slug string) *news.Story {
	d.t.Helper()
	found, err := d.Lookup("https://" + station + ".example/2031/02/" + slug)
	d.must(err)
	if len(found) != 1 {
		d.t.Fatalf("%s/%s leads to %d stories", station, slug, len(found))
	}
	return found[0]
}

// shown is what is shown of all stories.
func (d *decisionDesk) shown() (list []string) {
	d.t.Helper()
	d.must(d.EachStory(func(s *news.Story) bool {
		list = append(list, fmt.Sprintln(s.ID, s.PublicID, s.Status, s.Published, s.Modified, s.FirstSeen, s.PublishedAt,
			s.Sequence, len(s.Items), s.LeadItem, s.Flags, len(s.Aliases)))
		return true
	}))
	return list
}

// sound opens the store again, and looks for faults.
func (d *decisionDesk) sound() {
	d.t.Helper()
	d.must(d.Close())
	d.Store = open(d.t, d.path, storetest.Rules(d.t))
	c, err := d.Verify(d.t.Context())
	d.must(err)
	for _, f := range c.Faults {
		if !strings.Contains(f, "is never due") {
			d.t.Errorf("the store is not sound: %s", f)
		}
	}
}

func TestADecisionIsUndoneAndTheUndoToo(t *testing.T) {
	d := openDecisionDesk(t)
	wells, wet, rain := d.called("ajo", "wells"), d.called("kmsa", "wet"), d.called("ajo", "rain")
	for _, o := range []news.Order{
		{Verb: news.Join, Stories: []string{wells.ID, wet.ID}, Maker: "kmsa"},
		{Verb: news.Retract, Stories: []string{rain.ID, wet.ID}, Reason: "wrong"},
		{Verb: news.Hold, Stories: []string{wells.ID, wet.ID}},
		{Verb: news.Credit, Stories: []string{rain.ID}, Maker: news.NoMaker},
	} {
		t.Run(string(o.Verb), func(t *testing.T) {
			before := d.shown()
			made := d.mustOrder(o)
			after := d.shown()
			if slices.Equal(before, after) {
				t.Error("nothing was decided")
			}
			undo := d.mustOrder(news.Order{Verb: news.Undo, User: "rosa"})
			if undo.Decision.Undoes != made.Decision.Number {
				t.Errorf("undone is %d, and decided was %d", undo.Decision.Undoes, made.Decision.Number)
			}
			d.sound()
			if have := d.shown(); !slices.Equal(have, before) {
				t.Errorf("undone it is %q, and it was %q", have, before)
			}
			undone, err := d.Decision(made.Decision.Number)
			d.must(err)
			if u := undone.Undone; u == nil || u.Number != undo.Decision.Number || u.Who != "rosa" || !u.When.Equal(d.at) {
				t.Errorf("undone by %+v", u)
			}
			if _, err := d.order(news.Order{Verb: news.Undo, Decision: made.Decision.Number}); err == nil ||
				!strings.Contains(err.Error(), "is undone already: rosa did that") {
				t.Errorf("what is undone is undone again: %v", err)
			}
			d.mustOrder(news.Order{Verb: news.Undo, Decision: undo.Decision.Number})
			again, err := d.Decision(made.Decision.Number)
			d.must(err)
			if again.Undone != nil || len(d.shown()) != len(after) {
				t.Errorf("the undo is undone, and %+v", again)
			}
			d.mustOrder(news.Order{Verb: news.Undo, Decision: made.Decision.Number})
			if have := d.shown(); !slices.Equal(have, before) {
				t.Errorf("undone again it is %q, and it was %q", have, before)
			}
			d.sound()
		})
	}
	if changes, err := d.Refold(t.Context(), d.at.Add(time.Hour), false); err != nil || len(changes) > 0 {
		t.Errorf("the rules change %+v of what is undone, %v", changes, err)
	}
}

func TestWhatCannotBeUndone(t *testing.T) {
	d := openDecisionDesk(t)
	trust := d.mustOrder(news.Order{Verb: news.Trust, Feed: storetest.Feeds[0].URL, UID: 7})
	for want, o := range map[string]news.Order{
		"has no undo":                 {Verb: news.Undo, Decision: trust.Decision.Number},
		"there is no decision 99":     {Verb: news.Undo, Decision: 99},
		"you have decided nothing":    {Verb: news.Undo, UID: 7},
		"you have decided nothing th": {Verb: news.Undo, Via: news.ViaPage, User: "lucia"},
	} {
		if _, err := d.order(o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, want that it %q", o, err, want)
		}
	}
	list, err := d.Decisions(0, 0, time.Time{})
	d.must(err)
	if len(list) != 1 || list[0].CanBeUndone() {
		t.Errorf("decided is %+v", list)
	}
}

func TestAnUndoWithoutANumberIsOfTheCallersLastDecision(t *testing.T) {
	d := openDecisionDesk(t)
	hold := func(s *news.Story, uid int, via, user string) uint64 {
		return d.mustOrder(news.Order{Verb: news.Hold, Stories: []string{s.ID}, UID: uid, Via: via, User: user}).Decision.Number
	}
	byCommand := hold(d.called("ajo", "wells"), 7, "", "ana")
	onPage := hold(d.called("kmsa", "wet"), 7, news.ViaPage, "lucia")
	hold(d.called("ajo", "rain"), 8, "", "ana")
	for _, c := range []struct {
		order news.Order
		want  uint64
	}{
		{news.Order{Verb: news.Undo, UID: 7, User: "somebody"}, byCommand},
		{news.Order{Verb: news.Undo, UID: 9, Via: news.ViaPage, User: "lucia"}, onPage},
	} {
		if have := d.mustOrder(c.order).Decision.Undoes; have != c.want {
			t.Errorf("%+v undoes %d, want %d", c.order, have, c.want)
		}
	}
}

func TestAFormThatIsSentTwiceCountsOnce(t *testing.T) {
	d := openDecisionDesk(t)
	o := news.Order{Verb: news.Hold, Stories: []string{d.called("ajo", "wells").ID}, Form: "a form", Via: news.ViaPage,
		User: "lucia", Seen: map[string]string{d.called("ajo", "wells").ID: d.called("ajo", "wells").Seen()}}
	first := d.mustOrder(o)
	second := d.mustOrder(o) // it has been seen otherwise by now, and held
	if second.Decision.Number != first.Decision.Number || !second.Repeated || first.Repeated || len(second.Stories) != 1 {
		t.Errorf("sent twice it is %+v, and was %+v", second, first)
	}
	list, err := d.Decisions(0, 0, time.Time{})
	d.must(err)
	if len(list) != 1 || list[0].Via != news.ViaPage || list[0].Who != "lucia" {
		t.Errorf("decided is %+v", list)
	}
}

func TestWhatHasChangedSinceItWasShownIsNotDecided(t *testing.T) {
	d := openDecisionDesk(t)
	wells := d.called("ajo", "wells")
	d.mustOrder(news.Order{Verb: news.Hold, Stories: []string{wells.ID}, Via: news.ViaPage, User: "ana"})
	before := d.shown()
	_, err := d.order(news.Order{Verb: news.Release, Stories: []string{wells.ID}, Seen: map[string]string{wells.ID: wells.Seen()}})
	var changed *ChangedError
	if !errors.As(err, &changed) || changed.Last == nil || changed.Last.Who != "ana" || len(changed.Stories) != 1 ||
		changed.Stories[0].Status != news.Held {
		t.Fatalf("%v: %+v", err, changed)
	}
	if have := d.shown(); !slices.Equal(have, before) {
		t.Errorf("it is %q, and was %q", have, before)
	}
	now := d.called("ajo", "wells")
	d.mustOrder(news.Order{Verb: news.Release, Stories: []string{wells.ID}, Seen: map[string]string{now.ID: now.Seen()}})
}

func TestStoriesAreNamedByWhateverTheirItemsHave(t *testing.T) {
	d := openDecisionDesk(t)
	for _, name := range []string{"https://ajo.example/2031/02/wells", "https://ajo.example/?p=wells",
		d.called("ajo", "wells").PublicID} {
		if have := d.mustOrder(news.Order{Verb: news.Hold, Stories: []string{name}}).Decision.Stories; !slices.Equal(have,
			[]string{d.called("ajo", "wells").ID}) {
			t.Errorf("%s names %v", name, have)
		}
		d.mustOrder(news.Order{Verb: news.Undo})
	}
	// two stories have had one address
	d.at = d.at.Add(time.Hour)
	moved := storetest.Entry("kmsa", "wet", "A wet day", storetest.Begin)
	moved.GUID, moved.Summary = "https://ajo.example/2031/02/wells", "<p>Something else, and longer.</p>"
	moved.Digest = news.Digest{9}
	d.save(1, moved)
	d.settle()
	_, err := d.order(news.Order{Verb: news.Hold, Stories: []string{"https://ajo.example/2031/02/wells"}})
	var several *identity.AmbiguousError
	if found, lookErr := d.Lookup("https://ajo.example/2031/02/wells"); lookErr != nil || len(found) != 2 {
		t.Fatalf("it leads to %d stories, %v", len(found), lookErr)
	}
	if !errors.As(err, &several) || len(several.Stories) != 2 || !strings.Contains(err.Error(), "Wells run dry") {
		t.Errorf("several stories are named: %v", err)
	}
}

func TestDecisionsAreListedWithoutReadingAll(t *testing.T) {
	d := openDecisionDesk(t)
	wells, rain := d.called("ajo", "wells").ID, d.called("ajo", "rain").ID
	d.must(d.update(t.Context(), func(tx txn) error {
		for n := range 100_000 {
			r := news.Ruling{Number: uint64(n + 1), Verb: news.Hold, When: storetest.Begin.Add(time.Duration(n) * time.Second),
				User: "rosa", Named: []string{rain}}
			if n >= 50_000 { // one decision on half of them
				r.Decision = 50_001
			}
			if err := putRecord(tx.Bucket(bucketRulings), numberKey(r.Number), r); err != nil {
				return err
			}
		}
		return tx.Bucket(bucketRulings).SetSequence(100_000)
	}))
	d.at = storetest.Begin.Add(200_000 * time.Second)
	last := d.mustOrder(news.Order{Verb: news.Hold, Stories: []string{wells}, Reason: "why not"})
	list, err := d.Decisions(0, 50, time.Time{})
	d.must(err)
	if len(list) != 50 || list[0].Number != last.Decision.Number || list[0].Reason != "why not" || list[1].Number != 50_001 ||
		list[2].Number != 50_000 {
		t.Fatalf("listed are %+v", list)
	}
	if list, err = d.Decisions(list[2].Number, 1, time.Time{}); err != nil || len(list) != 1 || list[0].Number != 49_999 {
		t.Errorf("before that %+v, %v", list, err)
	}
	if list, err = d.Decisions(0, 0, storetest.Begin.Add(49_990*time.Second)); err != nil || len(list) != 12 {
		t.Errorf("since then %d, %v", len(list), err)
	}
	if on, err := d.DecisionsOn(d.called("ajo", "wells")); err != nil || len(on) != 1 || on[0].Number != last.Decision.Number {
		t.Errorf("on that story %+v, %v", on, err)
	}
	if _, err := d.Decision(60_000); !errors.Is(err, ErrUnknown) {
		t.Errorf("a ruling of a decision is one itself: %v", err)
	}
}

func TestADecisionOnWhatWasForgottenIsUndone(t *testing.T) {
	d := openDecisionDesk(t)
	d.at = d.at.Add(time.Hour)
	d.save(1, storetest.Entry("kmsa", "hail", "Hail in the hills", d.at))
	d.settle()
	wells, hail := d.called("ajo", "wells"), d.called("kmsa", "hail")
	join := d.mustOrder(news.Order{Verb: news.Join, Stories: []string{wells.ID, hail.ID}, Maker: "kmsa"})
	hold := d.mustOrder(news.Order{Verb: news.Hold, Stories: []string{hail.ID}})
	_, err := d.Forget(t.Context(), storetest.Feeds[1].URL, d.at.Add(-3*time.Minute), d.at, news.Ruling{User: "rosa"}, false)
	d.must(err)
	d.settle()
	for _, made := range []news.Ruled{hold, join} {
		d.mustOrder(news.Order{Verb: news.Undo, Decision: made.Decision.Number})
		d.sound()
	}
	if s := d.called("ajo", "wells"); s.ID != wells.ID || s.Status != news.Live || !s.Modified.Equal(wells.Modified) ||
		s.Origin.Name != wells.Origin.Name {
		t.Errorf("it is %s, %s, modified %v, by %+v", s.ID, s.Status, s.Modified, s.Origin)
	}
}
