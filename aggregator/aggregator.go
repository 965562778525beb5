// Package aggregator polls stations' feeds: it visits those that are due, has the store resolve
// what they bring into stories, and announces what changed.
//
// visit.go shows one visit, top to bottom. aggregator.go has the workers that make due visits,
// poll.go visits on request, settle.go when new stories come out, push.go what hubs deliver,
// storefailure.go what happens while the store cannot be written.
package aggregator

import (
	"cmp"
	"context"
	"log/slog"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/semaphore"

	"fronteras/aggregator/fetch"
	"fronteras/aggregator/identity"
	"fronteras/aggregator/news"
	"fronteras/aggregator/page"
	"fronteras/aggregator/schedule"
)

// Store is what the aggregator needs of a store; see package store for the contract of each
// method.
type Store interface {
	Claim(
		ctx context.Context, now time.Time, hold func(feed string, take bool) time.Duration,
	) (v news.FeedState, wait time.Duration, ok bool, err error)
	UpdateStates(ctx context.Context, feeds []string, change func(news.FeedState) news.FeedState) error
	Save(ctx context.Context, v news.FeedState, a *identity.Arrival, f *news.Facts) (news.Saved, error)
	SaveLater(ctx context.Context, v news.FeedState) error
	SeenDigests(feed string) (map[news.Digest]bool, error)
	UnmeasuredAudio(feed string, entries []news.Digest) ([]news.AudioLength, error)
	SaveLengths(ctx context.Context, feed string, found []news.AudioLength, now time.Time) (revised bool, err error)
	Settle(ctx context.Context, now time.Time) (revision uint64, published []news.Publication, err error)
	Deliver(ctx context.Context, feed string, a identity.Arrival) (news.Saved, error)
	NextRelease() (time.Time, error)
	Ask(
		ctx context.Context, a identity.Arrival,
	) (questions []identity.Question, due bool, match *identity.Match, err error)
	Lease(ctx context.Context, feeds []string, now time.Time) (leased, others []news.FeedState, err error)
	Release(ctx context.Context, feeds []string) error
}

// Options are what an [Aggregator] is made of.
type Options struct {
	Store           Store
	Client          *fetch.Client
	Stations        []news.Station
	Concurrency     int           // visits under way at once
	PrivateNetworks bool          // feeds may live on loopback and private addresses
	Gap             time.Duration // between two requests to a host; 0 is a second
	Log             *slog.Logger
	OwnsAddress     func(station, address string) bool // whether an address is on a station's hosts
	FeedNames       map[string]string                  // that logs and messages show, by address; see link.FeedNames

	// Changed is called when what is published has changed; never twice at once.
	Changed func(ctx context.Context)
	// Visited, if set, is called after each visit.
	Visited func(Visited)
	// TolerableReason, if set, classifies an error of the store: in a few words for one after which
	// visits are retried, such as a full disk, and empty for one that ends Run.
	TolerableReason func(error) string
	// ItemsFound, if set, is called when a feed's new items are known. Late is how many of them a
	// visit found a quarter of an hour or more after they were published, where a hub should have
	// been earlier.
	ItemsFound func(ctx context.Context, feed string, late int) error
	// DocumentArrived, if set, is called after each visit that brought a document, with the answer
	// that it came in, and what it says of its feed.
	DocumentArrived func(ctx context.Context, feed string, a Answer, f *news.Facts) error
}

// Answer is what brought a document.
type Answer struct {
	Header  http.Header
	Address string // that answered, after redirects
	Private bool   // it was dialed at a private address: what the document names may be at one, too
}

// Aggregator visits the feeds of stations.
type Aggregator struct {
	Options
	*shared
	feeds    map[string]news.Feed
	stations map[string]station
	pages    *fetch.Pages
	drained  context.Context
	drain    context.CancelFunc
}

