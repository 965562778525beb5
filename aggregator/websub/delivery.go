package websub

import (
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

// Run delivers what changes, until ctx ends; deliveries under way may end then. Its error is the
// store's.
func (h *Hub) Run(ctx context.Context) error {
	defer h.work.Wait()
	wait := time.Duration(0) // for what changed before
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
			return ignoreCanceled(ctx, err)
		}
	}
	return nil
}

// beginDueDeliveries begins the deliveries that are due: with all, those of each topic that has
// changed, otherwise those that are to be tried again. It ends leases, and says how long until more
// is due.
func (h *Hub) beginDueDeliveries(ctx context.Context, all bool, now time.Time) (wait time.Duration, err error) {
	wait = time.Hour
	documents := map[string]document{}
	for _, s := range h.sortedSubscribers() {
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
		d, known := documents[s.Topic]
		if !known {
			_, d = h.ownTopic(ctx, s.Topic)
			documents[s.Topic] = d
		}
		if len(d.body) == 0 || d.digest == s.Delivered {
			continue
		}
		h.beginDelivery(ctx, s, d)
	}
	return wait, nil
}

// sortedSubscribers is a copy of the subscribers, in the order of their callbacks.
func (h *Hub) sortedSubscribers() []news.Subscriber {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.SortedFunc(maps.Values(h.subscribers), func(a, b news.Subscriber) int {
		return strings.Compare(a.Callback+"\n"+a.Topic, b.Callback+"\n"+b.Topic)
	})
}

// beginDelivery delivers a document in a goroutine of its own. If a delivery to that subscriber is
// under way, another comes after it, with what is newest then.
func (h *Hub) beginDelivery(ctx context.Context, s news.Subscriber, d document) {
	h.mu.Lock()
	defer h.mu.Unlock()
	key := keyOf(s)
	if _, busy := h.delivering[key]; busy {
		h.delivering[key] = true
		return
	}
	h.delivering[key] = false
	h.work.Go(func() {
		h.deliverDocument(ctx, s, d)
		h.mu.Lock()
		again := h.delivering[key]
		delete(h.delivering, key)
		h.mu.Unlock()
		if again {
			h.Changed()
		}
	})
}

// deliverDocument sends a document, signed if the subscriber gave a secret, and saves how that
// went: which document it has, or when the delivery is tried again.
func (h *Hub) deliverDocument(ctx context.Context, s news.Subscriber, d document) {
	header := http.Header{"Content-Type": {d.contentType}, "Link": {d.link}}
	if s.Secret != "" {
		header.Set("X-Hub-Signature", signBody(s.Secret, d.body))
	}
	answer, err := h.Send(ctx, fetch.SideRequest{
		Method: http.MethodPost, URL: s.Callback, Header: header, Body: d.body,
		PublicOnly: h.publicOnly(), Limiter: h.callbacks,
	})
	if ctx.Err() != nil {
		return
	}
	delivered := err == nil && answer.Status/100 == 2
	if h.Delivered != nil {
		h.Delivered("hub", map[bool]string{true: "delivered", false: "failed"}[delivered])
	}
	h.mu.Lock()
	kept, known := h.subscribers[keyOf(s)]
	h.mu.Unlock()
	switch {
	case !known: // it has left meanwhile
		return
	case err == nil && answer.Status == http.StatusGone:
		err = h.dropSubscriber(ctx, keyOf(s))
	case delivered:
		kept.Delivered, kept.Tries, kept.Next = d.digest, 0, time.Time{}
		err = h.keepSubscriber(ctx, kept)
	default:
		h.Log.Debug("delivery failed", "callback", hostWithoutWWW(s.Callback), "status", answer.Status, "err", err)
		if kept.Tries < len(retryWaits) {
			kept.Next = time.Now().Add(retryWaits[kept.Tries])
			kept.Tries++
		} else { // given up until the next change
			kept.Next, kept.Tries = time.Time{}, 0
		}
		err = h.keepSubscriber(ctx, kept)
	}
	if err != nil {
		h.Log.Error("hub failed to save a subscriber", "err", err)
	}
	wakeLoop(h.later)
}
