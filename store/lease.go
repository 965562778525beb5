package store

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"time"

	"fronteras/aggregator/identity"
	"fronteras/aggregator/news"
	"fronteras/aggregator/schedule"
)

// leasing is the part of a store that knows which feeds there are, when each is due, and who holds
// its visit.
type leasing struct {
	*database
	addresses atomic.Pointer[map[uint64]string] // of the feeds, by their numbers
	guard     schedule.CrashGuard
	died      bool // the file was not closed: a process died that held it
	begun     bool // leases found in the file have been ended
}

// Learn tells the store which feeds there are. New ones become due as [schedule.FirstVisit] says.
// Feeds that are gone retire: their stories stay, and what is known of them. A lease found in the
// file when it was opened is void, for nobody else can hold it; see [schedule.InterruptVisit].
func (l *leasing) Learn(ctx context.Context, feeds []news.Feed, now time.Time) error {
	return l.update(ctx, func(tx txn) error { return l.learn(tx, feeds, now) })
}

// learn is Learn, in a transaction.
func (l *leasing) learn(tx txn, feeds []news.Feed, now time.Time) error {
	if err := l.endFoundLeases(tx, feeds); err != nil {
		return err
	}
	m, err := readAbout(tx.sealedTx)
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
		if err := learnFeed(tx, f, founding, now); err != nil {
			return err
		}
	}
	err = tx.eachState(func(feed uint64, v news.FeedState) error {
		if known[v.Feed] || v.Retired {
			return nil
		}
		v.Retired, v.Leased = true, time.Time{}
		return tx.writeFeedState(feed, v)
	})
	if err != nil {
		return err
	}
	before := l.addresses.Swap(addressesOf(tx.sealedTx))
	tx.atEnd(func(committed bool) {
		if !committed {
			l.addresses.Store(before)
		}
	})
	return putAbout(tx.sealedTx, m)
}

// endFoundLeases ends the leases that were found in the file, once.
func (l *leasing) endFoundLeases(tx txn, feeds []news.Feed) error {
	if l.begun {
		return nil
	}
	l.begun = true
	tx.atEnd(func(committed bool) { l.begun = committed })
	every := map[string]time.Duration{}
	for _, f := range feeds {
		every[f.URL] = f.Every
	}
	err := tx.eachState(func(feed uint64, v news.FeedState) error {
		if v.Crashes > 0 {
			l.guard.Suspect(feed)
		}
		if v.Leased.IsZero() {
			return nil
		}
		if l.died {
			l.guard.Suspect(feed)
		}
		return tx.writeFeedState(feed, schedule.InterruptVisit(v, every[v.Feed], l.died))
	})
	if err != nil {
		return err
	}
	// Of leases under which no visit is held, the records go: such are found where a process has
	// died after the last of its visits.
	var ended [][]byte
	leases := tx.Bucket(bucketLeases)
	err = leases.ForEach(func(key, _ []byte) error {
		if !tx.timetable.holdsVisits(numberFromKey(key)) {
			ended = append(ended, bytes.Clone(key))
		}
		return nil
	})
	for _, key := range ended {
		err = errors.Join(err, leases.Delete(key))
	}
	return err
}

// learnFeed makes one feed known.
func learnFeed(tx txn, f news.Feed, founding bool, now time.Time) error {
	n := feedNumber(tx.sealedTx, f.URL)
	if n == 0 {
		var err error
		if n, err = tx.Bucket(bucketFeeds).NextSequence(); err != nil {
			return err
		}
		return errors.Join(
			tx.Bucket(bucketFeeds).Put([]byte(f.URL), numberKey(n)),
			putRecord(tx.Bucket(bucketMemory), numberKey(n), identity.Memory{Founding: founding}),
			tx.writeFeedState(n, news.FeedState{Feed: f.URL, Station: f.Station, Due: schedule.FirstVisit(f, now)}),
		)
	}
	v, err := tx.readFeedState(n)
	if err != nil {
		return err
	}
	v.Station = f.Station
	if v.Retired {
		v.Due = schedule.FirstVisit(f, now)
	}
	v.Retired = false
	return tx.writeFeedState(n, schedule.Reschedule(v, f, now, 0))
}

// addressesOf are the feeds' addresses by their numbers.
func addressesOf(tx *sealedTx) *map[uint64]string {
	all := map[uint64]string{}
	c := tx.Bucket(bucketFeeds).Cursor()
	for url, n := c.First(); url != nil; url, n = c.Next() {
		all[numberFromKey(n)] = string(url)
	}
	return &all
}

