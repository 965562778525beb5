package websub_test

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"fronteras/aggregator/news"
	"fronteras/aggregator/websub"
)

// silent is a hub that accepts connections and never answers.
type silent struct{ station }

func (s *silent) ServeHTTP(_ http.ResponseWriter, r *http.Request) {
	r.ParseForm()
	s.mu.Lock()
	s.forms, s.at = append(s.forms, r.PostForm), append(s.at, time.Now())
	s.mu.Unlock()
	select {
	case <-r.Context().Done():
	case <-time.After(time.Hour):
	}
}

// unhurried is a hub that takes a while to answer.
type unhurried struct {
	station
	takes time.Duration
}

func (u *unhurried) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	time.Sleep(u.takes)
	u.station.ServeHTTP(w, r)
}

// discover tells the desk of a feed's hubs.
func (w *world) discover(feed string, hubs ...string) {
	w.t.Helper()
	w.must(w.in.Discovered(w.t.Context(), feed, websub.Discovery{Hubs: hubs, Topic: feed}))
}

// Whatever other hubs do, a delivery is taken at once.
func TestOtherHubsDelayNoDelivery(t *testing.T) {
	for name, c := range map[string]struct {
		hosts map[string]http.Handler
		feeds map[string]int // by hub
	}{
		"three silent hubs": {
			map[string]http.Handler{"a.example": &silent{}, "b.example": &silent{}, "c.example": &silent{}},
			map[string]int{"a.example": 1, "b.example": 1, "c.example": 1},
		},
		"a dead hub with 40 feeds": {map[string]http.Handler{"dead.example": &silent{}},
			map[string]int{"dead.example": 40}},
		"60 feeds at a hub that answers in 0.15 s": {
			map[string]http.Handler{"busy.example": &unhurried{takes: 150 * time.Millisecond}},
			map[string]int{"busy.example": 60}},
	} {
		t.Run(name, func(t *testing.T) {
			hub := &station{}
			c.hosts["hub.example"] = hub
			if busy, ok := c.hosts["busy.example"].(*unhurried); ok {
				defer func() {
					if n := len(busy.verified); n != 60 {
						t.Errorf("%d subscriptions were verified", n)
					}
				}()
			}
			inWorld(t, c.hosts, func(w *world) {
				w.polite = true
				for _, h := range c.hosts {
					if u, ok := h.(*unhurried); ok {
						u.via = w
					}
				}
				for host, n := range c.feeds {
					for i := range n {
						w.discover(fmt.Sprintf("https://s%d.example/rss", i), "https://"+host+"/")
					}
				}
				w.discover(feed, "https://hub.example/")
				w.sleep(3 * time.Second)
				if len(hub.asked()) != 1 {
					t.Fatalf("the good hub was asked %d times in three seconds", len(hub.asked()))
				}
				callback, secret := hub.asked()[0].Get("hub.callback"), hub.asked()[0].Get("hub.secret")
				for n := range 6 {
					begun := time.Now()
					status := hub.push(callback, secret, fmt.Sprint(n))
					w.mu.Lock()
					have := len(w.arrived)
					w.mu.Unlock()
					if took := time.Since(begun); status != http.StatusAccepted || have != n+1 || took > time.Second {
						t.Errorf("delivery %d was answered %d after %v, and %d were read", n, status, took, have)
					}
					w.sleep(5 * time.Second)
				}
				w.sleep(time.Minute)
			})
		})
	}
}

// A hub is asked for one feed after another, with the gap of the rate limit.
func TestAHubIsAskedForOneFeedAtATime(t *testing.T) {
	hub := &unhurried{takes: 150 * time.Millisecond}
	inWorld(t, map[string]http.Handler{"hub.example": hub}, func(w *world) {
		w.polite, hub.via = true, w
		for n := range 20 {
			w.discover(fmt.Sprintf("https://s%d.example/rss", n), "https://hub.example/")
		}
		w.sleep(time.Minute)
		at := hub.times()
		if len(at) != 20 {
			t.Fatalf("the hub was asked %d times", len(at))
		}
		for n := range at[1:] {
			if gap := at[n+1].Sub(at[n]); gap < time.Second+hub.takes {
				t.Errorf("request %d came %v after the one before", n+1, gap)
			}
		}
	})
}

