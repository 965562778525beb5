package fetch

import (
	"net/http"
	"slices"
	"sync"
	"time"
)

// When our own clock counts as wrong.
const (
	clockFarOff = 5 * time.Minute // of the median host
	clockAlike  = time.Minute     // hosts agree if they differ from the median by no more
	clockFeeds  = 3               // fewer prove nothing
)

// ClockCheck compares our own clock with the Date headers of servers. The zero value is ready, and
// may be used by many at once.
type ClockCheck struct {
	mu     sync.Mutex
	ahead  map[string]time.Duration // by feed: how far its server's clock is ahead of ours
	farOff int                      // of them, those that are far
}

// RecordDate notes what an answer for a feed says of the time.
func (c *ClockCheck) RecordDate(feed string, h http.Header, received time.Time) {
	date, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ahead == nil {
		c.ahead = map[string]time.Duration{}
	}
	before, known := c.ahead[feed]
	by := date.Sub(received).Truncate(time.Second)
	if known && before == by { // as nearly always
		return
	}
	if before.Abs() > clockFarOff {
		c.farOff--
	}
	if by.Abs() > clockFarOff {
		c.farOff++
	}
	c.ahead[feed] = by
}

// IsUnclear reports whether most servers differ alike from our clock: then ours is wrong, and no
// date can be judged by it.
func (c *ClockCheck) IsUnclear() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.ahead) < clockFeeds || 2*c.farOff <= len(c.ahead) {
		return false
	}
	var all []time.Duration
	for _, by := range c.ahead {
		all = append(all, by)
	}
	slices.Sort(all)
	median := all[len(all)/2]
	if median.Abs() <= clockFarOff {
		return false
	}
	alike := 0
	for _, by := range all {
		if (by - median).Abs() <= clockAlike {
			alike++
		}
	}
	return 2*alike > len(all)
}
