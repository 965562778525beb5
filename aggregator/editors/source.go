package editors

import (
	"context"
	"errors"

	"fronteras/aggregator/news"
)

// Source is what the pages show, and what decides. The command fills it in; each function is one
// transaction of the store, and none looks through all stories.
type Source struct {
	StationSource
	StorySource

	// Cases lists what is open, then what is held, each in the order in which editors are shown it.
	Cases func() ([]news.Case, error)
	// CountOpen counts what is open.
	CountOpen func() (int, error)
	// Case gives a case, also one that was decided or has ended. It fails with [ErrNone].
	Case func(number uint64) (news.Case, error)
	// Stories gives stories by their ids, with their items; those that are not there are left out.
	Stories func(ids []string) ([]*news.Story, error)
	// KillNotices gives the words against publishing a story.
	KillNotices func(*news.Story) ([]news.KillNotice, error)
	// Decisions lists at most limit decisions, the latest first, with numbers lower than before; 0: the last.
	Decisions func(before uint64, limit int) ([]news.Decision, error)
	// Decide does what a form orders, by the same way as the commands, and gives the decision's number: of
	// a form that is sent again, that of the first time. It fails with [ChangedError], or because the
	// order cannot be done: with [OrderError].
	Decide func(context.Context, news.Order) (uint64, error)
}

// ErrNone says that there is no such case, story or decision.
var ErrNone = errors.New("there is none")

// ChangedError says that what a form showed has changed. Nothing was done.
type ChangedError struct {
	Who string // decided meanwhile; "": nobody did
}

func (e *ChangedError) Error() string { return "what was shown has changed: nothing was done" }

// OrderError says that an order cannot be done. Nothing was done.
type OrderError struct{ Err error }

func (e *OrderError) Error() string { return e.Err.Error() }

func (e *OrderError) Unwrap() error { return e.Err }
