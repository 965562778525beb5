package web

import (
	"fmt"
	"log/slog"
	"net/http"
)

// Harmless gives the answers of handlers beside the site the headers that all of
// the site's have, refuses paths that nobody links to, which a mux would answer with
// a redirect, and turns a panic of one request into its error. Nothing that they say
// is a page.
func Harmless(log *slog.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer recovered(log, w, r)
		h := w.Header()
		put(h, harmless)
		h["Content-Security-Policy"] = sandboxed
		if odd(r.URL.Path) {
			refuse(w, http.StatusNotFound, "nothing is here")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// recovered is deferred by what answers a request: a panic becomes its error.
func recovered(log *slog.Logger, w http.ResponseWriter, r *http.Request) {
	if fault := recover(); fault != nil {
		log.Error("request", "path", r.URL.Path, "err", fmt.Sprint(fault))
		refuse(w, http.StatusInternalServerError, "something went wrong here")
	}
}
