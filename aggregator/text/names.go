package text

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// BylineName is one of those whom a byline names.
type BylineName struct {
	Written string // with the affiliation, as it is written
	Person  string // the name alone, as it is written; "" where it names no person: an office, a house, a sentence
	Assists bool   // the person took the pictures, edited or translated
}

// NamesIn divides a byline into those whom it names: "Ana Ruiz (KMSA), Luis Peña, Senior Editor" into Ana Ruiz
// and Luis Peña. What stands in parentheses behind a name belongs to it, unless it is an office; any other
// affiliation is no part of the name. A byline that is not empty has a name at least, though none of a person.
func NamesIn(s string, commas Commas) []BylineName {
	var names []BylineName
	var one []BylinePart
	end := func() {
		if len(one) > 0 {
			names = append(names, nameOf(s, one))
			one = one[:0]
		}
	}
	for _, p := range SplitByline(s, commas, nil) {
		if len(one) > 0 && beginsName(one, p) {
			end()
		}
		one = append(one, p)
	}
	end()
	if s = strings.TrimSpace(s); len(names) == 0 && s != "" {
		return []BylineName{{Written: s}}
	}
	return names
}

// Persons returns the names of a byline's persons; of those who assisted only where there is nobody else.
func Persons(s string, commas Commas) []string {
	var writers, assistants []string
	for _, n := range NamesIn(s, commas) {
		switch {
		case n.Person == "":
		case n.Assists:
			assistants = append(assistants, n.Person)
		default:
			writers = append(writers, n.Person)
		}
	}
	if writers == nil {
		return assistants
	}
	return writers
}

// beginsName reports whether a part names another than those before it, which are one.
func beginsName(one []BylinePart, p BylinePart) bool {
	last := one[len(one)-1]
	switch p.Before {
	case AtSemicolon:
		return true
	case AtWord:
		return p.Kind.IsHuman() || last.Kind.IsHuman() || !last.Joined && isGivenName(p) && isGivenName(last)
	}
	return p.Kind.IsHuman() && slices.ContainsFunc(one, func(p BylinePart) bool { return p.Kind.IsHuman() })
}

// isGivenName reports whether a part is one word that can be a name.
func isGivenName(p BylinePart) bool {
	return p.Kind == Unclear && !isAcronym(p.Text) &&
		!strings.ContainsFunc(p.Text, func(r rune) bool { return !unicode.IsLetter(r) })
}

// nameOf is what parts that are one name.
func nameOf(s string, parts []BylinePart) BylineName {
	name := BylineName{Written: s[parts[0].from:parts[len(parts)-1].to]}
	for n, p := range parts {
		if p.Kind.IsHuman() {
			name.Person = s[p.from:endOfName(s, parts[n:])]
			name.Assists = p.Kind == Assistant
			return name
		}
	}
	if parts[0].Kind == Unclear && mayBeName(parts[0].Text) {
		name.Person = s[parts[0].from:endOfName(s, parts)]
	}
	return name
}

// endOfName is where the name ends that the first of parts is: behind what could be further names at commas, or
// behind the house in parentheses.
func endOfName(s string, parts []BylinePart) int {
	end := parts[0].from + len(parts[0].Text)
	for n, p := range parts[1:] {
		switch {
		case p.likeName:
			end = p.from + len(p.Text)
			continue
		case parts[n].Before != InParentheses && p.Before != InParentheses, p.Kind == Role, p.Kind.IsHuman():
			return end
		case strings.HasSuffix(s[:p.to], ")"):
			return p.to
		}
	}
	return end
}

// mayBeName reports whether what is in no form of a name may be somebody's all the same: one word, or a few in
// small letters, as people sign themselves. A sentence is none, nor is a station's call sign.
func mayBeName(s string) bool {
	words := strings.Fields(s)
	if len(words) > 1 && articles[folded(words[0])] { // "The Conversation", "El Porvenir"
		return false
	}
	small := 0
	for _, w := range words {
		f := folded(w)
		switch {
		case crafts[f] != 0 && len(words) > 1, houseAcronyms[f], isCallSign(w), isAcronym(w) && !hasVowel(f):
			return false
		case !isCapitalized(w) && !particles[f] && strings.IndexFunc(w, unicode.IsLetter) >= 0:
			small++
		}
	}
	if len(words) > maxNameWords {
		return false
	}
	return small == 0 || small == len(words) && len(words) <= 3 || len(words) <= 2
}

// isCallSign reports whether a word is an American station's, in capitals.
func isCallSign(w string) bool {
	sign, _, _ := strings.Cut(w, "-")
	return utf8.RuneCountInString(sign) == 4 && (sign[0] == 'K' || sign[0] == 'W') && isUpper(sign) && isNameWord(sign)
}
