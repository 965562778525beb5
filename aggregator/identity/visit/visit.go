// Package visit holds what a visit of a feed brings, and what the rules keep of the feed from one
// visit to the next. It is plain data.
package visit

import (
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
	Reader   int            // number of the reader that read the entries; see feed.ReaderVersion
	Pushed   bool           // a hub delivered it: nobody was asked for pages
	Match    *Match         // what Ask found its entries to be; nil: they are matched when it is saved
}

// CountUnseen is how many of the entries were read, for their bytes were not known; 0 for no
// arrival.
func (a *Arrival) CountUnseen() (n int) {
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

// PageOf is what the page of the new entry at a place of the document said; nil where it was not
// asked.
func (a *Arrival) PageOf(place int) *news.Page {
	for _, h := range a.Heads {
		if h.Item == 0 && h.Place == place {
			page := h.Page
			return &page
		}
	}
	return nil
}

// Head is what a page said that was asked for an item.
type Head struct {
	Place  int         // of a new entry, in the document
	Item   uint64      // of an item that is known; 0: that of the entry
	Check  bool        // it was asked whether it is still there
	Source bool        // with Check: not the item's page was asked, but its outside original's
	Entry  news.Digest // of a known item whose article page was asked for: its feed's entry
	Page   news.Page
}

// Question is a page that is to be asked before an arrival is saved.
type Question struct {
	Head    // to be given back with its Page
	URL     string
	Article bool // the whole page is to be read, not its head alone

	ETag, LastModified string // of the last reading of the article
}

// Match says what the entries of an arrival are. It is made once a visit, and stands as long as
// nothing else is saved of the feed: see Memory.Revision.
type Match struct {
	Revision  uint64         // of the memory that it was made with
	Items     map[int]uint64 // by place in the document: the known item that the entry is
	Present   []uint64       // items that were found in the document
	Twins     []Twin
	Reused    map[int]bool // places of new entries under a GUID that another item had (I1)
	Sections  map[int]bool // places of entries that show an item at another address, as another entry does
	Doubtful  map[int]bool // places of entries that may be known items under other GUIDs (I5)
	Readable  map[int]bool // places of new entries whose pages may say something
	Distrust  bool         // the document shows that the feed's GUIDs do not identify (I2)
	Shared    []string     // keys of addresses that identify nothing in the feed from now on
	FeedFlags []news.Flag
}

// Twin is an entry that looks like an item which its document shows as well (I3).
type Twin struct {
	Place       int
	With, Title string // the item's address, or GUID where it has none, and its headline
}
