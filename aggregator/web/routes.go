package web

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"fronteras/aggregator/publish"
)

// route is an address of the site, or a pattern of [http.ServeMux] for many, and what answers there.
type route struct {
	pattern string
	answer  http.HandlerFunc
}

// routes lists the addresses of the site. A page is also at its address below each language: /es/ is
// the front page in Spanish, whatever the reader's browser prefers. Documents for programs are at one
// address alone, so that no two subscribers of one feed ask for different ones.
func (s *Site) routes() (pages, documents []route) {
	pages = []route{
		{"/{$}", s.serveDocument},
		{"/stories/{id}", s.serveStory},
		{"/days/{day}", onPage(s, serveDay)},
		{"/stations/{station}", onPage(s, serveStation)},
		{"/topics/{topic...}", onPage(s, serveTopic)},
		{"/archive", onPage(s, serveArchive)},
		{"/archive/", onPage(s, serveArchive)},
		{"/archive/{year}", onPage(s, serveArchive)},
		{"/archive/{year}/{month}", onPage(s, serveArchive)},
		{"/podcast", onPage(s, servePodcast)},
		{"/podcast/", onPage(s, servePodcast)},
		{"/status", s.serveStatusPage},
		{publish.SearchPath, s.with(serveSearch)},
	}
	documents = []route{
		{"/status.json", s.serveStatus},
		{publish.RobotsPath, s.with(serveForCrawlers)},
		{publish.SitemapPath, s.with(serveForCrawlers)},
		{"/{file}", s.with(serveFile)}, // sitemap-2026-11.xml and the like
		{"/style.css", s.serveAsset},
		{"/icon.svg", s.serveAsset},
		{"/favicon.ico", s.serveAsset},
		{publish.MediaPath("{station}", "") + "{name}", s.with(serveMedia)},
		{"/livez", answerOK},
		{"/readyz", s.serveReady},
	}
	for _, f := range publish.Formats() {
		if !f.Page {
			documents = append(documents, route{f.Path, s.serveDocument})
		}
	}
	return pages, documents
}

// with makes a handler of a function that answers for the site.
func (s *Site) with(answer func(*Site, http.ResponseWriter, *http.Request)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { answer(s, w, r) }
}

// Handler answers all public addresses: those of [Site.routes], and those of closed archive documents.
func (s *Site) Handler() http.Handler {
	pages, documents := s.routes()
	inAnyLanguage, inPath := s.newRouter(append(documents, pages...)), s.newRouter(pages)
	return withHeaders(s, func(w http.ResponseWriter, r *http.Request) {
		language, rest, ok := publish.SplitLocale(r.URL.Path)
		switch {
		case ok && rest == "":
			s.redirectTo(w, r, publish.Locale{Language: language, InPath: true}.Path("/"))
		case ok:
			inPath(w, withoutLanguage(r, language))
		case isInArchive(r.URL.Path):
			s.serveDocument(w, r)
		default:
			inAnyLanguage(w, r)
		}
	})
}

// newRouter answers the addresses of routes; any other is not found.
func (s *Site) newRouter(list []route) http.HandlerFunc {
	exact, mux := map[string]http.HandlerFunc{}, http.NewServeMux()
	for _, route := range list {
		if path := strings.TrimSuffix(route.pattern, "{$}"); !strings.Contains(path, "{") {
			exact[path] = route.answer
			continue
		}
		mux.HandleFunc(route.pattern, route.answer)
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		s.serveNotFound(w, r, nil)
	})
	return func(w http.ResponseWriter, r *http.Request) {
		if answer := exact[r.URL.Path]; answer != nil {
			answer(w, r)
			return
		}
		mux.ServeHTTP(w, r)
	}
}

// isInArchive reports whether a path is among those of feeds' archive documents, whether or not there
// is such a document.
func isInArchive(path string) bool {
	return !publish.IsPage(path) && slices.ContainsFunc(publish.Formats(), func(f publish.Format) bool {
		folder, _, archived := strings.Cut(f.Archive.Path, "{n}")
		return archived && strings.HasPrefix(path, folder)
	})
}

// languageKey marks the context of a request whose address names a language.
type languageKey struct{}

// withoutLanguage is a request for a page without the language at the beginning of its path, which
// its context holds.
func withoutLanguage(r *http.Request, language string) *http.Request {
	r = r.WithContext(context.WithValue(r.Context(), languageKey{}, language))
	u := *r.URL
	u.Path, u.RawPath = u.Path[len("/"+language):], strings.TrimPrefix(u.RawPath, "/"+language)
	r.URL = &u
	return r
}

// redirectTo leads to the address of a page below the desk's, for good.
func (s *Site) redirectTo(w http.ResponseWriter, r *http.Request, path string) {
	now := s.current.Load()
	if now == nil {
		refuseNotYet(w, s.Store.FeedStates, s.Settles)
		return
	}
	w.Header()["Cache-Control"] = cacheControl(now.MaxAge, false)
	http.Redirect(w, r, now.Path(path), http.StatusMovedPermanently)
}
