package aggregator

import (
	"context"
	"time"

	"fronteras/aggregator/news"
)

// When the desk settles: after so much quiet, at the latest so long after
// something new came.
const (
	quiet  = 2 * time.Second
	latest = 15 * time.Second
)

// settleWhenQuiet gives new stories their ids once the visits in progress have
// ended and nothing new has come for a moment: then the order in which feeds
// were visited decides nothing.
func (a *Aggregator) settleWhenQuiet(ctx context.Context) error {
	for ctx.Err() == nil {
		if wait := a.untilQuiet(time.Now()); wait != 0 {
			sleep(ctx, wait, a.ended)
			continue
		}
		if err := a.settleOrBear(ctx); err != nil {
			return err
		}
	}
	return nil
}

// settleOrBear settles. Where the store takes nothing, that is still to be done.
func (a *Aggregator) settleOrBear(ctx context.Context) error {
	err := a.Settle(ctx)
	switch {
	case err == nil, ctx.Err() != nil:
		return nil
	case !a.bears(err):
		return err
	}
	sleep(ctx, storeAgain, nil)
	return nil
}

// untilQuiet is how long to wait before the desk can settle, or has to because a
// held story's time has come; negative: until a visit ends. A visit counts as
// begun from the moment in which it is claimed: the store may take long to say so.
func (a *Aggregator) untilQuiet(now time.Time) time.Duration {
	a.mu.Lock()
	defer a.mu.Unlock()
	switch {
	case !a.until.IsZero() && !a.until.After(now):
		return 0
	case a.first.IsZero() && a.until.IsZero():
		return -1
	case a.first.IsZero():
		return a.until.Sub(now)
	}
	end, calm := a.first.Add(latest), a.last.Add(quiet)
	if a.claiming.Load() > 0 || a.visits.Load() > 0 || end.Before(calm) {
		calm = end
	}
	return max(0, calm.Sub(now))
}

// bring notes that a visit changed something. Only what is new breaks the quiet:
// else a feed that touches its items at every visit would hold all others up.
func (a *Aggregator) bring(fresh bool, now time.Time) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.first.IsZero() {
		a.first, a.last = now, now
	}
	if fresh {
		a.last = now
	}
}

// Settle gives ids to new stories, releases those whose time has come, and
// announces what has changed.
func (a *Aggregator) Settle(ctx context.Context) error {
	a.settling <- struct{}{}
	defer func() { <-a.settling }()
	return a.settle(ctx)
}

func (a *Aggregator) settle(ctx context.Context) error {
	a.mu.Lock()
	a.first = time.Time{}
	a.mu.Unlock()
	revision, published, err := a.Store.Settle(ctx, time.Now())
	if err != nil {
		a.bring(false, time.Now()) // it is still to be done
		return err
	}
	a.tellPublished(published)
	if a.revision.Swap(revision) != revision {
		a.Changed(ctx)
	}
	until, err := a.Store.NextRelease()
	if err != nil {
		return err
	}
	a.mu.Lock()
	a.until = until
	a.mu.Unlock()
	signal(a.ended) // it may have to wake earlier than it meant to
	return nil
}

// told is how many new stories are logged one by one; more are counted.
const told = 10

func (a *Aggregator) tellPublished(list []news.Publication) {
	if len(list) > told {
		a.Log.Info("stories published", "new", len(list))
		return
	}
	for _, p := range list {
		a.Log.Info("story published", "story", p.Story, "items", p.Items)
	}
}