// A hub that does not answer is asked for one of its feeds, and for the others when it answers.
func TestADeadHubIsAskedForOneOfItsFeeds(t *testing.T) {
	hub := &silent{}
	hosts := map[string]http.Handler{"hub.example": hub}
	inWorld(t, hosts, func(w *world) {
		for n := range 40 {
			w.discover(fmt.Sprintf("https://s%d.example/rss", n), "https://hub.example/")
		}
		w.sleep(14 * time.Minute)
		if n := len(hub.asked()); n != 1 {
			t.Errorf("a dead hub was asked %d times in a quarter of an hour", n)
		}
		well := &station{via: w}
		w.mu.Lock()
		hosts["hub.example"] = well
		w.mu.Unlock()
		w.sleep(5 * time.Minute)
		list, err := w.store.Subscriptions()
		w.must(err)
		active := 0
		for _, s := range list {
			if s.State == news.SubscriptionActive {
				active++
			}
		}
		if active != 40 {
			t.Errorf("when it answers again, %d of 40 subscriptions are active", active)
		}
	})
}

// states are the subscriptions of the feed, as "hub state", sorted.
func (w *world) states() []string {
	w.t.Helper()
	list, err := w.store.Subscriptions()
	w.must(err)
	var states []string
	for _, s := range list {
		host, _, _ := strings.Cut(strings.TrimPrefix(s.Hub, "https://"), ".")
		states = append(states, host+" "+s.State)
	}
	slices.Sort(states)
	return states
}

var denies = func(q url.Values) url.Values {
	return url.Values{"hub.mode": {"denied"}, "hub.topic": q["hub.topic"], "hub.reason": {"no"}}
}

func TestAFeedsNextHubIsAskedWhereTheFirst(t *testing.T) {
	for name, c := range map[string]struct {
		first http.Handler
		after time.Duration // at most
	}{
		"denied":                 {&station{ask: denies}, time.Minute},
		"answered 404":           {&station{status: http.StatusNotFound}, time.Minute},
		"did not answer a day":   {&silent{}, 24*time.Hour + time.Minute},
		"answered 503 for a day": {&station{status: http.StatusServiceUnavailable}, 24*time.Hour + time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			second := &station{}
			inWorld(t, map[string]http.Handler{"first.example": c.first, "second.example": second}, func(w *world) {
				begun := time.Now()
				w.discover(feed, "https://first.example/", "https://second.example/")
				w.sleep(c.after)
				if want := []string{"second active"}; !slices.Equal(w.states(), want) {
					t.Fatalf("the subscriptions are %q, want %q", w.states(), want)
				}
				if earliest := c.after - time.Minute - time.Second; second.times()[0].Sub(begun) < earliest {
					t.Errorf("the second hub was asked after %v", second.times()[0].Sub(begun))
				}
				w.discover(feed, "https://first.example/", "https://second.example/")
				if want := []string{"second active"}; !slices.Equal(w.states(), want) {
					t.Errorf("after the next visit, the subscriptions are %q, want %q", w.states(), want)
				}
				callback, secret := second.asked()[0].Get("hub.callback"), second.asked()[0].Get("hub.secret")
				if second.push(callback, secret, "<rss/>"); len(w.arrived) != 1 {
					t.Error("what the second hub delivers is not taken")
				}
			})
		})
	}
}

// At each renewal the first hub is tried again, and the other one delivers until its lease ends.
func TestTheFirstHubIsTriedAgainAtEachRenewal(t *testing.T) {
	first, second := &station{status: http.StatusNotFound}, &station{}
	inWorld(t, map[string]http.Handler{"first.example": first, "second.example": second}, func(w *world) {
		w.discover(feed, "https://first.example/", "https://second.example/")
		w.sleep(time.Minute)
		w.stop() // the hubs that a feed names survive a restart
		w.start()
		w.sleep(9 * 24 * time.Hour)
		if n := len(first.asked()); n != 2 {
			t.Errorf("the first hub was asked %d times, want one at the begin and one at the renewal", n)
		}
		if want := []string{"second active", "second old"}; !slices.Equal(w.states(), want) {
			t.Errorf("the subscriptions are %q, want %q", w.states(), want)
		}
		first.mu.Lock()
		first.status = 0
		first.mu.Unlock()
		w.sleep(9 * 24 * time.Hour)
		if !slices.Contains(w.states(), "first active") {
			t.Errorf("when the first hub takes part again, the subscriptions are %q", w.states())
		}
	})
}

