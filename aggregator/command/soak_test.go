//go:build soak && linux

package command

import (
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
	"syscall"
	"testing"
	"time"
)

// A soak lasts so long, unless SOAK says otherwise, and is measured so often.
const (
	soakFor   = 30 * time.Minute
	soakFeeds = 30
	soakRows  = 15
)

// presses holds the stations of a soak: each writes a story every so often, shows its last fifty,
// and answers 304 in between. Every tenth is ill.
type presses struct {
	begun time.Time
	bomb  http.HandlerFunc
}

// pressEvery is how long a station takes to write a story.
const pressEvery = 20 * time.Second

func (p *presses) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	host, _, _ := net.SplitHostPort(r.Host)
	n, _ := strconv.Atoi(host[strings.LastIndexByte(host, '.')+1:])
	switch {
	case n%10 == 9 && rand.IntN(2) == 0:
		http.Error(w, "out of order", http.StatusInternalServerError)
		return
	case n%10 == 8:
		p.bomb(w, r)
		return
	}
	newest := int(time.Since(p.begun)/pressEvery) + 50
	tag := fmt.Sprintf(`"%d"`, newest)
	w.Header().Set("ETag", tag)
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	fmt.Fprintf(w, `<rss version="2.0"><channel><title>Radio %d</title><link>https://s%d.example/</link>`, n, n)
	for i := newest; i > newest-50; i-- {
		words := strings.Repeat(fmt.Sprintf("Well %d of station %d gave %d litres. ", i, n, i*n), 40)
		fmt.Fprintf(w, `<item><title>Well %d of station %d</title><link>https://s%d.example/wells/number-%d</link>`+
			`<guid isPermaLink="false">%d-%d</guid><pubDate>%s</pubDate><description>%s</description></item>`,
			i, n, n, i, n, i, p.begun.Add(time.Duration(i-50)*pressEvery).UTC().Format(time.RFC1123Z), words)
	}
	io.WriteString(w, channelEnd)
}

// soakRow is what a daemon is at one moment.
type soakRow struct {
	at                                time.Duration
	resident, goroutines, descriptors int
	heap                              uint64 // bytes in use after the last collection
	file, free                        int64
	visits, stories, requests         int
}

// Under load for half an hour, the file grows only by what was written. The table is printed.
//
//	make soak            (SOAK=5m make soak for a shorter one)
func TestSoakKeepsMemoryGoroutinesAndDescriptorsLevel(t *testing.T) {
	lasts := soakFor
	if d, err := time.ParseDuration(os.Getenv("SOAK")); err == nil {
		lasts = d
	}
	l, err := net.Listen("tcp", "0.0.0.0:0")
	if err != nil {
		t.Fatal(err)
	}
	stations := &presses{begun: time.Now(), bomb: hostileDocument("gzip", strings.Repeat("\x00", 20<<20))}
	server := &http.Server{Handler: stations}
	go server.Serve(l)
	defer server.Close()
	_, station, _ := net.SplitHostPort(l.Addr().String())
	configuration, desk := soakDesk(t, station)
	c := command([]string{"fronteras", "serve", "--config", configuration})
	c.Env = append(os.Environ(), "GOMEMLIMIT=600MiB", "PROBE="+filepath.Join(filepath.Dir(configuration), "probe"))
	log, err := os.Create(filepath.Join(filepath.Dir(configuration), "log"))
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	c.Stderr = log
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	begun, done := time.Now(), make(chan struct{})
	var readers sync.WaitGroup
	for n := range 4 {
		readers.Go(func() { readUntil(done, desk, n) })
	}
	var rows []soakRow
	for n := range soakRows + 1 {
		<-time.After(time.Until(begun.Add(30*time.Second + time.Duration(n)*(lasts-30*time.Second)/soakRows)))
		row, err := soakSample(c.Process.Pid, desk, filepath.Join(filepath.Dir(configuration), "probe"),
			time.Since(begun))
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row)
		fmt.Println(row)
	}
	close(done)
	readers.Wait()
	c.Process.Signal(syscall.SIGTERM)
	if err := c.Wait(); err != nil {
		t.Errorf("the daemon ended with %v", err)
	}
	found := soundStore(t, configuration, filepath.Join(filepath.Dir(configuration), "fronteras.db"))
	said, err := os.ReadFile(log.Name())
	if err != nil {
		t.Fatal(err)
	}
	fmt.Printf("%d feeds, %d items in %d stories, peak memory %d MB, %d lines of log\n", found.Feeds, found.Items,
		found.Stories, c.ProcessState.SysUsage().(*syscall.Rusage).Maxrss>>10, strings.Count(string(said), "\n"))
	judgeSoak(t, rows)
}

