package lineage

import (
	"cmp"
	"slices"

	"fronteras/aggregator/identity/cluster"
	"fronteras/aggregator/identity/directory"
	"fronteras/aggregator/identity/evidence"
	"fronteras/aggregator/news"
)

// pairKinds lists the kinds of flags that are about two stories, the strongest first: of a pair an
// editor is shown one.
var pairKinds = []news.FlagKind{news.FlagConflictingClaims, news.FlagSameGUID, news.FlagProbableCopy,
	news.FlagSameAudio, news.FlagSameTitle}

// IsAboutPair reports whether flags of a kind are about two stories that may be one.
func IsAboutPair(kind news.FlagKind) bool { return slices.Contains(pairKinds, kind) }

// CompareStrength orders flags about two stories, the strongest kind first.
func CompareStrength(a, b news.Flag) int {
	return cmp.Compare(slices.Index(pairKinds, a.Kind), slices.Index(pairKinds, b.Kind))
}

// ItemInQuestion is the item that a stored flag names, also by an address that it had before; nil
// where it was not gathered.
func ItemInQuestion(d *directory.Directory, n *evidence.Neighborhood, name string) *evidence.Evidence {
	if i := n.ItemNamed(name); i != nil {
		return i
	}
	key := d.Key(name)
	for _, i := range n.WithAddress(key) {
		if i.EverHadKey(key) {
			return i
		}
	}
	return nil
}

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
			if evidence.CompareItems(a, b) < 0 && of[a.Number] != of[b.Number] {
				noteBetween(n, r, a, b, found)
			}
		}
	}
}

func noteBetween(n *evidence.Neighborhood, r *cluster.Result, a, b *evidence.Evidence, found cluster.Findings) {
	if !n.Rulings.AreSeparated(a.Item, b.Item) {
		found.Note(r.Across(a, b)...)
	}
}

// askAgain looks at the stored questions about two stories of which one is another than it was:
// anything of the one may be like anything of the other.
func askAgain(d *directory.Directory, n *evidence.Neighborhood, r *cluster.Result, plans []*StoryPlan,
	found cluster.Findings) {
	of := PlanOfItem(plans)
	asked := map[[2]*StoryPlan]bool{}
	for _, plan := range plans {
		for _, g := range plan.storedFlags() {
			o := ItemInQuestion(d, n, g.With)
			if !IsAboutPair(g.Kind) || o == nil {
				continue
			}
			other := of[o.Number]
			if other == plan || asked[[2]*StoryPlan{plan, other}] || !plan.isAnother(n) && !other.isAnother(n) {
				continue
			}
			asked[[2]*StoryPlan{plan, other}], asked[[2]*StoryPlan{other, plan}] = true, true
			for _, a := range plan.Items {
				for _, b := range other.Items {
					noteBetween(n, r, a, b, found)
				}
			}
		}
	}
}

// isAnother reports whether a story is new, continues several, or has lost or gained what was
// elsewhere.
func (plan *StoryPlan) isAnother(n *evidence.Neighborhood) bool {
	return plan.Old == nil || len(plan.Joined) > 0 || plan.hasLost(n) ||
		slices.ContainsFunc(plan.Items, func(i *evidence.Evidence) bool { return plan.HasTakenOver(n, i) })
}

// HasTakenOver reports whether an item of a story comes out of another published one that does not
// end in it.
func (plan *StoryPlan) HasTakenOver(n *evidence.Neighborhood, i *evidence.Evidence) bool {
	s := n.SettledStoryOf(i)
	return s != nil && !slices.Contains(plan.continued(), s)
}

// hasLost reports whether something of a story is no longer what it was: an item was edited or
// withdrawn, or is in another story now.
func (plan *StoryPlan) hasLost(n *evidence.Neighborhood) bool {
	if slices.ContainsFunc(plan.Items, func(i *evidence.Evidence) bool { return HasChanged(n, i) }) {
		return true
	}
	return slices.ContainsFunc(plan.continued(), func(s *news.Story) bool {
		return slices.ContainsFunc(s.Members, func(number uint64) bool {
			return !slices.ContainsFunc(plan.Items, func(i *evidence.Evidence) bool { return i.Number == number })
		})
	})
}

// HasChanged reports whether an item says something else than before, or was withdrawn.
func HasChanged(n *evidence.Neighborhood, i *evidence.Evidence) bool {
	return i.Gone || n.Before[i.Number] != nil
}

// GroundOf lists the items of a story that a question of it and another is about: those that the
// other's stored flags name, and all where these name none.
func (plan *StoryPlan) GroundOf(d *directory.Directory, n *evidence.Neighborhood,
	other *StoryPlan) (ground []*evidence.Evidence) {
	was := func(i *evidence.Evidence) bool {
		return slices.ContainsFunc(plan.continued(), func(s *news.Story) bool {
			return slices.Contains(s.Members, i.Number)
		})
	}
	for _, g := range other.storedFlags() {
		if i := ItemInQuestion(d, n, g.With); IsAboutPair(g.Kind) && i != nil && was(i) {
			ground = append(ground, i)
		}
	}
	if len(ground) == 0 {
		return plan.Items
	}
	return ground
}

// continued lists the published stories that a plan continues.
func (plan *StoryPlan) continued() []*news.Story {
	if plan.Old == nil {
		return plan.Joined
	}
	return append([]*news.Story{plan.Old}, plan.Joined...)
}

func (plan *StoryPlan) storedFlags() (flags []news.Flag) {
	for _, s := range plan.continued() {
		flags = append(flags, s.Flags...)
	}
	return flags
}

// pairFlag is a flag of an item about another.
type pairFlag struct {
	item, other *evidence.Evidence
	news.Flag
}

// askOncePerPair keeps of the flags about two stories one for each pair: the strongest, at the first
// of their items. There is none where other members answer it: where the two have items of one feed,
// that feed tells them apart, and so does an editor who has separated any two of their items.
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
					if !IsAboutPair(g.Kind) || o == nil || of[o.Number] == plan || i.Gone || o.Gone {
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
		if isBest && !isKept && !AreToldApart(n.Rulings, plans[between[0]], plans[between[1]]) {
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
	return cmp.Or(CompareStrength(a.Flag, b.Flag), evidence.CompareItems(w, y), evidence.CompareItems(x, z))
}

// AreToldApart reports whether there is nothing to ask of two stories: they have items of one feed,
// so that they could not be one, or an editor has separated them. What an editor has said of some of
// their items holds for both stories: what joins either later asks nothing again.
func AreToldApart(rulings evidence.Rulings, a, b *StoryPlan) bool {
	return a != nil && b != nil && slices.ContainsFunc(a.Items, func(i *evidence.Evidence) bool {
		return slices.ContainsFunc(b.Items, func(o *evidence.Evidence) bool {
			return i.Feed == o.Feed || rulings.AreSeparated(i.Item, o.Item)
		})
	})
}
