package aggregator

import (
	"context"
	"slices"
	"sync"
	"time"

	"fronteras/aggregator/news"
)

// Bounds of a round over many feeds.
const (
	ahead     = 128                    // visits that are leased together: one transaction for each would be dear
	stale     = time.Minute            // a lease that has waited so long for its turn is made anew
	heldAgain = 100 * time.Millisecond // when a visit that another makes is tried again
)

// Poll visits feeds now, whatever their schedule, each once, and settles: the
// feed at an address, those of a station, or all where which is empty. What is
// being visited already is visited again after that. It returns how many visits
// could be made; feeds that failed say so in theirs. Feeds whose server wants not
// to be asked now are left alone, and returned.
func (a *Aggregator) Poll(ctx context.Context, which string) (visits int, paused []news.FeedState, err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	p := &round{Aggregator: a, pending: a.named(which), underway: make(chan struct{}, a.Concurrency+ahead)}
	var workers sync.WaitGroup
	idle := make(chan started) // a worker that has made a visit waits here for another
	err = p.each(ctx, func(one started) {
		select {
		case idle <- one:
		default:
			workers.Go(func() { p.work(ctx, one, idle, cancel) })
		}
	})
	if err != nil {
		cancel(err)
	}
	close(idle)
	workers.Wait()
	if ctx.Err() != nil {
		p.giveBack()
		return p.made, p.paused, context.Cause(ctx)
	}
	return p.made, p.paused, a.Settle(ctx)
}

// named are the feeds that somebody means, in the order of the configuration.
func (a *Aggregator) named(which string) []string {
	var feeds []string
	for _, s := range a.Stations {
		for _, f := range s.Feeds {
			if which == "" || which == f.URL || which == s.ID {
				feeds = append(feeds, f.URL)
			}
		}
	}
	return feeds
}

// round is one Poll.
type round struct {
	*Aggregator

	underway chan struct{}    // holds one for each visit: while some wait for the store, others make requests
	pending  []string         // feeds that are to be visited yet
	leased   []news.FeedState // of which these are leased
	again    time.Time        // nothing is leased before
	made     int
	paused   []news.FeedState
}

// started is a visit for which a guest has taken the host.
type started struct {
	visit news.FeedState
	guest *guest
}

// each has visits made, one after another as room and hosts allow, until all have
// begun. Begin is not to wait; end is to be called when a visit has ended.
func (p *round) each(ctx context.Context, begin func(started)) error {
	var freed <-chan struct{} // nil: nobody has looked whether a host is let go of
	for ctx.Err() == nil {
		p.underway <- struct{}{}
		g := p.enter()
		v, wait, err := p.next(ctx, g)
		if wait == 0 && v.Feed != "" && err == nil {
			freed = nil
			begin(started{v, g})
			continue
		}
		p.end(g)
		switch {
		case err != nil:
			return err
		case wait == 0:
			return nil
		case freed == nil: // a host may have been let go of since
			freed = p.hosts.letting()
		default:
			sleep(ctx, wait, freed)
			freed = nil
		}
	}
	return nil
}

// work makes a visit, and then others, until there are no more.
func (p *round) work(ctx context.Context, one started, others <-chan started, cancel context.CancelCauseFunc) {
	for more := true; more; one, more = <-others {
		if err := p.begin(ctx, one.visit, one.guest); err != nil {
			cancel(err)
		}
		p.end(one.guest)
	}
}

// end makes room for another visit.
func (p *round) end(g *guest) {
	p.leave(g)
	<-p.underway
}

// next is a leased visit whose host the guest has taken. Where none can be made
// yet, wait says how long until one may be; negative until a host is let go of.
// Without either, none is left.
func (p *round) next(ctx context.Context, g *guest) (v news.FeedState, wait time.Duration, err error) {
	for ctx.Err() == nil {
		now := time.Now()
		n, wait := p.firstFree(g, now)
		if n >= 0 {
			v := p.take(n)
			if now.Sub(v.Asked) > stale {
				p.pending = append(p.pending, v.Feed)
				if err := p.Store.Release(ctx, []string{v.Feed}); err != nil {
					return v, 0, err
				}
				continue
			}
			p.made++
			return v, 0, nil
		}
		free, soonest := p.hosts.freeOf(p.pending, ahead, now)
		switch {
		case len(free) == 0:
			return v, sooner(wait, soonest), nil
		case now.Before(p.again):
			return v, sooner(wait, p.again.Sub(now)), nil
		}
		if err := p.lease(ctx, free, now); err != nil {
			return v, 0, err
		}
	}
	return v, 0, ctx.Err()
}

// take takes a leased visit out of the list; mostly it is the first.
func (p *round) take(n int) news.FeedState {
	v := p.leased[n]
	if n == 0 {
		p.leased = p.leased[1:]
	} else {
		p.leased = slices.Delete(p.leased, n, n+1)
	}
	return v
}

// firstFree finds the first visit whose host is free, which the guest takes; else
// it is -1, and wait is how long until one may be: negative until a host is let go
// of, 0 where there are none.
func (p *round) firstFree(g *guest, now time.Time) (n int, wait time.Duration) {
	for n, v := range p.leased {
		until := p.hosts.held(g, v.Feed, true, now)
		if until == 0 {
			return n, 0
		}
		wait = sooner(wait, until)
	}
	return -1, wait
}

// lease leases visits of feeds. Those that others hold stay to be visited; where
// those are all, nothing is leased for a moment.
func (p *round) lease(ctx context.Context, feeds []string, now time.Time) error {
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
		p.again = time.Now().Add(heldAgain)
	}
	return nil
}

// giveBack gives back what was leased and is not visited any more.
func (p *round) giveBack() {
	var feeds []string
	for _, v := range p.leased {
		feeds = append(feeds, v.Feed)
	}
	if len(feeds) > 0 {
		_ = p.Store.Release(context.Background(), feeds) // if the store fails, the leases run out
	}
}

// sooner is the shorter of two waits: 0 is none at all, and a negative one has no
// end.
func sooner(a, b time.Duration) time.Duration {
	switch {
	case a == 0, a < 0 && b > 0:
		return b
	case b == 0, b < 0:
		return a
	}
	return min(a, b)
}
