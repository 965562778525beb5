package aggregator

import (
	"sync"
	"time"
)

// trouble is something that may be wrong for a while, and that is logged when it begins. It is safe
// for concurrent use.
type trouble struct {
	calm time.Duration // for which nothing may have failed before it counts as over

	mu   sync.Mutex
	kind string    // empty: there is none
	last time.Time // when something failed
}

// changeKind notes what kind of trouble there is now, empty for none, and reports what it was before
// if that is another. It is over only when nothing has failed for a while.
func (t *trouble) changeKind(kind string, now time.Time) (before string, changed bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if kind == "" && now.Sub(t.last) < t.calm {
		return t.kind, false
	}
	if kind != "" {
		t.last = now
	}
	before, t.kind = t.kind, kind
	return before, before != kind
}
