package fetch

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
)

// redirecting runs a server that answers a path with the redirect in hops, and any other with a
// document or, where validators came, with a 304.
func redirecting(t *testing.T, hops map[string]redirect) (*httptest.Server, *[]*http.Request) {
	t.Helper()
	var asked []*http.Request
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r)
		w.Header().Set("Set-Cookie", "session=1")
		hop, ok := hops[r.URL.Path]
		switch {
		case ok:
			w.Header()["Location"] = hop.to
			w.WriteHeader(hop.status)
		case r.Header.Get("If-None-Match") != "":
			w.WriteHeader(http.StatusNotModified)
		default:
			w.Header().Set("ETag", `"new"`)
			io.WriteString(w, sampleFeed)
		}
	})
	return s, &asked
}

type redirect struct {
	status int
	to     []string
}

func TestRedirectsAreFollowedAndPermanentOnesNamed(t *testing.T) {
	for _, tt := range []struct {
		name  string
		hops  map[string]redirect
		hop   int
		moved bool
	}{
		{"301", map[string]redirect{"/a": {301, []string{"/end"}}}, 1, true},
		{"308", map[string]redirect{"/a": {308, []string{"/end"}}}, 1, true},
		{"302", map[string]redirect{"/a": {302, []string{"/end"}}}, 1, false},
		{"303", map[string]redirect{"/a": {303, []string{"/end"}}}, 1, false},
		{"307", map[string]redirect{"/a": {307, []string{"/end"}}}, 1, false},
		{"permanent twice", map[string]redirect{"/a": {301, []string{"b"}}, "/b": {308, []string{"end#x"}}}, 2, true},
		{"temporary in between", map[string]redirect{"/a": {301, []string{"/b"}}, "/b": {302, []string{"/c"}},
			"/c": {301, []string{"/end"}}}, 3, false},
		{"five", map[string]redirect{"/a": {301, []string{"/1"}}, "/1": {301, []string{"/2"}},
			"/2": {301, []string{"/3"}}, "/3": {301, []string{"/4"}}, "/4": {301, []string{"/end"}}}, 5, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, asked := redirecting(t, tt.hops)
			r, err := newClient(t).Fetch(t.Context(), Request{URL: s.URL + "/a"})
			if err != nil {
				t.Fatal(err)
			}
			moved := ""
			if tt.moved {
				moved = s.URL + "/end"
			}
			if r.Address != s.URL+"/end" || r.Hops != tt.hop || r.Moved != moved || string(r.Body) != sampleFeed {
				t.Errorf("%+v", r)
			}
			for _, request := range *asked {
				for _, name := range []string{"Referer", "Cookie", "Authorization"} {
					if got := request.Header.Get(name); got != "" {
						t.Errorf("%s was sent %s: %s", request.URL, name, got)
					}
				}
			}
		})
	}
}

func TestValidatorsGoToTheirAddressAlone(t *testing.T) {
	s, asked := redirecting(t, map[string]redirect{"/a": {302, []string{"/b"}}, "/b": {302, []string{"/end"}}})
	c := newClient(t)
	r, err := c.Fetch(t.Context(), Request{URL: s.URL + "/a", ETag: `"old"`, From: s.URL + "/end"})
	if err != nil || !r.NotModified || r.Address != s.URL+"/end" {
		t.Fatalf("%+v, %v, want a 304 of the last address", r, err)
	}
	for _, request := range *asked {
		if sent := request.Header.Get("If-None-Match") != ""; sent != (request.URL.Path == "/end") {
			t.Errorf("%s: validators sent: %v", request.URL.Path, sent)
		}
	}
	*asked = nil
	if _, err := c.Fetch(t.Context(), Request{URL: s.URL + "/a", ETag: `"old"`,
		From: s.URL + "/elsewhere"}); err != nil {
		t.Fatal(err)
	}
	for _, request := range *asked {
		if request.Header.Get("If-None-Match") != "" {
			t.Errorf("%s was sent the validators of another address", request.URL.Path)
		}
	}
}

