package cluster

import (
	"cmp"
	"maps"
	"slices"

	"fronteras/aggregator/identity/directory"
	"fronteras/aggregator/identity/evidence"
	"fronteras/aggregator/news"
)

// Build sorts a neighborhood by what its edges lead to.
func Build(d *directory.Directory, n *evidence.Neighborhood) *Result {
	s := &state{
		d: d, n: n, of: map[uint64]*Equivalents{}, ends: map[string]string{},
		claimants: map[claimID][]*evidence.Evidence{}, templates: map[claimID]bool{},
		distrusted: map[string][]string{}, blocked: map[uint64][]string{}, comparisons: map[[2]uint64]Comparison{},
		shingles: map[uint64][]uint64{}, roundUps: map[uint64]bool{}, openings: map[uint64]map[string]bool{},
	}
	r := &Result{Findings: NewFindings(n.Now), state: s, in: map[*Equivalents]*Cluster{},
		returned: map[uint64]*Cluster{}}
	maps.Copy(r.Flags, n.Flags)
	for _, i := range n.Items {
		for _, c := range i.Claims {
			id := claimID{i.Feed, c.Source, c.Key}
			s.claimants[id] = append(s.claimants[id], i)
		}
		s.distrusted[i.Feed] = n.Memories[i.Feed].Distrusted
	}
	r.Memory = s.distrustBoilerplateClaims(n.Memories[n.Feed])
	s.distrusted[n.Feed] = r.Memory.Distrusted

	var singles []*Equivalents
	for _, i := range n.Items {
		s.of[i.Number] = &Equivalents{Items: []*evidence.Evidence{i}, Claim: s.selectClaim(i, r)}
		singles = append(singles, s.of[i.Number])
		flagUnlistedHouse(r, i)
	}
	s.resolveClaims(singles)
	unclaimed := r.clusterByClaims(s.uniteEquivalents(r))
	var others []*Equivalents
	for _, e := range unclaimed { // which of them are roots
		if slices.ContainsFunc(r.clustersNear(e), func(c *Cluster) bool { return r.strongestEdge(e, c).rule != "" }) {
			others = append(others, e)
			continue
		}
		r.appendCluster(clusterOfOne(e))
	}
	for _, e := range others { // and to which of these the rest belongs
		if !r.attachByContent(e) {
			r.appendCluster(clusterOfOne(e))
		}
	}
	for _, c := range r.Clusters {
		for _, m := range c.Members {
			r.in[m.Equivalents] = c
		}
		if c.Story != 0 && r.returned[c.Story] == nil {
			r.returned[c.Story] = c
		}
	}
	return r
}

func clusterOfOne(e *Equivalents) *Cluster {
	return &Cluster{Root: e, Members: []Member{{e, news.I0, ""}}}
}

// Standalone is the cluster of items that are a root by themselves.
func Standalone(items []*evidence.Evidence, claim *Claim) *Cluster {
	return clusterOfOne(&Equivalents{Items: items, Claim: claim})
}

// clusterByClaims makes a cluster of each claimed address and each claimed item that claims
// nothing, and puts those that claim them there. It returns the equivalents that are in none. A
// claim that a veto blocks counts for nothing, as if it had not been made: the next strongest takes
// its place.
func (r *Result) clusterByClaims(list []*Equivalents) (unclaimed []*Equivalents) {
	for {
		r.Clusters, r.rooted, r.unseen = nil, map[*Equivalents]int{}, map[*Equivalents]*Cluster{}
		placed, blocked := r.placeClaimants(list)
		if len(blocked) == 0 {
			return slices.DeleteFunc(list, func(e *Equivalents) bool { return placed[e] })
		}
		for _, e := range blocked {
			key := e.Claim.Key
			e.Claim = nil
			for _, i := range e.Items {
				r.blocked[i.Number] = append(r.blocked[i.Number], key)
				e.Claim = strongerClaim(e.Claim, r.selectClaim(i, r))
			}
		}
		r.resolveClaims(list)
	}
}

