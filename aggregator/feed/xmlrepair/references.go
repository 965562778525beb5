package xmlrepair

import (
	"bytes"
	"html"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"fronteras/aggregator/feed/damage"
	"fronteras/aggregator/feed/vocabulary"
)

// references resolves what stands for characters.
type references struct {
	entities map[string]string // of the document's DOCTYPE
	spare    int               // bytes that they may still add
}

// resolveReference says what stands for a reference in well-formed XML, or that it is fine as it
// is; why names the repair.
func (r *references) resolveReference(name []byte) (text string, fine bool, why string) {
	switch string(name) {
	case "amp", "lt", "gt", "quot", "apos", "#34", "#39":
		return "", true, ""
	}
	if name[0] == '#' {
		return resolveNumber(name[1:])
	}
	if text, ok := r.entities[string(name)]; ok {
		if r.spare -= len(text); r.spare >= 0 {
			return escapeText(text), false, damage.Entities
		}
	}
	written := "&" + string(name) + ";"
	if text := html.UnescapeString(written); !strings.HasSuffix(text, ";") {
		return escapeText(text), false, damage.Entities
	}
	return "&amp;" + string(name) + ";", false, damage.Entities
}

// resolveNumber does the same for a reference by number.
func resolveNumber(digits []byte) (text string, fine bool, why string) {
	base := 10
	written := string(digits)
	if digits := strings.TrimLeft(written, "xX"); digits != written {
		base = 16
		fine = written[0] == 'x' && len(digits) == len(written)-1
		written = digits
	} else {
		fine = true
	}
	n, err := strconv.ParseUint(written, base, 32)
	switch {
	case err != nil && !isDigits(written, base):
		return "&amp;#" + string(digits) + ";", false, damage.Entities
	case err != nil, !isLegalRune(n):
		return "", false, damage.IllegalCharacters
	}
	return escapeText(string(rune(n))), fine, damage.Entities
}

func isDigits(s string, base int) bool {
	for _, c := range s {
		if !(c >= '0' && c <= '9' || base == 16 && (c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F')) {
			return false
		}
	}
	return s != ""
}

// isLegalRune is XML 1.0 2.2.
func isLegalRune(n uint64) bool {
	return n == '\t' || n == '\n' || n == '\r' || n >= 0x20 && n <= 0xD7FF || n >= 0xE000 && n <= 0xFFFD ||
		n >= 0x10000 && n <= utf8.MaxRune
}

// characterOfHalves is the character of which a text begins with references to both halves, as
// programs write it that count in UTF-16 units, and their length; 0 if it does not.
func characterOfHalves(text []byte) (c rune, length int) {
	first, n := halfAt(text)
	if n == 0 {
		return 0, 0
	}
	second, m := halfAt(text[n:])
	if c = utf16.DecodeRune(first, second); m == 0 || c == utf8.RuneError {
		return 0, 0
	}
	return c, n + m
}

// halfAt is the UTF-16 unit of the reference that a text begins with, and its length.
func halfAt(text []byte) (unit rune, length int) {
	name, n := vocabulary.ReferenceAt(text)
	if n == 0 || name[0] != '#' {
		return 0, 0
	}
	digits, base := string(name[1:]), 10
	if hex := strings.TrimLeft(digits, "xX"); hex != digits {
		digits, base = hex, 16
	}
	u, err := strconv.ParseUint(digits, base, 16)
	if err != nil {
		return 0, 0
	}
	return rune(u), n
}

// hasOnlyReferences reports whether every "&" of a value begins a reference that XML has.
func hasOnlyReferences(value []byte) bool {
	for {
		i := bytes.IndexByte(value, '&')
		if i < 0 {
			return true
		}
		name, n := vocabulary.ReferenceAt(value[i:])
		if n == 0 {
			return false
		}
		switch string(name) {
		case "amp", "lt", "gt", "quot", "apos":
		default:
			if name[0] != '#' {
				return false
			}
			if _, fine, _ := resolveNumber(name[1:]); !fine {
				return false
			}
		}
		value = value[i+n:]
	}
}

// mendValue writes an attribute's value for XML.
func (r *references) mendValue(value []byte) string {
	var b strings.Builder
	for i := 0; i < len(value); {
		switch c := value[i]; c {
		case '<':
			b.WriteString("&lt;")
			i++
		case '"':
			b.WriteString("&quot;")
			i++
		case '&':
			name, n := vocabulary.ReferenceAt(value[i:])
			if n == 0 {
				b.WriteString("&amp;")
				i++
				continue
			}
			if text, fine, _ := r.resolveReference(name); fine {
				b.Write(value[i : i+n])
			} else {
				b.WriteString(strings.ReplaceAll(text, `"`, "&quot;"))
			}
			i += n
		default:
			b.WriteByte(c)
			i++
		}
	}
	return b.String()
}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// escapeText writes text for XML.
func escapeText(s string) string { return escaper.Replace(s) }
