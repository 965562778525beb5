package aggregator

import (
	"net"
	"net/netip"
	"net/url"
	"sync"
	"time"

	"golang.org/x/net/publicsuffix"

	"fronteras/aggregator/news"
)

// politeGap is the time between two requests to a host, at least; less only
// where many feeds with a short interval are there.
const politeGap = time.Second

// hosts keeps the requests to each host apart: one at a time, with a gap. It is
// safe for use by many.
type hosts struct {
	most time.Duration // of a gap

	mu    sync.Mutex
	of    map[string]string        // feed → host
	gaps  map[string]time.Duration // host → gap
	holds map[string]string        // host → the feed that is being asked
	free  map[string]time.Time     // host → when it can be asked again
}

// newHosts prepares for feeds. A file has no host.
func newHosts(stations []news.Station, most time.Duration) *hosts {
	h := &hosts{most: most, of: map[string]string{}, gaps: map[string]time.Duration{}, holds: map[string]string{}, free: map[string]time.Time{}}
	count := map[string]int{}
	for _, s := range stations {
		for _, f := range s.Feeds {
			if host := hostOf(f); host != "" {
				h.of[f.URL] = host
				count[host]++
			}
		}
	}
	for _, s := range stations {
		for _, f := range s.Feeds {
			host := h.of[f.URL]
			gap := min(most, f.Every/time.Duration(2*max(1, count[host])))
			if old, known := h.gaps[host]; !known || gap < old {
				h.gaps[host] = gap
			}
		}
	}
	return h
}

// hostOf is whom a feed is asked of: the registrable domain with the port, of an
// IP address itself with the port; empty for a file.
func hostOf(f news.Feed) string {
	if f.Path != "" {
		return ""
	}
	u, err := url.Parse(f.URL)
	if err != nil {
		return f.URL
	}
	name, port := u.Hostname(), u.Port()
	if port == "" {
		port = u.Scheme
	}
	if _, err := netip.ParseAddr(name); err != nil {
		if domain, err := publicsuffix.EffectiveTLDPlusOne(name); err == nil {
			name = domain
		}
	}
	return net.JoinHostPort(name, port)
}

// held is how long until a feed's host can be asked: 0 for now, negative until
// somebody lets go of it. With take, a free host is taken for the feed; taking
// it for the same feed again is no fault.
func (h *hosts) held(feed string, take bool, now time.Time) time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	host, known := h.of[feed]
	if !known {
		return 0
	}
	switch holder, busy := h.holds[host]; {
	case busy && holder != feed:
		return -1
	case !busy && h.free[host].After(now):
		return h.free[host].Sub(now)
	}
	if take {
		h.holds[host] = feed
	}
	return 0
}

// gap is the time between two requests to a feed's host.
func (h *hosts) gap(feed string) time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.gaps[h.of[feed]]
}

// letGo frees the host that a feed was asked of, after the gap.
func (h *hosts) letGo(feed string, now time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	host := h.of[feed]
	if h.holds[host] == feed {
		delete(h.holds, host)
		h.free[host] = now.Add(h.gaps[host])
	}
}

// beside are the other feeds of a feed's host name and port.
func (h *hosts) beside(feed string) []string {
	u, err := url.Parse(feed)
	if err != nil {
		return nil
	}
	var others []string
	for f := range h.of {
		if o, err := url.Parse(f); err == nil && f != feed && o.Host == u.Host && o.Scheme == u.Scheme {
			others = append(others, f)
		}
	}
	return others
}
