package visit

import (
	"slices"
	"time"

	"fronteras/aggregator/news"
)

// Limits of what is remembered of a feed.
const (
	MaxUnasked           = 500  // pages that wait to be read: at twenty a visit that is a day
	maxReadings          = 500  // article pages that are to be read again
	maxWatched           = 500  // missing items that are followed: more are a feed that was rebuilt, not withdrawals
	rememberedItems      = 200  // whose paragraphs are kept, to tell what recurs
	rememberedParagraphs = 2000 // of those, at most
	maxUnidentified      = 1000 // addresses that identify nothing: the last that were found to be so
	recurring            = 3    // items that have a paragraph make it the feed's, not the story's
)

// Memory is what the rules keep of one feed besides its items.
type Memory struct {
	Revision     uint64        `json:"revision,omitempty"` // rises with every visit that is saved
	Since        time.Time     `json:"since,omitzero"`     // the first good document; zero before it
	Founding     bool          `json:"founding,omitempty"` // the feed was there when the store was made
	Untrusted    time.Time     `json:"untrusted,omitzero"` // since when its GUIDs do not count by themselves (I2)
	Reused       bool          `json:"reused,omitempty"`   // it was flagged that GUIDs are used again
	Distrusted   []string      `json:"broken,omitempty"`   // claims of these sources do not count
	Last         time.Time     `json:"last,omitzero"`      // the last good document
	Marks        []Mark        `json:"-"`                  // that document's entries, in order
	Flags        []news.Flag   `json:"flags,omitempty"`    // of the feed
	Trusted      time.Time     `json:"trusted,omitzero"`   // when an editor last gave back what it had lost
	Unidentified []string      `json:"nothing,omitempty"`  // keys of addresses that identify nothing in it
	Unlisted     []Unlisted    `json:"unlisted,omitempty"` // hosts that its items claim and nobody lists
	Waiting      []uint64      `json:"waiting,omitempty"`  // items held by a flood or a doubtful migration
	Day          Day           `json:"day,omitzero"`       // what it brought today
	Watched      []uint64      `json:"watched,omitempty"`  // items that are missing, or back, and not decided on
	Unasked      []uint64      `json:"unasked,omitempty"`  // items whose pages are still to be read
	Ahead        []Lead        `json:"ahead,omitempty"`    // the last three new items
	Offset       time.Duration `json:"offset,omitempty"`   // that its dates are ahead by

	Awaiting []uint64         `json:"awaiting,omitempty"` // items held until the next visit, for their pages
	Readings []PlannedReading `json:"readings,omitempty"` // of article pages, the next first
	Articles bool             `json:"articles,omitempty"` // its article pages were read at the last visit
	Reader   int              `json:"reader,omitempty"`   // number of the reader that read the last document

	// Paragraphs lists those of its last items, to tell what recurs.
	Paragraphs []Paragraph `json:"-"`
	// Learned lists those of them that this arrival brought; see Remember.
	Learned []Paragraph `json:"-"`
}

// Mark is an entry of a feed's last document: what the next one is compared with without reading
// items. Its hashes stand for the values of those names.
type Mark struct {
	Digest news.Digest
	Item   uint64 // 0: the desk did not take it
	GUID   uint64
	Link   uint64
	Title  uint64
	Date   int64 // Unix seconds, 0 if none
}

// Unlisted is a host that a feed's items claim and that nobody lists.
type Unlisted struct {
	Host  string   `json:"host"`
	Items []uint64 `json:"items"`
}

// Day counts what a known feed brought since a time.
type Day struct {
	Began time.Time `json:"began"`
	New   int       `json:"new"` // items that were not known, and not held
	// Names is how many GUIDs, addresses, claims and topics known items were given.
	Names int `json:"names,omitempty"`
}

// Lead is by how much an item's date was ahead of the visit that brought it.
type Lead struct {
	Item uint64        `json:"item"`
	By   time.Duration `json:"by"`
}

// PlannedReading is an article page that is to be read again, for corrections.
type PlannedReading struct {
	Item uint64    `json:"item"`
	Due  time.Time `json:"due"`
}

