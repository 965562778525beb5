package cluster

import (
	"slices"
	"strings"

	"fronteras/aggregator/identity/evidence"
	"fronteras/aggregator/text"
)

// A program begins each teaser with the sentence that says what it is, has one host, and often one
// address for whatever it airs. What two items share of that is the program's, and no story's.

// openingIsPrograms says why an opening that two items share may be a program's, "" if nothing speaks
// for that: it comes again in a feed under another headline or, as one sentence, says nothing of
// what the two headlines differ in.
func openingIsPrograms(s *state, a, b *evidence.Evidence) string {
	switch {
	case openingComesAgain(s, a, b) || openingComesAgain(s, b, a):
		return "what they begin with comes again under another headline"
	case wordsInCommon(s, a, b) >= wholeOpening || tellsOfBoth(a, b):
		return ""
	}
	return "what they begin with tells nothing of what their headlines differ in"
}

// openingComesAgain reports whether another item of b's feed begins like a does under a headline
// unlike b's.
func openingComesAgain(s *state, a, b *evidence.Evidence) bool {
	return slices.ContainsFunc(s.n.Candidates(a), func(o *evidence.Evidence) bool {
		return o != b && o.Feed == b.Feed && s.Compare(a, o).Opening >= sameOpening &&
			o.Headline.Similar(b.Headline) < openingTitle
	})
}

// wordsInCommon is about how many words of their openings two items share.
func wordsInCommon(s *state, a, b *evidence.Evidence) float64 {
	return s.Compare(a, b).Opening * float64(min(a.Words, b.Words, text.OpeningWords))
}

// tellsOfBoth reports whether what two openings share has a word of each headline that the other
// headline lacks. A headline that only has less than the other lacks nothing.
func tellsOfBoth(a, b *evidence.Evidence) bool {
	mine, others := strings.Fields(a.Headline.Text), strings.Fields(b.Headline.Text)
	mine, others = wordsBeyond(mine, others), wordsBeyond(others, mine)
	if len(mine) == 0 || len(others) == 0 {
		return true
	}
	told := text.Words(text.WithoutDiacritics(a.OpeningText()))
	too := isAmong(text.Words(text.WithoutDiacritics(b.OpeningText())))
	told = slices.DeleteFunc(told, func(w string) bool { return !too(w) })
	return slices.ContainsFunc(mine, isAmong(told)) && slices.ContainsFunc(others, isAmong(told))
}

func wordsBeyond(words, others []string) []string {
	return slices.DeleteFunc(slices.Clone(words), isAmong(others))
}

// isAmong reports whether a word is one of several, in whatever form: those that begin with the same
// five letters are one.
func isAmong(words []string) func(string) bool {
	return func(word string) bool {
		return slices.ContainsFunc(words, func(w string) bool {
			return w == word || len(w) >= wordStem && len(word) >= wordStem && strings.HasPrefix(w, word[:wordStem])
		})
	}
}

// slugTellsStory reports whether the end of the address that two items share is of their story:
// made of the headline of one, or a sentence, where the headlines are two forms of one. Otherwise it
// may be the address of whatever a program airs.
func slugTellsStory(s *state, a, b *evidence.Evidence) bool {
	if s.Compare(a, b).Title >= editedHeadline && strings.Count(a.Slug, "-")+1 >= slugOfSentence {
		return true
	}
	slug := text.HeadlineOf(strings.ReplaceAll(a.Slug, "-", " "))
	return slug.Similar(a.Headline) >= slugOfHeadline || slug.Similar(b.Headline) >= slugOfHeadline
}

// mayBeAnothers says why an item whose byline names nobody may be one with another than the one it is
// compared with: items of other reporters have that headline, too.
func mayBeAnothers(s *state, a, b *evidence.Evidence) string {
	for _, pair := range [][2]*evidence.Evidence{{a, b}, {b, a}} {
		nobodys, signed := pair[0], pair[1]
		if len(nobodys.People) > 0 || len(signed.People) == 0 {
			continue
		}
		if slices.ContainsFunc(s.n.Candidates(nobodys), func(o *evidence.Evidence) bool {
			c := s.Compare(nobodys, o)
			return len(o.People) > 0 && c.SameHeadline && c.Dated && c.Apart <= sameHeadlineWindow &&
				personInCommon(o, signed) == ""
		}) {
			return "two newsrooms' reporters have that headline, and it names neither"
		}
	}
	return ""
}
