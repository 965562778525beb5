package feed

import (
	"crypto/sha256"
	"fmt"
	"strconv"

	"fronteras/aggregator/feed/dates"
	"fronteras/aggregator/feed/vocabulary"
	"fronteras/aggregator/feed/xmlrepair"
	"fronteras/aggregator/news"
)

// ReaderVersion is raised when the same bytes are read into other entries: then what was read
// before is read again.
const ReaderVersion = 4

// digestItems gives each item of an XML document an entry with its digest, and says which were seen
// before. What all items have around them counts as well: the station's settings, the root and the
// channel with their namespaces, bases and languages, and what the feed lends to its items.
func digestItems(
	doc *xmlrepair.Document, written [][]string, calendar *dates.Calendar, base string, c Context,
) (entries []news.Entry, seen []bool) {
	lent := append(settingsOf(c, base), doc.Bytes(doc.RootTag)...)
	lent = append(lent, doc.Bytes(doc.Feed.Tag)...)
	for i := range doc.Feed.Children {
		if child := &doc.Feed.Children[i]; child.Word.HasTrait(vocabulary.IsLent) {
			lent = append(lent, doc.Bytes(child.Whole)...)
		}
	}
	around := sha256.Sum256(lent)
	entries, seen = make([]news.Entry, len(doc.Items)), make([]bool, len(doc.Items))
	for i := range doc.Items {
		item := &doc.Items[i]
		entries[i] = newEntry(digestOf(around, item.Base+" "+
			""+item.Lang, written[i], calendar, doc.Bytes(item.Whole)), c)
		seen[i] = entries[i].Seen
	}
	return entries, seen
}

// newEntry has a digest and nothing else yet.
func newEntry(digest news.Digest, c Context) news.Entry {
	return news.Entry{Digest: digest, Seen: c.Known != nil && c.Known(digest)}
}

// settingsOf returns what shapes entries outside the document.
func settingsOf(c Context, base string) []byte {
	return fmt.Appendf(nil, "%d %q %q %q ", ReaderVersion, c.Address, c.Language, base)
}

// digestOf is the digest of one item: of its bytes and of whatever else shapes the entry, which is
// what all items have around them and, where the item's dates leave something open, what the
// document's dates have in common.
func digestOf(
	around [sha256.Size]byte, scope string, written []string, calendar *dates.Calendar, item []byte,
) (d news.Digest) {
	h := sha256.New()
	h.Write(around[:])
	var room [128]byte
	h.Write(append(strconv.AppendQuote(room[:0], scope), ' '))
	if calendar.LeaveOpen(written) {
		fmt.Fprintf(h, "%s ", calendar.Convention())
	}
	h.Write(item)
	copy(d[:], h.Sum(room[:0]))
	return d
}
