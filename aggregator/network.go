package aggregator

import (
	"sync"
	"time"

	"fronteras/aggregator/fetch"
	"fronteras/aggregator/news"
)

// When our own network counts as down, and how often it is tried then.
const (
	downHosts = 3
	probe     = 30 * time.Second
)

// network tells a partner's failure from our own: where no way leads to several
// hosts in a row, and none answers in between, nobody of them is at fault.
type network struct {
	mu       sync.Mutex
	suspects []news.FeedState // as they were before their failures
	hosts    map[string]bool
	down     bool
	next     time.Time // when it is tried again
}

// ours reports whether a failure may be our own network's.
func ours(kind string) bool {
	return kind == string(fetch.KindNetwork) || kind == string(fetch.KindResolver)
}

// fails notes such a failure of a feed on a host, before is its visit as it was.
// It returns the visits that are to be put back, for they were not at fault.
func (n *network) fails(host string, before news.FeedState, now time.Time) (back []news.FeedState, down bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.hosts == nil {
		n.hosts = map[string]bool{}
	}
	n.hosts[host] = true
	n.suspects = append(n.suspects, before)
	if !n.down && len(n.hosts) < downHosts {
		return nil, false
	}
	back, down = n.suspects, !n.down
	n.down, n.suspects = true, nil
	n.next = now.Add(pause(before))
	return back, down
}

// pause is how long a feed waits while the network is down.
func pause(v news.FeedState) time.Duration {
	if v.Wait > 0 {
		return min(probe, v.Wait)
	}
	return probe
}

// answers notes that a host was reached. It reports whether the network was down.
func (n *network) answers() (wasDown bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	wasDown = n.down
	n.down, n.suspects = false, nil
	clear(n.hosts)
	return wasDown
}

// wait is how long until a visit may be tried; while the network is down, one in
// a while.
func (n *network) wait(now time.Time) time.Duration {
	n.mu.Lock()
	defer n.mu.Unlock()
	if !n.down {
		return 0
	}
	return max(0, n.next.Sub(now))
}

// tries notes that a visit tries a network that is down: others wait for it.
func (n *network) tries(now time.Time) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.next = now.Add(probe)
}
