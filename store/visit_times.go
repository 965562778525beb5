package store

import (
	"encoding/binary"
	"fmt"
	"math"
	"time"

	bolt "go.etcd.io/bbolt"

	"fronteras/aggregator/news"
)

// times are those of a visit, in Unix nanoseconds, and never for none. They are what
// each visit changes, most of them nothing else, and have a small record of their
// own, so that those of many feeds share a page. Of a retired feed, due is never.
type times struct {
	due, asked, visited, success int64
	wait                         time.Duration
}

const (
	timesSize = 5 * 8
	never     = math.MinInt64
)

func timesOf(v *news.FeedState) times {
	t := times{instant(v.Due), instant(v.Asked), instant(v.Visited), instant(v.Success), v.Wait}
	if v.Retired {
		t.due = never
	}
	return t
}

// into completes a visit by its times.
func (t times) into(v *news.FeedState) {
	v.Due, v.Asked, v.Visited, v.Success, v.Wait = timeOf(t.due), timeOf(t.asked), timeOf(t.visited), timeOf(t.success), t.wait
}

func (t times) encode() []byte {
	record := make([]byte, 0, timesSize)
	for _, of := range [...]int64{t.due, t.asked, t.visited, t.success, int64(t.wait)} {
		record = binary.BigEndian.AppendUint64(record, uint64(of))
	}
	return record
}

func decodeTimes(record []byte) (t times, err error) {
	if len(record) != timesSize {
		return t, fmt.Errorf("%w: the times of its visits have %d bytes", ErrRecord, len(record))
	}
	at := func(n int) int64 { return int64(numberOf(record[8*n:])) }
	return times{at(0), at(1), at(2), at(3), time.Duration(at(4))}, nil
}

// instant is a time as nanoseconds since 1970.
func instant(t time.Time) int64 {
	if t.IsZero() {
		return never
	}
	return t.UnixNano()
}

func timeOf(instant int64) time.Time {
	if instant == never {
		return time.Time{}
	}
	return time.Unix(0, instant).UTC()
}

// withoutTimes is a visit as its record holds it.
func withoutTimes(v news.FeedState) news.FeedState {
	v.Due, v.Asked, v.Visited, v.Success, v.Leased = time.Time{}, time.Time{}, time.Time{}, time.Time{}, time.Time{}
	v.Wait = 0
	return v
}

// putTimes writes the times of a visit. One that is held keeps its lease, and what
// its times say of when it was asked, until it has been made.
func (s *Store) putTimes(tx *bolt.Tx, feed uint64, v *news.FeedState) error {
	was := s.table.of(feed)
	is := standing{times: timesOf(v), known: was.known}
	if !v.Leased.IsZero() && was.lease != 0 {
		is.lease, is.begun, is.asked = was.lease, was.begun, was.asked
	}
	if was.known && is == was {
		return nil
	}
	s.table.set(feed, is)
	if is.lease != was.lease {
		if err := s.leave(tx, was.lease, feed, is.asked >= was.begun); err != nil {
			return err
		}
	}
	if was.known && is.times == was.times {
		return nil
	}
	return tx.Bucket(bucketTimes).Put(number(feed), is.encode())
}
