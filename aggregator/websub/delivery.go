package websub

import (
	"cmp"
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"fronteras/aggregator/fetch"
	"fronteras/aggregator/news"
)

// retryWaits lists the waits after deliveries that failed; then nothing is tried until the next
// change.
var retryWaits = [...]time.Duration{time.Minute, 5 * time.Minute, 30 * time.Minute, 3 * time.Hour}

// Bounds of deliveries.
const (
	maxInFlight  = 4               // to one host
	slowDelivery = 2 * time.Second // a host that takes longer is a slow one
)

// Run verifies requests and delivers what changes, until the context ends; deliveries under way may
// end then, and the next Run makes them. Its error is the store's.
func (h *Hub) Run(parent context.Context) error {
	ctx, cancel := context.WithCancel(parent)
	defer h.work.Wait()
	defer cancel()
	h.work.Go(func() { h.verifyInTurn(ctx) })
	wakeLoop(h.asked)
	h.Changed() // while there was no Run
	wait := time.Hour
	for ctx.Err() == nil {
		timer := time.NewTimer(wait)
		all := false
		select {
		case <-ctx.Done():
			return nil
		case <-h.changed:
			all = true
		case <-h.later:
		case <-timer.C:
		}
		timer.Stop()
		var err error
		if wait, err = h.beginDueDeliveries(ctx, all, time.Now()); err != nil {
			return ignoreCanceled(parent, err)
		}
	}
	return nil
}

// beginDueDeliveries begins the deliveries that are due, topic by topic: with all, those of each
// topic that has changed, otherwise those that are to be tried again. It ends leases, and says how
// long until more is due.
func (h *Hub) beginDueDeliveries(ctx context.Context, all bool, now time.Time) (wait time.Duration, err error) {
	wait = time.Hour
	var d document
	for _, one := range h.sortedSubscribers() {
		s := one.Subscriber
		switch {
		case !s.Until.After(now):
			if err := h.dropSubscriber(ctx, keyOf(s)); err != nil {
				return 0, err
			}
			continue
		case !all && s.Next.IsZero():
			wait = min(wait, s.Until.Sub(now))
			continue
		case !all && s.Next.After(now):
			wait = min(wait, s.Next.Sub(now))
			continue
		}
		if d.topic != s.Topic {
			if d = h.ownTopic(ctx, s.Topic, digestOnly); d.topic == "" {
				continue
			}
		}
		if d.digest != s.Delivered {
			h.beginDelivery(ctx, s, bodyKey{s.Topic, d.digest, one.slow})
		}
	}
	return wait, nil
}

// dueSubscriber is a subscriber, and whether its host was slow.
type dueSubscriber struct {
	news.Subscriber
	slow bool
}

// sortedSubscribers is a copy of the subscribers, topic by topic; those of slow hosts come last.
func (h *Hub) sortedSubscribers() []dueSubscriber {
	h.mu.Lock()
	defer h.mu.Unlock()
	var list []dueSubscriber
	for s := range maps.Values(h.subscribers) {
		list = append(list, dueSubscriber{s, h.slow[callbackHost(s.Callback)]})
	}
	slices.SortFunc(list, func(a, b dueSubscriber) int {
		if a.slow != b.slow {
			return map[bool]int{false: -1, true: 1}[a.slow]
		}
		return cmp.Or(strings.Compare(a.Topic, b.Topic), strings.Compare(a.Callback, b.Callback))
	})
	return list
}

// beginDelivery delivers a document in a goroutine of its own. If a delivery to that subscriber is
// under way, another comes after it, with what is newest then.
func (h *Hub) beginDelivery(ctx context.Context, s news.Subscriber, body bodyKey) {
	h.mu.Lock()
	defer h.mu.Unlock()
	key := keyOf(s)
	if _, busy := h.delivering[key]; busy {
		h.delivering[key] = true
		return
	}
	h.delivering[key] = false
	h.work.Go(func() {
		h.deliverInTurn(ctx, s, body)
		h.mu.Lock()
		again := h.delivering[key]
		delete(h.delivering, key)
		h.mu.Unlock()
		if again {
			h.Changed()
		}
	})
}

// deliverInTurn delivers a document when the turn of the subscriber's host has come. Only then is
// there a body: however long others take, who waits holds none.
func (h *Hub) deliverInTurn(ctx context.Context, s news.Subscriber, body bodyKey) {
	endTurn, err := h.callbacks.Acquire(ctx, s.Callback)
	if err != nil {
		return
	}
	defer endTurn()
	d, release, err := h.bodies.acquire(ctx, body, func(ctx context.Context, e extent) document {
		return h.ownTopic(ctx, s.Topic, e)
	})
	if err != nil {
		return
	}
	defer release()
	if d.topic != "" {
		h.deliverDocument(ctx, s, d)
	}
}

// deliverDocument sends a document, signed if the subscriber gave a secret, and saves how that
// went: which document it has, or when the delivery is tried again.
func (h *Hub) deliverDocument(ctx context.Context, s news.Subscriber, d document) {
	header := http.Header{"Content-Type": {d.contentType}, "Link": {d.link}}
	if s.Secret != "" {
		header.Set("X-Hub-Signature", signBody(s.Secret, d.body))
	}
	begun := time.Now()
	answer, err := h.Send(ctx, fetch.SideRequest{
		Method: http.MethodPost, URL: s.Callback, Header: header, Body: d.body, PublicOnly: h.publicOnly(s),
	})
	if ctx.Err() != nil {
		return
	}
	h.noteSpeed(callbackHost(s.Callback), time.Since(begun))
	delivered := err == nil && answer.Status/100 == 2
	if h.Delivered != nil {
		h.Delivered("hub", map[bool]string{true: "delivered", false: "failed"}[delivered])
	}
	switch {
	case err == nil && answer.Status == http.StatusGone:
		err = h.dropSubscriber(ctx, keyOf(s))
	case delivered:
		err = h.updateSubscriber(ctx, keyOf(s), func(kept *news.Subscriber) {
			kept.Delivered, kept.Tries, kept.Next = d.digest, 0, time.Time{}
		})
	default:
		h.Log.Debug("delivery failed", "callback", hostWithoutWWW(s.Callback), "status", answer.Status, "err", err)
		err = h.updateSubscriber(ctx, keyOf(s), func(kept *news.Subscriber) {
			if kept.Tries < len(retryWaits) {
				kept.Next = time.Now().Add(retryWaits[kept.Tries])
				kept.Tries++
			} else { // given up until the next change
				kept.Next, kept.Tries = time.Time{}, 0
			}
		})
	}
	if err != nil {
		h.Log.Error("hub failed to save a subscriber", "err", err)
	}
	wakeLoop(h.later)
}

// noteSpeed notes whether a host took its time over a delivery.
func (h *Hub) noteSpeed(host string, took time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if took > slowDelivery {
		h.slow[host] = true
		h.forgetSlowHosts()
	} else {
		delete(h.slow, host)
	}
}

// forgetSlowHosts forgets hosts that no longer have a subscription, once there may be many of them.
// The caller holds mu.
func (h *Hub) forgetSlowHosts() {
	if len(h.slow) <= maxSubscribers {
		return
	}
	slow := map[string]bool{}
	for s := range h.subscribers {
		if host := callbackHost(s.callback); h.slow[host] {
			slow[host] = true
		}
	}
	h.slow = slow
}
