package store

import (
	"errors"

	bolt "go.etcd.io/bbolt"

	"fronteras/aggregator/news"
)

// bucketDue is in files of format 1: time, feed → . In it stand the feeds that are
// due, and the key of a lease is then its feed, the value when it began.
var bucketDue = []byte("due")

// toTimes has the times of visits, and leases, stand as they do now. Split is whether
// the times have records of their own already.
func toTimes(tx *bolt.Tx, split bool) error {
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
		err = errors.Join(err, toTimesOf(tx, feed, v, split, begun))
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

// toTimesOf does it for one feed. Times that cannot be read stay as they are, to be
// told of where their feed is asked for.
func toTimesOf(tx *bolt.Tx, feed uint64, v news.FeedState, split bool, begun map[uint64]int64) error {
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
