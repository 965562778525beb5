package store

import (
	"bytes"
	"errors"
	"slices"

	"fronteras/aggregator/archive"
	"fronteras/aggregator/news"
)

// beginEmpty are the buckets that are created empty in an older file too.
var beginEmpty = [][]byte{bucketFreshKeys, bucketFreshIDs, bucketLearned, bucketChanges, bucketSums,
	bucketCopies, bucketEdits, bucketSessions, bucketLinks, bucketCases, bucketQuestions, bucketAsked,
	bucketEvents, bucketRecipients, bucketDeliveries, bucketNoted}

// migrateFile makes a file one of the present format, and creates and fills the buckets that it
// lacks; a new file has none. It runs before anything is written that earlier versions cannot read.
func migrateFile(tx *sealedTx, version string) error {
	if err := createBuckets(tx); err != nil {
		return err
	}
	m, err := readAbout(tx)
	if err != nil {
		return err
	}
	if m.Format != Format {
		m.Format, m.Version = Format, version
		if err := putAbout(tx, m); err != nil {
			return err
		}
	}
	if !tx.earlier {
		return nil
	}
	return sealFile(tx)
}

// sealFile seals the records of a file of an earlier format, and adds up what it holds. Items and
// stories stay as they are until they are written again, for there may be millions: what they are
// is in the sums.
func sealFile(tx *sealedTx) error {
	tx.earlier = false
	for _, name := range buckets {
		b := tx.Bucket(name)
		if !b.layout.sealed || b.layout.plain {
			continue
		}
		var list []entry
		err := b.Bucket.ForEach(func(key, value []byte) error {
			list = append(list, entry{bytes.Clone(key), bytes.Clone(value)})
			return nil
		})
		for _, e := range list {
			err = errors.Join(err, b.Put(e.key, e.value))
		}
		if err != nil {
			return err
		}
	}
	tx.sums = tx.sumFile()
	return nil
}

// createBuckets makes the lists that an older file lacks, and brings the others up to what this
// program enters in them. What stands there already is not written again: an archive may be large.
func createBuckets(tx *sealedTx) error {
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
	if err := splitVisitTimes(tx, split); err != nil {
		return err
	}
	if len(lacking) == 0 {
		return nil
	}
	counts := map[string]int{}
	c := tx.Bucket(bucketStories).Cursor()
	for key, _ := c.First(); key != nil; key, _ = c.Next() {
		s, err := readBareStory(tx, numberFromKey(key))
		if err != nil {
			return err
		}
		archive.AddCounts(counts, s, 1)
		if err := enterStory(tx, s, false); err != nil {
			return err
		}
		if s.IDAssignedAt.IsZero() || !lacking[string(bucketWords)] {
			continue
		}
		if s, err = readStory(tx, s.Number); err != nil {
			return err
		}
		if err := noteShownWords(tx, s); err != nil {
			return err
		}
	}
	return putCounts(tx, counts)
}

// splitVisitTimes writes the times of visits, and leases, as they are written now. Split is whether
// the times have records of their own already.
func splitVisitTimes(tx *sealedTx, split bool) error {
	if tx.Bucket(bucketDue) == nil {
		return nil
	}
	begun, err := convertOldLeases(tx)
	if err != nil {
		return err
	}
	visits := map[uint64]news.FeedState{}
	err = tx.Bucket(bucketVisits).ForEach(func(key, text []byte) error {
		if v, err := decodeFeedRecord(text); err == nil { // else it is reported where that feed is looked up
			visits[numberFromKey(key)] = v
		}
		return nil
	})
	for feed, v := range visits {
		err = errors.Join(err, splitTimesOfFeed(tx, feed, v, split, begun))
	}
	return errors.Join(err, tx.DeleteBucket(bucketDue))
}

// convertOldLeases writes the leases of a file of format 1 as they are written now, and gives when
// each began, by its feed.
func convertOldLeases(tx *sealedTx) (begun map[uint64]int64, err error) {
	begun = map[uint64]int64{}
	err = tx.Bucket(bucketLeases).ForEach(func(feed, when []byte) error {
		begun[numberFromKey(feed)] = int64(numberFromKey(when))
		return nil
	})
	if err = errors.Join(err, tx.DeleteBucket(bucketLeases)); err != nil {
		return nil, err
	}
	if _, err := tx.CreateBucket(bucketLeases); err != nil {
		return nil, err
	}
	for feed, when := range begun {
		err = errors.Join(err, lease{number: feed, begun: when, feeds: []uint64{feed}}.writeRecord(tx))
	}
	return begun, err
}

// splitTimesOfFeed does that for one feed. Times that cannot be read stay as they are.
func splitTimesOfFeed(tx *sealedTx, feed uint64, v news.FeedState, split bool, begun map[uint64]int64) error {
	t := timesOfState(&v)
	if split {
		var err error
		if t, err = decodeTimes(tx.Bucket(bucketTimes).Get(numberKey(feed))); err != nil {
			return nil //nolint:nilerr // it is reported where the feed is looked up
		}
	}
	if v.Retired {
		t.due = never
	}
	if _, held := begun[feed]; held {
		t.asked = never // as the lease says
	}
	return errors.Join(tx.Bucket(bucketTimes).Put(numberKey(feed), t.encodeTimes()),
		putFeedRecord(tx, feed, withoutTimes(v)))
}
