package web

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"fronteras/aggregator/news"
	"fronteras/aggregator/publish"
)

// Store is what the pages need of a store.
type Store interface {
	// Story gives the story that has or had that id or public id.
	Story(id string) (*news.Story, error)
	// Archive gives a closed archive document.
	Archive(n int) (news.Archive, error)
	// KeepOnce gives what was decided for ever under names; it remembers the values of
	// those of which nothing was, unless they are empty.
	KeepOnce(ctx context.Context, values map[string]string) (map[string]string, error)
	// FeedStates lists what the visits of all feeds left behind.
	FeedStates() ([]news.FeedState, error)
	// CountByDay counts the stories of so many days.
	CountByDay(n int) (last time.Time, counts []int, err error)
	// DateDocuments gives since when each document's bytes have been what they are.
	DateDocuments(ctx context.Context, documents []news.Print) ([]time.Time, error)
}

// Site answers the public. It serves rendered documents from memory; what has not
// been rendered yet is on the first request.
type Site struct {
	Store    Store
	Stations func() []news.Station // of the desk as it is configured now
	Unknown  error                 // what the store fails with where there is no such thing
	Log      *slog.Logger
	Clock    func() bool          // whether the desk's clock seems to be wrong; nil: nobody knows
	Backup   func() *BackupHealth // how the daemon's own backups fare; nil, or a nil answer: it makes none
	now      atomic.Pointer[rendering]
	stopping atomic.Bool
	packers  packers
	history  history
}

// Stop has /readyz say that the daemon is about to end.
func (s *Site) Stop() { s.stopping.Store(true) }

// rendering is everything that was rendered of one edition.
type rendering struct {
	edition *publish.Edition
	known   publish.Known
	fresh   []string       // the Cache-Control of documents
	tongue  string         // of pages for readers who name none
	main    map[want]*file // without filters; not changed any more
	asked   *cache         // with filters, of the archive, and of stories
	leftOut []publish.Fault
}

// feeds are the addresses of the feed documents, with what renders each.
var feeds = map[string]func(*publish.Edition, publish.Selection) (publish.Document, error){
	"/feed.rss":    (*publish.Edition).RSS,
	"/feed.atom":   (*publish.Edition).Atom,
	"/feed.json":   (*publish.Edition).JSON,
	"/podcast.rss": (*publish.Edition).PodcastRSS,
}

// archives are the endings of archive documents, with what renders each.
var archives = map[string]func(*publish.Edition, news.Archive, publish.Selection) (publish.Document, error){
	".rss":  (*publish.Edition).ArchiveRSS,
	".atom": (*publish.Edition).ArchiveAtom,
	".json": (*publish.Edition).ArchiveJSON,
}

// Publish replaces what is served by an edition. Its documents without filters,
// and those with filters that were asked for lately, are rendered here, not on a
// reader's request. A document that fails goes on as it was; the error names it.
// Stories that had to be left out are returned, each once.
func (s *Site) Publish(ctx context.Context, e *publish.Edition, known publish.Known) (leftOut []publish.Fault, err error) {
	before := s.now.Load()
	r := &rendering{edition: e, known: known, fresh: cacheControl(e.MaxAge), tongue: chooseLanguage(e.Desk.Language, publish.Languages()[0]), main: map[want]*file{}, asked: newCache()}
	wants := mainDocuments()
	files, leftOut, errs := s.renderMain(ctx, r, wants)
	for n, w := range wants {
		f := files[n]
		if f == nil && before != nil {
			f = before.main[w]
		}
		if f != nil {
			r.main[w] = f
		}
	}
	r.leftOut = leftOut
	if before != nil {
		s.renderAsked(ctx, r, before)
	}
	s.now.Store(r)
	return leftOut, errs
}

// renderAsked renders what readers have asked for lately, but for stories' pages:
// they are small, and seldom asked for twice.
func (s *Site) renderAsked(ctx context.Context, r, before *rendering) {
	list := slices.DeleteFunc(before.asked.lately(), func(h habit) bool { return strings.HasPrefix(h.path, "/stories/") })
	for some := range slices.Chunk(list, together) {
		var files []*file
		var rendered []habit
		for _, h := range some {
			d, err := s.render(r, h.want)
			if err != nil { // it will be tried again when it is asked for
				s.Log.Debug("render", "document", h.String(), "err", err)
				continue
			}
			files, rendered = append(files, askedFile(d)), append(rendered, h)
		}
		s.date(ctx, files, func(n int) want { return rendered[n].want })
		for n, f := range files {
			s.again(r, rendered[n], f)
		}
	}
}

