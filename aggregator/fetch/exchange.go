package fetch

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"time"
)

// exchange is one question on its way through its redirects. Every request of this package is made
// by one, whatever it asks for, so the rules of redirects are here only.
type exchange struct {
	client  *Client
	method  string
	header  http.Header // sent at each hop; never changed
	body    []byte
	limiter *HostLimiter // nil: the host of the first hop is held already
	page    bool         // as of the limiter's turns

	confidential bool // no redirect leads where others can read it

	hopTime      time.Duration                     // that each hop may take after its turn has come; 0 means no bound
	maxRedirects int                               // that are followed
	mayFollow    func(*http.Response) bool         // whether an answer that redirects is followed; nil: each
	validators   struct{ etag, date, from string } // sent to the address that gave them alone

	address     string   // of the current hop; empty: that is none
	asked       []string // of the hops before
	permanent   bool     // all redirects so far were
	conditional bool     // validators were sent at this hop
	transport   *http.Transport
	received    time.Time // when the header of this hop's answer was here

	trace   httptrace.ClientTrace
	stage   atomic.Value // a string, of the stages
	private atomic.Bool  // the last connection was to a private address
}

// Stages of an exchange, in the words for one that stopped there.
const (
	stageLookup  = "DNS gave no answer"
	stageConnect = "no connection was made"
	stageTLS     = "the TLS handshake did not end"
	stageAnswer  = "the server did not answer"
	stageBody    = "the document did not end"
)

// newExchange prepares a question to an address.
func (c *Client) newExchange(method, address string, header http.Header) *exchange {
	e := &exchange{
		client:       c,
		method:       method,
		header:       header,
		maxRedirects: maxRedirects,
		address:      canonicalAddress("", address),
		permanent:    true,
		transport:    c.open,
	}
	e.trace = httptrace.ClientTrace{
		DNSStart:          func(httptrace.DNSStartInfo) { e.stage.Store(stageLookup) },
		ConnectStart:      func(_, _ string) { e.stage.Store(stageConnect) },
		TLSHandshakeStart: func() { e.stage.Store(stageTLS) },
		GotConn: func(info httptrace.GotConnInfo) {
			e.stage.Store(stageAnswer)
			e.private.Store(isPrivateAddress(info.Conn.RemoteAddr()))
		},
	}
	return e
}

// dialPublicOnly keeps an exchange, if so is set, from private addresses, whatever PrivateNetworks
// says.
func (e *exchange) dialPublicOnly(so bool) {
	if so {
		e.transport = e.client.public
	}
}

// askThroughRedirects asks hop by hop, and returns the first answer that does not redirect, or that
// mayFollow does not let follow. The caller closes its body, which ends the turn at its host. It
// fails with an [*Error]; where the limiter gives no turn, with a [*RestError] or as ctx.
func (e *exchange) askThroughRedirects(ctx context.Context) (*http.Response, error) {
	if e.address == "" {
		return nil, e.newFailure(KindAddress, nil, "not an http or https address")
	}
	ctx = httptrace.WithClientTrace(ctx, &e.trace)
	for {
		answer, err := e.askOneHop(ctx)
		if err != nil {
			return nil, err
		}
		if !isRedirect(answer.StatusCode) || e.mayFollow != nil && !e.mayFollow(answer) {
			return answer, nil
		}
		drainAndClose(answer)
		if err := e.followRedirect(answer); err != nil {
			return nil, err
		}
	}
}

// askOneHop makes the request of one hop, when its turn has come.
func (e *exchange) askOneHop(ctx context.Context) (*http.Response, error) {
	if e.limiter == nil && e.hopTime == 0 {
		return e.sendRequest(ctx)
	}
	turn, err := e.limiter.acquireTurn(ctx, e.address, e.page)
	if err != nil {
		return nil, err
	}
	cancel := func() {}
	if e.hopTime > 0 {
		ctx, cancel = context.WithTimeout(ctx, e.hopTime)
	}
	answer, err := e.sendRequest(ctx)
	if err != nil {
		turn.endTurn(0, nil, e.private.Load())
		cancel()
		return nil, err
	}
	private := e.private.Load()
	answer.Body = &bodyOfTurn{ReadCloser: answer.Body, end: func() {
		turn.endTurn(answer.StatusCode, answer.Header, private)
		cancel()
	}}
	return answer, nil
}

// bodyOfTurn is a body that ends the turn of its request when it is closed.
type bodyOfTurn struct {
	io.ReadCloser
	end func()
}

