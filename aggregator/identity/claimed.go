package identity

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
)

// hops is how many claims are followed one after another.
const hops = 2

// assertion is the claim of a telling that counts, and where it ends.
type assertion struct {
	claim  news.Claim
	target string // key of the address that it ends at
	story  uint64 // of a desk claim: the story it means
	cycle  bool   // the claims of several tellings lead to each other
}

// assert decides for each gathered telling which of its claims counts, and
// where it ends.
func (f *fold) assert() {
	f.disbelieve()
	for _, t := range f.tellings {
		t.node = &node{tellings: []*telling{t}, claim: f.standing(t)}
	}
	for _, t := range f.tellings {
		f.follow(t.node)
	}
}

// templated is how many headlines under one claim make it a template's.
const templated = 3

// disbelieve takes the trust in claims of one source where several items of this
// feed, under different headlines, claim one page: a CMS's template names the
// wrong one (gab-ai-inc/gab-dissenter-extension#27). It stays lost until an
// editor gives it back; what was seen before that does not count again.
func (f *fold) disbelieve() {
	for _, t := range f.tellings {
		if t.Feed != f.arrival.Feed.URL {
			continue
		}
		for _, c := range t.Claims {
			if f.isTemplate(t.Feed, c, f.memory.Trusted) && !slices.Contains(f.memory.Broken, c.Source) {
				f.memory.Broken = append(f.memory.Broken, c.Source)
				f.flagFeed("claims-distrusted", "several of its items name "+c.URL+" as their original: claims of that kind do not count in this feed")
			}
		}
	}
}

// isTemplate reports whether items of a feed under several headlines, first seen
// after a time, make one claim.
func (f *fold) isTemplate(feed string, c news.Claim, since time.Time) bool {
	id := claimID{feed, c.Source, c.Key}
	if f.claimants == nil {
		f.claimants = map[claimID][]*telling{}
		for _, t := range f.tellings {
			for _, o := range t.Claims {
				made := claimID{t.Feed, o.Source, o.Key}
				f.claimants[made] = append(f.claimants[made], t)
			}
		}
	}
	titles := map[string]bool{}
	for _, t := range f.claimants[id] {
		if t.FirstSeen.After(since) {
			titles[t.Entry.Title] = true
		}
	}
	return len(titles) >= templated
}

// claimID is what items of a feed claim alike.
type claimID struct{ feed, source, key string }

// contradicts reports whether a claim is younger than an editor's word on the
// item, and leads away from what that joined.
func (f *fold) contradicts(t *telling, c news.Claim) bool {
	for _, u := range f.tellings {
		v := f.verdicts[pairOf(t.Number, u.Number)]
		if v != nil && v.Verb == news.Join && c.First.After(v.When) && !u.had(c.Key) {
			s := f.stories[t.Story]
			return s == nil || s.Root.Key != c.Key
		}
	}
	return false
}

// unlisted notes a claim to a host that nobody listed. From the third item on
// the operator is told.
func (f *fold) unlisted(t *telling, c news.Claim) {
	host := link.Host(c.URL)
	f.flag(t, "unlisted-origin", c.URL, "its claimed original is on "+host+", which belongs to no station and no source: list the host to join them")
	if t.Feed != f.arrival.Feed.URL {
		return
	}
	at := slices.IndexFunc(f.memory.Unlisted, func(s Stranger) bool { return s.Host == host })
	if at < 0 {
		if len(f.memory.Unlisted) == strangers {
			return
		}
		f.memory.Unlisted = append(f.memory.Unlisted, Stranger{Host: host})
		at = len(f.memory.Unlisted) - 1
	}
	s := &f.memory.Unlisted[at]
	if len(s.Items) < templated && !slices.Contains(s.Items, t.Number) {
		s.Items = append(slices.Clone(s.Items), t.Number)
	}
	if len(s.Items) >= templated {
		f.flagFeed("unlisted-host", "several of its items name originals on "+host+", which belongs to no station and no source")
	}
}

// strangers is how many unlisted hosts are counted for a feed.
const strangers = 50

