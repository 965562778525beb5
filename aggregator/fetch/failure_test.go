package fetch

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

func TestARefusedConnectionIsNamedWithoutTheQuery(t *testing.T) {
	// A port that was free a moment ago may be another test's by now.
	got := fetchError(t, newClient(t), Request{URL: "http://127.0.0.1:1/news?token=secret"})
	wantFailure(t, got, KindRefused, "connection refused")
	if strings.Contains(got.Error(), "secret") {
		t.Errorf("%q holds a query", got)
	}
}

func TestAnUnreachableNetworkIsAKindOfItsOwn(t *testing.T) {
	for _, no := range []syscall.Errno{syscall.ENETUNREACH, syscall.EHOSTUNREACH} {
		c := newClient(t, func(o *Options) {
			o.Dial = func(context.Context, string, string) (net.Conn, error) {
				return nil, &net.OpError{Op: "dial", Err: no}
			}
		})
		wantFailure(t, fetchError(t, c, Request{URL: "http://kmsa.example/"}), KindNetwork, no.Error())
	}
}

// Nobody was asked if this machine opens no more files: neither a server, nor a page or a robots.txt,
// nor a file.
func TestAShortageOfOpenFilesIsOurs(t *testing.T) {
	synctest.Test(t, testShortage)
}

func testShortage(t *testing.T) {
	for _, err := range []error{
		&net.OpError{Op: "dial", Err: os.NewSyscallError("socket", syscall.EMFILE)},
		&net.OpError{Op: "dial", Err: os.NewSyscallError("socket", syscall.ENFILE)},
		&net.OpError{Op: "dial", Err: &net.DNSError{Err: "dial udp: socket: too many open files", IsTemporary: true}},
	} {
		c := newClient(t, func(o *Options) {
			o.Dial = func(context.Context, string, string) (net.Conn, error) { return nil, err }
		})
		failure := fetchError(t, c, Request{URL: "http://kmsa.example/"})
		if wantFailure(t, failure, KindShortage, ""); !IsShortage(failure) || failure.Kind.MayBeOurs() {
			t.Errorf("%v is %q", err, failure.Kind)
		}
		var known PageServers
		pages := NewPages(c, NewHostLimiter(Limits{}), &known)
		for range 2 {
			if _, err := pages.Read(t.Context(), PageRequest{URL: "http://kmsa.example/page"}); err != ErrNotAsked {
				t.Errorf("a page: %v", err)
			}
		}
		if server := known.lockServer("http://kmsa.example/", false); !server.restUntil.IsZero() {
			t.Errorf("its pages rest until %v", server.restUntil)
		}
	}
	if err := fileFailure(&fs.PathError{Op: "open", Path: "a.xml", Err: syscall.EMFILE}); !IsShortage(err) {
		t.Errorf("a file: %v", err)
	}
}

func TestFailuresOfDNSAreToldApart(t *testing.T) {
	request := Request{URL: "http://kmsa.example/"}
	t.Run("no such host", func(t *testing.T) {
		c := newClient(t, func(o *Options) { o.Resolver = answering(t, func(string) []string { return nil }) })
		wantFailure(t, fetchError(t, c, request), KindName, `"kmsa.example"`)
	})
	t.Run("no answer", func(t *testing.T) {
		c := newClient(t, func(o *Options) {
			o.Timeout = 100 * time.Millisecond
			o.Resolver = &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
				ours, theirs := net.Pipe()
				go io.Copy(io.Discard, theirs)
				return ours, nil
			}}
		})
		wantFailure(t, fetchError(t, c, request), KindResolver, "DNS gave no answer")
	})
	t.Run("no server", func(t *testing.T) {
		c := newClient(t, func(o *Options) {
			o.Resolver = &net.Resolver{PreferGo: true, Dial: func(context.Context, string, string) (net.Conn, error) {
				return nil, syscall.ECONNREFUSED
			}}
		})
		wantFailure(t, fetchError(t, c, request), KindResolver, "DNS gave no answer")
	})
}

