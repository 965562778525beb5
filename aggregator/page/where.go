package page

import (
	"golang.org/x/net/html"

	"fronteras/aggregator/news"
	"fronteras/aggregator/page/tree"
)

// minText is how many words in paragraphs an element has that is taken for the text.
const minText = 40

// place is where a text was found.
type place struct {
	node  *html.Node
	way   string
	whole bool // it is the text, however short it is
	in    layoutSelectors
}

// placeByConfig finds what the configuration's selector selects.
func placeByConfig(d *document, all sizes) place {
	if n := holder(selectConfigured(d.root, d.body, d.work), all); n != nil {
		return place{node: n, way: news.WayConfig}
	}
	return place{}
}

// placeByLayout finds the first of the layouts with enough words. Where none has them, it is the
// first whose text counts however short it is.
func placeByLayout(root *html.Node, all sizes) place {
	var short place
	for i, l := range layouts {
		n := holder(selectAll(root, parsedLayouts[i].css), all)
		if n == nil {
			continue
		}
		if all[n].prose >= minText {
			return place{n, news.WayLayout, l.whole, parsedLayouts[i]}
		}
		if l.whole && short.node == nil {
			short = place{n, news.WayLayout, true, parsedLayouts[i]}
		}
	}
	return short
}

// holder is the element that holds all of some elements: the smallest around them, or the first of
// them where they lie in different articles. Where that holds much besides, as where comments or
// other stories have the class of the text, it is the one with the most text.
func holder(matches []*html.Node, all sizes) *html.Node {
	if len(matches) == 0 {
		return nil
	}
	first := matches[0]
	article := tree.Closest(first, "article")
	common, best, words := first, first, 0
	var last *html.Node // the last one that lies in no other
	for _, m := range matches {
		if tree.Closest(m, "article") != article {
			return first
		}
		common = commonAncestor(common, m)
		if last == nil || !tree.IsWithin(m, last) {
			last = m
			words += all[m].words
		}
		if all[m].prose > all[best].prose {
			best = m
		}
	}
	if 2*words < all[common].words {
		return best
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
