package store

import (
	"context"
	"time"

	bolt "go.etcd.io/bbolt"

	"fronteras/aggregator/news"
)

// leased is how long a claimed visit belongs to who claimed it, beyond what the
// visit itself may take.
const leased = 5 * time.Minute

// Lease leases the visits of feeds to the caller, whenever they are due. Those that
// cannot be leased are others: the feed is retired, or another holds the visit, or
// the server wants not to be asked, and Retired, Leased or Paused says so. Feeds
// that are not known are in neither list.
func (s *Store) Lease(ctx context.Context, feeds []string, now time.Time) (leased, others []news.Visit, err error) {
	err = s.finish(&job{ctx: ctx, patient: true, run: func(tx *bolt.Tx) error {
		leased, others = make([]news.Visit, 0, len(feeds)), nil
		for _, feed := range feeds {
			n := feedNumber(tx, feed)
			if n == 0 {
				continue
			}
			v, err := s.records.read(tx, n)
			if err != nil {
				return err
			}
			if v.Retired || v.Leased.After(now) || v.Paused.After(now) {
				others = append(others, v)
				continue
			}
			if err := lease(tx, n, &v, now); err != nil {
				return err
			}
			leased = append(leased, v)
		}
		return nil
	}})
	return leased, others, err
}

// Release gives back visits that were leased and are not made: nobody was asked.
func (s *Store) Release(ctx context.Context, feeds []string) error {
	return s.update(ctx, func(tx *bolt.Tx) error {
		for _, feed := range feeds {
			if err := tx.Bucket(bucketLeases).Delete(number(feedNumber(tx, feed))); err != nil {
				return err
			}
		}
		return nil
	})
}

// leaseOf is when a feed was asked whose visit somebody makes now.
func leaseOf(tx *bolt.Tx, feed uint64) (asked time.Time, ok bool) {
	text := tx.Bucket(bucketLeases).Get(number(feed))
	if text == nil {
		return asked, false
	}
	return time.Unix(0, int64(numberOf(text))).UTC(), true
}

// lease lends a visit from now on. Its records stay as they are, and its place among
// those that are due: leases come and go with each visit, and are kept apart.
func lease(tx *bolt.Tx, feed uint64, v *news.Visit, now time.Time) error {
	v.Asked, v.Leased = now, now.Add(leased)
	return tx.Bucket(bucketLeases).Put(number(feed), number(uint64(now.UnixNano())))
}
