package identity

import (
	"cmp"
	"slices"
	"strings"

	"fronteras/aggregator/news"
)

// alikeSound is how alike headlines must be for a shared enclosure to join (J4).
const alikeSound = .5

// cluster is what the rules would make one story of, if nothing had been
// published before.
type cluster struct {
	root    *node  // nil where the root is an address that no item has
	key     string // of the claimed address; "" where nothing claims the root
	url     string
	story   uint64 // of a desk claim: the published story
	cycle   bool   // the root claims itself over others
	members []member
}

// member is a node in a cluster, with the reason.
type member struct {
	*node
	rule  news.Rule // I0 J1 J4 J5
	value string
}

// clusters sorts the gathered tellings by what their edges lead to. There are
// no chains: each node has an edge of its own to the root.
func (f *fold) clusters() []*cluster {
	list := f.nodes()
	var all []*cluster
	rest := f.claimed(list, &all)
	var lonely []*node
	for _, n := range rest { // which nodes are roots
		if !slices.ContainsFunc(all, func(c *cluster) bool { return f.edge(n, c).rule != "" }) {
			all = append(all, &cluster{root: n, members: []member{{n, "I0", ""}}})
			continue
		}
		lonely = append(lonely, n)
	}
	for _, n := range lonely { // and to which of them the others belong
		if !f.attach(n, all) {
			all = append(all, &cluster{root: n, members: []member{{n, "I0", ""}}})
		}
	}
	return all
}

// claimed makes a cluster of each claimed address and each claimed node that
// claims nothing, and puts the claiming nodes there. It returns the nodes that
// are in none.
func (f *fold) claimed(list []*node, all *[]*cluster) (rest []*node) {
	byTarget := map[string]*cluster{}
	byStory := map[uint64]*cluster{}
	placed := map[*node]bool{}
	claims := map[*node]*cluster{}
	for _, n := range list {
		if n.claim == nil {
			continue
		}
		c := f.clusterOf(n, byTarget, byStory, all)
		claims[n] = c
		if c.root != nil {
			placed[c.root] = true
		}
	}
	for _, n := range list {
		c := claims[n]
		if c != nil && !placed[n] {
			if placed[n] = f.admit(n, c, "J1", n.claim.claim.Key); !placed[n] {
				n.claim = nil // what a veto blocks counts for nothing
				continue
			}
		}
		if c != nil && n.claim.cycle {
			f.flag(n.tellings[0], "conflicting-claims", n.claim.claim.URL, "its original claims another in its turn, in a circle: say which is the origin")
		}
	}
	for _, n := range list {
		if !placed[n] {
			rest = append(rest, n)
		}
	}
	return rest
}

// clusterOf is the cluster that a node's claim ends in.
func (f *fold) clusterOf(n *node, byTarget map[string]*cluster, byStory map[uint64]*cluster, all *[]*cluster) *cluster {
	if n.claim.story != 0 {
		return f.clusterOfStory(n.claim.story, byStory, all)
	}
	return f.clusterOfAddress(n, byTarget, all)
}

// clusterOfAddress is the cluster of the address that a node claims.
func (f *fold) clusterOfAddress(n *node, byTarget map[string]*cluster, all *[]*cluster) *cluster {
	target := n.claim.target
	if c := byTarget[target]; c != nil {
		return c
	}
	c := &cluster{key: target, url: n.claim.claim.URL, cycle: n.claim.cycle}
	if owner := f.owner(target); owner != nil {
		c.root, c.url = owner.node, owner.Entry.URL
		for _, other := range *all { // several keys of one node
			if other.root == c.root {
				byTarget[target] = other
				return other
			}
		}
		c.members = []member{{c.root, "I0", ""}}
	}
	byTarget[target] = c
	*all = append(*all, c)
	return c
}

// clusterOfStory is the cluster of a published story that came back to the desk.
func (f *fold) clusterOfStory(number uint64, byStory map[uint64]*cluster, all *[]*cluster) *cluster {
	if c := byStory[number]; c != nil {
		return c
	}
	c := &cluster{story: number}
	if s := f.stories[number]; s != nil {
		if t := f.byNumber[s.Root.Item]; t != nil {
			c.root = t.node
		}
		if c.root == nil {
			c.key, c.url = s.Root.Key, s.Root.URL
		}
		for _, other := range *all {
			if c.root != nil && other.root == c.root || c.root == nil && c.key != "" && other.root == nil && other.key == c.key {
				other.story = number
				byStory[number] = other
				return other
			}
		}
		if c.root != nil {
			c.members = []member{{c.root, "I0", ""}}
		}
	}
	byStory[number] = c
	*all = append(*all, c)
	return c
}

