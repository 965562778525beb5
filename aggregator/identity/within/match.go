// Package within decides which entry of a feed's document is which item that the desk had of that
// feed (rules I1 to I5). Documents and items in, a match out.
package within

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"fronteras/aggregator/identity/directory"
	"fronteras/aggregator/identity/evidence"
	"fronteras/aggregator/identity/key"
	"fronteras/aggregator/identity/visit"
	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
)

// Match finds for each entry the item of its feed that it is. It looks at the whole document before
// it decides anything, so that the order of entries decides nothing. The items are those under any
// of the document's keys, of its own feed and of others.
func Match(r *evidence.Reader, doc *Document, items []*news.Item) *visit.Match {
	d := r.Directory
	m := &matcher{d: d, doc: doc, item: map[*Entry]*news.Item{}, section: map[*Entry]*news.Item{},
		taken: map[uint64]bool{}, runs: map[*news.Entry][]uint64{}}
	result := &visit.Match{Revision: doc.Memory.Revision, Items: map[int]uint64{}, Reused: map[int]bool{},
		Doubtful: map[int]bool{}, Sections: map[int]bool{}, Readable: map[int]bool{}}
	var others []*news.Item
	for _, i := range items {
		if i.Feed == doc.Feed.URL {
			m.own = append(m.own, i)
		} else {
			others = append(others, i)
		}
	}
	flag := func(kind news.FlagKind, why string) {
		result.FeedFlags = append(result.FeedFlags, news.Flag{Kind: kind, Why: why, When: doc.At})
	}
	m.trusted = doc.Memory.Untrusted.IsZero()
	if m.trusted && showsDistrust(d, doc) {
		m.trusted, result.Distrust = false, true
		flag(news.FlagGUIDDistrusted, "one guid stands for several entries, or for none: guid and address together "+
			"identify from now on")
	}
	m.known = indexKnown(d, m.own, doc.LeftUnderHeadline())
	m.pairByAgreement(m.withIdentity, func(e *Entry, i *news.Item) (grade int) {
		for _, name := range e.names() {
			grade = max(grade, m.unlessReused(m.isSameItem(name, i), name, i))
		}
		return grade
	})
	m.pairByAgreement(m.withHeadline, func(e *Entry, i *news.Item) int {
		return m.unlessReused(isSameUnnamed(e, i), e, i)
	})
	m.findSections()
	late := m.shouldBeKnown()
	result.Twins = m.entriesUnderNewGUIDs()
	m.pairByAgreement(m.underAnotherGUID, func(e *Entry, i *news.Item) int {
		if doc.Unchanged[i.Number] {
			return 0
		}
		return cmp.Or(m.changedGUID(e, i), m.renamed(e, i))
	})
	if m.countAliases() >= aliased {
		flag(news.FlagMigration, "many of its entries came under new guids or addresses; they are known by both")
	}
	if doubtful := m.doubtfulEntries(late); len(doubtful) > 0 {
		flag(news.FlagMigrationDoubt, "many of its entries came under new guids, and too few can be told to be "+
			"known ones: `release FEED` publishes what is held, `retract FEED` drops it")
		for _, e := range doubtful {
			delete(m.item, e)
			result.Doubtful[e.Places[0]] = true
		}
	}
	result.Present = slices.Sorted(maps.Keys(m.taken))
	for _, e := range doc.Taken {
		place := e.Places[0]
		if i := m.item[e]; i != nil {
			result.Items[place] = i.Number
			continue
		}
		if i := m.section[e]; i != nil {
			result.Items[place], result.Sections[place] = i.Number, true
			continue
		}
		if e.GUID != "" && len(m.known.guid[e.GUID]) > 0 {
			result.Reused[place] = true
		}
		if isReadable(r, doc, e, others) {
			result.Readable[place] = true
		}
	}
	if len(result.Reused) > 0 && m.trusted && !doc.Memory.Reused {
		flag(news.FlagGUIDReused, "a guid of this feed came back with another piece of news")
	}
	for _, key := range m.sharedAddresses() {
		result.Shared = append(result.Shared, key)
		flag(news.FlagAddressDistrusted, "several of its items have the address "+key+": it identifies none of them")
	}
	return result
}

