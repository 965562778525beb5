package web

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"

	"fronteras/aggregator/credit"
	"fronteras/aggregator/news"
	"fronteras/aggregator/publish"
)

var (
	changed    = time.Date(2025, 10, 11, 12, 0, 0, 0, time.UTC)
	errUnknown = errors.New("unknown")
)

// shelf is a store of a few stories.
type shelf map[string]*news.Story

func (s shelf) Story(id string) (*news.Story, error) {
	if st := s[id]; st != nil {
		return st, nil
	}
	return nil, errUnknown
}

func (s shelf) FeedStates() ([]news.FeedState, error) {
	return []news.FeedState{{Feed: "https://ajo.example/rss", Station: "ajo", Visited: changed, Failures: 2,
		Kind: "timeout", Error: "secret words of a server"}}, nil
}

func (s shelf) Archive(n int) (news.Archive, error) {
	if n == 1 {
		return news.Archive{Number: 1, Stories: []*news.Story{s["rain"]}}, nil
	}
	return news.Archive{}, errUnknown
}

func (s shelf) KeepOnce(_ context.Context, values map[string]string) (map[string]string, error) {
	return values, nil
}

func (s shelf) DateDocuments(_ context.Context, documents []news.Print) (since []time.Time, err error) {
	for _, d := range documents {
		since = append(since, d.Changed)
	}
	return since, nil
}

// inOrder are the live stories on the shelf, the newest first.
func (s shelf) inOrder() (list []*news.Story) {
	seen := map[*news.Story]bool{}
	for _, st := range s {
		if st.Status == news.Live && !seen[st] {
			seen[st] = true
			list = append(list, st)
		}
	}
	slices.SortFunc(list, func(a, b *news.Story) int { return b.Published.Compare(a.Published) })
	return list
}

func (s shelf) PublishedBetween(from, to time.Time, skip, n int) (span news.Span, err error) {
	for _, st := range s.inOrder() {
		if st.Published.Before(to) && !st.Published.Before(from) {
			if skip--; skip < 0 {
				span.Stories = append(span.Stories, st)
			}
		}
	}
	if span.More = len(span.Stories) > n; span.More {
		span.Stories = span.Stories[:n]
	}
	return span, nil
}

func (s shelf) ChangedBetween(from, to time.Time, n int) (last time.Time, err error) {
	span, err := s.PublishedBetween(from, to, 0, n)
	for _, st := range span.Stories {
		if st.Changed.After(last) {
			last = st.Changed
		}
	}
	return last, err
}

func (s shelf) PublishedBefore(t time.Time) (time.Time, error) {
	for _, st := range s.inOrder() {
		if st.Published.Before(t) {
			return st.Published, nil
		}
	}
	return time.Time{}, nil
}

func (s shelf) PublishedFrom(t time.Time) (published time.Time, err error) {
	for _, st := range s.inOrder() {
		if !st.Published.Before(t) {
			published = st.Published
		}
	}
	return published, nil
}

func (s shelf) CountByDay(n int) (time.Time, []int, error) { return changed, []int{0, 3, 1}, nil }

func story(id, title string, status news.Status) *news.Story {
	i := &news.Item{Number: 1, Station: "ajo", Feed: "https://ajo.example/rss", FirstSeen: changed, Entry: news.Entry{
		Title: title, URL: "https://ajo.example/" + id, Content: "<p>" + strings.Repeat(title+" and so on. ",
			50) + "</p>", Topics: []string{"Water Rights"},
	}}
	return &news.Story{
		ID: id, PublicID: "tag:desk.example,2025:" + id, Status: status, Published: changed, IDAssignedAt: changed,
		Changed: changed, LeadItem: 1,
		Origin: &news.Origin{Maker: news.Maker{Station: "ajo", Name: "Radio Ajo"}}, Items: []*news.Item{i},
		Members: []uint64{1},
	}
}

