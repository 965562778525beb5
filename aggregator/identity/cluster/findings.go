package cluster

import (
	"slices"
	"strings"
	"time"

	"fronteras/aggregator/identity/evidence"
	"fronteras/aggregator/news"
)

// Veto is a reason why two items are not joined, whatever speaks for it.
type Veto struct {
	Rule   news.Rule // V1 to V9; "" where a stronger edge won
	Reason string
}

// Findings holds what is to be shown of items: flags, and joins that were considered and not made.
type Findings struct {
	Flags    map[uint64][]news.Flag     // by item
	Rejected map[uint64][]news.Rejected // by item
	now      time.Time
}

// NewFindings returns findings without any, for a time.
func NewFindings(now time.Time) Findings {
	return Findings{map[uint64][]news.Flag{}, map[uint64][]news.Rejected{}, now}
}

// And returns the findings of both.
func (f Findings) And(more Findings) Findings {
	both := NewFindings(f.now)
	for _, list := range []Findings{f, more} {
		for item, flags := range list.Flags {
			both.Flags[item] = append(both.Flags[item], flags...)
		}
		for item, rejected := range list.Rejected {
			for _, no := range rejected {
				both.addRejected(item, no)
			}
		}
	}
	return both
}

// Flagged reports whether a flag of that kind was raised at an item.
func (f Findings) Flagged(i *evidence.Evidence, kind news.FlagKind) bool {
	return slices.ContainsFunc(f.Flags[i.Number], func(g news.Flag) bool { return g.Kind == kind })
}

// Flag raises a flag at an item, once for each kind and what it is with; it goes to the story that
// the item ends in.
func (f Findings) Flag(i *evidence.Evidence, kind news.FlagKind, with, why string) {
	f.flagPairSince(i, kind, with, why, f.now)
}

func (f Findings) flagPairSince(i *evidence.Evidence, kind news.FlagKind, with, why string, since time.Time) {
	same := func(g news.Flag) bool { return g.Kind == kind && g.With == with }
	if !slices.ContainsFunc(f.Flags[i.Number], same) {
		f.Flags[i.Number] = append(f.Flags[i.Number], news.Flag{Kind: kind, With: with, Why: why, When: since})
	}
}

// FlagPair raises a flag at both of two items.
func (f Findings) FlagPair(a, b *evidence.Evidence, kind news.FlagKind, why string) {
	f.Flag(a, kind, b.NameForEditors(), why)
	f.Flag(b, kind, a.NameForEditors(), why)
}

// Doubt is a finding of a rule that joins nothing: a pair to be shown to an editor, or a join that
// a veto stopped.
type Doubt struct {
	A, B *evidence.Evidence
	Kind news.FlagKind // "" for a join that a veto stopped
	Why  string
	Rule news.Rule // that would have joined
	Veto *Veto
}

// Note records doubts.
func (f Findings) Note(doubts ...Doubt) {
	for _, d := range doubts {
		if d.Veto != nil {
			f.NoteVeto(d.A, d.B, d.Rule, d.Veto)
		} else {
			f.FlagPair(d.A, d.B, d.Kind, d.Why)
		}
	}
}

// NoteVeto records a join that a veto stopped, with the flag that goes with it. Translations are
// shown so of each other.
func (f Findings) NoteVeto(a, b *evidence.Evidence, rule news.Rule, v *Veto) {
	f.noteRejected(a, b, rule, v)
	switch v.Rule {
	case news.V1:
		if rule != news.J1 {
			return
		}
		f.Flag(a, news.FlagSameFeed, b.NameForEditors(),
			"its claim leads to another item of its own feed: join them if they are one")
	case news.V2:
		if f.noteRejected(b, a, rule, v); rule == news.J1 {
			f.Flag(a, news.FlagClaimAcrossLanguages, b.NameForEditors(),
				"it claims a story in another language and seems to be its translation")
		}
	case news.V4:
		f.Flag(a, news.FlagAgainstRuling, b.NameForEditors(),
			"rule "+string(rule)+" would join them, and an editor has separated them: join them if it is right")
	case news.V5:
		f.FlagPair(a, b, news.FlagConflictingClaims, "the two are alike, but each names another original")
	}
}

func (f Findings) noteRejected(a, b *evidence.Evidence, rule news.Rule, v *Veto) {
	with := strings.TrimSpace(strings.ToUpper(b.Station) + " " + evidence.Quote(b.Entry.Title))
	f.addRejected(a.Number, news.Rejected{Item: a.Number, With: with, Rule: rule, Veto: v.Rule, Reason: v.Reason})
}

func (f Findings) addRejected(item uint64, no news.Rejected) {
	if list := f.Rejected[item]; len(list) < maxRejected && !slices.Contains(list, no) {
		f.Rejected[item] = append(f.Rejected[item], no)
	}
}
