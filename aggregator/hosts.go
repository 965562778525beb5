package aggregator

import (
	"net"
	"net/netip"
	"net/url"
	"strings"
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

	mu     sync.Mutex
	of     map[string]string        // feed → host
	gaps   map[string]time.Duration // host of a feed → gap; others' is the most
	holds  map[string]*guest        // host → who is asking it
	free   map[string]time.Time     // host → when it can be asked again
	wanted map[string]bool          // host → a feed is due there and waits
	rests  map[string]time.Time     // host name and port → until when no errand leads there
	let    chan struct{}            // closed when somebody lets go of a host
}

// guest is who asks a host: one at a time.
type guest struct {
	host string // that it holds; empty for none
	room bool   // it takes room among those who make requests
}

// newHosts prepares for feeds. A file is a host of its own, without a gap.
func newHosts(stations []news.Station, most time.Duration) *hosts {
	h := &hosts{
		most: most, of: map[string]string{}, gaps: map[string]time.Duration{}, holds: map[string]*guest{}, free: map[string]time.Time{},
		wanted: map[string]bool{}, rests: map[string]time.Time{}, let: make(chan struct{}),
	}
	count := map[string]int{}
	for _, s := range stations {
		for _, f := range s.Feeds {
			h.of[f.URL] = hostOf(f)
			count[hostOf(f)]++
		}
	}
	for _, s := range stations {
		for _, f := range s.Feeds {
			host := h.of[f.URL]
			gap := min(most, f.Every/time.Duration(2*count[host]))
			if f.Path != "" {
				gap = 0
			}
			if old, known := h.gaps[host]; !known || gap < old {
				h.gaps[host] = gap
			}
		}
	}
	return h
}

// hostOf is whom a feed is asked of: the registrable domain with the port, of an
// IP address itself with the port, of a file its address.
func hostOf(f news.Feed) string {
	if f.Path != "" {
		return f.URL
	}
	u, err := url.Parse(f.URL)
	if err != nil {
		return f.URL
	}
	name, port := strings.ToLower(u.Hostname()), u.Port()
	if port == "" {
		port = ports[strings.ToLower(u.Scheme)]
	}
	if _, err := netip.ParseAddr(name); err != nil {
		if domain, err := publicsuffix.EffectiveTLDPlusOne(name); err == nil {
			name = domain
		}
	}
	return net.JoinHostPort(name, port)
}

// ports are those that an address means where it names none.
var ports = map[string]string{"http": "80", "https": "443"}

// held is how long until a guest can ask a feed's host: 0 for now, negative until
// somebody lets go of it. With take, the guest takes a free one, and lets go of
// any other that it has; that it has this one already is no fault.
func (h *hosts) held(g *guest, feed string, take bool, now time.Time) time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	host, known := h.of[feed]
	if !known {
		return 0
	}
	switch holder := h.holds[host]; {
	case holder != nil && holder != g:
		h.wanted[host] = true
		return -1
	case holder == nil && h.free[host].After(now):
		h.wanted[host] = true
		return h.free[host].Sub(now)
	}
	if take {
		h.take(g, host)
	}
	return 0
}

// take gives a guest a free host, and takes any other from it.
func (h *hosts) take(g *guest, host string) {
	delete(h.wanted, host)
	if g.host != host {
		h.release(g)
		g.host, h.holds[host] = host, g
	}
}

// gap is the time between two requests to a feed's host.
func (h *hosts) gap(feed string) time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.gapOf(h.of[feed])
}

func (h *hosts) gapOf(host string) time.Duration {
	if gap, known := h.gaps[host]; known {
		return gap
	}
	return h.most
}

// letGo frees the host that a guest has asked, after the gap.
func (h *hosts) letGo(g *guest, now time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if g.host != "" {
		h.free[g.host] = now.Add(h.gapOf(g.host))
		h.release(g)
	}
}

// release takes a guest's host from it.
func (h *hosts) release(g *guest) {
	if g.host != "" {
		delete(h.holds, g.host)
		g.host = ""
		close(h.let)
		h.let = make(chan struct{})
	}
}

// freeOf are feeds out of a list that can be asked now, so many at most, each of
// another host; where there are none, wait is how long until there may be: negative
// until somebody lets go of a host, 0 for an empty list.
func (h *hosts) freeOf(feeds []string, most int, now time.Time) (free []string, wait time.Duration) {
	taken := map[string]bool{}
	for _, f := range feeds {
		until := h.held(nil, f, false, now)
		switch host := h.of[f]; {
		case until != 0:
			wait = sooner(wait, until)
		case !taken[host]:
			taken[host] = true
			free = append(free, f)
		}
		if len(free) == most {
			break
		}
	}
	return free, wait
}

// letting is closed when somebody lets go of a host.
func (h *hosts) letting() <-chan struct{} {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.let
}

// beside are the other feeds of a feed's host name and port; a file has none.
func (h *hosts) beside(feed string) []string {
	u, err := url.Parse(feed)
	if err != nil || u.Host == "" {
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
