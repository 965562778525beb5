package xmlrepair

import (
	"bytes"
	"html"
	"slices"
	"strings"

	"fronteras/aggregator/feed/vocabulary"
)

// Span is a stretch of a document's Out.
type Span struct{ From, To int }

// Child is an element directly in an item or in the feed, taken down because gofeed drops or
// changes its exact text, type, base or order.
type Child struct {
	Word   vocabulary.Word
	Space  vocabulary.Space
	Tag    Span // the start tag
	Inner  Span // what is between start and end tag
	Whole  Span
	Markup bool // XHTML is in it, not escaped HTML
	Origin int  // where it was in the text that was repaired
}

// Item is one item of a document, or its feed.
type Item struct {
	Whole          Span   // of the element
	Tag            Span   // its start tag
	OutsideChannel bool   // it is in the root, not in the channel
	Foreign        bool   // an Atom entry in RSS, or an RSS item in Atom
	Base           string // the xml:base in scope, relative or absolute, "" if there is none
	Lang           string // the xml:lang in scope
	Origin         int    // where it was in the text that was repaired
	Children       []Child
	titled         bool // a title is among them
}

// Document is a repaired document, and what was taken down of it.
type Document struct {
	Out      []byte // well-formed XML, from the root's start tag to its end tag
	Root     string // "rss", "rdf" or "feed"
	RootTag  Span
	Items    []Item // in the document's order
	Feed     Item   // the channel or the feed itself: children but no items
	Whole    bool
	hidden   []Span                        // what gofeed is not given, in addition to the children
	surplus  []Span                        // elements that it is not given either: see weighElement
	Prefixes map[vocabulary.Space][]string // the prefixes that the document uses for a namespace
}

// Bytes is the text of a span.
func (d *Document) Bytes(s Span) []byte { return d.Out[s.From:s.To] }

// decodeText gives the text of what is in an element: references decoded once, sections taken as
// they are, line ends as XML 1.0 2.11 has them.
func decodeText(inner []byte) string {
	if bytes.IndexByte(inner, '&') < 0 && bytes.IndexByte(inner, '<') < 0 {
		return normalizeLineEnds(string(inner))
	}
	var b strings.Builder
	b.Grow(len(inner))
	for len(inner) > 0 {
		text, section, rest := nextSection(inner)
		writeUnescaped(&b, text)
		b.Write(section)
		inner = rest
	}
	return normalizeLineEnds(b.String())
}

// writeUnescaped is [html.UnescapeString] without its copies.
func writeUnescaped(b *strings.Builder, text []byte) {
	for {
		i := bytes.IndexByte(text, '&')
		if i < 0 {
			b.Write(text)
			return
		}
		b.Write(text[:i])
		text = text[i:]
		if c, n := escapedByte(text); n > 0 {
			b.WriteByte(c)
			text = text[n:]
			continue
		}
		next := 1 + bytes.IndexByte(text[1:], '&') // a reference ends before the next
		if next == 0 {
			next = len(text)
		}
		b.WriteString(html.UnescapeString(string(text[:next])))
		text = text[next:]
	}
}

// escapedByte is what the reference at the start of a text stands for, and its length; 0 if it is
// none of those that markup is escaped with.
func escapedByte(text []byte) (c byte, n int) {
	n = 1 + bytes.IndexByte(text[:min(len(text), len("&quot;"))], ';')
	switch string(text[:n]) {
	case "&lt;":
		return '<', n
	case "&gt;":
		return '>', n
	case "&amp;":
		return '&', n
	case "&quot;", "&#34;":
		return '"', n
	case "&apos;", "&#39;":
		return '\'', n
	}
	return 0, 0
}

// unwrapCDATA takes off the marks of sections and leaves references as they are.
func unwrapCDATA(inner []byte) string {
	var b strings.Builder
	for len(inner) > 0 {
		text, section, rest := nextSection(inner)
		b.Write(text)
		b.Write(section)
		inner = rest
	}
	return b.String()
}

// nextSection cuts well-formed XML into the text before the first CDATA section, what is in that,
// and the rest.
func nextSection(b []byte) (text, section, rest []byte) {
	text, after, found := bytes.Cut(b, []byte(openCDATA))
	if !found {
		return b, nil, nil
	}
	section, rest, _ = bytes.Cut(after, []byte(closeCDATA))
	return text, section, rest
}

func normalizeLineEnds(s string) string {
	if strings.IndexByte(s, '\r') < 0 {
		return s
	}
	return strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s)
}

// unescapeValue gives an attribute's value.
func unescapeValue(value []byte) string {
	if bytes.IndexByte(value, '&') < 0 {
		return string(value)
	}
	return html.UnescapeString(string(value))
}

// ChildText is the text of the first element of a local name inside well-formed XML, "" if there is
// none.
func ChildText(inner []byte, name string) string {
	for {
		i := bytes.IndexByte(inner, '<')
		if i < 0 {
			return ""
		}
		inner = inner[i:]
		if bytes.HasPrefix(inner, []byte(openCDATA)) {
			_, inner, _ = bytes.Cut(inner, []byte(closeCDATA))
			continue
		}
		n := vocabulary.TagLength(inner)
		tag := bytes.TrimRight(inner[1:n], "/>")
		if end := bytes.IndexAny(tag, " \t\r\n"); end >= 0 {
			tag = tag[:end]
		}
		inner = inner[n:]
		if strings.EqualFold(string(localName(tag)), name) {
			text, _, _ := bytes.Cut(inner, append([]byte("</"), tag...))
			return strings.TrimSpace(decodeText(text))
		}
	}
}

