package websub_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"fronteras/aggregator/fetch"
	"fronteras/aggregator/websub"
	"fronteras/store"
	"fronteras/store/storetest"

	"log/slog"
)

// hubForm is a form for the hub.
func hubForm(mode, topic, callback string) string {
	return url.Values{"hub.mode": {mode}, "hub.topic": {desk + topic}, "hub.callback": {callback}}.Encode()
}

// from is the client of the requests that follow.
func (w *world) from(n int) { w.client = netip.MustParsePrefix(fmt.Sprintf("192.0.2.%d/32", n)) }

func TestAHostHasTwentyPlacesOverAllTopics(t *testing.T) {
	partner, other := &reader{}, &reader{}
	inWorld(t, map[string]http.Handler{"partner.example": partner, "other.example": other}, func(w *world) {
		refused := 0
		for n := range 25 {
			status := w.post(hubForm("subscribe", fmt.Sprintf("/feed.rss?topic=%d", n), "https://partner.example/in"))
			if status == http.StatusTooManyRequests {
				refused++
			}
			w.sleep(20 * time.Second)
		}
		list, err := w.store.Subscribers()
		w.must(err)
		if refused != 5 || len(list) != 20 {
			t.Errorf("%d refused and %d subscribed, want 5 and 20", refused, len(list))
		}
		if status := w.post(hubForm("subscribe", "/feed.rss", "https://other.example/in")); status != 202 {
			t.Errorf("another host: %d", status)
		}
	})
}

// Strangers who name a partner's host use up what strangers may ask for, and nothing else.
func TestRenewalsAreOutsideTheLimitOfStrangers(t *testing.T) {
	partner := &reader{}
	inWorld(t, map[string]http.Handler{"partner.example": partner}, func(w *world) {
		const known = "https://partner.example/known"
		w.from(1)
		if status := w.post(hubForm("subscribe", "/feed.rss", known)); status != http.StatusAccepted {
			t.Fatalf("the first: %d", status)
		}
		w.sleep(2 * time.Minute)
		partner.no = true // to what it has not asked for
		refused := 0
		for n := range 12 {
			w.from(10 + n)
			if w.post(hubForm("subscribe", "/feed.rss", fmt.Sprintf("https://partner.example/%d", n))) != 202 {
				refused++
			}
		}
		partner.no = false
		w.from(10)
		if refused != 2 {
			t.Errorf("%d of 12 of one host were refused, want 2", refused)
		}
		for n := range 12 { // and its own client has asked often
			w.post(hubForm("subscribe", "/feed.rss", fmt.Sprintf("https://h%d.example/", n)))
		}
		before, err := w.store.Subscribers()
		w.must(err)
		status := w.post(hubForm("subscribe", "/feed.rss", known))
		after, err := w.store.Subscribers()
		w.must(err)
		if status != 202 || len(before) != 1 || len(after) != 1 || !after[0].Until.After(before[0].Until) {
			t.Errorf("the renewal: %d, %v, then %v", status, before, after)
		}
		partner.no = true
		if w.post(hubForm("unsubscribe", "/feed.rss", known)) != 202 {
			t.Error("it may not leave")
		}
	})
}

// A renewal takes nothing from what its subscriber has still to get.
func TestARenewalKeepsTheDeliveryThatWaits(t *testing.T) {
	partner := &reader{answers: []int{500, 200}}
	inWorld(t, map[string]http.Handler{"partner.example": partner}, func(w *world) {
		w.post(asks)
		w.change("two")
		w.post(asks)
		w.sleep(2 * time.Minute)
		if strings.Join(partner.delivered, " ") != "two two" {
			t.Errorf("delivered %q", partner.delivered)
		}
	})
}

