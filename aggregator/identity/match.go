package identity

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"fronteras/aggregator/link"
	"fronteras/aggregator/markup"
	"fronteras/aggregator/news"
)

// First settings of the rules within a feed.
const (
	reuseMoved = 6 * time.Hour // a date that moved further may mean a guid used again (I1)
	found      = 16            // items under one key beyond which it leads nowhere
)

// Mark is an entry of a feed's last document: what the next one is compared
// with without reading items. Its hashes stand for the values of those names.
type Mark struct {
	Digest news.Digest
	Item   uint64 // 0: the desk did not take it
	GUID   uint64
	Link   uint64
	Title  uint64
	Date   int64 // Unix seconds, 0 if none
}

// candidate is an entry of the arrival while it is being matched.
type candidate struct {
	entry  *news.Entry
	places []int // in the document: several where it is told twice
	guid   string
	link   string // key
	sounds []string
	mark   Mark
	item   *news.Item // nil until matched

	admitted bool // it stood in the last document, and was not taken then
	dated    time.Time
	late     *news.ItemHold // its date is ahead
	wait     *news.ItemHold
	page     *news.Page
}

// match finds for each entry the item that it is (rules I1 to I5). It looks at
// the whole document before it decides anything, so that the order of entries
// decides nothing.
func (f *fold) match() []*candidate {
	list := f.candidates()
	f.distrust(list)
	for _, c := range list {
		f.remember(c)
	}
	f.matchExactly(list)
	moved := f.unknown(list)
	f.matchChanged(list)
	f.migrate(list, moved)
	return list
}

// candidates are the entries to be matched: those that the desk takes, doubles
// folded. Entries that stood unchanged in the last document are marked as such
// and need nothing more.
func (f *fold) candidates() []*candidate {
	if f.arrival.Same {
		f.marks = f.memory.Marks
		for _, m := range f.marks {
			f.present[m.Item] = true
		}
		return nil
	}
	known := map[news.Digest]Mark{}
	passed := map[[2]uint64]bool{} // what the last document had and the desk did not take
	for _, m := range f.memory.Marks {
		known[m.Digest] = m
		if m.Item == 0 {
			passed[[2]uint64{m.GUID, m.Link}] = true
		}
	}
	f.marks = make([]Mark, len(f.arrival.Entries))
	var list []*candidate
	for n := range f.arrival.Entries {
		e := &f.arrival.Entries[n]
		if m, ok := known[e.Digest]; ok && (m.Item != 0 || e.Seen || !takes(f.arrival.Feed, e)) {
			f.marks[n] = m
			f.present[m.Item] = true
			continue
		}
		c := f.candidate(n, e)
		c.admitted = passed[[2]uint64{c.mark.GUID, c.mark.Link}]
		f.marks[n] = c.mark
		if takes(f.arrival.Feed, e) {
			list = append(list, c)
		}
	}
	return f.foldDoubles(list)
}

func (f *fold) candidate(n int, e *news.Entry) *candidate {
	c := &candidate{entry: e, page: f.pageOf(n), places: []int{n}, guid: strings.TrimSpace(e.GUID), link: f.desk.key(e.URL)}
	for _, s := range e.Enclosures {
		c.sounds = append(c.sounds, f.desk.key(s.URL))
	}
	c.mark = Mark{Digest: e.Digest, GUID: hash(c.guid), Link: hash(c.link), Title: hash(e.Title)}
	if t := stated(e); !t.IsZero() {
		c.mark.Date = t.Unix()
	}
	return c
}

// pageOf is what the page of a new entry said.
func (f *fold) pageOf(place int) *news.Page {
	for _, h := range f.arrival.Heads {
		if h.Item == 0 && h.Place == place {
			page := h.Page
			return &page
		}
	}
	return nil
}

// foldDoubles makes one of entries that tell the same thing twice in one
// document; the later date wins.
func (f *fold) foldDoubles(list []*candidate) []*candidate {
	first := map[string]*candidate{}
	return slices.DeleteFunc(list, func(c *candidate) bool {
		if !f.identifies(c.link) {
			return false
		}
		id := c.link + "\n" + c.entry.Title + "\n" + strings.Join(c.sounds, "\n")
		twin, ok := first[id]
		if !ok {
			first[id] = c
			return false
		}
		if twin.page == nil {
			twin.page = c.page
		}
		if later(c.entry, twin.entry) {
			twin.entry, twin.guid = c.entry, c.guid
		}
		twin.places = append(twin.places, c.places...)
		return true
	})
}

