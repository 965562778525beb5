package editors

import (
	"cmp"
	"time"

	"fronteras/aggregator/news"
	"fronteras/aggregator/text"
)

// storyCard is a story as the pages show it: an article with its headline.
type storyCard struct {
	ID, Path string
	Headline string
	Station  string // whose item it shows
	Others   string // that have it, too; "" where the page does not say that
	Names    []string
	When     moment
	URL      string // of the item at its station; "": it has none
	Status   string
	Text     comparedText
}

// moment is a time as a page shows it.
type moment struct{ ISO, Words string }

// newMoment writes a time in the desk's zone; of the zero time it is empty.
func newMoment(language string, desk news.Site, at time.Time) moment {
	if at.IsZero() {
		return moment{}
	}
	at = at.In(zoneOf(desk))
	m := moment{ISO: at.Format(time.RFC3339)}
	if language == "es" {
		months := [...]string{"ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"}
		m.Words = at.Format("2 ") + months[at.Month()-1] + at.Format(" 2006, 15:04")
	} else {
		m.Words = at.Format("Jan 2, 2006, 3:04 PM")
	}
	return m
}

// zoneOf is the time zone of a desk.
func zoneOf(desk news.Site) *time.Location {
	if zone, err := time.LoadLocation(desk.Timezone); err == nil {
		return zone
	}
	return time.UTC
}

// stationNamed is a station of the settings, or one that is called by its id.
func (s *Settings) stationNamed(id string) news.Station {
	for _, station := range s.Stations {
		if station.ID == id {
			return station
		}
	}
	return news.Station{ID: id, Name: id}
}

// leadItem is the item that a story shows; nil if it has no items.
func leadItem(s *news.Story) *news.Item {
	if i := s.Item(s.LeadItem); i != nil || len(s.Items) == 0 {
		return i
	}
	return s.Items[0]
}

// headlineOf is what a story is called on the pages.
func headlineOf(language string, s *news.Story) string {
	if i := leadItem(s); i != nil {
		return headlineOfItem(language, i)
	}
	return translate(language, "Without a headline")
}

// headlineOfItem is what an item is called.
func headlineOfItem(language string, i *news.Item) string {
	return cmp.Or(oneLineTitle(i), translate(language, "Without a headline"))
}

// oneLineTitle is an item's headline; "": it has none.
func oneLineTitle(i *news.Item) string { return text.OneLine(i.Entry.Title) }

// newStoryCard shows a story, without its text.
func newStoryCard(r *request, s *news.Story) storyCard {
	c := storyCard{
		ID: s.ID, Path: rootPath + "stories/" + s.ID, Headline: headlineOf(r.language, s),
		Status: statusIn(r.language, s.Status),
	}
	if i := leadItem(s); i != nil {
		c.Station, c.Names, c.URL = r.settings.stationNamed(i.Station).Name, authors(i), i.Entry.URL
		c.When = newMoment(r.language, r.settings.Desk, cmp.Or(i.Entry.Stated(), i.FirstSeen))
	}
	return c
}

// statusIn says whether a story is published: of one, where Spanish has another word for many.
func statusIn(language string, status news.Status) string {
	if language == "es" && status == news.Held {
		return "Retenida"
	}
	return translate(language, statusNames[status])
}

// statusNames say whether stories are published.
var statusNames = map[news.Status]string{news.Live: "Live", news.Held: "Held", news.Retracted: "Withdrawn"}

// textOfStory is the text that a story shows, as sentences that no other has.
func textOfStory(s *news.Story) comparedText {
	i := leadItem(s)
	if i == nil {
		return comparedText{}
	}
	own, _ := compareTexts(textOf(i.Entry), "")
	return own
}

// seenOf is what a form shows of stories: see [news.Order.Seen].
func seenOf(stories []*news.Story) map[string]string {
	seen := map[string]string{}
	for _, s := range stories {
		seen[s.ID] = s.Seen()
	}
	return seen
}

// personNamed is what the pages call who decided: an editor's name, or what the decision has.
func (s *Settings) personNamed(id string) string {
	for _, e := range s.Editors {
		if e.ID == id {
			return e.Name
		}
	}
	return id
}