// Paragraph is one that an item of a feed has had, or what else recurs in article pages.
type Paragraph struct{ Item, Hash uint64 }

// RaiseFlag raises a flag of the feed, unless one of that kind is raised. One that an editor has
// dismissed gives way to it.
func (m *Memory) RaiseFlag(flags ...news.Flag) {
	for _, f := range flags {
		at := slices.IndexFunc(m.Flags, func(g news.Flag) bool { return g.Kind == f.Kind })
		switch {
		case at < 0:
			m.Flags = append(slices.Clip(m.Flags), f)
		case m.Flags[at].Dismissed != 0:
			m.Flags = slices.Clone(m.Flags)
			m.Flags[at] = f
		}
	}
}

// ShownFlags returns those of a list that no editor has dismissed.
func ShownFlags(flags []news.Flag) []news.Flag {
	return slices.DeleteFunc(slices.Clone(flags), func(g news.Flag) bool { return g.Dismissed != 0 })
}

// HasFlag reports whether a flag of that kind is raised.
func (m *Memory) HasFlag(kind news.FlagKind) bool {
	return slices.ContainsFunc(m.Flags, func(f news.Flag) bool { return f.Kind == kind })
}

// ClearFlags takes flags of those kinds back.
func (m *Memory) ClearFlags(kinds ...news.FlagKind) {
	m.Flags = slices.DeleteFunc(slices.Clone(m.Flags), func(f news.Flag) bool { return slices.Contains(kinds, f.Kind) })
}

// AddUnidentified adds keys of addresses that identify nothing in the feed.
func (m *Memory) AddUnidentified(keys []string) {
	all := slices.Concat(m.Unidentified, keys)
	m.Unidentified = all[max(0, len(all)-maxUnidentified):]
}

// WatchItem follows a missing item until it is decided on.
func (m *Memory) WatchItem(item uint64) {
	if !slices.Contains(m.Watched, item) && len(m.Watched) < maxWatched {
		m.Watched = append(slices.Clip(m.Watched), item)
	}
}

// StopWatching stops following an item.
func (m *Memory) StopWatching(item uint64) {
	m.Watched = slices.DeleteFunc(slices.Clone(m.Watched), func(n uint64) bool { return n == item })
}

// NotePageRead notes that an item's page was read.
func (m *Memory) NotePageRead(item uint64) {
	m.Unasked = slices.DeleteFunc(slices.Clone(m.Unasked), func(n uint64) bool { return n == item })
}

// PlanReading says when the article page of an item is to be read again; a zero time says never. Of
// more than the limit those go that would be last.
func (m *Memory) PlanReading(item uint64, due time.Time) {
	list := slices.DeleteFunc(slices.Clone(m.Readings), func(r PlannedReading) bool { return r.Item == item })
	if !due.IsZero() {
		at := slices.IndexFunc(list, func(r PlannedReading) bool { return r.Due.After(due) })
		if at < 0 {
			at = len(list)
		}
		list = slices.Insert(list, at, PlannedReading{item, due})
	}
	m.Readings = list[:min(len(list), maxReadings)]
}

// WaitsUntil is from when on something of the feed is to be decided even if its document has not
// changed: pages to be asked, items that are missing or held. False: nothing is.
func (m *Memory) WaitsUntil() (from time.Time, waits bool) {
	switch {
	case len(m.Watched)+len(m.Unasked)+len(m.Awaiting) > 0:
		return time.Time{}, true
	case len(m.Readings) > 0:
		return m.Readings[0].Due, true
	}
	return time.Time{}, false
}

// SharedTexts returns the hashes that two or more items of a list have, ascending.
func SharedTexts(list []Paragraph) []uint64 { return hadBy(list, 2) }

// RestoreTrust gives a feed back what it lost: its GUIDs, claims and addresses count again, and
// what was seen before does not count against it.
func (m *Memory) RestoreTrust(now time.Time) {
	m.Revision++
	m.Untrusted, m.Trusted, m.Reused = time.Time{}, now, false
	m.Distrusted, m.Unidentified, m.Unlisted = nil, nil, nil
	m.ClearFlags(news.FlagGUIDDistrusted, news.FlagGUIDReused, news.FlagClaimsDistrusted, news.FlagAddressDistrusted,
		news.FlagUnlistedHost, news.FlagMigration)
}

