package websub_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"fronteras/aggregator/fetch"
	"fronteras/aggregator/news"
	"fronteras/aggregator/websub"
	"fronteras/store"
	"fronteras/store/storetest"
)

func TestDiscoverFindsHubsAndTopic(t *testing.T) {
	const at = "https://ajo.example/feed"
	facts := &news.Facts{Self: "https://ajo.example/rss.xml",
		Hubs: []string{"http://plain.example/", "https://hub.example/"}}
	for name, c := range map[string]struct {
		links []string
		facts *news.Facts
		hubs  string
		topic string
	}{
		"of the header": {[]string{`<https://hub.example/>; rel="hub"`,
			`<https://ajo.example/a>; rel=self`}, facts, "https://hub.example/", "https://ajo.example/a"},
		"in one line": {[]string{`<https://hub.example/>; title="a, b"; rel="hub", </a>; rel="alternate self"`}, nil,
			"https://hub.example/", "https://ajo.example/a"},
		"of the document": {[]string{`<https://hub.example/>; rel="hub"`}, facts,
			"https://hub.example/ http://plain.example/", "https://ajo.example/rss.xml"},
		"self on another host": {[]string{`<https://hub.example/>; rel=hub`,
			`<https://other.example/a>; rel=self`}, nil, "", ""},
		"the same feed there": {[]string{`<https://hub.example/>; rel=hub`, `<https://same.example/a>; rel=self`},
			nil, "https://hub.example/", "https://same.example/a"},
		"https first": {nil, facts, "https://hub.example/ http://plain.example/",
			"https://ajo.example/rss.xml"},
		"no hub":                   {nil, &news.Facts{Self: at}, "", ""},
		"a hub that is no address": {nil, &news.Facts{Self: at, Hubs: []string{"javascript:alert(1)"}}, "", ""},
		"a header that breaks off": {[]string{`<https://hub.example/; rel=hub`, `<`, `;;,,=`}, nil, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			hubs, topic := websub.Discover(http.Header{"Link": c.links}, c.facts, at,
				func(topic string) bool { return topic == "https://same.example/a" })
			if strings.Join(hubs, " ") != c.hubs || topic != c.topic {
				t.Errorf("hubs %q, topic %q; want %q, %q", hubs, topic, c.hubs, c.topic)
			}
		})
	}
}

// world is a network in memory with the desk on it, in the false time of a bubble.
type world struct {
	t       *testing.T
	hosts   map[string]http.Handler
	store   *store.Store
	hub     *websub.Hub
	in      *websub.Incoming
	stop    func()
	mu      sync.Mutex
	text    string                   // the desk's feed now
	soon    []string                 // feeds that were to be visited
	arrived []string                 // deliveries
	reading map[string]time.Duration // how long deliveries of a feed take
	served  func()                   // what happens once the feed has next been read; nil: nothing
	client  netip.Prefix             // who asks the hub
	refuses error                    // what the store says of deliveries
	polite  bool                     // requests wait for their turn at a host
	sent    []fetch.SideRequest      // to hubs and callbacks
	log     bytes.Buffer
}

const desk, feed = "https://desk.example", "https://ajo.example/rss.xml"

func inWorld(t *testing.T, hosts map[string]http.Handler, test func(*world)) {
	synctest.Test(t, func(t *testing.T) {
		w := &world{t: t, hosts: hosts, text: "one"}
		for _, h := range hosts {
			if s, ok := h.(*station); ok {
				s.via = w
			}
		}
		var err error
		w.store, err = store.Open(filepath.Join(t.TempDir(), "store.db"), storetest.Rules(t), store.Options{})
		w.must(err)
		w.start()
		test(w)
		w.stop()
		time.Sleep(time.Minute) // servers end
		w.must(w.store.Close())
	})
}

