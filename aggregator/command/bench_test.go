package command

import (
	"bufio"
	"cmp"
	"compress/gzip"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/mmcdole/gofeed"
	"golang.org/x/sync/errgroup"

	"fronteras/store"
)

// phases lists the rounds of the benchmark, each over all feeds, with the edition that the
// stations' server has then. What is quick is done several times.
var phases = []struct {
	name    string
	edition int
	times   int
}{{"cold", editionFirst, 1}, {"304", editionFirst, 5}, {"one new", editionNew, 1}, {"re-dated", editionMoved, 1}}

// apart is how long after one round the next begins: hosts rest between two requests.
const apart = 1200 * time.Millisecond

// sides lists what is compared: the desk, and three floors that keep nothing.
var sides = []string{"fetch", "tokens", "gofeed", "desk"}

// spend is what one side spent in one phase.
type spend struct {
	CPU      float64 // milliseconds, of user and system
	Garbage  float64 // MB allocated
	Resident float64 // MB at most since the process began
	Written  float64 // MB that reached the disk; 0 where that is not known
}

// BenchmarkPoll polls the same thousand feeds with the daemon's own code and, as floors, with
// net/http and gunzip, with an XML tokenizer behind that, and with plain gofeed, as many requests
// at a time. Each side is a process of its own, and so is the stations' server. The last lines are
// a table of medians.
//
//	go test -run '^$' -bench Poll -benchtime 5x ./aggregator/command
func BenchmarkPoll(b *testing.B) {
	server := startServer(b)
	all := map[string][][]spend{}
	for b.Loop() {
		for _, side := range sides {
			given := server
			if side == "desk" {
				given = filepath.Join(b.TempDir(), "config.yaml")
				if err := os.WriteFile(given, []byte(benchConfig(server)), 0o644); err != nil {
					b.Fatal(err)
				}
			}
			all[side] = append(all[side], polls(b, side, given))
		}
	}
	report(b, all)
}

// report tells the medians, and the ratios of the desk to plain gofeed, and where nothing is read,
// to plain fetching.
func report(b *testing.B, all map[string][][]spend) {
	median := func(side string, phase int, of func(spend) float64) float64 {
		var values []float64
		for _, run := range all[side] {
			values = append(values, of(run[phase]))
		}
		slices.Sort(values)
		return values[len(values)/2]
	}
	table := "\n| round | side | CPU ms | MB allocated | MB written | MB resident |\n|---|---|---:|---:|---:|---:|\n"
	for n, p := range phases {
		floor := "gofeed"
		if p.name == "304" {
			floor = "fetch"
		}
		var ratios []float64 // of pairs: the machine is not always equally busy
		for run := range all["desk"] {
			ratios = append(ratios, all["desk"][run][n].CPU/all[floor][run][n].CPU)
		}
		slices.Sort(ratios)
		b.ReportMetric(ratios[len(ratios)/2], strings.ReplaceAll(p.name, " ", "-")+"-ratio")
		for _, side := range sides {
			table += fmt.Sprintf("| %s | %s | %.0f | %.0f | %.0f | %.0f |\n", p.name, side,
				median(side, n, func(s spend) float64 {
					return s.CPU
				}), median(side, n, func(s spend) float64 { return s.Garbage }),
				median(side, n, func(s spend) float64 {
					return s.Written
				}), median(side, n, func(s spend) float64 { return s.Resident }))
		}
	}
	b.ReportMetric(median("desk", len(phases)-1, func(s spend) float64 { return s.Resident }), "resident-MB")
	b.ReportMetric(1000*median("desk", 0, func(s spend) float64 { return s.Written })/(benchFeeds*benchItems),
		"cold-written-kB/item")
	b.ReportMetric(1000*median("desk", 2, func(s spend) float64 { return s.Written })/benchFeeds, "new-written-kB/item")
	fmt.Println(table)
}

