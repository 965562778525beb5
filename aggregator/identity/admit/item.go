package admit

import (
	"cmp"
	"reflect"
	"slices"
	"strings"
	"time"

	"fronteras/aggregator/identity/evidence"
	"fronteras/aggregator/identity/key"
	"fronteras/aggregator/identity/visit"
	"fronteras/aggregator/identity/within"
	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
	"fronteras/aggregator/text"
)

// Written holds the items that a document wrote.
type Written struct {
	Items  []*news.Item           // in the order of the entries
	Places map[int]uint64         // by place in the document: the item that the entry is
	Before map[uint64]*news.Entry // what an item's entry was
	New    []*news.Item           // those that were not known
	Late   map[uint64]bool        // items whose article pages were read for the first time, after they were known
	Edited int                    // items whose entry is another than before

	// Postponed are the known items whose entries are not taken today, by place in the document.
	Postponed map[int]uint64
	// Outgrown are the keys of what records lost to keep to [news.MaxNames], by item.
	Outgrown map[uint64][]key.Key
}

// WriteItems puts admitted entries into the items that they are, and makes items of the rest,
// numbered from next. An item that the rules of since ruled knew already claims nothing new by what
// its old entry says. It returns the feed's memory with what waits then.
func WriteItems(r *evidence.Reader, doc *within.Document, match *visit.Match, m visit.Memory, common Articles,
	admitted []Admission, known map[uint64]*news.Item, next, batch uint64, ruled time.Time) (Written, visit.Memory) {
	w := Written{Places: map[int]uint64{}, Before: map[uint64]*news.Entry{}, Postponed: map[int]uint64{},
		Outgrown: map[uint64][]key.Key{}}
	postponed := postponeNames(r, doc, &m, admitted, known)
	for n, a := range admitted {
		if postponed[n] {
			for _, place := range a.Places {
				w.Postponed[place] = a.Item
			}
			continue
		}
		if a.Section {
			continue
		}
		var i news.Item
		if a.Item == 0 {
			i = news.Item{
				Number: next, Station: doc.Feed.Station, Feed: doc.Feed.URL, FirstSeen: doc.At,
				TrustedDate: a.TrustedDate, Batch: batch,
				Hold: a.Hold, Page: a.Page, ArchiveOnly: a.ArchiveOnly, Reused: match.Reused[a.Places[0]],
			}
			next++
			if h := i.Hold; h != nil && (h.Kind == news.HoldFlood || h.Kind == news.HoldMigration) {
				m.Waiting = append(m.Waiting, i.Number)
			}
			if i.Page != nil && doc.Feed.WholePages {
				page := *i.Page
				BeginReadings(&page, doc.At, doc.Feed.Every)
				i.Page = &page
				m.PlanReading(i.Number, page.Reading.Next)
			}
			if h := i.Hold; h != nil && h.Kind == news.HoldPage {
				m.Awaiting = append(m.Awaiting, i.Number)
			}
			if i.Page == nil && match.Readable[a.Places[0]] && len(m.Unasked) < visit.MaxUnasked {
				m.Unasked = append(m.Unasked, i.Number)
			}
		} else {
			i = *known[a.Item]
			w.Before[i.Number] = previousEntry(&i, a.Entry.Entry)
			if i.AsFed().Digest != a.Digest {
				w.Edited++
			}
			if i.FirstSeen.Before(ruled) {
				i.Claims = evidence.UpdateClaims(r.Directory, &i, r.TextFeatures(&i.Entry), ruled.Add(-time.Second))
			}
			embargoed := i.Hold != nil && i.Hold.Kind == news.HoldEmbargo
			if i.TrustedDate.IsZero() || embargoed {
				i.TrustedDate = a.TrustedDate
			}
			if embargoed {
				i.Hold = embargoNow(i.Hold, a.Embargo)
			}
			if i.Gone || i.Absence != nil {
				m.WatchItem(i.Number)
			}
		}
		i.TrustedUpdate = a.TrustedUpdate
		i = MergeArticle(r, common, i, *a.Entry.Entry)
		var outgrown []key.Key
		for _, name := range a.Also {
			outgrown = append(outgrown, addNames(r, &i, name.GUID, name.URL)...)
		}
		outgrown = append(outgrown, addNames(r, &i, a.GUID, a.URL)...)
		if len(outgrown) > 0 {
			w.Outgrown[i.Number] = outgrown
		}
		if i.Language = ""; a.Language != doc.Language {
			i.Language = a.Language
		}
		i.Claims = evidence.UpdateClaims(r.Directory, &i, r.TextFeatures(&i.Entry), doc.At)
		for _, place := range a.Places {
			w.Places[place] = i.Number
		}
		if w.Items = append(w.Items, &i); a.Item == 0 {
			w.New = append(w.New, &i)
		}
	}
	for n, a := range admitted {
		if a.Section && !postponed[n] {
			w.writeSection(r, a, known[a.Item])
		}
	}
	return w, m
}