// rest lets everything run until it waits for something. The store gathers changes for a moment.
func rest() {
	time.Sleep(10 * time.Millisecond)
	synctest.Wait()
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// RoundTrip carries a request of a test's to the host that it names.
func (w *world) RoundTrip(r *http.Request) (*http.Response, error) {
	transport := &http.Transport{DisableKeepAlives: true, DialContext: w.dial, DialTLSContext: w.dial}
	answer, err := transport.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(answer.Body)
	answer.Body.Close()
	answer.Body = io.NopCloser(strings.NewReader(string(body)))
	return answer, err
}

// dial connects to a host, in memory.
func (w *world) dial(_ context.Context, _, address string) (net.Conn, error) {
	name := strings.TrimSuffix(strings.TrimSuffix(address, ":443"), ":80")
	handler := w.hosts[name]
	if name == "desk.example" {
		handler = websub.Handler(w.hub, w.in)
	}
	if handler == nil {
		return nil, fmt.Errorf("no host %s", name)
	}
	here, there := net.Pipe()
	listener := &single{conn: there, done: make(chan struct{})}
	server := &http.Server{Handler: handler}
	go server.Serve(listener)
	return &served{Conn: here, end: func() {
		listener.Close()
		server.Close()
	}}, nil
}

// served is a connection that ends its server when it is closed.
type served struct {
	net.Conn
	end func()
}

func (s *served) Close() error {
	defer s.end()
	return s.Conn.Close()
}

// single is a listener with one connection.
type single struct {
	conn net.Conn
	done chan struct{}
	once sync.Once
	mu   sync.Mutex
}

func (s *single) Accept() (net.Conn, error) {
	s.mu.Lock()
	conn := s.conn
	s.conn = nil
	s.mu.Unlock()
	if conn != nil {
		return conn, nil
	}
	<-s.done
	return nil, net.ErrClosed
}

func (s *single) Close() error   { s.once.Do(func() { close(s.done) }); return nil }
func (s *single) Addr() net.Addr { return &net.TCPAddr{} }

// ServeHTTP is the desk's own site.
func (w *world) ServeHTTP(out http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/feed.rss" {
		http.NotFound(out, r)
		return
	}
	w.mu.Lock()
	out.Header().Set("Content-Type", "application/rss+xml")
	out.Header().Set("Link", `<`+desk+r.URL.RequestURI()+`>; rel="self", <`+desk+`/websub/>; rel="hub"`)
	io.WriteString(out, w.text)
	served := w.served
	w.served = nil
	w.mu.Unlock()
	if served != nil {
		served()
	}
}

func (w *world) start() {
	client := fetch.NewClient(fetch.Options{UserAgent: "fronteras/test", Timeout: time.Minute, MaxSize: 1 << 20,
		Dial: w.dial})
	hosts := fetch.NewHostLimiter(fetch.Limits{})
	hosts.UseStations(nil, fetch.DefaultGap, 1)
	send := func(ctx context.Context, r fetch.SideRequest) (fetch.SideAnswer, error) {
		w.mu.Lock()
		w.sent = append(w.sent, r)
		w.mu.Unlock()
		if w.polite {
			r.Limiter = hosts
		}
		return client.Send(ctx, r)
	}
	d := websub.Endpoint{URL: desk, Store: w.store, Send: send, Log: slog.New(slog.NewTextHandler(w, nil))}
	w.hub = &websub.Hub{Endpoint: d, Documents: w, ClientOf: func(*http.Request) netip.Prefix { return w.client }}
	w.in = &websub.Incoming{
		Endpoint: d, MaxSize: 1 << 20,
		Deliver: func(_ context.Context, feed string, body []byte, _ string) error {
			w.mu.Lock()
			takes := w.reading[feed]
			w.mu.Unlock()
			time.Sleep(takes)
			w.mu.Lock()
			defer w.mu.Unlock()
			if w.refuses == nil {
				w.arrived = append(w.arrived, feed+" "+string(body))
			}
			return w.refuses
		},
		Soon: func(_ context.Context, feed string) error {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.soon = append(w.soon, feed)
			return nil
		},
	}
	w.must(w.hub.Start())
	ctx, cancel := context.WithCancel(w.t.Context())
	w.must(w.in.Start(ctx, map[string]bool{feed: true}))
	var work sync.WaitGroup
	work.Go(func() { w.must(w.hub.Run(ctx)) })
	work.Go(func() { w.must(w.in.Run(ctx)) })
	w.stop = func() {
		cancel()
		work.Wait()
	}
}

