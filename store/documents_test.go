package store

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"fronteras/aggregator/archive"
	"fronteras/aggregator/news"
	"fronteras/store/storetest"
)

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
	if err := viewFile(s.db, func(tx *sealedTx) error {
		b := tx.Bucket(bucketPrints)
		if n := b.Stats().KeyN; n > archive.MaxDates || b.Get([]byte("/feed.rss ")) == nil {
			t.Errorf("%d prints are kept", n)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}
