package feed

import (
	"bytes"
	"fmt"
	"html"
	"strconv"
	"strings"
	"unicode/utf8"

	"fronteras/aggregator/feed/damage"
	"fronteras/aggregator/feed/vocabulary"
	"fronteras/aggregator/text"
)

// text walks over text up to the next "<".
func (s *scanner) text() {
	from, to := s.i, len(s.in)
	if n := bytes.IndexByte(s.in[from:], '<'); n >= 0 {
		to = from + n
	}
	s.i = to
	ends := bytes.Contains(s.in[from:to], []byte("]]>"))
	for p := from; p < to; {
		if !ends { // as nearly all text: references alone are to be looked at
			n := bytes.IndexByte(s.in[p:to], '&')
			if n < 0 {
				return
			}
			p += n
		}
		switch c := s.in[p]; {
		case c == '&':
			p = s.reference(p, to)
		case c == ']' && bytes.HasPrefix(s.in[p:to], []byte("]]>")):
			s.AddRepair(damage.EscapedMarkup, p, `"]]>" in text`)
			s.replace(p, p+3, "]]&gt;")
			p += 3
		default:
			p++
		}
	}
}

// reference mends what begins with "&" at p, in text that ends at to, and gives
// the offset behind it.
func (s *scanner) reference(p, to int) int {
	name, n := vocabulary.ReferenceAt(s.in[p:to])
	if n == 0 {
		s.AddRepair(damage.Entities, p, `"&" that begins no reference`)
		s.replace(p, p+1, "&amp;")
		return p + 1
	}
	value, fine, why := s.resolve(name)
	if fine {
		return p + n
	}
	s.AddRepair(why, p, "&"+text.Excerpt(string(name))+";")
	s.replace(p, p+n, value)
	return p + n
}

// resolve says what stands for a reference in well-formed XML, or that it is
// fine as it is; why names the repair.
func (s *scanner) resolve(name []byte) (text string, fine bool, why string) {
	switch string(name) {
	case "amp", "lt", "gt", "quot", "apos", "#34", "#39":
		return "", true, ""
	}
	if name[0] == '#' {
		return resolveNumber(name[1:])
	}
	if text, ok := s.entities[string(name)]; ok {
		if s.spare -= len(text); s.spare >= 0 {
			return escape(text), false, damage.Entities
		}
	}
	written := "&" + string(name) + ";"
	if text := html.UnescapeString(written); !strings.HasSuffix(text, ";") {
		return escape(text), false, damage.Entities
	}
	return "&amp;" + string(name) + ";", false, damage.Entities
}

// resolveNumber does the same for a reference by number.
func resolveNumber(digits []byte) (text string, fine bool, why string) {
	base := 10
	written := string(digits)
	if digits := strings.TrimLeft(written, "xX"); digits != written {
		base = 16
		fine = written[0] == 'x' && len(digits) == len(written)-1
		written = digits
	} else {
		fine = true
	}
	n, err := strconv.ParseUint(written, base, 32)
	switch {
	case err != nil && !isNumber(written, base):
		return "&amp;#" + string(digits) + ";", false, damage.Entities
	case err != nil, !legalRune(n):
		return "", false, damage.IllegalCharacters
	}
	return escape(string(rune(n))), fine, damage.Entities
}

