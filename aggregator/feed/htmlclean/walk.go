package htmlclean

import (
	"bytes"
	"slices"
	"strings"
	"sync"

	"golang.org/x/net/html"

	"fronteras/aggregator/feed/vocabulary"
	"fronteras/aggregator/text"
)

// walker walks over markup that an HTML parser builds exactly as it is written: every element
// closed by its own tag and in its order, none that closes another. Such markup needs no tree. It
// gives up at anything else.
type walker struct {
	w     writer
	s     string
	i     int
	attrs []htmlAttr
	open  []string // elements, written or not
	find  tagFinder
}

// walkers are used again, for the room that they have.
var walkers = sync.Pool{New: func() any { return new(walker) }}

// cleanWellFormed is [Cleaner.HTML] for markup that needs no tree; false if the fragment may need one.
func cleanWellFormed(fragment, base string, limit int) (string, toll, bool) {
	f := walkers.Get().(*walker)
	defer walkers.Put(f)
	out := slices.Grow(f.w.out[:0], min(len(fragment)+len(fragment)/32+16, limit))
	*f = walker{
		s: fragment, find: tagFinder{s: fragment}, attrs: f.attrs[:0], open: f.open[:0],
		w: writer{base: base, limit: limit, out: out, stack: f.w.stack[:0]},
	}
	for f.i < len(f.s) {
		if f.s[f.i] != '<' {
			f.walkText()
		} else if !f.walkMarkup() {
			return "", toll{}, false
		}
	}
	if len(f.open) > 0 {
		return "", toll{}, false
	}
	if out := bytes.TrimSpace(f.w.out); string(out) != fragment {
		return string(out), f.w.toll, true
	}
	return fragment, f.w.toll, true // as it mostly is: no copy is needed
}

func (f *walker) walkText() {
	run := f.s[f.i:]
	if n := strings.IndexByte(run, '<'); n >= 0 {
		run = run[:n]
	}
	f.i += len(run)
	if strings.IndexByte(run, '&') >= 0 {
		run = text.WithoutControls(html.UnescapeString(run))
	}
	f.w.writeText(run)
}

func (f *walker) walkMarkup() bool {
	rest := f.s[f.i+1:]
	switch {
	case rest == "":
		f.w.writeText("<")
		f.i++
		return true
	case rest[0] == '/':
		return f.walkEndTag()
	case rest[0] == '!':
		return f.skipComment()
	case rest[0] == '?':
		return false
	case !vocabulary.IsNameStart(rest[0]) || rest[0] == '_' || f.find.isStray(f.i):
		f.w.writeText("<")
		f.i++
		return true
	}
	return f.walkStartTag()
}

func (f *walker) skipComment() bool {
	rest, ok := strings.CutPrefix(f.s[f.i:], "<!--")
	n := strings.Index(rest, "--")
	if !ok || n < 1 || !strings.HasPrefix(rest[n:], "-->") || rest[0] == '>' || rest[0] == '-' {
		return false
	}
	f.i += len("<!--") + n + len("-->")
	return true
}

func (f *walker) walkEndTag() bool {
	name, n := f.readName(f.i + 2)
	for n < len(f.s) && vocabulary.IsBlank(f.s[n]) {
		n++
	}
	if n == len(f.s) || f.s[n] != '>' || len(f.open) == 0 || f.open[len(f.open)-1] != name {
		return false
	}
	f.open = f.open[:len(f.open)-1]
	f.w.endElement()
	f.i = n + 1
	return true
}

// readName reads an element's name at p, in lower case.
func (f *walker) readName(p int) (string, int) {
	from, upper := p, false
	for p < len(f.s) && vocabulary.IsNameByte[f.s[p]] {
		upper = upper || f.s[p] >= 'A' && f.s[p] <= 'Z'
		p++
	}
	if upper {
		return strings.ToLower(f.s[from:p]), p
	}
	return f.s[from:p], p
}

func (f *walker) walkStartTag() bool {
	name, n := f.readName(f.i + 1)
	n, closed, ok := f.readAttributes(n)
	if !ok {
		return false
	}
	f.i = n
	e, known := elements[name]
	switch {
	case name == "wbr":
		return true
	case known && e.part == partVoid:
		if name == "hr" && slices.Contains(f.open, "p") {
			return false
		}
		f.w.writeVoid(name, f.attrs)
		return true
	case closed, len(f.open) == maxDepthOfTree, !f.standsAsWritten(name, e, known):
		return false
	}
	f.open = append(f.open, name)
	f.w.beginElement(name, f.attrs)
	return true
}

// inert lists elements off the list that an HTML parser treats as nothing but themselves.
var inert = vocabulary.SetOf("span", "font", "big", "label", "mark", "bdi", "bdo", "dfn", "var", "data")