// What changed while the hub did not run, or was not delivered when it ended, is delivered when it
// runs again.
func TestWhatChangedWhileTheHubDidNotRunIsDelivered(t *testing.T) {
	partner := &reader{}
	inWorld(t, map[string]http.Handler{"partner.example": partner}, func(w *world) {
		w.post(asks)
		w.stop()
		w.text = "two"
		w.start()
		rest()
		if strings.Join(partner.delivered, " ") != "two" {
			t.Errorf("delivered %q", partner.delivered)
		}
	})
}

// Callbacks that answer late do not keep others out: who comes while sixteen are asked waits.
func TestRequestsWaitWhileCallbacksAreSlowToConfirm(t *testing.T) {
	hosts := map[string]http.Handler{}
	var mu sync.Mutex
	busy, most := map[string]int{}, map[string]int{}
	late := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		for _, name := range []string{"all", r.Host} {
			busy[name]++
			most[name] = max(most[name], busy[name])
		}
		mu.Unlock()
		time.Sleep(8 * time.Second)
		mu.Lock()
		busy["all"]--
		busy[r.Host]--
		mu.Unlock()
		io.WriteString(w, r.URL.Query().Get("hub.challenge"))
	})
	for n := range 60 {
		hosts[fmt.Sprintf("h%d.example", n)] = late
	}
	inWorld(t, hosts, func(w *world) {
		statuses := map[int]int{}
		for n := range 150 {
			w.from(n)
			callback := fmt.Sprintf("https://h%d.example/%d", n%60, n)
			r, err := http.NewRequest(http.MethodPost, desk+"/websub/",
				strings.NewReader(hubForm("subscribe", "/feed.rss", callback)))
			w.must(err)
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			answer, err := w.RoundTrip(r)
			w.must(err)
			statuses[answer.StatusCode]++
			if answer.StatusCode == http.StatusServiceUnavailable && answer.Header.Get("Retry-After") == "" {
				t.Error("a 503 without Retry-After")
			}
		}
		if statuses[202] != 116 || statuses[503] != 34 {
			t.Errorf("answered %v, want 116 times 202 and 34 times 503", statuses)
		}
		w.sleep(2 * time.Minute)
		list, err := w.store.Subscribers()
		w.must(err)
		if len(list) != 116 || most["all"] != 16 {
			t.Errorf("%d subscribed, %d asked at once; want 116 and 16", len(list), most["all"])
		}
		for host, n := range most {
			if host != "all" && n > 2 {
				t.Errorf("%s was asked %d times at once", host, n)
			}
		}
	})
}

// However many names of hosts lead to one address, it is asked ten times a minute.
func TestAVictimWithManyNamesIsAskedTenTimesAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, err := store.Open(filepath.Join(t.TempDir(), "store.db"), storetest.Rules(t), store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		var mu sync.Mutex
		asked, client := 0, netip.MustParsePrefix("2001:db8::/64")
		w := &world{t: t, text: "one"}
		hub := &websub.Hub{
			Endpoint: websub.Endpoint{URL: desk, Store: s, Log: slog.New(slog.DiscardHandler),
				Send: func(_ context.Context, r fetch.SideRequest) (fetch.SideAnswer, error) {
					if r.MayDial == nil || r.MayDial(netip.MustParseAddr("2001:db8:5::7")) {
						mu.Lock()
						asked++
						mu.Unlock()
					}
					return fetch.SideAnswer{Status: http.StatusNotFound}, nil
				}},
			Documents: w, ClientOf: func(*http.Request) netip.Prefix { return client },
		}
		if err := hub.Start(); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- hub.Run(ctx) }()
		in := &websub.Incoming{Endpoint: hub.Endpoint}
		for minute := range 3 {
			for n := range 1000 {
				b := client.Addr().As16()
				b[6], b[7] = byte(n>>8), byte(n)
				client = netip.PrefixFrom(netip.AddrFrom16(b), 64)
				form := hubForm("subscribe", "/feed.rss", fmt.Sprintf("https://n%d.n%d.example/", minute, n))
				r, err := http.NewRequest(http.MethodPost, "/websub/", strings.NewReader(form))
				if err != nil {
					t.Fatal(err)
				}
				r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				websub.Handler(hub, in).ServeHTTP(&nowhere{http.Header{}}, r)
				synctest.Wait()
			}
			if mu.Lock(); asked != 10*(minute+1) {
				t.Errorf("after minute %d it was asked %d times", minute+1, asked)
			}
			mu.Unlock()
			time.Sleep(time.Minute + time.Second)
		}
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
}