// standing is the strongest claim of a telling that is valid, nil if none is.
func (f *fold) standing(t *telling) *assertion {
	if n := f.ours(t.Item); n != 0 {
		return &assertion{claim: news.Claim{Source: fromDesk, URL: f.desk.Desk.URL, First: t.FirstSeen}, story: n}
	}
	claims := slices.Clone(t.Claims)
	slices.SortStableFunc(claims, func(a, b news.Claim) int { return strength[a.Source] - strength[b.Source] })
	for _, c := range claims {
		if c.Last.IsZero() && f.valid(t, c) {
			return &assertion{claim: c, target: c.Key}
		}
	}
	return nil
}

// valid reports whether a claim counts: it names a page that can be a story, of
// a known newsroom, in a feed whose claims can be believed, and no veto stands
// between the item and what it claims.
func (f *fold) valid(t *telling, c news.Claim) bool {
	if t.had(c.Key) && c.Source != fromLink || slices.Contains(f.memoryOf(t.Feed).Broken, c.Source) {
		return false
	}
	if f.ruledFrom(t.Item, c.Key) {
		f.flag(t, "against-ruling", c.URL, "it claims the address that an editor took it off: join them if it is right")
		return false
	}
	targets := f.byKey[c.Key]
	if slices.Contains(t.also, c.Key) && len(targets) == 1 {
		return false // another address of its own page, which no other item has
	}
	if !f.desk.identifies(c.Key) || len(targets) == 0 && !link.StoryLike(c.Key) || f.shared(c.Key) {
		return false
	}
	if (c.Source == fromVia || c.Source == fromGUID) && !slices.ContainsFunc(targets, func(u *telling) bool { return c.Source == fromVia || f.agreeing(t, u) }) {
		return false
	}
	if !f.desk.listed(c.URL) {
		f.unlisted(t, c)
		return false
	}
	if f.isTemplate(t.Feed, c, time.Time{}) {
		return false
	}
	if f.contradicts(t, c) {
		f.flag(t, "against-ruling", c.URL, "it names another original than the story that an editor joined it to: split it off and join the two if that is right")
		return false
	}
	for _, u := range targets {
		if u == t {
			continue
		}
		if v := f.veto(t, u, "J1"); v != nil {
			f.flagVeto(t, u, "J1", v)
			return false
		}
	}
	return true
}

// agreeing reports whether two headlines are alike enough to believe a guid that
// both bear.
func (f *fold) agreeing(t, u *telling) bool {
	return u != t && similarity(t.headline.words, u.headline.words) >= similarTitle
}

// follow finds the end of a node's claim: what a claimed node claims in its
// turn counts, over two hops; and what a ruling says of where it ends.
func (f *fold) follow(n *node) {
	f.hop(n)
	if n.claim != nil {
		n.claim.target = f.end(n.claim.target)
	}
}

// end is the address that rulings make one with a claimed one, or that itself.
func (f *fold) end(target string) string { return cmp.Or(f.ends[target], target) }

func (f *fold) hop(n *node) {
	if n.claim == nil || n.claim.story != 0 {
		return
	}
	n.claim.target, n.claim.cycle = n.claim.claim.Key, false
	visited := []*node{n}
	for range hops {
		owner := f.owner(n.claim.target)
		if owner == nil || owner.node.claim == nil {
			return
		}
		next := owner.node
		if next.had(next.claim.claim.Key) { // it ends there: a copy joined its original by address
			return
		}
		if next.claim.story != 0 {
			n.claim.story = next.claim.story
			return
		}
		visited = append(visited, next)
		if slices.ContainsFunc(visited, func(v *node) bool { return v.had(next.claim.claim.Key) }) {
			n.claim.cycle, n.claim.target = true, smallest(visited)
			return
		}
		n.claim.target = next.claim.claim.Key
	}
}

// smallest is the first of the nodes' keys: a cycle's end, whoever is asked.
func smallest(nodes []*node) string {
	key := nodes[0].tellings[0].key
	for _, n := range nodes {
		for _, t := range n.tellings {
			key = min(key, t.key)
		}
	}
	return key
}

