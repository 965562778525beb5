package websub

import (
	"net/http"
	"slices"
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
		in.receiveDelivery(w, r, s)
	case r.Method == http.MethodGet:
		in.answerChallenge(w, r, s)
	default:
		w.Header().Set("Allow", "GET, POST")
		respondText(w, http.StatusMethodNotAllowed, "only GET and POST are answered here")
	}
}

// answerChallenge answers a hub that asks whether a request was ours, or says that it denies one.
func (in *Incoming) answerChallenge(w http.ResponseWriter, r *http.Request, s news.Subscription) {
	q := r.URL.Query()
	mode, challenge := q.Get("hub.mode"), q.Get("hub.challenge")
	if q.Get("hub.topic") != s.Topic {
		respondText(w, http.StatusNotFound, "wrong topic")
		return
	}
	var becomes func(news.Subscription) []news.Subscription
	now := time.Now()
	switch {
	case mode == "denied" && s.State != news.SubscriptionOld && s.State != news.SubscriptionLeaving:
		in.Log.Info("a hub denied a subscription", "feed", in.feedName(s.Feed), "hub", hostWithoutWWW(s.Hub),
			"reason", deniedReason(s, q.Get("hub.reason")))
		becomes = func(s news.Subscription) []news.Subscription {
			return []news.Subscription{refusedSubscription(s, news.SubscriptionDenied, afterDenial, now)}
		}
	case challenge == "" || len(challenge) > maxChallenge:
		respondText(w, http.StatusNotFound, "no challenge")
		return
	case mode == "subscribe" && s.State == news.SubscriptionAsked:
		lease := grantedLease(q.Get("hub.lease_seconds"))
		becomes = func(s news.Subscription) []news.Subscription {
			if s.State == news.SubscriptionAsked { // still
				s = verifiedSubscription(s, lease, now)
			}
			return []news.Subscription{s}
		}
	case mode == "unsubscribe" && s.State == news.SubscriptionLeaving:
		respondExactly(w, http.StatusOK, challenge)
		return
	default:
		respondText(w, http.StatusNotFound, "no such request is pending")
		return
	}
	if err := in.replaceSubscription(r.Context(), s.Callback, becomes); err != nil {
		respondUnsaved(w)
		return
	}
	respondExactly(w, http.StatusOK, challenge)
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
				respondUnsaved(w)
			}
			return
		}
	}
	respondText(w, http.StatusNotFound, "wrong feed")
}

// deniedReason is a hub's reason for a denial, as it is logged: the hub knows the feed by an address
// that may hold a secret, and may repeat it.
func deniedReason(s news.Subscription, reason string) string {
	if link.SharesSecret(news.Feed{URL: s.Topic}, reason) || link.SharesSecret(news.Feed{URL: s.Feed}, reason) {
		return "not shown: it repeats a part of the feed's address"
	}
	return quoteForeign(link.RedactText(reason))
}
