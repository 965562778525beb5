package fields

import (
	"golang.org/x/net/html"

	"fronteras/aggregator/link"
)

// findings is what the fields of a page are chosen from.
type findings struct {
	Page
	*survey
	data      linkedData
	article   object // of JSON-LD, of the story; nil if there is none
	page      object // of JSON-LD, of the page; nil if there is none
	address   string // the page's own
	canonical choice // the address that it calls its own

	said   []string            // the letters of each headline that its head says
	shown  *html.Node          // the element that shows the headline; nil if none does
	near   []*html.Node        // the elements near it
	beside map[*html.Node]bool // what isBesideHeadline found out
}

// findingsOf looks for what fields are read from: elements, objects of JSON-LD, and the headline, by
// which it is known what is of the story.
func findingsOf(p Page) *findings {
	f := &findings{Page: p, survey: surveyPage(p.Root), address: link.Clean("", p.Address),
		beside: map[*html.Node]bool{}}
	f.data = readLinkedData(f.blocks)
	f.canonical = canonicalOf(f.survey, f.Base)
	isOwn := isOwnAddress([]string{f.address, f.canonical.value, link.Clean(f.Base, f.meta("og:url"))})
	f.article = f.data.article(isOwn, isHeadline(f))
	f.page = f.data.webPage(isOwn)
	for _, s := range saidHeadlines(f) {
		f.said = append(f.said, lettersOf(s))
	}
	if f.shown = headlineElement(f); f.shown != nil {
		f.setHeadline(f.shown)
		f.near = nearHeadline(f)
	}
	return f
}
