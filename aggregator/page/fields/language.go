package fields

import (
	"strings"

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
	base, _, _ := strings.Cut(c.value, "-")
	if spoken := text.Language(text.Tokens(nil, storyWords(f))); spoken != "" && spoken != base {
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

// languageTag writes a language as BCP 47 does; "" if it is none.
func languageTag(s string) string {
	s, _, _ = strings.Cut(strings.TrimSpace(s), ",")
	parts := strings.FieldsFunc(strings.TrimSpace(s), func(c rune) bool { return c == '-' || c == '_' })
	if len(parts) == 0 || len(parts) > 5 || len(parts[0]) < 2 || len(parts[0]) > 3 {
		return ""
	}
	for i, p := range parts {
		for _, c := range p {
			if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || i > 0 && c >= '0' && c <= '9') {
				return ""
			}
		}
		switch {
		case len(p) > 8:
			return ""
		case i > 0 && len(p) == 2:
			parts[i] = strings.ToUpper(p)
		case i > 0 && len(p) == 4:
			parts[i] = strings.ToUpper(p[:1]) + strings.ToLower(p[1:])
		default:
			parts[i] = strings.ToLower(p)
		}
	}
	return strings.Join(parts, "-")
}