// Forget takes items out that are no more.
func (m *Memory) Forget(gone func(item uint64) bool) {
	without := func(items []uint64) []uint64 { return slices.DeleteFunc(slices.Clone(items), gone) }
	m.Revision++
	m.Waiting, m.Watched, m.Unasked = without(m.Waiting), without(m.Watched), without(m.Unasked)
	m.Awaiting = without(m.Awaiting)
	m.Readings = slices.DeleteFunc(slices.Clone(m.Readings), func(r PlannedReading) bool { return gone(r.Item) })
	m.Ahead = slices.DeleteFunc(slices.Clone(m.Ahead), func(l Lead) bool { return gone(l.Item) })
	m.Unlisted = slices.Clone(m.Unlisted)
	for n := range m.Unlisted {
		m.Unlisted[n].Items = without(m.Unlisted[n].Items)
	}
	if len(m.Waiting) == 0 {
		m.ClearFlags(news.FlagFlood, news.FlagMigrationDoubt)
	}
}

// Decide takes items out of what waits for an editor, who has decided on them. With the last of them
// go the flags.
func (m *Memory) Decide(items []uint64) {
	m.Waiting = slices.DeleteFunc(slices.Clone(m.Waiting), func(n uint64) bool { return slices.Contains(items, n) })
	if len(m.Waiting) == 0 {
		m.ReleaseWaiting()
	}
}

// Await puts items back into what waits for an editor.
func (m *Memory) Await(items []uint64) {
	m.Waiting = slices.Clone(m.Waiting)
	for _, n := range items {
		if !slices.Contains(m.Waiting, n) {
			m.Waiting = append(m.Waiting, n)
		}
	}
	slices.Sort(m.Waiting)
}

// ReleaseWaiting ends what a flood or a doubtful migration holds of the feed.
func (m *Memory) ReleaseWaiting() {
	m.Waiting = nil
	m.ClearFlags(news.FlagFlood, news.FlagMigrationDoubt)
}

// AfterSaving brings the memory up to an arrival. A document that may lack something does not stand
// for the feed.
func (m *Memory) AfterSaving(a *Arrival, marks []Mark) {
	m.Revision++
	if m.Since.IsZero() {
		m.Since = a.At
	}
	if a.Whole {
		m.Marks, m.Reader = marks, a.Reader
	}
	if a.Whole || a.Same {
		m.Last = a.At
	}
}

// MergeParagraphs puts what was learned of items into a list, in place of what those items had
// there before. It keeps what the limits allow, the latest, and takes the list for its own.
func MergeParagraphs(list, learned []Paragraph) []Paragraph {
	written := map[uint64]bool{}
	for _, p := range learned {
		written[p.Item] = true
	}
	kept := slices.DeleteFunc(list, func(p Paragraph) bool { return written[p.Item] })
	list = append(kept, learned...)
	list = list[max(0, len(list)-rememberedParagraphs):]
	items := map[uint64]bool{}
	for n, p := range slices.Backward(list) {
		items[p.Item] = true
		if len(items) > rememberedItems {
			return list[n+1:]
		}
	}
	return list
}

// Recurring returns the hashes of the paragraphs that three items have had, ascending: they are the
// feed's and none of a story's text.
func Recurring(list []Paragraph) []uint64 { return hadBy(list, recurring) }

// hadBy returns the hashes that at least that number of items have, ascending.
func hadBy(list []Paragraph, items int) []uint64 {
	hashes := make([]uint64, len(list))
	for n, p := range list {
		hashes[n] = p.Hash
	}
	slices.Sort(hashes)
	var own []uint64
	for n := items - 1; n < len(hashes); n++ {
		if h := hashes[n]; h == hashes[n-items+1] && (len(own) == 0 || own[len(own)-1] != h) {
			own = append(own, h)
		}
	}
	return own
}
