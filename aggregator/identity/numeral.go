package identity

import (
	"regexp"
	"strings"
)

// numerals are the tokens of a text that tell one report of a running story
// from the next: numbers, weekdays and months. Number words become digits; "May"
// and "March" count before a digit alone.
func numerals(text string) map[string]bool {
	tokens := map[string]bool{}
	all := numeralToken.FindAllString(text, -1)
	for n, token := range all {
		if token[0] >= '0' && token[0] <= '9' {
			tokens[strings.NewReplacer(",", "", ".", "").Replace(token)] = true
			continue
		}
		word := strings.ToLower(plain(token))
		switch {
		case numberWords[word] != "":
			tokens[numberWords[word]] = true
		case word == "may" || word == "march":
			if n+1 < len(all) && all[n+1][0] >= '0' && all[n+1][0] <= '9' {
				tokens[word] = true
			}
		case calendar[word]:
			tokens[word] = true
		}
	}
	return tokens
}

var numeralToken = regexp.MustCompile(`\d+(?:[.,]\d+)*|\pL+`)

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
	return missing(a.numerals, b.numerals) > 1
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
