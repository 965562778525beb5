package fetch

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"fronteras/aggregator/link"
)

// Options say how a [Client] fetches.
type Options struct {
	UserAgent string        // see [UserAgent]
	Timeout   time.Duration // of a whole fetch, redirects included; above 0
	MaxSize   int64         // bytes of a document, before and after decompression; above 0

	// PrivateNetworks opens loopback and private addresses. Without it, only
	// public ones are dialled; with it, a redirect still leads from a public
	// address to none but public ones.
	PrivateNetworks bool

	// Addresses are those of the configuration: on public hosts, their ports are
	// dialled besides 80 and 443.
	Addresses []string

	// Listening is where this process serves. It does not fetch from itself.
	Listening []netip.AddrPort

	Resolver *net.Resolver  // nil: the system's
	RootCAs  *x509.CertPool // nil: the system's

	// Dial, if set, makes the connections in place of the network, for tests in
	// false time. What it dials is not checked and counts as private.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
}

// Client fetches documents politely and within bounds. It may be used by many
// at once. It asks a host over one connection for as long as that is in use, and
// keeps none that was idle for 30 s.
type Client struct {
	timeout  time.Duration
	maxSize  int64
	decoders map[string]*decoderPool
	headers  http.Header // sent with every request; never changed

	open   *http.Transport // dials what the configuration allows
	public *http.Transport // dials public addresses alone
}

// NewClient makes a client.
func NewClient(o Options) *Client {
	c := &Client{
		timeout:  o.Timeout,
		maxSize:  o.MaxSize,
		decoders: newDecoders(),
		headers:  requestHeaders(o.UserAgent),
	}
	c.public = newTransport(o, newGuard(o, false))
	c.open = c.public
	if o.PrivateNetworks {
		c.open = newTransport(o, newGuard(o, true))
	}
	return c
}

// newTransport makes a transport that dials through a guard. It reads no proxy
// from the environment: the guard would see nothing but the proxy.
func newTransport(o Options, g *guard) *http.Transport {
	dial := o.Dial
	if dial == nil {
		dial = g.dial
	}
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	protocols.SetHTTP2(true)
	return &http.Transport{
		DialContext:            dial,
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

// CloseIdle closes the connections that are not in use.
func (c *Client) CloseIdle() {
	c.open.CloseIdleConnections()
	c.public.CloseIdleConnections()
}

// Guarded are the client's ways to hosts, for what is asked beside documents:
// hosts dials what the configuration allows, public nothing but public
// addresses. They follow no redirects.
func (c *Client) Guarded() (hosts, public http.RoundTripper) { return c.open, c.public }

// Request is one question for a document.
type Request struct {
	URL  string // http or https; of a file: feed, what names it
	Path string // of a file: feed, the path of its file; else empty

	// The validators that an earlier answer gave, byte for byte, and the address
	// that gave them: they are sent to no other.
	ETag         string
	LastModified string
	From         string
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
	Private  bool      // it was dialled at a loopback or private address, or is a file
	Received time.Time // when the answer's header was here
	Size     int64     // bytes of the body as it came
}

// Fetch asks for a document, once. Redirects are followed, up to five. Whatever
// keeps it from a whole document, or a 304 that was asked for, is a
// [*Error]; where ctx is done, it is the context's error.
func (c *Client) Fetch(ctx context.Context, r Request) (*Response, error) {
	if r.Path != "" {
		return c.readFile(r)
	}
	limited, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	f := newFetch(c, r)
	response, err := f.run(limited)
	if err != nil && ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return response, err
}

// canonical is an address as it is asked for: without a fragment, and encoded
// where it must be.
func canonical(base, address string) string {
	address, _, _ = strings.Cut(link.Resolve(base, address), "#")
	return address
}
