package web

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"fronteras/aggregator/publish"
)

// Errors that a search fails with.
var (
	ErrNoSearch   = errors.New("search is not available now")
	ErrSearchBusy = errors.New("too much is being searched for")
)

// maxSearchPage is the last page of a search that is shown.
const maxSearchPage = 100_000

// pageParameter is the parameter of a search page's address that says which it is.
const pageParameter = "page"

// searchVersion is that of what a search finds, not 0.
func searchVersion(s *Site) uint64 {
	if s.SearchVersion == nil {
		return 1
	}
	return s.SearchVersion() + 1
}

// serveSearch serves a page of a search. A search for nothing shows all that the filters select, the newest first.
func serveSearch(s *Site, w http.ResponseWriter, r *http.Request) {
	now := s.current.Load()
	if now == nil {
		refuseNotYet(w, s.Store.FeedStates, s.Settles)
		return
	}
	locale := now.negotiateLocale(w, r)
	selection, err := now.selectionOf(r.URL, true)
	number := 1
	if text := firstParameter(r.URL, pageParameter); err == nil && text != "" {
		if number, err = strconv.Atoi(text); err == nil && (number < 1 || number > maxSearchPage) {
			err = strconv.ErrRange
		}
	}
	if err != nil {
		d, failed := publish.SearchPage(now.Renderer, nil, selection, 1, err, locale)
		s.sendNotice(w, r, statusOfProblem(err), d, failed)
		return
	}
	key := cacheKey{path: publish.SearchPath, query: selection.Query(), locale: locale, version: searchVersion(s)}
	if number > 1 {
		key.query += "&" + pageParameter + "=" + strconv.Itoa(number)
	}
	_, release, err := s.cachedDocument(r.Context(), now, key)
	release()
	if errors.Is(err, ErrNoSearch) {
		d, failed := publish.SearchPage(now.Renderer, nil, selection, 1, nil, locale)
		w.Header().Set("Retry-After", "60")
		s.sendNotice(w, r, http.StatusServiceUnavailable, d, failed)
		return
	}
	s.sendDocument(w, r, now, key, cacheControl(now.MaxAge, false))
}

// statusOfProblem is the status of an answer to a search that cannot be made: what is not known is not found, what is
// badly written is a bad request.
func statusOfProblem(err error) int {
	var unknown publish.UnknownFilter
	if errors.As(err, &unknown) && !publish.IsSearch(unknown.Name) {
		return http.StatusNotFound
	}
	return http.StatusBadRequest
}

// firstParameter is the first value of a parameter of an address.
func firstParameter(u *url.URL, name string) string {
	if len(u.RawQuery) > maxQuery {
		return ""
	}
	return u.Query().Get(name)
}

// renderSearchPage searches for what the address of a search page says.
func renderSearchPage(s *Site, p *publication, key cacheKey) (publish.Document, error) {
	selection, number := publish.SelectionOf(key.query), 1
	if values, err := url.ParseQuery(key.query); err == nil && values.Has(pageParameter) {
		number, _ = strconv.Atoi(values.Get(pageParameter)) // it was written by us
	}
	found, err := search(s, p, publish.Wanted{
		Selection: selection, Offset: (number - 1) * publish.PerSearchPage, Limit: publish.PerSearchPage,
	})
	if err != nil {
		return publish.Document{}, err
	}
	return publish.SearchPage(p.Renderer, &found, selection, number, nil, key.locale)
}

// renderSearchFeed searches for what the address of a feed says: the newest stories that match.
func renderSearchFeed(s *Site, p *publication, format publish.Format, key cacheKey) (publish.Document, error) {
	selection := publish.SelectionOf(key.query)
	found, err := search(s, p, publish.Wanted{Selection: selection, NewestFirst: true})
	if err != nil {
		return publish.Document{}, err
	}
	return publish.RenderSearch(p.Renderer, format, found, selection)
}

// search finds stories.
func search(s *Site, p *publication, w publish.Wanted) (publish.Found, error) {
	if s.Search == nil {
		return publish.Found{}, ErrNoSearch
	}
	w.From, w.Before = publish.Bounds(&p.Edition, w.Search)
	found, err := s.Search(w)
	if errors.Is(err, ErrSearchBusy) {
		err = errOfOne{err}
	}
	return found, err
}
