package aggregator

import (
	"context"
	"slices"
	"sync"
	"time"

	"fronteras/aggregator/news"
)

// Bounds of a poll of many feeds.
const (
	maxLeased   = 128                    // visits leased in one transaction: one for each would be slow
	maxLeaseAge = time.Minute            // a lease that waited longer for its turn is made again
	leaseRetry  = 100 * time.Millisecond // until a visit that another worker makes is tried again
)

// Poll visits feeds now, whenever they are due, each once, and settles: the feed at an address,
// those of a station, or all if which is empty. What is being visited already is visited again
// after that. It returns how many visits could be made; feeds that failed say so in their state.
// Feeds whose server asked not to be visited now are left alone, and returned.
func (a *Aggregator) Poll(ctx context.Context, which string) (visits int, paused []news.FeedState, err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	p := &pollQueue{Aggregator: a, underway: make(chan struct{}, a.Concurrency+maxLeased)}
	for _, f := range a.configuredFeeds() {
		if which == "" || which == f.URL || which == f.Station {
			p.pending = append(p.pending, f.URL)
		}
	}
	var workers sync.WaitGroup
	idle := make(chan startedVisit) // a worker that has made a visit waits here for another
	err = p.startVisits(ctx, func(first startedVisit) {
		select {
		case idle <- first:
			return
		default:
		}
		workers.Go(func() {
			for started, more := first, true; more; started, more = <-idle {
				if err := p.visit(ctx, started.state, started.slot); err != nil {
					cancel(err)
				}
				p.endPolledVisit(started.slot)
			}
		})
	})
	if err != nil {
		cancel(err)
	}
	close(idle)
	workers.Wait()
	if ctx.Err() != nil {
		p.releaseLeased(context.WithoutCancel(ctx))
		return p.made, p.paused, context.Cause(ctx)
	}
	err = a.Settle(ctx)
	if err == nil && !a.begun.Load() { // no daemon runs that would do it later
		a.lengths.wait(ctx)
		err = a.Settle(ctx)
	}
	return p.made, p.paused, err
}

// pollQueue is what one Poll has still to visit.
type pollQueue struct {
	*Aggregator

	underway chan struct{}    // holds one for each visit: while some wait for the store, others make requests
	pending  []string         // feeds that are to be leased yet
	leased   []news.FeedState // that are to be visited yet
	leaseAt  time.Time        // nothing is leased before
	made     int
	paused   []news.FeedState
}

// startedVisit is a visit whose slot holds the host.
type startedVisit struct {
	state news.FeedState
	slot  *visitSlot
}

// startVisits starts one visit after another as room and hosts allow, until all have started.
// Start must not wait; each visit ends with endPolledVisit.
func (p *pollQueue) startVisits(ctx context.Context, start func(startedVisit)) error {
	var freed <-chan struct{} // nil: nobody has looked whether a host was released
	for ctx.Err() == nil {
		p.underway <- struct{}{}
		slot, err := p.acquireSlot(ctx)
		if err != nil {
			<-p.underway
			return err
		}
		v, wait, err := p.nextLeased(ctx, slot)
		if wait == 0 && v.Feed != "" && err == nil {
			freed = nil
			start(startedVisit{v, slot})
			continue
		}
		p.endPolledVisit(slot)
		switch {
		case err != nil:
			return err
		case wait == 0:
			return nil
		case freed == nil: // a host may have been released since
			freed = p.hosts.Freed()
		default:
			sleepUntilWoken(ctx, wait, freed)
			freed = nil
		}
	}
	return nil
}

// endPolledVisit makes room for another visit.
func (p *pollQueue) endPolledVisit(slot *visitSlot) {
	p.releaseSlot(slot)
	<-p.underway
}

// nextLeased is a leased visit whose host the slot holds. If none can be made yet, wait says
// how long until one may be; negative until a host is released. Without either, all have been made.
func (p *pollQueue) nextLeased(
	ctx context.Context, slot *visitSlot,
) (v news.FeedState, wait time.Duration, err error) {
	for ctx.Err() == nil {
		now := time.Now()
		n, wait := p.firstFreeVisit(slot, now)
		if n >= 0 {
			v := p.leased[n]
			if n == 0 { // as mostly
				p.leased = p.leased[1:]
			} else {
				p.leased = slices.Delete(p.leased, n, n+1)
			}
			if now.Sub(v.Asked) <= maxLeaseAge {
				p.made++
				return v, 0, nil
			}
			p.pending = append(p.pending, v.Feed)
			if err := p.Store.Release(ctx, []string{v.Feed}); err != nil {
				return v, 0, err
			}
			continue
		}
		free, soonest := p.hosts.FreeFeeds(p.pending, maxLeased, now)
		switch {
		case len(free) == 0:
			return v, shorterWait(wait, soonest), nil
		case now.Before(p.leaseAt):
			return v, shorterWait(wait, p.leaseAt.Sub(now)), nil
		}
		if err := p.leaseVisits(ctx, free, now); err != nil {
			return v, 0, err
		}
	}
	return v, 0, ctx.Err()
}

// firstFreeVisit finds the first leased visit whose host is free, which the slot takes; else it is
// -1, and wait is how long until one may be: negative until a host is released, 0 if there are
// none.
func (p *pollQueue) firstFreeVisit(slot *visitSlot, now time.Time) (n int, wait time.Duration) {
	for n, v := range p.leased {
		until := p.hosts.TryAcquire(&slot.Hold, v.Feed, now)
		if until == 0 {
			return n, 0
		}
		wait = shorterWait(wait, until)
	}
	return -1, wait
}

// leaseVisits leases visits of feeds. Those that others hold stay pending; if those are all,
// nothing is leased for a moment.
func (p *pollQueue) leaseVisits(ctx context.Context, feeds []string, now time.Time) error {
	leased, others, err := p.Store.Lease(ctx, feeds, now)
	if err != nil {
		return err
	}
	if len(p.leased) == 0 {
		p.leased = leased
	} else {
		p.leased = append(p.leased, leased...)
	}
	done := make(map[string]bool, len(feeds))
	for _, f := range feeds {
		done[f] = true
	}
	for _, v := range others {
		switch {
		case v.Retired:
		case v.Leased.After(now):
			delete(done, v.Feed)
		case v.Paused.After(now):
			p.paused = append(p.paused, v)
		}
	}
	p.pending = slices.DeleteFunc(p.pending, func(f string) bool { return done[f] })
	if len(done) == 0 {
		p.leaseAt = time.Now().Add(leaseRetry)
	}
	return nil
}

// releaseLeased gives back the leases of visits that are not made any more.
func (p *pollQueue) releaseLeased(ctx context.Context) {
	var feeds []string
	for _, v := range p.leased {
		feeds = append(feeds, v.Feed)
	}
	if len(feeds) > 0 {
		_ = p.Store.Release(ctx, feeds) // if the store fails, the leases run out
	}
}

// shorterWait is the shorter of two waits: 0 is none at all, and a negative one has no end.
func shorterWait(a, b time.Duration) time.Duration {
	switch {
	case a == 0, a < 0 && b > 0:
		return b
	case b == 0, b < 0:
		return a
	}
	return min(a, b)
}
