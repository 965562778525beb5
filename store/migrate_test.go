package store

import (
	"bytes"
	"errors"
	"path/filepath"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"fronteras/aggregator/identity"
	"fronteras/aggregator/news"
	"fronteras/store/storetest"
)

// Files of format 1 hold leases by their feeds, and the order in which feeds are due;
// the first of them the times of a visit in its record, and a leased visit among
// those that are due at its lease's end.
func TestTimesOfOlderFilesAreKept(t *testing.T) {
	for name, before := range map[string]func(s *Store) func(tx *sealedTx) error{"with times apart": asBefore,
		"with times in the record": asAtFirst} {
		t.Run(name, func(t *testing.T) { testTimesOfOlderFiles(t, before) })
	}
}

func testTimesOfOlderFiles(t *testing.T, before func(s *Store) func(tx *sealedTx) error) {
	path := filepath.Join(t.TempDir(), "store.db")
	s := open(t, path, storetest.Rules(t))
	if err := s.Learn(t.Context(), storetest.Feeds, storetest.Begin); err != nil {
		t.Fatal(err)
	}
	now := storetest.Begin.Add(2 * time.Minute)
	if leased, _, err := s.Lease(t.Context(), []string{storetest.Feeds[1].URL}, now); len(leased) != 1 || err != nil {
		t.Fatal(leased, err)
	}
	v := news.FeedState{
		Feed: storetest.Feeds[0].URL, Station: storetest.Feeds[0].Station, ETag: `"é"`, Due: now.Add(time.Hour),
		Wait:  time.Hour,
		Asked: now.Add(-time.Second), Visited: now, Success: now.Add(-time.Nanosecond),
	}
	if _, err := s.Save(t.Context(), v, nil, nil); err != nil {
		t.Fatal(err)
	}
	want, err := s.FeedStates()
	if err != nil {
		t.Fatal(err)
	}
	unsealFile(t, s.db)
	if err := updateFile(s.db, before(s)); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, path, storetest.Rules(t))
	defer s.Close()
	got, err := s.FeedStates()
	if err != nil || len(got) != len(want) {
		t.Fatal(got, err)
	}
	for n, v := range want {
		if g := got[n]; g.ETag != v.ETag || g.Wait != v.Wait || !g.Due.Equal(v.Due) || !g.Asked.Equal(v.Asked) ||
			!g.Leased.Equal(v.Leased) || !g.Visited.Equal(v.Visited) || !g.Success.Equal(v.Success) {
			t.Errorf("%+v, want %+v", g, v)
		}
	}
	if c, err := s.Verify(t.Context()); err != nil || len(c.Faults) > 0 {
		t.Error(c.Faults, err)
	}
	if _, held, err := s.Lease(t.Context(), []string{storetest.Feeds[1].URL}, now.Add(time.Minute)); len(held) != 1 ||
		err != nil {
		t.Error("who made the file's lease does not hold it any more", err)
	}
}

// unsealFile makes a file of format 2 of one of the present format.
func unsealFile(t *testing.T, db *bolt.DB) {
	t.Helper()
	err := db.Update(func(plain *bolt.Tx) error {
		tx := &sealedTx{Tx: plain}
		for _, name := range buckets {
			b, list := tx.Bucket(name), []entry(nil)
			err := b.ForEach(func(key, value []byte) error {
				list = append(list, entry{bytes.Clone(key), bytes.Clone(value)})
				return nil
			})
			for _, e := range list {
				err = errors.Join(err, b.Bucket.Put(e.key, e.value))
			}
			if err != nil {
				return err
			}
		}
		m, err := readAbout(tx)
		m.Format = 2
		return errors.Join(err, putAbout(tx, m), plain.DeleteBucket(bucketSums))
	})
	if err != nil {
		t.Fatal(err)
	}
}

// asBefore makes a file of format 1 of a store's.
func asBefore(s *Store) func(tx *sealedTx) error {
	return func(tx *sealedTx) error {
		due, err := tx.CreateBucket(bucketDue)
		if err != nil {
			return err
		}
		if err := tx.DeleteBucket(bucketLeases); err != nil {
			return err
		}
		leases, err := tx.CreateBucket(bucketLeases)
		if err != nil {
			return err
		}
		return eachFeedState(tx, s.timetable, func(feed uint64, v news.FeedState) (err error) {
			if !v.Leased.IsZero() {
				err = leases.Put(numberKey(feed), numberKey(uint64(v.Asked.UnixNano())))
			}
			return errors.Join(err, due.Put(append(momentKey(v.Due), numberKey(feed)...), emptyValue))
		})
	}
}

// asAtFirst puts the visits' times back into their records as well.
func asAtFirst(s *Store) func(tx *sealedTx) error {
	return func(tx *sealedTx) error {
		if err := asBefore(s)(tx); err != nil {
			return err
		}
		err := eachFeedState(tx, s.timetable, func(feed uint64, v news.FeedState) error {
			v.ETag = bytesToText(v.ETag)
			if !v.Leased.IsZero() {
				due := tx.Bucket(bucketDue)
				if err := errors.Join(due.Delete(append(momentKey(v.Due), numberKey(feed)...)),
					due.Put(append(momentKey(v.Leased), numberKey(feed)...), emptyValue)); err != nil {
					return err
				}
				v.Asked, v.Leased = time.Time{}, time.Time{}
			}
			return putRecord(tx.Bucket(bucketVisits), numberKey(feed), v)
		})
		return errors.Join(err, tx.DeleteBucket(bucketTimes))
	}
}

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
	unsealFile(t, s.db)
	if err := updateFile(s.db, func(tx *sealedTx) error {
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
