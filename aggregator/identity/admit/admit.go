// Package admit decides what becomes of a feed's entries: what date they have, what is held and
// why, what is in the archive only, and what is not taken at all.
package admit

import (
	"slices"
	"strconv"
	"time"

	"fronteras/aggregator/identity/visit"
	"fronteras/aggregator/identity/within"
	"fronteras/aggregator/merge"
	"fronteras/aggregator/news"
)

// Admission is what becomes of an entry.
type Admission struct {
	*within.Entry
	Section     bool       // it shows the item at another address, as another entry does
	Item        uint64     // the known item that it is; 0: a new one
	Page        *news.Page // what its page said; nil: it was not asked
	TrustedDate time.Time  // zero where its date cannot be relied on
	// TrustedUpdate is when it was modified; zero where it does not say so reliably.
	TrustedUpdate time.Time
	Embargo       *news.ItemHold // its date is ahead
	Hold          *news.ItemHold // of a new item
	ArchiveOnly   bool           // of a new item
}

// Decide decides on the entries of a document. It gives those that are taken, and what the memory
// of their feed is then.
func Decide(doc *within.Document, match *visit.Match, maxAge time.Duration) ([]Admission, visit.Memory) {
	m := doc.Memory
	var list []*Admission
	for _, e := range doc.Taken {
		a := &Admission{Entry: e, Item: match.Items[e.Places[0]], Section: match.Sections[e.Places[0]]}
		for _, place := range e.Places {
			if a.Page == nil {
				a.Page = doc.PageOf(place)
			}
		}
		stated := e.Stated()
		if stated.IsZero() && a.Page != nil && doc.Feed.WholePages {
			stated = merge.Stated(e.Entry, a.Page.Article)
		}
		a.TrustedDate, a.Embargo = TrustedDate(stated, doc.At, m.Offset, doc.Unclear)
		list = append(list, a)
	}
	imported := importedAlike(list, len(doc.Entries))
	for _, a := range imported {
		a.TrustedDate, a.Embargo = time.Time{}, nil
	}
	updates := make([]time.Time, len(list))
	for n, a := range list {
		updates[n] = a.Updated
	}
	for n, u := range TrustedUpdates(updates, doc.At, m.Offset, len(doc.Entries)) {
		list[n].TrustedUpdate = u
	}
	for _, a := range list {
		if a.Hold = a.Embargo; match.Doubtful[a.Places[0]] {
			a.Hold = &news.ItemHold{Kind: news.HoldMigration, Since: doc.At}
		}
	}
	holdFlood := func(flood []*Admission, why string) {
		for _, a := range flood {
			a.Hold = &news.ItemHold{Kind: news.HoldFlood, Since: doc.At}
			if maxAge > 0 {
				a.Hold.Until = slices.MaxFunc([]time.Time{a.TrustedDate, doc.At}, time.Time.Compare).Add(maxAge)
			}
		}
		m.RaiseFlag(news.Flag{Kind: news.FlagFlood, When: doc.At, Why: why +
			": `release FEED` publishes what is held, `retract FEED` drops it"})
	}
	if old := floodedEntries(list, doc); len(old) > 0 {
		why := "it brought more that is new to the desk and old than a feed does by itself"
		if n := len(imported); n > 0 {
			why = strconv.Itoa(n) + " new entries have one date, as an import gives them, and half of its document " +
				"or more: when they were published is not known, and they are held like old ones"
		}
		holdFlood(old, why)
	}
	day, held, refused := beyondDailyLimit(list, doc)
	if m.Day = day; len(held)+len(refused) > 0 {
		holdFlood(held, "it brought more than is taken in a day that was not known")
	}
	holdForPages(list, doc, match, visit.MaxUnasked-len(m.Unasked))
	unannounced := m.Since.IsZero() && !m.Founding
	var admitted []Admission
	for _, a := range list {
		if slices.Contains(refused, a) {
			continue
		}
		if unannounced || a.NewlyTaken {
			a.ArchiveOnly = a.TrustedDate.IsZero() || doc.At.Sub(a.TrustedDate) > recent
		}
		admitted = append(admitted, *a)
	}
	return admitted, m
}

