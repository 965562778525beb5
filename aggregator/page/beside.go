package page

import (
	"strings"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"

	"fronteras/aggregator/page/tree"
	"fronteras/aggregator/text"
)

// maxQuotes is how many quotes of insets are looked for in the text.
const maxQuotes = 50

// Words that go with a picture.
const (
	maxCaption      = 80 // in a figure
	maxNamedCaption = 40 // in another element whose name says that it is one
)

// cutBesidePictures cuts the words that go with pictures, and those of a layout's insets: captions
// and credits are fields, and no text.
func (c *cutting) cutBesidePictures(root *html.Node, inset cascadia.SelectorGroup) {
	all := measure(root)
	most := largePart(all[root].words)
	whole, asked := "", 0 // the text, once it is asked for
	repeats := func(quote string) bool {
		if asked++; asked > maxQuotes {
			return false
		}
		if whole == "" {
			whole = wordsOf(textOf(root))
		}
		return strings.Count(whole, wordsOf(quote)) > 1
	}
	for n := root.FirstChild; n != nil; {
		next := tree.Following(n, root, false)
		if s := all[n]; n.Type == html.ElementNode && s.words > 0 && s.words < most {
			why := ""
			switch {
			case isFigure(n, s):
				why = "caption"
			case inset != nil && inset.Match(n):
				why = "inset"
			}
			if why != "" {
				next = tree.Following(n, root, true)
				c.cutWords(n, why, repeats)
			}
		}
		n = next
	}
}

// wordsOf leaves of a text its words, in lower case.
func wordsOf(s string) string { return strings.Join(text.Words(s), " ") }

// isFigure reports whether an element shows a picture with its words.
func isFigure(n *html.Node, s size) bool {
	figure := tree.IsElement(n, "figure")
	if s.words > maxCaption || !figure && (s.words > maxNamedCaption || !isNamed(n, figureNames)) {
		return false
	}
	picture := false
	for in := n.FirstChild; in != nil; in = tree.Following(in, n, false) {
		if tree.IsElement(in, "table", "blockquote", "pre", "ul", "ol") || !figure && tree.IsElement(in, "p") {
			return false
		}
		picture = picture || tree.IsElement(in, "img", "picture", "video")
	}
	return picture
}

var figureNames = tree.SetOf("figure image photo picture wp-caption")

// isNamed reports whether a class of an element, or a word of one, is among some.
func isNamed(n *html.Node, names map[string]bool) bool {
	class := tree.Attribute(n, "class")
	for name := range strings.FieldsSeq(class[:min(len(class), maxNames)]) {
		if names[name] {
			return true
		}
		for _, w := range splitName(name) {
			if names[w] {
				return true
			}
		}
	}
	return false
}

// cutWords cuts the words of an element, and leaves its pictures, tables, and quotes that do not
// repeat the text.
func (c *cutting) cutWords(n *html.Node, why string, repeats func(string) bool) {
	for _, l := range linesOf(n) {
		switch {
		case l.within("table"), l.within("blockquote") && !repeats(l.text), isKept(l.text):
			continue
		}
		if figure := tree.Closest(l.nodes[0], "figure"); figure != nil {
			describePicture(figure, l.text)
		} else if why == "caption" {
			describePicture(n, l.text)
		}
		for _, x := range l.nodes {
			removeWords(x)
		}
		c.note(why, l.text, n)
	}
}

// removeWords takes the text out of a node, and leaves pictures.
func removeWords(n *html.Node) {
	if n.Type == html.TextNode {
		remove(n)
		return
	}
	for in := n.FirstChild; in != nil; {
		next := in.NextSibling
		removeWords(in)
		in = next
	}
}
