package publish

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"strings"
	"time"

	"fronteras/aggregator/news"
)

// Style is the stylesheet of the pages.
//
//go:embed templates/style.css
var Style string

// Icon is the pages' icon, in SVG.
//
//go:embed templates/icon.svg
var Icon string

// Favicon is the same for programs that know bitmaps alone, in the format that browsers ask for unasked.
//
//go:embed templates/favicon.ico
var Favicon string

//go:embed templates/*.html
var templates embed.FS

// pageTemplates lists the pages' templates, by the names of their files.
var pageTemplates = template.Must(template.ParseFS(templates, "templates/*.html"))

// page is what every page has.
type page struct {
	W           words
	Desk        news.Site // with its title and description in the page's language, where it has them in that
	Path        string    // of the page itself, below the desk's, without its language
	Address     string    // public, with the page's selection, and its language if that is in the path
	Title       string    // of the window
	Description string    // in a sentence or two; may be empty
	AboutIn     string    // the language of the desk's description, if it is not the page's
	Canonical   string    // the address that search engines are to show; empty if none is
	NoIndex     bool      // search engines are to leave it out
	Graph       openGraph
	Front       bool         // the desk's title is its heading
	Home        string       // address of the front page
	SearchURL   string       // where the search form leads
	Query       string       // what was searched for
	Podcast     string       // address of the page about the podcast
	Archive     string       // address of the page of older days
	Status      string       // address of the status page
	Languages   []pageLink   // the page in the other languages
	Alternates  []alternate  // the page in all languages, as search engines are told
	Inline      template.CSS // the stylesheet, if the page stands alone
	Sheet       string       // otherwise its address
	Mark        string       // address of the desk's picture; empty if it is on another host
	Icon        string       // address of the icon; empty if the page stands alone
	Favicon     string       // the same as a bitmap
	Feeds       []feedLink   // for news readers, with the page's own selection
	Podcasts    []feedLink
	Partner     []feedLink // the first of the feeds for each station
	locale      Locale
	base        string // before the paths of the desk's documents
}

// feedLink leads to a feed: URL as the page reaches it, Address as others do.
type feedLink struct {
	// Type is the attribute of its media type. It is written as it is: html/template would write "+" as an entity, and
	// some readers look for the type in the bytes.
	Type                      template.HTMLAttr
	Title, Name, URL, Address string
}

// pageLink leads to a page in a language.
type pageLink struct{ Language, Name, URL string }

// openGraph is what social networks show of a page besides its title, description and address (https://ogp.me).
type openGraph struct {
	Type, Title, Locale string
	URL                 string // if it is not the page's own
	Image, ImageAlt     string
	Published, Modified string
}

// newPage is what the page at a path has, for a selection, in a locale. The path is that of the page in
// any language; a query that is no selection stands in it.
func newPage(r *Renderer, path string, s Selection, l Locale) page {
	e := &r.Edition
	p := page{
		W: wordsOf(l.Language), Desk: e.Desk, Path: path, Address: e.publicAddress(l.Path(path), s), locale: l,
		base: strings.TrimSuffix(e.Desk.URL, "/"),
	}
	p.Desk.Title = e.Desk.TitleIn(p.W.Language)
	p.Desk.Description, p.AboutIn = e.Desk.DescriptionIn(p.W.Language)
	if matchesLanguage(p.AboutIn, p.W.Language) {
		p.AboutIn = ""
	}
	p.Title, p.Description = p.Desk.Title, p.Desk.Description
	// Each address is its own canonical one. Were it the one without a language, search engines, which
	// prefer none, would know the pages of one language alone; were it one with a language, that which
	// the desk gives out would be known to none.
	p.Canonical, p.Graph = p.Address, openGraph{Type: "website", Locale: graphLocale(p.W.Language)}
	if e.Standalone {
		p.Inline = template.CSS(Style)
	} else {
		p.base = e.Path("")
		p.Languages, p.Alternates = otherLanguages(p, path, s), inAllLanguages(e, path, s)
		p.Icon, p.Favicon = p.linkTo("/icon.svg", Selection{}), p.linkTo("/favicon.ico", Selection{})
	}
	if at, own := strings.CutPrefix(e.Desk.Image, strings.TrimSuffix(e.Desk.URL, "/")+"/"); own {
		p.Mark = p.base + "/" + at
	}
	p.Home, p.SearchURL = p.pageAt("/", Selection{}), p.pageAt("/search", Selection{})
	p.Podcast, p.Archive = p.pageAt("/podcast", Selection{}), p.pageAt("/archive", Selection{})
	p.Status, p.Sheet = p.pageAt("/status", Selection{}), p.linkTo("/style.css", Selection{})
	p.offerFeeds(r, s)
	return p
}

