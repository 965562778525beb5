package web

import (
	"context"
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

// ownKey marks the context of a request that the daemon makes itself.
type ownKey struct{}

// OwnHandler answers the daemon itself as [Site.Handler] answers the public. What it asks for is not
// kept for readers, who may want other documents, and is not counted among what readers hold.
func (s *Site) OwnHandler() http.Handler {
	public := s.Handler()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		public.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), ownKey{}, true)))
	})
}

// serveDocument serves a document of a format with the filters of its address: the newest, or one
// of its archive. Feeds are open to pages of other sites; pages are in the language that the reader
// likes best.
func (s *Site) serveDocument(w http.ResponseWriter, r *http.Request) {
	format, number, ok := publish.FormatAt(r.URL.Path)
	if !format.Page {
		allowOtherSites(w)
	}
	now := s.current.Load()
	if now == nil {
		refuseNotYet(w, s.Store.FeedStates, s.Settles)
		return
	}
	if !ok || number > now.Closed {
		refuseRequest(w, http.StatusNotFound, "no such archive document here")
		return
	}
	key, fresh := cacheKey{path: r.URL.Path}, cacheControl(now.MaxAge, false)
	if format.Page {
		key.locale = now.negotiateLocale(w, r)
	}
	if number > 0 {
		fresh = cacheControl(format.Archive.MaxAge, true)
	}
	if format.Filters {
		selection, err := now.selectionOf(r.URL, format.Search)
		switch {
		case err != nil && format.Page:
			s.serveNotFound(w, r, err)
			return
		case err != nil:
			refuseRequest(w, http.StatusNotFound, err.Error())
			return
		}
		key.query = selection.Query()
		if selection.Search.Asks() {
			key.version = searchVersion(s)
		}
	}
	s.sendDocument(w, r, now, key, fresh)
}

// sendDocument serves a document, rendering it if nobody has asked for it yet.
func (s *Site) sendDocument(w http.ResponseWriter, r *http.Request, now *publication, key cacheKey, fresh []string) {
	f, release, err := s.cachedDocument(r.Context(), now, key)
	defer release()
	var chosen *representation
	if err == nil {
		coding := negotiateCoding(r.Header["Accept-Encoding"], f.filtered)
		chosen, err = s.encodeDocument(r.Context(), now, key, f, coding)
	}
	switch ofOne := (errOfOne{}); {
	case errors.As(err, &ofOne):
		refuseBusy(w)
	case errors.Is(err, ErrNoSearch):
		w.Header().Set("Retry-After", "60")
		refuseRequest(w, http.StatusServiceUnavailable, "search is not available now")
	case errors.Is(err, s.Unknown) && key.locale != publish.Locale{}:
		s.serveNotFound(w, r, nil)
	case errors.Is(err, s.Unknown):
		refuseRequest(w, http.StatusNotFound, "there is nothing at this address")
	case err != nil:
		s.Log.Error("rendering failed", "document", key.String(), "err", err)
		refuseRequest(w, http.StatusInternalServerError, "this document could not be written")
	case s.sendDelta(w, r, key, f, chosen):
	default:
		f.sendRepresentation(w, r, chosen, fresh)
	}
}

// serveStory serves the page of a story: 301 from a former id, 410 for a withdrawn one.
func (s *Site) serveStory(w http.ResponseWriter, r *http.Request) {
	now := s.current.Load()
	if now == nil {
		refuseNotYet(w, s.Store.FeedStates, s.Settles)
		return
	}
	locale, fresh := now.negotiateLocale(w, r), cacheControl(now.MaxAge, false)
	id := r.PathValue("id")
	st, err := s.Store.Story(id)
	switch {
	case errors.Is(err, s.Unknown), err == nil && (st.Status == news.Held || st.ID == ""):
		s.serveNotFound(w, r, nil)
	case err != nil:
		s.Log.Error("reading a story failed", "story", id, "err", err)
		refuseRequest(w, http.StatusInternalServerError, "this story could not be read")
	case st.ID != id:
		w.Header()["Cache-Control"] = fresh
		http.Redirect(w, r, now.Path(locale.Path(storyPath(st.ID))), http.StatusMovedPermanently)
	case st.Status == news.Retracted:
		d, err := publish.WithdrawnPage(now.Renderer, st, locale)
		s.sendNotice(w, r, http.StatusGone, d, err)
	default:
		s.sendDocument(w, r, now, cacheKey{path: storyPath(st.ID), locale: locale}, fresh)
	}
}

// serveNotFound answers that nothing is at an address, in a page once there is a desk to show. Why
// is what is wrong with the filters in it; nil: it is the address itself.
func (s *Site) serveNotFound(w http.ResponseWriter, r *http.Request, why error) {
	now := s.current.Load()
	if now == nil {
		refuseRequest(w, http.StatusNotFound, "there is nothing at this address")
		return
	}
	d, err := publish.NotFoundPage(now.Renderer, askedAddress(r.URL), why, now.negotiateLocale(w, r))
	s.sendNotice(w, r, http.StatusNotFound, d, err)
}

// sendNotice sends a page that nobody is to keep.
func (s *Site) sendNotice(w http.ResponseWriter, r *http.Request, status int, d publish.Document, err error) {
	if err != nil {
		s.Log.Error("writing a page failed", "path", r.URL.Path, "err", err)
		refuseRequest(w, http.StatusInternalServerError, "this page could not be written")
		return
	}
	h := w.Header()
	h.Set("Content-Type", d.Type)
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(d.Body) // if that fails, the client has gone
	}
}

// Bounds of what a reader asks for; the server bounds the whole of an address.
const (
	maxFilters        = 16
	maxQuery          = 2 << 10 // bytes
	maxLanguageLength = 256
)

