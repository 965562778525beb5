package web

import (
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"fronteras/aggregator/news"
	"fronteras/aggregator/publish"
)

// Store is what the pages need of a store.
type Store interface {
	// Story gives the story that has or had that id or public id.
	Story(id string) (*news.Story, error)
	// Visits lists what the visits of all feeds left behind.
	Visits() ([]news.Visit, error)
}

// Site answers the public. It serves rendered documents from memory; what has not
// been rendered yet is on the first request.
type Site struct {
	Store    Store
	Stations func() []news.Station // of the desk as it is configured now
	Unknown  error                 // what Store.Story fails with where there is no such story
	Log      *slog.Logger
	now      atomic.Pointer[rendering]
}

// rendering is everything that was rendered of one edition.
type rendering struct {
	edition *publish.Edition
	known   publish.Known
	cache   string // the Cache-Control of documents
	opml    *file

	mu       sync.Mutex
	files    map[string]*file // by address
	filtered int              // how many of them were asked for with filters
}

// most is how many filtered documents are kept at once.
const most = 256

// documents are the addresses of rendered documents, with what renders each.
var documents = map[string]func(*publish.Edition, publish.Selection) (publish.Document, error){
	"/feed.rss":    (*publish.Edition).RSS,
	"/feed.atom":   (*publish.Edition).Atom,
	"/feed.json":   (*publish.Edition).JSON,
	"/podcast.rss": (*publish.Edition).PodcastRSS,
	"/":            func(e *publish.Edition, s publish.Selection) (publish.Document, error) { return e.Front(s, false) },
}

// Publish replaces what is served by an edition. Its main documents are rendered
// here, not on a reader's request. Where one fails, what was served goes on.
func (s *Site) Publish(e *publish.Edition, known publish.Known) error {
	r := &rendering{edition: e, known: known, cache: cacheControl(e.MaxAge), files: map[string]*file{}}
	for path := range documents {
		if _, err := r.file(path, publish.Selection{}); err != nil {
			return err
		}
	}
	d, err := e.OPML(e.Changed)
	if err == nil {
		r.opml, err = compress(d)
	}
	if err != nil {
		return fmt.Errorf("stations.opml: %w", err)
	}
	s.now.Store(r)
	return nil
}

func cacheControl(age time.Duration) string {
	return "public, max-age=" + strconv.Itoa(int(age/time.Second)) + ", stale-if-error=86400"
}

// file is a document with a selection, rendered the first time it is asked for.
func (r *rendering) file(path string, s publish.Selection) (*file, error) {
	address := path + "?" + s.Query()
	r.mu.Lock()
	defer r.mu.Unlock()
	if f := r.files[address]; f != nil {
		return f, nil
	}
	d, err := documents[path](r.edition, s)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	f, err := compress(d)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if s.Query() != "" {
		if r.filtered++; r.filtered > most {
			maps.DeleteFunc(r.files, func(address string, _ *file) bool { return address[len(address)-1] != '?' })
			r.filtered = 1
		}
	}
	r.files[address] = f
	return f, nil
}

// Handler answers all public addresses.
func (s *Site) Handler() http.Handler {
	mux := http.NewServeMux()
	for path := range documents {
		pattern := "GET " + path
		if path == "/" {
			pattern = "GET /{$}"
		}
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { s.document(w, r, path) })
	}
	mux.HandleFunc("GET /stations.opml", s.opml)
	mux.HandleFunc("GET /stories/{id}", s.story)
	mux.HandleFunc("GET /status.json", s.status)
	mux.HandleFunc("GET /style.css", style)
	mux.HandleFunc("GET /livez", func(w http.ResponseWriter, _ *http.Request) { fine(w) })
	return s.guard(mux)
}

// guard gives every answer the headers that keep it harmless, and turns a panic
// of one request into its error.
func (s *Site) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			if fault := recover(); fault != nil {
				s.Log.Error("request", "path", r.URL.Path, "err", fmt.Sprint(fault))
				refuse(w, http.StatusInternalServerError, "something went wrong here")
			}
		}()
		maps.Copy(w.Header(), guards)
		next.ServeHTTP(w, r)
	})
}

// Content security policies: of the pages, and of documents that are no pages.
const (
	policy  = "default-src 'none'; style-src 'self'; img-src https: http:; media-src https: http:; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
	sandbox = "default-src 'none'; sandbox"
)