// Write takes the lines of the desk's log.
func (w *world) Write(line []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.log.Write(line)
}

// change changes the desk's feed and tells the hub.
func (w *world) change(text string) {
	w.mu.Lock()
	w.text = text
	w.mu.Unlock()
	w.hub.Changed()
	rest()
}

// sleep lets time pass, and everything that is due then happen.
func (w *world) sleep(d time.Duration) {
	time.Sleep(d)
	rest()
}

// post sends a form to the desk's hub and gives the status.
func (w *world) post(form string) int {
	w.t.Helper()
	r, err := http.NewRequest(http.MethodPost, desk+"/websub/", strings.NewReader(form))
	w.must(err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := w.RoundTrip(r)
	w.must(err)
	rest()
	return answer.StatusCode
}

// reader subscribes to the desk: it says yes to what it is asked, and keeps what is delivered.
type reader struct {
	mu        sync.Mutex
	no        bool
	answers   []int // of deliveries; the last one is repeated; without any it is 200
	delivered []string
	signed    []string
	at        []time.Time
}

func (p *reader) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if r.Method == http.MethodGet {
		if p.no {
			http.NotFound(w, r)
			return
		}
		io.WriteString(w, r.URL.Query().Get("hub.challenge"))
		return
	}
	body, _ := io.ReadAll(r.Body)
	p.delivered = append(p.delivered, string(body))
	p.signed = append(p.signed, r.Header.Get("X-Hub-Signature"))
	p.at = append(p.at, time.Now())
	if len(p.answers) > 0 {
		w.WriteHeader(p.answers[min(len(p.delivered), len(p.answers))-1])
	}
}

const asks = "hub.mode=subscribe&hub.topic=" + desk +
	"/feed.rss&hub.callback=https://partner.example/in%3Fid%3D7&hub.secret=geheim"

func TestHubPushesWhatChanges(t *testing.T) {
	partner := &reader{}
	inWorld(t, map[string]http.Handler{"partner.example": partner}, func(w *world) {
		if status := w.post(asks); status != http.StatusAccepted {
			t.Fatalf("answered %d", status)
		}
		w.hub.Changed()
		rest()
		if len(partner.delivered) != 0 {
			t.Error("something was delivered though nothing had changed")
		}
		w.change("two")
		w.change("two")
		if !slices.Equal(partner.delivered, []string{"two"}) || !strings.HasPrefix(partner.signed[0], "sha256=") {
			t.Fatalf("delivered %q, signed %q", partner.delivered, partner.signed)
		}
		w.stop()
		w.start()
		w.change("three")
		if !slices.Equal(partner.delivered, []string{"two", "three"}) {
			t.Errorf("after a restart, delivered %q", partner.delivered)
		}
		w.sleep(10*24*time.Hour + time.Hour)
		w.change("four")
		if len(partner.delivered) != 2 {
			t.Error("delivered beyond the lease")
		}
	})
}

// A change that comes while a subscriber is being admitted reaches it.
func TestAChangeDuringTheSubscriptionIsNotMissed(t *testing.T) {
	partner := &reader{}
	var w *world
	between := http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet { // the next that is read is what the subscriber is taken to have
			w.mu.Lock()
			w.served = func() {
				w.mu.Lock()
				w.text = "two"
				w.mu.Unlock()
				w.hub.Changed()
				time.Sleep(time.Millisecond) // its round is over
			}
			w.mu.Unlock()
		}
		partner.ServeHTTP(out, r)
	})
	inWorld(t, map[string]http.Handler{"partner.example": between}, func(inside *world) {
		w = inside
		w.post(asks)
		w.sleep(time.Second)
		if !slices.Equal(partner.delivered, []string{"two"}) {
			t.Errorf("delivered %q", partner.delivered)
		}
	})
}

