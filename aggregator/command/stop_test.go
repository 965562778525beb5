package command

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// buffer is a log that can be read while it is written.
type buffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write implements [io.Writer].
func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// stalling serves a document of a hundred items at /rss, each with some sentences, and nothing but
// the beginning of an answer elsewhere, on every loopback address. It counts those that wait there.
func stalling(t *testing.T, rain int) (port string, waiting *atomic.Int64) {
	t.Helper()
	waiting = &atomic.Int64{}
	l, err := net.Listen("tcp", "0.0.0.0:0")
	if err != nil {
		t.Fatal(err)
	}
	items := ""
	for n := range 100 {
		items += fmt.Sprintf("<item><title>Rain number "+
			"%d</title><link>https://ajo.example/rain-number-%d</link><description>%s</description></item>", n, n,
			strings.Repeat("It rained. ", rain))
	}
	s := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/rss" {
			io.WriteString(w, channel+items+channelEnd)
			return
		}
		w.WriteHeader(http.StatusOK)
		w.(http.Flusher).Flush()
		waiting.Add(1)
		defer waiting.Add(-1)
		<-r.Context().Done()
	})}
	go s.Serve(l)
	t.Cleanup(func() { s.Close() })
	_, port, _ = net.SplitHostPort(l.Addr().String())
	return port, waiting
}

// config names a station that answers, and some that do not.
func (d *stalledDesk) config(stalled int) string {
	text := fmt.Sprintf("desk: {title: Test Desk, url: 'http://%s'}\nlisten: %s\npoll: {%s, private_networks: "+
		"true, read_pages: false}\nstations:\n"+
		"  - {id: ajo, name: Radio Ajo, url: 'https://ajo.example', feeds: [{url: 'http://127.0.2.1:%s/rss'}]}\n",
		d.listen, d.listen, d.poll, d.port)
	for n := range stalled {
		text += fmt.Sprintf("  - {id: s%d, name: Radio %d, url: 'https://s%d.example', feeds: [{url: "+
			"'http://127.0.3.%d:%s/stalled'}]}\n", n, n, n, n+1, d.port)
	}
	return text
}

// stalledDesk is a daemon most of whose feeds never answer.
type stalledDesk struct {
	t             *testing.T
	process       *exec.Cmd
	configuration string
	listen, port  string
	waiting       *atomic.Int64 // requests that get no answer
	poll          string
	log           buffer
}

// startStalled starts such a daemon, and waits for its stories.
func startStalled(t *testing.T, stalled int) *stalledDesk {
	t.Helper()
	return startStalledFor(t, stalled, 2000, "every: 1s, timeout: 2s")
}

// startStalledFor does so with items of a number of sentences, and settings of poll.
func startStalledFor(t *testing.T, stalled, rain int, poll string) *stalledDesk {
	t.Helper()
	d := newStalled(t, 0, rain, poll)
	d.start()
	if !eventually(func() bool {
		ids, err := idsServed("http://" + d.listen)
		return err == nil && len(ids) > 0
	}) {
		d.stop()
		t.Fatalf("the daemon serves nothing: %s", d.log.String())
	}
	if stalled > 0 { // from now on: new stories would wait for them
		d.write(d.config(stalled))
		d.process.Process.Signal(syscall.SIGHUP)
		if !eventually(func() bool { return d.waiting.Load() > 0 }) {
			d.stop()
			t.Fatalf("nobody waits for a station: %s", d.log.String())
		}
	}
	return d
}

// newStalled is such a daemon before it is started.
func newStalled(t *testing.T, stalled, rain int, poll string) *stalledDesk {
	t.Helper()
	free, err := freePort()
	if err != nil {
		t.Fatal(err)
	}
	port, waiting := stalling(t, rain)
	d := &stalledDesk{t: t, port: port, waiting: waiting, poll: poll, listen: "127.0.0.1:" + free,
		configuration: filepath.Join(t.TempDir(), "config.yaml")}
	d.write(d.config(stalled))
	d.process = command([]string{"fronteras", "serve", "--config", d.configuration})
	d.process.Stderr = &d.log
	return d
}

// start starts it.
func (d *stalledDesk) start() {
	d.t.Helper()
	if err := d.process.Start(); err != nil {
		d.t.Fatal(err)
	}
}

func (d *stalledDesk) write(configuration string) {
	d.t.Helper()
	if err := os.WriteFile(d.configuration, []byte(configuration), 0o600); err != nil {
		d.t.Fatal(err)
	}
}

// stop tells the daemon to end, and looks whether it does in time.
func (d *stalledDesk) stop() {
	d.t.Helper()
	begun := time.Now()
	d.process.Process.Signal(syscall.SIGTERM)
	late := time.AfterFunc(40*time.Second, func() { d.process.Process.Kill() })
	defer late.Stop()
	if err := d.process.Wait(); err != nil {
		d.t.Errorf("the daemon ended with %v: %s", err, d.log.String())
	}
	if took := time.Since(begun); took > 20*time.Second {
		d.t.Errorf("it took %v to stop", took)
	}
}

// Sixteen feeds stall, and a reader does not read.
func TestStopUnderLoadEndsInTimeAndLeavesASoundStore(t *testing.T) {
	t.Parallel()
	d := startStalled(t, 16)
	reader, err := net.Dial("tcp", d.listen)
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	if err := reader.(*net.TCPConn).SetReadBuffer(1 << 10); err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(reader, "GET /feed.rss HTTP/1.1\r\nHost: %s\r\n\r\n", d.listen)
	if _, err := io.ReadFull(reader, make([]byte, 10)); err != nil {
		t.Fatal(err)
	}
	d.stop()
	if c := soundStore(t, d.configuration, filepath.Join(filepath.Dir(d.configuration),
		"fronteras.db")); c.Stories != 100 {
		t.Errorf("%d stories are left", c.Stories)
	}
}

// Good and bad files alternate; the last good one is in effect at the end.
func TestAStormOfReloadsRefusesNoConnection(t *testing.T) {
	t.Parallel()
	d := startStalled(t, 1)
	stormy, calm := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(calm)
		for {
			select {
			case <-stormy:
				return
			default:
			}
			if ids, err := idsServed("http://" + d.listen); err != nil || len(ids) != 100 {
				t.Errorf("in the storm %d stories are served, %v", len(ids), err)
				return
			}
		}
	}()
	for n := range 30 {
		if n%2 == 0 {
			d.write("stations: [")
		} else {
			d.write(d.config(1 + n%5))
		}
		d.process.Process.Signal(syscall.SIGHUP)
		<-time.After(100 * time.Millisecond)
	}
	// On a slow machine many signals are one: whichever files it saw, these two it is to see.
	d.write("stations: [")
	d.process.Process.Signal(syscall.SIGHUP)
	eventually(func() bool { return strings.Contains(d.log.String(), "reload rejected") })
	d.write(d.config(7))
	d.process.Process.Signal(syscall.SIGHUP)
	want := `msg=reloaded feeds=8`
	eventually(func() bool { return strings.Contains(d.log.String(), want) })
	close(stormy)
	<-calm
	if log := d.log.String(); !strings.Contains(log, want) || !strings.Contains(log, "reload rejected") ||
		strings.Contains(log, "RACE") {
		t.Errorf("the log says %s", log)
	}
	d.stop()
}
