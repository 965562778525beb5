package cluster

import (
	"slices"

	"fronteras/aggregator/identity/evidence"
	"fronteras/aggregator/news"
)

// Apart is the address of the original that an item names though the two are not one story: another
// item of its feed is in that story (V1). The claim joins nothing, and still says who made what the
// item tells; "" where there is none. What an editor has separated (V4), a translation (V2), and what
// hangs together with too much (V9), is apart for a reason that speaks against the claim.
func (r *Result) Apart(i *evidence.Evidence) string {
	if r.Flagged(i, news.FlagOversize) {
		return ""
	}
	for _, c := range evidence.StrongestFirst(i.Claims) {
		if !c.Last.IsZero() {
			continue
		}
		owner := r.n.ItemWithAddress(c.Key)
		no := r.claimObjection(i, c)
		switch {
		case no != nil && (no.veto == nil || no.veto.Rule != news.V1):
		case owner == nil:
			return c.URL
		case r.of[owner.Number] == r.of[i.Number], r.speaksAgainst(i, r.Of(owner)), r.Of(owner).Cycle:
		default:
			return r.originalOf(owner)
		}
	}
	return ""
}

// originalOf is the address of what an item is a copy of, its own where it is the original.
func (r *Result) originalOf(i *evidence.Evidence) string {
	c := r.Of(i)
	switch {
	case c.Key != "":
		return c.URL
	case c.Root != nil:
		return c.Root.Items[0].Entry.URL
	}
	return i.Entry.URL
}

// speaksAgainst reports whether an editor has separated an item from anything in a cluster, or it is
// in another language.
func (r *Result) speaksAgainst(i *evidence.Evidence, c *Cluster) bool {
	return slices.ContainsFunc(c.Members, func(m Member) bool {
		return slices.ContainsFunc(m.Items, func(o *evidence.Evidence) bool {
			return o != i && (r.n.Rulings.AreSeparated(i.Item, o.Item) || Translations(i, o))
		})
	})
}
