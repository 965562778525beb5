package identity

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"time"

	"fronteras/aggregator/news"
)

// compose writes a draft down as a story.
func (f *fold) compose(d *draft) *news.Story {
	s := &news.Story{}
	former := f.former(d)
	if d.old != nil {
		kept := *d.old
		s = &kept
		s.Aliases = f.keptAliases(d)
	} else if former != nil {
		former.restore(s)
	}
	s.Root = f.rootOf(d)
	s.Origin = f.originOf(d)
	s.RunnerUp = f.runnerUp(d, s.Origin)
	s.LeadItem = f.shown(d, s.Origin)
	s.Members, s.Items, s.Edges, s.Rejected = nil, nil, nil, nil
	s.ArchiveOnly = true
	for _, t := range d.tellings {
		s.Members = append(s.Members, t.Number)
		s.Items = append(s.Items, t.Item)
		s.Edges = append(s.Edges, f.edgeOf(d, t))
		s.Rejected = append(s.Rejected, f.refused[t]...)
		s.ArchiveOnly = s.ArchiveOnly && t.ArchiveOnly
		if s.FirstSeen.IsZero() || t.FirstSeen.Before(s.FirstSeen) {
			s.FirstSeen = t.FirstSeen
		}
	}
	if d.old != nil {
		s.ArchiveOnly = s.ArchiveOnly && d.old.ArchiveOnly
		f.absorb(s, d.joined)
		f.revise(s, d.old)
	}
	f.judge(d, s)
	f.note(s)
	if s.PublishedAt.IsZero() {
		f.propose(s)
	}
	s.Flags = f.flagsOf(d, s)
	if d.old != nil && f.differs(s, d.old) || former != nil {
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
	all := d.cluster.root.tellings
	if len(all) == 1 && slices.Contains(d.tellings, all[0]) {
		return all[0]
	}
	var in []*telling
	for _, t := range all {
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
	return slices.MinFunc(in, func(a, b *telling) int { return cmp.Or(earlier(a.TrustedDate, b.TrustedDate), compareTellings(a, b)) })
}

// shown is the item that gives the story its words: the origin's, or while that
// is unseen the longest. One that is gone gives none while another is there.
func (f *fold) shown(d *draft, o *news.Origin) uint64 {
	present := slices.DeleteFunc(slices.Clone(d.tellings), func(t *telling) bool { return t.Gone })
	if len(present) == 0 {
		present = d.tellings
	}
	for _, among := range [][]*telling{present, d.tellings} {
		for _, m := range makersOf(o) {
			if t := d.bestOf(of(among, m.Station)); t != nil {
				return t.Number
			}
		}
	}
	kept := func(t *telling) bool { return t.Number == d.old.LeadItem }
	if d.old != nil && slices.ContainsFunc(present, kept) && !f.originWas(d.old) {
		return d.old.LeadItem
	}
	longest := present[0]
	for _, t := range present {
		f.measure(t)
		if t.count > longest.count {
			longest = t
		}
	}
	return longest.Number
}

// bestOf is the telling of a station that speaks for it: the one that the edges
// lead to, else one that claims no other; nil if there is none.
func (d *draft) bestOf(tellings []*telling) *telling {
	var best *telling
	for _, t := range tellings {
		if best == nil || t == d.founder() || best != d.founder() && best.claims() && !t.claims() {
			best = t
		}
	}
	return best
}

// originWas reports whether a story's words were its origin's own.
func (f *fold) originWas(s *news.Story) bool {
	i := s.Item(s.LeadItem)
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
	at := slices.IndexFunc(d.cluster.members, func(m member) bool { return m.node == t.node })
	switch v := f.joining(d, t); {
	case v != nil:
		e.Rule, e.Confidence, e.Why = byRuling, news.Editor, "an editor joined them"
		e.Evidence = []news.Evidence{{Kind: string(byRuling), Value: "join", Source: v.User, First: v.When}}
	case own != nil && own.claim.Source == fromDesk:
		e.Rule, e.Why = "J1", "it came through the desk's own feed"
		e.Evidence = []news.Evidence{{Kind: "claim", Value: first(t.GUIDs), Source: fromDesk, First: t.FirstSeen}}
	case own != nil && t.claims():
		e.Rule, e.Why = "J1", claimWords[own.claim.Source]+" "+own.claim.URL
		e.Evidence = []news.Evidence{{Kind: "claim", Value: own.claim.URL, Source: own.claim.Source, First: own.claim.First, Last: own.claim.Last}}
	case at >= 0 && d.cluster.members[at].node == d.cluster.root, at < 0:
		f.equal(&e, t)
	case d.cluster.members[at].rule == "J5":
		e.Rule, e.Confidence = "J5", news.Probable
		e.Why = "their texts agree, and " + f.corroborationOf(d, t)
		e.Evidence = []news.Evidence{{Kind: "text", Value: "C5 " + strconv.FormatFloat(f.c5Of(d, t), 'f', -1, 64), First: f.arrival.At}}
	default:
		e.Rule, e.Why = "J4", "both have the audio "+d.cluster.members[at].value
		e.Evidence = []news.Evidence{{Kind: "enclosure", Value: d.cluster.members[at].value}}
	}
	return e
}

// joining is the ruling by which a telling is in a draft: it was the root of a
// story that an editor joined with the draft's root.
func (f *fold) joining(d *draft, t *telling) *news.Ruling {
	for _, u := range d.tellings {
		v := f.verdicts[pairOf(t.Number, u.Number)]
		if u == t || v == nil || v.Verb != news.Join {
			continue
		}
		if rootward := d.founder() == nil || u == d.founder(); rootward && (v.Items[0] == t.Number || v.With[0] == t.Number) {
			return v
		}
	}
	return nil
}

// twin is the telling of the root's node that a telling is most like by text.
func (f *fold) twin(d *draft, t *telling) *telling {
	var best *telling
	if d.cluster.root == nil {
		return nil
	}
	for _, u := range d.cluster.root.tellings {
		if rule, c5 := f.joinable(t, u); rule == "J5" && (best == nil || c5 > f.bonds[pairOf(t.Number, best.Number)].c5) {
			best = u
		}
	}
	return best
}

func (f *fold) corroborationOf(d *draft, t *telling) string {
	if u := f.twin(d, t); u != nil {
		return f.corroborated(t, u)
	}
	return "so does the item that it is equal to"
}

func (f *fold) c5Of(d *draft, t *telling) float64 {
	if u := f.twin(d, t); u != nil {
		return round(f.bonds[pairOf(t.Number, u.Number)].c5)
	}
	return 0
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
		Title: round(similarity(t.headline.words, u.headline.words)), C5: round(containment(f.shingles(t), f.shingles(u))), Hours: round(d.Hours()),
		Languages: []string{t.language, u.language}, Words: []int{t.count, u.count},
	}
}

// round keeps two decimals.
func round(x float64) float64 { return math.Round(x*100) / 100 }

// absorb ends other published stories in this one: their ids lead here for ever,
// or until an editor splits them.
func (f *fold) absorb(s *news.Story, others []*news.Story) {
	for _, o := range others {
		s.Aliases = append(append(s.Aliases[:len(s.Aliases):len(s.Aliases)], o.Aliases...), news.Alias{
			ID: o.ID, PublicID: o.PublicID, Members: o.Members, LeadItem: o.LeadItem, Published: o.Published, Modified: o.Modified,
			FirstSeen: o.FirstSeen, IDAssignedAt: o.IDAssignedAt, PublishedAt: o.PublishedAt, Sequence: o.Sequence, When: f.arrival.At,
		})
		s.FirstSeen = earliest(s.FirstSeen, o.FirstSeen)
	}
}

// formerStory is a story that had ended in another, as it goes on.
type formerStory struct {
	news.Alias
	aliases []news.Alias // that ended in it before
}

// former is the story that a draft of items split off was, before it ended in the
// one that they leave; nil if they never were one.
func (f *fold) former(d *draft) *formerStory {
	if d.old != nil {
		return nil
	}
	var found *formerStory
	for _, s := range f.heirs {
		for _, a := range s.Aliases {
			if slices.ContainsFunc(d.tellings, func(t *telling) bool { return t.Number == a.LeadItem && t.Story == s.Number }) {
				if found == nil {
					found = &formerStory{}
				} else {
					found.aliases = append(found.aliases, found.Alias)
				}
				found.Alias = a
			}
		}
	}
	return found
}

func (a *formerStory) restore(s *news.Story) {
	s.ID, s.PublicID, s.Aliases = a.ID, a.PublicID, a.aliases
	s.Published, s.Modified, s.FirstSeen = a.Published, a.Modified, a.FirstSeen
	s.IDAssignedAt, s.PublishedAt, s.Sequence = a.IDAssignedAt, a.PublishedAt, a.Sequence
}

// keptAliases are the aliases of a story but those of items that leave it.
func (f *fold) keptAliases(d *draft) []news.Alias {
	return slices.DeleteFunc(slices.Clone(d.old.Aliases), func(a news.Alias) bool {
		i := d.old.Item(a.LeadItem)
		return i != nil && !slices.Contains(d.tellings, f.byNumber[i.Number])
	})
}

// note keeps the notes of correction that the shown text states, with the time
// at which each was first seen.
func (f *fold) note(s *news.Story) {
	if !s.Pruned.IsZero() {
		return
	}
	old := s.Notes
	s.Notes = nil
	for _, b := range f.prose(f.items[s.LeadItem]).blocks {
		if !correction(b.Text) {
			continue
		}
		n := news.Note{Text: b.Text, When: f.arrival.At}
		if at := slices.IndexFunc(old, func(o news.Note) bool { return o.Text == b.Text }); at >= 0 {
			n.When = old[at].When
		}
		s.Notes = append(s.Notes, n)
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
		if o.IDAssignedAt.IsZero() && slices.Equal(o.Members, s.Members) {
			s.Number = o.Number
			return
		}
	}
	s.Number = f.nextStory
	f.nextStory++
}
