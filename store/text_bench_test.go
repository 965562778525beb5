package store

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fronteras/aggregator/identity"
	"fronteras/aggregator/news"
	"fronteras/store/storetest"
)

// BenchmarkTextCandidates folds one new item of 600 words while 4,000 others of
// the last days are in reach: one that is like nothing, one that is a copy, and one
// that has twenty words of each of thirty-two, which makes each a candidate.
//
//	go test -run '^$' -bench TextCandidates ./store
func BenchmarkTextCandidates(b *testing.B) {
	rules := storetest.Rules(b)
	s := open(b, filepath.Join(b.TempDir(), "store.db"), rules)
	defer s.Close()
	if err := s.Learn(b.Context(), storetest.Feeds, storetest.Begin); err != nil {
		b.Fatal(err)
	}
	chance := rand.New(rand.NewPCG(1, 2))
	texts := make([]string, 4000)
	feed := storetest.Feeds[0]
	for from := 0; from < len(texts); from += 500 {
		var page []news.Entry
		for n := from; n < from+500; n++ {
			texts[n] = prose(chance, 600)
			page = append(page, toldAs("ajo", fmt.Sprint("old-", n), texts[n],
				storetest.Begin.Add(-time.Duration(n)*time.Minute)))
		}
		if _, err := s.Save(b.Context(), news.FeedState{Feed: feed.URL, Station: feed.Station},
			&identity.Arrival{Feed: feed, At: storetest.Begin, Entries: page}, nil); err != nil {
			b.Fatal(err)
		}
	}
	if _, _, err := s.Settle(b.Context(), storetest.Begin); err != nil {
		b.Fatal(err)
	}
	var mixed []string
	for n := range 32 {
		mixed = append(mixed, strings.Join(strings.Fields(texts[n*100])[100:120], " "))
	}
	for name, text := range map[string]string{"new": prose(chance, 600), "copy": texts[7],
		"32 candidates": strings.Join(mixed, " ")} {
		b.Run(name, func(b *testing.B) {
			other := storetest.Feeds[1]
			a := identity.Arrival{Feed: other, At: storetest.Begin.Add(time.Hour), Whole: true,
				Entries: []news.Entry{toldAs("kmsa", "fresh", text, storetest.Begin)}}
			b.ReportAllocs()
			for b.Loop() {
				err := viewFile(s.db, func(tx *sealedTx) error {
					rules.Resolve(s.readerOf(tx, a.At), a)
					return nil
				})
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// toldAs is an entry with a text.
func toldAs(station, slug, text string, at time.Time) news.Entry {
	e := storetest.Entry(station, slug, "Headline of "+slug, at)
	e.Content, e.Language = "<p>"+text+"</p>", "en"
	return e
}

// prose is a number of words, as often as words of a language are.
func prose(chance *rand.Rand, words int) string {
	often := rand.NewZipf(chance, 1.1, 4, 5000)
	list := make([]string, words)
	for n := range list {
		list[n] = fmt.Sprintf("word%x", often.Uint64())
	}
	return strings.Join(list, " ")
}