func TestRedirectsThatAreNotFollowed(t *testing.T) {
	six := make(map[string]redirect)
	for i, from := range []string{"/a", "/1", "/2", "/3", "/4", "/5"} {
		six[from] = redirect{301, []string{fmt.Sprintf("/%d", i+1)}}
	}
	for _, tt := range []struct {
		name string
		hops map[string]redirect
		text string
	}{
		{"six", six, "more than 5"},
		{"a circle", map[string]redirect{"/a": {301, []string{"/b"}}, "/b": {301, []string{"/a"}}}, "circle"},
		{"to itself", map[string]redirect{"/a": {302, []string{"/a#x"}}}, "circle"},
		{"no Location", map[string]redirect{"/a": {301, nil}}, "without a Location"},
		{"an empty one", map[string]redirect{"/a": {301, []string{""}}}, "without a Location"},
		{"no host", map[string]redirect{"/a": {301, []string{"http:///b"}}}, "has no host"},
		{"a broken host", map[string]redirect{"/a": {301, []string{"//kmsa example/"}}}, "not an address"},
		{"3 KiB", map[string]redirect{"/a": {301, []string{"/" + strings.Repeat("x", 3<<10)}}}, "3073 bytes"},
		{"file", map[string]redirect{"/a": {301, []string{"file:///etc/passwd"}}}, `scheme "file"`},
		{"ftp", map[string]redirect{"/a": {301, []string{"ftp://kmsa.example/"}}}, `scheme "ftp"`},
		{"gopher", map[string]redirect{"/a": {301, []string{"gopher://kmsa.example/"}}}, `scheme "gopher"`},
		{"data", map[string]redirect{"/a": {301, []string{"data:text/xml,<rss/>"}}}, `scheme "data"`},
		{"script", map[string]redirect{"/a": {301, []string{"javascript:alert(1)"}}}, `scheme "javascript"`},
		{"socket", map[string]redirect{"/a": {301, []string{"unix:/run/fronteras/control.sock"}}}, `scheme "unix"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, _ := redirecting(t, tt.hops)
			got := fetchError(t, newClient(t), Request{URL: s.URL + "/a?token=secret"})
			wantFailure(t, got, KindRedirect, tt.text)
			if strings.Contains(got.Error(), "secret") {
				t.Errorf("%q holds a query", got)
			}
		})
	}
}

func TestUserInARedirectIsDropped(t *testing.T) {
	var s *httptest.Server
	s = serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/a" {
			w.Header().Set("Location", strings.Replace(s.URL, "http://", "http://good:word@", 1)+"/b")
			w.WriteHeader(http.StatusFound)
			return
		}
		io.WriteString(w, r.Header.Get("Authorization"))
	})
	r, err := newClient(t).Fetch(t.Context(), Request{URL: s.URL + "/a"})
	if err != nil || r.Address != s.URL+"/b" || len(r.Body) != 0 {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestNoRedirectLeadsFromHTTPSToHTTP(t *testing.T) {
	plain := serve(t, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, sampleFeed) })
	secure := httptest.NewTLSServer(http.RedirectHandler(plain.URL, http.StatusMovedPermanently))
	defer secure.Close()
	c := newClient(t, func(o *Options) {
		o.RootCAs = x509.NewCertPool()
		o.RootCAs.AddCert(secure.Certificate())
	})
	wantFailure(t, fetchError(t, c, Request{URL: secure.URL}), KindRedirect, "from https to http")
}

// fromOutside is a connection to a public address.
type fromOutside struct{ net.Conn }

func (fromOutside) RemoteAddr() net.Addr {
	return net.TCPAddrFromAddrPort(netip.MustParseAddrPort("8.8.8.8:80"))
}

func TestNoRedirectLeadsFromPublicToPrivate(t *testing.T) {
	inside := serve(t, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "secret") })
	outside := serve(t, http.RedirectHandler(inside.URL, http.StatusFound).ServeHTTP)
	c := newClient(t)
	if r, err := c.Fetch(t.Context(), Request{URL: outside.URL}); err != nil || !r.Private {
		t.Fatalf("from private to private: %+v, %v", r, err)
	}
	c = newClient(t)
	dial := c.open.DialContext
	c.open.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		return fromOutside{conn}, err
	}
	got := fetchError(t, c, Request{URL: outside.URL})
	wantFailure(t, got, KindAddress, "127.0.0.1 is a private address")
	if r, err := c.Fetch(t.Context(), Request{URL: inside.URL}); err != nil || r.Private {
		t.Errorf("a public address: %+v, %v", r, err)
	}
}

// What holds a secret is sent over https, or to a private address, also after redirects.
func TestNoRedirectLeadsASecretWhereOthersCanReadIt(t *testing.T) {
	var arrived []string
	inside := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		arrived = append(arrived, string(body))
		if to := r.URL.Query().Get("to"); to != "" {
			http.Redirect(w, r, to, http.StatusTemporaryRedirect)
		}
	})
	c := newClient(t)
	send := func(to string, confidential bool) error {
		_, err := c.Send(t.Context(), SideRequest{Method: http.MethodPost, URL: inside.URL + "/?to=" + url.QueryEscape(to),
			Redirects: 3, Confidential: confidential, Body: []byte("hub.secret=geheim")})
		return err
	}
	const outside = "http://203.0.113.1/"
	var got *Error
	if err := send(outside, true); !errors.As(err, &got) {
		t.Fatalf("a redirect to plain http: %v", err)
	}
	wantFailure(t, got, KindRedirect, "redirect to http, to http://203.0.113.1/ of a request that holds a secret")
	if err := send(inside.URL+"/other", true); err != nil || len(arrived) != 3 {
		t.Errorf("a redirect to a private address: %v, %d requests", err, len(arrived))
	}
	if err := send(outside, false); !errors.As(err, &got) || got.Kind != KindAddress {
		t.Errorf("without a secret, it was not followed: %v", err)
	}
}