// testSite is a site with one live story, one withdrawn, one held, and an alias.
func testSite(t testing.TB) *Site {
	t.Helper()
	rain := story("rain", "Rain at last", news.Live)
	s := &Site{
		Store: shelf{"rain": rain, "former": rain, "gone": story("gone", "Gone", news.Retracted),
			"held": story("held", "Held", news.Held)},
		Unknown: errUnknown, Log: slog.New(slog.DiscardHandler), Stations: stations,
	}
	return s
}

func stations() []news.Station {
	return []news.Station{
		{ID: "ajo", Name: "Radio Ajo", URL: "https://ajo.example",
			Feeds: []news.Feed{{URL: "https://ajo.example/rss"}}},
		{ID: "kmsa", Name: "KMSA", URL: "https://kmsa.example"},
	}
}

func edition(t testing.TB, stories ...*news.Story) (publish.Edition, publish.Known) {
	t.Helper()
	desk := news.Site{Title: "Test Desk", URL: "https://desk.example", Language: "en", Credit: "From the {{.Desk}}."}
	words, err := credit.New(desk)
	if err != nil {
		t.Fatal(err)
	}
	known := publish.NewKnown()
	known.Stations["ajo"], known.Stations["kmsa"] = true, true
	for _, st := range stories {
		for _, topic := range st.Items[0].Entry.Topics {
			known.AddTopic(topic)
		}
	}
	return publish.Edition{
		Window: news.Window{Stories: stories, Closed: 1}, Desk: desk, Stations: stations(), Credit: words,
		Authority: "tag:desk.example,2025:", Configured: changed, MaxAge: 5 * time.Minute,
		Podcast: publish.Podcast{Category: []string{"News"}},
	}, known
}

func publishedHandler(t testing.TB) http.Handler {
	t.Helper()
	s := testSite(t)
	e, known := edition(t, story("rain", "Rain at last", news.Live))
	if _, err := s.Publish(t.Context(), e, known); err != nil {
		t.Fatal(err)
	}
	return s.Handler()
}

// ask sends a request; headers are pairs of name and value.
func ask(h http.Handler, method, address string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, address, nil)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestNothingIsServedBeforeAFeedWasRead(t *testing.T) {
	h := testSite(t).Handler()
	for _, path := range []string{"/", "/feed.rss", "/feed.atom", "/feed.json", "/podcast.rss", "/stations.opml",
		"/stories/rain"} {
		w := ask(h, "GET", path)
		if w.Code != 503 || w.Header().Get("Retry-After") == "" || w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d, %v", path, w.Code, w.Header())
		}
	}
	if w := ask(h, "GET", "/livez"); w.Code != 200 {
		t.Errorf("/livez: %d", w.Code)
	}
}