// selectionOf reads the filters of an address, and where that can be searched for more, the search. What is neither is
// passed over, whatever it is.
func (p *publication) selectionOf(u *url.URL, searches bool) (publish.Selection, error) {
	if u.RawQuery == "" {
		return publish.Selection{}, nil
	}
	if len(u.RawQuery) > maxQuery {
		return publish.Selection{}, fmt.Errorf("the query is longer than %d bytes", maxQuery)
	}
	query, n := url.Values{}, 0
	for pair := range strings.SplitSeq(u.RawQuery, "&") {
		name, value, _ := strings.Cut(pair, "=")
		if name, err := url.QueryUnescape(name); err != nil ||
			!publish.IsFilter(name) && (!searches || !publish.IsSearch(name)) {
			continue
		}
		value, err := url.QueryUnescape(value)
		if value == "" && err == nil && u.Path == publish.SearchPath { // a form sends all its fields
			continue
		}
		if n++; err != nil || n > maxFilters {
			return publish.Selection{}, fmt.Errorf("the query is not a list of at most %d filters", maxFilters)
		}
		query.Add(name, value)
	}
	return publish.ParseSelection(query, p.known)
}

// askedAddress is the address of a request below the desk's, as a page about it can link to it.
func askedAddress(u *url.URL) string {
	address := (&url.URL{Path: u.Path, RawPath: u.RawPath}).EscapedPath()
	if u.RawQuery != "" && len(u.RawQuery) <= maxQuery {
		address += "?" + u.RawQuery
	}
	return address
}

// negotiateLocale gives a page's language: that of its address; if that names none, what the reader
// accepts, otherwise the desk's. It says in the answer which it is, and whether it was negotiated.
func (p *publication) negotiateLocale(w http.ResponseWriter, r *http.Request) publish.Locale {
	h := w.Header()
	if inPath, ok := r.Context().Value(languageKey{}).(string); ok {
		h.Set("Content-Language", inPath)
		return publish.Locale{Language: inPath, InPath: true}
	}
	chosen := p.language
	if accept := r.Header["Accept-Language"]; len(accept) > 0 {
		chosen = chooseLanguage(accept[0], chosen)
	}
	h.Set("Vary", "Accept-Encoding, Accept-Language")
	h.Set("Content-Language", chosen)
	return publish.Locale{Language: chosen}
}

// chooseLanguage picks one of the pages' languages, fallback if it accepts none of them (RFC 4647
// 3.4).
func chooseLanguage(accept, fallback string) string {
	if accept == "" || len(accept) > maxLanguageLength {
		return fallback
	}
	tags, _, err := language.ParseAcceptLanguage(accept)
	if err != nil || len(tags) == 0 {
		return fallback
	}
	if _, at, confidence := languageMatcher().Match(tags...); confidence >= language.High {
		return publish.Languages()[at]
	}
	return fallback
}

var languageMatcher = sync.OnceValue(func() language.Matcher {
	var tags []language.Tag
	for _, name := range publish.Languages() {
		tags = append(tags, language.Make(name))
	}
	return language.NewMatcher(tags)
})

// allowOtherSites lets pages of other sites read the answer, and keeps it from acting as a page.
func allowOtherSites(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Content-Security-Policy", sandboxPolicy)
}

// assets returns the files that pages load, in all codings.
var assets = sync.OnceValues(func() (map[string]*file, error) {
	files, c := map[string]*file{}, compressors{}
	for path, d := range map[string]publish.Document{
		"/style.css":   {Type: "text/css; charset=utf-8", Body: []byte(publish.Style)},
		"/icon.svg":    {Type: "image/svg+xml", Body: []byte(publish.Icon)},
		"/favicon.ico": {Type: "image/x-icon", Body: []byte(publish.Favicon)},
	} {
		files[path] = newDocumentFile(d)
		if err := c.encodeAll(files[path]); err != nil {
			return nil, err
		}
	}
	return files, nil
})

// serveAsset serves a file that pages load.
func (s *Site) serveAsset(w http.ResponseWriter, r *http.Request) {
	files, err := assets()
	if err != nil {
		s.Log.Error("writing a page failed", "path", r.URL.Path, "err", err)
		refuseRequest(w, http.StatusInternalServerError, "this file could not be compressed")
		return
	}
	f := files[r.URL.Path]
	coding := negotiateCoding(r.Header["Accept-Encoding"], f.filtered)
	f.sendRepresentation(w, r, f.representations[coding].Load(), []string{"public, max-age=300"})
}

func answerOK(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write([]byte("ok\n"))
}

// serveReady says whether the store can be read.
func (s *Site) serveReady(w http.ResponseWriter, r *http.Request) {
	if s.stopping.Load() {
		refuseRequest(w, http.StatusServiceUnavailable, "the daemon is stopping")
		return
	}
	if _, err := s.Store.FeedStates(); err != nil {
		s.Log.Error("readiness check failed", "err", err)
		refuseRequest(w, http.StatusServiceUnavailable, "the store cannot be read")
		return
	}
	answerOK(w, r)
}

// refuseBusy asks the client to come again: there is no room for more of what is being read.
func refuseBusy(w http.ResponseWriter) {
	w.Header().Set("Retry-After", "30")
	refuseRequest(w, http.StatusServiceUnavailable, "too much is being read at the moment")
}

// refuseRequest answers with a status and a sentence.
func refuseRequest(w http.ResponseWriter, status int, sentence string) {
	h := w.Header()
	for _, name := range []string{"Etag", "Last-Modified", "Content-Encoding", "Content-Length", "Link"} {
		h.Del(name)
	}
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = fmt.Fprintln(w, sentence)
}