// Where all hubs of a feed deny, each is left alone for as long as if it were the only one.
func TestHubsThatAllDenyAreLeftAlone(t *testing.T) {
	first, second := &station{ask: denies}, &station{ask: denies}
	inWorld(t, map[string]http.Handler{"first.example": first, "second.example": second}, func(w *world) {
		w.discover(feed, "https://first.example/", "https://second.example/", "https://first.example/")
		w.sleep(6 * 24 * time.Hour)
		if a, b := len(first.asked()), len(second.asked()); a != 1 || b != 1 {
			t.Errorf("asked %d and %d times in six days", a, b)
		}
		w.sleep(2 * 24 * time.Hour)
		if a, b := len(first.asked()), len(second.asked()); a != 2 || b != 2 {
			t.Errorf("asked %d and %d times in eight days", a, b)
		}
	})
}

// A document that names many hubs has no more than five of them asked.
func TestADocumentDecidesOfFewHubs(t *testing.T) {
	hosts, hubs, asked := map[string]http.Handler{}, []string(nil), 0
	for n := range 50 {
		host := fmt.Sprintf("h%d.example", n)
		hosts[host] = &station{status: http.StatusNotFound}
		hubs = append(hubs, "https://"+host+"/")
	}
	inWorld(t, hosts, func(w *world) {
		w.discover(feed, hubs...)
		w.sleep(time.Hour)
		for _, h := range hosts {
			asked += len(h.(*station).asked())
		}
		if asked != 5 {
			t.Errorf("%d hubs were asked, want 5", asked)
		}
	})
}

// The secret of a subscription is sent over https alone, also where the hub redirects.
func TestSecretsNeverLeaveHTTPS(t *testing.T) {
	plain, other := &station{}, &station{}
	redirect := func(to string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			io.Copy(io.Discard, r.Body)
			http.Redirect(w, r, to, http.StatusTemporaryRedirect)
		}
	}
	inWorld(t, map[string]http.Handler{
		"leads.example": redirect("http://plain.example/"), "detours.example": redirect("https://leads.example/"),
		"moved.example": redirect("https://other.example/"), "plain.example": plain, "other.example": other,
	}, func(w *world) {
		for _, host := range []string{"leads", "detours", "moved"} {
			w.discover("https://"+host+".example/rss", "https://"+host+".example/")
		}
		w.sleep(time.Minute)
		if len(plain.asked()) != 0 {
			t.Errorf("a hub's redirect to http was followed with %v", plain.asked())
		}
		if len(other.asked()) != 1 || len(other.asked()[0].Get("hub.secret")) != 64 {
			t.Errorf("a redirect to https was followed with %v", other.asked())
		}
		w.discover(feed, "http://plain.example/")
		w.sleep(time.Minute)
		if len(plain.asked()) != 1 || plain.asked()[0].Has("hub.secret") {
			t.Errorf("a hub at http was asked with %v", plain.asked())
		}
	})
}

// What a hub makes the desk log names a feed without its query, which may hold a secret.
func TestLogsNameFeedsWithoutTheirQueries(t *testing.T) {
	const secret = "https://ajo.example/rss?key=SESAME"
	hubs := map[string]http.Handler{
		"denies.example": &station{ask: denies}, "dead.example": &station{status: 500}, "good.example": &station{},
	}
	inWorld(t, hubs, func(w *world) {
		w.discover(secret, "https://denies.example/", "https://dead.example/", "https://good.example/")
		w.sleep(26 * time.Hour)
		good := hubs["good.example"].(*station)
		callback, key := good.asked()[0].Get("hub.callback"), good.asked()[0].Get("hub.secret")
		good.deliver(callback, key, "no gzip", http.Header{"Content-Encoding": {"gzip"}})
		good.deliver(callback, "false", "<rss/>", nil)
		w.must(w.in.Learned(w.t.Context(), secret, 5))
		w.must(w.in.Learned(w.t.Context(), secret, 0))
		w.mu.Lock()
		defer w.mu.Unlock()
		log := w.log.String()
		for _, line := range []string{"a hub denied a subscription", "a hub does not answer", "could not decode",
			"hub stopped delivering", "hub delivers again"} {
			if !strings.Contains(log, line) {
				t.Errorf("the log does not say %q: %s", line, log)
			}
		}
		if strings.Contains(log, "SESAME") {
			t.Errorf("the log tells a query: %s", log)
		}
	})
}
