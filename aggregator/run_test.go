package aggregator_test

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"fronteras/aggregator"
	"fronteras/aggregator/news"
	"fronteras/store"
)

type hosts = map[string]http.Handler

// The watchdog asks every ten seconds, and hears that workers are awake whether feeds are due or not.
func TestIdleWorkersAreAwakeWheneverTheyAreAsked(t *testing.T) {
	inWorld(t, 4*time.Hour, hosts{"ajo.example": document(rss("Rain"))}, func(w *world) {
		for n := range 500 {
			if !w.isAwake() {
				t.Fatalf("asked for the %d. time, no worker is awake", n+1)
			}
			if n%3 > 0 { // also at once again
				time.Sleep(10 * time.Second)
			}
		}
	})
}

// Workers that are stuck are not.
func TestWorkersThatDoNotLookForVisitsAreNotAwake(t *testing.T) {
	inWorld(t, 4*time.Hour, hosts{"ajo.example": document(rss("Rain"))}, func(w *world) {
		time.Sleep(time.Minute)
		w.stop()
		w.isAwake()
		if w.isAwake() {
			t.Error("workers that have ended are awake")
		}
		w.start()
	})
}

// isAwake asks as the watchdog does.
func (w *world) isAwake() bool {
	ctx, cancel := context.WithTimeout(w.t.Context(), 5*time.Second)
	defer cancel()
	return w.desk.Awake(ctx)
}

func TestFeedsAreVisitedAtTheirInterval(t *testing.T) {
	handlers := hosts{"ajo.example": document(rss("Rain")), "kmsa.example": document(rss("Wells"))}
	inWorld(t, 15*time.Minute, handlers, func(w *world) {
		time.Sleep(24 * time.Hour)
		for _, host := range []string{"ajo.example", "kmsa.example"} {
			times := w.requests(host)
			if len(times) < 24*4*9/10 || len(times) > 24*4 {
				t.Errorf("%s was asked %d times in a day", host, len(times))
			}
			for n := 1; n < len(times); n++ {
				if gap := times[n].Sub(times[n-1]); gap < 15*time.Minute || gap > 16*time.Minute+30*time.Second {
					t.Errorf("%s was asked again after %v", host, gap)
				}
			}
		}
		if n := w.stories(); n != 2 {
			t.Errorf("%d stories, want 2", n)
		}
	})
}

func TestShortIntervalsAreUsedAsWritten(t *testing.T) {
	inWorld(t, time.Second, hosts{"ajo.example": document(rss("Rain"))}, func(w *world) {
		time.Sleep(30 * time.Second)
		if n := len(w.requests("ajo.example")); n < 27 || n > 31 {
			t.Errorf("asked %d times in 30 s", n)
		}
	})
}

func TestFailuresBackOffAndRecover(t *testing.T) {
	broken := func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", http.StatusInternalServerError) }
	handlers := hosts{"ajo.example": answers(text(rss("Rain")), broken, broken, broken, text(rss("Rain", "Roads")))}
	inWorld(t, 15*time.Minute, handlers, func(w *world) {
		time.Sleep(6 * time.Hour)
		times := w.requests("ajo.example")
		waits := []time.Duration{15 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 15 * time.Minute}
		for n, want := range waits {
			if gap := times[n+1].Sub(times[n]); gap < want || gap > want*11/10 {
				t.Errorf("visit %d came after %v, want %v", n+1, gap, want)
			}
		}
		if v := w.visit("ajo"); v.Failures != 0 || v.Error != "" || v.Items != 2 {
			t.Errorf("%+v", v)
		}
		log := w.log.String()
		if n := strings.Count(log, "visit failed"); n != 2 {
			t.Errorf("3 failures were told %d times, want the first and the second", n)
		}
		if !strings.Contains(log, "feed recovered") {
			t.Error("the recovery was not told")
		}
	})
}

func TestRetryAfterIsObeyed(t *testing.T) {
	busy := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "7200")
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	inWorld(t, 15*time.Minute, hosts{"ajo.example": answers(busy, text(rss("Rain")))}, func(w *world) {
		time.Sleep(3 * time.Hour)
		times := w.requests("ajo.example")
		if gap := times[1].Sub(times[0]); gap < 2*time.Hour {
			t.Errorf("asked again after %v", gap)
		}
	})
}

