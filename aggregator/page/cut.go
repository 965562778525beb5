package page

import (
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"fronteras/aggregator/page/tree"
)

const (
	maxNamed   = 120 // words of an element that goes by its name; more if half of them are linked
	teaserLink = 4   // one word in that many is linked in a teaser
)

// cutInside takes out of the element that holds the text what is none of the story. Corrections,
// editors' notes and sentences of origin stay.
func (c *cutting) cutInside(p place, l labels, base string) {
	for _, n := range selectAll(p.node, p.in.cut) {
		c.cut(n, "layout")
	}
	c.cutByName(p.node)
	c.cutCards(p.node, base)
	c.cutBesidePictures(p.node, p.in.inset)
	c.cutTranscript(p.node)
	c.cutLines(p.node, l)
	removeEmpty(p.node)
}

// largePart is how many words are too large a part of an element's to be cut out of it: two fifths.
func largePart(words int) int { return max(1, (2*words+4)/5) }

// cutByName cuts elements that say in their name what they are, and asides. What holds a large part
// of the words stays, but for the teasers of Brightspot, which nothing else is named like.
func (c *cutting) cutByName(root *html.Node) {
	all := measure(root)
	most := largePart(all[root].words)
	for n := root.FirstChild; n != nil; {
		next := tree.Following(n, root, false)
		if s := all[n]; n.Type == html.ElementNode && (s.words > 0 && s.words < most || n.Data == "ps-promo") {
			if why := kindByName(n, s); why != "" && (2*s.linked >= s.words || !isKept(textOf(n))) {
				next = tree.Following(n, root, true)
				c.cut(n, why)
			}
		}
		n = next
	}
}

// kindByName says what furniture an element of a size is by its name, "" where it may be text.
func kindByName(n *html.Node, s size) string {
	if tree.IsElement(n, "figcaption") {
		return "caption"
	}
	why := furnitureByName(n)
	switch {
	case why == "", n.Data == "aside":
		return why
	case s.words >= maxNamed && 2*s.linked < s.words:
		return ""
	case why == "teaser" && teaserLink*s.linked < s.words:
		return ""
	case (why == "share" || why == "widget") && firstElement(n, "blockquote") != nil: // a post of another site
		return ""
	}
	return why
}

// removeEmpty takes out elements that show nothing, and says whether anything is left.
func removeEmpty(root *html.Node) bool {
	shows := false
	for n := root.FirstChild; n != nil; {
		next := n.NextSibling
		switch n.Type {
		case html.TextNode:
			shows = shows || !isBlank(n.Data)
		case html.ElementNode:
			switch n.DataAtom {
			case atom.Img, atom.Hr, atom.Audio, atom.Video, atom.Iframe, atom.Source:
				shows = true
			case atom.Br:
			case atom.Td, atom.Th: // the others of the row keep their columns
				shows = removeEmpty(n) || shows
			default:
				if removeEmpty(n) {
					shows = true
				} else {
					remove(n)
				}
			}
		}
		n = next
	}
	return shows
}