// showsDistrust reports whether a document shows that the feed's GUIDs do not identify (I2). The
// trust stays lost: trust that comes and goes makes doubles (FreshRSS/FreshRSS#5909).
func showsDistrust(d *directory.Directory, doc *Document) bool {
	taken := make(map[int]string, len(doc.Taken))
	for _, e := range doc.Taken {
		taken[e.Places[0]] = e.GUID
	}
	seen := make(map[uint64]visit.Mark, len(doc.Marks))
	for n, mark := range doc.Marks {
		guid, isTaken := taken[n]
		if !isTaken && mark.Item == 0 || mark.GUID == noHash {
			continue
		}
		other, doubled := seen[mark.GUID]
		seen[mark.GUID] = mark
		if doubled && (other.Link != mark.Link || other.Title != mark.Title) || isMeaningless(d, doc, guid) {
			return true
		}
	}
	return false
}

// isMeaningless reports whether a GUID is one that a CMS writes for lack of another.
func isMeaningless(d *directory.Directory, doc *Document, guid string) bool {
	if strings.EqualFold(guid, "n/a") {
		return true
	}
	if !directory.IsAddress(guid) {
		return false
	}
	key := d.Key(guid)
	return key == "" || link.IsRoot(key) || key == d.Key(doc.Link) || d.Ignores(key)
}

// isSameUnnamed is the rest of I4: no GUID, and an address that says nothing or changes at every
// visit (feedbin/support#416).
func isSameUnnamed(e *Entry, i *news.Item) bool {
	if e.GUID != "" || len(i.GUIDs) != 0 || e.Title != i.AsFed().Title {
		return false
	}
	return sameMinute(e.Entry, i.AsFed()) || evidence.Body(e.Entry) == evidence.Body(i.AsFed())
}

// unlessReused grades an entry with an item's GUID, unless that is the exception of I1: another
// piece of news under a GUID that was used before (feedbin/support#597).
func (m *matcher) unlessReused(same bool, e *Entry, i *news.Item) int {
	if !same {
		return 0
	}
	moved, otherAudio := timeBetweenDates(e.Entry, i.AsFed()), !m.haveSameAudio(e, i)
	changed := countTrue(!m.hadAddress(i, e.Key), e.Title != i.AsFed().Title, otherAudio)
	if moved > reuseMoved && changed >= 2 || moved > 0 && otherAudio && len(m.doc.Entries) == 1 {
		return 0
	}
	return 1 + m.countAgreements(e, i)
}

// changedGUID grades I3, the likeness of an entry to an item under another GUID, or under a GUID that
// does not identify by itself and another address; 0 is none.
func (m *matcher) changedGUID(e *Entry, i *news.Item) int {
	if e.GUID == "" {
		return 0
	}
	moved := timeBetweenDates(e.Entry, i.AsFed())
	if moved > 0 && len(e.Audio) > 0 && len(i.AsFed().Enclosures) > 0 && !m.haveSameAudio(e, i) {
		return 0 // a newscast's next edition
	}
	if hadGUID := slices.Contains(i.GUIDs, e.GUID); hadGUID && (m.trusted || m.hadAddress(i, e.Key)) {
		return 0 // it would be the item by I1 or I2, if the GUID had not been used again
	}
	if m.trusted && slices.Contains(m.known.aliases[i.Number], m.d.Alias(e.GUID)) {
		return 40 + m.countAgreements(e, i)
	}
	title := e.Title != "" && e.Title == i.AsFed().Title
	date := sameMinute(e.Entry, i.AsFed())
	if m.identifies(e.Key) && m.hadAddress(i, e.Key) {
		if title && (moved <= reuseMoved || !m.doc.Whole) || m.doc.Whole && (date || m.textsAlike(e, i)) {
			return 20 + m.countAgreements(e, i)
		}
	}
	if m.doc.Whole && date && (title || sameSegment(e.Key, m.d.Key(i.AsFed().URL)) || m.textsAlike(e, i)) {
		return 10 + m.countAgreements(e, i)
	}
	return 0
}

