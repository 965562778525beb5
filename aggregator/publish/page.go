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

// pageTemplates lists the pages' templates, by the names of their files.
var pageTemplates = template.Must(template.ParseFS(templates, "*.html"))

// page is what every page has.
type page struct {
	W        words
	Desk     news.Site
	Title    string // of the window
	Home     string
	Status   string       // address of the status page; empty if the page stands alone
	Inline   template.CSS // the stylesheet, if the page stands alone
	Sheet    string       // otherwise its address
	Icon     string       // address of the icon; empty if the page stands alone
	Feeds    []feedLink   // for news readers, with the page's own selection
	Podcasts []feedLink
	Partner  []feedLink // the first of the feeds for each station
	base     string     // before the paths of the desk's documents
}

// feedLink leads to a feed: URL as the page reaches it, Address as others do.
type feedLink struct{ Type, Title, Name, URL, Address string }

// newPage is what a page in a language has, for a selection.
func (r *Renderer) newPage(s Selection, language string) page {
	e := &r.Edition
	p := page{W: wordsOf(language), Desk: e.Desk, Title: e.Desk.Title, base: strings.TrimSuffix(e.Desk.URL, "/")}
	if e.Standalone {
		p.Inline = template.CSS(Style)
	} else {
		p.base = e.Path("")
		p.Status, p.Icon = p.linkTo("/status", Selection{}), p.linkTo("/icon.svg", Selection{})
	}
	p.Home, p.Sheet = p.linkTo("/", Selection{}), p.linkTo("/style.css", Selection{})
	for _, f := range r.formats {
		link := feedLink{
			f.linkType(), e.Desk.Title + " (" + f.Name + ")", f.Name, p.linkTo(f.Path, s), e.publicAddress(f.Path, s),
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

// WithdrawnPage writes the page that stands for a withdrawn story: by whom and when it was
// withdrawn, and nothing of it.
func (r *Renderer) WithdrawnPage(st *news.Story, language string) (Document, error) {
	n := notice{page: r.newPage(Selection{}, language)}
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
	n := notice{page: r.newPage(Selection{}, language)}
	n.Heading, n.Text = n.W.NotFound, cmp.Or(sentence, n.W.NoStory)
	n.Title = n.Heading + " – " + r.Desk.Title
	return executePage("notice.html", n, time.Time{})
}

// teaser is an article as the pages show it.
type teaser struct {
	W                     words
	Page, Title, Deck, By string
	Language              string // if it is not the page's
	Badge                 string // who made it, in short
	Hue                   int
	Origin, OriginURL     string
	Published, Day        string
	Modified, ModifiedDay string
	Rights                string
	Carriers              []participant
	Topics                []filterLink
	Audio                 []player
}

// player plays audio, labeled for those who cannot see the page.
type player struct{ URL, Label, Length string }

// newTeaser is an article as a page shows it.
func newTeaser(e *Edition, p page, a article) teaser {
	zone := time.UTC
	station := e.stationByID(a.item.Station)
	if own, err := time.LoadLocation(station.Timezone); err == nil { // "" is UTC
		zone = own
	}
	t := teaser{
		W: p.W, Page: p.linkTo("/stories/"+a.ID, Selection{}), Title: a.Title, Deck: a.Deck, Rights: a.Rights,
		Published: formatISO(a.Published), Day: p.W.dateAndTime(a.Published, zone), Carriers: a.Carriers,
	}
	if !strings.EqualFold(a.Language, p.W.Language) {
		t.Language = a.Language
	}
	by := a.byline()
	if len(a.Makers) > 0 {
		first := a.Makers[0]
		station := e.stationByID(first.ID)
		t.Origin, t.OriginURL, t.Hue = a.originName(), first.URL, badgeHue(e, first.ID)
		t.Badge = cmp.Or(station.Brand, first.Name)
		if len(by) == 1 && by[0] == t.Origin {
			by = nil
		}
	}
	t.By = p.W.JoinNames(by)
	if a.Modified.After(a.Published) {
		t.Modified, t.ModifiedDay = formatISO(a.Modified), p.W.dateAndTime(a.Modified, zone)
	}
	for _, name := range a.Topics {
		link := p.linkTo("/", Selection{Topics: []string{TopicKey(name)}})
		t.Topics = append(t.Topics, filterLink{Title: name, URL: link})
	}
	for _, s := range a.audioFiles() {
		t.Audio = append(t.Audio, player{s.URL, p.W.Listen + ": " + a.Title, formatDuration(s.Duration)})
	}
	return t
}

// hues is how many colors badges have.
const hues = 8

// badgeHue is the color of a station's badge, counted from 1; 0 for a maker that is not a station.
func badgeHue(e *Edition, id string) int {
	at := slices.IndexFunc(e.Stations, func(s news.Station) bool { return s.ID == id })
	if at < 0 {
		return 0
	}
	return at%hues + 1
}

// formatDuration words a duration in seconds; empty if it is not known.
func formatDuration(seconds int) string {
	if seconds <= 0 {
		return ""
	}
	if seconds < 3600 {
		return fmt.Sprintf("%d:%02d", seconds/60, seconds%60)
	}
	return fmt.Sprintf("%d:%02d:%02d", seconds/3600, seconds/60%60, seconds%60)
}
