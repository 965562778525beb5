// Package aggregator is the desk at work: it visits due feeds, folds their items
// into stories, and announces what has changed.
package aggregator

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"fronteras/aggregator/feed"
	"fronteras/aggregator/identity"
	"fronteras/aggregator/news"
)

// Store is what the desk needs of a store; see package store for the contract
// of each method.
type Store interface {
	Claim(ctx context.Context, now time.Time) (v news.Visit, wait time.Duration, ok bool, err error)
	Save(ctx context.Context, v news.Visit, a *identity.Arrival, f *news.Facts) (news.Saved, error)
	Seen(feed string) (map[news.Digest]bool, error)
	Settle(ctx context.Context, now time.Time) (revision uint64, stories []*news.Story, err error)
	Lease(ctx context.Context, feed string, now time.Time) (v news.Visit, ok bool, err error)
}

// Desk is what a desk is made of.
type Desk struct {
	Store       Store
	Client      *feed.Client
	Stations    []news.Station
	Concurrency int
	Private     bool // feeds may live on loopback and private addresses
	Log         *slog.Logger
	// Changed is called whenever what is published has changed, with the stories
	// that are new; never twice at once.
	Changed func(ctx context.Context, revision uint64, stories []*news.Story)
}

// Aggregator runs a desk.
type Aggregator struct {
	Desk
	feeds    map[string]news.Feed
	stations map[string]station
	visits   atomic.Int64  // under way
	ended    chan struct{} // a visit ended; holds one
	wake     chan struct{} // an idle worker is to look for due visits again; holds one
	revision atomic.Uint64 // that was announced last

	mu    sync.Mutex
	first time.Time // when a visit brought something that is not settled; zero: all is
	last  time.Time // when one last did
}

// station is a station with its zone loaded.
type station struct {
	news.Station
	location *time.Location
}

// New prepares a desk to run. It fails where a station's time zone is not known.
func New(d Desk) (*Aggregator, error) {
	a := &Aggregator{Desk: d, feeds: map[string]news.Feed{}, stations: map[string]station{}, ended: make(chan struct{}, 1), wake: make(chan struct{}, 1)}
	for _, s := range d.Stations {
		st := station{Station: s}
		if s.Timezone != "" {
			location, err := time.LoadLocation(s.Timezone)
			if err != nil {
				return nil, err
			}
			st.location = location
		}
		a.stations[s.ID] = st
		for _, f := range s.Feeds {
			a.feeds[f.URL] = f
		}
	}
	return a, nil
}

// Run visits feeds when they are due, until its context ends. A visit that is under way
// then is given up, and does not count as the feed's failure.
func (a *Aggregator) Run(parent context.Context) error {
	ctx, cancel := context.WithCancelCause(parent)
	defer cancel(nil)
	var workers sync.WaitGroup
	for range a.Concurrency {
		workers.Go(func() {
			if err := a.work(ctx); err != nil {
				cancel(err)
			}
		})
	}
	workers.Go(func() {
		if err := a.settleWhenQuiet(ctx); err != nil {
			cancel(err)
		}
	})
	workers.Wait()
	if parent.Err() != nil {
		return nil
	}
	return context.Cause(ctx)
}

// work makes one due visit after another, and sleeps while none is due. A slow
// station holds up one worker alone.
func (a *Aggregator) work(ctx context.Context) error {
	for ctx.Err() == nil {
		wait, err := a.next(ctx, time.Now())
		if err != nil {
			return err
		}
		if wait != 0 {
			sleep(ctx, wait, a.wake)
		}
	}
	return nil
}

// next makes a visit that is due. Where none is, wait says how long until one
// is; negative if there is nothing to wait for.
func (a *Aggregator) next(ctx context.Context, now time.Time) (wait time.Duration, err error) {
	v, wait, ok, err := a.Store.Claim(ctx, now)
	switch {
	case ctx.Err() != nil:
		return -1, nil
	case err != nil:
		return 0, err
	case !ok:
		return wait, nil
	}
	signal(a.wake) // more may be due, and others may sleep longer than they should
	a.visits.Add(1)
	defer a.end()
	return 0, a.visit(ctx, v)
}

// end notes that a visit is over.
func (a *Aggregator) end() {
	a.visits.Add(-1)
	signal(a.ended)
	signal(a.wake)
}

// signal leaves a signal in a channel that holds one.
func signal(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// sleep waits for a time, or for ever where it is negative, or until woken.
func sleep(ctx context.Context, wait time.Duration, wake <-chan struct{}) {
	var timer <-chan time.Time
	if wait >= 0 {
		t := time.NewTimer(wait)
		defer t.Stop()
		timer = t.C
	}
	select {
	case <-ctx.Done():
	case <-timer:
	case <-wake:
	}
}

// Poll visits feeds now, whatever their schedule, each once, and settles: the
// feed at an address, those of a station, or all where which is empty. It
// returns how many visits could be made; feeds that failed say so in theirs.
func (a *Aggregator) Poll(ctx context.Context, which string) (visits int, err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var wait sync.WaitGroup
	var made atomic.Int64
	room := make(chan struct{}, a.Concurrency)
	for _, f := range a.named(which) {
		room <- struct{}{}
		wait.Go(func() {
			defer func() { <-room }()
			ok, err := a.visitNow(ctx, f)
			if err != nil {
				cancel(err)
			} else if ok {
				made.Add(1)
			}
		})
	}
	wait.Wait()
	if ctx.Err() != nil {
		return int(made.Load()), context.Cause(ctx)
	}
	return int(made.Load()), a.settle(ctx)
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

// visitNow makes the visit of a feed, unless one is under way.
func (a *Aggregator) visitNow(ctx context.Context, feed string) (ok bool, err error) {
	v, ok, err := a.Store.Lease(ctx, feed, time.Now())
	if !ok || err != nil {
		return false, err
	}
	a.visits.Add(1)
	defer a.end()
	return true, a.visit(ctx, v)
}

// chance is a random number from 0 to 1.
func chance() float64 { return rand.Float64() }
