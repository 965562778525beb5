package cluster

import (
	"fmt"
	"slices"
	"time"

	"fronteras/aggregator/identity/evidence"
	"fronteras/aggregator/news"
)

// joinUnless is an edge between two items that are alike, unless something is missing or a veto
// stands between them: then an editor is asked, if the two could be in one story at all.
func (s *state) joinUnless(a, b *evidence.Evidence, e edge, kind news.FlagKind, alike, missing string) (edge, []Doubt) {
	v := s.vetoBetween(a, b, e.rule)
	if v == nil && missing == "" {
		return e, nil
	}
	var doubts []Doubt
	if missing == "" {
		doubts = []Doubt{{A: a, B: b, Rule: e.rule, Veto: v}}
		missing = v.Reason
	}
	if s.Clash(a, b, e.rule) == nil {
		doubts = append(doubts, s.question(a, b, kind, alike+", but "+missing+": join them if they are one")...)
	}
	return edge{}, doubts
}

func hours(d time.Duration) string { return fmt.Sprintf("%.0f hours", d.Hours()) }

// recurs reports whether the headline of either item is one that comes again in its feed. What has
// been joined before is not judged by what came after.
func (s *state) recurs(a, b *evidence.Evidence) bool {
	return (s.n.Recurring[a.Number] || s.n.Recurring[b.Number]) && !s.n.SameStory(a, b)
}

// arePublishedApart reports whether two items are in two published stories: only what is certain, or
// an editor, makes one of these.
func (s *state) arePublishedApart(a, b *evidence.Evidence) bool {
	x, y := s.n.SettledStoryOf(a), s.n.SettledStoryOf(b)
	return x != nil && y != nil && x != y && !s.n.AreReunited(x.Number, y.Number)
}

// isProbable reports whether what a rule joins is one probably, and not for certain.
func isProbable(rule news.Rule) bool { return rule == news.J5 || rule == news.J6 || rule == news.J7 }

// question is a doubt that an editor is asked about, unless the two are one story already.
func (s *state) question(a, b *evidence.Evidence, kind news.FlagKind, why string) []Doubt {
	if s.n.SameStory(a, b) {
		return nil
	}
	return []Doubt{{A: a, B: b, Kind: kind, Why: why}}
}

// isRoundUp reports whether an item's text holds those of several items that are not alike: it is a
// copy of none of them.
func (s *state) isRoundUp(i *evidence.Evidence) bool {
	is, known := s.roundUps[i.Number]
	if known {
		return is
	}
	var held []*evidence.Evidence
	for _, o := range s.n.Candidates(i) {
		if o.Words < i.Words && s.Compare(i, o).C5 >= sameText {
			held = append(held, o)
			is = is || slices.ContainsFunc(held, func(h *evidence.Evidence) bool {
				return h != o && s.Compare(h, o).C5 < likelyText
			})
		}
	}
	s.roundUps[i.Number] = is
	return is
}

// mayBeRoundUp reports whether one of two items is much longer than the other and names people whom
// that does not: what else it holds may come later.
func mayBeRoundUp(a, b *evidence.Evidence) bool {
	if a.Words < b.Words {
		a, b = b, a
	}
	return len(b.People) > 0 && float64(a.Words) >= muchLonger*float64(b.Words) &&
		slices.ContainsFunc(a.People, func(p string) bool { return !slices.Contains(b.People, p) })
}

// holdsOthers is why a round-up joins nothing.
const holdsOthers = "one is a round-up: it holds other stories' texts as well"
