package page

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"fronteras/aggregator/text"
)

// What is cut inside a text.
const (
	maxNamed    = 120 // words of an element that goes by its name; more if half of them are linked
	maxBegins   = 40  // words of a line that goes by how it begins
	maxLinked   = 60  // words of a line that goes since it is a link
	minRepeated = 8   // words of a line that may not stand twice
)

// cutInside takes out of the element that holds the text what is none of the story.
func (c *cutting) cutInside(root *html.Node, f fields) {
	c.cutByName(root)
	c.cutCaptions(root)
	c.cutLines(root, f)
	removeEmpty(root)
}

// cutByName cuts elements that say in their name what they are, and asides; never what holds two
// fifths of the words.
func (c *cutting) cutByName(root *html.Node) {
	all := measure(root)
	most := max(1, all[root].words*2/5)
	for n := root.FirstChild; n != nil; {
		next := following(n, root, false)
		if n.Type == html.ElementNode {
			if s := all[n]; s.words < most || s.words == 0 {
				if why := furnitureByName(n); why != "" && (s.words < maxNamed || 2*s.linked >= s.words || n.Data == "aside") &&
					!isKept(textOf(n)) {
					next = following(n, root, true)
					c.cut(n, why)
				}
			}
		}
		n = next
	}
}

// cutCaptions leaves of each figure its pictures alone.
func (c *cutting) cutCaptions(root *html.Node) {
	for n := root.FirstChild; n != nil; {
		next := following(n, root, false)
		if isElement(n, "figcaption") {
			next = following(n, root, true)
			c.cut(n, "caption")
		}
		n = next
	}
}

// cutLines cuts lines by what they say and where they stand.
func (c *cutting) cutLines(root *html.Node, f fields) {
	lines := linesOf(root)
	total := 0
	for _, l := range lines {
		total += l.words
	}
	title := text.HeadlineOf(f.entry.Title)
	seen := map[uint64]bool{}
	begun := 0
	for i, l := range lines {
		why := ""
		switch {
		case isKept(l.text):
		case 5*l.words >= 2*total:
		case l.words >= minRepeated && seen[text.Hash(strings.ToLower(l.text))]:
			why = "repeated"
		case l.words <= maxLinked && 10*l.linked >= 9*l.words && l.words > 0:
			why = "link"
		case begun < 2 && title.Text != "" && text.HeadlineOf(l.text).Text == title.Text:
			why = "headline"
		case begun < 2 && isByline(l.text, f):
			why = "byline"
		case begun < 2 && isDateLine(l.text):
			why = "date"
		default:
			why = furnitureByWords(l)
		}
		seen[text.Hash(strings.ToLower(l.text))] = true
		if why != "" {
			c.cutLine(l)
			c.record(root, l, why)
			lines[i] = nil
		} else if l.words >= 15 {
			begun++
		}
	}
	c.cutLoneHeadings(root, lines)
}

func (c *cutting) cutLine(l *line) {
	for _, n := range l.nodes {
		remove(n)
	}
}

func (c *cutting) record(root *html.Node, l *line, why string) {
	c.cuts = append(c.cuts, cutPiece{cutText(why, l.text), root})
}

// cutLoneHeadings cuts headings below which nothing stands.
func (c *cutting) cutLoneHeadings(root *html.Node, lines []*line) {
	below := 8 // the level of the heading that stands next, 8 at the end, 0 above text
	for i := len(lines) - 1; i >= 0; i-- {
		l := lines[i]
		if l == nil {
			continue
		}
		level := l.heading()
		if level == 0 {
			below = 0
			continue
		}
		if below >= level && below > 0 || below == 8 {
			if below == 8 || below <= level {
				c.cutLine(l)
				c.record(root, l, "heading")
				continue
			}
		}
		below = level
	}
}

// removeEmpty takes out elements that show nothing.
func removeEmpty(root *html.Node) bool {
	shows := false
	for n := root.FirstChild; n != nil; {
		next := n.NextSibling
		switch n.Type {
		case html.TextNode:
			shows = shows || strings.TrimSpace(n.Data) != ""
		case html.ElementNode:
			switch n.DataAtom {
			case atom.Img, atom.Hr, atom.Audio, atom.Video, atom.Iframe, atom.Source:
				shows = true
			case atom.Br, atom.Td, atom.Th, atom.Tr:
				removeEmpty(n)
			default:
				if removeEmpty(n) {
					shows = true
				} else {
					remove(n)
				}
			}
		}
		n = next
	}
	return shows
}