func TestBadDocumentsLeaveWhatTheFeedHad(t *testing.T) {
	tagged := func(tag, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("ETag", tag)
			text(body)(w, nil)
		}
	}
	for name, bad := range map[string]http.HandlerFunc{
		"a page":       tagged(`"bad"`, "<!DOCTYPE html><html><body>Mending</body></html>"),
		"nothing":      tagged(`"bad"`, ""),
		"no items":     tagged(`"bad"`, rss()),
		"not found":    http.NotFound,
		"unasked part": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusPartialContent) },
		"broken off": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			text("<rss>")(w, nil)
		},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, time.Hour, hosts{"ajo.example": answers(tagged(`"good"`, rss("Rain")), bad)}, func(w *world) {
				time.Sleep(90 * time.Minute)
				v := w.visit("ajo")
				if v.Failures != 1 || v.ETag != `"good"` || v.Items != 1 || v.Error == "" || v.Kind == "" {
					t.Errorf("%+v", v)
				}
				if n := w.stories(); n != 1 {
					t.Errorf("%d stories, want 1", n)
				}
			})
		})
	}
}

func TestAStalledFeedDelaysNoOther(t *testing.T) {
	stalled := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	handlers := hosts{"ajo.example": stalled, "bisbee.example": stalled, "kmsa.example": document(rss("Wells"))}
	inWorld(t, time.Second, handlers, func(w *world) {
		time.Sleep(time.Minute)
		if n := len(w.requests("kmsa.example")); n < 53 {
			t.Errorf("asked %d times in a minute", n)
		}
		if v := w.visit("ajo"); v.Failures == 0 || v.Kind != "timeout" {
			t.Errorf("%+v", v)
		}
	})
}

// A stop is not the feed's failure, and its request is not repeated at once.
func TestStoppingInAVisitLeavesNoTrace(t *testing.T) {
	stalled := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	inWorld(t, 10*time.Minute, hosts{"ajo.example": stalled}, func(w *world) {
		for len(w.requests("ajo.example")) == 0 {
			time.Sleep(time.Second)
		}
		w.restart()
		asked := w.requests("ajo.example")[0]
		if v := w.visit("ajo"); v.Failures != 0 || !v.Visited.IsZero() {
			t.Errorf("%+v", v)
		}
		synctest.Wait()
		if due := w.visit("ajo").Due; due.Sub(asked).Round(time.Second) != 10*time.Minute {
			t.Errorf("due %v after it was asked", due.Sub(asked))
		}
	})
}

// New stories come out together: when the visits in progress have ended and a
// moment has passed, or at the latest after a quarter of a minute.
func TestTheDeskSettlesWhenItIsQuiet(t *testing.T) {
	slow := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(5 * time.Second)
		text(rss("Wells"))(w, r)
	})
	for name, c := range map[string]struct {
		every  time.Duration
		within time.Duration
	}{
		"quiet":       {time.Hour, time.Minute + 5*time.Second + 3*time.Second},
		"never quiet": {time.Second, 21 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, c.every, hosts{"ajo.example": slow, "kmsa.example": slow}, func(w *world) {
				begun := time.Now()
				for w.stories() == 0 {
					time.Sleep(100 * time.Millisecond)
				}
				if took := time.Since(begun); took > c.within || took < 7*time.Second && c.every == time.Hour {
					t.Errorf("settled after %v, want within %v", took, c.within)
				}
				time.Sleep(time.Minute)
				if n := w.stories(); n != 2 {
					t.Errorf("%d stories, want 2", n)
				}
			})
		})
	}
}

// lateClaim is a store on a slow disk: one claim takes a while to return.
type lateClaim struct {
	*store.Store
	claimed atomic.Int64
}

func (s *lateClaim) Claim(
	ctx context.Context, now time.Time, hold func(string, bool) time.Duration,
) (news.FeedState, time.Duration, bool, error) {
	v, wait, ok, err := s.Store.Claim(ctx, now, hold)
	if ok && s.claimed.Add(1) == 2 {
		time.Sleep(10 * time.Second)
	}
	return v, wait, ok, err
}

