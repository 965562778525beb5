package page

import (
	"path"
	"strings"

	"golang.org/x/net/html"

	"fronteras/aggregator/link"
	"fronteras/aggregator/page/tree"
)

// Cards are teasers of other stories in a row: a picture and a few words that lead to another page
// of the site.
const (
	minCards     = 3  // in a row, of one tag and class
	maxCardWords = 60 // of one

	maxCardElements = 100
)

// cutCards cuts rows of cards, whatever they are called.
func (c *cutting) cutCards(root *html.Node, base string) {
	all := measure(root)
	most := largePart(all[root].words)
	host := link.Host(base)
	for n := root; n != nil; {
		next := tree.Following(n, root, false)
		if n.Type == html.ElementNode {
			for _, row := range rowsOf(n) {
				if words := cardWords(row, all, base, host); words > 0 && words < most {
					for _, card := range row {
						c.cut(card, "related")
					}
					next = tree.Following(n, root, false)
				}
			}
		}
		n = next
	}
}

// rowsOf groups the children of an element that are of one tag and class.
func rowsOf(n *html.Node) [][]*html.Node {
	groups := map[string][]*html.Node{}
	var order []string
	for in := n.FirstChild; in != nil; in = in.NextSibling {
		if tree.IsBlock(in) && !tree.IsElement(in, "p", "br", "tr", "td", "th") {
			key := in.Data + " " + tree.Attribute(in, "class")
			if len(groups[key]) == 0 {
				order = append(order, key)
			}
			groups[key] = append(groups[key], in)
		}
	}
	var rows [][]*html.Node
	for _, key := range order {
		if len(groups[key]) >= minCards {
			rows = append(rows, groups[key])
		}
	}
	return rows
}

// cardWords is how many words a row has, if all of it is cards; otherwise 0.
func cardWords(row []*html.Node, all sizes, base, host string) int {
	words := 0
	for _, n := range row {
		s := all[n]
		if s.words == 0 || s.words > maxCardWords || !leadsElsewhere(n, base, host) {
			return 0
		}
		words += s.words
	}
	return words
}

// leadsElsewhere reports whether an element has a picture, and a link to another page of the site
// around the picture or on words.
func leadsElsewhere(n *html.Node, base, host string) bool {
	picture, leads := false, false
	left := maxCardElements
	for in := n; in != nil; in = tree.Following(in, n, false) {
		if in.Type == html.ElementNode {
			if left--; left < 0 {
				return false
			}
		}
		switch {
		case tree.IsElement(in, "img", "picture"):
			picture = true
		case tree.IsElement(in, "a"):
			address := link.Resolve(base, tree.Attribute(in, "href"))
			leads = leads || address != "" && link.Host(address) == host && !isPictureFile(address)
		}
	}
	return picture && leads
}

func isPictureFile(address string) bool {
	address, _, _ = strings.Cut(address, "?")
	switch strings.ToLower(path.Ext(address)) {
	case ".jpg", ".jpeg", ".png", ".webp", ".gif":
		return true
	}
	return false
}
