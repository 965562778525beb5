package command

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"
)

// A header that never ends, one that is too long, and a panic cost the daemon nothing, and it
// answers others meanwhile.
func TestThePublicListenerHasBounds(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var log buffer
	ended := make(chan error, 1)
	go func() {
		p := &program{Env: Env{Err: &log, Getenv: os.Getenv}}
		ended <- serveUntilDone(ctx, l, newPublicServer(ctx, newLogger(p.Env, slog.LevelInfo), nil,
			http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/panic" {
					panic("a fault")
				}
				fmt.Fprint(w, "well")
			})))
	}()
	say := func(request string) (net.Conn, *bufio.Reader) {
		c, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		io.WriteString(c, request)
		return c, bufio.NewReader(c)
	}
	begun := time.Now()
	slow, _ := say("GET / HTTP/1.1\r\nHost: desk.example\r\nX-Slow: ")
	_, answered := say("GET / HTTP/1.1\r\nHost: desk.example\r\nX-Long: " + strings.Repeat("a", 64<<10) + "\r\n\r\n")
	if response, err := http.ReadResponse(answered, nil); err != nil ||
		response.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("a long header: %v, %v", response, err)
	}
	say("GET /panic HTTP/1.1\r\nHost: desk.example\r\n\r\n")
	_, answered = say("GET / HTTP/1.1\r\nHost: desk.example\r\nRange: bytes=" + strings.Repeat("0-1,", 1000) +
		"0-1\r\nIf-None-Match: " + strings.Repeat(`"a",`, 1000) + "\"a\"\r\n\r\n")
	if response, err := http.ReadResponse(answered, nil); err != nil || response.StatusCode != http.StatusOK {
		t.Errorf("after a fault: %v, %v", response, err)
	}
	slow.SetReadDeadline(time.Now().Add(2 * headerTimeout))
	if _, err := io.ReadAll(slow); err != nil || time.Since(begun) > 2*headerTimeout {
		t.Errorf("a header that never ended was waited for %v, %v", time.Since(begun), err)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if said := log.String(); !strings.HasPrefix(said, "time=") || strings.Count(said, "\n") != 1 ||
		!strings.Contains(said, "a fault") {
		t.Errorf("the log says %q", said)
	}
}
