package cases

import (
	"slices"
	"time"

	"fronteras/aggregator/news"
)

// Record is a case as the store keeps it.
type Record struct {
	Kind    news.CaseKind   `json:"kind"`
	Since   time.Time       `json:"since"`
	Stories []string        `json:"stories,omitempty"` // ids of the pair, or of the story
	Feed    string          `json:"feed,omitempty"`
	Why     string          `json:"why"`
	Kinds   []news.FlagKind `json:"kinds,omitempty"` // of the flags that ask it, or asked it last
	Asks    bool            `json:"asks,omitempty"`  // it is open or held
	Until   time.Time       `json:"until,omitzero"`  // when it is no longer asked; zero: it is until it is answered
	// Holds is the decision by which an editor holds its stories; 0: none.
	Holds uint64 `json:"holds,omitempty"`
	// Held is the last such decision after its stories were published: an undo of that brings it back.
	Held uint64 `json:"held,omitempty"`
	// Decision is the one that ended it, and Ended when it ended; 0: nobody decided.
	Decision uint64    `json:"decision,omitempty"`
	Ended    time.Time `json:"ended,omitzero"`
	// Dismissed is a dismissal, and when it was: what was asked until then is left as it is.
	Dismissed   uint64    `json:"dismissed,omitempty"`
	DismissedAt time.Time `json:"dismissed_at,omitzero"`
	// Noted are the kinds of notices that there were of it: there is one of each.
	Noted []news.NoticeKind `json:"noted,omitempty"`
}

// Now is what is so in the transaction that a question is looked at in.
type Now struct {
	Time time.Time
	// Ruling is what an editor decides in it; nil: it is a visit, or the clock.
	Ruling *news.Ruling
	// Bound says that the ruling is about what the case is about.
	Bound bool
	// HoldStands says that a story of the case is held, and the decision of Record.Holds counts; HoldReturns
	// says the same of Record.Held, where an undo is looked at.
	HoldStands, HoldReturns bool
	// DismissalStands says that the decision of Record.Dismissed counts.
	DismissalStands bool
}

// Next is a case after its question was looked at. Old is nil where there was none; nil is returned
// where there is none now, nor was. Notice is what is to be noted of it for recipients, "" for nothing.
func Next(old *Record, q Question, now Now) (next *Record, notice news.NoticeKind) {
	if old == nil && !q.Asks() {
		return nil, ""
	}
	r := Record{Since: q.Since}
	if old != nil {
		r = *old
		r.Noted, r.Kinds = slices.Clone(old.Noted), slices.Clone(old.Kinds)
	}
	if v := now.Ruling; v != nil && now.Bound {
		switch {
		case v.Verb == news.Hold && (r.Asks || q.Asks()):
			r.Holds, now.HoldStands = v.DecisionNumber(), true
		case v.Verb == news.Dismiss && (r.Asks || q.Asks()):
			r.Dismissed, r.DismissedAt, now.DismissalStands = v.DecisionNumber(), v.When, true
			r.Holds = 0
		}
	}
	switch {
	case r.Holds == 0 && now.HoldReturns:
		r.Holds, r.Held = r.Held, 0
	case r.Holds != 0 && !now.HoldStands:
		r.Holds, r.Held = 0, r.Holds
	}
	if !now.DismissalStands {
		r.Dismissed, r.DismissedAt = 0, time.Time{}
	}
	asks := q.Asks() && (r.Dismissed == 0 || q.Last.After(r.DismissedAt))
	if q.Asks() {
		r.Kind, r.Why, r.Until, r.Kinds = q.Kind, q.Why, q.Until(), kindsOf(q.Flags)
	}
	switch was := old != nil && old.Asks; {
	case asks || r.Holds != 0:
		if r.Asks = true; asks && r.Holds == 0 {
			notice = noticeOf(r)
		}
		r.Decision, r.Ended = 0, time.Time{}
	case was || old == nil:
		r.Asks, r.Until, r.Decision, r.Ended = false, time.Time{}, 0, now.Time
		if now.Ruling != nil {
			r.Decision = now.Ruling.DecisionNumber()
		}
	}
	if notice != "" {
		r.Noted = append(r.Noted, notice)
	}
	return &r, notice
}

// noticeOf is what recipients have not heard of a case that is asked now, "" for nothing.
func noticeOf(r Record) news.NoticeKind {
	kind := map[news.CaseKind]news.NoticeKind{
		news.CaseKilled: news.NoticeKilled, news.CaseFlood: news.NoticeFlood, news.CasePair: news.NoticePair,
	}[r.Kind]
	if slices.Contains(r.Noted, kind) {
		return ""
	}
	return kind
}

func kindsOf(flags []news.Flag) (kinds []news.FlagKind) {
	for _, g := range flags {
		kinds = append(kinds, g.Kind)
	}
	slices.Sort(kinds)
	return slices.Compact(kinds)
}

// State is the state of a case at a time.
func (r *Record) State(now time.Time) news.CaseState {
	switch {
	case r.Asks && r.Holds != 0:
		return news.CaseHeld
	case r.Asks && (r.Until.IsZero() || now.Before(r.Until)):
		return news.CaseOpen
	case r.Decision != 0:
		return news.CaseDecided
	}
	return news.CaseEnded
}

// Compare is the order in which editors are shown cases: the open ones before those that are held,
// then by kind, the oldest first.
func Compare(a, b news.Case) int {
	rank := func(c news.Case) int {
		at := slices.Index(news.CaseKinds, c.Kind)
		if c.Kind == news.CaseFeed { // the rest is one
			at++
		}
		if c.State == news.CaseHeld {
			at += len(news.CaseKinds)
		}
		return at
	}
	if x, y := rank(a), rank(b); x != y {
		return x - y
	}
	if c := a.Since.Compare(b.Since); c != 0 {
		return c
	}
	return int(int64(a.Number) - int64(b.Number))
}
