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

// storeAgain is how often a store that takes nothing is tried.
const storeAgain = 5 * time.Second

// storeCalm is how long nothing may have failed before the store counts as writable
// again: on a full disk what is small still fits.
const storeCalm = 20 * time.Second

// trouble remembers that the store took nothing, so that it is told once.
type trouble struct {
	mu   sync.Mutex
	kind string
	last time.Time // when something failed
}

// turns notes of what kind the trouble is now, empty for none, and reports what it
// was where that is another. It is over only when nothing has failed for a while.
func (t *trouble) turns(kind string) (before string, turned bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := time.Now()
	if kind == "" && now.Sub(t.last) < storeCalm {
		return t.kind, false
	}
	if kind != "" {
		t.last = now
	}
	before, t.kind = t.kind, kind
	return before, before != kind
}

// unsaved is a visit that the store did not take, and how it is to be kept: with
// nothing of what it brought.
type unsaved struct {
	visit news.FeedState
	error
}

// Unwrap is why it was not.
func (u unsaved) Unwrap() error { return u.error }

// bears reports whether the desk goes on though the store fails, and says so when
// that begins.
func (a *Aggregator) bears(err error) bool {
	kind := a.kindOfStore(err)
	if kind == "" {
		return false
	}
	if _, turned := a.trouble.turns(kind); turned {
		a.Log.Error("cannot write to store, retrying", "kind", kind, "err", err.Error())
	}
	return true
}

// kindOfStore is a word for a store's failure that the desk can live with; empty
// where it cannot.
func (a *Aggregator) kindOfStore(err error) string {
	if a.Bearable == nil {
		return ""
	}
	return a.Bearable(err)
}

// relieved says so where the store takes what it is given again.
func (a *Aggregator) relieved() {
	if before, turned := a.trouble.turns(""); turned {
		a.Log.Info("store is writable again", "was", before)
	}
}

// lost is the error of a visit that the store did not take. Where the desk can
// live with that, the visit is kept as one that failed, with its validators as they
// were: the next asks for the same document. It is not the feed's fault, so the
// feed is visited at its usual time.
func (a *Aggregator) lost(ctx context.Context, f news.Feed, before news.FeedState, err error) error {
	kind := a.kindOfStore(err)
	if kind == "" {
		return fmt.Errorf("%s: %w", before.Feed, err)
	}
	a.bears(err)
	now := time.Now()
	in := schedule.Input{At: now, Local: before.Local || f.Path != ""}
	v := schedule.RecordUnsaved(before, f, in, kind, err.Error(), chance())
	if a.Visited != nil {
		a.Visited(Visited{Station: before.Station, Feed: before.Feed, Result: "interrupted", Took: now.Sub(before.Asked)})
	}
	return a.keep(ctx, v)
}

// keep has the store take a visit without what it brought.
func (a *Aggregator) keep(ctx context.Context, v news.FeedState) error {
	_, err := a.Store.Save(ctx, v, nil, nil)
	switch {
	case err == nil, ctx.Err() != nil:
		return nil
	case a.bears(err):
		return unsaved{v, fmt.Errorf("%s: %w", v.Feed, err)}
	}
	return fmt.Errorf("%s: %w", v.Feed, err)
}

// bear waits while the store takes nothing. A visit that is still to be kept is
// tried again and again, until ctx or idle ends.
func (a *Aggregator) bear(ctx, idle context.Context, err error) error {
	for err != nil && idle.Err() == nil {
		if !a.bears(err) {
			return err
		}
		sleep(idle, storeAgain, nil)
		var u unsaved
		if !errors.As(err, &u) {
			return nil
		}
		err = a.keep(ctx, u.visit)
	}
	return nil
}
