package websub

import (
	"context"
	"errors"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"fronteras/aggregator/fetch"
	"fronteras/aggregator/news"
)

// Bounds of the questions to callbacks whether a request was theirs.
const (
	maxVerifying        = 16 // at once
	maxVerifyingPerHost = 2
	maxWaiting          = 100 // strangers' requests that wait
)

// verification is a request to the hub whose callback is to be asked.
type verification struct {
	news.Subscriber
	mode  string
	known bool // there is a subscription already
}

// verifications are those under way and those that wait for their turn, the ones of known
// subscriptions first.
type verifications struct {
	mu       sync.Mutex
	underWay int
	ofHost   map[string]int // under way, by callback host
	waiting  []verification
}

func newVerifications() *verifications { return &verifications{ofHost: map[string]int{}} }

// add has a request wait for its turn, in place of an earlier one of the same subscription; false if
// too many wait.
func (v *verifications) add(one verification) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	strangers := 0
	for n, other := range v.waiting {
		if keyOf(other.Subscriber) == keyOf(one.Subscriber) {
			v.waiting[n] = one
			return true
		}
		if !other.known {
			strangers++
		}
	}
	if !one.known && strangers >= maxWaiting {
		return false
	}
	v.waiting = append(v.waiting, one)
	return true
}

// begin gives a request whose turn has come; ok is false if there is none.
func (v *verifications) begin() (one verification, ok bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.underWay >= maxVerifying {
		return one, false
	}
	for _, known := range []bool{true, false} {
		n := slices.IndexFunc(v.waiting, func(one verification) bool {
			return one.known == known && v.ofHost[callbackHost(one.Callback)] < maxVerifyingPerHost
		})
		if n >= 0 {
			one = v.waiting[n]
			v.waiting = slices.Delete(v.waiting, n, n+1)
			v.underWay++
			v.ofHost[callbackHost(one.Callback)]++
			return one, true
		}
	}
	return one, false
}

// end makes room for another.
func (v *verifications) end(one verification) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.underWay--
	host := callbackHost(one.Callback)
	if v.ofHost[host]--; v.ofHost[host] == 0 {
		delete(v.ofHost, host)
	}
}

// verifyInTurn asks the callbacks of the requests whose turn has come, until ctx ends. Those that
// wait then are dropped: subscribers ask again.
func (h *Hub) verifyInTurn(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-h.asked:
		}
		for one, ok := h.verifying.begin(); ok; one, ok = h.verifying.begin() {
			h.work.Go(func() {
				h.verifyCallback(ctx, one)
				h.verifying.end(one)
				wakeLoop(h.asked)
			})
		}
	}
}

// verifyCallback asks a callback whether it asked for this. If not, nothing changes. However many
// names of hosts lead to one address, strangers have it asked ten times a minute.
func (h *Hub) verifyCallback(ctx context.Context, v verification) {
	s := v.Subscriber
	challenge := randomToken(16)
	q := url.Values{"hub.mode": {v.mode}, "hub.topic": {s.Topic}, "hub.challenge": {challenge}}
	if v.mode == "subscribe" {
		q.Set("hub.lease_seconds", strconv.Itoa(int(time.Until(s.Until).Round(time.Second).Seconds())))
	}
	address := s.Callback + "?" + q.Encode()
	if strings.Contains(s.Callback, "?") {
		address = s.Callback + "&" + q.Encode()
	}
	request := fetch.SideRequest{Method: http.MethodGet, URL: address, PublicOnly: h.publicOnly(s)}
	if !v.known {
		request.MayDial = func(addr netip.Addr) bool {
			return h.requests.allow(time.Now(), true, "address "+addressBlock(addr).String())
		}
	}
	answer, err := h.Send(ctx, request)
	if err != nil || answer.Status/100 != 2 || answer.Body != challenge {
		h.Log.Debug("callback did not confirm its subscription", "callback", hostWithoutWWW(s.Callback),
			"mode", v.mode, "status", answer.Status, "err", err)
		return
	}
	confirm := h.keepConfirmed
	if v.mode == "unsubscribe" {
		confirm = func(ctx context.Context, s news.Subscriber) error { return h.dropSubscriber(ctx, keyOf(s)) }
	}
	switch err := confirm(ctx, s); {
	case err == nil:
		h.Log.Info("hub subscription changed", "mode", v.mode, "callback", hostWithoutWWW(s.Callback),
			"topic", strings.TrimPrefix(s.Topic, h.URL)) // a log has no queries of addresses
	case errors.Is(err, errNoRoom) || ignoreCanceled(ctx, err) == nil:
		h.Log.Debug("subscription not kept", "callback", hostWithoutWWW(s.Callback), "err", err)
	default:
		h.Log.Error("hub failed to save a subscriber", "err", err)
	}
}

// errNoRoom: others have taken the places meanwhile.
var errNoRoom = errors.New("too many subscriptions")

// keepConfirmed saves a subscriber whose callback has confirmed. One that is known keeps what it
// has still to get.
func (h *Hub) keepConfirmed(ctx context.Context, s news.Subscriber) error {
	known, room := h.placeOf(s)
	if known {
		return h.updateSubscriber(ctx, keyOf(s), func(kept *news.Subscriber) {
			kept.Until, kept.Secret, kept.PublicOnly = s.Until, s.Secret, s.PublicOnly
		})
	}
	if !room {
		return errNoRoom
	}
	s.Delivered = h.ownTopic(ctx, s.Topic, digestOnly).digest
	err := h.keepSubscriber(ctx, s)
	if h.ownTopic(ctx, s.Topic, digestOnly).digest != s.Delivered {
		h.Changed() // the deliveries of that change may have begun before there was this subscriber
	}
	return err
}
