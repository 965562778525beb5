package publish

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"fronteras/aggregator/credit"
	"fronteras/aggregator/link"
	"fronteras/aggregator/markup"
	"fronteras/aggregator/news"
)

// titleLength is how much of a text stands for a headline that is missing, in characters.
const titleLength = 80

// article is a story as all documents present it. Its texts hold nothing but what XML allows.
type article struct {
	*news.Story
	item         *news.Item // whose words are shown
	audioItem    *news.Item // whose audio is played; the same, unless that has none
	signers      []string   // the people in the byline
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
	Thumbnail    news.Image // the station's small picture, otherwise the first; zero without pictures
	Enclosures   []news.Enclosure
	Text         string // a fragment
	Plain        string // the same without its picture, a line a block
	Closing      string // the paragraphs at its end: origin and credit
	Body         string // the text with what ends it
	Source       source
	Makers       []participant // the origin
	OriginHome   string        // the page of the first of them, where that is a station
	Outside      bool          // which is not a station
	Carriers     []participant
	Original     *original // what it says that it translates; nil: nothing
	Versions     []version // what it leads to in other languages, its original first
}

// participant is a maker or carrier of a story, with the story's page there.
type participant struct {
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

// newArticle prepares a story, worded for nobody in particular.
func newArticle(e *Edition, story *news.Story) article {
	i := leadItem(story)
	audioItem := itemWithAudio(story)
	station := e.stationByID(i.Station)
	a := article{
		Story: story, item: i, audioItem: audioItem, Published: story.Published, Modified: story.Modified,
		Language: itemLanguage(e, i), Topics: singleLines(i.Entry.Topics),
		Rights: singleLine(cmp.Or(i.Entry.Rights, station.Rights)), License: i.Entry.License,
		Enclosures: soundsOf(story, audioItem), Source: sourceOf(e, story, i), Carriers: carriersOf(e, story),
	}
	a.Makers, a.Outside = makersOf(e, story)
	if len(a.Makers) > 0 {
		a.OriginHome = e.stationByID(a.Makers[0].ID).URL
	}
	a.Link = linkOf(e, story, a.Makers, a.Carriers)
	a.Original, a.Versions = originalOf(e, story), versionsOf(e, story)
	for _, image := range i.Entry.Images {
		image.URL = mediaAddress(e, station, image.URL)
		image.Alt, image.Caption = singleLine(image.Alt), singleLine(image.Caption)
		image.Credit = singleLine(image.Credit)
		a.Images = append(a.Images, image)
	}
	a.Thumbnail = thumbnailOf(i.Entry.Thumbnail, a.Images)
	a.Thumbnail.URL = mediaAddress(e, station, a.Thumbnail.URL)
	a.signers = bylineOf(e, i)
	a.Authors = authorsOf(e, a)
	a.Contributors = photographersOf(a)
	text := itemText(e, i)
	a.Plain = markup.Text(text)
	a.Title = titleOf(i, a.Plain)
	a.Deck = deckOf(dropForbidden(e.Credit.Strip(i.Entry.Summary)), dropForbidden(e.Credit.Strip(i.Entry.Content)),
		a.Images)
	a.Text = withPictures(text, a.Images)
	return a.withClosing(closingFor(e, a, Selection{}))
}

// withClosing is an article with these paragraphs at its end.
func (a article) withClosing(closing string) article {
	a.Closing = dropForbidden(closing)
	a.Body = a.Text + a.Closing
	return a
}

// itemText is an item's text without the desk's credit, as a fragment.
func itemText(e *Edition, i *news.Item) string {
	text := asParagraphs(dropForbidden(e.Credit.Strip(cmp.Or(i.Entry.Content, i.Entry.Summary))))
	return withMedia(e, e.stationByID(i.Station), text)
}

// titleOf is an item's headline, otherwise the beginning of its text.
func titleOf(i *news.Item, plain string) string {
	if title := singleLine(i.Entry.Title); title != "" {
		return title
	}
	opening := singleLine(strings.ReplaceAll(plain[:min(len(plain), 16*titleLength)], "\n", " "))
	return cmp.Or(truncateWords(opening, titleLength), "(untitled)")
}

// itemLanguage is that of an item's words: its station's if it names none.
func itemLanguage(e *Edition, i *news.Item) string {
	station := e.stationByID(i.Station)
	return cmp.Or(i.Entry.Language, station.Language, e.Desk.Language)
}

// byFirstSeen returns items in the order in which they were first seen. Of those that were first
// seen in one round of visits the dates decide: the order of visits means nothing.
func byFirstSeen(items []*news.Item) []*news.Item {
	items = slices.Clone(items)
	slices.SortStableFunc(items, func(a, b *news.Item) int {
		return cmp.Or(cmp.Compare(a.Batch, b.Batch), a.TrustedDate.Compare(b.TrustedDate),
			strings.Compare(a.Station, b.Station))
	})
	return items
}

// makersOf returns who made a story; outside is set if that is not a station.
func makersOf(e *Edition, story *news.Story) (list []participant, outside bool) {
	if story.Origin == nil {
		return nil, false
	}
	for _, m := range append([]news.Maker{story.Origin.Maker}, story.Origin.With...) {
		p := participant{ID: m.Station, Name: m.Name}
		switch {
		case m.Station != "":
			p.Name = e.stationName(m.Station)
		case len(story.Origin.With) > 0: // a joint origin's name joins all names
			p.Name = cmp.Or(e.Outside[m.Outside].Name, m.Name)
		}
		for _, i := range story.Items {
			if i.Station == m.Station && m.Station != "" && p.URL == "" {
				p.URL = i.Entry.URL
			}
		}
		if len(list) == 0 && p.URL == "" { // claimed, and not in the story
			p.URL = story.OriginURL
			if story.Root.Item == 0 {
				p.URL = cmp.Or(p.URL, story.Root.URL)
			}
		}
		list = append(list, p)
	}
	return list, story.Origin.Outside != ""
}

// carriersOf returns the stations besides the origin that have an item of a story, the first to
// have one first.
func carriersOf(e *Edition, story *news.Story) []participant {
	var list []participant
	for _, i := range byFirstSeen(story.Items) {
		known := slices.ContainsFunc(list, func(p participant) bool { return p.ID == i.Station })
		if !i.Gone && !known && !story.Origin.Made(i.Station) {
			list = append(list, participant{i.Station, e.stationName(i.Station), i.Entry.URL})
		}
	}
	return list
}

// StoryLink is the page that documents link to for a story: the origin's, otherwise that of the
// carrier first seen, otherwise the desk's own.
func StoryLink(e *Edition, story *news.Story) string {
	makers, _ := makersOf(e, story)
	return linkOf(e, story, makers, carriersOf(e, story))
}

// linkOf is the page that an article links to: the origin's; if no origin is stated that of the
// item first seen; otherwise the desk's own.
func linkOf(e *Edition, story *news.Story, makers, carriers []participant) string {
	if len(makers) > 0 && makers[0].URL != "" {
		return makers[0].URL
	}
	for _, p := range carriers {
		if p.URL != "" {
			return p.URL
		}
	}
	return e.publicAddress("/stories/"+story.ID, Selection{})
}

// sourceOf is the feed that an item came from, with what the feed says of itself. If the item
// itself has one of Atom's, that is kept (RFC 4287 4.2.11). Its time is that of the story: the
// feed's own would change ours with each poll.
func sourceOf(e *Edition, story *news.Story, i *news.Item) source {
	f := e.Facts[i.Feed]
	station := e.stationByID(i.Station)
	s := source{
		Title: cmp.Or(singleLine(f.Title), station.Name, i.Station), Page: cmp.Or(f.Link, station.URL),
		Station: cmp.Or(station.Name, i.Station), Rights: singleLine(f.Rights),
		Updated: latestTime(story.Published, story.Modified),
	}
	configured := feedAt(e, i.Station, i.Feed)
	public := link.PublicAddress(configured, f.Self, station.URL)
	if !isPublic(s.Page, configured, f.Self) {
		s.Page = station.URL
	}
	for _, address := range []string{public, f.Link, station.URL, e.Desk.URL} {
		if isAbsolute(address) && !hasUser(address) && isPublic(address, configured, f.Self) {
			s.Feed = address
			break
		}
	}
	if s.ID = s.Feed; f.ID != "" && isPublic(f.ID, configured, f.Self) {
		s.ID = f.ID
	}
	if own := i.Entry.Source; own != nil && own.ID != "" && isPublic(own.ID, configured, f.Self) {
		s.ID, s.Title = singleLine(own.ID), cmp.Or(singleLine(own.Title), s.Title)
		if isAbsolute(own.URL) && isPublic(own.URL, configured, f.Self) {
			s.Feed = own.URL
		}
	}
	return s
}

// isPublic reports whether an address holds no secret: none of its own, and none of the feed's, as that
// is configured and as it calls itself.
func isPublic(address string, feed news.Feed, self string) bool {
	open := link.WithoutSecrets(address)
	return (open == "" || open == address) && !link.SharesSecret(feed, address) &&
		!link.SharesSecret(news.Feed{URL: self}, address)
}

// feedAt is a station's feed at an address, as it is configured or was.
func feedAt(e *Edition, station, address string) news.Feed {
	for _, f := range e.stationByID(station).Feeds {
		if f.URL == address {
			return f
		}
	}
	return news.Feed{Station: station, URL: address}
}

// authorsOf returns the names of a byline; without one the origin stands for it, never the desk.
func authorsOf(e *Edition, a article) []string {
	if names := a.byline(); len(names) > 0 {
		return names
	}
	if len(a.Makers) > 0 {
		return []string{a.originName()}
	}
	if len(a.Carriers) > 0 {
		return []string{a.Carriers[0].Name}
	}
	return []string{e.stationName(a.item.Station)}
}

// photographersOf returns the people whom the pictures are credited to, without the authors.
func photographersOf(a article) []string {
	var names []string
	for _, image := range a.Images {
		if image.Credit != "" && !slices.Contains(names, image.Credit) && !slices.Contains(a.Authors, image.Credit) {
			names = append(names, image.Credit)
		}
	}
	return names
}

// closingFor words the paragraphs at an article's end. They name the brand of the station that the
// reader knows: the partner's whose document it is, otherwise the origin's, otherwise the first
// carrier's.
func closingFor(e *Edition, a article, s Selection) string {
	id := ""
	switch {
	case len(s.For) > 0:
		id = s.For[0]
	case len(a.Makers) > 0 && a.Makers[0].ID != "":
		id = a.Makers[0].ID
	case len(a.Carriers) > 0:
		id = a.Carriers[0].ID
	}
	station := e.stationByID(id)
	l := credit.Lines{
		Language: a.Language, Outside: a.Outside, Brand: cmp.Or(station.Brand, station.Name, e.Desk.TitleIn(a.Language)),
		Authors: a.byline(),
	}
	for _, p := range a.Makers {
		l.Origin = append(l.Origin, credit.Maker{Name: p.Name, URL: p.URL})
	}
	for _, p := range a.Carriers {
		l.Carriers = append(l.Carriers, p.Name)
	}
	if o := a.Original; o != nil {
		l.Translates = &credit.Original{Title: credit.Maker{Name: o.Title, URL: o.URL}, Authors: o.Authors}
		for _, p := range o.Makers {
			l.Translates.Makers = append(l.Translates.Makers, credit.Maker{Name: p.Name, URL: p.URL})
		}
	}
	return e.Credit.Paragraphs(l)
}

// byline returns the names of the people whom an article is signed with.
func (a article) byline() []string { return a.signers }

// originName is who made the article; of a joint origin all are named.
func (a article) originName() string {
	if len(a.Makers) == 1 {
		return a.Makers[0].Name
	}
	return a.Origin.Name
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

// beginsWithDeck reports whether an article's deck stands where its text begins, perhaps behind a title.
func (a article) beginsWithDeck() bool {
	opening := a.Plain[:min(len(a.Plain), 16*deckLength)]
	return strings.Contains(strings.ReplaceAll(opening, "\n", " "), strings.TrimSuffix(a.Deck, "…"))
}

// lastChanged is when what an article says last changed.
func (a article) lastChanged() time.Time { return latestTime(a.Published, a.Modified) }

// lastOut is when an article last went out or was modified: importers that remember a date pass over
// what is dated before it.
func (a article) lastOut() time.Time { return latestTime(a.lastChanged(), a.OutAt()) }

// audioFiles returns the article's enclosures that can be heard.
func (a article) audioFiles() []news.Enclosure {
	var list []news.Enclosure
	for _, s := range a.Enclosures {
		if isAudio(s) {
			list = append(list, s)
		}
	}
	return list
}

// addresses returns the addresses that an article is published with.
func (a article) addresses() []string {
	list := []string{a.Link, a.Source.Feed}
	for _, s := range a.Enclosures {
		list = append(list, s.URL)
	}
	for _, i := range a.Images {
		list = append(list, i.URL)
	}
	if a.Thumbnail.URL != "" {
		list = append(list, a.Thumbnail.URL)
	}
	participants := slices.Concat(a.Makers, a.Carriers)
	if a.Original != nil {
		participants = append(participants, a.Original.Makers...)
	}
	for _, v := range a.Versions {
		list = append(list, v.Link)
	}
	for _, p := range participants {
		if p.URL != "" {
			list = append(list, p.URL)
		}
	}
	return list
}

// estimatedSize is about how many bytes a document of articles has: their bodies, with a tenth for
// what is escaped in them, and what goes with them.
func estimatedSize(list []article) int {
	size := 4 << 10
	for _, a := range list {
		size += len(a.Body)*11/10 + 2<<10
	}
	return size
}
