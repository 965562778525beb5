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

	mu    sync.Mutex
	of    map[string]*host     // feed → host
	named map[string]*host     // those of feeds, and those that errands lead to
	rests map[string]time.Time // host name and port → until when no errand leads there
	let   chan struct{}        // closed when somebody lets go of a host; nil: nobody waits for that

	failed     map[string]bool // feeds whose last visit failed
	failing    int             // guests that visit such a feed
	mostFailed int             // of them at once; 0 is no bound
}

// host is whom requests are made to.
type host struct {
	gap    time.Duration
	feeds  int       // that are there
	holder *guest    // who is asking it
	free   time.Time // when it can be asked again
	wanted bool      // a feed is due there and waits
}

// guest is who asks a host: one at a time.
type guest struct {
	host   *host // that it holds; nil for none
	room   bool  // it takes room among those who make requests
	failed bool  // it visits a feed whose last visit failed
}

// newHosts prepares for feeds. A file is a host of its own, without a gap.
func newHosts(stations []news.Station, most time.Duration) *hosts {
	h := &hosts{named: map[string]*host{}, rests: map[string]time.Time{}, failed: map[string]bool{}}
	h.use(stations, most)
	return h
}

// use prepares for other feeds. Who is asking a host goes on, and so does what hosts
// have asked for.
func (h *hosts) use(stations []news.Station, most time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.most, h.of = most, map[string]*host{}
	for _, at := range h.named {
		at.feeds, at.gap, at.wanted = 0, most, false
	}
	for _, s := range stations {
		for _, f := range s.Feeds {
			at := h.at(hostOf(f))
			at.feeds++
			h.of[f.URL] = at
		}
	}
	for _, s := range stations {
		for _, f := range s.Feeds {
			gap, at := time.Duration(0), h.of[f.URL]
			if f.Path == "" {
				gap = f.Every / time.Duration(2*at.feeds)
			}
			at.gap = min(at.gap, gap)
		}
	}
}

// at is the host of a name.
func (h *hosts) at(name string) *host {
	at := h.named[name]
	if at == nil {
		at = &host{gap: h.most}
		h.named[name] = at
	}
	return at
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
// somebody lets go of it, or of a share of the room that failing feeds have. With take, the guest takes a free one, and lets go of
// any other that it has; that it has this one already is no fault.
func (h *hosts) held(g *guest, feed string, take bool, now time.Time) time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.heldNow(g, feed, take, now)
}

// heldNow does what held does. The caller holds mu.
func (h *hosts) heldNow(g *guest, feed string, take bool, now time.Time) time.Duration {
	at := h.of[feed]
	switch {
	case at == nil:
		return 0
	case at.holder != nil && at.holder != g:
		at.wanted = true
		return -1
	case at.holder == nil && at.free.After(now):
		at.wanted = true
		return at.free.Sub(now)
	case h.failed[feed] && h.mostFailed > 0 && h.failing >= h.mostFailed && (g == nil || !g.failed):
		return -1
	}
	if take {
		h.take(g, at)
		if h.failed[feed] != g.failed {
			h.countFailing(g, h.failed[feed])
		}
	}
	return 0
}

// share bounds how many of so many workers visit feeds whose last visit failed: three
// quarters, but one at least.
func (h *hosts) share(workers int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.mostFailed = max(1, workers*3/4)
}

// note remembers whether a feed's last visit failed. Such feeds share a part of the
// room: however many servers never answer, there is room for the others.
func (h *hosts) note(feed string, failed bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if failed {
		h.failed[feed] = true
	} else {
		delete(h.failed, feed)
	}
}

// leave ends what a guest came for.
func (h *hosts) leave(g *guest) {
	h.letGo(g)
	if !g.failed {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.countFailing(g, false)
	h.tellLetting()
}

// countFailing counts a guest among those that visit a failing feed, or takes it out.
func (h *hosts) countFailing(g *guest, failed bool) {
	g.failed = failed
	if failed {
		h.failing++
	} else {
		h.failing--
	}
}

// tellLetting wakes who waits for somebody to let go.
func (h *hosts) tellLetting() {
	if h.let != nil {
		close(h.let)
		h.let = nil
	}
}

// take gives a guest a free host, and takes any other from it.
func (h *hosts) take(g *guest, at *host) {
	at.wanted = false
	if g.host != at {
		h.release(g)
		g.host, at.holder = at, g
	}
}

// gap is the time between two requests to a feed's host.
func (h *hosts) gap(feed string) time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	if at := h.of[feed]; at != nil {
		return at.gap
	}
	return h.most
}

// letGo frees the host that a guest has asked, if any, after the gap.
func (h *hosts) letGo(g *guest) {
	if g.host == nil { // as it is at the end of a visit, which let go when it had asked
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	g.host.free = time.Now().Add(g.host.gap)
	h.release(g)
}

// release takes a guest's host from it.
func (h *hosts) release(g *guest) {
	if g.host != nil {
		g.host.holder, g.host = nil, nil
		h.tellLetting()
	}
}

// freeOf are feeds out of a list that can be asked now, so many at most, each of
// another host; where there are none, wait is how long until there may be: negative
// until somebody lets go of a host, 0 for an empty list.
func (h *hosts) freeOf(feeds []string, most int, now time.Time) (free []string, wait time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	taken := make(map[*host]bool, min(len(feeds), most))
	free = make([]string, 0, min(len(feeds), most))
	for _, f := range feeds {
		until := h.heldNow(nil, f, false, now)
		switch at := h.of[f]; {
		case until != 0:
			wait = sooner(wait, until)
		case !taken[at]:
			taken[at] = true
			free = append(free, f)
		}
		if len(free) == most {
			break
		}
	}
	return free, wait
}

// letting is closed when somebody lets go of a host, from now on.
func (h *hosts) letting() <-chan struct{} {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.let == nil {
		h.let = make(chan struct{})
	}
	return h.let
}

// beside are the other feeds of a feed's host name and port; a file has none.
func (h *hosts) beside(feed string) []string {
	u, err := url.Parse(feed)
	if err != nil || u.Host == "" {
		return nil
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	var others []string
	for f := range h.of {
		if o, err := url.Parse(f); err == nil && f != feed && o.Host == u.Host && o.Scheme == u.Scheme {
			others = append(others, f)
		}
	}
	return others
}
