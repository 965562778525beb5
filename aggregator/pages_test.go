package aggregator_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"fronteras/aggregator/news"
)

// site is a station's server: a feed of the pages that it has, the newest first,
// and the pages.
type site struct {
	mu     sync.Mutex
	pages  []string // slugs
	gone   map[string]int
	head   map[string]string
	robots string
	asked  map[string]int
}

func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.asked == nil {
		s.asked = map[string]int{}
	}
	s.asked[r.URL.Path]++
	slug := strings.TrimPrefix(r.URL.Path, "/2025/10/")
	switch {
	case r.URL.Path == "/robots.txt" && s.robots != "":
		fmt.Fprint(w, s.robots)
	case r.URL.Path == "/rss":
		fmt.Fprint(w, `<rss version="2.0"><channel><title>News</title>`)
		for _, p := range s.pages {
			var age int
			fmt.Sscanf(p, "story-of-hour-%d", &age)
			fmt.Fprintf(w, `<item><title>The story of hour %d</title><link>http://%s/2025/10/%s</link>
				<guid isPermaLink="false">%s</guid><pubDate>%s</pubDate></item>`,
				age, r.Host, p, p, time.Date(2025, 10, 11, 12-age, 0, 0, 0, time.UTC).Format(time.RFC1123Z))
		}
		fmt.Fprint(w, `</channel></rss>`)
	case s.gone[slug] != 0:
		w.WriteHeader(s.gone[slug])
	case strings.HasPrefix(r.URL.Path, "/2025/10/"):
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, `<!doctype html><html lang="en"><head><title>x</title>%s</head>`+
			`<body><link rel="canonical" href="http://evil.example/">`, s.head[slug])
	default:
		http.NotFound(w, r)
	}
}

// times is how often a path was asked for.
func (s *site) times(path string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked[path]
}

// change changes what the site has.
func (s *site) change(do func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	do()
}

// hours are slugs of stories so many hours old.
func hours(ages ...int) []string {
	var list []string
	for _, a := range ages {
		list = append(list, fmt.Sprint("story-of-hour-", a))
	}
	return list
}

// story is the story of an item with that guid.
func (w *world) story(guid string) *news.Story {
	w.t.Helper()
	var found *news.Story
	w.must(w.store.EachStory(func(s *news.Story) bool {
		for _, i := range s.Items {
			if i.Entry.GUID == guid {
				found = s
			}
		}
		return found == nil
	}))
	if found == nil {
		w.t.Fatalf("no story has an item %q", guid)
	}
	return found
}

func flags(s *news.Story) string {
	var kinds []string
	for _, g := range s.Flags {
		kinds = append(kinds, string(g.Kind))
	}
	return strings.Join(kinds, " ")
}

func TestPageHeadsBringClaims(t *testing.T) {
	kmsa := &site{pages: hours(1, 2)}
	ajo := &site{pages: hours(0), head: map[string]string{
		"story-of-hour-0": `<link rel="canonical" href="http://kmsa.example/2025/10/story-of-hour-1">`,
	}}
	inWorld(t, 15*time.Minute, hosts{"kmsa.example": kmsa, "ajo.example": ajo}, func(w *world) {
		time.Sleep(2 * time.Hour)
		s := w.story("story-of-hour-1")
		if len(s.Items) != 2 || s.Origin == nil || s.Origin.Station != "kmsa" || s.Origin.Rule != "O2" {
			t.Errorf("%d items, origin %+v", len(s.Items), s.Origin)
		}
		for path, want := range map[string]int{"/2025/10/story-of-hour-0": 1, "/robots.txt": 1} {
			if n := ajo.times(path); n != want {
				t.Errorf("%s was asked %d times, want %d", path, n, want)
			}
		}
	})
}

func TestRobotsKeepUsFromPages(t *testing.T) {
	ajo := &site{pages: hours(0, 1), robots: "User-agent: *\nDisallow: /2025/\n"}
	inWorld(t, 15*time.Minute, hosts{"ajo.example": ajo}, func(w *world) {
		time.Sleep(2 * time.Hour)
		if n := ajo.times("/2025/10/story-of-hour-0"); n != 0 || w.stories() != 2 {
			t.Errorf("the page was asked %d times, %d stories", n, w.stories())
		}
	})
}

