package fetch

import (
	"context"
	"io"
	"maps"
	"net/http"
	"net/netip"
	"time"
)

// What a side request may cost.
const (
	sideTime   = 10 * time.Second // each of its hops
	answerSize = 4 << 10          // bytes of an answer that are read
)

// SideRequest is a request for no document: to a hub, or to a subscriber's callback.
type SideRequest struct {
	Method string
	URL    string
	Header http.Header // in addition to our own
	Body   []byte

	Redirects    int  // followed at most, of those that keep method and body (307, 308)
	Confidential bool // it holds a secret: no redirect leads it to http, but for a private address
	// PublicOnly keeps the request from private addresses, whatever PrivateNetworks says: the address
	// was named by a document or a request that came from a public one.
	PublicOnly bool
	// MayDial, if set, is asked before each connection, with the address that is about to be dialed.
	MayDial func(netip.Addr) bool
	Limiter *HostLimiter // each hop waits for its turn there; nil: it waits for none
}

// SideAnswer answers a [SideRequest].
type SideAnswer struct {
	Status int
	Body   string // its first 4 KiB, and one byte more where there are more
}

// Send makes a side request. Each hop takes ten seconds at most once its turn has come. An answer
// of any status is one. Without an answer it fails with an [*Error], a [*RestError], or as ctx
// does.
func (c *Client) Send(ctx context.Context, r SideRequest) (SideAnswer, error) {
	header := http.Header{"User-Agent": c.headers["User-Agent"]}
	maps.Copy(header, r.Header)
	if r.MayDial != nil {
		ctx = context.WithValue(ctx, mayDialKey{}, r.MayDial)
	}
	e := c.newExchange(r.Method, r.URL, header)
	e.body, e.limiter, e.hopTime, e.maxRedirects = r.Body, r.Limiter, sideTime, r.Redirects
	e.confidential = r.Confidential
	e.mayFollow = func(answer *http.Response) bool {
		keeps := answer.StatusCode == http.StatusTemporaryRedirect ||
			answer.StatusCode == http.StatusPermanentRedirect
		return keeps && r.Redirects > 0
	}
	e.dialPublicOnly(r.PublicOnly)
	answer, err := e.askThroughRedirects(ctx)
	if err != nil {
		return SideAnswer{}, err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, answerSize+1))
	return SideAnswer{answer.StatusCode, string(body)}, err
}

// EnclosureLength asks by HEAD how long an enclosure is, in bytes; 0 where its server does not say,
// says something else, or asks not to be asked. PublicOnly is as in a [SideRequest]. Its error is
// that of ctx.
func (c *Client) EnclosureLength(
	ctx context.Context, address string, publicOnly bool, limiter *HostLimiter,
) (int64, error) {
	limited, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	e := c.newExchange(http.MethodHead, address, http.Header{
		"User-Agent":      c.headers["User-Agent"],
		"Accept-Encoding": {"identity"},
	})
	e.limiter = limiter
	e.dialPublicOnly(publicOnly)
	answer, err := e.askThroughRedirects(limited)
	if err != nil {
		return 0, ctx.Err()
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return 0, nil
	}
	return max(answer.ContentLength, 0), nil
}
