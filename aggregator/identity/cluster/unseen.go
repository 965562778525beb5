package cluster

import (
	"maps"
	"slices"

	"fronteras/aggregator/identity/evidence"
	"fronteras/aggregator/news"
	"fronteras/aggregator/text"
)

// A claim to an address that no item has can be wrong without anybody's seeing it: the page may be a
// series', which the stories of many name. So items that make one such claim are one story only
// where something else says so too.

// groupClaimants parts the equivalents that claim addresses which no item has: those of one address
// that are alike, one with the next, stand under the first of them. By whom a group is held
// together does not depend on who came first.
func groupClaimants(r *Result, list []*Equivalents) map[*Equivalents]*Equivalents {
	byTarget := map[string][]*Equivalents{}
	first := map[*Equivalents]*Equivalents{}
	for _, e := range list {
		if e.Claim != nil && e.Claim.Story == 0 && r.n.ItemWithAddress(e.Claim.Target) == nil {
			byTarget[e.Claim.Target] = append(byTarget[e.Claim.Target], e)
		}
	}
	for _, target := range slices.Sorted(maps.Keys(byTarget)) {
		groupAlike(r, byTarget[target], first)
	}
	return first
}

// groupAlike notes for each of the claimants of one address the first of its group, and shows an
// editor the groups that are apart.
func groupAlike(r *Result, claimants []*Equivalents, first map[*Equivalents]*Equivalents) {
	rest := claimants
	var leaders []*Equivalents
	for len(rest) > 0 {
		group, others := []*Equivalents{rest[0]}, rest[1:]
		for next := 0; next < len(group); next++ { // it grows
			var apart []*Equivalents
			for _, e := range others {
				if areOneByClaim(r, group[next], e) {
					group = append(group, e)
				} else {
					apart = append(apart, e)
				}
			}
			others = apart
		}
		for _, e := range group {
			first[e] = rest[0]
		}
		leaders, rest = append(leaders, rest[0]), others
	}
	for n, a := range leaders {
		for _, b := range leaders[n+1:] {
			noteUnlike(r, a.Items[0], b.Items[0])
		}
	}
}

// areOneByClaim reports whether two that claim one address which no item has are one story: an
// editor or what was published says so, one claims the other, or they are alike.
func areOneByClaim(r *Result, a, b *Equivalents) bool {
	if r.n.Rulings.AreAnyJoined(a.Items, b.Items) || a.everHadKey(b.Claim.Key) || b.everHadKey(a.Claim.Key) {
		return true
	}
	for _, x := range a.Items {
		for _, y := range b.Items {
			if r.n.SameStory(x, y) || areAlike(r.state, x, y) {
				return true
			}
		}
	}
	return false
}

// areAlike reports whether the headlines or texts of two items agree enough to believe that both
// name one story as their original. Of a text that is too short to be measured the opening counts.
func areAlike(s *state, a, b *evidence.Evidence) bool {
	c := s.Compare(a, b)
	return c.Title >= sameOriginalTitle && !titleNumbersDiffer(a, b) || c.C5 >= sameOriginalText ||
		min(a.Words, b.Words) < text.MinCompared && c.Opening >= sameOriginalText
}

// noteUnlike shows that two items claim one address and are not alike.
func noteUnlike(r *Result, a, b *evidence.Evidence) {
	if v := r.Clash(b, a, news.J1); v != nil {
		r.NoteVeto(b, a, news.J1, v)
	} else {
		r.FlagPair(a, b, news.FlagProbableCopy, "both name one original, which was not seen, but neither their "+
			"headlines nor their texts are alike: join them if they are one")
	}
}