// standsAsWritten reports whether an HTML parser puts the element where it is written.
func (f *walker) standsAsWritten(name string, e element, known bool) bool {
	if formattingElements[name] {
		return !slices.Contains(f.open, name)
	}
	if !known {
		return inert[name]
	}
	switch e.part {
	case partKept:
		return true
	case partLine, partBlock:
	default:
		return false
	}
	switch name {
	case "form", "fieldset", "legend", "body", "html", "noindex", "search":
		return false
	case "li":
		return f.innermost() == "ul" || f.innermost() == "ol"
	case "dt", "dd":
		return f.innermost() == "dl"
	case "pre", "listing":
		if strings.HasPrefix(f.s[f.i:], "\n") {
			return false
		}
	case "h1", "h2", "h3", "h4", "h5", "h6":
		for _, o := range f.open {
			if len(o) == 2 && o[0] == 'h' {
				return false
			}
		}
	}
	return !slices.Contains(f.open, "p")
}

func (f *walker) innermost() string {
	if len(f.open) == 0 {
		return ""
	}
	return f.open[len(f.open)-1]
}

// readAttributes reads what is in a start tag from p on, and gives the offset behind it and whether
// it ends in "/>".
func (f *walker) readAttributes(p int) (to int, closed, ok bool) {
	f.attrs = f.attrs[:0]
	for {
		from := p
		for p < len(f.s) && vocabulary.IsBlank(f.s[p]) {
			p++
		}
		switch {
		case p == len(f.s):
			return p, false, false
		case f.s[p] == '>':
			return p + 1, false, true
		case f.s[p] == '/':
			return p + 2, true, strings.HasPrefix(f.s[p:], "/>")
		case p == from, len(f.attrs) == maxAttributesOfTag:
			return p, false, false
		}
		a := htmlAttr{}
		a.name, p = f.readName(p)
		if a.name == "" {
			return p, false, false
		}
		if p < len(f.s) && f.s[p] == '=' {
			quoted := strings.HasPrefix(f.s[p:], `="`) || strings.HasPrefix(f.s[p:], "='")
			if a.value, p, ok = f.readValue(p + 1); !ok || !quoted && isText[a.name] {
				return p, false, false
			}
		}
		f.attrs = append(f.attrs, a)
	}
}

// readValue reads an attribute's value at p.
func (f *walker) readValue(p int) (value string, to int, ok bool) {
	if p == len(f.s) {
		return "", p, false
	}
	if quote := f.s[p]; quote == '"' || quote == '\'' {
		n := strings.IndexByte(f.s[p+1:], quote)
		if n < 0 {
			return "", p, false
		}
		value, ok = decodeAttribute(f.s[p+1 : p+1+n])
		return value, p + n + 2, ok
	}
	from := p
	for p < len(f.s) && !vocabulary.IsBlank(f.s[p]) && f.s[p] != '>' {
		if strings.IndexByte("\"'<=`&", f.s[p]) >= 0 {
			return "", p, false
		}
		p++
	}
	return f.s[from:p], p, p > from
}

// decodeAttribute decodes the references of an attribute as an HTML parser does; false where one
// lacks its semicolon and may yet be one.
func decodeAttribute(s string) (string, bool) {
	for rest := s; ; {
		i := strings.IndexByte(rest, '&')
		if i < 0 {
			break
		}
		rest = rest[i+1:]
		n := 0
		for n < len(rest) && (n == 0 && rest[n] == '#' || isLetterOrDigit(rest[n])) {
			n++
		}
		if n > 0 && (n == len(rest) || rest[n] != ';' && rest[n] != '=') || n > 0 && rest[0] == '#' && rest[n] == '=' {
			return "", false
		}
	}
	if strings.IndexByte(s, '&') < 0 {
		return s, true
	}
	return unescapeAttribute(s), true
}

func isLetterOrDigit(c byte) bool {
	return vocabulary.IsNameByte[c] && strings.IndexByte("-.:_", c) < 0
}

// unescapeAttribute is html.UnescapeString but for names that an "=" follows: in an attribute those
// are not references.
func unescapeAttribute(s string) string {
	var b strings.Builder
	for {
		i := strings.IndexByte(s, '&')
		if i < 0 {
			b.WriteString(s)
			return b.String()
		}
		b.WriteString(s[:i])
		end := strings.IndexAny(s[i+1:], "=;&") + i + 1
		if end > i && s[end] == ';' {
			b.WriteString(html.UnescapeString(s[i : end+1]))
			s = s[end+1:]
			continue
		}
		b.WriteByte('&')
		s = s[i+1:]
	}
}