// entriesUnderNewGUIDs returns the entries that would be items under a new GUID (I3), if the
// document did not show these as well.
func (m *matcher) entriesUnderNewGUIDs() (twins []visit.Twin) {
	for _, e := range m.doc.Taken {
		for _, i := range m.underAnotherGUID(e) {
			if m.item[e] == nil && m.section[e] == nil && (m.taken[i.Number] || m.doc.Unchanged[i.Number]) &&
				m.changedGUID(e, i) > 0 {
				twins = append(twins, visit.Twin{Place: e.Places[0], With: cmp.Or(i.AsFed().URL, evidence.FirstGUID(i)),
					Title: i.AsFed().Title})
			}
		}
	}
	return twins
}

// withIdentity returns the items that can be one with an entry by GUID or address (I1, I2, I4).
func (m *matcher) withIdentity(e *Entry) []*news.Item {
	var lists [][]*news.Item
	for _, name := range e.names() {
		lists = append(lists, m.withName(name))
	}
	if len(lists) == 1 {
		return lists[0]
	}
	return m.known.inOrder(lists...)
}

// withName returns those that can be one with an entry by the GUID and the address that it has.
func (m *matcher) withName(e *Entry) []*news.Item {
	switch {
	case e.GUID != "" && m.trusted:
		return m.known.guid[e.GUID]
	case m.identifies(e.Key):
		return m.known.address[e.Key]
	case e.GUID == "":
		return nil
	}
	return m.known.ofMinute(m.known.headline, e.Title, e.Entry)
}

// withHeadline returns the items that can be one with an entry by headline and date or text (I4).
func (m *matcher) withHeadline(e *Entry) []*news.Item {
	if e.GUID != "" {
		return nil
	}
	return m.known.inOrder(m.known.ofMinute(m.known.headline, e.Title, e.Entry), m.known.ofText(e.Entry))
}

// underAnotherGUID returns the items that an entry can be under another GUID (I3). What more items
// have in common than a key leads to says nothing of any of them.
func (m *matcher) underAnotherGUID(e *Entry) []*news.Item {
	few := func(list []*news.Item) []*news.Item {
		if len(list) > key.MaxItems {
			return nil
		}
		return list
	}
	var alias, address []*news.Item
	if m.trusted {
		alias = m.known.alias[m.d.Alias(e.GUID)]
	}
	if m.identifies(e.Key) {
		address = m.known.address[e.Key]
	}
	return m.known.inOrder(few(alias), few(address), few(m.known.ofMinute(m.known.minute, "", e.Entry)),
		few(m.known.ofMinute(m.known.headline, e.Title, e.Entry)),
		few(m.known.ofMinute(m.known.segment, lastSegment(e.Key), e.Entry)), few(m.known.left[e.Title]))
}

// pairByAgreement gives each entry the item that it is most like, each item to one entry. The grade
// of a pair is 0 where it is not a pair; candidates are the items that could be one with an entry.
func (m *matcher) pairByAgreement(candidates func(*Entry) []*news.Item, grade func(*Entry, *news.Item) int) {
	type pair struct {
		e     *Entry
		i     *news.Item
		grade int
	}
	var pairs []pair
	for _, e := range m.doc.Taken {
		if m.item[e] != nil || m.section[e] != nil {
			continue
		}
		for _, i := range candidates(e) {
			if m.taken[i.Number] {
				continue
			}
			if g := grade(e, i); g > 0 {
				pairs = append(pairs, pair{e, i, g})
			}
		}
	}
	slices.SortStableFunc(pairs, func(a, b pair) int {
		return cmp.Or(b.grade-a.grade, cmp.Compare(timeBetweenDates(a.e.Entry, a.i.AsFed()),
			timeBetweenDates(b.e.Entry, b.i.AsFed())),
			slices.Compare(a.e.Digest[:], b.e.Digest[:]), cmp.Compare(b.i.Number, a.i.Number))
	})
	for _, p := range pairs {
		if m.item[p.e] == nil && !m.taken[p.i.Number] {
			m.item[p.e], m.taken[p.i.Number] = p.i, true
		}
	}
}

