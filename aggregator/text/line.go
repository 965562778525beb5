package text

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// Excerpt is the beginning of a foreign text, for a message.
func Excerpt(s string) string { return Shorten(s, 80) }

// Shorten shortens a text to at most n bytes, at a character's boundary, with "…".
func Shorten(s string, n int) string {
	if len(s) <= n {
		return s
	}
	n -= len("…")
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return strings.TrimRight(s[:n], " ") + "…"
}

// IsControl reports what no text may hold: controls, the characters that turn the direction of
// writing, marks and tags that nobody sees.
func IsControl(r rune) bool {
	switch {
	case r < 0x20:
		return r != '\t' && r != '\n'
	case r < 0x7F:
		return false
	case r <= 0x9F, r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069, r == 0xFEFF, r == 0xFFFE, r == 0xFFFF:
		return true
	}
	return r >= 0xE0000 && r <= 0xE007F
}

// WithoutControls takes out of a text what no text may hold. U+0080 to U+009F become what
// windows-1252 means by those numbers, as every browser reads them; line and paragraph separators
// become spaces, CR LF a newline.
func WithoutControls(s string) string {
	isSeparator := func(r rune) bool { return r == 0x2028 || r == 0x2029 }
	if utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool { return IsControl(r) || isSeparator(r) }) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for i, r := range s {
		if r >= 0x80 && r <= 0x9F {
			r = charmap.Windows1252.DecodeByte(byte(r))
		}
		switch {
		case r == '\r':
			if !strings.HasPrefix(s[i+1:], "\n") {
				b.WriteByte('\n')
			}
		case isSeparator(r):
			b.WriteByte(' ')
		case r == utf8.RuneError && !strings.HasPrefix(s[i:], "\uFFFD"), IsControl(r):
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// OneLine is a text for a place that has one line: without controls, blanks in a row are one.
func OneLine(s string) string { return Fold(WithoutControls(s)) }

// Fold makes blanks in a row one, and takes off those at the ends.
func Fold(s string) string {
	for i := range len(s) {
		if mayBeBlank[s[i]] && (s[i] != ' ' || i == 0 || i == len(s)-1 || s[i+1] == ' ') {
			return strings.Join(strings.Fields(s), " ")
		}
	}
	return s
}

// mayBeBlank lists the bytes that are white space, or with which white space beyond ASCII begins.
var mayBeBlank = [256]bool{
	'\t': true, '\n': true, '\v': true, '\f': true, '\r': true, ' ': true, 0xC2: true, 0xE1: true, 0xE2: true,
	0xE3: true,
}