// nowhere takes an answer that nobody looks at.
type nowhere struct{ header http.Header }

func (n *nowhere) Header() http.Header         { return n.header }
func (n *nowhere) Write(b []byte) (int, error) { return len(b), nil }
func (n *nowhere) WriteHeader(int)             {}

// A hundred topics of 0.4 MB change at once, and most subscribers take their time: at any moment
// deliveries hold 32 MiB at most, and who is quick is not kept waiting by who is known to be slow.
func TestDeliveriesHoldBoundedBytesHoweverSlowSubscribersAre(t *testing.T) {
	const topics, size, hosts = 100, 400 << 10, 20
	synctest.Test(t, func(t *testing.T) {
		s, err := store.Open(filepath.Join(t.TempDir(), "store.db"), storetest.Rules(t), store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		var mu sync.Mutex
		held, most, delivered := 0, 0, map[string]time.Time{}
		w := &world{t: t, text: strings.Repeat("1", size)}
		hub := &websub.Hub{
			Endpoint: websub.Endpoint{URL: desk, Store: s, Log: slog.New(slog.DiscardHandler),
				Send: func(_ context.Context, r fetch.SideRequest) (fetch.SideAnswer, error) {
					u, err := url.Parse(r.URL)
					if err != nil || r.Method == http.MethodGet {
						return fetch.SideAnswer{Status: 200, Body: u.Query().Get("hub.challenge")}, err
					}
					mu.Lock()
					held += len(r.Body)
					most = max(most, held)
					mu.Unlock()
					if u.Host != "quick.example" {
						time.Sleep(9 * time.Second)
					}
					mu.Lock()
					held -= len(r.Body)
					delivered[r.URL] = time.Now()
					mu.Unlock()
					return fetch.SideAnswer{Status: 200}, nil
				}},
			Documents: w, ClientOf: func(*http.Request) netip.Prefix { return w.client },
		}
		if err := hub.Start(); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- hub.Run(ctx) }()
		handler := websub.Handler(hub, &websub.Incoming{Endpoint: hub.Endpoint})
		subscribe := func(n int, callback string) {
			w.from(n % 200)
			r, err := http.NewRequest(http.MethodPost, "/websub/",
				strings.NewReader(hubForm("subscribe", fmt.Sprintf("/feed.rss?topic=%d", n), callback)))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			handler.ServeHTTP(&nowhere{http.Header{}}, r)
			rest()
		}
		for n := range topics {
			if subscribe(n, fmt.Sprintf("https://slow%d.example/%d", n%hosts, n)); n%100 == 99 {
				time.Sleep(2 * time.Minute)
			}
		}
		subscribe(topics, "https://quick.example/in")
		change := func(digit string) (took time.Duration) {
			w.mu.Lock()
			w.text = strings.Repeat(digit, size)
			w.mu.Unlock()
			begun := time.Now()
			hub.Changed()
			time.Sleep(10 * time.Minute)
			mu.Lock()
			defer mu.Unlock()
			if len(delivered) != topics+1 {
				t.Errorf("change %s was delivered %d times, want %d", digit, len(delivered), topics+1)
			}
			took = delivered["https://quick.example/in"].Sub(begun)
			clear(delivered)
			return took
		}
		change("2")
		if took := change("3"); took > 100*time.Millisecond {
			t.Errorf("the quick one had it after %v", took)
		}
		if most > 32<<20 || most < 8<<20 {
			t.Errorf("deliveries held %d bytes at once", most)
		}
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
}
