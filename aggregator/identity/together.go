package identity

import (
	"slices"

	"fronteras/aggregator/news"
)

// ruledGroups are published stories that come together, those in one list that an
// editor has joined: where a veto keeps them out of another, none of them stays there.
func (f *fold) ruledGroups(stories []*news.Story) (groups [][]*news.Story) {
	for _, s := range stories {
		n := slices.IndexFunc(groups, func(group []*news.Story) bool {
			return slices.ContainsFunc(group, func(o *news.Story) bool { return f.ruledOne(s, o) })
		})
		if n < 0 {
			groups = append(groups, []*news.Story{s})
			continue
		}
		groups[n] = append(groups[n], s)
	}
	return groups
}

// ruledOne reports whether an editor has joined an item of one story with one of
// another.
func (f *fold) ruledOne(a, b *news.Story) bool {
	return slices.ContainsFunc(a.Items, func(i *news.Item) bool {
		return slices.ContainsFunc(b.Items, func(o *news.Item) bool { return f.ruledTogether(i, o) })
	})
}

// goOn has a draft go on published stories: on the first, where it goes on none, and
// the others end in it.
func (f *fold) goOn(d *draft, stories []*news.Story) {
	for _, s := range stories {
		switch {
		case d.old == nil:
			d.old = s
		case f.published(f.byNumber[s.LeadItem]) != 0:
			d.joined = append(d.joined, s)
		}
	}
}

// unchanged is the draft of a published story that goes on as it was, or of several
// that an editor has joined.
func (f *fold) unchanged(stories []*news.Story, items []*telling) *draft {
	s := stories[0]
	d := &draft{cluster: &cluster{key: s.Root.Key, url: s.Root.URL}, tellings: items, kept: map[*telling]bool{}}
	f.goOn(d, stories)
	var root []*telling
	if t := f.byNumber[s.Root.Item]; t != nil {
		root = slices.DeleteFunc(slices.Clone(items), func(o *telling) bool { return o != t && !f.ruledTogether(o.Item, t.Item) })
		d.cluster = standalone(root, t.node.claim).cluster
	}
	for _, t := range items {
		d.kept[t] = !slices.Contains(root, t)
	}
	if len(stories) > 1 {
		slices.SortFunc(d.tellings, compareTellings)
	}
	return d
}

// single is the draft of a telling that stands for itself.
func single(t *telling) *draft { return standalone([]*telling{t}, t.node.claim) }

// standalone is the draft of tellings that are a root by themselves.
func standalone(tellings []*telling, claim *assertion) *draft {
	n := &node{tellings: tellings, claim: claim}
	c := &cluster{root: n, members: []member{{n, "I0", ""}}}
	return &draft{cluster: c, tellings: tellings, kept: map[*telling]bool{}}
}
