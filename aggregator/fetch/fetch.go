// Package fetch is the one client that makes requests: it guards what is dialed, follows redirects
// by one rule, makes conditional requests, bounds what comes back, and keeps requests to each host
// apart. It brings bytes; packages feed and page read them.
package fetch

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"fronteras/aggregator/link"
)

// What an exchange may cost; time and size of a document are configured.
const (
	maxHeader    = 64 << 10 // bytes of an answer's header, 1xx answers included
	maxRedirects = 5
	maxLocation  = 2 << 10 // bytes of a redirect's target
	maxValidator = 1 << 10 // bytes of an ETag or Last-Modified that is kept
	maxWindow    = 8 << 20 // bytes of a zstd window (RFC 9659)
	maxReason    = 300     // bytes of an error's text
	maxDrained   = 4 << 10 // bytes of a redirect's body, read to keep the connection

	idleTime = 30 * time.Second // after which an unused connection is closed

	// Buffers of a connection, which live as long: a thousand hosts may be asked within that time.
	// A request fits the one, an answer's head the other.
	sendBuffer    = 1 << 10
	receiveBuffer = 2 << 10
)

// Options say how a [Client] fetches.
type Options struct {
	UserAgent string        // see [UserAgent]
	Timeout   time.Duration // of a whole fetch, redirects included; above 0
	MaxSize   int64         // bytes of a document, before and after decompression; above 0

	// PrivateNetworks opens loopback and private addresses. Without it, only public ones are
	// dialed; with it, a redirect still leads from a public address to none but public ones.
	PrivateNetworks bool

	// Addresses lists those of the configuration: on public hosts, their ports are dialed besides
	// 80 and 443.
	Addresses []string

	// Listening is where this process serves. It does not fetch from itself.
	Listening []netip.AddrPort

	// Bodies, if set, bounds the documents in memory: a large one waits until there is room for it,
	// and its response is to be released.
	Bodies *BodyBudget

	Resolver *net.Resolver  // nil: the system's
	RootCAs  *x509.CertPool // nil: the system's

	// Dial, if set, makes the connections in place of the network, for tests in false time. They are
	// not encrypted, count as private unless their remote address is a public one, and are checked
	// only as far as PrivateNetworks opens what a request may not reach.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
}

// Client makes requests politely and within bounds: for documents, enclosure lengths and pages, at
// hubs and callbacks. It may be used by many at once. It asks a host over one connection for as
// long as that is in use, and keeps none that was idle for 30 s.
type Client struct {
	timeout  time.Duration
	maxSize  int64
	decoders Decoders
	bodies   *BodyBudget // nil: there is no bound
	headers  http.Header // of requests for documents; no answer changes them

	open   *http.Transport // dials what the configuration allows
	public *http.Transport // dials public addresses alone
}

// NewClient makes a client.
func NewClient(o Options) *Client {
	c := &Client{
		timeout:  o.Timeout,
		maxSize:  o.MaxSize,
		decoders: NewDecoders(),
		bodies:   o.Bodies,
		headers: http.Header{
			"User-Agent":      {o.UserAgent},
			"Accept":          {accepted},
			"Accept-Encoding": {"gzip, br, zstd"},
		},
	}
	c.public = newTransport(o, newAddressGuard(o, false))
	c.open = c.public
	if o.PrivateNetworks {
		c.open = newTransport(o, newAddressGuard(o, true))
	}
	return c
}

// newTransport makes a transport that dials through a guard. It reads no proxy from the
// environment: the guard would see nothing but the proxy.
func newTransport(o Options, g *guard) *http.Transport {
	dial, dialTLS := o.Dial, o.Dial
	switch {
	case dial == nil:
		dial = g.dialGuarded
	case o.PrivateNetworks && !g.open:
		dial = func(ctx context.Context, network, address string) (net.Conn, error) {
			conn, err := o.Dial(ctx, network, address)
			if err == nil && isPrivateAddress(conn.RemoteAddr()) {
				return nil, errors.Join(refusal("it is private"), conn.Close())
			}
			return conn, err
		}
		dialTLS = dial
	}
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	protocols.SetHTTP2(true)
	return &http.Transport{
		DialContext:            dial,
		DialTLSContext:         dialTLS,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: o.RootCAs},
		TLSHandshakeTimeout:    o.Timeout,
		Protocols:              protocols,
		DisableCompression:     true,
		MaxResponseHeaderBytes: maxHeader,
		IdleConnTimeout:        idleTime,
		WriteBufferSize:        sendBuffer,
		ReadBufferSize:         receiveBuffer,
	}
}

// CloseIdleConnections closes the connections that are not in use.
func (c *Client) CloseIdleConnections() {
	c.open.CloseIdleConnections()
	c.public.CloseIdleConnections()
}

// Request is one question for a document.
type Request struct {
	URL  string // http or https; of a file: feed, what names it
	Path string // of a file: feed, the path of its file; otherwise empty

	// The validators that an earlier answer gave, byte for byte, and the address that gave them:
	// they are sent to no other.
	ETag         string
	LastModified string
	From         string

	// Head, if above 0, is how many bytes of a document are read, decoded. What follows is left.
	Head int64

	PublicOnly bool // see [SideRequest]

	Limiter *HostLimiter // each hop waits for its turn there; nil: the host is held already
}