func isNumber(s string, base int) bool {
	for _, c := range s {
		if !(c >= '0' && c <= '9' || base == 16 && (c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F')) {
			return false
		}
	}
	return s != ""
}

// legalRune is XML 1.0 2.2.
func legalRune(n uint64) bool {
	return n == '\t' || n == '\n' || n == '\r' || n >= 0x20 && n <= 0xD7FF || n >= 0xE000 && n <= 0xFFFD || n >= 0x10000 && n <= utf8.MaxRune
}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// escape writes text for XML.
func escape(s string) string { return escaper.Replace(s) }

const (
	openCDATA  = "<![CDATA["
	closeCDATA = "]]>"
)

// cdata walks over a CDATA section at s.i.
func (s *scanner) cdata() {
	from := s.i
	end := s.after(from+len(openCDATA), closeCDATA)
	if end < 0 {
		s.endless(from)
		return
	}
	inner := bytes.Index(s.in[from+1:end], []byte(openCDATA))
	if inner < 0 {
		s.i = end
		return
	}
	if p := s.lostEnd(from+len(openCDATA), from+1+inner); p >= 0 {
		s.AddRepair(damage.Structure, from, "CDATA without end")
		s.replace(p, p, closeCDATA)
		s.i = p
		return
	}
	s.i = end
	if text, to := s.nested(from); to > 0 {
		s.AddRepair(damage.EscapedMarkup, from, "CDATA in CDATA")
		s.replace(from, to, openCDATA+text+closeCDATA)
		s.i = to
	}
}

// endless ends a CDATA section that nothing ends: where the element around it
// does, else with the document. How much of it was text nobody can tell, so the
// item around it is dropped.
func (s *scanner) endless(from int) {
	p := s.lostEnd(from+len(openCDATA), len(s.in))
	if p < 0 {
		s.replace(from, len(s.in), "")
		s.i = len(s.in)
		return
	}
	s.doc.whole = false
	s.AddRepair(damage.CutOff, from, "CDATA without end")
	s.replace(p, p, closeCDATA)
	s.i = p
	for i := range s.stack {
		if s.stack[i].word.HasTrait(vocabulary.IsItem) {
			s.stack[i].broken = true
		}
	}
}

// lostEnd finds the end tag of the top element between two offsets, -1 if it
// is not there.
func (s *scanner) lostEnd(from, to int) int {
	end := append([]byte("</"), s.top().name...)
	for p := from; p < to; {
		n := bytes.Index(s.in[p:to], end)
		if n < 0 {
			return -1
		}
		p += n
		if after := p + len(end); after < len(s.in) && !vocabulary.IsNameByte[s.in[after]] {
			return p
		}
		p += len(end)
	}
	return -1
}

// maxNested is how many section marks are looked at for one inside another.
const maxNested = 16

// nested reads a section that holds others, each with its own end: XML knows no
// such thing, but the marks pair up. It gives the text without the marks and
// the offset behind the last one; 0 if they do not pair up before the element
// ends, as in a script that quotes them.
func (s *scanner) nested(from int) (text string, to int) {
	end := append([]byte("</"), s.top().name...)
	var b strings.Builder
	p, depth := from+len(openCDATA), 1
	for range maxNested {
		n := bytes.Index(s.in[p:], []byte(closeCDATA))
		if n < 0 {
			return "", 0
		}
		run, mark := s.in[p:p+n], closeCDATA
		if m := bytes.Index(run, []byte(openCDATA)); m >= 0 {
			run, mark = run[:m], openCDATA
		}
		if bytes.Contains(run, end) {
			return "", 0
		}
		b.Write(run)
		p += len(run) + len(mark)
		if mark == openCDATA {
			depth++
		} else if depth--; depth == 0 {
			return b.String(), p
		}
	}
	return "", 0
}

// Markup inside text.

// capture reads a text element in which markup was left unescaped, from s.i,
// where the first tag stands, to where the element ends, and writes its content
// as one CDATA section. References stay: beside markup they stand for text.
// Where the text before the first tag holds escaped markup, they are decoded
// instead, for then the tag is the stray one.
func (s *scanner) capture() {
	e := s.top()
	note := s.i
	start := e.inner
	s.replace(s.i, s.i, "")
	before := s.out[start:]
	escaped := bytes.Contains(before, []byte("&lt;"))
	var b strings.Builder
	if escaped {
		b.WriteString(decodeText(before))
	} else {
		b.WriteString(unwrapCDATA(before))
	}
	s.AddRepair(damage.EscapedMarkup, note, fmt.Sprintf("markup left unescaped in %s", text.Excerpt(string(e.name))))
	for s.i < len(s.in) {
		to := len(s.in)
		if n := bytes.IndexByte(s.in[s.i:], '<'); n >= 0 {
			to = s.i + n
		}
		b.WriteString(s.captured(s.in[s.i:to], escaped))
		s.i = to
		if to == len(s.in) || !s.captureMarkup(&b) {
			break
		}
	}
	s.replace(s.i, s.i, "")
	s.out = append(s.out[:start], openCDATA...)
	s.out = append(s.out, sections.Replace(b.String())...)
	s.out = append(s.out, closeCDATA...)
}

// sections takes the marks of CDATA sections out of text that is to stand in one.
var sections = strings.NewReplacer(openCDATA, "", closeCDATA, "]]]]><![CDATA[>")

// captured is a run of text inside captured markup.
func (s *scanner) captured(run []byte, escaped bool) string {
	if escaped {
		return html.UnescapeString(string(run))
	}
	return string(run)
}

// captureMarkup reads one piece of markup at s.i; false means that the element
// ends here.
func (s *scanner) captureMarkup(b *strings.Builder) bool {
	from, rest := s.i, s.in[s.i:]
	switch {
	case len(rest) < 2:
		s.i = len(s.in)
		return true
	case bytes.HasPrefix(rest, []byte(openCDATA)):
		end := s.after(from+len(openCDATA), closeCDATA)
		if end < 0 {
			s.endless(from)
			return false
		}
		b.Write(s.in[from+len(openCDATA) : end-len(closeCDATA)])
		s.i = end
		return true
	case rest[1] == '!', rest[1] == '?':
		if s.i = s.after(from, ">"); bytes.HasPrefix(rest, []byte("<!--")) {
			s.i = s.after(from, "-->")
		}
		if s.i < 0 {
			s.i = from + 2
		}
		return true
	case rest[1] == '/':
		name, to, ended := s.endName(from + 2)
		if s.match(name) >= 0 || !ended {
			return false
		}
		s.i = to
	default:
		t, ok := s.readTag(from)
		if !ok {
			b.WriteString("&lt;")
			s.i++
			return true
		}
		if t.cut || s.endsText(&t) {
			return false
		}
		s.i = t.to
	}
	b.Write(s.in[from:s.i])
	return true
}
