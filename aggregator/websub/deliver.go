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

// Run delivers what changes, until ctx ends; deliveries under way may end then.
// Its error is the store's.
func (h *Hub) Run(ctx context.Context) error {
	defer h.work.Wait()
	wait := time.Duration(0) // what changed while nobody ran
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
		if wait, err = h.round(ctx, all, time.Now()); err != nil {
			return ignoreEnd(ctx, err)
		}
	}
	return nil
}

// round begins the deliveries that are due, of all topics that have changed or of
// those that failed before, and ends leases. It says how long until more is due.
func (h *Hub) round(ctx context.Context, all bool, now time.Time) (wait time.Duration, err error) {
	wait = time.Hour
	documents := map[string]document{}
	for _, s := range h.list() {
		switch {
		case !s.Until.After(now):
			if err := h.dismiss(ctx, placeOf(s)); err != nil {
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
			_, d = h.topic(s.Topic)
			documents[s.Topic] = d
		}
		if len(d.body) == 0 || d.digest == s.Delivered {
			continue
		}
		h.begin(ctx, s, d)
	}
	return wait, nil
}

// list is a copy of the subscribers, in the order of their callbacks.
func (h *Hub) list() []news.Subscriber {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.SortedFunc(maps.Values(h.all), func(a, b news.Subscriber) int {
		return strings.Compare(a.Callback+"\n"+a.Topic, b.Callback+"\n"+b.Topic)
	})
}

// begin delivers a document beside whatever else goes on. Where a delivery to the
// same place is under way, this one comes after it, with what is newest then.
func (h *Hub) begin(ctx context.Context, s news.Subscriber, d document) {
	h.mu.Lock()
	defer h.mu.Unlock()
	p := placeOf(s)
	if _, busy := h.waiting[p]; busy {
		h.waiting[p] = true
		return
	}
	h.waiting[p] = false
	h.work.Go(func() {
		h.deliver(ctx, s, d)
		h.mu.Lock()
		again := h.waiting[p]
		delete(h.waiting, p)
		h.mu.Unlock()
		if again {
			h.Changed()
		}
	})
}

// deliver sends a document, signed where the subscriber has told a secret, and
// notes how that went.
func (h *Hub) deliver(ctx context.Context, s news.Subscriber, d document) {
	header := http.Header{"Content-Type": {d.contentType}, "Link": {d.link}}
	if s.Secret != "" {
		header.Set("X-Hub-Signature", signature(s.Secret, d.body))
	}
	answer, err := h.Send(ctx, fetch.SideRequest{
		Method: http.MethodPost, URL: s.Callback, Header: header, Body: string(d.body),
		PublicOnly: h.publicOnly(), Limiter: h.callbacks,
	})
	status := answer.Status
	if ctx.Err() != nil {
		return
	}
	h.tell(err == nil && status/100 == 2)
	h.mu.Lock()
	kept, known := h.all[placeOf(s)]
	h.mu.Unlock()
	switch {
	case !known: // it has left meanwhile
		return
	case err == nil && status == http.StatusGone:
		err = h.dismiss(ctx, placeOf(s))
	case err == nil && status/100 == 2:
		kept.Delivered, kept.Tries, kept.Next = d.digest, 0, time.Time{}
		err = h.admit(ctx, kept)
	default:
		h.Log.Debug("a delivery failed", "callback", hostOf(s.Callback), "status", status, "err", err)
		if kept.Tries < len(retries) {
			kept.Next = time.Now().Add(retries[kept.Tries])
			kept.Tries++
		} else { // given up until the next change
			kept.Next, kept.Tries = time.Time{}, 0
		}
		err = h.admit(ctx, kept)
	}
	if err != nil {
		h.Log.Error("hub", "err", err)
	}
	signal(h.later)
}

// tell counts a delivery.
func (h *Hub) tell(well bool) {
	switch {
	case h.Delivered == nil:
	case well:
		h.Delivered("hub", "delivered")
	default:
		h.Delivered("hub", "failed")
	}
}
