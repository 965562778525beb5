package store

import (
	"bytes"
	"errors"
	"maps"
	"math"
	"slices"
	"time"

	bolt "go.etcd.io/bbolt"

	"fronteras/aggregator/archive"
	"fronteras/aggregator/identity"
	"fronteras/aggregator/news"
)

// What a file has lost by damage is left out: an item and its story. All else is made good when the
// file is opened, before anything else is written: rulings are kept twice, lists are made of the
// stories again, feeds start again, what happens anyway happens again.

// Buckets by what becomes of what cannot be read in them.
var (
	// feedBuckets hold what is known of feeds, by their numbers: those feeds start again.
	feedBuckets = [][]byte{
		bucketVisits, bucketTimes, bucketMemory, bucketMarks, bucketChanges,
		bucketParagraphs, bucketLearned, bucketFacts,
	}
	// otherBuckets hold what is made again, or is done without: it is taken out.
	otherBuckets = [][]byte{
		bucketFeeds, bucketLeases, bucketPassing, bucketSubscriptions, bucketSubscribers, bucketPrints, bucketKept,
		bucketRulings, bucketCopies, bucketEdits, bucketSessions, bucketLinks, bucketCases, bucketQuestions, bucketAsked,
		bucketEvents, bucketRecipients, bucketDeliveries, bucketNoted,
	}
	// listBuckets are made of the stories again. Some hold what no story says any more: that stays.
	listBuckets = [][]byte{
		bucketIDs, bucketFreshIDs, bucketOrder, bucketFlagged, bucketUnpublished, bucketRecent, bucketUnsettled,
		bucketUntil, bucketGone,
		bucketKeys, bucketFreshKeys, bucketNumbers, bucketWords,
	}
	keptLists = [][]byte{bucketKeys, bucketFreshKeys, bucketNumbers, bucketWords}
)

// mender makes good what was damaged in a file.
type mender struct {
	tx    *sealedTx
	holds *inventory // what the file was found to hold
	rules *identity.Rules
}

// mendFile makes a file good, and gives the addresses of the feeds that start again.
func (m mender) mendFile(now time.Time) (restarted []string, err error) {
	if err := m.mendSequences(); err != nil {
		return nil, err
	}
	restart := map[uint64]bool{}
	counts, changed := false, map[string]bool{}
	for _, r := range m.holds.spoiled {
		name, of := []byte(r.bucket), func(b []byte) bool { return r.bucket == string(b) }
		counts = counts || of(bucketMeta)
		perFeed := slices.ContainsFunc(feedBuckets, of)
		if !perFeed && !slices.ContainsFunc(otherBuckets, of) {
			continue
		}
		if perFeed && len(r.key) >= 8 {
			restart[numberFromKey([]byte(r.key))] = true
		}
		changed[r.bucket] = true
		if err := m.tx.Bucket(name).Delete([]byte(r.key)); err != nil {
			return nil, err
		}
	}
	if err := errors.Join(m.mendRulings(), m.mendFeeds(), m.mendLists()); err != nil {
		return nil, err
	}
	if restarted, err = m.restartFeeds(restart, now); err != nil {
		return nil, err
	}
	for _, name := range slices.Concat(feedBuckets, otherBuckets, listBuckets) {
		if changed[string(name)] || m.holds.differs(name) { // they are small, or have been read whole
			*m.tx.sums.of(string(name)) = m.tx.Bucket(name).sumEntries()
		}
	}
	if counts {
		err = m.recountStories()
	}
	return restarted, err
}

// mendSequences has no number given twice: the last one given is what was written, and not below
// those that there are.
func (m mender) mendSequences() error {
	for _, name := range buckets {
		b := m.tx.Bucket(name)
		last := b.Sequence()
		if b.sum != nil && !bytes.Equal(name, bucketSums) {
			last = b.sum.Sequence
		}
		for _, numbered := range [][]byte{bucketItems, bucketStories, bucketRulings, bucketCases, bucketEvents} {
			if key, _ := b.Bucket.Cursor().Last(); len(key) == 8 && bytes.Equal(name, numbered) {
				last = max(last, numberFromKey(key))
			}
		}
		if b.Sequence() != last && last < math.MaxInt64 {
			if err := b.SetSequence(last); err != nil {
				return err
			}
		}
	}
	return nil
}

// mendRulings puts the copy of a ruling in the place of one that cannot be read, and the other way
// round. In a file without copies, it makes them.
func (m mender) mendRulings() error {
	rulings, copies := m.tx.Bucket(bucketRulings), m.tx.Bucket(bucketCopies)
	for _, pair := range [][2]*sealedBucket{{rulings, copies}, {copies, rulings}} {
		from, to := pair[0], pair[1]
		if err := from.ForEach(func(key, text []byte) error {
			if to.Get(key) != nil {
				return nil
			}
			return to.Put(key, text)
		}); err != nil {
			return err
		}
	}
	return nil
}