func TestTheDeskSettlesNotWhileAVisitIsClaimed(t *testing.T) {
	var stations []news.Station
	for _, id := range []string{"ajo", "kmsa"} {
		path := filepath.Join(t.TempDir(), id+".xml")
		if err := os.WriteFile(path, []byte(rss("Wells")), 0o600); err != nil {
			t.Fatal(err)
		}
		f := news.Feed{Station: id, URL: "file:" + path, Path: path, Every: time.Hour} // due at once
		stations = append(
			stations,
			news.Station{ID: id, Name: "Radio " + id, URL: "http://" + id + ".example", Feeds: []news.Feed{f}},
		)
	}
	late := func(s *store.Store) aggregator.Store { return &lateClaim{Store: s} }
	inWorldAround(t, stations, nil, late, func(w *world) {
		for w.stories() == 0 {
			time.Sleep(100 * time.Millisecond)
		}
		if n := w.stories(); n != 2 {
			t.Errorf("%d stories came out first, want both\n%s", n, w.log.String())
		}
	})
}

func TestNothingNewIsAnnouncedToNobody(t *testing.T) {
	inWorld(t, time.Minute, hosts{"ajo.example": document(rss("Rain"))}, func(w *world) {
		time.Sleep(time.Hour)
		w.mu.Lock()
		before := len(w.announced)
		w.mu.Unlock()
		time.Sleep(24 * time.Hour)
		w.mu.Lock()
		defer w.mu.Unlock()
		if len(w.announced) != before {
			t.Errorf("announced %d times more", len(w.announced)-before)
		}
	})
}

// However many servers never answer, the others' feeds are visited at their time: feeds that failed
// share three quarters of the workers, but have one at least. A single worker makes one visit after
// another.
func TestServersThatHangKeepNobodyElseWaiting(t *testing.T) {
	hang := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	for _, c := range []struct {
		workers, hanging int
		longest          time.Duration // between two visits of the feed that answers
	}{
		{1, 1, 33 * time.Second}, {2, 2, 3 * time.Second}, {3, 5, 3 * time.Second}, {16, 16, 3 * time.Second},
		{16, 40, 3 * time.Second},
	} {
		t.Run(fmt.Sprintf("%d of %d", c.hanging, c.workers), func(t *testing.T) {
			handlers := hosts{"ajo.example": document(rss("Rain"))}
			for n := range c.hanging {
				handlers[fmt.Sprintf("h%d.example", n)] = hang
			}
			inWorld(t, time.Second, handlers, func(w *world) {
				w.succeed(w.stations, c.workers)
				time.Sleep(5 * time.Minute) // each has failed
				before := len(w.requests("ajo.example"))
				time.Sleep(5 * time.Minute)
				times := w.requests("ajo.example")[before-1:]
				for n := 1; n < len(times); n++ {
					if gap := times[n].Sub(times[n-1]); gap > c.longest {
						t.Errorf("the feed that answers waited %v for its turn", gap)
					}
				}
				if len(times) < 8 {
					t.Errorf("it was asked %d times in five minutes", len(times))
				}
				for n := range c.hanging {
					if v := w.visit(fmt.Sprintf("h%d", n)); v.Failures == 0 {
						t.Errorf("nobody was at h%d: %+v", n, v)
					}
				}
			})
		})
	}
}

// On a new desk nobody knows which servers hang. Once a feed has answered, there is room for it.
func TestServersThatHangOnANewDeskKeepNobodyElseWaiting(t *testing.T) {
	hang := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	handlers := hosts{"ajo.example": document(rss("Rain"))}
	for n := range 40 {
		handlers[fmt.Sprintf("h%d.example", n)] = hang
	}
	inWorld(t, time.Second, handlers, func(w *world) {
		w.succeed(w.stations, 16)
		time.Sleep(5 * time.Minute)
		times := w.requests("ajo.example")
		for n := 1; n < len(times); n++ {
			if gap := times[n].Sub(times[n-1]); gap > 3*time.Second {
				t.Errorf("the feed that answers waited %v for its turn", gap)
			}
		}
		if len(times) < 100 {
			t.Errorf("it was asked %d times in five minutes", len(times))
		}
	})
}

