package store

import (
	"fmt"
	"strings"
	"unicode/utf8"

	bolt "go.etcd.io/bbolt"

	"fronteras/aggregator/news"
)

// feedNumber is the number of a feed, 0 if it is not known.
func feedNumber(tx *bolt.Tx, url string) uint64 {
	if n := tx.Bucket(bucketFeeds).Get([]byte(url)); n != nil {
		return numberOf(n)
	}
	return 0
}

// known is what the store's writer has read of visits, or written: hardly any of it
// changes from visit to visit.
type known struct {
	numbers map[string]uint64          // feed → number
	records map[uint64]*news.FeedState // without times; none is ever changed
}

// keep ends a transaction: what is known of one that failed may not be so.
func (k *known) keep(succeeded bool) {
	if !succeeded {
		clear(k.numbers)
		clear(k.records)
	}
}

// number is what feedNumber is, for the writer.
func (s *Store) number(tx *bolt.Tx, url string) uint64 {
	n := s.known.numbers[url]
	if n == 0 {
		if n = feedNumber(tx, url); n != 0 {
			s.known.numbers[url] = n
		}
	}
	return n
}

// visitOf reads a feed's visit, for the writer.
func (s *Store) visitOf(tx *bolt.Tx, feed uint64) (v news.FeedState, err error) {
	record := s.known.records[feed]
	if record == nil {
		if v, err = decodeRecord(tx.Bucket(bucketVisits).Get(number(feed))); err != nil {
			return v, err
		}
		kept := withoutTimes(v)
		record = &kept
		s.known.records[feed] = record
	}
	v = *record
	return v, s.complete(feed, &v)
}

// complete gives a visit its times and its lease.
func (s *Store) complete(feed uint64, v *news.FeedState) error {
	st := s.table.of(feed)
	if !st.known {
		return fmt.Errorf("%w: the times of the visits of feed %d", ErrRecord, feed)
	}
	st.into(v)
	return nil
}

// putVisit writes a visit. One that is held keeps its lease.
func (s *Store) putVisit(tx *bolt.Tx, feed uint64, v news.FeedState) error {
	if err := s.putTimes(tx, feed, &v); err != nil {
		return err
	}
	v = withoutTimes(v)
	if record := s.known.records[feed]; record != nil && record.Equal(&v) {
		return nil
	}
	kept := v
	s.known.records[feed] = &kept
	return putRecord(tx, feed, v)
}

// putRecord writes what a visit's record says.
func putRecord(tx *bolt.Tx, feed uint64, v news.FeedState) error {
	v.ETag, v.LastModified = toText(v.ETag), toText(v.LastModified)
	return put(tx.Bucket(bucketVisits), number(feed), v)
}

// decodeRecord reads what a visit's record says.
func decodeRecord(text []byte) (v news.FeedState, err error) {
	err = decode(text, &v)
	v.ETag, v.LastModified = toBytes(v.ETag), toBytes(v.LastModified)
	return v, err
}

// toText writes bytes of any kind, as validators may have (RFC 9110 5.5), as
// text: each byte a character.
func toText(bytes string) string {
	for i := range len(bytes) {
		if bytes[i] >= utf8.RuneSelf {
			var b strings.Builder
			for i := range len(bytes) {
				b.WriteRune(rune(bytes[i]))
			}
			return b.String()
		}
	}
	return bytes
}

// toBytes is the reverse of toText.
func toBytes(text string) string {
	var b strings.Builder
	for _, r := range text {
		if b.WriteByte(byte(r)); r > 0xFF {
			return text
		}
	}
	return b.String()
}
