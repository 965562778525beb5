package store

import (
	"context"
	"errors"
	"time"

	bolt "go.etcd.io/bbolt"

	"fronteras/aggregator/identity"
	"fronteras/aggregator/news"
)

// spread is over how long the first visits of feeds are spread at most.
const spread = time.Minute

// A feed in whose visit the process has died so often in a row waits longer, a
// day at most.
const (
	deaths  = 3
	longest = 24 * time.Hour
)

// Learn tells the store which feeds there are. New ones become due, spread by
// their addresses over the smaller of their interval and a minute; those that
// read a file are due at once. Feeds that are gone retire: their stories stay,
// and what is known of them. A lease found in the file when it was opened is
// void, for nobody else can hold it; its request may have gone out, so that visit
// waits its interval, and longer if the process has died in it several times.
func (s *Store) Learn(ctx context.Context, feeds []news.Feed, now time.Time) error {
	return s.update(ctx, func(tx *bolt.Tx) error {
		if err := s.interrupted(tx, feeds); err != nil {
			return err
		}
		m, err := readAbout(tx)
		if err != nil {
			return err
		}
		founding := m.Made.IsZero()
		if founding {
			m.Made = now
		}
		known := map[string]bool{}
		for _, f := range feeds {
			known[f.URL] = true
			if err := s.learn(tx, f, founding, now); err != nil {
				return err
			}
		}
		if err := s.retire(tx, known); err != nil {
			return err
		}
		s.addresses.Store(addressesOf(tx))
		return putAbout(tx, m)
	})
}

// interrupted ends the leases that were found in the file, once.
func (s *Store) interrupted(tx *bolt.Tx, feeds []news.Feed) error {
	if s.begun {
		return nil
	}
	s.begun = true
	every := map[string]time.Duration{}
	for _, f := range feeds {
		every[f.URL] = f.Every
	}
	err := s.eachVisit(tx, func(feed uint64, v news.FeedState) error {
		if v.Crashes > 0 {
			s.danger.mark(feed)
		}
		if v.Leased.IsZero() {
			return nil
		}
		v.Leased, v.Wait = time.Time{}, every[v.Feed]
		if s.died {
			v.Crashes++
			s.danger.mark(feed)
			v.Wait = afterDeath(v.Wait, v.Crashes)
		}
		v.Due = v.Asked.Add(v.Wait)
		return s.putVisit(tx, feed, v)
	})
	if err != nil {
		return err
	}
	return s.dropEnded(tx)
}

// afterDeath is how long a feed waits in whose visit the process died so many
// times in a row: it may be its document that does it.
func afterDeath(every time.Duration, times int) time.Duration {
	if times < deaths {
		return every
	}
	for range times {
		if every *= 2; every >= longest {
			return longest
		}
	}
	return every
}

// addressesOf are the feeds' addresses by their numbers.
func addressesOf(tx *bolt.Tx) *map[uint64]string {
	all := map[uint64]string{}
	c := tx.Bucket(bucketFeeds).Cursor()
	for url, n := c.First(); url != nil; url, n = c.Next() {
		all[numberOf(n)] = string(url)
	}
	return &all
}

// learn makes one feed known.
func (s *Store) learn(tx *bolt.Tx, f news.Feed, founding bool, now time.Time) error {
	n := s.number(tx, f.URL)
	if n == 0 {
		var err error
		if n, err = tx.Bucket(bucketFeeds).NextSequence(); err != nil {
			return err
		}
		if err := tx.Bucket(bucketFeeds).Put([]byte(f.URL), number(n)); err != nil {
			return err
		}
		if err := put(tx.Bucket(bucketMemory), number(n), identity.Memory{Founding: founding}); err != nil {
			return err
		}
		return s.putVisit(tx, n, news.FeedState{Feed: f.URL, Station: f.Station, Due: firstVisit(f, now)})
	}
	v, err := s.visitOf(tx, n)
	if err != nil {
		return err
	}
	v.Station = f.Station
	if v.Retired {
		v.Due = firstVisit(f, now)
	}
	v.Retired = false
	return s.putVisit(tx, n, inTime(v, f, now, 0))
}

// inTime sets a visit that is overdue among the new ones, and lets none wait
// longer than was meant when its time was set: the clock may have been put back,
// by shift where that is known.
func inTime(v news.FeedState, f news.Feed, now time.Time, shift time.Duration) news.FeedState {
	if !v.Leased.IsZero() {
		return v
	}
	if shift < 0 {
		if v.Due.Sub(now) > v.Wait {
			v.Due = v.Due.Add(shift)
		}
		if v.Paused.After(now) {
			v.Paused = v.Paused.Add(shift)
		}
	}
	if v.Wait > 0 && v.Due.Sub(now) > v.Wait {
		v.Due = now.Add(v.Wait)
	}
	if f.Path != "" || v.Due.Before(now) {
		v.Due = firstVisit(f, now)
	}
	return v
}

// Reschedule sets the times of feeds right after the clock was put forward or
// back, by shift, or after nobody could be asked for a while: what is overdue is
// spread like new feeds.
func (s *Store) Reschedule(ctx context.Context, feeds []news.Feed, now time.Time, shift time.Duration) error {
	return s.update(ctx, func(tx *bolt.Tx) error {
		for _, f := range feeds {
			n := s.number(tx, f.URL)
			if n == 0 {
				continue
			}
			v, err := s.visitOf(tx, n)
			if err != nil {
				return err
			}
			if err := s.putVisit(tx, n, inTime(v, f, now, shift)); err != nil {
				return err
			}
		}
		return nil
	})
}