// mendFeeds enters the addresses again of feeds whose states say them.
func (m mender) mendFeeds() error {
	feeds := m.tx.Bucket(bucketFeeds)
	return m.tx.Bucket(bucketVisits).ForEach(func(n, text []byte) error {
		v, err := decodeFeedRecord(text)
		if err != nil || feeds.Get([]byte(v.Feed)) != nil {
			return nil //nolint:nilerr // see restartFeeds
		}
		return feeds.Put([]byte(v.Feed), n)
	})
}

// mendLists makes lists of the stories again, if one holds what was not written. In each, what no
// story says stays only where it may be right.
func (m mender) mendLists() error {
	damaged := slices.DeleteFunc(slices.Clone(listBuckets), func(name []byte) bool { return !m.holds.differs(name) })
	if len(damaged) == 0 {
		return nil
	}
	for _, name := range damaged {
		if slices.ContainsFunc(keptLists, func(kept []byte) bool { return bytes.Equal(kept, name) }) {
			continue
		}
		if err := m.tx.DeleteBucket(name); err != nil {
			return err
		}
		if _, err := m.tx.CreateBucket(name); err != nil {
			return err
		}
	}
	var wrong [][]byte
	numbers, stories := m.tx.Bucket(bucketNumbers), m.tx.Bucket(bucketStories)
	err := numbers.ForEach(func(key, value []byte) error {
		if numberFromKey(value) != 0 {
			wrong = append(wrong, bytes.Clone(key))
		}
		return nil
	})
	for _, key := range wrong {
		err = errors.Join(err, numbers.Delete(key))
	}
	if err != nil {
		return err
	}
	return stories.ForEach(func(key, _ []byte) error {
		s, err := readStory(m.tx, numberFromKey(key))
		if errors.Is(err, ErrRecord) && s.Members == nil {
			return nil // it is left out
		}
		return errors.Join(enterStory(m.tx, s, false), writeStoryKeys(m.tx, m.rules, s))
	})
}

// recountStories counts the stories again.
func (m mender) recountStories() error {
	counts := map[string]int{}
	err := m.tx.Bucket(bucketStories).ForEach(func(_, text []byte) error {
		s := &news.Story{}
		if decodeRecord(text, s) == nil { // else it is left out
			archive.AddCounts(counts, s, 1)
		}
		return nil
	})
	return errors.Join(err, putCounts(m.tx, counts))
}

// restartFeeds makes those feeds new, and others of which a record cannot be read: their documents
// are read whole again, and their items recognized. It gives their addresses.
func (m mender) restartFeeds(damaged map[uint64]bool, now time.Time) (restarted []string, err error) {
	lost := m.holds.differs(bucketFacts)
	all := *addressesOf(m.tx)
	for _, n := range slices.Sorted(maps.Keys(all)) {
		if !damaged[n] && m.isFeedReadable(n) && (!lost || m.tx.Bucket(bucketFacts).Get(numberKey(n)) != nil) {
			continue
		}
		restarted = append(restarted, all[n])
		for _, name := range [][]byte{bucketMarks, bucketChanges} {
			err = errors.Join(err, m.tx.Bucket(name).Delete(numberKey(n)))
		}
		if facts := m.tx.Bucket(bucketFacts); !isReadable[news.Facts](facts, n) {
			err = errors.Join(err, facts.Delete(numberKey(n)))
		}
		if memory := m.tx.Bucket(bucketMemory); !isReadable[identity.Memory](memory, n) {
			err = errors.Join(err, putRecord(memory, numberKey(n), identity.Memory{}))
		}
		v := news.FeedState{Feed: all[n], Due: now}
		err = errors.Join(err, putFeedRecord(m.tx, n, withoutTimes(v)),
			m.tx.Bucket(bucketTimes).Put(numberKey(n), timesOfState(&v).encodeTimes()))
	}
	return restarted, err
}

// isFeedReadable reports whether what is known of a feed can be read.
func (m mender) isFeedReadable(feed uint64) bool {
	_, err := decodeTimes(m.tx.Bucket(bucketTimes).Get(numberKey(feed)))
	_, marks := readMarks(m.tx, feed)
	facts := m.tx.Bucket(bucketFacts)
	return err == nil && marks == nil && isReadable[news.FeedState](m.tx.Bucket(bucketVisits), feed) &&
		isReadable[identity.Memory](m.tx.Bucket(bucketMemory), feed) &&
		(facts.Get(numberKey(feed)) == nil || isReadable[news.Facts](facts, feed))
}

// isReadable reports whether there is a record under a number, and can be read.
func isReadable[T any](b *sealedBucket, n uint64) bool {
	return decodeRecord(b.Get(numberKey(n)), new(T)) == nil
}

// writeNewSums writes what a file holds as its sums, in the place of sums that cannot be read.
func writeNewSums(db *bolt.DB) error {
	return db.Update(func(plain *bolt.Tx) error {
		if _, err := plain.CreateBucketIfNotExists(bucketSums); err != nil {
			return err
		}
		tx := &sealedTx{Tx: plain}
		tx.sums = tx.sumFile()
		return tx.writeSums(nil)
	})
}