// placeClaimants puts equivalents into the clusters that their claims end in. Claims that lead
// there directly go first, then those over one claim of others, then those over two; where a veto
// blocks some, what leads further is not looked at.
func (r *Result) placeClaimants(list []*Equivalents) (placed map[*Equivalents]bool, blocked []*Equivalents) {
	byStory, claims := map[uint64]*Cluster{}, map[*Equivalents]*Cluster{}
	first := groupClaimants(r, list)
	placed = map[*Equivalents]bool{}
	var claimants []*Equivalents
	for _, e := range list {
		switch {
		case e.Claim == nil:
			continue
		case e.Claim.Story != 0:
			claims[e] = r.clusterOfStory(e.Claim.Story, byStory, first)
		default:
			claims[e] = r.clusterOfAddress(e.Claim, first[e])
		}
		claimants = append(claimants, e)
		if root := claims[e].Root; root != nil {
			placed[root] = true
		}
	}
	// what is in another's story of that address already goes before what would come
	stays := func(e *Equivalents) bool {
		return slices.ContainsFunc(e.Items, func(i *evidence.Evidence) bool {
			s := r.n.SettledStoryOf(i)
			return s != nil && s.Root.Key == e.Claim.Target && s.Root.Item != i.Number
		})
	}
	slices.SortStableFunc(claimants, func(a, b *Equivalents) int {
		return cmp.Or(a.Claim.Hops-b.Claim.Hops, evidence.CompareBool(stays(a), stays(b)))
	})
	for _, e := range claimants {
		if len(blocked) > 0 && e.Claim.Hops > blocked[0].Claim.Hops {
			break
		}
		if !placed[e] && !r.joinIfAllowed(e, claims[e], edge{rule: news.J1, value: e.Claim.Key}) {
			blocked = append(blocked, e)
			continue
		}
		if placed[e] = true; e.Claim.Cycle {
			r.Flag(e.Items[0], news.FlagConflictingClaims, e.Claim.URL,
				"its original claims another in its turn, in a circle: say which is the origin")
		}
	}
	return placed, blocked
}

// clusterOfAddress is the cluster of the address that a claim ends at; where no item has that, of
// those whose group the first of them stands for.
func (r *Result) clusterOfAddress(claim *Claim, first *Equivalents) *Cluster {
	c := &Cluster{Key: claim.Target, URL: claim.URL, Cycle: claim.Cycle}
	if owner := r.n.ItemWithAddress(claim.Target); owner != nil {
		c.Root, c.URL = r.of[owner.Number], owner.Entry.URL
	}
	return r.addCluster(c, first)
}

// clusterOfStory is the cluster of a published story that came back to the desk.
func (r *Result) clusterOfStory(number uint64, byStory map[uint64]*Cluster,
	first map[*Equivalents]*Equivalents) *Cluster {
	if byStory[number] == nil {
		c := &Cluster{Story: number}
		var group *Equivalents
		if story := r.n.Stories[number]; story != nil {
			if root := r.n.Item(story.Root.Item); root != nil {
				c.Root = r.of[root.Number]
			} else {
				c.Key, c.URL = story.Root.Key, story.Root.URL
				for _, i := range r.n.ItemsOf(story) {
					if e := r.of[i.Number]; group == nil && first[e] != nil && e.Claim.Target == c.Key {
						group = first[e]
					}
				}
			}
		}
		byStory[number] = r.addCluster(c, group)
		byStory[number].Story = number
	}
	return byStory[number]
}

// addCluster adds a cluster, unless there is one of that root, or where no item has the address, of
// that group: then it gives that.
func (r *Result) addCluster(c *Cluster, group *Equivalents) *Cluster {
	if c.Root == nil {
		if other := r.unseen[group]; group != nil && other != nil {
			return other
		}
		r.unseen[group] = c
		return r.appendCluster(c)
	}
	if at, there := r.rooted[c.Root]; there {
		return r.Clusters[at]
	}
	c.Members = []Member{{c.Root, news.I0, ""}}
	return r.appendCluster(c)
}

// appendCluster puts a cluster at the end, where it is found by its root.
func (r *Result) appendCluster(c *Cluster) *Cluster {
	if c.Root != nil {
		r.rooted[c.Root] = len(r.Clusters)
	}
	r.Clusters = append(r.Clusters, c)
	return c
}

