package aggregator

import (
	"time"

	"fronteras/aggregator/feed"
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
func (a *Aggregator) moved(v news.Visit, r *feed.Response, now time.Time) news.Visit {
	v.Missed = 0
	if v.Kept != "" && r.Moved == "" {
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
		v.Kept, v.Moving = r.Moved, news.Moving{}
		a.Log.Warn("feed moved for good", "station", v.Station, "feed", shown(v.Feed), "to", shown(v.Kept),
			"hint", "write the new address into the configuration")
	}
	return v
}

// missed notes a failure at a kept address.
func missed(v news.Visit) news.Visit {
	if v.Kept == "" {
		return v
	}
	if v.Missed++; v.Missed >= keptFails {
		v.Kept, v.Missed, v.Moving = "", 0, news.Moving{}
	}
	return v
}
