// Package absence decides what it means that an item is missing from its feed, that its page is
// gone, or that it is back.
//
//	an item that                                            is then
//	left the middle of its feed                             missing: its page is asked
//	… and its page says 410, or 404 twice an hour apart     withdrawn
//	… and its page says 404 once                            held (withdrawn)
//	… and its page answers                                  not missing: it only left the feed
//	… and no page can be asked, ten minutes later           held (withdrawn)
//	is called deleted by its own feed                       withdrawn
//	is missing and in its feed again                        not missing
//	was withdrawn by its page, and is in two good visits
//	  with its page                                         live again (returned)
//	was withdrawn by its feed, and is in it again           withdrawn (returned is flagged)
//	is in its feed, and its article page, read again,
//	  says 410 or 404                                       as one that is missing
//	… and answers, read once more                           not missing
package absence

import (
	"maps"
	"net/http"
	"slices"
	"time"

	"fronteras/aggregator/identity/directory"
	"fronteras/aggregator/identity/visit"
	"fronteras/aggregator/identity/within"
	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
	"fronteras/aggregator/text"
)

// Limits of the rules about what leaves a feed. They are first settings, not configuration.
const (
	olderBelow = 2                // older entries that are still there below an entry show that it did not scroll off
	shortFeed  = 3                // in a document with so few entries, one does
	heldAfter  = 10 * time.Minute // without an answer
	askedAgain = time.Hour        // after which a page is asked the second and last time
	maxChecks  = 2                // of one page
)

// Missing returns the numbers of the items that were in the last document and are not in this one,
// while older entries that stood below them still are. So nothing is missed that has scrolled off,
// and nothing in a document that lost more than half.
func Missing(doc *within.Document, present map[uint64]bool) (missing []uint64) {
	last := doc.Memory.Marks
	if doc.Same || len(last) == 0 || !doc.Whole {
		return nil
	}
	guids, links := map[uint64]bool{}, map[uint64]bool{}
	none := text.Hash("")
	for _, m := range doc.Marks {
		guids[m.GUID], links[m.Link] = true, true
	}
	there := func(m visit.Mark) bool {
		return m.Item != 0 && present[m.Item] || m.GUID != none && guids[m.GUID] ||
			m.GUID == none && m.Link != none && links[m.Link]
	}
	lost := len(slices.DeleteFunc(slices.Clone(last), there))
	if lost == 0 || 2*lost > len(last) {
		return nil
	}
	need := olderBelow
	if len(last) <= shortFeed {
		need = 1
	}
	for n, m := range last {
		if m.Item == 0 || there(m) {
			continue
		}
		older := 0
		for _, o := range last[n+1:] {
			if there(o) && o.Date != 0 && o.Date < m.Date {
				older++
			}
		}
		if older >= need {
			missing = append(missing, m.Item)
		}
	}
	return missing
}

// Visit is what a visit shows of the items of its feed.
type Visit struct {
	*within.Document
	Present map[uint64]bool // items that the document shows
	Missing []uint64
}

// Concerns returns the numbers of the items that a visit may decide on: those that the memory
// watches, that are missing, or that a page was asked for.
func (v Visit) Concerns(m visit.Memory) []uint64 {
	numbers := slices.Concat(m.Watched, v.Missing)
	for _, h := range v.Heads {
		if h.Check {
			numbers = append(numbers, h.Item)
		}
	}
	return numbers
}

// Next decides on the items that are or were missing, given by number as they are now: see
// Concerns. It returns those that changed, and the memory of the feed then.
func Next(d *directory.Directory, v Visit, m visit.Memory,
	known map[uint64]*news.Item) (changed []*news.Item, after visit.Memory) {
	if !v.Whole && !v.Same {
		return nil, m
	}
	items := map[uint64]*news.Item{}
	of := func(n uint64) *news.Item { // a copy that may be changed
		if items[n] == nil {
			i := *known[n]
			if i.Absence != nil {
				a := *i.Absence
				i.Absence = &a
			}
			items[n] = &i
		}
		return items[n]
	}
	for _, n := range v.Missing {
		if i := of(n); i.Absence == nil {
			i.Absence = &news.Absence{Since: v.At}
		}
		m.WatchItem(n)
	}
	answers := map[uint64]news.Page{}
	for _, h := range v.Heads {
		switch {
		case h.Check && h.Source:
			if known[h.Item].Absence == nil && items[h.Item] == nil {
				continue
			}
			a := of(h.Item).Absence
			if a.Source = h.Page.Status; h.Page.Status == 0 {
				a.Source = -1
			}
		case h.Check:
			answers[h.Item] = h.Page
		}
	}
	for _, n := range m.Watched {
		i := of(n)
		if i.Absence == nil {
			m.StopWatching(n)
			continue
		}
		page, asked := answers[n]
		c := check{asked: asked, lacks: asked && pageIsGone(d, v, m, page), page: page, present: v.Present[n], at: v.At}
		c.askable, c.hasSource = canAskPage(d, v.Arrival, i), OutsideOriginal(d, v.Arrival, i) != ""
		if nextState(i, c) {
			m.StopWatching(n)
		}
	}
	for _, n := range slices.Sorted(maps.Keys(items)) {
		changed = append(changed, items[n])
	}
	return changed, m
}