// admit puts a node into a cluster, unless a veto stands between it and what is
// there already.
func (f *fold) admit(n *node, c *cluster, rule news.Rule, value string) bool {
	others := make([]*node, len(c.members))
	items := len(n.tellings)
	for i, m := range c.members {
		others[i] = m.node
		items += len(m.tellings)
	}
	t, u, v := f.vetoAmong(n, others, rule)
	if v == nil {
		if v = f.full(n, c, items); v == nil {
			c.members = append(c.members, member{n, rule, value})
			return true
		}
		t = n.tellings[0]
		f.flag(t, "oversize", c.url, "more items would come together than the desk has feeds")
		return false
	}
	f.flagVeto(t, u, rule, v)
	return false
}

// edge is the rule by which a node has an edge of its own to a cluster's root,
// "" if it has none.
func (f *fold) edge(n *node, c *cluster) bond {
	var best bond
	if c.root == nil {
		return best
	}
	for _, t := range n.tellings {
		for _, u := range t.near {
			if u.node != c.root || n == c.root {
				continue
			}
			if rule, c5 := f.joinable(t, u); rule != "" && (best.rule == "" || rule < best.rule || rule == best.rule && c5 > best.c5) {
				best = bond{rule, c5}
			}
		}
	}
	return best
}

// bond is how strongly a node is tied to a root.
type bond struct {
	rule news.Rule
	c5   float64
}

// joinable is the rule by which two tellings join though neither claims the
// other and no address is equal; "" if none does.
func (f *fold) joinable(t, u *telling) (rule news.Rule, c5 float64) {
	pair := pairOf(t.Number, u.Number)
	b, ok := f.bonds[pair]
	if !ok {
		b.rule, b.c5 = f.compare(t, u)
		f.bonds[pair] = b
	}
	return b.rule, b.c5
}

func (f *fold) compare(t, u *telling) (rule news.Rule, c5 float64) {
	if t.Feed == u.Feed {
		return "", 0
	}
	for _, s := range t.sounds {
		if s == "" || !slices.Contains(u.sounds, s) || f.sharedSound(s) {
			continue
		}
		if v := f.veto(t, u, "J4"); v != nil {
			f.refuse(t, u, "J4", v)
			continue
		}
		if similarity(t.headline.words, u.headline.words) >= alikeSound {
			return "J4", 0
		}
		if !f.sameStory(t, u) {
			f.flagPairOf(t, u, "same-audio", "both have the same audio, but their headlines differ: join them if one is not a part of the other")
		}
	}
	if c5, joins := f.byText(t, u); joins {
		return "J5", c5
	}
	return "", 0
}

// sharedSound reports whether two items of one feed have an enclosure: then it
// is a programme, and identifies none of them.
func (f *fold) sharedSound(key string) bool {
	seen := map[string]bool{}
	for _, t := range f.bySound[key] {
		if seen[t.Feed] {
			return true
		}
		seen[t.Feed] = true
	}
	return false
}

// attach puts a node into the cluster that it has the strongest edge to: the
// stronger rule, then the root that came first. The others are kept as refused.
func (f *fold) attach(n *node, all []*cluster) bool {
	type choice struct {
		c *cluster
		bond
	}
	var choices []choice
	for _, c := range all {
		if b := f.edge(n, c); b.rule != "" && c.root != n {
			choices = append(choices, choice{c, b})
		}
	}
	slices.SortStableFunc(choices, func(a, b choice) int { return cmp.Or(cmp.Compare(a.rule, b.rule), cmp.Compare(b.c5, a.c5)) })
	for i, ch := range choices {
		if f.underRetracted(n, ch.c, ch.rule) {
			return false
		}
		if f.admit(n, ch.c, ch.rule, f.sharedValue(n, ch.c)) {
			for _, lost := range choices[i+1:] {
				f.refuse(n.tellings[0], lost.c.root.tellings[0], lost.rule, &veto{reason: "a stronger edge leads elsewhere"})
			}
			return true
		}
	}
	return false
}

// sharedValue is the enclosure that a node has in common with a root.
func (f *fold) sharedValue(n *node, c *cluster) string {
	for _, t := range n.tellings {
		for _, s := range t.sounds {
			if slices.ContainsFunc(c.root.tellings, func(u *telling) bool { return slices.Contains(u.sounds, s) }) {
				return s
			}
		}
	}
	return ""
}

// nameOf is a station's name.
func (d *Rules) nameOf(id string) string {
	if s := d.stations[id]; s != nil {
		return s.Name
	}
	return id
}

// rostersOf are the stations whose reporters an entry's byline names (O4).
func (d *Rules) rostersOf(e *news.Entry) []string {
	var found []string
	for _, a := range e.Authors {
		for _, id := range d.rosters[strings.ToLower(a.Name)] {
			if !slices.Contains(found, id) {
				found = append(found, id)
			}
		}
	}
	return found
}
