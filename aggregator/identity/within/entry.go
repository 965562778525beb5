package within

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"fronteras/aggregator/identity/directory"
	"fronteras/aggregator/identity/key"
	"fronteras/aggregator/identity/visit"
	"fronteras/aggregator/news"
	"fronteras/aggregator/text"
)

// Entry is an entry of an arrival that the desk takes and that is to be matched.
type Entry struct {
	*news.Entry
	Places     []int    // in the document: several where it is there twice
	GUID       string   // trimmed
	Key        string   // of its address
	Audio      []string // keys of its enclosures
	Mark       visit.Mark
	Also       []Name // of the entry under other sections of the document
	NewlyTaken bool   // it stood in the last document, and was not taken then

	DependsOnPage bool // the topics of its page decide whether it is taken
	Waited        bool // it has waited for its page since the last document
}

// Name is what else an entry is known by: where it stands under another section of its document.
type Name struct{ GUID, URL, Key string }

// names returns an entry under each of its names, itself first.
func (e *Entry) names() []*Entry {
	all := []*Entry{e}
	for _, name := range e.Also {
		under := *e
		under.GUID, under.Key = name.GUID, name.Key
		all = append(all, &under)
	}
	return all
}

// Document is an arrival compared with the last document of its feed.
type Document struct {
	*visit.Arrival
	Memory    visit.Memory
	Marks     []visit.Mark    // of its entries, in order; of entries that were known, with their items
	Unchanged map[uint64]bool // items whose entries are as they were in the last document
	Taken     []*Entry        // what is to be matched
}

// noHash stands for no GUID and no address.
var noHash = text.Hash("")

func evidenceOfEntry(d *directory.Directory, e *news.Entry, place int) *Entry {
	entry := &Entry{Entry: e, Places: []int{place}, GUID: strings.TrimSpace(e.GUID), Key: d.Key(e.URL),
		Audio: d.EnclosureKeys(e)}
	entry.Mark = visit.Mark{Digest: e.Digest, GUID: text.Hash(entry.GUID), Link: text.Hash(entry.Key),
		Title: text.Hash(e.Title)}
	if t := e.Stated(); !t.IsZero() {
		entry.Mark.Date = t.Unix()
	}
	return entry
}

// laterEntry orders two entries of one document by their dates, then by content, so that their
// places do not matter.
func laterEntry(a, b *Entry) bool {
	return cmp.Or(a.Stated().Compare(b.Stated()), a.Updated.Compare(b.Updated),
		slices.Compare(a.Digest[:], b.Digest[:])) > 0
}

// CompareStated orders two entries by the dates that they state, then by content.
func CompareStated(a, b *Entry) int {
	return cmp.Or(a.Stated().Compare(b.Stated()), slices.Compare(a.Digest[:], b.Digest[:]))
}

// Identifies reports whether the address of a key can identify an item of an arrival's feed: the
// document's own page does not, nor what several items of the feed have had.
func Identifies(d *directory.Directory, a *visit.Arrival, m visit.Memory, key string) bool {
	return d.Identifies(key) && key != d.Key(a.Link) && !slices.Contains(m.Unidentified, key)
}

// Keys returns those under which the items are that entries of the document could be.
func (doc *Document) Keys(d *directory.Directory) (keys []key.Key) {
	for _, e := range doc.Taken {
		for _, name := range e.names() {
			keys = append(keys, key.GUID(d, doc.Feed.URL, name.GUID)...)
			if Identifies(d, doc.Arrival, doc.Memory, name.Key) {
				keys = append(keys, key.Address(name.Key))
			}
		}
		keys = append(keys, key.Date(doc.Feed.URL, e.Entry))
		if e.GUID == "" {
			keys = append(keys, key.Headline(doc.Feed.URL, e.Entry))
		}
	}
	return keys
}

// GUIDs returns those of the entries that are to be matched.
func (doc *Document) GUIDs() (list []string) {
	for _, e := range doc.Taken {
		for _, name := range e.names() {
			if name.GUID != "" {
				list = append(list, name.GUID)
			}
		}
	}
	return list
}

// Addresses returns those of the entries that are to be matched.
func (doc *Document) Addresses() (list []string) {
	for _, e := range doc.Taken {
		if e.Key != "" {
			list = append(list, e.URL)
		}
		for _, name := range e.Also {
			if name.Key != "" {
				list = append(list, name.URL)
			}
		}
	}
	return list
}

// Present returns the items that the document shows, given which of its entries are which by place,
// and its marks with their items.
func (doc *Document) Present(match *visit.Match, places map[int]uint64) (present map[uint64]bool, marks []visit.Mark) {
	present, marks = maps.Clone(doc.Unchanged), slices.Clone(doc.Marks)
	for _, n := range match.Present {
		present[n] = true
	}
	for place, n := range places {
		present[n] = true
		marks[place].Item = n
	}
	return present, marks
}

// Unread returns the pages of new entries that may say something, the newest first.
func (doc *Document) Unread(match *visit.Match) (questions []visit.Question) {
	fresh := slices.DeleteFunc(slices.Clone(doc.Taken), func(e *Entry) bool { return !match.Readable[e.Places[0]] })
	slices.SortFunc(fresh, func(a, b *Entry) int { return CompareStated(b, a) })
	for _, e := range fresh {
		questions = append(questions, visit.Question{Head: visit.Head{Place: e.Places[0]}, URL: e.URL,
			Article: doc.Feed.WholePages})
	}
	return questions
}