func TestAddressesAreAnsweredWithTheirStatus(t *testing.T) {
	h := publishedHandler(t)
	for _, c := range []struct {
		method, path string
		status       int
		says         string
	}{
		{"GET", "/", 200, "Rain at last"},
		{"GET", "/feed.rss", 200, "<rss"},
		{"GET", "/feed.atom", 200, "<feed"},
		{"GET", "/feed.json", 200, "jsonfeed.org"},
		{"GET", "/podcast.rss", 200, "itunes:"},
		{"GET", "/stations.opml", 200, "<opml"},
		{"GET", "/style.css", 200, "body"},
		{"GET", "/feed.rss?topic=water-rights&utm_source=x", 200, "Rain at last"},
		{"GET", "/feed.rss?topic=WATER+RIGHTS", 200, "Rain at last"},
		{"GET", "/feed.rss?topic=nothing", 404, `topic="nothing": no such topic here`},
		{"GET", "/feed.rss?station=nobody", 404, "no such station here"},
		{"GET", "/feed.rss?for=<script>", 404, "no such partner here"},
		{"GET", "/feed.rss?" + strings.Repeat("for=ajo&", 17), 404, "at most 16 filters"},
		{"GET", "/feed.rss?for=%zz", 404, "filters"},
		{"GET", "/feed.rss?other=" + strings.Repeat("a", 2<<10), 404, "2048"},
		{"GET", "/feed.rss?for=%ff", 404, "no such partner"},
		{"GET", "/feed.rss?" + strings.Repeat("utm_x=100%&", 40), 200, "Rain at last"},
		{"GET", "/stories/rain", 200, "Rain at last"},
		{"GET", "/stories/former", 301, ""},
		{"GET", "/stories/gone", 410, "withdrawn"},
		{"GET", "/stories/held", 404, "no story at this address"},
		{"GET", "/stories/other", 404, "no story at this address"},
		{"GET", "/other", 404, ""},
		{"POST", "/feed.rss", 405, ""},
		{"DELETE", "/", 405, ""},
		{"GET", "/livez", 200, "ok"},
	} {
		w := ask(h, c.method, c.path)
		if w.Code != c.status || !strings.Contains(w.Body.String(), c.says) {
			t.Errorf("%s %s: %d %.200s, want %d %s", c.method, c.path, w.Code, w.Body, c.status, c.says)
		}
		if w.Header().Get("X-Content-Type-Options") != "nosniff" || w.Header().Get("Content-Security-Policy") == "" {
			t.Errorf("%s %s: unguarded: %v", c.method, c.path, w.Header())
		}
		if w.Code == 405 && w.Header().Get("Allow") != "GET, HEAD" {
			t.Errorf("%s %s: allows %q", c.method, c.path, w.Header().Get("Allow"))
		}
	}
	if at := ask(h, "GET", "/stories/former").Header().Get("Location"); at != "/stories/rain" {
		t.Errorf("a former id leads to %q", at)
	}
}

func TestOddRequestsAreRefusedWithoutARedirect(t *testing.T) {
	h := publishedHandler(t)
	for _, path := range []string{"//feed.rss", "/x/../feed.rss", "/%2e%2e/feed.rss", "/./", "/feed.rss%00",
		"/stories/a%5Cb", "/" + strings.Repeat("a", 10<<10), "/archive/01.rss", "/archive/0.rss", "/archive/2.rss",
		"/archive/1.xml", "/archive/nosuch", "/podcast/2.rss", "/podcast/1.atom", "/podcast/01.rss"} {
		if w := ask(h, "GET", path); w.Code != 404 || w.Header().Get("Location") != "" {
			t.Errorf("GET %.40s: %d, %v", path, w.Code, w.Header())
		}
	}
	for _, method := range []string{"POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"} {
		for _, path := range []string{"/", "/feed.rss", "/stories/rain", "/nothing"} {
			if w := ask(h, method, path); w.Code != 405 || w.Header().Get("Allow") != "GET, HEAD" {
				t.Errorf("%s %s: %d, Allow %q", method, path, w.Code, w.Header().Get("Allow"))
			}
		}
	}
}

func TestFeedDocumentsAreOpenToOtherSitesAndSandboxed(t *testing.T) {
	h := publishedHandler(t)
	for path, kind := range map[string]string{
		"/feed.rss": publish.TypeRSS, "/feed.atom": publish.TypeAtom, "/feed.json": "application/feed+json",
		"/podcast.rss":    publish.TypeRSS,
		"/archive/1.atom": publish.TypeAtom, "/podcast/1.rss": publish.TypeRSS,
		"/stations.opml": "text/x-opml; charset=utf-8",
	} {
		w := ask(h, "GET", path)
		if w.Code != 200 || w.Header().Get("Content-Type") != kind ||
			w.Header().Get("Access-Control-Allow-Origin") != "*" ||
			w.Header().Get("Content-Security-Policy") != sandboxPolicy {
			t.Errorf("%s: %d %v", path, w.Code, w.Header())
		}
		if path == "/stations.opml" {
			continue
		}
		if want := "<https://desk.example" + path + `>; rel="self"`; w.Header().Get("Link") != want {
			t.Errorf("%s: Link %q, want %q", path, w.Header().Get("Link"), want)
		}
	}
	if c := ask(h, "GET", "/archive/1.rss").Header().Get("Cache-Control"); c != "public, max-age=86400" {
		t.Errorf("an archive document is kept for %q", c)
	}
}