func TestHubTriesAgainAfterAFailedDelivery(t *testing.T) {
	partner := &reader{answers: []int{500, 500, 200}}
	inWorld(t, map[string]http.Handler{"partner.example": partner}, func(w *world) {
		w.post(asks)
		w.change("two")
		w.sleep(time.Hour)
		if len(partner.at) != 3 || partner.at[1].Sub(partner.at[0]) < time.Minute ||
			partner.at[2].Sub(partner.at[1]) < 5*time.Minute {
			t.Errorf("delivered at %v", partner.at)
		}
	})
}

func TestHubRemovesSubscribersThatAreGone(t *testing.T) {
	partner := &reader{answers: []int{410}}
	inWorld(t, map[string]http.Handler{"partner.example": partner}, func(w *world) {
		w.post(asks)
		w.change("two")
		w.change("three")
		if len(partner.delivered) != 1 {
			t.Errorf("delivered %d times", len(partner.delivered))
		}
		if list, err := w.store.Subscribers(); len(list) != 0 || err != nil {
			t.Errorf("kept %v, %v", list, err)
		}
	})
}

// slow is a subscriber that answers after so long, and counts what it is sent at once.
type slow struct {
	takes time.Duration

	mu         sync.Mutex
	busy, most int
	delivered  []string
}

func (s *slow) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet {
		io.WriteString(w, r.URL.Query().Get("hub.challenge"))
		return
	}
	body, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	s.busy++
	s.most = max(s.most, s.busy)
	s.delivered = append(s.delivered, r.URL.Path+" "+string(body))
	s.mu.Unlock()
	select {
	case <-time.After(s.takes):
	case <-r.Context().Done():
	}
	s.mu.Lock()
	s.busy--
	s.mu.Unlock()
}

func TestASlowSubscriberDelaysNoOther(t *testing.T) {
	lame, quick := &slow{takes: 9 * time.Second}, &slow{}
	inWorld(t, map[string]http.Handler{"lame.example": lame, "quick.example": quick}, func(w *world) {
		for n := range 6 {
			w.post(strings.Replace(asks, "https://partner.example", "https://lame.example/"+strconv.Itoa(n), 1))
		}
		w.post(strings.Replace(asks, "https://partner.example", "https://quick.example", 1))
		w.change("two")
		if len(quick.delivered) != 1 || lame.most > 4 {
			t.Errorf("the quick one got %q; %d deliveries to the slow host at once", quick.delivered, lame.most)
		}
		w.change("three")
		w.change("four") // takes the place of three where that waits
		if len(quick.delivered) != 3 {
			t.Errorf("the quick one got %q", quick.delivered)
		}
		w.sleep(25 * time.Second) // into a third nine
		if lame.most != 4 {
			t.Errorf("%d deliveries to the slow host at once, want 4", lame.most)
		}
		for _, line := range lame.delivered {
			if strings.HasSuffix(line, " three") {
				t.Errorf("what was not the newest was delivered: %q", lame.delivered)
			}
		}
	})
}

func TestHubVerifiesEachSubscription(t *testing.T) {
	partner := &reader{no: true}
	inWorld(t, map[string]http.Handler{"partner.example": partner}, func(w *world) {
		w.post(asks)
		w.change("two")
		if len(partner.delivered) != 0 {
			t.Error("delivered to a callback that did not confirm")
		}
		partner.no = false
		w.post(asks)
		partner.no = true
		w.post(strings.Replace(asks, "=subscribe", "=unsubscribe", 1))
		w.change("three")
		if len(partner.delivered) != 1 {
			t.Error("an unsubscription that was not confirmed was taken")
		}
		partner.no = false
		w.post(strings.Replace(asks, "=subscribe", "=unsubscribe", 1))
		w.change("four")
		if len(partner.delivered) != 1 {
			t.Error("delivered after the unsubscription")
		}
	})
}

