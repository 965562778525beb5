package websub

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"maps"
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
	maxSubscribers     = 1000
	maxPerHostAndTopic = 10 // subscribers of one callback host
	maxRequests        = 10 // a minute, the rate limit of a client address and of a callback host
	maxVerifying       = 16 // verifications under way
	maxInFlight        = 4  // deliveries to one host
	maxCallback        = 2 << 10
	maxSecret          = 199 // bytes
)

// Hub pushes the desk's own documents to those who subscribe to them. It is not an open hub: it has
// no other topics.
type Hub struct {
	Endpoint
	Documents http.Handler // answers for the desk's documents

	// Delivered, if set, is called after each delivery, with "hub" and "delivered" or "failed".
	Delivered func(role, result string)

	mu          sync.Mutex
	subscribers map[subscriberKey]news.Subscriber
	delivering  map[subscriberKey]bool // to those with a delivery under way; true: again after it
	requests    map[string][]time.Time // of the last minute, by client and by callback host

	callbacks *fetch.HostLimiter // bounds deliveries in flight
	verifying chan struct{}      // bounds verifications under way
	changed   chan struct{}      // documents may have changed; holds one
	later     chan struct{}      // a delivery is to be tried again; holds one
	work      sync.WaitGroup
}

// subscriberKey names a subscriber: one callback may have several topics.
type subscriberKey struct{ callback, topic string }

func keyOf(s news.Subscriber) subscriberKey { return subscriberKey{s.Callback, s.Topic} }

// Start reads the subscribers. It is called before anything else.
func (h *Hub) Start() error {
	list, err := h.Store.Subscribers()
	if err != nil {
		return err
	}
	h.subscribers, h.delivering = map[subscriberKey]news.Subscriber{}, map[subscriberKey]bool{}
	h.requests = map[string][]time.Time{}
	h.callbacks = fetch.NewHostLimiter(fetch.Limits{AtOnce: maxInFlight, NoRests: true})
	h.verifying = make(chan struct{}, maxVerifying)
	h.changed, h.later = make(chan struct{}, 1), make(chan struct{}, 1)
	for _, s := range list {
		h.subscribers[keyOf(s)] = s
	}
	return nil
}

// Changed tells the hub that the desk's documents may have changed.
func (h *Hub) Changed() {
	wakeLoop(h.changed)
}

// serveSubscribe answers a request to the hub, and then verifies it.
func (h *Hub) serveSubscribe(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		respondText(w, http.StatusRequestEntityTooLarge, "the form is too large, or the body is not a form")
		return
	}
	mode := r.PostForm.Get("hub.mode")
	s, fault := h.readSubscription(r.Context(), r.PostForm)
	switch {
	case mode != "subscribe" && mode != "unsubscribe":
		respondText(w, http.StatusBadRequest, "hub.mode is %q: it must be subscribe or unsubscribe", mode)
		return
	case fault != "":
		respondText(w, http.StatusBadRequest, "%s", fault)
		return
	case !h.allowRequest(clientAddress(r), "host "+hostWithoutWWW(s.Callback), time.Now()):
		w.Header().Set("Retry-After", "60")
		respondText(w, http.StatusTooManyRequests, "too many requests: at most %d a minute are allowed", maxRequests)
		return
	case mode == "subscribe" && !h.hasRoomFor(s):
		w.Header().Set("Retry-After", "86400")
		respondText(w, http.StatusTooManyRequests, "too many subscriptions")
		return
	}
	select {
	case h.verifying <- struct{}{}:
	default:
		w.Header().Set("Retry-After", "60")
		respondText(w, http.StatusTooManyRequests, "too many requests are waiting to be verified")
		return
	}
	ctx := context.WithoutCancel(r.Context())
	h.work.Go(func() {
		defer func() { <-h.verifying }()
		h.verifyCallback(ctx, s, mode)
	})
	w.WriteHeader(http.StatusAccepted)
}

// readSubscription reads which subscription a form is about; fault says what is wrong with it.
func (h *Hub) readSubscription(ctx context.Context, form url.Values) (s news.Subscriber, fault string) {
	callback, topic := form.Get("hub.callback"), form.Get("hub.topic")
	s = news.Subscriber{Callback: callback, Secret: form.Get("hub.secret")}
	u, err := url.Parse(callback)
	switch {
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		return s, "hub.callback is not an http or https address"
	case len(callback) > maxCallback || u.User != nil || strings.Contains(callback, "#"):
		return s, "hub.callback is too long, or has a user or a fragment"
	case hostWithoutWWW(callback) == hostWithoutWWW(h.URL):
		return s, "hub.callback is on this host"
	case len(s.Secret) > maxSecret:
		return s, fmt.Sprintf("hub.secret has %d bytes: it must have fewer than 200", len(s.Secret))
	}
	if s.Topic, _ = h.ownTopic(ctx, topic); s.Topic == "" {
		return s, "hub.topic is not a feed of this desk"
	}
	lease := leaseAsked
	if seconds, err := strconv.Atoi(form.Get("hub.lease_seconds")); err == nil && seconds > 0 {
		lease = min(max(time.Duration(min(seconds, 1<<31))*time.Second, minLease), leaseAsked)
	}
	s.Until = time.Now().Add(lease)
	return s, ""
}

