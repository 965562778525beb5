package fetch

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/klauspost/compress/gzip"

	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
)

// What reading pages may cost.
const (
	pageTime   = 10 * time.Second // each hop, less if a fetch takes less
	pageRest   = 24 * time.Hour   // of a server that cannot answer, and does not say for how long
	robotsSize = 500 << 10        // bytes of a robots.txt that are read
	robotsFor  = 24 * time.Hour   // how long one counts
	maxRobots  = 16 << 20         // bytes of their rules that are kept
)

// ErrNotAsked says that a page was not asked for: its server rests, or is asked for others.
var ErrNotAsked = errors.New("not asked")

// ErrForbidden says that robots.txt keeps us from a page (RFC 9309).
var ErrForbidden = errors.New("forbidden by robots.txt")

// Pages reads stations' pages, politely: one at a time from a server, each request in its turn at
// its host, and within what the server's robots.txt allows. It may be used by many at once.
type Pages struct {
	client  *Client
	limiter *HostLimiter
	header  http.Header
	known   *PageServers
}

// PageServers is what several [Pages], one after another, know of the servers that pages are read
// from: what their robots.txt says, and which of them rest. The zero value knows none.
type PageServers struct {
	mu      sync.Mutex
	servers map[string]*pageServer
	bytes   int // of the rules that are kept
	sweep   sweeper
}

// pageServer is what is kept of a server that pages are read from.
type pageServer struct {
	reading    sync.Mutex // held by what reads a page there
	restUntil  time.Time  // its pages are left alone until then
	robots     *robots
	robotsRead time.Time
}

// NewPages makes a reader of pages that asks by a client's rules, each request in its turn at a
// limiter.
func NewPages(c *Client, limiter *HostLimiter, known *PageServers) *Pages {
	return &Pages{client: c, limiter: limiter, known: known, header: http.Header{
		"User-Agent":      c.headers["User-Agent"],
		"Accept":          {"text/html, application/xhtml+xml;q=0.9"},
		"Accept-Encoding": {"gzip"},
	}}
}

// PageRequest is one question for a page.
type PageRequest struct {
	URL string
	Own func(address string) bool // whether a redirect may lead there

	PublicOnly bool // see [SideRequest]

	ETag, LastModified string // of an earlier answer; "" for none: a 304 is asked for

	// ReadHead reads what the page at an address says of itself, out of its answer's header and its
	// body without its coding. Nil: the status alone counts, and the body is not read.
	ReadHead func(address string, header http.Header, body io.Reader) news.Page
}

// Read asks for a page, once. It fails with [ErrForbidden], with [ErrNotAsked], or as ctx does;
// whatever else goes wrong is a page with status 0. A redirect that leaves the station is recorded
// and not followed.
func (p *Pages) Read(ctx context.Context, r PageRequest) (news.Page, error) {
	server := p.known.lockServer(r.URL, r.PublicOnly)
	if server == nil {
		return news.Page{}, ErrNotAsked // waiting would keep the feeds of other hosts waiting
	}
	defer server.reading.Unlock()
	if time.Now().Before(server.restUntil) {
		return news.Page{}, ErrNotAsked
	}
	page, err := news.Page{}, p.obeyRobots(ctx, server, r)
	if err == nil {
		page, err = p.askForPage(ctx, server, r)
	}
	var rest *RestError
	switch {
	case ctx.Err() != nil:
		return news.Page{}, ctx.Err()
	case errors.As(err, &rest):
		return news.Page{}, ErrNotAsked
	case err != nil:
		return news.Page{}, err
	}
	page.Asked = time.Now().UTC().Truncate(time.Second)
	return page, nil
}

// lockServer gives what is known of the server of an address, for one reader alone; nil while
// another reads there. It is nothing that those found who may ask a private address, for one who may
// not.
func (p *PageServers) lockServer(address string, publicOnly bool) *pageServer {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.servers == nil {
		p.servers = map[string]*pageServer{}
	}
	name := serverOfAddress(address)
	if publicOnly {
		name = "public " + name
	}
	server := p.servers[name]
	if server == nil {
		server = &pageServer{}
		p.servers[name] = server
	}
	if !server.reading.TryLock() {
		return nil
	}
	sweepMap(&p.sweep, p.servers, time.Now(), p.neededUntil)
	return server
}

// neededUntil is until when what is known of a server counts; kept says that somebody reads there.
// The caller holds mu.
func (p *PageServers) neededUntil(_ string, s *pageServer) (until time.Time, kept bool) {
	if !s.reading.TryLock() {
		return time.Time{}, true
	}
	defer s.reading.Unlock()
	if until = s.robotsRead.Add(robotsFor); s.restUntil.After(until) {
		until = s.restUntil
	}
	return until, false
}

// keepRobots keeps the rules of a server that the caller has locked. If there are too many of all
// servers, the oldest are forgotten, to be read again when they are needed.
func (p *PageServers) keepRobots(server *pageServer, rules *robots) {
	p.mu.Lock()
	defer p.mu.Unlock()
	server.robots = rules
	if p.bytes += rules.size(); p.bytes <= maxRobots {
		return
	}
	p.bytes = rules.size()
	var others []*pageServer
	for _, s := range p.servers {
		if s == server || !s.reading.TryLock() {
			continue
		}
		defer s.reading.Unlock()
		if s.robots != nil {
			others = append(others, s)
		}
	}
	slices.SortFunc(others, func(a, b *pageServer) int { return b.robotsRead.Compare(a.robotsRead) })
	for _, s := range others {
		if size := s.robots.size(); p.bytes+size <= maxRobots/2 {
			p.bytes += size
		} else {
			s.robots = nil
		}
	}
}

