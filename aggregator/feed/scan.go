package feed

import (
	"bytes"
	"fmt"

	"fronteras/aggregator/feed/damage"
	"fronteras/aggregator/feed/vocabulary"
	"fronteras/aggregator/text"
)

// open is an element whose end tag has not been written.
type open struct {
	name     []byte // as it stands in the output
	local    []byte // without prefix
	word     vocabulary.Word
	space    vocabulary.Space
	at       int // offset in the output of its start tag
	inner    int // offset in the output of what stands in it
	child    int // its note in the item or feed around it, else -1
	bindings int // namespace bindings before its own
	scopes   int // xml:base and xml:lang before its own
	mode     uint8
	inItem   bool // it stands in an item, or is one
	hidden   bool // from gofeed, with what stands in it
	broken   bool // of an item: it holds text whose end is lost
}

// scanner walks a document once and writes well-formed XML. It copies nothing
// until the first repair: until then the output is the input.
//
// The stack is the stack of what it writes, so depth and counts are exact for
// what gofeed will see, whatever comments, instructions or entities hide.
type scanner struct {
	*damage.Ledger
	in     []byte
	i      int // next byte to look at
	out    []byte
	copied int // input up to here is in out
	dirty  bool

	stack    []open
	attrs    []attribute
	bindings []binding
	scopes   []scope
	entities map[string]string
	spare    int // bytes that entities may still add

	elements, inScope, declared int
	weight, itemWeight          int // elements and attributes that gofeed is given
	unseen                      int // depth of the element in which it sees nothing, else 0
	channels                    int
	own                         string // the root's namespace, if it is none that is known
	wrapped                     bool   // the root was written by the scan
	noMore                      map[string]bool
	noQuote                     [2]bool
	doc                         *scanned
	err                         error
}

// scan reads the document from the root element on, which start is the offset
// of, and mends it.
func scan(in []byte, start rootStart, l *damage.Ledger) (*scanned, error) {
	s := &scanner{
		Ledger: l, in: in, i: start.at, copied: start.at, entities: start.entities, spare: maxEntities,
		noMore: map[string]bool{}, doc: &scanned{whole: true, root: start.root, keys: map[vocabulary.Space][]string{}},
	}
	if start.wrap {
		s.wrap()
	}
	for s.err == nil && s.i < len(s.in) && (len(s.stack) > 0 || s.elements == 0) {
		if s.in[s.i] == '<' {
			s.markup()
		} else {
			s.text()
		}
	}
	if s.err != nil {
		return nil, s.err
	}
	if s.elements == 0 {
		return nil, &damage.NotFeedError{What: "a document that ends in its first tag"}
	}
	s.finish()
	return s.doc, nil
}

// wrap writes the rss element that a bare channel lacks.
func (s *scanner) wrap() {
	s.AddRepair(damage.Structure, s.i, "a channel without rss around it")
	s.replace(s.i, s.i, `<rss version="2.0">`)
	s.doc.rootTag = span{0, s.pos(s.i)}
	s.push(open{name: []byte("rss"), local: []byte("rss"), word: vocabulary.RSSWords["rss"], child: -1})
	s.wrapped = true
}

// finish closes what the end of the document left open. An item among it is
// dropped: half a body would look like an edit.
func (s *scanner) finish() {
	end := s.i
	if len(s.stack) > 0 && !s.rootAlone() {
		s.doc.whole = false
		s.AddRepair(damage.CutOff, len(s.in), "the document ends within "+string(s.stack[len(s.stack)-1].name))
		for i, e := range s.stack {
			if e.word.HasTrait(vocabulary.IsItem) {
				s.dropItem(i, end)
				break
			}
		}
		for len(s.stack) > 0 {
			s.close(end)
		}
	} else if len(s.stack) > 0 {
		s.close(end)
	}
	if rest := bytes.TrimSpace(s.in[end:]); len(rest) > 0 && !bytes.HasPrefix(rest, []byte("<!--")) {
		s.AddRepair(damage.Structure, end, "text after the end of the document")
	}
	if s.dirty {
		s.flush(end)
		s.doc.out, s.doc.shift = s.out, -1
	} else {
		s.doc.out, s.doc.shift = s.in[s.copied:end], s.copied
	}
}

