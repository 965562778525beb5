package fetch

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"time"

	"golang.org/x/net/publicsuffix"

	"fronteras/aggregator/news"
)

const (
	// DefaultGap is the time between two requests to a host, at least; less only where many feeds
	// with a short interval are there.
	DefaultGap = time.Second

	pageGap       = 2 * time.Second // between two pages of a host at a public address
	yieldToFeed   = time.Second     // for which a side request leaves a host to a feed that is due there
	restAfter429  = 24 * time.Hour  // of a host that says 429, and not how long
	untilReleased = -1              // a wait that ends when a host is released
)

// HostLimiter is the rate limit: one request at a time per host, with a gap between two. A host is
// a registrable domain with its port; of an IP address, the address with its port; of a file, the
// file. Visits of feeds hold their host with [HostLimiter.TryAcquire]. Side requests, which are all
// others (pages, lengths of audio, hubs), take turns with them, let a due feed go first, and are
// not made at a server that asks for rest. It may be used by many at once.
type HostLimiter struct {
	limits Limits

	mu     sync.Mutex
	gap    time.Duration           // the longest between two requests to a host
	hosts  map[string]*limitedHost // by name: those of feeds, and those that side requests lead to
	ofFeed map[string]*limitedHost
	rests  map[string]time.Time // by server: until when no side request leads there
	freed  chan struct{}        // closed when a host is released; nil: nobody waits for that

	sweepHosts, sweepRests sweeper

	visiting   map[string]bool // feeds whose visits are under way, until they are saved
	failed     map[string]bool // feeds whose last visit failed
	answered   map[string]bool // those whose last visit did not: of others it is not known yet
	doubtful   int             // visits of feeds under way that have not answered
	maxFailing int             // of them at once
}

// Limits say what a [HostLimiter] allows.
type Limits struct {
	AtOnce   int    // requests to a host at once; 0 is one
	NoRests  bool   // servers that ask for rest are asked again nevertheless
	Released func() // if set, is called after a host was released
}

// limitedHost is a host that requests are made to.
type limitedHost struct {
	gap      time.Duration
	feeds    int       // that are there
	busy     int       // requests under way
	free     time.Time // when it can be asked again
	nextPage time.Time // when it can be asked for a page again
	wanted   bool      // a feed is due there and waits
}

// Hold is what a visit holds: one host at most. The zero value holds none.
type Hold struct {
	host     *limitedHost
	doubtful bool // it visits a feed that has not answered
}

// NewHostLimiter makes a limiter that knows no feeds, and leaves no gaps.
func NewHostLimiter(l Limits) *HostLimiter {
	l.AtOnce = max(l.AtOnce, 1)
	return &HostLimiter{
		limits: l, hosts: map[string]*limitedHost{}, rests: map[string]time.Time{},
		visiting: map[string]bool{}, failed: map[string]bool{}, answered: map[string]bool{},
	}
}

// UseStations prepares for the feeds of stations, in place of those before: hosts are asked after a
// gap, or after less where many feeds with a short interval are there. A file is a host of its own,
// without a gap. What holds a host keeps it, and rests continue. Of the workers, three quarters
// visit feeds whose last visit failed, but one at least, and once a feed has answered, those that
// nobody has visited yet count as well: however many servers never answer, there is room for the
// others.
func (l *HostLimiter) UseStations(stations []news.Station, gap time.Duration, workers int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.gap, l.ofFeed, l.maxFailing = gap, map[string]*limitedHost{}, max(1, workers*3/4)
	for _, at := range l.hosts {
		at.feeds, at.gap, at.wanted = 0, gap, false
	}
	failed, answered := l.failed, l.answered
	l.failed, l.answered = map[string]bool{}, map[string]bool{}
	for _, s := range stations {
		for _, f := range s.Feeds {
			at := l.hostByName(HostName(f))
			at.feeds++
			l.ofFeed[f.URL] = at
			if failed[f.URL] {
				l.failed[f.URL] = true
			}
			if answered[f.URL] {
				l.answered[f.URL] = true
			}
		}
	}
	for _, s := range stations {
		for _, f := range s.Feeds {
			at, gap := l.ofFeed[f.URL], time.Duration(0)
			if f.Path == "" {
				gap = f.Every / time.Duration(2*at.feeds)
			}
			at.gap = min(at.gap, gap)
		}
	}
}

