package publish

import (
	"strings"
	"unicode/utf8"

	"fronteras/aggregator/text"
)

// Clean drops from a text what XML does not allow (XML 1.0 2.2): control
// characters, bytes that are no UTF-8, and the two that are no characters.
func Clean(text string) string {
	if !strings.ContainsFunc(text, forbidden) && utf8.ValidString(text) {
		return text
	}
	return strings.Map(func(r rune) rune {
		if forbidden(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, ""))
}

func forbidden(r rune) bool {
	return r < 0x20 && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF
}

// Line is a text on one line as titles and names are shown: cleaned, its white
// space folded, without what would turn the direction of the text around it.
func Line(value string) string {
	value = Clean(value)
	if strings.ContainsFunc(value, unseen) {
		value = strings.Map(func(r rune) rune {
			if unseen(r) {
				return -1
			}
			return r
		}, value)
	}
	return text.Fold(value)
}

// unseen are control characters and overrides of direction (hostile titles end
// a line in reverse with them).
func unseen(r rune) bool {
	return r >= 0x7F && r < 0xA0 || r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069
}

// cleanAll cleans some lines and leaves out the empty ones.
func cleanAll(lines []string) []string {
	var list []string
	for _, l := range lines {
		if l = Line(l); l != "" {
			list = append(list, l)
		}
	}
	return list
}
