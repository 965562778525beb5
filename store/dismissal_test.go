package store

import (
	"slices"
	"testing"
	"time"

	"fronteras/aggregator/identity"
	"fronteras/aggregator/news"
	"fronteras/store/storetest"
)

// dismiss leaves as it is what a case asks, and gives the number of the decision.
func (d *decisionDesk) dismiss(a asked) (number uint64) {
	d.t.Helper()
	d.at = d.at.Add(time.Minute)
	d.must(d.update(d.t.Context(), func(tx txn) error {
		r := dismissalOf(tx, identity.RulingOf(news.Order{Verb: news.Dismiss, User: "rosa"}, d.at), a)
		err := applyRuling(tx, &r)
		number = r.Number
		return err
	}))
	return number
}

func (d *decisionDesk) kindsOf(station, slug string) (kinds []news.FlagKind) {
	for _, g := range d.called(station, slug).Flags {
		kinds = append(kinds, g.Kind)
	}
	return kinds
}

func TestWhatIsDismissedIsAskedNoMoreUntilThatIsUndone(t *testing.T) {
	d := openDecisionDesk(t)
	council := "Council votes on water rates tonight"
	d.at = d.at.Add(time.Hour)
	d.save(0, storetest.Entry("ajo", "council", council, d.at))
	d.save(1, storetest.Entry("kmsa", "rates", council, d.at))
	d.settle()
	same := []news.FlagKind{news.FlagSameTitle}
	if have := d.kindsOf("ajo", "council"); !slices.Equal(have, same) {
		t.Fatalf("asked is %v", have)
	}
	a, b := d.called("ajo", "council"), d.called("kmsa", "rates")
	number := d.dismiss(asked{items: a.Members, with: b.Members, kinds: same})
	for range 2 { // also when its feed is visited again
		if x, y := d.kindsOf("ajo", "council"), d.kindsOf("kmsa", "rates"); len(x)+len(y) > 0 {
			t.Errorf("dismissed are %v and %v", x, y)
		}
		d.at = d.at.Add(time.Hour)
		edited := storetest.Entry("kmsa", "rates", council, d.at)
		edited.Rights, edited.Digest = "© Radio Mesilla", news.Digest{7}
		d.save(1, edited)
		d.settle()
	}
	on, err := d.DecisionsOn(d.called("ajo", "council"))
	d.must(err)
	if len(on) != 1 || on[0].Verb != news.Dismiss || !slices.Equal(on[0].Stories, []string{a.ID, b.ID}) {
		t.Errorf("decided is %+v", on)
	}
	d.mustOrder(news.Order{Verb: news.Undo, Decision: number})
	if x, y := d.kindsOf("ajo", "council"), d.kindsOf("kmsa", "rates"); !slices.Equal(x, same) || !slices.Equal(y, same) {
		t.Errorf("undone, asked is %v and %v", x, y)
	}
	d.sound()
}

func TestAFeedsFlagThatIsDismissedIsHiddenUntilItIsRaisedAgain(t *testing.T) {
	d := openDecisionDesk(t)
	feed := storetest.Feeds[0].URL
	raise := func(why string) {
		d.must(d.update(t.Context(), func(tx txn) error {
			m := reader{tx: tx.sealedTx}.Memory(feed)
			m.RaiseFlag(news.Flag{Kind: news.FlagClock, Why: why, When: d.at})
			return writeMemory(tx, feed, feedNumber(tx.sealedTx, feed), m)
		}))
	}
	shown := func() (whys []string) {
		flags, err := d.FeedFlags(feed)
		d.must(err)
		for _, g := range flags {
			whys = append(whys, g.Why)
		}
		return whys
	}
	raise("an hour ahead")
	number := d.dismiss(asked{kinds: []news.FlagKind{news.FlagClock}, feed: feed})
	if have := shown(); len(have) > 0 {
		t.Errorf("dismissed, and shown are %q", have)
	}
	d.mustOrder(news.Order{Verb: news.Undo, Decision: number})
	if have := shown(); !slices.Equal(have, []string{"an hour ahead"}) {
		t.Errorf("undone, shown are %q", have)
	}
	d.dismiss(asked{kinds: []news.FlagKind{news.FlagClock}, feed: feed})
	raise("two hours ahead")
	if have := shown(); !slices.Equal(have, []string{"two hours ahead"}) {
		t.Errorf("raised again, shown are %q", have)
	}
}
