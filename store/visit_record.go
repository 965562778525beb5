package store

import (
	"errors"
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

// decodeVisit reads a visit, with its lease.
func decodeVisit(tx *bolt.Tx, feed uint64, text []byte) (v news.Visit, err error) {
	err = decode(text, &v)
	v.ETag, v.LastModified = toBytes(v.ETag), toBytes(v.LastModified)
	if asked, ok := leaseOf(tx, feed); ok {
		v.Asked, v.Leased = asked, asked.Add(leased)
	}
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

// lease lends a visit from now on. Its record stays as it is: leases come and go
// with each visit, and are kept apart for that.
func lease(tx *bolt.Tx, feed uint64, v *news.Visit, held, now time.Time) error {
	v.Asked, v.Leased = now, now.Add(leased)
	return errors.Join(
		tx.Bucket(bucketLeases).Put(number(feed), number(uint64(now.UnixNano()))),
		reschedule(tx, feed, held, v.Leased),
	)
}

// reschedule moves a visit among those that are due.
func reschedule(tx *bolt.Tx, feed uint64, held, next time.Time) error {
	due := tx.Bucket(bucketDue)
	if !held.IsZero() && !held.Equal(next) {
		if err := due.Delete(append(moment(held), number(feed)...)); err != nil {
			return err
		}
	}
	if next.IsZero() {
		return nil
	}
	return due.Put(append(moment(next), number(feed)...), nothing)
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

// claimable is when a visit can be claimed next: when it is due, or its lease
// runs out; zero for never.
func claimable(v news.Visit) time.Time {
	switch {
	case v.Retired:
		return time.Time{}
	case !v.Leased.IsZero():
		return v.Leased
	}
	return v.Due
}

// putVisit writes a visit that nobody holds, and moves it among those that are
// due; held is when it could be claimed before. One that is held keeps its lease.
func putVisit(tx *bolt.Tx, feed uint64, v news.Visit, held time.Time) error {
	if v.Leased.IsZero() {
		if err := tx.Bucket(bucketLeases).Delete(number(feed)); err != nil {
			return err
		}
	}
	if err := reschedule(tx, feed, held, claimable(v)); err != nil {
		return err
	}
	v.ETag, v.LastModified, v.Leased = toText(v.ETag), toText(v.LastModified), time.Time{}
	return put(tx.Bucket(bucketVisits), number(feed), v)
}