func TestHubRefusesWrongAndTooManyRequests(t *testing.T) {
	inWorld(t, map[string]http.Handler{"partner.example": &reader{}}, func(w *world) {
		for name, form := range map[string]string{
			"another's topic":         strings.Replace(asks, "desk.example/feed.rss", "other.example/feed.rss", 1),
			"what is no feed":         strings.Replace(asks, "/feed.rss", "/stories/1", 1),
			"a long secret":           asks + strings.Repeat("x", 200),
			"a callback with a user":  strings.Replace(asks, "https://partner", "https://u:p@partner", 1),
			"with a fragment":         asks[:strings.Index(asks, "&hub.secret")] + "%23here",
			"of another kind":         strings.Replace(asks, "https://partner", "ftp://partner", 1),
			"on the desk's own host":  strings.Replace(asks, "https://partner.example", desk, 1),
			"publishing from outside": strings.Replace(asks, "=subscribe", "=publish", 1),
			"nothing":                 "",
		} {
			if status := w.post(form); status != http.StatusBadRequest {
				t.Errorf("%s: answered %d", name, status)
			}
		}
		if status := w.post("a=" + strings.Repeat("x", 70<<10)); status != http.StatusRequestEntityTooLarge {
			t.Errorf("a large form: answered %d", status)
		}
		refused := 0
		for range 30 {
			if w.post(asks) == http.StatusTooManyRequests {
				refused++
			}
		}
		if refused != 20 {
			t.Errorf("%d of 30 requests for one host were refused", refused)
		}
	})
}

// station is a hub that pushes a station's feed.
type station struct {
	mu       sync.Mutex
	status   int
	forms    []url.Values
	at       []time.Time
	verified []int // answers to its questions
	ask      func(values url.Values) url.Values
	via      *world
}

func (s *station) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	r.ParseForm()
	s.mu.Lock()
	s.forms = append(s.forms, r.PostForm)
	s.at = append(s.at, time.Now())
	status := s.status
	s.mu.Unlock()
	if status != 0 {
		w.WriteHeader(status)
		return
	}
	w.WriteHeader(http.StatusAccepted)
	form := r.PostForm
	s.mu.Lock()
	ask := s.ask
	s.mu.Unlock()
	go func() {
		q := url.Values{"hub.mode": form["hub.mode"], "hub.topic": form["hub.topic"], "hub.challenge": {"echo"},
			"hub.lease_seconds": {"864000"}}
		if ask != nil {
			q = ask(q)
		}
		s.question(form.Get("hub.callback"), q)
	}()
}

func (s *station) question(callback string, q url.Values) {
	r, err := http.NewRequest(http.MethodGet, callback+"?"+q.Encode(), nil)
	s.via.must(err)
	answer, err := s.via.RoundTrip(r)
	s.via.must(err)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.verified = append(s.verified, answer.StatusCode)
}

// push delivers a document, signed with a secret, gives the status, and lets everything rest.
func (s *station) push(callback, secret, body string) int {
	status, _ := s.deliver(callback, secret, body, http.Header{})
	rest()
	return status
}

// deliver delivers a document with a header, signed with a secret.
func (s *station) deliver(callback, secret, body string, header http.Header) (status int, answered http.Header) {
	r, err := http.NewRequest(http.MethodPost, callback, strings.NewReader(body))
	s.via.must(err)
	r.Header.Set("Content-Type", "application/rss+xml")
	maps.Copy(r.Header, header)
	if secret != "" {
		mac := hmac.New(sha1.New, []byte(secret))
		mac.Write([]byte(body))
		r.Header.Set("X-Hub-Signature", "sha1="+strings.ToUpper(hex.EncodeToString(mac.Sum(nil))))
	}
	answer, err := s.via.RoundTrip(r)
	s.via.must(err)
	return answer.StatusCode, answer.Header
}

// asked returns the forms that were posted.
func (s *station) asked() []url.Values {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.forms)
}

// times returns when they were.
func (s *station) times() []time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.at)
}

