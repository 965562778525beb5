package schedule

import (
	"cmp"
	"time"

	"fronteras/aggregator/news"
)

// When a permanent redirect is believed. Captive portals, lapsed domains and mistaken 301s look
// permanent, too, for a day.
const (
	minRedirects    = 5
	minRedirectTime = 7 * 24 * time.Hour
	maxMoveFailures = 3 // at the new address in a row; then the configured one is asked again
)

// RequestAddress is where a feed is asked for: its configured address, or the one that it has moved
// to for good.
func RequestAddress(v news.FeedState, f news.Feed) string { return cmp.Or(v.MovedTo, f.URL) }

// FollowRedirect notes where permanent redirects led in a visit that succeeded; target is empty if
// they led nowhere, or not all of them were permanent. A target that stayed the same in five visits
// over a week becomes the state's MovedTo, which is asked directly from then on, unless another
// feed has that address (taken).
func FollowRedirect(v news.FeedState, target string, taken bool, now time.Time) news.FeedState {
	v.MovedToFailures = 0
	switch {
	case target == "":
		if v.MovedTo == "" {
			v.Moving = news.Moving{}
		}
		return v
	case target != v.Moving.To:
		v.Moving = news.Moving{To: target, Since: now}
	}
	v.Moving.Times++
	if v.Moving.Times >= minRedirects && now.Sub(v.Moving.Since) >= minRedirectTime && !taken {
		v.MovedTo, v.Moving = target, news.Moving{}
	}
	return v
}

// recordMoveFailure counts a failure at the address that a feed has moved to, and returns to the
// configured one after three.
func recordMoveFailure(v news.FeedState) news.FeedState {
	if v.MovedTo == "" {
		return v
	}
	if v.MovedToFailures++; v.MovedToFailures >= maxMoveFailures {
		v.MovedTo, v.MovedToFailures, v.Moving = "", 0, news.Moving{}
	}
	return v
}