// shared is what an aggregator hands to its [Aggregator.Successor]: whose turn it is at each host,
// and what is being visited or has still to be settled, by either of them.
type shared struct {
	hosts      *fetch.HostLimiter
	room       requestRoom // a visit or a hub holds some while it makes requests
	servers    fetch.PageServers
	outage     fetch.OutageDetector
	clockCheck fetch.ClockCheck
	large      sizeSemaphore
	largePush  sizeSemaphore       // of deliveries, before large
	trees      *semaphore.Weighted // article pages that are parsed at once
	unsaved    *semaphore.Weighted // entries that are read and not saved yet
	settler    *settler
	lengths    *lengths
	failure    storeFailure
	shortage   trouble                   // this machine opens no more files
	wake       chan struct{}             // holds one: an idle worker is to look for due visits again
	visits     atomic.Int64              // under way
	retrying   atomic.Int64              // workers that wait for a store that cannot be written
	looks      atomic.Int64              // how often a worker has looked for a due visit
	looksSeen  atomic.Int64              // looks, when Awake was last asked
	clock      atomic.Pointer[time.Time] // what the clock said then
	begun      atomic.Bool               // what an earlier run left has been settled

	verdicts sync.Map // by feed: of SameFeed
	tooOften sync.Map // feeds that are visited less often than configured, and were logged
	tooMuch  sync.Map // feeds that change more than is taken in a day, and were logged
}

// untilReleased is a wait that ends when a host is released.
const untilReleased = -1

// station is a station with its time zone loaded.
type station struct {
	news.Station
	location  *time.Location
	selectors page.Selectors // of its article pages
}

// New prepares an aggregator to run. It fails if a station's time zone is unknown, or a selector of its
// pages cannot be read.
func New(o Options) (*Aggregator, error) {
	wake := make(chan struct{}, 1)
	return newAggregator(o, &shared{
		hosts:   fetch.NewHostLimiter(fetch.Limits{Released: func() { notifyWaiter(wake) }}),
		settler: newSettler(), lengths: newLengths(), wake: wake,
		failure: storeFailure{trouble{calm: storeCalm}}, shortage: trouble{calm: shortageCalm},
		large: newSizeSemaphore(maxLarge), largePush: newSizeSemaphore(1),
		unsaved: semaphore.NewWeighted(maxUnsavedEntries), trees: semaphore.NewWeighted(maxTrees),
	})
}

// Successor prepares an aggregator that takes the place of one that is drained, while visits of
// that one are still under way: hosts are asked by one of the two at a time, and what those
// visits bring is settled by the successor.
func (a *Aggregator) Successor(o Options) (*Aggregator, error) {
	next, err := newAggregator(o, a.shared)
	if err == nil {
		a.settler.beginImport(nil) // its feeds may have left the configuration
	}
	return next, err
}

func newAggregator(o Options, s *shared) (*Aggregator, error) {
	a := &Aggregator{
		Options: o, shared: s, feeds: map[string]news.Feed{}, stations: map[string]station{},
	}
	a.pages = fetch.NewPages(o.Client, a.hosts, &a.servers)
	a.drained, a.drain = context.WithCancel(context.Background())
	for _, s := range o.Stations {
		st := station{Station: s}
		if s.Timezone != "" {
			location, err := time.LoadLocation(s.Timezone)
			if err != nil {
				return nil, err
			}
			st.location = location
		}
		var err error
		if st.selectors, err = page.ParseSelectors(s.Page.Body, s.Page.Drop); err != nil {
			return nil, err
		}
		a.stations[s.ID] = st
		for _, f := range s.Feeds {
			a.feeds[f.URL] = f
		}
	}
	a.room.resize(o.Concurrency)
	a.hosts.UseStations(o.Stations, cmp.Or(o.Gap, fetch.DefaultGap), o.Concurrency)
	return a, nil
}

