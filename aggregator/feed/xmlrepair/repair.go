// Package xmlrepair makes well-formed XML of RSS and Atom documents, damaged or not, and records
// what parsers drop of their items. It mends markup and bytes, never words.
package xmlrepair

import (
	"bytes"
	"fmt"

	"fronteras/aggregator/feed/bound"
	"fronteras/aggregator/feed/damage"
	"fronteras/aggregator/feed/vocabulary"
	"fronteras/aggregator/text"
)

// Limits holds what a document may cost; those that JSON documents have, too.
type Limits struct {
	Depth    int // elements in one another
	Elements int
	Items    int

	Work *bound.Work // that the repair is part of; it fails as that does
}

// Repair makes well-formed XML of an RSS or Atom document in UTF-8 without illegal characters, and
// records what is in it and what was mended. It fails with a [*damage.NotFeedError] where the text
// is not a feed, and with a [*damage.LimitError] where it costs more than is allowed.
func Repair(text []byte, limits Limits) (*Document, []damage.Repair, error) {
	l := damage.NewLedger(text)
	start, err := findRoot(text, l)
	if err != nil {
		return nil, nil, err
	}
	s := &scanner{
		Ledger:     l,
		lexer:      lexer{in: text, ahead: map[string]occurrence{}, limits: limits},
		output:     output{src: text, copied: start.at},
		references: references{entities: start.entities, spare: maxEntities},
		scopes:     scopes{prefixes: map[vocabulary.Space][]string{}},
		i:          start.at,
		doc:        &Document{Whole: true, Root: start.root},
	}
	if start.wrap {
		s.wrapInRSS()
	}
	for s.err == nil && s.i < len(s.in) && (len(s.stack) > 0 || s.elements == 0) {
		if s.i >= s.look {
			s.lookAtClock()
		}
		if s.in[s.i] == '<' {
			s.scanMarkup()
		} else {
			s.scanText()
		}
	}
	switch {
	case s.err != nil:
		return nil, nil, s.err
	case s.elements == 0:
		return nil, nil, &damage.NotFeedError{What: "a document that ends in its first tag"}
	}
	s.closeDocument()
	return s.doc, l.Repairs(), nil
}

// scanner walks a document once and writes well-formed XML.
//
// The stack is the stack of what it writes, so depth and counts are exact for what gofeed will see,
// whatever comments, instructions or entities hide.
type scanner struct {
	*damage.Ledger
	lexer
	output
	references
	scopes

	i        int // next byte to look at
	look     int // from where on the clock is looked at again
	stack    []openElement
	elements int
	starts   int // start tags of items, also of those dropped
	channels int
	wrapped  bool // the root was written by the scan
	doc      *Document

	weight, itemWeight int // elements and attributes that gofeed is given
	surplusOf          int // the item, from 1, of which it was noted last that it is not given all; 1 is the feed
	unseen             int // depth of the element in which it sees nothing, otherwise 0
}

// openElement is an element whose end tag has not been written.
type openElement struct {
	name     []byte // as it appears in the output
	local    []byte // without prefix
	word     vocabulary.Word
	space    vocabulary.Space
	from     int // offset in the input of its start tag
	at       int // the same in the output
	inner    int // offset in the output of what is in it
	child    int // its note in the item or feed around it, otherwise -1
	bindings int // namespace bindings before its own
	scopes   int // xml:base and xml:lang before its own
	mode     uint8
	inItem   bool // it is in an item, or is one
	hidden   bool // from gofeed, with what is in it
	broken   bool // of an item: it holds text whose end is lost
}

// lookAtClock asks whether the work may go on.
func (s *scanner) lookAtClock() {
	const every = 64 << 10
	s.look = s.i + every
	if err := s.limits.Work.Advance(every); err != nil && s.err == nil {
		s.err = err
	}
}

