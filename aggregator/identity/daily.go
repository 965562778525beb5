package identity

import (
	"slices"
	"time"

	"fronteras/aggregator/news"
)

// What a feed can bring that was not known before.
const (
	dailyNew  = 500   // items that go out in a day; more are held
	heldMost  = 5_000 // items held for an editor; more are not taken at all
	dailySpan = 24 * time.Hour
)

// Day counts what a known feed brought since a time.
type Day struct {
	Began time.Time `json:"began"`
	New   int       `json:"new"` // items that were not known, and not held
}

// daily holds what a known feed brings beyond a day's bound, the oldest of it, so
// that a feed with other guids and addresses at each visit fills neither the
// documents nor, since it can have so many held and no more, the store. It gives
// the entries that are taken.
func (f *fold) daily(list []*candidate) []*candidate {
	if f.memory.Since.IsZero() {
		return list
	}
	day := &f.memory.Day
	if since := f.arrival.At.Sub(day.Began); since < 0 || since >= dailySpan {
		*day = Day{Began: f.arrival.At}
	}
	var fresh []*candidate
	for _, c := range list {
		if c.item == nil && c.wait == nil {
			fresh = append(fresh, c)
		}
	}
	taken := min(len(fresh), max(0, dailyNew-day.New))
	day.New += taken
	if taken == len(fresh) {
		return list
	}
	slices.SortStableFunc(fresh, func(a, b *candidate) int { return compareByStated(b, a) })
	room := max(0, heldMost-len(f.memory.Waiting))
	refused := map[*candidate]bool{}
	for n, c := range fresh[taken:] {
		if c.wait = f.flooding(c); n >= room {
			refused[c] = true
		}
	}
	f.flagFeed("flood", "it brought more than is taken in a day that was not known: release or retract what is held")
	return slices.DeleteFunc(list, func(c *candidate) bool { return refused[c] })
}

// flooding is the wait of an entry that its feed brought with too many others.
func (f *fold) flooding(c *candidate) *news.ItemHold {
	w := &news.ItemHold{Kind: waitFlood, Since: f.arrival.At}
	if f.desk.MaxAge > 0 {
		w.Until = latestOf(c.dated, f.arrival.At).Add(f.desk.MaxAge)
	}
	return w
}