// shouldBeKnown returns the entries that should be known and are not: their dates lie before the
// last visit, or they have none.
func (m *matcher) shouldBeKnown() (late []*Entry) {
	last := m.doc.Memory.Last
	if last.IsZero() || !m.doc.Whole {
		return nil
	}
	for _, e := range m.doc.Taken {
		if date := e.Stated(); m.item[e] == nil && m.section[e] == nil && !e.NewlyTaken &&
			(date.IsZero() || last.Sub(date) > movedSince) {
			late = append(late, e)
		}
	}
	return late
}

// countAliases counts the items that came under a new GUID.
func (m *matcher) countAliases() (n int) {
	for e, i := range m.item {
		if e.GUID != "" && len(i.GUIDs) > 0 && !slices.Contains(i.GUIDs, e.GUID) {
			n++
		}
	}
	return n
}

// doubtfulEntries returns the entries that may be known items under new GUIDs and are not taken as
// such, since too few are matched (I5).
func (m *matcher) doubtfulEntries(late []*Entry) (doubtful []*Entry) {
	matched := 0
	for _, e := range late {
		if m.item[e] != nil {
			matched++
		}
	}
	if matched == 0 || len(late) < movedLeast || 100*matched >= movedShare*len(late) {
		return nil
	}
	for _, e := range late {
		if i := m.item[e]; i == nil || e.Title != i.AsFed().Title || !sameMinute(e.Entry, i.AsFed()) {
			doubtful = append(doubtful, e)
		}
	}
	return doubtful
}

// sharedAddresses returns the keys of addresses that identify nothing in the feed from now on:
// three items have had them, or three headlines of the document stand under one.
func (m *matcher) sharedAddresses() (shared []string) {
	type uses struct { // each at most as many as count
		items  map[uint64]bool
		new    int
		titles []string
	}
	of := map[string]*uses{}
	for _, e := range m.doc.Taken {
		if !m.identifies(e.Key) {
			continue
		}
		u := of[e.Key]
		if u == nil {
			u = &uses{items: map[uint64]bool{}}
			of[e.Key] = u
		}
		if len(u.titles) < sharedBy && !slices.Contains(u.titles, e.Title) {
			u.titles = append(u.titles, e.Title)
		}
		switch i := m.item[e]; {
		case i == nil:
			u.new++
		case i.FirstSeen.After(m.doc.Memory.Trusted):
			u.items[i.Number] = true
		}
	}
	for _, i := range m.own {
		for _, k := range m.known.addresses[i.Number] {
			if u := of[k]; u != nil && i.FirstSeen.After(m.doc.Memory.Trusted) && len(u.items) < sharedBy {
				u.items[i.Number] = true
			}
		}
	}
	for _, key := range slices.Sorted(maps.Keys(of)) {
		if u := of[key]; len(u.items)+u.new >= sharedBy || len(u.titles) >= sharedBy {
			shared = append(shared, key)
		}
	}
	return shared
}

// isReadable reports whether the page of a new entry may tell something: it is the station's own,
// not old, and it is read whole, or nothing joins the entry already.
func isReadable(r *evidence.Reader, doc *Document, e *Entry, others []*news.Item) bool {
	d, station := r.Directory, doc.Feed.Station
	if !d.ReadsPages(doc.Feed) || !Identifies(d, doc.Arrival, doc.Memory, e.Key) || !d.Own(station, e.URL) {
		return false
	}
	if date := e.Stated(); !date.IsZero() && doc.At.Sub(date) > pageReach {
		return false
	}
	if doc.Feed.WholePages { // it is read for its text
		return true
	}
	i := &news.Item{Station: station, Feed: doc.Feed.URL, Entry: *e.Entry}
	for _, c := range evidence.ListClaims(d, i, r.TextFeatures(e.Entry)) {
		if hint := c.Source == evidence.FromVia ||
			c.Source == evidence.FromGUID; !hint && d.Foreign(station, c.URL) && d.Identifies(c.Key) {
			return false
		}
	}
	return !slices.ContainsFunc(others, func(o *news.Item) bool { return d.Key(o.Entry.URL) == e.Key })
}