// Run visits feeds when they are due, until its context ends or it is drained. A visit that is
// under way when the context ends is given up, and does not count as the feed's failure. A drained
// aggregator ends a visit or settling that is under way as it began; its successor goes on with what
// is left, and lengths of audio that are being asked for go on next to it.
func (a *Aggregator) Run(parent context.Context) error {
	ctx, cancel := context.WithCancelCause(parent)
	defer cancel(nil)
	// What an earlier run left to settle is settled before any visit: else visits that are quick
	// would be settled with it, and the others after them.
	if !a.begun.Swap(true) {
		if err := a.settleOrWait(ctx, ctx); err != nil && ctx.Err() == nil {
			return err
		}
		a.settler.beginImport(a.configuredFeeds())
	}
	idle, stopIdle := a.contextUntilDrained(ctx)
	defer stopIdle()
	var workers, settling sync.WaitGroup
	for range a.Concurrency {
		workers.Go(func() {
			if err := a.visitDueFeeds(ctx, idle); err != nil {
				cancel(err)
			}
		})
	}
	settling.Go(func() {
		for idle.Err() == nil {
			if wait := a.settler.timeUntilSettle(time.Now()); wait != 0 {
				sleepUntilWoken(idle, wait, a.settler.wake)
			} else if err := a.settleOrWait(ctx, idle); err != nil && ctx.Err() == nil {
				cancel(err)
				return
			}
		}
	})
	workers.Wait()
	stopIdle()
	settling.Wait()
	if ctx.Err() != nil { // otherwise the successor's Run ends them
		a.lengths.stop()
	}
	// What woke one of these last may have been meant for the successor.
	notifyWaiter(a.wake)
	notifyWaiter(a.settler.wake)
	if parent.Err() != nil {
		return nil
	}
	return context.Cause(ctx)
}

// Drain makes Run end when the visits under way have: no other is begun.
func (a *Aggregator) Drain() { a.drain() }

// contextUntilDrained ends with ctx, or when no more visits are to be begun.
func (a *Aggregator) contextUntilDrained(ctx context.Context) (context.Context, context.CancelFunc) {
	idle, cancel := context.WithCancel(ctx)
	stop := context.AfterFunc(a.drained, cancel)
	return idle, func() { stop(); cancel() }
}

// Awake reports whether the workers look after due visits: since it was last asked, one of them has
// looked for one, or all make requests, wait until others have, or wait for a store that cannot be
// written. It wakes one up to look, and waits for that until ctx ends.
func (a *Aggregator) Awake(ctx context.Context) bool {
	seen := a.looksSeen.Swap(a.looks.Load())
	notifyWaiter(a.wake)
	tick := time.NewTicker(wakeInterval)
	defer tick.Stop()
	for a.looks.Load() == seen && !a.room.isFull() && int(a.visits.Load()+a.retrying.Load()) < a.Concurrency {
		select {
		case <-ctx.Done():
			return false
		case <-tick.C:
		}
	}
	return true
}

// wakeInterval is how often Awake looks whether a worker has woken up.
const wakeInterval = 10 * time.Millisecond

// ClockUnclear reports whether the clock of this machine seems to be wrong.
func (a *Aggregator) ClockUnclear() bool { return a.clockCheck.IsUnclear() }

// Settle gives ids to new stories, releases those whose time has come, and announces what has
// changed.
func (a *Aggregator) Settle(ctx context.Context) error { return a.settler.settle(ctx, &a.Options) }

// TimeUntilSettle is how long it takes at most, as far as is known now, until stories that are new
// are published; known is false if there are none.
func (a *Aggregator) TimeUntilSettle() (until time.Duration, known bool) {
	until = a.settler.timeUntilSettle(time.Now())
	return until, until >= 0
}

// settleOrWait settles. If the store cannot be written, it waits until idle ends: that is still to
// be done.
func (a *Aggregator) settleOrWait(ctx, idle context.Context) error {
	err := a.Settle(ctx)
	if err != nil && a.failure.tolerateFailure(&a.Options, err) != "" {
		sleepUntilWoken(idle, StoreRetry, nil)
		return nil
	}
	return err
}

// visitDueFeeds is a worker: it makes one due visit after another, and sleeps until another is due.
// A slow station holds up one worker alone.
func (a *Aggregator) visitDueFeeds(ctx, idle context.Context) error {
	for idle.Err() == nil {
		wait, err := a.visitNextFeed(ctx, idle)
		if err != nil {
			a.retrying.Add(1)
			err := a.failure.waitForStore(ctx, idle, &a.Options, err)
			a.retrying.Add(-1)
			if err != nil {
				return err
			}
			continue
		}
		if wait != 0 {
			sleepUntilWoken(idle, wait, a.wake)
		}
	}
	return nil
}

