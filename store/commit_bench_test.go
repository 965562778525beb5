package store

import (
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"fronteras/aggregator/identity"
	"fronteras/aggregator/news"
	"fronteras/store/storetest"
)

// BenchmarkQueue has one, eight and 64 workers ask two thousand times for a visit of four hundred
// feeds; one visit in ten brings twenty new stories, the others nothing. It shows what the writer's
// queue saves: transactions, and so time and pages written.
//
//	go test -run '^$' -bench Queue ./store
func BenchmarkQueue(b *testing.B) {
	var feeds []news.Feed
	for n := range 400 {
		id := fmt.Sprint("s", n)
		feeds = append(feeds, news.Feed{Station: id, URL: "https://" + id + ".example/rss", Every: time.Hour})
	}
	for _, workers := range []int{1, 8, 64} {
		b.Run(fmt.Sprint(workers), func(b *testing.B) {
			s := open(b, filepath.Join(b.TempDir(), "store.db"), storetest.Rules(b))
			defer s.Close()
			if err := s.Learn(b.Context(), feeds, storetest.Begin); err != nil {
				b.Fatal(err)
			}
			now, before := storetest.Begin, s.db.Stats().TxStats
			for b.Loop() {
				now = now.Add(3 * time.Hour)
				var visits atomic.Int64
				var wait sync.WaitGroup
				for range workers {
					wait.Go(func() {
						for n := visits.Add(1); n <= 2000; n = visits.Add(1) {
							if err := s.visitOnce(b, now, n%10 == 0); err != nil {
								b.Error(err)
								return
							}
						}
					})
				}
				wait.Wait()
			}
			if err := s.Flush(b.Context()); err != nil {
				b.Fatal(err)
			}
			after := s.db.Stats().TxStats
			b.ReportMetric(float64(after.GetWrite()-before.GetWrite())/float64(b.N), "writes/op")
		})
	}
}

// visitOnce claims a visit, if one is due, and saves it.
func (s *Store) visitOnce(b *testing.B, now time.Time, brings bool) error {
	v, _, ok, err := s.Claim(b.Context(), now, func(string, bool) time.Duration { return 0 })
	if err != nil || !ok {
		return err
	}
	v.Due, v.Wait, v.Visited, v.Success = now.Add(time.Hour), time.Hour, now, now
	if !brings {
		return s.SaveLater(b.Context(), v)
	}
	a := &identity.Arrival{Feed: news.Feed{Station: v.Station, URL: v.Feed, Every: time.Hour}, At: now, Whole: true}
	for n := range 20 {
		slug := fmt.Sprint(now.Unix(), "-", n)
		a.Entries = append(a.Entries, storetest.Entry(v.Station, slug, "A story of "+slug, now))
	}
	_, err = s.Save(b.Context(), v, a, nil)
	return err
}