// polls runs one side through all phases.
func polls(b *testing.B, side, given string) []spend {
	b.Helper()
	c := command([]string{"bench" + side, given})
	c.Stderr = os.Stderr
	out, err := c.Output()
	if err != nil {
		b.Fatal(side, err)
	}
	var spent []spend
	for line := range strings.Lines(string(out)) {
		var s spend
		if _, err := fmt.Sscan(line, &s.CPU, &s.Garbage, &s.Resident, &s.Written); err != nil {
			b.Fatalf("%s said %q: %v", side, line, err)
		}
		spent = append(spent, s)
	}
	if len(spent) != len(phases) {
		b.Fatalf("%s said %q", side, out)
	}
	return spent
}

// benchSide goes through the phases, and prints what a round of each took. Where BENCH_PROFILE
// names a file, a profile of the phase BENCH_PHASE is written there.
func benchSide(server string, round func() error) {
	for _, p := range phases {
		turn(server, p.edition)
		stop := profiled(p.name)
		before := used()
		for range p.times {
			if err := round(); err != nil {
				panic(err)
			}
			time.Sleep(apart)
		}
		after, times := used(), float64(p.times)
		stop()
		fmt.Println((after.CPU-before.CPU)/times, (after.Garbage-before.Garbage)/times, after.Resident,
			(after.Written-before.Written)/times)
	}
}

// used is what this process used so far.
func used() (s spend) {
	var u syscall.Rusage
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	s.CPU = float64(u.Utime.Nano()+u.Stime.Nano()) / 1e6
	s.Garbage, s.Resident = float64(m.TotalAlloc)/1e6, float64(u.Maxrss)/1e3
	if text, err := os.ReadFile("/proc/self/io"); err == nil {
		if _, after, ok := strings.Cut(string(text), "\nwrite_bytes: "); ok {
			line, _, _ := strings.Cut(after, "\n")
			bytes, _ := strconv.ParseFloat(line, 64)
			s.Written = bytes / 1e6
		}
	}
	return s
}

// turn has the stations' server show an edition.
func turn(server string, edition int) {
	answer, err := http.Get("http://127.0.0.1:" + server + "/edition/" + strconv.Itoa(edition))
	if err != nil {
		panic(err)
	}
	answer.Body.Close()
}

// benchDesk is the desk's side.
func benchDesk() {
	p := &program{Env: Env{Err: os.Stderr, Getenv: os.Getenv}, config: os.Args[1]}
	c, err := p.loadConfig()
	if err != nil {
		panic(err)
	}
	d, err := openApp(c, p.Env, store.Options{Wait: lockTimeout})
	if err != nil {
		panic(err)
	}
	defer d.close()
	ctx := context.Background()
	go tuneGarbageCollector(ctx)
	if err := d.startPolling(ctx, func(context.Context) {}); err != nil {
		panic(err)
	}
	_, port, _ := net.SplitHostPort(strings.TrimSuffix(strings.TrimPrefix(c.Stations[0].Feeds[0].URL, "http://"),
		"/0.xml"))
	benchSide(port, func() error {
		n, _, err := d.running.Poll(ctx, "")
		if err == nil && n != benchFeeds {
			err = fmt.Errorf("%d of %d feeds visited", n, benchFeeds)
		}
		return err
	})
}

func profiled(phase string) (stop func()) {
	if os.Args[0] != "benchdesk" || phase != cmp.Or(os.Getenv("BENCH_PHASE"), phases[0].name) {
		return func() {}
	}
	f, err := os.Create(os.Getenv("BENCH_PROFILE"))
	if err != nil {
		return func() {}
	}
	pprof.StartCPUProfile(f)
	return pprof.StopCPUProfile
}

// benchFloor is a side that reads and forgets.
func benchFloor(read func(io.Reader) error) func() {
	return func() {
		client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 16}}
		etags := make([]string, benchFeeds)
		benchSide(os.Args[1], func() error {
			var work errgroup.Group
			work.SetLimit(16)
			for n := range benchFeeds {
				work.Go(func() error { return ask(client, n, etags, read) })
			}
			return work.Wait()
		})
	}
}

