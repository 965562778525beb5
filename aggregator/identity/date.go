package identity

import (
	"cmp"
	"slices"
	"time"

	"fronteras/aggregator/news"
)

// First settings of the rules about dates.
const (
	ahead      = 15 * time.Minute   // clocks differ by less
	embargoed  = 7 * 24 * time.Hour // a date further ahead is not believed
	recent     = 48 * time.Hour     // older is not announced by a feed's first document
	importSize = 10                 // new entries of one date that make an import (oursqlcommunity-org/planet#99)
	importSpan = time.Minute
	leads      = 3                // new items that show that a feed's dates are wrong
	leadSpread = 30 * time.Minute // by which their leads may differ, and the visits' interval
	leadStep   = 30 * time.Minute // zones differ by no less
	floodSize  = 5                // old new entries that are no flood
	floodShare = 4                // nor a part in so many of a document
)

var epoch = time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC) // no feed is older: an earlier date is a fault

// reliable is the date that an entry is taken to have, and whether it has to
// wait for it: none if it is absent, older than feeds are, or far ahead of the
// visit; the visit's own if it is a little ahead.
func (f *fold) reliable(date time.Time) (dated time.Time, wait *news.ItemHold) {
	if date.IsZero() {
		return date, nil
	}
	date = date.Add(-f.memory.Offset)
	now := f.arrival.At
	switch early := date.Sub(now); {
	case date.Before(epoch):
		return time.Time{}, nil
	case early <= 0:
		return date, nil
	case early <= ahead || f.arrival.Unclear:
		return now, nil
	case early <= embargoed:
		return date, &news.ItemHold{Kind: waitEmbargo, Since: now, Until: date}
	}
	return time.Time{}, nil
}

// imported finds the new entries that a CMS dated alike when it imported them:
// such dates say nothing.
func (f *fold) imported(list []*candidate) map[*candidate]bool {
	var fresh []*candidate
	for _, c := range list {
		if c.item == nil && !stated(c.entry).IsZero() {
			fresh = append(fresh, c)
		}
	}
	slices.SortFunc(fresh, compareByStated)
	alike := map[*candidate]bool{}
	for from, to := 0, 0; from < len(fresh); from++ {
		for to < len(fresh) && stated(fresh[to].entry).Sub(stated(fresh[from].entry)) <= importSpan {
			to++
		}
		if n := to - from; n >= importSize && 2*n >= len(f.arrival.Entries) {
			for _, c := range fresh[from:to] {
				alike[c] = true
			}
		}
	}
	return alike
}

func compareByStated(a, b *candidate) int {
	return cmp.Or(stated(a.entry).Compare(stated(b.entry)), slices.Compare(a.entry.Digest[:], b.entry.Digest[:]))
}

// flood holds what is new to a known feed and old, where that is more than a
// feed brings by itself: it is not announced until an editor says so.
func (f *fold) flood(list []*candidate) {
	if f.memory.Since.IsZero() {
		return
	}
	var old []*candidate
	for _, c := range list {
		late := c.dated.IsZero() || f.arrival.At.Sub(c.dated) > recent && c.dated.Before(f.memory.Last)
		if c.item == nil && c.wait == nil && !c.admitted && late {
			old = append(old, c)
		}
	}
	if len(old) <= floodSize || floodShare*len(old) <= len(f.arrival.Entries) {
		return
	}
	for _, c := range old {
		c.wait = f.flooding(c)
	}
	f.flagFeed("flood", "it brought more that is new to the desk and old than a feed does by itself: release or retract what is held")
}

// clock finds out whether a feed's dates are wrong by hours: its last new items
// were all ahead of their visits by about as much. Then that is taken off, and
// what waits for such a date waits no longer. It ends when the last new items
// need nothing taken off.
func (f *fold) clock(fresh []*candidate) {
	if f.memory.Last.IsZero() || f.arrival.At.Sub(f.memory.Last) > 2*f.arrival.Feed.Every {
		return
	}
	fresh = slices.SortedFunc(slices.Values(fresh), compareByStated)
	for _, c := range fresh {
		if date := stated(c.entry); !date.IsZero() {
			f.memory.Ahead = append(f.memory.Ahead, Lead{c.item.Number, date.Sub(f.arrival.At)})
		}
	}
	f.memory.Ahead = f.memory.Ahead[max(0, len(f.memory.Ahead)-leads):]
	if len(f.memory.Ahead) < leads {
		return
	}
	by := make([]time.Duration, leads)
	for n, l := range f.memory.Ahead {
		by[n] = l.By
	}
	slices.Sort(by)
	switch agree := by[leads-1]-by[0] <= leadSpread+f.arrival.Feed.Every; {
	case f.memory.Offset > 0 && by[leads-1] <= ahead:
		f.memory.Offset = 0
		f.memory.Flags = slices.DeleteFunc(f.memory.Flags, func(g news.Flag) bool { return g.Kind == "clock" })
	case f.memory.Offset == 0 && by[0] > ahead && by[leads-1] <= embargoed && agree:
		f.memory.Offset = (by[leads/2] + leadStep - 1) / leadStep * leadStep
		f.flagFeed("clock", "its dates are ahead by "+f.memory.Offset.String()+": so much is taken off")
		for _, l := range f.memory.Ahead {
			f.redate(f.item(l.Item))
		}
		for _, c := range fresh {
			f.redate(c.item)
		}
	}
}

// redate dates an item anew that waits for a date which was wrong.
func (f *fold) redate(i *news.Item) {
	if i.Hold == nil || i.Hold.Kind != waitEmbargo {
		return
	}
	i.TrustedDate, i.Hold = f.reliable(stated(&i.Entry))
	f.touched[i.Number] = true
}
