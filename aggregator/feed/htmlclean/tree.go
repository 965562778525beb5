package htmlclean

import (
	"io"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"fronteras/aggregator/feed/vocabulary"
	"fronteras/aggregator/text"
)

// parseFragment builds the tree of a fragment, and says what was mended before; or why not, if that
// would cost too much, or is nested too deep.
func parseFragment(fragment string) (nodes []*html.Node, mended mending, why *Loss) {
	fragment, mended = mendMarkup(escapeStrayBrackets(fragment))
	if why := tooCostly(fragment); why != nil {
		return nil, mended, why
	}
	context := &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div}
	nodes, err := html.ParseFragment(strings.NewReader(fragment), context)
	if err != nil {
		return nil, mended, &Loss{"elements in one another", 0, maxDepthOfTree, MarkupGivenUp}
	}
	return nodes, mended, nil
}

// escapeStrayBrackets makes text of each "<" that does not begin a tag, though an HTML parser takes
// it for one.
func escapeStrayBrackets(s string) string {
	var b strings.Builder
	from := 0
	f := tagFinder{s: s}
	for i := strings.IndexByte(s, '<'); i >= 0; {
		if f.isStray(i) {
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

// tagFinder tells tags from a "<" that is text: before a mail or web address, or before a word that
// is not an element of HTML and that no end tag follows.
type tagFinder struct {
	s      string
	looked int
}

// maxLooked bounds how often the rest of a fragment is searched for an end tag.
const maxLooked = 64

// isStray reports whether the "<" at i is text.
func (f *tagFinder) isStray(i int) bool {
	s := f.s[i+1:]
	n := 0
	for n < len(s) && vocabulary.IsNameByte[s[n]] {
		n++
	}
	if n == 0 || !vocabulary.IsNameStart(s[0]) {
		return false
	}
	switch {
	case n == len(s):
		return true
	case vocabulary.IsBlank(s[n]), s[n] == '>', s[n] == '/' && s[n-1] != ':':
		return !f.isElement(strings.ToLower(s[:n]), s[n:])
	}
	return true
}

// isElement reports whether a name is an element's.
func (f *tagFinder) isElement(name, rest string) bool {
	if vocabulary.HTMLElements[name] || elements[name].name != "" || strings.ContainsAny(name, ":-") {
		return true
	}
	f.looked++
	return f.looked > maxLooked || strings.Contains(rest, "</"+name)
}

// writeNode writes a node and what is in it, or notes that the tree is too deep.
func (w *writer) writeNode(n *html.Node, depth int) {
	switch n.Type {
	case html.TextNode:
		w.writeText(text.WithoutControls(n.Data))
		return
	case html.ElementNode:
	default:
		return
	}
	if n.Namespace != "" {
		return
	}
	if depth >= maxDepthOfTree {
		w.deep = true
		return
	}
	e := elements[n.Data]
	attrs := nodeAttributes(n)
	switch e.part {
	case partVoid:
		w.writeVoid(n.Data, attrs)
		return
	case partCaption:
		return
	case partFrame:
		if n.Data == "table" && !isHidden(attrs) {
			w.writeCaptions(n, depth)
		}
	}
	w.beginElement(n.Data, attrs)
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		w.writeNode(c, depth+1)
	}
	w.endElement()
}

// writeCaptions writes a table's captions before it, as paragraphs.
func (w *writer) writeCaptions(table *html.Node, depth int) {
	for c := table.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode && c.Data == "caption" {
			w.beginElement("div", nil)
			for n := c.FirstChild; n != nil; n = n.NextSibling {
				w.writeNode(n, depth+1)
			}
			w.endElement()
		}
	}
}

// nodeAttributes gives an element's attributes; those of sound and film have the address of their
// first source.
func nodeAttributes(n *html.Node) []htmlAttr {
	attrs := make([]htmlAttr, 0, len(n.Attr))
	for _, a := range n.Attr {
		attrs = append(attrs, htmlAttr{a.Key, a.Val})
	}
	if n.Data == "img" {
		return addPictureSet(n, attrs)
	}
	if (n.Data == "audio" || n.Data == "video") && attributeValue(attrs, "src") == "" {
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

// formattingElements lists the elements that the HTML parser opens again in each block that begins
// while they are open.
var formattingElements = vocabulary.SetOf(
	"a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u",
)

// TreeSize is what an HTML parser builds of markup, or a bound of that.
type TreeSize struct {
	Elements       int // start tags
	Reopened       int // formatting elements that are opened again
	RootAttributes int // of all tags of html and body
}

// tooCostly says why a fragment's tree may not be built, nil if it may.
func tooCostly(fragment string) *Loss {
	most := TreeSize{Elements: maxFragment, Reopened: maxReopened, RootAttributes: maxAttributesOfTag}
	size := PredictTree(strings.NewReader(fragment), most)
	switch {
	case size.Reopened > most.Reopened:
		return &Loss{"elements that overlap others", 0, most.Reopened, MarkupGivenUp}
	case size.RootAttributes > most.RootAttributes:
		return &Loss{"attributes of html and body", 0, most.RootAttributes, MarkupGivenUp}
	}
	return nil
}

// PredictTree predicts, in one pass and without building anything, what an HTML parser would build;
// it ends where that exceeds a bound. 35 kB can ask for a tree of 600 MB: formatting elements are
// opened again in each block. One with many attributes counts for several, since those are copied
// with it. The attributes of html and body are counted too: the parser goes through all that it has
// collected for each further tag.
func PredictTree(markup io.Reader, most TreeSize) (size TreeSize) {
	z := html.NewTokenizer(markup)
	open := map[string][]int{} // the weights of formatting elements, by name
	formats := 0
	for {
		switch z.Next() {
		case html.ErrorToken:
			return size
		case html.TextToken:
			size.Reopened += formats
		case html.StartTagToken, html.SelfClosingTagToken:
			size.Elements++
			raw, more := z.TagName()
			switch name := string(raw); {
			case formattingElements[name]:
				weight := 1 + countAttributes(z, more)/8
				open[name] = append(open[name], weight)
				formats += weight
			case name == "html", name == "body":
				size.RootAttributes += countAttributes(z, more)
			}
			size.Reopened += formats
		case html.EndTagToken:
			raw, _ := z.TagName()
			if weights := open[string(raw)]; len(weights) > 0 {
				formats -= weights[len(weights)-1]
				open[string(raw)] = weights[:len(weights)-1]
			}
		}
		if size.Elements > most.Elements || size.Reopened > most.Reopened || size.RootAttributes > most.RootAttributes {
			return size
		}
	}
}

// countAttributes counts those of the tag that the tokenizer is at.
func countAttributes(z *html.Tokenizer, more bool) (n int) {
	for ; more; n++ {
		_, _, more = z.TagAttr()
	}
	return n
}
