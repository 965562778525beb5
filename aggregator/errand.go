package aggregator

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"time"

	"fronteras/aggregator/fetch"
	"fronteras/aggregator/news"
)

// yields is how long an errand leaves a host to a feed that is due there.
const yields = time.Second

// An errand is a request beside the visits of feeds: for a page, for the length of
// a sound, at a hub. It waits for its host as visits do, lets a due feed go first,
// and is not made where the host wants rest.

// RestError says that a host is not asked, for it wants to be left alone.
type RestError struct {
	Host  string
	Until time.Time
}

// Error says it in one line.
func (e *RestError) Error() string {
	return fmt.Sprintf("%s wants not to be asked before %s", e.Host, e.Until.UTC().Format(time.RFC3339))
}

// errand takes the host of an address for one request. What ends it is to be
// called with the answer's status and header, zero where there was none.
func (a *Aggregator) errand(ctx context.Context, address string) (end fetch.EndErrand, err error) {
	host, authority := hostOf(news.Feed{URL: address}), authorityOf(address)
	g := &guest{}
	for {
		let := a.hosts.letting()
		now := time.Now()
		if until := a.hosts.restsUntil(authority); until.After(now) {
			return nil, &RestError{authority, until}
		}
		wait := a.hosts.enter(g, host, now)
		if wait == 0 {
			break
		}
		sleep(ctx, wait, let)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
	}
	return func(status int, h http.Header) {
		now := time.Now()
		if rest := restFor(status, h, now); rest > 0 {
			a.hosts.rest(authority, now.Add(rest))
		}
		a.hosts.letGo(g)
		signal(a.wake)
	}, nil
}

// restFor is how long an answer to an errand wants its host to be left alone.
func restFor(status int, h http.Header, now time.Time) time.Duration {
	switch rest := fetch.RetryAfter(h, now); {
	case status < 400:
		return 0
	case rest == 0 && status == http.StatusTooManyRequests:
		return limitedRest
	default:
		return rest
	}
}

// limitedRest is for how long a host is left alone that says 429, and not how long.
const limitedRest = 24 * time.Hour

func authorityOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	return u.Host
}

// enter is how long until a guest can go on an errand to a host: 0 where it has
// taken it, negative until somebody lets go of it. While a feed waits to be visited
// there, the host is left to it for a moment.
func (h *hosts) enter(g *guest, name string, now time.Time) time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	at := h.at(name)
	free := at.free
	if at.wanted {
		free = free.Add(yields)
	}
	switch {
	case at.holder != nil:
		return -1
	case free.After(now):
		return free.Sub(now)
	}
	h.take(g, at)
	h.forget(now)
	return 0
}

// manyHosts is how many hosts are remembered whose time is past.
const manyHosts = 1 << 12

// forget drops what is past: errands lead to hosts that stations name.
func (h *hosts) forget(now time.Time) {
	if len(h.named)+len(h.rests) < manyHosts {
		return
	}
	maps.DeleteFunc(h.named, func(_ string, at *host) bool {
		return at.feeds == 0 && at.holder == nil && at.free.Before(now)
	})
	maps.DeleteFunc(h.rests, func(_ string, t time.Time) bool { return t.Before(now) })
}

// rest has errands leave a host name and port alone until then.
func (h *hosts) rest(authority string, until time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if until.After(h.rests[authority]) {
		h.rests[authority] = until
	}
}

func (h *hosts) restsUntil(authority string) time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.rests[authority]
}

// Errands is a way to hosts on which each request waits for its turn as the visits
// of feeds do, and counts among those that are made at once.
func (a *Aggregator) Errands(way http.RoundTripper) http.RoundTripper { return errands{a, way} }

type errands struct {
	*Aggregator
	way http.RoundTripper
}

// RoundTrip makes a request when its host is free.
func (e errands) RoundTrip(r *http.Request) (*http.Response, error) {
	select {
	case e.room <- struct{}{}:
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
	defer func() { <-e.room }()
	end, err := e.errand(r.Context(), r.URL.String())
	if err != nil {
		return nil, err
	}
	answer, err := e.way.RoundTrip(r)
	if err != nil {
		end(0, nil)
		return nil, err
	}
	end(answer.StatusCode, answer.Header)
	return answer, nil
}
