package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"time"

	bolt "go.etcd.io/bbolt"

	"fronteras/aggregator/news"
)

// The times of a visit are what each one changes, most of them nothing else. They
// have a small record of their own, so that those of many feeds share a page.
const timesSize = 5 * 8

// never stands for no time.
const never = math.MinInt64

// putTimes writes the times of a visit, and moves it among those that are due. One
// that is held keeps its lease.
func putTimes(tx *bolt.Tx, feed uint64, v news.Visit) error {
	if v.Leased.IsZero() {
		if err := tx.Bucket(bucketLeases).Delete(number(feed)); err != nil {
			return err
		}
	}
	times := tx.Bucket(bucketTimes)
	before := times.Get(number(feed))
	if err := reschedule(tx, feed, v, before); err != nil {
		return err
	}
	record := make([]byte, 0, timesSize)
	for _, t := range []time.Time{v.Due, v.Asked, v.Visited, v.Success} {
		record = binary.BigEndian.AppendUint64(record, uint64(instant(t)))
	}
	record = binary.BigEndian.AppendUint64(record, uint64(v.Wait))
	if bytes.Equal(before, record) {
		return nil
	}
	return times.Put(number(feed), record)
}

// reschedule moves a visit among those that are due; one that is retired is not. The
// record is that of its times as they were, nil if there is none.
func reschedule(tx *bolt.Tx, feed uint64, v news.Visit, record []byte) error {
	due := tx.Bucket(bucketDue)
	if record != nil {
		if before := timeOf(int64(numberOf(record))); !before.Equal(v.Due) || v.Retired {
			if err := due.Delete(append(moment(before), number(feed)...)); err != nil {
				return err
			}
		}
	}
	if v.Retired {
		return nil
	}
	return due.Put(append(moment(v.Due), number(feed)...), nothing)
}

// instant is a time as nanoseconds since 1970.
func instant(t time.Time) int64 {
	if t.IsZero() {
		return never
	}
	return t.UnixNano()
}

// readTimes completes a visit by its times and its lease.
func readTimes(tx *bolt.Tx, feed uint64, v *news.Visit) error {
	record := tx.Bucket(bucketTimes).Get(number(feed))
	if len(record) != timesSize {
		return fmt.Errorf("%w: the times of its visits have %d bytes", ErrRecord, len(record))
	}
	for n, t := range []*time.Time{&v.Due, &v.Asked, &v.Visited, &v.Success} {
		*t = timeOf(int64(numberOf(record[8*n:])))
	}
	v.Wait = time.Duration(numberOf(record[32:]))
	if asked, ok := leaseOf(tx, feed); ok {
		v.Asked, v.Leased = asked, asked.Add(leased)
	}
	return nil
}

func timeOf(instant int64) time.Time {
	if instant == never {
		return time.Time{}
	}
	return time.Unix(0, instant).UTC()
}

// withoutTimes is a visit as its record holds it.
func withoutTimes(v news.Visit) news.Visit {
	v.Due, v.Asked, v.Visited, v.Success, v.Leased = time.Time{}, time.Time{}, time.Time{}, time.Time{}, time.Time{}
	v.Wait = 0
	return v
}

// splitTimes writes the times of visits apart whose records hold them still.
func splitTimes(tx *bolt.Tx) error {
	visits := map[uint64]news.Visit{}
	err := tx.Bucket(bucketVisits).ForEach(func(key, text []byte) (err error) {
		visits[numberOf(key)], err = decodeRecord(text)
		return err
	})
	for feed, v := range visits {
		if asked, ok := leaseOf(tx, feed); ok { // then it stands among those that are due at its lease's end
			v.Asked, v.Leased = asked, asked.Add(leased)
			err = errors.Join(err, tx.Bucket(bucketDue).Delete(append(moment(v.Leased), number(feed)...)))
		}
		err = errors.Join(err, putVisit(tx, feed, v))
	}
	return err
}

// records are the visits' records that were read, for the store's writer: hardly
// one changes from visit to visit.
type records map[uint64]record

type record struct {
	text  string
	visit *news.Visit // without times; never changed
}

// read reads a visit whose record stands at a feed.
func (r records) read(tx *bolt.Tx, feed uint64) (v news.Visit, err error) {
	text := tx.Bucket(bucketVisits).Get(number(feed))
	known, ok := r[feed]
	if !ok || known.text != string(text) {
		if v, err = decodeRecord(text); err != nil {
			return v, err
		}
		bare := withoutTimes(v)
		known = record{string(text), &bare}
		r[feed] = known
	}
	v = *known.visit
	err = readTimes(tx, feed, &v)
	return v, err
}

// put writes a visit as putVisit does.
func (r records) put(tx *bolt.Tx, feed uint64, v news.Visit) error {
	bare := withoutTimes(v)
	if known := r[feed]; known.visit != nil && known.visit.Equal(&bare) && known.text == string(tx.Bucket(bucketVisits).Get(number(feed))) {
		return putTimes(tx, feed, v)
	}
	if err := putVisit(tx, feed, v); err != nil {
		return err
	}
	kept := bare
	r[feed] = record{string(tx.Bucket(bucketVisits).Get(number(feed))), &kept}
	return nil
}