func TestAnItemWhosePageIsGoneIsWithdrawn(t *testing.T) {
	ajo := &site{pages: hours(0, 1, 2, 3)}
	inWorld(t, 15*time.Minute, hosts{"ajo.example": ajo}, func(w *world) {
		time.Sleep(20 * time.Minute)
		ajo.change(func() { ajo.pages, ajo.gone = hours(0, 2, 3), map[string]int{"story-of-hour-1": http.StatusGone} })
		time.Sleep(20 * time.Minute)
		s := w.story("story-of-hour-1")
		if s.Status != news.Retracted || s.WithdrawnBy != "Radio ajo" || s.Withdrawn.IsZero() ||
			flags(s) != "withdrawn" {
			t.Errorf("%s by %q at %v, flags %s", s.Status, s.WithdrawnBy, s.Withdrawn, flags(s))
		}
		// It comes back, with its page: in two good visits it is live again.
		ajo.change(func() { ajo.pages, ajo.gone = hours(0, 1, 2, 3), nil })
		time.Sleep(40 * time.Minute)
		back := w.story("story-of-hour-1")
		if back.Status != news.Live || back.PublicID != s.PublicID || flags(back) != "returned" {
			t.Errorf("%s as %s, was %s, flags %s", back.Status, back.PublicID, s.PublicID, flags(back))
		}
	})
}

func TestAnItemWhosePageIsNotFoundTwiceIsWithdrawn(t *testing.T) {
	ajo := &site{pages: hours(0, 1, 2, 3)}
	inWorld(t, 15*time.Minute, hosts{"ajo.example": ajo}, func(w *world) {
		time.Sleep(20 * time.Minute)
		ajo.change(func() {
			ajo.pages, ajo.gone = hours(0, 2, 3), map[string]int{"story-of-hour-1": http.StatusNotFound}
		})
		time.Sleep(20 * time.Minute)
		if s := w.story("story-of-hour-1"); s.Status != news.Held {
			t.Errorf("after one 404 it is %s", s.Status)
		}
		time.Sleep(90 * time.Minute)
		if s := w.story("story-of-hour-1"); s.Status != news.Retracted {
			t.Errorf("after two 404s it is %s", s.Status)
		}
		if n := ajo.times("/2025/10/story-of-hour-1"); n != 3 {
			t.Errorf("its page was asked %d times, want once for its head and twice whether it is there", n)
		}
	})
}

func TestWhatIsThereHasOnlyLeftTheFeed(t *testing.T) {
	ajo := &site{pages: hours(0, 1, 2, 3)}
	inWorld(t, 15*time.Minute, hosts{"ajo.example": ajo}, func(w *world) {
		time.Sleep(20 * time.Minute)
		ajo.change(func() { ajo.pages = hours(0, 2, 3) }) // 1 is missing, and its page answers
		time.Sleep(2 * time.Hour)
		ajo.change(func() { ajo.pages = hours(0, 2) }) // 3 has scrolled off
		time.Sleep(2 * time.Hour)
		for _, guid := range hours(1, 3) {
			if s := w.story(guid); s.Status != news.Live || len(s.Flags) > 0 {
				t.Errorf("%s is %s, flags %s", guid, s.Status, flags(s))
			}
		}
	})
}

// The clock releases a story whose date was ahead, though no visit brings anything.
func TestEmbargoIsReleasedByTheClock(t *testing.T) {
	ajo := &site{pages: hours(-3, 1)}
	inWorld(t, 4*time.Hour, hosts{"ajo.example": ajo}, func(w *world) {
		time.Sleep(time.Hour)
		if s := w.story("story-of-hour--3"); s.Status != news.Held || s.PublicID != "" || flags(s) != "future-date" {
			t.Errorf("%s as %q, flags %s", s.Status, s.PublicID, flags(s))
		}
		time.Sleep(2*time.Hour + time.Minute)
		if s := w.story("story-of-hour--3"); s.Status != news.Live || s.PublicID == "" || len(s.Flags) > 0 {
			t.Errorf("%s as %q, flags %s", s.Status, s.PublicID, flags(s))
		}
	})
}
