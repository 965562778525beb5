package store

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
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
func (s *Store) Lease(ctx context.Context, feeds []string, now time.Time) (leased, others []news.FeedState, err error) {
	err = s.finish(&job{ctx: ctx, patient: true, run: func(tx *bolt.Tx) error {
		leased, others = make([]news.FeedState, 0, len(feeds)), nil
		l := s.newLease(now)
		for _, feed := range feeds {
			n := s.number(tx, feed)
			if n == 0 {
				continue
			}
			v, err := s.visitOf(tx, n)
			if err != nil {
				return err
			}
			if v.Retired || v.Leased.After(now) || v.Paused.After(now) {
				others = append(others, v)
				continue
			}
			if err := s.lend(tx, &l, n, &v); err != nil {
				return err
			}
			leased = append(leased, v)
		}
		return l.put(tx)
	}})
	return leased, others, err
}

// lease is what visits are leased under together.
type lease struct {
	number uint64
	begun  int64 // in Unix nanoseconds
	feeds  []uint64
}

func (s *Store) newLease(now time.Time) lease {
	return lease{number: s.table.newLease(), begun: now.UnixNano()}
}

// lend leases a visit. Its records stay as they are, and its place among those that
// are due: leases come and go with each visit.
func (s *Store) lend(tx *bolt.Tx, l *lease, feed uint64, v *news.FeedState) error {
	st := s.table.of(feed)
	expired := st.lease // 0 as a rule
	st.lease, st.begun = l.number, l.begun
	s.table.set(feed, st)
	st.into(v)
	l.feeds = append(l.feeds, feed)
	return s.leave(tx, expired, feed, false)
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

// Release gives back visits that were leased and are not made: nobody was asked.
func (s *Store) Release(ctx context.Context, feeds []string) error {
	return s.update(ctx, func(tx *bolt.Tx) error {
		for _, feed := range feeds {
			n := s.number(tx, feed)
			st := s.table.of(n)
			if st.lease == 0 {
				continue
			}
			given := st.lease
			st.lease, st.begun = 0, 0
			s.table.set(n, st)
			if err := s.leave(tx, given, n, false); err != nil {
				return err
			}
		}
		return nil
	})
}

// leave takes a feed off the record of a lease that it had, as the timetable says
// already. Of a visit that was made its times say so, and the record stays as it is
// until all visits under it have ended.
func (s *Store) leave(tx *bolt.Tx, given uint64, feed uint64, made bool) error {
	key, leases := number(given), tx.Bucket(bucketLeases)
	switch {
	case given == 0:
		return nil
	case !s.table.holds(given):
		return leases.Delete(key)
	case made:
		return nil
	}
	l, err := decodeLease(key, leases.Get(key))
	if err != nil {
		return err
	}
	l.feeds = slices.DeleteFunc(l.feeds, func(f uint64) bool { return f == feed })
	return l.put(tx)
}

// dropEnded takes away the records of leases under which no visit is held: such are
// found where a process has died after the last of its visits.
func (s *Store) dropEnded(tx *bolt.Tx) error {
	var ended [][]byte
	leases := tx.Bucket(bucketLeases)
	err := leases.ForEach(func(key, _ []byte) error {
		if !s.table.holds(numberOf(key)) {
			ended = append(ended, bytes.Clone(key))
		}
		return nil
	})
	for _, key := range ended {
		err = errors.Join(err, leases.Delete(key))
	}
	return err
}
