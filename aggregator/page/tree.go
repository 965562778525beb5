package page

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"

	"fronteras/aggregator/page/tree"
)

func hasAttribute(n *html.Node, name string) bool {
	for i := range n.Attr {
		if n.Attr[i].Key == name && n.Attr[i].Namespace == "" {
			return true
		}
	}
	return false
}

// depthOf is how many elements lie in one another below a node.
func depthOf(root *html.Node) int {
	depth, deepest := 0, 0
	for n := root; ; {
		if n.FirstChild != nil {
			n = n.FirstChild
			depth++
			deepest = max(deepest, depth)
			continue
		}
		for n != root && n.NextSibling == nil {
			n = n.Parent
			depth--
		}
		if n == root {
			return deepest
		}
		n = n.NextSibling
	}
}

// firstElement is the first element of a name at or below a node.
func firstElement(root *html.Node, name string) *html.Node {
	for n := root; n != nil; n = tree.Following(n, root, false) {
		if tree.IsElement(n, name) {
			return n
		}
	}
	return nil
}

// remove takes a node out of its tree.
func remove(n *html.Node) {
	if n.Parent != nil {
		n.Parent.RemoveChild(n)
	}
}

// mute lists the elements whose text no reader sees.
var mute = tree.SetOf("script style noscript template svg math textarea title head select iframe object " +
	"canvas audio video")

// textOf is the text of a node, with a space where a block begins or ends.
func textOf(root *html.Node) string {
	var b strings.Builder
	appendText(&b, root)
	return strings.Join(strings.Fields(b.String()), " ")
}

func appendText(b *strings.Builder, n *html.Node) {
	switch n.Type {
	case html.TextNode:
		b.WriteString(n.Data)
		return
	case html.ElementNode:
		if mute[n.Data] {
			return
		}
	}
	block := tree.IsBlock(n)
	if block {
		b.WriteByte(' ')
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		appendText(b, c)
	}
	if block {
		b.WriteByte(' ')
	}
}

// countWords counts the words of a text: what stands between blanks and holds a letter or digit.
// Scripts without blanks count a word for two characters.
func countWords(s string) int {
	words, ideographs := 0, 0
	in := false // in a word that is counted
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			i++
			switch {
			case c <= ' ':
				in = false
			case !in && (c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'):
				words, in = words+1, true
			}
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		i += size
		switch {
		case unicode.IsSpace(r):
			in = false
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Khmer,
			unicode.Lao, unicode.Myanmar):
			ideographs++
			in = false
		case !in && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			words, in = words+1, true
		}
	}
	return words + (ideographs+1)/2
}

// size says how much text a node has.
type size struct {
	words  int
	linked int // of them inside links
	prose  int // of them in paragraphs
}

// sizes holds the size of each element with words at or below a node.
type sizes map[*html.Node]size

// measure measures a node, and each element below it.
func measure(root *html.Node) sizes {
	all := sizes{}
	all.measure(root, false)
	return all
}

func (all sizes) measure(n *html.Node, link bool) size {
	var s, direct size // direct: in no block below n
	link = link || tree.IsElement(n, "a")
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c.Type == html.TextNode:
			words := countWords(c.Data)
			s.words += words
			direct.words += words
			if link {
				s.linked += words
				direct.linked += words
			}
		case c.Type == html.ElementNode && !mute[c.Data]:
			of := all.measure(c, link)
			s.words, s.linked, s.prose = s.words+of.words, s.linked+of.linked, s.prose+of.prose
			if !tree.IsBlock(c) && of.prose == 0 {
				direct.words += of.words
				direct.linked += of.linked
			}
		}
	}
	if tree.IsBlock(n) && direct.words-direct.linked >= minProse && isProse(n) {
		s.prose += direct.words
	}
	if s.words > 0 {
		all[n] = s
	}
	return s
}

// minProse is how many words a line of text has that is not a label.
const minProse = 4

// isProse reports whether an element may hold a paragraph.
func isProse(n *html.Node) bool {
	return !tree.IsElement(n, "h1", "h2", "h3", "h4", "h5", "h6", "figcaption", "caption", "th", "option", "legend")
}

// isBlank reports whether a text is nothing but white space.
func isBlank(s string) bool { return strings.TrimSpace(s) == "" }
