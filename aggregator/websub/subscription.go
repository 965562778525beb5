package websub

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"fronteras/aggregator/news"
)

// How long subscriptions last, and when hubs are asked.
const (
	leaseAsked   = 10 * 24 * time.Hour
	minLease     = time.Hour
	maxLease     = 14 * 24 * time.Hour
	verifyWithin = time.Hour          // a hub that has not verified by then is asked again
	afterDenial  = 7 * 24 * time.Hour // a hub that denied is left alone
	afterRefusal = 24 * time.Hour     // a hub that answered 4xx
	firstRetry   = 15 * time.Minute   // the backoff of other failures: doubled each time, to a day
	giveUpAfter  = 24 * time.Hour     // a hub that has not verified by then gives way to the feed's next one
	cloudLease   = 24 * time.Hour     // rssCloud forgets after 25 h

	maxHubs = 5 // of a feed, that are asked
)

// wantedSubscription is the subscription that a feed should have, at the first of its hubs; nil if
// none.
func wantedSubscription(feed string, d Discovery) *news.Subscription {
	switch cloud := d.Cloud; {
	case len(d.Hubs) > 0:
		hubs := distinctHubs(d.Hubs)
		s := news.Subscription{Feed: feed, Topic: d.Topic, Hubs: hubs, Private: d.Private}
		s = newSubscription(s, hubs[0])
		return &s
	case cloud != nil && cloud.Protocol == "http-post" && cloud.Domain != "":
		s := news.Subscription{Feed: feed, Topic: feed, Cloud: true, Private: d.Private}
		s = newSubscription(s, cloudAddress(cloud))
		return &s
	}
	return nil
}

// distinctHubs takes each of a feed's hubs once, and no more than maxHubs of them: a document decides
// who is asked.
func distinctHubs(hubs []string) (distinct []string) {
	for _, hub := range hubs {
		if len(distinct) < maxHubs && !slices.Contains(distinct, hub) {
			distinct = append(distinct, hub)
		}
	}
	return distinct
}

// newSubscription is a subscription of the same feed at a hub that is to be asked for it.
func newSubscription(s news.Subscription, hub string) news.Subscription {
	return news.Subscription{
		Callback: randomToken(16), Feed: s.Feed, Topic: s.Topic, Hub: hub, Hubs: s.Hubs, Cloud: s.Cloud,
		Private: s.Private,
		State:   news.SubscriptionWanted,
	}
}

// cloudAddress is where an rssCloud takes registrations.
func cloudAddress(c *news.Cloud) string {
	return "http://" + c.Domain + ":" + cmp.Or(c.Port, "80") + "/" + strings.TrimPrefix(c.Path, "/")
}

// renewedSubscription is what takes the place of a subscription whose lease is to be renewed: the
// first hub of the feed is tried again, whichever has served it.
func renewedSubscription(s news.Subscription) news.Subscription {
	hub := s.Hub
	if len(s.Hubs) > 0 {
		hub = s.Hubs[0]
	}
	next := newSubscription(s, hub)
	if hub == s.Hub {
		next.Missed = s.Missed
	}
	return next
}

// nextHub is the subscription at the hub that a feed names after a subscription's; ok is false at
// the last one.
func nextHub(s news.Subscription) (next news.Subscription, ok bool) {
	n := slices.Index(s.Hubs, s.Hub) + 1
	if n == 0 || n >= len(s.Hubs) {
		return s, false
	}
	return newSubscription(s, s.Hubs[n]), true
}

// refusedSubscription is what becomes of a subscription that its hub denied, or will not hear of,
// and that is left alone for a while: the feed's next hub is asked, and after the last one the
// first again when that is over.
func refusedSubscription(s news.Subscription, state string, rest time.Duration, now time.Time) news.Subscription {
	if next, ok := nextHub(s); ok {
		return next
	}
	if len(s.Hubs) > 1 {
		s = newSubscription(s, s.Hubs[0])
	} else {
		s.State = state
	}
	s.Next = now.Add(rest)
	s.Tries++
	return s
}

// failedSubscription is what becomes of a subscription whose hub did not answer, or not as it
// should: it is asked again after a while that doubles, but no later than it would give way.
func failedSubscription(s news.Subscription, now time.Time) news.Subscription {
	s.State, s.Next = news.SubscriptionWanted, now.Add(min(firstRetry<<min(s.Tries, 10), 24*time.Hour))
	if end := s.Since.Add(giveUpAfter); len(s.Hubs) > 1 && !s.Since.IsZero() && end.After(now) && end.Before(s.Next) {
		s.Next = end
	}
	s.Tries++
	return s
}

// overdueSubscription is what takes the place of a subscription that its hub has not verified for
// a day: one at the feed's next hub, after the last at the first. A feed with one hub stays with
// it.
func overdueSubscription(s news.Subscription, now time.Time) (next news.Subscription, ok bool) {
	if len(s.Hubs) < 2 || s.Since.IsZero() || now.Sub(s.Since) < giveUpAfter {
		return s, false
	}
	if next, ok = nextHub(s); !ok {
		next = newSubscription(s, s.Hubs[0])
	}
	return next, true
}

// verifiedSubscription is a subscription that its hub has confirmed, for as long as it says.
func verifiedSubscription(s news.Subscription, lease time.Duration, now time.Time) news.Subscription {
	s.State, s.Tries, s.Since = news.SubscriptionActive, 0, time.Time{}
	s.Until, s.Next = now.Add(lease), now.Add(lease*renewalPercent(s.Callback)/100)
	return s
}

// grantedLease reads how long a hub will push: ten days if it does not say, and within bounds.
func grantedLease(text string) time.Duration {
	seconds, err := strconv.Atoi(text)
	if err != nil || seconds <= 0 {
		return leaseAsked
	}
	return min(max(time.Duration(min(seconds, math.MaxInt32))*time.Second, minLease), maxLease)
}

// renewalPercent is at which part of its lease, in percent, a subscription is renewed: 50 to 80, by
// its callback.
func renewalPercent(callback string) time.Duration {
	n, _ := strconv.ParseUint(callback[:min(len(callback), 4)], 16, 64) // otherwise 0
	return time.Duration(50 + n%31)
}
