package cluster

import (
	"cmp"
	"math"
	"slices"

	"fronteras/aggregator/identity/evidence"
	"fronteras/aggregator/news"
	"fronteras/aggregator/text"
)

// edge is how strongly an item is tied to another though neither claims the other.
type edge struct {
	rule  news.Rule // J4 to J7; "" for none
	c5    float64
	value string // the audio file of J4
	equal bool   // by J6 the two are one original, no matter who came first
}

// isWeakerThan reports whether an edge is weaker than another: by rule, then by text.
func (e edge) isWeakerThan(o edge) bool {
	return o.rule != "" && (e.rule == "" || cmp.Or(cmp.Compare(o.rule, e.rule), cmp.Compare(e.c5, o.c5)) < 0)
}

// Compare is what two items have in common though neither claims the other.
func (s *state) Compare(a, b *evidence.Evidence) Comparison {
	pair := [2]uint64{min(a.Number, b.Number), max(a.Number, b.Number)}
	c, ok := s.comparisons[pair]
	if !ok {
		c = Comparison{Title: a.Headline.Similar(b.Headline), C5: text.Containment(s.shinglesOf(a), s.shinglesOf(b)),
			Same: s.corroboration(a, b), SameHeadline: a.Headline.Text != "" && a.Headline.Text == b.Headline.Text,
			SameSlug: a.Slug != "" && a.Slug == b.Slug, Person: personInCommon(a, b),
			Opening: text.Containment(a.Opening, b.Opening)}
		c.Apart, c.Dated = evidence.TimeApart(&a.Entry, &b.Entry)
		s.comparisons[pair] = c
	}
	return c
}

func (s *state) shinglesOf(e *evidence.Evidence) []uint64 {
	set, ok := s.shingles[e.Number]
	if !ok {
		set = e.Shingles()
		s.shingles[e.Number] = set
	}
	return set
}

// corroboration says what besides the texts makes one story of two items, "" if nothing does.
func (s *state) corroboration(a, b *evidence.Evidence) string {
	if p := personInCommon(a, b); p != "" {
		return "both name the reporter " + evidence.PersonName(s.d, a, p)
	}
	for _, m := range a.Credit.Makers {
		if m.Station != a.Station && m.Station != b.Station && !s.d.CalledLikeDesk(m.Station) &&
			slices.Contains(b.Credit.Makers, m) {
			return "both credit " + m.Name
		}
	}
	for _, pair := range [][2]*evidence.Evidence{{a, b}, {b, a}} {
		if m := s.d.Maker(pair[1].Station); pair[0].Station != pair[1].Station &&
			slices.Contains(pair[0].Credit.Makers, m) {
			return "one credits " + m.Name
		}
	}
	for _, audio := range a.Audio {
		if audio != "" && slices.Contains(b.Audio, audio) {
			return "both have the audio " + audio
		}
	}
	return ""
}

// Round keeps two decimals.
func Round(x float64) float64 { return math.Round(x*100) / 100 }

// personInCommon is somebody whom the bylines of both items name, "" for nobody.
func personInCommon(a, b *evidence.Evidence) string {
	for _, p := range a.People {
		if slices.Contains(b.People, p) {
			return p
		}
	}
	return ""
}
