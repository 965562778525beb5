package store

import (
	"context"
	"hash/fnv"
	"time"

	bolt "go.etcd.io/bbolt"

	"fronteras/aggregator/identity"
	"fronteras/aggregator/news"
)

// leased is how long a claimed visit belongs to who claimed it, beyond what the
// visit itself may take.
const leased = 5 * time.Minute

// spread is over how long the first visits of feeds are spread at most.
const spread = time.Minute

// Learn tells the store which feeds there are. New ones become due, spread by
// their addresses over the smaller of their interval and a minute; those that
// read a file are due at once. Feeds that are gone retire: their stories stay,
// and what is known of them. A lease found in the file is void, for nobody else
// can hold it; its request may have gone out, so that visit waits its interval.
func (s *Store) Learn(ctx context.Context, feeds []news.Feed, now time.Time) error {
	return s.update(ctx, func(tx *bolt.Tx) error {
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
		return putAbout(tx, m)
	})
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
		return putVisit(tx, n, news.Visit{Feed: f.URL, Station: f.Station, Due: firstVisit(f, now)}, time.Time{})
	}
	v, err := visitOf(tx, n)
	if err != nil {
		return err
	}
	held := v
	v.Station = f.Station
	switch {
	case !v.Leased.IsZero():
		v.Leased = time.Time{}
		v.Due = v.Asked.Add(f.Every)
	case v.Retired:
		v.Due = firstVisit(f, now)
	}
	v.Retired = false
	if f.Path != "" || v.Due.Before(now) { // overdue at start, like a new one
		v.Due = firstVisit(f, now)
	}
	return putVisit(tx, n, v, claimable(held))
}

// firstVisit is when a feed is due that has waited long enough: always at the
// same place in the spread.
func firstVisit(f news.Feed, now time.Time) time.Time {
	if f.Path != "" {
		return now
	}
	h := fnv.New64a()
	h.Write([]byte(f.URL))
	return now.Add(time.Duration(h.Sum64() % uint64(min(f.Every, spread))))
}

// retire ends the visits of feeds that are not known any more.
func retire(tx *bolt.Tx, known map[string]bool) error {
	return eachVisit(tx, func(feed uint64, v news.Visit) error {
		if known[v.Feed] || v.Retired {
			return nil
		}
		held := claimable(v)
		v.Retired, v.Leased = true, time.Time{}
		return putVisit(tx, feed, v, held)
	})
}

// Claim leases one due visit to the caller, who is to Save it. Where none is
// due, ok is false and wait says how long until one is; it is negative where
// there is nothing to wait for. No visit is given twice within its lease.
func (s *Store) Claim(ctx context.Context, now time.Time) (v news.Visit, wait time.Duration, ok bool, err error) {
	if wait, err = s.wait(now); err != nil || wait != 0 { // most calls end without a write
		return v, wait, false, err
	}
	err = s.update(ctx, func(tx *bolt.Tx) error {
		key, _ := tx.Bucket(bucketDue).Cursor().First()
		if key == nil || momentOf(key).After(now) {
			wait, err = waitFor(tx, now), nil
			return nil
		}
		if v, err = visitOf(tx, numberOf(key[8:])); err != nil {
			return err
		}
		held := claimable(v)
		v.Asked, v.Leased, ok = now, now.Add(leased), true
		return putVisit(tx, numberOf(key[8:]), v, held)
	})
	return v, wait, ok, err
}

// wait reads how long it is until a visit is due; 0 if one is.
func (s *Store) wait(now time.Time) (wait time.Duration, err error) {
	err = s.db.View(func(tx *bolt.Tx) error {
		wait = waitFor(tx, now)
		return nil
	})
	return wait, err
}

func waitFor(tx *bolt.Tx, now time.Time) time.Duration {
	key, _ := tx.Bucket(bucketDue).Cursor().First()
	if key == nil {
		return -1
	}
	return max(0, momentOf(key).Sub(now))
}

// Lease leases the visit of one feed to the caller, whenever it is due. It is
// false where another holds it, or the feed is not known.
func (s *Store) Lease(ctx context.Context, feed string, now time.Time) (v news.Visit, ok bool, err error) {
	err = s.update(ctx, func(tx *bolt.Tx) (err error) {
		ok = false
		n := feedNumber(tx, feed)
		if n == 0 {
			return nil
		}
		if v, err = visitOf(tx, n); err != nil || v.Retired || v.Leased.After(now) {
			return err
		}
		held := claimable(v)
		v.Asked, v.Leased, ok = now, now.Add(leased), true
		return putVisit(tx, n, v, held)
	})
	return v, ok, err
}

// Visits lists what the visits of all feeds left behind, retired feeds left out.
func (s *Store) Visits() (visits []news.Visit, err error) {
	err = s.db.View(func(tx *bolt.Tx) error {
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
// come again.
func (s *Store) Seen(feed string) (seen map[news.Digest]bool, err error) {
	err = s.db.View(func(tx *bolt.Tx) error {
		marks, err := marksOf(tx, feedNumber(tx, feed))
		seen = make(map[news.Digest]bool, len(marks))
		for _, m := range marks {
			seen[m.Digest] = true
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
		var v news.Visit
		numbers = append(numbers, numberOf(key))
		err := decode(text, &v)
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

// feedNumber is the number of a feed, 0 if it is not known.
func feedNumber(tx *bolt.Tx, url string) uint64 {
	if n := tx.Bucket(bucketFeeds).Get([]byte(url)); n != nil {
		return numberOf(n)
	}
	return 0
}

func visitOf(tx *bolt.Tx, feed uint64) (v news.Visit, err error) {
	return v, decode(tx.Bucket(bucketVisits).Get(number(feed)), &v)
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

// putVisit writes a visit and moves it among those that are due; held is when it
// could be claimed before.
func putVisit(tx *bolt.Tx, feed uint64, v news.Visit, held time.Time) error {
	due := tx.Bucket(bucketDue)
	next := claimable(v)
	if !held.IsZero() && !held.Equal(next) {
		if err := due.Delete(append(moment(held), number(feed)...)); err != nil {
			return err
		}
	}
	if !next.IsZero() {
		if err := putBytes(due, append(moment(next), number(feed)...), []byte{}); err != nil {
			return err
		}
	}
	return put(tx.Bucket(bucketVisits), number(feed), v)
}