// subscribed runs a test with a desk that has found a station's hub.
func subscribed(t *testing.T, hub *station, test func(w *world, callback, secret string)) {
	t.Helper()
	inWorld(t, map[string]http.Handler{"hub.example": hub}, func(w *world) {
		w.must(w.in.Discovered(w.t.Context(), feed, websub.Discovery{Hubs: []string{"https://hub.example/"}, Topic: feed}))
		rest()
		if len(hub.asked()) != 1 {
			t.Fatalf("the hub was asked %d times", len(hub.asked()))
		}
		test(w, hub.asked()[0].Get("hub.callback"), hub.asked()[0].Get("hub.secret"))
	})
}

func TestSignedDeliveriesAloneAreTaken(t *testing.T) {
	hub := &station{}
	subscribed(t, hub, func(w *world, callback, secret string) {
		if len(secret) != 64 || hub.asked()[0].Get("hub.lease_seconds") != "864000" ||
			!slices.Equal(hub.verified, []int{200}) {
			t.Errorf("%v, verified %v", hub.asked()[0], hub.verified)
		}
		if status := hub.push(callback, secret, "<rss/>"); status != 202 ||
			!slices.Equal(w.arrived, []string{feed + " <rss/>"}) {
			t.Errorf("signed: answered %d, arrived %q", status, w.arrived)
		}
		if status := hub.push(callback, "wrong", "<rss>false</rss>"); status != 202 || len(w.arrived) != 1 ||
			len(w.soon) != 0 {
			t.Errorf("a false signature: answered %d, arrived %q, soon %q", status, w.arrived, w.soon)
		}
		if status := hub.push(callback, "", "<rss>plain</rss>"); status != 202 || len(w.arrived) != 1 {
			t.Errorf("no signature: answered %d, arrived %q", status, w.arrived)
		}
		if status := hub.push(callback[:len(callback)-1]+"x", secret, "<rss/>"); status != 404 {
			t.Errorf("an unknown callback answered %d", status)
		}
		if status := hub.push(callback, secret, strings.Repeat("x", 2<<20)); status != 413 {
			t.Errorf("a large delivery answered %d", status)
		}
		w.must(w.in.Discovered(w.t.Context(), feed, websub.Discovery{Hubs: []string{"https://hub.example/"}, Topic: feed}))
		rest()
		if len(hub.asked()) != 1 {
			t.Error("the hub was asked again at the next visit")
		}
	})
}

// A feed's deliveries are read in the order in which they came, and those of others meanwhile.
func TestASlowDeliveryDelaysNoOtherFeeds(t *testing.T) {
	hub, other := &station{}, "https://kmsa.example/rss"
	subscribed(t, hub, func(w *world, callback, secret string) {
		check := func(want ...string) {
			t.Helper()
			rest()
			w.mu.Lock()
			defer w.mu.Unlock()
			if !slices.Equal(w.arrived, want) {
				t.Errorf("%q were read, want %q", w.arrived, want)
			}
		}
		w.must(w.in.Discovered(w.t.Context(), other, websub.Discovery{Hubs: []string{"https://hub.example/"}, Topic: other}))
		rest()
		w.mu.Lock()
		w.reading = map[string]time.Duration{feed: time.Second}
		w.mu.Unlock()
		second := hub.asked()[1]
		var pushes sync.WaitGroup
		push := func(callback, secret, body string) {
			pushes.Go(func() {
				if status, _ := hub.deliver(callback, secret, body, nil); status != http.StatusAccepted {
					t.Errorf("%s was answered %d", body, status)
				}
			})
			rest()
		}
		push(callback, secret, "1")
		push(callback, secret, "2")
		push(second.Get("hub.callback"), second.Get("hub.secret"), "1")
		push(callback, secret, "3")
		w.sleep(1500 * time.Millisecond)
		check(other+" 1", feed+" 1")
		w.sleep(2 * time.Second)
		check(other+" 1", feed+" 1", feed+" 2", feed+" 3")
		pushes.Wait()
	})
}

