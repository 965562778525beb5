// Package websub is push, in and out: subscriptions at the hubs of stations, and a hub for the
// desk's own documents (W3C WebSub).
package websub

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"fronteras/aggregator/fetch"
	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
)

// Store keeps subscriptions over restarts.
type Store interface {
	// Subscriptions returns our subscriptions at others' hubs.
	Subscriptions() ([]news.Subscription, error)
	// SaveSubscription puts one of ours, under its Callback.
	SaveSubscription(ctx context.Context, s news.Subscription) error
	// RemoveSubscription takes one of ours off.
	RemoveSubscription(ctx context.Context, callback string) error
	// Subscribers returns those who subscribed at our hub.
	Subscribers() ([]news.Subscriber, error)
	// AddSubscriber puts a subscriber, under its Callback and Topic.
	AddSubscriber(ctx context.Context, s news.Subscriber) error
	// RemoveSubscriber takes a subscriber off.
	RemoveSubscriber(ctx context.Context, callback, topic string) error
}

// Endpoint is what the subscriber and the hub both need.
type Endpoint struct {
	URL     string // of the desk; callbacks and hub are below it
	Store   Store
	Private bool // private networks are allowed
	Log     *slog.Logger

	FeedNames map[string]string // the names that logs show feeds under; see link.FeedNames

	// Send makes a request, as [fetch.Client.Send] does.
	Send func(ctx context.Context, r fetch.SideRequest) (fetch.SideAnswer, error)
}

// feedName is the name under which logs show a feed: its address may hold a secret.
func (e Endpoint) feedName(feed string) string {
	return cmp.Or(e.FeedNames[feed], link.Redact(feed))
}

// Bounds of what hubs and subscribers send.
const (
	maxChallenge = 4 << 10 // bytes
	maxForm      = 64 << 10
)

// Where the public reaches hub and callbacks.
const (
	hubPath   = "/websub/"
	inPath    = "/websub/in/"
	cloudPath = "/websub/cloud/"
)

// HubURL is the public address of a desk's hub.
func HubURL(desk string) string { return desk + hubPath }

// Handler answers everything below /websub/.
func Handler(h *Hub, in *Incoming) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("POST "+hubPath+"{$}", http.HandlerFunc(h.serveSubscribe))
	mux.Handle(inPath+"{callback}", http.HandlerFunc(in.serveCallback))
	mux.Handle(cloudPath+"{callback}", http.HandlerFunc(in.serveCloudCallback))
	return mux
}

// randomToken is a number of random bytes, in hex.
func randomToken(bytes int) string {
	b := make([]byte, bytes)
	_, _ = rand.Read(b) // never fails
	return hex.EncodeToString(b)
}

// signBody is what X-Hub-Signature says of a body.
func signBody(secret string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return "sha256=" + hex.EncodeToString(mac.Sum(nil))
}

// signatureMethods lists the hashes that hubs sign with. SHA-1 is one of them, since public hubs
// use it, and HMAC does not rest on collisions being hard to find (RFC 6194).
var signatureMethods = map[string]func() hash.Hash{
	"sha1": sha1.New, "sha256": sha256.New, "sha384": sha512.New384, "sha512": sha512.New,
}

// isSignedBy reports whether an X-Hub-Signature is that of a body, here in pieces, by a secret.
func isSignedBy(secret, header string, pieces ...[]byte) bool {
	method, text, _ := strings.Cut(header, "=")
	made, known := signatureMethods[strings.ToLower(strings.TrimSpace(method))]
	given, err := hex.DecodeString(strings.TrimSpace(text))
	if !known || err != nil || secret == "" {
		return false
	}
	mac := hmac.New(made, []byte(secret))
	for _, piece := range pieces {
		mac.Write(piece)
	}
	return hmac.Equal(mac.Sum(nil), given)
}

// respondText answers with a line of plain text.
func respondText(w http.ResponseWriter, status int, format string, args ...any) {
	respondExactly(w, status, fmt.Sprintf(format, args...)+"\n")
}

// respondLater answers that what was sent is to be sent again.
func respondLater(w http.ResponseWriter, why string) {
	w.Header().Set("Retry-After", "60")
	respondText(w, http.StatusServiceUnavailable, "%s", why)
}

// respondUnsaved answers that the store did not take what follows from a request.
func respondUnsaved(w http.ResponseWriter) { respondLater(w, "not saved") }

// respondExactly answers with plain text, byte for byte.
func respondExactly(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text) // fails if the other side is gone
}

// hostWithoutWWW is the host of an address, without the "www." that it may begin with.
func hostWithoutWWW(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.TrimPrefix(strings.ToLower(u.Host), "www.")
}

// quoteForeign makes foreign text harmless in a log, and short.
func quoteForeign(s string) string {
	return strconv.QuoteToASCII(s[:min(len(s), 200)])
}

// wakeLoop leaves a signal in a channel that holds one.
func wakeLoop(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// ignoreCanceled is an error, unless ctx has ended.
func ignoreCanceled(ctx context.Context, err error) error {
	select {
	case <-ctx.Done():
		return nil
	default:
		return err
	}
}
