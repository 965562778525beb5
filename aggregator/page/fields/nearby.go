package fields

import (
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"fronteras/aggregator/page/tree"
)

// How far from the headline a byline and a date can stand.
const (
	maxNearElements = 400
	maxNearWords    = 120 // of paragraphs in between
	maxNearText     = 160 // bytes of what can be a byline or a date there
	maxBeside       = 400 // bytes of an aside that can hold them
)

// nearHeadline returns the elements that follow the headline, up to where the text has gone on, of the
// story and next to the headline.
func nearHeadline(f *findings) []*html.Node {
	var after []*html.Node
	words := 0
	end := f.shown
	for end.Parent != nil && !tree.IsElement(end, "body") {
		end = end.Parent
	}
	for n := tree.Following(f.shown, end, true); n != nil && len(after) < maxNearElements && words < maxNearWords; {
		if n.Type == html.ElementNode {
			if f.isForeign(n) && !isBesideHeadline(f, n) {
				n = tree.Following(n, end, true)
				continue
			}
			if tree.IsElement(n, "p") {
				words += len(strings.Fields(shownText(n)))
			}
			after = append(after, n)
		}
		n = tree.Following(n, end, false)
	}
	return after
}

// isBesideHeadline reports whether an element stands in a short one next to the headline, whatever
// that is called: pages put bylines into aside and nav.
func isBesideHeadline(f *findings, n *html.Node) bool {
	for n.Parent != nil && !f.around[n.Parent] {
		n = n.Parent
	}
	if n.Parent == nil || tree.IsElement(n.Parent, "body", "html", "head") || f.around[n] {
		return false
	}
	if known, ok := f.beside[n]; ok {
		return known
	}
	is := tree.IsElement(n, "aside", "nav", "header", "footer", "div", "section") &&
		len(textWithout(n, maxBeside, nil)) <= maxBeside && !hasClassWord(n, foreignWords)
	f.beside[n] = is
	return is
}

// ownOrBeside returns those elements that are of the story, or next to the headline.
func ownOrBeside(f *findings, list []*html.Node) []*html.Node {
	var all []*html.Node
	for _, n := range list {
		if !f.isForeign(n) || isBesideHeadline(f, n) {
			all = append(all, n)
		}
	}
	return all
}

// nearCredits reads a byline that stands near the headline: in an element that is called so, or a
// line that begins like one.
func nearCredits(f *findings) credits {
	var lines []*html.Node
	for _, n := range f.near {
		if bylineElements[n.Data] && (hasClassWord(n, bylineWords) ||
			!hasBlocks(n) && bylineBegins.MatchString(textWithout(n, maxNearText, nil))) {
			lines = append(lines, n)
		}
	}
	for _, n := range lines {
		if len(textWithout(n, maxNearText, nil)) > maxNearText {
			continue
		}
		if c := creditsOf(f, []*html.Node{n}); c.named && len(c.people) <= maxShownPeople {
			return c
		}
	}
	return credits{}
}

var (
	bylineElements = tree.SetOf("p div span address li h2 h3 h4 h5 h6 section a strong em small")

	bylineWords  = tree.SetOf("byline author authors autor autora autores autoría writer reporter writtenby")
	bylineBegins = regexp.MustCompile(`^(?:By|BY|by|Por|POR|Von|VON|Par|PAR|` +
		`(?:Story|Words|Text|Written|Reported|Posted|Edited) [Bb]y|` +
		`Escrito por|Reportado por|Texto de|Author|Autor)[: ] ?\S`)
)

// nearDates returns the dates that stand near the headline: in elements that are called so, and lines
// that are nothing else.
func nearDates(f *findings) []dateChoice {
	var called, lines []dateChoice
	for _, n := range f.near {
		switch {
		case tree.IsElement(n, "time"):
			written, _ := dateOf(n)
			called = append(called, dateChoice{written, fromHTML, false})
		case hasBlocks(n):
		case hasClassWord(n, dateWords):
			written, _ := dateOf(n)
			called = append(called, dateChoice{written, fromHTML, false})
		default:
			s := textWithout(n, maxNearText, nil)
			if len(s) >= len("1/2/2026") && len(s) <= maxNearText && strings.ContainsAny(s, "0123456789") {
				lines = append(lines, dateChoice{s, fromHTML, false})
			}
		}
	}
	return slices.Concat(called[:min(len(called), maxKept)], lines[:min(len(lines), maxKept)])
}

var dateWords = tree.SetOf("date time timestamp datetime published pubdate publish posted fecha datum dateline")
