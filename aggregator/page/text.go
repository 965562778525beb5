package page

import (
	"strings"

	"golang.org/x/net/html"

	"fronteras/aggregator/feed/htmlclean"
	"fronteras/aggregator/page/fields"
	"fronteras/aggregator/page/tree"
)

const (
	maxContent = 256 << 10 // bytes of a text, cleaned
	maxCuts    = 50
	maxNotices = 4 // of copyright, among them
)

// readText finds the text of a page, takes out of it what is none of the story, and cleans it. It
// changes the tree.
func readText(d *document, f fields.Fields) bodyText {
	var c cutting
	for _, n := range selectConfigured(d.root, d.drop, d.work) {
		if n.Parent != nil {
			c.cut(n, "drop")
		}
	}
	c.prune(d.root)
	markLead(f.Lead)
	found := findText(d, f)
	if found.node == nil {
		return bodyText{}
	}
	c.keepWithin(found.node)
	t := bodyText{way: found.way, paid: paidReason(found.node, linesOf(found.node), f)}
	c.cutInside(found, labelsOf(d, f), d.base)
	removeLead(found.node)
	makeParagraphs(found.node)
	t.cut = c.texts()
	t.content = htmlclean.Clean(render(found.node), d.base, maxContent)
	t.words = countWords(htmlclean.DecodeReferences(htmlclean.StripTags(t.content)))
	if t.paid != "" { // what is sold is not taken
		t.content = ""
	}
	return t
}

// findText finds the element that holds the text.
func findText(d *document, f fields.Fields) place {
	all := measure(d.root)
	if p := placeByConfig(d, all); p.node != nil && all[p.node].prose >= minText {
		return p
	}
	p := placeByLayout(d.root, all)
	if p.whole && all[p.node].prose < minText {
		return p
	}
	if p.node == nil {
		p = placeByGuide(d.root, f.Body)
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

// leadMark is the attribute that marks the picture of the entry, also in copies of the tree.
const leadMark = "data-entry-picture"

func markLead(img *html.Node) {
	if img != nil {
		img.Attr = append(img.Attr, html.Attribute{Key: leadMark})
	}
}

// removeLead takes the picture of the entry out of a text. It is shown with the caption and the credit
// that the entry has, which the text has not.
func removeLead(root *html.Node) {
	for n := root.FirstChild; n != nil; {
		next := tree.Following(n, root, false)
		if n.Type == html.ElementNode && hasAttribute(n, leadMark) {
			next = tree.Following(n, root, true)
			remove(n)
		}
		n = next
	}
	removeEmpty(root)
}

// render writes what is in an element.
func render(n *html.Node) string {
	var b strings.Builder
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		_ = html.Render(&b, c) // fails for void elements with children, which no parser makes
	}
	return b.String()
}