// later orders two entries of one document by their dates, then by content, so
// that their places do not matter.
func later(a, b *news.Entry) bool {
	return cmp.Or(stated(a).Compare(stated(b)), a.Updated.Compare(b.Updated), slices.Compare(a.Digest[:], b.Digest[:])) > 0
}

// distrust takes the trust in a feed's guids where this document shows that
// they do not identify (I2). It stays lost: trust that comes and goes makes
// doubles (FreshRSS/FreshRSS#5909).
func (f *fold) distrust(list []*candidate) {
	if !f.memory.Untrusted.IsZero() {
		return
	}
	seen := make(map[uint64]Mark, len(f.marks))
	check := func(m Mark, guid string) bool {
		if m.GUID == hash("") {
			return false
		}
		other, doubled := seen[m.GUID]
		seen[m.GUID] = m
		return doubled && (other.Link != m.Link || other.Title != m.Title) || f.meaningless(guid)
	}
	taken := make(map[int]string, len(list))
	for _, c := range list {
		taken[c.places[0]] = c.guid
	}
	for n, m := range f.marks {
		guid, candidate := taken[n]
		if (candidate || m.Item != 0) && check(m, guid) {
			f.memory.Untrusted = f.arrival.At
			f.flagFeed("guid-distrusted", "one guid stands for several entries, or for none: guid and address together identify from now on")
			return
		}
	}
}

// meaningless reports whether a guid is one that a CMS writes for want of another.
func (f *fold) meaningless(guid string) bool {
	if strings.EqualFold(guid, "n/a") {
		return true
	}
	if !isAddress(guid) {
		return false
	}
	key := f.desk.key(guid)
	return key == "" || link.IsRoot(key) || key == f.desk.key(f.arrival.Link) || f.desk.nothing[key]
}

// remember looks up the items of this feed that an entry could be.
func (f *fold) remember(c *candidate) {
	keys := f.desk.guidKeys(f.arrival.Feed.URL, c.guid)
	if f.identifies(c.link) {
		keys = append(keys, addressKey(c.link))
	}
	keys = append(keys, dateKey(f.arrival.Feed.URL, c.entry))
	if c.guid == "" {
		keys = append(keys, headlineKey(f.arrival.Feed.URL, c.entry))
	}
	for _, k := range keys {
		numbers := f.find(k)
		for _, n := range numbers[:min(found, len(numbers))] {
			if i := f.item(n); i.Feed == f.arrival.Feed.URL && !slices.Contains(f.own, i) {
				f.own = append(f.own, i)
			}
		}
	}
}

// matchExactly applies I1, I2 and I4: an entry with the guid that an item has
// had, or without a guid and with its address.
func (f *fold) matchExactly(list []*candidate) {
	for _, exact := range []func(*candidate, *news.Item) bool{f.same, f.sameUnnamed} {
		f.pair(list, func(c *candidate, i *news.Item) int {
			if !exact(c, i) || f.reused(c, i) {
				return 0
			}
			return 1 + f.agreement(c, i)
		})
	}
}

// same is I1, I2 and the first case of I4.
func (f *fold) same(c *candidate, i *news.Item) bool {
	switch {
	case c.guid == "":
		return f.identifies(c.link) && f.hadLink(i, c.link)
	case !slices.Contains(i.GUIDs, c.guid):
		return false
	case f.memory.Untrusted.IsZero():
		return true
	case f.identifies(c.link):
		return f.hadLink(i, c.link)
	}
	return f.hadLink(i, c.link) && c.entry.Title == i.Entry.Title && sameMinute(c.entry, &i.Entry)
}

// sameUnnamed is the rest of I4: no guid, and an address that says nothing or
// changes at every visit (feedbin/support#416).
func (f *fold) sameUnnamed(c *candidate, i *news.Item) bool {
	if c.guid != "" || len(i.GUIDs) != 0 || c.entry.Title != i.Entry.Title {
		return false
	}
	return sameMinute(c.entry, &i.Entry) || bodyOf(c.entry) == bodyOf(&i.Entry)
}

