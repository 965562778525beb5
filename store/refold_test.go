package store

import (
	"path/filepath"
	"testing"
	"time"

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

// A file of an older program has no keys by which people in bylines are found: a refold makes them
// before it asks whom stations name, whatever story comes first.
func TestARefoldFindsReportersOfOlderFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	s := open(t, path, storetest.Rules(t))
	defer func() { s.Close() }()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(s.Learn(t.Context(), storetest.Feeds, storetest.Begin))
	entries := []news.Entry{storetest.Entry("ajo", "wells", "Wells run dry in the valley", storetest.Begin),
		storetest.Entry("kmsa", "dam", "Another dam is built up the river", storetest.Begin)}
	for n, feed := range storetest.Feeds[:2] {
		entries[n].Byline, entries[n].Authors = "Rosa Vidal", []news.Person{{Name: "Rosa Vidal"}}
		_, err := s.Save(t.Context(), news.FeedState{Feed: feed.URL, Station: feed.Station},
			&identity.Arrival{Feed: feed, At: storetest.Begin, Whole: true, Entries: entries[n : n+1]}, nil)
		must(err)
		_, _, err = s.Settle(t.Context(), storetest.Begin)
		must(err)
		must(updateFile(s.db, func(tx *sealedTx) error {
			must(tx.DeleteBucket(bucketPassing))
			_, err := tx.CreateBucket(bucketPassing)
			return err
		}))
		must(s.Close())
		s = open(t, path, storetest.Rules(t))
	}
	named := func() (names []string) {
		for _, e := range entries {
			stories, err := s.Lookup(e.GUID)
			must(err)
			for _, found := range stories {
				if found.Origin != nil {
					names = append(names, found.Origin.Name)
				}
			}
		}
		return names
	}
	if before := named(); len(before) != 2 {
		t.Fatalf("before: %v", before)
	}
	_, err := s.Refold(t.Context(), storetest.Begin.Add(time.Hour), false)
	must(err)
	if after := named(); len(after) > 0 {
		t.Errorf("made by %v, though both name one reporter", after)
	}
}
