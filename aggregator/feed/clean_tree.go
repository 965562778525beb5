package feed

import (
	"bytes"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"fronteras/aggregator/text"
)

// parseFragment builds the tree of a fragment; false if that would cost too
// much, or is nested too deep.
func parseFragment(fragment string) ([]*html.Node, bool) {
	fragment = escapeStray(fragment)
	if !affordable(fragment) {
		return nil, false
	}
	context := &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div}
	nodes, err := html.ParseFragment(strings.NewReader(fragment), context)
	return nodes, err == nil
}

// escapeStray makes text of each "<" that begins no tag, though an HTML parser
// takes it for one.
func escapeStray(s string) string {
	var b strings.Builder
	from := 0
	f := finder{s: s}
	for i := strings.IndexByte(s, '<'); i >= 0; {
		if f.stray(i) {
			b.WriteString(s[from:i])
			b.WriteString("&lt;")
			from = i + 1
		}
		next := strings.IndexByte(s[i+1:], '<')
		if next < 0 {
			break
		}
		i += 1 + next
	}
	if from == 0 {
		return s
	}
	b.WriteString(s[from:])
	return b.String()
}

// finder tells tags from a "<" that is text: before a mail or web address, or
// before a word that is no element of HTML and that no end tag follows.
type finder struct {
	s      string
	looked int
}

// maxLooked bounds how often the rest of a fragment is searched for an end tag.
const maxLooked = 64

// stray reports whether the "<" at i is text.
func (f *finder) stray(i int) bool {
	s := f.s[i+1:]
	n := 0
	for n < len(s) && isNameByte[s[n]] {
		n++
	}
	if n == 0 || !isNameStart(s[0]) {
		return false
	}
	switch {
	case n == len(s):
		return true
	case isBlank(s[n]), s[n] == '>', s[n] == '/' && s[n-1] != ':':
		return !f.element(strings.ToLower(s[:n]), s[n:])
	}
	return true
}

// element reports whether a name is an element's.
func (f *finder) element(name, rest string) bool {
	if htmlWords[name] || elements[name].name != "" || strings.ContainsAny(name, ":-") {
		return true
	}
	f.looked++
	return f.looked > maxLooked || strings.Contains(rest, "</"+name)
}

// node writes a node and what is in it, or notes that the tree is too deep.
func (w *writer) node(n *html.Node, depth int) {
	switch n.Type {
	case html.TextNode:
		w.text(text.WithoutControls(n.Data))
		return
	case html.ElementNode:
	default:
		return
	}
	if n.Namespace != "" {
		return
	}
	if depth >= maxHTMLDepth {
		w.deep = true
		return
	}
	e := elements[n.Data]
	attrs := attributesOf(n)
	switch e.part {
	case partVoid:
		w.void(n.Data, attrs)
		return
	case partCaption:
		return
	case partFrame:
		if n.Data == "table" {
			w.captions(n, depth)
		}
	}
	w.begin(n.Data, attrs)
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		w.node(c, depth+1)
	}
	w.finish()
}

// captions writes a table's captions before it, as paragraphs.
func (w *writer) captions(table *html.Node, depth int) {
	for c := table.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode && c.Data == "caption" {
			w.begin("div", nil)
			for n := c.FirstChild; n != nil; n = n.NextSibling {
				w.node(n, depth+1)
			}
			w.finish()
		}
	}
}

// attributesOf gives an element's attributes; those of sound and film have the
// address of their first source.
func attributesOf(n *html.Node) []htmlAttr {
	attrs := make([]htmlAttr, 0, len(n.Attr))
	for _, a := range n.Attr {
		attrs = append(attrs, htmlAttr{a.Key, a.Val})
	}
	if (n.Data == "audio" || n.Data == "video") && find(attrs, "src") == "" {
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if c.Type != html.ElementNode || c.Data != "source" {
				continue
			}
			for _, a := range c.Attr {
				if a.Key == "src" {
					return append(attrs, htmlAttr{"src", a.Val})
				}
			}
		}
	}
	return attrs
}

// formatting are the elements that the HTML parser opens again in each block
// that begins while they are open.
var formatting = set("a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u")

// affordable predicts, in one pass and without building anything, how many
// formatting elements an HTML parser would open again while it builds the tree:
// 35 kB can ask for a tree of 600 MB.
func affordable(fragment string) bool {
	z := html.NewTokenizer(strings.NewReader(fragment))
	open := map[string]int{} // formatting elements, by name
	formats, reopened := 0, 0
	for {
		switch z.Next() {
		case html.ErrorToken:
			return true
		case html.TextToken:
			reopened += formats
		case html.StartTagToken, html.SelfClosingTagToken:
			raw, _ := z.TagName()
			if name := string(raw); formatting[name] {
				open[name]++
				formats++
			}
			reopened += formats
		case html.EndTagToken:
			raw, _ := z.TagName()
			if name := string(raw); open[name] > 0 {
				open[name]--
				formats--
			}
		}
		if reopened > maxReopened {
			return false
		}
	}
}

// plain gives markup up and keeps its text, a line for each block.
func plain(fragment string, limit int) string {
	z := html.NewTokenizer(strings.NewReader(fragment))
	var out []byte
	skip := ""
	for len(out) < 2*limit {
		switch z.Next() {
		case html.ErrorToken:
			return plainText(string(out), limit)
		case html.TextToken:
			if skip == "" {
				out = append(out, z.Token().Data...)
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			raw, _ := z.TagName()
			switch part := elements[string(raw)].part; {
			case skip == "" && rawText[string(raw)]:
				skip = string(raw)
			case part != partInline && part != partKept:
				out = append(out, '\n')
			}
		case html.EndTagToken:
			if raw, _ := z.TagName(); string(raw) == skip {
				skip = ""
			}
		}
	}
	return plainText(string(out), limit)
}

// rawText are the elements whose content is not text for a reader.
var rawText = set("script", "style", "template", "noscript", "title", "textarea", "xmp", "iframe", "noembed", "noframes")

// plainText is a fragment that shows text.
func plainText(value string, limit int) string {
	w := newWriter("", limit)
	w.text(strings.TrimSpace(text.WithoutControls(value)))
	return string(bytes.TrimSpace(w.out))
}
