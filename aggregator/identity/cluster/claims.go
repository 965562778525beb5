package cluster

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"fronteras/aggregator/identity/evidence"
	"fronteras/aggregator/identity/visit"
	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
)

// distrustBoilerplateClaims takes the trust in claims of one source where several items of the
// visited feed, under different headlines, claim one page: a CMS's template names the wrong one
// (gab-ai-inc/gab-dissenter-extension#27). It stays lost until an editor gives it back; what was
// seen before that does not count again.
func (s *state) distrustBoilerplateClaims(m visit.Memory) visit.Memory {
	counted := map[claimID]bool{}
	for _, i := range s.n.Items {
		if i.Feed != s.n.Feed {
			continue
		}
		for _, c := range i.Claims {
			id := claimID{i.Feed, c.Source, c.Key}
			if counted[id] || !c.IsOfSameStory() {
				continue
			}
			counted[id] = true
			if s.isBoilerplate(id, m.Trusted) && !slices.Contains(m.Distrusted, c.Source) {
				m.Distrusted = append(slices.Clone(m.Distrusted), c.Source)
				m.RaiseFlag(news.Flag{Kind: news.FlagClaimsDistrusted, When: s.n.Now,
					Why: "several of its items name " + c.URL +
						" as their original: claims of that kind do not count in this feed"})
			}
		}
	}
	return m
}

// isBoilerplate reports whether items of a feed under several headlines, first seen after a time,
// make one claim.
func (s *state) isBoilerplate(c claimID, since time.Time) bool {
	titles := map[string]bool{}
	for _, i := range s.claimants[c] {
		if i.FirstSeen.After(since) {
			titles[i.Entry.Title] = true
		}
	}
	return len(titles) >= templatedBy
}

// isTemplates reports whether items of a feed under several headlines make one claim, whenever they
// were first seen. It is counted once for all of them.
func (s *state) isTemplates(c claimID) bool {
	is, counted := s.templates[c]
	if !counted {
		is = s.isBoilerplate(c, time.Time{})
		s.templates[c] = is
	}
	return is
}

// selectClaim is the strongest claim of an item that counts, nil if none does; with what is to be
// noted of those that do not.
func (s *state) selectClaim(i *evidence.Evidence, r *Result) *Claim {
	if story := s.n.Returned[i.Number]; story != 0 && !slices.Contains(s.blocked[i.Number], "") {
		return &Claim{Claim: news.Claim{Source: evidence.FromDesk, URL: s.d.Site.URL, First: i.FirstSeen}, Story: story}
	}
	for _, c := range evidence.StrongestFirst(i.Claims) {
		if !c.Last.IsZero() || slices.Contains(s.blocked[i.Number], c.Key) {
			continue
		}
		no := s.claimObjection(i, c)
		if no == nil {
			return &Claim{Claim: c, Target: c.Key}
		}
		switch {
		case no.veto != nil:
			r.NoteVeto(i, no.other, news.J1, no.veto)
		case no.kind != "":
			r.Flag(i, no.kind, c.URL, no.why)
		}
		if no.kind == news.FlagUnlistedOrigin && i.Feed == s.n.Feed {
			r.Memory = countUnlisted(r.Memory, link.Host(c.URL), i.Number, s.n.Now)
		}
	}
	s.noteUnlisted(i, r)
	return nil
}

// noteUnlisted shows that an item's text names a maker whom nobody lists. Of a text that names its
// license, as all of that maker's do, the operator alone sees it, once for the feed.
func (s *state) noteUnlisted(i *evidence.Evidence, r *Result) {
	u := i.Unlisted
	if u.Name == "" || r.Flagged(i, news.FlagUnlistedOrigin) {
		return
	}
	if host := link.Host(u.URL); host != "" && i.Feed == s.n.Feed {
		r.Memory = countUnlisted(r.Memory, host, i.Number, s.n.Now)
	}
	if !u.Licensed {
		r.Flag(i, news.FlagUnlistedOrigin, u.Name, u.Why())
	}
}

// objection is why a claim does not count, with what is to be shown of that.
type objection struct {
	kind  news.FlagKind
	why   string
	veto  *Veto
	other *evidence.Evidence // that the veto is about
}