// ownTopic is a document's own name for an address, if it is one of the desk's that names this hub;
// and what it says now.
func (h *Hub) ownTopic(ctx context.Context, address string) (string, document) {
	rest, ours := strings.CutPrefix(address, h.URL+"/")
	if !ours {
		return "", document{}
	}
	d := h.currentDocument(ctx, "/"+rest)
	for _, hub := range d.hubs {
		if hub == HubURL(h.URL) {
			return d.self, d
		}
	}
	return "", document{}
}

// document is one of the desk's, as its site serves it.
type document struct {
	self, contentType, link string
	hubs                    []string
	body                    []byte
	digest                  news.Digest
}

// currentDocument asks the desk's own site for a document; the zero value if there is none.
func (h *Hub) currentDocument(ctx context.Context, path string) (d document) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, path, nil)
	if err != nil {
		return d
	}
	answer := &answered{header: http.Header{}, status: http.StatusOK}
	h.Documents.ServeHTTP(answer, r)
	if answer.status != http.StatusOK {
		return d
	}
	d.hubs, d.self = linkedHubs(answer.header, h.URL+path)
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

// allowRequest counts a request towards the rate limits of its client and of the callback's host.
func (h *Hub) allowRequest(client, host string, now time.Time) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.requests) > 4*maxSubscribers { // many clients: those of the last minute are all that count
		maps.DeleteFunc(h.requests, func(_ string, times []time.Time) bool {
			return now.Sub(times[len(times)-1]) > time.Minute
		})
	}
	for _, name := range []string{client, host} {
		times := h.requests[name]
		for len(times) > 0 && now.Sub(times[0]) > time.Minute {
			times = times[1:]
		}
		if len(times) >= maxRequests {
			return false
		}
		h.requests[name] = append(times, now)
	}
	return true
}

// clientAddress is the address that a request comes from.
func clientAddress(r *http.Request) string {
	if a, err := netip.ParseAddrPort(r.RemoteAddr); err == nil {
		return a.Addr().String()
	}
	return r.RemoteAddr
}

// hasRoomFor reports whether one more subscription is taken.
func (h *Hub) hasRoomFor(s news.Subscriber) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if _, renewed := h.subscribers[keyOf(s)]; renewed {
		return true
	}
	sameHost := 0
	for p := range h.subscribers {
		if p.topic == s.Topic && hostWithoutWWW(p.callback) == hostWithoutWWW(s.Callback) {
			sameHost++
		}
	}
	return len(h.subscribers) < maxSubscribers && sameHost < maxPerHostAndTopic
}

// publicOnly reports whether callbacks must be at public addresses. That feeds may be on private
// networks allows no callbacks there, unless the desk is on one itself.
func (h *Hub) publicOnly() bool {
	u, err := url.Parse(h.URL)
	return err != nil || !h.Private || !fetch.IsPrivateHost(u.Hostname())
}

// verifyCallback asks a callback whether it asked for this. If not, nothing changes.
func (h *Hub) verifyCallback(ctx context.Context, s news.Subscriber, mode string) {
	challenge := randomToken(16)
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
		h.Log.Debug("callback did not confirm its subscription",
			"callback", hostWithoutWWW(s.Callback), "mode", mode, "status", answer.Status)
		return
	}
	if mode == "unsubscribe" {
		err = h.dropSubscriber(ctx, keyOf(s))
	} else {
		_, before := h.ownTopic(ctx, s.Topic)
		s.Delivered = before.digest
		err = h.keepSubscriber(ctx, s)
		if _, d := h.ownTopic(ctx, s.Topic); d.digest != before.digest {
			h.Changed() // the deliveries of that change may have begun before there was this subscriber
		}
	}
	if err != nil {
		h.Log.Error("hub failed to save a subscriber", "err", err)
		return
	}
	h.Log.Info("hub subscription changed", "mode", mode, "callback", hostWithoutWWW(s.Callback), "topic", s.Topic)
}

// keepSubscriber saves a subscriber.
func (h *Hub) keepSubscriber(ctx context.Context, s news.Subscriber) error {
	h.mu.Lock()
	h.subscribers[keyOf(s)] = s
	h.mu.Unlock()
	return h.Store.AddSubscriber(ctx, s)
}

// dropSubscriber ends a subscription.
func (h *Hub) dropSubscriber(ctx context.Context, p subscriberKey) error {
	h.mu.Lock()
	delete(h.subscribers, p)
	h.mu.Unlock()
	return h.Store.RemoveSubscriber(ctx, p.callback, p.topic)
}
