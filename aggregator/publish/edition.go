// Package publish writes stories as RSS, Atom, JSON Feed, podcast, HTML and OPML.
// What it writes depends on its arguments alone: the same stories give the same
// bytes, whatever the clock says.
package publish

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"strings"
	"time"

	"fronteras/aggregator/credit"
	"fronteras/aggregator/news"
)

// Edition is everything that documents are made of, at one time.
type Edition struct {
	Desk     news.Desk
	Stations []news.Station
	Outside  map[string]news.Outside // by id
	Podcast  Podcast
	Facts    map[string]news.Facts // by the feeds' addresses
	Credit   *credit.Credit
	Stories  []*news.Story // live and not filed, newest first
	Changed  time.Time     // when what is in the documents last changed
	MaxAge   time.Duration // for which readers may keep a document
}

// Podcast is what the podcast says of itself.
type Podcast struct {
	Title      string
	Author     string
	Image      string
	Category   []string // of Apple's list: one, and one below it
	Explicit   bool
	OwnerEmail string
	GUID       string // made once and stored
}

// Document is a rendered document.
type Document struct {
	Type     string // media type
	Body     []byte
	Modified time.Time
}

// station is the station of that id, false if there is none now.
func (e *Edition) station(id string) (news.Station, bool) {
	for _, s := range e.Stations {
		if s.ID == id {
			return s, true
		}
	}
	return news.Station{}, false
}

// Link is the page that a story links to: the origin's, else that of the carrier
// first seen, else the desk's own.
func (e *Edition) Link(story *news.Story) string {
	makers, _ := e.makers(story)
	return e.link(story, makers)
}

// name is how a station is called, its id if it is not known any more.
func (e *Edition) name(id string) string {
	s, _ := e.station(id)
	return cmp.Or(s.Name, id)
}

// address is the public address of one of the desk's documents.
func (e *Edition) address(path string, s Selection) string {
	address := strings.TrimSuffix(e.Desk.URL, "/") + path
	if q := s.Query(); q != "" {
		address += "?" + q
	}
	return address
}

// tag is a lasting name for one of the desk's documents (RFC 4151). It does not
// depend on where the document is.
func (e *Edition) tag(s Selection) string {
	host := "desk.invalid"
	if u, err := url.Parse(e.Desk.URL); err == nil && u.Hostname() != "" {
		host = u.Hostname()
	}
	tag := "tag:" + host + ",2026:feed"
	if q := s.Query(); q != "" {
		tag += ":" + q
	}
	return tag
}

// stories are those that a selection takes.
func (e *Edition) stories(s Selection) []*news.Story {
	var taken []*news.Story
	for _, story := range e.Stories {
		if s.Takes(story) {
			taken = append(taken, story)
		}
	}
	return taken
}

// hasUser reports whether an address holds a user or a password: such a one is
// never shown.
func hasUser(address string) bool {
	u, err := url.Parse(address)
	return err != nil || u.User != nil
}

// Version is the number of the way documents are written. It rises when the
// same stories give other bytes than before.
const Version = 1

// Fingerprint stands for everything but stories that shapes the documents.
func Fingerprint(e *Edition) string {
	feeds := map[string]news.Facts{}
	for feed, f := range e.Facts {
		feeds[feed] = news.Facts{Title: f.Title, Link: f.Link, Self: f.Self, ID: f.ID, Rights: f.Rights}
	}
	text, err := json.Marshal([]any{Version, e.Desk, e.Stations, e.Outside, e.Podcast, e.MaxAge, feeds})
	if err != nil { // plain data: it cannot fail
		panic(err)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:16])
}
