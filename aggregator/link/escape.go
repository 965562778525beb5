package link

import "strings"

// unreserved are the characters that mean the same encoded and bare (RFC 3986 2.3); standing are
// all that may be in a path, query or fragment.
var (
	unreserved = characters("-._~")
	standing   = characters("-._~" + "!$&'()*+,;=" + ":@/?")
)

// characters is the set of ASCII letters and digits and those in more.
func characters(more string) (set [256]bool) {
	for _, c := range []byte("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789" + more) {
		set[c] = true
	}
	return set
}

// appendEncoded appends s with everything encoded that may not be in a URI: a "%" that begins no
// escape, and each byte of what is not ASCII (RFC 3987 3.1).
func appendEncoded(buf []byte, s string) []byte {
	for i := range len(s) {
		c := s[i]
		if standing[c] || c == '%' && beginsWithEscape(s[i:]) {
			buf = append(buf, c)
		} else {
			buf = append(buf, '%', upperHex[c>>4], upperHex[c&15])
		}
	}
	return buf
}

// appendNormal appends s with escapes of unreserved characters decoded and the hexadecimal digits
// of the others in upper case (RFC 3986 6.2.2).
func appendNormal(buf []byte, s string) []byte {
	for i := 0; i < len(s); i++ {
		if s[i] != '%' || !beginsWithEscape(s[i:]) {
			buf = append(buf, s[i])
			continue
		}
		if c := decodeEscape(s[i:]); unreserved[c] {
			buf = append(buf, c)
		} else {
			buf = append(buf, '%', upperHex[c>>4], upperHex[c&15])
		}
		i += 2
	}
	return buf
}

// normalizeEscapes is appendNormal for a string of its own.
func normalizeEscapes(s string) string {
	if strings.IndexByte(s, '%') < 0 {
		return s
	}
	return string(appendNormal(nil, s))
}

// decodeEscapes decodes every escape and leaves what is not one.
func decodeEscapes(s string) string {
	if strings.IndexByte(s, '%') < 0 {
		return s
	}
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && beginsWithEscape(s[i:]) {
			out = append(out, decodeEscape(s[i:]))
			i += 2
		} else {
			out = append(out, s[i])
		}
	}
	return string(out)
}

const upperHex = "0123456789ABCDEF"

// beginsWithEscape reports whether s, which begins with "%", begins with an escape.
func beginsWithEscape(s string) bool {
	return len(s) > 2 && hexDigitValue(s[1]) < 16 && hexDigitValue(s[2]) < 16
}

// decodeEscape is the byte that the escape at the start of s stands for.
func decodeEscape(s string) byte {
	return hexDigitValue(s[1])<<4 | hexDigitValue(s[2])
}

// hexDigitValue is the value of a hexadecimal digit, or 16.
func hexDigitValue(c byte) byte {
	switch {
	case '0' <= c && c <= '9':
		return c - '0'
	case 'a' <= c && c <= 'f':
		return c - 'a' + 10
	case 'A' <= c && c <= 'F':
		return c - 'A' + 10
	}
	return 16
}

// hasControl reports an ASCII control character.
func hasControl(s string) bool {
	for _, c := range []byte(s) {
		if c < ' ' || c == 0x7f {
			return true
		}
	}
	return false
}
