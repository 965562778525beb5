package command

import (
	"bufio"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/pprof"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/mmcdole/gofeed"
	"golang.org/x/sync/errgroup"

	"fronteras/store"
)

// The benchmark's desk: so many local feeds of so many items of 2 kB.
const (
	benchFeeds = 1000
	benchItems = 50
)

// BenchmarkPoll polls the same thousand feeds twice, with the daemon's own code
// and, as the floor, with net/http and plain gofeed, as many requests at a time.
// Each side is a process of its own; what it reports is the CPU time of the
// polls alone, in milliseconds, and its peak resident memory.
//
//	go test -run '^$' -bench Poll -benchtime 5x ./aggregator/command
func BenchmarkPoll(b *testing.B) {
	server := startServer(b)
	for b.Loop() {
		folder := b.TempDir()
		config := filepath.Join(folder, "config.yaml")
		if err := os.WriteFile(config, []byte(benchConfig(server)), 0o644); err != nil {
			b.Fatal(err)
		}
		floor, desk := polls(b, "benchfloor", server), polls(b, "benchdesk", config)
		for name, values := range map[string][3]float64{"floor": floor, "desk": desk} {
			b.ReportMetric(values[0], name+"-cold-ms")
			b.ReportMetric(values[1], name+"-304-ms")
			b.ReportMetric(values[2], name+"-MB")
		}
		b.ReportMetric(desk[0]/floor[0], "cold-ratio")
		b.ReportMetric(desk[1]/floor[1], "304-ratio")
	}
}

// polls runs one side and gives what it reports: CPU time of the cold poll and of
// the one that finds nothing new, and peak memory.
func polls(b *testing.B, args ...string) (values [3]float64) {
	b.Helper()
	c := command(args)
	c.Stderr = os.Stderr
	out, err := c.Output()
	if err != nil {
		b.Fatal(err)
	}
	if _, err := fmt.Sscan(string(out), &values[0], &values[1]); err != nil {
		b.Fatalf("%s said %q: %v", args[0], out, err)
	}
	values[2] = float64(c.ProcessState.SysUsage().(*syscall.Rusage).Maxrss) / 1024
	return values
}

// cpu prints the CPU time, in milliseconds, that this process spends in do.
func cpu(do func() error) {
	var before, after syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &before)
	if err := do(); err != nil {
		panic(err)
	}
	syscall.Getrusage(syscall.RUSAGE_SELF, &after)
	spent := after.Utime.Nano() + after.Stime.Nano() - before.Utime.Nano() - before.Stime.Nano()
	fmt.Println(float64(spent) / 1e6)
}

// benchDesk polls a desk twice.
func benchDesk() {
	if path := os.Getenv("BENCH_PROFILE"); path != "" {
		f, err := os.Create(path)
		if err != nil {
			panic(err)
		}
		pprof.StartCPUProfile(f)
		defer pprof.StopCPUProfile()
	}
	p := &program{Env: Env{Err: os.Stderr, Getenv: os.Getenv}, config: os.Args[1]}
	c, err := p.load()
	if err != nil {
		panic(err)
	}
	d, err := p.open(c, store.Options{Wait: lockWait})
	if err != nil {
		panic(err)
	}
	defer d.close()
	ctx := context.Background()
	if err := d.start(ctx, func(context.Context) {}); err != nil {
		panic(err)
	}
	for range 2 {
		cpu(func() error {
			n, _, err := d.running.Poll(ctx, "")
			if err == nil && n != benchFeeds {
				err = fmt.Errorf("%d of %d feeds visited", n, benchFeeds)
			}
			return err
		})
	}
}

// command is this test's binary as one of its commands; see TestMain.
func command(args []string) *exec.Cmd {
	c := exec.Command(os.Args[0])
	c.Args = args
	return c
}

// startServer starts the stations' server in a process of its own, so that its
// CPU time is nobody's, and returns its port.
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
	return fmt.Sprintf("http://127.0.%d.%d:%s/%d.rss", 1+n/250, 1+n%250, port, n)
}

