package fetch

import (
	"cmp"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/klauspost/compress/gzip"

	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
)

// What the head of a page may cost.
const (
	pageWait   = 10 * time.Second
	pageGap    = 2 * time.Second
	pageRest   = 24 * time.Hour
	robotsSize = 500 << 10
	robotsFor  = 24 * time.Hour
)

// ErrNotAsked: a page was not asked for: its host rests, or is asked for others.
var ErrNotAsked = errors.New("not asked")

// ErrForbidden: robots.txt keeps us from a page (RFC 9309).
var ErrForbidden = errors.New("forbidden by robots.txt")

// Pages reads the heads of stations' pages, politely: one request to a host at a
// time and not too fast, within what its robots.txt allows. It may be used by
// many at once.
type Pages struct {
	client *Client
	errand Errand

	mu    sync.Mutex
	hosts map[string]*pageHost
}

// pageHost is what is kept of a host. Whoever asks it has its turn.
type pageHost struct {
	turn   chan struct{} // holds one
	next   time.Time     // when it may be asked again
	rests  time.Time     // until when its pages are left alone
	robots *robots
	read   time.Time // when robots was
}

// Errand waits until one request may be made to an address, beside the visits of
// feeds: it fails where its host wants none now, or with ctx. What it returns is
// told of the answer; 0 where there was none.
type Errand func(ctx context.Context, address string) (EndErrand, error)

// EndErrand ends an errand.
type EndErrand func(status int, h http.Header)

// NewPages makes a reader of pages that asks by a client's rules, each request an
// errand.
func NewPages(c *Client, errand Errand) *Pages {
	pages := *c
	pages.timeout = min(pages.timeout, pageWait)
	pages.headers = http.Header{
		"User-Agent":      c.headers["User-Agent"],
		"Accept":          {"text/html, application/xhtml+xml;q=0.9"},
		"Accept-Encoding": {"gzip"},
	}
	return &Pages{client: &pages, errand: errand, hosts: map[string]*pageHost{}}
}

// PageRequest is one question for a page.
type PageRequest struct {
	URL string
	Own func(address string) bool // whether a redirect may lead there

	// ReadHead reads what the page at an address says of itself, out of its answer's header and
	// its body without its coding. Nil: the status alone counts, and the body is not read.
	ReadHead func(address string, header http.Header, body io.Reader) news.Page

	Gap time.Duration // between requests to a host at a loopback or private address
}

// Read asks for a page, once. It fails with ErrForbidden, with ErrNotAsked, or
// where ctx ends with that error; whatever else goes wrong is a page with
// status 0. A redirect that leaves the station is recorded and not followed.
func (p *Pages) Read(ctx context.Context, r PageRequest) (news.Page, error) {
	host := p.host(r.URL)
	select {
	case host.turn <- struct{}{}:
	default: // another visit reads pages there: waiting for it would keep feeds of other hosts waiting
		return news.Page{}, ErrNotAsked
	}
	defer func() { <-host.turn }()
	if time.Now().Before(host.rests) {
		return news.Page{}, ErrNotAsked
	}
	if err := p.obey(ctx, host, r); err != nil {
		return news.Page{}, err
	}
	page, err := p.get(ctx, host, r)
	if ctx.Err() != nil {
		return news.Page{}, ctx.Err()
	}
	return page, err
}

func (p *Pages) host(address string) *pageHost {
	p.mu.Lock()
	defer p.mu.Unlock()
	name := authority(address)
	h := p.hosts[name]
	if h == nil {
		h = &pageHost{turn: make(chan struct{}, 1)}
		p.hosts[name] = h
	}
	return h
}

// authority is the host of an address with its port.
func authority(address string) string {
	_, rest, _ := strings.Cut(canonical("", address), "://")
	return rest[:strings.IndexAny(rest+"/", "/?")]
}

// get asks for a page and follows redirects within the station.
func (p *Pages) get(ctx context.Context, host *pageHost, r PageRequest) (news.Page, error) {
	f := newFetch(p.client, Request{URL: r.URL})
	for {
		end, err := p.begin(ctx, host, f.address)
		if err != nil {
			return news.Page{}, err
		}
		limited, cancel := context.WithTimeout(ctx, p.client.timeout)
		page, again, err := p.hop(limited, host, f, r, end)
		cancel()
		if err != nil || !again {
			page.Asked = time.Now().UTC().Truncate(time.Second)
			return page, err
		}
	}
}

// begin waits until a host may be asked: by what is known of its pages, and of all
// that is asked of it.
func (p *Pages) begin(ctx context.Context, host *pageHost, address string) (EndErrand, error) {
	if err := host.wait(ctx); err != nil {
		return nil, err
	}
	end, err := p.errand(ctx, address)
	switch {
	case err == nil:
		return end, nil
	case ctx.Err() != nil:
		return nil, ctx.Err()
	}
	return nil, ErrNotAsked
}

