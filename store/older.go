package store

import (
	"bytes"
	"errors"

	bolt "go.etcd.io/bbolt"
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
	visits, written := tx.Bucket(bucketVisits), map[uint64][]byte{}
	err = visits.ForEach(func(key, text []byte) error {
		written[numberOf(key)] = bytes.Clone(text)
		return nil
	})
	for feed, text := range written {
		err = errors.Join(err, toTimesOf(tx, feed, text, split, begun))
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

// toTimesOf does it for one feed. A record that cannot be read stays as it is, to be
// told of where its feed is asked for.
func toTimesOf(tx *bolt.Tx, feed uint64, text []byte, split bool, begun map[uint64]int64) error {
	v, err := decodeRecord(text)
	if err != nil {
		return nil
	}
	t := timesOf(&v)
	if split {
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
