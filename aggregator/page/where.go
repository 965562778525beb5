package page

import (
	"golang.org/x/net/html"

	"fronteras/aggregator/news"
)

// minText is how many words in paragraphs an element has that is taken for the text.
const minText = 40

// place is where a text was found.
type place struct {
	node  *html.Node
	way   string
	whole bool // it is the text, however short it is
}

// placeByConfig finds what the configuration's selector selects.
func placeByConfig(d *document) place {
	if n := holder(selectAll(d.root, d.body)); n != nil {
		return place{n, news.WayConfig, false}
	}
	return place{}
}

// placeByLayout finds the first of the layouts with enough words. Where none has them, it is the
// first whose text counts however short it is.
func placeByLayout(root *html.Node, all sizes) place {
	var short place
	for i, l := range layouts {
		n := holder(selectAll(root, layoutSelectors[i]))
		if n == nil {
			continue
		}
		if all[n].prose >= minText {
			return place{n, news.WayLayout, l.whole}
		}
		if l.whole && short.node == nil {
			short = place{n, news.WayLayout, true}
		}
	}
	return short
}

// holder is the element that holds all of some elements: the smallest around them, or the first of
// them where they lie in different articles.
func holder(matches []*html.Node) *html.Node {
	if len(matches) == 0 {
		return nil
	}
	first := matches[0]
	article := closest(first, "article")
	common := first
	for _, m := range matches[1:] {
		if closest(m, "article") != article {
			return first
		}
		common = commonAncestor(common, m)
	}
	return common
}

// commonAncestor is the smallest element that holds two.
func commonAncestor(a, b *html.Node) *html.Node {
	above := map[*html.Node]bool{}
	for n := a; n != nil; n = n.Parent {
		above[n] = true
	}
	for n := b; n != nil; n = n.Parent {
		if above[n] {
			return n
		}
	}
	return a
}
