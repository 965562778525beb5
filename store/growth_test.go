package store

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"fronteras/aggregator/identity"
	"fronteras/aggregator/news"
	"fronteras/store/storetest"
)

// A partner decides what its feed changes, and not how large the store becomes by it: over a day,
// it stops growing.
func TestAFeedThatChangesAtEachVisitDoesNotGrowTheStore(t *testing.T) {
	names := func(e *news.Entry, item, visit int) {
		e.GUID = fmt.Sprintf("https://ajo.example/?p=%d-%d", item, visit)
		e.URL = fmt.Sprintf("https://ajo.example/2031/02/other-address-%d-%d", item, visit)
		for n := range 8 {
			e.Links = append(e.Links, news.Link{Rel: "via", URL: fmt.Sprintf("https://kmsa.example/2031/02/via-%d-%d-%d", item, visit, n)})
			e.Topics = append(e.Topics, fmt.Sprintf("Topic %d of %d at %d", n, item, visit))
		}
	}
	words := func(e *news.Entry, item, visit int) {
		var text strings.Builder
		for n := range 600 {
			fmt.Fprintf(&text, "word%dx%dx%d ", item, visit, n)
		}
		e.Content = "<p>" + text.String() + "</p>"
		e.Title = fmt.Sprint("Another headline of item ", item, " at visit ", visit)
		e.Published = storetest.Begin.Add(time.Duration(visit)*time.Minute - time.Duration(item)*time.Second)
		e.Enclosures = []news.Enclosure{{URL: fmt.Sprintf("https://cdn.example/%d-%d.mp3", item, visit), Type: "audio/mpeg"}}
	}
	for name, change := range map[string]func(e *news.Entry, item, visit int){
		"GUIDs, addresses, claims and topics": names,
		"texts, headlines, dates and audio":   words,
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, filepath.Join(t.TempDir(), "store.db"), storetest.Rules(t))
			defer s.Close()
			if err := s.Learn(t.Context(), storetest.Feeds, storetest.Begin); err != nil {
				t.Fatal(err)
			}
			feed := storetest.Feeds[0]
			var halfway int
			const items, visits = 12, 80
			for visit := range visits {
				at := storetest.Begin.Add(time.Duration(visit) * 10 * time.Minute)
				var entries []news.Entry
				for item := range items {
					e := storetest.Entry("ajo", fmt.Sprint("item-", item), fmt.Sprint("Item ", item), storetest.Begin)
					change(&e, item, visit)
					e.Digest[0], e.Digest[1] = byte(visit), byte(item)
					entries = append(entries, e)
				}
				saved, err := s.Save(t.Context(), news.FeedState{Feed: feed.URL, Station: feed.Station, ETag: `"one"`},
					&identity.Arrival{Feed: feed, At: at, Whole: true, Entries: entries}, nil)
				if err != nil {
					t.Fatal(err)
				}
				if _, _, err := s.Settle(t.Context(), at); err != nil {
					t.Fatal(err)
				}
				if state := s.stateOf(t, feed.URL); (state.ETag == "") != (saved.Postponed > 0) {
					t.Fatalf("%d items are postponed, and the document is kept as %q", saved.Postponed, state.ETag)
				}
				if visit == visits/2 {
					halfway = s.contentSize(t)
				}
			}
			if size := s.contentSize(t); 100*size > 102*halfway {
				t.Errorf("after %d visits the store holds %d bytes, after half of them %d", visits, size, halfway)
			}
		})
	}
}

// stateOf is the state of a feed.
func (s *Store) stateOf(t *testing.T, feed string) news.FeedState {
	t.Helper()
	states, err := s.FeedStates()
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range states {
		if v.Feed == feed {
			return v
		}
	}
	t.Fatalf("%s has no state", feed)
	return news.FeedState{}
}

// contentSize is how many bytes of keys and values a store holds.
func (s *Store) contentSize(t *testing.T) (size int) {
	t.Helper()
	err := viewFile(s.db, func(tx *sealedTx) error {
		return tx.ForEach(func(_ []byte, b *bolt.Bucket) error {
			return b.ForEach(func(key, value []byte) error {
				size += len(key) + len(value)
				return nil
			})
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return size
}

func TestTopicsBeyondTwentyThousandAreNotKnown(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "store.db"), storetest.Rules(t))
	defer s.Close()
	err := s.update(t.Context(), func(tx txn) error {
		for n := range maxWords - 2 {
			if err := tx.Bucket(bucketWords).Put(fmt.Appendf(nil, "ttopic %d", n), emptyValue); err != nil {
				return err
			}
		}
		if err := noteTopicsAndLanguage(tx.sealedTx, []string{"topic 7", "Border", "Water"}, "es"); err != nil {
			return err
		}
		return noteTopicsAndLanguage(tx.sealedTx, []string{"Border", "Roads"}, "")
	})
	if err != nil {
		t.Fatal(err)
	}
	topics, languages, err := s.TopicsAndLanguages()
	if err != nil || len(topics) != maxWords || len(languages) != 0 {
		t.Errorf("%d topics and %d languages are known, %v", len(topics), len(languages), err)
	}
}

func TestAnItemHasAThousandTextKeys(t *testing.T) {
	p := newTextKeys(minSlots)
	for tag := range uint32(3000) {
		p.addItem(tag, 1, 500)
	}
	if have := p.used; have != maxOfItem {
		t.Errorf("the first item has %d keys", have)
	}
	p.endTransaction(false) // what was not kept does not count
	for tag := range uint32(100) {
		p.addItem(tag, 1, 500)
	}
	p.endTransaction(true)
	for tag := range uint32(10_000) { // the table grows
		p.addItem(tag, 2+tag/1000, 500)
	}
	if p.of[1] != 100 || p.of[5] != 1000 {
		t.Errorf("after the table grew, items have %d and %d keys", p.of[1], p.of[5])
	}
}
