package feed

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"slices"
	"sort"

	"github.com/mmcdole/gofeed/atom"
	"github.com/mmcdole/gofeed/rss"

	"fronteras/aggregator/feed/bound"
	"fronteras/aggregator/feed/damage"
	"fronteras/aggregator/feed/dates"
	"fronteras/aggregator/feed/xmlrepair"
	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
)

// readXML makes entries of a repaired RSS or Atom document: of what the repair took down of its
// items, and of what gofeed's parsers read of them.
func readXML(doc *xmlrepair.Document, c Context, notes *damage.Ledger, work *bound.Work) (*Document, error) {
	notes.EnterItem(0, doc.Feed.Origin)
	base := documentBase(doc, c.Address)
	written := make([][]string, len(doc.Items))
	for i := range written {
		written[i] = doc.DateTexts(&doc.Items[i])
	}
	calendar := dates.SettleCalendar(written, cmp.Or(documentLanguage(doc), c.Language), c.Location)
	entries, seen := digestItems(doc, written, calendar, base, c)

	if err := work.Advance(len(doc.Out)); err != nil {
		return nil, err
	}

	whole := doc.Whole
	var facts news.Facts
	around := surroundings{calendar: calendar}
	origin := func(i int) int { return doc.Items[i].Origin }
	readRSS := func(order []int, items []*rss.Item) {
		around.addresses = []string{link.Clean("", c.Address), link.Clean("", facts.Self)}
		around.plainTitles = facts.Generator == ownGenerator
		complete := readItems(entries, order, items, notes, work, origin, func(i int, x *rss.Item) news.Entry {
			return readRSSItem(newElement(doc, &doc.Items[i], x.Extensions, base, notes, work), x, around)
		})
		whole = whole && complete
	}
	readAtom := func(order []int, items []*atom.Entry) {
		complete := readItems(entries, order, items, notes, work, origin, func(i int, x *atom.Entry) news.Entry {
			return readAtomEntry(newElement(doc, &doc.Items[i], x.Extensions, base, notes, work), x, around)
		})
		whole = whole && complete
	}

	own, foreign := itemsToRead(doc, seen)
	isAtom := doc.Root == "feed"
	if isAtom {
		feed, err := parseAtom(doc.ForParser(seen), work)
		if err != nil {
			return nil, err
		}
		channel := newElement(doc, &doc.Feed, feed.Extensions, base, notes, work)
		facts, around.defaults = readAtomFacts(channel, feed, calendar)
		readAtom(own, feed.Entries)
	} else {
		feed, err := parseRSS(doc.ForParser(seen), work)
		if err != nil {
			return nil, err
		}
		channel := newElement(doc, &doc.Feed, feed.Extensions, base, notes, work)
		facts, around.defaults = readRSSFacts(channel, feed, calendar)
		readRSS(own, feed.Items)
	}
	if len(foreign) > 0 {
		notes.AddRepair(damage.Structure, -1, "items of another format than the document's")
		if isAtom {
			feed, err := parseRSS(doc.ForeignForParser(foreign), work)
			if err != nil {
				return nil, err
			}
			readRSS(foreign, feed.Items)
		} else {
			feed, err := parseAtom(doc.ForeignForParser(foreign), work)
			if err != nil {
				return nil, err
			}
			readAtom(foreign, feed.Entries)
		}
	}

	if work.Err() != nil {
		return nil, work.Err()
	}
	read := slices.Clone(entries)
	kept, all := keepNewest(withoutEmpty(entries, doc), notes)
	return newDocument(facts, kept, whole && all, notes, func(item int) news.Entry { return read[item-1] }), nil
}

func parseRSS(xml []byte, work *bound.Work) (*rss.Feed, error) {
	return parseWithin("RSS", (&rss.Parser{}).Parse, xml, work)
}

func parseAtom(xml []byte, work *bound.Work) (*atom.Feed, error) {
	return parseWithin("Atom", (&atom.Parser{}).Parse, xml, work)
}

// parseWithin has one of gofeed's parsers read a text, as long as work may go on.
func parseWithin[F any](format string, parse func(io.Reader) (*F, error), xml []byte, work *bound.Work) (*F, error) {
	feed, err := parse(&parserInput{left: xml, work: work})
	switch {
	case work.Err() != nil:
		return nil, work.Err()
	case err != nil:
		return nil, fmt.Errorf("the parser of %s failed: %w", format, err)
	}
	return feed, nil
}

// parserInput gives gofeed a text, in pieces, as long as work may go on.
type parserInput struct {
	left  []byte
	piece []byte // of it
	work  *bound.Work
}

// next makes the next piece of the text the one that is read, if that is read to its end.
func (r *parserInput) next() error {
	if len(r.piece) > 0 {
		return nil
	}
	if len(r.left) == 0 {
		return io.EOF
	}
	n := min(len(r.left), 16<<10)
	r.piece, r.left = r.left[:n], r.left[n:]
	return r.work.Advance(n)
}

// Read implements [io.Reader].
func (r *parserInput) Read(p []byte) (int, error) {
	if err := r.next(); err != nil {
		return 0, err
	}
	n := copy(p, r.piece)
	r.piece = r.piece[n:]
	return n, nil
}

// ReadByte implements [io.ByteReader]: encoding/xml, which reads byte by byte, needs no buffer then.
func (r *parserInput) ReadByte() (byte, error) {
	if len(r.piece) == 0 {
		if err := r.next(); err != nil {
			return 0, err
		}
	}
	c := r.piece[0]
	r.piece = r.piece[1:]
	return c, nil
}

// itemsToRead returns the items that were not seen before, those of the other format apart, in the
// order in which gofeed returns them: those inside the channel, then those outside.
func itemsToRead(doc *xmlrepair.Document, seen []bool) (own, foreign []int) {
	for i := range doc.Items {
		switch {
		case seen[i]:
		case doc.Items[i].Foreign:
			foreign = append(foreign, i)
		default:
			own = append(own, i)
		}
	}
	sort.SliceStable(own, func(i, j int) bool {
		return !doc.Items[own[i]].OutsideChannel && doc.Items[own[j]].OutsideChannel
	})
	return own, foreign
}

// readItems makes entries of the items that gofeed returned in an order. It reports whether those
// are as many as it was given: if not, nothing says which is which, and what gofeed read is not
// used. It stops where the work is to end.
func readItems[X any](
	entries []news.Entry, order []int, items []*X, notes *damage.Ledger, work *bound.Work,
	origin func(i int) int, read func(i int, x *X) news.Entry,
) (complete bool) {
	if complete = len(items) == len(order); !complete {
		notes.AddRepair(damage.Structure, -1,
			fmt.Sprintf("%d items were handed to the parser, %d came back", len(order), len(items)))
	}
	for n, i := range order {
		if work.Advance(4<<10) != nil {
			break
		}
		x := new(X)
		if complete {
			x = items[n]
		}
		digest := entries[i].Digest
		notes.EnterItem(i+1, origin(i))
		entries[i] = read(i, x)
		entries[i].Digest = digest
	}
	return complete
}

// withoutEmpty leaves out the entries of items that hold nothing at all.
func withoutEmpty(entries []news.Entry, doc *xmlrepair.Document) []news.Entry {
	kept := entries[:0]
	for i, e := range entries {
		inner := doc.Out[doc.Items[i].Tag.To:doc.Items[i].Whole.To]
		end := bytes.LastIndex(inner, []byte("</"))
		if e.Seen || end >= 0 && len(bytes.TrimSpace(inner[:end])) > 0 {
			kept = append(kept, e)
		}
	}
	return kept
}
