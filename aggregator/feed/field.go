package feed

import (
	"bytes"
	"encoding/base64"
	"strings"

	"fronteras/aggregator/feed/htmlclean"
	"fronteras/aggregator/feed/vocabulary"
	"fronteras/aggregator/text"
)

// attr gives an attribute of a start tag in the scan's output, "" if it has none
// of that name.
func attr(tag []byte, name string) string {
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

// is reports whether a child has one of the names, in a namespace of the
// format's own or Atom's.
func (c *child) is(names ...string) bool {
	if c.space != vocabulary.None && c.space != vocabulary.RSS && c.space != vocabulary.Atom {
		return false
	}
	for _, n := range names {
		if c.word.Name == n {
			return true
		}
	}
	return false
}

// text is what a child says, references decoded once and outer blanks off;
// markup in it stays markup.
func (d *scanned) text(c *child) string {
	if c.markup {
		return strings.TrimSpace(d.html(c))
	}
	return strings.TrimSpace(decodeText(d.bytes(c.inner)))
}

// html is XHTML in a child as HTML writes it: without prefixes, without empty
// tags, without the div that Atom puts around it (RFC 4287 3.1.1.3).
func (d *scanned) html(c *child) string {
	rest := bytes.TrimSpace(d.bytes(c.inner))
	if bytes.HasPrefix(d.bytes(c.tag), []byte("<div")) || c.space == vocabulary.XHTML {
		return serialize(rest)
	}
	return withoutDiv(serialize(rest))
}

// serialize writes well-formed XML as HTML.
func serialize(rest []byte) string {
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
			b.WriteString(escape(string(section)))
			continue
		}
		n := vocabulary.TagLength(rest)
		writeTag(&b, rest[:n])
		rest = rest[n:]
	}
	return b.String()
}

// writeTag writes one tag of XHTML as HTML.
func writeTag(b *strings.Builder, tag []byte) {
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
	local := lower(localName(name[:n]))
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

// withoutDiv takes off a div around the whole of a fragment.
func withoutDiv(s string) string {
	s = strings.TrimSpace(s)
	inner, ok := strings.CutPrefix(s, "<div")
	if !ok || !strings.HasSuffix(s, "</div>") || inner[0] != '>' && !vocabulary.IsBlank(inner[0]) {
		return s
	}
	depth := 0
	for i := 0; i < len(s); i++ {
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

// What a text construct is.
const (
	kindText = iota
	kindHTML
	kindNone // something that is no text
)

// kindOf says what an Atom text is by its type; other says what it is without.
func (d *scanned) kindOf(c *child, other int) int {
	kind := strings.ToLower(strings.TrimSpace(attr(d.bytes(c.tag), "type")))
	kind, _, _ = strings.Cut(kind, ";")
	switch {
	case c.markup, kind == "html", kind == "text/html", strings.Contains(kind, "xhtml"):
		return kindHTML
	case kind == "":
		return other
	case kind == "text", strings.HasPrefix(kind, "text/"), kind == "plain", kind == "escaped":
		return kindText
	}
	return kindNone
}

// decoded undoes Atom 0.3's mode="base64".
func (d *scanned) decoded(c *child, text string) string {
	if !strings.EqualFold(attr(d.bytes(c.tag), "mode"), "base64") {
		return text
	}
	if raw, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), "")); err == nil {
		return string(raw)
	}
	return text
}

// title makes a line of text of what a title says: tags of HTML's elements go,
// then references are decoded once more; what is no tag stays.
func title(s string) string {
	return text.Shorten(text.OneLine(htmlclean.DecodeReferences(htmlclean.StripTags(s))), maxTitle)
}
