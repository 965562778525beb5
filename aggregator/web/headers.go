package web

import (
	"log/slog"
	"net/http"
	"path"
	"strings"

	"fronteras/aggregator/panics"
)

// Content security policies: of the pages, and of documents that are not pages. Pages connect to nothing, having no
// scripts; but checkers such as Lighthouse read robots.txt by way of the page, and call it broken where they may not.
const (
	pagePolicy = "default-src 'none'; style-src 'self'; img-src 'self' https: http:; " +
		"media-src 'self' https: http:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
	sandboxPolicy = "default-src 'none'; sandbox"
)

// SecurityHeaders gives the answers of handlers outside the site the headers that all of the site's
// have, refuses paths that nobody links to, which a mux would answer with a redirect, and turns a
// panic of one request into its error. Nothing that they say is a page.
func SecurityHeaders(log *slog.Logger, next http.Handler) http.Handler {
	return withSecurityHeaders(log, sandboxPolicy, func(w http.ResponseWriter, r *http.Request) {
		if isOddPath(r.URL.Path) {
			refuseRequest(w, http.StatusNotFound, "there is nothing at this address")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// withHeaders gives every answer of the site its headers, and answers what no address here takes.
func withHeaders(s *Site, next http.HandlerFunc) http.Handler {
	return withSecurityHeaders(s.Log, pagePolicy, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Vary", "Accept-Encoding")
		switch {
		case r.Method != http.MethodGet && r.Method != http.MethodHead:
			w.Header().Set("Allow", "GET, HEAD")
			refuseRequest(w, http.StatusMethodNotAllowed, "only GET and HEAD are answered here")
		case isOddPath(r.URL.Path):
			refuseRequest(w, http.StatusNotFound, "there is nothing at this address")
		default:
			next(w, r)
		}
	})
}

// withSecurityHeaders is a handler whose answers have security headers, and whose panics are errors
// of one request.
func withSecurityHeaders(log *slog.Logger, policy string, next http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			if fault := recover(); fault != nil {
				p := panics.Recovered(fault)
				log.Error("request failed", "path", r.URL.Path, "err", p.Error(), "at", p.Stack)
				refuseRequest(w, http.StatusInternalServerError, "something went wrong here")
			}
		}()
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Content-Security-Policy", policy)
		next(w, r)
	})
}

// maxPath is how long a path may be, in bytes.
const maxPath = 2 << 10

// isOddPath reports whether a path is one that nobody links to: a server that cleaned it would
// redirect to an address that the request made up.
func isOddPath(p string) bool {
	return len(p) > maxPath || !strings.HasPrefix(p, "/") || strings.ContainsAny(p, "\\\x00") ||
		p != "/" && path.Clean(p) != strings.TrimSuffix(p, "/")
}
