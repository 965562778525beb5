package command

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// A partner that subscribes to the desk's feed is sent a story soon after its station has published
// it, signed with the partner's secret.
func TestAStoryIsPushedToASubscriber(t *testing.T) {
	t.Parallel()
	var published atomic.Bool
	station := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		items := item("Rain at last", 1)
		switch {
		case r.URL.Path == "/none":
			items = ""
		case published.Load():
			items = item("Wells run dry", 2) + items
		}
		fmt.Fprint(w, `<rss version="2.0"><channel><title>Radio Ajo</title>`+
			`<link>https://ajo.example/</link>`+items+`</channel></rss>`)
	}))
	defer station.Close()
	pushed := make(chan string, 10)
	partner := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			io.WriteString(w, r.URL.Query().Get("hub.challenge"))
			return
		}
		body, _ := io.ReadAll(r.Body)
		mac := hmac.New(sha256.New, []byte("geheim"))
		mac.Write(body)
		if r.Header.Get("X-Hub-Signature") == "sha256="+hex.EncodeToString(mac.Sum(nil)) {
			pushed <- string(body)
		}
	}))
	defer partner.Close()
	desk := startDesk(t, station.URL, "1s")
	hubs := linkTo(t, desk+"/feed.json?for=kmsa", "hub")
	topic := linkTo(t, desk+"/feed.json?for=kmsa", "self")
	answer, err := http.PostForm(hubs, url.Values{
		"hub.mode": {"subscribe"}, "hub.topic": {topic}, "hub.callback": {partner.URL + "/in"},
		"hub.secret": {"geheim"},
	})
	if err != nil || answer.StatusCode != http.StatusAccepted {
		t.Fatalf("the hub answered %v, %v", answer, err)
	}
	answer.Body.Close()
	awaitSubscriber(t, desk)
	published.Store(true)
	awaitPush(t, pushed, "Wells run dry")
}

// awaitSubscriber waits until a desk's hub has a subscriber: it verifies who asks after it has
// answered, and owes nothing of what came before.
func awaitSubscriber(t *testing.T, desk string) {
	t.Helper()
	if !eventually(func() bool {
		return strings.Contains(served(desk+"/metrics"), `fronteras_websub_subscriptions{role="hub",state="active"} 1`)
	}) {
		t.Fatal("the hub has no subscriber")
	}
}

// awaitPush waits until a document with a text is pushed.
func awaitPush(t *testing.T, pushed <-chan string, text string) {
	t.Helper()
	late := time.NewTimer(patience)
	defer late.Stop()
	for {
		select {
		case body := <-pushed:
			if strings.Contains(body, text) {
				return
			}
		case <-late.C:
			t.Fatal("nothing was pushed")
		}
	}
}

func item(title string, n int) string {
	return fmt.Sprintf(`<item><title>%s</title><link>https://ajo.example/%d</link>`+
		`<guid isPermaLink="false">ajo-%d</guid><pubDate>%s</pubDate><description>In short.</description></item>`,
		title, n, n, time.Date(2025, 10, n, 12, 0, 0, 0, time.UTC).Format(time.RFC1123Z))
}

// A station's hub pushes a story to the desk, and the desk's to a partner: what polling would have
// found within the hour is there after the desk has settled.
func TestAStoryPassesFromHubToHub(t *testing.T) {
	t.Parallel()
	document := func(items string) string {
		return `<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>Radio Ajo</title>` +
			`<link>https://ajo.example/</link>HERE` + items + `</channel></rss>`
	}
	type subscription struct{ callback, secret string }
	subscribed, pushed := make(chan subscription, 4), make(chan string, 10)
	verify := func(callback, topic string) {
		answer, err := http.Get(callback + "?" + url.Values{"hub.mode": {"subscribe"}, "hub.topic": {topic},
			"hub.challenge": {"x"}, "hub.lease_seconds": {"86400"}}.Encode())
		if err != nil {
			return
		}
		answer.Body.Close()
	}
	mux := http.NewServeMux()
	station := httptest.NewServer(mux)
	defer station.Close()
	named := func(items string) string {
		return strings.Replace(document(items), "HERE",
			`<atom:link rel="hub" href="`+station.URL+`/hub"/><atom:link rel="self" href="`+station.URL+`/rss"/>`, 1)
	}
	mux.HandleFunc("/rss", func(w http.ResponseWriter,
		_ *http.Request) {
		io.WriteString(w, named(item("Rain at last", 1)))
	})
	mux.HandleFunc("/none", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, document("")) })
	mux.HandleFunc("/hub", func(w http.ResponseWriter, r *http.Request) {
		callback, topic, secret := r.FormValue("hub.callback"), r.FormValue("hub.topic"), r.FormValue("hub.secret")
		w.WriteHeader(http.StatusAccepted)
		go func() {
			verify(callback, topic)
			subscribed <- subscription{callback, secret}
		}()
	})
	mux.HandleFunc("/partner", func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			io.WriteString(w, r.URL.Query().Get("hub.challenge"))
			return
		}
		body, _ := io.ReadAll(r.Body)
		pushed <- string(body)
	})
	desk := startDesk(t, station.URL, "1h")
	s := <-subscribed
	answer, err := http.PostForm(linkTo(t, desk+"/feed.json", "hub"),
		url.Values{"hub.mode": {"subscribe"}, "hub.topic": {desk + "/feed.json"},
			"hub.callback": {station.URL + "/partner"}})
	if err != nil || answer.StatusCode != http.StatusAccepted {
		t.Fatalf("the hub answered %v, %v", answer, err)
	}
	answer.Body.Close()
	awaitSubscriber(t, desk)
	body := named(item("Wells run dry", 2) + item("Rain at last", 1))
	begun := time.Now()
	if err := deliverSigned(s.callback, s.secret, body); err != nil {
		t.Fatal(err)
	}
	awaitPush(t, pushed, "Wells run dry")
	t.Logf("received %s after it was pushed", time.Since(begun).Round(time.Millisecond))
}

