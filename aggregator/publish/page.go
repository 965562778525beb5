package publish

import (
	"bytes"
	"cmp"
	"embed"
	"fmt"
	"html/template"
	"slices"
	"strings"
	"time"

	"fronteras/aggregator/news"
)

// Style is the stylesheet of the pages.
//
//go:embed style.css
var Style string

// Icon is the pages' icon, in SVG.
//
//go:embed icon.svg
var Icon string

//go:embed *.html
var templates embed.FS

// pages are the pages' templates, by the names of their files.
var pages = template.Must(template.ParseFS(templates, "*.html"))

// page is what every page has.
type page struct {
	W       words
	Desk    news.Site
	Title   string // of the window
	Home    string
	Status  string       // address of the status page; empty where a page stands alone
	Inline  template.CSS // the stylesheet, where a page stands alone
	Sheet   string       // else its address
	Icon    string       // address of the icon; empty where a page stands alone
	Feeds   []feedLink   // with the page's own selection
	Podcast feedLink
	Partner []feedLink // the RSS for each station
	base    string     // before the paths of the desk's documents
}

// feedLink leads to a feed: href as the page reaches it, Address as others do.
type feedLink struct{ Type, Title, Name, URL, Address string }

// Front writes the desk's page in a language. It asks nobody but the desk for
// anything: it has no pictures, and sound is not loaded before it is played.
func (e *Edition) Front(s Selection, language string) (Document, error) {
	sh := e.sheet("/", s)
	if len(s.Stations) > 0 { // what is filed stands here and in the archive alone
		sh.stories = append(sh.stories, e.take(e.Filed, s)...)
		slices.SortStableFunc(sh.stories, func(a, b *news.Story) int { return b.Published.Compare(a.Published) })
		sh.changed = latest(sh.changed, e.changed(s, e.Filed))
	}
	p := e.page(s, language)
	f := front{page: p, Filters: p.filters(e, s), Chosen: p.chosen(e, s)}
	f.Title = e.Desk.Title
	if len(f.Chosen) > 0 {
		f.Title = strings.Join(f.Chosen, ", ") + " – " + e.Desk.Title
	}
	for _, a := range e.articles(sh) {
		f.Articles = append(f.Articles, e.teaser(p, a))
	}
	return e.html("front.html", f, sh.changed)
}

type front struct {
	page
	Chosen   []string // what is selected, in words
	Filters  []filter
	Articles []teaser
}

// WithdrawnPage writes the page that stands for a withdrawn story: by whom and when it was
// withdrawn, and nothing of it.
func (e *Edition) WithdrawnPage(st *news.Story, language string) (Document, error) {
	n := notice{page: e.page(Selection{}, language)}
	n.Heading = n.W.Withdrawn
	if by := Line(st.WithdrawnBy); by != "" {
		n.Text = n.W.WithdrawnBy + " " + by
		if !st.Withdrawn.IsZero() {
			n.Text += " " + n.W.WithdrawnOn + " " + n.W.Day(st.Withdrawn)
		}
		n.Text += "."
	} else if !st.Withdrawn.IsZero() {
		n.Text = n.W.Day(st.Withdrawn) + "."
	}
	n.Title = n.Heading + " – " + e.Desk.Title
	return e.html("notice.html", n, latest(st.Changed, st.Withdrawn))
}

// NotFound writes the page for what is not here, with a sentence that says so.
func (e *Edition) NotFound(sentence, language string) (Document, error) {
	n := notice{page: e.page(Selection{}, language)}
	n.Heading, n.Text = n.W.NotFound, cmp.Or(sentence, n.W.NoStory)
	n.Title = n.Heading + " – " + e.Desk.Title
	return e.html("notice.html", n, time.Time{})
}

type notice struct {
	page
	Heading, Text string
}