// rootAlone reports whether only the root is open that the scan wrote itself.
func (s *scanner) rootAlone() bool { return s.wrapped && len(s.stack) == 1 && s.channels > 0 }

// Output.

// pos is the offset in the output that the input's offset p has or will have.
func (s *scanner) pos(p int) int { return len(s.out) + p - s.copied }

func (s *scanner) flush(to int) {
	s.out = append(s.out, s.in[s.copied:to]...)
	s.copied = to
}

// replace writes text where the input has from to to.
func (s *scanner) replace(from, to int, text string) {
	if !s.dirty {
		s.dirty = true
		s.out = make([]byte, 0, len(s.in)-s.copied+len(s.in)/64+512)
	}
	s.flush(from)
	s.out = append(s.out, text...)
	s.copied = to
}

// truncate takes back everything written from the output's offset at on, up to
// the input's offset p.
func (s *scanner) truncate(at, p int) {
	s.replace(p, p, "")
	s.out = s.out[:at]
}

// The stack.

func (s *scanner) top() *open { return &s.stack[len(s.stack)-1] }

func (s *scanner) push(e open) {
	s.elements++
	switch {
	case len(s.stack) >= maxDepth:
		s.refuse("elements in one another", 0, maxDepth)
	case s.elements > maxElements:
		s.refuse("elements", 0, maxElements)
	}
	s.stack = append(s.stack, e)
	s.cover(&e)
}

// pop ends the top element; its end tag ends at the input's offset end, and
// starts in the output at from.
func (s *scanner) pop(from, end int) {
	e := s.top()
	if note := s.noteOf(e); note != nil {
		note.inner.to = from
		note.whole.to = s.pos(end)
	}
	if e.word.HasTrait(vocabulary.IsItem) && e.inItem {
		s.doc.items[len(s.doc.items)-1].whole.to = s.pos(end)
		if e.broken {
			s.dropItem(len(s.stack)-1, end)
			return
		}
	}
	s.uncover(e, s.pos(end))
	s.leave(e)
	s.stack = s.stack[:len(s.stack)-1]
}

// leave takes back what the element declared.
func (s *scanner) leave(e *open) {
	s.bindings = s.bindings[:e.bindings]
	s.scopes = s.scopes[:e.scopes]
}

// close writes the end tag of the top element at the input's offset p.
func (s *scanner) close(p int) {
	from := s.pos(p)
	s.replace(p, p, "</"+string(s.top().name)+">")
	s.pop(from, p)
}

// dropItem takes the item at stack[i] out of the output, and what is in it, up
// to the input's offset p.
func (s *scanner) dropItem(i, p int) {
	e := &s.stack[i]
	s.truncate(e.at, p)
	s.leave(e)
	s.stack = s.stack[:i]
	s.doc.items = s.doc.items[:len(s.doc.items)-1]
	for n := len(s.doc.hidden); n > 0 && s.doc.hidden[n-1].from >= e.at; n-- {
		s.doc.hidden = s.doc.hidden[:n-1]
	}
	for n := len(s.doc.surplus); n > 0 && s.doc.surplus[n-1].from >= e.at; n-- {
		s.doc.surplus = s.doc.surplus[:n-1]
	}
	if s.unseen > i {
		s.unseen = 0
	}
	s.doc.whole = false
}

// noteOf gives the note of an element, nil if it has none.
func (s *scanner) noteOf(e *open) *child {
	if e.child < 0 {
		return nil
	}
	if e.inItem {
		return &s.doc.items[len(s.doc.items)-1].children[e.child]
	}
	return &s.doc.feed.children[e.child]
}

func (s *scanner) refuse(limit string, found, allowed int) {
	if s.err == nil {
		s.err = &damage.LimitError{Limit: limit, Found: found, Allowed: allowed}
	}
}

// Markup.