func TestPagesAreInTheReadersLanguage(t *testing.T) {
	h := publishedHandler(t)
	for accept, want := range map[string]string{
		"": "en", "es": "es", "es-MX,es;q=0.9,en;q=0.8": "es", "en-US,es;q=0.5": "en", "de": "en", "de, es;q=0.1": "es",
		"es;q=0, en": "en", "*": "en",
		strings.Repeat("es,", 2000): "en", "nonsense;;": "en",
	} {
		w := ask(h, "GET", "/", "Accept-Language", accept)
		if w.Header().Get("Content-Language") != want || w.Header().Get("Vary") != "Accept-Encoding, Accept-Language" ||
			!strings.Contains(w.Body.String(), `<html lang="`+want+`">`) {
			t.Errorf("%.40q: %s, Vary %s", accept, w.Header().Get("Content-Language"), w.Header().Get("Vary"))
		}
	}
	for path, says := range map[string]string{"/stories/gone": "retirada", "/stories/other": "No hay ninguna nota",
		"/status": "Última visita", "/?topic=nothing": "ningún tema «nothing»"} {
		if w := ask(h, "GET", path, "Accept-Language", "es"); !strings.Contains(w.Body.String(), says) {
			t.Errorf("%s does not say %q", path, says)
		}
	}
	if w := ask(h, "GET", "/stories/gone"); w.Header().Get("Cache-Control") != "no-store" ||
		strings.Contains(w.Body.String(), "and so on") {
		t.Error("the page of a withdrawn story is kept, or has its text")
	}
}

// What is asked for is rendered again with each edition, off the reader's path.
func TestFilteredDocumentsFollowEachEdition(t *testing.T) {
	s := testSite(t)
	for n, title := range []string{"First", "Second"} {
		e, known := edition(t, story("rain", title, news.Live))
		if _, err := s.Publish(t.Context(), e, known); err != nil {
			t.Fatal(err)
		}
		if n == 1 {
			if kept := s.current.Load().cache.entries; len(kept) != 1 {
				t.Fatalf("%d documents were rendered before anybody asked", len(kept))
			}
		}
		if w := ask(s.Handler(), "GET", "/feed.json?station=ajo"); !strings.Contains(w.Body.String(), title) {
			t.Errorf("%s is not there", title)
		}
	}
}

// A document that cannot be rendered leaves in place what was served.
func TestLastGoodDocumentStays(t *testing.T) {
	s := testSite(t)
	e, known := edition(t, story("rain", "Good", news.Live))
	if _, err := s.Publish(t.Context(), e, known); err != nil {
		t.Fatal(err)
	}
	bad, _ := edition(t, story("rain", "Bad", news.Live))
	bad.Podcast.Category = nil // which a podcast must have
	if _, err := s.Publish(t.Context(), bad, known); err == nil ||
		!strings.Contains(err.Error(), "/podcast.rss: required") {
		t.Errorf("the fault is reported as %v", err)
	}
	if w := ask(s.Handler(), "GET", "/podcast.rss"); w.Code != 200 {
		t.Errorf("the podcast is gone: %d", w.Code)
	}
	if w := ask(s.Handler(), "GET", "/feed.rss"); !strings.Contains(w.Body.String(), "Bad") {
		t.Error("the other documents did not follow")
	}
}

func TestFiltersSelect(t *testing.T) {
	h := publishedHandler(t)
	for query, has := range map[string]bool{
		"": true, "?for=ajo": false, "?for=kmsa": true, "?station=ajo": true, "?station=kmsa": false,
		"?station=kmsa&station=ajo": true,
		"?station=ajo&for=ajo":      false,
	} {
		w := ask(h, "GET", "/feed.json"+query)
		if w.Code != 200 || strings.Contains(w.Body.String(), "Rain at last") != has {
			t.Errorf("%s: %d, has the story: %t", query, w.Code, !has)
		}
	}
	self := ask(h, "GET", "/feed.rss?utm_x=1&station=kmsa&for=kmsa&station=ajo").Body.String()
	if want := `href="https://desk.example/feed.rss?for=kmsa&amp;station=ajo&amp;station=kmsa" ` +
		`rel="self"`; !strings.Contains(self, want) {
		t.Errorf("self is not %s", want)
	}
}

