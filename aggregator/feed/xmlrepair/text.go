package xmlrepair

import (
	"bytes"
	"fmt"
	"html"
	"strings"

	"fronteras/aggregator/feed/damage"
	"fronteras/aggregator/feed/vocabulary"
	"fronteras/aggregator/text"
)

// scanText walks over text up to the next "<".
func (s *scanner) scanText() {
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
			p = s.mendReference(p, to)
		case c == ']' && bytes.HasPrefix(s.in[p:to], []byte("]]>")):
			s.AddRepair(damage.EscapedMarkup, p, `"]]>" in text`)
			s.replaceInput(p, p+3, "]]&gt;")
			p += 3
		default:
			p++
		}
	}
}

// mendReference mends what begins with "&" at p, in text that ends at to, and gives the offset
// behind it.
func (s *scanner) mendReference(p, to int) int {
	name, n := vocabulary.ReferenceAt(s.in[p:to])
	if n == 0 {
		s.AddRepair(damage.Entities, p, `"&" that does not begin a reference`)
		s.replaceInput(p, p+1, "&amp;")
		return p + 1
	}
	value, fine, why := s.resolveReference(name)
	if fine {
		return p + n
	}
	s.AddRepair(why, p, "&"+text.Excerpt(string(name))+";")
	if c, length := characterOfHalves(s.in[p:to]); length > 0 {
		s.replaceInput(p, p+length, string(c))
		return p + length
	}
	s.replaceInput(p, p+n, value)
	return p + n
}

const (
	openCDATA  = "<![CDATA["
	closeCDATA = "]]>"
)

// scanCDATA walks over a CDATA section at s.i.
func (s *scanner) scanCDATA() {
	from := s.i
	end := s.offsetAfter(from+len(openCDATA), closeCDATA)
	if end < 0 {
		s.endOpenCDATA(from)
		return
	}
	inner := bytes.Index(s.in[from+1:end], []byte(openCDATA))
	if inner < 0 {
		s.i = end
		return
	}
	if p := s.findLostEndTag(from+len(openCDATA), from+1+inner); p >= 0 {
		s.AddRepair(damage.Structure, from, "CDATA without end")
		s.replaceInput(p, p, closeCDATA)
		s.i = p
		return
	}
	s.i = end
	if text, to := s.unnestCDATA(from); to > 0 {
		s.AddRepair(damage.EscapedMarkup, from, "CDATA in CDATA")
		s.replaceInput(from, to, openCDATA+text+closeCDATA)
		s.i = to
	}
}

// endOpenCDATA ends a CDATA section that nothing ends: where the element around it does, otherwise
// with the document. How much of it was text nobody can tell, so the item around it is dropped.
func (s *scanner) endOpenCDATA(from int) {
	p := s.findLostEndTag(from+len(openCDATA), len(s.in))
	if p < 0 {
		s.replaceInput(from, len(s.in), "")
		s.i = len(s.in)
		return
	}
	s.doc.Whole = false
	s.AddRepair(damage.CutOff, from, "CDATA without end")
	s.replaceInput(p, p, closeCDATA)
	s.i = p
	for i := range s.stack {
		if s.stack[i].word.HasTrait(vocabulary.IsItem) {
			s.stack[i].broken = true
		}
	}
}

// findLostEndTag finds the end tag of the top element between two offsets, -1 if it is not there.
func (s *scanner) findLostEndTag(from, to int) int {
	end := append([]byte("</"), s.innermost().name...)
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

// unnestCDATA reads a section that holds others, each with its own end: XML knows no such thing,
// but the marks pair up. It gives the text without the marks and the offset behind the last one; 0
// if they do not pair up before the element ends, as in a script that quotes them.
func (s *scanner) unnestCDATA(from int) (text string, to int) {
	end := append([]byte("</"), s.innermost().name...)
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

// captureMarkup reads a text element in which markup was left unescaped, from s.i, where the first
// tag is, to where the element ends, and writes its content as one CDATA section. References stay:
// next to markup they stand for text. Where the text before the first tag holds escaped markup,
// they are decoded instead, for then the tag is the stray one.
func (s *scanner) captureMarkup() {
	e := s.innermost()
	note := s.i
	start := e.inner
	s.replaceInput(s.i, s.i, "")
	before := s.out[start:]
	escaped := bytes.Contains(before, []byte("&lt;"))
	var b strings.Builder
	if escaped {
		b.WriteString(decodeText(before))
	} else {
		b.WriteString(unwrapCDATA(before))
	}
	s.AddRepair(damage.EscapedMarkup, note, fmt.Sprintf("markup left unescaped in %s", text.Excerpt(string(e.name))))
	for s.i < len(s.in) && s.err == nil {
		to := len(s.in)
		if n := bytes.IndexByte(s.in[s.i:], '<'); n >= 0 {
			to = s.i + n
		}
		b.WriteString(s.capturedText(s.in[s.i:to], escaped))
		s.i = to
		if s.i >= s.look {
			s.lookAtClock()
		}
		if to == len(s.in) || !s.capturePiece(&b) {
			break
		}
	}
	s.replaceInput(s.i, s.i, "")
	s.out = append(s.out[:start], openCDATA...)
	s.out = append(s.out, sections.Replace(b.String())...)
	s.out = append(s.out, closeCDATA...)
}

// sections takes the marks of CDATA sections out of text that is to be in one.
var sections = strings.NewReplacer(openCDATA, "", closeCDATA, "]]]]><![CDATA[>")

// capturedText is a run of text inside captured markup.
func (s *scanner) capturedText(run []byte, escaped bool) string {
	if escaped {
		return html.UnescapeString(string(run))
	}
	return string(run)
}

// capturePiece reads one piece of markup at s.i; false means that the element ends here.
func (s *scanner) capturePiece(b *strings.Builder) bool {
	from, rest := s.i, s.in[s.i:]
	switch {
	case len(rest) < 2:
		s.i = len(s.in)
		return true
	case bytes.HasPrefix(rest, []byte(openCDATA)):
		end := s.offsetAfter(from+len(openCDATA), closeCDATA)
		if end < 0 {
			s.endOpenCDATA(from)
			return false
		}
		b.Write(s.in[from+len(openCDATA) : end-len(closeCDATA)])
		s.i = end
		return true
	case rest[1] == '!', rest[1] == '?':
		if s.i = s.offsetAfter(from, ">"); bytes.HasPrefix(rest, []byte("<!--")) {
			s.i = s.offsetAfter(from, "-->")
		}
		if s.i < 0 {
			s.i = from + 2
		}
		return true
	case rest[1] == '/':
		name, to, ended := s.readEndName(from + 2)
		if s.matchingElement(name) >= 0 || !ended {
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
		if t.cut || s.mustEndText(&t) {
			return false
		}
		s.i = t.to
	}
	b.Write(s.in[from:s.i])
	return true
}
