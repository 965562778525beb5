package websub

import (
	"hash/maphash"
	"maps"
	"sync"
	"time"
)

// The rate limit of requests to the hub, and of what they lead to.
const (
	maxRequests   = 10 // under one name, within
	requestWindow = time.Minute
	maxNames      = 1 << 14 // that are remembered; strangers are refused beyond
)

// requestLimit bounds how often something happens under a name, such as that of a client. It may be
// used by many at once.
type requestLimit struct {
	seed maphash.Seed

	mu     sync.Mutex
	times  map[uint64][]time.Time // of the last minute, by the hash of a name
	purged time.Time
}

func newRequestLimit() *requestLimit {
	return &requestLimit{seed: maphash.MakeSeed(), times: map[uint64][]time.Time{}}
}

// allow counts something under all of its names, unless one of them has reached the limit. Stranger
// says that its names are made up by somebody who is not known: there may be too many of those.
func (l *requestLimit) allow(now time.Time, stranger bool, names ...string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.times) >= maxNames && now.Sub(l.purged) > time.Second {
		l.purged = now
		maps.DeleteFunc(l.times, func(_ uint64, times []time.Time) bool {
			return now.Sub(times[len(times)-1]) > requestWindow
		})
	}
	if stranger && len(l.times) >= maxNames {
		return false
	}
	for _, name := range names {
		if len(l.recent(name, now)) >= maxRequests {
			return false
		}
	}
	for _, name := range names {
		l.times[maphash.String(l.seed, name)] = append(l.recent(name, now), now)
	}
	return true
}

// isReached reports whether a name has reached the limit.
func (l *requestLimit) isReached(now time.Time, name string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.recent(name, now)) >= maxRequests
}

// recent is when something happened under a name within the last minute.
func (l *requestLimit) recent(name string, now time.Time) []time.Time {
	times := l.times[maphash.String(l.seed, name)]
	for len(times) > 0 && now.Sub(times[0]) > requestWindow {
		times = times[1:]
	}
	return times
}
