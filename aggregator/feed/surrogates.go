package feed

import (
	"bytes"
	"unicode/utf16"
)

// dropHalves takes out of JSON the halves of characters that stand alone: programs that cut a text by
// UTF-16 units leave one at its end. It gives the document as it is, and 0, where there are none.
func dropHalves(body []byte) (mended []byte, dropped int) {
	if !bytes.Contains(body, []byte(`\ud`)) && !bytes.Contains(body, []byte(`\uD`)) {
		return body, 0
	}
	var out []byte
	from := 0
	for i := 0; ; {
		n := bytes.IndexByte(body[i:], '\\')
		if n < 0 {
			break
		}
		i += n
		unit, ok := escapedUnit(body[i:])
		switch {
		case !ok:
			i += 2
		case !utf16.IsSurrogate(unit):
			i += len(`\u0000`)
		default:
			if next, ok := escapedUnit(body[min(i+6, len(body)):]); ok && utf16.DecodeRune(unit, next) != '\uFFFD' {
				i += 2 * len(`\u0000`)
				continue
			}
			out = append(out, body[from:i]...)
			i += len(`\u0000`)
			from = i
			dropped++
		}
		if i >= len(body) {
			break
		}
	}
	if dropped == 0 {
		return body, 0
	}
	return append(out, body[from:]...), dropped
}

// escapedUnit is the UTF-16 unit that a text begins with, as JSON escapes one.
func escapedUnit(b []byte) (unit rune, ok bool) {
	if len(b) < len(`\u0000`) || b[0] != '\\' || b[1] != 'u' {
		return 0, false
	}
	for _, c := range b[2:6] {
		switch {
		case c >= '0' && c <= '9':
			unit = unit<<4 | rune(c-'0')
		case c >= 'a' && c <= 'f', c >= 'A' && c <= 'F':
			unit = unit<<4 | rune(c|0x20-'a'+10)
		default:
			return 0, false
		}
	}
	return unit, true
}
