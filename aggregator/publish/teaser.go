package publish

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"fronteras/aggregator/news"
)

// teaser is an article as the pages show it, of itself on its own page, and of others as the template "card" does.
type teaser struct {
	W                     words
	Page, Title, Deck, By string
	Snippet               []fragmentOfText // the place that was searched for; where it is set, it stands for Deck
	Language              string           // if it is not the page's
	Badge                 string           // who made it, in short
	Hue                   int
	Origin, OriginURL     string
	StationPage           string // of the maker, where that is a station
	Published             string // as machines read it
	Day                   string // the same in words: date and time in its station's time zone
	Time                  string // the time alone, in the desk's; where it is set, it stands for Day
	Modified, ModifiedDay string
	Rights                string
	Carriers              []participant
	Topics                []filterLink
	Audio                 []player
	Picture               *picture // nil: it is set in type
	Row                   bool     // it is alone in a row of two columns
	Level                 int      // of its heading: 2, or 3 where it stands below a heading of a day; 0 is 3
}

// player plays audio, labeled for those who cannot see the page.
type player struct{ URL, Label, Length string }

// newTeaser is an article as a page shows it.
func newTeaser(e *Edition, p page, a article) teaser {
	zone := e.zoneNamed(e.stationByID(a.item.Station).Timezone)
	t := teaser{
		W: p.W, Page: p.pageAt("/stories/"+a.ID, Selection{}), Title: a.Title, Deck: a.Deck, Rights: a.Rights,
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
		if station.ID != "" {
			t.StationPage = p.pageAt(StationPath(station.ID), Selection{})
		}
		if len(by) == 1 && by[0] == t.Origin {
			by = nil
		}
	}
	t.By = p.W.JoinNames(by)
	if a.Modified.After(a.Published) {
		t.Modified, t.ModifiedDay = formatISO(a.Modified), p.W.dateAndTime(a.Modified, zone)
	}
	for _, name := range a.Topics {
		link := topicLink(p, TopicKey(name))
		t.Topics = append(t.Topics, filterLink{Title: name, URL: link})
	}
	for _, s := range a.audioFiles() {
		t.Audio = append(t.Audio, player{s.URL, p.W.Listen + ": " + a.Title, formatDuration(s.Duration)})
	}
	return t
}

// newCard is an article as a list of stories below a heading of its day shows it, with a small picture where it has
// one. It says "Updated" on its own page alone.
func newCard(r *Renderer, p page, a article) teaser {
	t := newTeaser(&r.Edition, p, a)
	t.Time, t.Modified = p.W.clock(a.Published.In(r.timeZone())), ""
	t.Picture = cardPicture(r, p, a)
	return t
}

// newLead is an article as the first of a page, with its picture in full.
func newLead(r *Renderer, p page, a article) teaser {
	t := newCard(r, p, a)
	t.Picture = leadPicture(r, p, a)
	return t
}

// takeRow has the last of an odd number of cards take a row of two columns. It is said here: were it a
// rule of the style sheet, each card would be the last one for a moment while the page arrives.
func takeRow(cards []teaser) {
	if len(cards)%2 == 1 {
		cards[len(cards)-1].Row = true
	}
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
