package publish

import (
	"bytes"
	"cmp"
	_ "embed"
	"fmt"
	"html/template"
	"net/url"
	"slices"
	"strings"
	"time"

	"fronteras/aggregator/news"
)

// Style is the stylesheet of the pages.
//
//go:embed style.css
var Style string

//go:embed front.html
var frontTemplate string

//go:embed story.html
var storyTemplate string

// styled links the stylesheet, or holds it where a page stands alone.
const styled = `{{define "style"}}{{if .Inline}}<style>{{.Inline}}</style>{{else}}<link rel="stylesheet" href="{{.Sheet}}">{{end}}{{end}}`

var (
	frontPage = template.Must(template.Must(template.New("front").Parse(frontTemplate)).Parse(styled))
	storyPage = template.Must(template.Must(template.New("story").Parse(storyTemplate)).Parse(styled))
)

// page is what both pages need.
type page struct {
	Desk     news.Desk
	Language string
	Home     string
	Inline   template.CSS
	Sheet    string // address of the stylesheet
	Listen   string
	base     string // before the paths of the desk's documents
}

type front struct {
	page
	Selected string
	Feeds    []feedLink
	Filters  []filterLink
	Articles []teaser
}

type feedLink struct{ Type, Title, URL string }

type filterLink struct {
	Title, URL string
	Current    bool
}

// teaser is an article as the pages show it.
type teaser struct {
	Page, Title, Deck, By, Language string
	Origin, OriginURL               string
	Published, Day                  string
	Modified, ModifiedDay           string
	Rights                          string
	Carriers                        []partner
	Audio                           []sound
}

type sound struct{ URL, Title string }

type story struct {
	page
	Article   teaser
	Canonical string
	Body      template.HTML
}

// Front writes the desk's page. Alone, it holds its stylesheet itself.
func (e *Edition) Front(s Selection, alone bool) (Document, error) {
	p := e.page(alone)
	f := front{page: p, Feeds: p.feedLinks(e, s), Filters: p.filterLinks(e, s), Selected: strings.ReplaceAll(s.Query(), "&", ", ")}
	for _, a := range e.articles(s) {
		f.Articles = append(f.Articles, p.teaser(a))
	}
	return e.html(frontPage, f)
}

// StoryPage writes the page of one story, whatever its age.
func (e *Edition) StoryPage(st *news.Story) (Document, error) {
	a := e.article(st, Selection{})
	p := story{page: e.page(false), Body: template.HTML(a.Body)}
	p.Article = p.teaser(a)
	if len(a.Makers) > 0 {
		p.Canonical = a.Makers[0].URL
	}
	d, err := e.html(storyPage, p)
	d.Modified = latest(st.Changed, st.Settled)
	return d, err
}

func (e *Edition) page(alone bool) page {
	p := page{Desk: e.Desk, Language: e.Desk.Language, Listen: "Listen"}
	if u, err := url.Parse(e.Desk.URL); err == nil && !alone {
		p.base = strings.TrimSuffix(u.EscapedPath(), "/")
	} else {
		p.base = strings.TrimSuffix(e.Desk.URL, "/")
		p.Inline = template.CSS(Style)
	}
	p.Home, p.Sheet = p.address("/", Selection{}), p.address("/style.css", Selection{})
	return p
}

// address leads to another document of the desk: by its path alone, so that a
// page works under whatever name it is reached; from a page that stands alone
// by the desk's public address.
func (p page) address(path string, s Selection) string {
	if q := s.Query(); q != "" {
		path += "?" + q
	}
	return p.base + path
}

func (e *Edition) html(t *template.Template, data any) (Document, error) {
	var b bytes.Buffer
	if err := t.Execute(&b, data); err != nil {
		return Document{}, fmt.Errorf("page: %w", err)
	}
	return Document{Type: TypeHTML, Body: b.Bytes(), Modified: e.Changed}, nil
}

// feedLinks are the feeds that a page announces, with its own selection.
func (p page) feedLinks(e *Edition, s Selection) []feedLink {
	return []feedLink{
		{"application/rss+xml", e.Desk.Title + " (RSS)", p.address("/feed.rss", s)},
		{"application/atom+xml", e.Desk.Title + " (Atom)", p.address("/feed.atom", s)},
		{"application/feed+json", e.Desk.Title + " (JSON)", p.address("/feed.json", s)},
		{"application/rss+xml", cmp.Or(e.Podcast.Title, e.Desk.Title) + " (podcast)", p.address("/podcast.rss", s)},
	}
}

// filterLinks lead to each station's stories.
func (p page) filterLinks(e *Edition, s Selection) []filterLink {
	var links []filterLink
	for _, st := range e.Stations {
		one := Selection{Stations: []string{st.ID}}
		links = append(links, filterLink{st.Name, p.address("/", one), slices.Contains(s.Stations, st.ID)})
	}
	return links
}

func (p page) teaser(a article) teaser {
	t := teaser{
		Page: p.address("/stories/"+a.ID, Selection{}), Title: a.Title, Deck: a.Deck, By: strings.Join(a.Authors, ", "), Rights: a.Rights,
		Published: isoTime(a.Published), Day: day(a.Published), Carriers: a.Carriers,
	}
	if !strings.EqualFold(a.Language, p.Desk.Language) {
		t.Language = a.Language
	}
	if len(a.Makers) > 0 {
		t.Origin, t.OriginURL = a.Origin.Name, a.Makers[0].URL
		if t.By == t.Origin {
			t.By = ""
		}
	}
	if !a.Modified.IsZero() {
		t.Modified, t.ModifiedDay = isoTime(a.Modified), day(a.Modified)
	}
	for _, s := range a.audio() {
		t.Audio = append(t.Audio, sound{s.URL, a.Title})
	}
	return t
}

func day(t time.Time) string { return t.UTC().Format("2 January 2006, 15:04 UTC") }
