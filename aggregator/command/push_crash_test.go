package command

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
)

// pushingStation is a station with a hub of its own: it calls its feed fresh for an hour. At the same
// port of other addresses are stations whose hubs never answer.
type pushingStation struct {
	address    string
	port       string
	visits     atomic.Int32
	hanging    atomic.Int32    // requests that such hubs have been sent
	subscribed chan url.Values // forms that were verified
}

// named is a document of the station's that names its hub.
func (s *pushingStation) named(items string) string {
	return `<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>Radio Ajo</title>` +
		`<link>https://ajo.example/</link><atom:link rel="hub" href="` + s.address + `/hub"/>` +
		`<atom:link rel="self" href="` + s.address + `/rss"/>` + items + `</channel></rss>`
}

func newPushingStation(t *testing.T) *pushingStation {
	t.Helper()
	s := &pushingStation{subscribed: make(chan url.Values, 8)}
	mux := http.NewServeMux()
	s.port = everyLoopback(t, mux)
	s.address = "http://127.0.0.1:" + s.port
	mux.HandleFunc("/silent", func(w http.ResponseWriter, r *http.Request) {
		s.hanging.Add(1)
		<-r.Context().Done()
	})
	mux.HandleFunc("/other", func(w http.ResponseWriter, r *http.Request) {
		own := "http://" + r.Host
		io.WriteString(w, strings.NewReplacer(s.address+"/hub", own+"/silent", s.address, own).Replace(s.named("")))
	})
	mux.HandleFunc("/rss", func(w http.ResponseWriter, _ *http.Request) {
		s.visits.Add(1)
		w.Header().Set("Cache-Control", "max-age=3600")
		io.WriteString(w, s.named(item("Rain at last", 1)))
	})
	mux.HandleFunc("/hub", func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil {
			return
		}
		form := r.PostForm
		w.WriteHeader(http.StatusAccepted)
		go func() {
			answer, err := http.Get(form.Get("hub.callback") + "?" + url.Values{"hub.mode": form["hub.mode"],
				"hub.topic": form["hub.topic"], "hub.challenge": {"x"}, "hub.lease_seconds": {"86400"}}.Encode())
			if err == nil {
				answer.Body.Close()
				s.subscribed <- form
			}
		}()
	})
	return s
}

// startServe starts a daemon.
func startServe(t *testing.T, configuration string) *exec.Cmd {
	t.Helper()
	c := command([]string{"fronteras", "serve", "--config", configuration})
	c.Stderr = os.Stderr
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	return c
}

// What a hub was told has been taken is published, whatever becomes of the daemon after that, while
// other hubs hang, and without the feed being asked.
func TestADeliveryThatWasAnsweredIsPublishedWhateverHappensThen(t *testing.T) {
	t.Parallel()
	for name, signal := range map[string]syscall.Signal{
		"kill -9": syscall.SIGKILL, "SIGTERM": syscall.SIGTERM, "SIGHUP": syscall.SIGHUP,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			station := newPushingStation(t)
			port, err := freePort()
			if err != nil {
				t.Fatal(err)
			}
			desk, configuration := "http://127.0.0.1:"+port, filepath.Join(t.TempDir(), "config.yaml")
			text := fmt.Sprintf("desk: {title: Test Desk, url: '%s'}\n"+
				"listen: 127.0.0.1:%s\npoll: {every: 1s, private_networks: true, read_pages: false}\nstations:\n  - {id: "+
				"ajo, name: Radio Ajo, url: 'https://ajo.example', feeds: [{url: '%s/rss'}]}\n",
				desk, port, station.address)
			const silent = 3
			for n := range silent {
				text += fmt.Sprintf("  - {id: s%[1]d, name: Radio %[1]d, url: 'https://s%[1]d.example', feeds: "+
					"[{url: 'http://127.0.4.%[1]d:%[2]s/other', every: 1h}]}\n", n+1, station.port)
			}
			if err := os.WriteFile(configuration, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			daemon := startServe(t, configuration)
			stop := func(by syscall.Signal) {
				daemon.Process.Signal(by)
				if err := daemon.Wait(); err != nil && by != syscall.SIGKILL {
					t.Errorf("the daemon ended with %v", err)
				}
			}
			defer func() { stop(syscall.SIGTERM) }()
			s := <-station.subscribed                                               // the first visit is made within a second
			command([]string{"fronteras", "poll", "--config", configuration}).Run() // the others' too
			if !eventually(func() bool { return station.hanging.Load() == silent }) {
				t.Fatalf("%d silent hubs were asked", station.hanging.Load())
			}
			const stories = 3
			visits := station.visits.Load()
			for n := range stories {
				if signal == syscall.SIGHUP { // deliveries come in the middle of reloads
					daemon.Process.Signal(signal)
				}
				body := station.named(item(fmt.Sprintf("Wells run dry %d", n), 2+n))
				if err := deliverSigned(s.Get("hub.callback"), s.Get("hub.secret"), body); err != nil {
					t.Fatal(err)
				}
			}
			if signal != syscall.SIGHUP {
				stop(signal)
				daemon = startServe(t, configuration)
			}
			if !eventually(func() bool { return strings.Count(served(desk+"/feed.json"), `"title": "Wells run dry`) == stories }) {
				t.Errorf("not all stories are published: %s", served(desk+"/feed.json"))
			}
			if n := station.visits.Load() - visits; n != 0 {
				t.Errorf("the feed was asked %d times after that", n)
			}
		})
	}
}