// Response is a document, or word that it has not changed.
type Response struct {
	NotModified bool   // 304, or a file with the bytes that ETag stands for: no Body
	Body        []byte // decoded, whole
	ContentType string

	Address      string // what answered, after redirects; the validators are its
	ETag         string // as given now; empty if not given, or if it cannot be kept
	LastModified string
	Header       http.Header // of the answer; nil for a file

	Moved    string    // where permanent redirects alone led; empty if none, or not only such
	Hops     int       // redirects followed
	Private  bool      // it was dialed at a loopback or private address, or is a file
	Received time.Time // when the answer's header was here
	Size     int64     // bytes of the body as it came

	share *visitShare // what the body has of a BodyBudget; nil: nothing
}

// Release says that neither the body nor what was made of it is used any more. It may be called
// again.
func (r *Response) Release() {
	r.Body = nil
	if r.share != nil {
		r.share.shrink(0)
		r.share = nil
	}
}

// Fetch asks for a document, once. Redirects are followed, up to five. What keeps it from a whole
// document, or a 304 that was asked for, is an [*Error], or with a limiter a [*RestError]; if ctx
// is done, it is the context's error.
func (c *Client) Fetch(ctx context.Context, r Request) (*Response, error) {
	if r.Path != "" {
		return c.readFileFeed(ctx, r)
	}
	limited, within, cancel := withTimeout(ctx, c.timeout)
	defer cancel()
	response, err := c.fetchDocument(limited, within, r)
	if err != nil && ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return response, err
}

// fetchDocument is Fetch for an address of the network.
func (c *Client) fetchDocument(ctx context.Context, within *timeout, r Request) (*Response, error) {
	e := c.newExchange(http.MethodGet, r.URL, c.headers)
	if e.address == "" {
		return nil, e.newFailure(KindAddress, nil, "%s is not an http or https address",
			quotedText(withoutQuery(r.URL)))
	}
	e.limiter = r.Limiter
	e.dialPublicOnly(r.PublicOnly)
	e.validators.etag, e.validators.date, e.validators.from = r.ETag, keptDate(r.LastModified, ""), e.address
	if r.From != r.URL {
		e.validators.from = canonicalAddress("", r.From)
	}
	answer, err := e.askThroughRedirects(ctx)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	response := &Response{
		ContentType:  answer.Header.Get("Content-Type"),
		Address:      e.address,
		ETag:         keptValidator(answer.Header.Get("ETag")),
		LastModified: keptDate(answer.Header.Get("Last-Modified"), answer.Header.Get("Date")),
		Header:       answer.Header,
		Hops:         len(e.asked),
		Private:      e.private.Load(),
		Received:     e.received,
	}
	if response.Hops > 0 && e.permanent {
		response.Moved = e.address
	}
	switch {
	case answer.StatusCode == http.StatusNotModified && e.conditional:
		response.NotModified = true
		return response, nil
	case answer.StatusCode == http.StatusNotModified:
		return nil, e.statusFailure(answer, "though the request had no validators")
	case answer.StatusCode != http.StatusOK:
		return nil, e.statusFailure(answer, "")
	}
	e.stage.Store(stageBody)
	room := func(bytes int64) error { return c.makeRoom(ctx, within, response, bytes) }
	if r.Head > 0 {
		response.Body, err = c.readHead(answer, r.Head)
	} else {
		response.Body, response.Size, err = c.readWholeBody(answer, room)
	}
	if err != nil {
		response.Release()
		return nil, e.bodyFailure(ctx, err)
	}
	if response.share != nil {
		response.share.shrink(int64(len(response.Body)))
	}
	return response, nil
}

// makeRoom waits until there is room for a response's body of that many bytes. A small one needs none.
// Within is what the wait does not count in; it may be nil.
func (c *Client) makeRoom(ctx context.Context, within *timeout, r *Response, bytes int64) error {
	if c.bodies == nil || bytes <= smallBody {
		return nil
	}
	if r.share == nil {
		r.share = &visitShare{budget: c.bodies}
	}
	if within != nil {
		defer within.pause()()
	}
	return r.share.grow(ctx, bytes)
}

// canonicalAddress is an address as it is asked for: without a fragment, and encoded where it must
// be.
func canonicalAddress(base, address string) string {
	address, _, _ = strings.Cut(link.Resolve(base, address), "#")
	return address
}

// UserAgent names the desk to a station's webmaster, and says where to write to. One of url and
// contact may be empty.
func UserAgent(version, url, contact string) string {
	switch {
	case url == "":
		return fmt.Sprintf("fronteras/%s (%s)", version, contact)
	case contact == "":
		return fmt.Sprintf("fronteras/%s (+%s)", version, url)
	}
	return fmt.Sprintf("fronteras/%s (+%s; %s)", version, url, contact)
}

// accepted lists the types of documents that are read, the clearest first. A server that has one
// address for all of them chooses by it.
const accepted = "application/atom+xml, application/rss+xml, application/feed+json;q=0.9, " +
	"application/xml;q=0.9, text/xml;q=0.8, */*;q=0.1"

// keptValidator returns an ETag or Last-Modified as it came, or "" where it must not be kept: a "*"
// means any document (RFC 9110 13.1.2).
func keptValidator(s string) string {
	if s == "*" || len(s) > maxValidator {
		return ""
	}
	for _, c := range []byte(s) {
		if c < ' ' && c != '\t' || c == 0x7f {
			return ""
		}
	}
	return s
}
