// Package lineage lays the clusters over what has been published: which published story continues
// in which cluster, which stories end in another, and which are new.
package lineage

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"fronteras/aggregator/identity/cluster"
	"fronteras/aggregator/identity/directory"
	"fronteras/aggregator/identity/evidence"
	"fronteras/aggregator/identity/origin"
	"fronteras/aggregator/news"
)

// Plan lays a result over the published stories of its neighborhood. A published story keeps its
// items, and becomes one with another only where their roots are joined; what a veto keeps out of a
// story stands for itself. Found is what is to be shown of the clusters and the plans.
func Plan(d *directory.Directory, n *evidence.Neighborhood,
	r *cluster.Result) (plans []*StoryPlan, found cluster.Findings) {
	found = cluster.NewFindings(n.Now)
	p := planning{d, n, r, found, map[uint64]*news.Story{}}
	going := map[*cluster.Cluster][]*news.Story{}
	for _, number := range slices.Sorted(maps.Keys(n.Stories)) {
		s := n.Stories[number]
		if s.IDAssignedAt.IsZero() {
			continue
		}
		leaving := itemsSplitOff(n, s)
		c := SuccessorOf(n, r, s, leaving)
		for _, i := range n.ItemsOf(s) {
			if !leaving[i.Number] && !followsOut(n, r, s, c, i, leaving) {
				p.keeps[i.Number] = s
			}
		}
		going[c] = append(going[c], s)
	}
	for _, c := range r.Clusters {
		plans = append(plans, p.plansOfCluster(c, going[c])...)
	}
	for _, plan := range plans {
		slices.SortFunc(plan.Items, evidence.CompareItems)
		plan.Founder = foundingItem(plan)
	}
	noteAcross(n, r, plans, found)
	askAgain(d, n, r, plans, found)
	found = r.Findings.And(found)
	askOncePerPair(n, plans, found)
	return plans, found
}

type planning struct {
	d     *directory.Directory
	n     *evidence.Neighborhood
	r     *cluster.Result
	found cluster.Findings
	keeps map[uint64]*news.Story // by item: the published story that keeps it
}

// plansOfCluster makes of a cluster the story that continues the published ones that meet in it, or
// a new one.
func (p planning) plansOfCluster(c *cluster.Cluster, published []*news.Story) []*StoryPlan {
	plan := &StoryPlan{Coverage: origin.Coverage{Cluster: c}, Kept: map[uint64]bool{}}
	var apart []*StoryPlan
	for _, together := range groupJoined(p.n, p.rankForPublicID(c, published)) {
		var items []*evidence.Evidence
		for _, s := range together {
			for _, i := range p.n.ItemsOf(s) {
				if p.keeps[i.Number] == s {
					items = append(items, i)
				}
			}
		}
		if plan.Old != nil && (p.vetoedTogether(items, plan.Items, news.J1) || p.onlyByNewRules(items, plan.Items)) {
			apart = append(apart, p.planUnchanged(together, items))
			continue
		}
		plan.Items = append(plan.Items, items...)
		plan.inheritIDs(together)
	}
	for _, i := range plan.Items {
		if p.r.Of(i) != c {
			plan.Kept[i.Number] = true
			p.found.Flag(i, news.FlagAgainstStory, i.NameForEditors(),
				"what joined it to this story has gone: split it off if it is another")
		}
	}
	for _, m := range c.Members {
		for _, i := range m.Items {
			switch {
			case p.keeps[i.Number] != nil:
			case p.vetoedTogether([]*evidence.Evidence{i}, plan.Items, m.Rule):
				apart = append(apart, p.planForSingle(i))
			default:
				plan.Items = append(plan.Items, i)
			}
		}
	}
	if len(plan.Items) == 0 {
		return apart
	}
	if plan.Old != nil {
		return append(apart, plan)
	}
	return append(apart, p.splitIntoSingles(plan)...)
}

