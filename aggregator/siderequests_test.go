package aggregator_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"fronteras/aggregator/fetch"
	"fronteras/aggregator/news"
)

// counter is a server that notes when each request begins and ends.
type counter struct {
	http.Handler
	takes time.Duration

	mu     sync.Mutex
	busy   int
	most   int
	ended  time.Time
	nearer time.Duration // the shortest time from an answer to the next request
	asked  []string
}

func (c *counter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	c.busy++
	c.most = max(c.most, c.busy)
	if !c.ended.IsZero() {
		c.nearer = min(c.nearer, time.Since(c.ended))
	}
	c.asked = append(c.asked, r.Method+" "+r.URL.Path)
	c.mu.Unlock()
	time.Sleep(c.takes)
	c.Handler.ServeHTTP(w, r)
	c.mu.Lock()
	c.busy--
	c.ended = time.Now()
	c.mu.Unlock()
}

// list is what was asked so far, and the most requests at once.
func (c *counter) list() (asked []string, most int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.asked), c.most
}

// count is how many requests had that beginning.
func (c *counter) count(prefix string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := 0
	for _, line := range c.asked {
		if strings.HasPrefix(line, prefix) {
			n++
		}
	}
	return n
}

// ajoFeeds is a station with a number of feeds on one host.
func ajoFeeds(n int) []news.Station {
	s := news.Station{ID: "ajo", Name: "Radio Ajo", URL: "http://ajo.example"}
	for i := range n {
		s.Feeds = append(s.Feeds, news.Feed{Station: "ajo", URL: fmt.Sprintf("http://ajo.example/rss/%d", i),
			Every: 15 * time.Minute})
	}
	return []news.Station{s}
}

// feedsWithPages answers for feeds of a few items each, with pages, and audio of
// no stated length on another host of the same domain.
func feedsWithPages(w http.ResponseWriter, r *http.Request) {
	name, isFeed := strings.CutPrefix(r.URL.Path, "/rss/")
	switch {
	case r.Host == "media.ajo.example":
		w.Header().Set("Content-Length", "4321")
	case isFeed:
		fmt.Fprint(w, `<rss version="2.0"><channel><title>News</title>`)
		for n := range 4 {
			fmt.Fprintf(w, `<item><title>Story %[1]s %[2]d</title>
				<link>http://ajo.example/2025/10/story-of-%[1]s-%[2]d</link>
				<guid isPermaLink="false">%[1]s-%[2]d</guid>
				<enclosure url="http://media.ajo.example/%[1]s-%[2]d.mp3" type="audio/mpeg"/></item>`, name, n)
		}
		fmt.Fprint(w, `</channel></rss>`)
	case r.URL.Path == "/robots.txt":
		http.NotFound(w, r)
	default:
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, `<!doctype html><title>x</title>`)
	}
}

func TestOneRequestAHostOfEveryKind(t *testing.T) {
	c := &counter{Handler: http.HandlerFunc(feedsWithPages), takes: 200 * time.Millisecond, nearer: time.Hour}
	stations := ajoFeeds(3)
	inWorldOf(t, stations, hosts{"ajo.example": c, "media.ajo.example": c, "hub.ajo.example": c}, func(w *world) {
		for range 40 { // a hub of the same domain
			_, err := w.desk.SendToHub(w.t.Context(),
				fetch.SideRequest{Method: http.MethodPost, URL: "http://hub.ajo.example/hub"})
			w.must(err)
			time.Sleep(300 * time.Millisecond)
		}
		time.Sleep(2 * time.Hour)
		c.mu.Lock()
		most, nearer := c.most, c.nearer
		c.mu.Unlock()
		if most != 1 || nearer < time.Second-c.takes { // one that a visit gives up is answered later
			t.Errorf("%d requests at once, %s from an answer to the next request", most, nearer)
		}
		// a visit waits so long for lengths and pages, and no longer
		if heads, pages, hub := c.count("HEAD "), c.count("GET /2025/"), c.count("POST "); heads < 4 || heads > 12 ||
			pages < 12 || pages > 15 || hub != 40 {
			t.Errorf("%d lengths, %d pages, %d at the hub", heads, pages, hub)
		}
	})
}