// embargoNow is the embargo of an item whose entry has come again; nil where its date is no longer
// ahead.
func embargoNow(before, now *news.ItemHold) *news.ItemHold {
	if now == nil || !before.Again {
		return now
	}
	again := *now
	again.Again = true
	return &again
}

// writeSection adds to an item, which another entry shows, what it is known by under another section.
func (w *Written) writeSection(r *evidence.Reader, a Admission, known *news.Item) {
	at := slices.IndexFunc(w.Items, func(i *news.Item) bool { return i.Number == a.Item })
	if at < 0 {
		i := *known
		w.Items, at = append(w.Items, &i), len(w.Items)
	}
	i := w.Items[at]
	outgrown := addNames(r, i, a.GUID, a.URL)
	outgrown = append(outgrown, addNames(r, i, i.Entry.GUID, i.Entry.URL)...) // the current ones stay last
	if len(outgrown) > 0 {
		w.Outgrown[i.Number] = append(w.Outgrown[i.Number], outgrown...)
	}
	for _, place := range a.Places {
		w.Places[place] = i.Number
	}
}

// addNames adds a GUID and an address to an item as the current ones. It returns the keys of what its
// record loses by that.
func addNames(r *evidence.Reader, i *news.Item, guid, address string) []key.Key {
	var guids, links []string
	i.GUIDs, guids = appendLatest(i.GUIDs, strings.TrimSpace(guid))
	i.Links, links = appendLatest(i.Links, link.Clean("", address))
	keys := key.Outgrown(r.Directory, i.Feed, guids, links)
	i.Outgrown = i.Outgrown || len(keys) > 0
	return keys
}

// previousEntry is what an item's entry was before another came. What has left the store counts as
// what comes now: nobody can say that it changed.
func previousEntry(i *news.Item, now *news.Entry) *news.Entry {
	old := i.Entry
	if !i.Pruned.IsZero() {
		old.Summary, old.Content, old.Podcast = now.Summary, now.Content, now.Podcast
		old.Images, old.Thumbnail = now.Images, now.Thumbnail
	}
	return &old
}

// appendLatest puts a value at the end of a list that holds each once, and the last
// [news.MaxNames]. It returns those that go as well.
func appendLatest(list []string, value string) (latest, gone []string) {
	if value != "" {
		list = append(slices.DeleteFunc(slices.Clone(list), func(v string) bool { return v == value }), value)
	}
	over := max(0, len(list)-news.MaxNames)
	return list[over:], list[:over]
}

// postponeNames tells, by their place among those that are admitted, which entries of known items
// are not taken today: beyond what a feed can give them in a day, those of the oldest that would
// give them GUIDs, addresses, claims or topics which they do not have. The memory counts the rest.
func postponeNames(r *evidence.Reader, doc *within.Document, m *visit.Memory, admitted []Admission,
	known map[uint64]*news.Item) map[int]bool {
	counts, total := make([]int, len(admitted)), 0
	var order []int
	for n, a := range admitted {
		if i := known[a.Item]; i != nil {
			counts[n] = countNames(r, i, a)
			total += counts[n]
			order = append(order, n)
		}
	}
	if m.Since.IsZero() || total == 0 {
		return nil
	}
	if m.Day.Names += total; m.Day.Names <= dailyNames {
		return nil
	}
	m.Day.Names -= total
	slices.SortStableFunc(order, func(a, b int) int {
		return within.CompareStated(admitted[b].Entry, admitted[a].Entry)
	})
	postponed := map[int]bool{}
	for _, n := range order {
		if postponed[n] = m.Day.Names+counts[n] > dailyNames && counts[n] > 0; !postponed[n] {
			m.Day.Names += counts[n]
		}
	}
	m.RaiseFlag(news.Flag{Kind: news.FlagFlood, When: doc.At, Why: "its items were given more GUIDs, addresses, " +
		"claims and topics than are taken in a day: what its document says of the others is taken the next day"})
	return postponed
}

