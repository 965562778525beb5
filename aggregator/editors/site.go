// Package editors serves the pages on which the desk's editors decide, below /desk/: html/template and
// forms, which work without JavaScript. What a page shows and what a form does comes from functions that
// the command fills in; a form decides by the same way as the commands, with a [news.Order].
package editors

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"

	"fronteras/aggregator/news"
	"fronteras/aggregator/session"
)

// Settings are those of the configuration, from one reload to the next.
type Settings struct {
	Desk     news.Site
	Stations []news.Station
	Editors  []news.DeskEditor // at least one
	URL      string            // base of all links; no trailing slash
	Proxy    session.Proxy     // that says who a request is from
	// Client is whom a request is from, for limits alone.
	Client func(*http.Request) netip.Prefix
	// Send mails a text; nil: no mail is sent.
	Send func(ctx context.Context, to, subject, text string) error
}

// Site answers below /desk/. Its functions are called by many requests at once.
type Site struct {
	Settings func() *Settings // as they are now; nil: there are no editors
	Sessions *session.Keeper
	Log      *slog.Logger
	Source   *Source // nil: there is nothing to decide
	// Decision gives a decision by its number, for the line that says what was done; nil: there is none.
	Decision func(number uint64) (*news.Decision, error)

	mailing atomic.Int64 // links that are being mailed
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
