package publish

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"fronteras/aggregator/news"
)

// CollectionStories is how many stories the page of a station or a topic shows.
const CollectionStories = 40

// collectionPage is the newest stories of a station or a topic.
type collectionPage struct {
	page
	Heading  string
	Hue      int       // of the station's badge; 0 for none
	Logo     string    // of the station; empty if its feeds give none
	Site     string    // the station's own
	Sections []section // with stories
	Older    *pageLink // what searches for more; nil: nothing does
}

// section is cards below a heading, which is empty where they need none.
type section struct {
	Title string
	Cards []teaser
}

// StationPath is the address of the page of a station.
func StationPath(id string) string { return "/stations/" + id }

// StationPage writes the page of a station of the edition: what it made, then what it carries. Older
// are the newest stories of the station as far as they are known beyond the edition; searchable says
// whether the search may have more.
func StationPage(r *Renderer, id string, older []*news.Story, searchable bool, l Locale) (Document, error) {
	e, s := &r.Edition, Selection{Stations: []string{id}}
	station := e.stationByID(id)
	p := collectionPage{page: newPage(r, StationPath(id), Selection{}, l), Heading: station.Name, Hue: badgeHue(e, id)}
	p.Description = fmt.Sprintf(p.W.StationDescription, station.Name, p.Title)
	p.Site, p.Logo = station.URL, logoOf(e, station)
	articles, changed := collect(r, s, older)
	made := section{Title: fmt.Sprintf(p.W.MadeBy, station.Name)}
	carried := section{Title: fmt.Sprintf(p.W.AlsoCarried, station.Name)}
	for _, a := range articles {
		into := &carried
		if a.Origin.Made(id) {
			into = &made
		}
		into.Cards = append(into.Cards, newDatedCard(r, p.page, a, 3))
	}
	return writeCollection(r, p, s, []section{made, carried}, searchable, changed)
}

// TopicPath is the address of the page of a topic, which is in the form of [TopicKey]; ok is false for
// one that no address can be made of.
func TopicPath(key string) (path string, ok bool) {
	path = "/topics/" + escapePath(key)
	for part := range strings.SplitSeq(key, "/") {
		if part == "" || part == "." || part == ".." {
			return "", false
		}
	}
	return path, !strings.ContainsAny(key, "\\\x00")
}

// topicLink leads to the page of a topic, otherwise to the desk's page with it alone.
func topicLink(p page, key string) string {
	if path, ok := TopicPath(key); ok {
		return p.pageAt(path, Selection{})
	}
	return p.pageAt("/", Selection{Topics: []string{key}})
}

// TopicPage writes the page of a topic, as [Renderer.StationPage] does that of a station.
func TopicPage(r *Renderer, key string, older []*news.Story, searchable bool, l Locale) (Document, error) {
	s := Selection{Topics: []string{key}}
	path, _ := TopicPath(key)
	p := collectionPage{page: newPage(r, path, Selection{}, l)}
	articles, changed := collect(r, s, older)
	p.Heading = key
	one := section{}
	for _, a := range articles {
		for _, name := range a.Topics { // as stories write it
			if TopicKey(name) == key && p.Heading == key {
				p.Heading = name
			}
		}
		one.Cards = append(one.Cards, newDatedCard(r, p.page, a, 2))
	}
	p.Description = fmt.Sprintf(p.W.TopicDescription, p.Heading, p.Title)
	return writeCollection(r, p, s, []section{one}, searchable, changed)
}

// writeCollection fills the template of a collection.
func writeCollection(
	r *Renderer, p collectionPage, s Selection, sections []section, searchable bool, changed time.Time,
) (Document, error) {
	p.Title = p.Heading + " – " + p.Title
	p.offerFeeds(r, s)
	for _, one := range sections {
		if takeRow(one.Cards); len(one.Cards) > 0 {
			p.Sections = append(p.Sections, one)
		}
	}
	p.NoIndex = len(p.Sections) == 0
	if searchable {
		p.Older = &pageLink{Name: p.W.OlderStories, URL: p.pageAt("/search", s)}
	}
	return executePage("collection.html", p, changed)
}

// collect gives the newest articles of a selection, those that are filed too, out of the edition and of
// older stories, and when anything last changed that shows in them.
func collect(r *Renderer, s Selection, older []*news.Story) (articles []article, changed time.Time) {
	e := &r.Edition
	all := slices.Concat(e.Stories, e.Filed, older)
	changed = latestTime(lastChange(e, s, all), lastChange(e, s, e.Left))
	seen, list := map[string]bool{}, []*news.Story{}
	for _, story := range selectStories(e, all, s) {
		if story.Status == news.Live && !seen[story.ID] {
			seen[story.ID] = true
			list = append(list, story)
		}
	}
	slices.SortFunc(list, news.CompareNewest)
	return r.articlesOf(list[:min(len(list), CollectionStories)], Selection{}), changed
}

// newDatedCard is a card that stands below no heading of its day: it gives date and time.
func newDatedCard(r *Renderer, p page, a article, level int) teaser {
	card := newCard(r, p, a)
	card.Time, card.Level = "", level
	return card
}

// logoOf is the picture that a station's feeds give of themselves; empty if none does, if its address
// holds a secret, or if nothing is to be asked of stations.
func logoOf(e *Edition, station news.Station) string {
	if e.Pictures == NoPictures {
		return ""
	}
	for _, f := range station.Feeds {
		facts := e.Facts[f.URL]
		if isWeb(facts.Image) && !hasUser(facts.Image) && isPublic(facts.Image, f, facts.Self) {
			return facts.Image
		}
	}
	return ""
}
