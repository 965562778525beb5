package store

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"fronteras/aggregator/archive"
	"fronteras/aggregator/identity"
	"fronteras/aggregator/news"
	"fronteras/store/storetest"
)

// A file that was written before there were archives gets its lists when it is opened.
func TestOlderFileGetsItsLists(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	s := learned(t, path, storetest.Begin)
	entry := storetest.Entry("ajo", "rain", "Rain", storetest.Begin)
	entry.Topics = []string{"Water"}
	v := news.FeedState{Feed: storetest.Feeds[0].URL, Station: "ajo", Visited: storetest.Begin}
	if _, err := s.Save(t.Context(), v, &identity.Arrival{Feed: storetest.Feeds[0], At: storetest.Begin, Whole: true,
		Entries: []news.Entry{entry}}, nil); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Settle(t.Context(), storetest.Begin); err != nil {
		t.Fatal(err)
	}
	if err := s.db.Update(func(tx *bolt.Tx) error {
		for _, name := range [][]byte{bucketNumbers, bucketClosed, bucketGone, bucketWords} {
			if err := tx.DeleteBucket(name); err != nil {
				return err
			}
		}
		key, value := tx.Bucket(bucketRecent).Cursor().First()
		return tx.Bucket(bucketRecent).Put(key, value[:8:8])
	}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, path, storetest.Rules(t))
	defer s.Close()
	if err := s.CloseArchives(t.Context(), 1, time.Hour); err != nil {
		t.Fatal(err)
	}
	w, err := s.Window(10, time.Hour)
	if err != nil || len(w.Stories) != 1 || w.Closed != 1 {
		t.Errorf("the window is %+v, %v", w, err)
	}
	if topics, _, err := s.TopicsAndLanguages(); err != nil || len(topics) != 1 {
		t.Errorf("topics %q, %v", topics, err)
	}
}

// However many filters are asked for, the file keeps a bounded number of prints,
// and those of the documents that everybody reads.
func TestPrintsAreBounded(t *testing.T) {
	s := learned(t, filepath.Join(t.TempDir(), "store.db"), storetest.Begin)
	defer s.Close()
	documents := []news.Print{{Name: "/feed.rss ", Digest: "a", Changed: storetest.Begin}}
	for n := range archive.MaxDates + 1 {
		documents = append(documents, news.Print{Name: fmt.Sprintf("/feed.rss?topic=%d ", n), Digest: "a",
			Changed: storetest.Begin.Add(time.Hour)})
	}
	for _, list := range [][]news.Print{documents,
		{{Name: "/feed.rss?for=ajo ", Digest: "a", Changed: storetest.Begin}}} {
		// what is pruned is counted as of the write before
		if _, err := s.DateDocuments(t.Context(), list); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.db.View(func(tx *bolt.Tx) error {
		b := tx.Bucket(bucketPrints)
		if n := b.Stats().KeyN; n > archive.MaxDates || b.Get([]byte("/feed.rss ")) == nil {
			t.Errorf("%d prints are kept", n)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}
