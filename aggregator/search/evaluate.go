package search

import (
	"context"
	"math"
	"math/bits"
	"slices"
	"strings"
	"sync"

	bolt "go.etcd.io/bbolt"

	"fronteras/aggregator/news"
)

// Result is what was found.
type Result struct {
	Stories []uint64 // their numbers, the best first
	Total   int      // how many there are
	Whole   bool     // every story was looked at
}

// search finds stories in a generation of the file: first those that have all words in the headline, then the others,
// the newest first in each.
func (f *file) search(ctx context.Context, tx *bolt.Tx, s *state, q Query) (r Result, err error) {
	e := evaluations.Get().(*evaluation)
	defer evaluations.Put(e)
	*e = evaluation{file: f, cursor: tx.Bucket(bucketWords).Cursor(), Query: q, headline: e.headline[:0],
		elsewhere: e.elsewhere[:0], starts: e.starts[:0]}
	defer func() { e.cursor = nil }()
	e.from, e.before = uint32(0), uint32(math.MaxUint32)
	if !q.From.IsZero() {
		e.from = unixSeconds(q.From)
	}
	if !q.Before.IsZero() {
		e.before = unixSeconds(q.Before)
	}
	stems := newStemmer()
	for _, c := range q.Clauses {
		var p prepared
		p.not = c.Not
		for _, kind := range kinds {
			var terms []string
			for _, w := range c.Words {
				terms = append(terms, stems.term(kind, w))
			}
			p.forms = append(p.forms, terms)
		}
		e.prepared = append(e.prepared, p)
	}
	for _, b := range s.all() {
		if err := ctx.Err(); err != nil {
			return r, err
		}
		if b.newest < e.from || b.oldest >= e.before || b.live() == 0 {
			continue
		}
		if err := e.block(b); err != nil {
			return r, err
		}
	}
	r.Total = len(e.headline) + len(e.elsewhere)
	for _, list := range [][]uint64{e.headline, e.elsewhere} {
		slices.Sort(list)
		slices.Reverse(list)
		if q.Offset >= len(list) {
			q.Offset -= len(list)
			continue
		}
		list = list[q.Offset:]
		q.Offset = 0
		for _, o := range list[:min(len(list), max(q.Limit-len(r.Stories), 0))] {
			r.Stories = append(r.Stories, uint64(uint32(o)))
		}
	}
	return r, nil
}

// prepared is a clause with the terms that are looked for: in each language the words' own.
type prepared struct {
	forms [][]string
	not   bool
	size  int // of its postings in the blocks so far
}

// evaluation is a search under way.
type evaluation struct {
	Query
	file     *file
	cursor   *bolt.Cursor
	prepared []prepared
	from     uint32
	before   uint32

	headline, elsewhere []uint64 // what was found, by [doc.order]
	starts              []int    // of a phrase in a document
}

// evaluations keeps what evaluations were made of for the next.
var evaluations = sync.Pool{New: func() any { return &evaluation{} }}

// term is a term's postings in the block under way.
func (e *evaluation) term(b *block, term string) ([]byte, error) {
	return e.file.lookup(e.cursor, b, term)
}

// block searches a block.
func (e *evaluation) block(b *block) error {
	var found bitmap
	for slot, d := range b.docs {
		if d.published >= e.from && d.published < e.before && (b.gone == nil || !b.gone.has(slot)) {
			found.set(slot)
		}
	}
	for _, filter := range []struct {
		kind   byte
		values []string
		not    bool
	}{
		{ofStation, e.Stations, false}, {ofTopic, e.Topics, false}, {ofLanguage, e.Languages, false},
		{ofStation, e.Without, true},
	} {
		if len(filter.values) == 0 {
			continue
		}
		var having bitmap
		for _, v := range filter.values {
			t := string(filter.kind) + v
			if err := e.addHaving(b, t[:min(len(t), maxTerm)], &having, nil); err != nil {
				return err
			}
		}
		if !found.keep(&having, filter.not) {
			return nil
		}
	}
	if ok, err := e.keepStatuses(b, &found); err != nil || !ok {
		return err
	}
	clauses, err := e.readClauses(b)
	if err != nil {
		return err
	}
	inHeadline := found
	if e.NewestFirst || !finds(e.Clauses) {
		inHeadline = bitmap{}
	}
	for _, c := range clauses {
		var having, heading bitmap
		for _, lists := range c.lists {
			if lists == nil {
				continue
			}
			if err := e.addPhrase(lists, &found, &having, &heading); err != nil {
				return err
			}
		}
		if !found.keep(&having, c.not) {
			return nil
		}
		if !c.not {
			inHeadline.keep(&heading, false)
		}
	}
	inHeadline.keep(&found, false)
	for at, word := range found {
		for ; word != 0; word &= word - 1 {
			slot := at<<6 + bits.TrailingZeros64(word)
			if slot >= len(b.docs) {
				return errPostings
			}
			if inHeadline.has(slot) {
				e.headline = append(e.headline, b.docs[slot].order())
			} else {
				e.elsewhere = append(e.elsewhere, b.docs[slot].order())
			}
		}
	}
	return nil
}

// keepStatuses leaves the stories of the statuses that are asked for; it reports whether any are left. What is live
// bears no term: of nearly all stories nothing is read.
func (e *evaluation) keepStatuses(b *block, found *bitmap) (bool, error) {
	isAsked := func(s news.Status) bool {
		return slices.Contains(e.Statuses, s) || len(e.Statuses) == 0 && s == news.Live
	}
	var having, others bitmap
	for _, s := range []news.Status{news.Held, news.Retracted} {
		to := &others
		if isAsked(s) {
			to = &having
		}
		if err := e.addHaving(b, string(ofStatus)+string(s), to, nil); err != nil {
			return false, err
		}
	}
	if isAsked(news.Live) {
		return found.keep(&others, true), nil
	}
	return found.keep(&having, false), nil
}