// guards are the headers of every answer; they are never changed.
var guards = map[string][]string{
	"X-Content-Type-Options":  {"nosniff"},
	"Referrer-Policy":         {"no-referrer"},
	"Content-Security-Policy": {policy},
	"Vary":                    {"Accept-Encoding"},
}

// document serves a rendered document, with the filters of its address.
func (s *Site) document(w http.ResponseWriter, r *http.Request, path string) {
	if path != "/" {
		open(w)
	}
	now := s.now.Load()
	if now == nil {
		notYet(w)
		return
	}
	selection, err := now.selection(r.URL)
	if err != nil {
		refuse(w, http.StatusNotFound, err.Error())
		return
	}
	f, err := now.file(path, selection)
	if err != nil {
		s.Log.Error("render", "path", path, "err", err)
		refuse(w, http.StatusInternalServerError, "this document could not be written")
		return
	}
	f.send(w, r, now.cache)
}

// Bounds of a query.
const (
	queryLength = 2 << 10
	filters     = 16
)

// selection reads the filters of an address.
func (r *rendering) selection(u *url.URL) (publish.Selection, error) {
	if u.RawQuery == "" {
		return publish.Selection{}, nil
	}
	query, err := url.ParseQuery(u.RawQuery)
	n := 0
	for _, values := range query {
		n += len(values)
	}
	if err != nil || len(u.RawQuery) > queryLength || n > filters {
		return publish.Selection{}, fmt.Errorf("a query that is no list of at most %d filters", filters)
	}
	return publish.Select(query, r.known)
}

// open lets pages of other sites read the answer, and keeps it from acting as one.
func open(w http.ResponseWriter) {
	maps.Copy(w.Header(), openings)
}

var openings = map[string][]string{"Access-Control-Allow-Origin": {"*"}, "Content-Security-Policy": {sandbox}}

func (s *Site) opml(w http.ResponseWriter, r *http.Request) {
	open(w)
	if now := s.now.Load(); now != nil {
		now.opml.send(w, r, now.cache)
		return
	}
	notYet(w)
}

// story serves the page of a story: 301 from a former id, 410 for a withdrawn one.
func (s *Site) story(w http.ResponseWriter, r *http.Request) {
	now := s.now.Load()
	if now == nil {
		notYet(w)
		return
	}
	id := r.PathValue("id")
	st, err := s.Store.Story(id)
	switch {
	case errors.Is(err, s.Unknown), err == nil && st.Status == news.Held:
		refuse(w, http.StatusNotFound, "no such story here")
	case err != nil:
		s.Log.Error("story", "story", id, "err", err)
		refuse(w, http.StatusInternalServerError, "this story could not be read")
	case st.ID != id:
		http.Redirect(w, r, st.ID, http.StatusMovedPermanently) // beside the one that was asked for
	case st.Status == news.Retracted:
		refuse(w, http.StatusGone, "this story was withdrawn")
	default:
		s.storyPage(w, r, now, st)
	}
}

func (s *Site) storyPage(w http.ResponseWriter, r *http.Request, now *rendering, st *news.Story) {
	d, err := now.edition.StoryPage(st)
	if err == nil {
		var f *file
		if f, err = compress(d); err == nil {
			f.send(w, r, now.cache)
			return
		}
	}
	s.Log.Error("story", "story", st.ID, "err", err)
	refuse(w, http.StatusInternalServerError, "this story could not be written")
}

func style(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	w.Header().Set("Cache-Control", "public, max-age=3600")
	_, _ = w.Write([]byte(publish.Style)) // the client has gone: nobody is left to tell
}

func fine(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write([]byte("ok\n"))
}

// notYet asks the client to come again: nothing has been read yet, and an empty
// feed would make importers delete what they have.
func notYet(w http.ResponseWriter) {
	w.Header().Set("Retry-After", "10")
	refuse(w, http.StatusServiceUnavailable, "no feed has been read yet")
}

// refuse answers with a status and a sentence.
func refuse(w http.ResponseWriter, status int, sentence string) {
	h := w.Header()
	for _, name := range []string{"Etag", "Last-Modified", "Content-Encoding", "Content-Length"} {
		h.Del(name)
	}
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = fmt.Fprintln(w, sentence)
}
