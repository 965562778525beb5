package htmlclean

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf16"
)

// JoinHalves makes characters of references to the two halves of one, as programs write them that
// count in UTF-16 units; a half that stands alone goes.
func JoinHalves(s string) string {
	if !strings.Contains(s, "&#5") && !strings.Contains(s, "&#xd") && !strings.Contains(s, "&#xD") &&
		!strings.Contains(s, "&#XD") && !strings.Contains(s, "&#Xd") {
		return s
	}
	return halves.ReplaceAllStringFunc(s, func(references string) string {
		var b strings.Builder
		units := strings.Split(strings.TrimSuffix(references, ";"), ";")
		for i := 0; i < len(units); i++ {
			if i+1 < len(units) {
				if c := utf16.DecodeRune(unitOf(units[i]), unitOf(units[i+1])); c != '\uFFFD' {
					b.WriteRune(c)
					i++
				}
			}
		}
		return b.String()
	})
}

// halves matches references to U+D800 to U+DFFF, which are 55296 to 57343.
var halves = regexp.MustCompile(`(?:&#(?:[xX]0*[dD][89a-fA-F][0-9a-fA-F]{2}|` +
	`0*(?:5529[6-9]|55[3-9]\d{2}|56\d{3}|57[0-2]\d{2}|573[0-3]\d|5734[0-3]));)+`)

func unitOf(reference string) rune {
	digits := strings.TrimPrefix(reference, "&#")
	base := 10
	if hex := strings.TrimLeft(digits, "xX"); hex != digits {
		digits, base = hex, 16
	}
	n, _ := strconv.ParseUint(digits, base, 16)
	return rune(n)
}