// owner is the telling whose own address has that key; of several the one that
// has it now, then the first. A copy that links to its original has not.
func (f *fold) owner(key string) *telling {
	var best, also *telling
	several := false // stations say that it is theirs
	for _, t := range f.byKey[key] {
		switch {
		case t.foreign:
		case !t.had(key):
			several = several || also != nil && also.Station != t.Station
			also = cmp.Or(also, t)
		case best == nil || best.key != key && t.key == key:
			best = t
		}
	}
	if best == nil && !several {
		return also
	}
	return best
}

// flag raises a flag at a telling; it goes to the story that the telling ends in.
func (f *fold) flag(t *telling, kind news.FlagKind, with, why string) {
	if !slices.ContainsFunc(f.flags[t], func(g news.Flag) bool { return g.Kind == kind && g.With == with }) {
		f.flags[t] = append(f.flags[t], news.Flag{Kind: kind, With: with, Why: why, When: f.arrival.At})
	}
}

// flagFeed raises a flag of this feed, once.
func (f *fold) flagFeed(kind news.FlagKind, why string) {
	if !slices.ContainsFunc(f.memory.Flags, func(g news.Flag) bool { return g.Kind == kind }) {
		f.memory.Flags = append(f.memory.Flags, news.Flag{Kind: kind, Why: why, When: f.arrival.At})
	}
}

// flagPairOf raises a flag at both of two tellings.
func (f *fold) flagPairOf(t, u *telling, kind news.FlagKind, why string) {
	f.flag(t, kind, cmp.Or(u.Entry.URL, first(u.GUIDs)), why)
	f.flag(u, kind, cmp.Or(t.Entry.URL, first(t.GUIDs)), why)
}

// flagPair notes two entries of one feed that look like one and are not joined.
func (f *fold) flagPair(kind news.FlagKind, c *candidate, i *news.Item) {
	f.pairs = append(f.pairs, pairFlag{kind, c, i})
}

// pairFlag is a flag that waits until the entry has its item.
type pairFlag struct {
	kind news.FlagKind
	c    *candidate
	i    *news.Item
}

// raisePairs puts the waiting flags at the tellings.
func (f *fold) raisePairs() {
	for _, p := range f.pairs {
		if t := f.byNumber[p.c.item.Number]; t != nil {
			f.flag(t, p.kind, cmp.Or(p.i.Entry.URL, first(p.i.GUIDs)), "the same feed shows "+quote(p.i.Entry.Title)+" beside it, much alike under another guid: join them if they are one")
		}
	}
}

// flagVeto notes a join that a veto stopped, with the flag that goes with it.
func (f *fold) flagVeto(t, u *telling, rule news.Rule, v *veto) {
	f.refuse(t, u, rule, v)
	with := cmp.Or(u.Entry.URL, first(u.GUIDs))
	switch v.rule {
	case "V4":
		f.flag(t, "against-ruling", with, "rule "+string(rule)+" would join them, and an editor has separated them: join them if it is right")
	case "V1":
		f.flag(t, "same-feed", with, "its claim leads to another item of its own feed: join them if they are one")
	case "V2":
		if rule == "J1" {
			f.flag(t, "claim-across-languages", with, "it claims a story in another language, of which it seems to be the translation")
		}
	case "V5":
		f.flag(t, "conflicting-claims", with, "the two are alike, but each names another original")
	}
}

// refuse records a join that was considered and not made. Translations are shown so
// of each other.
func (f *fold) refuse(t, u *telling, rule news.Rule, v *veto) {
	f.reject(t, u, rule, v)
	if v.rule == "V2" {
		f.reject(u, t, rule, v)
	}
}

func (f *fold) reject(t, u *telling, rule news.Rule, v *veto) {
	r := news.Rejected{Item: t.Number, With: describe(u), Rule: rule, Veto: v.rule, Reason: v.reason}
	if !slices.Contains(f.refused[t], r) {
		f.refused[t] = append(f.refused[t], r)
	}
}

// describe names a telling in an explanation.
func describe(t *telling) string {
	return strings.TrimSpace(strings.ToUpper(t.Station) + " " + quote(t.Entry.Title))
}
