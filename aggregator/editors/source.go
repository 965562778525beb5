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
type OrderError struct {
	Err error   // in the words of commands
	Why Refusal // "": another
}

// Refusal is a reason that the pages say in words of their own.
type Refusal string

// The refusals that forms meet.
const (
	RefusedSame      Refusal = "same"      // two stories are one already
	RefusedHeld      Refusal = "held"      // an editor holds it already
	RefusedAutomatic Refusal = "automatic" // nobody has said who made it
	RefusedUndo      Refusal = "undo"      // it has no undo
)

// refusals are the pages' words for why something cannot be done.
var refusals = map[Refusal]string{
	RefusedSame:      "They are one story already.",
	RefusedHeld:      "An editor holds it already.",
	RefusedAutomatic: "Nobody has said who made it: it is automatic already.",
	RefusedUndo:      "Trusting a feed again has no undo: what it had been caught at is forgotten.",
}

// refusalWords says why an order cannot be done.
func refusalWords(r *request, refused *OrderError) string {
	if words := refusals[refused.Why]; words != "" {
		return r.say(words)
	}
	return r.say("That could not be done: %s", refused.Error())
}

func (e *OrderError) Error() string { return e.Err.Error() }

func (e *OrderError) Unwrap() error { return e.Err }