// claimObjection says why a claim does not count; nil if it does: it names a page that can be a
// story, of a known newsroom, in a feed whose claims can be believed, and no veto stands between
// the item and what it claims.
func (s *state) claimObjection(i *evidence.Evidence, c news.Claim) *objection {
	targets := s.n.WithAddress(c.Key)
	switch {
	case !c.IsOfSameStory():
		return &objection{}
	case i.EverHadKey(c.Key) && c.Source != evidence.FromLink, slices.Contains(s.distrusted[i.Feed], c.Source):
		return &objection{}
	case s.n.Rulings.IsSplitOff(i.Item, c.Key):
		return &objection{kind: news.FlagAgainstRuling,
			why: "it claims the address that an editor took it off: join them if it is right"}
	case slices.Contains(i.Also, c.Key) && len(targets) == 1, // its own page's, which no other item has
		!s.d.Identifies(c.Key), len(targets) == 0 && !link.StoryLike(c.Key), s.n.IsSharedAddress(c.Key),
		c.Source == evidence.FromVia && len(targets) == 0,
		c.Source == evidence.FromGUID && !slices.ContainsFunc(targets, func(o *evidence.Evidence) bool {
			return headlinesAgree(i, o)
		}):
		return &objection{}
	case !s.d.Listed(c.URL):
		return &objection{kind: news.FlagUnlistedOrigin,
			why: "its claimed original is on " + link.Host(c.URL) +
				", which belongs to no station and no source: list the host to join them"}
	case s.isTemplates(claimID{i.Feed, c.Source, c.Key}):
		return &objection{}
	case s.contradictsRuling(i, c):
		return &objection{kind: news.FlagAgainstRuling,
			why: "it names another original than the story that an editor joined it to: split it off and join the " +
				"two if that is right"}
	}
	if owner := s.n.ItemWithAddress(c.Key); owner != nil {
		targets = []*evidence.Evidence{owner}
	}
	for _, o := range targets { // one that only links to that page claims it as well, and is not what is claimed
		if v := s.vetoBetween(i, o, news.J1); o != i && !o.Foreign && v != nil {
			return &objection{veto: v, other: o}
		}
	}
	return nil
}

// headlinesAgree reports whether two headlines are alike enough to believe a GUID that both have.
func headlinesAgree(a, b *evidence.Evidence) bool {
	return a != b && a.Headline.Similar(b.Headline) >= sameGUIDTitle
}

// contradictsRuling reports whether a claim is younger than an editor's word on the item, and leads
// away from what that joined.
func (s *state) contradictsRuling(i *evidence.Evidence, c news.Claim) bool {
	if len(i.Ruled) == 0 {
		return false
	}
	for _, o := range s.n.Items {
		if v := s.n.Rulings.On(i.Item, o.Item); v.Verb == news.Join && c.First.After(v.When) && !o.EverHadKey(c.Key) {
			story := s.n.StoryOf(i)
			return story == nil || story.Root.Key != c.Key
		}
	}
	return false
}

// countUnlisted notes an item that claims a host which nobody lists. From the third item on the
// operator gets a flag.
func countUnlisted(m visit.Memory, host string, item uint64, now time.Time) visit.Memory {
	m.Unlisted = slices.Clone(m.Unlisted)
	at := slices.IndexFunc(m.Unlisted, func(u visit.Unlisted) bool { return u.Host == host })
	if at < 0 {
		if len(m.Unlisted) == maxUnlisted {
			return m
		}
		m.Unlisted = append(m.Unlisted, visit.Unlisted{Host: host})
		at = len(m.Unlisted) - 1
	}
	u := &m.Unlisted[at]
	if len(u.Items) < templatedBy && !slices.Contains(u.Items, item) {
		u.Items = append(slices.Clone(u.Items), item)
	}
	if len(u.Items) >= templatedBy {
		m.RaiseFlag(news.Flag{Kind: news.FlagUnlistedHost, When: now,
			Why: "several of its items name originals on " + host + ", which belongs to no station and no source"})
	}
	return m
}

// resolveClaims finds the ends of the claims of equivalents: what claimed items claim in their turn
// counts, over two hops; and what a ruling says of where it ends.
func (s *state) resolveClaims(list []*Equivalents) {
	for _, e := range list {
		if e.Claim == nil {
			continue
		}
		if e.Claim.Story == 0 {
			s.followHops(e)
		}
		e.Claim.Target = s.addressAfterRulings(e.Claim.Target)
	}
}

func (s *state) followHops(e *Equivalents) {
	c := e.Claim
	c.Target, c.Hops, c.Cycle = c.Key, 0, false
	visited := []*Equivalents{e}
	for range maxHops {
		owner := s.n.ItemWithAddress(c.Target)
		if owner == nil || s.of[owner.Number].Claim == nil {
			return
		}
		next := s.of[owner.Number]
		if next.everHadKey(next.Claim.Key) { // it ends there: a copy joined its original by address
			return
		}
		if next.Claim.Story != 0 {
			c.Story = next.Claim.Story
			c.Hops++
			return
		}
		visited = append(visited, next)
		if slices.ContainsFunc(visited, func(v *Equivalents) bool { return v.everHadKey(next.Claim.Key) }) {
			c.Cycle, c.Target = true, firstKeyOfCycle(visited)
			return
		}
		c.Target = next.Claim.Key
		c.Hops++
	}
}

// firstKeyOfCycle is the first of the items' keys: a cycle's end, from wherever it is followed.
func firstKeyOfCycle(cycle []*Equivalents) string {
	key := cycle[0].Items[0].Key
	for _, e := range cycle {
		for _, i := range e.Items {
			key = min(key, i.Key)
		}
	}
	return key
}

func strongerClaim(a, b *Claim) *Claim {
	if a == nil || b != nil && cmp.Or(evidence.IsStronger(b.Source, a.Source), strings.Compare(b.Key, a.Key)) < 0 {
		return b
	}
	return a
}
