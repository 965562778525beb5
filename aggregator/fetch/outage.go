package fetch

import (
	"slices"
	"sync"
	"time"

	"fronteras/aggregator/news"
)

// When our own network counts as down, and how often it is tried then.
const (
	outageHosts = 3
	probeWait   = 30 * time.Second
)

// OutageDetector tells our own network's failures from those of stations: if several hosts in a row
// are unreachable, and none answers in between, it is ours, and no station is at fault. The zero
// value is ready, and may be used by many at once.
type OutageDetector struct {
	mu       sync.Mutex
	suspects []news.FeedState // as they were before the first of their failures, one of a feed
	hosts    map[string]bool
	down     bool
	nextTry  time.Time // while it is down
}

// MayBeOurs reports whether a failure of this kind may be our own network's.
func (k Kind) MayBeOurs() bool { return k == KindNetwork || k == KindResolver }

// RecordUnreachable notes a failure that may be our own network's: of a feed on a host, whose state
// before was this. It returns the states to be restored, since their feeds were not at fault, and
// whether the network counts as down from now on.
func (d *OutageDetector) RecordUnreachable(
	host string, before news.FeedState, now time.Time,
) (restore []news.FeedState, begins bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.hosts == nil {
		d.hosts = map[string]bool{}
	}
	d.hosts[host] = true
	if !slices.ContainsFunc(d.suspects, func(v news.FeedState) bool { return v.Feed == before.Feed }) {
		d.suspects = append(d.suspects, before)
	}
	if !d.down && len(d.hosts) < outageHosts {
		return nil, false
	}
	restore, begins = d.suspects, !d.down
	d.down, d.suspects = true, nil
	d.nextTry = now.Add(ProbeWait(before))
	return restore, begins
}

// RecordReached notes that a host was reached. It reports whether the network was down until now.
func (d *OutageDetector) RecordReached() (wasDown bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	wasDown = d.down
	d.down, d.suspects = false, nil
	clear(d.hosts)
	return wasDown
}

// TimeUntilTry is how long until a visit may be tried: 0, unless the network is down.
func (d *OutageDetector) TimeUntilTry(now time.Time) time.Duration {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.down {
		return 0
	}
	return max(0, d.nextTry.Sub(now))
}

// RecordTry notes that a visit tries a network that is down: others wait for that.
func (d *OutageDetector) RecordTry(now time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.nextTry = now.Add(probeWait)
}

// ProbeWait is how long a feed waits while the network is down.
func ProbeWait(v news.FeedState) time.Duration {
	if v.Wait > 0 {
		return min(probeWait, v.Wait)
	}
	return probeWait
}
