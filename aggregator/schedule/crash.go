package schedule

import (
	"sync"
	"time"
)

// CrashGuard knows the feeds in whose visits the process has died. One of them is visited at a
// time, so that the document that kills is found out. Its zero value knows none; it is safe for
// concurrent use.
type CrashGuard struct {
	mu    sync.Mutex
	feeds map[uint64]bool
	held  uint64 // the one that is being visited
	until time.Time
}

// Suspect notes that the process died in a visit of a feed.
func (g *CrashGuard) Suspect(feed uint64) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.feeds == nil {
		g.feeds = map[uint64]bool{}
	}
	g.feeds[feed] = true
}

// MustWait reports whether a feed has to wait for the visit of another suspect to end.
func (g *CrashGuard) MustWait(feed uint64, now time.Time) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.feeds[feed] && g.held != 0 && g.held != feed && g.until.After(now)
}

// BeginVisit notes that a feed's visit begins, which ends by the time until at the latest.
func (g *CrashGuard) BeginVisit(feed uint64, until time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.feeds[feed] {
		g.held, g.until = feed, until
	}
}

// EndVisit notes that a feed's visit was saved: it is no longer a suspect.
func (g *CrashGuard) EndVisit(feed uint64) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.feeds, feed)
	if g.held == feed {
		g.held = 0
	}
}

// GiveUpVisit notes that a feed's visit was not begun after all: it stays a suspect.
func (g *CrashGuard) GiveUpVisit(feed uint64) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.held == feed {
		g.held = 0
	}
}
