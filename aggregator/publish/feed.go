package publish

import (
	"strconv"
	"strings"

	"fronteras/aggregator/news"
)

// Addresses of the feed documents, below the desk's.
const (
	pathRSS     = "/feed.rss"
	pathAtom    = "/feed.atom"
	pathJSON    = "/feed.json"
	pathPodcast = "/podcast.rss"
)

// archivePath is the address of an archive document; ending is that of a feed's.
func archivePath(n int, ending string) string { return "/archive/" + strconv.Itoa(n) + ending }

// podcastPath is the address of a page of the podcast.
func podcastPath(n int) string { return "/podcast/" + strconv.Itoa(n) + ".rss" }

func isPodcast(path string) bool { return path == pathPodcast || strings.HasPrefix(path, "/podcast/") }

// format is a way to write articles.
type format struct {
	kind  string // media type
	write func(*Edition, sheet, []article) ([]byte, error)
	check func(body []byte, list []article) *Fault

	// Of formats whose items differ in their closings alone from partner to partner:
	text   string                   // what stands before the text that the closing ends
	escape func(text string) []byte // how a text is written there; nil for other formats
}

// RSS writes the merged feed as RSS 2.0.
func (e *Edition) RSS(s Selection) (Document, error) {
	return e.render(formatRSS, e.sheet(pathRSS, s))
}

// Atom writes the merged feed as Atom 1.0.
func (e *Edition) Atom(s Selection) (Document, error) {
	return e.render(formatAtom, e.sheet(pathAtom, s))
}

// JSON writes the merged feed as JSON Feed 1.1.
func (e *Edition) JSON(s Selection) (Document, error) {
	return e.render(formatJSON, e.sheet(pathJSON, s))
}

// PodcastRSS writes the stories with audio as a podcast.
func (e *Edition) PodcastRSS(s Selection) (Document, error) {
	return e.render(formatPodcast, e.sheet(pathPodcast, s))
}

// ArchiveRSS writes an archive document as RSS 2.0.
func (e *Edition) ArchiveRSS(a news.Archive, s Selection) (Document, error) {
	return e.render(formatRSS, e.archiveSheet(archivePath(a.Number, ".rss"), a, s))
}

// ArchiveAtom writes an archive document as Atom 1.0.
func (e *Edition) ArchiveAtom(a news.Archive, s Selection) (Document, error) {
	return e.render(formatAtom, e.archiveSheet(archivePath(a.Number, ".atom"), a, s))
}

// ArchiveJSON writes an archive document as JSON Feed 1.1.
func (e *Edition) ArchiveJSON(a news.Archive, s Selection) (Document, error) {
	return e.render(formatJSON, e.archiveSheet(archivePath(a.Number, ".json"), a, s))
}

// PodcastPage writes a page of the podcast (RFC 5005 3): the episodes of an archive
// document. What was decided of their sounds is looked up by [Edition.Decide].
func (e *Edition) PodcastPage(a news.Archive, s Selection, kept func(map[string]string) (map[string]string, error)) (Document, error) {
	page := &Edition{
		Window: news.Window{Stories: a.Stories, Gone: e.Gone, Closed: e.Closed}, Desk: e.Desk, Stations: e.Stations, Outside: e.Outside, Podcast: e.Podcast,
		Facts: e.Facts, Credit: e.Credit, Authority: e.Authority, Configured: e.Configured, MaxAge: e.MaxAge, Hub: e.Hub,
	}
	if err := page.Decide(kept); err != nil {
		return Document{}, err
	}
	return page.render(formatPodcast, page.archiveSheet(podcastPath(a.Number), a, s))
}

// render writes a document and reads it back. Stories that break it are left out;
// it fails where they are not to blame.
func (e *Edition) render(f format, sh sheet) (Document, error) {
	d := Document{Type: f.kind, Modified: sh.changed, Self: e.address(sh.path, sh.Selection)}
	if !e.Alone {
		d.Hub = e.Hub
	}
	list := e.articles(sh)
	if isPodcast(sh.path) {
		list = e.episodes(list)
	}
	if d.Body = e.assemble(f, sh, list); d.Body != nil {
		return d, nil
	}
	body, fault, err := e.attempt(f, sh, list)
	if fault != nil {
		list, d.LeftOut = e.sound(f, sh, list)
		body, fault, err = e.attempt(f, sh, list)
	}
	if fault != nil {
		err = fault
	}
	if err == nil && sh.archive == nil {
		e.keep(f, body, list)
	}
	d.Body = body
	return d, err
}

// attempt writes a document and looks for a fault in it.
func (e *Edition) attempt(f format, sh sheet, list []article) ([]byte, *Fault, error) {
	body, err := f.write(e, sh, list)
	if err != nil {
		return nil, nil, err
	}
	return body, f.check(body, list), nil
}

// sound parts the articles that can be published from those that cannot, by
// writing each alone.
func (e *Edition) sound(f format, sh sheet, list []article) (good []article, faults []Fault) {
	for _, a := range list {
		if _, fault, err := e.attempt(f, sh, []article{a}); fault != nil || err != nil {
			if fault == nil {
				fault = &Fault{Rule: "written", Why: err.Error()}
			}
			fault.Story = a.ID
			faults = append(faults, *fault)
			continue
		}
		good = append(good, a)
	}
	return good, faults
}
