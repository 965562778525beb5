package identity

import (
	"cmp"
	"net/http"
	"slices"
	"time"

	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
)

// First settings of the rules about what leaves a feed.
const (
	below       = 2 // older entries still there below it show that an entry did not scroll off
	shortFeed   = 3 // in a document of so few entries one does
	heldAfter   = 10 * time.Minute
	askedAgain  = time.Hour // after which a page is asked the second and last time
	askedAtMost = 2
	backFor     = 2 // good visits with its page bring a withdrawn item back
	watchedMost = 500
)

// Head is what a page said that was asked for an item.
type Head struct {
	Place  int    // of a new entry, in the document
	Item   uint64 // of an item that is known; 0: that of the entry
	Check  bool   // it was asked whether it is still there
	Source bool   // with Check: not the item's page was asked, but its outside original's
	Page   news.Page
}

// depart notes what this document takes back or lacks, and decides on what was
// missing before.
func (f *fold) depart() {
	for _, gone := range f.arrival.Deleted {
		f.deleted(gone)
	}
	if !f.arrival.Whole && !f.arrival.Same {
		return
	}
	for _, i := range f.missing() {
		if i.Absence == nil {
			i.Absence = &news.Absence{Since: f.arrival.At}
		}
		f.watch(i.Number)
	}
	answers := map[uint64]news.Page{}
	for _, h := range f.arrival.Heads {
		switch {
		case h.Check && h.Source:
			f.sourceSaid(f.item(h.Item), h.Page)
		case h.Check:
			answers[h.Item] = h.Page
		}
	}
	for _, n := range slices.Clone(f.memory.Watched) {
		i := f.item(n)
		if i.Absence == nil || f.decided(i, answers) {
			f.memory.Watched = slices.DeleteFunc(f.memory.Watched, func(w uint64) bool { return w == n })
		}
		f.touched[n] = true
	}
}

func (f *fold) watch(n uint64) {
	if !slices.Contains(f.memory.Watched, n) && len(f.memory.Watched) < watchedMost {
		f.memory.Watched = append(f.memory.Watched, n)
	}
}

// missing are the items that were in the last document and are not in this one,
// while older entries that stood below them still are. So nothing is missed that
// has scrolled off, and nothing in a document that lost more than half.
func (f *fold) missing() []*news.Item {
	last := f.memory.Marks
	if f.arrival.Same || len(last) == 0 {
		return nil
	}
	guids, links := map[uint64]bool{}, map[uint64]bool{}
	none := hash("")
	for _, m := range f.marks {
		guids[m.GUID], links[m.Link] = true, true
	}
	there := func(m Mark) bool {
		return m.Item != 0 && f.present[m.Item] || m.GUID != none && guids[m.GUID] || m.GUID == none && m.Link != none && links[m.Link]
	}
	lost := 0
	for _, m := range last {
		if !there(m) {
			lost++
		}
	}
	if lost == 0 || 2*lost > len(last) {
		return nil
	}
	need := below
	if len(last) <= shortFeed {
		need = 1
	}
	var missing []*news.Item
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
			missing = append(missing, f.item(m.Item))
		}
	}
	return missing
}

// decided notes what is known of an item that is or was missing, and reports
// whether that is the end of it.
func (f *fold) decided(i *news.Item, answers map[uint64]news.Page) bool {
	a := *i.Absence
	i.Absence = &a
	page, asked := answers[i.Number]
	if asked {
		if a.Asked.IsZero() || page.Asked.Sub(a.Asked) >= askedAgain {
			if f.lacks(page) {
				a.Confirmations++
			}
		}
		if ok(page) && !f.lacks(page) {
			a.Confirmations = 0
		}
		a.Asked, a.Status = page.Asked, page.Status
		a.Checks++
	}
	if f.present[i.Number] {
		return f.back(i, asked && ok(page) && !f.lacks(page))
	}
	switch {
	case i.Gone:
		return a.Source != 0 || f.outsideOriginal(i) == ""
	case a.Status == http.StatusGone, a.Confirmations >= askedAtMost:
		i.Gone = true
		return f.outsideOriginal(i) == ""
	case a.Confirmations > 0:
		f.suspect(i)
		return a.Checks >= askedAtMost
	case a.Status >= 200 && a.Status < 300: // it has only left this feed
		i.Absence = nil
		f.clear(i)
		return true
	case f.arrival.At.Sub(a.Since) >= heldAfter: // until it is back, or an editor rules
		f.suspect(i)
		return a.Checks >= askedAtMost || !f.askable(i)
	}
	return false
}