func benchConfig(server string) string {
	var c strings.Builder
	c.WriteString("desk: {title: Bench Desk, url: 'https://desk.example'}\npoll: {private_networks: true, read_pages: false}\nstations:\n")
	for n := range benchFeeds {
		fmt.Fprintf(&c, "  - {id: s%d, name: Station %d, url: 'https://s%d.example', feeds: [{url: '%s'}]}\n", n, n, n, benchFeed(server, n))
	}
	return c.String()
}

// benchServer serves the feeds, compressed, with validators.
func benchServer() {
	documents := make([][]byte, benchFeeds)
	for n := range documents {
		documents[n] = benchDocument(n)
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
	panic(http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n, err := strconv.Atoi(strings.TrimSuffix(r.URL.Path[1:], ".rss"))
		if err != nil || n >= len(documents) {
			http.NotFound(w, r)
			return
		}
		etag := fmt.Sprintf(`"%d"`, n)
		w.Header().Set("ETag", etag)
		if r.Header.Get("If-None-Match") == etag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Header().Set("Content-Type", "application/rss+xml")
		w.Header().Set("Content-Encoding", "gzip")
		w.Write(documents[n])
	})))
}

// benchDocument writes a feed of its own words, always the same.
func benchDocument(feed int) []byte {
	r := rand.New(rand.NewPCG(uint64(feed), 7))
	var text strings.Builder
	fmt.Fprintf(&text, `<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Station %d</title><link>https://s%d.example/</link><description>News</description><language>en</language>`, feed, feed)
	for n := range benchItems {
		date := time.Date(2025, 10, 1, 12, 0, 0, 0, time.UTC).Add(-time.Duration(n*97+feed) * time.Minute)
		fmt.Fprintf(&text, `<item><title>%s</title><link>https://s%d.example/2025/10/story-%d?utm_source=rss</link><guid isPermaLink="false">https://s%d.example/?p=%d</guid><pubDate>%s</pubDate><dc:creator>%s</dc:creator><category>News</category><description>%s</description><content:encoded><![CDATA[`,
			benchWords(r, 8), feed, n, feed, n, date.Format(time.RFC1123Z), benchWords(r, 2), benchWords(r, 20))
		for range 6 {
			fmt.Fprintf(&text, "<p>%s <a href=\"https://s%d.example/%s\">%s</a> %s.</p>\n", benchWords(r, 18), feed, benchWords(r, 1), benchWords(r, 2), benchWords(r, 15))
		}
		text.WriteString("]]></content:encoded></item>")
	}
	text.WriteString("</channel></rss>")
	var out strings.Builder
	w := gzip.NewWriter(&out)
	io.WriteString(w, text.String())
	w.Close()
	return []byte(out.String())
}

func benchWords(r *rand.Rand, n int) string {
	words := make([]string, n)
	for i := range words {
		sum := sha256.Sum256([]byte{byte(r.IntN(256)), byte(r.IntN(16))})
		length := 2 + int(sum[0])%9
		for j := range length {
			words[i] += string(rune('a' + sum[j+1]%26))
		}
	}
	return strings.Join(words, " ")
}

// benchFloor fetches every feed with net/http and reads it with gofeed, then asks
// each whether it has changed.
func benchFloor() {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 16}}
	cpu(func() error {
		return benchEach(client, "", func(body io.Reader) error {
			_, err := gofeed.NewParser().Parse(body)
			return err
		})
	})
	cpu(func() error {
		return benchEach(client, "If-None-Match", func(body io.Reader) error {
			_, err := io.Copy(io.Discard, body)
			return err
		})
	})
}

// benchEach asks for every feed, with its ETag in a header if that is named.
func benchEach(client *http.Client, header string, read func(io.Reader) error) error {
	var work errgroup.Group
	work.SetLimit(16)
	for n := range benchFeeds {
		work.Go(func() error {
			request, err := http.NewRequest(http.MethodGet, benchFeed(os.Args[1], n), nil)
			if err != nil {
				return err
			}
			if header != "" {
				request.Header.Set(header, fmt.Sprintf(`"%d"`, n))
			}
			response, err := client.Do(request)
			if err != nil {
				return err
			}
			defer response.Body.Close()
			return read(response.Body)
		})
	}
	return work.Wait()
}
