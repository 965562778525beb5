package publish

import (
	"bytes"
	"cmp"
	"embed"
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
	Desk        news.Site
	Path        string // of the page itself, below the desk's, without its language
	Address     string // public, with the page's selection
	Title       string // of the window
	Description string // in a sentence or two; may be empty
	Canonical   string // the address that search engines are to show; empty if none is
	NoIndex     bool   // search engines are to leave it out
	Graph       openGraph
	Front       bool         // the desk's title is its heading
	Home        string       // address of the front page
	SearchURL   string       // where the search form leads
	Query       string       // what was searched for
	Podcast     string       // address of the page about the podcast
	Archive     string       // address of the page of older days
	Status      string       // address of the status page
	Languages   []pageLink   // the page in other languages
	Inline      template.CSS // the stylesheet, if the page stands alone
	Sheet       string       // otherwise its address
	Icon        string       // address of the icon; empty if the page stands alone
	Favicon     string       // the same as a bitmap
	Feeds       []feedLink   // for news readers, with the page's own selection
	Podcasts    []feedLink
	Partner     []feedLink // the first of the feeds for each station
	base        string     // before the paths of the desk's documents
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

// newPage is what the page at a path has, for a selection, in a language.
func (r *Renderer) newPage(path string, s Selection, language string) page {
	e := &r.Edition
	p := page{
		W: wordsOf(language), Desk: e.Desk, Path: path, Address: e.publicAddress(path, s), Title: e.Desk.Title,
		Description: e.Desk.Description, base: strings.TrimSuffix(e.Desk.URL, "/"),
	}
	p.Canonical, p.Graph = p.Address, openGraph{Type: "website", Locale: graphLocale(p.W.Language)}
	if e.Standalone {
		p.Inline = template.CSS(Style)
	} else {
		p.base = e.Path("")
		p.Icon, p.Favicon = p.linkTo("/icon.svg", Selection{}), p.linkTo("/favicon.ico", Selection{})
	}
	p.Home, p.SearchURL = p.pageAt("/", Selection{}), p.pageAt("/search", Selection{})
	p.Podcast, p.Archive = p.pageAt("/podcast", Selection{}), p.pageAt("/archive", Selection{})
	p.Status, p.Sheet = p.pageAt("/status", Selection{}), p.linkTo("/style.css", Selection{})
	for _, f := range r.formats {
		link := feedLink{
			Type: typeAttribute(f.linkType()), Title: e.Desk.Title + " (" + f.Name + ")", Name: f.Name,
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
	return p
}

// linkTo leads to another document of the desk: by its path alone, so that a page works under
// whatever name it is reached; from a page that stands alone by the desk's public address.
func (p page) linkTo(path string, s Selection) string { return p.base + withFilters(path, s) }

// pageAt leads to another page of the desk, in the language of this one.
func (p page) pageAt(path string, s Selection) string { return p.linkTo(path, s) }

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
}

// newNotice is a page that says one thing, and that search engines are to leave out.
func (r *Renderer) newNotice(path, language string) notice {
	n := notice{page: r.newPage(path, Selection{}, language)}
	n.NoIndex, n.Canonical, n.Description = true, "", ""
	return n
}

// WithdrawnPage writes the page that stands for a withdrawn story: by whom and when it was
// withdrawn, and nothing of it.
func (r *Renderer) WithdrawnPage(st *news.Story, language string) (Document, error) {
	n := r.newNotice("/stories/"+st.ID, language)
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
	n.Title = n.Heading + " – " + r.Desk.Title
	return executePage("notice.html", n, latestTime(st.Changed, st.Withdrawn))
}

// NotFoundPage writes the page for what is not here, with a sentence that says so.
func (r *Renderer) NotFoundPage(sentence, language string) (Document, error) {
	n := r.newNotice("/", language)
	n.Heading, n.Text = n.W.NotFound, cmp.Or(sentence, n.W.NoStory)
	n.Title = n.Heading + " – " + r.Desk.Title
	return executePage("notice.html", n, time.Time{})
}
