package storetest

import (
	"testing"
	"time"

	"fronteras/aggregator/identity"
	"fronteras/aggregator/news"
)

// The stories of a span of time are found by their times, as are those next to it; withdrawn ones are
// passed over, and say only when they left.
func storiesAreFoundByDay(t *testing.T, tr *trial) {
	at := func(hours int) time.Time { return Begin.Add(time.Duration(hours) * time.Hour) }
	tr.saveDocument(
		Feeds[0],
		Begin,
		Entry("ajo", "rain", "Rain at last", at(-1)),
		Entry("ajo", "wells", "Wells run dry", at(-25)),
		Entry("ajo", "bridge", "Bridge closes", at(-26)),
		Entry("ajo", "error", "Told in error", at(-27)),
		Entry("ajo", "chile", "Chile harvest", at(-73)),
	)
	tr.settleStories(Begin)
	withdrawn := at(1)
	tr.ruleAndSettle(identity.Order{Verb: news.Retract, Stories: []string{tr.storyWithGUID(guidOf("ajo", "error")).ID},
		Reason: "wrong", User: "rosa"}, withdrawn)
	for _, c := range []struct {
		from, to, skip, n int
		titles            []string
		left, more        bool
	}{
		{-36, -24, 0, 10, []string{"Wells run dry", "Bridge closes"}, true, false},
		{-36, -24, 0, 1, []string{"Wells run dry"}, false, true},
		{-36, -24, 1, 1, []string{"Bridge closes"}, true, false},
		{-36, -24, 2, 1, nil, true, false},
		{-26, -25, 0, 10, []string{"Bridge closes"}, false, false}, // from is in it, to is not
		{-60, -36, 0, 10, nil, false, false},
		{-2, 100, 0, 10, []string{"Rain at last"}, false, false},
		{-100, -72, 0, 10, []string{"Chile harvest"}, false, false},
		{-1e6, -1e5, 0, 10, nil, false, false}, // before 1970
	} {
		span, err := tr.PublishedBetween(at(c.from), at(c.to), c.skip, c.n)
		tr.mustSucceed(err)
		ok := len(span.Stories) == len(c.titles) && span.More == c.more && !span.Left.IsZero() == c.left
		for n, s := range span.Stories {
			ok = ok && s.Item(s.LeadItem).Entry.Title == c.titles[n]
		}
		if !ok {
			t.Errorf("from %d to %d, %d of them after %d: %+v, want %q", c.from, c.to, c.n, c.skip, span, c.titles)
		}
	}
	for _, c := range []struct{ at, before, from int }{ // hours; 0: nothing
		{0, -1, 0}, {-1, -25, -1}, {-24, -25, -1}, {-25, -26, -25}, {-27, -73, -26}, {-73, 0, -73}, {-1e6, 0, -73},
	} {
		before, err := tr.PublishedBefore(at(c.at))
		tr.mustSucceed(err)
		from, err := tr.PublishedFrom(at(c.at))
		tr.mustSucceed(err)
		if before.IsZero() != (c.before == 0) || !before.IsZero() && !before.Equal(at(c.before)) ||
			from.IsZero() != (c.from == 0) || !from.IsZero() && !from.Equal(at(c.from)) {
			t.Errorf("%d hours: %s before, %s from then on; want %d and %d", c.at, before, from, c.before, c.from)
		}
	}
	for _, c := range []struct {
		from, to, n int
		want        time.Time
	}{{-36, -24, 10, withdrawn}, {-36, -24, 2, Begin}, {-60, -36, 10, time.Time{}}} {
		if last, err := tr.ChangedBetween(at(c.from), at(c.to), c.n); !last.Equal(c.want) || err != nil {
			t.Errorf("from %d to %d the %d newest changed %s, %v; want %s", c.from, c.to, c.n, last, err, c.want)
		}
	}
}
