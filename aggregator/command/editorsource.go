package command

import (
	"context"
	"errors"
	"time"

	"fronteras/aggregator/editors"
	"fronteras/aggregator/identity"
	"fronteras/aggregator/news"
	"fronteras/store"
)

// newEditorSource is what the editors' pages show, and how their forms decide: as commands do, with the
// settings of the current generation. ctx ends with the daemon.
func newEditorSource(ctx context.Context, d *daemon) *editors.Source {
	return &editors.Source{
		StorySource:   newStorySource(d),
		StationSource: newStationSource(ctx, d),
		Cases:         func() ([]news.Case, error) { return d.store.Cases(time.Now()) },
		CountOpen:     func() (int, error) { return d.store.CountOpenCases(time.Now()) },
		Case: func(number uint64) (news.Case, error) {
			c, err := d.store.Case(number, time.Now())
			return c, noneIfUnknown(err)
		},
		Stories: func(ids []string) (stories []*news.Story, err error) {
			for _, id := range ids {
				story, err := d.store.Story(id)
				if errors.Is(err, store.ErrUnknown) { // it was forgotten
					continue
				}
				if err != nil {
					return nil, err
				}
				stories = append(stories, story)
			}
			return stories, nil
		},
		KillNotices: d.store.KillNotices,
		Decisions: func(before uint64, limit int) ([]news.Decision, error) {
			return d.store.Decisions(before, limit, time.Time{})
		},
		Decide: func(ctx context.Context, o news.Order) (uint64, error) {
			made, err := decide(ctx, d.current.Load().app, o)
			return made.Number, refusalOf(err)
		},
	}
}

// decisionForPage gives a decision by its number.
func (d *daemon) decisionForPage(number uint64) (*news.Decision, error) {
	decision, err := d.store.Decision(number)
	return &decision, noneIfUnknown(err)
}

// noneIfUnknown is an error of the store's as the editors' pages know it.
func noneIfUnknown(err error) error {
	if errors.Is(err, store.ErrUnknown) {
		return editors.ErrNone
	}
	return err
}

// refusalOf is the error of a decision as the editors' pages know it: what people can mend, or that
// something of ours fails.
func refusalOf(err error) error {
	var changed *store.ChangedError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &changed):
		now := &editors.ChangedError{}
		if changed.Last != nil {
			now.Who = changed.Last.Who
		}
		return now
	case errors.As(err, new(*identity.KilledError)): // since the page was opened
		return &editors.ChangedError{}
	case store.IsUnwritable(err), errors.Is(err, store.ErrClosed), errors.Is(err, store.ErrRecord),
		errors.Is(err, store.ErrDamaged), errors.Is(err, context.Canceled):
		return err
	}
	refused := &editors.OrderError{Err: err}
	for _, k := range []struct {
		is  error
		why editors.Refusal
	}{
		{identity.ErrSame, editors.RefusedSame}, {identity.ErrHeld, editors.RefusedHeld},
		{identity.ErrAutomatic, editors.RefusedAutomatic}, {store.ErrNoUndo, editors.RefusedUndo},
	} {
		if errors.Is(err, k.is) {
			refused.Why = k.why
		}
	}
	return refused
}