// check is what a visit says of one item.
type check struct {
	asked, lacks bool // its page was asked; it says that it is not there
	page         news.Page
	present      bool // the document shows it
	askable      bool // its page can be asked
	hasSource    bool // it claims an original on an outside source's host
	at           time.Time
}

// nextState moves an item to its next state by the table above, and reports whether that is the end
// of it.
func nextState(i *news.Item, c check) (ended bool) {
	a := i.Absence
	if c.asked {
		if c.lacks && (a.Asked.IsZero() || c.page.Asked.Sub(a.Asked) >= askedAgain) {
			a.Confirmations++
		}
		if isSuccess(c.page) && !c.lacks {
			a.Confirmations = 0
		}
		a.Asked, a.Status = c.page.Asked, c.page.Status
		a.Checks++
	}
	switch {
	case c.present && !i.Gone && !a.ByPage:
		i.Absence = nil
		releaseSuspected(i)
		return true
	case c.present && a.Stated:
		a.Back = 1
		return true
	case c.present && i.Gone:
		if c.asked && isSuccess(c.page) && !c.lacks {
			a.Back++
		}
		if !a.IsBack() {
			return false
		}
		i.Gone = false
		releaseSuspected(i)
		return true
	case i.Gone:
		return a.Source != 0 || !c.hasSource
	case a.Status == http.StatusGone, a.Confirmations >= maxChecks:
		i.Gone = true
		return !c.hasSource
	case a.Confirmations > 0:
		holdAsSuspected(i, c.at)
		return a.Checks >= maxChecks
	case isSuccess(news.Page{Status: a.Status}): // it has only left this feed
		i.Absence = nil
		releaseSuspected(i)
		return true
	case c.at.Sub(a.Since) >= heldAfter: // until it is back, or an editor decides
		holdAsSuspected(i, c.at)
		return a.Checks >= maxChecks || !c.askable
	}
	return false
}

// holdAsSuspected holds an item that may have been withdrawn. What held it before counts again when
// that ends.
func holdAsSuspected(i *news.Item, at time.Time) {
	if i.Hold == nil || i.Hold.Kind != news.HoldWithdrawn {
		i.Hold, i.HeldBefore = &news.ItemHold{Kind: news.HoldWithdrawn, Since: at}, i.Hold
	}
}

// SuspectByPage is an item whose article page said 404 or 410 when it was read again; nil where it is
// suspected already, or withdrawn.
func SuspectByPage(i *news.Item, page news.Page, at time.Time) *news.Item {
	if i.Absence != nil || i.Gone {
		return nil
	}
	suspected := *i
	suspected.Absence = &news.Absence{Since: at, ByPage: true, Asked: page.Asked, Status: page.Status, Checks: 1,
		Confirmations: 1}
	return &suspected
}

// ClearByPage is an item that was suspected, and not withdrawn, because of its article page, which
// answers again; nil where it is none, or its page still says that the item is not there.
func ClearByPage(d *directory.Directory, doc *within.Document, i *news.Item, page news.Page) *news.Item {
	if i.Absence == nil || !i.Absence.ByPage || i.Gone || pageIsGone(d, Visit{Document: doc}, doc.Memory, page) ||
		!isSuccess(page) && page.Status != http.StatusNotModified {
		return nil
	}
	cleared := *i
	cleared.Absence = nil
	releaseSuspected(&cleared)
	return &cleared
}

// releaseSuspected ends the hold of an item that was suspected.
func releaseSuspected(i *news.Item) {
	if i.Hold != nil && i.Hold.Kind == news.HoldWithdrawn {
		i.Hold, i.HeldBefore = i.HeldBefore, nil
	}
}

