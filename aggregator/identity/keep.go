package identity

import (
	"maps"
	"slices"
	"time"

	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
)

// keepAll writes the entries into the items that they were found to be, and
// makes new items of the rest.
func (f *fold) keepAll(list []*candidate) {
	imported := f.imported(list)
	for _, c := range list {
		if c.dated, c.late = f.reliable(stated(c.entry)); imported[c] {
			c.dated, c.late = time.Time{}, nil
		}
		if c.wait == nil {
			c.wait = c.late
		}
	}
	f.flood(list)
	list = f.daily(list)
	var fresh []*candidate
	for _, c := range list {
		if c.item == nil {
			c.item = f.newItem(c)
			fresh = append(fresh, c)
		} else {
			f.update(c)
		}
		for _, place := range c.places {
			f.marks[place].Item = c.item.Number
		}
		f.present[c.item.Number] = true
	}
	f.clock(fresh)
	f.learn(list)
	f.wearOut(list)
	for _, c := range list {
		f.kill(c.item)
	}
}

// worn is how many items of a feed, or headlines in one document, an address may
// have before it identifies nothing there.
const worn = 3

// wearOut notes the addresses that identify nothing in this feed, because three
// items have had them, or three headlines stand under one. They stay so until
// an editor says otherwise.
func (f *fold) wearOut(list []*candidate) {
	type uses struct { // each at most as many as wear it out
		items  []uint64
		titles []string
	}
	of := make(map[string]*uses, len(list))
	put := func(i *news.Item) {
		for _, l := range i.Links {
			if u := of[f.desk.key(l)]; u != nil && i.FirstSeen.After(f.memory.Trusted) && len(u.items) < worn && !slices.Contains(u.items, i.Number) {
				u.items = append(u.items, i.Number)
			}
		}
	}
	for _, c := range list {
		if !f.identifies(c.link) {
			continue
		}
		u := of[c.link]
		if u == nil {
			u = &uses{}
			of[c.link] = u
		}
		if len(u.titles) < worn && !slices.Contains(u.titles, c.entry.Title) {
			u.titles = append(u.titles, c.entry.Title)
		}
	}
	for _, i := range f.own {
		put(i)
	}
	for _, c := range list {
		put(c.item)
	}
	for _, key := range slices.Sorted(maps.Keys(of)) {
		if u := of[key]; len(u.items) >= worn || len(u.titles) >= worn {
			f.memory.Nothing = append(f.memory.Nothing, key)
			f.flagFeed("address-distrusted", "several of its items have the address "+key+": it identifies none of them")
		}
	}
}

// newItem makes an item of an entry that was not known.
func (f *fold) newItem(c *candidate) *news.Item {
	i := &news.Item{
		Number: f.nextItem, Station: f.arrival.Feed.Station, Feed: f.arrival.Feed.URL,
		FirstSeen: f.arrival.At, TrustedDate: c.dated, Batch: f.round, Hold: c.wait, Page: c.page,
	}
	f.nextItem++
	f.created++
	i.Reused = slices.ContainsFunc(f.own, func(o *news.Item) bool { return c.guid != "" && slices.Contains(o.GUIDs, c.guid) })
	if i.Reused && f.memory.Untrusted.IsZero() && !f.memory.Reused {
		f.memory.Reused = true
		f.flagFeed("guid-reused", "a guid of this feed came back with another piece of news")
	}
	if f.memory.Since.IsZero() && !f.memory.Founding || c.admitted {
		i.ArchiveOnly = c.dated.IsZero() || f.arrival.At.Sub(c.dated) > recent
	}
	if w := i.Hold; w != nil && (w.Kind == waitFlood || w.Kind == waitMigration) {
		f.memory.Waiting = append(f.memory.Waiting, i.Number)
	}
	if i.Page == nil && len(f.memory.Unasked) < unaskedMost && f.readable(c.entry) {
		f.memory.Unasked = append(f.memory.Unasked, i.Number)
	}
	f.items[i.Number] = i
	f.write(i, c)
	return i
}

// update writes an entry into the item that it is.
func (f *fold) update(c *candidate) {
	i := c.item
	if _, ok := f.before[i.Number]; !ok {
		f.before[i.Number] = lastKnown(i, c.entry)
	}
	if i.Entry.Digest != c.entry.Digest {
		f.edited++
	}
	if since := f.ruledSince(); i.FirstSeen.Before(since) { // what the old entry claims by newer rules is nothing new
		f.desk.restate(i, f.prose(i), since.Add(-time.Second))
	}
	embargo := i.Hold != nil && i.Hold.Kind == waitEmbargo
	if i.TrustedDate.IsZero() || embargo {
		i.TrustedDate = c.dated
	}
	if embargo {
		i.Hold = c.late
	}
	if i.Gone || i.Absence != nil {
		f.watch(i.Number)
	}
	f.write(i, c)
}

// lastKnown is what an item's entry was before another came. What of it has left
// the store counts as what comes now: nobody can say that it changed.
func lastKnown(i *news.Item, now *news.Entry) *news.Entry {
	old := i.Entry
	if !i.Pruned.IsZero() {
		old.Summary, old.Content, old.Images, old.Podcast = now.Summary, now.Content, now.Images, now.Podcast
	}
	return &old
}

// write puts an entry into an item, and notes guid and link among those it had.
func (f *fold) write(i *news.Item, c *candidate) {
	i.Entry = *c.entry
	i.GUIDs = latest(i.GUIDs, c.guid)
	i.Links = latest(i.Links, link.Clean("", c.entry.URL))
	if i.Language = ""; c.entry.Language != f.arrival.Language {
		i.Language = c.entry.Language
	}
	delete(f.texts, i)
	delete(f.headlines, i)
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
