package aggregator_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"fronteras/aggregator/fetch"
	"fronteras/aggregator/news"
)

// succeed has another desk with these stations take the place of the world's, as a reload does: it
// begins before the old one has ended.
func (w *world) succeed(stations []news.Station, concurrency int) {
	w.t.Helper()
	w.must(w.store.Learn(w.t.Context(), feedsOf(stations), time.Now()))
	o := w.desk.Options
	o.Stations, o.Concurrency = stations, concurrency
	o.Client = fetch.NewClient(
		fetch.Options{UserAgent: "fronteras/test", Timeout: 30 * time.Second, MaxSize: 1 << 20, Dial: w.dial},
	)
	next, err := w.desk.Successor(o)
	w.must(err)
	time.Sleep(5 * time.Second) // the old one still runs
	w.desk.Drain()
	w.desk = next
	ctx, cancel := context.WithCancel(w.t.Context())
	ended := make(chan error, 1)
	go func() { ended <- next.Run(ctx) }()
	before := w.stop
	w.stop = func() {
		before()
		cancel()
		w.must(<-ended)
		o.Client.CloseIdleConnections()
	}
}

func feedsOf(stations []news.Station) (feeds []news.Feed) {
	for _, s := range stations {
		feeds = append(feeds, s.Feeds...)
	}
	return feeds
}

// What a reload adds is visited by the new desk alone, what it removes is not visited again, and the
// number of requests at once is the new one's, with those that the old one is still making.
func TestASuccessorKeepsToItsConfiguration(t *testing.T) {
	handlers := hosts{}
	var before, after []news.Station
	slow := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-time.After(20 * time.Second):
			text(rss("Wells at "+r.Host))(w, r)
		case <-r.Context().Done():
		}
	})
	for n := range 20 {
		host := fmt.Sprintf("s%d.example", n)
		handlers[host] = slow
		if s := sharing(host, 1, 20*time.Second); n < 16 { // so that all workers are busy
			before = append(before, s)
		} else {
			after = append(after, s)
		}
	}
	inWorldOf(t, before, handlers, func(w *world) {
		time.Sleep(70 * time.Second) // all have made some visits, and are in the midst of one
		removed := len(w.requests("s0.example"))
		w.succeed(append(slices.Clone(before[1:]), after...), 2)
		mostFor := func(d time.Duration) int {
			w.mu.Lock()
			w.most = w.busy
			w.mu.Unlock()
			time.Sleep(d)
			w.mu.Lock()
			defer w.mu.Unlock()
			return w.most
		}
		if most := mostFor(time.Minute); most != 4 {
			t.Errorf("%d requests were made at once, want the old desk's four and no other", most)
		}
		if most := mostFor(10 * time.Minute); most != 2 {
			t.Errorf("%d requests were made at once, want 2", most)
		}
		if n := len(w.requests("s0.example")); n > removed+1 {
			t.Errorf("the feed that was removed was asked %d times more", n-removed)
		}
		for _, host := range []string{"s16.example", "s19.example"} {
			if n := len(w.requests(host)); n < 3 {
				t.Errorf("%s was asked %d times", host, n)
			}
		}
	})
}

// A server that asks us not to read its pages is left alone after a reload, too.
func TestASuccessorLeavesServersAloneThatRest(t *testing.T) {
	item := func(n int) string {
		return fmt.Sprintf(`<rss version="2.0"><channel><title>News</title><item><title>Rain %d</title>`+
			`<guid isPermaLink="false">%d</guid><link>http://ajo.example/page/%d</link></item></channel></rss>`, n, n, n)
	}
	var asked, visits atomic.Int64
	ajo := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/rss":
			text(item(int(visits.Add(1))))(w, r)
		case "/robots.txt":
			asked.Add(1)
			w.WriteHeader(http.StatusServiceUnavailable) // its pages rest a day
		default:
			asked.Add(1)
		}
	})
	inWorld(t, 10*time.Minute, hosts{"ajo.example": ajo}, func(w *world) {
		time.Sleep(time.Hour)
		w.succeed(w.stations, 4)
		time.Sleep(time.Hour)
		if asked.Load() != 1 || visits.Load() < 10 {
			t.Errorf("%d requests for pages and robots.txt at %d visits, want one", asked.Load(), visits.Load())
		}
	})
}

// If this machine lets the process open no more connections, no station is at fault, nor is the network
// down: visits are made again soon, and the log says so once.
func TestAShortageOfOpenFilesIsNobodysFailure(t *testing.T) {
	handlers := hosts{}
	for n := range 4 {
		handlers[fmt.Sprintf("s%d.example", n)] = document(rss(fmt.Sprintf("Rain %d", n)))
	}
	inWorld(t, 10*time.Minute, handlers, func(w *world) {
		time.Sleep(30 * time.Minute)
		w.cut(&net.OpError{Op: "dial", Err: os.NewSyscallError("socket", syscall.EMFILE)})
		time.Sleep(3 * time.Hour)
		for n := range 4 {
			v := w.visit(fmt.Sprintf("s%d", n))
			if v.Failures != 0 || v.Error != "" || v.ETag == "" || time.Until(v.Due) > 33*time.Second {
				t.Errorf("s%d: %+v", n, v)
			}
		}
		if log := w.log.String(); strings.Count(log, "no more files can be opened") != 1 ||
			strings.Contains(log, "network is down") || strings.Contains(log, "visit failed") {
			t.Errorf("the log says %s", log)
		}
		w.cut(nil)
		mended := time.Now()
		time.Sleep(time.Minute)
		for host := range handlers {
			if times := w.requests(host); times[len(times)-1].Before(mended) {
				t.Errorf("%s was not asked again", host)
			}
		}
	})
}

// A desk's own files need no network.
func TestFilesAreVisitedWhileTheNetworkIsDown(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ajo.xml")
	if err := os.WriteFile(path, []byte(rss("Rain")), 0o600); err != nil {
		t.Fatal(err)
	}
	file := news.Feed{Station: "ajo", URL: "file:" + path, Path: path, Every: time.Minute}
	stations := []news.Station{{ID: "ajo", Name: "Radio Ajo", URL: "http://ajo.example", Feeds: []news.Feed{file}}}
	handlers := hosts{}
	for n := range 4 {
		host := fmt.Sprintf("s%d.example", n)
		handlers[host] = document(rss("Wells"))
		stations = append(stations, sharing(host, 1, time.Minute))
	}
	inWorldOf(t, stations, handlers, func(w *world) {
		time.Sleep(10 * time.Minute)
		w.cut(&net.OpError{Op: "dial", Err: syscall.ENETUNREACH})
		for range 60 {
			time.Sleep(time.Minute)
			if wait := time.Since(w.visit("ajo").Visited); wait > 70*time.Second {
				t.Fatalf("the file was last visited %v ago", wait)
			}
		}
	})
}