// askable reports whether an item's page can be asked.
func (f *fold) askable(i *news.Item) bool {
	return f.desk.Pages && f.arrival.Feed.Path == "" && f.desk.ownHost(i.Entry.URL, i.Station)
}

// outsideOriginal is the address that an item claims on an outside source's host,
// "" if it claims none: the source is asked when a carrier withdraws.
func (f *fold) outsideOriginal(i *news.Item) string {
	if !f.desk.Pages || f.arrival.Feed.Path != "" {
		return ""
	}
	for _, c := range i.Claims {
		if m, ok := f.desk.ofHost(c.URL); ok && m.Outside != "" && c.Last.IsZero() {
			return c.URL
		}
	}
	return ""
}

// sourceSaid notes what an outside original's page said.
func (f *fold) sourceSaid(i *news.Item, p news.Page) {
	if i.Absence == nil {
		return
	}
	a := *i.Absence
	if a.Source = p.Status; a.Source == 0 {
		a.Source = -1
	}
	i.Absence = &a
	f.touched[i.Number] = true
}

func ok(p news.Page) bool { return p.Status >= 200 && p.Status < 300 }

// lacks reports whether a page says that it is not there: by its status, or by
// leading to an address that identifies nothing.
func (f *fold) lacks(p news.Page) bool {
	if p.Status == http.StatusNotFound || p.Status == http.StatusGone {
		return true
	}
	key := f.desk.key(p.Moved)
	return p.Moved != "" && (!f.identifies(key) || link.IsRoot(key))
}

// back decides on an item that its feed shows again. What was only missing is as
// it was. What was withdrawn by its page's word comes back in two good visits
// with its page; what the feed or an editor took back stays so.
func (f *fold) back(i *news.Item, page bool) bool {
	a := i.Absence
	switch {
	case !i.Gone:
		i.Absence = nil
		f.clear(i)
		return true
	case a.Stated:
		a.Back = 1
		return true
	case page:
		a.Back++
	}
	if a.Back < backFor {
		return false
	}
	i.Gone = false
	f.clear(i)
	return true
}

// suspect holds an item that may have been withdrawn.
func (f *fold) suspect(i *news.Item) {
	if i.Hold == nil || i.Hold.Kind != waitWithdrawn {
		i.Hold = &news.ItemHold{Kind: waitWithdrawn, Since: f.arrival.At}
	}
}

// clear ends the wait of an item that was suspected.
func (f *fold) clear(i *news.Item) {
	if i.Hold != nil && i.Hold.Kind == waitWithdrawn {
		i.Hold = nil
	}
}

// deleted takes a feed's word that it has deleted an entry of its own (RFC 6721).
// Of somebody else's item it is shown to an editor, and not acted on.
func (f *fold) deleted(gone news.Deleted) {
	feed := f.arrival.Feed.URL
	var numbers []uint64
	for _, k := range f.desk.guidKeys(feed, gone.Ref) {
		for _, n := range f.reader.Find(k, found) {
			if slices.Contains(f.item(n).GUIDs, gone.Ref) {
				numbers = append(numbers, n)
			}
		}
	}
	ours := slices.ContainsFunc(numbers, func(n uint64) bool { return f.item(n).Feed == feed })
	for _, n := range numbers {
		i := f.item(n)
		switch {
		case i.Feed != feed && ours: // a copy under its guid
		case i.Feed != feed:
			f.accused[n] = gone.Ref
			f.seeds = append(f.seeds, i)
		case f.present[n] && (gone.When.IsZero() || latestOf(i.Entry.Published, i.Entry.Updated).After(gone.When)):
			// an entry of that id counts where it is later
		case !i.Gone || i.Absence == nil:
			i.Gone, i.Absence = true, &news.Absence{Since: f.arrival.At, Stated: true}
			f.touched[n] = true
		case f.present[n] && i.Absence.Stated && i.Absence.Back == 0:
			f.watch(n)
		}
	}
}

// accuse shows an editor that a feed calls another's item deleted.
func (f *fold) accuse() {
	for _, t := range f.tellings {
		if ref, ok := f.accused[t.Number]; ok {
			f.flag(t, "withdrawn", f.arrival.Feed.URL, "that feed says that "+ref+" is deleted, which is not its own: nothing is done")
		}
	}
}

// Question is a page that is to be asked before an arrival is folded.
type Question struct {
	Head // to be given back with its Page
	URL  string
}

