package fields

import (
	"strings"

	"fronteras/aggregator/news"
	"fronteras/aggregator/page/tree"
	"fronteras/aggregator/text"
)

const (
	maxLanguageWords = 600 // of a page that are asked for their language
	minParagraph     = 8   // words of a paragraph that is asked
)

// languageOf takes the language that the page says it is in, unless its words are of another.
func languageOf(f *findings) choice {
	c := firstOf(
		choice{languageTag(f.language), fromHTML},
		choice{languageTag(f.article.text("inLanguage")), fromJSONLD},
		choice{languageTag(propText(f.survey, "inLanguage")), fromMicrodata},
		choice{languageTag(f.meta("og:locale")), fromOpenGraph},
		choice{languageTag(f.meta("content-language", "language", "dc.language")), fromMeta},
	)
	if c.value == "" {
		return c
	}
	spoken := text.Language(text.Tokens(nil, storyWords(f)))
	if spoken != "" && spoken != news.PrimaryLanguage(c.value) {
		return choice{}
	}
	return c
}

// storyWords is the first words of the story's paragraphs.
func storyWords(f *findings) string {
	var b strings.Builder
	left := maxLanguageWords
	for n := f.Root; n != nil && left > 0; n = tree.Following(n, f.Root, false) {
		if !tree.IsElement(n, "p") || f.isForeign(n) {
			continue
		}
		s := shownText(n)
		if words := len(strings.Fields(s)); words >= minParagraph {
			b.WriteString(s)
			b.WriteByte('\n')
			left -= words
		}
	}
	if b.Len() == 0 {
		return f.article.text("articleBody")
	}
	return b.String()
}

// languageTag is the first of the languages that a page names, as BCP 47 writes it; "" if it is none.
func languageTag(s string) string {
	first, _, _ := strings.Cut(s, ",")
	return text.LanguageTag(first)
}
