package websub

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"fronteras/aggregator/fetch"
	"fronteras/aggregator/news"
)

// Bounds of the hub.
const (
	mostSubscribers = 1000
	mostOfHost      = 10 // for each callback host and topic
	mostAsked       = 10 // requests a minute, for each client address and for each callback host
	mostAtHost      = 4  // deliveries in flight
	mostAddress     = 2 << 10
	mostSecret      = 199 // bytes
)

// retries are the waits after deliveries that failed; then nothing is tried until
// the next change.
var retries = [...]time.Duration{time.Minute, 5 * time.Minute, 30 * time.Minute, 3 * time.Hour}

// Hub pushes the desk's own documents to those who subscribe to them. It is no
// open hub: it has no other topics.
type Hub struct {
	Endpoint
	Documents http.Handler // answers for the desk's documents

	// Delivered, if set, is told of each delivery: "hub", and how it went.
	Delivered func(role, result string)

	mu        sync.Mutex
	all       map[place]news.Subscriber
	waiting   map[place]bool     // a delivery is under way or to come; true: again after it
	callbacks *fetch.HostLimiter // bounds deliveries in flight
	asked     map[string][]time.Time
	verifying chan struct{} // bounds verifications under way
	changed   chan struct{}
	later     chan struct{} // a delivery is to be tried again
	work      sync.WaitGroup
}

// place is a subscriber's: one callback may have several topics.
type place struct{ callback, topic string }

func placeOf(s news.Subscriber) place { return place{s.Callback, s.Topic} }

// Start reads who has subscribed.
func (h *Hub) Start() error {
	list, err := h.Store.Subscribers()
	if err != nil {
		return err
	}
	h.all, h.waiting, h.asked = map[place]news.Subscriber{}, map[place]bool{}, map[string][]time.Time{}
	h.callbacks = fetch.NewHostLimiter(fetch.Limits{AtOnce: mostAtHost, NoRests: true})
	h.changed, h.later, h.verifying = make(chan struct{}, 1), make(chan struct{}, 1), make(chan struct{}, 16)
	for _, s := range list {
		h.all[placeOf(s)] = s
	}
	return nil
}

// Changed tells the hub that the desk's documents may have changed.
func (h *Hub) Changed() {
	signal(h.changed)
}

// signal leaves a signal in a channel that holds one.
func signal(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// subscribe takes a request to the hub: it is answered before it is verified.
func (h *Hub) subscribe(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, formSize)
	if err := r.ParseForm(); err != nil {
		say(w, http.StatusRequestEntityTooLarge, "the form is too large, or is none")
		return
	}
	mode := r.PostForm.Get("hub.mode")
	s, fault := h.asks(r.PostForm)
	switch {
	case mode != "subscribe" && mode != "unsubscribe":
		say(w, http.StatusBadRequest, "hub.mode is %q: subscribe or unsubscribe are taken", mode)
		return
	case fault != "":
		say(w, http.StatusBadRequest, "%s", fault)
		return
	case !h.mayAsk(clientOf(r), "host "+hostOf(s.Callback), time.Now()):
		w.Header().Set("Retry-After", "60")
		say(w, http.StatusTooManyRequests, "too many requests: %d a minute are taken", mostAsked)
		return
	case mode == "subscribe" && !h.hasRoom(s):
		w.Header().Set("Retry-After", "86400")
		say(w, http.StatusTooManyRequests, "too many subscriptions")
		return
	}
	select {
	case h.verifying <- struct{}{}:
	default:
		w.Header().Set("Retry-After", "60")
		say(w, http.StatusTooManyRequests, "too many requests wait to be verified")
		return
	}
	ctx := context.WithoutCancel(r.Context())
	h.work.Go(func() {
		defer func() { <-h.verifying }()
		h.verify(ctx, s, mode)
	})
	w.WriteHeader(http.StatusAccepted)
}

// asks reads what is asked for; fault says what is wrong with it.
func (h *Hub) asks(form url.Values) (s news.Subscriber, fault string) {
	callback, topic := form.Get("hub.callback"), form.Get("hub.topic")
	s = news.Subscriber{Callback: callback, Secret: form.Get("hub.secret")}
	u, err := url.Parse(callback)
	switch {
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		return s, "hub.callback is no http or https address"
	case len(callback) > mostAddress || u.User != nil || strings.Contains(callback, "#"):
		return s, "hub.callback is too long, or has a user or a fragment"
	case hostOf(callback) == hostOf(h.URL):
		return s, "hub.callback is on this host"
	case len(s.Secret) > mostSecret:
		return s, fmt.Sprintf("hub.secret has %d bytes: fewer than 200 are taken", len(s.Secret))
	}
	if s.Topic, _ = h.topic(topic); s.Topic == "" {
		return s, "hub.topic is none of this desk's feeds"
	}
	lease := leaseAsked
	if seconds, err := strconv.Atoi(form.Get("hub.lease_seconds")); err == nil && seconds > 0 {
		lease = min(max(time.Duration(min(seconds, 1<<31))*time.Second, leaseLeast), leaseAsked)
	}
	s.Until = time.Now().Add(lease)
	return s, ""
}