func TestTheCodingIsTheOneThatTheClientPrefers(t *testing.T) {
	h := publishedHandler(t)
	plain := ask(h, "GET", "/feed.rss").Body.Bytes()
	open := map[string]func(io.Reader) (io.Reader, error){
		"gzip": func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) },
		"br":   func(r io.Reader) (io.Reader, error) { return brotli.NewReader(r), nil },
		"zstd": func(r io.Reader) (io.Reader, error) { return zstd.NewReader(r) },
	}
	tags := map[string]bool{}
	for accept, want := range map[string]string{
		"": "", "gzip": "gzip", "br": "br", "zstd": "zstd", "gzip, br;q=0.5": "gzip",
		"gzip;q=0.2, br;q=0.5, zstd;q=0.1": "br",
		"*":                                "br", "gzip;q=0": "", "*;q=0": "", "identity;q=0": "",
		"identity;q=0, gzip": "gzip", "x-gzip": "gzip",
		"identity, gzip;q=0.5": "", "deflate": "", "GZIP": "gzip", "gzip;q=nonsense": "",
		strings.Repeat("a,", 5000) + "gzip": "",
	} {
		w := ask(h, "GET", "/feed.rss", "Accept-Encoding", accept)
		if have := w.Header().Get("Content-Encoding"); have != want || w.Header().Get("Vary") != "Accept-Encoding" {
			t.Errorf("%.40q: %q, want %q; Vary %q", accept, have, want, w.Header().Get("Vary"))
			continue
		}
		tags[w.Header().Get("ETag")] = true
		if want == "" {
			continue
		}
		r, err := open[want](w.Body)
		if err != nil {
			t.Fatal(err)
		}
		if body, err := io.ReadAll(r); err != nil || !bytes.Equal(body, plain) {
			t.Errorf("%s: another document, %v", want, err)
		}
	}
	if len(tags) != 4 {
		t.Errorf("%d ETags for 4 forms", len(tags))
	}
}

func TestConditionalRequests(t *testing.T) {
	h := publishedHandler(t)
	first := ask(h, "GET", "/feed.atom")
	tag, modified := first.Header().Get("ETag"), first.Header().Get("Last-Modified")
	zipped := ask(h, "GET", "/feed.atom", "Accept-Encoding", "gzip").Header().Get("ETag")
	for name, c := range map[string]struct {
		headers []string
		status  int
	}{
		"the tag":                       {[]string{"If-None-Match", tag}, 304},
		"weakly":                        {[]string{"If-None-Match", "W/" + tag}, 304},
		"in a list":                     {[]string{"If-None-Match", `"x", ` + tag}, 304},
		"of another form":               {[]string{"If-None-Match", zipped}, 304},
		"any":                           {[]string{"If-None-Match", "*"}, 304},
		"another tag":                   {[]string{"If-None-Match", `"x"`}, 200},
		"the date":                      {[]string{"If-Modified-Since", modified}, 304},
		"a later date":                  {[]string{"If-Modified-Since", "Sun, 12 Oct 2025 12:00:00 GMT"}, 304},
		"an earlier date":               {[]string{"If-Modified-Since", "Fri, 10 Oct 2025 12:00:00 GMT"}, 200},
		"no date":                       {[]string{"If-Modified-Since", "yesterday"}, 200},
		"another tag outranks the date": {[]string{"If-None-Match", `"x"`, "If-Modified-Since", modified}, 200},
		"the tag outranks another date": {[]string{"If-None-Match", tag, "If-Modified-Since",
			"Fri, 10 Oct 2025 12:00:00 GMT"}, 304},
	} {
		for _, method := range []string{"GET", "HEAD"} {
			w := ask(h, method, "/feed.atom", c.headers...)
			if w.Code != c.status {
				t.Errorf("%s, %s: %d, want %d", method, name, w.Code, c.status)
			}
			if w.Code == 304 && (w.Body.Len() > 0 || w.Header().Get("ETag") != tag ||
				w.Header().Get("Last-Modified") != modified ||
				w.Header().Get("Cache-Control") == "" || w.Header().Get("Vary") == "") {
				t.Errorf("%s, %s: %v", method, name, w.Header())
			}
		}
	}
}

