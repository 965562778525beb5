package page

import (
	"strings"

	"golang.org/x/net/html"

	"fronteras/aggregator/feed/htmlclean"
	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
)

// Where a field was found.
const (
	fromLayout    = "layout" // an element that the layouts of CMSs use
	fromJSONLD    = "json-ld"
	fromMicrodata = "microdata"
	fromOpenGraph = "opengraph"
	fromMeta      = "meta" // another meta element, or a link in the head
	fromH1        = "h1"
	fromHTML      = "html" // any other element
)

// Limits of the fields.
const (
	maxSummary = 16 << 10
	maxTopics  = 32
	maxPeople  = 16
	maxNotes   = 16
)

// findings is what the fields of a page are chosen from.
type findings struct {
	*document
	*survey
	data    linkedData
	article object // of JSON-LD, of the story; nil if there is none
	page    object // of JSON-LD, of the page; nil if there is none
	address string // the page's own
	fields  fields

	said   []string            // see saidLetters
	shown  *html.Node          // the element that shows the headline; nil if none does
	near   []*html.Node        // see nearHeadline
	beside map[*html.Node]bool // see isBesideHeadline
}

// readFields reads the fields of a page. For each, JSON-LD is asked first, then the elements of the
// layout, microdata, Open Graph and other metas; a headline is first of all what the h1 shows.
func readFields(d *document) fields {
	f := &findings{document: d, survey: surveyPage(d.root), address: link.Clean("", d.Address),
		beside: map[*html.Node]bool{}}
	f.fields.from = map[string]string{}
	f.data = readLinkedData(f.blocks)
	canonical, canonicalFrom := f.canonical()
	isOwn := isOwnAddress([]string{f.address, canonical, link.Clean(f.base, f.meta("og:url"))})
	f.article = f.data.article(isOwn, f.isHeadline())
	f.page = f.data.webPage(isOwn)

	e := &f.fields.entry
	e.URL = f.address
	if canonical != "" {
		e.Links = append(e.Links, news.Link{Rel: "canonical", URL: canonical})
		f.found("links", canonicalFrom)
	}
	f.readTitle()
	f.readSummary()
	f.readPeople()
	f.readDates()
	f.readTopics()
	f.readPicture()
	f.readSound()
	f.readLanguage()
	f.readRights()
	f.readCorrections()
	if f.article != nil {
		f.fields.body = f.article.bodyText()
		f.fields.sold = f.data.isSold(f.article)
	}
	return f.fields
}

// found notes where a field was found.
func (f *findings) found(field, where string) { f.fields.from[field] = where }

// choice is a value that a field may have, and where it was found.
type choice struct{ value, where string }

// choose is the first of some values that there is.
func (f *findings) choose(field string, choices ...choice) string {
	for _, c := range choices {
		if c.value != "" {
			f.found(field, c.where)
			return c.value
		}
	}
	return ""
}

// canonical is the address that the page calls its own; "" where it names several.
func (f *findings) canonical() (address, where string) {
	for _, n := range f.links["canonical"] {
		if !isElement(n, "link") {
			continue
		}
		named := link.Clean(f.base, attribute(n, "href"))
		if named == "" || len(named) > maxAddress {
			continue
		}
		if address != "" && named != address {
			return "", ""
		}
		address, where = named, fromMeta
	}
	return address, where
}

// readSummary takes the deck, otherwise a description.
func (f *findings) readSummary() {
	deck := ""
	if found := f.layout(deckMarks); len(found) > 0 {
		deck = textWithout(found[0], maxSummary, nil)
	}
	description := func(s string) string { return markupLine(s, maxSummary) }
	line := f.choose("summary",
		choice{deck, fromLayout},
		choice{description(f.article.text("description")), fromJSONLD},
		choice{description(f.article.text("abstract")), fromJSONLD},
		choice{f.propText("description"), fromMicrodata},
		choice{description(f.meta("og:description")), fromOpenGraph},
		choice{description(f.meta("description", "twitter:description", "dc.description")), fromMeta},
		choice{description(f.page.text("description")), fromJSONLD},
	)
	f.fields.entry.Summary = htmlclean.PlainText(line, maxSummary)
}

// propText is what the first of the story's elements of an itemprop says.
func (f *findings) propText(name string) string {
	for _, n := range f.own(f.props[name]) {
		if s := propValue(n); s != "" {
			return s
		}
	}
	return ""
}

// readTopics takes the topics of all that names any.
func (f *findings) readTopics() {
	var all topicList
	add := func(where string, names ...string) {
		if all.add(names...) && f.fields.from["topics"] == "" {
			f.found("topics", where)
		}
	}
	add(fromJSONLD, f.data.keywords(f.article)...)
	add(fromOpenGraph, f.metas["article:tag"]...)
	for _, n := range f.layout(tagMarks) {
		add(fromLayout, tagsIn(n)...)
	}
	for _, n := range f.own(f.links["tag"]) {
		add(fromLayout, shownText(n))
	}
	if len(all) == 0 {
		for _, n := range f.own(f.props["keywords"]) {
			add(fromMicrodata, strings.Split(propValue(n), ",")...)
		}
	}
	if len(all) == 0 {
		add(fromMeta, strings.Split(f.meta("news_keywords", "parsely-tags"), ",")...)
	}
	f.fields.entry.Topics = all
}
