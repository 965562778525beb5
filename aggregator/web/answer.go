package web

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"golang.org/x/text/language"

	"fronteras/aggregator/news"
	"fronteras/aggregator/publish"
)

// feed serves a feed document, with the filters of its address.
func (s *Site) feed(w http.ResponseWriter, r *http.Request) {
	open(w)
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
	s.send(w, r, now, want{path: r.URL.Path, query: selection.Query()}, now.fresh)
}

// archive serves a closed archive document, or a page of the podcast, which holds
// the same stories.
func (s *Site) archive(w http.ResponseWriter, r *http.Request) {
	open(w)
	now := s.now.Load()
	if now == nil {
		notYet(w)
		return
	}
	n, _, ok := archiveOf(r.URL.Path)
	if page, is := podcastPageOf(r.URL.Path); is {
		n, ok = page, true
	}
	if !ok || n > now.edition.Closed {
		refuse(w, http.StatusNotFound, "no such archive document here")
		return
	}
	selection, err := now.selection(r.URL)
	if err != nil {
		refuse(w, http.StatusNotFound, err.Error())
		return
	}
	s.send(w, r, now, want{path: r.URL.Path, query: selection.Query()}, archived)
}

func (s *Site) opml(w http.ResponseWriter, r *http.Request) {
	open(w)
	if now := s.now.Load(); now != nil {
		s.send(w, r, now, want{path: "/stations.opml"}, now.fresh)
		return
	}
	notYet(w)
}

// front serves the desk's page, in the language that the reader likes best.
func (s *Site) front(w http.ResponseWriter, r *http.Request) {
	now := s.now.Load()
	if now == nil {
		notYet(w)
		return
	}
	tongue := now.speak(w, r)
	selection, err := now.selection(r.URL)
	if err != nil {
		s.notFound(w, r, err.Error())
		return
	}
	s.send(w, r, now, want{path: "/", query: selection.Query(), language: tongue}, now.fresh)
}

// send serves a document, rendering it if nobody has asked for it yet.
func (s *Site) send(w http.ResponseWriter, r *http.Request, now *rendering, document want, fresh []string) {
	f, err := s.file(r.Context(), now, document, 0)
	var chosen *form
	if err == nil {
		chosen, err = s.form(now, document, f, choose(r.Header["Accept-Encoding"], f.asked))
	}
	switch {
	case errors.Is(err, s.Unknown):
		refuse(w, http.StatusNotFound, "nothing is here")
	case err != nil:
		s.Log.Error("render", "document", document.String(), "err", err)
		refuse(w, http.StatusInternalServerError, "this document could not be written")
	case s.sendNew(w, r, document, f, chosen):
	default:
		f.send(w, r, chosen, fresh)
	}
}

// story serves the page of a story: 301 from a former id, 410 for a withdrawn one.
func (s *Site) story(w http.ResponseWriter, r *http.Request) {
	now := s.now.Load()
	if now == nil {
		notYet(w)
		return
	}
	tongue := now.speak(w, r)
	id := r.PathValue("id")
	st, err := s.Store.Story(id)
	switch {
	case errors.Is(err, s.Unknown), err == nil && (st.Status == news.Held || st.ID == ""):
		s.notFound(w, r, "")
	case err != nil:
		s.Log.Error("story", "story", id, "err", err)
		refuse(w, http.StatusInternalServerError, "this story could not be read")
	case st.ID != id:
		w.Header()["Cache-Control"] = now.fresh
		http.Redirect(w, r, now.edition.Path("/stories/"+st.ID), http.StatusMovedPermanently)
	case st.Status == news.Retracted:
		d, err := now.edition.WithdrawnPage(st, tongue)
		s.notice(w, r, http.StatusGone, d, err)
	default:
		s.send(w, r, now, want{path: "/stories/" + st.ID, language: tongue}, now.fresh)
	}
}

// notFound answers that nothing is at an address, in a page once there is a desk
// to show.
func (s *Site) notFound(w http.ResponseWriter, r *http.Request, sentence string) {
	now := s.now.Load()
	if now == nil {
		refuse(w, http.StatusNotFound, "nothing is here")
		return
	}
	d, err := now.edition.NotFound(sentence, now.speak(w, r))
	s.notice(w, r, http.StatusNotFound, d, err)
}

// notice sends a page that nobody is to keep.
func (s *Site) notice(w http.ResponseWriter, r *http.Request, status int, d publish.Document, err error) {
	if err != nil {
		s.Log.Error("page", "path", r.URL.Path, "err", err)
		refuse(w, http.StatusInternalServerError, "this page could not be written")
		return
	}
	h := w.Header()
	h.Set("Content-Type", d.Type)
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(d.Body) // the client has gone: nobody is left to tell
	}
}