// A successor goes on where a drained desk's visits are still under way: no host
// is asked by both at once, and what those visits bring is settled.
func TestASuccessorTakesOverWhileVisitsAreUnderWay(t *testing.T) {
	slow := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-time.After(20 * time.Second):
			text(rss("Wells"))(w, r)
		case <-r.Context().Done():
		}
	})
	inWorld(t, time.Minute, hosts{"ajo.example": document(rss("Rain")), "kmsa.example": slow}, func(w *world) {
		for len(w.requests("kmsa.example")) == 0 {
			time.Sleep(time.Second)
		}
		old, stop := w.desk, w.stop
		old.Drain()
		next, err := old.Successor(old.Options)
		w.must(err)
		ctx, cancel := context.WithCancel(w.t.Context())
		ended := make(chan error, 1)
		go func() { ended <- next.Run(ctx) }()
		time.Sleep(5 * time.Minute)
		if n := len(w.requests("ajo.example")); n < 4 {
			t.Errorf("the other station was visited %d times", n)
		}
		times := w.requests("kmsa.example")
		if len(times) < 2 || times[1].Sub(times[0]) < time.Minute {
			t.Errorf("the slow station was asked at %v", times)
		}
		if n := w.stories(); n != 2 {
			t.Errorf("%d stories are out, want both stations'", n)
		}
		cancel()
		w.must(<-ended)
		stop()
		w.stop = func() {}
	})
}

// A stop waits for no station: neither for a feed, nor for a page or the length of a
// sound that a visit asks for.
func TestAStopWaitsForNoStation(t *testing.T) {
	hang := func(r *http.Request) { <-r.Context().Done() }
	item := func(inside string) string {
		return `<rss version="2.0"><channel><title>News</title><item><title>Rain</title>` +
			`<guid isPermaLink="false">1</guid>` + inside + `</item></channel></rss>`
	}
	for name, document := range map[string]string{
		"feed":  "",
		"page":  item("<link>http://ajo.example/page</link>"),
		"sound": item(`<enclosure url="http://ajo.example/rain.mp3" type="audio/mpeg"/>`),
	} {
		t.Run(name, func(t *testing.T) {
			var hung atomic.Bool
			inWorld(t, time.Minute, hosts{"ajo.example": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/robots.txt" {
					http.NotFound(w, r)
					return
				}
				if r.URL.Path != "/rss" || document == "" {
					hung.Store(true)
					hang(r)
					return
				}
				text(document)(w, r)
			})},
				func(w *world) {
					for !hung.Load() {
						time.Sleep(time.Second)
					}
					begun := time.Now()
					w.stop()
					if took := time.Since(begun); took > time.Second {
						t.Errorf("it took %v", took)
					}
					w.stop = func() {}
				})
		})
	}
}

// No queue and no ticker: an idle hour leaves the file as it was.
func TestAnIdleHourWritesNothing(t *testing.T) {
	inWorld(t, 3*time.Hour, hosts{"ajo.example": document(rss("Rain"))}, func(w *world) {
		time.Sleep(30 * time.Minute)
		before, err := os.ReadFile(w.path)
		w.must(err)
		time.Sleep(2 * time.Hour)
		after, err := os.ReadFile(w.path)
		w.must(err)
		if string(before) != string(after) {
			t.Error("the file is another after an idle hour")
		}
		if n := len(w.requests("ajo.example")); n != 1 {
			t.Errorf("asked %d times", n)
		}
	})
}

// A feed that is added costs one request of its address, also where it names a
// hub, a page and itself.
func TestAddingAFeedCostsOneRequest(t *testing.T) {
	ajo := document(
		`<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>
		<title>News</title><link>http://ajo.example/</link>
		<atom:link rel="hub" href="http://hub.example/"/>
		<atom:link rel="self" href="http://ajo.example/rss"/><ttl>5</ttl></channel></rss>`,
	)
	c := &counter{Handler: ajo, nearer: time.Hour}
	inWorld(t, 24*time.Hour, hosts{"ajo.example": c}, func(w *world) {
		time.Sleep(20 * time.Hour)
		if asked, _ := c.list(); len(asked) != 1 || asked[0] != "GET /rss" {
			t.Errorf("asked %q", asked)
		}
	})
}