// Pause lets no feed of a list be visited before a time: their server asked for
// that, or cannot be reached.
func (s *Store) Pause(ctx context.Context, feeds []string, until time.Time) error {
	return s.update(ctx, func(tx *bolt.Tx) error {
		for _, url := range feeds {
			n := s.number(tx, url)
			if n == 0 {
				continue
			}
			v, err := s.visitOf(tx, n)
			if err != nil {
				return err
			}
			v.Paused = later(v.Paused, until)
			if v.Due.Before(until) {
				v.Wait += until.Sub(v.Due)
				v.Due = until
			}
			if err := s.putVisit(tx, n, v); err != nil {
				return err
			}
		}
		return nil
	})
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// firstVisit is when a feed is due that has waited long enough: always at the
// same place in the spread.
func firstVisit(f news.Feed, now time.Time) time.Time {
	if f.Path != "" {
		return now
	}
	return now.Add(time.Duration(hashOf(f.URL) % uint64(min(f.Every, spread))))
}

// retire ends the visits of feeds that are not known any more.
func (s *Store) retire(tx *bolt.Tx, known map[string]bool) error {
	return s.eachVisit(tx, func(feed uint64, v news.FeedState) error {
		if known[v.Feed] || v.Retired {
			return nil
		}
		v.Retired, v.Leased = true, time.Time{}
		return s.putVisit(tx, feed, v)
	})
}

// Claim leases one due visit to the caller, who is to Save it: the first whose
// host is free. Hold says how long until a feed's host is: 0 for now, negative
// until somebody lets go of it; with take it takes a free one for the feed, and
// may be called again for the same feed. Where there is no visit, ok is false
// and wait says how long until there may be one; it is negative where there is
// nothing to wait for but a host. No visit is given twice within its lease.
func (s *Store) Claim(ctx context.Context, now time.Time, hold func(feed string, take bool) time.Duration) (v news.FeedState, wait time.Duration, ok bool, err error) {
	behind := s.behind.Load() > 0 // then the schedule is not the latest
	if !behind {
		if _, wait = s.next(now, func(feed string) time.Duration { return hold(feed, false) }); wait != 0 {
			return v, wait, false, nil // as most calls end, without a write
		}
	}
	err = s.update(ctx, func(tx *bolt.Tx) error {
		ok = false
		var feed uint64
		if feed, wait = s.next(now, func(feed string) time.Duration { return hold(feed, true) }); feed == 0 {
			if behind { // others are written in the same transaction
				return nil
			}
			return errNothing
		}
		if v, err = s.visitOf(tx, feed); err != nil {
			return err
		}
		l := s.newLease(now)
		if err := errors.Join(s.lend(tx, &l, feed, &v), l.put(tx)); err != nil {
			return err
		}
		s.danger.begins(feed, now.Add(leased))
		ok = true
		return nil
	})
	if errors.Is(err, errNothing) {
		err = nil
	}
	return v, wait, ok, err
}

// errNothing ends a transaction that has nothing to write.
var errNothing = errors.New("nothing to write")

// next is the first due visit that nobody holds and whose host is free; else how
// long until there may be one. Of the feeds in whose visits the process died one is
// visited at a time.
func (s *Store) next(now time.Time, free func(feed string) time.Duration) (feed uint64, wait time.Duration) {
	addresses := *s.addresses.Load()
	return s.table.next(now, func(feed uint64) time.Duration {
		if s.danger.waits(feed, now) {
			return -1
		}
		return free(addresses[feed])
	})
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

// FeedStates lists what the visits of all feeds left behind, retired feeds left out.
func (s *Store) FeedStates() (visits []news.FeedState, err error) {
	err = s.view(func(tx *bolt.Tx) error {
		return s.eachVisit(tx, func(_ uint64, v news.FeedState) error {
			if !v.Retired {
				visits = append(visits, v)
			}
			return nil
		})
	})
	return visits, err
}

// SeenDigests gives the digests of a feed's last document, to be passed over when they
// come again, and whether the desk took each.
func (s *Store) SeenDigests(feed string) (seen map[news.Digest]bool, err error) {
	err = s.view(func(tx *bolt.Tx) error {
		marks, err := marksOf(tx, feedNumber(tx, feed))
		seen = make(map[news.Digest]bool, len(marks))
		for _, m := range marks {
			seen[m.Digest] = m.Item != 0
		}
		return err
	})
	return seen, err
}

// eachVisit reads all visits, then does something with each, which may write them.
func (s *Store) eachVisit(tx *bolt.Tx, do func(feed uint64, v news.FeedState) error) error {
	var numbers []uint64
	var visits []news.FeedState
	err := tx.Bucket(bucketVisits).ForEach(func(key, text []byte) error {
		v, err := decodeRecord(text)
		if err == nil {
			err = s.complete(numberOf(key), &v)
		}
		numbers, visits = append(numbers, numberOf(key)), append(visits, v)
		return err
	})
	for i := range visits {
		if err == nil {
			err = do(numbers[i], visits[i])
		}
	}
	return err
}
