package fetch

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"
)

const sampleFeed = `<rss version="2.0"><channel><title>KMSA</title></channel></rss>`

// newClient makes a client that may reach the servers of tests.
func newClient(t testing.TB, change ...func(*Options)) *Client {
	t.Helper()
	o := Options{
		UserAgent:       UserAgent("test", "https://desk.example", "desk@desk.example"),
		Timeout:         time.Minute, // tests of timeouts have their own
		MaxSize:         1 << 20,
		PrivateNetworks: true,
	}
	for _, c := range change {
		c(&o)
	}
	c := NewClient(o)
	t.Cleanup(c.CloseIdleConnections)
	return c
}

// serve runs a server for one test.
func serve(t testing.TB, handler http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(handler)
	t.Cleanup(s.Close)
	return s
}

// fetchError asks for a document that cannot be had.
func fetchError(t *testing.T, c *Client, r Request) *Error {
	t.Helper()
	response, err := c.Fetch(t.Context(), r)
	var failure *Error
	if response != nil || !errors.As(err, &failure) {
		t.Fatalf("%+v, %v, want a Error alone", response, err)
	}
	if text := failure.Error(); len(text) > maxReason || strings.ContainsAny(text, "\n\x1b") {
		t.Errorf("%q is no line of %d bytes at most", text, maxReason)
	}
	return failure
}

// wantFailure fails unless an error has a kind and says something.
func wantFailure(t *testing.T, got *Error, kind Kind, text string) {
	t.Helper()
	if got.Kind != kind || !strings.Contains(got.Error(), text) {
		t.Errorf("%s: %q, want %s with %q", got.Kind, got, kind, text)
	}
}

func TestARequestIsSentAsInTheGoldenFile(t *testing.T) {
	requests := make(chan string, 1)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	go func() {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		var text strings.Builder
		for lines := bufio.NewReader(conn); ; {
			line, err := lines.ReadString('\n')
			text.WriteString(line)
			if err != nil || line == "\r\n" {
				break
			}
		}
		requests <- text.String()
		io.WriteString(conn, "HTTP/1.1 304 Not Modified\r\n\r\n")
	}()
	address := "http://" + listener.Addr().String() + "/a%2Fb/./news feed.rss?b=2&a=1+1&&c#items"
	_, err = newClient(t).Fetch(t.Context(), Request{
		URL: address, From: address, ETag: `W/"a1"`, LastModified: "yesterday, about noon",
	})
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile("../../testdata/golden/request.txt")
	if err != nil {
		t.Fatal(err)
	}
	got := strings.ReplaceAll(<-requests, listener.Addr().String(), "HOST")
	if got = strings.ReplaceAll(got, "\r\n", "\n"); got != string(want) {
		t.Errorf("sent:\n%s\nwant:\n%s", got, want)
	}
}

func TestUserAgentNamesTheDesk(t *testing.T) {
	for _, tt := range []struct{ url, contact, want string }{
		{"https://desk.example", "desk@desk.example", "fronteras/1.0 (+https://desk.example; desk@desk.example)"},
		{"https://desk.example", "", "fronteras/1.0 (+https://desk.example)"},
		{"", "desk@desk.example", "fronteras/1.0 (desk@desk.example)"},
	} {
		if got := UserAgent("1.0", tt.url, tt.contact); got != tt.want {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
}

func TestValidatorsAreSentByteForByte(t *testing.T) {
	var sent http.Header
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		sent = r.Header.Clone()
		w.WriteHeader(http.StatusNotModified)
	})
	c := newClient(t)
	for _, tt := range []struct{ name, etag, modified string }{
		{"strong", `"abc"`, ""},
		{"weak", `W/"abc"`, ""},
		{"unquoted", "abc", ""},
		{"beyond ASCII", "\"caf\xe9\"", ""},
		{"date alone", "", "Tue, 04 Mar 2031 12:00:00 GMT"},
		{"odd date", "", "2031-3-4 12:00 MST"},
		{"both", `"abc"`, "Tue, 04 Mar 2031 12:00:00 GMT"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r, err := c.Fetch(t.Context(), Request{URL: s.URL, From: s.URL + "/", ETag: tt.etag,
				LastModified: tt.modified})
			if err != nil || !r.NotModified || r.Body != nil {
				t.Fatalf("%+v, %v, want a 304", r, err)
			}
			if got := sent.Get("If-None-Match"); got != tt.etag {
				t.Errorf("If-None-Match %q, want %q", got, tt.etag)
			}
			if got := sent.Get("If-Modified-Since"); got != tt.modified {
				t.Errorf("If-Modified-Since %q, want %q", got, tt.modified)
			}
		})
	}
}

