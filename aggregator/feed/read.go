package feed

import (
	"bytes"
	"fmt"
	"sort"

	"github.com/mmcdole/gofeed/atom"
	"github.com/mmcdole/gofeed/rss"

	"fronteras/aggregator/feed/damage"
	"fronteras/aggregator/feed/dates"
	"fronteras/aggregator/feed/xmlrepair"
	"fronteras/aggregator/news"
)

// reader makes entries of what the scan noted and what gofeed read.
type reader struct {
	*damage.Ledger
	context Context
	doc     *xmlrepair.Document
	dates   *dates.Calendar
	base    string // of addresses where no xml:base is in scope
	facts   news.Facts
	lent    lent
	room    []byte // for what is hashed
}

// lent is what a feed lends to entries that do not say it themselves.
type lent struct {
	language, rights, license string
	authors                   []news.Person
}

// read makes the document.
func (r *reader) read() (*Document, error) {
	r.base = r.fallback()
	entries := make([]news.Entry, len(r.doc.Items))
	written := make([][]string, len(entries))
	for i := range written {
		written[i] = r.doc.DateTexts(&r.doc.Items[i])
	}
	r.dates = dates.SettleCalendar(written, first(r.feedLanguage(), r.context.Language), r.context.Location)
	seen := r.digests(entries, written)
	whole := r.doc.Whole
	if err := r.own(entries, seen, &whole); err != nil {
		return nil, err
	}
	if err := r.others(entries, seen, &whole); err != nil {
		return nil, err
	}
	entries = r.withoutEmpty(entries)
	entries = newest(entries, &whole, r.Ledger)
	return &Document{Facts: r.facts, Entries: entries, Whole: whole, Repairs: r.Repairs()}, nil
}

// own reads the items of the document's own format.
func (r *reader) own(entries []news.Entry, seen []bool, whole *bool) error {
	order := r.order(seen, false)
	xml := bytes.NewReader(r.doc.ForParser(seen))
	if r.doc.Root == "feed" {
		feed, err := (&atom.Parser{}).Parse(xml)
		if err != nil {
			return fmt.Errorf("the parser of Atom failed: %v", err)
		}
		r.atomFacts(feed)
		r.atomEntries(entries, order, feed.Entries, whole)
		return nil
	}
	feed, err := (&rss.Parser{}).Parse(xml)
	if err != nil {
		return fmt.Errorf("the parser of RSS failed: %v", err)
	}
	r.rssFacts(feed)
	r.rssEntries(entries, order, feed.Items, whole)
	return nil
}

// others reads items of the other format, by that format's parser.
func (r *reader) others(entries []news.Entry, seen []bool, whole *bool) error {
	order := r.order(seen, true)
	if len(order) == 0 {
		return nil
	}
	r.AddRepair(damage.Structure, -1, "items of another format than the document's")
	xml := bytes.NewReader(r.doc.ForeignForParser(order))
	if r.doc.Root == "feed" {
		feed, err := (&rss.Parser{}).Parse(xml)
		if err != nil {
			return fmt.Errorf("the parser of RSS failed: %v", err)
		}
		r.rssEntries(entries, order, feed.Items, whole)
		return nil
	}
	feed, err := (&atom.Parser{}).Parse(xml)
	if err != nil {
		return fmt.Errorf("the parser of Atom failed: %v", err)
	}
	r.atomEntries(entries, order, feed.Entries, whole)
	return nil
}

// order lists items in the order in which gofeed returns them: those inside the
// channel, then those beside it.
func (r *reader) order(seen []bool, foreign bool) []int {
	var order []int
	for i, it := range r.doc.Items {
		if !seen[i] && it.Foreign == foreign {
			order = append(order, i)
		}
	}
	if !foreign {
		sort.SliceStable(order, func(i, j int) bool {
			return !r.doc.Items[order[i]].OutsideChannel && r.doc.Items[order[j]].OutsideChannel
		})
	}
	return order
}

func (r *reader) rssEntries(entries []news.Entry, order []int, items []*rss.Item, whole *bool) {
	r.compare(len(items), len(order), whole)
	for n, i := range order {
		x := &rss.Item{}
		if len(items) == len(order) {
			x = items[n]
		}
		digest := entries[i].Digest
		entries[i] = r.rssEntry(&r.doc.Items[i], x)
		entries[i].Digest = digest
	}
}

func (r *reader) atomEntries(entries []news.Entry, order []int, items []*atom.Entry, whole *bool) {
	r.compare(len(items), len(order), whole)
	for n, i := range order {
		x := &atom.Entry{}
		if len(items) == len(order) {
			x = items[n]
		}
		digest := entries[i].Digest
		entries[i] = r.atomEntry(&r.doc.Items[i], x)
		entries[i].Digest = digest
	}
}

// compare raises an alarm where gofeed returns another number of items than the
// scan handed over: then nothing can be told of which is which.
func (r *reader) compare(found, given int, whole *bool) {
	if found != given {
		*whole = false
		r.AddRepair(damage.Structure, -1, fmt.Sprintf("%d items were handed to the parser, %d came back", given, found))
	}
}

// withoutEmpty leaves out items that hold nothing at all.
func (r *reader) withoutEmpty(entries []news.Entry) []news.Entry {
	kept := entries[:0]
	for i, e := range entries {
		if e.Seen || !r.empty(&r.doc.Items[i]) {
			kept = append(kept, e)
		}
	}
	return kept
}

func (r *reader) empty(it *xmlrepair.Item) bool {
	inner := r.doc.Out[it.Tag.To:it.Whole.To]
	end := bytes.LastIndex(inner, []byte("</"))
	return end < 0 || len(bytes.TrimSpace(inner[:end])) == 0
}