func (e *Edition) page(s Selection, language string) page {
	p := page{W: wordsOf(language), Desk: e.Desk, Title: e.Desk.Title, base: strings.TrimSuffix(e.Desk.URL, "/")}
	if e.Alone {
		p.Inline = template.CSS(Style)
	} else {
		p.base = e.Path("")
		p.Status, p.Icon = p.address("/status", Selection{}), p.address("/icon.svg", Selection{})
	}
	p.Home, p.Sheet = p.address("/", Selection{}), p.address("/style.css", Selection{})
	link := func(kind, name, path string, s Selection) feedLink {
		return feedLink{kind, e.Desk.Title + " (" + name + ")", name, p.address(path, s), e.address(path, s)}
	}
	p.Feeds = []feedLink{
		link("application/rss+xml", "RSS", pathRSS, s), link("application/atom+xml", "Atom", pathAtom, s),
		link("application/feed+json", "JSON", pathJSON, s),
	}
	p.Podcast = link("application/rss+xml", "podcast", pathPodcast, s)
	for _, st := range e.Stations {
		f := link("", st.Name, pathRSS, Selection{For: []string{st.ID}})
		p.Partner = append(p.Partner, f)
	}
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

func (e *Edition) html(name string, data any, changed time.Time) (Document, error) {
	var b bytes.Buffer
	if err := pages.ExecuteTemplate(&b, name, data); err != nil {
		return Document{}, fmt.Errorf("page: %w", err)
	}
	return Document{Type: TypeHTML, Body: b.Bytes(), Modified: changed}, nil
}

// filter is one choice among stations, topics or languages.
type filter struct {
	Title string
	Links []filterLink
}

// filterLink adds a value to what is selected, or takes it away.
type filterLink struct {
	Title, URL string
	Hue        int // of a station's badge, counted from 1; 0 for none
	Chosen     bool
}

// topics is how many topics are offered.
const topics = 14

func (p page) filters(e *Edition, s Selection) []filter {
	stations, topicLinks, languages := filter{Title: p.W.Stations}, filter{Title: p.W.Topics}, filter{Title: p.W.Languages}
	for _, st := range e.Stations {
		l := p.toggle(s, st.ID, func(s *Selection) *[]string { return &s.Stations })
		l.Title, l.Hue = cmp.Or(st.Brand, st.Name), e.hue(st.ID)
		stations.Links = append(stations.Links, l)
	}
	for _, name := range e.offered(s.Topics, topics, func(a article) []string { return a.Topics }) {
		l := p.toggle(s, Topic(name), func(s *Selection) *[]string { return &s.Topics })
		l.Title = name
		topicLinks.Links = append(topicLinks.Links, l)
	}
	spoken := e.offered(s.Languages, topics, func(a article) []string {
		primary, _, _ := strings.Cut(strings.ToLower(a.Language), "-")
		return []string{primary}
	})
	for _, tag := range spoken {
		l := p.toggle(s, tag, func(s *Selection) *[]string { return &s.Languages })
		l.Title = languageName(tag)
		languages.Links = append(languages.Links, l)
	}
	list := []filter{stations}
	if len(topicLinks.Links) > 0 {
		list = append(list, topicLinks)
	}
	if len(languages.Links) > 1 {
		list = append(list, languages)
	}
	return list
}

// toggle leads to the selection with a value more, or less where it is chosen.
func (p page) toggle(s Selection, value string, list func(*Selection) *[]string) filterLink {
	values := list(&s)
	next := slices.Clone(*values)
	at := slices.Index(next, value)
	if at < 0 {
		next = append(next, value)
		slices.Sort(next)
	} else {
		next = slices.Delete(next, at, at+1)
	}
	*values = next
	return filterLink{URL: p.address("/", s), Chosen: at >= 0}
}

// offered are the values that most stories have, and those that are chosen, in
// the order of the alphabet, each under the name it has first.
func (e *Edition) offered(chosen []string, most int, values func(article) []string) []string {
	names, count := map[string]string{}, map[string]int{}
	for _, st := range e.Stories {
		for _, v := range values(e.article(st)) {
			key := Topic(v)
			names[key] = cmp.Or(names[key], v)
			count[key]++
		}
	}
	var keys []string
	for key := range names {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(a, b string) int { return cmp.Or(cmp.Compare(count[b], count[a]), strings.Compare(a, b)) })
	keys = keys[:min(len(keys), most)]
	for _, key := range chosen {
		if !slices.Contains(keys, key) {
			keys, names[key] = append(keys, key), cmp.Or(names[key], key)
		}
	}
	slices.Sort(keys)
	list := make([]string, len(keys))
	for n, key := range keys {
		list[n] = names[key]
	}
	return list
}

// chosen words a selection.
func (p page) chosen(e *Edition, s Selection) []string {
	var list []string
	for _, id := range append(slices.Clone(s.Stations), s.For...) {
		list = append(list, e.name(id))
	}
	for _, t := range s.Topics {
		list = append(list, e.topicName(t))
	}
	for _, l := range s.Languages {
		list = append(list, languageName(l))
	}
	return list
}

// topicName is a topic as stories write it.
func (e *Edition) topicName(key string) string {
	for _, st := range e.Stories {
		for _, t := range e.article(st).Topics {
			if Topic(t) == key {
				return t
			}
		}
	}
	return key
}

// hues is how many colours badges have.
const hues = 8

// hue is the colour of a station's badge, counted from 1; 0 for who is no station.
func (e *Edition) hue(id string) int {
	at := slices.IndexFunc(e.Stations, func(s news.Station) bool { return s.ID == id })
	if at < 0 {
		return 0
	}
	return at%hues + 1
}

// languageName is how a language calls itself.
func languageName(tag string) string {
	return cmp.Or(languageNames[tag], tag)
}

var languageNames = map[string]string{"en": "English", "es": "Español", "nv": "Diné bizaad", "ood": "Oʼodham ñiok", "yaq": "Yoeme", "fr": "Français"}
