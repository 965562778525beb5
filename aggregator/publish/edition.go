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
	"slices"
	"strings"
	"sync"
	"time"

	"fronteras/aggregator/credit"
	"fronteras/aggregator/news"
)

// Edition is everything that documents are made of, at one time. It is made once
// and not changed; it is safe for use by many.
type Edition struct {
	news.Window
	Desk       news.Site
	Stations   []news.Station
	Outside    map[string]news.Outside // by id
	Podcast    Podcast
	Facts      map[string]news.Facts // by the feeds' addresses
	Credit     *credit.Credit
	Kept       map[string]string // what was decided for ever, by [Edition.Decide]; nil: nothing
	Authority  string            // how the ids that the desk mints begin: tag:HOST,YEAR:
	Configured time.Time         // since when all that shapes documents beside the stories is as it is
	MaxAge     time.Duration     // for which readers may keep a document
	Hub        string            // the address of the hub; empty where push is off
	Alone      bool              // documents go into a folder: nothing answers at the archive's addresses

	prepared sync.Map // *news.Story → article
	pieces   sync.Map // pieceKey → piece
	decide   sync.Once
	decided  map[string]string // by this edition alone, where nothing was kept
}

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
	Hub      string  // that tells of its changes; empty if none does
	LeftOut  []Fault // stories that could not be published in it, each with its fault
}

// sheet is one document's part of an edition.
type sheet struct {
	Selection
	path    string // of the document, below the desk's address
	stories []*news.Story
	changed time.Time // when anything in it may have changed last
	gone    []news.Gone
	archive *news.Archive // nil: the subscription document
	told    []article     // all that the document tells, where some of it is written alone
}

// sheet takes from the edition what a selection takes.
func (e *Edition) sheet(path string, s Selection) sheet {
	sh := sheet{Selection: s, path: path, stories: e.take(e.Stories, s)}
	sh.changed = latest(e.changed(s, e.Stories), e.changed(s, e.Left))
	for _, g := range e.Gone {
		lives := slices.ContainsFunc(sh.stories, func(st *news.Story) bool { return st.PublicID == g.ID })
		if !lives && (g.Joined() || e.touches(g.Story, s)) {
			sh.gone = append(sh.gone, g)
			sh.changed = latest(sh.changed, g.When)
		}
	}
	return sh
}

// archiveSheet takes from an archive document what a selection takes.
func (e *Edition) archiveSheet(path string, a news.Archive, s Selection) sheet {
	return sheet{
		Selection: s, path: path, stories: e.take(a.Stories, s), archive: &a,
		changed: latest(e.changed(s, a.Stories), e.changed(s, a.Left), a.Ended),
	}
}

// updated is when what readers see in a sheet last changed: when a story of it went
// live, was modified or ended, or all that shapes documents beside the stories did.
func (e *Edition) updated(sh sheet) time.Time {
	last := e.Configured
	for _, s := range sh.stories {
		last = latest(last, s.IDAssignedAt, s.Modified)
	}
	for _, g := range sh.gone {
		last = latest(last, g.When)
	}
	return last
}

// take are the stories that a selection takes.
func (e *Edition) take(stories []*news.Story, s Selection) []*news.Story {
	var taken []*news.Story
	for _, story := range stories {
		if e.takes(story, s) {
			taken = append(taken, story)
		}
	}
	return taken
}

// changed is when anything last changed that a selection's documents show, or
// that left them: a partner's, for one, when it began to carry the story.
func (e *Edition) changed(s Selection, stories []*news.Story) time.Time {
	last := e.Configured
	for _, story := range stories {
		if e.touches(story, s) {
			last = latest(last, story.Changed)
		}
	}
	return last
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

// Path is the path of one of the desk's documents, as the desk's address has it.
func (e *Edition) Path(path string) string {
	u, err := url.Parse(e.Desk.URL)
	if err != nil { // it was checked with the configuration
		return path
	}
	return strings.TrimSuffix(u.EscapedPath(), "/") + path
}

// tag is a lasting name for one of the desk's documents (RFC 4151). It does not
// depend on where the document is.
func (e *Edition) tag(s Selection) string {
	tag := e.Authority + "feed"
	if q := s.Query(); q != "" {
		tag += ":" + q
	}
	return tag
}

// relation is a link from one of the desk's documents to another.
type relation struct{ rel, address string }

// relations lead from a feed document to itself, to the hub, and to the archive's
// documents beside it (RFC 5005 4). The format's ending is that of its path.
func (e *Edition) relations(sh sheet) []relation {
	list := []relation{{"self", e.address(sh.path, sh.Selection)}}
	if e.Alone {
		return list
	}
	if e.Hub != "" {
		list = append(list, relation{"hub", e.Hub})
	}
	ending := sh.path[strings.LastIndexByte(sh.path, '.'):]
	at := func(n int) string { return e.address(archivePath(n, ending), sh.Selection) }
	switch n := e.Closed; {
	case isPodcast(sh.path):
		list = append(list, e.pages(sh)...)
	case sh.archive == nil && n > 0:
		list = append(list, relation{"prev-archive", at(n)})
	case sh.archive != nil:
		if sh.archive.Number > 1 {
			list = append(list, relation{"prev-archive", at(sh.archive.Number - 1)})
		}
		if sh.archive.Number < n {
			list = append(list, relation{"next-archive", at(sh.archive.Number + 1)})
		}
		list = append(list, relation{"current", e.address("/feed"+ending, sh.Selection)})
	}
	return list
}

// pages lead from the podcast, or from a page of it, to the pages beside it (RFC
// 5005 3): apps follow them to older episodes. They are no archive documents.
func (e *Edition) pages(sh sheet) (list []relation) {
	at := func(n int) string { return e.address(podcastPath(n), sh.Selection) }
	next := e.Closed
	if sh.archive != nil {
		next = sh.archive.Number - 1
		previous := e.address(pathPodcast, sh.Selection)
		if sh.archive.Number < e.Closed {
			previous = at(sh.archive.Number + 1)
		}
		list = append(list, relation{"first", e.address(pathPodcast, sh.Selection)}, relation{"previous", previous})
	}
	if next > 0 {
		list = append(list, relation{"next", at(next)})
	}
	return list
}

// related is the address that a relation leads to, empty where there is none.
func related(list []relation, rel string) string {
	at := slices.IndexFunc(list, func(r relation) bool { return r.rel == rel })
	if at < 0 {
		return ""
	}
	return list[at].address
}

// hasUser reports whether an address holds a user or a password: such a one is
// never shown.
func hasUser(address string) bool {
	u, err := url.Parse(address)
	return err != nil || u.User != nil
}

// Version is the number of the way documents are written. It rises when the
// same stories give other bytes than before.
const Version = 3

// Fingerprint stands for everything but stories that shapes the documents that a hub
// tells of, whether or not this edition names it.
func Fingerprint(e *Edition, hub string) string {
	feeds := map[string]news.Facts{}
	for feed, f := range e.Facts {
		feeds[feed] = news.Facts{Title: f.Title, Link: f.Link, Self: f.Self, ID: f.ID, Rights: f.Rights, Blocked: f.Blocked}
	}
	text, err := json.Marshal([]any{Version, e.Desk, e.Stations, e.Outside, e.Podcast, e.Kept[keptAddress], e.MaxAge, hub, feeds})
	if err != nil { // plain data: it cannot fail
		panic(err)
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:16])
}