func TestValidatorsOfAnAnswerAreKeptUnlessTooLong(t *testing.T) {
	long := `"` + strings.Repeat("x", maxValidator) + `"`
	for _, tt := range []struct{ name, header, etag, modified string }{
		{"both", "ETag: \"a\"\r\nLast-Modified: yesterday\r\n", `"a"`, "yesterday"},
		{"none", "", "", ""},
		{"the first of two", "ETag: \"a\"\r\nETag: \"b\"\r\n", `"a"`, ""},
		{"any document", "ETag: *\r\n", "", ""},
		{"1,024 bytes", "ETag: " + long[2:] + "\r\n", long[2:], ""},
		{"1,025 bytes", "ETag: " + long[1:] + "\r\n", "", ""},
		{"beyond ASCII", "ETag: \"\xe9\"\r\n", "\"\xe9\"", ""},
		{"a long date", "Last-Modified: " + long + "\r\n", "", ""},
	} {
		for _, status := range []string{"200 OK", "304 Not Modified"} {
			t.Run(tt.name+", "+status, func(t *testing.T) {
				c, address := rawServer(t, "HTTP/1.1 "+status+"\r\n"+tt.header+"Content-Length: 0\r\n\r\n")
				r, err := c.Fetch(t.Context(), Request{URL: address, From: address, ETag: `"old"`})
				if err != nil {
					t.Fatal(err)
				}
				if r.ETag != tt.etag || r.LastModified != tt.modified || r.Address != address {
					t.Errorf("%q, %q of %s, want %q, %q", r.ETag, r.LastModified, r.Address, tt.etag, tt.modified)
				}
			})
		}
	}
	// Bytes that no header may hold make the answer none.
	for _, bad := range []string{"\x00", "\x01"} {
		c, address := rawServer(t, "HTTP/1.1 200 OK\r\nETag: \"a"+bad+"\"\r\nContent-Length: 0\r\n\r\n")
		if r, err := c.Fetch(t.Context(), Request{URL: address}); err == nil && r.ETag != "" {
			t.Errorf("ETag with %q is kept: %q", bad, r.ETag)
		}
	}
}

// rawServer answers each connection with the same bytes.
func rawServer(t testing.TB, answer string) (*Client, string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				bufio.NewReader(conn).ReadString('\n')
				io.WriteString(conn, answer)
			}()
		}
	}()
	return newClient(t), "http://" + listener.Addr().String() + "/"
}

func TestAnswerIsHandedOver(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/rss+xml")
		w.Header().Set("Cache-Control", "max-age=600")
		w.Header().Set("Link", `<https://hub.example/>; rel="hub"`)
		io.WriteString(w, sampleFeed)
	})
	before := time.Now()
	r, err := newClient(t).Fetch(t.Context(), Request{URL: s.URL + "/news.rss#top"})
	if err != nil {
		t.Fatal(err)
	}
	if string(r.Body) != sampleFeed || r.NotModified || r.ContentType != "application/rss+xml" ||
		r.Address != s.URL+"/news.rss" || r.Moved != "" || r.Hops != 0 || !r.Private ||
		r.Size != int64(len(sampleFeed)) {
		t.Errorf("%+v", r)
	}
	if r.Received.Before(before) || r.Received.After(time.Now()) {
		t.Errorf("received %v", r.Received)
	}
	if r.Header.Get("Cache-Control") != "max-age=600" || r.Header.Get("Link") == "" || r.Header.Get("Date") == "" {
		t.Errorf("header %v", r.Header)
	}
}

func TestOtherStatusesAreFailures(t *testing.T) {
	c := newClient(t)
	for _, status := range []int{201, 202, 203, 204, 205, 206, 226, 300, 304, 305, 400, 401, 403, 404, 410, 429, 500,
		503, 599} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Retry-After", "3600")
				w.WriteHeader(status)
			})
			got := fetchError(t, c, Request{URL: s.URL})
			wantFailure(t, got, KindStatus, fmt.Sprint(status))
			if got.Status != status || got.Header.Get("Retry-After") != "3600" {
				t.Errorf("%+v", got)
			}
		})
	}
}

