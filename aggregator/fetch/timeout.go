package fetch

import (
	"context"
	"time"
)

// timeout ends a context after a time in which pauses do not count: what this process has others
// wait for is not theirs. It is used by one goroutine.
type timeout struct {
	timer *time.Timer
	begun time.Time     // when it was last started
	left  time.Duration // then
}

// withTimeout makes a context that ends after a time, or with cancel.
func withTimeout(parent context.Context, after time.Duration) (ctx context.Context, t *timeout, cancel func()) {
	ctx, end := context.WithCancelCause(parent)
	t = &timeout{begun: time.Now(), left: after}
	t.timer = time.AfterFunc(after, func() { end(context.DeadlineExceeded) })
	return ctx, t, func() {
		t.timer.Stop()
		end(nil)
	}
}

// pause stops the time until resume is called.
func (t *timeout) pause() (resume func()) {
	if !t.timer.Stop() {
		return func() {} // it is over
	}
	t.left -= time.Since(t.begun)
	return func() {
		t.begun = time.Now()
		t.timer.Reset(max(0, t.left))
	}
}