// markup reads what begins with "<" at s.i.
func (s *scanner) markup() {
	rest := s.in[s.i:]
	switch {
	case len(rest) < 2:
		s.i = len(s.in)
		s.replace(len(s.in)-1, len(s.in), "")
	case rest[1] == '/':
		s.endTag()
	case rest[1] == '?':
		s.skip("?>", "?>", "instruction")
	case bytes.HasPrefix(rest, []byte("<!--")):
		s.skip("-->", "<!--", "comment")
	case bytes.HasPrefix(rest, []byte("<![CDATA[")):
		s.cdata()
	case rest[1] == '!':
		s.skip(">", "<!", "declaration")
	default:
		s.startTag()
	}
}

// skip leaves out what stands from s.i to the next end. Where no end follows,
// it is the next ">" instead: the rest of the document is worth more than a
// comment.
func (s *scanner) skip(end, start, what string) {
	from := s.i
	to := s.after(from+len(start), end)
	if to < 0 {
		s.AddRepair(damage.Structure, from, what+" without end")
		if to = s.after(from, ">"); to < 0 {
			to = len(s.in)
		}
	}
	s.replace(from, to, "")
	s.i = to
}

// after is the offset behind the next end at or after from, -1 if none follows.
// That none follows is kept, so that it is looked for once.
func (s *scanner) after(from int, end string) int {
	if s.noMore[end] || from > len(s.in) {
		return -1
	}
	n := bytes.Index(s.in[from:], []byte(end))
	if n < 0 {
		s.noMore[end] = true
		return -1
	}
	return from + n + len(end)
}

// endTag reads "</" and a name.
func (s *scanner) endTag() {
	from := s.i
	e := s.top()
	n := from + 2 + len(e.name)
	if n < len(s.in) && s.in[n] == '>' && bytes.Equal(s.in[from+2:n], e.name) {
		s.i = n + 1
		s.pop(s.pos(from), n+1)
		return
	}
	name, to, ended := s.endName(from + 2)
	if !ended {
		s.i = len(s.in)
		s.replace(from, len(s.in), "")
		return
	}
	s.i = to
	k := s.match(name)
	if k < 0 {
		s.AddRepair(damage.EndTags, from, fmt.Sprintf("</%s> closes nothing", text.Excerpt(string(name))))
		s.replace(from, to, "")
		return
	}
	s.unclosed(k+1, from, "</"+string(name)+">")
	at := s.pos(from)
	s.replace(from, to, "</"+string(s.stack[k].name)+">")
	s.pop(at, to)
}

// endName reads the name of an end tag; whatever else stands in the tag goes.
func (s *scanner) endName(p int) (name []byte, to int, ended bool) {
	n := p
	for n < len(s.in) && vocabulary.IsNameByte[s.in[n]] {
		n++
	}
	name = s.in[p:n]
	for to = n; to < len(s.in); to++ {
		switch s.in[to] {
		case '>':
			return name, to + 1, true
		case '<':
			return name, to, true
		}
	}
	return name, to, false
}

// match finds the open element that an end tag closes, -1 if there is none.
func (s *scanner) match(name []byte) int {
	local := localName(name)
	for k := len(s.stack) - 1; k >= 0; k-- {
		e := &s.stack[k]
		if bytes.EqualFold(e.name, name) || len(local) > 0 && bytes.EqualFold(e.local, local) {
			return k
		}
	}
	return -1
}

// unclosed closes everything above n elements, which what closes with them.
func (s *scanner) unclosed(n, p int, what string) {
	for len(s.stack) > n {
		e := s.top()
		name := damage.EndTags
		if e.word.HasTrait(vocabulary.IsItem) && e.inItem {
			name = damage.UnclosedItem
		}
		s.AddRepair(name, p, fmt.Sprintf("%s closes the open %s", text.Excerpt(what), text.Excerpt(string(e.name))))
		s.close(p)
	}
}

func localName(name []byte) []byte {
	if i := bytes.IndexByte(name, ':'); i >= 0 {
		return name[i+1:]
	}
	return name
}
