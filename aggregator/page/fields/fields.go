// Package fields reads what an article page says besides its text: headline, byline, dates, picture,
// audio and the like, and where each was found. It leaves the page as it is.
package fields

import (
	"strings"
	"time"

	"golang.org/x/net/html"

	"fronteras/aggregator/feed/htmlclean"
	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
	"fronteras/aggregator/page/tree"
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

// MaxAddress is how long an address may be, in bytes: a longer one is none.
const MaxAddress = 2 << 10

// Page is a page as a tree.
type Page struct {
	Root     *html.Node
	Base     string         // what its addresses are resolved against
	Address  string         // it was answered at
	Location *time.Location // of dates without a zone; nil: UTC
}

// Fields is what a page says besides its text.
type Fields struct {
	Entry       news.Entry        // without Content
	From        map[string]string // where each was found
	Body        string            // the articleBody of JSON-LD, as text
	Lead        *html.Node        // the element that shows the entry's picture; nil: none does
	Sold        bool              // isAccessibleForFree is false
	Corrections []string          // notes of correction outside the text, such as those of JSON-LD
}

// Read reads the fields of a page. For each, JSON-LD is asked first, then the elements of the
// layout, microdata, Open Graph and other metas; a headline is first of all what the h1 shows.
func Read(p Page) Fields {
	f := findingsOf(p)
	r := Fields{From: map[string]string{}}
	note := func(field, where string) {
		if where != "" {
			r.From[field] = where
		}
	}
	line := func(field string, c choice) string {
		note(field, c.where)
		return c.value
	}
	e := &r.Entry
	e.URL = f.address
	if f.canonical.value != "" {
		e.Links = []news.Link{{Rel: "canonical", URL: line("links", f.canonical)}}
	}
	e.Title = line("title", titleOf(f))
	e.Summary = line("summary", summaryOf(f))
	byline, people := bylineOf(f)
	e.Byline = line("byline", byline)
	e.Authors = people.people
	note("authors", people.where)
	published, updated := datesOf(f)
	e.Published, e.Updated = published.at, updated.at
	note("published", published.where)
	note("updated", updated.where)
	topics, where := topicsOf(f)
	e.Topics = topics
	note("topics", where)
	if found := pictureOf(f); found.image.URL != "" {
		e.Images, r.Lead = []news.Image{found.image}, found.shown
		note("images", found.where)
	}
	if sound, where := soundOf(f); sound.URL != "" {
		e.Enclosures = []news.Enclosure{sound}
		note("enclosures", where)
	}
	e.Language = line("language", languageOf(f))
	e.License = line("license", licenseOf(f))
	e.Rights = line("rights", rightsOf(f))
	r.Corrections = correctionsOf(f)
	if f.article != nil {
		r.Body = f.article.bodyText()
		r.Sold = f.data.isSold(f.article)
	}
	return r
}

// choice is a value that a field may have, and where it was found.
type choice struct{ value, where string }

// firstOf is the first of some values that there is.
func firstOf(choices ...choice) choice {
	for _, c := range choices {
		if c.value != "" {
			return c
		}
	}
	return choice{}
}

// canonicalOf is the address that the page at a base calls its own; "" where it names several.
func canonicalOf(s *survey, base string) (c choice) {
	for _, n := range s.links["canonical"] {
		if !tree.IsElement(n, "link") {
			continue
		}
		named := link.Clean(base, tree.Attribute(n, "href"))
		if named == "" || len(named) > MaxAddress {
			continue
		}
		if c.value != "" && named != c.value {
			return choice{}
		}
		c = choice{named, fromMeta}
	}
	return c
}

// summaryOf takes the deck, otherwise a description.
func summaryOf(f *findings) choice {
	deck := ""
	if found := f.layout(deckMarks); len(found) > 0 {
		deck = textWithout(found[0], maxSummary, nil)
	}
	description := func(s string) string { return markupLine(s, maxSummary) }
	c := firstOf(
		choice{deck, fromLayout},
		choice{description(f.article.text("description")), fromJSONLD},
		choice{description(f.article.text("abstract")), fromJSONLD},
		choice{propText(f.survey, "description"), fromMicrodata},
		choice{description(f.meta("og:description")), fromOpenGraph},
		choice{description(f.meta("description", "twitter:description", "dc.description")), fromMeta},
		choice{description(f.page.text("description")), fromJSONLD},
	)
	return choice{htmlclean.PlainText(c.value, maxSummary), c.where}
}

// propText is what the first of the story's elements of an itemprop says.
func propText(s *survey, name string) string {
	for _, n := range s.own(s.props[name]) {
		if value := propValue(n); value != "" {
			return value
		}
	}
	return ""
}

// topicsOf takes the topics of all that names any, and where the first was found.
func topicsOf(f *findings) (all topicList, where string) {
	add := func(place string, names ...string) {
		if all.add(names...) && where == "" {
			where = place
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
	return all, where
}
