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

// How much of a text stands for what is missing, in characters.
const (
	deckLength  = 300
	titleLength = 80
)

// article is a story as all documents tell it. Its texts hold nothing but what
// XML allows.
type article struct {
	*news.Story
	item         *news.Item // whose words are shown
	heard        *news.Item // whose sound is played; the same, unless that has none
	Link         string     // the origin's page
	Title        string
	Deck         string // plain
	Authors      []string
	Contributors []string // photographers
	Published    time.Time
	Modified     time.Time
	Topics       []string
	Language     string
	Rights       string
	License      string
	Images       []news.Image
	Sounds       []news.Enclosure
	Blocked      bool   // no podcast may have it
	Text         string // a fragment
	Plain        string // the same without its picture, a line a block
	Closing      string // the paragraphs at its end: origin and credit
	Body         string // the text with what ends it
	Source       source
	Makers       []partner // the origin
	Outside      bool      // which is no station
	Carriers     []partner
}

// sizeOf is about how many bytes a document of articles has: their bodies, with a
// tenth for what is escaped in them, and what stands beside them.
func sizeOf(list []article) int {
	size := 4 << 10
	for _, a := range list {
		size += len(a.Body)*11/10 + 2<<10
	}
	return size
}

// partner is a maker or carrier of a story, with the story's page there.
type partner struct {
	ID   string // of a station
	Name string
	URL  string
}

// articles prepares the stories of a sheet.
func (e *Edition) articles(sh sheet) []article {
	list := make([]article, len(sh.stories))
	for n, story := range sh.stories {
		if sh.archive != nil { // read for this document alone
			list[n] = e.prepare(story)
		} else {
			list[n] = e.article(story)
		}
		if len(sh.For) > 0 {
			list[n].end(e.closing(list[n], sh.Selection))
		}
	}
	return list
}

// article prepares a story, worded for nobody in particular, once an edition.
func (e *Edition) article(story *news.Story) article {
	if a, ok := e.prepared.Load(story); ok {
		return a.(article)
	}
	a := e.prepare(story)
	e.prepared.Store(story, a)
	return a
}

func (e *Edition) prepare(story *news.Story) article {
	i := shown(story)
	heard := heardIn(story, i)
	a := article{
		Story: story, item: i, heard: heard, Published: story.Published, Modified: story.Modified, Language: e.language(i),
		Topics: cleanAll(i.Entry.Topics), License: i.Entry.License, Sounds: sounds(heard), Source: e.source(story, i),
	}
	a.Blocked = e.Facts[heard.Feed].Blocked || heard.Entry.Podcast != nil && heard.Entry.Podcast.Block
	station, _ := e.station(i.Station)
	a.Rights = Line(cmp.Or(i.Entry.Rights, station.Rights))
	a.Makers, a.Outside = e.makers(story)
	a.Carriers = e.carriers(story)
	a.Link = e.link(story, a.Makers)
	for _, image := range i.Entry.Images {
		image.Alt, image.Caption, image.Credit = Line(image.Alt), Line(image.Caption), Line(image.Credit)
		a.Images = append(a.Images, image)
	}
	a.Authors = e.authors(a)
	a.Contributors = a.photographers()
	text := paragraphs(Clean(e.Credit.Strip(cmp.Or(i.Entry.Content, i.Entry.Summary))))
	a.Plain = markup.Text(text)
	begin := Line(Cut(strings.ReplaceAll(a.Plain[:min(len(a.Plain), 8*deckLength)], "\n", " "), deckLength))
	a.Title = cmp.Or(Line(i.Entry.Title), Cut(begin, titleLength), "(untitled)")
	a.Deck = begin
	if deck := Line(markup.Text(e.Credit.Strip(i.Entry.Summary))); deck != "" && i.Entry.Content != "" {
		a.Deck = deck
	}
	a.Text = figure(a.Images, text) + text
	a.end(e.closing(a, Selection{}))
	return a
}

// end gives an article the paragraphs at its end.
func (a *article) end(closing string) {
	a.Closing = Clean(closing)
	a.Body = a.Text + a.Closing
}

// language is that of an item's words: its station's where it says none.
func (e *Edition) language(i *news.Item) string {
	station, _ := e.station(i.Station)
	return cmp.Or(i.Entry.Language, station.Language, e.Desk.Language)
}

// heardIn is the item whose sound is played: the one shown; where that has none,
// a telling of the origin's, else the first carrier's.
func heardIn(story *news.Story, shown *news.Item) *news.Item {
	if hasAudio(shown) {
		return shown
	}
	for _, own := range []bool{true, false} {
		for _, i := range inOrder(story.Items) {
			if !i.Gone && story.Origin.Made(i.Station) == own && hasAudio(i) {
				return i
			}
		}
	}
	return shown
}

func hasAudio(i *news.Item) bool {
	return slices.ContainsFunc(sounds(i), isAudio)
}

func isAudio(s news.Enclosure) bool { return strings.HasPrefix(s.Type, "audio/") }

// sounds are an item's enclosures with media types as they are registered: a
// radio station's enclosure of no known type is taken for what most are.
func sounds(i *news.Item) []news.Enclosure {
	var list []news.Enclosure
	for _, s := range i.Entry.Enclosures {
		switch s.Type = strings.ToLower(s.Type); s.Type {
		case "", "audio/mp3", "audio/x-mp3", "audio/mpeg3", "audio/x-mpeg-3", "audio/x-mpeg":
			s.Type = "audio/mpeg"
		}
		list = append(list, s)
	}
	return list
}

// photographers are those whom the pictures are credited to and who are no authors.
func (a article) photographers() []string {
	var names []string
	for _, image := range a.Images {
		if image.Credit != "" && !slices.Contains(names, image.Credit) && !slices.Contains(a.Authors, image.Credit) {
			names = append(names, image.Credit)
		}
	}
	return names
}

// inOrder are items as they were first seen. Of those that were first seen in one
// round of visits the dates decide: the order of visits means nothing.
func inOrder(items []*news.Item) []*news.Item {
	items = slices.Clone(items)
	slices.SortStableFunc(items, func(a, b *news.Item) int {
		return cmp.Or(cmp.Compare(a.Batch, b.Batch), a.TrustedDate.Compare(b.TrustedDate), strings.Compare(a.Station, b.Station))
	})
	return items
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
// so first.
func (e *Edition) carriers(story *news.Story) []partner {
	var list []partner
	for _, i := range inOrder(story.Items) {
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

// byline are the names that an article is signed with.
func (a article) byline() []string {
	var names []string
	for _, p := range a.item.Entry.Authors {
		if name := Line(p.Name); name != "" {
			names = append(names, name)
		}
	}
	return names
}

// authors are the names of a byline; without one the origin stands for it, never the desk.
func (e *Edition) authors(a article) []string {
	if names := a.byline(); len(names) > 0 {
		return names
	}
	if len(a.Makers) > 0 {
		return []string{a.originName()}
	}
	if len(a.Carriers) > 0 {
		return []string{a.Carriers[0].Name}
	}
	return []string{e.name(a.item.Station)}
}

// closing words the paragraphs at an article's end.
func (e *Edition) closing(a article, s Selection) string {
	l := credit.Lines{Outside: a.Outside, Brand: e.brand(a, s), Authors: a.byline()}
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
		if isAudio(s) {
			list = append(list, s)
		}
	}
	return list
}