// inBubble makes a client that reaches one server without a network, so that time can be false.
// Dialled tells each connection's making.
func inBubble(t *testing.T, timeout time.Duration, handler http.HandlerFunc) (c *Client, dialed *atomic.Int64) {
	t.Helper()
	connections := make(chan net.Conn)
	done := make(chan struct{})
	server := &http.Server{Handler: handler}
	go server.Serve(pipeListener{connections, done})
	dialed = new(atomic.Int64)
	c = NewClient(Options{
		Timeout: timeout,
		MaxSize: 1 << 20,
		Dial: func(context.Context, string, string) (net.Conn, error) {
			dialed.Add(1)
			ours, theirs := net.Pipe()
			connections <- theirs
			return ours, nil
		},
	})
	t.Cleanup(func() {
		c.CloseIdleConnections()
		server.Close()
	})
	return c, dialed
}

type pipeListener struct {
	connections chan net.Conn
	done        chan struct{}
}

func (l pipeListener) Accept() (net.Conn, error) {
	select {
	case conn := <-l.connections:
		return conn, nil
	case <-l.done:
		return nil, net.ErrClosed
	}
}

func (l pipeListener) Close() error {
	close(l.done)
	return nil
}

func (l pipeListener) Addr() net.Addr { return &net.UnixAddr{Name: "bubble"} }

// pause waits in a handler, but not for a client that has gone.
func pause(r *http.Request, d time.Duration) {
	select {
	case <-time.After(d):
	case <-r.Context().Done():
	}
}

func TestAFetchEndsInTimeWhereverTheServerStalls(t *testing.T) {
	stall := func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	for _, tt := range []struct {
		name    string
		handler http.HandlerFunc
		text    string
	}{
		{"no answer", stall, "the server did not answer within 30s"},
		{"half a document", func(w http.ResponseWriter, r *http.Request) {
			io.WriteString(w, sampleFeed)
			w.(http.Flusher).Flush()
			stall(w, r)
		}, "the document did not end within 30s"},
		{"a byte in ten seconds", func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				io.WriteString(w, " ")
				w.(http.Flusher).Flush()
				pause(r, 10*time.Second)
			}
		}, "the document did not end within 30s"},
		{"half a compressed document", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			w.Write([]byte("\x1f\x8b\x08\x00"))
			w.(http.Flusher).Flush()
			stall(w, r)
		}, "the document did not end within 30s"},
		{"slow redirects", func(w http.ResponseWriter, r *http.Request) {
			pause(r, 12*time.Second)
			http.Redirect(w, r, r.URL.Path+"x", http.StatusFound)
		}, "the server did not answer within 30s"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, _ := inBubble(t, 30*time.Second, tt.handler)
				began := time.Now()
				got := fetchError(t, c, Request{URL: "http://kmsa.example/a"})
				wantFailure(t, got, KindTimeout, tt.text)
				if took := time.Since(began); took != 30*time.Second {
					t.Errorf("took %s, want 30s", took)
				}
			})
		})
	}
}

func TestIdleConnectionsAreClosed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, dialed := inBubble(t, 30*time.Second, func(w http.ResponseWriter, _ *http.Request) {
			io.WriteString(w, sampleFeed)
		})
		for i, tt := range []struct {
			pause time.Duration
			want  int64
		}{{0, 1}, {29 * time.Second, 1}, {31 * time.Second, 2}} {
			time.Sleep(tt.pause)
			if _, err := c.Fetch(t.Context(), Request{URL: "http://kmsa.example/"}); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
			if dialed.Load() != tt.want {
				t.Errorf("fetch %d, %s after the one before: %d connections made, want %d", i+1, tt.pause, dialed.Load(),
					tt.want)
			}
		}
	})
}

func TestReceivedIsWhenTheHeaderCame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, _ := inBubble(t, 30*time.Second, func(w http.ResponseWriter, _ *http.Request) {
			time.Sleep(3 * time.Second)
			w.(http.Flusher).Flush()
			time.Sleep(5 * time.Second)
			io.WriteString(w, sampleFeed)
		})
		began := time.Now()
		r, err := c.Fetch(t.Context(), Request{URL: "http://kmsa.example/"})
		if err != nil || r.Received.Sub(began) != 3*time.Second {
			t.Errorf("%+v, %v, want it received after 3 s", r, err)
		}
	})
}