func (p *Pages) newExchange(address string, publicOnly bool) *exchange {
	e := p.client.newExchange(http.MethodGet, address, p.header)
	e.limiter, e.page, e.hopTime = p.limiter, true, min(p.client.timeout, pageTime)
	e.dialPublicOnly(publicOnly)
	return e
}

// askForPage asks for a page and follows redirects within the station. Its error is the limiter's, or
// ErrNotAsked where we cannot ask now.
func (p *Pages) askForPage(ctx context.Context, server *pageServer, r PageRequest) (news.Page, error) {
	e := p.newExchange(r.URL, r.PublicOnly)
	leads := ""
	e.validators.etag, e.validators.date, e.validators.from = r.ETag, r.LastModified, e.address
	e.mayFollow = func(answer *http.Response) bool {
		leads = link.Clean(e.address, answer.Header.Get("Location"))
		return leads != "" && r.Own(leads) && (serverOfAddress(leads) == serverOfAddress(e.address) || r.Own(e.address))
	}
	answer, err := e.askThroughRedirects(ctx)
	var failure *Error
	switch {
	case IsShortage(err):
		return news.Page{}, ErrNotAsked
	case errors.As(err, &failure):
		return news.Page{}, nil // no answer: there is no page
	case err != nil:
		return news.Page{}, err
	}
	defer answer.Body.Close()
	page := news.Page{Status: answer.StatusCode}
	switch {
	case isRedirect(answer.StatusCode):
		page.Moved = leads
		return page, nil
	case answer.StatusCode == http.StatusTooManyRequests, answer.StatusCode == http.StatusServiceUnavailable:
		now := time.Now()
		server.restUntil = now.Add(cmp.Or(RetryAfter(answer.Header, now), pageRest))
		return page, nil
	case r.ReadHead != nil && answer.StatusCode == http.StatusOK:
		body, err := decodedBody(answer)
		if err != nil {
			page.Failure = err.Error()
			break
		}
		page = r.ReadHead(e.address, answer.Header, body)
		page.Status = answer.StatusCode
		page.ETag = keptValidator(answer.Header.Get("ETag"))
		page.LastModified = keptDate(answer.Header.Get("Last-Modified"), answer.Header.Get("Date"))
	}
	if moved := link.Clean("", e.address); moved != link.Clean("", r.URL) {
		page.Moved = moved
	}
	return page, nil
}

// obeyRobots reads a server's robots.txt if that is due. It fails with ErrForbidden where that
// keeps us from a page, and with ErrNotAsked where the server cannot say: its pages rest then.
func (p *Pages) obeyRobots(ctx context.Context, server *pageServer, r PageRequest) error {
	if server.robots == nil || time.Since(server.robotsRead) >= robotsFor {
		rules, err := p.readRobots(ctx, r)
		if err != nil {
			return err
		}
		server.robotsRead = time.Now()
		if rules == nil {
			server.restUntil = time.Now().Add(pageRest)
			return ErrNotAsked
		}
		p.known.keepRobots(server, rules)
	}
	if !server.robots.allowsAddress(r.URL) {
		return ErrForbidden
	}
	return nil
}

// readRobots asks for the robots.txt of a page's server. Where there is none, all is allowed;
// nil where the server cannot say. Its error is the limiter's, or that of ctx, or ErrNotAsked where we
// cannot ask now.
func (p *Pages) readRobots(ctx context.Context, r PageRequest) (*robots, error) {
	scheme, _, _ := strings.Cut(r.URL, "://")
	address := scheme + "://" + serverOfAddress(r.URL) + "/robots.txt"
	answer, err := p.newExchange(address, r.PublicOnly).askThroughRedirects(ctx)
	var failure *Error
	switch {
	case err != nil && ctx.Err() != nil:
		return nil, ctx.Err()
	case IsShortage(err):
		return nil, ErrNotAsked
	case errors.As(err, &failure) && failure.Kind == KindRedirect:
		return &robots{}, nil
	case errors.As(err, &failure):
		return nil, nil
	case err != nil:
		return nil, err
	}
	defer answer.Body.Close()
	switch {
	case answer.StatusCode >= 500:
		return nil, nil
	case answer.StatusCode != http.StatusOK:
		return &robots{}, nil
	}
	body, err := decodedBody(answer)
	if err != nil {
		return &robots{}, nil
	}
	text, _ := io.ReadAll(io.LimitReader(body, robotsSize)) // what came of it counts
	return parseRobots(string(text)), nil
}

// decodedBody is a page's body without its coding, as a stream. It fails where the coding was not asked
// for, or the body is not in it.
func decodedBody(answer *http.Response) (io.Reader, error) {
	coding := strings.ToLower(strings.TrimSpace(answer.Header.Get("Content-Encoding")))
	switch coding {
	case "", "identity":
		return answer.Body, nil
	case "gzip", "x-gzip":
		if body, err := gzip.NewReader(answer.Body); err == nil {
			return body, nil
		}
		return nil, errors.New("it is not in gzip, as its server says")
	}
	return nil, fmt.Errorf("its server sends it in a coding that was not asked for: %.40q", coding)
}
