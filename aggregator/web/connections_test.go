package web

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// serveWithin serves a handler behind limits. At /wait it answers when the connection ends.
func serveWithin(t *testing.T, l *Connections) *httptest.Server {
	t.Helper()
	s := httptest.NewUnstartedServer(l.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/wait" {
			w.WriteHeader(http.StatusOK)
			_ = http.NewResponseController(w).Flush()
			<-r.Context().Done()
			return
		}
		answerOK(w, nil)
	})))
	s.Config.ConnState, s.Config.ConnContext = l.ConnState, l.ConnContext
	s.Start()
	t.Cleanup(s.Close)
	return s
}

// visitor is a connection to a server.
type visitor struct {
	net.Conn
	in *bufio.Reader
}

// connect connects to a server from a loopback address.
func connect(t *testing.T, s *httptest.Server, from string) visitor {
	t.Helper()
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}}
	c, err := d.Dial("tcp", s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return visitor{c, bufio.NewReader(c)}
}

// ask makes a request and reads the answer's header.
func (v visitor) ask(path string, headers ...string) (*http.Response, error) {
	request := "GET " + path + " HTTP/1.1\r\nHost: desk.example\r\n" + strings.Join(headers, "\r\n")
	if len(headers) > 0 {
		request += "\r\n"
	}
	if _, err := io.WriteString(v, request+"\r\n"); err != nil {
		return nil, err
	}
	return http.ReadResponse(v.in, nil)
}

// count is how many connections are open, and how many a client has.
func (l *Connections) count(client string) (all, ofClient int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.open), len(l.ofClient[netip.MustParsePrefix(client)])
}

// isEnded reports whether the server has closed a connection.
func (v visitor) isEnded() bool {
	_, err := io.Copy(io.Discard, v.in)
	return err == nil || !strings.Contains(err.Error(), "timeout")
}

// Connections that ask for nothing keep nobody out, and neither do those that are all at work.
func TestWhoeverComesIsAnswered(t *testing.T) {
	for _, path := range []string{"", "/wait"} {
		t.Run("others at "+path, func(t *testing.T) {
			const most, others = 20, 60
			l := &Connections{Max: most}
			s := serveWithin(t, l)
			for range others {
				v := connect(t, s, "127.0.0.1")
				if path == "" {
					continue
				}
				if _, err := v.ask(path); err != nil {
					t.Fatal(err)
				}
			}
			answer, err := connect(t, s, "127.0.0.1").ask("/livez")
			if err != nil || answer.StatusCode != http.StatusOK {
				t.Fatalf("%v, %v", answer, err)
			}
			if n, _ := l.count("127.0.0.1/32"); n > most {
				t.Errorf("%d connections are open, want at most %d", n, most)
			}
		})
	}
}

func TestAClientWithTooManyConnectionsLosesItsOwn(t *testing.T) {
	l := &Connections{Max: 100, PerClient: 5, Clients: func() Clients { return Clients{} }}
	s := serveWithin(t, l)
	other := connect(t, s, "127.0.0.2")
	if _, err := other.ask("/wait"); err != nil {
		t.Fatal(err)
	}
	var own []visitor
	for range 8 {
		v := connect(t, s, "127.0.0.1")
		if _, err := v.ask("/wait"); err != nil {
			t.Fatal(err)
		}
		own = append(own, v)
	}
	for n := range 3 { // the first ones; closing them ends their answers
		if !own[n].isEnded() {
			t.Errorf("connection %d is open", n)
		}
	}
	all, ofClient := l.count("127.0.0.1/32")
	if _, ofOther := l.count("127.0.0.2/32"); all != 6 || ofClient != 5 || ofOther != 1 {
		t.Errorf("%d connections, %d of the one and %d of the other client", all, ofClient, ofOther)
	}
}

