package credit

import (
	"regexp"
	"strings"

	"fronteras/aggregator/news"
)

// wording holds the fixed words of the origin line in one language.
type wording struct {
	language             string
	by                   string
	published, carried   string
	translated, original string
	quotes               [2]string
	and                  func(next string) string
	begins               []string       // how such a line can begin
	line                 *regexp.Regexp // recognizes it with any names
}

// wordings lists the languages of the origin line; the first serves where a story's and the desk's
// are none of them.
var wordings = []wording{
	{
		language: "en", by: "By ", published: "Originally published by ", carried: "Carried by ",
		translated: "Translated from ", original: ", original by ", quotes: [2]string{"“", "”"},
		and:    func(string) string { return " and " },
		begins: []string{"By ", "Originally", "Carried"},
		line: regexp.MustCompile(`^(By [^.].{0,300}\. )?(Originally published by|Carried by) .{1,400}?\.` +
			`( Translated from .{1,400}\.)?$`),
	},
	{
		language: "es", by: "Por ", published: "Publicado originalmente por ", carried: "Difundido por ",
		translated: "Traducido de ", original: ", original de ", quotes: [2]string{"“", "”"},
		and: func(next string) string {
			if soundsLikeI.MatchString(next) {
				return " e "
			}
			return " y "
		},
		begins: []string{"Por ", "Publicad", "Difundid"},
		line: regexp.MustCompile(
			`^(Por [^.].{0,300}\. )?(Publicad[oa] originalmente por|Difundid[oa] por) .{1,400}?\.` +
				`( Traducid[oa] de .{1,400}\.)?$`,
		),
	},
}

// soundsLikeI matches names before which "y" is "e" in Spanish: Inés, Hilda, but not Hielo or Iowa.
var soundsLikeI = regexp.MustCompile(`(?i)^(?:<[^>]*>)?h?[ií](?:[^aeouáéóú]|$)`)

// wordingFor is that of the first of some languages that there is one for.
func wordingFor(tags ...string) wording {
	for _, tag := range tags {
		for _, w := range wordings {
			if news.PrimaryLanguage(tag) == w.language {
				return w
			}
		}
	}
	return wordings[0]
}

// join lists names as a sentence does: A, B and C.
func (w wording) join(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	last := names[len(names)-1]
	return strings.Join(names[:len(names)-1], ", ") + w.and(last) + last
}

func lowerFirst(words string) string { return strings.ToLower(words[:1]) + words[1:] }

// isOriginLine reports whether a paragraph is an origin line, in any language. How it begins rules
// out most.
func isOriginLine(text string) bool {
	for _, w := range wordings {
		for _, begin := range w.begins {
			if strings.HasPrefix(text, begin) {
				return w.line.MatchString(text)
			}
		}
	}
	return false
}
