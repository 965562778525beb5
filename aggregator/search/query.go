package search

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"fronteras/aggregator/news"
)

// Bounds of what a reader may ask for.
const (
	MaxQueryBytes = 300
	MaxWords      = 12 // in phrases too
)

// Query is what stories are searched for. All that it says must hold; the zero value finds every published story.
type Query struct {
	Clauses   []Clause
	Stations  []string      // made or carried by one of these
	Without   []string      // and by none of these
	Statuses  []news.Status // one of these; none: live
	Topics    []string      // one of these, as documents name them
	Languages []string      // one of these, or a form of it, in lower case
	From      time.Time
	Before    time.Time // zero: no bound

	NewestFirst bool // whatever stands in the headline
	Offset      int  // of the stories found, these are passed over
	Limit       int  // as many follow
}

// Clause is a word, or words that stand one after the other, that a story must have, or must not have.
type Clause struct {
	Words []string // folded
	Not   bool
}

// ParseWords reads what a reader typed: words in any order, phrases in quotation marks, and either with a hyphen before
// it for what must not be there. There is no other syntax. Cut is whether it was longer than is searched for.
func ParseWords(q string) (clauses []Clause, cut bool) {
	if len(q) > MaxQueryBytes {
		end := MaxQueryBytes
		for !utf8.RuneStart(q[end]) {
			end--
		}
		q, cut = q[:end], true
	}
	n := 0
	add := func(part string, phrase, not bool) {
		var words []string
		wordsOf(part, func(w word) bool {
			if n == MaxWords {
				cut = true
				return false
			}
			n++
			words = append(words, w.folded)
			return true
		})
		switch {
		case len(words) == 0:
		case phrase || not:
			clauses = append(clauses, Clause{words, not})
		default:
			for _, w := range words {
				clauses = append(clauses, Clause{Words: []string{w}})
			}
		}
	}
	rest, not := q, false
	for rest != "" {
		r, size := utf8.DecodeRuneInString(rest)
		if isQuotationMark(r) {
			rest = rest[size:]
			end := strings.IndexFunc(rest, isQuotationMark)
			if end < 0 {
				end = len(rest)
			}
			add(rest[:end], true, not)
			_, size = utf8.DecodeRuneInString(rest[end:])
			rest, not = rest[end+size:], false
			continue
		}
		if unicode.IsSpace(r) {
			rest, not = rest[size:], false
			continue
		}
		if r == '-' {
			not, rest = true, rest[size:]
			continue
		}
		end := strings.IndexFunc(rest, func(r rune) bool { return unicode.IsSpace(r) || isQuotationMark(r) })
		if end < 0 {
			end = len(rest)
		}
		add(rest[:end], false, not)
		rest, not = rest[end:], false
	}
	return clauses, cut
}

func isQuotationMark(r rune) bool {
	switch r {
	case '"', '“', '”', '„', '«', '»':
		return true
	}
	return false
}

// finds reports whether a clause other than one that excludes is among them.
func finds(clauses []Clause) bool {
	for _, c := range clauses {
		if !c.Not {
			return true
		}
	}
	return false
}
