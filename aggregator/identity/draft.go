package identity

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"fronteras/aggregator/news"
)

// draft is a story while it is being put together.
type draft struct {
	cluster  *cluster
	tellings []*telling
	kept     map[*telling]bool // in it since it was published, though no edge leads to the root now
	old      *news.Story       // the published story that it goes on; nil: none was published
	joined   []*news.Story     // other published stories that end in it
}

// stations are those whose items tell the story.
func (d *draft) stations() map[string]bool {
	in := map[string]bool{}
	for _, t := range d.tellings {
		in[t.Station] = true
	}
	return in
}

// group sorts the written items, and all that they could belong with, into stories.
func (f *fold) group() {
	if len(f.touched)+len(f.seeds) == 0 {
		return
	}
	f.gather()
	f.raisePairs()
	f.accuse()
	f.assert()
	drafts := f.drafts(f.clusters())
	f.flagAcross(drafts)
	f.heirs = f.settledHeirs()
	for _, d := range drafts {
		f.result = append(f.result, f.compose(d))
	}
}

// settledHeirs are the published stories in which others have ended, in the order of
// their numbers.
func (f *fold) settledHeirs() []*news.Story {
	var list []*news.Story
	for _, s := range f.stories {
		if len(s.Aliases) > 0 && !s.IDAssignedAt.IsZero() {
			list = append(list, s)
		}
	}
	slices.SortFunc(list, func(a, b *news.Story) int { return cmp.Compare(a.Number, b.Number) })
	return list
}

// flagAcross shows an editor the pairs of two stories that are alike though
// neither is the other's root, and those that have one headline.
func (f *fold) flagAcross(drafts []*draft) {
	of := map[*telling]*draft{}
	for _, d := range drafts {
		for _, t := range d.tellings {
			of[t] = d
		}
	}
	root := func(t *telling) bool { return of[t].cluster.root == t.node }
	for _, t := range f.tellings {
		for _, u := range t.near {
			if t.Number > u.Number || of[t] == of[u] || f.ruledApart(t.Item, u.Item) || root(t) || root(u) {
				continue
			}
			switch rule, _ := f.joinable(t, u); rule {
			case "J4":
				f.flagPairOf(t, u, "same-audio", "both have the same audio, but each belongs to another story: join those if they are one")
			case "J5":
				f.flagPairOf(t, u, "probable-copy", "their texts agree, but each belongs to another story: join those if they are one")
			}
		}
	}
	for _, pair := range f.titled {
		t, u := f.byNumber[pair[0]], f.byNumber[pair[1]]
		if of[t] != of[u] && !f.ruledApart(t.Item, u.Item) && !f.translation(t, u) {
			f.flagPairOf(t, u, "same-title", "both have this headline within a day: join them if they are one")
		}
	}
}

// drafts lays the clusters over what has been published: a published story keeps
// its items, and becomes one with another only where their roots are joined.
func (f *fold) drafts(clusters []*cluster) []*draft {
	of := map[*node]*cluster{}
	for _, c := range clusters {
		for _, m := range c.members {
			of[m.node] = c
		}
	}
	pinned := map[*telling]*news.Story{}
	published := map[*cluster][]*news.Story{}
	for _, number := range slices.Sorted(maps.Keys(f.stories)) {
		s := f.stories[number]
		if s.IDAssignedAt.IsZero() {
			continue
		}
		c, leaving := f.continued(s, clusters, of)
		for _, i := range s.Items {
			if t := f.byNumber[i.Number]; !leaving[t] {
				pinned[t] = s
			}
		}
		published[c] = append(published[c], s)
	}
	var all []*draft
	for _, c := range clusters {
		all = append(all, f.draftsOf(c, published[c], pinned)...)
	}
	return all
}

