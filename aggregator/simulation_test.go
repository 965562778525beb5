//go:build simulation

package aggregator_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"fronteras/aggregator/news"
)

// How many feeds are simulated, and for how long.
const (
	simulated    = 200
	simulatedFor = 48 * time.Hour
)

// behaviour is how a simulated server treats its guests.
type behaviour int

const (
	polite   behaviour = iota // validators
	plain                     // none
	lasting                   // validators, and an answer that is fresh for two hours
	busy                      // 503 with Retry-After now and then
	limiting                  // 429 now and then
	missing                   // 404 for some hours
	moving                    // a temporary redirect
	slow                      // answers after seconds
)

// simulatedFeed is a feed's server, which watches its guest.
type simulatedFeed struct {
	*simulation
	kind      behaviour
	title     string
	published []time.Time
	notBefore time.Time // what it has said last
	given     bool      // validators have been given
}

// simulation counts what the servers see.
type simulation struct {
	mu                                sync.Mutex
	random                            *rand.Rand
	feeds                             map[string]*simulatedFeed // by host and path
	open                              map[string]int            // requests by host
	last                              map[string]time.Time
	requests, unchanged, errors, sent int
	violations                        []string
}

func (s *simulation) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	f, now := s.feeds[r.Host+r.URL.Path], time.Now()
	s.requests++
	if s.open[r.Host]++; s.open[r.Host] > 1 {
		s.violate("%s was asked twice at once", r.Host)
	}
	if gap := now.Sub(s.last[r.Host]); gap < time.Second && f != nil && f.kind != moving {
		s.violate("%s was asked again after %v", r.Host, gap)
	}
	wait := time.Duration(0)
	if f != nil && f.kind == slow {
		wait = time.Duration(s.random.IntN(8000)) * time.Millisecond
	}
	s.mu.Unlock()
	time.Sleep(wait)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open[r.Host]--
	s.last[r.Host] = time.Now()
	if f == nil {
		http.NotFound(w, r)
		return
	}
	f.answer(w, r, now)
}

func (s *simulation) violate(format string, args ...any) {
	s.violations = append(s.violations, fmt.Sprintf(format, args...))
}

// answer answers as the feed does, and looks at how it was asked.
func (f *simulatedFeed) answer(w http.ResponseWriter, r *http.Request, now time.Time) {
	if now.Before(f.notBefore) {
		f.violate("%s was asked %v before it wanted to be", r.URL, f.notBefore.Sub(now))
	}
	if f.given && r.Header.Get("If-None-Match") == "" && (f.kind != moving || r.URL.Path == "/moved") {
		f.violate("%s was asked without its validators", r.URL)
	}
	switch n := f.random.IntN(100); {
	case f.kind == busy && n < 5:
		f.refuse(w, now, http.StatusServiceUnavailable, 3600)
	case f.kind == limiting && n < 3:
		f.refuse(w, now, http.StatusTooManyRequests, 1800)
	case f.kind == missing && now.Hour() < 3:
		f.refuse(w, now, http.StatusNotFound, 0)
	case f.kind == moving && r.URL.Path != "/moved":
		http.Redirect(w, r, "/moved", http.StatusFound)
	default:
		f.document(w, r, now)
	}
}

func (f *simulatedFeed) refuse(w http.ResponseWriter, now time.Time, status, after int) {
	f.errors++
	if after > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(after))
		f.notBefore = now.Add(time.Duration(after) * time.Second)
	}
	w.WriteHeader(status)
}

func (f *simulatedFeed) document(w http.ResponseWriter, r *http.Request, now time.Time) {
	var titles []string
	for n := len(f.published) - 1; n >= 0 && len(titles) < 10; n-- {
		if !f.published[n].After(now) {
			titles = append(titles, fmt.Sprintf("%s %d", f.title, n))
		}
	}
	tag := fmt.Sprintf(`"%s-%d"`, f.title, len(titles))
	if f.kind != plain {
		w.Header().Set("ETag", tag)
		f.given = true
	}
	if f.kind == lasting {
		w.Header().Set("Cache-Control", "max-age=7200")
		f.notBefore = now.Add(2 * time.Hour)
	}
	if f.kind != plain && r.Header.Get("If-None-Match") == tag {
		f.unchanged++
		w.WriteHeader(http.StatusNotModified)
		return
	}
	body := rss(titles...)
	f.sent += len(body)
	fmt.Fprint(w, body)
}