// inheritIDs has a plan continue published stories: the first, where it continues none, and the
// others end in it.
func (plan *StoryPlan) inheritIDs(stories []*news.Story) {
	if plan.Old == nil {
		plan.Old, stories = stories[0], stories[1:]
	}
	plan.Joined = append(plan.Joined, stories...)
}

// vetoedTogether reports whether a veto stands between items that would come together in one story,
// and notes it.
func (p planning) vetoedTogether(come, there []*evidence.Evidence, rule news.Rule) bool {
	for _, a := range come {
		for _, b := range there {
			if v := p.r.Clash(a, b, rule); a != b && v != nil {
				p.found.NoteVeto(a, b, rule, v)
				return true
			}
		}
	}
	return false
}

// onlyByNewRules reports whether two published stories would become one for no other reason than
// that the rules are others than before: that is shown to an editor, and not done, unless a refold
// was asked for.
func (p planning) onlyByNewRules(come, there []*evidence.Evidence) bool {
	if p.n.Refolding || p.n.Ruled.IsZero() || len(come) == 0 || len(there) == 0 ||
		p.n.AreReunited(come[0].Story, there[0].Story) || p.n.Rulings.AreAnyJoined(come, there) || slices.ContainsFunc(slices.Concat(come, there), p.hasNewEvidence) {
		return false
	}
	p.found.FlagPair(come[0], there[0], news.FlagProbableCopy,
		"by the rules as they are now both are one story: join them if they are")
	return true
}

// hasNewEvidence reports whether something that can join was learned of an item since the current
// rules replaced others: the item itself, a claim, its page, or in this visit another GUID, address
// or audio file.
func (p planning) hasNewEvidence(i *evidence.Evidence) bool {
	since := p.n.Ruled
	if !i.FirstSeen.Before(since) || slices.ContainsFunc(i.Claims, func(c news.Claim) bool {
		return !c.First.Before(since)
	}) {
		return true
	}
	before := p.n.Before[i.Number]
	return before != nil && (p.d.Alias(before.GUID) != p.d.Alias(i.Entry.GUID) ||
		p.d.Key(before.URL) != p.d.Key(i.Entry.URL) ||
		!slices.Equal(p.d.EnclosureKeys(before), p.d.EnclosureKeys(&i.Entry)))
}

// planUnchanged is the plan of a published story that continues as it was, or of several that an
// editor has joined.
func (p planning) planUnchanged(stories []*news.Story, items []*evidence.Evidence) *StoryPlan {
	s := stories[0]
	plan := &StoryPlan{Coverage: origin.Coverage{Cluster: &cluster.Cluster{Key: s.Root.Key, URL: s.Root.URL},
		Items: items}, Kept: map[uint64]bool{}}
	plan.inheritIDs(stories)
	var roots []*evidence.Evidence
	if root := p.n.Item(s.Root.Item); root != nil {
		for _, i := range items {
			if i == root || p.n.Rulings.AreJoined(i.Item, root.Item) {
				roots = append(roots, i)
			}
		}
		plan.Cluster = cluster.Standalone(roots, p.r.Equivalents(root).Claim)
	}
	for _, i := range items {
		plan.Kept[i.Number] = !slices.Contains(roots, i)
	}
	return plan
}

// planForSingle is the plan of an item that stands for itself.
func (p planning) planForSingle(i *evidence.Evidence) *StoryPlan {
	items := []*evidence.Evidence{i}
	c := cluster.Standalone(items, p.r.Equivalents(i).Claim)
	return &StoryPlan{Coverage: origin.Coverage{Cluster: c, Items: slices.Clone(items)}, Kept: map[uint64]bool{}}
}

