package page

import (
	"strings"

	"golang.org/x/net/html"

	"fronteras/aggregator/page/tree"
)

// line is what a reader sees as one paragraph, heading or line: an element, or neighbors within
// one.
type line struct {
	parent *html.Node
	nodes  []*html.Node // the whole element alone, or neighbors below parent
	text   string
	words  int
	linked int // of the words
}

// element is the element that the line is all of, nil where it is a part of one.
func (l *line) element() *html.Node {
	if len(l.nodes) == 1 && tree.IsBlock(l.nodes[0]) {
		return l.nodes[0]
	}
	return nil
}

// within reports whether the line is, or stands in, an element of a name.
func (l *line) within(name string) bool {
	return tree.Closest(l.parent, name) != nil || tree.IsElement(l.nodes[0], name)
}

// container is the element around the one that the line is all of.
func (l *line) container() *html.Node {
	n := l.parent
	for ; tree.IsElement(n, "h1", "h2", "h3", "h4", "h5", "h6", "a", "span", "strong", "b", "em"); n = n.Parent {
		continue
	}
	return n
}

// heading is the level of the heading that the line is; 0 for none, 7 for a line that is bold all
// over.
func (l *line) heading() int {
	for n := l.parent; n != nil && tree.IsElement(n, "div", "span", "strong", "b", "em", "a"); n = n.Parent {
		if tree.IsElement(n.Parent, "h1", "h2", "h3", "h4", "h5", "h6") {
			return int(n.Parent.Data[1] - '0')
		}
	}
	n := l.element()
	if n == nil {
		n = l.parent
	}
	if tree.IsElement(n, "h1", "h2", "h3", "h4", "h5", "h6") {
		return int(n.Data[1] - '0')
	}
	return 0
}

// lineReader splits what is in an element into lines.
type lineReader struct {
	lines  []*line
	blocks map[*html.Node]bool // elements with blocks in them
}

// linesOf returns the lines of an element, in order.
func linesOf(root *html.Node) []*line {
	r := lineReader{blocks: map[*html.Node]bool{}}
	findBlocks(root, r.blocks)
	r.read(root, root)
	return r.lines
}

// findBlocks notes the elements that have blocks in them, and says whether this one has.
func findBlocks(n *html.Node, blocks map[*html.Node]bool) bool {
	found := false
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode && (findBlocks(c, blocks) || tree.IsBlock(c)) {
			found = true
		}
	}
	if found {
		blocks[n] = true
	}
	return found
}

func (r *lineReader) read(n, root *html.Node) {
	var run []*html.Node
	flush := func() {
		r.add(n, run)
		run = nil
	}
	if n != root && tree.IsBlock(n) && !r.blocks[n] {
		r.add(n.Parent, []*html.Node{n})
		return
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c.Type == html.TextNode, c.Type == html.ElementNode && !tree.IsBlock(c) && !r.blocks[c]:
			run = append(run, c)
		case c.Type == html.ElementNode:
			flush()
			r.read(c, root)
		}
	}
	flush()
}

func (r *lineReader) add(parent *html.Node, nodes []*html.Node) {
	l := &line{parent: parent, nodes: nodes}
	var b strings.Builder
	for _, n := range nodes {
		appendText(&b, n)
	}
	l.text = strings.Join(strings.Fields(b.String()), " ")
	if l.text == "" {
		return
	}
	l.words = countWords(l.text)
	all := sizes{}
	link := tree.Closest(parent, "a") != nil
	for _, n := range nodes {
		switch n.Type {
		case html.ElementNode:
			l.linked += all.measure(n, link).linked
		case html.TextNode:
			if link {
				l.linked += countWords(n.Data)
			}
		}
	}
	r.lines = append(r.lines, l)
}
