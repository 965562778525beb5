package web

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"fronteras/aggregator/news"
	"fronteras/aggregator/publish"
)

// deskOfDays is a site with a story on each of some days, at noon, one that is held and one withdrawn.
func deskOfDays(t testing.TB, days ...string) *Site {
	t.Helper()
	s := testSite(t)
	all := shelf{}
	var stories []*news.Story
	for n, day := range days {
		at, err := time.Parse(time.DateOnly, day)
		if err != nil {
			t.Fatal(err)
		}
		st := story(fmt.Sprintf("story%d", n), "News of "+day, news.Live)
		st.Published = at.Add(12 * time.Hour)
		all[st.ID] = st
		stories = append(stories, st)
	}
	all["rain"] = stories[0] // which is in the archive document
	for id, status := range map[string]news.Status{"held": news.Held, "gone": news.Retracted} {
		st := story(id, "Secret "+id, status)
		st.Published = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
		all[id] = st
	}
	s.Store = all
	e, known := edition(t, stories...)
	if _, err := s.Publish(t.Context(), e, known); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestPagesBeyondTheFrontPageAreAnswered(t *testing.T) {
	h := deskOfDays(t, "2026-11-27", "2026-11-25", "2025-03-01").Handler()
	for _, c := range []struct {
		path, says string
		status     int
	}{
		{"/days/2026-11-27", "News of 2026-11-27", 200},
		{"/days/2026-11-25", "Friday, November 27, 2026 →", 200},
		{"/days/2026-11-25", "← Saturday, March 1, 2025", 200},
		{"/days/2026-11-26", `<li><a href="/days/2026-11-25">Wednesday, November 25, 2026</a></li>`, 404},
		{"/days/2026-11-26", `<li><a href="/days/2026-11-27">Friday, November 27, 2026</a></li>`, 404},
		{"/days/2026-11-20", "There are no stories of Friday, November 20, 2026.", 404}, // held and withdrawn
		{"/days/2026-12-24", `<li><a href="/days/2026-11-27">`, 404},
		{"/days/1969-12-31", `<li><a href="/days/2025-03-01">`, 404},
		{"/days/2026-13-40", "There is nothing at this address.", 404},
		{"/days/", "There is nothing at this address.", 404},
		{"/days/2026-11-27?page=2", "There is nothing at this address.", 404},
		{"/days/2026-11-27?page=0", "There is nothing at this address.", 404},
		{"/days/2026-11-27?page=x", "There is nothing at this address.", 404},
		{"/days/2026-11-27?utm_source=x", "News of 2026-11-27", 200},
		{"/es/days/2026-11-26", "No hay notas del jueves 26 de noviembre de 2026.", 404},
		{"/archive", `<a href="/archive/2025/03">March 2025</a>`, 200},
		{"/archive", `<a href="/days/2026-11-25" aria-label="Wednesday, November 25, 2026"`, 200},
		{"/archive/", `<a href="/archive/2026">2026</a>`, 200},
		{"/archive/2026", `<a href="/days/2026-11-27"`, 200},
		{"/archive/2026", `<a rel="prev" href="/archive/2025">← 2025</a>`, 200},
		{"/archive/2025/03", `<a rel="next" href="/archive/2026/11">November 2026 →</a>`, 200},
		{"/es/archive/2025/03", `marzo`, 200},
		{"/archive/2024", "There is nothing at this address.", 404},
		{"/archive/2026/10", "There is nothing at this address.", 404},
		{"/archive/2026/1", "There is nothing at this address.", 404},
		{"/archive/nosuch", "There is nothing at this address.", 404},
		{"/archive/2026/11/27", "There is nothing at this address.", 404},
		{"/archive/9.rss", "no such archive document here", 404},
		{"/stations/ajo", "<h1>Radio Ajo</h1>", 200},
		{"/stations/ajo", "News of 2025-03-01", 200},
		{"/stations/kmsa", "There are no stories here at the moment.", 200},
		{"/stations/nobody", "There is no station “nobody” here.", 404},
		{"/es/stations/nobody", "Aquí no hay ninguna emisora «nobody».", 404},
		{"/topics/water-rights", "<h1>Water Rights</h1>", 200},
		{"/topics/nothing", "There is no topic “nothing” here.", 404},
		{"/topics/", "There is no topic “” here.", 404},
		{"/podcast", "Apple Podcasts", 200},
		{"/podcast/", "Apple Podcasts", 200},
		{"/podcast/nosuch", "There is nothing at this address.", 404},
		{"/robots.txt", "Sitemap: https://desk.example/sitemap.xml", 200},
		{"/sitemap.xml", "<loc>https://desk.example/sitemap-2025-03.xml</loc>", 200},
		{"/sitemap-2026-11.xml", "<loc>https://desk.example/days/2026-11-25</loc>", 200},
		{"/sitemap-pages.xml", "<loc>https://desk.example/topics/water-rights</loc>", 200},
		{"/sitemap-2026-12.xml", "no sitemap of that month", 404},
		{"/sitemap-2026-13.xml", "no sitemap of that month", 404},
		{"/sitemap-.xml", "There is nothing at this address.", 404},
	} {
		w := ask(h, "GET", c.path)
		body := w.Body.String()
		if w.Code != c.status || !strings.Contains(body, c.says) || strings.Contains(body, "Secret") {
			t.Errorf("%s: %d, want %d and %q:\n%.3000s", c.path, w.Code, c.status, c.says, body)
		}
		head := ask(h, "HEAD", c.path)
		if head.Code != w.Code || head.Body.Len() > 0 && w.Code == 200 ||
			head.Header().Get("Etag") != w.Header().Get("Etag") ||
			head.Header().Get("Content-Type") != w.Header().Get("Content-Type") {
			t.Errorf("%s: HEAD answers %d %v, GET %d %v", c.path, head.Code, head.Header(), w.Code, w.Header())
		}
		if p := ask(h, "POST", c.path); p.Code != 405 || p.Header().Get("Allow") != "GET, HEAD" {
			t.Errorf("%s: POST answers %d", c.path, p.Code)
		}
		isPage := strings.HasPrefix(w.Header().Get("Content-Type"), "text/html")
		if isPage &&
			!strings.Contains(w.Header().Get("Content-Security-Policy"), "default-src 'none'; style-src 'self'") {
			t.Errorf("%s: policy %q", c.path, w.Header().Get("Content-Security-Policy"))
		}
		if w.Code != 200 {
			if isPage && w.Header().Get("Cache-Control") != "no-store" {
				t.Errorf("%s: a page of what is not there is kept: %v", c.path, w.Header())
			}
			continue
		}
		if w.Header().Get("Etag") == "" || w.Header().Get("Last-Modified") == "" ||
			!strings.HasPrefix(w.Header().Get("Cache-Control"), "public, max-age=") {
			t.Errorf("%s: %v", c.path, w.Header())
		}
		again := ask(h, "GET", c.path, "If-None-Match", w.Header().Get("Etag"))
		if again.Code != 304 || again.Body.Len() > 0 {
			t.Errorf("%s: asked again, it answers %d", c.path, again.Code)
		}
		if zipped := ask(h, "GET", c.path, "Accept-Encoding", "gzip"); zipped.Header().
			Get("Content-Encoding") !=
			"gzip" {
			t.Errorf("%s is not compressed", c.path)
		}
	}
}

func TestPagesWaitUntilAFeedWasRead(t *testing.T) {
	h := testSite(t).Handler()
	for _, path := range []string{"/days/2026-11-27", "/archive", "/archive/2026", "/stations/ajo", "/topics/water", "/podcast",
		"/robots.txt", "/sitemap.xml", "/sitemap-2026-11.xml", "/es/", "/es", "/es/days/2026-11-27"} {
		if w := ask(h, "GET", path); w.Code != 503 || w.Header().Get("Retry-After") == "" {
			t.Errorf("%s: %d %v", path, w.Code, w.Header())
		}
	}
}

func TestAnotherSpellingOfATopicLeadsToItsPage(t *testing.T) {
	s := deskOfDays(t, "2026-11-27")
	for path, want := range map[string]string{
		"/topics/Water%20Rights": "/topics/water-rights", "/es/topics/WATER-RIGHTS": "/es/topics/water-rights",
	} {
		if w := ask(s.Handler(), "GET", path); w.Code != 301 || w.Header().Get("Location") != want {
			t.Errorf("%s: %d to %q, want %q", path, w.Code, w.Header().Get("Location"), want)
		}
	}
}

// Whoever asks for days that there are not fills no memory; a publication ends what was kept.
func TestOnlyPagesThatThereAreAreKept(t *testing.T) {
	s := deskOfDays(t, "2026-11-27")
	h := s.Handler()
	for n := range 300 {
		for _, path := range []string{
			"/days/" + time.Date(2020, 1, n, 0, 0, 0, 0, time.UTC).Format(time.DateOnly), fmt.Sprintf("/topics/t%d", n),
			fmt.Sprintf("/stations/s%d", n), fmt.Sprintf("/archive/%d", 3000+n), fmt.Sprintf("/days/2026-11-27?page=%d", n+2),
			fmt.Sprintf("/sitemap-%d-01.xml", 3000+n),
		} {
			if w := ask(h, "GET", path); w.Code != 404 {
				t.Fatalf("%s: %d", path, w.Code)
			}
		}
	}
	if kept := len(s.current.Load().cache.entries); kept != 0 {
		t.Errorf("%d pages are kept", kept)
	}
	for _, path := range []string{"/days/2026-11-27", "/days/2026-11-27?utm=1", "/days/2026-11-27?page=1", "/archive", "/archive/"} {
		if w := ask(h, "GET", path); w.Code != 200 {
			t.Fatalf("%s: %d", path, w.Code)
		}
	}
	if kept := len(s.current.Load().cache.entries); kept != 2 {
		t.Errorf("%d pages are kept for two", kept)
	}
	s.Store.(shelf)["story0"].Status = news.Retracted
	e, known := edition(t)
	if _, err := s.Publish(t.Context(), e, known); err != nil {
		t.Fatal(err)
	}
	if kept := len(s.current.Load().cache.entries); kept != 0 {
		t.Errorf("%d pages are rendered before somebody asks", kept)
	}
	if w := ask(h, "GET", "/days/2026-11-27"); w.Code != 404 || strings.Contains(w.Body.String(), "News of") {
		t.Errorf("the day of a withdrawn story: %d", w.Code)
	}
}

func TestADayOfManyStoriesHasSeveralPages(t *testing.T) {
	days := make([]string, publish.DayStories+3)
	for n := range days {
		days[n] = "2026-11-27"
	}
	h := deskOfDays(t, days...).Handler()
	for path, want := range map[string]int{"/days/2026-11-27": publish.DayStories, "/days/2026-11-27?page=2": 3} {
		w := ask(h, "GET", path)
		if n := strings.Count(w.Body.String(), `class="headline"`); w.Code != 200 || n != want {
			t.Errorf("%s: %d with %d stories, want %d", path, w.Code, n, want)
		}
	}
	first := ask(h, "GET", "/days/2026-11-27").Body.String()
	if !strings.Contains(first, `href="/days/2026-11-27?page=2"`) ||
		strings.Contains(first, `<a href="/days/2026-11-27?page=3"`) {
		t.Errorf("the first page does not lead to the second: %.2000s", first)
	}
}

// What the edition lacks, the search may know; where it fails, the page is there all the same.
func TestPagesOfStationsAndTopicsAreFilledWithOlderStories(t *testing.T) {
	s := deskOfDays(t, "2026-11-27")
	var asked []string
	old := story("old", "Years ago", news.Live)
	old.Published = time.Date(2019, 1, 1, 0, 0, 0, 0, time.UTC)
	answer := []*news.Story{old}
	var failure error
	s.Search = func(w publish.Wanted) (publish.Found, error) {
		asked = append(asked, fmt.Sprintf("%s %d %t", w.Query(), w.Limit, w.NewestFirst))
		return publish.Found{Stories: answer}, failure
	}
	for path, want := range map[string]string{
		"/stations/ajo": "/search?station=ajo", "/topics/water-rights": "/search?topic=water-rights",
	} {
		body := ask(s.Handler(), "GET", path).Body.String()
		if !strings.Contains(body, "Years ago") || !strings.Contains(body, "News of 2026-11-27") ||
			!strings.Contains(body, `href="`+want+`"`) {
			t.Errorf("%s lacks older stories, or the way to more:\n%s", path, body)
		}
	}
	if len(asked) != 2 {
		t.Errorf("the search was asked %q", asked)
	}
	for _, q := range asked {
		if q != "station=ajo 40 true" && q != "topic=water-rights 40 true" {
			t.Errorf("the search was asked %q", q)
		}
	}
	answer, failure = nil, errors.New("no index")
	if w := ask(s.Handler(), "GET", "/es/stations/ajo"); w.Code != 200 ||
		!strings.Contains(w.Body.String(), "News of 2026-11-27") {
		t.Errorf("without the search: %d", w.Code)
	}
}

// All pages work where the desk is below a path of its host.
func TestPagesOfADeskBelowAPath(t *testing.T) {
	h := publishedAt(t, "https://radio.example/border")
	for path, says := range map[string]string{
		"/days/2025-10-11":     `<a href="/border/es/days/2025-10-11"`,
		"/archive":             `<a href="/border/days/2025-10-11"`,
		"/es/archive":          `<a href="/border/es/days/2025-10-11"`,
		"/stations/ajo":        `<a href="/border/feed.rss?station=ajo">`,
		"/topics/water-rights": `href="/border/stories/rain"`,
		"/podcast":             `podcast://radio.example/border/podcast.rss`,
		"/sitemap.xml":         `<loc>https://radio.example/border/sitemap-2025-10.xml</loc>`,
		"/robots.txt":          "Disallow: /border/search",
	} {
		if w := ask(h, "GET", path); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), says) {
			t.Errorf("%s: %d, no %s:\n%s", path, w.Code, says, w.Body)
		}
	}
	if w := ask(h, "GET", "/es/topics/Water%20Rights"); w.Header().Get("Location") != "/border/es/topics/water-rights" {
		t.Errorf("a topic leads to %q", w.Header().Get("Location"))
	}
}

// Whatever is asked for, the site answers without failing, and leads nowhere but to itself.
func FuzzPaths(f *testing.F) {
	for _, path := range []string{"/", "/es", "/es/", "/es/days/2026-11-27", "/days/2026-13-40?page=2", "/archive/2026/11",
		"/archive/1.rss", "/topics/Water%20Rights", "/topics/a%2Fb", "/es/es/es", "/sitemap-2026-11.xml", "/sitemap-.xml",
		"/stations/%00", "/stories/x?page=%zz", "/%65%73/", "/archive/２０２６", "/days/0000-00-00", "/es//days", "/?topic=%ff"} {
		f.Add(path)
	}
	h := deskOfDays(f, "2026-11-27").Handler()
	f.Fuzz(func(t *testing.T, path string) {
		u, err := url.ParseRequestURI(path)
		if err != nil || !strings.HasPrefix(path, "/") || u.Host != "" {
			return
		}
		r := httptest.NewRequest("GET", "/", nil)
		r.URL, r.RequestURI = u, path
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		to := w.Header().Get("Location")
		if w.Code >= 500 || to != "" && (!strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//")) {
			t.Errorf("%q: %d to %q", path, w.Code, to)
		}
	})
}
