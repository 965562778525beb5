package feed

import (
	"bytes"
	"html"
	"strings"

	"fronteras/aggregator/feed/vocabulary"
)

// Notes are what the scan writes down of an item beside the bytes that gofeed
// gets: the elements whose exact text, type, base or order gofeed drops or
// changes. Offsets are into the scan's output.

// span is a stretch of the scan's output.
type span struct{ from, to int }

// child is an element directly in an item or in the feed.
type child struct {
	word   vocabulary.Word
	space  vocabulary.Space
	tag    span // the start tag
	inner  span // what stands between start and end tag
	whole  span
	markup bool // XHTML stands in it, not escaped HTML
}

// item is one item that the scan has seen.
type item struct {
	whole    span // of the element
	tag      span // its start tag
	beside   bool // it stands in the root, not in the channel
	foreign  bool // an Atom entry in RSS, or an RSS item in Atom
	base     string
	lang     string
	children []child
}

// scanned is what the scan found.
type scanned struct {
	out     []byte // well-formed XML, from the root's start tag to its end tag
	root    string // "rss", "rdf" or "feed"
	rootTag span
	items   []item // in the document's order
	feed    item   // the channel or the feed itself: children but no items
	starts  int    // start tags of items, also of those dropped
	whole   bool
	shift   int                           // offset of the output in the document, -1 if it was mended
	hidden  []span                        // what gofeed is not given, besides noted elements
	surplus []span                        // nor given: see surplus
	keys    map[vocabulary.Space][]string // the prefixes that the document uses for a namespace
}

// origin is where an offset of the output was in the document, -1 if that can no
// longer be told.
func (d *scanned) origin(at int) int {
	if d.shift < 0 {
		return -1
	}
	return d.shift + at
}

// bytes is the text of a span.
func (d *scanned) bytes(s span) []byte { return d.out[s.from:s.to] }

// decodeText gives the text of what stands in an element: references decoded
// once, sections taken as they are, line ends as XML 1.0 2.11 has them.
func decodeText(inner []byte) string {
	text := inner
	if bytes.IndexByte(inner, '&') >= 0 || bytes.IndexByte(inner, '<') >= 0 {
		return newlines(decodeMixed(inner))
	}
	return newlines(string(text))
}

func decodeMixed(inner []byte) string {
	var b strings.Builder
	b.Grow(len(inner))
	for len(inner) > 0 {
		text, section, rest := nextSection(inner)
		writeUnescaped(&b, text)
		b.Write(section)
		inner = rest
	}
	return b.String()
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

// escapedByte is what the reference at the start of a text stands for, and its
// length; 0 if it is none of those that markup is escaped with.
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

// nextSection cuts well-formed XML into the text before the first CDATA
// section, what stands in that, and the rest.
func nextSection(b []byte) (text, section, rest []byte) {
	text, after, found := bytes.Cut(b, []byte(openCDATA))
	if !found {
		return b, nil, nil
	}
	section, rest, _ = bytes.Cut(after, []byte(closeCDATA))
	return text, section, rest
}

func newlines(s string) string {
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

// childText is the text of the first element of a local name inside well-formed
// XML, "" if there is none.
func childText(inner []byte, name string) string {
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
