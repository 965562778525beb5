package store

import (
	"strings"
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
