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

// poisoned are two stations: the document of one ends the process that reads it,
// whoever that is.
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
		fmt.Fprintf(w, `%s<item><title>Wells run dry, part %d</title><link>https://kmsa.example/wells-run-dry-%d</link></item>%s`, channel, len(p.healthy), len(p.healthy), channelEnd)
		return
	}
	io.WriteString(w, channel)
	w.(http.Flusher).Flush()
	p.deaths = append(p.deaths, time.Now())
	p.daemon.Process.Kill()
}

// between counts the healthy one's visits between two times.
func (p *poisoned) between(from, to time.Time) (n int) {
	for _, at := range p.healthy {
		if at.After(from) && at.Before(to) {
			n++
		}
	}
	return n
}

// T9: a document in whose visit the process dies, again and again, is visited more
// and more rarely; the others are visited all along, and their stories come out.
func TestT9APoisonousDocument(t *testing.T) {
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
	text := fmt.Sprintf("desk: {title: Test Desk, url: '%s'}\nlisten: 127.0.0.1:%s\npoll: {every: 1s, private_networks: true, read_pages: false}\nstations:\n"+
		"  - {id: ajo, name: Radio Ajo, url: 'https://ajo.example', feeds: [{url: 'http://127.0.2.66:%s/rss'}]}\n"+
		"  - {id: kmsa, name: KMSA, url: 'https://kmsa.example', feeds: [{url: 'http://127.0.2.1:%s/rss'}]}\n", desk, port, station, station)
	if err := os.WriteFile(configuration, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	out := false
	const deaths = 4
	for range deaths { // as the service manager does
		c := command([]string{"fronteras", "serve", "--config", configuration})
		p.mu.Lock()
		p.daemon = c
		p.mu.Unlock()
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		late := time.AfterFunc(time.Minute, func() { c.Process.Kill() })
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
	if len(p.deaths) != deaths {
		t.Fatalf("%d deaths", len(p.deaths))
	}
	if wait := p.deaths[3].Sub(p.deaths[2]); wait < 7*time.Second {
		t.Errorf("after three deaths it was visited again after %v", wait)
	}
	if n := p.between(p.deaths[2], p.deaths[3]); n < 3 {
		t.Errorf("the healthy feed was visited %d times meanwhile", n)
	}
	if !out {
		t.Error("the healthy feed's stories are not out")
	}
	c := command([]string{"fronteras", "stations", "--config", configuration})
	said, err := c.CombinedOutput()
	if err != nil || !strings.Contains(string(said), "the process died in its last visit, 3 in a row") {
		t.Errorf("stations says %s, %v", said, err)
	}
}
