package lineage

import (
	"cmp"
	"slices"

	"fronteras/aggregator/identity/cluster"
	"fronteras/aggregator/identity/evidence"
	"fronteras/aggregator/news"
)

// SuccessorOf is the cluster in which a published story continues. The sentence that it follows is
// in docs/identity.md, "Which story continues":
//
// A published story continues where its root is: with the item that its edges lead to or, where
// they lead to an address, with the items that still claim it, and with what came back to it
// through the desk's own feed. An editor's word comes first: an item that was joined with another
// story's takes its story there, and items that were split off do not count. Where none of this is
// left, the story continues with the item that leads it.
func SuccessorOf(n *evidence.Neighborhood, r *cluster.Result, s *news.Story, leaving map[uint64]bool) *cluster.Cluster {
	staying := slices.DeleteFunc(n.ItemsOf(s), func(i *evidence.Evidence) bool { return leaving[i.Number] })
	first := func(fits func(*evidence.Evidence) bool) *cluster.Cluster {
		if at := slices.IndexFunc(staying, fits); at >= 0 {
			return r.Of(staying[at])
		}
		return nil
	}
	joined := func(i *evidence.Evidence) bool {
		return slices.ContainsFunc(r.Equivalents(i).Items, func(o *evidence.Evidence) bool {
			return o.Story != s.Number && n.Rulings.AreJoined(o.Item, i.Item)
		})
	}
	isRoot := func(i *evidence.Evidence) bool { return i.Number == s.Root.Item }
	claimsRoot := func(i *evidence.Evidence) bool {
		return s.Root.Item == 0 && s.Root.Key != "" && r.Of(i).Key == s.Root.Key
	}
	leads := func(i *evidence.Evidence) bool { return i.Number == s.LeadItem }

	if c := first(joined); c != nil {
		return c
	}
	if c := r.Returned(s.Number); c != nil {
		return c
	}
	return cmp.Or(first(isRoot), first(claimsRoot), first(leads), r.Of(staying[0]))
}

// itemsSplitOff returns the items of a story that an editor has taken out of it: those on the side
// of a split that leaves. If all of them are, none counts as taken out.
func itemsSplitOff(n *evidence.Neighborhood, s *news.Story) map[uint64]bool {
	leaving := map[uint64]bool{}
	items := n.ItemsOf(s)
	for _, i := range items {
		taken := func(o *evidence.Evidence) bool {
			v := n.Rulings.On(i.Item, o.Item)
			return o != i && v.Verb == news.Split && slices.Contains(v.Items, i.Number)
		}
		if slices.ContainsFunc(items, taken) {
			leaving[i.Number] = true
		}
	}
	if len(leaving) == len(items) {
		return map[uint64]bool{}
	}
	return leaving
}

// followsOut reports whether an item leaves a story that continues in a cluster since it was there
// by its edge to an item that is split off, or that an undone join had brought.
func followsOut(n *evidence.Neighborhood, r *cluster.Result, s *news.Story, successor *cluster.Cluster,
	i *evidence.Evidence, leaving map[uint64]bool) bool {
	c := r.Of(i)
	if c == successor {
		return false
	}
	return slices.ContainsFunc(n.ItemsOf(s), func(o *evidence.Evidence) bool {
		return leaving[o.Number] && r.Of(o) == c
	}) || slices.ContainsFunc(n.PartedFrom(s, i), func(o *evidence.Evidence) bool { return r.Of(o) == c })
}