// offerFeeds has a page offer the feeds of a selection, and each partner its own.
func (p *page) offerFeeds(r *Renderer, s Selection) {
	e := &r.Edition
	p.Feeds, p.Podcasts, p.Partner = nil, nil, nil
	for _, f := range r.formats {
		s := s
		if !f.Search {
			s.Search = Search{}
		}
		link := feedLink{
			Type: typeAttribute(f.linkType()), Title: e.deskFor(s).Title + " (" + f.Name + ")", Name: f.Name,
			URL: p.linkTo(f.Path, s), Address: e.publicAddress(f.Path, s),
		}
		switch f.Readers {
		case PodcastApps:
			p.Podcasts = append(p.Podcasts, link)
		case NewsReaders:
			p.Feeds = append(p.Feeds, link)
			for _, st := range e.Stations {
				if len(p.Feeds) == 1 {
					theirs := Selection{For: []string{st.ID}}
					p.Partner = append(p.Partner, feedLink{
						Name: st.Name, URL: p.linkTo(f.Path, theirs), Address: e.publicAddress(f.Path, theirs),
					})
				}
			}
		}
	}
}

// linkTo leads to another document of the desk: by its path alone, so that a page works under
// whatever name it is reached; from a page that stands alone by the desk's public address.
func (p page) linkTo(path string, s Selection) string { return p.base + withFilters(path, s) }

// pageAt leads to another page of the desk, which stays in the language that this one's address names.
func (p page) pageAt(path string, s Selection) string { return p.linkTo(p.locale.Path(path), s) }

// typeAttribute is the attribute of a media type of the table of formats.
func typeAttribute(kind string) template.HTMLAttr {
	return template.HTMLAttr(fmt.Sprintf("type=%q", kind))
}

// graphLocale is a language as Open Graph writes it.
func graphLocale(tag string) string { return strings.ReplaceAll(tag, "-", "_") }

// executePage fills a page's template.
func executePage(name string, data any, changed time.Time) (Document, error) {
	var b bytes.Buffer
	if err := pageTemplates.ExecuteTemplate(&b, name, data); err != nil {
		return Document{}, fmt.Errorf("page: %w", err)
	}
	return Document{Type: TypeHTML, Body: b.Bytes(), Modified: changed}, nil
}

// notice is a page that says one thing.
type notice struct {
	page
	Heading, Text string
	Links         []pageLink // where else to look
}

// newNotice is a page that says one thing, and that search engines are to leave out.
func newNotice(r *Renderer, path string, l Locale) notice {
	n := notice{page: newPage(r, path, Selection{}, l)}
	n.NoIndex, n.Canonical, n.Description, n.Alternates = true, "", "", nil
	return n
}

// WithdrawnPage writes the page that stands for a withdrawn story: by whom and when it was
// withdrawn, and nothing of it.
func WithdrawnPage(r *Renderer, st *news.Story, l Locale) (Document, error) {
	n := newNotice(r, "/stories/"+st.ID, l)
	n.Heading = n.W.Withdrawn
	if by := singleLine(st.WithdrawnBy); by != "" {
		n.Text = n.W.WithdrawnBy + " " + by
		if !st.Withdrawn.IsZero() {
			n.Text += " " + n.W.WithdrawnOn + " " + n.W.Day(st.Withdrawn)
		}
		n.Text += "."
	} else if !st.Withdrawn.IsZero() {
		n.Text = n.W.Day(st.Withdrawn) + "."
	}
	n.Title = n.Heading + " – " + n.Desk.Title
	return executePage("notice.html", n, latestTime(st.Changed, st.Withdrawn))
}

// NotFoundPage writes the page for what is not at an address below the desk's. Why says in the
// reader's language what is missing if it is an [UnknownFilter].
func NotFoundPage(r *Renderer, address string, why error, l Locale) (Document, error) {
	n := newNotice(r, address, l)
	n.Heading, n.Text = n.W.NotFound, n.W.Nothing
	var unknown UnknownFilter
	switch {
	case errors.As(why, &unknown):
		n.Text = unknown.describe(n.W)
	case why != nil:
		n.Text = n.W.BadFilters
	case strings.HasPrefix(address, "/stories/"):
		n.Text = n.W.NoStory
	}
	n.Title = n.Heading + " – " + n.Desk.Title
	return executePage("notice.html", n, time.Time{})
}
