package lineage

import (
	"cmp"
	"slices"

	"fronteras/aggregator/identity/cluster"
	"fronteras/aggregator/identity/evidence"
	"fronteras/aggregator/news"
)

// pairKinds lists the kinds of flags that are about two stories, the strongest first: of a pair an
// editor is shown one.
var pairKinds = []news.FlagKind{news.FlagConflictingClaims, news.FlagSameGUID, news.FlagProbableCopy,
	news.FlagSameAudio, news.FlagSameTitle}

// IsAboutPair reports whether flags of a kind are about two stories that may be one.
func IsAboutPair(kind news.FlagKind) bool { return slices.Contains(pairKinds, kind) }

// PlanOfItem gives the plan of each item.
func PlanOfItem(plans []*StoryPlan) map[uint64]*StoryPlan {
	of := map[uint64]*StoryPlan{}
	for _, plan := range plans {
		for _, i := range plan.Items {
			of[i.Number] = plan
		}
	}
	return of
}

// noteAcross finds the pairs of items in two stories that are alike, root or not.
func noteAcross(n *evidence.Neighborhood, r *cluster.Result, plans []*StoryPlan, found cluster.Findings) {
	of := PlanOfItem(plans)
	for _, a := range n.Items {
		for _, b := range n.Candidates(a) {
			if evidence.CompareItems(a, b) < 0 && of[a.Number] != of[b.Number] &&
				!n.Rulings.AreSeparated(a.Item, b.Item) {
				found.Note(r.Across(a, b)...)
			}
		}
	}
}

// pairFlag is a flag of an item about another.
type pairFlag struct {
	item, other *evidence.Evidence
	news.Flag
}

// askOncePerPair keeps of the flags about two stories one for each pair: the strongest, at the first
// of their items. There is none where another member answers it: where the two have items of one
// feed, that feed tells them apart.
func askOncePerPair(n *evidence.Neighborhood, plans []*StoryPlan, found cluster.Findings) {
	of := PlanOfItem(plans)
	place := map[*StoryPlan]int{}
	for at, plan := range plans {
		place[plan] = at
	}
	type pair [2]int
	best := map[pair]pairFlag{}
	each := func(do func(pairFlag, pair)) {
		for _, plan := range plans {
			for _, i := range plan.Items {
				for _, g := range found.Flags[i.Number] {
					o := n.ItemNamed(g.With)
					if !IsAboutPair(g.Kind) || o == nil || of[o.Number] == plan {
						continue
					}
					x, y := place[plan], place[of[o.Number]]
					do(pairFlag{i, o, g}, pair{min(x, y), max(x, y)})
				}
			}
		}
	}
	each(func(f pairFlag, between pair) {
		if old, there := best[between]; !there || comparePairFlags(f, old) < 0 {
			best[between] = f
		}
	})
	kept := map[uint64][]news.Flag{}
	each(func(f pairFlag, between pair) {
		first := best[between]
		isBest := f.Kind == first.Kind && (f.item == first.item && f.other == first.other ||
			f.item == first.other && f.other == first.item)
		isKept := slices.ContainsFunc(
			kept[f.item.Number],
			func(g news.Flag) bool { return g.Kind == f.Kind && g.With == f.With },
		)
		if isBest && !isKept && !AreToldApart(plans[between[0]], plans[between[1]]) {
			kept[f.item.Number] = append(kept[f.item.Number], f.Flag)
		}
	})
	for item, flags := range found.Flags {
		rest := slices.DeleteFunc(slices.Clone(flags), func(g news.Flag) bool {
			o := n.ItemNamed(g.With)
			return IsAboutPair(g.Kind) && o != nil && of[o.Number] != of[item]
		})
		found.Flags[item] = append(rest, kept[item]...)
	}
}

func comparePairFlags(a, b pairFlag) int {
	first := func(f pairFlag) (x, y *evidence.Evidence) {
		if evidence.CompareItems(f.other, f.item) < 0 {
			return f.other, f.item
		}
		return f.item, f.other
	}
	w, x := first(a)
	y, z := first(b)
	return cmp.Or(cmp.Compare(slices.Index(pairKinds, a.Kind), slices.Index(pairKinds, b.Kind)),
		evidence.CompareItems(w, y), evidence.CompareItems(x, z))
}

// AreToldApart reports whether there is nothing to ask of two stories: they have items of one feed,
// so that they could not be one, or one was withdrawn.
func AreToldApart(a, b *StoryPlan) bool {
	isRetracted := func(p *StoryPlan) bool { return p.Old != nil && p.Old.Status == news.Retracted }
	if a == nil || b == nil {
		return false
	}
	return isRetracted(a) || isRetracted(b) || slices.ContainsFunc(a.Items, func(i *evidence.Evidence) bool {
		return slices.ContainsFunc(b.Items, func(o *evidence.Evidence) bool { return i.Feed == o.Feed })
	})
}
