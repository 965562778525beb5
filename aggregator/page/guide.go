package page

import (
	"golang.org/x/net/html"

	"fronteras/aggregator/news"
	"fronteras/aggregator/text"
)

const (
	minGuide   = 60  // words that an articleBody has
	guideRun   = 3   // words
	guideShare = 0.8 // of its runs are in the element that holds the text

	guideCovers = 0.65 // of an element's words are the guide's where it says what is not text
	guideMisses = 0.15 // of a line's runs are the guide's at most where it is not text
)

// placeByGuide finds the smallest element that holds most of a text that the page gives elsewhere,
// which has no paragraphs or links.
func placeByGuide(root *html.Node, guide string) place {
	words := text.Tokens(nil, guide)
	if len(words) < minGuide {
		return place{}
	}
	if n := smallestWith(root, words); n != nil {
		return place{node: n, way: news.WayJSONLD}
	}
	return place{}
}

// runs holds each run of three words of a text, numbered.
type runs map[[guideRun]uint64]int

func runsOf(words []uint64) runs {
	r := runs{}
	for i := range len(words) - guideRun + 1 {
		run := [guideRun]uint64(words[i:])
		if _, ok := r[run]; !ok {
			r[run] = len(r)
		}
	}
	return r
}

// share is the part of a text's runs that are among them; 1 for a text without runs.
func (r runs) share(s string) float64 {
	words := text.Tokens(nil, s)
	if len(words) < guideRun {
		return 1
	}
	found := 0
	for i := range len(words) - guideRun + 1 {
		if _, ok := r[[guideRun]uint64(words[i:])]; ok {
			found++
		}
	}
	return float64(found) / float64(len(words)-guideRun+1)
}

// smallestWith is the smallest element that holds most runs of a text.
func smallestWith(root *html.Node, words []uint64) *html.Node {
	runs := runsOf(words)
	if len(runs) == 0 {
		return nil
	}
	g := guideSearch{spans: map[*html.Node][2]int{}}
	g.read(root)
	g.hits = make([]int, len(g.words))
	for i := range g.hits {
		g.hits[i] = -1
		if i+guideRun <= len(g.words) {
			if id, ok := runs[[guideRun]uint64(g.words[i:])]; ok {
				g.hits[i] = id
			}
		}
	}
	g.seen = make([]int, len(runs))
	need := int(guideShare * float64(len(runs)))
	if g.count(root) < need {
		return nil
	}
	n := root
	for {
		inner := g.childWith(n, need)
		if inner == nil {
			return n
		}
		n = inner
	}
}

// guideSearch knows which runs of a guide stand in which element.
type guideSearch struct {
	words []uint64
	spans map[*html.Node][2]int // of words
	hits  []int                 // the run that begins at each word, -1 for none
	seen  []int                 // the count in which a run was seen last
	turn  int
}

func (g *guideSearch) read(n *html.Node) {
	if n.Type == html.TextNode {
		g.words = text.Tokens(g.words, n.Data)
		return
	}
	if n.Type == html.ElementNode && mute[n.Data] && n.Data != "html" {
		return
	}
	from := len(g.words)
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		g.read(c)
	}
	if len(g.words) > from {
		g.spans[n] = [2]int{from, len(g.words)}
	}
}

// count counts the runs of the guide in an element.
func (g *guideSearch) count(n *html.Node) (count int) {
	g.turn++
	span := g.spans[n]
	for i := span[0]; i+guideRun <= span[1]; i++ {
		if id := g.hits[i]; id >= 0 && g.seen[id] != g.turn {
			g.seen[id] = g.turn
			count++
		}
	}
	return count
}

// childWith is the child that holds that many runs.
func (g *guideSearch) childWith(n *html.Node, need int) *html.Node {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if span := g.spans[c]; span[1]-span[0] >= need && g.count(c) >= need {
			return c
		}
	}
	return nil
}