// reused is the exception of I1 (feedbin/support#597): another piece of news
// under a guid that was used before.
func (f *fold) reused(c *candidate, i *news.Item) bool {
	moved := between(c.entry, &i.Entry)
	changed := 0
	if !f.hadLink(i, c.link) {
		changed++
	}
	if c.entry.Title != i.Entry.Title {
		changed++
	}
	sounds := !f.sameSounds(c, i)
	if sounds {
		changed++
	}
	return moved > reuseMoved && changed >= 2 || moved > 0 && sounds && len(f.arrival.Entries) == 1
}

// matchChanged applies I3: an entry whose guid is new may be a known item that
// has left this document in the same visit.
func (f *fold) matchChanged(list []*candidate) {
	f.pair(list, func(c *candidate, i *news.Item) int {
		if c.guid == "" {
			return 0
		}
		strength := f.changedGUID(c, i)
		if strength > 0 && f.present[i.Number] {
			f.flagPair("same-feed", c, i)
			return 0
		}
		return strength
	})
}

// changedGUID grades the likeness of an entry to an item under another guid; 0
// is none.
func (f *fold) changedGUID(c *candidate, i *news.Item) int {
	moved := between(c.entry, &i.Entry)
	if moved > 0 && len(c.sounds) > 0 && len(i.Entry.Enclosures) > 0 && !f.sameSounds(c, i) {
		return 0 // a newscast's next edition
	}
	title := c.entry.Title != "" && c.entry.Title == i.Entry.Title
	alias := f.desk.alias(c.guid)
	if f.memory.Untrusted.IsZero() && slices.ContainsFunc(i.GUIDs, func(g string) bool { return f.desk.alias(g) == alias }) && !slices.Contains(i.GUIDs, c.guid) {
		return 40 + f.agreement(c, i)
	}
	date := sameMinute(c.entry, &i.Entry)
	if f.identifies(c.link) && f.hadLink(i, c.link) && !slices.Contains(i.GUIDs, c.guid) {
		if title && (moved <= reuseMoved || !f.arrival.Whole) || f.arrival.Whole && (date || f.sameText(c, i)) {
			return 20 + f.agreement(c, i)
		}
	}
	if f.arrival.Whole && date && !slices.Contains(i.GUIDs, c.guid) && (title || sameSegment(c.link, f.desk.key(i.Entry.URL)) || f.sameText(c, i)) {
		return 10 + f.agreement(c, i)
	}
	return 0
}

// pair gives each entry the item that it is most like, each item to one entry.
// The grade of a pair is 0 where it is no pair.
func (f *fold) pair(list []*candidate, grade func(*candidate, *news.Item) int) {
	type match struct {
		c     *candidate
		i     *news.Item
		grade int
	}
	var matches []match
	for _, c := range list {
		for _, i := range f.own {
			if c.item != nil || f.taken[i.Number] {
				continue
			}
			if g := grade(c, i); g > 0 {
				matches = append(matches, match{c, i, g})
			}
		}
	}
	slices.SortStableFunc(matches, func(a, b match) int {
		return cmp.Or(b.grade-a.grade, cmp.Compare(between(a.c.entry, &a.i.Entry), between(b.c.entry, &b.i.Entry)),
			slices.Compare(a.c.entry.Digest[:], b.c.entry.Digest[:]), cmp.Compare(b.i.Number, a.i.Number))
	})
	for _, m := range matches {
		if m.c.item == nil && !f.taken[m.i.Number] {
			m.c.item = m.i
			f.taken[m.i.Number] = true
			f.present[m.i.Number] = true
		}
	}
}

// agreement counts what an entry and an item have in common.
func (f *fold) agreement(c *candidate, i *news.Item) int {
	n := 0
	for _, equal := range []bool{f.hadLink(i, c.link), c.entry.Title == i.Entry.Title, sameMinute(c.entry, &i.Entry), f.sameSounds(c, i)} {
		if equal {
			n++
		}
	}
	return n
}

func (f *fold) hadLink(i *news.Item, key string) bool {
	return key != "" && slices.ContainsFunc(i.Links, func(l string) bool { return f.desk.key(l) == key })
}

func (f *fold) sameSounds(c *candidate, i *news.Item) bool {
	return slices.EqualFunc(c.sounds, i.Entry.Enclosures, func(key string, e news.Enclosure) bool { return key == f.desk.key(e.URL) })
}

func (f *fold) sameText(c *candidate, i *news.Item) bool {
	set := func(e *news.Entry) []uint64 { return setOf(shingles(nil, tokens(nil, markup.Text(bodyOf(e))))) }
	return containment(set(c.entry), set(&i.Entry)) >= sameText
}