// UpdateStates changes the states of feeds in one transaction, as change says of each: their due
// times, say, after the clock was put back, or when their server asked for a pause. A visit that is
// leased stays so. Feeds that are not known are passed over. Change may be called more than once
// for a feed, and must depend on the state alone.
func (l *leasing) UpdateStates(ctx context.Context, feeds []string, change func(news.FeedState) news.FeedState) error {
	return l.update(ctx, func(tx txn) error {
		for _, url := range feeds {
			n := feedNumber(tx.sealedTx, url)
			if n == 0 {
				continue
			}
			v, err := tx.readFeedState(n)
			if err != nil {
				return err
			}
			if err := tx.writeFeedState(n, change(v)); err != nil {
				return err
			}
		}
		return nil
	})
}

// Claim leases one due visit to the caller, who is to Save it: the first whose host is free. Hold
// says how long until a feed's host is: 0 for now, negative until somebody lets go of it; with take
// it takes a free one for the feed, and may be called again for the same feed. Where there is no
// visit, ok is false and wait says how long until there may be one; it is negative where there is
// nothing to wait for but a host. No visit is given twice within its lease.
func (l *leasing) Claim(ctx context.Context, now time.Time,
	hold func(feed string, take bool) time.Duration) (v news.FeedState, wait time.Duration, ok bool, err error) {
	if l.behind.Load() == 0 { // else the timetable is not the latest
		if _, wait = l.nextDueVisit(now, func(feed string) time.Duration { return hold(feed, false) }); wait != 0 {
			return v, wait, false, nil // as most calls end, without a write
		}
	}
	err = l.update(ctx, func(tx txn) error {
		ok = false
		var feed uint64
		if feed, wait = l.nextDueVisit(now, func(feed string) time.Duration { return hold(feed, true) }); feed == 0 {
			return errNothing
		}
		var err error
		if v, err = tx.readFeedState(feed); err != nil {
			return err
		}
		of := beginLease(tx, now)
		if err := errors.Join(tx.grantLease(&of, feed, &v), of.writeRecord(tx.sealedTx)); err != nil {
			return err
		}
		l.beginGuardedVisit(tx, feed, now)
		ok = true
		return nil
	})
	return v, wait, ok && err == nil, err
}

// beginGuardedVisit has other suspects wait for the visit of a feed, if that is one, from within the
// transaction on that leases it.
func (l *leasing) beginGuardedVisit(tx txn, feed uint64, now time.Time) {
	l.guard.BeginVisit(feed, now.Add(schedule.LeaseTime))
	tx.atEnd(func(committed bool) {
		if !committed {
			l.guard.GiveUpVisit(feed)
		}
	})
}

// nextDueVisit is the first due visit that nobody holds and whose host is free; else how long until
// there may be one.
func (l *leasing) nextDueVisit(now time.Time, free func(feed string) time.Duration) (feed uint64, wait time.Duration) {
	addresses := *l.addresses.Load()
	return l.timetable.nextDue(now, func(feed uint64) time.Duration {
		if l.guard.MustWait(feed, now) {
			return -1
		}
		return free(addresses[feed])
	})
}

// Lease leases the visits of feeds to the caller, whenever they are due. Those that cannot be
// leased are others: the feed is retired, or another holds the visit, or the server wants not to be
// asked, and Retired, Leased or Paused says so. Feeds that are not known are in neither list.
func (l *leasing) Lease(ctx context.Context, feeds []string,
	now time.Time) (leased, others []news.FeedState, err error) {
	err = l.updatePatiently(ctx, 0, func(tx txn) error {
		leased, others = make([]news.FeedState, 0, len(feeds)), nil
		of := beginLease(tx, now)
		for _, feed := range feeds {
			n := feedNumber(tx.sealedTx, feed)
			if n == 0 {
				continue
			}
			v, err := tx.readFeedState(n)
			if err != nil {
				return err
			}
			if v.Retired || v.Leased.After(now) || v.Paused.After(now) {
				others = append(others, v)
				continue
			}
			if err := tx.grantLease(&of, n, &v); err != nil {
				return err
			}
			leased = append(leased, v)
		}
		return of.writeRecord(tx.sealedTx)
	})
	return leased, others, err
}

// Release gives back visits that were leased and are not made: nobody was asked.
func (l *leasing) Release(ctx context.Context, feeds []string) error {
	return l.update(ctx, func(tx txn) error {
		for _, feed := range feeds {
			n := feedNumber(tx.sealedTx, feed)
			st := tx.timetable.entryOf(n)
			if st.lease == 0 {
				continue
			}
			given := st.lease
			st.lease, st.begun = 0, 0
			tx.timetable.setEntry(n, st)
			if err := tx.removeFromLease(given, n, false); err != nil {
				return err
			}
		}
		return nil
	})
}

