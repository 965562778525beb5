package web

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
)

// Two thousand connections that ask for nothing keep nobody out.
func TestIdleConnectionsKeepNobodyOut(t *testing.T) {
	const most, idlers = 20, 60
	bound := &ConnectionLimit{Max: most}
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter,
		_ *http.Request) {
		answerOK(w, nil)
	}))
	s.Config.ConnState = bound.ConnState
	s.Start()
	defer s.Close()
	for range idlers {
		c, err := net.Dial("tcp", s.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
	}
	c, err := net.Dial("tcp", s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := io.WriteString(c, "GET /livez HTTP/1.1\r\nHost: desk.example\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	response, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%v, %v", response, err)
	}
	bound.mu.Lock()
	defer bound.mu.Unlock()
	if len(bound.open) > most {
		t.Errorf("%d connections are open, want at most %d", len(bound.open), most)
	}
}
