package identity

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"fronteras/aggregator/news"
)

// compose writes a draft down as a story.
func (f *fold) compose(d *draft) *news.Story {
	s := &news.Story{Status: news.Live}
	if d.old != nil {
		kept := *d.old
		s = &kept
	}
	s.Root = f.rootOf(d)
	s.Origin = f.originOf(d)
	s.Shown = f.shown(d, s.Origin)
	s.Members, s.Items, s.Edges, s.Rejected = nil, nil, nil, nil
	s.Filed = true
	for _, t := range d.tellings {
		s.Members = append(s.Members, t.Number)
		s.Items = append(s.Items, t.Item)
		s.Edges = append(s.Edges, f.edgeOf(d, t))
		s.Rejected = append(s.Rejected, f.refused[t]...)
		s.Filed = s.Filed && t.Filed
		if s.FirstSeen.IsZero() || t.FirstSeen.Before(s.FirstSeen) {
			s.FirstSeen = t.FirstSeen
		}
	}
	if d.old != nil {
		s.Filed = s.Filed && d.old.Filed
		f.absorb(s, d.joined)
		f.revise(s, d.old)
	} else {
		f.propose(s)
	}
	s.Flags = f.flagsOf(d)
	if d.old != nil && f.differs(s, d.old) {
		s.Changed = f.arrival.At
	}
	f.number(s)
	for _, t := range d.tellings {
		if t.Story != s.Number {
			t.Story = s.Number
			f.touched[t.Number] = true
		}
	}
	return s
}

// rootOf is what the draft's edges lead to.
func (f *fold) rootOf(d *draft) news.Root {
	c := d.cluster
	root := news.Root{Key: c.key, URL: c.url}
	if f := d.founder(); f != nil {
		root.Item = f.Number
		if c.key == "" {
			root.Key, root.URL = f.key, f.Entry.URL
		}
	}
	return root
}

// founder is the telling that the edges lead to: of the root the one whose own
// address is claimed, else the one it was, else the earliest; nil where no item
// has the claimed address.
func (d *draft) founder() *telling {
	if d.cluster.root == nil {
		return nil
	}
	var in []*telling
	for _, t := range d.cluster.root.tellings {
		if slices.Contains(d.tellings, t) {
			in = append(in, t)
		}
	}
	for _, t := range in {
		if d.cluster.key != "" && !t.foreign && t.had(d.cluster.key) || d.old != nil && d.cluster.key == "" && d.old.Root.Item == t.Number {
			return t
		}
	}
	if len(in) == 0 {
		return nil
	}
	return slices.MinFunc(in, func(a, b *telling) int { return cmp.Or(earlier(a.Dated, b.Dated), compareTellings(a, b)) })
}

// shown is the item that gives the story its words: the origin's, or while that
// is unseen the longest.
func (f *fold) shown(d *draft, o *news.Origin) uint64 {
	for _, m := range makersOf(o) {
		var best *telling
		for _, t := range d.tellings {
			if m.Station != "" && t.Station == m.Station && (best == nil || t == d.founder() || best.claims() && !t.claims()) {
				best = t
			}
		}
		if best != nil {
			return best.Number
		}
	}
	if len(d.tellings) == 1 {
		return d.tellings[0].Number
	}
	if d.old != nil && slices.ContainsFunc(d.tellings, func(t *telling) bool { return t.Number == d.old.Shown }) && !f.originWas(d.old) {
		return d.old.Shown
	}
	longest := d.tellings[0]
	for _, t := range d.tellings {
		f.measure(t)
		if t.count > longest.count {
			longest = t
		}
	}
	return longest.Number
}

// originWas reports whether a story's words were its origin's own.
func (f *fold) originWas(s *news.Story) bool {
	i := s.Item(s.Shown)
	return i != nil && s.Origin.Made(i.Station)
}

// makersOf lists an origin's makers, the first first.
func makersOf(o *news.Origin) []news.Maker {
	if o == nil {
		return nil
	}
	return append([]news.Maker{o.Maker}, o.With...)
}

// edgeOf is the reason why a telling is in the draft.
func (f *fold) edgeOf(d *draft, t *telling) news.Edge {
	e := f.newEdge(d, t)
	if d.old == nil {
		return e
	}
	for _, s := range append([]*news.Story{d.old}, d.joined...) {
		if old := s.Edge(t.Number); old != nil {
			if d.kept[t] {
				e = *old
				e.Kept = true
			} else if old.Rule == e.Rule {
				e.First = old.First
			}
		}
	}
	return e
}

