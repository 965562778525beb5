package publish

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"fronteras/aggregator/credit"
	"fronteras/aggregator/markup"
	"fronteras/aggregator/news"
)

// deckLength is how much of a text stands for a missing deck, in characters.
const deckLength = 300

// article is a story as all documents tell it.
type article struct {
	*news.Story
	item      *news.Item
	Link      string // the origin's page
	Title     string
	Deck      string // plain
	Authors   []string
	Published time.Time
	Modified  time.Time
	Topics    []string
	Language  string
	Rights    string
	License   string
	Images    []news.Image
	Sounds    []news.Enclosure
	Body      string // a fragment, ending with the credit
	Closing   string // the credit alone
	Source    source
	Makers    []partner // the origin
	Outside   bool      // which is no station
	Carriers  []partner
}

// partner is a maker or carrier of a story, with the story's page there.
type partner struct {
	ID   string // of a station
	Name string
	URL  string
}

// source is the feed that an article's words came from.
type source struct {
	ID      string
	Title   string
	Feed    string
	Page    string
	Station string
	Rights  string
	Updated time.Time
}

// articles prepares the stories of a selection.
func (e *Edition) articles(s Selection) []article {
	stories := e.stories(s)
	list := make([]article, len(stories))
	for n, story := range stories {
		list[n] = e.article(story, s)
	}
	return list
}

// article prepares a story, worded for a selection's partner.
func (e *Edition) article(story *news.Story, s Selection) article {
	i := shown(story)
	a := article{
		Story: story, item: i, Published: story.Published, Modified: story.Modified,
		Topics: i.Entry.Topics, Language: cmp.Or(i.Entry.Language, e.Desk.Language), License: i.Entry.License,
		Images: i.Entry.Images, Sounds: i.Entry.Enclosures, Source: e.source(i),
	}
	station, _ := e.station(i.Station)
	a.Rights = cmp.Or(i.Entry.Rights, station.Rights)
	a.Makers, a.Outside = e.makers(story)
	a.Carriers = e.carriers(story)
	a.Link = e.link(story, a.Makers)
	a.Authors = e.authors(a)
	text := e.Credit.Strip(cmp.Or(i.Entry.Content, i.Entry.Summary))
	a.Title = cmp.Or(i.Entry.Title, Cut(plain(text), 80), "(untitled)")
	a.Deck = Cut(plain(text), deckLength)
	if deck := plain(e.Credit.Strip(i.Entry.Summary)); deck != "" && i.Entry.Content != "" {
		a.Deck = deck
	}
	a.Closing = e.closing(a, s)
	a.Body = figure(i.Entry.Images, text) + paragraphs(text) + a.Closing
	return a
}

// makers are who made a story; outside is set where that is no station.
func (e *Edition) makers(story *news.Story) (list []partner, outside bool) {
	if story.Origin == nil {
		return nil, false
	}
	for _, m := range append([]news.Maker{story.Origin.Maker}, story.Origin.With...) {
		p := partner{ID: m.Station, Name: e.makerName(m, story.Origin)}
		for _, i := range story.Items {
			if i.Station == m.Station && m.Station != "" && p.URL == "" {
				p.URL = i.Entry.URL
			}
		}
		if len(list) == 0 && p.URL == "" && story.Root.Item == 0 { // claimed, not seen
			p.URL = story.Root.URL
		}
		list = append(list, p)
	}
	return list, story.Origin.Outside != ""
}

// makerName is a maker's own name: that of a joint origin joins all.
func (e *Edition) makerName(m news.Maker, o *news.Origin) string {
	switch {
	case m.Station != "":
		return e.name(m.Station)
	case len(o.With) == 0:
		return m.Name
	}
	return cmp.Or(e.Outside[m.Outside].Name, m.Name)
}

// carriers are the stations beside the origin that tell a story, the first to do
// so first. Of those that were first seen in one round of visits the dates decide:
// the order of visits means nothing.
func (e *Edition) carriers(story *news.Story) []partner {
	items := slices.Clone(story.Items)
	slices.SortStableFunc(items, func(a, b *news.Item) int {
		return cmp.Or(cmp.Compare(a.Round, b.Round), a.Dated.Compare(b.Dated), strings.Compare(a.Station, b.Station))
	})
	var list []partner
	for _, i := range items {
		known := slices.ContainsFunc(list, func(p partner) bool { return p.ID == i.Station })
		if !i.Gone && !known && !story.Origin.Made(i.Station) {
			list = append(list, partner{i.Station, e.name(i.Station), i.Entry.URL})
		}
	}
	return list
}

