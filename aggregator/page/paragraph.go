package page

import (
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"fronteras/aggregator/page/tree"
)

// makeParagraphs makes paragraphs of text that stands in no element of its own, and that blank lines
// part.
func makeParagraphs(root *html.Node) {
	blocks := map[*html.Node]bool{}
	findBlocks(root, blocks)
	makeParagraphsIn(root, root, blocks)
}

func makeParagraphsIn(n, root *html.Node, blocks map[*html.Node]bool) {
	var run []*html.Node // of one paragraph
	breaks := 0          // line breaks at its end
	flush := func() {
		wrapParagraph(run)
		run, breaks = nil, 0
	}
	hold := n == root || blocks[n] && tree.IsElement(n, "div", "section", "article", "main", "center")
	for in := n.FirstChild; in != nil; {
		next := in.NextSibling
		switch {
		case in.Type == html.TextNode && isBlank(in.Data):
			if len(run) > 0 {
				run = append(run, in)
			}
		case tree.IsElement(in, "br"):
			run = append(run, in)
			if breaks++; breaks == 2 && hold {
				flush()
			}
		case in.Type == html.ElementNode && (tree.IsBlock(in) || blocks[in]):
			if hold {
				flush()
			}
			run, breaks = nil, 0
			makeParagraphsIn(in, root, blocks)
		default:
			run, breaks = append(run, in), 0
		}
		in = next
	}
	if hold {
		flush()
	}
}

// wrapParagraph puts neighbors into a paragraph, without the line breaks around them. What has no
// words is left as it is.
func wrapParagraph(run []*html.Node) {
	words := false
	for _, n := range run {
		words = words || n.Type == html.TextNode && !isBlank(n.Data) || n.Type == html.ElementNode && textOf(n) != ""
	}
	if !words {
		return
	}
	p := &html.Node{Type: html.ElementNode, Data: "p", DataAtom: atom.P}
	run[0].Parent.InsertBefore(p, run[0])
	for _, n := range run {
		remove(n)
		p.AppendChild(n)
	}
	for _, end := range [...]func() *html.Node{
		func() *html.Node { return p.FirstChild }, func() *html.Node { return p.LastChild },
	} {
		for n := end(); n != nil && (tree.IsElement(n, "br") || n.Type == html.TextNode && isBlank(n.Data)); n = end() {
			remove(n)
		}
	}
}