// ask asks for one feed, and reads it if it is other than before.
func ask(client *http.Client, n int, etags []string, read func(io.Reader) error) error {
	request, err := http.NewRequest(http.MethodGet, benchFeed(os.Args[1], n), nil)
	if err != nil {
		return err
	}
	if etags[n] != "" {
		request.Header.Set("If-None-Match", etags[n])
	}
	answer, err := client.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode == http.StatusNotModified {
		return nil
	}
	etags[n] = answer.Header.Get("ETag")
	return read(answer.Body)
}

func readBytes(body io.Reader) error {
	_, err := io.Copy(io.Discard, body)
	return err
}

func readTokens(body io.Reader) error {
	for d := xml.NewDecoder(body); ; {
		if _, err := d.RawToken(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

func readGofeed(body io.Reader) error {
	_, err := gofeed.NewParser().Parse(body)
	return err
}

// command is this test's binary as one of its commands; see TestMain.
func command(args []string) *exec.Cmd {
	c := exec.Command(os.Args[0])
	c.Args = args
	return c
}

// startServer starts the stations' server in a process of its own, so that its CPU time is
// nobody's, and returns its port.
func startServer(b *testing.B) string {
	c := command([]string{"benchserver"})
	c.Stderr = os.Stderr
	out, err := c.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := c.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		c.Process.Kill()
		c.Wait()
	})
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		b.Fatal(err)
	}
	return strings.TrimSpace(address)
}

// benchFeed is the address of a feed: each is on a host of its own, as stations are.
func benchFeed(port string, n int) string {
	return fmt.Sprintf("http://127.0.%d.%d:%s/%d.xml", 1+n/250, 1+n%250, port, n)
}

func benchConfig(server string) string {
	var c strings.Builder
	c.WriteString("desk: {title: Bench Desk, url: 'https://desk.example'}\npoll: {private_networks: true, " +
		"read_pages: false}\nstations:\n")
	for n := range benchFeeds {
		fmt.Fprintf(&c, "  - {id: s%d, name: Station %d, url: 'https://s%d.example', feeds: [{url: '%s'}]}\n", n, n, n,
			benchFeed(server, n))
	}
	return c.String()
}

// benchServer serves the stations' feeds, compressed, with validators, in the edition that it was
// last told.
func benchServer() {
	var documents [editions][benchFeeds][]byte
	for edition := range editions {
		for n := range benchFeeds {
			documents[edition][n] = gzipped(benchDocument(n, edition))
		}
	}
	l, err := net.Listen("tcp4", ":0") // every loopback address
	if err != nil {
		panic(err)
	}
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		panic(err)
	}
	fmt.Println(port)
	var edition atomic.Int64
	panic(http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if told, ok := strings.CutPrefix(r.URL.Path, "/edition/"); ok {
			number, _ := strconv.ParseInt(told, 10, 64)
			edition.Store(number)
			return
		}
		shown := edition.Load()
		n, err := strconv.Atoi(strings.TrimSuffix(r.URL.Path[1:], ".xml"))
		if err != nil || n >= benchFeeds {
			http.NotFound(w, r)
			return
		}
		etag := fmt.Sprintf(`"%d-%d"`, n, shown)
		w.Header().Set("ETag", etag)
		if r.Header.Get("If-None-Match") == etag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Header().Set("Content-Type", "application/xml")
		w.Header().Set("Content-Encoding", "gzip")
		w.Header().Set("Content-Length", strconv.Itoa(len(documents[shown][n])))
		w.Write(documents[shown][n])
	})))
}

func gzipped(text string) []byte {
	var out strings.Builder
	w := gzip.NewWriter(&out)
	io.WriteString(w, text)
	w.Close()
	return []byte(out.String())
}