// RecordOutcome notes whether a feed's last visit failed.
func (l *HostLimiter) RecordOutcome(feed string, failed bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if failed {
		l.failed[feed] = true
		delete(l.answered, feed)
	} else {
		l.answered[feed] = true
		delete(l.failed, feed)
	}
}

// TimeUntilFree is how long until a visit can ask a feed's host: 0 for now, negative until some
// host is released. A host that the visit itself holds is free to it; h may be nil.
func (l *HostLimiter) TimeUntilFree(h *Hold, feed string, now time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.timeUntilFree(h, feed, now)
}

// TryAcquire gives a visit its feed's host where that can be asked now, in place of any other host
// that the visit holds. It returns what [HostLimiter.TimeUntilFree] does: 0 if it was given.
func (l *HostLimiter) TryAcquire(h *Hold, feed string, now time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	if wait := l.timeUntilFree(h, feed, now); wait != 0 {
		return wait
	}
	if at := l.ofFeed[feed]; at != nil {
		l.assignHost(h, at)
		l.countDoubtful(h, !l.answered[feed])
	}
	return 0
}

// timeUntilFree is TimeUntilFree. The caller holds mu.
func (l *HostLimiter) timeUntilFree(h *Hold, feed string, now time.Time) time.Duration {
	at := l.ofFeed[feed]
	switch {
	case l.visiting[feed]:
		return untilReleased
	case at == nil:
		return 0
	case h != nil && h.host == at:
	case at.busy >= l.limits.AtOnce:
		at.wanted = true
		return untilReleased
	case at.free.After(now):
		at.wanted = true
		return at.free.Sub(now)
	}
	counts := l.failed[feed] || !l.answered[feed] && len(l.answered) > 0
	if counts && l.doubtful >= l.maxFailing && (h == nil || !h.doubtful) {
		return untilReleased
	}
	return 0
}

// FreeFeeds picks feeds that can be asked now out of a list, a number at most, each of another
// host. If there are none, wait is how long until there may be: negative until a host is released,
// 0 for an empty list.
func (l *HostLimiter) FreeFeeds(feeds []string, number int, now time.Time) (free []string, wait time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	taken := make(map[*limitedHost]bool, min(len(feeds), number))
	free = make([]string, 0, min(len(feeds), number))
	for _, f := range feeds {
		until := l.timeUntilFree(nil, f, now)
		switch at := l.ofFeed[f]; {
		case until > 0 && (wait <= 0 || until < wait), until < 0 && wait == 0:
			wait = until
		case until == 0 && !taken[at]:
			taken[at] = true
			free = append(free, f)
		}
		if len(free) == number {
			break
		}
	}
	return free, wait
}

// Release frees the host that a visit holds, if any, after its gap.
func (l *HostLimiter) Release(h *Hold) {
	if h.host == nil { // as it is at the end of a visit, which released it when the answer was there
		return
	}
	l.mu.Lock()
	h.host.free = time.Now().Add(h.host.gap)
	l.unassignHost(h)
	l.mu.Unlock()
	if l.limits.Released != nil {
		l.limits.Released()
	}
}

// BeginVisit keeps a feed from being visited by another worker until [HostLimiter.EndVisit], though
// its host may be released and its lease run out before: a server may be slow, and the store too.
func (l *HostLimiter) BeginVisit(feed string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.visiting[feed] = true
}

// EndVisit notes that a feed's visit was saved, or given up.
func (l *HostLimiter) EndVisit(feed string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.visiting, feed)
	l.wakeWaiters()
}