func TestADeliveryIsRefusedWhileOthersOfItsCallbackFillTheBound(t *testing.T) {
	hub := &station{}
	subscribed(t, hub, func(w *world, callback, secret string) {
		w.mu.Lock()
		w.reading = map[string]time.Duration{feed: 20 * time.Second}
		w.mu.Unlock()
		large := strings.Repeat("x", 700<<10) // of 1 MiB
		statuses := make(chan int, 2)
		for range 2 {
			go func() {
				status, _ := hub.deliver(callback, secret, large, nil)
				statuses <- status
			}()
			rest()
		}
		if first, second := <-statuses, <-statuses; first != 503 || second != 202 {
			t.Errorf("the second, which came meanwhile, was answered %d, and the first %d", first, second)
		}
		if status := hub.push(callback, secret, large); status != 202 {
			t.Errorf("after the first was read, a delivery was answered %d", status)
		}
		if len(w.arrived) != 2 {
			t.Errorf("%d deliveries were read", len(w.arrived))
		}
	})
}

func TestOnlyOwnRequestsAreVerified(t *testing.T) {
	for name, change := range map[string]func(url.Values){
		"another topic": func(q url.Values) { q.Set("hub.topic", "https://other.example/") },
		"another mode":  func(q url.Values) { q.Set("hub.mode", "unsubscribe") },
		"long":          func(q url.Values) { q.Set("hub.challenge", strings.Repeat("x", 5000)) },
		"none":          func(q url.Values) { q.Del("hub.challenge") },
	} {
		hub := &station{ask: func(q url.Values) url.Values { change(q); return q }}
		subscribed(t, hub, func(w *world, callback, _ string) {
			if !slices.Equal(hub.verified, []int{404}) {
				t.Errorf("%s: answered %v", name, hub.verified)
			}
			hub.mu.Lock()
			hub.ask = nil
			hub.mu.Unlock()
			w.sleep(2 * time.Hour)
			if len(hub.asked()) < 2 {
				t.Errorf("%s: a hub that never verified was not asked again", name)
			}
		})
	}
}

func TestSubscriptionsAreRenewedBeforeTheirLeaseEnds(t *testing.T) {
	hub := &station{}
	subscribed(t, hub, func(w *world, callback, secret string) {
		w.sleep(8*24*time.Hour + time.Hour)
		if len(hub.asked()) != 2 {
			t.Fatalf("the hub was asked %d times in eight days", len(hub.asked()))
		}
		if wait := hub.times()[1].Sub(hub.times()[0]); wait < 5*24*time.Hour-time.Minute ||
			wait > 8*24*time.Hour+time.Minute {
			t.Errorf("renewed after %v", wait)
		}
		if hub.asked()[1].Get("hub.callback") == callback {
			t.Error("the callback is the old one")
		}
		if hub.push(callback, secret, "<rss>old</rss>"); len(w.arrived) != 1 {
			t.Error("the old callback does not live to the end of its lease")
		}
		w.sleep(3 * 24 * time.Hour)
		if status := hub.push(callback, secret, "<rss/>"); status != 404 {
			t.Errorf("after its lease the old callback answered %d", status)
		}
	})
}

func TestAHubThatStopsDeliveringIsNoticed(t *testing.T) {
	hub := &station{}
	subscribed(t, hub, func(w *world, _, _ string) {
		for n, c := range []struct {
			late, remarks int
		}{{1, 0}, {1, 0}, {0, 0}, {2, 0}, {1, 1}, {3, 1}, {0, 0}} {
			w.must(w.in.Learned(w.t.Context(), feed, c.late))
			list, err := w.store.Subscriptions()
			w.must(err)
			if have := websub.Remarks(feed, list); len(have) != c.remarks {
				t.Errorf("%d: remarks %q, want %d", n, have, c.remarks)
			}
		}
		w.must(w.in.Learned(w.t.Context(), "https://other.example/rss", 9))
		w.must(w.in.Learned(w.t.Context(), feed, 4))
		w.sleep(9 * 24 * time.Hour) // it was renewed meanwhile
		list, err := w.store.Subscriptions()
		w.must(err)
		if have := websub.Remarks(feed, list); len(have) != 1 ||
			have[0] != "its hub at hub.example delivers nothing: polling found the last 4 items first" {
			t.Errorf("after a renewal: %q", have)
		}
	})
}