// deliverSigned pushes a document as a hub does.
func deliverSigned(callback, secret, body string) error {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(body))
	r, err := http.NewRequest(http.MethodPost, callback, strings.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/rss+xml")
	r.Header.Set("X-Hub-Signature", "sha256="+hex.EncodeToString(mac.Sum(nil)))
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusAccepted {
		return fmt.Errorf("the delivery was answered %s", answer.Status)
	}
	return nil
}

// startDesk runs a daemon with one station's feed, visited so often, until the test ends, and gives
// its address once it serves stories.
func startDesk(t testing.TB, station, every string) string {
	t.Helper()
	return serveDesk(t, func(desk string) string {
		return fmt.Sprintf("desk: {title: Test Desk, url: '%s'}\npoll: {every: %s, private_networks: true, "+
			"read_pages: false}\nstations:\n"+
			"  - {id: ajo, name: Radio Ajo, url: 'https://ajo.example', feeds: [{url: '%s/rss'}]}\n  - {id: kmsa, "+
			"name: KMSA, url: 'https://kmsa.example', feeds: [{url: '%s/none'}]}\n", desk, every, station, station)
	})
}

// serveDesk runs a daemon until the test ends, with a configuration made for its address, which it
// gives once it serves stories.
func serveDesk(t testing.TB, configured func(desk string) string) string {
	t.Helper()
	port, err := freePort()
	if err != nil {
		t.Fatal(err)
	}
	desk, config := "http://127.0.0.1:"+port, filepath.Join(t.TempDir(), "config.yaml")
	text := "listen: 127.0.0.1:" + port + "\n" + configured(desk)
	if err := os.WriteFile(config, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	runDaemon(t, desk, config)
	return desk
}

// runDaemon runs a daemon until the test ends, and returns once it serves stories at its address.
func runDaemon(t testing.TB, desk, config string) {
	t.Helper()
	c := command([]string{"fronteras", "serve", "--config", config})
	c.Stderr = os.Stderr
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		c.Process.Signal(syscall.SIGTERM)
		if err := c.Wait(); err != nil {
			t.Errorf("the daemon ended with %v", err)
		}
	})
	polled := false
	if !eventually(func() bool {
		answer, err := http.Get(desk + "/feed.json")
		if err != nil {
			return false
		}
		answer.Body.Close()
		if !polled { // it listens; first visits are spread over a minute
			if polled = true; command([]string{"fronteras", "poll", "--config", config}).Run() != nil {
				t.Fatal("the feeds cannot be visited")
			}
		}
		return answer.StatusCode == http.StatusOK
	}) {
		t.Fatal("the daemon serves nothing")
	}
}

// linkTo is what a document's Link header names under a relation.
func linkTo(t testing.TB, address, rel string) string {
	t.Helper()
	answer, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	for part := range strings.SplitSeq(answer.Header.Get("Link"), ",") {
		if target, parameters, found := strings.Cut(part, ">"); found && strings.Contains(parameters, `"`+rel+`"`) {
			return strings.TrimLeft(target, " <")
		}
	}
	t.Fatalf("%s names no %s: %q", address, rel, answer.Header.Get("Link"))
	return ""
}
