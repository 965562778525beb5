package feed

import (
	"encoding/binary"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// asciiPrefix is the length of what precedes the first byte outside ASCII.
func asciiPrefix(b []byte) int {
	i := 0
	for ; i+8 <= len(b); i += 8 {
		if binary.LittleEndian.Uint64(b[i:])&0x8080808080808080 != 0 {
			break
		}
	}
	for i < len(b) && b[i] < utf8.RuneSelf {
		i++
	}
	return i
}

func isASCII(b []byte) bool { return asciiPrefix(b) == len(b) }

// clip shortens foreign text for a message.
func clip(s string) string { return cut(s, 80) }

// cut shortens a text to at most n bytes, at a character's boundary, with "…".
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	n -= len("…")
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return strings.TrimRight(s[:n], " ") + "…"
}

// unwanted reports what no text may hold: controls, the characters that turn
// the direction of writing, marks and tags that nobody sees.
func unwanted(r rune) bool {
	switch {
	case r < 0x20:
		return r != '\t' && r != '\n'
	case r < 0x7F:
		return false
	case r <= 0x9F:
		return true
	case r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069:
		return true
	case r == 0xFEFF, r == 0xFFFE, r == 0xFFFF:
		return true
	}
	return r >= 0xE0000 && r <= 0xE007F
}

// plainBytes reports whether a text has nothing that characters would change.
func plainBytes(s string) bool {
	for i := 0; i < len(s); i++ {
		if !suspect[s[i]] {
			continue
		}
		switch s[i] {
		case 0xC2:
			if i+1 < len(s) && s[i+1] < 0xA0 {
				return false
			}
		case 0xE2:
			if i+2 < len(s) && (s[i+1] == 0x80 && s[i+2] >= 0xA8 && s[i+2] <= 0xAE || s[i+1] == 0x81 && s[i+2] >= 0xA6) {
				return false
			}
		case 0xEF:
			if i+2 < len(s) && (s[i+1] == 0xBB && s[i+2] == 0xBF || s[i+1] == 0xBF && s[i+2] >= 0xBE) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// suspect are the bytes of controls, and the lead bytes of C1, of the general
// punctuation, of U+FEFF and U+FFFE, and of plane 14.
var suspect = func() (set [256]bool) {
	for c := range byte(0x20) {
		set[c] = c != '\t' && c != '\n'
	}
	for _, c := range [...]byte{0x7F, 0xC2, 0xE2, 0xEF, 0xF3} {
		set[c] = true
	}
	return set
}()

// characters takes out of a text what may stand in none. U+0080 to U+009F
// become what windows-1252 means by those numbers, as every browser reads them;
// line and paragraph separators become spaces, CR LF a newline.
func characters(s string) string {
	if plainBytes(s) && utf8.ValidString(s) {
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
		case r == 0x2028, r == 0x2029:
			b.WriteByte(' ')
		case r == utf8.RuneError && !strings.HasPrefix(s[i:], "\uFFFD"), unwanted(r):
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// oneLine is a text for a place that has one line: blanks in a row are one.
func oneLine(s string) string { return fold(characters(s)) }

// fold makes blanks in a row one, and takes off those at the ends.
func fold(s string) string {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c >= utf8.RuneSelf || c == ' ' && (i == 0 || i == len(s)-1 || s[i+1] == ' ') {
			return strings.Join(strings.Fields(s), " ")
		}
	}
	return s
}
