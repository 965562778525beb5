package fields

import (
	"strings"

	"golang.org/x/net/html"

	"fronteras/aggregator/page/tree"
	"fronteras/aggregator/text"
)

// propValue is the value of an element with an itemprop: of a meta or time its attribute, of any
// other its text. What an item holds is its name.
func propValue(n *html.Node) string {
	for _, name := range [...]string{"content", "datetime"} {
		if value := strings.TrimSpace(tree.Attribute(n, name)); value != "" {
			return text.OneLine(text.Shorten(value, maxWritten))
		}
	}
	if tree.IsElement(n, "link", "img", "audio", "meta") {
		return ""
	}
	return shownText(n)
}

// propsIn returns the elements of an itemprop within another element.
func propsIn(n *html.Node, prop string) []*html.Node {
	var all []*html.Node
	for at, left := tree.Following(n, n, false), maxTextNodes; at != nil && left > 0; left-- {
		if at.Type == html.ElementNode {
			for name := range strings.FieldsSeq(tree.Attribute(at, "itemprop")) {
				if name == prop {
					all = appendKept(all, at, maxKept)
				}
			}
		}
		at = tree.Following(at, n, false)
	}
	return all
}
