package aggregator

import (
	"net/http"
	"slices"
	"sync"
	"time"
)

// Bounds of what is thought of our own clock.
const (
	clockOff    = 5 * time.Minute
	clockAlike  = time.Minute
	clockHosts  = 3 // fewer hosts prove nothing
	clockSecond = time.Second
)

// clocks is what hosts' Date headers say of our own clock.
type clocks struct {
	mu   sync.Mutex
	ours map[string]time.Duration // by feed: how far the host is ahead of us
	off  int                      // of them, those that are far
}

// note keeps what an answer says of the time.
func (c *clocks) note(feed string, h http.Header, received time.Time) {
	date, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ours == nil {
		c.ours = map[string]time.Duration{}
	}
	before, known := c.ours[feed]
	by := date.Sub(received).Truncate(clockSecond)
	if known && before == by { // as nearly always
		return
	}
	if before.Abs() > clockOff {
		c.off--
	}
	if by.Abs() > clockOff {
		c.off++
	}
	c.ours[feed] = by
}

// unclear reports whether most hosts differ alike from our clock: then ours is
// wrong, and no date is judged by it.
func (c *clocks) unclear() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.ours) < clockHosts || 2*c.off <= len(c.ours) {
		return false
	}
	var all []time.Duration
	for _, by := range c.ours {
		all = append(all, by)
	}
	slices.Sort(all)
	middle := all[len(all)/2]
	if middle.Abs() <= clockOff {
		return false
	}
	alike := 0
	for _, by := range all {
		if (by - middle).Abs() <= clockAlike {
			alike++
		}
	}
	return 2*alike > len(all)
}
