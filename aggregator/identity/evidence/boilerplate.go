package evidence

import (
	"regexp"
	"slices"
	"strings"
)

// boilerplate lists paragraphs that surround a story's text and are none of it: rights, the maker
// of a picture, newsletters, players, dates and counters.
var boilerplate = []struct {
	words   int // longer paragraphs are text
	pattern *regexp.Regexp
	one     []string // what the pattern matches holds one of these; nil: it looks at the beginning alone
}{
	{40, regexp.MustCompile(`(?i)^(?:©|\(c\)|copyright\b)|\ball rights reserved\b|` +
		`\btodos los derechos reservados\b`),
		[]string{"©", "(c)", "copyright", "rights reserved", "derechos reservados"}},
	{25, regexp.MustCompile(`(?i)^(?:photo(?:graph)?s?|images?|pictures?|courtesy|fotos?|imagen|cortesía)` +
		`\b[^.]{0,20}(?:\bby\b|\bcredits?\b|\bcourtesy\b|\bof\b|\bpor\b|\bde\b|:)`), nil},
	{40, regexp.MustCompile(`(?i)\b(?:newsletters?|sign up|subscribe|suscríb\w*|boletín)\b`),
		[]string{"newsletter", "sign up", "subscribe", "suscr", "bolet"}},
	{25, regexp.MustCompile(`(?i)^(?:[▶►]\s*)?(?:listen|hear|download|play|escuch[ae]\w*|descarg\w+)\b`), nil},
	{14, regexp.MustCompile(`(?i)^(?:last )?(?:updated|published|posted|actualizad[oa]|publicad[oa])\b(?:[^.]*\d|:)`),
		nil},
	{6, regexp.MustCompile(`(?i)^[\d.,]+k?\s+(?:comments?|shares?|views?|likes?|reads?|comentarios?|vistas?)$`), nil},
	{6, regexp.MustCompile(`(?i)^(?:comments?|shares?|views?|likes?|comentarios?|` +
		`vistas?)\s*[:(]?\s*[\d.,]+\)?$`), nil},
}

// isBoilerplate reports whether a paragraph, given as it is and in lower case, is none of the
// story's text.
func isBoilerplate(paragraph, low string) bool {
	count := strings.Count(paragraph, " ") + 1
	if count > maxBoilerplateWords {
		return false
	}
	for _, b := range boilerplate {
		if count <= b.words && (b.one == nil || containsAnyOf(low, b.one)) && b.pattern.MatchString(paragraph) {
			return true
		}
	}
	return false
}

func containsAnyOf(text string, parts []string) bool {
	return slices.ContainsFunc(parts, func(part string) bool { return strings.Contains(text, part) })
}

// IsCorrection reports whether a paragraph begins like a note of correction.
func IsCorrection(paragraph string) bool {
	return slices.ContainsFunc(corrections, func(begin string) bool {
		return len(paragraph) >= len(begin) && strings.EqualFold(paragraph[:len(begin)], begin)
	})
}

var corrections = []string{"correction", "clarification", "an earlier version", "editor's note", "editor’s note",
	"corrección", "aclaración"}
