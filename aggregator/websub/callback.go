package websub

import (
	"io"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
)

// serveCallback answers at a callback: a hub's verification, its denial, and its deliveries.
func (in *Incoming) serveCallback(w http.ResponseWriter, r *http.Request) {
	s, known := in.subscriptionAt(r.PathValue("callback"))
	switch {
	case !known || s.Cloud:
		respondText(w, http.StatusNotFound, "no such callback")
	case s.State == news.SubscriptionLeaving && r.Method == http.MethodPost:
		respondText(w, http.StatusGone, "no longer subscribed")
	case r.Method == http.MethodPost:
		in.queueDelivery(w, r, s)
	case r.Method == http.MethodGet:
		in.answerChallenge(w, r, s)
	default:
		w.Header().Set("Allow", "GET, POST")
		respondText(w, http.StatusMethodNotAllowed, "only GET and POST are answered here")
	}
}

// subscriptionAt is the subscription of a callback.
func (in *Incoming) subscriptionAt(callback string) (news.Subscription, bool) {
	in.mu.Lock()
	defer in.mu.Unlock()
	s, known := in.subscriptions[callback]
	return s, known
}

// answerChallenge answers a hub that asks whether a request was ours, or says that it denies one.
func (in *Incoming) answerChallenge(w http.ResponseWriter, r *http.Request, s news.Subscription) {
	q := r.URL.Query()
	mode, challenge := q.Get("hub.mode"), q.Get("hub.challenge")
	if q.Get("hub.topic") != s.Topic {
		respondText(w, http.StatusNotFound, "wrong topic")
		return
	}
	now := time.Now()
	switch {
	case mode == "denied" && s.State != news.SubscriptionOld:
		in.Log.Info("a hub denied a subscription",
			"feed", in.feedName(s.Feed), "hub", hostWithoutWWW(s.Hub), "reason", deniedReason(s, q.Get("hub.reason")))
		s.State, s.Next = news.SubscriptionDenied, now.Add(afterDenial)
	case challenge == "" || len(challenge) > maxChallenge:
		respondText(w, http.StatusNotFound, "no challenge")
		return
	case mode == "subscribe" && s.State == news.SubscriptionAsked:
		lease := grantedLease(q.Get("hub.lease_seconds"))
		s.State, s.Tries = news.SubscriptionActive, 0
		s.Until, s.Next = now.Add(lease), now.Add(lease*renewalPercent(s.Callback)/100)
	case mode == "unsubscribe" && s.State == news.SubscriptionLeaving:
		respondExactly(w, http.StatusOK, challenge)
		return
	default:
		respondText(w, http.StatusNotFound, "no such request is pending")
		return
	}
	in.mu.Lock()
	err := in.keepSubscription(r.Context(), s)
	in.mu.Unlock()
	if err != nil {
		respondText(w, http.StatusInternalServerError, "not kept")
		return
	}
	respondExactly(w, http.StatusOK, challenge)
}

// deniedReason is a hub's reason for a denial, as it is logged: the hub knows the feed by an address
// that may hold a secret, and may repeat it.
func deniedReason(s news.Subscription, reason string) string {
	if link.SharesSecret(news.Feed{URL: s.Topic}, reason) || link.SharesSecret(news.Feed{URL: s.Feed}, reason) {
		return "not shown: it repeats a part of the feed's address"
	}
	return quoteForeign(link.RedactText(reason))
}

// grantedLease reads how long a hub will push: ten days if it does not say, and within bounds.
func grantedLease(text string) time.Duration {
	seconds, err := strconv.Atoi(text)
	if err != nil || seconds <= 0 {
		return leaseAsked
	}
	return min(max(time.Duration(min(seconds, 1<<31))*time.Second, minLease), maxLease)
}

// renewalPercent is at which part of its lease, in percent, a subscription is renewed: 50 to 80, by
// its callback.
func renewalPercent(callback string) time.Duration {
	n, _ := strconv.ParseUint(callback[:min(len(callback), 4)], 16, 64) // otherwise 0
	return time.Duration(50 + n%31)
}