func TestBadCertificatesAndOldTLSAreRefused(t *testing.T) {
	now := time.Now()
	for _, tt := range []struct {
		name   string
		config *tls.Config
		text   string
	}{
		{"expired", certified(t, "127.0.0.1", now.Add(-48*time.Hour), now.Add(-24*time.Hour)), "expired"},
		{"not yet valid", certified(t, "127.0.0.1", now.Add(24*time.Hour), now.Add(48*time.Hour)), "not yet valid"},
		{"for another host", certified(t, "192.0.2.1", now.Add(-time.Hour), now.Add(time.Hour)), "192.0.2.1"},
		{"old", old(certified(t, "127.0.0.1", now.Add(-time.Hour), now.Add(time.Hour))), "protocol version"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, roots := secure(t, tt.config)
			c := newClient(t, func(o *Options) { o.RootCAs = roots })
			wantFailure(t, fetchError(t, c, Request{URL: s.URL}), KindTLS, tt.text)
		})
	}
	t.Run("signed by nobody known", func(t *testing.T) {
		s, _ := secure(t, certified(t, "127.0.0.1", now.Add(-time.Hour), now.Add(time.Hour)))
		c := newClient(t, func(o *Options) { o.RootCAs = x509.NewCertPool() })
		wantFailure(t, fetchError(t, c, Request{URL: s.URL}), KindTLS, "unknown authority")
	})
	t.Run("none", func(t *testing.T) {
		s := serve(t, func(http.ResponseWriter, *http.Request) {})
		wantFailure(t, fetchError(t, newClient(t), Request{URL: strings.Replace(s.URL, "http:", "https:", 1)}),
			KindTLS, "TLS")
	})
}

func TestEncryptedServersAreAskedByHTTP2(t *testing.T) {
	now := time.Now()
	var protocol string
	s, roots := secure(t, certified(t, "127.0.0.1", now.Add(-time.Hour), now.Add(time.Hour)))
	s.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		protocol = r.Proto
		io.WriteString(w, sampleFeed)
	})
	c := newClient(t, func(o *Options) { o.RootCAs = roots })
	if r, err := c.Fetch(t.Context(), Request{URL: s.URL}); err != nil || string(r.Body) != sampleFeed ||
		protocol != "HTTP/2.0" {
		t.Errorf("%q by %s, %v", r.Body, protocol, err)
	}
	s.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for i := range 20 {
			w.Header().Set(fmt.Sprint("X-", i), strings.Repeat("x", maxHeader/16))
		}
	})
	// HTTP/2 ends some of such connections before the header is counted.
	if got := fetchError(t, c, Request{URL: s.URL}); got.Kind != KindTooLarge && got.Kind != KindBroken {
		t.Errorf("a large header: %s: %v", got.Kind, got)
	}
}

// certified is a server's configuration with a certificate for one address.
func certified(t *testing.T, address string, from, to time.Time) *tls.Config {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "KMSA"},
		IPAddresses: []net.IP{net.ParseIP(address)},
		NotBefore:   from, NotAfter: to, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
}

func old(c *tls.Config) *tls.Config {
	c.MinVersion, c.MaxVersion = tls.VersionTLS11, tls.VersionTLS11
	return c
}

// secure runs a server with TLS, and returns who vouches for it.
func secure(t *testing.T, config *tls.Config) (*httptest.Server, *x509.CertPool) {
	t.Helper()
	s := httptest.NewUnstartedServer(http.NotFoundHandler())
	s.TLS = config
	s.EnableHTTP2 = true
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	t.Cleanup(s.Close)
	roots := x509.NewCertPool()
	roots.AddCert(s.Certificate())
	return s, roots
}

func TestErrorsAreOneLineWithoutControlCharacters(t *testing.T) {
	e := &Error{Kind: KindBroken, Redirected: "http://kmsa.example/",
		Reason: "a\nb\x1b[31m\u202e" + strings.Repeat("ñ", 400), err: io.EOF}
	got := e.Error()
	if len(got) > maxReason || strings.ContainsAny(got, "\n\x1b\u202e") ||
		!strings.HasPrefix(got, "redirected to http://kmsa.example/: a") || !strings.HasSuffix(got, "ñ…") {
		t.Errorf("%d bytes: %q", len(got), got)
	}
	if !errors.Is(fmt.Errorf("kmsa: %w", e), io.EOF) {
		t.Error("what is behind it is lost")
	}
}
