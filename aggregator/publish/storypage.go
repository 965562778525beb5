package publish

import (
	"fmt"
	"html/template"

	"fronteras/aggregator/news"
)

// storyPage is the page of one story.
type storyPage struct {
	page
	Article  teaser
	Text     template.HTML
	Credit   template.HTML
	Data     newsArticle
	Versions []alternate // the stories that it leads to in other languages
}

// alternate leads to a page in a language.
type alternate struct{ Language, Spoken, Title, URL string }

// StoryPage writes the page of one story, whatever its age, in a locale.
func StoryPage(r *Renderer, st *news.Story, l Locale) (Document, error) {
	e := &r.Edition
	a := newArticle(e, st)
	p := storyPage{page: newPage(r, "/stories/"+a.ID, Selection{}, l)}
	p.Article = newTeaser(e, p.page, a)
	if a.Plain == "" || a.beginsWithDeck() {
		p.Article.Deck = "" // the text says it
	}
	p.Title = a.Title + " – " + p.Desk.Title
	p.Text, p.Credit = template.HTML(pageText(r, p.page, a)), template.HTML(a.Closing)
	p.Canonical, p.NoIndex = "", true // the original is to be found
	if len(a.Makers) > 0 {
		p.Canonical = a.Makers[0].URL
	}
	own := e.publicAddress("/stories/"+a.ID, Selection{})
	if versions := a.inOtherLanguages(); len(versions) > 0 { // the story itself, rather than what surrounds it
		p.Alternates = nil
		for _, v := range versions {
			p.Alternates = append(
				p.Alternates,
				alternate{Language: v.Language, URL: e.publicAddress(v.Page, Selection{})},
			)
		}
		p.Alternates = append(p.Alternates, alternate{Language: a.Language, URL: own})
	}
	for _, v := range a.Versions {
		name := languageName(news.PrimaryLanguage(v.Language))
		p.Versions = append(p.Versions, alternate{v.Language, name, v.Title, p.pageAt(v.Page, Selection{})})
	}
	p.Data = newsArticleOf(e, a, own)
	p.Description = p.Data.Description
	p.Graph = openGraph{
		Type: "article", Title: a.Title, Locale: graphLocale(a.Language),
		Published: p.Article.Published, Modified: p.Article.Modified,
	}
	if i := pictureOf(r, a); i != nil {
		p.Graph.Image, p.Graph.ImageAlt = i.URL, i.Alt
	}
	return executePage("story.html", p, latestTime(e.Configured, st.Changed, st.IDAssignedAt,
		lastChangeOfVersions(st)))
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

// newsArticleOf is an article for search engines, on the page at an address.
func newsArticleOf(e *Edition, a article, address string) newsArticle {
	d := newsArticle{
		Context: "https://schema.org", Type: "NewsArticle", Headline: a.Title, Description: a.Deck,
		Published: formatISO(a.Published), Publisher: thing{"Organization", e.Desk.Title, e.Desk.URL, e.Desk.Image},
		Language: a.Language, Copyright: a.Rights, License: a.License, Page: address,
	}
	if !a.Modified.IsZero() {
		d.Modified = formatISO(a.Modified)
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
		station := e.stationByID(m.ID)
		d.Source = append(d.Source, thing{Type: "Organization", Name: m.Name, URL: station.URL})
	}
	if len(a.Makers) > 0 {
		d.Based = a.Makers[0].URL
	}
	for _, i := range a.Images {
		d.Image = append(d.Image, imageData{"ImageObject", i.URL, i.Caption, i.Credit})
	}
	for _, s := range a.audioFiles() {
		x := audioData{Type: "AudioObject", URL: s.URL, Format: s.Type}
		if s.Duration > 0 {
			x.Duration = fmt.Sprintf("PT%dS", s.Duration)
		}
		d.Audio = append(d.Audio, x)
	}
	return d
}
