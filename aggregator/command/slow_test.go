package command

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"fronteras/aggregator/publish"
	"fronteras/aggregator/web"
)

// What others do does not decide how the daemon ends: visitors who do not read, who are idle or
// have sent half a request, commands that wait for a station or never come to their point, and
// stations that never answer.
func TestSlowClientsAndStationsDoNotFailAStop(t *testing.T) {
	t.Parallel()
	d := startStalledFor(t, 4, 8000, "every: 1s, timeout: 10m")
	visit := func(request string) net.Conn {
		t.Helper()
		c, err := net.Dial("tcp", d.listen)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		if err := c.(*net.TCPConn).SetReadBuffer(4 << 10); err != nil {
			t.Fatal(err)
		}
		fmt.Fprint(c, request)
		return c
	}
	reader := visit("GET /feed.rss HTTP/1.1\r\nHost: desk.example\r\n\r\n")
	if _, err := io.ReadFull(reader, make([]byte, 10)); err != nil { // and no more
		t.Fatal(err)
	}
	visit("")
	visit("GET /feed.rss HTTP/1.1\r\nHost: desk")
	visit("POST /websub/ HTTP/1.1\r\nHost: desk.example\r\nContent-Type: " +
		"application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\nhub.mode=")
	call := func(request string) (net.Conn, *bufio.Reader) {
		t.Helper()
		c, err := net.Dial("unix", filepath.Join(filepath.Dir(d.configuration), "control.sock"))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		fmt.Fprint(c, request)
		return c, bufio.NewReader(c)
	}
	call("POST /stories HTTP/1.1\r\nHost: control\r\nContent-Length: 100\r\n\r\n{")
	poll, answer := call("POST /poll HTTP/1.1\r\nHost: control\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
	// it has reached the daemon
	if line, err := answer.ReadString('\n'); err != nil || line != "HTTP/1.1 100 Continue\r\n" {
		t.Fatalf("%q, %v", line, err)
	}
	fmt.Fprint(poll, "{}")
	d.stop()
	if _, err := answer.ReadString('\n'); err != nil { // an empty line ends the first answer
		t.Fatal(err)
	}
	response, err := http.ReadResponse(answer, nil)
	if err != nil {
		t.Fatal(err)
	}
	why, err := io.ReadAll(response.Body)
	if want := "the daemon is stopping: the command was not finished\n"; err != nil ||
		response.StatusCode != http.StatusServiceUnavailable || string(why) != want {
		t.Errorf("the command that waits gets %s: %q, %v", response.Status, why, err)
	}
}

// While a station hangs, a reload has the others visited: those that were configured and those that
// are new. The visit that hangs ends as it began.
func TestAReloadStopsNoVisits(t *testing.T) {
	t.Parallel()
	d := startStalledFor(t, 1, 1, "every: 1s, timeout: 10m")
	d.write(d.config(1) + fmt.Sprintf("  - {id: new, name: Radio New, url: 'https://new.example', feeds: [{url: "+
		"'http://127.0.4.1:%s/rss'}]}\n", d.port))
	d.process.Process.Signal(syscall.SIGHUP)
	if !eventually(func() bool { return strings.Contains(d.log.String(), "msg=reloaded feeds=3") }) {
		t.Errorf("the reload waits for the station that hangs: %s", d.log.String())
	}
	visited := func(station string) bool {
		health := served("http://" + d.listen + "/status.json")
		var h publish.Health
		if json.Unmarshal([]byte(health), &h) != nil {
			return false
		}
		for _, s := range h.Stations {
			if s.ID == station {
				return s.Feeds[0].LastSuccess != nil
			}
		}
		return false
	}
	if !eventually(func() bool { return visited("new") }) {
		t.Errorf("the new station is not visited: %s", d.log.String())
	}
	// The station that was there continues to be visited.
	before := served("http://" + d.listen + "/status.json")
	if !eventually(func() bool { return served("http://"+d.listen+"/status.json") != before }) {
		t.Errorf("nobody is visited any more: %s", before)
	}
	if visited("s0") || strings.Contains(d.log.String(), `msg="visit failed" station=s0`) {
		t.Errorf("the visit that hangs did not go on: %s", d.log.String())
	}
	d.stop()
}

// Connections that never come to their point keep no command out.
func TestUnfinishedCallsKeepNoCommandOut(t *testing.T) {
	t.Parallel()
	socket := filepath.Join(t.TempDir(), "control.sock")
	l, err := web.ListenControl(t.Context(), socket, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		calls := map[string]web.Call{"who": func(ctx context.Context, _ json.RawMessage) (any, error) {
			uid, known := web.PeerUID(ctx)
			return map[string]any{"uid": uid, "known": known}, nil
		}}
		ended <- serveUntilDone(ctx, l, newControlServer(ctx, slog.New(slog.DiscardHandler),
			web.ControlHandler(maxCommands, calls)))
	}()
	for range 10 * maxCommands {
		c, err := net.Dial("unix", socket)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		fmt.Fprint(c, "POST /who HTTP/1.1\r\nHost: control\r\nContent-Length: 10\r\n\r\n{")
	}
	var who struct {
		UID   int
		Known bool
	}
	if err := web.CallDaemon(t.Context(), socket, "who", struct{}{}, &who); err != nil || !who.Known ||
		who.UID != os.Getuid() {
		t.Errorf("%+v, %v", who, err)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// A handler that does not end although its reader has gone is not a failure either.
func TestAnAnswerThatDoesNotEndIsCutOff(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	asked := make(chan struct{})
	ended := make(chan error, 1)
	go func() {
		ended <- serveUntilDone(ctx, l, newPublicServer(ctx, slog.New(slog.DiscardHandler), nil,
			http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
				close(asked)
				<-t.Context().Done()
			})))
	}()
	c, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	fmt.Fprint(c, "GET / HTTP/1.1\r\nHost: desk.example\r\n\r\n")
	<-asked
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
