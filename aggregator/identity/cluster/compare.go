package cluster

import (
	"cmp"
	"math"
	"slices"
	"strconv"

	"fronteras/aggregator/identity/evidence"
	"fronteras/aggregator/news"
	"fronteras/aggregator/text"
)

// edge is how strongly an item is tied to another though neither claims the other.
type edge struct {
	rule  news.Rule // J4 or J5; "" for none
	c5    float64
	value string // the audio file of J4
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
			Same: s.corroboration(a, b)}
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
	for _, p := range a.People {
		if slices.Contains(b.People, p) {
			return "both name the reporter " + p
		}
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

// edgeBetween is the edge by J4 or J5 between two items, with what is doubtful about the pair.
func (s *state) edgeBetween(a, b *evidence.Evidence) (e edge, doubts []Doubt) {
	if a.Feed == b.Feed {
		return edge{}, nil
	}
	for _, audio := range a.Audio {
		if audio == "" || !slices.Contains(b.Audio, audio) || s.n.SharedAudio(audio) {
			continue
		}
		if v := s.vetoBetween(a, b, news.J4); v != nil {
			doubts = append(doubts, Doubt{A: a, B: b, Rule: news.J4, Veto: v})
			continue
		}
		if s.Compare(a, b).Title >= sameAudioTitle {
			return edge{rule: news.J4, value: audio}, doubts
		}
		if !s.n.SameStory(a, b) {
			doubts = append(doubts, Doubt{A: a, B: b, Kind: news.FlagSameAudio,
				Why: "both have the same audio, but their headlines differ: join them if one is not a part of the " +
					"other"})
		}
	}
	e, byText := s.edgeByText(a, b)
	return e, append(doubts, byText...)
}

// edgeByText is J5: two texts are one, and something else says so too. Where only the texts speak,
// or not clearly, the pair is doubtful.
func (s *state) edgeByText(a, b *evidence.Evidence) (edge, []Doubt) {
	c := s.Compare(a, b)
	if c.C5 < likelyText || c.Dated && c.Apart > textWindow {
		return edge{}, nil
	}
	switch v := s.vetoBetween(a, b, news.J5); {
	case v == nil:
	case v.Rule == news.V1:
		return edge{}, nil
	default:
		return edge{}, []Doubt{{A: a, B: b, Rule: news.J5, Veto: v}}
	}
	x, y := s.n.SettledStoryOf(a), s.n.SettledStoryOf(b)
	var missing string
	switch {
	case c.C5 < sameText:
		missing = "their texts agree by " + strconv.FormatFloat(Round(c.C5), 'f', -1, 64) + ", .8 would be needed"
	case min(a.Words, b.Words) < minWords:
		missing = "their texts agree, but have fewer than 150 words"
	case a.Language == "" || b.Language == "":
		missing = "their texts agree, but in what language they are is not known"
	case c.Same == "":
		missing = "their texts agree, but no reporter, wire, credit or audio is the same"
	case x != nil && y != nil && x != y:
		missing = "their texts agree, but both are published already"
	default:
		return edge{rule: news.J5, c5: c.C5}, nil
	}
	if s.n.SameStory(a, b) {
		return edge{}, nil
	}
	return edge{}, []Doubt{{A: a, B: b, Kind: news.FlagProbableCopy, Why: missing + ": join them if one is a copy"}}
}

// Round keeps two decimals.
func Round(x float64) float64 { return math.Round(x*100) / 100 }

// Across says what is doubtful about two items that would be one story, if each did not belong to
// another.
func (r *Result) Across(a, b *evidence.Evidence) []Doubt {
	e, doubts := r.edgeBetween(a, b)
	switch e.rule {
	case news.J4:
		doubts = append(doubts, Doubt{A: a, B: b, Kind: news.FlagSameAudio,
			Why: "both have the same audio, but each belongs to another story: join those if they are one"})
	case news.J5:
		doubts = append(doubts, Doubt{A: a, B: b, Kind: news.FlagProbableCopy,
			Why: "their texts agree, but each belongs to another story: join those if they are one"})
	}
	return doubts
}