// A proxy has as many connections as it likes; each counts for the client whose request it carries.
func TestAProxysConnectionsCountForItsClients(t *testing.T) {
	l := &Connections{Max: 100, PerClient: 5, Clients: func() Clients {
		return Clients{Proxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}}
	}}
	s := serveWithin(t, l)
	for n := range 20 {
		if _, err := connect(t, s, "127.0.0.1").ask("/wait", fmt.Sprintf("X-Forwarded-For: 192.0.2.%d", n)); err != nil {
			t.Fatal(err)
		}
	}
	for range 8 {
		if _, err := connect(t, s, "127.0.0.1").ask("/wait", "X-Forwarded-For: 198.51.100.7"); err != nil {
			t.Fatal(err)
		}
	}
	reused := connect(t, s, "127.0.0.1")
	for _, client := range []string{"198.51.100.8", "198.51.100.9"} {
		if _, err := reused.ask("/livez", "X-Forwarded-For: "+client); err != nil {
			t.Fatal(err)
		}
		reused.in.Reset(reused.Conn) // the body is of no interest
	}
	all, ofGreedy := l.count("198.51.100.7/32")
	_, ofOne := l.count("192.0.2.7/32")
	_, before := l.count("198.51.100.8/32")
	if all != 26 || ofGreedy != 5 || ofOne != 1 || before != 0 {
		t.Errorf("%d connections: 5 wanted of the greedy client, %d found; %d of another, %d of one that has its answer",
			all, ofGreedy, ofOne, before)
	}
}

func TestTheConnectionThatIsNeededLeastIsClosed(t *testing.T) {
	at := func(second int64, atWork bool) *connection {
		c := &connection{atWork: atWork}
		c.since.Store(second)
		return c
	}
	for _, c := range []struct {
		name string
		list []*connection
		want int
	}{
		{"of waiting ones the first", []*connection{at(3, false), at(1, false), at(2, false)}, 1},
		{"a waiting one before any at work", []*connection{at(1, true), at(9, false)}, 1},
		{"of those at work the one that took nothing the longest", []*connection{at(5, true), at(4, true)}, 1},
	} {
		list := map[net.Conn]*connection{}
		for n := range c.list {
			one, _ := net.Pipe()
			list[one] = c.list[n]
		}
		if leastNeeded(list) != c.list[c.want] {
			t.Error(c.name)
		}
	}
}

// A reader may be slow, and have its document after ten minutes, but must read.
func TestASlowReaderFinishesAndOneThatDoesNotReadIsEnded(t *testing.T) {
	document := strings.Repeat("rain ", 200_000)
	for _, c := range []struct {
		name  string
		rate  int // bytes a second
		whole bool
	}{
		{"two kilobytes a second", 2 << 10, true},
		{"one kilobyte a second", 1 << 10, false},
		{"nothing", 0, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var ended time.Duration
				here, there := net.Pipe()
				l := &Connections{Max: 10}
				begun := time.Now()
				s := &http.Server{
					WriteTimeout: time.Minute, ConnState: l.ConnState, ConnContext: l.ConnContext,
					Handler: l.Handler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
						_, _ = io.WriteString(w, document)
						ended = time.Since(begun)
					})),
				}
				pipe := onePipe{make(chan net.Conn, 1), make(chan struct{})}
				pipe.conns <- there
				go s.Serve(pipe)
				defer s.Close()
				defer here.Close()
				if _, err := io.WriteString(here, "GET / HTTP/1.0\r\n\r\n"); err != nil {
					t.Fatal(err)
				}
				read, buffer := 0, make([]byte, max(c.rate, 1))
				for c.rate > 0 {
					n, err := io.ReadFull(here, buffer)
					if read += n; err != nil {
						break
					}
					time.Sleep(time.Second)
				}
				time.Sleep(time.Minute)
				synctest.Wait()
				if ended == 0 || (read > len(document)) != c.whole {
					t.Errorf("%d bytes of %d were read, and the handler ended after %v", read, len(document), ended)
				}
			})
		})
	}
}

// onePipe is a listener with one connection.
type onePipe struct {
	conns chan net.Conn
	done  chan struct{}
}

// Accept implements [net.Listener].
func (p onePipe) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

// Close implements [net.Listener].
func (p onePipe) Close() error { close(p.done); return nil }

// Addr implements [net.Listener].
func (p onePipe) Addr() net.Addr { return &net.TCPAddr{} }
