// Package bound ends work on foreign bytes that takes more of the processor than it may, or whose
// context has ended. The code that works says how far it has come; nothing is interrupted.
package bound

import (
	"context"
	"runtime"
	"time"

	"fronteras/aggregator/feed/damage"
)

// every is how many bytes are worked on between two looks at the clock.
const every = 64 << 10

// Work is one piece of work, done by one goroutine. A nil one is not bounded.
type Work struct {
	ctx     context.Context
	allowed time.Duration
	begun   time.Duration
	since   int // bytes since the last look
	err     error
}

// Begin begins work that may take that much of the processor's time, in whole seconds. The goroutine
// keeps its thread, whose time is measured, until End: what else the machine does costs the work
// nothing.
func Begin(ctx context.Context, allowed time.Duration) *Work {
	runtime.LockOSThread()
	w := &Work{ctx: ctx, allowed: allowed, begun: threadTime()}
	w.err = ctx.Err()
	return w
}

// End ends it. It is called by the goroutine that began.
func (w *Work) End() { runtime.UnlockOSThread() }

// Spent is the processor's time that was taken so far.
func (w *Work) Spent() time.Duration { return threadTime() - w.begun }

// Advance says that bytes have been, or are to be, worked on. Once it fails, with the context's
// error or a [*damage.LimitError], it always does.
func (w *Work) Advance(bytes int) error {
	if w == nil || w.err != nil {
		return w.Err()
	}
	if w.since += bytes; w.since < every {
		return nil
	}
	w.since = 0
	if w.err = w.ctx.Err(); w.err == nil && w.Spent() > w.allowed {
		w.err = &damage.LimitError{Limit: "seconds of the processor's time", Allowed: int(w.allowed / time.Second)}
	}
	return w.err
}

// Err is why the work is to end, nil if it is not.
func (w *Work) Err() error {
	if w == nil {
		return nil
	}
	return w.err
}
