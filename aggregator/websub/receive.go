package websub

import (
	"io"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"fronteras/aggregator/news"
)

// receive answers at a callback: a hub's question whether we mean it, its word
// that it does not want to, and its deliveries.
func (in *Incoming) receive(w http.ResponseWriter, r *http.Request) {
	s, known := in.subscription(r.PathValue("callback"))
	switch {
	case !known || s.Cloud:
		say(w, http.StatusNotFound, "no such callback")
	case s.State == news.SubscriptionLeaving && r.Method == http.MethodPost:
		say(w, http.StatusGone, "not wanted any more")
	case r.Method == http.MethodPost:
		in.take(w, r, s)
	case r.Method == http.MethodGet:
		in.verify(w, r, s)
	default:
		w.Header().Set("Allow", "GET, POST")
		say(w, http.StatusMethodNotAllowed, "GET and POST alone")
	}
}

func (in *Incoming) subscription(callback string) (news.Subscription, bool) {
	in.mu.Lock()
	defer in.mu.Unlock()
	s, known := in.all[callback]
	return s, known
}

// verify says whether the hub's request is ours.
func (in *Incoming) verify(w http.ResponseWriter, r *http.Request, s news.Subscription) {
	q := r.URL.Query()
	mode, challenge := q.Get("hub.mode"), q.Get("hub.challenge")
	if q.Get("hub.topic") != s.Topic {
		say(w, http.StatusNotFound, "not that topic")
		return
	}
	now := time.Now()
	switch {
	case mode == "denied" && s.State != news.SubscriptionOld:
		in.Log.Info("a hub denied a subscription", "feed", s.Feed, "hub", hostOf(s.Hub), "reason", oneLine(q.Get("hub.reason")))
		s.State, s.Next = news.SubscriptionDenied, now.Add(afterDenial)
	case challenge == "" || len(challenge) > maxChallenge:
		say(w, http.StatusNotFound, "no challenge")
		return
	case mode == "subscribe" && s.State == news.SubscriptionAsked:
		lease := leaseOf(q.Get("hub.lease_seconds"))
		s.State, s.Tries = news.SubscriptionActive, 0
		s.Until, s.Next = now.Add(lease), now.Add(lease*renewal(s.Callback)/100)
	case mode == "unsubscribe" && s.State == news.SubscriptionLeaving:
		echo(w, challenge)
		return
	default:
		say(w, http.StatusNotFound, "nothing was asked for")
		return
	}
	if err := in.locked(func() error { return in.put(r.Context(), s) }); err != nil {
		say(w, http.StatusInternalServerError, "not kept")
		return
	}
	echo(w, challenge)
}

// leaseOf reads how long a hub will push: ten days if it does not say, and within
// bounds.
func leaseOf(text string) time.Duration {
	seconds, err := strconv.Atoi(text)
	if err != nil || seconds <= 0 {
		return leaseAsked
	}
	return min(max(time.Duration(min(seconds, 1<<31))*time.Second, leaseLeast), leaseMost)
}

// renewal is at which part of its lease, in percent, a subscription is renewed:
// 50 to 80, by its callback.
func renewal(callback string) time.Duration {
	n, _ := strconv.ParseUint(callback[:min(len(callback), 4)], 16, 64) // else 0
	return time.Duration(50 + n%31)
}

// take queues a delivery, before it is read. One that is not signed as it should
// be says no more than that something changed; one with a false signature says
// nothing.
func (in *Incoming) take(w http.ResponseWriter, r *http.Request, s news.Subscription) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, in.MaxSize))
	if err != nil {
		say(w, http.StatusRequestEntityTooLarge, "not received whole, or too large")
		return
	}
	contentType, signature := r.Header.Get("Content-Type"), r.Header.Get("X-Hub-Signature")
	switch {
	case s.Secret != "" && !signed(s.Secret, signature, body):
		in.Log.Debug("a delivery is not signed as it should be", "feed", s.Feed, "hub", hostOf(s.Hub))
		w.WriteHeader(http.StatusAccepted)
		return
	case s.Secret == "" || len(body) == 0 || !isFeed(contentType):
		if err := in.Soon(r.Context(), s.Feed); err != nil {
			say(w, http.StatusInternalServerError, "not kept")
			return
		}
		w.WriteHeader(http.StatusAccepted)
		return
	}
	select {
	case in.queue <- delivery{s.Feed, contentType, body}:
		w.WriteHeader(http.StatusAccepted)
	default:
		say(w, http.StatusServiceUnavailable, "too many deliveries wait")
	}
}

// isFeed reports whether a type may be a feed's.
func isFeed(contentType string) bool {
	kind, _, err := mime.ParseMediaType(contentType)
	return err == nil && (strings.HasSuffix(kind, "xml") || strings.HasSuffix(kind, "json"))
}

// receiveCloud answers an rssCloud: its challenge, and its word that a feed has
// changed, which has no proof and counts as a hint.
func (in *Incoming) receiveCloud(w http.ResponseWriter, r *http.Request) {
	s, known := in.subscription(r.PathValue("callback"))
	if !known || !s.Cloud {
		say(w, http.StatusNotFound, "no such callback")
		return
	}
	switch r.Method {
	case http.MethodGet:
		q := r.URL.Query()
		if challenge := q.Get("challenge"); q.Get("url") == s.Topic && challenge != "" && len(challenge) <= maxChallenge {
			echo(w, challenge)
			return
		}
	case http.MethodPost:
		r.Body = http.MaxBytesReader(w, r.Body, formSize)
		if err := r.ParseForm(); err == nil && slices.Contains(r.PostForm["url"], s.Topic) {
			if err := in.Soon(r.Context(), s.Feed); err != nil {
				say(w, http.StatusInternalServerError, "not kept")
			}
			return
		}
	}
	say(w, http.StatusNotFound, "not that feed")
}

// oneLine makes foreign text harmless in a log, and short.
func oneLine(s string) string {
	return strconv.QuoteToASCII(s[:min(len(s), 200)])
}
