// Package publish writes stories as RSS, Atom, JSON Feed, podcast, HTML and OPML: the table in
// formats.go has a row for each. What it writes depends on its arguments alone: the same stories
// give the same bytes, whatever the clock says.
package publish

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"fronteras/aggregator/credit"
	"fronteras/aggregator/house"
	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
)

// Edition is everything that documents are made of, at one time: plain values, which rendering does
// not change.
type Edition struct {
	news.Window
	Older      time.Time // when the newest live story was published that is older than the window's; zero if there is none
	Desk       news.Site
	Stations   []news.Station
	Outside    map[string]news.Outside // by id
	Podcast    Podcast
	Facts      map[string]news.Facts // by the feeds' addresses
	Credit     *credit.Credit
	Decisions  map[string]string   // by [Decide]; nil: as if nothing had been decided before
	Authority  string              // how the ids that the desk mints begin: tag:HOST,YEAR:
	Configured time.Time           // since when all that shapes documents besides the stories is as it is
	MaxAge     time.Duration       // for which readers may keep a document
	Hub        string              // the address of the hub; empty if push is off
	Pictures   Pictures            // which stories of a page of many are shown with their pictures
	Crawlers   string              // the address of the license for crawlers (RSL); empty if there is none
	Media      map[string][]string // by station: the pictures next to its document, in sorted order; see [MediaFolder]
	Standalone bool                // documents go into a folder: nothing answers at the archive's addresses

	houses house.Names               // of the stations and the sources outside; nil until [NewRenderer] has listed them
	zones  map[string]*time.Location // by name, read once; nil: not yet
}

// Pictures says which stories of a page of many are shown with their pictures.
type Pictures int

// Which stories have their pictures.
const (
	AllPictures Pictures = iota
	LeadPicture          // the first one's alone
	NoPictures           // none, neither here nor on the stories' own pages: nothing is asked of stations
)

// Podcast is what the podcast says of itself.
type Podcast struct {
	Title      string
	Author     string
	Image      string
	Category   []string // of Apple's list: one, and one below it
	Explicit   bool
	OwnerEmail string
}

// Document is a rendered document.
type Document struct {
	Type     string // media type
	Body     []byte
	Modified time.Time
	Self     string  // its public address; empty for pages
	Hub      string  // that announces its changes; empty if none does
	LeftOut  []Fault // stories that could not be published in it, each with its fault
}

// stationByID is a station of the edition, the zero value if it has none of that id.
func (e *Edition) stationByID(id string) news.Station {
	for _, s := range e.Stations {
		if s.ID == id {
			return s
		}
	}
	return news.Station{}
}

// stationName is what a station is called, or its id if it is no longer configured.
func (e *Edition) stationName(id string) string {
	return cmp.Or(e.stationByID(id).Name, id)
}

// deskFor is the desk as documents of a selection present it: those of one language in that, where the
// desk has a title or a description in it.
func (e *Edition) deskFor(s Selection) news.Site {
	desk := e.Desk
	if len(s.Languages) == 0 {
		return desk
	}
	primary := news.PrimaryLanguage(s.Languages[0])
	for _, l := range s.Languages[1:] {
		if news.PrimaryLanguage(l) != primary {
			return desk
		}
	}
	tags := slices.Sorted(maps.Keys(desk.Titles))
	tag, found := news.MatchLanguage(slices.AppendSeq(tags, maps.Keys(desk.Descriptions)), s.Languages[0])
	if !found || primary == news.PrimaryLanguage(desk.Language) {
		return desk
	}
	desk.Title, desk.Language = desk.TitleIn(tag), tag
	desk.Description, _ = desk.DescriptionIn(tag)
	return desk
}

// publicAddress is the address of one of the desk's documents.
func (e *Edition) publicAddress(path string, s Selection) string {
	return strings.TrimSuffix(e.Desk.URL, "/") + withFilters(path, s)
}

// Path is the path of one of the desk's documents on its host: desk.url may have a path too.
func (e *Edition) Path(path string) string {
	u, err := url.Parse(e.Desk.URL)
	if err != nil { // it was checked with the configuration
		return path
	}
	return strings.TrimSuffix(u.EscapedPath(), "/") + path
}

// lastingID is an id for the desk's feed with these filters (RFC 4151), which does not depend on
// where the feed is.
func (e *Edition) lastingID(s Selection) string {
	tag := e.Authority + "feed"
	if q := s.Query(); q != "" {
		tag += ":" + q
	}
	return tag
}

// withFilters is an address with the filters of a selection.
func withFilters(address string, s Selection) string {
	if q := s.Query(); q != "" {
		address += "?" + q
	}
	return address
}

// isWeb reports whether an address is one of http or https.
func isWeb(address string) bool {
	return strings.HasPrefix(address, "http://") || strings.HasPrefix(address, "https://")
}

// hasUser reports whether an address holds a user or a password: such a one is never shown.
func hasUser(address string) bool {
	u, err := url.Parse(address)
	return err != nil || u.User != nil
}

// latestTime is the latest of some times.
func latestTime(times ...time.Time) time.Time {
	var last time.Time
	for _, t := range times {
		if t.After(last) {
			last = t
		}
	}
	return last
}

// hiddenFeeds gives, by the addresses of feeds that are not shown under their own, those that are.
func hiddenFeeds(e *Edition) map[string]string {
	hidden := map[string]string{}
	for _, s := range e.Stations {
		for _, f := range s.Feeds {
			if shown := link.PublicAddress(f, e.Facts[f.URL].Self, s.URL); isWeb(f.URL) && shown != f.URL {
				hidden[f.URL] = shown
			}
		}
	}
	return hidden
}

// Version is the number of the way feed documents are written. It rises when the same stories give
// other bytes in them than before.
const Version = 5

// Fingerprint stands for everything but stories that shapes the documents that the hub at this
// address announces, whether or not the edition names a hub.
func Fingerprint(e *Edition, hub string) string {
	feeds := map[string]news.Facts{}
	for feed, f := range e.Facts {
		feeds[feed] = news.Facts{
			Title: f.Title, Link: f.Link, Self: f.Self, ID: f.ID, Rights: f.Rights, Blocked: f.Blocked,
			Explicit: f.Explicit,
		}
	}
	all := []any{Version, e.Desk, e.Stations, e.Outside, e.Podcast, e.Decisions[keptAddress], e.MaxAge, hub, feeds}
	if hidden := hiddenFeeds(e); len(hidden) > 0 {
		all = append(all, hidden)
	}
	if len(e.Media) > 0 {
		all = append(all, e.Media)
	}
	if e.Pictures != AllPictures || e.Crawlers != "" {
		all = append(all, e.Pictures, e.Crawlers)
	}
	text, err := json.Marshal(all)
	if err != nil { // plain data: it cannot fail
		panic(err)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:16])
}
