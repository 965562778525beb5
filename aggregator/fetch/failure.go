package fetch

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"syscall"
	"unicode"

	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
)

// Kind is what went wrong with a fetch, from a fixed list: it holds no word of a server's and may
// be shown to anybody.
type Kind string

// The kinds of failures.
const (
	KindName     Kind = "no such host"        // DNS says that there is none
	KindResolver Kind = "dns"                 // DNS said nothing in time, or that it cannot say now
	KindNetwork  Kind = "network unreachable" // or no route: likelier our fault than the partner's
	KindRefused  Kind = "connection refused"
	KindTLS      Kind = "tls"
	KindTimeout  Kind = "timeout"
	KindBroken   Kind = "connection broken" // it ended too early, or what came was not HTTP
	KindAddress  Kind = "address refused"   // an address that is not dialed
	KindRedirect Kind = "redirect"          // too many, or to where none may lead
	KindStatus   Kind = "http status"
	KindTooLarge Kind = "too large"
	KindCoding   Kind = "content encoding"
	KindFile     Kind = "file"                // a file: feed that cannot be read
	KindShortage Kind = "too many open files" // or no memory for one more: this machine's fault alone
)

// Kinds lists them all.
func Kinds() []Kind {
	return []Kind{
		KindName, KindResolver, KindNetwork, KindRefused, KindTLS, KindTimeout, KindBroken, KindAddress, KindRedirect,
		KindStatus, KindTooLarge, KindCoding, KindFile, KindShortage,
	}
}

// Error is why a document was not fetched.
type Error struct {
	Kind       Kind
	Status     int         // of KindStatus
	Header     http.Header // of KindStatus: Retry-After, Date, Cache-Control … as they came
	Redirected string      // the address that it happened at, if not the first; without query
	Reason     string      // what was found and what is allowed
	err        error
}

// Error says it in one line of at most 300 bytes without control characters, and without queries of
// addresses, which may hold secrets.
func (e *Error) Error() string {
	text := e.Reason
	if e.Redirected != "" {
		text = "redirected to " + e.Redirected + ": " + text
	}
	return printableText(text)
}

// Unwrap returns the network's or file system's error, if there is one.
func (e *Error) Unwrap() error { return e.err }

// newFailure makes the error of the current hop.
func (e *exchange) newFailure(kind Kind, err error, format string, args ...any) *Error {
	failure := &Error{Kind: kind, Reason: fmt.Sprintf(format, args...), err: err}
	for _, address := range append(e.asked[:len(e.asked):len(e.asked)], e.address) {
		if link.SharesSecret(news.Feed{URL: address}, failure.Reason) { // the server's own words repeat it
			failure.Reason = string(kind) + ": what the server says of it holds a part of its address"
		}
	}
	if len(e.asked) > 0 {
		failure.Redirected = withoutQuery(e.address)
	}
	return failure
}

// statusFailure is an answer that brings no document.
func (e *exchange) statusFailure(answer *http.Response, more string) *Error {
	text := strings.TrimSpace(fmt.Sprintf("%d %s", answer.StatusCode, http.StatusText(answer.StatusCode)))
	if guard := guardOf(answer.Header); guard != "" && answer.StatusCode >= 400 {
		more = "from a bot guard, " + guard
	}
	if more != "" {
		text += ", " + more
	}
	failure := e.newFailure(KindStatus, nil, "%s", text)
	failure.Status = answer.StatusCode
	failure.Header = answer.Header
	return failure
}

// guardOf names the guard against robots that an answer is of, "" if its header names none.
func guardOf(h http.Header) string {
	server := strings.ToLower(h.Get("Server"))
	switch {
	case strings.EqualFold(h.Get("Cf-Mitigated"), "challenge"):
		return "Cloudflare"
	case h.Get("X-Datadome") != "", h.Get("X-Dd-B") != "":
		return "DataDome"
	case h.Get("X-Amzn-Waf-Action") != "":
		return "AWS WAF"
	case h.Get("X-Sucuri-Block") != "":
		return "Sucuri"
	case h.Get("X-Vercel-Mitigated") != "":
		return "Vercel"
	case strings.HasPrefix(server, "akamaighost"):
		return "Akamai"
	case strings.HasPrefix(server, "ddos-guard"):
		return "DDoS-Guard"
	}
	return ""
}

