package store

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"math"
	"sync"
	"time"

	"github.com/tidwall/btree"
	bolt "go.etcd.io/bbolt"

	"fronteras/aggregator/news"
	"fronteras/aggregator/schedule"
)

// timetable knows when each feed is due, and who holds its visit. It is read from the
// file when that is opened, and follows what is written: each visit looks up and
// changes its times, and an order of them on the disk would cost twice what the
// times themselves do. What a transaction changed that failed is taken back.
type timetable struct {
	mu     sync.Mutex
	feeds  []standing          // by their numbers, which are given one after another
	order  *btree.BTreeG[slot] // of those that are ever due
	held   map[uint64]int      // lease → visits that are held under it
	last   uint64              // lease
	before []change            // what the transaction under way changed, as it was
}

// standing is what the timetable knows of a feed.
type standing struct {
	times
	known bool   // there is such a feed
	lease uint64 // under which its visit is held; 0 for none
	begun int64  // when the one asked that holds it, in Unix nanoseconds
}

// until is when a lease runs out.
func (s standing) until() time.Time {
	if s.lease == 0 {
		return time.Time{}
	}
	return timeOf(s.begun).Add(schedule.LeaseTime)
}

// slot is a feed's place in the order in which they are due.
type slot struct {
	due  int64
	feed uint64
}

func (a slot) before(b slot) bool {
	return cmp.Or(cmp.Compare(a.due, b.due), cmp.Compare(a.feed, b.feed)) < 0
}

type change struct {
	feed uint64
	was  standing
}

func newTimetable() *timetable {
	return &timetable{
		held:  map[uint64]int{},
		order: btree.NewBTreeGOptions(slot.before, btree.Options{NoLocks: true}), // it has one of ours
	}
}

// of is what is known of a feed.
func (t *timetable) of(feed uint64) (s standing) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if feed < uint64(len(t.feeds)) {
		s = t.feeds[feed]
	}
	return s
}

// set changes what is known of a feed.
func (t *timetable) set(feed uint64, s standing) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for uint64(len(t.feeds)) <= feed {
		t.feeds = append(t.feeds, standing{})
	}
	s.known = true
	t.before = append(t.before, change{feed, t.feeds[feed]})
	t.move(feed, s)
}

// move puts a feed where it stands now.
func (t *timetable) move(feed uint64, is standing) {
	was := t.feeds[feed]
	t.feeds[feed] = is
	if was.due != is.due || was.known != is.known {
		if was.known && was.due != never {
			t.order.Delete(slot{was.due, feed})
		}
		if is.known && is.due != never {
			t.order.Set(slot{is.due, feed})
		}
	}
	if was.lease == is.lease {
		return
	}
	if is.lease != 0 {
		t.held[is.lease]++
	}
	if was.lease != 0 {
		if t.held[was.lease]--; t.held[was.lease] == 0 {
			delete(t.held, was.lease)
		}
	}
}

// endTransaction ends a transaction, whose changes stay only if it succeeded.
func (t *timetable) endTransaction(succeeded bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for n := len(t.before) - 1; n >= 0 && !succeeded; n-- {
		t.move(t.before[n].feed, t.before[n].was)
	}
	t.before = t.before[:0]
}

// next is the first feed that is due, that nobody holds and that is free; else how
// long until there may be one: negative where there is nothing to wait for but a
// feed's freedom.
func (t *timetable) next(now time.Time, free func(feed uint64) time.Duration) (feed uint64, wait time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	wait = -1
	t.order.Scan(func(s slot) bool {
		if until := timeOf(s.due).Sub(now); until > 0 {
			wait = sooner(wait, until)
			return false
		}
		if until := t.feeds[s.feed].until(); until.After(now) {
			wait = sooner(wait, until.Sub(now))
			return true
		}
		until := free(s.feed)
		if until == 0 {
			feed, wait = s.feed, 0
			return false
		}
		wait = sooner(wait, until)
		return true
	})
	return feed, wait
}

// read reads the times of all visits, and the leases that were left in the file: of
// a visit that was made under one, the times say so.
func (t *timetable) read(tx *bolt.Tx) error {
	defer t.endTransaction(true)
	given := tx.Bucket(bucketFeeds).Sequence()
	err := tx.Bucket(bucketTimes).ForEach(func(feed, record []byte) error {
		if of, err := decodeTimes(record); err == nil && numberOf(feed) <= given { // else it is told where that feed is asked for
			t.set(numberOf(feed), standing{times: of})
		}
		return nil
	})
	if err != nil {
		return err
	}
	return tx.Bucket(bucketLeases).ForEach(func(key, record []byte) error {
		l, err := decodeLease(key, record)
		for _, feed := range l.feeds {
			if s := t.of(feed); s.known && s.asked < l.begun {
				s.lease, s.begun = l.number, l.begun
				t.set(feed, s)
			}
		}
		t.last = numberOf(key)
		return err
	})
}

// newLease is the number of a new lease.
func (t *timetable) newLease() uint64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.last++
	return t.last
}

// holds reports whether a visit is held under a lease.
func (t *timetable) holds(lease uint64) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.held[lease] > 0
}

// into completes a visit.
func (s standing) into(v *news.FeedState) {
	s.times.into(v)
	if s.lease != 0 {
		v.Asked, v.Leased = timeOf(s.begun), s.until()
	}
}

// sooner is the shorter of two waits; negative ones have no end.
func sooner(a, b time.Duration) time.Duration {
	switch {
	case a < 0:
		return b
	case b < 0:
		return a
	}
	return min(a, b)
}

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

// lease is what visits are leased under together.
type lease struct {
	number uint64
	begun  int64 // in Unix nanoseconds
	feeds  []uint64
}

// put writes a lease, unless nothing is leased.
func (l lease) put(tx *bolt.Tx) error {
	if len(l.feeds) == 0 {
		return nil
	}
	record := make([]byte, 0, 8+4*len(l.feeds))
	record = binary.BigEndian.AppendUint64(record, uint64(l.begun))
	for _, feed := range l.feeds {
		record = binary.BigEndian.AppendUint32(record, uint32(feed))
	}
	return tx.Bucket(bucketLeases).Put(number(l.number), record)
}

func decodeLease(key, record []byte) (l lease, err error) {
	if len(record) < 8 || len(record)%4 != 0 {
		return l, fmt.Errorf("%w: a lease has %d bytes", ErrRecord, len(record))
	}
	l = lease{number: numberOf(key), begun: int64(numberOf(record))}
	for rest := record[8:]; len(rest) > 0; rest = rest[4:] {
		l.feeds = append(l.feeds, uint64(binary.BigEndian.Uint32(rest)))
	}
	return l, nil
}

// complete gives a feed's state its times and its lease.
func (t *timetable) complete(feed uint64, v *news.FeedState) error {
	st := t.of(feed)
	if !st.known {
		return fmt.Errorf("%w: the times of the visits of feed %d", ErrRecord, feed)
	}
	st.into(v)
	return nil
}
