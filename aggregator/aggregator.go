// Package aggregator is the desk at work: it visits due feeds, folds their items
// into stories, and announces what has changed.
package aggregator

import (
	"cmp"
	"context"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/semaphore"

	"fronteras/aggregator/fetch"
	"fronteras/aggregator/identity"
	"fronteras/aggregator/news"
	"fronteras/aggregator/schedule"
)

// Store is what the desk needs of a store; see package store for the contract
// of each method.
type Store interface {
	Claim(ctx context.Context, now time.Time, hold func(feed string, take bool) time.Duration) (v news.FeedState, wait time.Duration, ok bool, err error)
	Pause(ctx context.Context, feeds []string, until time.Time) error
	Reschedule(ctx context.Context, feeds []news.Feed, now time.Time, shift time.Duration) error
	Save(ctx context.Context, v news.FeedState, a *identity.Arrival, f *news.Facts) (news.Saved, error)
	SaveLater(ctx context.Context, v news.FeedState) error
	SeenDigests(feed string) (map[news.Digest]bool, error)
	Settle(ctx context.Context, now time.Time) (revision uint64, published []news.Publication, err error)
	Deliver(ctx context.Context, feed string, a identity.Arrival) (news.Saved, error)
	Hasten(ctx context.Context, feed string, rest time.Duration, now time.Time) error
	NextRelease() (time.Time, error)
	Ask(ctx context.Context, a identity.Arrival) (questions []identity.Question, due bool, match *identity.Match, err error)
	Lease(ctx context.Context, feeds []string, now time.Time) (leased, others []news.FeedState, err error)
	Release(ctx context.Context, feeds []string) error
}

// Desk is what a desk is made of.
type Desk struct {
	Store       Store
	Client      *fetch.Client
	Stations    []news.Station
	Concurrency int
	Private     bool          // feeds may live on loopback and private addresses
	Gap         time.Duration // between two requests to a host; 0 is a second
	Log         *slog.Logger
	Own         func(station, address string) bool // whether an address is on a station's hosts
	// Changed is called whenever what is published has changed; never twice at once.
	Changed func(ctx context.Context)
	// Visited, if set, is told of each visit that came to an end.
	Visited func(Visited)
	// Bearable, if set, says in a word of an error of the store's why the desk goes
	// on nevertheless: there is no room, say. It is empty where the desk must end.
	Bearable func(error) string
	// Learned, if set, is called when a feed's new items are known: late is how many
	// of them a visit found a quarter of an hour or more after they were published,
	// where a hub should have been earlier.
	Learned func(ctx context.Context, feed string, late int) error
	// Arrived, if set, is called after each visit that brought a document, with
	// the answer's header and address, and what the document says of its feed.
	Arrived func(ctx context.Context, feed string, h http.Header, address string, f *news.Facts) error
}

// Aggregator runs a desk.
type Aggregator struct {
	Desk
	*underway
	feeds    map[string]news.Feed
	stations map[string]station
	pages    *fetch.Pages
	room     chan struct{} // holds one for each visit or errand that makes requests
	claims   context.Context
	drain    context.CancelFunc
}

// underway is what a desk hands to its [Aggregator.Successor]: whose turn it is at
// each host, and what is visited or has still to be settled, whoever began it.
type underway struct {
	hosts    *hosts
	network  network
	large    turns
	clocks   clocks
	saving   *semaphore.Weighted // of entries that are read and not kept yet
	visits   atomic.Int64
	claiming atomic.Int64  // workers that look for a visit, or make one that they have found
	ended    chan struct{} // a visit ended; holds one
	wake     chan struct{} // an idle worker is to look for due visits again; holds one
	revision atomic.Uint64 // that was announced last
	looked   atomic.Int64  // when a worker last looked for a due visit, in Unix nanoseconds

	mu    sync.Mutex
	clock time.Time // when a worker last looked at it
	first time.Time // when a visit brought something that is not settled; zero: all is
	last  time.Time // when one last did
	until time.Time // when the clock releases a held story; zero: none waits

	verdicts sync.Map      // of SameFeed
	hurried  sync.Map      // feeds that cannot be visited as often as is written, and of which that was told
	settling chan struct{} // holds one while somebody settles; who waits for it waits as for any other event
	trouble  trouble
	begun    atomic.Bool // what an earlier run left has been settled
}

// station is a station with its zone loaded.
type station struct {
	news.Station
	location *time.Location
}

// New prepares a desk to run. It fails where a station's time zone is not known.
func New(d Desk) (*Aggregator, error) {
	return prepare(d, &underway{
		hosts: newHosts(d.Stations, cmp.Or(d.Gap, politeGap)), settling: make(chan struct{}, 1), ended: make(chan struct{}, 1), wake: make(chan struct{}, 1),
		large: newTurns(), saving: semaphore.NewWeighted(unsavedEntries),
	})
}

// Successor prepares a desk that takes the place of one that is drained, while visits
// of that one are still under way: hosts are asked by one of the two at a time, and
// what those visits bring is settled by the successor.
func (a *Aggregator) Successor(d Desk) (*Aggregator, error) {
	next, err := prepare(d, a.underway)
	if err == nil {
		a.hosts.use(d.Stations, cmp.Or(d.Gap, politeGap))
	}
	return next, err
}

