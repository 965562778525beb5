package cluster

import (
	"slices"
	"strconv"

	"fronteras/aggregator/identity/evidence"
	"fronteras/aggregator/news"
)

// edgeBetween is the strongest edge by J4 to J7 between two items or, where there is none, what is
// doubtful about the pair.
func edgeBetween(s *state, a, b *evidence.Evidence) (e edge, doubts []Doubt) {
	if a.Feed == b.Feed {
		return edge{}, nil
	}
	if kept := keptEdge(s, a, b); kept.rule != "" {
		return kept, nil
	}
	e, doubts = edgeByAudio(s, a, b)
	for _, rule := range []func(s *state, a, b *evidence.Evidence) (edge, []Doubt){
		edgeByText, edgeByHeadline, edgeByOpening,
	} {
		if e.rule != "" {
			return e, doubts
		}
		var more []Doubt
		e, more = rule(s, a, b)
		doubts = append(doubts, more...)
	}
	if e.rule == "" && len(doubts) == 0 {
		doubts = likelyByFields(s, a, b)
	}
	return e, doubts
}

// edgeByAudio is J4: both have one audio file, and half of the headline agrees. A file that carries
// another edition each day joins none of them (V7).
func edgeByAudio(s *state, a, b *evidence.Evidence) (e edge, doubts []Doubt) {
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
	return edge{}, doubts
}

// edgeByText is J5: two texts are one, and something else says so too. Where only the texts speak,
// or not clearly, the pair is doubtful.
func edgeByText(s *state, a, b *evidence.Evidence) (edge, []Doubt) {
	c := s.Compare(a, b)
	if c.C5 < likelyText || c.Dated && c.Apart > textWindow || a.Feed == b.Feed {
		return edge{}, nil
	}
	var missing string
	switch {
	case c.C5 < sameText:
		missing = "by " + strconv.FormatFloat(Round(c.C5), 'f', -1, 64) + " alone: .8 would be needed"
	case min(a.Words, b.Words) < minWords:
		missing = "they have fewer than 150 words"
	case a.Language == "" || b.Language == "":
		missing = "in what language they are is not known"
	case c.Same == "":
		missing = "no reporter, wire, credit or audio is the same"
	case s.isRoundUp(a) || s.isRoundUp(b):
		missing = holdsOthers
	case mayBeRoundUp(a, b):
		missing = "one is much longer and names further people: it may be a round-up"
	case s.arePublishedApart(a, b):
		missing = "both are published already"
	}
	return s.joinUnless(a, b, edge{rule: news.J5, c5: c.C5}, news.FlagProbableCopy, "their texts agree", missing)
}

// Across says what is doubtful about two items that would be one story, if each did not belong to
// another.
func (r *Result) Across(a, b *evidence.Evidence) []Doubt {
	e, doubts := edgeBetween(r.state, a, b)
	switch e.rule {
	case news.J4:
		doubts = append(doubts, Doubt{A: a, B: b, Kind: news.FlagSameAudio,
			Why: "both have the same audio, but each belongs to another story: join those if they are one"})
	case news.J5, news.J7:
		doubts = append(doubts, Doubt{A: a, B: b, Kind: news.FlagProbableCopy,
			Why: "their texts agree, but each belongs to another story: join those if they are one"})
	case news.J6:
		doubts = append(doubts, Doubt{A: a, B: b, Kind: news.FlagSameTitle,
			Why: "their headlines are equal, but each belongs to another story: join those if they are one"})
	}
	return doubts
}
