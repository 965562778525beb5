package publish

import (
	"cmp"
	"strings"
	"time"

	"fronteras/aggregator/news"
)

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

// source is the feed that an item came from, with what the feed says of itself.
// Where the item itself bears one of Atom's, that is kept (RFC 4287 4.2.11). Its
// time is that of the story: the feed's own would change ours with each poll.
func (e *Edition) source(story *news.Story, i *news.Item) source {
	f := e.Facts[i.Feed]
	station, _ := e.station(i.Station)
	s := source{
		Title: cmp.Or(Line(f.Title), station.Name, i.Station), Page: cmp.Or(f.Link, station.URL),
		Station: cmp.Or(station.Name, i.Station), Rights: Line(f.Rights), Updated: latest(story.Published, story.Modified),
	}
	for _, address := range []string{i.Feed, f.Self, f.Link, station.URL, e.Desk.URL} {
		if absolute(address) && !hasUser(address) { // a file's public address is what it says of itself
			s.Feed = address
			break
		}
	}
	s.ID = cmp.Or(f.ID, s.Feed)
	if own := i.Entry.Source; own != nil && own.ID != "" {
		s.ID, s.Title = Line(own.ID), cmp.Or(Line(own.Title), s.Title)
		if absolute(own.URL) {
			s.Feed = own.URL
		}
	}
	return s
}

func isWeb(address string) bool {
	return strings.HasPrefix(address, "http://") || strings.HasPrefix(address, "https://")
}

// originName is who made the article; of a joint origin all are named.
func (a article) originName() string {
	if len(a.Makers) == 1 {
		return a.Makers[0].Name
	}
	return a.Origin.Name
}
