package feed

import (
	"sort"

	"fronteras/aggregator/feed/damage"
	"fronteras/aggregator/feed/vocabulary"
)

// gofeed keeps every element and attribute that it does not know, in maps of its
// own: some hundred bytes each. What nobody reads there, and what is more than any
// station writes, it does not get. Titles, texts, dates, links and guids are not
// counted, for they are read from the scan's notes.

// surplus reports whether an element that is about to be opened is kept from gofeed,
// with all that stands in it.
func (s *scanner) surplus(e *open) bool {
	if s.unseen > 0 || e.mode != modeFeed || e.word.HasTrait(vocabulary.IsItem|vocabulary.IsChannel|vocabulary.IsRoot) || e.child >= 0 && e.word.HasTrait(vocabulary.IsNoted) {
		return false
	}
	if e.space == vocabulary.Other {
		return true
	}
	weight := 1 + len(s.attrs)
	s.weight += weight
	s.itemWeight += weight
	if s.weight <= maxExtra && s.itemWeight <= maxItemExtra {
		return false
	}
	s.weight -= weight
	s.AddRepair(damage.Limit, -1, "more elements beside titles, texts and dates than are taken")
	s.doc.whole = false
	return true
}

// cover notes that what the top element holds is not seen by gofeed, until it ends.
func (s *scanner) cover(e *open) {
	switch {
	case s.unseen > 0:
	case e.hidden, e.child >= 0 && e.word.HasTrait(vocabulary.IsNoted):
		s.unseen = len(s.stack)
	case e.word.HasTrait(vocabulary.IsItem):
		s.itemWeight = 0
	}
}

// uncover ends that, where the top element began it. Its end tag ends in the output
// at to.
func (s *scanner) uncover(e *open, to int) {
	if s.unseen != len(s.stack) {
		return
	}
	s.unseen = 0
	if !e.hidden {
		return
	}
	if n := len(s.doc.surplus); n > 0 && s.doc.surplus[n-1].to == e.at {
		s.doc.surplus[n-1].to = to
		return
	}
	s.doc.surplus = append(s.doc.surplus, span{e.at, to})
}

// surplusIn are the spans of surplus that lie in another.
func (d *scanned) surplusIn(in span) []span {
	from := sort.Search(len(d.surplus), func(i int) bool { return d.surplus[i].from >= in.from })
	to := sort.Search(len(d.surplus), func(i int) bool { return d.surplus[i].from >= in.to })
	return d.surplus[from:to]
}
