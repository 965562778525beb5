package within

import (
	"slices"
	"strings"

	"fronteras/aggregator/identity/directory"
	"fronteras/aggregator/identity/visit"
	"fronteras/aggregator/news"
)

// Read compares an arrival with the last document of its feed: entries that stood there unchanged
// need nothing more, those that the desk does not take are left out, and those told twice are
// folded.
func Read(d *directory.Directory, a *visit.Arrival, m visit.Memory) *Document {
	doc := &Document{Arrival: a, Memory: m, Unchanged: map[uint64]bool{}}
	if a.Same {
		doc.Marks = m.Marks
		for _, mark := range m.Marks {
			doc.Unchanged[mark.Item] = true
		}
		return doc
	}
	known := map[news.Digest]visit.Mark{}
	passed := map[[2]uint64]bool{} // what the last document had and the desk did not take
	waited := map[[2]uint64]bool{} // those of them that wait for their pages
	for _, mark := range m.Marks {
		known[mark.Digest] = mark
		if name := [2]uint64{mark.GUID, mark.Link}; mark.Item == 0 {
			passed[name], waited[name] = true, mark.Digest == news.Digest{}
		}
	}
	doc.Marks = make([]visit.Mark, len(a.Entries))
	for n := range a.Entries {
		e := &a.Entries[n]
		wanted := func() bool { return Takes(a.Feed, e) || DependsOnPage(a.Feed, e) }
		if mark, ok := known[e.Digest]; ok && (mark.Item != 0 || e.Seen || !wanted()) {
			doc.Marks[n] = mark
			doc.Unchanged[mark.Item] = true
			continue
		}
		entry := evidenceOfEntry(d, e, n)
		name := [2]uint64{entry.Mark.GUID, entry.Mark.Link}
		entry.NewlyTaken, entry.Waited = passed[name] && !waited[name], waited[name]
		entry.DependsOnPage = DependsOnPage(a.Feed, e)
		doc.Marks[n] = entry.Mark
		if wanted() {
			doc.Taken = append(doc.Taken, entry)
		}
	}
	doc.Taken = doc.foldSections(doc.foldDoubles(d))
	return doc
}

// foldDoubles makes one of entries that tell the same thing twice in one document; the later date
// wins.
func (doc *Document) foldDoubles(d *directory.Directory) []*Entry {
	first := map[string]*Entry{}
	return slices.DeleteFunc(doc.Taken, func(e *Entry) bool {
		if !Identifies(d, doc.Arrival, doc.Memory, e.Key) {
			return false
		}
		id := e.Key + "\n" + e.Title + "\n" + strings.Join(e.Audio, "\n")
		twin, ok := first[id]
		if !ok {
			first[id] = e
			return false
		}
		if laterEntry(e, twin) {
			twin.Entry, twin.GUID = e.Entry, e.GUID
		}
		twin.Places = append(twin.Places, e.Places...)
		return true
	})
}
