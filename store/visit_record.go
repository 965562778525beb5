package store

import (
	"strings"
	"time"
	"unicode/utf8"

	bolt "go.etcd.io/bbolt"

	"fronteras/aggregator/identity"
	"fronteras/aggregator/news"
)

// feedNumber is the number of a feed, 0 if it is not known.
func feedNumber(tx *bolt.Tx, url string) uint64 {
	if n := tx.Bucket(bucketFeeds).Get([]byte(url)); n != nil {
		return numberOf(n)
	}
	return 0
}

func visitOf(tx *bolt.Tx, feed uint64) (news.Visit, error) {
	return decodeVisit(tx, feed, tx.Bucket(bucketVisits).Get(number(feed)))
}

// decodeVisit reads a visit, with its times and its lease.
func decodeVisit(tx *bolt.Tx, feed uint64, text []byte) (news.Visit, error) {
	v, err := decodeRecord(text)
	if err != nil {
		return v, err
	}
	err = readTimes(tx, feed, &v)
	return v, err
}

// decodeRecord reads what a visit's record says.
func decodeRecord(text []byte) (v news.Visit, err error) {
	err = decode(text, &v)
	v.ETag, v.LastModified = toBytes(v.ETag), toBytes(v.LastModified)
	return v, err
}

// leaseOf is when a feed was asked whose visit somebody makes now.
func leaseOf(tx *bolt.Tx, feed uint64) (asked time.Time, ok bool) {
	text := tx.Bucket(bucketLeases).Get(number(feed))
	if text == nil {
		return asked, false
	}
	return time.Unix(0, int64(numberOf(text))).UTC(), true
}

// lease lends a visit from now on. Its records stay as they are, and its place among
// those that are due: leases come and go with each visit, and are kept apart.
func lease(tx *bolt.Tx, feed uint64, v *news.Visit, now time.Time) error {
	v.Asked, v.Leased = now, now.Add(leased)
	return tx.Bucket(bucketLeases).Put(number(feed), number(uint64(now.UnixNano())))
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

func marksOf(tx *bolt.Tx, feed uint64) ([]identity.Mark, error) {
	return decodeMarks(tx.Bucket(bucketMarks).Get(number(feed)))
}

// putVisit writes a visit, and moves it among those that are due. One that is held
// keeps its lease.
func putVisit(tx *bolt.Tx, feed uint64, v news.Visit) error {
	if err := putTimes(tx, feed, v); err != nil {
		return err
	}
	v = withoutTimes(v)
	v.ETag, v.LastModified = toText(v.ETag), toText(v.LastModified)
	return put(tx.Bucket(bucketVisits), number(feed), v)
}