// wrapInRSS writes the rss element that a bare channel lacks.
func (s *scanner) wrapInRSS() {
	s.AddRepair(damage.Structure, s.i, "a channel without rss around it")
	s.replaceInput(s.i, s.i, `<rss version="2.0">`)
	s.doc.RootTag = Span{0, s.outputPos(s.i)}
	s.pushElement(openElement{name: []byte("rss"), local: []byte("rss"), word: vocabulary.RSSWords["rss"], child: -1})
	s.wrapped = true
}

// closeDocument closes what the end of the document left open. An item among it is dropped: half a
// body would look like an edit.
func (s *scanner) closeDocument() {
	end := s.i
	if len(s.stack) > 0 && !s.onlyWrapperIsOpen() {
		s.doc.Whole = false
		s.AddRepair(damage.CutOff, len(s.in), "the document ends within "+string(s.stack[len(s.stack)-1].name))
		for i, e := range s.stack {
			if e.word.HasTrait(vocabulary.IsItem) {
				s.dropItem(i, end)
				break
			}
		}
		for len(s.stack) > 0 {
			s.closeInnermost(end)
		}
	} else if len(s.stack) > 0 {
		s.closeInnermost(end)
	}
	if rest := bytes.TrimSpace(s.in[end:]); len(rest) > 0 && !bytes.HasPrefix(rest, []byte("<!--")) {
		s.AddRepair(damage.Structure, end, "text after the end of the document")
	}
	s.doc.Prefixes = s.prefixes
	if s.dirty {
		s.flushInput(end)
		s.doc.Out = s.out
	} else {
		s.doc.Out = s.in[s.copied:end]
	}
}

// onlyWrapperIsOpen reports whether only the root is open that the scan wrote itself.
func (s *scanner) onlyWrapperIsOpen() bool { return s.wrapped && len(s.stack) == 1 && s.channels > 0 }

func (s *scanner) innermost() *openElement { return &s.stack[len(s.stack)-1] }

func (s *scanner) pushElement(e openElement) {
	s.elements++
	switch {
	case len(s.stack) >= s.limits.Depth:
		s.exceedLimit("elements in one another", 0, s.limits.Depth)
	case s.elements > s.limits.Elements:
		s.exceedLimit("elements", 0, s.limits.Elements)
	}
	s.stack = append(s.stack, e)
	s.beginUnseen(&e)
}

// popElement ends the top element; its end tag ends at the input's offset end, and starts in the
// output at from.
func (s *scanner) popElement(from, end int) {
	e := s.innermost()
	if note := s.noteOfElement(e); note != nil {
		note.Inner.To = from
		note.Whole.To = s.outputPos(end)
	}
	if e.word.HasTrait(vocabulary.IsItem) && e.inItem {
		s.doc.Items[len(s.doc.Items)-1].Whole.To = s.outputPos(end)
		if e.broken {
			s.dropItem(len(s.stack)-1, end)
			return
		}
	}
	s.endUnseen(e, s.outputPos(end))
	s.leaveScope(e)
	s.stack = s.stack[:len(s.stack)-1]
}

// closeInnermost writes the end tag of the top element at the input's offset p.
func (s *scanner) closeInnermost(p int) {
	from := s.outputPos(p)
	s.replaceInput(p, p, "</"+string(s.innermost().name)+">")
	s.popElement(from, p)
}

// dropItem takes the item at stack[i] out of the output, and what is in it, up to the input's
// offset p.
func (s *scanner) dropItem(i, p int) {
	e := &s.stack[i]
	s.truncateOutput(e.at, p)
	s.leaveScope(e)
	s.stack = s.stack[:i]
	s.doc.Items = s.doc.Items[:len(s.doc.Items)-1]
	for n := len(s.doc.hidden); n > 0 && s.doc.hidden[n-1].From >= e.at; n-- {
		s.doc.hidden = s.doc.hidden[:n-1]
	}
	for n := len(s.doc.surplus); n > 0 && s.doc.surplus[n-1].From >= e.at; n-- {
		s.doc.surplus = s.doc.surplus[:n-1]
	}
	if s.unseen > i {
		s.unseen = 0
	}
	s.doc.Whole = false
}

