package vocabulary

import "bytes"

// IsNameByte tells what names of elements and attributes are made of. No feed uses other letters in
// them, and encoding/xml knows fewer than XML 1.0.
var IsNameByte = func() (t [256]bool) {
	for c := range t {
		t[c] = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == ':' ||
			c == '-' || c == '.'
	}
	return t
}()

func IsNameStart(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' }

func IsBlank(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

// TagLength is the length of the tag that well-formed XML begins with.
func TagLength(b []byte) int {
	for i := 0; i < len(b); i++ {
		switch c := b[i]; c {
		case '>':
			return i + 1
		case '"', '\'':
			n := bytes.IndexByte(b[i+1:], c)
			if n < 0 {
				return len(b)
			}
			i += n + 1
		}
	}
	return len(b)
}

// MaxReference is more than the longest of HTML's names.
const MaxReference = 64

// ReferenceAt reads "&name;" or "&#digits;" and gives the name and the length of all, 0 if b begins
// with no such thing.
func ReferenceAt(b []byte) (name []byte, n int) {
	for n = 1; n < len(b) && n < MaxReference; n++ {
		c := b[n]
		switch {
		case c == ';':
			if n == 1 {
				return nil, 0
			}
			return b[1:n], n + 1
		case c == '#' && n == 1, IsNameByte[c]:
		default:
			return nil, 0
		}
	}
	return nil, 0
}
