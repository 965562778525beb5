package store

import (
	"bytes"
	"errors"
	"slices"

	bolt "go.etcd.io/bbolt"

	"fronteras/aggregator/archive"
	"fronteras/aggregator/news"
)

// beginEmpty are buckets that begin empty in an older file, too.
var beginEmpty = [][]byte{bucketFreshKeys, bucketFreshIDs, bucketLearned, bucketChanges}

// migrate makes a file one of the present format, and creates and fills the buckets that it lacks;
// a new file has none. It runs before anything is written that earlier versions cannot read.
func migrate(tx *bolt.Tx, version string) error {
	if err := createBuckets(tx); err != nil {
		return err
	}
	m, err := readAbout(tx)
	if err != nil || m.Format == Format {
		return err
	}
	m.Format, m.Version = Format, version
	return putAbout(tx, m)
}

// createBuckets makes the lists that an older file lacks, and brings the others up to what this
// program enters in them. What stands there already is not written again: an archive may be large.
func createBuckets(tx *bolt.Tx) error {
	split := tx.Bucket(bucketVisits) == nil || tx.Bucket(bucketTimes) != nil
	lacking := map[string]bool{}
	for _, name := range buckets {
		if tx.Bucket(name) != nil {
			continue
		}
		if !slices.ContainsFunc(beginEmpty, func(empty []byte) bool { return bytes.Equal(name, empty) }) {
			lacking[string(name)] = true
		}
		if _, err := tx.CreateBucket(name); err != nil {
			return err
		}
	}
	if err := splitTimes(tx, split); err != nil {
		return err
	}
	if len(lacking) == 0 {
		return nil
	}
	counts := map[string]int{}
	c := tx.Bucket(bucketStories).Cursor()
	for key, _ := c.First(); key != nil; key, _ = c.Next() {
		s, err := bareStory(tx, numberOf(key))
		if err != nil {
			return err
		}
		archive.AddCounts(counts, s, 1)
		if err := enter(tx, s, false); err != nil {
			return err
		}
		if s.IDAssignedAt.IsZero() || !lacking[string(bucketWords)] {
			continue
		}
		if s, err = storyOf(tx, s.Number); err != nil {
			return err
		}
		if err := listShown(tx, s); err != nil {
			return err
		}
	}
	return putCounts(tx, counts)
}

// splitTimes has the times of visits, and leases, stand as they do now. Split is whether
// the times have records of their own already.
func splitTimes(tx *bolt.Tx, split bool) error {
	if tx.Bucket(bucketDue) == nil {
		return nil
	}
	begun, err := oldLeases(tx)
	if err != nil {
		return err
	}
	visits := map[uint64]news.FeedState{}
	err = tx.Bucket(bucketVisits).ForEach(func(key, text []byte) error {
		if v, err := decodeRecord(text); err == nil { // else it is told where that feed is asked for
			visits[numberOf(key)] = v
		}
		return nil
	})
	for feed, v := range visits {
		err = errors.Join(err, splitTimesOf(tx, feed, v, split, begun))
	}
	return errors.Join(err, tx.DeleteBucket(bucketDue))
}

// oldLeases is when the leases began that are in a file of format 1, by their feeds.
// Each becomes one as it is now.
func oldLeases(tx *bolt.Tx) (begun map[uint64]int64, err error) {
	begun = map[uint64]int64{}
	err = tx.Bucket(bucketLeases).ForEach(func(feed, when []byte) error {
		begun[numberOf(feed)] = int64(numberOf(when))
		return nil
	})
	if err = errors.Join(err, tx.DeleteBucket(bucketLeases)); err != nil {
		return nil, err
	}
	if _, err := tx.CreateBucket(bucketLeases); err != nil {
		return nil, err
	}
	for feed, when := range begun {
		err = errors.Join(err, lease{number: feed, begun: when, feeds: []uint64{feed}}.put(tx))
	}
	return begun, err
}

// splitTimesOf does it for one feed. Times that cannot be read stay as they are, to be
// told of where their feed is asked for.
func splitTimesOf(tx *bolt.Tx, feed uint64, v news.FeedState, split bool, begun map[uint64]int64) error {
	t := timesOf(&v)
	if split {
		var err error
		if t, err = decodeTimes(tx.Bucket(bucketTimes).Get(number(feed))); err != nil {
			return nil
		}
	}
	if v.Retired {
		t.due = never
	}
	if _, held := begun[feed]; held {
		t.asked = never // as the lease says
	}
	return errors.Join(tx.Bucket(bucketTimes).Put(number(feed), t.encode()), putRecord(tx, feed, withoutTimes(v)))
}