func TestHubsThatDenyOrRefuseAreLeftAlone(t *testing.T) {
	t.Run("that deny", func(t *testing.T) {
		hub := &station{ask: func(q url.Values) url.Values {
			return url.Values{"hub.mode": {"denied"}, "hub.topic": q["hub.topic"], "hub.reason": {"no\x1b[31m"}}
		}}
		subscribed(t, hub, func(w *world, _, _ string) {
			w.sleep(6 * 24 * time.Hour)
			if len(hub.asked()) != 1 {
				t.Errorf("asked %d times", len(hub.asked()))
			}
		})
	})
	t.Run("that answer 404", func(t *testing.T) {
		hub := &station{status: 404}
		subscribed(t, hub, func(w *world, _, _ string) {
			w.sleep(23 * time.Hour)
			if len(hub.asked()) != 1 {
				t.Errorf("asked %d times", len(hub.asked()))
			}
		})
	})
	t.Run("that the feed does not name any more", func(t *testing.T) {
		hub := &station{}
		subscribed(t, hub, func(w *world, callback, secret string) {
			w.must(w.in.Discovered(w.t.Context(), feed, websub.Discovery{}))
			rest()
			if len(hub.asked()) != 2 || hub.asked()[1].Get("hub.mode") != "unsubscribe" {
				t.Errorf("the hub was told %v", hub.asked())
			}
			if !slices.Equal(hub.verified, []int{200, 200}) {
				t.Errorf("the hub's questions were answered %v", hub.verified)
			}
			for range 2 {
				if status := hub.push(callback, secret, "<rss/>"); status != 410 {
					t.Errorf("a later delivery was answered %d", status)
				}
				w.stop()
				w.start()
			}
			w.sleep(11 * 24 * time.Hour) // its lease has ended
			if status := hub.push(callback, secret, "<rss/>"); status != 404 || len(hub.asked()) != 2 {
				t.Errorf("after its lease a delivery was answered %d, the hub was told %d times", status,
					len(hub.asked()))
			}
		})
	})
}

func TestAnRSSCloudNotificationIsAHint(t *testing.T) {
	cloud := &station{status: 200}
	inWorld(t, map[string]http.Handler{"cloud.example:5337": cloud}, func(w *world) {
		w.must(w.in.Discovered(w.t.Context(), feed, websub.Discovery{
			Cloud: &news.Cloud{Domain: "cloud.example", Port: "5337", Path: "/pleaseNotify", Protocol: "http-post"}}))
		rest()
		if len(cloud.asked()) != 1 || cloud.asked()[0].Get("url1") != feed ||
			cloud.asked()[0].Get("domain") != "desk.example" {
			t.Fatalf("registered %v", cloud.asked())
		}
		callback := desk + cloud.asked()[0].Get("path")
		cloud.question(callback, url.Values{"url": {feed}, "challenge": {"echo"}})
		cloud.question(callback, url.Values{"url": {"https://other.example/"}, "challenge": {"echo"}})
		if !slices.Equal(cloud.verified, []int{200, 404}) {
			t.Errorf("verified %v", cloud.verified)
		}
		notify := func(address string) int {
			r, err := http.NewRequest(http.MethodPost, callback, strings.NewReader("url="+address))
			w.must(err)
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			answer, err := w.RoundTrip(r)
			w.must(err)
			return answer.StatusCode
		}
		if a, b := notify(feed), notify("https://other.example/"); a != 200 || b != 404 ||
			!slices.Equal(w.soon, []string{feed}) {
			t.Errorf("answered %d and %d, soon %q", a, b, w.soon)
		}
		w.sleep(25 * time.Hour)
		if len(cloud.asked()) != 2 {
			t.Errorf("registered %d times in a day", len(cloud.asked()))
		}
	})
}
