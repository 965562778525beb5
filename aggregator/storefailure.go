package aggregator

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"fronteras/aggregator/news"
	"fronteras/aggregator/schedule"
)

const (
	storeRetry = 5 * time.Second // between two tries to write to a store that fails
	// storeCalm is how long nothing may have failed before the store counts as writable again: on a
	// full disk, what is small still fits.
	storeCalm = 20 * time.Second
)

// storeFailure remembers that the store cannot be written, so that it is logged once.
type storeFailure struct {
	mu   sync.Mutex
	kind string    // empty: it can
	last time.Time // when a write failed
}

// change notes what kind of failure there is now, empty for none, and reports what it was before
// if that is another. It is over only when nothing has failed for a while.
func (s *storeFailure) change(kind string, now time.Time) (before string, changed bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if kind == "" && now.Sub(s.last) < storeCalm {
		return s.kind, false
	}
	if kind != "" {
		s.last = now
	}
	before, s.kind = s.kind, kind
	return before, before != kind
}

// unsavedVisit is the error of a visit that the store did not take, with the state that is to be
// saved instead: without anything that the visit brought.
type unsavedVisit struct {
	state news.FeedState
	error
}

// Unwrap is why it was not taken.
func (u unsavedVisit) Unwrap() error { return u.error }

// tolerateFailure reports whether visits go on although the store fails, and logs when a failure begins.
func (a *Aggregator) tolerateFailure(err error) (kind string, bearable bool) {
	if a.Bearable != nil {
		kind = a.Bearable(err)
	}
	if kind == "" {
		return "", false
	}
	if _, changed := a.failure.change(kind, time.Now()); changed {
		a.Log.Error("cannot write to store, retrying", "kind", kind, "err", err.Error())
	}
	return kind, true
}

// storeRecovered notes that the store took something, and logs when it can be written again.
func (a *Aggregator) storeRecovered() {
	if before, changed := a.failure.change("", time.Now()); changed {
		a.Log.Info("store is writable again", "was", before)
	}
}

// revertVisit saves, of a visit that the store did not take, that it failed: the next one asks for
// the same document. It is not the feed's fault, so the feed is visited at its usual time. The
// error is an [unsavedVisit] if the store does not take that either.
func (a *Aggregator) revertVisit(ctx context.Context, f news.Feed, before news.FeedState, err error) error {
	kind, bearable := a.tolerateFailure(err)
	if !bearable {
		return fmt.Errorf("%s: %w", before.Feed, err)
	}
	now := time.Now()
	in := schedule.Input{At: now, Local: before.Local || f.Path != ""}
	v := schedule.RecordUnsaved(before, f, in, kind, err.Error(), chance())
	if a.Visited != nil {
		a.Visited(Visited{Station: before.Station, Feed: before.Feed, Result: "interrupted", Took: now.Sub(before.Asked)})
	}
	return a.saveReverted(ctx, v)
}

// saveReverted saves the state of a visit without what it brought.
func (a *Aggregator) saveReverted(ctx context.Context, v news.FeedState) error {
	_, err := a.Store.Save(ctx, v, nil, nil)
	if err == nil || ctx.Err() != nil {
		return nil
	}
	err = fmt.Errorf("%s: %w", v.Feed, err)
	if _, bearable := a.tolerateFailure(err); bearable {
		return unsavedVisit{v, err}
	}
	return err
}

// waitForStore waits after an error of the store. A visit that is still to be saved is retried
// until the store takes it, or ctx or idle ends. It returns an error that is not bearable.
func (a *Aggregator) waitForStore(ctx, idle context.Context, err error) error {
	for err != nil && idle.Err() == nil {
		if _, bearable := a.tolerateFailure(err); !bearable {
			return err
		}
		sleep(idle, storeRetry, nil)
		var unsaved unsavedVisit
		if !errors.As(err, &unsaved) {
			return nil
		}
		err = a.saveReverted(ctx, unsaved.state)
	}
	return nil
}

// settleOrWait settles. If the store cannot be written, it waits a while: that is still to be done.
func (a *Aggregator) settleOrWait(ctx context.Context) error {
	err := a.Settle(ctx)
	if err == nil || ctx.Err() != nil {
		return nil
	}
	if _, bearable := a.tolerateFailure(err); !bearable {
		return err
	}
	sleep(ctx, storeRetry, nil)
	return nil
}
