// Package editors serves the pages on which the desk's editors decide, below /desk/: html/template and
// forms, which work without JavaScript. What a page shows and what a form does comes from functions that
// the command fills in; a form decides by the same way as the commands, with a [news.Order].
package editors

import (
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strings"

	"fronteras/aggregator/news"
)

// Errors of Site.Identify.
var (
	ErrSignedOut   = errors.New("nobody is signed in")
	ErrUnknownName = errors.New("the proxy names nobody who is an editor here")
)

// Settings are those of the configuration, from one reload to the next.
type Settings struct {
	Desk     news.Site
	Stations []news.Station
	Editors  []news.DeskEditor // at least one
	URL      string            // base of all links; no trailing slash
}

// Site answers below /desk/. Its functions are called by many requests at once.
type Site struct {
	Settings func() *Settings // as they are now
	Log      *slog.Logger
	// Identify says who makes a request. It fails with [ErrSignedOut] or [ErrUnknownName], or because the
	// store does.
	Identify func(*http.Request) (news.DeskEditor, error)
	// Decision gives a decision by its number, for the line that says what was done; nil: there is none.
	Decision func(number uint64) (*news.Decision, error)
}

// IsPath reports whether a path is among those of the editors' pages, whatever is there.
func IsPath(path string) bool { return path == "/desk" || strings.HasPrefix(path, rootPath) }

// rootPath is where the pages begin.
const rootPath = "/desk/"

// base is what stands before /desk/ in the paths of addresses, where a proxy takes it off.
func (s *Settings) base() string {
	u, err := url.Parse(s.URL)
	if err != nil {
		return ""
	}
	return strings.TrimRight(u.EscapedPath(), "/")
}

// origin is that of the pages' addresses, as browsers write it.
func (s *Settings) origin() string {
	u, err := url.Parse(s.URL)
	if err != nil {
		return ""
	}
	host := strings.ToLower(u.Host)
	if u.Port() == map[string]string{"https": "443", "http": "80"}[u.Scheme] {
		host = strings.TrimSuffix(host, ":"+u.Port())
	}
	return u.Scheme + "://" + host
}

// isEncrypted reports whether browsers reach the pages with https.
func (s *Settings) isEncrypted() bool { return strings.HasPrefix(s.URL, "https:") }
