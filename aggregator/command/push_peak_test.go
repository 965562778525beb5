//go:build soak && linux

package command

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// trickle is a body that is sent a mebibyte at a time.
type trickle struct {
	left int
	wait time.Duration
}

func (b *trickle) Read(p []byte) (int, error) {
	if b.left == 0 {
		return 0, io.EOF
	}
	time.Sleep(b.wait)
	n := min(len(p), 1<<20, b.left)
	clear(p[:n])
	b.left -= n
	return n, nil
}

// Whatever hubs deliver, with signatures that are false, the daemon stays within its memory, also
// while it reads the largest documents.
//
//	go test -tags soak -run DeliveriesStayWithinMemory -v ./aggregator/command
func TestDeliveriesStayWithinMemory(t *testing.T) {
	const feeds, size = 80, 15 << 20
	for _, trial := range []struct {
		name      string
		callbacks int
		wait      time.Duration // of a slow sender, between two mebibytes
		large     bool          // 16 visits bring a document of 15 MiB each
	}{
		{"to one callback", 1, 0, false}, {"to 80 callbacks", feeds, 0, false},
		{"slowly to 80 callbacks", feeds, 600 * time.Millisecond, false},
		{"beside 16 large visits", feeds, 0, true},
	} {
		t.Run(trial.name, func(t *testing.T) {
			callbacks := make(chan string, 2*feeds)
			var large sync.Map // hosts that have a large document now
			document := zipped(largeDocuments(1)["items of 16 kB"])
			mux := http.NewServeMux()
			port := everyLoopback(t, mux)
			mux.HandleFunc("/rss", func(w http.ResponseWriter, r *http.Request) {
				host, _, _ := net.SplitHostPort(r.Host)
				if _, is := large.Load(host); is {
					w.Header().Set("Content-Encoding", "gzip")
					w.Write(document)
					return
				}
				fmt.Fprintf(w, `<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>Radio</title>`+
					`<atom:link rel="hub" href="http://%[1]s/hub"/><atom:link rel="self" href="http://%[1]s/rss"/>`+
					`</channel></rss>`, r.Host)
			})
			mux.HandleFunc("/hub", func(w http.ResponseWriter, r *http.Request) {
				r.ParseForm()
				form := r.PostForm
				w.WriteHeader(http.StatusAccepted)
				go func() {
					answer, err := http.Get(form.Get("hub.callback") + "?" + url.Values{"hub.mode": form["hub.mode"],
						"hub.topic": form["hub.topic"], "hub.challenge": {"x"}}.Encode())
					if err == nil {
						answer.Body.Close()
						callbacks <- form.Get("hub.callback")
					}
				}()
			})
			public, err := freePort()
			if err != nil {
				t.Fatal(err)
			}
			text := fmt.Sprintf("desk: {title: Test Desk, url: 'http://127.0.0.1:%[1]s'}\nlisten: 127.0.0.1:%[1]s\n"+
				"poll: {every: 5s, private_networks: true, read_pages: false}\nstations:\n", public)
			for n := range feeds {
				text += fmt.Sprintf("  - {id: s%d, name: Radio %d, url: 'https://s%d.example', feeds: [{url: "+
					"'http://127.0.3.%d:%s/rss'}]}\n", n, n, n, n, port)
			}
			configuration := filepath.Join(t.TempDir(), "config.yaml")
			if err := os.WriteFile(configuration, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			var log bytes.Buffer
			c := command([]string{"fronteras", "serve", "--config", configuration})
			c.Env, c.Stderr = append(os.Environ(), "GOMEMLIMIT=600MiB"), &log
			if err := c.Start(); err != nil {
				t.Fatal(err)
			}
			var all []string
			for range feeds {
				all = append(all, <-callbacks)
			}
			before := peakMemory(t, c.Process.Pid)
			if trial.large {
				for n := range 16 {
					large.Store(fmt.Sprintf("127.0.3.%d", n), true)
				}
				time.Sleep(5 * time.Second) // they are visited
			}
			begun := time.Now()
			var mu sync.Mutex
			answers := map[int]int{}
			var posts sync.WaitGroup
			for n := range 80 {
				posts.Go(func() {
					r, err := http.NewRequest(http.MethodPost, all[n%trial.callbacks], &trickle{size, trial.wait})
					if err != nil {
						t.Error(err)
						return
					}
					r.ContentLength = size
					r.Header.Set("X-Hub-Signature", "sha256="+strings.Repeat("00", 32))
					status := 0
					if answer, err := http.DefaultClient.Do(r); err == nil {
						answer.Body.Close()
						status = answer.StatusCode
					}
					mu.Lock()
					defer mu.Unlock()
					answers[status]++
				})
			}
			posts.Wait()
			took := time.Since(begun)
			if trial.large {
				time.Sleep(20 * time.Second)
			}
			after := peakMemory(t, c.Process.Pid)
			c.Process.Signal(syscall.SIGTERM)
			if err := c.Wait(); err != nil {
				t.Errorf("the daemon ended with %v: %s", err, log.String())
			}
			fmt.Printf("| %s | %d MB | %d MB | %.1f s | %v |\n", trial.name, before, after, took.Seconds(), answers)
			if after > 300 {
				t.Errorf("peak memory was %d MB", after)
			}
		})
	}
}
