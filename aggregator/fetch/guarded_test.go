package fetch

import (
	"context"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// X11: pages, hubs, callbacks and lengths of audio go through the guard that feeds
// go through.
func TestX11WhatIsAskedBesideFeeds(t *testing.T) {
	asked := 0
	s := serve(t, func(w http.ResponseWriter, _ *http.Request) { asked++ })
	c := newClient(t, func(o *Options) { o.PrivateNetworks = false })
	if page, err := NewPages(c, free).Read(t.Context(), PageRequest{URL: s.URL + "/page", Gap: time.Millisecond, Own: func(string) bool { return true }}); page.Status != 0 {
		t.Errorf("a page: %+v, %v", page, err)
	}
	if n, err := c.Length(t.Context(), s.URL+"/a.mp3", free); n != 0 || err != nil {
		t.Errorf("a length: %d, %v", n, err)
	}
	hosts, public := c.Guarded()
	for name, via := range map[string]http.RoundTripper{"a hub": hosts, "a callback": public} {
		r, err := http.NewRequest(http.MethodPost, s.URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := via.RoundTrip(r); err == nil || !strings.Contains(err.Error(), "private address") {
			t.Errorf("%s: %v", name, err)
		}
	}
	open := newClient(t)
	if _, public := open.Guarded(); public != open.public {
		t.Error("private_networks opens callbacks")
	}
	if asked > 0 {
		t.Errorf("the server was asked %d times", asked)
	}
}

// X7, X8: no length is asked for behind a redirect that no document would follow.
func TestX7X8LengthsBehindRedirects(t *testing.T) {
	inside := 0
	private := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		inside++
		w.Header().Set("Content-Length", "17")
	})
	outside := serve(t, http.RedirectHandler(private.URL, http.StatusFound).ServeHTTP)
	c := newClient(t)
	if n, err := c.Length(t.Context(), outside.URL, free); n != 17 || err != nil {
		t.Errorf("from private to private: %d, %v", n, err)
	}
	c = newClient(t)
	dial := c.open.DialContext
	c.open.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		return fromOutside{conn}, err
	}
	if n, err := c.Length(t.Context(), outside.URL, free); n != 0 || err != nil || inside != 1 {
		t.Errorf("from public to private: %d, %v, asked %d times", n, err, inside)
	}
}