// pagesAtMost is how many pages a visit asks.
const (
	pagesAtMost = 20
	pageReach   = 14 * 24 * time.Hour // older items' pages are not asked
	unaskedMost = 500
)

// Ask lists the pages to be read before an arrival is folded: those that tell
// whether what is missing was withdrawn, then those of new items, the newest
// first, then those that earlier visits had no room for. Due reports whether
// there is something to decide though no page can be asked.
func (d *Rules) Ask(r Reader, a Arrival) (questions []Question, due bool) {
	may := d.Pages && a.Feed.Path == ""
	if !a.Same && (!a.Whole || !may) { // then the fold decides all that there is to decide
		return nil, false
	}
	f := newFold(d, r, a)
	list := f.match()
	for _, i := range f.missing() {
		f.watch(i.Number)
	}
	for _, c := range list {
		if c.item != nil && c.item.Absence != nil {
			f.watch(c.item.Number)
		}
	}
	due = len(f.memory.Watched) > 0
	if !may {
		return nil, due
	}
	for _, n := range f.memory.Watched {
		i := f.item(n)
		if f.unchecked(i) {
			questions = append(questions, Question{Head{Item: n, Check: true}, i.Entry.URL})
		}
		if source := f.outsideOriginal(i); i.Gone && !f.present[n] && i.Absence.Source == 0 && source != "" {
			questions = append(questions, Question{Head{Item: n, Check: true, Source: true}, source})
		}
	}
	questions = append(questions, f.unread(list)...)
	return questions[:min(len(questions), pagesAtMost)], due
}

// unchecked reports whether an item's page is to be asked whether it is there.
func (f *fold) unchecked(i *news.Item) bool {
	if !f.askable(i) {
		return false
	}
	a := i.Absence
	switch {
	case a == nil || a.Asked.IsZero():
		return !f.present[i.Number] || i.Gone
	case i.Gone && f.present[i.Number]:
		return !a.Stated
	}
	return !i.Gone && a.Checks < askedAtMost && f.arrival.At.Sub(a.Asked) >= askedAgain
}

// unread are the pages of new entries, then of the items that still wait.
func (f *fold) unread(list []*candidate) []Question {
	var fresh []*candidate
	for _, c := range list {
		if c.item == nil && f.readable(c.entry) {
			fresh = append(fresh, c)
		}
	}
	slices.SortFunc(fresh, func(a, b *candidate) int { return cmp.Or(compareByStated(b, a)) })
	var questions []Question
	for _, c := range fresh {
		questions = append(questions, Question{Head{Place: c.places[0]}, c.entry.URL})
	}
	for _, n := range f.memory.Unasked {
		questions = append(questions, Question{Head{Item: n}, f.item(n).Entry.URL})
	}
	return questions
}

// readable reports whether an entry's page may tell something: it is the
// station's own, not old, and nothing joins the entry already.
func (f *fold) readable(e *news.Entry) bool {
	station := f.arrival.Feed.Station
	key := f.desk.key(e.URL)
	if !f.desk.Pages || f.arrival.Feed.Path != "" || !f.identifies(key) || !f.desk.ownHost(e.URL, station) {
		return false
	}
	if date := stated(e); !date.IsZero() && f.arrival.At.Sub(date) > pageReach {
		return false
	}
	i := &news.Item{Station: station, Feed: f.arrival.Feed.URL, Entry: *e}
	for _, c := range f.desk.claims(i, f.desk.read(bodyOf(e))) {
		if hint := c.Source == fromVia || c.Source == fromGUID; !hint && f.desk.foreign(c.URL, station) && f.desk.identifies(c.Key) {
			return false
		}
	}
	for _, n := range f.reader.Find(addressKey(key), found) {
		if o := f.item(n); o.Feed != f.arrival.Feed.URL && f.desk.key(o.Entry.URL) == key {
			return false
		}
	}
	return true
}

// readHeads gives known items the heads of their pages that were read late.
func (f *fold) readHeads() {
	for _, h := range f.arrival.Heads {
		if h.Item == 0 || h.Check {
			continue
		}
		i := f.item(h.Item)
		page := h.Page
		i.Page = &page
		f.desk.restate(i, f.prose(i), f.arrival.At)
		f.touched[i.Number] = true
		f.memory.Unasked = slices.DeleteFunc(f.memory.Unasked, func(n uint64) bool { return n == h.Item })
	}
}
