package page

import (
	"strings"

	"golang.org/x/net/html"

	"fronteras/aggregator/feed/htmlclean"
)

const (
	maxContent = 256 << 10 // bytes of a text, cleaned
	maxCuts    = 50
	maxNotices = 4 // of copyright, among them
)

// readText finds the text of a page, takes out of it what is none of the story, and cleans it. It
// changes the tree.
func readText(d *document, f fields) bodyText {
	var c cutting
	for _, n := range selectAll(d.root, d.drop) {
		if n.Parent != nil {
			c.cut(n, "drop")
		}
	}
	c.prune(d.root)
	found := findText(d, f)
	if found.node == nil {
		return bodyText{}
	}
	c.keepWithin(found.node)
	t := bodyText{way: found.way, paid: paidReason(found.node, linesOf(found.node), f)}
	c.cutInside(found, labelsOf(d, f))
	t.cut = c.texts()
	t.content = htmlclean.Clean(render(found.node), d.base, maxContent)
	t.words = countWords(htmlclean.DecodeReferences(htmlclean.StripTags(t.content)))
	if t.paid != "" { // what is sold is not taken
		t.content = ""
	}
	return t
}

// findText finds the element that holds the text.
func findText(d *document, f fields) place {
	all := measure(d.root)
	if p := placeByConfig(d, all); p.node != nil && all[p.node].prose >= minText {
		return p
	}
	p := placeByLayout(d.root, all)
	if p.whole && all[p.node].prose < minText {
		return p
	}
	if p.node == nil {
		p = placeByGuide(d.root, f.body)
	}
	library := placeByLibrary(d.root, d.base)
	if library.node == nil {
		return p
	}
	if p.node == nil || 10*all[p.node].words < 6*measure(library.node)[library.node].words {
		return library
	}
	return p
}

// render writes what is in an element.
func render(n *html.Node) string {
	var b strings.Builder
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		_ = html.Render(&b, c) // fails for void elements with children, which no parser makes
	}
	return b.String()
}
