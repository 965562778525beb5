package identity

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"fronteras/aggregator/news"
)

// node is one telling, or several that are equal by address (J2) or by a global
// guid (J3). Equality does not drift, so what one of them claims all claim, and
// an edge to one is an edge to all.
type node struct {
	tellings []*telling // in the order of compareTellings
	claim    *assertion
	rule     news.Rule // J2 or J3: what made it one; empty for a single telling
	value    string
	named    bool // its station is named as the origin by others, or by a roster
}

// nodes joins the tellings that are equal.
func (f *fold) nodes() []*node {
	byGlobal := map[string][]*telling{}
	f.uniteRuled()
	for _, t := range f.tellings {
		if f.desk.identifies(t.key) && !f.shared(t.key) {
			for _, u := range f.byKey[t.key] {
				if u != t && u.key == t.key {
					f.unite(t, u, "J2", t.key)
				}
			}
		}
		for _, g := range t.globals {
			byGlobal[g] = append(byGlobal[g], t)
		}
	}
	for _, t := range f.tellings {
		for _, g := range t.globals {
			for _, u := range byGlobal[g] {
				if u != t {
					f.uniteByGUID(t, u, g)
				}
			}
		}
	}
	var list []*node
	for _, t := range f.tellings {
		if t.node.tellings[0] == t {
			list = append(list, t.node)
		}
	}
	for _, n := range list {
		f.follow(n)
		n.named = f.namedOrigin(n)
	}
	slices.SortStableFunc(list, compareNodes)
	return list
}

// uniteRuled makes one node of the roots that an editor has joined: an edge to one
// is an edge to the other.
func (f *fold) uniteRuled() {
	for _, number := range slices.Sorted(maps.Keys(f.rulings)) {
		r := f.rulings[number]
		if r.Verb != news.Join || len(r.Items) == 0 || len(r.With) == 0 {
			continue
		}
		t, u := f.byNumber[r.Items[0]], f.byNumber[r.With[0]]
		if t != nil && u != nil && f.ruledTogether(t.Item, u.Item) {
			f.sameEnd(f.claimOf(r.Items), f.claimOf(r.With))
			f.unite(t, u, byRuling, "")
		}
	}
}

// claimOf is the claim of the first of a ruling's items, or of those among the others
// that have its address.
func (f *fold) claimOf(items []uint64) (claim *assertion) {
	head := f.byNumber[items[0]]
	for _, n := range items {
		t := f.byNumber[n]
		if t == head || t != nil && t.key == head.key && f.desk.identifies(t.key) && !f.shared(t.key) {
			claim = stronger(claim, t.node.claim)
		}
	}
	return claim
}

// sameEnd notes that what two claims end at is one story, by a ruling.
func (f *fold) sameEnd(a, b *assertion) {
	if a != nil && b != nil && a.story == 0 && b.story == 0 && a.target != b.target {
		f.ends[max(a.target, b.target)] = min(a.target, b.target)
	}
}

// uniteByGUID applies J3: a guid that two feeds share is believed where the
// headlines or the enclosures agree.
func (f *fold) uniteByGUID(t, u *telling, guid string) {
	if t.node == u.node || t.Feed == u.Feed {
		return
	}
	if !f.eithers(t, u, guid) {
		return
	}
	if f.agreeing(t, u) || slices.ContainsFunc(t.sounds, func(s string) bool { return s != "" && slices.Contains(u.sounds, s) }) {
		f.unite(t, u, "J3", guid)
		return
	}
	f.flag(t, "same-guid", cmp.Or(u.Entry.URL, first(u.GUIDs)), "both have the guid "+quote(guid)+", but their headlines differ: join them if they are one")
}

// eithers reports whether a guid that two tellings share can be believed to be of
// one of them: of an address, that it is on a host of either station, or has a
// number of NPR's.
func (f *fold) eithers(t, u *telling, guid string) bool {
	for _, g := range t.GUIDs {
		if isAddress(g) && f.desk.key(g) == guid {
			return f.desk.ownHost(g, t.Station) || f.desk.ownHost(g, u.Station) || strings.HasPrefix(guid, "npr:")
		}
	}
	return true
}

// looped reports whether a node came back through the desk's own feed: it
// belongs to the story it came from, whatever else it is equal to.
func (n *node) looped() bool { return n.claim != nil && n.claim.story != 0 }

// had reports whether an address is, or was, that of one of the node's tellings.
func (n *node) had(key string) bool {
	return slices.ContainsFunc(n.tellings, func(t *telling) bool { return t.had(key) })
}

// unite makes one node of two, unless a veto stands between any of their tellings.
func (f *fold) unite(t, u *telling, rule news.Rule, value string) {
	a, b := t.node, u.node
	if a == b || rule != byRuling && (a.looped() || b.looped()) {
		return
	}
	for _, x := range a.tellings {
		for _, y := range b.tellings {
			if v := f.veto(x, y, rule); v != nil {
				f.flagVeto(x, y, rule, v)
				return
			}
		}
	}
	if a.rule == "" {
		a.rule, a.value = rule, value
	}
	a.tellings = append(a.tellings, b.tellings...)
	slices.SortFunc(a.tellings, compareTellings)
	a.claim = stronger(a.claim, b.claim)
	for _, y := range b.tellings {
		y.node = a
	}
}

// stronger is the claim that counts of two.
func stronger(a, b *assertion) *assertion {
	switch {
	case a == nil:
		return b
	case b == nil || strength[a.claim.Source] < strength[b.claim.Source]:
		return a
	case strength[b.claim.Source] < strength[a.claim.Source] || b.claim.Key < a.claim.Key:
		return b
	}
	return a
}

// namedOrigin reports whether the credit of a telling that may belong to the
// node names a station of the node, or one of its bylines is on that station's
// roster.
func (f *fold) namedOrigin(n *node) bool {
	for _, t := range n.tellings {
		maker := f.desk.maker(t.Station)
		if slices.Contains(t.credit.makers, maker) || slices.Contains(f.desk.rostersOf(&t.Entry), t.Station) {
			return true
		}
		if slices.ContainsFunc(t.near, func(u *telling) bool { return slices.Contains(u.credit.makers, maker) && f.joins(t, u) }) {
			return true
		}
	}
	return false
}

// joins reports whether two tellings have an edge of J4 or J5.
func (f *fold) joins(t, u *telling) bool {
	rule, _ := f.joinable(t, u)
	return rule != ""
}

// compareNodes is the order in which nodes become roots.
func compareNodes(a, b *node) int {
	if a.named != b.named {
		if a.named {
			return -1
		}
		return 1
	}
	x, y := a.tellings[0], b.tellings[0]
	return cmp.Or(earlier(x.TrustedDate, y.TrustedDate), compareTellings(x, y))
}