// clustersNear returns the clusters whose root equivalents are compared with, in their order.
func (r *Result) clustersNear(e *Equivalents) []*Cluster {
	var places []int
	for _, i := range e.Items {
		for _, o := range r.n.Candidates(i) {
			if at, isRoot := r.rooted[r.of[o.Number]]; isRoot {
				places = append(places, at)
			}
		}
	}
	slices.Sort(places)
	places = slices.Compact(places)
	near := make([]*Cluster, len(places))
	for n, at := range places {
		near[n] = r.Clusters[at]
	}
	return near
}

// joinIfAllowed puts equivalents into a cluster, unless a veto stands between them and what is
// there already, or the story would be too large (V9).
func (r *Result) joinIfAllowed(e *Equivalents, c *Cluster, by edge) bool {
	items := len(e.Items)
	for _, m := range c.Members {
		items += len(m.Items)
		for _, i := range e.Items {
			for _, o := range m.Items {
				if v := r.Clash(i, o, by.rule); v != nil {
					r.NoteVeto(i, o, by.rule, v)
					return false
				}
				if isProbable(by.rule) && r.arePublishedApart(i, o) {
					return false // only what is certain makes one of two published stories
				}
			}
		}
	}
	oversize := func(i *evidence.Evidence) bool { return r.n.Oversize[i.Number] }
	if slices.ContainsFunc(e.Items, oversize) || c.Root != nil && slices.ContainsFunc(c.Root.Items, oversize) ||
		items > max(len(r.d.FeedURLs), 1) {
		r.Flag(e.Items[0], news.FlagOversize, c.URL, "more items would come together than the desk has feeds")
		if c.Root != nil {
			r.noteRejected(e.Items[0], c.Root.Items[0], by.rule, &Veto{news.V9, "too many items would come together"})
		}
		return false
	}
	c.Members = append(c.Members, Member{e, by.rule, by.value})
	return true
}

// strongestEdge is the strongest edge by J4 or J5 of equivalents to a cluster's root.
func (r *Result) strongestEdge(e *Equivalents, c *Cluster) (best edge) {
	if c.Root == nil || c.Root == e {
		return best
	}
	for _, i := range e.Items {
		for _, o := range r.n.Candidates(i) {
			if r.of[o.Number] != c.Root {
				continue
			}
			edge, doubts := edgeBetween(r.state, i, o)
			if r.Note(doubts...); best.isWeakerThan(edge) {
				best = edge
			}
		}
	}
	return best
}

// attachByContent puts equivalents into the cluster that they have the strongest edge to: by rule,
// by text, then the root that came first. The others are kept as rejected.
func (r *Result) attachByContent(e *Equivalents) bool {
	type choice struct {
		*Cluster
		edge
	}
	var choices []choice
	for _, c := range r.clustersNear(e) {
		if by := r.strongestEdge(e, c); by.rule != "" {
			choices = append(choices, choice{c, by})
		}
	}
	slices.SortStableFunc(choices, func(a, b choice) int {
		return cmp.Or(cmp.Compare(a.rule, b.rule), cmp.Compare(b.c5, a.c5))
	})
	for n, ch := range choices {
		if s := r.n.StoryOf(ch.Root.Items[0]); s != nil && s.Status == news.Retracted &&
			r.n.SettledStoryOf(e.Items[0]) != s {
			r.holdLikeWithdrawn(e, s, ch.rule)
			return false
		}
		if r.joinIfAllowed(e, ch.Cluster, ch.edge) {
			for _, lost := range choices[n+1:] {
				r.noteRejected(e.Items[0], lost.Root.Items[0], lost.rule,
					&Veto{Reason: "a stronger edge leads elsewhere"})
			}
			return true
		}
	}
	return false
}

// holdLikeWithdrawn keeps what is only like a withdrawn story from falling under it: it waits for
// an editor, unless it is out already.
func (r *Result) holdLikeWithdrawn(e *Equivalents, withdrawn *news.Story, rule news.Rule) {
	for _, i := range e.Items {
		since := r.n.Now
		if i.Hold != nil {
			since = i.Hold.Since
		} else if s := r.n.StoryOf(i); s == nil || s.PublishedAt.IsZero() {
			r.Held = append(r.Held, i.Number)
		}
		r.flagPairSince(i, news.FlagWithdrawn, cmp.Or(withdrawn.PublicID, withdrawn.ID),
			"by "+string(rule)+" it is like a story that was withdrawn: release it if it is another", since)
	}
}