// continued is the cluster that goes on a published story, and the items that
// leave it: those that an editor has split off, and those that were in it by
// their edge to one of these.
func (f *fold) continued(s *news.Story, clusters []*cluster, of map[*node]*cluster) (home *cluster, leaving map[*telling]bool) {
	leaving = map[*telling]bool{}
	var staying []*telling
	for _, i := range s.Items {
		t := f.byNumber[i.Number]
		if f.splitOff(i, s) {
			leaving[t] = true
		} else {
			staying = append(staying, t)
		}
	}
	if len(leaving) == 0 || len(staying) == 0 {
		return f.home(s, clusters, of), map[*telling]bool{}
	}
	home = f.homeOf(s, staying, of)
	apart := map[*cluster]bool{}
	for t := range leaving {
		apart[of[t.node]] = true
	}
	for _, t := range staying {
		if c := of[t.node]; c != home && apart[c] {
			leaving[t] = true
		}
	}
	return home, leaving
}

// homeOf is the cluster that goes on what stays of a story: the root's, else
// that of an item which claims the root, else the shown item's or the first.
func (f *fold) homeOf(s *news.Story, staying []*telling, of map[*node]*cluster) *cluster {
	best := staying[0]
	for _, t := range staying {
		if t.Number == s.LeadItem {
			best = t
		}
	}
	for _, t := range staying {
		if t.Number == s.Root.Item || s.Root.Item == 0 && of[t.node].key != "" && of[t.node].key == s.Root.Key {
			return of[t.node]
		}
	}
	return of[best.node]
}

// home is the cluster that goes on a published story: the one that an item of it is in,
// joined by an editor with another story's; else the one its root is in.
// That of a claimed address is it only where somebody came to it: who claims the
// address may be a root himself, by a ruling.
func (f *fold) home(s *news.Story, clusters []*cluster, of map[*node]*cluster) *cluster {
	for _, i := range s.Items {
		n := f.byNumber[i.Number].node
		if slices.ContainsFunc(n.tellings, func(t *telling) bool { return t.Story != s.Number && f.ruledTogether(t.Item, i) }) {
			return of[n]
		}
	}
	for _, c := range clusters {
		if c.story == s.Number || s.Root.Item == 0 && c.key != "" && c.key == s.Root.Key && len(c.members) > 0 {
			return c
		}
	}
	if t := f.byNumber[s.Root.Item]; t != nil {
		return of[t.node]
	}
	return of[f.byNumber[s.LeadItem].node]
}

// draftsOf makes of a cluster the story that goes on the published ones whose
// home it is, or a new one. What a veto keeps out of that stands for itself.
func (f *fold) draftsOf(c *cluster, published []*news.Story, pinned map[*telling]*news.Story) []*draft {
	d := &draft{cluster: c, kept: map[*telling]bool{}}
	var apart []*draft
	for _, together := range f.ruledGroups(f.survivors(c, published)) {
		var items []*telling
		for _, s := range together {
			items = append(items, slices.DeleteFunc(f.tellingsOf(s), func(t *telling) bool { return pinned[t] != s })...)
		}
		if d.old != nil && (f.clash(items, d.tellings, "J1") || f.byNewRules(items, d.tellings)) {
			apart = append(apart, f.unchanged(together, items))
			continue
		}
		d.tellings = append(d.tellings, items...)
		f.goOn(d, together)
	}
	for _, t := range d.tellings {
		if !slices.ContainsFunc(c.members, func(m member) bool { return m.node == t.node }) {
			d.kept[t] = true
			f.flag(t, "against-story", cmp.Or(t.Entry.URL, first(t.GUIDs)), "what joined it to this story has gone: split it off if it is another")
		}
	}
	for _, m := range c.members {
		for _, t := range m.tellings {
			switch {
			case pinned[t] != nil:
			case f.clash([]*telling{t}, d.tellings, m.rule):
				apart = append(apart, single(t))
			default:
				d.tellings = append(d.tellings, t)
			}
		}
	}
	if len(d.tellings) == 0 {
		return apart
	}
	slices.SortFunc(d.tellings, compareTellings)
	if d.old != nil {
		return append(apart, d)
	}
	return append(apart, f.alone(d)...)
}

