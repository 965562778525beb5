package web

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"fronteras/aggregator/news"
)

// BenchmarkPublish renders 500 stories of 600 words in every format and coding, as a
// change does. Their words compress as English does, to two fifths.
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
		s.Items[0].Entry.Enclosures = []news.Enclosure{{URL: fmt.Sprintf("https://ajo.example/%d.mp3", n), Type: "audio/mpeg", Length: 1}}
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
		for _, f := range site.now.Load().main {
			whole += len(f.body())
			packed += len(f.forms[0].Load().body)
		}
		b.ReportMetric(float64(whole)/1e6, "MB")
		b.ReportMetric(float64(packed)/1e6, "MB-br")
	}
}

// vocabulary makes texts of so many words, few of them often and many seldom
// (Zipf), always the same.
func vocabulary() func(n int) string {
	chance := rand.New(rand.NewPCG(1, 2))
	words := make([]string, 5000)
	for n := range words {
		var w strings.Builder
		for range 1 + chance.IntN(3) {
			w.WriteString([]string{"bor", "de", "ra", "ti", "on", "ca", "nal", "tion", "er", "s", "wa", "ter", "est", "ing", "ado", "fron"}[chance.IntN(16)])
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

// BenchmarkServe compares an answer with http.ServeContent's, of the same bytes and
// with the same headers.
func BenchmarkServe(b *testing.B) {
	h := published(b)
	answer := ask(h, "GET", "/feed.rss")
	body, tag := answer.Body.Bytes(), answer.Header().Get("ETag")
	floor := http.NewServeMux()
	floor.HandleFunc("GET /feed.rss", func(w http.ResponseWriter, r *http.Request) {
		for _, name := range []string{"Content-Type", "Etag", "Cache-Control", "Vary", "Link", "X-Content-Type-Options", "Referrer-Policy", "Content-Security-Policy", "Access-Control-Allow-Origin"} {
			w.Header()[name] = answer.Header()[name]
		}
		http.ServeContent(w, r, "", changed, bytes.NewReader(body))
	})
	for name, c := range map[string]struct {
		h       http.Handler
		headers []string
	}{
		"200/ServeContent": {floor, nil}, "200/site": {h, nil}, "200/site-gzip": {h, []string{"Accept-Encoding", "gzip"}},
		"304/ServeContent": {floor, []string{"If-None-Match", tag}}, "304/site": {h, []string{"If-None-Match", tag}},
	} {
		b.Run(name, func(b *testing.B) {
			r := httptest.NewRequest("GET", "/feed.rss", nil)
			for i := 0; i+1 < len(c.headers); i += 2 {
				r.Header.Set(c.headers[i], c.headers[i+1])
			}
			b.ReportAllocs()
			for b.Loop() {
				c.h.ServeHTTP(&nowhere{header: http.Header{}}, r)
			}
		})
	}
}

// nowhere takes an answer and drops it.
type nowhere struct {
	header http.Header
	status int
}

func (n *nowhere) Header() http.Header         { return n.header }
func (n *nowhere) Write(p []byte) (int, error) { return len(p), nil }
func (n *nowhere) WriteHeader(status int)      { n.status = status }
