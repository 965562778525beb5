package aggregator

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"fronteras/aggregator/news"
)

// When new stories are settled: after quietTime without news, at the latest maxSettleWait after
// the first that is not settled.
//
// The first import of an empty store is one batch: settling and rendering a thousand feeds' items
// several times while they come in would cost as much as reading them. So it goes on, for
// maxImportWait at most, as long as importPace first visits end in any quietTime. Those that hang
// are none of them.
const (
	quietTime     = 2 * time.Second
	maxSettleWait = 15 * time.Second
	importPace    = 5
	maxImportWait = 5 * time.Minute
)

// maxStoriesLogged is how many new stories are logged one by one; more are counted.
const maxStoriesLogged = 10

// settler gives new stories their ids once the visits under way have ended and nothing new has come
// for a moment: then the order in which feeds were visited decides nothing. It also releases
// embargoed stories when their time has come.
type settler struct {
	turn     chan struct{} // holds one while somebody settles
	wake     chan struct{} // holds one: what timeUntilSettle says may have changed
	revision atomic.Uint64 // that was announced last

	mu        sync.Mutex
	pending   pendingNews
	visits    map[string]int  // of each feed, under way; of "", that are being claimed
	delivered map[string]bool // feeds of which a hub has delivered news since their visit began
	unvisited map[string]bool // feeds whose first visit has not ended, in the first import of an empty store
}

func newSettler() *settler {
	return &settler{
		turn: make(chan struct{}, 1), wake: make(chan struct{}, 1),
		visits: map[string]int{}, delivered: map[string]bool{},
	}
}

// pendingNews is what decides when to settle.
type pendingNews struct {
	first   time.Time // when a visit brought something that is not settled; zero: all is
	last    time.Time // when one last brought something new
	release time.Time // when the clock releases a held story; zero: none waits

	importing bool                  // feeds of an empty store wait for their first visit
	ended     [importPace]time.Time // when the last first visits ended, the latest first
}

// timeUntilSettle is how long to wait before settling: 0 if it is time; negative if there is
// nothing to wait for but a visit. Visiting says whether one is under way.
func (p pendingNews) timeUntilSettle(now time.Time, visiting bool) time.Duration {
	switch {
	case !p.release.IsZero() && !p.release.After(now):
		return 0
	case p.first.IsZero() && p.release.IsZero():
		return -1
	case p.first.IsZero():
		return p.release.Sub(now)
	}
	due, latest := p.last.Add(quietTime), p.first.Add(maxSettleWait)
	if goesOn := p.ended[importPace-1].Add(quietTime); p.importing && goesOn.After(latest) {
		latest = earlierTime(goesOn, p.first.Add(maxImportWait))
	}
	if visiting || latest.Before(due) {
		due = latest
	}
	return max(0, due.Sub(now))
}

func earlierTime(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// timeUntilSettle is how long to wait before settling; see [pendingNews.timeUntilSettle].
func (s *settler) timeUntilSettle(now time.Time) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.pending.timeUntilSettle(now, len(s.visits) > len(s.delivered))
}

// beginVisit notes that a feed is visited, or with "" that a visit is being claimed; each has its
// endVisit.
func (s *settler) beginVisit(feed string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.visits[feed]++
}

func (s *settler) endVisit(feed string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.visits[feed]--; s.visits[feed] == 0 {
		delete(s.visits, feed)
		delete(s.delivered, feed)
	}
	notifyWaiter(s.wake)
}

// recordDelivery notes that a hub has delivered what changed something. A visit of that feed that
// is under way is no longer waited for: what it could bring has come, and its server may hang.
func (s *settler) recordDelivery(feed string, fresh bool, now time.Time) {
	s.mu.Lock()
	if s.visits[feed] > 0 {
		s.delivered[feed] = true
	}
	s.mu.Unlock()
	s.recordNews(fresh, now)
}

// beginImport notes that an aggregator begins with these feeds. If nothing was ever published, all
// of them belong to a first import, which lasts until each was visited. No feeds end it.
func (s *settler) beginImport(feeds []news.Feed) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.unvisited = map[string]bool{}
	for _, f := range feeds {
		if s.revision.Load() == 0 {
			s.unvisited[f.URL] = true
		}
	}
	s.pending.importing = len(s.unvisited) > 0
}

// recordFirstVisit notes that a feed's visit ended, well or not.
func (s *settler) recordFirstVisit(feed string, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.unvisited[feed] {
		return
	}
	delete(s.unvisited, feed)
	copy(s.pending.ended[1:], s.pending.ended[:])
	s.pending.ended[0] = now
	s.pending.importing = len(s.unvisited) > 0
}

// recordNews notes that a visit changed something. Only what is new breaks the quiet: else a feed
// that touches its items at every visit would hold all others up.
func (s *settler) recordNews(fresh bool, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.pending.first.IsZero() {
		s.pending.first, s.pending.last = now, now
	}
	if fresh {
		s.pending.last = now
	}
	notifyWaiter(s.wake)
}

// settle gives ids to new stories, releases those whose time has come, and calls Changed if that
// or a visit before changed what is published.
func (s *settler) settle(ctx context.Context, o *Options) error {
	s.turn <- struct{}{}
	defer func() { <-s.turn }()
	s.mu.Lock()
	s.pending.first = time.Time{}
	s.mu.Unlock()
	revision, published, err := o.Store.Settle(ctx, time.Now())
	if err != nil {
		s.recordNews(false, time.Now()) // it is still to be done
		return err
	}
	if len(published) > maxStoriesLogged {
		o.Log.Info("stories published", "new", len(published))
	} else {
		for _, p := range published {
			o.Log.Info("story published", "story", p.Story, "items", p.Items)
		}
	}
	if s.revision.Swap(revision) != revision {
		o.Changed(ctx)
	}
	release, err := o.Store.NextRelease()
	if err != nil {
		return err
	}
	s.mu.Lock()
	s.pending.release = release
	s.mu.Unlock()
	notifyWaiter(s.wake) // it may be earlier than before
	return nil
}