func (f *fold) newEdge(d *draft, t *telling) news.Edge {
	e := news.Edge{Item: t.Number, Rule: "I0", Confidence: news.Certain, First: f.arrival.At, Why: "its own feed brought it; nothing says that it is a copy"}
	founder := d.founder()
	if t == founder {
		if d.cluster.key != "" {
			e.Why = "other items name its address as the original's"
		}
		return e
	}
	if founder != nil {
		e.Checks = f.checks(t, founder)
	}
	own := t.node.claim
	switch at := slices.IndexFunc(d.cluster.members, func(m member) bool { return m.node == t.node }); {
	case own != nil && own.claim.Source == fromDesk:
		e.Rule, e.Why = "J1", "it came through the desk's own feed"
		e.Evidence = []news.Evidence{{Kind: "claim", Value: first(t.GUIDs), Source: fromDesk, First: t.FirstSeen}}
	case own != nil && t.claims():
		e.Rule, e.Why = "J1", claimWords[own.claim.Source]+" "+own.claim.URL
		e.Evidence = []news.Evidence{{Kind: "claim", Value: own.claim.URL, Source: own.claim.Source, First: own.claim.First, Last: own.claim.Last}}
	case at >= 0 && d.cluster.members[at].node == d.cluster.root, at < 0:
		f.equal(&e, t)
	default:
		e.Rule, e.Why = "J4", "both have the audio "+d.cluster.members[at].value
		e.Evidence = []news.Evidence{{Kind: "enclosure", Value: d.cluster.members[at].value}}
	}
	return e
}

// equal words an edge by equality: of addresses, or of global guids.
func (f *fold) equal(e *news.Edge, t *telling) {
	e.Rule, e.Why = "J2", "both have the address "+t.key
	e.Evidence = []news.Evidence{{Kind: "address", Value: t.key}}
	if t.node.rule == "J3" {
		e.Rule, e.Why = "J3", "both have the guid "+t.node.value+", and their headlines or audio agree"
		e.Evidence = []news.Evidence{{Kind: "guid", Value: t.node.value}}
	}
}

// claimWords say where a claim was read.
var claimWords = map[string]string{
	fromPage:     "its page names as canonical",
	fromFeed:     "its feed names as canonical",
	fromSentence: "its text says that it was originally published at",
	fromLink:     "its link is the original's:",
	fromVia:      "it says that it was found at",
	fromGUID:     "its guid is the original's address",
}

// checks are the measures between a telling and the root's.
func (f *fold) checks(t, u *telling) *news.Checks {
	f.measure(t)
	f.measure(u)
	d, _ := hours(t, u)
	return &news.Checks{
		Title: round(similarity(t.title, u.title)), C5: round(containment(t.body, u.body)), Hours: round(d.Hours()),
		Languages: []string{t.language, u.language}, Words: []int{t.count, u.count},
	}
}

// round keeps two decimals.
func round(x float64) float64 { return math.Round(x*100) / 100 }

// flagsOf are the draft's flags: those raised now, with the time they were first
// raised, and those that only an editor ends.
func (f *fold) flagsOf(d *draft) []news.Flag {
	var old, flags []news.Flag
	if d.old != nil {
		old = d.old.Flags
	}
	for _, t := range d.tellings {
		for _, g := range f.flags[t] {
			if slices.ContainsFunc(flags, func(o news.Flag) bool { return o.Kind == g.Kind && o.With == g.With }) {
				continue
			}
			if at := slices.IndexFunc(old, func(o news.Flag) bool { return o.Kind == g.Kind && o.With == g.With }); at >= 0 {
				g.When = old[at].When
			}
			flags = append(flags, g)
		}
		if t.key == "" {
			flags = append(flags, news.Flag{Kind: "no-link", Why: "its entry has no address", When: t.FirstSeen})
		}
	}
	for _, o := range old {
		if o.Kind == "same-feed" && !slices.ContainsFunc(flags, func(g news.Flag) bool { return o.Kind == g.Kind && o.With == g.With }) {
			flags = append(flags, o)
		}
	}
	slices.SortFunc(flags, func(a, b news.Flag) int {
		return cmp.Or(strings.Compare(a.Kind, b.Kind), strings.Compare(a.With, b.With))
	})
	return flags
}

// absorb ends other published stories in this one: their ids lead here for ever.
func (f *fold) absorb(s *news.Story, others []*news.Story) {
	for _, o := range others {
		s.Aliases = append(append(s.Aliases[:len(s.Aliases):len(s.Aliases)], o.Aliases...),
			news.Alias{ID: o.ID, PublicID: o.PublicID, Members: o.Members, When: f.arrival.At})
		s.FirstSeen = earliest(s.FirstSeen, o.FirstSeen)
	}
}

func earliest(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// number gives a story its number: the one it had; of a story that was not
// published yet, the one that the same items had, else a new one.
func (f *fold) number(s *news.Story) {
	if s.Number != 0 {
		return
	}
	for _, o := range f.stories {
		if o.Settled.IsZero() && slices.Equal(o.Members, s.Members) {
			s.Number = o.Number
			return
		}
	}
	s.Number = f.nextStory
	f.nextStory++
}
