package store

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fronteras/aggregator/identity"
	"fronteras/aggregator/news"
	"fronteras/store/storetest"
)

// BenchmarkFold folds a document of fifty entries, two of them new and of 600 words, in a small
// archive and in a large one: the same number of reads, in about the same time.
//
//	go test -run '^$' -bench Fold ./store
func BenchmarkFold(b *testing.B) {
	for _, stored := range []int{1_000, 200_000} {
		b.Run(fmt.Sprint(stored), func(b *testing.B) {
			rules := storetest.Rules(b)
			s := open(b, filepath.Join(b.TempDir(), "store.db"), rules)
			defer s.Close()
			page := fill(b, s, stored)
			a := identity.Arrival{Feed: storetest.Feeds[0], At: storetest.Begin.Add(time.Hour), Whole: true,
				Entries: append(fresh(2), page[:48]...)}
			b.ReportAllocs()
			reads := 0
			for b.Loop() {
				reads = 0
				err := viewFile(s.db, func(tx *sealedTx) error {
					rules.Resolve(counting{s.readerOf(tx, a.At), &reads}, a)
					return nil
				})
				if err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(reads), "reads/op")
		})
	}
}

// readerOf is what the rules see in the writer's transactions.
func (s *Store) readerOf(tx *sealedTx, at time.Time) reader {
	return readerAt(txn{sealedTx: tx, textKeys: s.textKeys}, at)
}

// fill stores and settles a number of stories, and gives the feed's last document.
func fill(b *testing.B, s *Store, stored int) (page []news.Entry) {
	b.Helper()
	if err := s.Learn(b.Context(), storetest.Feeds, storetest.Begin); err != nil {
		b.Fatal(err)
	}
	feed := storetest.Feeds[0]
	for next := 0; next < stored; {
		page = nil
		// as many a day as a feed can bring
		at := storetest.Begin.Add(-time.Duration((stored-next-1)/500) * 24 * time.Hour)
		for range min(500, stored-next) {
			next++
			page = append(page, storetest.Entry("ajo", fmt.Sprint("story-", next),
				fmt.Sprint("Story of number ", next), at.Add(-time.Duration((stored-next)%500)*time.Second)))
		}
		v := news.FeedState{Feed: feed.URL, Station: feed.Station}
		if _, err := s.Save(b.Context(), v, &identity.Arrival{Feed: feed, At: at, Whole: true, Entries: page},
			nil); err != nil {
			b.Fatal(err)
		}
	}
	if _, _, err := s.Settle(b.Context(), storetest.Begin); err != nil {
		b.Fatal(err)
	}
	return page
}

// fresh are entries that are new, with long texts.
func fresh(n int) []news.Entry {
	var list []news.Entry
	for k := range n {
		e := storetest.Entry("ajo", fmt.Sprint("fresh-", k), fmt.Sprint("Fresh story of number ", k), storetest.Begin)
		var text strings.Builder
		for w := range 600 {
			fmt.Fprintf(&text, "word%d%c ", w, 'a'+k)
		}
		e.Content = "<p>" + text.String() + "</p>"
		e.Digest[0] ^= 0xff
		list = append(list, e)
	}
	return list
}

// counting counts what a fold reads of a store.
type counting struct {
	reader
	n *int
}

func (c counting) Find(k identity.Key, limit int) []uint64 {
	*c.n++
	return c.reader.Find(k, limit)
}

func (c counting) Item(n uint64) *news.Item {
	*c.n++
	return c.reader.Item(n)
}

func (c counting) Story(n uint64) *news.Story {
	*c.n++
	return c.reader.Story(n)
}

func (c counting) Bare(n uint64) *news.Story {
	*c.n++
	return c.reader.Bare(n)
}

func (c counting) StoryOf(id string) uint64 {
	*c.n++
	return c.reader.StoryOf(id)
}
