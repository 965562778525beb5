package aggregator

import (
	"time"

	"fronteras/aggregator/fetch"
	"fronteras/aggregator/news"
)

// When a permanent redirect is believed. Captive portals, lapsed domains and
// mistaken 301s are as permanent as any, for a day.
const (
	movedTimes = 5
	movedFor   = 7 * 24 * time.Hour
	keptFails  = 3 // at the kept address, then the old one is asked again
)

// moved notes where permanent redirects led in a visit that succeeded. A target
// that has stayed the same is kept, and asked directly from then on, unless
// another feed has it.
func (a *Aggregator) moved(v news.FeedState, r *fetch.Response, now time.Time) news.FeedState {
	v.MovedToFailures = 0
	if v.MovedTo != "" && r.Moved == "" {
		return v
	}
	if r.Moved == "" || r.Moved != v.Moving.To {
		v.Moving = news.Moving{To: r.Moved, Since: now}
	}
	if r.Moved == "" {
		v.Moving = news.Moving{}
		return v
	}
	v.Moving.Times++
	_, others := a.feeds[r.Moved]
	if v.Moving.Times >= movedTimes && now.Sub(v.Moving.Since) >= movedFor && !others {
		v.MovedTo, v.Moving = r.Moved, news.Moving{}
		a.Log.Warn("feed moved for good", "station", v.Station, "feed", shown(v.Feed), "to", shown(v.MovedTo),
			"hint", "write the new address into the configuration")
	}
	return v
}

// missed notes a failure at a kept address.
func missed(v news.FeedState) news.FeedState {
	if v.MovedTo == "" {
		return v
	}
	if v.MovedToFailures++; v.MovedToFailures >= keptFails {
		v.MovedTo, v.MovedToFailures, v.Moving = "", 0, news.Moving{}
	}
	return v
}
