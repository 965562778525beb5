package identity

import (
	"slices"
	"time"

	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
)

// First settings of the rules about dates.
const (
	ahead      = 15 * time.Minute // clocks differ by less; a date further ahead is not believed
	recent     = 48 * time.Hour   // what a feed's first document may announce
	importSize = 10               // new entries of one date that make an import (oursqlcommunity-org/planet#99)
	importSpan = time.Minute
)

var epoch = time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC) // no feed is older: an earlier date is a fault

// keepAll writes the entries into the items that they were found to be, and
// makes new items of the rest.
func (f *fold) keepAll(list []*candidate) {
	imported := f.imported(list)
	for _, c := range list {
		var dated time.Time
		if !imported[c] {
			dated = reliable(stated(c.entry), f.arrival.At)
		}
		if c.item == nil {
			c.item = f.newItem(c, dated)
		} else {
			f.update(c, dated)
		}
		for _, place := range c.places {
			f.marks[place].Item = c.item.Number
		}
		f.present[c.item.Number] = true
	}
}

// reliable is the date that an item is taken to have: none if it is absent,
// older than feeds are, or ahead of the visit.
func reliable(date, now time.Time) time.Time {
	switch {
	case date.Before(epoch):
		return time.Time{}
	case !date.After(now):
		return date
	case date.Sub(now) <= ahead:
		return now
	}
	return time.Time{}
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
	slices.SortFunc(fresh, func(a, b *candidate) int { return stated(a.entry).Compare(stated(b.entry)) })
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

// newItem makes an item of an entry that was not known.
func (f *fold) newItem(c *candidate, dated time.Time) *news.Item {
	i := &news.Item{
		Number: f.nextItem, Station: f.arrival.Feed.Station, Feed: f.arrival.Feed.URL,
		FirstSeen: f.arrival.At, Dated: dated, Round: f.round,
	}
	f.nextItem++
	f.created++
	i.Reused = slices.ContainsFunc(f.own, func(o *news.Item) bool { return c.guid != "" && slices.Contains(o.GUIDs, c.guid) })
	if i.Reused && f.memory.Untrusted.IsZero() && !f.memory.Reused {
		f.memory.Reused = true
		f.flagFeed("guid-reused", "a guid of this feed came back with another piece of news")
	}
	if f.memory.Since.IsZero() && !f.memory.Founding {
		i.Filed = dated.IsZero() || f.arrival.At.Sub(dated) > recent
	}
	f.items[i.Number] = i
	f.write(i, c)
	return i
}

// update writes an entry into the item that it is.
func (f *fold) update(c *candidate, dated time.Time) {
	i := c.item
	if _, ok := f.before[i.Number]; !ok {
		old := i.Entry
		f.before[i.Number] = &old
	}
	if i.Entry.Digest != c.entry.Digest {
		f.edited++
	}
	if i.Dated.IsZero() {
		i.Dated = dated
	}
	f.write(i, c)
}

// write puts an entry into an item, and notes guid and link among those it had.
func (f *fold) write(i *news.Item, c *candidate) {
	i.Entry = *c.entry
	i.GUIDs = latest(i.GUIDs, c.guid)
	i.Links = latest(i.Links, link.Clean("", c.entry.URL))
	i.Gone = false
	if i.Language = ""; c.entry.Language != f.arrival.Language {
		i.Language = c.entry.Language
	}
	delete(f.texts, i)
	f.desk.restate(i, f.prose(i), f.arrival.At)
	f.touched[i.Number] = true
}

// latest puts a value at the end of a list that holds each once.
func latest(list []string, value string) []string {
	if value == "" {
		return list
	}
	return append(slices.DeleteFunc(slices.Clone(list), func(v string) bool { return v == value }), value)
}