// splitIntoSingles parts a new story whose root stays in a published one: without it only a claimed
// address holds the others together.
func (p planning) splitIntoSingles(plan *StoryPlan) []*StoryPlan {
	c := plan.Cluster
	if c.Root == nil || slices.ContainsFunc(c.Root.Items, func(i *evidence.Evidence) bool {
		return slices.Contains(plan.Items, i)
	}) {
		return []*StoryPlan{plan}
	}
	if c.Key != "" {
		plan.Cluster = &cluster.Cluster{Key: c.Key, URL: c.URL, Members: c.Members}
		return []*StoryPlan{plan}
	}
	slices.SortFunc(plan.Items, evidence.CompareItems)
	var parts []*StoryPlan
	for _, i := range plan.Items {
		parts = append(parts, p.planForSingle(i))
	}
	return parts
}

// foundingItem is the item that the edges lead to: of the root's items in the story the one that it
// was, otherwise the earliest of those whose own address is claimed, otherwise the earliest: one
// with a text before teasers. It is nil where no item has the claimed address.
func foundingItem(plan *StoryPlan) *evidence.Evidence {
	c := plan.Cluster
	if c.Root == nil {
		return nil
	}
	in := slices.DeleteFunc(slices.Clone(c.Root.Items), func(i *evidence.Evidence) bool {
		return !slices.Contains(plan.Items, i)
	})
	was := func(i *evidence.Evidence) bool { return plan.Old != nil && plan.Old.Root.Item == i.Number }
	if at := slices.IndexFunc(in, was); at >= 0 {
		return in[at]
	}
	isClaimed := func(i *evidence.Evidence) bool { return c.Key != "" && !i.Foreign && i.EverHadKey(c.Key) }
	if slices.ContainsFunc(in, isClaimed) {
		in = slices.DeleteFunc(in, func(i *evidence.Evidence) bool { return !isClaimed(i) })
	}
	if len(in) == 0 {
		return nil
	}
	return slices.MinFunc(in, func(a, b *evidence.Evidence) int {
		return cmp.Or(
			evidence.CompareBool(cluster.HasText(a), cluster.HasText(b)),
			evidence.CompareDates(a.TrustedDate, b.TrustedDate),
			evidence.CompareItems(a, b),
		)
	})
}

// rankForPublicID orders the published stories that meet in a cluster: first the one that
// continues: the one with the origin's item, then the one that got its id first, then the one
// published first, then the smaller public id.
func (p planning) rankForPublicID(c *cluster.Cluster, published []*news.Story) []*news.Story {
	if len(published) < 2 {
		return published
	}
	var all []*evidence.Evidence
	for _, s := range published {
		all = append(all, p.n.ItemsOf(s)...)
	}
	made := origin.Stated(p.d, p.n, p.r, origin.Coverage{Items: all, Cluster: c}, nil).Origin
	holds := func(s *news.Story) bool {
		return slices.ContainsFunc(p.n.ItemsOf(s), func(i *evidence.Evidence) bool { return made.Made(i.Station) })
	}
	slices.SortStableFunc(published, func(a, b *news.Story) int {
		byOrigin := evidence.CompareBool(holds(a), holds(b))
		if p.n.AreReunited(a.Number, b.Number) { // as if they had never been parted
			byOrigin = 0
		}
		return cmp.Or(byOrigin, a.IDAssignedAt.Compare(b.IDAssignedAt),
			a.Published.Compare(b.Published), strings.Compare(a.PublicID, b.PublicID))
	})
	return published
}

// groupJoined returns published stories that come together, those in one list that an editor has
// joined: where a veto keeps them out of another, none of them stays there.
func groupJoined(n *evidence.Neighborhood, stories []*news.Story) (groups [][]*news.Story) {
	for _, s := range stories {
		at := slices.IndexFunc(groups, func(group []*news.Story) bool {
			return slices.ContainsFunc(group, func(o *news.Story) bool {
				return n.Rulings.AreAnyJoined(n.ItemsOf(s), n.ItemsOf(o))
			})
		})
		if at < 0 {
			groups = append(groups, []*news.Story{s})
			continue
		}
		groups[at] = append(groups[at], s)
	}
	return groups
}