// tellingsOf are the items of a story.
func (f *fold) tellingsOf(s *news.Story) []*telling {
	list := make([]*telling, len(s.Items))
	for n, i := range s.Items {
		list[n] = f.byNumber[i.Number]
	}
	return list
}

// clash reports whether a veto stands between tellings that would come together
// in one story, and notes it.
func (f *fold) clash(come, there []*telling, rule news.Rule) bool {
	for _, t := range come {
		for _, u := range there {
			if v := f.veto(t, u, rule); t != u && v != nil && slices.Contains(among, v.rule) {
				f.flagVeto(t, u, rule, v)
				return true
			}
		}
	}
	return false
}

// byNewRules reports whether two published stories would become one for no other
// reason than that the rules are others than before: that is shown to an editor, and
// not done (unless a refold was asked for).
func (f *fold) byNewRules(come, there []*telling) bool {
	if f.anew || len(come) == 0 || len(there) == 0 {
		return false
	}
	since := f.ruledSince()
	if since.IsZero() {
		return false
	}
	for _, t := range come {
		for _, u := range there {
			if f.ruledTogether(t.Item, u.Item) {
				return false
			}
		}
	}
	if slices.ContainsFunc(slices.Concat(come, there), func(t *telling) bool { return f.learned(t, since) }) {
		return false
	}
	f.flagPairOf(come[0], there[0], "probable-copy", "by the rules as they are now both are one story: join them if they are")
	return true
}

// ruledSince is since when the present rules hold, zero if no others did before.
func (f *fold) ruledSince() time.Time {
	if f.ruled == nil {
		since := f.reader.Ruled()
		f.ruled = &since
	}
	return *f.ruled
}

// learned reports whether something that can join was learned of an item since a
// time: the item itself, a claim, its page, or in this fold another guid, address or
// sound.
func (f *fold) learned(t *telling, since time.Time) bool {
	if !t.FirstSeen.Before(since) || slices.ContainsFunc(t.Claims, func(c news.Claim) bool { return !c.First.Before(since) }) {
		return true
	}
	before := f.before[t.Number]
	if before == nil {
		return false
	}
	return before.GUID != t.Entry.GUID || before.URL != t.Entry.URL || !slices.Equal(before.Enclosures, t.Entry.Enclosures)
}

// survivors orders the published stories that come together: first the one that
// goes on. It holds the origin's item, else it was published first, else it has
// the smaller id.
func (f *fold) survivors(c *cluster, published []*news.Story) []*news.Story {
	if len(published) < 2 {
		return published
	}
	all := &draft{cluster: c}
	for _, s := range published {
		all.tellings = append(all.tellings, f.tellingsOf(s)...)
	}
	origin := f.decideOrigin(all)
	holds := func(s *news.Story) bool {
		return slices.ContainsFunc(s.Items, func(i *news.Item) bool { return origin.Made(i.Station) })
	}
	slices.SortStableFunc(published, func(a, b *news.Story) int {
		if holds(a) != holds(b) {
			if holds(a) {
				return -1
			}
			return 1
		}
		return cmp.Or(a.IDAssignedAt.Compare(b.IDAssignedAt), a.Published.Compare(b.Published), strings.Compare(a.PublicID, b.PublicID))
	})
	return published
}

// alone parts a cluster whose root stays in another published story: without it
// only a claimed address holds the others together.
func (f *fold) alone(d *draft) []*draft {
	c := d.cluster
	if c.root == nil || slices.ContainsFunc(c.root.tellings, func(t *telling) bool { return slices.Contains(d.tellings, t) }) {
		return []*draft{d}
	}
	if c.key != "" {
		d.cluster = &cluster{key: c.key, url: c.url, members: c.members}
		return []*draft{d}
	}
	var parts []*draft
	for _, t := range d.tellings {
		parts = append(parts, single(t))
	}
	return parts
}
