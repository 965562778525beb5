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
		complete := noteMissing(len(order), len(items), notes)
		whole = whole && complete
		for n, i := range order {
			x := &rss.Item{}
			if complete {
				x = items[n]
			}
			digest := entries[i].Digest
			entries[i] = readRSSItem(newElement(doc, &doc.Items[i], x.Extensions, base, notes), x, around)
			entries[i].Digest = digest
		}
	}
	readAtom := func(order []int, items []*atom.Entry) {
		complete := noteMissing(len(order), len(items), notes)
		whole = whole && complete
		for n, i := range order {
			x := &atom.Entry{}
			if complete {
				x = items[n]
			}
			digest := entries[i].Digest
			entries[i] = readAtomEntry(newElement(doc, &doc.Items[i], x.Extensions, base, notes), x, around)
			entries[i].Digest = digest
		}
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

// itemsToRead are the items that were not seen before, those of the other format apart, in the
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

// noteMissing reports whether gofeed returned as many items as it was given. If it did not, nothing
// says which is which.
func noteMissing(given, found int, notes *damage.Ledger) bool {
	if found != given {
		notes.AddRepair(
			damage.Structure, -1, fmt.Sprintf("%d items were handed to the parser, %d came back", given, found),
		)
	}
	return found == given
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