// networkFailure says why there was no answer.
func (e *exchange) networkFailure(ctx context.Context, err error) *Error {
	var refused refusal
	var lookup *net.DNSError
	var timeout interface{ Timeout() bool }
	switch stage := e.stage.Load().(string); {
	case errors.As(err, &refused):
		return e.newFailure(KindAddress, err, "%s", refused)
	case isShortage(err):
		return e.newFailure(KindShortage, err, "%v", rootCause(err))
	case errors.As(err, &lookup) && lookup.IsNotFound:
		return e.newFailure(KindName, err, "DNS has no such host: %s", quotedText(lookup.Name))
	case errors.As(err, &lookup), ctx.Err() != nil && stage == stageLookup:
		return e.newFailure(KindResolver, err, "DNS gave no answer for %s", withoutQuery(e.address))
	case ctx.Err() != nil, errors.As(err, &timeout) && timeout.Timeout():
		return e.newFailure(KindTimeout, err, "%s within %s", stage, e.client.timeout)
	case errors.Is(err, syscall.ECONNREFUSED):
		return e.newFailure(KindRefused, err, "connection refused by %s", withoutQuery(e.address))
	case errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETDOWN):
		return e.newFailure(KindNetwork, err, "no route to %s: %v", withoutQuery(e.address), rootCause(err))
	case stage == stageTLS:
		return e.newFailure(KindTLS, err, "TLS: %v", rootCause(err))
	case isHeaderTooLarge(err):
		return e.newFailure(KindTooLarge, err, "the answer's header is larger than the %d bytes allowed", maxHeader)
	}
	return e.newFailure(KindBroken, err, "the answer is not HTTP, or the connection broke: %v", rootCause(err))
}

// bodyFailure says why a document did not arrive whole.
func (e *exchange) bodyFailure(ctx context.Context, err error) *Error {
	var coding *codingError
	switch {
	case errors.Is(err, errTooLarge):
		return e.newFailure(KindTooLarge, err, "the document is larger than the %d bytes allowed", e.client.maxSize)
	case ctx.Err() != nil:
		return e.newFailure(KindTimeout, err, "%s within %s", stageBody, e.client.timeout)
	case errors.As(err, &coding):
		return e.newFailure(KindCoding, err, "%v", coding)
	}
	return e.newFailure(KindBroken, err, "the connection broke within the document: %v", rootCause(err))
}

// IsShortage reports whether nobody was asked because this machine lets the process open no more
// files or connections.
func IsShortage(err error) bool {
	var failure *Error
	return errors.As(err, &failure) && failure.Kind == KindShortage
}

// isShortage knows what the system says then. The resolver passes it on as text alone.
func isShortage(err error) bool {
	var lookup *net.DNSError
	for _, no := range []syscall.Errno{syscall.EMFILE, syscall.ENFILE, syscall.ENOBUFS, syscall.ENOMEM} {
		if errors.Is(err, no) || errors.As(err, &lookup) && strings.Contains(lookup.Err, no.Error()) {
			return true
		}
	}
	return false
}

// isHeaderTooLarge knows net/http's errors, which have no type, by their texts.
func isHeaderTooLarge(err error) bool {
	text := err.Error()
	return strings.Contains(text, "response headers exceeded") || strings.Contains(text, "header list larger")
}

// rootCause leaves out whom was dialed from where.
func rootCause(err error) error {
	var operation *net.OpError
	if errors.As(err, &operation) && operation.Err != nil {
		return operation.Err
	}
	return err
}

// withoutQuery is an address without its query and what else may hold a token.
func withoutQuery(address string) string { return printableText(link.RedactMarked(address)) }

// quotedText shows foreign text.
func quotedText(s string) string { return fmt.Sprintf("%q", printableText(s)) }

// printableText returns foreign text for a message: one line of no more than 300 bytes in which
// nothing steers a terminal.
func printableText(s string) string {
	s = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '\ufffd'
		}
		return r
	}, s)
	if len(s) > maxReason {
		s = strings.ToValidUTF8(s[:maxReason-len("…")], "") + "…"
	}
	return s
}
