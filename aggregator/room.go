package aggregator

import (
	"context"
	"sync"
)

// requestRoom is room for the requests that are made at once. Requests to hubs share a quarter of
// it, but one at least, so that visits go on however many hubs never answer. It is safe for
// concurrent use.
type requestRoom struct {
	mu    sync.Mutex
	limit int
	busy  int           // in all
	hubs  int           // of them to hubs
	freed chan struct{} // closed when something may have become free; nil: nobody waits
}

// resize makes it room for a number of requests. Those under way stay: others wait until there are
// fewer.
func (r *requestRoom) resize(limit int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.limit = max(limit, 1)
	r.wakeWaiters()
}

// acquire waits for room for a request, of a visit or to a hub; release gives it back. It fails
// with ctx.
func (r *requestRoom) acquire(ctx context.Context, toHub bool) error {
	for ctx.Err() == nil {
		freed, ok := r.tryAcquire(toHub)
		if ok {
			return nil
		}
		select {
		case <-ctx.Done():
		case <-freed:
		}
	}
	return ctx.Err()
}

// tryAcquire takes room if there is some; otherwise freed is closed when it is worth another try.
func (r *requestRoom) tryAcquire(toHub bool) (freed <-chan struct{}, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.busy >= r.limit || toHub && r.hubs >= max(1, r.limit/4) {
		if r.freed == nil {
			r.freed = make(chan struct{})
		}
		return r.freed, false
	}
	r.busy++
	if toHub {
		r.hubs++
	}
	return nil, true
}

func (r *requestRoom) release(toHub bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.busy--
	if toHub {
		r.hubs--
	}
	r.wakeWaiters()
}

// isFull reports whether a visit would have to wait.
func (r *requestRoom) isFull() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.busy >= r.limit
}

// wakeWaiters wakes what waits for room. The caller holds mu.
func (r *requestRoom) wakeWaiters() {
	if r.freed != nil {
		close(r.freed)
		r.freed = nil
	}
}