// link is the page that an article links to: the origin's; where none is stated
// that of the item first seen; else the desk's own.
func (e *Edition) link(story *news.Story, makers []partner) string {
	if len(makers) > 0 && makers[0].URL != "" {
		return makers[0].URL
	}
	for _, p := range e.carriers(story) {
		if p.URL != "" {
			return p.URL
		}
	}
	return e.address("/stories/"+story.ID, Selection{})
}

// authors are the names of a byline; without one the origin stands for it, never the desk.
func (e *Edition) authors(a article) []string {
	var names []string
	for _, p := range a.item.Entry.Authors {
		if p.Name != "" {
			names = append(names, p.Name)
		}
	}
	if len(names) > 0 {
		return names
	}
	for _, p := range append(slices.Clone(a.Makers), a.Carriers...) {
		return []string{p.Name}
	}
	return []string{e.name(a.item.Station)}
}

// closing words the paragraphs at an article's end.
func (e *Edition) closing(a article, s Selection) string {
	l := credit.Lines{Outside: a.Outside, Brand: e.brand(a, s)}
	for _, p := range a.item.Entry.Authors {
		if p.Name != "" {
			l.Authors = append(l.Authors, p.Name)
		}
	}
	for _, p := range a.Makers {
		l.Origin = append(l.Origin, credit.Maker{Name: p.Name, URL: p.URL})
	}
	for _, p := range a.Carriers {
		l.Carriers = append(l.Carriers, p.Name)
	}
	return e.Credit.Paragraphs(l)
}

// brand is how the station is called that the reader knows: the partner's whose
// document it is, else the origin's, else the first carrier's.
func (e *Edition) brand(a article, s Selection) string {
	id := ""
	switch {
	case len(s.For) > 0:
		id = s.For[0]
	case len(a.Makers) > 0 && a.Makers[0].ID != "":
		id = a.Makers[0].ID
	case len(a.Carriers) > 0:
		id = a.Carriers[0].ID
	}
	station, _ := e.station(id)
	return cmp.Or(station.Brand, station.Name, e.Desk.Title)
}

// source is the feed that an item came from, with what the feed says of itself.
func (e *Edition) source(i *news.Item) source {
	f := e.Facts[i.Feed]
	station, _ := e.station(i.Station)
	s := source{
		Title: cmp.Or(f.Title, station.Name, i.Station), Feed: i.Feed, Page: cmp.Or(f.Link, station.URL),
		Station: cmp.Or(station.Name, i.Station), Rights: f.Rights, Updated: latest(i.Entry.Published, i.Entry.Updated),
	}
	if !isWeb(s.Feed) { // read from a file: its public address is what it says of itself
		s.Feed = cmp.Or(f.Self, f.Link, station.URL)
	}
	s.ID = cmp.Or(f.ID, s.Feed)
	if s.Updated.IsZero() {
		s.Updated = i.FirstSeen
	}
	return s
}

func isWeb(address string) bool {
	return strings.HasPrefix(address, "http://") || strings.HasPrefix(address, "https://")
}

// latest is the latest of some times.
func latest(times ...time.Time) time.Time {
	var last time.Time
	for _, t := range times {
		if t.After(last) {
			last = t
		}
	}
	return last
}

// confidence grades how surely an article's items are one story.
func (a article) confidence() news.Confidence {
	grade := news.Certain
	for _, edge := range a.Edges {
		switch {
		case edge.Confidence == news.Probable:
			return news.Probable
		case edge.Confidence == news.Editor:
			grade = news.Editor
		}
	}
	return grade
}

// changed is when what an article says last changed.
func (a article) changed() time.Time { return latest(a.Published, a.Modified) }

// audio are the article's enclosures that can be heard.
func (a article) audio() []news.Enclosure {
	var list []news.Enclosure
	for _, s := range a.Sounds {
		if strings.HasPrefix(s.Type, "audio/") {
			list = append(list, s)
		}
	}
	return list
}

// plain is a fragment as text on one line.
func plain(fragment string) string { return strings.ReplaceAll(markup.Text(fragment), "\n", " ") }
