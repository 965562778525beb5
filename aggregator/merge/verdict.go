// Package merge decides what of an article page goes into the entry that a feed gives of the same
// story: whether the page's text is used, and which value of each field wins.
package merge

import (
	"fmt"
	"strings"

	"fronteras/aggregator/markup"
	"fronteras/aggregator/news"
	"fronteras/aggregator/text"
)

// When the text of a page is used. The figures were measured on recorded news pages.
const (
	minWords    = 40 // fewer are no story's text
	wordLetters = 4  // of the words of a headline and teaser that are looked for in the text
	// percent of them that the text of the right page holds: less refuses 4 % of right pages, and passes
	// 3 % of wrong ones
	wordsFound = 40
)

// Judge says whether the text of an article is used for an entry of a feed, and why not.
func Judge(fed *news.Entry, a *news.Article) (verdict news.Verdict, reason string) {
	fedWords := max(countWords(fed.Content), countWords(fed.Summary))
	switch {
	case a.Paid != "":
		return news.VerdictPaywall, a.Paid
	case a.Entry.Content == "" || a.Words == 0:
		return news.VerdictShort, "no text was found"
	case a.Words < minWords:
		return news.VerdictShort, fmt.Sprintf("its text has %d words, %d are needed", a.Words, minWords)
	case !showsStory(fed, a):
		return news.VerdictWrong, "its text does not hold the words of the headline and teaser"
	case a.Words <= fedWords:
		return news.VerdictShort, fmt.Sprintf("its text has %d words, the feed's own %d", a.Words, fedWords)
	}
	return news.VerdictUsed, ""
}

func countWords(fragment string) int { return len(text.Words(markup.Text(fragment))) }

// showsStory reports whether the text of an article holds enough of the words of an entry's headline
// and teaser.
func showsStory(fed *news.Entry, a *news.Article) bool {
	teaser := fed.Summary
	if teaser == "" && countWords(fed.Content) < a.Words {
		teaser = fed.Content
	}
	wanted := tellingWords(fed.Title + "\n" + markup.Text(teaser))
	if len(wanted) == 0 {
		return true
	}
	found, there := 0, tellingWords(markup.Text(a.Entry.Content))
	for word := range wanted {
		if there[word] {
			found++
		}
	}
	return 100*found >= wordsFound*len(wanted)
}

// tellingWords is the set of the longer words of a text, as they are compared.
func tellingWords(plain string) map[string]bool {
	set := map[string]bool{}
	for _, word := range text.Words(text.WithoutDiacritics(strings.ToLower(plain))) {
		if len([]rune(word)) >= wordLetters {
			set[word] = true
		}
	}
	return set
}
