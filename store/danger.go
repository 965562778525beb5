package store

import (
	"sync"
	"time"
)

// danger knows the feeds in whose visits the process has died. Of them one is
// visited at a time, so that a document that kills is found out, and no two.
type danger struct {
	mu    sync.Mutex
	feeds map[uint64]bool
	held  uint64 // the one that is being visited
	until time.Time
}

// mark notes that the process died in a visit of a feed.
func (d *danger) mark(feed uint64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.feeds == nil {
		d.feeds = map[uint64]bool{}
	}
	d.feeds[feed] = true
}

// waits reports whether a feed has to wait for another's visit to end.
func (d *danger) waits(feed uint64, now time.Time) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.feeds[feed] && d.held != 0 && d.held != feed && d.until.After(now)
}

// begins notes that a feed's visit begins.
func (d *danger) begins(feed uint64, until time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.feeds[feed] {
		d.held, d.until = feed, until
	}
}

// survives notes that a feed's visit was saved.
func (d *danger) survives(feed uint64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.feeds, feed)
	if d.held == feed {
		d.held = 0
	}
}