func prepare(d Desk, u *underway) (*Aggregator, error) {
	u.hosts.share(d.Concurrency)
	a := &Aggregator{Desk: d, underway: u, feeds: map[string]news.Feed{}, stations: map[string]station{}, room: make(chan struct{}, max(d.Concurrency, 1))}
	a.pages = fetch.NewPages(d.Client, a.errand)
	a.claims, a.drain = context.WithCancel(context.Background())
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

// Run visits feeds when they are due, until its context ends or it is drained. A
// visit that is under way when the context ends is given up, and does not count
// as the feed's failure. Settling ends as soon as the desk is drained: its successor
// goes on with it.
func (a *Aggregator) Run(parent context.Context) error {
	ctx, cancel := context.WithCancelCause(parent)
	defer cancel(nil)
	// What an earlier run left to settle is settled before any visit: else those
	// that are quick would be settled with it, and the others after them.
	if !a.begun.Swap(true) {
		if err := a.settleOrBear(ctx); err != nil {
			return err
		}
	}
	settling, end := a.untilDrained(ctx)
	defer end()
	var workers, settler sync.WaitGroup
	for range a.Concurrency {
		workers.Go(func() {
			if err := a.work(ctx); err != nil {
				cancel(err)
			}
		})
	}
	settler.Go(func() {
		if err := a.settleWhenQuiet(settling); err != nil {
			cancel(err)
		}
	})
	workers.Wait()
	end()
	settler.Wait()
	// A signal that was taken last may have been meant for the successor.
	signal(a.wake)
	signal(a.ended)
	if parent.Err() != nil {
		return nil
	}
	return context.Cause(ctx)
}

// Drain has Run end when the visits under way have: no other is begun.
func (a *Aggregator) Drain() { a.drain() }

// Awake reports whether the workers look after due visits: since a time one of
// them has looked for one, or all are at visits. It wakes one up to look.
func (a *Aggregator) Awake(since time.Time) bool {
	signal(a.wake)
	return time.Unix(0, a.looked.Load()).After(since) || int(a.visits.Load()) >= a.Concurrency
}

// work makes one due visit after another, and sleeps while none is due. A slow
// station holds up one worker alone.
func (a *Aggregator) work(ctx context.Context) error {
	idle, cancel := a.untilDrained(ctx)
	defer cancel()
	for idle.Err() == nil {
		wait, err := a.next(ctx, time.Now())
		if err != nil {
			if err := a.bear(ctx, idle, err); err != nil {
				return err
			}
			continue
		}
		if wait != 0 {
			sleep(idle, wait, a.wake)
		}
	}
	return nil
}

// untilDrained ends with ctx, or when no more visits are to be begun.
func (a *Aggregator) untilDrained(ctx context.Context) (context.Context, context.CancelFunc) {
	idle, cancel := context.WithCancel(ctx)
	stop := context.AfterFunc(a.claims, cancel)
	return idle, func() { stop(); cancel() }
}

// next makes a visit that is due. Where none is, wait says how long until one
// is; negative if there is nothing to wait for.
func (a *Aggregator) next(ctx context.Context, now time.Time) (wait time.Duration, err error) {
	a.looked.Store(now.UnixNano())
	if err := a.watchClock(ctx, now); err != nil {
		return 0, err
	}
	if wait := a.network.wait(now); wait > 0 {
		return wait, nil
	}
	g := a.enter()
	defer a.leave(g)
	a.claiming.Add(1)
	defer func() {
		a.claiming.Add(-1)
		signal(a.ended)
	}()
	v, wait, ok, err := a.Store.Claim(ctx, now, func(feed string, take bool) time.Duration { return a.hosts.held(g, feed, take, now) })
	switch {
	case ctx.Err() != nil:
		return -1, nil
	case err != nil:
		return 0, err
	case !ok:
		return wait, nil
	}
	a.network.tries(now)
	signal(a.wake) // more may be due, and others may sleep longer than they should
	return 0, a.begin(ctx, v, g)
}

// begin makes a visit for which a guest has taken the host.
func (a *Aggregator) begin(ctx context.Context, v news.FeedState, g *guest) error {
	a.visits.Add(1)
	defer func() {
		a.visits.Add(-1)
		signal(a.ended)
		signal(a.wake)
	}()
	return a.visit(ctx, v, g)
}

// enter waits for room for requests: before a host is taken, for who waits for
// room is to hold none.
func (a *Aggregator) enter() *guest {
	a.room <- struct{}{}
	return &guest{room: true}
}

// leave makes room for another, and lets go of the host. It may be called again.
func (a *Aggregator) leave(g *guest) {
	a.hosts.leave(g)
	if g.room {
		g.room = false
		<-a.room
	}
}

// watchClock sets the times of visits right where the clock was put forward or
// back, or the machine slept.
func (a *Aggregator) watchClock(ctx context.Context, now time.Time) error {
	a.mu.Lock()
	shift := schedule.ClockShift(a.clock, now)
	a.clock = now
	a.mu.Unlock()
	if shift == 0 {
		return nil
	}
	a.Log.Warn("the clock jumped", "by", shift.Round(time.Second).String())
	return a.Store.Reschedule(ctx, a.all(), now, shift)
}

// all are the feeds of the desk.
func (a *Aggregator) all() []news.Feed {
	var feeds []news.Feed
	for _, s := range a.Stations {
		feeds = append(feeds, s.Feeds...)
	}
	return feeds
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

// chance is a random number from 0 to 1.
func chance() float64 { return rand.Float64() }
