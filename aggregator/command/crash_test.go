package command

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"fronteras/aggregator/config"
	"fronteras/store"
)

// crashRounds is how often the daemon is killed; CRASH_ROUNDS says otherwise.
const crashRounds = 12

// newsroom is the server of some stations, each on a loopback address of its own, that publish
// something new all the time.
type newsroom struct {
	port string

	mu    sync.Mutex
	count map[string]int // stories published so far, by host
	quiet bool           // nothing new is published
	told  map[string]int // stories whose validator has come back: they were acknowledged
}

const crashStations = 4

func newNewsroom(t *testing.T) *newsroom {
	t.Helper()
	n := &newsroom{count: map[string]int{}, told: map[string]int{}}
	n.port = everyLoopback(t, n)
	return n
}

// everyLoopback serves on all loopback addresses until the test ends, and gives the port.
func everyLoopback(t testing.TB, handler http.Handler) (port string) {
	t.Helper()
	l, err := net.Listen("tcp4", "0.0.0.0:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &http.Server{Handler: handler}
	go s.Serve(l)
	t.Cleanup(func() { s.Close() })
	_, port, _ = net.SplitHostPort(l.Addr().String())
	return port
}

// ServeHTTP gives a document with one story more than at the last request, every second time.
func (n *newsroom) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	n.mu.Lock()
	defer n.mu.Unlock()
	host, _, _ := net.SplitHostPort(r.Host)
	if tag := strings.Trim(r.Header.Get("If-None-Match"), `"`); tag != "" {
		known, _ := strconv.Atoi(tag)
		n.told[host] = max(n.told[host], known)
		if known == n.count[host] && rand.IntN(2) == 0 {
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	if !n.quiet {
		n.count[host]++
	}
	w.Header().Set("ETag", `"`+strconv.Itoa(n.count[host])+`"`)
	fmt.Fprintf(w, `<rss version="2.0"><channel><title>Radio %s</title><link>https://%s.example/</link>`, host,
		name(host))
	for i := n.count[host]; i > 0 && i > n.count[host]-1000; i-- {
		fmt.Fprintf(w, `<item><title>Story %d of %s, told once</title><link>%s</link>`+
			`<guid isPermaLink="false">%s-%d</guid><pubDate>%s</pubDate></item>`,
			i, host, storyAddress(host, i), host, i,
			time.Date(2025, 10, 1, 12, i, 0, 0, time.UTC).Format(time.RFC1123Z))
	}
	fmt.Fprint(w, `</channel></rss>`)
}

// stop has the stations publish nothing new.
func (n *newsroom) stop() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.quiet = true
}

func name(host string) string { return "s" + host[strings.LastIndexByte(host, '.')+1:] }

func storyAddress(host string, n int) string {
	return fmt.Sprintf("https://%s.example/2025/10/story-number-%d", name(host), n)
}

// crashDesk writes the configuration of a desk on a newsroom, and gives its path.
func crashDesk(t *testing.T, n *newsroom) (configuration, desk string) {
	t.Helper()
	port, err := freePort()
	if err != nil {
		t.Fatal(err)
	}
	desk = "http://127.0.0.1:" + port
	text := fmt.Sprintf("desk: {title: Test Desk, url: '%s'}\nlisten: 127.0.0.1:%s\npoll: {every: 1s, "+
		"private_networks: true, read_pages: false}\npublish: {stories: 1000}\nstations:\n", desk, port)
	for i := range crashStations {
		host := fmt.Sprintf("127.0.0.%d", 10+i)
		text += fmt.Sprintf("  - {id: %s, name: Radio %d, url: 'https://%s.example', feeds: [{url: "+
			"'http://%s:%s/rss'}]}\n", name(host), i, name(host), host, n.port)
	}
	configuration = filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(configuration, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return configuration, desk
}

// Under load, its ids do not change and nothing is doubled; the store is sound each time.
func TestDaemonKilledAtAnyMomentLosesNothingAcknowledged(t *testing.T) {
	t.Parallel()
	rounds := crashRounds
	if n, err := strconv.Atoi(os.Getenv("CRASH_ROUNDS")); err == nil {
		rounds = n
	}
	room := newNewsroom(t)
	configuration, desk := crashDesk(t, room)
	published := map[string]string{} // id by address
	moments := max(600*time.Millisecond, 3*firstAnswer(t, configuration, desk))
	for round, begun := 0, time.Now(); round < rounds || len(published) == 0 && time.Since(begun) < patience; round++ {
		c := command([]string{"fronteras", "serve", "--config", configuration})
		var log strings.Builder
		c.Stderr = &log
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		kill := time.AfterFunc(100*time.Millisecond+rand.N(moments), func() { c.Process.Kill() })
		ended, watching := make(chan struct{}), make(chan struct{})
		go func() {
			defer close(watching)
			for {
				select {
				case <-ended:
					return
				case <-time.After(10 * time.Millisecond):
				}
				ids, err := idsServed(desk)
				if err != nil { // not there yet, or not any more
					continue
				}
				for address, id := range ids {
					if before, known := published[address]; known && before != id {
						t.Errorf("round %d: %s was %s and is %s", round, address, before, id)
					}
					published[address] = id
				}
			}
		}()
		err := c.Wait()
		kill.Stop()
		close(ended)
		<-watching
		if err == nil || strings.Contains(log.String(), "panic") {
			t.Fatalf("round %d: the daemon ended with %v: %s", round, err, log.String())
		}
		lookInto(t, round, configuration, room, published)
		if t.Failed() {
			return
		}
	}
	t.Logf("%d rounds, %d stories published", rounds, len(published))
	if len(published) == 0 {
		t.Error("nothing was ever published: the test proves nothing")
	}
}

// firstAnswer is how long a daemon takes here from its start to its first answer.
func firstAnswer(t *testing.T, configuration, desk string) time.Duration {
	t.Helper()
	c := command([]string{"fronteras", "serve", "--config", configuration})
	begun := time.Now()
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	answered := eventually(func() bool {
		_, err := idsServed(desk)
		return err == nil
	})
	took := time.Since(begun)
	c.Process.Kill()
	_ = c.Wait() // it was killed
	if !answered {
		t.Fatal("the daemon does not answer")
	}
	return took
}

// idsFound returns the ids that a search for a word of every story finds, by address.
func idsFound(desk string) (map[string]string, error) { return idsIn(desk + "/feed.json?q=told") }

// idsServed returns the ids that the desk's feed shows now, by address.
func idsServed(desk string) (map[string]string, error) { return idsIn(desk + "/feed.json") }

func idsIn(address string) (map[string]string, error) {
	answer, err := http.Get(address)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	ids := map[string]string{}
	if err != nil || answer.StatusCode != http.StatusOK {
		return ids, err
	}
	var document struct{ Items []struct{ ID, URL string } }
	if err := json.Unmarshal(body, &document); err != nil {
		return ids, err
	}
	for _, i := range document.Items {
		ids[i.URL] = i.ID
	}
	return ids, nil
}

// lookInto opens the store that a killed daemon left, and looks whether all is there.
func lookInto(t *testing.T, round int, configuration string, room *newsroom, published map[string]string) {
	t.Helper()
	cfg, err := config.Load(configuration, os.Getenv)
	if err != nil {
		t.Fatal(err)
	}
	p := &program{Env: Env{Err: io.Discard, Getenv: os.Getenv}, config: configuration}
	d, err := openApp(cfg, p.Env, store.Options{Wait: 5 * time.Second})
	if err != nil {
		t.Fatalf("round %d: %v", round, err)
	}
	defer d.close()
	c, err := d.store.Verify(t.Context())
	if err != nil || len(c.Faults) > 0 {
		t.Errorf("round %d: the store is not sound: %q, %v", round, c.Faults, err)
	}
	if c.Items != c.Stories {
		t.Errorf("round %d: %d items make %d stories", round, c.Items, c.Stories)
	}
	for address, id := range published {
		if s, err := d.store.Story(id); err != nil || len(s.Items) != 1 || s.Items[0].Entry.URL != address {
			t.Errorf("round %d: %s, published as %s, is %v, %v", round, address, id, s, err)
		}
	}
	room.mu.Lock()
	defer room.mu.Unlock()
	for host, n := range room.told {
		for i := 1; i <= n; i++ {
			if found, err := d.store.Lookup(storyAddress(host, i)); err != nil || len(found) != 1 {
				t.Errorf("round %d: story %d of %s was acknowledged, and is in %d stories, %v", round, i, host,
					len(found), err)
			}
		}
	}
}

func TestBackupAndOnceKilledAtAnyMomentLeaveWholeFiles(t *testing.T) {
	room := newNewsroom(t)
	configuration, _ := crashDesk(t, room)
	folder := filepath.Dir(configuration)
	out, backup := filepath.Join(folder, "out"), filepath.Join(folder, "copy.db")
	run := func(limit time.Duration, args ...string) {
		c := command(append([]string{"fronteras"}, append(args, "--config", configuration)...))
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		kill := time.AfterFunc(limit, func() { c.Process.Kill() })
		defer kill.Stop()
		_ = c.Wait() // it was killed, or was quick enough
	}
	run(patience, "once", "--out", out)
	run(patience, "backup", backup)
	for range 20 {
		run(time.Duration(rand.IntN(400))*time.Millisecond, "once", "--out", out)
		for _, name := range []string{"feed.json", "feed.rss", "feed.atom", "podcast.rss", "index.html",
			"stations.opml"} {
			body, err := os.ReadFile(filepath.Join(out, name))
			if end := strings.TrimSpace(string(body)); err != nil ||
				!strings.HasSuffix(end, "}") && !strings.HasSuffix(end, ">") {
				t.Errorf("%s is cut off: %v", name, err)
			}
		}
		run(time.Duration(rand.IntN(100))*time.Millisecond, "backup", backup)
		copied := filepath.Join(t.TempDir(), "copy.db")
		if err := copyTree(backup, copied); err != nil {
			t.Fatal(err)
		}
		for _, path := range []string{copied, filepath.Join(folder, "fronteras.db")} {
			s := soundStore(t, configuration, path)
			if s.Stories == 0 {
				t.Errorf("%s has no stories", path)
			}
		}
	}
}

// soundStore verifies a file with the store of a configuration.
func soundStore(t *testing.T, configuration, path string) store.Condition {
	t.Helper()
	cfg, err := config.Load(configuration, os.Getenv)
	if err != nil {
		t.Fatal(err)
	}
	cfg.Store = path
	p := &program{Env: Env{Err: io.Discard, Getenv: os.Getenv}, config: configuration}
	d, err := openApp(cfg, p.Env, store.Options{Wait: 5 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	defer d.close()
	c, err := d.store.Verify(t.Context())
	if err != nil || len(c.Faults) > 0 {
		t.Errorf("%s is not sound: %q, %v", path, c.Faults, err)
	}
	return c
}