// ReleaseHold releases all that a visit holds: its host, and its share of what feeds may use that
// have not answered.
func (l *HostLimiter) ReleaseHold(h *Hold) {
	l.Release(h)
	if h.doubtful {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.countDoubtful(h, false)
	}
}

// Freed is a channel that is closed when a host is released, or a share of what feeds may use that
// have not answered, from now on.
func (l *HostLimiter) Freed() <-chan struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.freed == nil {
		l.freed = make(chan struct{})
	}
	return l.freed
}

// FeedsOfSameServer returns the other feeds at a feed's host name and port; a file has none.
func (l *HostLimiter) FeedsOfSameServer(feed string) []string {
	u, err := url.Parse(feed)
	if err != nil || u.Host == "" {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	var others []string
	for f := range l.ofFeed {
		if o, err := url.Parse(f); err == nil && f != feed && o.Host == u.Host && o.Scheme == u.Scheme {
			others = append(others, f)
		}
	}
	return others
}

// RestUntil has side requests leave an address's server alone until then.
func (l *HostLimiter) RestUntil(address string, until time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if server := serverOfAddress(address); until.After(l.rests[server]) {
		l.rests[server] = until
	}
	if !l.sweepRests.isDue(len(l.rests)) {
		return
	}
	ofFeeds := map[string]bool{}
	for f := range l.ofFeed {
		ofFeeds[serverOfAddress(f)] = true
	}
	now := time.Now()
	sweepMap(&l.sweepRests, l.rests, now, func(server string, until time.Time) (time.Time, bool) {
		return until, ofFeeds[server] && until.After(now)
	})
}

// RestError says that a server is not asked, because it asked to be left alone.
type RestError struct {
	Host  string // its name, and its port if that is not the scheme's own
	Until time.Time
}

// Error says it in one line.
func (e *RestError) Error() string {
	return fmt.Sprintf("%s asks for no requests before %s", e.Host, e.Until.UTC().Format(time.RFC3339))
}

// turn is permission to make one side request. A nil turn is that of a request whose host is held
// already.
type turn struct {
	limiter *HostLimiter
	hold    Hold
	address string
	page    bool
}

// acquireTurn waits until a side request can be made to an address. It fails with a [*RestError]
// where its server asks for rest, or with ctx. A nil limiter gives a nil turn at once.
func (l *HostLimiter) acquireTurn(ctx context.Context, address string, page bool) (*turn, error) {
	if l == nil {
		return nil, nil
	}
	t := &turn{limiter: l, address: address, page: page}
	server, name := serverOfAddress(address), HostName(news.Feed{URL: address})
	for {
		freed := l.Freed()
		now := time.Now()
		rest, wait := l.tryAcquireTurn(t, server, name, now)
		switch {
		case rest.After(now):
			return nil, &RestError{server, rest}
		case wait == 0:
			return t, nil
		}
		var timer <-chan time.Time
		if wait > 0 {
			timer = time.After(wait)
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-timer:
		case <-freed:
		}
	}
}

// Acquire waits until a request can be made to an address, as one with a [SideRequest.Limiter] does,
// for who has something to get ready first. It fails as such a request does.
func (l *HostLimiter) Acquire(ctx context.Context, address string) (release func(), err error) {
	t, err := l.acquireTurn(ctx, address, false)
	if err != nil {
		return nil, err
	}
	return func() { l.Release(&t.hold) }, nil
}

// tryAcquireTurn gives a side request the host of a name where that can be asked now: wait is 0
// then, otherwise as of TimeUntilFree. A feed that waits to be visited there goes first. Rest is
// until when the server asks to be left alone.
func (l *HostLimiter) tryAcquireTurn(t *turn, server, name string, now time.Time) (rest time.Time, wait time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if rest = l.rests[server]; rest.After(now) {
		return rest, 0
	}
	at := l.hostByName(name)
	free := at.free
	if at.wanted {
		free = free.Add(yieldToFeed)
	}
	if t.page && at.nextPage.After(free) {
		free = at.nextPage
	}
	switch {
	case at.busy >= l.limits.AtOnce:
		return rest, untilReleased
	case free.After(now):
		return rest, free.Sub(now)
	}
	l.assignHost(&t.hold, at)
	l.sweepIdleHosts(now)
	return rest, 0
}

// endTurn releases a turn's host, and notes for how long its answer asks that the server be left
// alone; status is 0 if there was no answer. Private says whether it was at a private address.
func (t *turn) endTurn(status int, h http.Header, private bool) {
	if t == nil {
		return
	}
	now := time.Now()
	if rest := restAfterAnswer(status, h, now); rest > 0 && !t.limiter.limits.NoRests {
		t.limiter.RestUntil(t.address, now.Add(rest))
	}
	if t.page && !private {
		t.limiter.mu.Lock()
		t.hold.host.nextPage = now.Add(pageGap)
		t.limiter.mu.Unlock()
	}
	t.limiter.Release(&t.hold)
}

// restAfterAnswer is for how long an answer to a side request asks that its server be left alone.
func restAfterAnswer(status int, h http.Header, now time.Time) time.Duration {
	switch rest := RetryAfter(h, now); {
	case status < 400:
		return 0
	case rest == 0 && status == http.StatusTooManyRequests:
		return restAfter429
	default:
		return rest
	}
}

// hostByName is the host of a name. The caller holds mu.
func (l *HostLimiter) hostByName(name string) *limitedHost {
	at := l.hosts[name]
	if at == nil {
		at = &limitedHost{gap: l.gap}
		l.hosts[name] = at
	}
	return at
}

// assignHost gives a free host, and takes any other. The caller holds mu.
func (l *HostLimiter) assignHost(h *Hold, at *limitedHost) {
	at.wanted = false
	if h.host != at {
		l.unassignHost(h)
		h.host = at
		at.busy++
	}
}

// unassignHost takes the host, if any, from what holds it. The caller holds mu.
func (l *HostLimiter) unassignHost(h *Hold) {
	if h.host != nil {
		h.host.busy--
		h.host = nil
		l.wakeWaiters()
	}
}

// countDoubtful counts a visit among those of feeds that have not answered, or takes it out. The
// caller holds mu.
func (l *HostLimiter) countDoubtful(h *Hold, doubtful bool) {
	switch {
	case doubtful && !h.doubtful:
		l.doubtful++
	case h.doubtful && !doubtful:
		l.doubtful--
		l.wakeWaiters()
	}
	h.doubtful = doubtful
}

// wakeWaiters wakes what waits for a host. The caller holds mu.
func (l *HostLimiter) wakeWaiters() {
	if l.freed != nil {
		close(l.freed)
		l.freed = nil
	}
}

// sweepIdleHosts forgets hosts that side requests led to, once they could be asked again. The caller
// holds mu.
func (l *HostLimiter) sweepIdleHosts(now time.Time) {
	sweepMap(&l.sweepHosts, l.hosts, now, func(_ string, at *limitedHost) (time.Time, bool) {
		until := at.free
		if at.nextPage.After(until) {
			until = at.nextPage
		}
		return until, at.feeds > 0 || at.busy > 0
	})
}

// HostName is the name of the host that a feed is asked of: the registrable domain with the port,
// of an IP address itself with the port, of a file its address.
func HostName(f news.Feed) string {
	if f.Path != "" {
		return f.URL
	}
	u, err := url.Parse(f.URL)
	if err != nil {
		return f.URL
	}
	name, port := strings.TrimSuffix(strings.ToLower(u.Hostname()), "."), u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[strings.ToLower(u.Scheme)]
	}
	if _, err := netip.ParseAddr(name); err != nil {
		if domain, err := publicsuffix.EffectiveTLDPlusOne(name); err == nil {
			name = domain
		}
	}
	return net.JoinHostPort(name, port)
}

// serverOfAddress is the host name of an address, with its port if that is not the scheme's own.
func serverOfAddress(address string) string {
	_, rest, _ := strings.Cut(canonicalAddress("", address), "://")
	return rest[:strings.IndexAny(rest+"/", "/?")]
}
