package publish

import (
	"cmp"
	"fmt"
	"html/template"
	"strings"
	"time"

	"fronteras/aggregator/news"
)

// teaser is an article as the pages show it.
type teaser struct {
	W                     words
	Page, Title, Deck, By string
	Language              string // where it is not the page's
	Badge                 string // who made it, in short
	Hue                   int
	Origin, OriginURL     string
	Published, Day        string
	Modified, ModifiedDay string
	Rights                string
	Carriers              []partner
	Topics                []filterLink
	Audio                 []sound
}

// sound is audio, worded for those who cannot see the page.
type sound struct{ URL, Label, Length string }

// storyPage is the page of one story.
type storyPage struct {
	page
	Article   teaser
	Canonical string
	Address   string // the page's own
	Image     *news.Image
	Locale    string
	Text      template.HTML
	Credit    template.HTML
	Data      newsArticle
}

// StoryPage writes the page of one story, whatever its age, in a language.
func (e *Edition) StoryPage(st *news.Story, language string) (Document, error) {
	a := e.prepare(st)
	p := storyPage{page: e.page(Selection{}, language), Address: e.address("/stories/"+a.ID, Selection{}), Locale: strings.ReplaceAll(a.Language, "-", "_")}
	p.Article = e.teaser(p.page, a)
	if a.Plain == "" || strings.HasPrefix(strings.ReplaceAll(a.Plain, "\n", " "), strings.TrimSuffix(a.Deck, "…")) {
		p.Article.Deck = "" // the text says it
	}
	p.Title = a.Title + " – " + e.Desk.Title
	p.Text, p.Credit = template.HTML(lazy(a.Text)), template.HTML(a.Closing)
	if len(a.Makers) > 0 {
		p.Canonical = a.Makers[0].URL
	}
	if len(a.Images) > 0 {
		p.Image = &a.Images[0]
	}
	p.Data = e.newsArticle(a, p.Address)
	return e.html("story.html", p, latest(e.Configured, st.Changed, st.IDAssignedAt))
}

// Description is what a page's description says.
func (p storyPage) Description() string { return p.Data.Description }

// lazy has pictures of a cleaned fragment load when they are seen, and without
// telling their server what is read.
func lazy(fragment string) string {
	return strings.ReplaceAll(fragment, "<img ", `<img loading="lazy" referrerpolicy="no-referrer" `)
}

func (e *Edition) teaser(p page, a article) teaser {
	zone := e.zone(a)
	t := teaser{
		W: p.W, Page: p.address("/stories/"+a.ID, Selection{}), Title: a.Title, Deck: a.Deck, Rights: a.Rights,
		Published: isoTime(a.Published), Day: p.W.moment(a.Published, zone), Carriers: a.Carriers,
	}
	if !strings.EqualFold(a.Language, p.W.Language) {
		t.Language = a.Language
	}
	by := a.byline()
	if len(a.Makers) > 0 {
		first := a.Makers[0]
		station, _ := e.station(first.ID)
		t.Origin, t.OriginURL, t.Hue = a.originName(), first.URL, e.hue(first.ID)
		t.Badge = cmp.Or(station.Brand, first.Name)
		if len(by) == 1 && by[0] == t.Origin {
			by = nil
		}
	}
	t.By = p.W.List(by)
	if a.Modified.After(a.Published) {
		t.Modified, t.ModifiedDay = isoTime(a.Modified), p.W.moment(a.Modified, zone)
	}
	for _, name := range a.Topics {
		t.Topics = append(t.Topics, filterLink{Title: name, URL: p.address("/", Selection{Topics: []string{Topic(name)}})})
	}
	for _, s := range a.audio() {
		t.Audio = append(t.Audio, sound{s.URL, p.W.Listen + ": " + a.Title, length(s.Duration)})
	}
	return t
}

// zone is where an article's dates are read: at its station.
func (e *Edition) zone(a article) *time.Location {
	station, _ := e.station(a.item.Station)
	if zone, err := time.LoadLocation(station.Timezone); err == nil { // "" is UTC
		return zone
	}
	return time.UTC
}

// length words a duration of so many seconds; empty where it is not known.
func length(seconds int) string {
	if seconds <= 0 {
		return ""
	}
	if seconds < 3600 {
		return fmt.Sprintf("%d:%02d", seconds/60, seconds%60)
	}
	return fmt.Sprintf("%d:%02d:%02d", seconds/3600, seconds/60%60, seconds%60)
}

// newsArticle is a story as search engines read it (schema.org/NewsArticle).
type newsArticle struct {
	Context     string      `json:"@context"`
	Type        string      `json:"@type"`
	Headline    string      `json:"headline"`
	Description string      `json:"description,omitempty"`
	Published   string      `json:"datePublished"`
	Modified    string      `json:"dateModified,omitempty"`
	Author      []thing     `json:"author"`
	Publisher   thing       `json:"publisher"`
	Source      []thing     `json:"sourceOrganization,omitempty"`
	Based       string      `json:"isBasedOn,omitempty"`
	Image       []imageData `json:"image,omitempty"`
	Audio       []audioData `json:"audio,omitempty"`
	Language    string      `json:"inLanguage"`
	Copyright   string      `json:"copyrightNotice,omitempty"`
	License     string      `json:"license,omitempty"`
	Page        string      `json:"mainEntityOfPage"`
}

type thing struct {
	Type string `json:"@type"`
	Name string `json:"name"`
	URL  string `json:"url,omitempty"`
	Logo string `json:"logo,omitempty"`
}

type imageData struct {
	Type    string `json:"@type"`
	URL     string `json:"contentUrl"`
	Caption string `json:"caption,omitempty"`
	Credit  string `json:"creditText,omitempty"`
}

type audioData struct {
	Type     string `json:"@type"`
	URL      string `json:"contentUrl"`
	Format   string `json:"encodingFormat,omitempty"`
	Duration string `json:"duration,omitempty"`
}

func (e *Edition) newsArticle(a article, address string) newsArticle {
	d := newsArticle{
		Context: "https://schema.org", Type: "NewsArticle", Headline: a.Title, Description: a.Deck, Published: isoTime(a.Published),
		Publisher: thing{"Organization", e.Desk.Title, e.Desk.URL, e.Desk.Image}, Language: a.Language, Copyright: a.Rights,
		License: a.License, Page: address,
	}
	if !a.Modified.IsZero() {
		d.Modified = isoTime(a.Modified)
	}
	byline := a.byline()
	for _, name := range a.Authors {
		kind := "Person"
		if len(byline) == 0 {
			kind = "Organization"
		}
		d.Author = append(d.Author, thing{Type: kind, Name: name})
	}
	for _, m := range a.Makers {
		station, _ := e.station(m.ID)
		d.Source = append(d.Source, thing{Type: "Organization", Name: m.Name, URL: station.URL})
	}
	if len(a.Makers) > 0 {
		d.Based = a.Makers[0].URL
	}
	for _, i := range a.Images {
		d.Image = append(d.Image, imageData{"ImageObject", i.URL, i.Caption, i.Credit})
	}
	for _, s := range a.audio() {
		x := audioData{Type: "AudioObject", URL: s.URL, Format: s.Type}
		if s.Duration > 0 {
			x.Duration = fmt.Sprintf("PT%dS", s.Duration)
		}
		d.Audio = append(d.Audio, x)
	}
	return d
}
