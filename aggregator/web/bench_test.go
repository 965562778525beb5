package web

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"fronteras/aggregator/news"
)

// BenchmarkPublish renders 500 stories of 600 words in every format and coding, as a change does.
// Their words compress as English does, to two fifths.
func BenchmarkPublish(b *testing.B) {
	words := vocabulary()
	var stories []*news.Story
	for n := range 500 {
		s := story(fmt.Sprintf("story%08d", n), fmt.Sprintf("Story %d of the border", n), news.Live)
		var text strings.Builder
		for range 10 {
			text.WriteString("<p>" + words(60) + ".</p>\n")
		}
		s.Items[0].Entry.Content = text.String()
		s.Items[0].Entry.Summary = "<p>" + words(12) + "</p>"
		s.Items[0].Entry.Enclosures = []news.Enclosure{{URL: fmt.Sprintf("https://ajo.example/%d.mp3", n),
			Type: "audio/mpeg", Length: 1}}
		s.Published = changed.Add(-time.Duration(n) * time.Hour)
		stories = append(stories, s)
	}
	b.ReportAllocs()
	for b.Loop() {
		site := testSite(b)
		e, known := edition(b, stories...)
		if leftOut, err := site.Publish(b.Context(), e, known); err != nil || len(leftOut) > 0 {
			b.Fatal(leftOut, err)
		}
		whole, packed := 0, 0
		for _, f := range site.current.Load().main {
			whole += len(f.body())
			packed += len(f.representations[0].Load().body)
		}
		b.ReportMetric(float64(whole)/1e6, "MB")
		b.ReportMetric(float64(packed)/1e6, "MB-br")
	}
}

// vocabulary makes texts of a number of words, few of them often and many seldom (Zipf), always the
// same.
func vocabulary() func(n int) string {
	chance := rand.New(rand.NewPCG(1, 2))
	words := make([]string, 5000)
	for n := range words {
		var w strings.Builder
		for range 1 + chance.IntN(3) {
			w.WriteString([]string{"bor", "de", "ra", "ti", "on", "ca", "nal", "tion", "er", "s", "wa", "ter", "est",
				"ing", "ado", "fron"}[chance.IntN(16)])
		}
		words[n] = w.String()
	}
	often := rand.NewZipf(chance, 1.1, 4, uint64(len(words)-1))
	return func(n int) string {
		list := make([]string, n)
		for i := range list {
			list[i] = words[often.Uint64()]
		}
		return strings.Join(list, " ")
	}
}

// BenchmarkServe compares the site with net/http alone, whose ServeContent answers with the same
// bytes and headers, under the same deadlines: a hundred stories of 600 words, on loopback, by
// clients that keep their connections. The goal is the same CPU time for an answer.
func BenchmarkServe(b *testing.B) {
	e, known := wide(b, 100, 10)
	site := freshly(b, e(), known).Handler()
	for _, c := range []struct{ name, path, coding string }{
		{"feed", "/feed.rss", "identity"}, {"feed-gzip", "/feed.rss", "gzip"}, {"page", "/", "identity"},
		{"304", "/feed.rss", "identity"},
	} {
		answer := ask(site, "GET", c.path, "Accept-Encoding", c.coding)
		body, tag := answer.Body.Bytes(), answer.Header().Get("ETag")
		alone := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			for name, values := range answer.Header() {
				w.Header().Set(name, values[0])
			}
			http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
		})
		request := "GET " + c.path + " HTTP/1.1\r\nHost: desk.example\r\nAccept-Encoding: " + c.coding + "\r\n"
		if c.name == "304" {
			request += "If-None-Match: " + tag + "\r\n"
		}
		for name, handler := range map[string]http.Handler{"alone": alone, "site": site} {
			b.Run(c.name+"/"+name, func(b *testing.B) { overLoopback(b, handler, request+"\r\n", c.name == "304") })
		}
	}
}

// overLoopback sends a request to a server again and again, on sixteen connections.
func overLoopback(b *testing.B, handler http.Handler, request string, headersOnly bool) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	limit := &Connections{Max: 1024}
	s := &http.Server{
		Handler: limit.Handler(handler), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second, WriteTimeout: time.Minute,
		IdleTimeout: time.Minute, ConnState: limit.ConnState, ConnContext: limit.ConnContext,
	}
	go func() { _ = s.Serve(l) }()
	defer s.Close()
	var left atomic.Int64
	left.Store(int64(b.N))
	var clients sync.WaitGroup
	before := cpuTime(b)
	b.ResetTimer()
	for range 16 {
		clients.Go(func() {
			c, err := net.Dial("tcp", l.Addr().String())
			if err != nil {
				b.Error(err)
				return
			}
			defer c.Close()
			in, buffer := bufio.NewReaderSize(c, 64<<10), make([]byte, 64<<10)
			for left.Add(-1) >= 0 {
				if _, err := io.WriteString(c, request); err != nil {
					b.Error(err)
					return
				}
				length := 0
				for {
					line, err := in.ReadSlice('\n')
					if err != nil {
						b.Error(err)
						return
					}
					if value, ok := bytes.CutPrefix(line, []byte("Content-Length: ")); ok && !headersOnly {
						length, _ = strconv.Atoi(string(bytes.TrimSpace(value)))
					}
					if len(line) <= 2 {
						break
					}
				}
				for length > 0 {
					n, err := in.Read(buffer[:min(length, len(buffer))])
					if length -= n; err != nil {
						b.Error(err)
						return
					}
				}
			}
		})
	}
	clients.Wait()
	b.ReportMetric(float64((cpuTime(b)-before).Microseconds())/float64(b.N), "cpu-us/op")
}

// nowhere takes an answer and drops it.
type nowhere struct {
	header http.Header
	status int
}

func (n *nowhere) Header() http.Header         { return n.header }
func (n *nowhere) Write(p []byte) (int, error) { return len(p), nil }
func (n *nowhere) WriteHeader(status int)      { n.status = status }
