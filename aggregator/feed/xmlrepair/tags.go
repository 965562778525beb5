package xmlrepair

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"fronteras/aggregator/feed/damage"
	"fronteras/aggregator/feed/vocabulary"
)

// isValidName reports whether a name has at most one colon, with something before and after it, and
// begins with a letter.
func isValidName(b []byte) bool {
	if len(b) == 0 || !vocabulary.IsNameStart(b[0]) {
		return false
	}
	if i := bytes.IndexByte(b, ':'); i >= 0 {
		rest := b[i+1:]
		return len(rest) > 0 && vocabulary.IsNameStart(rest[0]) && bytes.IndexByte(rest, ':') < 0
	}
	return true
}

// attribute is one as the document writes it.
type attribute struct {
	name, value []byte
	from, to    int  // in the document
	hidden      bool // from gofeed
}

// tag is a start tag as the document writes it. Its attributes are in lexer.attrs until the next
// one is read.
type tag struct {
	from, to int
	name     []byte
	closed   bool // ends in "/>"
	mend     bool // must be written again
	open     bool // ends before a "<", without ">"
	cut      bool // the document ends in it
}

// lexer reads tags and finds ends.
type lexer struct {
	in      []byte
	attrs   []attribute           // of the tag last read
	ahead   map[string]occurrence // of texts that were looked for
	noQuote [2]bool
	limits  Limits
	err     error // the limit that was crossed first
}

// readTag reads a start tag at from; false if "<" starts none there.
func (x *lexer) readTag(from int) (t tag, ok bool) {
	p := from + 1
	for p < len(x.in) && vocabulary.IsNameByte[x.in[p]] {
		p++
	}
	t = tag{from: from, name: x.in[from+1 : p]}
	x.attrs = x.attrs[:0]
	if p == len(x.in) {
		t.cut = true
		return t, len(t.name) > 0
	}
	if !isValidName(t.name) || x.in[p] >= 0x80 || x.in[p] == '=' || x.in[p] == '@' {
		return t, false
	}
	if c := x.in[p]; !vocabulary.IsBlank(c) && c != '>' && c != '/' && c != '<' && c != '"' && c != '\'' {
		return t, false
	}
	if len(t.name) > maxName {
		x.exceedLimit("bytes of an element's name", len(t.name), maxName)
	}
	for p < len(x.in) {
		switch c := x.in[p]; {
		case vocabulary.IsBlank(c):
			p++
		case c == '>':
			t.to = p + 1
			return t, true
		case c == '/' && p+1 < len(x.in) && x.in[p+1] == '>':
			t.to, t.closed = p+2, true
			return t, true
		case c == '<':
			t.to, t.mend, t.open = p, true, true
			return t, true
		default:
			p = x.readAttribute(p, &t)
		}
	}
	t.cut = true
	return t, true
}

// readAttribute reads what is at p in a tag, an attribute or not, and gives the offset behind it.
func (x *lexer) readAttribute(p int, t *tag) int {
	from := p
	for p < len(x.in) && !vocabulary.IsBlank(x.in[p]) && strings.IndexByte("=></\"'", x.in[p]) < 0 {
		p++
	}
	name := x.in[from:p]
	if len(name) == 0 {
		t.mend = true
		return p + 1
	}
	spaced := vocabulary.IsBlank(x.in[from-1])
	q := p
	for q < len(x.in) && vocabulary.IsBlank(x.in[q]) {
		q++
	}
	var value []byte
	if q < len(x.in) && x.in[q] == '=' {
		for q++; q < len(x.in) && vocabulary.IsBlank(x.in[q]); {
			q++
		}
		value, p = x.readValue(q, t)
	} else {
		t.mend = true // no value
	}
	switch {
	case len(name) > maxName:
		x.exceedLimit("bytes of an attribute's name", len(name), maxName)
	case len(value) > maxValue:
		x.exceedLimit("bytes of an attribute", len(value), maxValue)
	case len(x.attrs) >= maxAttributes:
		x.exceedLimit("attributes of one element", 0, maxAttributes)
	case !isValidAttribute(name) || x.hasAttribute(name):
		t.mend = true
		return p
	}
	if !spaced || bytes.IndexByte(value, '<') >= 0 || !hasOnlyReferences(value) {
		t.mend = true
	}
	x.attrs = append(x.attrs, attribute{name: name, value: value, from: from, to: p})
	return p
}

func isValidAttribute(name []byte) bool {
	for _, c := range name {
		if !vocabulary.IsNameByte[c] {
			return false
		}
	}
	return isValidName(name)
}

// hasAttribute reports whether the tag has an attribute of that name already.
func (x *lexer) hasAttribute(name []byte) bool {
	for i := range x.attrs {
		if bytes.Equal(x.attrs[i].name, name) {
			return true
		}
	}
	return false
}

