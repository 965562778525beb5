package websub

import (
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
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Bounds of what is exchanged with hubs and subscribers.
const (
	exchangeTime = 10 * time.Second
	answerSize   = 4 << 10 // bytes of an answer that are read
	formSize     = 64 << 10
)

// ask makes one request through a transport that is guarded, follows no redirect,
// and reads the beginning of the answer.
func ask(ctx context.Context, via http.RoundTripper, r *http.Request, userAgent string) (status int, header http.Header, body []byte, err error) {
	ctx, cancel := context.WithTimeout(ctx, exchangeTime)
	defer cancel()
	r.Header.Set("User-Agent", userAgent)
	answer, err := via.RoundTrip(r.WithContext(ctx))
	if err != nil {
		return 0, nil, nil, err
	}
	defer answer.Body.Close()
	body, err = io.ReadAll(io.LimitReader(answer.Body, answerSize+1))
	return answer.StatusCode, answer.Header, body, err
}

// form makes a POST of a form.
func form(address string, values url.Values) (*http.Request, error) {
	r, err := http.NewRequest(http.MethodPost, address, strings.NewReader(values.Encode()))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r, nil
}

// token is so many random bytes in hex.
func token(bytes int) string {
	b := make([]byte, bytes)
	_, _ = rand.Read(b) // never fails
	return hex.EncodeToString(b)
}

// signature is what X-Hub-Signature says of a body.
func signature(secret string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return "sha256=" + hex.EncodeToString(mac.Sum(nil))
}

// methods are the hashes that hubs sign with. SHA-1 is among them, for public hubs
// use it, and HMAC does not rest on collisions being hard to find (RFC 6194).
var methods = map[string]func() hash.Hash{"sha1": sha1.New, "sha256": sha256.New, "sha384": sha512.New384, "sha512": sha512.New}

// signed reports whether a signature is right.
func signed(secret, header string, body []byte) bool {
	method, text, _ := strings.Cut(header, "=")
	made, known := methods[strings.ToLower(strings.TrimSpace(method))]
	given, err := hex.DecodeString(strings.TrimSpace(text))
	if !known || err != nil || secret == "" {
		return false
	}
	mac := hmac.New(made, []byte(secret))
	mac.Write(body)
	return hmac.Equal(mac.Sum(nil), given)
}

// say answers with a line of plain text.
func say(w http.ResponseWriter, status int, format string, args ...any) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	fmt.Fprintf(w, format+"\n", args...)
}

// echo answers a challenge.
func echo(w http.ResponseWriter, challenge string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_, _ = io.WriteString(w, challenge) // the hub has gone: nobody is left to tell
}
