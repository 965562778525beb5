package identity

import (
	"maps"
	"slices"
	"time"

	"fronteras/aggregator/news"
)

// Arrival is what a visit brought: one document's entries, in its order.
type Arrival struct {
	Feed     news.Feed
	Link     string // the page that the document says its feed stands for
	Language string // that the document says its feed is in
	At       time.Time
	Last     time.Time // of the good visit before, where that brought nothing new either
	Whole    bool      // nothing is missing: what is not here has left the feed
	Entries  []news.Entry
	Same     bool           // it is the last document again, and Entries is empty
	Deleted  []news.Deleted // entries that it says are deleted
	Heads    []Head         // of pages that were asked for it
	Unclear  bool           // our own clock may be wrong: no date is taken to be ahead
}

// Unseen is how many of the entries were read, for their bytes were not known; 0 for
// no arrival.
func (a *Arrival) Unseen() (n int) {
	if a == nil {
		return 0
	}
	for _, e := range a.Entries {
		if !e.Seen {
			n++
		}
	}
	return n
}

// Reader finds what is stored already, as it was before the fold. Everything
// that it returns may be changed by its caller.
type Reader interface {
	// Find gives the numbers of the items under a key, ascending, at most limit of them.
	Find(k Key, limit int) []uint64
	// Item gives the item of that number.
	Item(number uint64) *news.Item
	// Story gives the story of that number with its items.
	Story(number uint64) *news.Story
	// Bare gives the story of that number without its items.
	Bare(number uint64) *news.Story
	// StoryOf gives the number of the story that has or had that id or public id; 0 if none.
	StoryOf(id string) uint64
	// Ruling gives the ruling of that number.
	Ruling(number uint64) news.Ruling
	// Paragraphs gives those of a feed's last items.
	Paragraphs(feed string) []Paragraph
	// Memory gives what else is kept of a feed, but for its marks.
	Memory(feed string) Memory
	// Marks gives those of a feed's last document.
	Marks(feed string) []Mark
	// Ruled gives when the present rules, or those that make keys, took the place of
	// others; zero if they never did.
	Ruled() time.Time
	// Next gives the numbers of the next new item and the next new story, and of
	// the settling that they come before.
	Next() (item, story, round uint64)
}

// Memory is what the rules keep of one feed beside its items.
type Memory struct {
	Since     time.Time     `json:"since,omitzero"`     // the first good document; zero before it
	Founding  bool          `json:"founding,omitempty"` // the feed was there when the store was made
	Untrusted time.Time     `json:"untrusted,omitzero"` // since when its guids do not count by themselves
	Reused    bool          `json:"reused,omitempty"`   // it was told that guids are used again
	Broken    []string      `json:"broken,omitempty"`   // sources of claims that do not count
	Last      time.Time     `json:"last,omitzero"`      // the last good document
	Marks     []Mark        `json:"-"`                  // that document's entries, in order
	Flags     []news.Flag   `json:"flags,omitempty"`
	Trusted   time.Time     `json:"trusted,omitzero"`  // when an editor last gave back what it had lost
	Nothing   []string      `json:"nothing,omitempty"` // keys of addresses that identify nothing in it
	Unlisted  []Stranger    `json:"unlisted,omitempty"`
	Waiting   []uint64      `json:"waiting,omitempty"` // items held by a flood or a doubtful migration
	Day       Day           `json:"day,omitzero"`
	Watched   []uint64      `json:"watched,omitempty"` // items that are missing, or back, and not decided on
	Unasked   []uint64      `json:"unasked,omitempty"` // items whose pages are still to be read
	Ahead     []Lead        `json:"ahead,omitempty"`   // the last three new items
	Offset    time.Duration `json:"offset,omitempty"`  // that its dates are ahead by

	// Paragraphs are those of its last items, to tell what recurs.
	Paragraphs []Paragraph `json:"-"`
	// Learned are those of them that this arrival brought; see Remember.
	Learned []Paragraph `json:"-"`
}

// Stranger is a host that a feed's items claim and that nobody listed.
type Stranger struct {
	Host  string   `json:"host"`
	Items []uint64 `json:"items"`
}

// Lead is by how much an item's date was ahead of the visit that brought it.
type Lead struct {
	Item uint64        `json:"item"`
	By   time.Duration `json:"by"`
}

// Paragraph is one that an item of a feed has had.
type Paragraph struct{ Item, Hash uint64 }

// Outcome is what a fold decided. Items, Stories and Memory replace what is
// stored under their numbers.
type Outcome struct {
	Items   []*news.Item  // new and changed
	Stories []*news.Story // new and changed
	Removed []uint64      // stories that are no more
	Memory  Memory
	Passing []Passing // keys of written items that lead to them for a time
	New     int       // items that were not known
	Changed int       // items whose entry is another than before
}

// Resolve decides what an arrival means: which entries are items that were known,
// which items tell one story, and who made it. It is a pure function of what
// the reader gives and the arrival.
func (d *Rules) Resolve(r Reader, a Arrival) Outcome {
	f := newFold(d, r, a)
	list := f.match()
	f.keepAll(list)
	f.readHeads()
	f.depart()
	f.group()
	return f.outcome()
}

// outcome collects what has to be written.
func (f *fold) outcome() Outcome {
	if f.arrival.Feed.URL != "" {
		f.remind()
	}
	o := Outcome{Passing: f.passingKeys(), Memory: f.memory, New: f.created, Changed: f.edited, Stories: f.result}
	kept := map[uint64]bool{}
	for _, s := range f.result {
		kept[s.Number] = true
	}
	for _, number := range slices.Sorted(maps.Keys(f.stories)) {
		if !kept[number] {
			o.Removed = append(o.Removed, number)
		}
	}
	for _, number := range slices.Sorted(maps.Keys(f.touched)) {
		i := f.items[number]
		if !i.Pruned.IsZero() { // what came of it served this fold, and is not kept
			i.Entry = i.Entry.Bare()
		}
		o.Items = append(o.Items, i)
	}
	return o
}

// passingKeys are those of all written items.
func (f *fold) passingKeys() []Passing {
	var list []Passing
	for _, t := range f.tellings {
		if f.touched[t.Number] {
			list = append(list, f.passing(t)...)
		}
	}
	return list
}

// remind brings the feed's memory up to this document. A document that may
// lack something does not stand for the feed.
func (f *fold) remind() {
	if f.memory.Since.IsZero() {
		f.memory.Since = f.arrival.At
	}
	if f.arrival.Whole {
		f.memory.Marks = f.marks
	}
	if f.arrival.Whole || f.arrival.Same {
		f.memory.Last = f.arrival.At
	}
}