// queueDelivery queues a signed delivery, which is read later. One that is to have no signature, is
// empty or of another type has the feed visited soon; one without the right signature does nothing.
func (in *Incoming) queueDelivery(w http.ResponseWriter, r *http.Request, s news.Subscription) {
	expected := in.MaxSize
	if r.ContentLength >= 0 {
		expected = min(r.ContentLength, in.MaxSize)
	}
	release, ok := in.inFlight.reserve(s.Callback, expected, in.MaxSize)
	if !ok {
		// A hub that is still sending would see a closed connection and not the answer.
		_, _ = io.Copy(io.Discard, http.MaxBytesReader(w, r.Body, in.MaxSize))
		w.Header().Set("Retry-After", "60")
		respondText(w, http.StatusServiceUnavailable, "too many deliveries at once")
		return
	}
	defer func() { release() }()
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, in.MaxSize))
	if err != nil {
		respondText(w, http.StatusRequestEntityTooLarge, "incomplete or too large")
		return
	}
	contentType, signature := r.Header.Get("Content-Type"), r.Header.Get("X-Hub-Signature")
	switch {
	case s.Secret != "" && !isSignedBy(s.Secret, signature, body):
		in.Log.Debug("delivery ignored, its signature is wrong", "feed", in.feedName(s.Feed), "hub", hostWithoutWWW(s.Hub))
		w.WriteHeader(http.StatusAccepted)
		return
	case s.Secret == "" || len(body) == 0 || !isFeedType(contentType):
		if err := in.Soon(r.Context(), s.Feed); err != nil {
			respondText(w, http.StatusInternalServerError, "not kept")
			return
		}
		w.WriteHeader(http.StatusAccepted)
		return
	}
	select {
	case in.queue <- delivery{s.Feed, contentType, body, release}:
		release = func() {} // it is the reader's now
		w.WriteHeader(http.StatusAccepted)
	default:
		respondText(w, http.StatusServiceUnavailable, "too many deliveries are waiting")
	}
}

// bodyBudget bounds the bytes of deliveries that are in memory, all together and those of one
// callback: a hub can send many at once.
type bodyBudget struct {
	limit int64

	mu         sync.Mutex
	total      int64
	ofCallback map[string]int64
}

// reserve takes bytes for a delivery to a callback, which may have most at once; ok is false if too
// few are left. Release gives them back.
func (b *bodyBudget) reserve(callback string, bytes, most int64) (release func(), ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.total+bytes > b.limit || b.ofCallback[callback]+bytes > most {
		return nil, false
	}
	b.total += bytes
	b.ofCallback[callback] += bytes
	return func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.total -= bytes
		if b.ofCallback[callback] -= bytes; b.ofCallback[callback] == 0 {
			delete(b.ofCallback, callback)
		}
	}, true
}

// isFeedType reports whether a type may be a feed's.
func isFeedType(contentType string) bool {
	kind, _, err := mime.ParseMediaType(contentType)
	return err == nil && (strings.HasSuffix(kind, "xml") || strings.HasSuffix(kind, "json"))
}

// serveCloudCallback answers an rssCloud: its challenge, and its word that a feed has changed,
// which has no proof and counts as a hint.
func (in *Incoming) serveCloudCallback(w http.ResponseWriter, r *http.Request) {
	s, known := in.subscriptionAt(r.PathValue("callback"))
	if !known || !s.Cloud {
		respondText(w, http.StatusNotFound, "no such callback")
		return
	}
	switch r.Method {
	case http.MethodGet:
		q := r.URL.Query()
		challenge := q.Get("challenge")
		if q.Get("url") == s.Topic && challenge != "" && len(challenge) <= maxChallenge {
			respondExactly(w, http.StatusOK, challenge)
			return
		}
	case http.MethodPost:
		r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		if err := r.ParseForm(); err == nil && slices.Contains(r.PostForm["url"], s.Topic) {
			if err := in.Soon(r.Context(), s.Feed); err != nil {
				respondText(w, http.StatusInternalServerError, "not kept")
			}
			return
		}
	}
	respondText(w, http.StatusNotFound, "wrong feed")
}