func TestSwitchingProtocolsIsAFailure(t *testing.T) {
	c, address := rawServer(t, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n")
	wantFailure(t, fetchError(t, c, Request{URL: address}), KindStatus, "101")
}

func TestHeadersHaveABoundOfSize(t *testing.T) {
	for name, answer := range map[string]string{
		"one line":         "HTTP/1.1 200 OK\r\nETag: \"" + strings.Repeat("x", 1<<20) + "\"\r\n\r\n",
		"many early hints": strings.Repeat("HTTP/1.1 103 Early Hints\r\n\r\n", 100_000) + "HTTP/1.1 200 OK\r\n\r\n",
		"a long redirect":  "HTTP/1.1 301 Moved\r\nLocation: /" + strings.Repeat("x", 1<<20) + "\r\n\r\n",
		"a trailer's flood": "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n" + strings.Repeat("X: y\r\n",
			1<<17) + "\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			c, address := rawServer(t, answer)
			got := fetchError(t, c, Request{URL: address})
			if name == "a trailer's flood" {
				wantFailure(t, got, KindBroken, "trailer")
			} else {
				wantFailure(t, got, KindTooLarge, "65536")
			}
		})
	}
}

func TestAnswersThatAreNoHTTPOrBreakOffAreFailures(t *testing.T) {
	for name, answer := range map[string]string{
		"another protocol":       "SSH-2.0-OpenSSH_9.2\r\n",
		"nothing":                "",
		"half a header":          "HTTP/1.1 200 OK\r\nContent-Ty",
		"half a document":        "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<rss>",
		"half a chunk":           "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\n<rss>",
		"a chunk without a size": "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n<rss>\r\n",
		"escape sequences":       "HTTP/1.1 \x1b[31m\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			c, address := rawServer(t, answer)
			got := fetchError(t, c, Request{URL: address})
			if got.Kind != KindBroken {
				t.Errorf("%s: %v, want %s", got.Kind, got, KindBroken)
			}
		})
	}
}

func TestConnectionsAreKept(t *testing.T) {
	seen := make(map[string]bool)
	var s *httptest.Server
	s = serve(t, func(w http.ResponseWriter, r *http.Request) {
		seen[r.RemoteAddr] = true
		if r.URL.Path == "/old" {
			http.Redirect(w, r, s.URL+"/new", http.StatusFound)
			return
		}
		io.WriteString(w, sampleFeed)
	})
	c := newClient(t)
	for range 3 {
		if _, err := c.Fetch(t.Context(), Request{URL: s.URL + "/old"}); err != nil {
			t.Fatal(err)
		}
	}
	if len(seen) != 1 {
		t.Errorf("%d connections for six requests, want one", len(seen))
	}
}

func TestACanceledFetchIsNoFailure(t *testing.T) {
	s := serve(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(20*time.Millisecond, cancel)
	_, err := newClient(t).Fetch(ctx, Request{URL: s.URL})
	var failure *Error
	if !errors.Is(err, context.Canceled) || errors.As(err, &failure) {
		t.Errorf("%v, want the context's error", err)
	}
}

func TestAddressesThatAreNotHTTPAreRefused(t *testing.T) {
	c := newClient(t)
	for _, address := range []string{"", "ftp://kmsa.example/", "kmsa.example/news", "http:///news",
		"http://kmsa example/", "unix:/run/x"} {
		wantFailure(t, fetchError(t, c, Request{URL: address}), KindAddress, "not an http or https address")
	}
}

func BenchmarkNotModified(b *testing.B) {
	s := serve(b, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("ETag", `"abc"`)
		w.WriteHeader(http.StatusNotModified)
	})
	b.Run("Fetch", func(b *testing.B) {
		c := newClient(b)
		r := Request{URL: s.URL + "/", From: s.URL + "/", ETag: `"abc"`, LastModified: "Tue, 04 Mar 2031 12:00:00 GMT"}
		b.ReportAllocs()
		for b.Loop() {
			if _, err := c.Fetch(b.Context(), r); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("net/http", func(b *testing.B) {
		c := &http.Client{Timeout: 10 * time.Second}
		defer c.CloseIdleConnections()
		b.ReportAllocs()
		for b.Loop() {
			r, err := http.NewRequestWithContext(b.Context(), http.MethodGet, s.URL+"/", nil)
			if err != nil {
				b.Fatal(err)
			}
			r.Header.Set("User-Agent", "fronteras/test (+https://desk.example; desk@desk.example)")
			r.Header.Set("If-None-Match", `"abc"`)
			r.Header.Set("If-Modified-Since", "Tue, 04 Mar 2031 12:00:00 GMT")
			answer, err := c.Do(r)
			if err != nil {
				b.Fatal(err)
			}
			answer.Body.Close()
		}
	})
}
