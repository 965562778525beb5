package websub

import (
	"context"
	"fmt"
	"math"
	"net"
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

// Bounds of the hub's subscriptions.
const (
	maxSubscribers = 1000
	maxPerHost     = 20 // subscriptions of one callback host, over all topics
	maxCallback    = 2 << 10
	maxSecret      = 199 // bytes
)

// Hub pushes the desk's own documents to those who subscribe to them. It is not an open hub: it has
// no other topics.
type Hub struct {
	Endpoint
	Documents http.Handler                     // answers for the desk's documents
	ClientOf  func(*http.Request) netip.Prefix // who makes a request, for rate limits

	// Delivered, if set, is called after each delivery, with "hub" and "delivered" or "failed".
	Delivered func(role, result string)

	mu          sync.Mutex
	subscribers map[subscriberKey]news.Subscriber
	delivering  map[subscriberKey]bool // to those with a delivery under way; true: again after it
	slow        map[string]bool        // callback hosts that took their time over the last delivery

	requests  *requestLimit
	verifying *verifications
	callbacks *fetch.HostLimiter // bounds deliveries in flight
	bodies    *bodyStore         // bounds what they hold
	asked     chan struct{}      // a verification may have its turn; holds one
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
	h.slow = map[string]bool{}
	h.requests, h.verifying, h.bodies = newRequestLimit(), newVerifications(), newBodyStore()
	h.callbacks = fetch.NewHostLimiter(fetch.Limits{AtOnce: maxInFlight, NoRests: true})
	h.asked, h.changed, h.later = make(chan struct{}, 1), make(chan struct{}, 1), make(chan struct{}, 1)
	for _, s := range list {
		h.subscribers[keyOf(s)] = s
	}
	return nil
}

// Changed tells the hub that the desk's documents may have changed.
func (h *Hub) Changed() {
	wakeLoop(h.changed)
}

// serveSubscribe answers a request to the hub, and then verifies it. What renews or ends a
// subscription that there is takes nothing from what others may ask for: a stranger who names a
// partner's host does not keep that partner's renewals out.
func (h *Hub) serveSubscribe(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		respondText(w, http.StatusRequestEntityTooLarge, "the form is too large, or the body is not a form")
		return
	}
	mode, client := r.PostForm.Get("hub.mode"), h.ClientOf(r)
	asker := "client " + client.String()
	asked := news.Subscriber{Callback: r.PostForm.Get("hub.callback"), Topic: r.PostForm.Get("hub.topic")}
	if known, _ := h.placeOf(asked); !known && h.requests.isReached(time.Now(), asker) {
		refuseTooMany(w) // before a topic is rendered to see whether there is one
		return
	}
	s, fault := h.readSubscription(r.Context(), r.PostForm)
	switch {
	case mode != "subscribe" && mode != "unsubscribe":
		respondText(w, http.StatusBadRequest, "hub.mode is %q: it must be subscribe or unsubscribe", mode)
		return
	case fault != "":
		respondText(w, http.StatusBadRequest, "%s", fault)
		return
	}
	s.PublicOnly = !fetch.IsPrivateClient(client)
	known, room := h.placeOf(s)
	counted := []string{"subscription " + s.Callback + " " + s.Topic}
	if !known {
		counted = append(counted, asker, "host "+callbackHost(s.Callback))
	}
	switch {
	case !h.requests.allow(time.Now(), !known, counted...):
		refuseTooMany(w)
	case mode == "subscribe" && !room:
		w.Header().Set("Retry-After", "86400")
		respondText(w, http.StatusTooManyRequests, "too many subscriptions")
	case !h.verifying.add(verification{s, mode, known}):
		respondLater(w, "too many requests are waiting to be verified")
	default:
		w.WriteHeader(http.StatusAccepted)
		wakeLoop(h.asked)
	}
}

// refuseTooMany answers a client that asks too often, or about a host that is asked too often.
func refuseTooMany(w http.ResponseWriter) {
	w.Header().Set("Retry-After", "60")
	respondText(w, http.StatusTooManyRequests, "too many requests: at most %d a minute are allowed", maxRequests)
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
	if s.Topic = h.ownTopic(ctx, topic, headOnly).topic; s.Topic == "" {
		return s, "hub.topic is not a feed of this desk"
	}
	lease := leaseAsked
	if seconds, err := strconv.Atoi(form.Get("hub.lease_seconds")); err == nil && seconds > 0 {
		lease = min(max(time.Duration(min(seconds, math.MaxInt32))*time.Second, minLease), leaseAsked)
	}
	s.Until = time.Now().Add(lease)
	return s, ""
}

// placeOf reports whether there is a subscription already, and otherwise whether there is room for
// one more.
func (h *Hub) placeOf(s news.Subscriber) (known, room bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if _, known = h.subscribers[keyOf(s)]; known {
		return true, true
	}
	sameHost, host := 0, callbackHost(s.Callback)
	for p := range h.subscribers {
		if callbackHost(p.callback) == host {
			sameHost++
		}
	}
	return false, len(h.subscribers) < maxSubscribers && sameHost < maxPerHost
}

// callbackHost is whose a callback is: its registrable domain, or the block of its address.
func callbackHost(callback string) string {
	name, _, err := net.SplitHostPort(fetch.HostName(news.Feed{URL: callback}))
	if err != nil {
		return callback
	}
	if addr, err := netip.ParseAddr(name); err == nil {
		return addressBlock(addr).String()
	}
	return name
}

// addressBlock is what one client has: an IPv4 address, or a /64 of IPv6.
func addressBlock(addr netip.Addr) netip.Prefix {
	addr = addr.Unmap().WithZone("")
	prefix, _ := addr.Prefix(min(addr.BitLen(), 64)) // of that many bits there are enough
	return prefix
}

// publicOnly reports whether a callback must be at a public address. That feeds may be on private
// networks allows no callbacks there, unless the desk is on one itself and so is who asked.
func (h *Hub) publicOnly(s news.Subscriber) bool {
	u, err := url.Parse(h.URL)
	return err != nil || !h.Private || !fetch.IsPrivateHost(u.Hostname()) || s.PublicOnly
}

// keepSubscriber saves a subscriber.
func (h *Hub) keepSubscriber(ctx context.Context, s news.Subscriber) error {
	h.mu.Lock()
	h.subscribers[keyOf(s)] = s
	h.mu.Unlock()
	return h.Store.AddSubscriber(ctx, s)
}

// updateSubscriber changes a subscriber as it is now, and saves it. One that has left stays away.
func (h *Hub) updateSubscriber(ctx context.Context, key subscriberKey, change func(*news.Subscriber)) error {
	h.mu.Lock()
	s, known := h.subscribers[key]
	if known {
		change(&s)
		h.subscribers[key] = s
	}
	h.mu.Unlock()
	if !known {
		return nil
	}
	return h.Store.AddSubscriber(ctx, s)
}

// dropSubscriber ends a subscription.
func (h *Hub) dropSubscriber(ctx context.Context, p subscriberKey) error {
	h.mu.Lock()
	delete(h.subscribers, p)
	h.mu.Unlock()
	return h.Store.RemoveSubscriber(ctx, p.callback, p.topic)
}
