package link

import "strings"

// unreserved are the characters that mean the same encoded and bare (RFC 3986
// 2.3); standing are all that may stand in a path, query or fragment.
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

// appendEncoded appends s with everything encoded that may not stand in a URI:
// a "%" that begins no escape, and each byte of what is not ASCII (RFC 3987 3.1).
func appendEncoded(buf []byte, s string) []byte {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if standing[c] || c == '%' && isEscape(s[i:]) {
			buf = append(buf, c)
		} else {
			buf = append(buf, '%', upperHex[c>>4], upperHex[c&15])
		}
	}
	return buf
}

// appendNormal appends s with escapes of unreserved characters decoded and the
// hexadecimal digits of the others in upper case (RFC 3986 6.2.2).
func appendNormal(buf []byte, s string) []byte {
	for i := 0; i < len(s); i++ {
		if s[i] != '%' || !isEscape(s[i:]) {
			buf = append(buf, s[i])
			continue
		}
		if c := escaped(s[i:]); unreserved[c] {
			buf = append(buf, c)
		} else {
			buf = append(buf, '%', upperHex[c>>4], upperHex[c&15])
		}
		i += 2
	}
	return buf
}

// normal is appendNormal for a string of its own.
func normal(s string) string {
	if strings.IndexByte(s, '%') < 0 {
		return s
	}
	return string(appendNormal(nil, s))
}

// unescape decodes every escape and leaves what is none.
func unescape(s string) string {
	if strings.IndexByte(s, '%') < 0 {
		return s
	}
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && isEscape(s[i:]) {
			out = append(out, escaped(s[i:]))
			i += 2
		} else {
			out = append(out, s[i])
		}
	}
	return string(out)
}

const upperHex = "0123456789ABCDEF"

// isEscape reports whether s, which begins with "%", begins with an escape.
func isEscape(s string) bool {
	return len(s) > 2 && hexDigit(s[1]) < 16 && hexDigit(s[2]) < 16
}

// escaped is the byte that the escape at the start of s stands for.
func escaped(s string) byte {
	return hexDigit(s[1])<<4 | hexDigit(s[2])
}

// hexDigit is the value of a hexadecimal digit, or 16.
func hexDigit(c byte) byte {
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