// Close closes the body. It is called once.
func (b *bodyOfTurn) Close() error {
	defer b.end()
	return b.ReadCloser.Close()
}

// sendRequest sends the request of the current hop.
func (e *exchange) sendRequest(ctx context.Context) (*http.Response, error) {
	var body io.Reader
	if len(e.body) > 0 {
		body = bytes.NewReader(e.body)
	}
	request, err := http.NewRequestWithContext(ctx, e.method, e.address, body)
	if err != nil {
		return nil, e.newFailure(KindAddress, err, "%s cannot be asked for", withoutQuery(e.address))
	}
	for name, values := range e.header {
		request.Header[name] = values
	}
	e.conditional = false
	if e.address == e.validators.from {
		if e.validators.etag != "" {
			request.Header["If-None-Match"] = []string{e.validators.etag}
		}
		if e.validators.date != "" {
			request.Header["If-Modified-Since"] = []string{e.validators.date}
		}
		e.conditional = e.validators.etag != "" || e.validators.date != ""
	}
	e.stage.Store(stageConnect)
	// Not through an http.Client: it follows redirects with a Referer, and with our validators, to
	// hosts that they are not for.
	answer, err := e.transport.RoundTrip(request)
	if err != nil {
		return nil, e.networkFailure(ctx, err)
	}
	e.received = time.Now()
	return answer, nil
}

// isRedirect reports whether a status leads to another address.
func isRedirect(status int) bool {
	switch status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther,
		http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return true
	}
	return false
}

// followRedirect moves on to the target of a redirect: not from https to http, not in a circle, and
// not from a public server into a private network.
func (e *exchange) followRedirect(answer *http.Response) error {
	location := answer.Header.Get("Location")
	target := canonicalAddress(e.address, location)
	scheme, _, _ := strings.Cut(location, ":")
	switch {
	case location == "":
		return e.newFailure(KindRedirect, nil, "redirect %d without a Location", answer.StatusCode)
	case len(location) > maxLocation:
		return e.newFailure(KindRedirect, nil, "redirect to an address of %d bytes, %d allowed",
			len(location), maxLocation)
	case target == "" && strings.Contains(location, ":"):
		return e.newFailure(KindRedirect, nil,
			"redirect to an address that is not http or https, or has no host: scheme %s",
			quotedText(withoutQuery(scheme)))
	case target == "":
		return e.newFailure(KindRedirect, nil, "redirect to %s, which is not an address",
			quotedText(withoutQuery(location)))
	case strings.HasPrefix(e.address, "https:") && !strings.HasPrefix(target, "https:"):
		return e.newFailure(KindRedirect, nil, "redirect from https to http, to %s", withoutQuery(target))
	case e.confidential && canBeRead(target):
		return e.newFailure(KindRedirect, nil, "redirect to http, to %s of a request that holds a secret",
			withoutQuery(target))
	case target == e.address || slices.Contains(e.asked, target):
		return e.newFailure(KindRedirect, nil, "redirects in a circle, back to %s", withoutQuery(target))
	case len(e.asked) == e.maxRedirects:
		return e.newFailure(KindRedirect, nil, "more than %d redirects", e.maxRedirects)
	}
	switch answer.StatusCode {
	case http.StatusMovedPermanently, http.StatusPermanentRedirect:
	default:
		e.permanent = false
	}
	e.dialPublicOnly(!e.private.Load())
	e.asked = append(e.asked, e.address)
	e.address = target
	return nil
}

// canBeRead reports whether others can read what is sent to an address: it is not https, nor by its
// name at a private address.
func canBeRead(address string) bool {
	u, err := url.Parse(address)
	return err != nil || u.Scheme != "https" && !IsPrivateHost(u.Hostname())
}

// drainAndClose ends an answer that is not read, so that a short one leaves its connection to the
// next request.
func drainAndClose(answer *http.Response) {
	if answer.ContentLength >= 0 && answer.ContentLength <= maxDrained {
		// What goes wrong here costs the connection and nothing else.
		_, _ = io.Copy(io.Discard, answer.Body)
	}
	answer.Body.Close()
}

// isPrivateAddress reports whether an address is one that private_networks opens. What is not a
// network address, as in tests, is as private as can be.
func isPrivateAddress(address net.Addr) bool {
	tcp, ok := address.(*net.TCPAddr)
	return !ok || containsAddress(privateRanges, tcp.AddrPort().Addr().Unmap())
}
