package store

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"math"
	"sync"
	"time"

	"github.com/tidwall/btree"

	"fronteras/aggregator/news"
	"fronteras/aggregator/schedule"
)

// timetable knows when each feed is due, and who holds its visit. It is read when the file is
// opened, and follows what is written: each visit looks up and changes its times, and keeping them
// in order on the disk would cost twice what the times themselves do. What a transaction changed is
// taken back if it fails.
type timetable struct {
	mu      sync.Mutex
	feeds   []dueEntry             // by their numbers, which are given one after another
	order   *btree.BTreeG[dueSlot] // of those that are ever due
	held    map[uint64]int         // lease → visits that are held under it
	last    uint64                 // lease
	changed []changedEntry         // what the transaction under way changed, as it was
}

// dueEntry is what the timetable knows of a feed.
type dueEntry struct {
	visitTimes
	known bool   // there is such a feed
	lease uint64 // under which its visit is held; 0 for none
	begun int64  // when the one asked that holds it, in Unix nanoseconds
}

// leasedUntil is when a lease runs out.
func (s dueEntry) leasedUntil() time.Time {
	if s.lease == 0 {
		return time.Time{}
	}
	return fromInstant(s.begun).Add(schedule.LeaseTime)
}

// dueSlot is a feed's place in the order in which they are due.
type dueSlot struct {
	due  int64
	feed uint64
}

func (a dueSlot) comesBefore(b dueSlot) bool {
	return cmp.Or(cmp.Compare(a.due, b.due), cmp.Compare(a.feed, b.feed)) < 0
}

type changedEntry struct {
	feed uint64
	was  dueEntry
}

func newTimetable() *timetable {
	return &timetable{
		held:  map[uint64]int{},
		order: btree.NewBTreeGOptions(dueSlot.comesBefore, btree.Options{NoLocks: true}), // it has one of ours
	}
}

// entryOf gives what is known of a feed.
func (t *timetable) entryOf(feed uint64) (s dueEntry) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if feed < uint64(len(t.feeds)) {
		s = t.feeds[feed]
	}
	return s
}

// setEntry changes what is known of a feed.
func (t *timetable) setEntry(feed uint64, s dueEntry) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for uint64(len(t.feeds)) <= feed {
		t.feeds = append(t.feeds, dueEntry{})
	}
	s.known = true
	t.changed = append(t.changed, changedEntry{feed, t.feeds[feed]})
	t.moveEntry(feed, s)
}

// moveEntry changes a feed's entry, its place in the order, and the count of its lease.
func (t *timetable) moveEntry(feed uint64, is dueEntry) {
	was := t.feeds[feed]
	t.feeds[feed] = is
	if was.due != is.due || was.known != is.known {
		if was.known && was.due != never {
			t.order.Delete(dueSlot{was.due, feed})
		}
		if is.known && is.due != never {
			t.order.Set(dueSlot{is.due, feed})
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
	for n := len(t.changed) - 1; n >= 0 && !succeeded; n-- {
		t.moveEntry(t.changed[n].feed, t.changed[n].was)
	}
	t.changed = t.changed[:0]
}

// nextDue gives the first feed that is due, that nobody holds and that is free; else how long until
// there may be one: negative if there is nothing to wait for but that a feed becomes free.
func (t *timetable) nextDue(now time.Time, free func(feed uint64) time.Duration) (feed uint64, wait time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	wait = -1
	t.order.Scan(func(s dueSlot) bool {
		if until := fromInstant(s.due).Sub(now); until > 0 {
			wait = shorterWait(wait, until)
			return false
		}
		if until := t.feeds[s.feed].leasedUntil(); until.After(now) {
			wait = shorterWait(wait, until.Sub(now))
			return true
		}
		until := free(s.feed)
		if until == 0 {
			feed, wait = s.feed, 0
			return false
		}
		wait = shorterWait(wait, until)
		return true
	})
	return feed, wait
}

// readTimes reads the times of all visits, and the leases that were left in the file: of
// a visit that was made under one, the times say so.
func (t *timetable) readTimes(tx *sealedTx) error {
	defer t.endTransaction(true)
	given := tx.Bucket(bucketFeeds).Sequence()
	err := tx.Bucket(bucketTimes).ForEach(func(feed, record []byte) error {
		// else it is reported where that feed is looked up
		if of, err := decodeTimes(record); err == nil && numberFromKey(feed) <= given {
			t.setEntry(numberFromKey(feed), dueEntry{visitTimes: of})
		}
		return nil
	})
	if err != nil {
		return err
	}
	return tx.Bucket(bucketLeases).ForEach(func(key, record []byte) error {
		l, err := decodeLease(key, record)
		for _, feed := range l.feeds {
			if s := t.entryOf(feed); s.known && s.asked < l.begun {
				s.lease, s.begun = l.number, l.begun
				t.setEntry(feed, s)
			}
		}
		t.last = numberFromKey(key)
		return err
	})
}

// nextLeaseNumber is the number of a new lease.
func (t *timetable) nextLeaseNumber() uint64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.last++
	return t.last
}

// holdsVisits reports whether a visit is held under a lease.
func (t *timetable) holdsVisits(lease uint64) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.held[lease] > 0
}

