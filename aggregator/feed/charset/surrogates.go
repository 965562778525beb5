package charset

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"
)

// DropHalves takes out of JSON the halves of characters that stand alone: programs that cut a text by
// UTF-16 units leave one at its end. It gives the document as it is, and 0, where there are none.
func DropHalves(body []byte) (mended []byte, dropped int) {
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

// encodedUnit is the half of a character that a text begins with, where it is written in three bytes as
// UTF-8 writes characters; CESU-8 writes both halves so, one behind the other.
func encodedUnit(b []byte) (unit rune, ok bool) {
	if len(b) < 3 || b[0] != 0xED || b[1] < 0xA0 || b[1] > 0xBF || b[2] < 0x80 || b[2] > 0xBF {
		return 0, false
	}
	return 0xD000 | rune(b[1]&0x3F)<<6 | rune(b[2]&0x3F), true
}

// decodeUnits is the character of which a text begins with both halves, or nothing for a half that stands
// alone, and the bytes that it takes; 0 where the text begins with no half.
func decodeUnits(b []byte) (character []byte, size int) {
	unit, ok := encodedUnit(b)
	if !ok {
		return nil, 0
	}
	if next, ok := encodedUnit(b[3:]); ok {
		if c := utf16.DecodeRune(unit, next); c != utf8.RuneError {
			return utf8.AppendRune(nil, c), 6
		}
	}
	return nil, 3
}