// Attribute gives an attribute of a start tag in the scan's output, "" if it has none of that name.
func Attribute(tag []byte, name string) string {
	_, rest, _ := bytes.Cut(tag, []byte("="))
	key := tag[:len(tag)-len(rest)]
	for len(rest) > 0 {
		key = bytes.TrimRight(bytes.TrimSuffix(key, []byte("=")), " \t\r\n")
		key = key[bytes.LastIndexAny(key, " \t\r\n")+1:]
		rest = bytes.TrimLeft(rest, " \t\r\n")
		if len(rest) == 0 {
			break
		}
		value, after, _ := bytes.Cut(rest[1:], rest[:1])
		if string(key) == name {
			return unescapeValue(value)
		}
		_, rest, _ = bytes.Cut(after, []byte("="))
		key = after[:len(after)-len(rest)]
	}
	return ""
}

// IsNamed reports whether a child has one of the names, in a namespace of the format's own or
// Atom's.
func (c *Child) IsNamed(names ...string) bool {
	if c.Space != vocabulary.None && c.Space != vocabulary.RSS && c.Space != vocabulary.Atom {
		return false
	}
	return slices.Contains(names, c.Word.Name)
}

// TextOf is what a child says, references decoded once and outer blanks off; markup in it stays
// markup.
func (d *Document) TextOf(c *Child) string {
	if c.Markup && hasElement(d.Bytes(c.Inner)) {
		return strings.TrimSpace(d.htmlOf(c))
	}
	return withoutSection(strings.TrimSpace(decodeText(d.Bytes(c.Inner))))
}

// hasElement reports whether there is an element in well-formed XML. XHTML without one is HTML that was
// escaped.
func hasElement(inner []byte) bool {
	for len(inner) > 0 {
		text, _, rest := nextSection(inner)
		if bytes.IndexByte(text, '<') >= 0 {
			return true
		}
		inner = rest
	}
	return false
}

// withoutSection takes off the marks of a CDATA section around the whole of a text, which was escaped
// once more than it should be.
func withoutSection(s string) string {
	inner, begins := strings.CutPrefix(s, openCDATA)
	if inner, ends := strings.CutSuffix(inner, closeCDATA); begins && ends && !strings.Contains(inner, openCDATA) {
		return strings.TrimSpace(inner)
	}
	return s
}

// htmlOf is XHTML in a child as HTML writes it: without prefixes, without empty tags, without the
// div that Atom puts around it (RFC 4287 3.1.1.3).
func (d *Document) htmlOf(c *Child) string {
	rest := bytes.TrimSpace(d.Bytes(c.Inner))
	if bytes.HasPrefix(d.Bytes(c.Tag), []byte("<div")) || c.Space == vocabulary.XHTML {
		return serializeHTML(rest)
	}
	return trimOuterDiv(serializeHTML(rest))
}

// serializeHTML writes well-formed XML as HTML.
func serializeHTML(rest []byte) string {
	var b strings.Builder
	for len(rest) > 0 {
		i := bytes.IndexByte(rest, '<')
		if i < 0 {
			b.Write(rest)
			break
		}
		b.Write(rest[:i])
		rest = rest[i:]
		if section, ok := bytes.CutPrefix(rest, []byte(openCDATA)); ok {
			section, rest, _ = bytes.Cut(section, []byte(closeCDATA))
			b.WriteString(escapeText(string(section)))
			continue
		}
		n := vocabulary.TagLength(rest)
		writeHTMLTag(&b, rest[:n])
		rest = rest[n:]
	}
	return b.String()
}

// writeHTMLTag writes one tag of XHTML as HTML.
func writeHTMLTag(b *strings.Builder, tag []byte) {
	closing := len(tag) > 1 && tag[1] == '/'
	name := tag[1:]
	if closing {
		name = tag[2:]
	}
	n := 0
	for n < len(name) && vocabulary.IsNameByte[name[n]] {
		n++
	}
	rest := name[n:]
	local := lowerName(localName(name[:n]))
	if closing {
		b.WriteString("</" + local + ">")
		return
	}
	b.WriteString("<" + local)
	empty := bytes.HasSuffix(rest, []byte("/>"))
	b.Write(bytes.TrimSuffix(bytes.TrimSuffix(rest, []byte(">")), []byte("/")))
	b.WriteByte('>')
	if empty && !vocabulary.VoidElements[local] {
		b.WriteString("</" + local + ">")
	}
}

// trimOuterDiv takes off a div around the whole of a fragment.
func trimOuterDiv(s string) string {
	s = strings.TrimSpace(s)
	inner, ok := strings.CutPrefix(s, "<div")
	if !ok || !strings.HasSuffix(s, "</div>") || inner[0] != '>' && !vocabulary.IsBlank(inner[0]) {
		return s
	}
	depth := 0
	for i := range len(s) {
		switch {
		case strings.HasPrefix(s[i:], "<div"):
			depth++
		case strings.HasPrefix(s[i:], "</div>"):
			if depth--; depth == 0 && i != len(s)-len("</div>") {
				return s
			}
		}
	}
	return strings.TrimSuffix(s[vocabulary.TagLength([]byte(s)):], "</div>")
}

// DateTexts returns the texts of an item's dates, in the document's order.
func (d *Document) DateTexts(it *Item) []string {
	var all []string
	for i := range it.Children {
		if c := &it.Children[i]; c.Word.HasTrait(vocabulary.IsDate) {
			all = append(all, d.TextOf(c))
		}
	}
	return all
}
