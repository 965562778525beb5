package text

import (
	"iter"
	"strconv"
	"strings"
	"unicode"
)

// Numerals returns the tokens of a text that tell one report of a running story from the next:
// numbers, weekdays and months. Number words become digits; "May" and "March" count before a digit
// alone.
func Numerals(paragraphs ...string) map[string]bool {
	tokens := map[string]bool{}
	month := "" // that counts if a digit follows
	for _, paragraph := range paragraphs {
		for token := range numeralTokens(paragraph) {
			before := month
			month = ""
			switch {
			case token[0] >= '0' && token[0] <= '9':
				if before != "" {
					tokens[before] = true
				}
				tokens[ungrouped.Replace(token)] = true
			case len(token) <= maxNumeral && (!IsASCII(token) || numeralShapes[token[0]&31]>>len(token)&1 == 1):
				word := strings.ToLower(WithoutDiacritics(token))
				if numeral := numeralWords[word]; numeral != "" {
					tokens[numeral] = true
				} else if word == "may" || word == "march" {
					month = word
				}
			}
		}
	}
	return tokens
}

var ungrouped = strings.NewReplacer(",", "", ".", "")

// numeralTokens returns the numbers of a text, with the points and commas inside them, and its
// words.
func numeralTokens(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		start, digits := -1, false
		for at, r := range text {
			switch isDigit := r >= '0' && r <= '9'; {
			case start >= 0 && digits && (isDigit ||
				(r == ',' || r == '.') && at+1 < len(text) && text[at+1] >= '0' && text[at+1] <= '9'):
				continue
			case start >= 0 && !digits && unicode.IsLetter(r):
				continue
			default:
				if start >= 0 && !yield(text[start:at]) {
					return
				}
				start = -1
				if isDigit || unicode.IsLetter(r) {
					start, digits = at, isDigit
				}
			}
		}
		if start >= 0 {
			yield(text[start:])
		}
	}
}

// numeralWords lists the numbers from 2 to 20, the weekdays and the months in English and Spanish,
// each with the token that it counts as.
var numeralWords = func() map[string]string {
	words := map[string]string{}
	for n, names := range strings.Split("two dos|three tres|four cuatro|five cinco|six seis|seven siete|eight "+
		"ocho|nine nueve|ten diez|eleven once|"+
		"twelve doce|thirteen trece|fourteen catorce|fifteen quince|sixteen dieciseis|seventeen "+
		"diecisiete|eighteen dieciocho|nineteen diecinueve|twenty veinte", "|") {
		for name := range strings.FieldsSeq(names) {
			words[name] = strconv.Itoa(n + 2)
		}
	}
	for name := range strings.FieldsSeq("monday tuesday wednesday thursday friday saturday sunday lunes martes " +
		"miercoles jueves viernes sabado domingo " +
		"january february april june july august september october november december " +
		"enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre") {
		words[name] = name
	}
	return words
}()

// numeralShapes are, by the last five bits of its first letter, the lengths that a word of
// numeralWords, or "may" or "march", has: most words are none, and need not be looked up.
var numeralShapes = func() (shapes [32]uint64) {
	for word := range numeralWords {
		shapes[word[0]&31] |= 1 << len(word)
	}
	shapes['m'&31] |= 1<<len("may") | 1<<len("march")
	return shapes
}()

// Missing counts what of a set another lacks.
func Missing(a, b map[string]bool) int {
	n := 0
	for token := range a {
		if !b[token] {
			n++
		}
	}
	return n
}
