package store

import (
	"path/filepath"
	"testing"

	"fronteras/aggregator/identity"
	"fronteras/aggregator/news"
	"fronteras/store/storetest"
)

// Keys are computed again once for each mark: then an item is found by what it is known by now.
func TestKeysAreComputedOnceForEachMark(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "store.db"), storetest.Rules(t))
	defer s.Close()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	feed := storetest.Feeds[0]
	must(s.Learn(t.Context(), storetest.Feeds, storetest.Begin))
	wells := storetest.Entry("ajo", "wells", "Wells run dry", storetest.Begin)
	_, err := s.Save(t.Context(), news.FeedState{Feed: feed.URL, Station: feed.Station},
		&identity.Arrival{Feed: feed, At: storetest.Begin, Whole: true, Entries: []news.Entry{wells}}, nil)
	must(err)
	for _, test := range []struct {
		mark        string
		done, found bool
	}{{"one", true, true}, {"one", false, false}, {"two", true, true}} {
		must(updateFile(s.db, func(tx *sealedTx) error { // as if other rules had made the keys
			for _, name := range [][]byte{bucketKeys, bucketFreshKeys} {
				if err := tx.DeleteBucket(name); err != nil {
					return err
				}
				if _, err := tx.CreateBucket(name); err != nil {
					return err
				}
			}
			return nil
		}))
		done, err := s.Rekey(t.Context(), test.mark, storetest.Begin)
		must(err)
		stories, err := s.Lookup(wells.GUID)
		must(err)
		if done != test.done || len(stories) > 0 != test.found {
			t.Errorf("mark %s: done %t, found %d stories", test.mark, done, len(stories))
		}
	}
}