// keep leaves what is also in another set, or what is not; it reports whether anything is left.
func (b *bitmap) keep(other *bitmap, not bool) bool {
	var left uint64
	for n := range b {
		if not {
			b[n] &^= other[n]
		} else {
			b[n] &= other[n]
		}
		left |= b[n]
	}
	return left != 0
}

// clausePostings is a clause with the postings of its terms in a block: in each language those of all its words, or nil
// where one of them is not there.
type clausePostings struct {
	lists [][][]byte
	not   bool
	size  int
}

// readClauses looks the terms of all clauses up, and orders the clauses: those that leave the fewest documents first.
func (e *evaluation) readClauses(b *block) ([]clausePostings, error) {
	// The rarest so far is looked up first: where it is not there, nothing else need be.
	slices.SortStableFunc(e.prepared, func(a, b prepared) int { return a.size - b.size })
	var clauses []clausePostings
	for n := range e.prepared {
		p := &e.prepared[n]
		c := clausePostings{not: p.not}
		found := false
		for _, terms := range p.forms {
			var lists [][]byte
			for _, t := range terms {
				list, err := e.term(b, t)
				if err != nil {
					return nil, err
				}
				if list == nil {
					lists = nil
					break
				}
				lists = append(lists, list)
				c.size += len(list)
			}
			found = found || lists != nil
			c.lists = append(c.lists, lists)
		}
		if p.size += c.size; !found && !p.not {
			return []clausePostings{c}, nil
		}
		clauses = append(clauses, c)
	}
	slices.SortStableFunc(clauses, func(a, b clausePostings) int { return a.size - b.size })
	return clauses, nil
}

// addHaving adds the documents that have a term, and those that have it in the headline.
func (e *evaluation) addHaving(b *block, term string, having, heading *bitmap) error {
	list, err := e.term(b, term)
	if err != nil || list == nil {
		return err
	}
	return addAll(list, having, heading)
}

func addAll(list []byte, having, heading *bitmap) error {
	r := postings{rest: list}
	for p, ok := r.next(); ok; p, ok = r.next() {
		having.set(p.slot)
		if heading != nil && p.first() < headlineEnd {
			heading.set(p.slot)
		}
	}
	return r.err
}

// addPhrase adds the documents, of those found so far, in which terms stand one after the other.
func (e *evaluation) addPhrase(lists [][]byte, found, having, heading *bitmap) error {
	if len(lists) == 1 {
		return addAll(lists[0], having, heading)
	}
	readers := make([]postings, len(lists))
	for n, list := range lists {
		readers[n].rest = list
	}
	heads := make([]posting, len(lists))
	for n := range readers {
		heads[n].slot = -1
	}
	for slot := 0; ; slot++ {
		for n := range readers { // the first document that all have
			for heads[n].slot < slot {
				var ok bool
				if heads[n], ok = readers[n].next(); !ok {
					return readers[n].err
				}
			}
			if heads[n].slot > slot {
				slot = heads[n].slot - 1
				break
			}
			if n < len(readers)-1 || !found.has(slot) {
				continue
			}
			if at := e.firstPhrase(heads); at >= 0 {
				having.set(slot)
				if at < headlineEnd {
					heading.set(slot)
				}
			}
		}
	}
}

// firstPhrase is the first place where terms of a document stand one after the other; -1 if there
// is none. It begins with the term that has the fewest places.
func (e *evaluation) firstPhrase(heads []posting) int {
	rarest := 0
	for n, p := range heads {
		if len(p.places) < len(heads[rarest].places) {
			rarest = n
		}
	}
	starts := heads[rarest].decodePlaces(e.starts[:0])
	for n := range starts {
		starts[n] -= rarest
	}
	for n, p := range heads {
		if n != rarest {
			starts = keepFollowed(starts, p.places, n)
		}
		if len(starts) == 0 {
			break
		}
	}
	e.starts = starts
	if len(starts) == 0 {
		return -1
	}
	return starts[0]
}

// keepFollowed leaves the places that another term stands behind, so far.
func keepFollowed(starts []int, places []byte, far int) []int {
	kept, at := starts[:0], 0
	for next := 0; next < len(starts) && len(places) > 0; {
		distance, n := readUvarint(places)
		if n <= 0 || distance > maxPositions {
			break
		}
		places, at = places[n:], at+int(distance)
		for next < len(starts) && starts[next]+far < at {
			next++
		}
		if next < len(starts) && starts[next]+far == at {
			kept = append(kept, starts[next])
			next++
		}
	}
	return kept
}

// Marks are the parts of a text that a query found, for showing: pairs of bytes.
func (q Query) Marks(language, content string, most int) (marks [][2]int) {
	wanted, stems, kind := map[string]bool{}, newStemmer(), kindOf(language)
	for _, c := range q.Clauses {
		for _, w := range c.Words {
			wanted[stems.term(kind, w)] = wanted[stems.term(kind, w)] || !c.Not
		}
	}
	if len(wanted) == 0 {
		return nil
	}
	wordsOf(strings.ToValidUTF8(content, "?"), func(w word) bool {
		if wanted[stems.term(kind, w.folded)] {
			marks = append(marks, [2]int{w.start, w.end})
		}
		return len(marks) < most
	})
	return marks
}
