package feed

import (
	"bytes"

	"fronteras/aggregator/feed/damage"
	"fronteras/aggregator/feed/vocabulary"
)

// place makes room for an element: closes what cannot hold it. It gives the
// word that the element stands for at its place; false if its tag must go.
func (s *scanner) place(t *tag, w vocabulary.Word) (vocabulary.Word, bool) {
	if len(s.stack) == 0 {
		return w, true
	}
	sp, _ := s.identify(t)
	e := s.top()
	switch {
	case e.mode == modeOpaque:
		return vocabulary.Word{}, true
	case e.mode == modeMarkup:
		if !(w.HasTrait(vocabulary.IsItem|vocabulary.IsCore) && s.native(sp)) || vocabulary.HTMLElements[w.Name] {
			return vocabulary.Word{}, true
		}
		for s.top().mode == modeMarkup {
			s.unclosed(len(s.stack)-1, t.from, "<"+string(t.name)+">")
		}
	}
	switch {
	case w.HasTrait(vocabulary.IsRoot) && !s.top().inItem:
		s.AddRepair(damage.Structure, t.from, "a second "+w.Name)
		return w, false
	case w.HasTrait(vocabulary.IsChannel):
		return s.placeChannel(t, w)
	case w.HasTrait(vocabulary.IsItem):
		return s.placeItem(t, w)
	case w.HasTrait(vocabulary.IsCore):
		s.placeCore(t, w, sp)
	}
	return w, true
}

// placeChannel takes items of a further channel as items beside the first.
func (s *scanner) placeChannel(t *tag, w vocabulary.Word) (vocabulary.Word, bool) {
	if s.top().inItem {
		return vocabulary.Word{}, true
	}
	s.unclosed(1, t.from, "<channel>")
	if s.channels++; s.channels > 1 {
		s.AddRepair(damage.Structure, t.from, "a second channel")
		return w, false
	}
	return w, true
}

// placeItem closes what is open down to the channel or the root: an item stands
// nowhere else. The exception is an item in an element of no vocabulary in an
// item: that is some list's.
func (s *scanner) placeItem(t *tag, w vocabulary.Word) (vocabulary.Word, bool) {
	s.doc.starts++
	if s.doc.starts > maxItems {
		s.refuse("items", 0, maxItems)
	}
	if t.closed {
		s.AddRepair(damage.Structure, t.from, "an item without anything in it")
		return w, false
	}
	level := 1
	for i := range s.stack {
		e := &s.stack[i]
		if e.inItem && e.word.Name == "" && i > 0 && e.mode == modeFeed {
			return vocabulary.Word{}, true
		}
		if e.word.HasTrait(vocabulary.IsChannel) {
			level = i + 1
		}
	}
	s.unclosed(level, t.from, "<"+string(t.name)+">")
	return w, true
}

// placeCore closes containers that hold no element such as this one.
func (s *scanner) placeCore(t *tag, w vocabulary.Word, sp vocabulary.Space) {
	native := s.native(sp)
	for {
		e := s.top()
		same := e.word.Name == w.Name && e.space == sp && e.mode == modeFeed && !w.HasTrait(vocabulary.Nests|vocabulary.IsPerson)
		full := e.word.HasTrait(vocabulary.IsEmpty) || e.word.HasTrait(vocabulary.IsPerson) && !s.closesLater(e, t.from) || native && e.inItem && !s.native(e.space) && e.space != vocabulary.Other && e.space != vocabulary.Atom
		pictured := native && !e.inItem && (e.word.Name == "image" || e.word.Name == "textinput") && !inPicture[w.Name] && !s.closesLater(e, t.from)
		if e.word.HasTrait(vocabulary.IsItem|vocabulary.IsChannel|vocabulary.IsRoot) || !(same || full || pictured) {
			return
		}
		s.unclosed(len(s.stack)-1, t.from, "<"+string(t.name)+">")
	}
}

// closesLater reports whether an element's own end tag follows, before the end
// tag of the element around it.
func (s *scanner) closesLater(e *open, p int) bool {
	ahead := s.in[p:min(len(s.in), p+maxPreamble)]
	own := bytes.Index(ahead, append([]byte("</"), e.name...))
	if own < 0 || len(s.stack) < 2 {
		return false
	}
	around := s.stack[len(s.stack)-2].name
	return !bytes.Contains(ahead[:own], append([]byte("</"), around...))
}

var inPicture = vocabulary.SetOf("title", "link", "description")
