package store

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fronteras/aggregator/archive"
	"fronteras/aggregator/identity"
	"fronteras/aggregator/news"
	"fronteras/store/storetest"
)

// BenchmarkAYear is what a desk of eight stations stores in a year, each with six stories of 500
// words a day, and what is left of that when the texts have gone; docs/operation.md states it.
//
//	go test -run '^$' -bench AYear -benchtime 1x ./store
func BenchmarkAYear(b *testing.B) {
	for b.Loop() {
		s := open(b, filepath.Join(b.TempDir(), "store.db"), storetest.Rules(b))
		var feeds []news.Feed
		for n := range 8 {
			feeds = append(feeds, news.Feed{Station: fmt.Sprint("s", n),
				URL: fmt.Sprintf("https://s%d.example/rss", n), Every: time.Hour})
		}
		if err := s.Learn(b.Context(), feeds, storetest.Begin); err != nil {
			b.Fatal(err)
		}
		page := map[string][]news.Entry{}
		day := func(day int) {
			at := storetest.Begin.Add(time.Duration(day) * 24 * time.Hour)
			for _, f := range feeds {
				for n := range 6 {
					slug := fmt.Sprintf("story-%d-%d", day, n)
					e := storetest.Entry(f.Station, slug, "A story of "+slug, at.Add(-time.Duration(n)*time.Hour))
					e.Content = "<p>" + strings.Repeat(fmt.Sprintf("word%d of%s day%d ", n, f.Station, day), 170) +
						"</p>"
					page[f.URL] = append([]news.Entry{e}, page[f.URL]...)
				}
				page[f.URL] = page[f.URL][:min(len(page[f.URL]), 30)]
				v := news.FeedState{Feed: f.URL, Station: f.Station, Due: at.Add(time.Hour)}
				if _, err := s.Save(b.Context(), v,
					&identity.Arrival{Feed: f, At: at, Whole: true, Entries: page[f.URL]}, nil); err != nil {
					b.Fatal(err)
				}
			}
			if _, _, err := s.Settle(b.Context(), at); err != nil {
				b.Fatal(err)
			}
		}
		used := func() float64 {
			size, free, err := s.fileSizes()
			if err != nil {
				b.Fatal(err)
			}
			return float64(size-free) / (1 << 20)
		}
		for n := range 365 {
			day(n)
		}
		b.ReportMetric(used(), "MB/year")
		day(365 + int(archive.Retention/(24*time.Hour)))
		for {
			done, err := s.Prune(b.Context(), time.Hour, storetest.Begin)
			if err != nil {
				b.Fatal(err)
			}
			if done == 0 {
				break
			}
		}
		b.ReportMetric(used(), "MB-pruned")
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