func TestHeadIsGetWithoutABody(t *testing.T) {
	h := publishedHandler(t)
	for _, path := range []string{"/", "/feed.rss", "/stories/rain", "/stations.opml"} {
		get, head := ask(h, "GET", path), ask(h, "HEAD", path)
		if head.Body.Len() > 0 || head.Code != get.Code {
			t.Errorf("%s: HEAD answers %d with %d bytes", path, head.Code, head.Body.Len())
		}
		for name, value := range get.Header() {
			if head.Header().Get(name) != value[0] {
				t.Errorf("%s: HEAD has %s: %q, GET %q", path, name, head.Header().Get(name), value[0])
			}
		}
	}
}

// The operator sees which story broke which rule of the documents, in no words of a station's.
func TestStatusNamesStoriesThatWereLeftOut(t *testing.T) {
	s := testSite(t)
	bad := story("bad", "Bad", news.Live)
	bad.Items[0].Entry.URL = "https://ajo.example/a secret"
	e, known := edition(t, story("rain", "Rain at last", news.Live), bad)
	if leftOut, err := s.Publish(t.Context(), e, known); err != nil || len(leftOut) != 1 {
		t.Fatal(leftOut, err)
	}
	body := ask(s.Handler(), "GET", "/status").Body.String()
	if !strings.Contains(body, "<li>bad, /") || !strings.Contains(body, ": address</li>") ||
		strings.Contains(body, "secret") {
		t.Errorf("%s", body)
	}
}

func TestStatusSaysThatTheClockIsWrong(t *testing.T) {
	s := testSite(t)
	e, known := edition(t, story("rain", "Rain at last", news.Live))
	if _, err := s.Publish(t.Context(), e, known); err != nil {
		t.Fatal(err)
	}
	for _, wrong := range []bool{false, true} {
		s.Clock = func() bool { return wrong }
		if says := strings.Contains(ask(s.Handler(), "GET", "/status").Body.String(),
			"clock seems to be wrong"); says != wrong {
			t.Errorf("the clock is wrong: %t, and the page says so: %t", wrong, says)
		}
	}
}

// In a sentence, and for programs, where the daemon makes them; elsewhere nothing is said.
func TestStatusSaysHowOldTheLastBackupIs(t *testing.T) {
	s := testSite(t)
	e, known := edition(t, story("rain", "Rain at last", news.Live))
	if _, err := s.Publish(t.Context(), e, known); err != nil {
		t.Fatal(err)
	}
	made := time.Date(2026, 11, 30, 9, 0, 0, 7, time.UTC)
	for _, c := range []struct {
		backup                *publish.BackupHealth
		program, page, spoken string
	}{
		{nil, "", "", ""},
		{publish.BackupHealthOf(made, false), `"backup": {"last": "2026-11-30T09:00:00Z", "missed": false}`,
			`<p class="small">The last backup was made on Nov. 30, 2026, 9:00 a.m. UTC.</p>`,
			"La última copia de seguridad se hizo el 30 de noviembre de 2026, 09:00 UTC."},
		{publish.BackupHealthOf(made, true), `"backup": {"last": "2026-11-30T09:00:00Z", "missed": true}`,
			`<p class="ill">No backup has been made since Nov. 30, 2026, 9:00 a.m. UTC.</p>`,
			"No se ha hecho ninguna copia de seguridad desde el 30 de noviembre de 2026, 09:00 UTC."},
		{publish.BackupHealthOf(time.Time{}, true), `"backup": {"last": null, "missed": true}`,
			`<p class="ill">No backup has been made yet.</p>`, "Todavía no se ha hecho ninguna copia de seguridad."},
	} {
		s.Backup = func() *publish.BackupHealth { return c.backup }
		program := strings.Join(strings.Fields(ask(s.Handler(), "GET", "/status.json").Body.String()), " ")
		page := ask(s.Handler(), "GET", "/status").Body.String()
		spanish := ask(s.Handler(), "GET", "/status", "Accept-Language", "es").Body.String()
		if c.backup == nil {
			if strings.Contains(program, "backup") || strings.Contains(page, "backup") {
				t.Errorf("without backups there is %s %s", program, page)
			}
			continue
		}
		program = strings.NewReplacer("{ ", "{", " }", "}").Replace(program)
		if !strings.Contains(program, c.program) || !strings.Contains(page, c.page) ||
			!strings.Contains(spanish, c.spoken) {
			t.Errorf("want %s, %s, %s; there is %s %s %s", c.program, c.page, c.spoken, program, page, spanish)
		}
	}
}

