package fetch

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"slices"
	"strings"
	"sync/atomic"
	"time"
)

// fetch is a document's way through its redirects.
type fetch struct {
	client  *Client
	request Request
	from    string // the address that the validators are for

	address   string   // of the present hop
	asked     []string // of the hops before
	permanent bool     // all redirects so far were
	transport *http.Transport

	trace   httptrace.ClientTrace
	stage   atomic.Int32
	private atomic.Bool
}

// Stages of an exchange, for saying where it stopped.
const (
	stageLookup int32 = iota
	stageConnect
	stageTLS
	stageAnswer
	stageBody
)

var stageNames = [...]string{
	stageLookup:  "DNS gave no answer",
	stageConnect: "no connection was made",
	stageTLS:     "TLS did not get ready",
	stageAnswer:  "the server did not answer",
	stageBody:    "the document did not end",
}

func newFetch(c *Client, r Request) *fetch {
	address := canonical("", r.URL)
	from := address
	if r.From != r.URL {
		from = canonical("", r.From)
	}
	f := &fetch{
		client:    c,
		request:   r,
		from:      from,
		address:   address,
		permanent: true,
		transport: c.open,
	}
	f.trace = httptrace.ClientTrace{
		DNSStart:          func(httptrace.DNSStartInfo) { f.stage.Store(stageLookup) },
		ConnectStart:      func(_, _ string) { f.stage.Store(stageConnect) },
		TLSHandshakeStart: func() { f.stage.Store(stageTLS) },
		GotConn: func(info httptrace.GotConnInfo) {
			f.stage.Store(stageAnswer)
			f.private.Store(isPrivate(info.Conn.RemoteAddr()))
		},
	}
	return f
}

// run asks hop by hop.
func (f *fetch) run(ctx context.Context) (*Response, error) {
	if f.address == "" {
		return nil, f.fail(KindAddress, nil, "%s is no http or https address", quoted(withoutQuery(f.request.URL)))
	}
	ctx = f.traced(ctx)
	for {
		answer, conditional, err := f.ask(ctx)
		if err != nil {
			return nil, err
		}
		received := time.Now()
		if isRedirect(answer.StatusCode) {
			drain(answer)
			if err := f.follow(answer); err != nil {
				return nil, err
			}
			continue
		}
		defer answer.Body.Close()
		return f.receive(ctx, answer, conditional, received)
	}
}

// traced has a request's stages noted.
func (f *fetch) traced(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &f.trace)
}

// ask makes the request of one hop. It says whether validators were sent.
func (f *fetch) ask(ctx context.Context) (answer *http.Response, conditional bool, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, f.address, nil)
	if err != nil {
		return nil, false, f.fail(KindAddress, err, "%s cannot be asked for", withoutQuery(f.address))
	}
	for name, values := range f.client.headers {
		request.Header[name] = values
	}
	if f.address == f.from {
		if f.request.ETag != "" {
			request.Header["If-None-Match"] = []string{f.request.ETag}
		}
		if f.request.LastModified != "" {
			request.Header["If-Modified-Since"] = []string{f.request.LastModified}
		}
		conditional = f.request.ETag != "" || f.request.LastModified != ""
	}
	f.stage.Store(stageConnect)
	// Not through an http.Client: it follows redirects with a Referer, and with
	// our validators, to hosts that they are not for.
	answer, err = f.transport.RoundTrip(request)
	if err != nil {
		return nil, false, f.networkFailure(ctx, err)
	}
	return answer, conditional, nil
}

// receive takes the last hop's answer.
func (f *fetch) receive(ctx context.Context, answer *http.Response, conditional bool, received time.Time) (*Response, error) {
	r := &Response{
		ContentType:  answer.Header.Get("Content-Type"),
		Address:      f.address,
		ETag:         validator(answer.Header.Get("ETag")),
		LastModified: validator(answer.Header.Get("Last-Modified")),
		Header:       answer.Header,
		Hops:         len(f.asked),
		Private:      f.private.Load(),
		Received:     received,
	}
	if r.Hops > 0 && f.permanent {
		r.Moved = f.address
	}
	switch {
	case answer.StatusCode == http.StatusNotModified && conditional:
		r.NotModified = true
		return r, nil
	case answer.StatusCode == http.StatusNotModified:
		return nil, f.statusFailure(answer, "though nothing was said of an earlier document")
	case answer.StatusCode != http.StatusOK:
		return nil, f.statusFailure(answer, "")
	}
	f.stage.Store(stageBody)
	body, size, err := f.client.readBody(answer)
	if err != nil {
		return nil, f.bodyFailure(ctx, err)
	}
	r.Body, r.Size = body, size
	return r, nil
}

func isRedirect(status int) bool {
	switch status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther,
		http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return true
	}
	return false
}

// follow goes on to the target of a redirect.
func (f *fetch) follow(answer *http.Response) error {
	location := answer.Header.Get("Location")
	target := canonical(f.address, location)
	scheme, _, _ := strings.Cut(location, ":")
	switch {
	case location == "":
		return f.fail(KindRedirect, nil, "redirect %d without a Location", answer.StatusCode)
	case len(location) > maxLocation:
		return f.fail(KindRedirect, nil, "redirect to an address of %d bytes, %d allowed", len(location), maxLocation)
	case target == "" && strings.Contains(location, ":"):
		return f.fail(KindRedirect, nil, "redirect to an address that is not http or https, or has no host: scheme %s", quoted(withoutQuery(scheme)))
	case target == "":
		return f.fail(KindRedirect, nil, "redirect to %s, which is no address", quoted(withoutQuery(location)))
	case strings.HasPrefix(f.address, "https:") && !strings.HasPrefix(target, "https:"):
		return f.fail(KindRedirect, nil, "redirect from https to http, to %s", withoutQuery(target))
	case target == f.address || slices.Contains(f.asked, target):
		return f.fail(KindRedirect, nil, "redirects in a circle, back to %s", withoutQuery(target))
	case len(f.asked) == maxRedirects:
		return f.fail(KindRedirect, nil, "more than %d redirects", maxRedirects)
	}
	switch answer.StatusCode {
	case http.StatusMovedPermanently, http.StatusPermanentRedirect:
	default:
		f.permanent = false
	}
	// From a public server no way leads into a private network.
	if !f.private.Load() {
		f.transport = f.client.public
	}
	f.asked = append(f.asked, f.address)
	f.address = target
	return nil
}

// drain ends an answer that is not read, so that a short one leaves its
// connection to the next request.
func drain(answer *http.Response) {
	if answer.ContentLength >= 0 && answer.ContentLength <= maxDrained {
		// What goes wrong here costs the connection and nothing else.
		_, _ = io.Copy(io.Discard, answer.Body)
	}
	answer.Body.Close()
}

// isPrivate reports whether an address is one that private_networks opens. What
// is no network address, as in tests, is as private as can be.
func isPrivate(address net.Addr) bool {
	tcp, ok := address.(*net.TCPAddr)
	return !ok || within(privateRanges, tcp.AddrPort().Addr().Unmap())
}