// together is how many documents are dated at once: each time costs a trip to the
// disk, and they are in memory until then.
const together = 16

// again has a document served that readers asked for before, in the codings in which
// they did.
func (s *Site) again(r *rendering, h habit, f *file) {
	s.history.note(h.want, f)
	for _, coding := range h.codings {
		if _, err := s.form(r, h.want, f, coding); err != nil {
			s.Log.Debug("render", "document", h.String(), "err", err)
		}
	}
	r.asked.put(h.want, h.unread, f)
}

// renderMain renders the documents without filters; one that fails is nil. Each
// story that is left out is told once.
func (s *Site) renderMain(ctx context.Context, r *rendering, wants []want) (files []*file, leftOut []publish.Fault, err error) {
	files = make([]*file, len(wants))
	var written []*file
	var rendered []int // which of the wants those are
	var errs []error
	seen := map[string]bool{}
	for n, w := range wants {
		d, err := s.render(r, w)
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", w, err))
			continue
		}
		written, rendered = append(written, newFile(d)), append(rendered, n)
		for _, f := range d.LeftOut {
			if !seen[f.Story] {
				seen[f.Story] = true
				f.Document = w.path
				leftOut = append(leftOut, f)
			}
		}
	}
	s.date(ctx, written, func(n int) want { return wants[rendered[n]] })
	for n, f := range written {
		if err := s.packers.all(f); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", wants[rendered[n]], err))
			continue
		}
		s.history.note(wants[rendered[n]], f)
		files[rendered[n]] = f
	}
	return files, leftOut, errors.Join(errs...)
}

// date gives files the time since when their bytes have been what they are. Where
// the store cannot tell, the time that they were rendered with serves.
func (s *Site) date(ctx context.Context, files []*file, name func(n int) want) {
	var list []news.Print
	for n, f := range files {
		w := name(n)
		list = append(list, news.Print{Name: w.String() + " " + w.language, Digest: hex.EncodeToString(f.digest[:16]), Changed: f.modified})
	}
	since, err := s.Store.DateDocuments(ctx, list)
	if err != nil {
		s.Log.Error("publish", "err", err)
		return
	}
	for n, f := range files {
		f.date(since[n])
	}
}

// form is a file's form in a coding, which is made when it is first asked for, in
// that coding alone: who asks again asks in the same.
func (s *Site) form(r *rendering, w want, f *file, coding int) (*form, error) {
	if made := f.forms[coding].Load(); made != nil {
		return made, nil
	}
	r.asked.room <- struct{}{}
	defer func() { <-r.asked.room }()
	made, err := s.packers.form(f, coding)
	if err == nil {
		r.asked.grown(w, f)
		s.history.tagged(w, f, made.etag)
	}
	return made, err
}

// mainDocuments are those without filters.
func mainDocuments() []want {
	list := []want{{path: "/stations.opml"}}
	for path := range feeds {
		list = append(list, want{path: path})
	}
	for _, language := range publish.Languages() {
		list = append(list, want{path: "/", language: language})
	}
	return list
}

func cacheControl(age time.Duration) []string {
	return []string{"public, max-age=" + strconv.Itoa(int(age/time.Second)) + ", stale-if-error=86400"}
}

// archived is the Cache-Control of archive documents. They change when a story is
// withdrawn, so they are not immutable.
var archived = []string{"public, max-age=86400"}

// file is a document, rendered the first time it is asked for. Unread is how many
// editions ago a reader last did.
func (s *Site) file(ctx context.Context, r *rendering, w want, unread int) (*file, error) {
	if f := r.main[w]; f != nil {
		return f, nil
	}
	ctx = context.WithoutCancel(ctx) // others wait for it as well
	return r.asked.file(w, unread, func() (*file, error) {
		d, err := s.render(r, w)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", w, err)
		}
		f := askedFile(d)
		s.date(ctx, []*file{f}, func(int) want { return w })
		s.history.note(w, f)
		return f, nil
	})
}