// countNames counts the GUIDs, addresses, claims and topics that an entry gives an item.
func countNames(r *evidence.Reader, i *news.Item, a Admission) (n int) {
	now := *i
	now.Entry = *a.Entry.Entry
	if n = evidence.CountNew(evidence.ListClaims(r.Directory, &now, r.TextFeatures(&now.Entry)), i.Claims); n > 0 {
		n = min(n, news.MaxNames)
	}
	if a.GUID != "" && !slices.Contains(i.GUIDs, a.GUID) {
		n++
	}
	if l := link.Clean("", a.URL); l != "" && !slices.Contains(i.Links, l) {
		n++
	}
	for _, name := range a.Also {
		if name.GUID != "" && !slices.Contains(i.GUIDs, name.GUID) {
			n++
		}
		if l := link.Clean("", name.URL); l != "" && !slices.Contains(i.Links, l) {
			n++
		}
	}
	for _, topic := range a.Topics {
		if !slices.Contains(i.Entry.Topics, topic) {
			n++
		}
	}
	return n
}

// LearnedParagraphs returns the paragraphs of written items, in the order of their numbers. An item
// that has none is there with the hash 0.
func LearnedParagraphs(r *evidence.Reader, items []*news.Item) (learned []visit.Paragraph) {
	items = slices.SortedFunc(slices.Values(items), func(a, b *news.Item) int {
		return cmp.Compare(a.Number, b.Number)
	})
	for _, i := range items {
		seen := map[uint64]bool{}
		for _, b := range r.TextFeatures(&i.Entry).Blocks {
			if h := text.Hash(b.Text); !seen[h] {
				seen[h] = true
				learned = append(learned, visit.Paragraph{Item: i.Number, Hash: h})
			}
		}
		if i.Page != nil && i.Page.Article != nil { // also what is left out of it
			for _, p := range paragraphsOfArticle(i.Number, i.Page.Article) {
				if !seen[p.Hash] {
					seen[p.Hash] = true
					learned = append(learned, p)
				}
			}
		}
		if len(seen) == 0 {
			learned = append(learned, visit.Paragraph{Item: i.Number})
		}
	}
	return learned
}

// UpdateClaimsOfItem gives an item the claims that it makes by the current rules; nil where they
// are those that it has.
func UpdateClaimsOfItem(r *evidence.Reader, i *news.Item, now time.Time) *news.Item {
	restated := *i
	restated.Claims = evidence.UpdateClaims(r.Directory, i, r.TextFeatures(&i.Entry), now)
	if reflect.DeepEqual(restated.Claims, i.Claims) {
		return nil
	}
	return &restated
}

// ApplyLatePage gives an item the head of its page, which was read after the item was saved.
func ApplyLatePage(r *evidence.Reader, i *news.Item, page news.Page, now time.Time) *news.Item {
	read := *i
	read.Page = &page
	read.Claims = evidence.UpdateClaims(r.Directory, &read, r.TextFeatures(&read.Entry), now)
	return &read
}

// ExpireHold ends the hold of an item that the clock has ended; nil where it has not. What a flood
// held is no longer news, since nobody released it while it was.
func ExpireHold(i *news.Item, now time.Time) *news.Item {
	h := i.Hold
	if h == nil || h.Until.IsZero() || h.Until.After(now) {
		return nil
	}
	expired := *i
	expired.ArchiveOnly = i.ArchiveOnly || h.Kind == news.HoldFlood
	expired.Hold = nil
	return &expired
}

// HoldItem holds an item; nil where it is held already.
func HoldItem(i *news.Item, kind news.HoldKind, since time.Time) *news.Item {
	if i.Hold != nil {
		return nil
	}
	held := *i
	held.Hold = &news.ItemHold{Kind: kind, Since: since}
	return &held
}

// withoutDateline is a text's first paragraph without the dateline that begins it.
func withoutDateline(p *evidence.TextFeatures) string {
	if len(p.Blocks) == 0 {
		return ""
	}
	return strings.TrimSpace(evidence.Dateline.ReplaceAllString(p.Blocks[0].Text, ""))
}
