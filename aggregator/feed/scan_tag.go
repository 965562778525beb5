package feed

import (
	"bytes"
	"fmt"
	"strings"

	"fronteras/aggregator/feed/vocabulary"
)

// validName reports whether a name has at most one colon, with something
// before and after it, and begins with a letter.
func validName(b []byte) bool {
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

// tag is a start tag as the document writes it. Its attributes are in
// scanner.attrs until the next one is read.
type tag struct {
	from, to int
	name     []byte
	closed   bool // ends in "/>"
	mend     bool // must be written anew
	open     bool // ends before a "<", without ">"
	cut      bool // the document ends in it
}

// readTag reads a start tag at from; false if "<" starts none there.
func (s *scanner) readTag(from int) (t tag, ok bool) {
	p := from + 1
	for p < len(s.in) && vocabulary.IsNameByte[s.in[p]] {
		p++
	}
	t = tag{from: from, name: s.in[from+1 : p]}
	s.attrs = s.attrs[:0]
	if p == len(s.in) {
		t.cut = true
		return t, len(t.name) > 0
	}
	if !validName(t.name) || s.in[p] >= 0x80 || s.in[p] == '=' || s.in[p] == '@' {
		return t, false
	}
	if c := s.in[p]; !vocabulary.IsBlank(c) && c != '>' && c != '/' && c != '<' && c != '"' && c != '\'' {
		return t, false
	}
	if len(t.name) > maxName {
		s.refuse("bytes of an element's name", len(t.name), maxName)
	}
	for p < len(s.in) {
		switch c := s.in[p]; {
		case vocabulary.IsBlank(c):
			p++
		case c == '>':
			t.to = p + 1
			return t, true
		case c == '/' && p+1 < len(s.in) && s.in[p+1] == '>':
			t.to, t.closed = p+2, true
			return t, true
		case c == '<':
			t.to, t.mend, t.open = p, true, true
			return t, true
		default:
			p = s.readAttribute(p, &t)
		}
	}
	t.cut = true
	return t, true
}

// readAttribute reads what stands at p in a tag, an attribute or not, and gives
// the offset behind it.
func (s *scanner) readAttribute(p int, t *tag) int {
	from := p
	for p < len(s.in) && !vocabulary.IsBlank(s.in[p]) && strings.IndexByte("=></\"'", s.in[p]) < 0 {
		p++
	}
	name := s.in[from:p]
	if len(name) == 0 {
		t.mend = true
		return p + 1
	}
	spaced := vocabulary.IsBlank(s.in[from-1])
	q := p
	for q < len(s.in) && vocabulary.IsBlank(s.in[q]) {
		q++
	}
	var value []byte
	if q < len(s.in) && s.in[q] == '=' {
		for q++; q < len(s.in) && vocabulary.IsBlank(s.in[q]); {
			q++
		}
		value, p = s.readValue(q, t)
	} else {
		t.mend = true // no value
	}
	switch {
	case len(name) > maxName:
		s.refuse("bytes of an attribute's name", len(name), maxName)
	case len(value) > maxValue:
		s.refuse("bytes of an attribute", len(value), maxValue)
	case len(s.attrs) >= maxAttributes:
		s.refuse("attributes of one element", 0, maxAttributes)
	case !validAttribute(name) || s.repeated(name):
		t.mend = true
		return p
	}
	if !spaced || bytes.IndexByte(value, '<') >= 0 || !s.references(value) {
		t.mend = true
	}
	s.attrs = append(s.attrs, attribute{name: name, value: value, from: from, to: p})
	return p
}

func validAttribute(name []byte) bool {
	for _, c := range name {
		if !vocabulary.IsNameByte[c] {
			return false
		}
	}
	return validName(name)
}

// repeated reports whether the tag has an attribute of that name already.
func (s *scanner) repeated(name []byte) bool {
	for i := range s.attrs {
		if bytes.Equal(s.attrs[i].name, name) {
			return true
		}
	}
	return false
}

// readValue reads an attribute's value at p.
func (s *scanner) readValue(p int, t *tag) (value []byte, to int) {
	if p < len(s.in) && (s.in[p] == '"' || s.in[p] == '\'') {
		if n := s.quoted(p); n >= 0 {
			return s.in[p+1 : n], n + 1
		}
		p++ // the quote that would end it is another's
	}
	t.mend = true
	from := p
	for p < len(s.in) && !vocabulary.IsBlank(s.in[p]) && s.in[p] != '>' && s.in[p] != '<' {
		p++
	}
	if p < len(s.in) && s.in[p] == '>' && p > from && s.in[p-1] == '/' {
		p--
	}
	return s.in[from:p], p
}

// quoted finds the quote that ends the one at p, -1 if there is none. That none
// follows is kept, so that it is looked for once.
func (s *scanner) quoted(p int) int {
	gone := &s.noQuote[s.in[p]&1] // of " the last bit is 0, of ' it is 1
	if *gone {
		return -1
	}
	n := bytes.IndexByte(s.in[p+1:], s.in[p])
	if n < 0 {
		*gone = true
		return -1
	}
	if lostQuote(s.in[p+1 : p+1+n]) {
		return -1
	}
	return p + 1 + n
}

// lostQuote reports whether what stands between two quotes is more likely the
// rest of a tag and what follows: a ">" and, behind it, a "<".
func lostQuote(value []byte) bool {
	gt := bytes.IndexByte(value, '>')
	if gt < 0 {
		return false
	}
	lt := bytes.IndexByte(value, '<')
	return lt > gt
}

// references reports whether every "&" of a value begins a reference that XML
// has.
func (s *scanner) references(value []byte) bool {
	for {
		i := bytes.IndexByte(value, '&')
		if i < 0 {
			return true
		}
		name, n := vocabulary.ReferenceAt(value[i:])
		if n == 0 {
			return false
		}
		switch string(name) {
		case "amp", "lt", "gt", "quot", "apos":
		default:
			if name[0] != '#' {
				return false
			}
			if _, fine, _ := resolveNumber(name[1:]); !fine {
				return false
			}
		}
		value = value[i+n:]
	}
}

// mendValue writes an attribute's value for XML.
func (s *scanner) mendValue(value []byte) string {
	var b strings.Builder
	for i := 0; i < len(value); {
		switch c := value[i]; c {
		case '<':
			b.WriteString("&lt;")
			i++
		case '"':
			b.WriteString("&quot;")
			i++
		case '&':
			name, n := vocabulary.ReferenceAt(value[i:])
			if n == 0 {
				b.WriteString("&amp;")
				i++
				continue
			}
			if text, fine, _ := s.resolve(name); fine {
				b.Write(value[i : i+n])
			} else {
				b.WriteString(strings.ReplaceAll(text, `"`, "&quot;"))
			}
			i += n
		default:
			b.WriteByte(c)
			i++
		}
	}
	return b.String()
}

// write puts a start tag into the output: as it stands, or written anew.
func (s *scanner) write(t *tag) {
	if !t.mend {
		return
	}
	var b strings.Builder
	b.WriteByte('<')
	b.Write(t.name)
	at := s.pos(t.from)
	for _, a := range s.attrs {
		from := b.Len() + 1
		fmt.Fprintf(&b, ` %s="%s"`, a.name, s.mendValue(a.value))
		if a.hidden {
			s.doc.hidden = append(s.doc.hidden, span{at + from, at + b.Len()})
		}
	}
	if t.closed {
		b.WriteByte('/')
	}
	b.WriteByte('>')
	s.replace(t.from, t.to, b.String())
}

// value finds an attribute of the tag last read.
func (s *scanner) value(name string) (string, bool) {
	for _, a := range s.attrs {
		if string(a.name) == name {
			return string(a.value), true
		}
	}
	return "", false
}
