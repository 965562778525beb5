package session

import (
	"crypto/sha256"
	"net/netip"
	"sync"
	"time"
)

// What a client may try, and how often a link may be asked for.
const (
	mostTries    = 10 // wrong tokens and requests for links of a client
	triesWindow  = time.Minute
	mostRequests = 3 // for links to an address
	mailsWindow  = time.Hour
	mostCounted  = 4096 // clients, and addresses, at once
)

// Limits bound what is tried. The zero value serves. What they remember is bounded too: of more clients
// at once than that, some are forgotten.
type Limits struct {
	mu        sync.Mutex
	clients   counter[netip.Prefix]
	addresses counter[[sha256.Size]byte]
}

// CountTry counts a wrong token of a client, or its request for a link; wait is for how long it may try no
// more, 0: it may.
func (l *Limits) CountTry(client netip.Prefix) (wait time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.clients.count(client, mostTries, triesWindow, time.Now())
}

// CountRequest counts a request for a link to an address, whether or not it is an editor's.
func (l *Limits) CountRequest(address string) (wait time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.addresses.count(sha256.Sum256([]byte(lowerEmail(address))), mostRequests, mailsWindow, time.Now())
}

// counter knows when each of some was counted lately.
type counter[K comparable] map[K][]time.Time

// count counts once more, if that is allowed, and says how long to wait if it is not.
func (c *counter[K]) count(key K, most int, window time.Duration, now time.Time) time.Duration {
	if *c == nil {
		*c = counter[K]{}
	}
	lately := (*c)[key]
	for len(lately) > 0 && now.Sub(lately[0]) >= window {
		lately = lately[1:]
	}
	if len(lately) >= most {
		(*c)[key] = lately
		return lately[0].Add(window).Sub(now)
	}
	if _, known := (*c)[key]; !known && len(*c) >= mostCounted {
		c.makeRoom(window, now)
	}
	// A new list: the old one would keep what was cut off its front.
	(*c)[key] = append(append(make([]time.Time, 0, len(lately)+1), lately...), now)
	return 0
}

// makeRoom forgets those that were not counted lately; where there are none, the one that was not for the
// longest time.
func (c *counter[K]) makeRoom(window time.Duration, now time.Time) {
	var oldest K
	var when time.Time
	for key, times := range *c {
		last := times[len(times)-1]
		if now.Sub(last) >= window {
			delete(*c, key)
		} else if when.IsZero() || last.Before(when) {
			oldest, when = key, last
		}
	}
	if len(*c) >= mostCounted {
		delete(*c, oldest)
	}
}