// newSimulation makes the feeds: three in four on hosts of their own, the others
// ten to a host.
func newSimulation() (*simulation, []news.Station) {
	s := &simulation{
		random: rand.New(rand.NewPCG(48, 200)),
		feeds:  map[string]*simulatedFeed{},
		open:   map[string]int{},
		last:   map[string]time.Time{},
	}
	kinds := []behaviour{
		polite,
		polite,
		polite,
		polite,
		plain,
		lasting,
		busy,
		limiting,
		missing,
		moving,
		slow,
		polite,
	}
	var stations []news.Station
	for n := range simulated {
		host, path := fmt.Sprintf("s%d.example", n), "/rss"
		f := &simulatedFeed{simulation: s, kind: kinds[n%len(kinds)], title: fmt.Sprintf("News %d story", n)}
		if n%4 == 3 {
			host, path = fmt.Sprintf("shared%d.example", n/40), fmt.Sprintf("/%d", n)
			f.kind = polite
		}
		s.feeds[host+path] = f
		if f.kind == moving {
			s.feeds[host+"/moved"] = f
		}
		every := []time.Duration{time.Hour, 2 * time.Hour, 2 * time.Hour, 4 * time.Hour}[n%7%4]
		id := fmt.Sprintf("s%d", n)
		stations = append(
			stations,
			news.Station{ID: id, Name: "Station " + id, URL: "http://" + id + ".example", Feeds: []news.Feed{
				{Station: id, URL: "http://" + host + path, Every: every, Agreed: true},
			}},
		)
	}
	return s, stations
}

// publish has every feed publish its stories: five on the first day and five on
// the second, and one from the start.
func (s *simulation) publish(begin time.Time) {
	for n := range simulated {
		for _, f := range s.feeds {
			if f.title == fmt.Sprintf("News %d story", n) && f.published == nil {
				f.published = []time.Time{begin.Add(-time.Hour)}
				for range 10 {
					f.published = append(
						f.published,
						begin.Add(time.Hour+time.Duration(s.random.Int64N(int64(simulatedFor-4*time.Hour)))),
					)
				}
				slices.SortFunc(f.published, time.Time.Compare)
			}
		}
	}
}

// delays are how long stories took from their feed to the merged one.
func (s *simulation) delays(w *world) (list []time.Duration) {
	at := map[string]time.Time{}
	for _, f := range s.feeds {
		if f.kind == missing || f.kind == busy || f.kind == limiting {
			continue // their servers decide
		}
		for n, t := range f.published[1:] {
			at[fmt.Sprintf("%s %d", f.title, n+1)] = t
		}
	}
	w.must(w.store.EachStory(func(story *news.Story) bool {
		if t, known := at[story.Item(story.LeadItem).Entry.Title]; known {
			list = append(list, story.PublishedAt.Sub(t))
		}
		return true
	}))
	slices.Sort(list)
	return list
}

// TestSimulation visits 200 feeds of mixed behaviour for 48 hours. No server may
// be asked before it wants to be, twice at once, or without its validators. The
// figures are kept in docs/polling.md.
func TestSimulation(t *testing.T) {
	s, stations := newSimulation()
	handlers := hosts{}
	for key := range s.feeds {
		host, _, _ := strings.Cut(key, "/")
		handlers[host] = s
	}
	inWorldOf(t, stations, handlers, func(w *world) {
		s.mu.Lock()
		s.publish(time.Now())
		s.mu.Unlock()
		time.Sleep(simulatedFor)
		s.mu.Lock()
		defer s.mu.Unlock()
		for _, v := range s.violations[:min(5, len(s.violations))] {
			t.Error(v)
		}
		delays := s.delays(w)
		if len(delays) == 0 {
			t.Fatal("no story came through")
		}
		worst := delays[len(delays)-1]
		if worst > 5*time.Hour {
			t.Errorf("a story took %v", worst)
		}
		t.Logf(
			"%d requests, %.0f %% of them 304, %d errors, %d kB, %d violations; "+
				"%d stories after %v in the median, %v at worst",
			s.requests, 100*float64(s.unchanged)/float64(s.requests), s.errors, s.sent>>10, len(s.violations),
			len(delays), delays[len(delays)/2], worst,
		)
	})
}