// render writes a document.
func (s *Site) render(r *rendering, w want) (publish.Document, error) {
	e := r.edition
	switch {
	case feeds[w.path] != nil:
		return feeds[w.path](e, publish.Selected(w.query))
	case w.path == "/":
		return e.Front(publish.Selected(w.query), w.language)
	case w.path == "/stations.opml":
		return e.OPML()
	case strings.HasPrefix(w.path, "/archive/"):
		n, ending, _ := archiveOf(w.path)
		a, err := s.Store.Archive(n)
		if err != nil {
			return publish.Document{}, err
		}
		return archives[ending](e, a, publish.Selected(w.query))
	}
	if n, ok := podcastPageOf(w.path); ok {
		a, err := s.Store.Archive(n)
		if err != nil {
			return publish.Document{}, err
		}
		return e.PodcastPage(a, publish.Selected(w.query), s.kept)
	}
	st, err := s.Store.Story(path.Base(w.path))
	if err != nil {
		return publish.Document{}, err
	}
	return e.StoryPage(st, w.language)
}

// archiveOf reads the address of an archive document.
func archiveOf(address string) (n int, ending string, ok bool) {
	name := strings.TrimPrefix(address, "/archive/")
	ending = path.Ext(name)
	n, ok = ordinal(strings.TrimSuffix(name, ending))
	return n, ending, ok && archives[ending] != nil
}

// podcastPageOf reads the address of a page of the podcast.
func podcastPageOf(address string) (n int, ok bool) {
	name, ok := strings.CutPrefix(address, "/podcast/")
	if !ok {
		return 0, false
	}
	digits, ok := strings.CutSuffix(name, ".rss")
	if !ok {
		return 0, false
	}
	return ordinal(digits)
}

// ordinal reads a number as it is written in an address, counted from 1.
func ordinal(digits string) (n int, ok bool) {
	n, err := strconv.Atoi(digits)
	return n, err == nil && n > 0 && strconv.Itoa(n) == digits
}

// kept is what the store keeps under names; where it keeps nothing, the value
// stays. Readers' requests decide nothing for ever.
func (s *Site) kept(values map[string]string) (map[string]string, error) {
	questions := map[string]string{}
	for name := range values {
		questions[name] = ""
	}
	kept, err := s.Store.KeepOnce(context.Background(), questions)
	for name, value := range kept {
		if value == "" {
			kept[name] = values[name]
		}
	}
	return kept, err
}

// Handler answers all public addresses.
func (s *Site) Handler() http.Handler {
	exact := map[string]http.HandlerFunc{
		"/": s.front, "/stations.opml": s.opml, "/status": s.statusPage, "/status.json": s.status,
		"/style.css": s.owned, "/icon.svg": s.owned, "/livez": fine, "/readyz": s.ready,
	}
	for path := range feeds {
		exact[path] = s.feed
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/archive/", s.archive)
	mux.HandleFunc("/podcast/", s.archive)
	mux.HandleFunc("/stories/{id}", s.story)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { s.notFound(w, r, "") })
	return s.guard(func(w http.ResponseWriter, r *http.Request) {
		if answer := exact[r.URL.Path]; answer != nil {
			answer(w, r)
			return
		}
		mux.ServeHTTP(w, r)
	})
}

// guard gives every answer the headers that keep it harmless, answers what no
// address here takes, and turns a panic of one request into its error.
func (s *Site) guard(next http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer recovered(s.Log, w, r)
		h := w.Header()
		put(h, harmless)
		h["Content-Security-Policy"], h["Vary"] = guarded, varying
		switch {
		case r.Method != http.MethodGet && r.Method != http.MethodHead:
			w.Header().Set("Allow", "GET, HEAD")
			refuse(w, http.StatusMethodNotAllowed, "only GET and HEAD are answered here")
		case odd(r.URL.Path):
			refuse(w, http.StatusNotFound, "nothing is here")
		default:
			next(w, r)
		}
	})
}

// longestPath is how long a path may be, in bytes.
const longestPath = 2 << 10

// odd reports whether a path is one that nobody links to: a server that cleaned it
// would redirect to an address that the request made up.
func odd(p string) bool {
	return len(p) > longestPath || !strings.HasPrefix(p, "/") || strings.ContainsAny(p, "\\\x00") ||
		p != "/" && path.Clean(p) != strings.TrimSuffix(p, "/")
}

// Content security policies: of the pages, and of documents that are no pages.
const (
	policy  = "default-src 'none'; style-src 'self'; img-src https: http:; media-src https: http:; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
	sandbox = "default-src 'none'; sandbox"
)

// guarded and varying are headers of every answer, unless it says otherwise.
var guarded, varying = []string{policy}, []string{"Accept-Encoding"}
