package fetch

import (
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
	"time"
)

func TestOfAnAnswerWithoutEndTheBeginningIsRead(t *testing.T) {
	ended := make(chan int, 1)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		sent := 0
		for sent < 1<<30 {
			n, err := w.Write(make([]byte, 1<<20))
			if sent += n; err != nil {
				break
			}
		}
		ended <- sent
	}))
	defer s.Close()
	begun := time.Now()
	answer, err := newClient(t).Send(t.Context(), SideRequest{Method: http.MethodPost, URL: s.URL})
	if err != nil || answer.Status != http.StatusOK || len(answer.Body) != 4097 || time.Since(begun) > 10*time.Second {
		t.Errorf("%d, %d bytes, %v after %v", answer.Status, len(answer.Body), err, time.Since(begun))
	}
	if sent := <-ended; sent >= 1<<30 {
		t.Errorf("%d bytes were taken", sent)
	}
}

func TestHubsAreFollowedThroughRedirectsThatKeepTheRequestAlone(t *testing.T) {
	var asked []string
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.Method+" "+r.URL.Path)
		switch r.URL.Path {
		case "/307":
			http.Redirect(w, r, "/end", http.StatusTemporaryRedirect)
		case "/302":
			http.Redirect(w, r, "/end", http.StatusFound)
		case "/0", "/1", "/2", "/3":
			http.Redirect(w, r, "/"+string(r.URL.Path[1]+1), http.StatusPermanentRedirect)
		}
	})
	for path, want := range map[string]struct{ status, requests int }{
		"/307": {200, 2}, "/302": {302, 1}, "/1": {200, 4}, "/0": {0, 4},
	} {
		asked = nil
		answer, err := newClient(t).Send(t.Context(), SideRequest{
			Method: http.MethodPost, URL: server.URL + path, Body: []byte("hub.mode=subscribe"), Redirects: 3,
		})
		if answer.Status != want.status || len(asked) != want.requests || (err != nil) != (want.status == 0) {
			t.Errorf("%s: %+v, %v, asked %q", path, answer, err, asked)
		}
		for _, line := range asked {
			if line[:5] != "POST " {
				t.Errorf("%s: asked %q", path, asked)
			}
		}
	}
}

func TestAHubsSecretIsNotSentFromHTTPSToHTTP(t *testing.T) {
	asked := false
	plain := serve(t, func(http.ResponseWriter, *http.Request) { asked = true })
	secure := httptest.NewTLSServer(http.RedirectHandler(plain.URL, http.StatusTemporaryRedirect))
	defer secure.Close()
	c := newClient(t, func(o *Options) {
		o.RootCAs = x509.NewCertPool()
		o.RootCAs.AddCert(secure.Certificate())
	})
	answer, err := c.Send(t.Context(), SideRequest{
		Method: http.MethodPost, URL: secure.URL, Body: []byte("hub.secret=geheim"), Redirects: 3,
	})
	var failure *Error
	if !errors.As(err, &failure) || failure.Kind != KindRedirect || asked {
		t.Errorf("%+v, %v; asked %t", answer, err, asked)
	}
}

// Whoever makes a request has a say in what is dialed, and sees the address behind each name.
func TestASideRequestIsAskedBeforeEachAddressIsDialed(t *testing.T) {
	requests := 0
	server := serve(t, func(http.ResponseWriter, *http.Request) { requests++ })
	_, port, err := net.SplitHostPort(server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	c := newClient(t, func(o *Options) {
		o.Resolver = answering(t, func(string) []string { return []string{"127.0.0.1"} })
	})
	var seen []netip.Addr
	for n := range 5 {
		_, err := c.Send(t.Context(), SideRequest{
			Method: http.MethodGet, URL: fmt.Sprintf("http://h%d.example:%s/", n, port),
			MayDial: func(addr netip.Addr) bool {
				seen = append(seen, addr)
				return len(seen) <= 3
			},
		})
		if (err == nil) != (n < 3) {
			t.Errorf("request %d: %v", n, err)
		}
	}
	if requests != 3 || len(seen) != 5 || seen[0] != netip.MustParseAddr("127.0.0.1") {
		t.Errorf("%d requests; asked about %v", requests, seen)
	}
}
