// Package feed reads a station's document, RSS, Atom or JSON Feed, into entries.
//
// It is pure: bytes in, entries out, no clock, no network, no store. A document is mended as far as
// that can be done without guessing what a person wrote, and every repair is counted. The packages
// below it are its steps: charset, xmlrepair, dates, htmlclean; damage and vocabulary are their
// words.
package feed

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sort"
	"time"

	"fronteras/aggregator/feed/bound"
	"fronteras/aggregator/feed/charset"
	"fronteras/aggregator/feed/damage"
	"fronteras/aggregator/feed/xmlrepair"
	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
	"fronteras/aggregator/panics"
	"fronteras/aggregator/text"
)

// Context is what Parse must know that the document does not say.
type Context struct {
	ContentType string // of the answer, "" if there was none
	Address     string // the final address; a file's is not a base for what is in it
	Language    string // the station's, BCP 47; "" if not stated

	// Location is the zone of dates that name none. Nil leaves it to the document: the one offset
	// that all its other dates have, otherwise UTC.
	Location *time.Location

	// Known reports whether the entry of a digest is known. Such an entry is not read: it comes out
	// with its Digest alone, and Seen. Nil knows none.
	Known func(news.Digest) bool
}

// What Parse found wrong with a document.
type (
	Repair       = damage.Repair
	LimitError   = damage.LimitError
	NotFeedError = damage.NotFeedError
)

// Document is what a feed's document says.
type Document struct {
	Facts   news.Facts
	Entries []news.Entry // in the document's order

	// Whole is false when anything may be missing: the document was cut off, a limit reached, or
	// fewer entries came out than began. Then nothing may be concluded from what is absent, and the
	// validators must not be kept.
	Whole   bool
	Repairs []damage.Repair
	Losses  []news.Loss // what is not taken of the feed itself, and of the entries that were read
}

// newDocument is a document with what was noted of it; read gives the entry of an item, counted
// from 1.
func newDocument(
	facts news.Facts, entries []news.Entry, whole bool, notes *damage.Ledger, read func(item int) news.Entry,
) *Document {
	d := &Document{Facts: facts, Entries: entries, Whole: whole, Repairs: notes.Repairs()}
	for _, r := range d.Repairs {
		if !r.IsLoss() {
			continue
		}
		loss := news.Loss{What: r.String()}
		if r.Item > 0 {
			e := read(r.Item)
			loss.Item, loss.Title = e.Digest, text.Excerpt(e.Title)
		}
		d.Losses = append(d.Losses, loss)
	}
	return d
}

// Parse reads an RSS, Atom or JSON Feed document, damaged or not, after decompression. It fails
// with a [*NotFeedError] where there is none, with a [*LimitError] where one costs more than is
// taken, with a [*panics.Error] where a parser panicked, and with the error of ctx soon after that has
// ended; then nothing is taken of it.
func Parse(ctx context.Context, body []byte, c Context) (doc *Document, err error) {
	work := bound.Begin(ctx, timeFor(len(body)))
	defer work.End()
	defer func() {
		if p := recover(); p != nil {
			doc, err = nil, fmt.Errorf("the parser failed: %w", panics.Recovered(p))
		}
	}()
	if work.Err() != nil {
		return nil, work.Err()
	}
	decoded, repairs := charset.Decode(body, c.ContentType)
	if err := work.Advance(len(body)); err != nil {
		return nil, err
	}
	if isJSON(decoded) {
		return readJSON(decoded, repairs, c, work)
	}
	legal, illegal := charset.DropIllegal(decoded)
	repaired, mended, err := xmlrepair.Repair(legal, xmlrepair.Limits{
		Depth: maxDepth, Elements: maxElements, Items: maxItems, Work: work,
	})
	if err != nil {
		return nil, resolveFeeds(err, c.Address)
	}
	notes := damage.NewLedger(legal)
	for _, stage := range [][]damage.Repair{repairs, illegal, mended} {
		notes.IncludeRepairs(stage)
	}
	return readXML(repaired, c, notes, work)
}

// timeFor is how much of the processor's time reading a document of a size may take.
func timeFor(size int) time.Duration {
	return maxTime + time.Duration(max(0, size-maxTimeSize)>>20)*time.Second
}

// resolveFeeds makes what an HTML page announces absolute.
func resolveFeeds(err error, address string) error {
	var page *damage.NotFeedError
	if errors.As(err, &page) {
		var feeds []string
		for _, raw := range page.Feeds {
			if feed := link.Resolve(address, raw); feed != "" {
				feeds = append(feeds, feed)
			} else if address == "" {
				feeds = append(feeds, text.Excerpt(text.OneLine(raw)))
			}
		}
		page.Feeds = feeds
		if next := link.Resolve(address, page.Next); next != "" && next != address && len(next) <= maxTitle {
			page.Next = link.RedactMarked(next)
		} else {
			page.Next = ""
		}
	}
	return err
}

// keepNewest keeps the newest entries where a document has more than are taken, and reports whether
// it had no more. An undated one counts as the one before it.
func keepNewest(entries []news.Entry, notes *damage.Ledger) (kept []news.Entry, all bool) {
	if len(entries) <= takenItems {
		return entries, true
	}
	notes.EnterItem(0, -1)
	notes.AddLimit(" items", len(entries), takenItems, "the newest are taken")
	dates := make([]time.Time, len(entries))
	ranks := make([]int, len(entries))
	for i, e := range entries {
		ranks[i] = i
		dates[i] = e.Published
		if dates[i].IsZero() && i > 0 {
			dates[i] = dates[i-1]
		}
	}
	sort.SliceStable(ranks, func(i, j int) bool { return dates[ranks[i]].After(dates[ranks[j]]) })
	ranks = ranks[:takenItems]
	sort.Ints(ranks)
	kept = make([]news.Entry, 0, takenItems)
	for _, i := range ranks {
		kept = append(kept, entries[i])
	}
	return kept, false
}

// isJSON reports whether a text begins as a JSON document does.
func isJSON(text []byte) bool {
	text = bytes.TrimLeft(text, " \t\r\n")
	return len(text) > 0 && (text[0] == '{' || text[0] == '[')
}
