package websub_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"fronteras/aggregator/fetch"
	"fronteras/aggregator/news"
	"fronteras/aggregator/web"
	"fronteras/aggregator/websub"
	"fronteras/store"
	"fronteras/store/storetest"
)

// sendNowhere is a network that leads nowhere.
func sendNowhere(context.Context, fetch.SideRequest) (fetch.SideAnswer, error) {
	return fetch.SideAnswer{}, errors.New("nobody")
}

// FuzzForms: whatever is sent to the hub and to callbacks is answered, within the answers that
// there are; nobody is subscribed who was not asked, and nothing is taken that is not signed.
func FuzzForms(f *testing.F) {
	for _, form := range []string{asks, strings.Replace(asks, "=subscribe", "=unsubscribe", 1), "",
		"hub.mode=publish&hub.url=x", "%zz=%", "hub.callback=http%3A%2F%2F%5B%3A%3A1%25lo%5D%2F&hub.mode=subscribe"} {
		f.Add("POST", "", form, "application/x-www-form-urlencoded", "")
	}
	f.Add("GET", "in/0", "hub.mode=subscribe&hub.topic=https%3A%2F%2Fajo.example%2Frss.xml&hub.challenge=x", "", "")
	f.Add("POST", "in/0", "<rss/>", "application/rss+xml", "sha1=00")
	f.Add("POST", "cloud/0", "url=https%3A%2F%2Fajo.example%2Frss.xml", "application/x-www-form-urlencoded", "")
	s, err := store.Open(filepath.Join(f.TempDir(), "store.db"), storetest.Rules(f), store.Options{})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { s.Close() })
	took := 0
	d := websub.Endpoint{URL: desk, Store: s, Send: sendNowhere, Log: slog.New(slog.DiscardHandler)}
	hub := &websub.Hub{Endpoint: d, Documents: http.NotFoundHandler(),
		ClientOf: func(*http.Request) netip.Prefix { return netip.Prefix{} }}
	in := &websub.Incoming{
		Endpoint: d, MaxSize: 1 << 20,
		Deliver: func(context.Context, string, []byte, string) error { took++; return nil },
		Soon:    func(context.Context, string) error { took++; return nil },
	}
	if err := errors.Join(hub.Start(), in.Start(f.Context(), map[string]bool{feed: true})); err != nil {
		f.Fatal(err)
	}
	handler := web.SecurityHeaders(d.Log, websub.Handler(hub, in))
	answers := []int{202, 400, 404, 405, 410, 413, 429}
	f.Fuzz(func(t *testing.T, method, place, body, contentType, signature string) {
		r := httptest.NewRequest(http.MethodPost, desk+"/websub/", strings.NewReader(body))
		r.Method, r.URL.Path = method, "/websub/"+place
		if method == http.MethodGet {
			r.URL.RawQuery = body
		}
		r.Header = http.Header{"Content-Type": {contentType}, "X-Hub-Signature": {signature}}
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		if !slices.Contains(answers, w.Code) || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/plain") &&
			w.Code != 202 || took > 0 {
			t.Errorf("%s %q: %d %v, %d taken", method, place, w.Code, w.Header(), took)
		}
		if list, err := s.Subscribers(); err != nil || len(list) > 0 {
			t.Errorf("subscribed are %+v, %v", list, err)
		}
	})
}

// FuzzDiscover: hubs are addresses of the web, and the topic is the feed's own or on its host,
// whatever Link headers and the document say.
func FuzzDiscover(f *testing.F) {
	const at = "https://ajo.example/feed"
	f.Add(`<https://hub.example/>; rel="hub", </a>; title="a, b"; rel="alternate self"`, "https://hub.example/",
		"https://ajo.example/rss.xml")
	f.Add(`<https://hub.example/; rel=hub`, "javascript:alert(1)", "//other.example/")
	f.Add(`;;,,=<>;rel="`, "http://[::1%25lo]:0/", "")
	f.Add("", "https://hub.example/", "? ")
	f.Fuzz(func(t *testing.T, header, hub, self string) {
		hubs, topic := websub.Discover(http.Header{"Link": {header}}, &news.Facts{Self: self, Hubs: []string{hub}}, at,
			func(string) bool { return false })
		for _, address := range append(hubs, topic) {
			u, err := url.Parse(address)
			if err != nil || address != "" && (u.Scheme != "http" && u.Scheme != "https" || u.Host == "" ||
				strings.ContainsAny(address, "\r\n\x00 ")) {
				t.Errorf("%q, %q, %q lead to %q", header, hub, self, address)
			}
		}
		if u, err := url.Parse(topic); topic != "" && (err != nil || !strings.EqualFold(u.Hostname(), "ajo.example")) {
			t.Errorf("the topic is %q", topic)
		}
	})
}
