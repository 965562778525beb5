package cluster

import (
	"cmp"
	"slices"
	"strings"

	"fronteras/aggregator/identity/directory"
	"fronteras/aggregator/identity/evidence"
	"fronteras/aggregator/news"
)

// uniteEquivalents joins the items that are equal: the roots that an editor has joined, items with
// one address (J2), items with one global GUID (J3), and items with one headline and one end of the
// address (J6): five stations that took one network's story are one story, no matter who came first.
// It gives the equivalents in the order in which they become roots.
func (s *state) uniteEquivalents(r *Result) (list []*Equivalents) {
	for _, ruling := range s.n.Rulings.Joins() {
		a, b := s.n.Item(ruling.Items[0]), s.n.Item(ruling.With[0])
		if a != nil && b != nil && s.n.Rulings.AreJoined(a.Item, b.Item) {
			// by the ruling they are one
			if x, y := s.addressAfterRulings(s.claimedAddressOf(ruling.Items)),
				s.addressAfterRulings(s.claimedAddressOf(ruling.With)); x != "" && y != "" && x != y {
				s.ends[max(x, y)] = min(x, y)
			}
			s.uniteUnlessVetoed(r, a, b, news.ByEditor, "")
		}
	}
	byGlobal := map[string][]*evidence.Evidence{}
	for _, i := range s.n.Items {
		if s.d.Identifies(i.Key) && !s.n.IsSharedAddress(i.Key) {
			for _, o := range s.n.WithAddress(i.Key) {
				if o != i && o.Key == i.Key {
					s.uniteUnlessVetoed(r, i, o, news.J2, i.Key)
				}
			}
		}
		for _, g := range i.Globals {
			byGlobal[g] = append(byGlobal[g], i)
		}
	}
	for _, i := range s.n.Items {
		for _, g := range i.Globals {
			for _, o := range byGlobal[g] {
				if o != i {
					s.uniteByGUID(r, i, o, g)
				}
			}
		}
	}
	for _, i := range s.n.Items {
		for _, o := range s.n.Candidates(i) {
			if e, _ := edgeByHeadline(s, i, o); e.equal {
				s.uniteUnlessVetoed(r, i, o, news.J6, "")
			}
		}
	}
	for _, i := range s.n.Items {
		if e := s.of[i.Number]; e.Items[0] == i {
			list = append(list, e)
		}
	}
	s.resolveClaims(list)
	for _, e := range list {
		e.named = s.isCreditedByStation(e)
	}
	slices.SortStableFunc(list, compareEquivalents)
	return list
}

// uniteUnlessVetoed makes one of two items' equivalents, unless a veto stands between any of them.
func (s *state) uniteUnlessVetoed(r *Result, i, o *evidence.Evidence, rule news.Rule, value string) {
	a, b := s.of[i.Number], s.of[o.Number]
	if a == b || rule != news.ByEditor && (a.Returned() || b.Returned()) {
		return
	}
	for _, x := range a.Items {
		for _, y := range b.Items {
			if v := s.vetoBetween(x, y, rule); v != nil {
				r.NoteVeto(x, y, rule, v)
				return
			}
			if rule == news.J6 && s.arePublishedApart(x, y) {
				r.FlagPair(x, y, news.FlagSameTitle, "both are equal to "+evidence.Quote(o.Entry.Title)+
					", but published already: join them if they are one")
				return
			}
		}
	}
	a.Bonds = append(append(a.Bonds, b.Bonds...), Bond{[2]uint64{i.Number, o.Number}, rule, value})
	a.Items = append(a.Items, b.Items...)
	slices.SortFunc(a.Items, evidence.CompareItems)
	a.Claim = strongerClaim(a.Claim, b.Claim)
	for _, y := range b.Items {
		s.of[y.Number] = a
	}
}

// claimedAddressOf is the address that the first of a ruling's items claims as the original's, with
// those among the others that have its address; "" where they claim none.
func (s *state) claimedAddressOf(items []uint64) string {
	head := s.n.Item(items[0])
	equal := &Equivalents{}
	for _, n := range items {
		if i := s.n.Item(n); i == head || i != nil && i.Key == head.Key && s.d.Identifies(i.Key) &&
			!s.n.IsSharedAddress(i.Key) {
			equal.Items = append(equal.Items, i)
			equal.Claim = strongerClaim(equal.Claim, s.of[i.Number].Claim)
		}
	}
	switch c := equal.Claim; {
	case c == nil || c.Story != 0:
		return ""
	case equal.everHadKey(c.Key): // a copy that claims its original by address ends there
		return c.Key
	default:
		return c.Target
	}
}

// uniteByGUID applies J3: a GUID that two feeds share is believed where the headlines or the audio
// agree.
func (s *state) uniteByGUID(r *Result, a, b *evidence.Evidence, guid string) {
	if s.of[a.Number] == s.of[b.Number] || a.Feed == b.Feed || !s.isOneOfTheirs(a, b, guid) {
		return
	}
	if headlinesAgree(a, b) || slices.ContainsFunc(a.Audio, func(audio string) bool {
		return audio != "" && slices.Contains(b.Audio, audio)
	}) {
		s.uniteUnlessVetoed(r, a, b, news.J3, guid)
		return
	}
	r.Flag(a, news.FlagSameGUID, b.NameForEditors(),
		"both have the guid "+evidence.Quote(guid)+", but their headlines differ: join them if they are one")
}

// isOneOfTheirs reports whether a GUID that two items share can be believed to be of one of them:
// of an address, that it is on a host of either station, or has a number of NPR's.
func (s *state) isOneOfTheirs(a, b *evidence.Evidence, guid string) bool {
	for _, g := range a.GUIDs {
		if directory.IsAddress(g) && s.d.Key(g) == guid {
			return s.d.Own(a.Station, g) || s.d.Own(b.Station, g) || strings.HasPrefix(guid, "npr:")
		}
	}
	return true
}

// isCreditedByStation reports whether the credit of an item that may belong to equivalents names a
// station of theirs, or one of their bylines is on that station's roster.
func (s *state) isCreditedByStation(e *Equivalents) bool {
	for _, i := range e.Items {
		maker := s.d.Maker(i.Station)
		if slices.Contains(i.Credit.Makers, maker) || slices.Contains(i.Rosters, i.Station) {
			return true
		}
		for _, o := range s.n.Candidates(i) {
			if !slices.Contains(o.Credit.Makers, maker) {
				continue
			}
			if edge, _ := edgeBetween(s, i, o); edge.rule != "" {
				return true
			}
		}
	}
	return false
}

// compareEquivalents is the order in which they become roots: a telling with a text goes before a
// teaser, for its copies are known by the text.
func compareEquivalents(a, b *Equivalents) int {
	x, y := a.Items[0], b.Items[0]
	return cmp.Or(evidence.CompareBool(a.named, b.named), evidence.CompareBool(a.hasText(), b.hasText()),
		evidence.CompareDates(x.TrustedDate, y.TrustedDate), evidence.CompareItems(x, y))
}

func (e *Equivalents) hasText() bool { return slices.ContainsFunc(e.Items, HasText) }

// HasText reports whether an item has a text, and not a teaser alone.
func HasText(i *evidence.Evidence) bool { return i.Words >= minWords }
