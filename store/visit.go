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
		m, err := aboutOf(tx)
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
			if err := learn(tx, f, founding, now); err != nil {
				return err
			}
		}
		if err := retire(tx, known); err != nil {
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
	return eachVisit(tx, func(feed uint64, v news.Visit) error {
		if v.Broken > 0 {
			s.danger.mark(feed)
		}
		if v.Leased.IsZero() {
			return nil
		}
		v.Leased, v.Wait = time.Time{}, every[v.Feed]
		if s.died {
			v.Broken++
			s.danger.mark(feed)
			v.Wait = afterDeath(v.Wait, v.Broken)
		}
		v.Due = v.Asked.Add(v.Wait)
		return putVisit(tx, feed, v)
	})
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
func learn(tx *bolt.Tx, f news.Feed, founding bool, now time.Time) error {
	n := feedNumber(tx, f.URL)
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
		return putVisit(tx, n, news.Visit{Feed: f.URL, Station: f.Station, Due: firstVisit(f, now)})
	}
	v, err := visitOf(tx, n)
	if err != nil {
		return err
	}
	v.Station = f.Station
	if v.Retired {
		v.Due = firstVisit(f, now)
	}
	v.Retired = false
	return putVisit(tx, n, inTime(v, f, now, 0))
}

// inTime sets a visit that is overdue among the new ones, and lets none wait
// longer than was meant when its time was set: the clock may have been put back,
// by shift where that is known.
func inTime(v news.Visit, f news.Feed, now time.Time, shift time.Duration) news.Visit {
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
			n := feedNumber(tx, f.URL)
			if n == 0 {
				continue
			}
			v, err := visitOf(tx, n)
			if err != nil {
				return err
			}
			if err := putVisit(tx, n, inTime(v, f, now, shift)); err != nil {
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
			n := feedNumber(tx, url)
			if n == 0 {
				continue
			}
			v, err := visitOf(tx, n)
			if err != nil {
				return err
			}
			v.Paused = later(v.Paused, until)
			if v.Due.Before(until) {
				v.Wait += until.Sub(v.Due)
				v.Due = until
			}
			if err := putVisit(tx, n, v); err != nil {
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
func retire(tx *bolt.Tx, known map[string]bool) error {
	return eachVisit(tx, func(feed uint64, v news.Visit) error {
		if known[v.Feed] || v.Retired {
			return nil
		}
		v.Retired, v.Leased = true, time.Time{}
		return putVisit(tx, feed, v)
	})
}

// Claim leases one due visit to the caller, who is to Save it: the first whose
// host is free. Hold says how long until a feed's host is: 0 for now, negative
// until somebody lets go of it; with take it takes a free one for the feed, and
// may be called again for the same feed. Where there is no visit, ok is false
// and wait says how long until there may be one; it is negative where there is
// nothing to wait for but a host. No visit is given twice within its lease.
func (s *Store) Claim(ctx context.Context, now time.Time, hold func(feed string, take bool) time.Duration) (v news.Visit, wait time.Duration, ok bool, err error) {
	behind := s.behind.Load() > 0 // then the schedule on the disk is not the latest
	if !behind {
		err = s.view(func(tx *bolt.Tx) error {
			_, wait = s.next(tx, now, func(feed string) time.Duration { return hold(feed, false) })
			return nil
		})
		if err != nil || wait != 0 { // most calls end without a write
			return v, wait, false, err
		}
	}
	err = s.update(ctx, func(tx *bolt.Tx) error {
		ok = false
		var feed uint64
		if feed, wait = s.next(tx, now, func(feed string) time.Duration { return hold(feed, true) }); feed == 0 {
			if behind { // others are written in the same transaction
				return nil
			}
			return errNothing
		}
		if v, err = s.records.read(tx, feed); err != nil {
			return err
		}
		ok = true
		s.danger.begins(feed, now.Add(leased))
		return lease(tx, feed, &v, now)
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
func (s *Store) next(tx *bolt.Tx, now time.Time, free func(feed string) time.Duration) (feed uint64, wait time.Duration) {
	wait = -1
	addresses := *s.addresses.Load()
	c := tx.Bucket(bucketDue).Cursor()
	for key, _ := c.First(); key != nil; key, _ = c.Next() {
		due, n := momentOf(key), numberOf(key[8:])
		if due.After(now) {
			return 0, sooner(wait, due.Sub(now))
		}
		if asked, ok := leaseOf(tx, n); ok && asked.Add(leased).After(now) {
			wait = sooner(wait, asked.Add(leased).Sub(now))
			continue
		}
		if s.danger.waits(n, now) {
			continue
		}
		until := free(addresses[n])
		if until == 0 {
			return n, 0
		}
		wait = sooner(wait, until)
	}
	return 0, wait
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

// Visits lists what the visits of all feeds left behind, retired feeds left out.
func (s *Store) Visits() (visits []news.Visit, err error) {
	err = s.view(func(tx *bolt.Tx) error {
		return eachVisit(tx, func(_ uint64, v news.Visit) error {
			if !v.Retired {
				visits = append(visits, v)
			}
			return nil
		})
	})
	return visits, err
}

// Seen gives the digests of a feed's last document, to be passed over when they
// come again, and whether the desk took each.
func (s *Store) Seen(feed string) (seen map[news.Digest]bool, err error) {
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
func eachVisit(tx *bolt.Tx, do func(feed uint64, v news.Visit) error) error {
	var numbers []uint64
	var visits []news.Visit
	err := tx.Bucket(bucketVisits).ForEach(func(key, text []byte) error {
		numbers = append(numbers, numberOf(key))
		v, err := decodeVisit(tx, numberOf(key), text)
		visits = append(visits, v)
		return err
	})
	for i := range visits {
		if err == nil {
			err = do(numbers[i], visits[i])
		}
	}
	return err
}
