package aggregator

import (
	"context"
	"errors"
	"fmt"
	"time"

	"fronteras/aggregator/news"
	"fronteras/aggregator/schedule"
)

// StoreRetry is how long to wait after a failed write to the store before it is retried.
const StoreRetry = 5 * time.Second

// storeCalm is how long nothing may have failed before the store counts as writable again: on a full
// disk, what is small still fits.
const storeCalm = 20 * time.Second

// storeFailure knows whether the store can be written: failure, retry, recovery. It logs once when
// it cannot, and decides what becomes of visits meanwhile. It is safe for concurrent use.
type storeFailure struct{ trouble }

// unsavedVisit is the error of a visit that the store did not take, with the state that is to be
// saved instead: without anything that the visit brought.
type unsavedVisit struct {
	state news.FeedState
	error
}

// Unwrap is why it was not taken.
func (u unsavedVisit) Unwrap() error { return u.error }

// tolerateFailure logs when the store begins to fail. It gives the kind of the failure; empty for
// one that ends Run.
func (s *storeFailure) tolerateFailure(o *Options, err error) (kind string) {
	if o.TolerableReason != nil {
		kind = o.TolerableReason(err)
	}
	if kind == "" {
		return ""
	}
	if _, changed := s.changeKind(kind, time.Now()); changed {
		o.Log.Error("cannot write to store, retrying", "kind", kind, "err", err.Error())
	}
	return kind
}

// storeRecovered notes that the store took something, and logs when it can be written again.
func (s *storeFailure) storeRecovered(o *Options) {
	if before, changed := s.changeKind("", time.Now()); changed {
		o.Log.Info("store is writable again", "was", before)
	}
}

// revertVisit saves, of a visit that the store did not take, that it failed: the next one asks for
// the same document. It is not the feed's fault, so the feed is visited at its usual time. The
// error is an [unsavedVisit] if the store does not take that either.
func (s *storeFailure) revertVisit(
	ctx context.Context, o *Options, f news.Feed, leased news.FeedState, err error,
) error {
	kind := s.tolerateFailure(o, err)
	if kind == "" {
		return fmt.Errorf("%s: %w", o.feedName(leased.Feed), err)
	}
	now := time.Now()
	in := schedule.Input{At: now, Local: leased.Local || f.Path != ""}
	o.announceInterrupted(leased, now.Sub(leased.Asked))
	return s.saveReverted(ctx, o, schedule.RecordUnsaved(leased, f, in, kind, err.Error(), randomChance()))
}

// saveReverted saves the state of a visit without what it brought.
func (s *storeFailure) saveReverted(ctx context.Context, o *Options, v news.FeedState) error {
	_, err := o.Store.Save(ctx, v, nil, nil)
	if err == nil {
		return nil
	}
	err = fmt.Errorf("%s: %w", o.feedName(v.Feed), err)
	if s.tolerateFailure(o, err) != "" {
		return unsavedVisit{v, err}
	}
	return err
}

// waitForStore waits after an error of the store. A visit that is still to be saved is retried
// until the store takes it, or ctx or idle ends. It returns an error that ends Run.
func (s *storeFailure) waitForStore(ctx, idle context.Context, o *Options, err error) error {
	for err != nil && idle.Err() == nil {
		if s.tolerateFailure(o, err) == "" {
			return err
		}
		sleepUntilWoken(idle, StoreRetry, nil)
		var unsaved unsavedVisit
		if !errors.As(err, &unsaved) {
			return nil
		}
		err = s.saveReverted(ctx, o, unsaved.state)
	}
	return nil
}
