package cluster

import (
	"fmt"
	"time"

	"fronteras/aggregator/identity/evidence"
	"fronteras/aggregator/identity/key"
	"fronteras/aggregator/news"
	"fronteras/aggregator/text"
)

// What real stations' feeds share of a story is its headline, its people, the end of its address and
// its day, and of its text the first sentences. No one of them is enough: headlines alone join two
// newscasts, people alone join a reporter's two stories.

// edgeByHeadline is J6: one headline and, independent of it, a person or the end of the address,
// within a day; or, where one side has edited its headline, a person and the end of the address at
// one minute. Where something is missing, the pair is doubtful.
func edgeByHeadline(s *state, a, b *evidence.Evidence) (edge, []Doubt) {
	c := s.Compare(a, b)
	if !c.Dated || c.Apart > textWindow || a.Feed == b.Feed || a.Edition || b.Edition {
		return edge{}, nil
	}
	isOneRelease := c.SameSlug && c.Person != "" && c.Apart < time.Minute
	switch {
	case !c.SameHeadline:
		if isOneRelease || c.SameSlug && c.Person != "" && c.Title >= editedHeadline && c.Apart <= sameHeadlineWindow {
			release := edge{rule: news.J6, equal: isOneRelease}
			missing := missingOfRelease(s, a, b)
			if !slugTellsStory(s, a, b) {
				missing = "these words are of neither headline"
			}
			return s.joinUnless(a, b, release, news.FlagProbableCopy, "their addresses end in the same "+
				"words", missing)
		}
		return edge{}, nil
	case min(a.Headline.Count, b.Headline.Count) < key.MinTitleWords, s.recurs(a, b) && !isOneRelease:
		return edge{}, nil
	}
	var missing string
	switch {
	case min(a.Headline.Count, b.Headline.Count) < minHeadlineWords:
		missing = fmt.Sprintf("they have fewer than %d words", minHeadlineWords)
	case c.Apart > sameHeadlineWindow:
		missing = "they are dated " + hours(c.Apart) + " apart: 24 would be allowed"
	case c.Person == "" && !c.SameSlug:
		missing = "no reporter and no end of the address is the same"
	case mayBeAnothers(s, a, b) != "":
		missing = mayBeAnothers(s, a, b)
	default:
		missing = missingOfRelease(s, a, b)
	}
	return s.joinUnless(a, b, edge{rule: news.J6, equal: c.SameSlug}, news.FlagSameTitle, "their headlines are equal",
		missing)
}

// missingOfRelease is what keeps two items that share headline, people or address from being one; ""
// for nothing.
func missingOfRelease(s *state, a, b *evidence.Evidence) string {
	c := s.Compare(a, b)
	switch {
	case min(a.Words, b.Words) >= minWords && c.C5 < minTextOfHeadline,
		c.Person == "" && min(a.Words, b.Words) >= text.MinOpening && c.Opening < otherOpening && c.C5 < otherOpening:
		return "their texts differ"
	case s.arePublishedApart(a, b):
		return "both are published already"
	}
	return ""
}

// edgeByOpening is J7: two texts begin alike, one of them at least is short, and the headlines are
// alike or somebody is named by both.
func edgeByOpening(s *state, a, b *evidence.Evidence) (edge, []Doubt) {
	c := s.Compare(a, b)
	if c.Opening < sameOpening || c.Dated && c.Apart > openingReach || a.Edition && b.Edition || a.Feed == b.Feed {
		return edge{}, nil
	}
	var missing string
	switch {
	case min(a.Words, b.Words) >= minWords:
		missing = "they go on differently, or nothing else is the same"
	case !c.Dated:
		missing = "one has no date"
	case c.Apart > textWindow:
		missing = "they are dated " + hours(c.Apart) + " apart: 72 would be allowed"
	case c.Title < openingTitle && c.Person == "":
		missing = "the headlines differ, and no reporter is the same"
	case s.isRoundUp(a) || s.isRoundUp(b):
		missing = holdsOthers
	case s.arePublishedApart(a, b):
		missing = "both are published already"
	default:
		missing = openingIsPrograms(s, a, b)
	}
	return s.joinUnless(a, b, edge{rule: news.J7, c5: c.Opening}, news.FlagProbableCopy, "their texts begin alike",
		missing)
}

// likelyByFields asks an editor about two items that no rule joins: somebody is named by both, and
// nearly one headline or the end of their addresses is the same.
func likelyByFields(s *state, a, b *evidence.Evidence) []Doubt {
	c := s.Compare(a, b)
	if c.Person == "" || !c.Dated || c.Apart > textWindow || c.SameHeadline || a.Edition || b.Edition ||
		a.Feed == b.Feed || s.recurs(a, b) || s.Clash(a, b, news.J6) != nil || titleNumbersDiffer(a, b) {
		return nil
	}
	name := "both name " + evidence.PersonName(s.d, a, c.Person)
	switch {
	case c.Title >= likelyHeadline && min(a.Headline.Count, b.Headline.Count) >= minHeadlineWords:
		return s.question(a, b, news.FlagSameTitle, name+", and "+nearHeadlines(c.Title)+": join them if they "+
			"are one")
	case c.SameSlug:
		return s.question(a, b, news.FlagProbableCopy, name+", and their addresses end in the same words, but their "+
			"headlines differ: join them if they are one")
	}
	return nil
}

// nearHeadlines says how much two headlines agree that are not equal.
func nearHeadlines(alike float64) string {
	if alike == 1 {
		return "their headlines differ by small words alone"
	}
	return fmt.Sprintf("%.0f %% of their headlines agrees", 100*alike)
}

// keptEdge is the edge by J6 or J7 that holds an item in the published story of another: a headline
// that is edited, or a teaser that becomes a text, does not undo it.
func keptEdge(s *state, a, b *evidence.Evidence) edge {
	story := s.n.SettledStoryOf(a)
	if story == nil || a.Story != b.Story {
		return edge{}
	}
	if story.Root.Item == a.Number {
		a, b = b, a
	}
	if e := story.Edge(a.Number); story.Root.Item == b.Number && e != nil && !e.Kept &&
		(e.Rule == news.J6 || e.Rule == news.J7) && s.vetoBetween(a, b, news.J4) == nil {
		return edge{rule: e.Rule}
	}
	return edge{}
}
