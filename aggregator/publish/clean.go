package publish

import (
	"strings"
	"unicode/utf8"

	"fronteras/aggregator/text"
)

// The sieve of everything that is published: HTML was cleaned when it was read, and is cleaned once
// more here, for what XML does not allow; titles and names become single lines.

// dropForbidden drops from a text what XML does not allow (XML 1.0 2.2): control characters, bytes
// that are not UTF-8, and the two that are not characters.
func dropForbidden(text string) string {
	if !strings.ContainsFunc(text, isForbidden) && utf8.ValidString(text) {
		return text
	}
	return strings.Map(func(r rune) rune {
		if isForbidden(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, ""))
}

func isForbidden(r rune) bool {
	return r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF
}

// singleLine is a text on one line as titles and names are shown: cleaned, its white space folded,
// without what would turn the direction of the text around it.
func singleLine(value string) string {
	value = dropForbidden(value)
	if strings.ContainsFunc(value, isInvisible) {
		value = strings.Map(func(r rune) rune {
			if isInvisible(r) {
				return -1
			}
			return r
		}, value)
	}
	return text.Fold(value)
}

// isInvisible: control characters and overrides of direction (hostile titles end a line in reverse
// with them).
func isInvisible(r rune) bool {
	return r >= 0x7F && r < 0xA0 || r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069
}

// singleLines makes each text one line and leaves out the empty ones.
func singleLines(values []string) []string {
	var list []string
	for _, value := range values {
		if value = singleLine(value); value != "" {
			list = append(list, value)
		}
	}
	return list
}