// soakDesk writes the configuration of a desk of soakFeeds stations.
func soakDesk(t *testing.T, station string) (configuration, desk string) {
	t.Helper()
	port, err := freePort()
	if err != nil {
		t.Fatal(err)
	}
	desk = "http://127.0.0.1:" + port
	text := fmt.Sprintf("desk: {title: Test Desk, url: '%s'}\nlisten: 127.0.0.1:%s\npoll: {every: 2s, "+
		"private_networks: true, read_pages: false}\nstations:\n", desk, port)
	for n := range soakFeeds {
		text += fmt.Sprintf("  - {id: s%d, name: Radio %d, url: 'https://s%d.example', feeds: [{url: "+
			"'http://127.0.2.%d:%s/rss'}]}\n", n, n, n, n, station)
	}
	configuration = filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(configuration, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return configuration, desk
}

// readUntil asks for documents, a few a second, some of them with filters.
func readUntil(done <-chan struct{}, desk string, n int) {
	paths := []string{"/feed.rss", "/feed.atom", "/feed.json", "/", "/podcast.rss", "/status.json", "/archive/1.rss"}
	for i := 0; ; i++ {
		select {
		case <-done:
			return
		case <-time.After(time.Duration(200+rand.IntN(200)) * time.Millisecond):
		}
		path := paths[(i+n)%len(paths)]
		if i%3 == 0 {
			path += fmt.Sprintf("?for=s%d", rand.IntN(soakFeeds))
		}
		if answer, err := http.Get(desk + path); err == nil {
			io.Copy(io.Discard, answer.Body)
			answer.Body.Close()
		}
	}
}

// soakSample measures a daemon from outside, and asks what it says of itself.
func soakSample(pid int, desk, probe string, at time.Duration) (r soakRow, err error) {
	r.at = at
	answer, err := http.Get(desk + "/metrics")
	if err != nil {
		return r, err
	}
	body, err := io.ReadAll(answer.Body)
	answer.Body.Close()
	if err != nil {
		return r, err
	}
	sum := map[string]float64{}
	for line := range strings.Lines(string(body)) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), " ")
		if at := strings.LastIndexByte(line, ' '); at > 0 {
			value = strings.TrimSpace(line[at+1:])
		}
		name, _, _ = strings.Cut(name, "{")
		v, _ := strconv.ParseFloat(value, 64)
		sum[name] += v
	}
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return r, err
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kb, _ := strconv.Atoi(strings.Fields(rest)[0])
			r.resident = kb >> 10
		}
	}
	open, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", pid))
	r.descriptors = len(open)
	if err != nil {
		return r, err
	}
	told, err := os.ReadFile(probe)
	if err == nil {
		_, err = fmt.Sscan(string(told), &r.goroutines, &r.heap)
	}
	r.file, r.free = int64(sum["fronteras_store_size_bytes"]), int64(sum["fronteras_store_free_bytes"])
	r.visits, r.stories, r.requests = int(sum["fronteras_visits_total"]), int(sum["fronteras_stories"]),
		int(sum["fronteras_http_requests_total"])
	return r, err
}

// String is a row of the table in docs/operation.md.
func (r soakRow) String() string {
	return fmt.Sprintf("| %d:%02d | %d | %.0f | %d | %d | %.1f | %.1f | %d | %d | %d |", int(r.at.Minutes()),
		int(r.at.Seconds())%60,
		r.resident, float64(r.heap)/(1<<20), r.goroutines, r.descriptors, float64(r.file)/(1<<20),
		float64(r.free)/(1<<20), r.stories, r.visits, r.requests)
}

// judgeSoak compares the end of a soak with its first third.
func judgeSoak(t *testing.T, rows []soakRow) {
	t.Helper()
	early, late := rows[:len(rows)/3], rows[2*len(rows)/3:]
	most := func(rows []soakRow, of func(soakRow) int) (most int) {
		for _, r := range rows {
			most = max(most, of(r))
		}
		return most
	}
	for name, of := range map[string]func(soakRow) int{
		"resident MB": func(r soakRow) int { return r.resident },
		"goroutines":  func(r soakRow) int { return r.goroutines },
		"descriptors": func(r soakRow) int { return r.descriptors },
	} {
		if before, after := most(early, of), most(late, of); after > before+before/4+8 {
			t.Errorf("%s: %d at most in the first third, %d in the last", name, before, after)
		}
	}
	first, last := rows[0], rows[len(rows)-1]
	if written := last.stories - first.stories; written <= 0 {
		t.Error("no stories came: the test proves nothing")
	} else if each := (last.file - last.free - first.file + first.free) / int64(written); each > 32<<10 {
		t.Errorf("the file grew by %d bytes a story", each)
	}
}