func isSuccess(p news.Page) bool { return p.Status >= 200 && p.Status < 300 }

// pageIsGone reports whether a page says that it is not there: by its status, or by leading to an
// address that identifies nothing.
func pageIsGone(d *directory.Directory, v Visit, m visit.Memory, p news.Page) bool {
	if p.Status == http.StatusNotFound || p.Status == http.StatusGone {
		return true
	}
	key := d.Key(p.Moved)
	return p.Moved != "" && (!within.Identifies(d, v.Arrival, m, key) || link.IsRoot(key))
}

func canAskPage(d *directory.Directory, a *visit.Arrival, i *news.Item) bool {
	return d.ReadsPages(a.Feed) && d.Own(i.Station, i.Entry.URL)
}

// OutsideOriginal is the address that an item claims on an outside source's host, "" if it claims
// none: the source is asked when a carrier withdraws.
func OutsideOriginal(d *directory.Directory, a *visit.Arrival, i *news.Item) string {
	if !d.Pages || a.Feed.Path != "" {
		return ""
	}
	for _, c := range i.Claims {
		if m, ok := d.Owner(c.URL); ok && m.Outside != "" && c.Last.IsZero() && c.IsOfSameStory() {
			return c.URL
		}
	}
	return ""
}

// Delete takes a feed's word that it has deleted an entry of its own (RFC 6721). The items are
// those under the keys of the entry's GUID. It returns those that changed, those that are to be
// watched, and those that another feed's item is: of these it is shown to an editor, and not acted
// on.
func Delete(v Visit, gone news.Deleted, items []*news.Item) (changed []*news.Item, watch, foreign []uint64) {
	named := slices.DeleteFunc(slices.Clone(items), func(i *news.Item) bool {
		return !slices.Contains(i.GUIDs, gone.Ref)
	})
	ours := slices.ContainsFunc(named, func(i *news.Item) bool { return i.Feed == v.Feed.URL })
	for _, i := range named {
		switch present := v.Present[i.Number]; {
		case i.Feed != v.Feed.URL && ours: // a copy under its GUID
		case i.Feed != v.Feed.URL:
			foreign = append(foreign, i.Number)
		case present && !i.Gone && v.showsOtherwise(i, gone.Ref): // it is there under another GUID
		case present && (gone.When.IsZero() || latest(i.AsFed()).After(gone.When)):
			// an entry of that id counts where it is later
		case !i.Gone || i.Absence == nil:
			deleted := *i
			deleted.Gone, deleted.Absence = true, &news.Absence{Since: v.At, Stated: true}
			changed = append(changed, &deleted)
		case present && i.Absence.Stated && i.Absence.Back == 0:
			watch = append(watch, i.Number)
		}
	}
	return changed, watch, foreign
}

// latest is the later of an entry's dates.
func latest(e *news.Entry) time.Time {
	if e.Updated.After(e.Published) {
		return e.Updated
	}
	return e.Published
}

// showsOtherwise reports whether the document has an item's entry under another GUID than one of it.
func (v Visit) showsOtherwise(i *news.Item, guid string) bool {
	return slices.ContainsFunc(i.GUIDs, func(g string) bool {
		return g != guid && slices.ContainsFunc(v.Marks, func(m visit.Mark) bool { return m.GUID == text.Hash(g) })
	})
}

// Questions returns the pages that tell whether what is missing was withdrawn, and whether what was
// withdrawn is back.
func Questions(d *directory.Directory, v Visit, watched []*news.Item) (questions []visit.Question) {
	for _, i := range watched {
		head, present := visit.Head{Item: i.Number, Check: true}, v.Present[i.Number]
		if canAskPage(d, v.Arrival, i) && isUnchecked(i, present, v.At) {
			questions = append(questions, visit.Question{Head: head, URL: i.Entry.URL})
		}
		if source := OutsideOriginal(d, v.Arrival, i); i.Gone && !present && i.Absence.Source == 0 && source != "" {
			head.Source = true
			questions = append(questions, visit.Question{Head: head, URL: source})
		}
	}
	return questions
}

// isUnchecked reports whether an item's page is to be asked whether it is there.
func isUnchecked(i *news.Item, present bool, at time.Time) bool {
	a := i.Absence
	switch {
	case a == nil || a.Asked.IsZero():
		return !present || i.Gone
	case i.Gone && present:
		return !a.Stated
	}
	return !i.Gone && a.Checks < maxChecks && at.Sub(a.Asked) >= askedAgain
}