// fillState enters the times and the lease in a feed's state.
func (s dueEntry) fillState(v *news.FeedState) {
	s.visitTimes.fillState(v)
	if s.lease != 0 {
		v.Asked, v.Leased = fromInstant(s.begun), s.leasedUntil()
	}
}

// shorterWait is the shorter of two waits; negative ones have no end.
func shorterWait(a, b time.Duration) time.Duration {
	switch {
	case a < 0:
		return b
	case b < 0:
		return a
	}
	return min(a, b)
}

// visitTimes are the times of a feed's visits, in Unix nanoseconds, and never for none. Each visit
// changes them, and most change nothing else. So they have a small record of their own, and those
// of many feeds share a page. Of a retired feed, due is never.
type visitTimes struct {
	due, asked, visited, success int64
	wait                         time.Duration
}

const (
	timesSize = 5 * 8
	never     = math.MinInt64
)

func timesOfState(v *news.FeedState) visitTimes {
	t := visitTimes{toInstant(v.Due), toInstant(v.Asked), toInstant(v.Visited), toInstant(v.Success), v.Wait}
	if v.Retired {
		t.due = never
	}
	return t
}

// fillState enters the times in a feed's state.
func (t visitTimes) fillState(v *news.FeedState) {
	v.Due, v.Asked, v.Visited, v.Success, v.Wait = fromInstant(t.due), fromInstant(t.asked), fromInstant(t.visited),
		fromInstant(t.success), t.wait
}

func (t visitTimes) encodeTimes() []byte {
	record := make([]byte, 0, timesSize)
	for _, of := range [...]int64{t.due, t.asked, t.visited, t.success, int64(t.wait)} {
		record = binary.BigEndian.AppendUint64(record, uint64(of))
	}
	return record
}

func decodeTimes(record []byte) (t visitTimes, err error) {
	if len(record) != timesSize {
		return t, fmt.Errorf("%w: the times of its visits have %d bytes", ErrRecord, len(record))
	}
	at := func(n int) int64 { return int64(numberFromKey(record[8*n:])) }
	return visitTimes{at(0), at(1), at(2), at(3), time.Duration(at(4))}, nil
}

// toInstant is a time as nanoseconds since 1970, or never.
func toInstant(t time.Time) int64 {
	if t.IsZero() {
		return never
	}
	return t.UnixNano()
}

func fromInstant(instant int64) time.Time {
	if instant == never {
		return time.Time{}
	}
	return time.Unix(0, instant).UTC()
}

// lease is one record of visits that were leased together.
type lease struct {
	number uint64
	begun  int64 // in Unix nanoseconds
	feeds  []uint64
}

// writeRecord writes a lease, unless nothing is leased.
func (l lease) writeRecord(tx *sealedTx) error {
	if len(l.feeds) == 0 {
		return nil
	}
	record := make([]byte, 0, 8+4*len(l.feeds))
	record = binary.BigEndian.AppendUint64(record, uint64(l.begun))
	for _, feed := range l.feeds {
		record = binary.BigEndian.AppendUint32(record, uint32(feed))
	}
	return tx.Bucket(bucketLeases).Put(numberKey(l.number), record)
}

func decodeLease(key, record []byte) (l lease, err error) {
	if len(record) < 8 || len(record)%4 != 0 {
		return l, fmt.Errorf("%w: a lease has %d bytes", ErrRecord, len(record))
	}
	l = lease{number: numberFromKey(key), begun: int64(numberFromKey(record))}
	for rest := record[8:]; len(rest) > 0; rest = rest[4:] {
		l.feeds = append(l.feeds, uint64(binary.BigEndian.Uint32(rest)))
	}
	return l, nil
}

// completeState enters in a feed's state what the timetable knows of it.
func (t *timetable) completeState(feed uint64, v *news.FeedState) error {
	st := t.entryOf(feed)
	if !st.known {
		return fmt.Errorf("%w: the times of the visits of feed %d", ErrRecord, feed)
	}
	st.fillState(v)
	return nil
}