// hop makes the request of one hop; again reports whether another follows.
func (p *Pages) hop(ctx context.Context, host *pageHost, f *fetch, r PageRequest, end EndErrand) (page news.Page, again bool, err error) {
	answer, err := f.exchange(ctx)
	host.asked(f.private.Load(), r.Gap)
	if err != nil {
		end(0, nil)
		return news.Page{}, false, nil // no answer: the page is none
	}
	defer end(answer.StatusCode, answer.Header)
	defer answer.Body.Close()
	page.Status = answer.StatusCode
	switch {
	case isRedirect(answer.StatusCode):
		target := link.Clean(f.address, answer.Header.Get("Location"))
		if target == "" || !r.Own(target) || authority(target) != authority(f.address) && !r.Own(f.address) {
			page.Moved = target
			return page, false, nil
		}
		if f.follow(answer) != nil {
			return news.Page{}, false, nil
		}
		page.Moved = target
		return page, true, nil
	case answer.StatusCode == http.StatusTooManyRequests, answer.StatusCode == http.StatusServiceUnavailable:
		now := time.Now()
		host.rests = now.Add(cmp.Or(RetryAfter(answer.Header, now), pageRest))
		return page, false, nil
	}
	if link.Clean("", f.address) != link.Clean("", r.URL) {
		page.Moved = link.Clean("", f.address)
	}
	if r.ReadHead != nil && answer.StatusCode == http.StatusOK {
		body, err := decoded(answer)
		if err != nil {
			body = http.NoBody
		}
		head := r.ReadHead(f.address, answer.Header, body)
		head.Status, head.Moved = page.Status, page.Moved
		return head, false, nil
	}
	return page, false, nil
}

// exchange makes the request of a hop, traced as a fetch's are.
func (f *fetch) exchange(ctx context.Context) (*http.Response, error) {
	if f.address == "" {
		return nil, f.fail(KindAddress, nil, "no http or https address")
	}
	answer, _, err := f.ask(f.traced(ctx))
	return answer, err
}

// asked notes that a host was asked just now.
func (h *pageHost) asked(private bool, gap time.Duration) {
	if !private {
		gap = pageGap
	}
	h.next = time.Now().Add(gap)
}

// wait waits until a host may be asked.
func (h *pageHost) wait(ctx context.Context) error {
	t := time.NewTimer(time.Until(h.next))
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// obey reads the host's robots.txt where that is due, and fails with
// ErrForbidden where it keeps us from the page.
func (p *Pages) obey(ctx context.Context, host *pageHost, r PageRequest) error {
	if host.robots == nil || time.Since(host.read) >= robotsFor {
		rules, rests, err := p.readRobots(ctx, host, r)
		if err != nil {
			return err
		}
		host.read = time.Now()
		if rests {
			host.rests = time.Now().Add(pageRest)
			return ErrNotAsked
		}
		host.robots = rules
	}
	if !host.robots.allows(r.URL) {
		return ErrForbidden
	}
	return nil
}

// readRobots asks for robots.txt: where the server has none, all is allowed; where
// it cannot say, nothing is asked.
func (p *Pages) readRobots(ctx context.Context, host *pageHost, r PageRequest) (rules *robots, rests bool, err error) {
	scheme, _, _ := strings.Cut(r.URL, "://")
	f := newFetch(p.client, Request{URL: scheme + "://" + authority(r.URL) + "/robots.txt"})
	for {
		end, err := p.begin(ctx, host, f.address)
		if err != nil {
			return nil, false, err
		}
		limited, cancel := context.WithTimeout(ctx, p.client.timeout)
		defer cancel() // of a few
		answer, err := f.exchange(limited)
		host.asked(f.private.Load(), r.Gap)
		if err != nil {
			end(0, nil)
			return nil, ctx.Err() == nil, ctx.Err()
		}
		end(answer.StatusCode, answer.Header)
		if isRedirect(answer.StatusCode) {
			drain(answer)
			if f.follow(answer) != nil {
				return &robots{}, false, nil
			}
			continue
		}
		defer answer.Body.Close()
		switch {
		case answer.StatusCode >= 500:
			return nil, true, nil
		case answer.StatusCode != http.StatusOK:
			return &robots{}, false, nil
		}
		body, err := decoded(answer)
		if err != nil {
			return &robots{}, false, nil
		}
		text, _ := io.ReadAll(io.LimitReader(body, robotsSize)) // what came of it counts
		return parseRobots(string(text)), false, nil
	}
}

// decoded is an answer's body without its coding.
func decoded(answer *http.Response) (io.Reader, error) {
	switch coding := strings.ToLower(strings.TrimSpace(answer.Header.Get("Content-Encoding"))); coding {
	case "", "identity":
		return answer.Body, nil
	case "gzip", "x-gzip":
		return gzip.NewReader(answer.Body)
	default:
		return nil, &codingError{"Content-Encoding is " + quoted(coding)}
	}
}