// readValue reads an attribute's value at p.
func (x *lexer) readValue(p int, t *tag) (value []byte, to int) {
	if p < len(x.in) && (x.in[p] == '"' || x.in[p] == '\'') {
		if n := x.closingQuote(p); n >= 0 {
			return x.in[p+1 : n], n + 1
		}
		p++ // the quote that would end it is another's
	}
	t.mend = true
	from := p
	for p < len(x.in) && !vocabulary.IsBlank(x.in[p]) && x.in[p] != '>' && x.in[p] != '<' {
		p++
	}
	if p < len(x.in) && x.in[p] == '>' && p > from && x.in[p-1] == '/' {
		p--
	}
	return x.in[from:p], p
}

// closingQuote finds the quote that ends the one at p, -1 if there is none. That none follows is
// kept, so that it is looked for once.
func (x *lexer) closingQuote(p int) int {
	gone := &x.noQuote[x.in[p]&1] // of " the last bit is 0, of ' it is 1
	if *gone {
		return -1
	}
	n := bytes.IndexByte(x.in[p+1:], x.in[p])
	if n < 0 {
		*gone = true
		return -1
	}
	if isLostQuote(x.in[p+1 : p+1+n]) {
		return -1
	}
	return p + 1 + n
}

// isLostQuote reports whether what is between two quotes is more likely the rest of a tag and what
// follows: a ">" and, behind it, a "<".
func isLostQuote(value []byte) bool {
	gt := bytes.IndexByte(value, '>')
	if gt < 0 {
		return false
	}
	lt := bytes.IndexByte(value, '<')
	return lt > gt
}

// writeStartTag puts a start tag into the output: as it is, or mended.
func (s *scanner) writeStartTag(t *tag) {
	if !t.mend {
		for _, a := range s.attrs {
			if a.hidden {
				at := s.outputPos(a.from)
				s.doc.hidden = append(s.doc.hidden, Span{at, at + a.to - a.from})
			}
		}
		return
	}
	var b strings.Builder
	b.WriteByte('<')
	b.Write(t.name)
	at := s.outputPos(t.from)
	for _, a := range s.attrs {
		from := b.Len() + 1
		fmt.Fprintf(&b, ` %s="%s"`, a.name, s.mendValue(a.value))
		if a.hidden {
			s.doc.hidden = append(s.doc.hidden, Span{at + from, at + b.Len()})
		}
	}
	if t.closed {
		b.WriteByte('/')
	}
	b.WriteByte('>')
	s.replaceInput(t.from, t.to, b.String())
}

// attributeValue finds an attribute of the tag last read.
func (x *lexer) attributeValue(name string) (string, bool) {
	for _, a := range x.attrs {
		if string(a.name) == name {
			return string(a.value), true
		}
	}
	return "", false
}

func (x *lexer) exceedLimit(limit string, found, allowed int) {
	if x.err == nil {
		x.err = &damage.LimitError{Limit: limit, Found: found, Allowed: allowed}
	}
}

// occurrence is where a text was found that was looked for from an offset on, -1 if nowhere.
type occurrence struct{ from, at int }

// nextOffset is the offset of a text's first occurrence at or after from, -1 if there is none. It is
// kept, so that looking for the same text from many places costs one walk over the document.
func (x *lexer) nextOffset(from int, text string) int {
	if o, known := x.ahead[text]; known && from >= o.from && (o.at < 0 || o.at >= from) {
		return o.at
	}
	at := -1
	if from <= len(x.in) {
		if n := bytes.Index(x.in[from:], []byte(text)); n >= 0 {
			at = from + n
		}
	}
	x.ahead[text] = occurrence{from, at}
	return at
}

// offsetAfter is the offset behind the next end at or after from, -1 if none follows.
func (x *lexer) offsetAfter(from int, end string) int {
	at := x.nextOffset(from, end)
	if at < 0 {
		return -1
	}
	return at + len(end)
}

// readEndName reads the name of an end tag; whatever else stands in the tag goes.
func (x *lexer) readEndName(p int) (name []byte, to int, ended bool) {
	n := p
	for n < len(x.in) && vocabulary.IsNameByte[x.in[n]] {
		n++
	}
	name = x.in[p:n]
	for to = n; to < len(x.in); to++ {
		switch x.in[to] {
		case '>':
			return name, to + 1, true
		case '<':
			return name, to, true
		}
	}
	return name, to, false
}

// declaresNamespace reports whether the tag last read declares a namespace.
func (x *lexer) declaresNamespace() bool {
	return slices.ContainsFunc(x.attrs, func(a attribute) bool { return isDeclaration(a.name) })
}
