package publish

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Format is one kind of document that the desk publishes: a row of the table of [Formats]. The
// website, the files of `once`, the labels of the metrics, the desk's own entries in its OPML and
// the links in the heads and at the foot of pages are all taken from the table, so that a new
// format is a row and its renderer.
type Format struct {
	Name    string // what pages and lists call it
	Path    string // the address of the newest document, below the desk's
	File    string // its file in a folder that `once` writes
	Type    string // its media type
	Label   string // of requests for it in the metrics
	Page    bool   // it is for people: there is one in each of [Languages]
	Filters bool   // ?for=, ?station=, ?topic= and ?lang= select its stories
	Search  bool   // ?q=, ?from= and ?to= find them in the whole archive
	Archive Archive
	Readers Audience                // who is offered it in the heads and at the foot of pages
	Outline func(e *Edition) string // its title in the desk's OPML; nil: it is not listed there
	feed    *feedWriter             // of feed documents
	render  func(*Renderer, request) (Document, error)
}

// Archive says where a format's older stories are, each number in a document that is closed. The
// zero value: nowhere.
type Archive struct {
	Path   string        // with {n} in place of the number
	MaxAge time.Duration // for which readers may keep one; newer documents have [Edition.MaxAge]
	Paged  bool          // they are pages of the newest document (RFC 5005 3), not archive documents (RFC 5005 4)
}

// Audience says which programs subscribe to a format.
type Audience int

// Audiences of formats.
const (
	NoReaders Audience = iota
	NewsReaders
	PodcastApps
)

// archiveMaxAge: archive documents change when a story is withdrawn, so a cache must ask again
// within a day.
const archiveMaxAge = 24 * time.Hour

var table = []Format{
	{
		Name: "RSS", Path: "/feed.rss", File: "feed.rss", Type: TypeRSS, Label: "feed.rss", Filters: true, Search: true,
		Archive: Archive{Path: "/archive/{n}.rss", MaxAge: archiveMaxAge}, Readers: NewsReaders,
		Outline: func(e *Edition) string { return e.Desk.Title },
		feed:    rssWriter, render: renderFeed,
	},
	{
		Name: "Atom", Path: "/feed.atom", File: "feed.atom", Type: TypeAtom, Label: "feed.atom", Filters: true, Search: true,
		Archive: Archive{Path: "/archive/{n}.atom", MaxAge: archiveMaxAge}, Readers: NewsReaders,
		feed: atomWriter, render: renderFeed,
	},
	{
		Name: "JSON", Path: "/feed.json", File: "feed.json", Type: TypeJSON, Label: "feed.json", Filters: true, Search: true,
		Archive: Archive{Path: "/archive/{n}.json", MaxAge: archiveMaxAge}, Readers: NewsReaders,
		feed: jsonWriter, render: renderFeed,
	},
	{
		Name: "podcast", Path: "/podcast.rss", File: "podcast.rss", Type: TypeRSS, Label: "podcast.rss", Filters: true,
		Archive: Archive{Path: "/podcast/{n}.rss", MaxAge: archiveMaxAge, Paged: true}, Readers: PodcastApps,
		Outline: func(e *Edition) string { return cmp.Or(e.Podcast.Title, e.Desk.Title) + " (podcast)" },
		feed:    podcastWriter, render: renderFeed,
	},
	{
		Name: "front page", Path: "/", File: "index.html", Type: TypeHTML, Label: "front", Page: true, Filters: true,
		render: renderFront,
	},
	{
		Name: "OPML", Path: "/stations.opml", File: "stations.opml", Type: TypeOPML, Label: "stations.opml",
		render: renderOPML,
	},
}

// Media types of the documents.
const (
	TypeRSS  = "application/rss+xml; charset=utf-8"
	TypeAtom = "application/atom+xml; charset=utf-8"
	TypeJSON = "application/feed+json"
	TypeOPML = "text/x-opml; charset=utf-8"
	TypeHTML = "text/html; charset=utf-8"
)

// Formats is the table of all formats.
func Formats() []Format { return slices.Clone(table) }

// FormatAt finds the format of a document by its address below the desk's. Number is that of an
// archive document, 0 for the newest document; ok is false for any other address.
func FormatAt(path string) (f Format, number int, ok bool) {
	for _, f := range table {
		if path == f.Path {
			return f, 0, true
		}
	}
	for _, f := range table {
		before, after, _ := strings.Cut(f.Archive.Path, "{n}")
		n, err := strconv.Atoi(strings.TrimSuffix(strings.TrimPrefix(path, before), after))
		if err == nil && n > 0 && path == f.archivePath(n) {
			return f, n, true
		}
	}
	return Format{}, 0, false
}

// archivePath is the address of an archive document.
func (f Format) archivePath(n int) string {
	return strings.Replace(f.Archive.Path, "{n}", strconv.Itoa(n), 1)
}

// linkType is the format's media type as links give it, without its charset.
func (f Format) linkType() string {
	kind, _, _ := strings.Cut(f.Type, ";")
	return kind
}
