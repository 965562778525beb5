package text

import (
	"regexp"
	"slices"
	"strings"
)

// maxEditionWords is how many words stand with a date that names an edition: "Weekday Morning
// Newscast: Monday". In a longer part of a headline the day is a part of the news.
const maxEditionWords = 3

// maxEditionBytes is how long a headline may be that names an edition: longer ones are news, or none.
const maxEditionBytes = 500

// NamesEdition reports whether a headline names one edition of something that comes again: a part
// that begins or ends with a weekday or a date and says little else, a number of a part, or the name
// of what is read every hour or day, as a newscast is.
func NamesEdition(headline string) bool {
	if len(headline) > maxEditionBytes {
		return false
	}
	headline = strings.ToLower(WithoutDiacritics(headline))
	if partNumber.MatchString(headline) || newscast.MatchString(headline) {
		return true
	}
	return slices.ContainsFunc(headlineParts.Split(headline, -1), isEditionPart)
}

var (
	headlineParts = regexp.MustCompile(`[:|()\[\]–—/]| -+ `)
	partNumber    = regexp.MustCompile(
		`(?:^|[^\pL\pN])(?:(?:part|pt|parte|episode|ep|episodio|chapter|capitulo|volume|` +
			`vol|volumen|edition|edicion|issue|numero)s?\.?\s+#?(?:\d+|i{2,3}|i?v|vi{0,3}|i?x|one|two|three|four|` +
			`five|uno|dos|tres|cuatro|cinco)` +
			`|#\s?\d+|\d+\s?(?:of|de|/)\s?\d+\s*\))(?:[^\pL\pN]|$)`,
	)

	// newscast finds the names of what is read every hour or day
	newscast = regexp.MustCompile(`(?:^|[^\pL\pN])(?:newscasts?|noticieros?|news (?:briefs?|roundup|round-up|` +
		`headlines))` +
		`(?:[^\pL\pN]|$)`)
)

// isEditionPart reports whether a part of a headline, in lower case, is a date with little else
// in it.
func isEditionPart(part string) bool {
	words := strings.FieldsFunc(part, func(r rune) bool { return strings.ContainsRune(" ,.'’\"“”‘\t", r) })
	words = slices.DeleteFunc(words, func(w string) bool { return w == "s" || slices.Contains(functionWords, w) })
	if len(words) == 0 {
		return false
	}
	others, day, month, number := 0, false, false, false
	for _, w := range words {
		switch {
		case isWeekday(w):
			day = true
		case months[w]:
			month = true
		case isDayOrYear(w):
			number = true
		default:
			others++
		}
	}
	return others <= maxEditionWords && (day || month && number) &&
		(isOfDate(words[0]) || isOfDate(words[len(words)-1]))
}

func isOfDate(word string) bool { return isWeekday(word) || months[word] || isDayOrYear(word) }

// isWeekday reports whether a word is a weekday, also in "Monday's".
func isWeekday(word string) bool { return weekdays[word] || weekdays[strings.TrimSuffix(word, "s")] }

// isDayOrYear reports whether a word can be the number of a day or a year.
func isDayOrYear(word string) bool {
	digits := strings.TrimRight(word, "thndrs")
	return len(digits) > 0 && len(digits) <= 4 && strings.Trim(digits, "0123456789") == ""
}

var (
	weekdays = wordSet(
		"monday tuesday wednesday thursday friday saturday sunday lunes martes miercoles jueves viernes " +
			"sabado domingo",
	)
	months = wordSet("january february march april may june july august september october november december jan " +
		"feb " +
		"mar apr jun jul aug sep sept oct nov dec enero febrero marzo abril mayo junio julio agosto septiembre " +
		"octubre " +
		"noviembre diciembre")
)

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		set[w] = true
	}
	return set
}
