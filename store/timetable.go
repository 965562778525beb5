package store

import (
	"cmp"
	"sync"
	"time"

	"github.com/tidwall/btree"
	bolt "go.etcd.io/bbolt"

	"fronteras/aggregator/news"
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
	return timeOf(s.begun).Add(leased)
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

// keep ends a transaction, whose changes stay only if it succeeded.
func (t *timetable) keep(succeeded bool) {
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
	defer t.keep(true)
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
