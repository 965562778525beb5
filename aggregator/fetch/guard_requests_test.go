package fetch

import (
	"context"
	"net"
	"net/http"
	"strings"
	"testing"
)

// Pages, hubs, callbacks and lengths of audio go through the guard that feeds go through.
func TestPagesLengthsHubsAndCallbacksAreGuarded(t *testing.T) {
	asked := 0
	s := serve(t, func(w http.ResponseWriter, _ *http.Request) { asked++ })
	c := newClient(t, func(o *Options) { o.PrivateNetworks = false })
	limiter := NewHostLimiter(Limits{})
	if page, err := NewPages(c, limiter, new(PageServers)).Read(t.Context(), PageRequest{URL: s.URL + "/page"}); err != ErrNotAsked {
		t.Errorf("a page: %+v, %v", page, err)
	}
	if n, err := c.EnclosureLength(t.Context(), s.URL+"/a.mp3", false, limiter); n != 0 || err != nil {
		t.Errorf("a length: %d, %v", n, err)
	}
	open := newClient(t)
	for name, send := range map[string]func() (SideAnswer, error){
		"a hub": func() (SideAnswer, error) {
			return c.Send(t.Context(), SideRequest{Method: http.MethodPost, URL: s.URL})
		},
		"a callback, though private_networks is set": func() (SideAnswer, error) {
			return open.Send(t.Context(), SideRequest{Method: http.MethodPost, URL: s.URL, PublicOnly: true})
		},
	} {
		if answer, err := send(); err == nil || !strings.Contains(err.Error(), "private address") {
			t.Errorf("%s: %+v, %v", name, answer, err)
		}
	}
	if asked > 0 {
		t.Errorf("the server was asked %d times", asked)
	}
}

// No length is asked for behind a redirect that no document would follow.
func TestNoLengthIsAskedForBehindARedirectFromPublicToPrivate(t *testing.T) {
	inside := 0
	private := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		inside++
		w.Header().Set("Content-Length", "17")
	})
	outside := serve(t, http.RedirectHandler(private.URL, http.StatusFound).ServeHTTP)
	c := newClient(t)
	if n, err := c.EnclosureLength(t.Context(), outside.URL, false, NewHostLimiter(Limits{})); n != 17 || err != nil {
		t.Errorf("from private to private: %d, %v", n, err)
	}
	c = newClient(t)
	dial := c.open.DialContext
	c.open.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		return fromOutside{conn}, err
	}
	n, err := c.EnclosureLength(t.Context(), outside.URL, false, NewHostLimiter(Limits{}))
	if n != 0 || err != nil || inside != 1 {
		t.Errorf("from public to private: %d, %v, asked %d times", n, err, inside)
	}
}

// What may only be public is asked at no private address though these are open, and what was found
// out that way says nothing of a private server to those who may ask it.
func TestNothingPrivateIsAskedForWhatMayOnlyBePublic(t *testing.T) {
	asked := 0
	s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		asked++
		w.Header().Set("Content-Length", "0")
	})
	c, limiter := newClient(t), NewHostLimiter(Limits{})
	pages := NewPages(c, limiter, new(PageServers))
	if page, err := pages.Read(t.Context(), PageRequest{URL: s.URL + "/page", PublicOnly: true}); err != ErrNotAsked {
		t.Errorf("a page: %+v, %v", page, err)
	}
	if n, err := c.EnclosureLength(t.Context(), s.URL+"/a.mp3", true, limiter); n != 0 || err != nil {
		t.Errorf("a length: %d, %v", n, err)
	}
	wantFailure(t, fetchError(t, c, Request{URL: s.URL, PublicOnly: true}), KindAddress, "is a private address")
	if asked > 0 {
		t.Errorf("the server was asked %d times", asked)
	}
	if page, err := pages.Read(t.Context(), PageRequest{URL: s.URL + "/page"}); err != nil || page.Status != http.StatusOK {
		t.Errorf("a page that may be private: %+v, %v", page, err)
	}
}
