package admit

import (
	"slices"
	"time"

	"fronteras/aggregator/identity/visit"
	"fronteras/aggregator/identity/within"
	"fronteras/aggregator/news"
)

// TrustedDate is the date that an entry is taken to have at a visit, and whether it has to wait for
// it: none if it is absent, older than feeds are, or far ahead; the visit's own if it is a little
// ahead. The feed's dates are ahead by offset. Where our own clock may be wrong, no date is ahead.
func TrustedDate(stated, visit time.Time, offset time.Duration,
	clockUnsure bool) (date time.Time, embargo *news.ItemHold) {
	if stated.IsZero() {
		return stated, nil
	}
	stated = stated.Add(-offset)
	switch early := stated.Sub(visit); {
	case stated.Before(epoch):
		return time.Time{}, nil
	case early <= 0:
		return stated, nil
	case early <= ahead || clockUnsure:
		return visit, nil
	case early <= embargoed:
		return stated, &news.ItemHold{Kind: news.HoldEmbargo, Since: visit, Until: stated}
	}
	return time.Time{}, nil
}

// TrustedUpdates are the times at which entries say that they were modified; zero where an entry does
// not, or where the time is ahead of the visit or before there were feeds, or is that at which the
// document was made: some systems give that to every entry. Offset is what the feed's dates are ahead
// by, whole how many entries the document has.
func TrustedUpdates(stated []time.Time, visit time.Time, offset time.Duration, whole int) []time.Time {
	trusted := make([]time.Time, len(stated))
	var order []int
	for n, u := range stated {
		if u = u.Add(-offset); !stated[n].IsZero() && IsPlausible(u) && !u.After(visit) {
			trusted[n], order = u, append(order, n)
		}
	}
	slices.SortFunc(order, func(a, b int) int { return stated[a].Compare(stated[b]) })
	for from, to := 0, 0; from < len(order); from++ {
		for to < len(order) && stated[order[to]].Sub(stated[order[from]]) <= importSpan {
			to++
		}
		if n := to - from; n >= touchedSize && 2*n >= whole {
			for _, same := range order[from:to] {
				trusted[same] = time.Time{}
			}
		}
	}
	return trusted
}

// IsAheadOfVisit reports whether a date is ahead of a time by more than clocks differ.
func IsAheadOfVisit(stated, now time.Time, offset time.Duration) bool {
	return stated.Add(-offset).Sub(now) > ahead
}

// IsPlausible reports whether a date is one that a feed can state.
func IsPlausible(date time.Time) bool { return !date.Before(epoch) }

// EstimateClockOffset finds out whether a feed's dates are wrong by hours: its last new items were
// all ahead of their visits by about as much. Then that is taken off, and the items whose dates
// were wrong are to be dated again. It ends when the last new items need nothing taken off.
func EstimateClockOffset(doc *within.Document, m visit.Memory,
	fresh []*news.Item) (after visit.Memory, redate []uint64) {
	every := doc.Feed.Every
	if m.Last.IsZero() || doc.At.Sub(m.Last) > 2*every {
		return m, nil
	}
	fresh = slices.SortedFunc(slices.Values(fresh), func(a, b *news.Item) int {
		return within.CompareStated(&within.Entry{Entry: a.AsFed()}, &within.Entry{Entry: b.AsFed()})
	})
	last := slices.Clone(m.Ahead)
	for _, i := range fresh {
		if date := i.AsFed().Stated(); !date.IsZero() {
			last = append(last, visit.Lead{Item: i.Number, By: date.Sub(doc.At)})
		}
	}
	m.Ahead = last[max(0, len(last)-leads):]
	if len(m.Ahead) < leads {
		return m, nil
	}
	by := make([]time.Duration, leads)
	for n, l := range m.Ahead {
		by[n] = l.By
	}
	slices.Sort(by)
	switch agree := by[leads-1]-by[0] <= leadSpread+every; {
	case m.Offset > 0 && by[leads-1] <= ahead:
		m.Offset = 0
		m.ClearFlags(news.FlagClock)
	case m.Offset == 0 && by[0] > ahead && by[leads-1] <= embargoed && agree:
		m.Offset = (by[leads/2] + leadStep - 1) / leadStep * leadStep
		m.RaiseFlag(news.Flag{Kind: news.FlagClock, Why: "its dates are ahead by " + m.Offset.String() +
			": that is taken off", When: doc.At})
		for _, l := range m.Ahead {
			redate = append(redate, l.Item)
		}
		for _, i := range fresh {
			redate = append(redate, i.Number)
		}
	}
	return m, redate
}

// RedateItems gives an item that waits for a date the one that it has with the feed's offset; nil
// where it does not wait for one.
func RedateItems(doc *within.Document, offset time.Duration, i *news.Item) *news.Item {
	if i.Hold == nil || i.Hold.Kind != news.HoldEmbargo {
		return nil
	}
	dated := *i
	dated.TrustedDate, dated.Hold = TrustedDate(i.Entry.Stated(), doc.At, offset, doc.Unclear)
	return &dated
}
