package search

import "slices"

// Matcher finds the stories that clauses find among those at hand, where no index is.
type Matcher struct {
	clauses []Clause
	stems   *stemmer
}

// NewMatcher is a matcher of clauses, as [ParseWords] reads them.
func NewMatcher(clauses []Clause) *Matcher { return &Matcher{clauses, newStemmer()} }

// Finds reports whether a story has what the clauses ask for. Without clauses it finds all.
func (m *Matcher) Finds(d Document) bool {
	x, kind := m.stems.index(d), kindOf(d.Language)
	for _, c := range m.clauses {
		if m.has(x, kind, c.Words) == c.Not {
			return false
		}
	}
	return true
}

// has reports whether words stand in a document one after the other.
func (m *Matcher) has(x indexed, kind byte, words []string) bool {
	var starts []int
	for n, w := range words {
		at, found := slices.BinarySearch(x.terms, m.stems.term(kind, w))
		if !found {
			return false
		}
		places := x.places[at]
		if n == 0 {
			starts = places
			continue
		}
		starts = slices.DeleteFunc(slices.Clone(starts), func(start int) bool {
			_, follows := slices.BinarySearch(places, start+n)
			return !follows
		})
	}
	return len(starts) > 0
}