// topic is a document's own name for an address, if it is one of the desk's that
// names this hub; and what it says now.
func (h *Hub) topic(address string) (string, document) {
	rest, ours := strings.CutPrefix(address, h.URL+"/")
	if !ours {
		return "", document{}
	}
	d := h.document("/" + rest)
	for _, hub := range d.hubs {
		if hub == HubURL(h.URL) {
			return d.self, d
		}
	}
	return "", document{}
}

// document is what is delivered.
type document struct {
	self, contentType, link string
	hubs                    []string
	body                    []byte
	digest                  news.Digest
}

// document asks the desk's own site, as anybody would.
func (h *Hub) document(path string) (d document) {
	r, err := http.NewRequest(http.MethodGet, path, nil)
	if err != nil {
		return d
	}
	answer := &answered{header: http.Header{}, status: http.StatusOK}
	h.Documents.ServeHTTP(answer, r)
	if answer.status != http.StatusOK {
		return d
	}
	d.hubs, d.self = linked(answer.header, h.URL+path)
	d.contentType, d.link, d.body = answer.header.Get("Content-Type"), answer.header.Get("Link"), answer.body.Bytes()
	sum := sha256.Sum256(d.body)
	copy(d.digest[:], sum[:])
	return d
}

// answered is an answer of the desk's own site.
type answered struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (a *answered) Header() http.Header         { return a.header }
func (a *answered) WriteHeader(status int)      { a.status = status }
func (a *answered) Write(b []byte) (int, error) { return a.body.Write(b) }

// mayAsk counts a request for each of whom it burdens.
func (h *Hub) mayAsk(client, host string, now time.Time) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.asked) > 4*mostSubscribers { // many clients: those of the last minute are all that count
		for who, times := range h.asked {
			if now.Sub(times[len(times)-1]) > time.Minute {
				delete(h.asked, who)
			}
		}
	}
	for _, who := range []string{client, host} {
		times := h.asked[who]
		for len(times) > 0 && now.Sub(times[0]) > time.Minute {
			times = times[1:]
		}
		if len(times) >= mostAsked {
			return false
		}
		h.asked[who] = append(times, now)
	}
	return true
}

func clientOf(r *http.Request) string {
	if a, err := netip.ParseAddrPort(r.RemoteAddr); err == nil {
		return a.Addr().String()
	}
	return r.RemoteAddr
}

// hasRoom reports whether one more subscription is taken.
func (h *Hub) hasRoom(s news.Subscriber) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if _, renewed := h.all[placeOf(s)]; renewed {
		return true
	}
	sameHost := 0
	for p := range h.all {
		if p.topic == s.Topic && hostOf(p.callback) == hostOf(s.Callback) {
			sameHost++
		}
	}
	return len(h.all) < mostSubscribers && sameHost < mostOfHost
}

// publicOnly reports whether callbacks must be at public addresses: leave for feeds to live on
// private networks is none for callbacks, unless the desk lives there itself.
func (h *Hub) publicOnly() bool {
	u, err := url.Parse(h.URL)
	return err != nil || !h.Private || !fetch.IsPrivateHost(u.Hostname())
}

// verify asks a callback whether it meant it. Where it did not, all stays as it was.
func (h *Hub) verify(ctx context.Context, s news.Subscriber, mode string) {
	challenge := token(16)
	q := url.Values{"hub.mode": {mode}, "hub.topic": {s.Topic}, "hub.challenge": {challenge}}
	if mode == "subscribe" {
		q.Set("hub.lease_seconds", strconv.Itoa(int(time.Until(s.Until).Round(time.Second).Seconds())))
	}
	address := s.Callback + "?" + q.Encode()
	if strings.Contains(s.Callback, "?") {
		address = s.Callback + "&" + q.Encode()
	}
	answer, err := h.Send(ctx, fetch.SideRequest{Method: http.MethodGet, URL: address, PublicOnly: h.publicOnly()})
	if err != nil || answer.Status/100 != 2 || answer.Body != challenge {
		h.Log.Debug("a callback did not verify", "callback", hostOf(s.Callback), "mode", mode, "status", answer.Status)
		return
	}
	if mode == "unsubscribe" {
		err = h.dismiss(ctx, placeOf(s))
	} else {
		_, before := h.topic(s.Topic)
		s.Delivered = before.digest
		err = h.admit(ctx, s)
		if _, d := h.topic(s.Topic); d.digest != before.digest {
			h.Changed() // the round for that change may have passed over who was not admitted yet
		}
	}
	if err != nil {
		h.Log.Error("hub", "err", err)
		return
	}
	h.Log.Info("hub", "mode", mode, "callback", hostOf(s.Callback), "topic", s.Topic)
}

func (h *Hub) admit(ctx context.Context, s news.Subscriber) error {
	h.mu.Lock()
	h.all[placeOf(s)] = s
	h.mu.Unlock()
	return h.Store.AddSubscriber(ctx, s)
}

func (h *Hub) dismiss(ctx context.Context, p place) error {
	h.mu.Lock()
	delete(h.all, p)
	h.mu.Unlock()
	return h.Store.RemoveSubscriber(ctx, p.callback, p.topic)
}
