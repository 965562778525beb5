package feed

import (
	"bytes"
	"cmp"
	"fmt"
	"sort"

	"github.com/mmcdole/gofeed/atom"
	"github.com/mmcdole/gofeed/rss"

	"fronteras/aggregator/feed/damage"
	"fronteras/aggregator/feed/dates"
	"fronteras/aggregator/feed/xmlrepair"
	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
)

// readXML makes entries of a repaired RSS or Atom document: of what the repair took down of its
// items, and of what gofeed's parsers read of them.
func readXML(doc *xmlrepair.Document, c Context, notes *damage.Ledger) (*Document, error) {
	base := documentBase(doc, c.Address)
	written := make([][]string, len(doc.Items))
	for i := range written {
		written[i] = doc.DateTexts(&doc.Items[i])
	}
	calendar := dates.SettleCalendar(written, cmp.Or(documentLanguage(doc), c.Language), c.Location)
	entries, seen := digestItems(doc, written, calendar, base, c)

	whole := doc.Whole
	var facts news.Facts
	around := surroundings{calendar: calendar}
	readRSS := func(order []int, items []*rss.Item) {
		around.addresses = []string{link.Clean("", c.Address), link.Clean("", facts.Self)}
		complete := readItems(entries, order, items, notes, func(i int, x *rss.Item) news.Entry {
			return readRSSItem(newElement(doc, &doc.Items[i], x.Extensions, base, notes), x, around)
		})
		whole = whole && complete
	}
	readAtom := func(order []int, items []*atom.Entry) {
		complete := readItems(entries, order, items, notes, func(i int, x *atom.Entry) news.Entry {
			return readAtomEntry(newElement(doc, &doc.Items[i], x.Extensions, base, notes), x, around)
		})
		whole = whole && complete
	}

	own, foreign := itemsToRead(doc, seen)
	isAtom := doc.Root == "feed"
	if isAtom {
		feed, err := parseAtom(doc.ForParser(seen))
		if err != nil {
			return nil, err
		}
		facts, around.defaults = readAtomFacts(newElement(doc, &doc.Feed, feed.Extensions, base, notes), feed, calendar)
		readAtom(own, feed.Entries)
	} else {
		feed, err := parseRSS(doc.ForParser(seen))
		if err != nil {
			return nil, err
		}
		facts, around.defaults = readRSSFacts(newElement(doc, &doc.Feed, feed.Extensions, base, notes), feed, calendar)
		readRSS(own, feed.Items)
	}
	if len(foreign) > 0 {
		notes.AddRepair(damage.Structure, -1, "items of another format than the document's")
		if isAtom {
			feed, err := parseRSS(doc.ForeignForParser(foreign))
			if err != nil {
				return nil, err
			}
			readRSS(foreign, feed.Items)
		} else {
			feed, err := parseAtom(doc.ForeignForParser(foreign))
			if err != nil {
				return nil, err
			}
			readAtom(foreign, feed.Entries)
		}
	}

	kept, all := keepNewest(withoutEmpty(entries, doc), notes)
	return &Document{Facts: facts, Entries: kept, Whole: whole && all, Repairs: notes.Repairs()}, nil
}

func parseRSS(xml []byte) (*rss.Feed, error) {
	feed, err := (&rss.Parser{}).Parse(bytes.NewReader(xml))
	if err != nil {
		return nil, fmt.Errorf("the parser of RSS failed: %v", err)
	}
	return feed, nil
}

func parseAtom(xml []byte) (*atom.Feed, error) {
	feed, err := (&atom.Parser{}).Parse(bytes.NewReader(xml))
	if err != nil {
		return nil, fmt.Errorf("the parser of Atom failed: %v", err)
	}
	return feed, nil
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
// used.
func readItems[X any](
	entries []news.Entry, order []int, items []*X, notes *damage.Ledger, read func(i int, x *X) news.Entry,
) (complete bool) {
	if complete = len(items) == len(order); !complete {
		notes.AddRepair(damage.Structure, -1,
			fmt.Sprintf("%d items were handed to the parser, %d came back", len(order), len(items)))
	}
	for n, i := range order {
		x := new(X)
		if complete {
			x = items[n]
		}
		digest := entries[i].Digest
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