// importedAlike returns the new entries of a document that a CMS dated alike when it imported them:
// such dates say nothing.
func importedAlike(list []*Admission, entries int) (alike []*Admission) {
	var fresh []*Admission
	for _, a := range list {
		if a.Item == 0 && !a.Stated().IsZero() {
			fresh = append(fresh, a)
		}
	}
	slices.SortFunc(fresh, func(a, b *Admission) int { return within.CompareStated(a.Entry, b.Entry) })
	for from, to := 0, 0; from < len(fresh); from++ {
		for to < len(fresh) && fresh[to].Stated().Sub(fresh[from].Stated()) <= importSpan {
			to++
		}
		if n := to - from; n >= importSize && 2*n >= entries {
			alike = append(alike, fresh[from:to]...)
		}
	}
	return alike
}

// floodedEntries returns the entries that are new to a known feed and old, where they are more than
// a feed brings by itself.
func floodedEntries(list []*Admission, doc *within.Document) (old []*Admission) {
	if doc.Memory.Since.IsZero() {
		return nil
	}
	for _, a := range list {
		isOld := a.TrustedDate.IsZero() || doc.At.Sub(a.TrustedDate) > recent && a.TrustedDate.Before(doc.Memory.Last)
		if a.Item == 0 && a.Hold == nil && !a.NewlyTaken && isOld {
			old = append(old, a)
		}
	}
	if len(old) <= floodSize || floodShare*len(old) <= len(doc.Entries) {
		return nil
	}
	return old
}

// beyondDailyLimit returns the entries of a known feed beyond what it can bring in a day, the
// oldest of them: those that are held, and those that are refused since too many are held, for
// this reason or another. So a feed with other GUIDs and addresses at each visit fills neither the
// documents nor the store.
func beyondDailyLimit(list []*Admission, doc *within.Document) (day visit.Day, held, refused []*Admission) {
	day = doc.Memory.Day
	if doc.Memory.Since.IsZero() {
		return day, nil, nil
	}
	if since := doc.At.Sub(day.Began); since < 0 || since >= dailySpan {
		day = visit.Day{Began: doc.At}
	}
	var fresh, waiting []*Admission
	for _, a := range list {
		switch {
		case a.Item != 0:
		case a.Hold == nil || a.Hold == a.Embargo: // those that the clock releases go out as well
			fresh = append(fresh, a)
		default:
			waiting = append(waiting, a)
		}
	}
	room := max(0, maxHeld-len(doc.Memory.Waiting))
	latestFirst(waiting)
	refused = waiting[min(len(waiting), room):]
	room -= len(waiting) - len(refused)
	taken := min(len(fresh), max(0, dailyNew-day.New))
	day.New += taken
	if taken == len(fresh) {
		return day, nil, refused
	}
	latestFirst(fresh)
	room = min(len(fresh), taken+room)
	return day, fresh[taken:room], slices.Concat(refused, fresh[room:])
}

func latestFirst(list []*Admission) {
	slices.SortStableFunc(list, func(a, b *Admission) int { return within.CompareStated(b.Entry, a.Entry) })
}

// holdForPages holds the new items whose article pages were not reached, until the next visit, or
// until the clock ends it where there is none.
func holdForPages(list []*Admission, doc *within.Document, match *visit.Match, room int) {
	if !doc.Feed.WholePages {
		return
	}
	for _, a := range list {
		if a.Item != 0 || a.Page != nil || a.Hold != nil || !match.Readable[a.Places[0]] || room == 0 {
			continue
		}
		room--
		a.Hold = &news.ItemHold{Kind: news.HoldPage, Since: doc.At, Until: doc.At.Add(2*doc.Feed.Every + pageWait)}
	}
}