// FeedStates lists what the visits of all feeds left behind, retired feeds left out.
func (l *leasing) FeedStates() (states []news.FeedState, err error) {
	err = l.view(func(tx *sealedTx) error {
		return eachFeedState(tx, l.timetable, func(_ uint64, v news.FeedState) error {
			if !v.Retired {
				states = append(states, v)
			}
			return nil
		})
	})
	return states, err
}

// FeedsOfStation lists the addresses of a station's feeds, those of retired ones, too.
func (l *leasing) FeedsOfStation(station string) (feeds []string, err error) {
	err = l.view(func(tx *sealedTx) error {
		return eachFeedState(tx, l.timetable, func(_ uint64, v news.FeedState) error {
			if v.Station == station {
				feeds = append(feeds, v.Feed)
			}
			return nil
		})
	})
	return feeds, err
}

// eachFeedState reads all states, then does something with each, which may write them.
func eachFeedState(tx *sealedTx, t *timetable, do func(feed uint64, v news.FeedState) error) error {
	var numbers []uint64
	var states []news.FeedState
	err := tx.Bucket(bucketVisits).ForEach(func(key, text []byte) error {
		v, err := decodeFeedRecord(text)
		if err == nil {
			err = t.completeState(numberFromKey(key), &v)
		}
		numbers, states = append(numbers, numberFromKey(key)), append(states, v)
		return err
	})
	for i := range states {
		if err == nil {
			err = do(numbers[i], states[i])
		}
	}
	return err
}

func (tx txn) eachState(do func(feed uint64, v news.FeedState) error) error {
	return eachFeedState(tx.sealedTx, tx.timetable, do)
}

// readFeedState reads a feed's state.
func (tx txn) readFeedState(feed uint64) (v news.FeedState, err error) {
	if v, err = decodeFeedRecord(tx.Bucket(bucketVisits).Get(numberKey(feed))); err != nil {
		return v, err
	}
	return v, tx.timetable.completeState(feed, &v)
}

// writeFeedState writes a feed's state: its times, which each visit changes, and its record if that
// is other than before. A visit that is held keeps its lease, and what its times say of when it was
// asked, until it has been made.
func (tx txn) writeFeedState(feed uint64, v news.FeedState) error {
	was := tx.timetable.entryOf(feed)
	is := dueEntry{visitTimes: timesOfState(&v), known: was.known}
	if !v.Leased.IsZero() && was.lease != 0 {
		is.lease, is.begun, is.asked = was.lease, was.begun, was.asked
	}
	if !was.known || is != was {
		tx.timetable.setEntry(feed, is)
	}
	if is.lease != was.lease {
		if err := tx.removeFromLease(was.lease, feed, is.asked >= was.begun); err != nil {
			return err
		}
	}
	if !was.known || is.visitTimes != was.visitTimes {
		if err := tx.Bucket(bucketTimes).Put(numberKey(feed), is.encodeTimes()); err != nil {
			return err
		}
	}
	return putFeedRecord(tx.sealedTx, feed, withoutTimes(v))
}

func beginLease(tx txn, now time.Time) lease {
	return lease{number: tx.timetable.nextLeaseNumber(), begun: now.UnixNano()}
}

// grantLease leases a visit. Its records stay as they are, and its place among those that are due:
// leases come and go with each visit.
func (tx txn) grantLease(l *lease, feed uint64, v *news.FeedState) error {
	st := tx.timetable.entryOf(feed)
	expired := st.lease // 0 as a rule
	st.lease, st.begun = l.number, l.begun
	tx.timetable.setEntry(feed, st)
	st.fillState(v)
	l.feeds = append(l.feeds, feed)
	return tx.removeFromLease(expired, feed, false)
}

// removeFromLease takes a feed off the record of a lease that it had, as the timetable says
// already. Of a visit that was made its times say so, and the record stays as it is until all
// visits under it have ended.
func (tx txn) removeFromLease(given uint64, feed uint64, made bool) error {
	key, leases := numberKey(given), tx.Bucket(bucketLeases)
	switch {
	case given == 0:
		return nil
	case !tx.timetable.holdsVisits(given):
		return leases.Delete(key)
	case made:
		return nil
	}
	l, err := decodeLease(key, leases.Get(key))
	if err != nil {
		return err
	}
	l.feeds = slices.DeleteFunc(l.feeds, func(f uint64) bool { return f == feed })
	return l.writeRecord(tx.sealedTx)
}
