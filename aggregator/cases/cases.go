// Package cases decides what of a story, a pair of stories or a feed asks something of an editor, and
// what becomes of the case that asks it: values in, values out. The store keeps the cases.
package cases

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"fronteras/aggregator/news"
)

// Question is what asks something of an editor now. The zero value asks nothing.
type Question struct {
	Kind  news.CaseKind
	Why   string      // one plain sentence
	Flags []news.Flag // that ask it
	Since time.Time   // when the first ground of it came
	Last  time.Time   // when the last one came
	// Waits says that something is held back until it is answered, so that it is asked until then.
	Waits bool
}

// Asks reports whether there is anything to answer.
func (q Question) Asks() bool { return q.Kind != "" }

// shownFor is for how long a question is asked of which nothing waits: what nobody has answered in a
// month nobody will.
const shownFor = 30 * 24 * time.Hour

// Until is when a question is no longer asked though nobody has answered it; zero: it is asked until
// somebody does.
func (q Question) Until() time.Time {
	if q.Waits || !q.Asks() {
		return time.Time{}
	}
	return q.Last.Add(shownFor)
}

// IsOfPair reports whether flags of a kind are about two stories, where what they name is in another.
func IsOfPair(kind news.FlagKind) bool {
	switch kind {
	case news.FlagConflictingClaims, news.FlagSameGUID, news.FlagProbableCopy, news.FlagSameAudio, news.FlagSameTitle,
		news.FlagSameFeed:
		return true
	}
	return false
}

// OfStory is what a story asks by itself. Own are those of its flags that are not about another story.
func OfStory(s *news.Story, own []news.Flag) Question {
	q := Question{Kind: news.CaseOther, Flags: own}
	for _, i := range s.Items {
		if h := i.Hold; h != nil && s.Status == news.Held && !i.Gone {
			switch h.Kind {
			case news.HoldKill:
				q.Kind, q.Waits = news.CaseKilled, true
				q.note(h.Since)
			case news.HoldWithdrawn:
				if q.Kind != news.CaseKilled {
					q.Kind = news.CaseWithdrawn
				}
				q.Waits = true
				q.note(h.Since)
			case news.HoldNotice:
				q.Waits = true
				q.note(h.Since)
				if q.Why == "" {
					q.Why = "It is a wire's notice, not news, and is held"
				}
			}
		}
	}
	for _, g := range own {
		q.note(g.When)
		if g.Kind == news.FlagWithdrawn || g.Kind == news.FlagReturned {
			if q.Kind == news.CaseOther {
				q.Kind = news.CaseWithdrawn
			}
			q.Waits = q.Waits || s.Status == news.Held
		}
	}
	if len(own) == 0 && !q.Waits {
		return Question{}
	}
	switch first := MostUrgent(own); {
	case q.Kind == news.CaseKilled:
		q.Why = "A notice of its source says that the story is withdrawn, so it is held"
	case first.Why != "":
		q.Why = first.Why
	case q.Kind == news.CaseWithdrawn:
		q.Why = "It may have been withdrawn, so it is held"
	}
	q.Why = sentence(q.Why)
	return q
}

// OfPair is what the flags of two stories ask about the two.
func OfPair(flags []news.Flag) Question {
	if len(flags) == 0 {
		return Question{}
	}
	q := Question{Kind: news.CasePair, Flags: flags, Why: sentence(MostUrgent(flags).Why)}
	for _, g := range flags {
		q.note(g.When)
	}
	return q
}

// OfFlood is what a feed's flood or doubtful migration asks, of which stories wait: since when each of
// them is held. Flags are those of the feed.
func OfFlood(held []time.Time, flags []news.Flag) Question {
	if len(held) == 0 {
		return Question{}
	}
	q := Question{Kind: news.CaseFlood, Waits: true, Why: "the feed brought more at once than it normally does"}
	for _, g := range flags {
		if IsOfFlood(g.Kind) {
			q.Flags, q.Why = append(q.Flags, g), g.Why
		}
	}
	for _, t := range held {
		q.note(t)
	}
	q.Why = sentence(q.Why)
	return q
}

// OfFeed is what flags of a feed ask, without those that ask about what waits.
func OfFeed(flags []news.Flag, stories int) Question {
	q := Question{Kind: news.CaseFeed}
	for _, g := range flags {
		if stories > 0 && IsOfFlood(g.Kind) || g.Dismissed != 0 {
			continue
		}
		q.Flags = append(q.Flags, g)
		q.note(g.When)
	}
	if len(q.Flags) == 0 {
		return Question{}
	}
	q.Why = sentence(MostUrgent(q.Flags).Why)
	return q
}

// IsOfFlood reports whether flags of a kind are about a feed of which stories may wait.
func IsOfFlood(kind news.FlagKind) bool {
	return kind == news.FlagFlood || kind == news.FlagMigrationDoubt
}

// note has a ground count that came at a time.
func (q *Question) note(when time.Time) {
	if q.Since.IsZero() || when.Before(q.Since) {
		q.Since = when
	}
	if when.After(q.Last) {
		q.Last = when
	}
}

// urgency orders flags: the first of a case says why it is asked.
var urgency = []news.FlagKind{
	news.FlagWithdrawn, news.FlagReturned, news.FlagConflictingClaims, news.FlagSameGUID, news.FlagProbableCopy,
	news.FlagSameAudio, news.FlagSameTitle, news.FlagSameFeed, news.FlagUnpublishable, news.FlagFutureDate,
}

// MostUrgent is the flag that says why a case is asked; of no flags, the zero one.
func MostUrgent(flags []news.Flag) (first news.Flag) {
	rank := func(g news.Flag) int {
		if at := slices.Index(urgency, g.Kind); at >= 0 {
			return at
		}
		return len(urgency)
	}
	for n, g := range flags {
		if n == 0 || rank(g) < rank(first) {
			first = g
		}
	}
	return first
}

// sentence makes a sentence of the words of a flag.
func sentence(words string) string {
	words = strings.TrimSpace(words)
	if words == "" {
		return ""
	}
	r, size := utf8.DecodeRuneInString(words)
	words = string(unicode.ToUpper(r)) + words[size:]
	if last := words[len(words)-1]; last != '.' && last != '!' && last != '?' {
		words += "."
	}
	return words
}
