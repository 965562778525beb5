package identity

import (
	"iter"
	"strings"
	"unicode"
)

// numerals are the tokens of a text that tell one report of a running story
// from the next: numbers, weekdays and months. Number words become digits; "May"
// and "March" count before a digit alone.
func numerals(text string) map[string]bool { return numeralsOf([]string{text}) }

// numeralsOf are those of a text in paragraphs.
func numeralsOf(paragraphs []string) map[string]bool {
	tokens := map[string]bool{}
	month := "" // that counts if a digit follows
	for token := range numeralTokens(paragraphs) {
		if token[0] >= '0' && token[0] <= '9' {
			if month != "" {
				tokens[month] = true
			}
			month = ""
			tokens[ungrouped.Replace(token)] = true
			continue
		}
		month = ""
		if len(token) > longestNumeral || isASCII(token) && numeralShapes[token[0]&31]>>len(token)&1 == 0 {
			continue
		}
		switch word := strings.ToLower(plain(token)); {
		case numberWords[word] != "":
			tokens[numberWords[word]] = true
		case word == "may" || word == "march":
			month = word
		case calendar[word]:
			tokens[word] = true
		}
	}
	return tokens
}

var ungrouped = strings.NewReplacer(",", "", ".", "")

// longestNumeral is how many bytes the longest of the words has, with diacritics.
const longestNumeral = 12

// numeralShapes are, by the last five bits of its first letter, the lengths that a
// word of numberWords or calendar, or "may" or "march", has: most words are none.
var numeralShapes = func() (shapes [32]uint64) {
	add := func(word string) { shapes[word[0]&31] |= 1 << len(word) }
	for word := range numberWords {
		add(word)
	}
	for word := range calendar {
		add(word)
	}
	add("may")
	add("march")
	return shapes
}()

// numeralTokens are the numbers of a text, with the points and commas inside
// them, and its words.
func numeralTokens(paragraphs []string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, text := range paragraphs {
			if !numeralTokensIn(text, yield) {
				return
			}
		}
	}
}

func numeralTokensIn(text string, yield func(string) bool) bool {
	start, digits := -1, false
	for at, r := range text {
		switch isDigit := r >= '0' && r <= '9'; {
		case start >= 0 && digits && (isDigit || (r == ',' || r == '.') && at+1 < len(text) && text[at+1] >= '0' && text[at+1] <= '9'):
			continue
		case start >= 0 && !digits && unicode.IsLetter(r):
			continue
		default:
			if start >= 0 && !yield(text[start:at]) {
				return false
			}
			start = -1
			if isDigit || unicode.IsLetter(r) {
				start, digits = at, isDigit
			}
		}
	}
	return start < 0 || yield(text[start:])
}

// numberWords are the numbers from 2 to 20 in English and Spanish.
var numberWords = map[string]string{
	"two": "2", "dos": "2", "three": "3", "tres": "3", "four": "4", "cuatro": "4", "five": "5", "cinco": "5", "six": "6", "seis": "6",
	"seven": "7", "siete": "7", "eight": "8", "ocho": "8", "nine": "9", "nueve": "9", "ten": "10", "diez": "10", "eleven": "11", "once": "11",
	"twelve": "12", "doce": "12", "thirteen": "13", "trece": "13", "fourteen": "14", "catorce": "14", "fifteen": "15", "quince": "15", "sixteen": "16", "dieciseis": "16",
	"seventeen": "17", "diecisiete": "17", "eighteen": "18", "dieciocho": "18", "nineteen": "19", "diecinueve": "19", "twenty": "20", "veinte": "20",
}

// calendar are the names of weekdays and months in English and Spanish.
var calendar = set("monday tuesday wednesday thursday friday saturday sunday lunes martes miercoles jueves viernes sabado domingo " +
	"january february april june july august september october november december " +
	"enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre")

// disagree reports whether the numerals of two tellings speak against their
// being one report (V7).
func disagree(a, b *telling) bool {
	x, y := numerals(a.Entry.Title), numerals(b.Entry.Title)
	if len(x) > 0 && len(y) > 0 && (missing(x, y) > 0 || missing(y, x) > 0) {
		return true
	}
	if a.count > b.count {
		a, b = b, a
	}
	return missing(numeralsOf(a.paragraphs), numeralsOf(b.paragraphs)) > 1
}

// missing counts what of a set another lacks.
func missing(a, b map[string]bool) int {
	n := 0
	for token := range a {
		if !b[token] {
			n++
		}
	}
	return n
}
