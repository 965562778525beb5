package command

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// poisoned holds two stations: the document of one ends any process that reads it.
type poisoned struct {
	mu      sync.Mutex
	daemon  *exec.Cmd
	deaths  []time.Time
	healthy []time.Time // visits of the other
}

func (p *poisoned) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !strings.HasPrefix(r.Host, "127.0.2.66:") {
		p.healthy = append(p.healthy, time.Now())
		fmt.Fprintf(w, `%s<item><title>Wells run dry, part %d</title>`+
			`<link>https://kmsa.example/wells-run-dry-%d</link>`+
			`</item>%s`, channel, len(p.healthy), len(p.healthy), channelEnd)
		return
	}
	io.WriteString(w, channel)
	w.(http.Flusher).Flush()
	p.deaths = append(p.deaths, time.Now())
	p.daemon.Process.Kill()
}

// between counts the healthy one's visits between the last two deaths.
func (p *poisoned) between() (n int) {
	for _, at := range p.healthy {
		if last := len(p.deaths) - 1; at.After(p.deaths[last-1]) && at.Before(p.deaths[last]) {
			n++
		}
	}
	return n
}

// enough reports whether the daemon has died often enough: four times, and more often where it
// takes so long to start that it makes no other visits before.
func (p *poisoned) enough() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.deaths) >= 4 && p.between() >= 3 || len(p.deaths) == 6
}

// The other feed is visited all along, and its stories are published.
func TestADocumentThatKillsTheProcessIsVisitedLessAndLess(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "0.0.0.0:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &poisoned{}
	server := &http.Server{Handler: p}
	go server.Serve(l)
	defer server.Close()
	_, station, _ := net.SplitHostPort(l.Addr().String())
	port, err := freePort()
	if err != nil {
		t.Fatal(err)
	}
	desk, configuration := "http://127.0.0.1:"+port, filepath.Join(t.TempDir(), "config.yaml")
	text := fmt.Sprintf("desk: {title: Test Desk, url: '%s'}\nlisten: 127.0.0.1:%s\npoll: {every: 1s, "+
		"private_networks: true, read_pages: false}\nstations:\n"+
		"  - {id: ajo, name: Radio Ajo, url: 'https://ajo.example', feeds: [{url: 'http://127.0.2.66:%s/rss'}]}\n"+
		"  - {id: kmsa, name: KMSA, url: 'https://kmsa.example', feeds: [{url: 'http://127.0.2.1:%s/rss'}]}\n", desk,
		port, station, station)
	if err := os.WriteFile(configuration, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	out := false
	lives := 0
	for ; !(out && p.enough()) && lives < 6; lives++ { // as the service manager does
		c := command([]string{"fronteras", "serve", "--config", configuration})
		p.mu.Lock() // until it has started: it may ask for the document at once
		p.daemon = c
		err := c.Start()
		p.mu.Unlock()
		if err != nil {
			t.Fatal(err)
		}
		late := time.AfterFunc(patience, func() { c.Process.Kill() })
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			_ = c.Wait() // it is killed
		}()
		for alive := true; alive; {
			select {
			case <-ended:
				alive = false
			case <-time.After(100 * time.Millisecond):
				ids, err := idsServed(desk)
				out = out || err == nil && len(ids) > 0
			}
		}
		late.Stop()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.deaths) != lives {
		t.Fatalf("%d deaths in %d lives", len(p.deaths), lives)
	}
	if wait := p.deaths[3].Sub(p.deaths[2]); wait < 7*time.Second {
		t.Errorf("after three deaths it was visited again after %v", wait)
	}
	if n := p.between(); n < 3 {
		t.Errorf("the healthy feed was visited %d times before the last of %d deaths", n, lives)
	}
	if !out {
		t.Error("the healthy feed's stories are not out")
	}
	c := command([]string{"fronteras", "stations", "--config", configuration})
	said, err := c.CombinedOutput()
	if err != nil || !strings.Contains(string(said),
		fmt.Sprintf("the process died in its last visit, %d in a row", lives-1)) {
		t.Errorf("stations says %s, %v", said, err)
	}
}
