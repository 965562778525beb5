package feed

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"strconv"

	"fronteras/aggregator/feed/vocabulary"
	"fronteras/aggregator/news"
)

// ReaderVersion is raised when the same bytes are read into other entries: then
// what was read before is asked for anew.
const ReaderVersion = 2

// digest is that of one item: of its bytes and of whatever else shapes the
// entry, which is what all items have around them and, where the item's dates
// leave something open, what the document's dates have in common.
func (r *reader) digest(around [sha256.Size]byte, scope string, dates []string, item []byte) (d news.Digest) {
	h := sha256.New()
	h.Write(around[:])
	r.room = append(strconv.AppendQuote(r.room[:0], scope), ' ')
	h.Write(r.room)
	if r.dates.LeaveOpen(dates) {
		fmt.Fprintf(h, "%s ", r.dates.Convention())
	}
	h.Write(item)
	r.room = h.Sum(r.room[:0])
	copy(d[:], r.room)
	return d
}

// known reports whether an entry need not be read.
func (r *reader) known(d news.Digest) bool { return r.context.Known != nil && r.context.Known(d) }

// digests gives each entry its digest, and says which are known.
func (r *reader) digests(entries []news.Entry, dates [][]string) (seen []bool) {
	seen = make([]bool, len(entries))
	around := r.around()
	for i := range r.doc.Items {
		it := &r.doc.Items[i]
		entries[i].Digest = r.digest(around, it.Base+" "+it.Lang, dates[i], r.doc.Bytes(it.Whole))
		seen[i] = r.known(entries[i].Digest)
		entries[i].Seen = seen[i]
	}
	return seen
}

// around is the digest of what all items of an XML document have around them:
// the station's settings, the root and the channel with their namespaces, bases
// and languages, and what the feed lends to its items.
func (r *reader) around() [sha256.Size]byte {
	var b bytes.Buffer
	b.WriteString(r.settings())
	b.Write(r.doc.Bytes(r.doc.RootTag))
	b.Write(r.doc.Bytes(r.doc.Feed.Tag))
	for i := range r.doc.Feed.Children {
		if c := &r.doc.Feed.Children[i]; c.Word.HasTrait(vocabulary.IsLent) {
			b.Write(r.doc.Bytes(c.Whole))
		}
	}
	return sha256.Sum256(b.Bytes())
}

// settings are what shapes entries beside the document.
func (r *reader) settings() string {
	return fmt.Sprintf("%d %q %q %q ", ReaderVersion, r.context.Address, r.context.Language, r.base)
}