// Bounds of what a reader asks for; the server bounds the whole of an address.
const (
	filters        = 16
	languageLength = 256
)

// selection reads the filters of an address. What is no filter is passed over,
// whatever it is.
func (r *rendering) selection(u *url.URL) (publish.Selection, error) {
	if u.RawQuery == "" {
		return publish.Selection{}, nil
	}
	query, n := url.Values{}, 0
	for pair := range strings.SplitSeq(u.RawQuery, "&") {
		name, value, _ := strings.Cut(pair, "=")
		if name, err := url.QueryUnescape(name); err != nil || !publish.IsFilter(name) {
			continue
		}
		value, err := url.QueryUnescape(value)
		if n++; err != nil || n > filters {
			return publish.Selection{}, fmt.Errorf("a query that is no list of at most %d filters", filters)
		}
		query.Add(name, value)
	}
	return publish.Select(query, r.known)
}

// speak chooses a page's language by what the reader accepts, else the desk's, and
// says in the answer that it did.
func (r *rendering) speak(w http.ResponseWriter, request *http.Request) string {
	tongue := r.tongue
	if accept := request.Header["Accept-Language"]; len(accept) > 0 {
		tongue = chooseLanguage(accept[0], tongue)
	}
	h := w.Header()
	h["Vary"] = varies
	h["Content-Language"] = []string{tongue}
	return tongue
}

// varies says that a page depends on what the reader accepts.
var varies = []string{"Accept-Encoding, Accept-Language"}

// chooseLanguage picks one of the pages' languages, fallback where it accepts none of
// them (RFC 4647 3.4).
func chooseLanguage(accept, fallback string) string {
	if accept == "" || len(accept) > languageLength {
		return fallback
	}
	tags, _, err := language.ParseAcceptLanguage(accept)
	if err != nil || len(tags) == 0 {
		return fallback
	}
	if _, at, confidence := tongues().Match(tags...); confidence >= language.High {
		return publish.Languages()[at]
	}
	return fallback
}

var tongues = sync.OnceValue(func() language.Matcher {
	var tags []language.Tag
	for _, name := range publish.Languages() {
		tags = append(tags, language.Make(name))
	}
	return language.NewMatcher(tags)
})

// open lets pages of other sites read the answer, and keeps it from acting as one.
func open(w http.ResponseWriter) {
	h := w.Header()
	h["Access-Control-Allow-Origin"], h["Content-Security-Policy"] = everybody, sandboxed
}

var everybody, sandboxed = []string{"*"}, []string{sandbox}

// own are the files that pages load, in all their forms.
var own = sync.OnceValues(func() (map[string]*file, error) {
	files, p := map[string]*file{}, packers{}
	for path, d := range map[string]publish.Document{
		"/style.css": {Type: "text/css; charset=utf-8", Body: []byte(publish.Style)},
		"/icon.svg":  {Type: "image/svg+xml", Body: []byte(publish.Icon)},
	} {
		files[path] = newFile(d)
		if err := p.all(files[path]); err != nil {
			return nil, err
		}
	}
	return files, nil
})

var ownedFresh = []string{"public, max-age=300"}

// owned serves a file that pages load.
func (s *Site) owned(w http.ResponseWriter, r *http.Request) {
	files, err := own()
	if err != nil {
		s.Log.Error("page", "path", r.URL.Path, "err", err)
		refuse(w, http.StatusInternalServerError, "this file could not be packed")
		return
	}
	f := files[r.URL.Path]
	f.send(w, r, f.forms[choose(r.Header["Accept-Encoding"], f.asked)].Load(), ownedFresh)
}

func fine(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write([]byte("ok\n"))
}

// ready says whether the store can be read.
func (s *Site) ready(w http.ResponseWriter, r *http.Request) {
	if s.stopping.Load() {
		refuse(w, http.StatusServiceUnavailable, "the daemon is stopping")
		return
	}
	if _, err := s.Store.FeedStates(); err != nil {
		s.Log.Error("readyz", "err", err)
		refuse(w, http.StatusServiceUnavailable, "the store cannot be read")
		return
	}
	fine(w, r)
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
	for _, name := range []string{"Etag", "Last-Modified", "Content-Encoding", "Content-Length", "Link"} {
		h.Del(name)
	}
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = fmt.Fprintln(w, sentence)
}