// visitNextFeed makes a visit that is due, unless idle has ended. Else wait says how long until one
// is; negative if there is nothing to wait for.
func (a *Aggregator) visitNextFeed(ctx, idle context.Context) (wait time.Duration, err error) {
	slot, err := a.acquireSlot(idle)
	if err != nil {
		return -1, nil //nolint:nilerr // it ends
	}
	defer a.releaseSlot(slot)
	now := time.Now()
	a.looks.Add(1)
	if err := a.watchClock(ctx, now); err != nil {
		return 0, err
	}
	v, wait, ok, err := a.claimVisit(ctx, slot, now)
	defer a.settler.endVisit(v.Feed)
	switch {
	case ctx.Err() != nil:
		return -1, nil
	case err != nil:
		return 0, err
	case !ok:
		return wait, nil
	}
	if a.feeds[v.Feed].Path == "" {
		a.outage.RecordTry(now)
	}
	notifyWaiter(a.wake) // more may be due, and others may sleep longer than they should
	return 0, a.visit(ctx, v, slot)
}

// claimVisit claims a visit that is due. New stories wait for it from here on, since the store may
// take long to answer: the caller ends it with settler.endVisit of the feed, of "" if there is none.
func (a *Aggregator) claimVisit(
	ctx context.Context, slot *visitSlot, now time.Time,
) (v news.FeedState, wait time.Duration, ok bool, err error) {
	a.settler.beginVisit("")
	defer func() {
		a.settler.beginVisit(v.Feed)
		a.settler.endVisit("")
	}()
	return a.Store.Claim(ctx, now, func(feed string, take bool) time.Duration {
		return a.acquireHost(&slot.Hold, feed, take, now)
	})
}

// acquireHost is how long until a feed can be visited: 0 for now, negative until a host is released.
// With take, the hold takes a host that is free now. A feed that only a successor has is left to it.
func (a *Aggregator) acquireHost(h *fetch.Hold, feed string, take bool, now time.Time) time.Duration {
	f, known := a.feeds[feed]
	if !known {
		return untilReleased
	}
	if wait := a.outage.TimeUntilTry(now); wait > 0 && f.Path == "" {
		return wait
	}
	if take {
		return a.hosts.TryAcquire(h, feed, now)
	}
	return a.hosts.TimeUntilFree(h, feed, now)
}

// watchClock corrects due times if the wall clock was put forward or back, or the machine slept.
func (a *Aggregator) watchClock(ctx context.Context, now time.Time) error {
	last := a.clock.Swap(&now)
	if last == nil {
		return nil
	}
	shift := schedule.ClockShift(*last, now)
	if shift == 0 {
		return nil
	}
	a.Log.Warn("the clock jumped", "by", shift.Round(time.Second).String())
	return a.rescheduleAll(ctx, now, shift)
}

// configuredFeeds are the feeds of all stations, in the order of the configuration.
func (a *Aggregator) configuredFeeds() []news.Feed {
	var feeds []news.Feed
	for _, s := range a.Stations {
		feeds = append(feeds, s.Feeds...)
	}
	return feeds
}

// rescheduleAll sets the due times of all feeds right; see [schedule.Reschedule].
func (a *Aggregator) rescheduleAll(ctx context.Context, now time.Time, shift time.Duration) error {
	return a.Store.UpdateStates(ctx, slices.Sorted(maps.Keys(a.feeds)), func(v news.FeedState) news.FeedState {
		return schedule.Reschedule(v, a.feeds[v.Feed], now, shift)
	})
}

// visitSlot is what a visit holds: a host, and room among the requests that are made at once.
type visitSlot struct {
	fetch.Hold
	inRoom bool
}

// acquireSlot waits for room for requests: before a host is taken, since a visit that waits for
// room must not hold one. It fails with ctx.
func (a *Aggregator) acquireSlot(ctx context.Context) (*visitSlot, error) {
	err := a.room.acquire(ctx, false)
	return &visitSlot{inRoom: err == nil}, err
}

// releaseSlot makes room for another visit, and releases the host. It may be called again.
func (a *Aggregator) releaseSlot(slot *visitSlot) {
	a.hosts.ReleaseHold(&slot.Hold)
	if slot.inRoom {
		slot.inRoom = false
		a.room.release(false)
	}
}

// notifyWaiter leaves a signal in a channel that holds one.
func notifyWaiter(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// sleepUntilWoken waits for a time, or without end if it is negative, or until woken.
func sleepUntilWoken(ctx context.Context, wait time.Duration, wake <-chan struct{}) {
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

// randomChance is a random number from 0 to 1.
func randomChance() float64 { return rand.Float64() }
