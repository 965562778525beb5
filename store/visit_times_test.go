package store

import (
	"path/filepath"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"

	"fronteras/aggregator/news"
	"fronteras/store/storetest"
)

// Files of before hold the times of a visit in its record, and a leased visit among
// those that are due at its lease's end.
func TestTimesAreSplitOffOlderRecords(t *testing.T) {
	path := filepath.Join(t.TempDir(), "store.db")
	s := open(t, path, storetest.Rules(t))
	if err := s.Learn(t.Context(), storetest.Feeds, storetest.Begin); err != nil {
		t.Fatal(err)
	}
	now := storetest.Begin.Add(2 * time.Minute)
	if leased, _, err := s.Lease(t.Context(), []string{storetest.Feeds[1].URL}, now); len(leased) != 1 || err != nil {
		t.Fatal(leased, err)
	}
	v := news.Visit{
		Feed: storetest.Feeds[0].URL, Station: storetest.Feeds[0].Station, ETag: `"é"`, Due: now.Add(time.Hour), Wait: time.Hour,
		Asked: now.Add(-time.Second), Visited: now, Success: now.Add(-time.Nanosecond),
	}
	if _, err := s.Save(t.Context(), v, nil, nil); err != nil {
		t.Fatal(err)
	}
	want, err := s.Visits()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.db.Update(asBefore); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, path, storetest.Rules(t))
	defer s.Close()
	got, err := s.Visits()
	if err != nil || len(got) != len(want) {
		t.Fatal(got, err)
	}
	for n, v := range want {
		if g := got[n]; g.ETag != v.ETag || g.Wait != v.Wait || !g.Due.Equal(v.Due) || !g.Asked.Equal(v.Asked) || !g.Leased.Equal(v.Leased) || !g.Visited.Equal(v.Visited) || !g.Success.Equal(v.Success) {
			t.Errorf("%+v, want %+v", g, v)
		}
	}
	if c, err := s.Verify(t.Context()); err != nil || len(c.Faults) > 0 {
		t.Error(c.Faults, err)
	}
	err = s.db.View(func(tx *bolt.Tx) error {
		if n := tx.Bucket(bucketDue).Inspect().KeyN; n != len(want) {
			t.Errorf("%d visits are due, want %d", n, len(want))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// asBefore puts the visits' times back into their records.
func asBefore(tx *bolt.Tx) error {
	err := eachVisit(tx, func(feed uint64, v news.Visit) error {
		v.ETag = toText(v.ETag)
		if !v.Leased.IsZero() {
			due := tx.Bucket(bucketDue)
			if err := due.Delete(append(moment(v.Due), number(feed)...)); err != nil {
				return err
			}
			if err := due.Put(append(moment(v.Leased), number(feed)...), nothing); err != nil {
				return err
			}
			v.Asked, v.Leased = time.Time{}, time.Time{}
		}
		return put(tx.Bucket(bucketVisits), number(feed), v)
	})
	if err != nil {
		return err
	}
	return tx.DeleteBucket(bucketTimes)
}