// Pages wait while feeds are due.
func TestADueFeedGoesBeforeAWaitingPage(t *testing.T) {
	c := &counter{Handler: http.HandlerFunc(feedsWithPages), takes: 2 * time.Second, nearer: time.Hour}
	inWorldOf(t, ajoFeeds(4), hosts{"ajo.example": c, "media.ajo.example": http.NotFoundHandler()}, func(w *world) {
		_, _, err := w.desk.Poll(w.t.Context(), "ajo") // all feeds are due now
		w.must(err)
		time.Sleep(time.Hour)
		feeds, before := 0, 0
		asked, _ := c.list()
		for _, line := range asked {
			switch {
			case strings.HasPrefix(line, "GET /rss/"):
				feeds++
			case feeds < 4:
				before++
			}
		}
		if before > 1 { // one may have begun before the others were due
			t.Errorf("%d pages were read before all feeds: %q", before, asked[:10])
		}
		if v := w.visit("ajo"); v.Failures != 0 {
			t.Errorf("%d failures", v.Failures)
		}
	})
}

// A server that asks for rest is left alone by pages and hubs, and
// a feed's 429 counts for them.
func TestHostsThatAskForRestAreLeftAloneByAllRequests(t *testing.T) {
	limited := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/hub", "/rss/0":
			w.Header().Set("Retry-After", "3600")
			w.WriteHeader(http.StatusTooManyRequests)
		default:
			fmt.Fprint(w, "well")
		}
	})
	ajo := &counter{Handler: limited, nearer: time.Hour}
	inWorldOf(t, ajoFeeds(1), hosts{"ajo.example": ajo, "hub.example": limited}, func(w *world) {
		ask := func(address string) error {
			_, err := w.desk.SendToHub(w.t.Context(), fetch.SideRequest{Method: http.MethodGet, URL: address})
			return err
		}
		time.Sleep(2 * time.Minute) // ajo's feed has been asked
		w.must(ask("http://hub.example/hub"))
		for _, address := range []string{"http://hub.example/hub", "http://hub.example/other",
			"http://ajo.example/page"} {
			if err := ask(address); err == nil || !strings.Contains(err.Error(),
				"asks for no requests before 2025-10-11T13:0") {
				t.Errorf("%s: %v", address, err)
			}
		}
		time.Sleep(2 * time.Hour)
		w.must(ask("http://hub.example/other"))
	})
}

// Hubs that never answer take a quarter of the requests that are made at once, and visits are made
// as if there were none.
func TestSilentHubsTakeNoVisitsPlace(t *testing.T) {
	var waiting, most atomic.Int32
	silent := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		waiting.Add(1)
		defer waiting.Add(-1)
		time.Sleep(time.Millisecond) // one that was given up a moment ago has ended then
		most.Store(max(most.Load(), waiting.Load()))
		<-r.Context().Done()
	})
	all := hosts{"ajo.example": document(rss("Rain")), "kmsa.example": document(rss("Wind"))}
	for n := range 30 {
		all[fmt.Sprintf("hub%d.example", n)] = silent
	}
	stations := []news.Station{ajoFeed("ajo"), ajoFeed("kmsa")}
	inWorldOf(t, stations, all, func(w *world) {
		time.Sleep(2 * time.Minute) // both have been visited
		before := len(w.requests("ajo.example"))
		var asks sync.WaitGroup
		for n := range 30 {
			asks.Go(func() {
				_, _ = w.desk.SendToHub(w.t.Context(), fetch.SideRequest{
					Method: http.MethodPost, URL: fmt.Sprintf("http://hub%d.example/", n)})
			})
		}
		time.Sleep(2 * time.Minute)
		if have := len(w.requests("ajo.example")) - before; have < 10 {
			t.Errorf("a feed that is due every ten seconds was visited %d times in two minutes", have)
		}
		if most.Load() != 1 { // of four
			t.Errorf("%d hubs were asked at once", most.Load())
		}
		asks.Wait()
	})
}

// ajoFeed is a station with one feed, visited every ten seconds.
func ajoFeed(id string) news.Station {
	at := "http://" + id + ".example"
	return news.Station{ID: id, Name: id, URL: at,
		Feeds: []news.Feed{{Station: id, URL: at + "/rss", Every: 10 * time.Second}}}
}