func TestStatusHasNoServersWords(t *testing.T) {
	w := ask(publishedHandler(t), "GET", "/status.json")
	if w.Code != 200 || !strings.Contains(w.Body.String(), `"error": "timeout"`) ||
		strings.Contains(w.Body.String(), "secret") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w.Header().Get("Access-Control-Allow-Origin") != "*" || w.Header().Get("Cache-Control") != "no-cache" {
		t.Errorf("headers %v", w.Header())
	}
}

func TestFilteredDocumentsAreBounded(t *testing.T) {
	s := testSite(t)
	e, known := edition(t, story("rain", "Rain at last", news.Live))
	for n := range maxDocuments + 10 {
		known.Topics["t"+strings.Repeat("x", n)] = true
	}
	if _, err := s.Publish(t.Context(), e, known); err != nil {
		t.Fatal(err)
	}
	h := s.Handler()
	for n := range maxDocuments + 10 {
		if w := ask(h, "GET", "/feed.json?topic=t"+strings.Repeat("x", n)); w.Code != 200 {
			t.Fatalf("%d", w.Code)
		}
	}
	if kept := len(s.current.Load().cache.entries); kept != maxDocuments {
		t.Errorf("%d documents are kept, want %d", kept, maxDocuments)
	}
}

func TestTheSiteServesEveryFormatOfTheTable(t *testing.T) {
	h := publishedHandler(t)
	for _, f := range publish.Formats() {
		w := ask(h, "GET", f.Path+"?station=ajo")
		if w.Code != 200 || w.Header().Get("Content-Type") != f.Type ||
			w.Header().Get("Cache-Control") != "public, max-age=300, stale-if-error=86400" {
			t.Errorf("%s: %d, %v", f.Name, w.Code, w.Header())
		}
		if unknown := ask(h, "GET", f.Path+"?station=nobody"); (unknown.Code == 404) != f.Filters {
			t.Errorf("%s: an unknown station is answered %d", f.Name, unknown.Code)
		}
		if open := w.Header().Get("Access-Control-Allow-Origin") == "*"; open == f.Page {
			t.Errorf("%s: open to pages of other sites: %t", f.Name, open)
		}
		if spanish := ask(h, "GET", f.Path, "Accept-Language",
			"es").Header().Get("Content-Language") == "es"; spanish != f.Page {
			t.Errorf("%s: in the reader's language: %t", f.Name, spanish)
		}
		if f.Archive.Path == "" {
			continue
		}
		archived := ask(h, "GET", strings.Replace(f.Archive.Path, "{n}", "1", 1))
		if archived.Code != 200 || archived.Header().Get("Content-Type") != f.Type ||
			archived.Header().Get("Cache-Control") != "public, max-age=86400" {
			t.Errorf("%s: an archive document: %d, %v", f.Name, archived.Code, archived.Header())
		}
	}
}
