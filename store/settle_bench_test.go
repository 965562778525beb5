package store

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"fronteras/aggregator/identity"
	"fronteras/aggregator/news"
	"fronteras/store/storetest"
)

// BenchmarkSettle settles ten thousand new stories that two hundred feeds have brought, fifty each.
//
//	go test -run '^$' -bench Settle ./store
func BenchmarkSettle(b *testing.B) {
	var feeds []news.Feed
	for n := range 200 {
		feeds = append(feeds, news.Feed{Station: fmt.Sprint("s", n), URL: fmt.Sprintf("https://s%d.example/rss", n),
			Every: time.Hour})
	}
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		s := open(b, filepath.Join(b.TempDir(), "store.db"), storetest.Rules(b))
		if err := s.Learn(b.Context(), feeds, storetest.Begin); err != nil {
			b.Fatal(err)
		}
		for _, f := range feeds {
			a := &identity.Arrival{Feed: f, At: storetest.Begin, Whole: true}
			for n := range 50 {
				slug := fmt.Sprint("story-", n)
				a.Entries = append(a.Entries, storetest.Entry(f.Station, slug, "A story of "+slug+" by "+f.Station,
					storetest.Begin.Add(-time.Duration(n)*time.Hour)))
			}
			if _, err := s.Save(b.Context(), news.FeedState{Feed: f.URL, Station: f.Station}, a, nil); err != nil {
				b.Fatal(err)
			}
		}
		b.StartTimer()
		if _, _, err := s.Settle(b.Context(), storetest.Begin); err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
}
