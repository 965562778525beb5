package link

import (
	"net/url"
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// MinSlugWords is how many words the end of an address needs to tell one story from others.
const MinSlugWords = 5

// Slug is the last meaningful part of an address's path, in words joined by "-": ids, dates and the
// ending of a file are off. It is "" where that has fewer than MinSlugWords words. Two sites that run
// one story often give it one slug, since each CMS makes it of the headline.
func Slug(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	segments := strings.Split(u.Path, "/")
	for n := len(segments) - 1; n > 0; n-- {
		words := slugWords(segments[n])
		switch {
		case len(words) == 0:
			continue
		case len(words) < MinSlugWords:
			return ""
		}
		return strings.Join(words, "-")
	}
	return ""
}

// slugWords returns the words of a path segment, without ids and dates around them; none for one
// that names no story: an id, a date, the name of an index page.
func slugWords(segment string) []string {
	segment = fileEnding.ReplaceAllString(strings.ToLower(norm.NFD.String(segment)), "")
	segment = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, segment)
	words := strings.FieldsFunc(segment, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	for len(words) > 0 && isSlugID(words[0]) {
		words = words[1:]
	}
	for len(words) > 0 && isSlugID(words[len(words)-1]) {
		words = words[:len(words)-1]
	}
	if len(words) == 1 && (words[0] == "index" || words[0] == "amp" || words[0] == "print") {
		return nil
	}
	return words
}

// isSlugID reports whether a word at either end of a slug is an id or a part of a date: long or
// padded numbers and hexadecimal numbers. Other numbers belong to the headline: "14 wells".
func isSlugID(word string) bool {
	digits := strings.Trim(word, "0123456789") == ""
	return digits && (len(word) >= 4 || word[0] == '0') ||
		len(word) >= 6 && strings.Trim(word, "0123456789abcdef") == "" && strings.ContainsAny(word, "0123456789")
}

var fileEnding = regexp.MustCompile(`\.(?:s?html?|php\d?|aspx?|jsp|cfm)$`)
