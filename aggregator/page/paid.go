package page

import (
	"golang.org/x/net/html"

	"fronteras/aggregator/furniture"
	"fronteras/aggregator/page/fields"
	"fronteras/aggregator/page/tree"
)

// atEnd is how many lines at the end of a text, and how many behind it, are looked at for an offer.
const atEnd = 3

// paidReason says why a page counts as behind a paywall; "" where it does not. It is asked before
// anything is cut.
func paidReason(text *html.Node, lines []*line, f fields.Fields) string {
	if f.Sold {
		return "isAccessibleForFree is false"
	}
	for _, l := range lines[max(0, len(lines)-atEnd):] {
		if furniture.IsOffer(l.text) {
			return "it ends with an offer: " + excerpt(l.text)
		}
	}
	left := atEnd
	for n := behind(text); n != nil && left > 0; n = behind(n) {
		for _, l := range linesOf(n) {
			if left--; left < 0 {
				break
			}
			if furniture.IsOffer(l.text) {
				return "behind it is an offer: " + excerpt(l.text)
			}
		}
	}
	return ""
}

// behind is the element that stands behind another one, in the article around it.
func behind(n *html.Node) *html.Node {
	for ; n != nil && !tree.IsElement(n, "article", "main", "body"); n = n.Parent {
		for s := n.NextSibling; s != nil; s = s.NextSibling {
			if s.Type == html.ElementNode && s.FirstChild != nil {
				return s
			}
		}
	}
	return nil
}