// noteOfElement gives the note of an element, nil if it has none.
func (s *scanner) noteOfElement(e *openElement) *Child {
	if e.child < 0 {
		return nil
	}
	if e.inItem {
		return &s.doc.Items[len(s.doc.Items)-1].Children[e.child]
	}
	return &s.doc.Feed.Children[e.child]
}

// scanMarkup reads what begins with "<" at s.i.
func (s *scanner) scanMarkup() {
	rest := s.in[s.i:]
	switch {
	case len(rest) < 2:
		s.i = len(s.in)
		s.replaceInput(len(s.in)-1, len(s.in), "")
	case rest[1] == '/':
		s.scanEndTag()
	case rest[1] == '?':
		s.skipUntil("?>", "?>", "instruction")
	case bytes.HasPrefix(rest, []byte("<!--")):
		s.skipUntil("-->", "<!--", "comment")
	case bytes.HasPrefix(rest, []byte("<![CDATA[")):
		s.scanCDATA()
	case rest[1] == '!':
		s.skipUntil(">", "<!", "declaration")
	default:
		s.scanStartTag()
	}
}

// skipUntil leaves out what is from s.i to the next end. Where no end follows, it is the next ">"
// instead: the rest of the document is worth more than a comment.
func (s *scanner) skipUntil(end, start, what string) {
	from := s.i
	to := s.offsetAfter(from+len(start), end)
	if to < 0 {
		s.AddRepair(damage.Structure, from, what+" without end")
		if to = s.offsetAfter(from, ">"); to < 0 {
			to = len(s.in)
		}
	}
	s.replaceInput(from, to, "")
	s.i = to
}

// scanEndTag reads "</" and a name.
func (s *scanner) scanEndTag() {
	from := s.i
	e := s.innermost()
	n := from + 2 + len(e.name)
	if n < len(s.in) && s.in[n] == '>' && bytes.Equal(s.in[from+2:n], e.name) {
		s.i = n + 1
		s.popElement(s.outputPos(from), n+1)
		return
	}
	name, to, ended := s.readEndName(from + 2)
	if !ended {
		s.i = len(s.in)
		s.replaceInput(from, len(s.in), "")
		return
	}
	s.i = to
	k := s.matchingElement(name)
	if k < 0 {
		s.AddRepair(damage.EndTags, from, fmt.Sprintf("</%s> closes nothing", text.Excerpt(string(name))))
		s.replaceInput(from, to, "")
		return
	}
	s.closeUnclosed(k+1, from, "</"+string(name)+">")
	at := s.outputPos(from)
	s.replaceInput(from, to, "</"+string(s.stack[k].name)+">")
	s.popElement(at, to)
}

// matchingElement finds the open element that an end tag closes, -1 if there is none.
func (s *scanner) matchingElement(name []byte) int {
	local := localName(name)
	for k := len(s.stack) - 1; k >= 0; k-- {
		e := &s.stack[k]
		if bytes.EqualFold(e.name, name) || len(local) > 0 && bytes.EqualFold(e.local, local) {
			return k
		}
	}
	return -1
}

// closeUnclosed closes everything above n elements, which what closes with them.
func (s *scanner) closeUnclosed(n, p int, what string) {
	for len(s.stack) > n {
		e := s.innermost()
		name := damage.EndTags
		if e.word.HasTrait(vocabulary.IsItem) && e.inItem {
			name = damage.UnclosedItem
		}
		s.AddRepair(name, p, fmt.Sprintf("%s closes the open %s", text.Excerpt(what), text.Excerpt(string(e.name))))
		s.closeInnermost(p)
	}
}

func localName(name []byte) []byte {
	if i := bytes.IndexByte(name, ':'); i >= 0 {
		return name[i+1:]
	}
	return name
}
