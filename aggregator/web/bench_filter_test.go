package web

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"
	"time"

	"fronteras/aggregator/news"
	"fronteras/aggregator/publish"
)

// BenchmarkFilter asks for filtered documents of 100 or 500 stories of 600 words that nobody has
// asked for before: ?for= is nearly all of them, ?topic= a tenth.
func BenchmarkFilter(b *testing.B) {
	for _, stories := range []int{100, 500} {
		e, known := wide(b, stories, 100)
		for _, c := range []struct{ path, filter, coding string }{
			{"/feed.rss", "for=s%d", "identity"}, {"/feed.rss", "for=s%d", "gzip"}, {"/feed.rss", "for=s%d", "br"},
			{"/feed.atom", "for=s%d", "gzip"},
			{"/feed.json", "for=s%d", "gzip"}, {"/", "for=s%d", "gzip"}, {"/feed.rss", "topic=topic-%d", "gzip"},
		} {
			name, _, _ := strings.Cut(c.path[1:]+"?"+c.filter, "=")
			b.Run(fmt.Sprintf("%d/%s/%s", stories, name, c.coding),
				func(b *testing.B) { firstRequests(b, e, known, c.path+"?"+c.filter, c.coding) })
		}
	}
}

// firstRequests asks for ten filters of each site.
func firstRequests(b *testing.B, e func() publish.Edition, known publish.Known, address, coding string) {
	var h http.Handler
	var used time.Duration
	n := 0
	for b.Loop() {
		if n%10 == 0 {
			b.StopTimer()
			h = freshly(b, e(), known).Handler()
			b.StartTimer()
		}
		before := cpuTime(b)
		fetch(b, h, fmt.Sprintf(address, n%10), coding)
		used += cpuTime(b) - before
		n++
	}
	b.ReportMetric(used.Seconds()*1000/float64(n), "cpu-ms/op")
}

// BenchmarkFresh changes a story of a hundred of 600 words, after the servers of a hundred partners
// have asked for their views: until all of them are as they are to be.
func BenchmarkFresh(b *testing.B) {
	const partners = 100
	e, known := wide(b, 100, partners)
	site := freshly(b, e(), known)
	h := site.Handler()
	b.ReportAllocs()
	var used time.Duration
	for b.Loop() {
		b.StopTimer()
		for n := range partners {
			fetch(b, h, fmt.Sprintf("/feed.rss?for=s%d", n), "gzip")
		}
		next := e()
		next.Stories[0].Items[0].Entry.Title += " and on"
		before := cpuTime(b)
		b.StartTimer()
		if leftOut, err := site.Publish(b.Context(), next, known); err != nil || len(leftOut) > 0 {
			b.Fatal(leftOut, err)
		}
		for n := range partners {
			fetch(b, h, fmt.Sprintf("/feed.rss?for=s%d", n), "gzip")
		}
		used += cpuTime(b) - before
	}
	b.ReportMetric(used.Seconds()/float64(b.N), "cpu-s/op")
}

// fetch asks for a document and drops it.
func fetch(b *testing.B, h http.Handler, address, coding string) {
	r := httptest.NewRequest("GET", address, nil)
	r.Header.Set("Accept-Encoding", coding)
	w := &nowhere{header: http.Header{}}
	h.ServeHTTP(w, r)
	if w.status != http.StatusOK {
		b.Fatal(address, w.status)
	}
}

// wide makes editions of a desk with that number of stories of 600 words, from that number of
// stations, each story with one topic of ten.
func wide(b *testing.B, stories, partners int) (func() publish.Edition, publish.Known) {
	words := vocabulary()
	list := make([]*news.Story, stories)
	for n := range list {
		s := story(fmt.Sprintf("story%08d", n), fmt.Sprintf("Story %d of the border", n), news.Live)
		id := fmt.Sprintf("s%d", n%partners)
		var text strings.Builder
		for range 10 {
			text.WriteString("<p>" + words(60) + ".</p>\n")
		}
		s.Origin.Station = id
		i := s.Items[0]
		i.Station, i.Entry.Content, i.Entry.Summary = id, text.String(), "<p>"+words(12)+"</p>"
		i.Entry.Topics = []string{fmt.Sprintf("Topic %d", n%10)}
		s.Published = changed.Add(-time.Duration(n) * time.Hour)
		list[n] = s
	}
	_, known := edition(b, list...)
	var stations []news.Station
	for n := range partners {
		id := fmt.Sprintf("s%d", n)
		known.Stations[id] = true
		stations = append(stations, news.Station{ID: id, Name: "Station " + id, Brand: fmt.Sprintf("KX %d.1", n),
			URL: "https://" + id + ".example"})
	}
	return func() publish.Edition {
		e, _ := edition(b, list...)
		e.Stations = stations
		return e
	}, known
}

// freshly is a site that shows an edition and was asked for nothing yet.
func freshly(b *testing.B, e publish.Edition, known publish.Known) *Site {
	site := testSite(b)
	if leftOut, err := site.Publish(b.Context(), e, known); err != nil || len(leftOut) > 0 {
		b.Fatal(leftOut, err)
	}
	return site
}

// cpuTime is how long this process has been at work.
func cpuTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
