package feed

import (
	"bytes"

	"fronteras/aggregator/feed/damage"
)

// place makes room for an element: closes what cannot hold it. It gives the
// word that the element stands for at its place; false if its tag must go.
func (s *scanner) place(t *tag, w word) (word, bool) {
	if len(s.stack) == 0 {
		return w, true
	}
	sp, _ := s.identify(t)
	e := s.top()
	switch {
	case e.mode == modeOpaque:
		return word{}, true
	case e.mode == modeMarkup:
		if !(w.is(isItem|isCore) && s.native(sp)) || htmlWords[w.name] {
			return word{}, true
		}
		for s.top().mode == modeMarkup {
			s.unclosed(len(s.stack)-1, t.from, "<"+string(t.name)+">")
		}
	}
	switch {
	case w.is(isRoot) && !s.top().inItem:
		s.AddRepair(damage.Structure, t.from, "a second "+w.name)
		return w, false
	case w.is(isChannel):
		return s.placeChannel(t, w)
	case w.is(isItem):
		return s.placeItem(t, w)
	case w.is(isCore):
		s.placeCore(t, w, sp)
	}
	return w, true
}

// placeChannel takes items of a further channel as items beside the first.
func (s *scanner) placeChannel(t *tag, w word) (word, bool) {
	if s.top().inItem {
		return word{}, true
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
func (s *scanner) placeItem(t *tag, w word) (word, bool) {
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
		if e.inItem && e.word.name == "" && i > 0 && e.mode == modeFeed {
			return word{}, true
		}
		if e.word.is(isChannel) {
			level = i + 1
		}
	}
	s.unclosed(level, t.from, "<"+string(t.name)+">")
	return w, true
}

// placeCore closes containers that hold no element such as this one.
func (s *scanner) placeCore(t *tag, w word, sp space) {
	native := s.native(sp)
	for {
		e := s.top()
		same := e.word.name == w.name && e.space == sp && e.mode == modeFeed && !w.is(nests|isPerson)
		full := e.word.is(isEmpty) || e.word.is(isPerson) && !s.closesLater(e, t.from) || native && e.inItem && !s.native(e.space) && e.space != spaceOther && e.space != spaceAtom
		pictured := native && !e.inItem && (e.word.name == "image" || e.word.name == "textinput") && !inPicture[w.name] && !s.closesLater(e, t.from)
		if e.word.is(isItem|isChannel|isRoot) || !(same || full || pictured) {
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

var inPicture = set("title", "link", "description")
