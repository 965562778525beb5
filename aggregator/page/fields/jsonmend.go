package fields

import (
	"strings"
	"unicode/utf8"

	"fronteras/aggregator/feed/charset"
)

// maxJSONDepth is how many objects and lists a block of JSON-LD may hold inside one another.
const maxJSONDepth = 32

// mendJSON makes valid JSON of what pages have in their blocks of JSON-LD: it takes off the marks of
// comments and CDATA around it, comments inside, commas too many and what stands behind the end of a
// value; it adds commas that are missing, and the ends of what is cut off; in strings it escapes
// controls, and quotation marks behind which no string can end. Values that stand one after another
// become a list. It is "" where there is no value, or it is nested too deep. Valid JSON keeps its
// meaning.
func mendJSON(s string) string {
	whole, _ := charset.DropHalves([]byte(strings.TrimPrefix(s, "\uFEFF")))
	m := jsonMender{s: string(whole)}
	m.out.Grow(len(s) + 16)
	m.out.WriteByte('[')
	for m.skipBlanks(); m.at < len(m.s); m.skipBlanks() {
		if !m.mendToken() {
			return ""
		}
	}
	for len(m.open) > 0 {
		m.close()
	}
	m.out.WriteByte(']')
	return m.out.String()
}

// jsonMender reads JSON from left to right and writes it mended.
type jsonMender struct {
	s    string
	at   int
	out  strings.Builder
	open []byte // the brackets that are open: '{' and '['

	state    jsonState
	wasComma bool
}

// jsonState is what may follow in what is open.
type jsonState int

const (
	wantValue jsonState = iota // of a list, or of the whole text
	wantKey
	wantColon
	wantMember // the value behind a key
	wantComma  // behind a value
)

// skipBlanks goes on to the next character that means something.
func (m *jsonMender) skipBlanks() {
	for m.at < len(m.s) {
		rest := m.s[m.at:]
		switch {
		case rest[0] <= ' ' || rest[0] == ';' || rest[0] == 0x7F:
			m.at++
		case strings.HasPrefix(rest, "\u00a0") || strings.HasPrefix(rest, "\uFEFF"):
			_, size := utf8.DecodeRuneInString(rest)
			m.at += size
		default:
			n := wrappingLength(rest)
			if n == 0 {
				return
			}
			m.at += n
		}
	}
}

// wrappingLength is the length of the comment, or of the mark around JSON, that a text begins with.
func wrappingLength(s string) int {
	for _, mark := range [...]string{"<!--", "-->", "<![CDATA[", "]]>"} {
		if strings.HasPrefix(s, mark) {
			return len(mark)
		}
	}
	switch {
	case strings.HasPrefix(s, "//"):
		if end := strings.IndexAny(s, "\r\n"); end >= 0 {
			if mark := strings.Index(s[:end], "<![CDATA["); mark >= 0 {
				return mark + len("<![CDATA[")
			}
			return end
		}
		if mark := strings.Index(s, "<![CDATA["); mark >= 0 {
			return mark + len("<![CDATA[")
		}
		return len(s)
	case strings.HasPrefix(s, "/*"):
		if end := strings.Index(s, "*/"); end >= 0 {
			return end + len("*/")
		}
		return len(s)
	}
	return 0
}

// mendToken reads what begins here; false where it is nested too deep.
func (m *jsonMender) mendToken() bool {
	switch c := m.s[m.at]; {
	case c == '{' || c == '[':
		m.at++
		if m.state == wantKey || m.state == wantColon || m.state == wantComma && m.isInObject() {
			return true // there is no key that it could be the value of
		}
		m.beginValue()
		m.out.WriteByte(c)
		m.open = append(m.open, c)
		m.state = wantValue
		if c == '{' {
			m.state = wantKey
		}
		return len(m.open) <= maxJSONDepth
	case c == '}' || c == ']':
		m.at++
		if len(m.open) > 0 && (m.open[len(m.open)-1] == '{') == (c == '}') {
			m.close()
		}
	case c == ',':
		m.at++
		if m.state == wantMember {
			m.out.WriteString("null")
			m.state = wantComma
		}
		if m.state == wantComma {
			m.separate()
		}
	case c == ':':
		m.at++
		if m.state == wantColon {
			m.out.WriteByte(':')
			m.state = wantMember
		}
	case c == '"':
		m.mendString()
	default:
		m.mendWord()
	}
	return true
}

// separate notes that another value may follow: the comma is written when it does.
func (m *jsonMender) separate() {
	m.wasComma = true
	m.state = wantValue
	if m.isInObject() {
		m.state = wantKey
	}
}

func (m *jsonMender) isInObject() bool { return len(m.open) > 0 && m.open[len(m.open)-1] == '{' }

// beginValue writes what must stand before a value, or a key.
func (m *jsonMender) beginValue() {
	if m.state == wantComma {
		m.separate()
	}
	if m.wasComma {
		m.out.WriteByte(',')
	}
	m.wasComma = false
}

// endValue notes that a value, or a key, is written.
func (m *jsonMender) endValue(wasKey bool) {
	m.state = wantComma
	if wasKey {
		m.state = wantColon
	}
}

// close ends what was opened last.
func (m *jsonMender) close() {
	switch m.state {
	case wantColon:
		m.out.WriteString(":null")
	case wantMember:
		m.out.WriteString("null")
	}
	last := m.open[len(m.open)-1]
	m.open = m.open[:len(m.open)-1]
	if last == '{' {
		m.out.WriteByte('}')
	} else {
		m.out.WriteByte(']')
	}
	m.state, m.wasComma = wantComma, false
}

// mendString reads a string.
func (m *jsonMender) mendString() {
	if m.state == wantColon { // a key without a value
		m.out.WriteString(":null")
		m.state = wantComma
	}
	m.beginValue()
	isKey := m.state == wantKey
	m.at++
	m.out.WriteByte('"')
	for m.at < len(m.s) {
		switch c := m.s[m.at]; {
		case c == '"':
			m.at++
			if m.endsString(isKey) {
				m.out.WriteByte('"')
				m.endValue(isKey)
				return
			}
			m.out.WriteString(`\"`)
		case c == '\\':
			m.mendEscape()
		case c == '\n' || c == '\t' || c == '\r':
			m.at++
			m.out.WriteByte(' ')
		case c < ' ':
			m.at++
		default:
			m.out.WriteByte(c)
			m.at++
		}
	}
	m.out.WriteByte('"')
	m.endValue(isKey)
}

// mendEscape reads a backslash in a string and what it escapes.
func (m *jsonMender) mendEscape() {
	m.at++
	if m.at == len(m.s) {
		return
	}
	c := m.s[m.at]
	switch {
	case strings.IndexByte(`"\/bfnrt`, c) >= 0:
		m.out.WriteByte('\\')
		m.out.WriteByte(c)
		m.at++
	case c == 'u' && isHex(m.s[m.at+1:min(m.at+5, len(m.s))]):
		m.out.WriteByte('\\')
		m.out.WriteString(m.s[m.at : m.at+5])
		m.at += 5
	case c == '\'':
		m.out.WriteByte(c)
		m.at++
	case c < ' ': // a line that goes on
		m.at++
	default:
		m.out.WriteString(`\\`)
	}
}

// isHex reports whether a text is four hexadecimal digits.
func isHex(s string) bool { return len(s) == 4 && strings.Trim(s, "0123456789abcdefABCDEF") == "" }

// endsString reports whether a string can end at the quotation mark that was read: what follows in
// valid JSON follows, or a line ends and the next begins with another string.
func (m *jsonMender) endsString(isKey bool) bool {
	rest := m.s[m.at:]
	next := strings.TrimLeft(rest, " \t\r\n")
	switch {
	case next == "":
		return true
	case isKey:
		return next[0] == ':' || next[0] == '}' || next[0] == ','
	case next[0] == '}' || next[0] == ']' || wrappingLength(next) > 0:
		return true
	case next[0] == ',':
		after := strings.TrimLeft(next[1:], " \t\r\n")
		return after == "" || m.mayFollowComma(after)
	case next[0] == '"':
		return strings.ContainsAny(rest[:len(rest)-len(next)], "\r\n")
	}
	return false
}

// mayFollowComma reports whether a text can follow a comma in what is open.
func (m *jsonMender) mayFollowComma(s string) bool {
	if wrappingLength(s) > 0 {
		return true
	}
	if m.isInObject() {
		return s[0] == '"' || s[0] == '}' || s[0] == ','
	}
	return strings.IndexByte(`"{[]},-0123456789`, s[0]) >= 0 || strings.HasPrefix(s, "true") ||
		strings.HasPrefix(s, "false") || strings.HasPrefix(s, "null")
}

// mendWord reads what is not in quotation marks: a number, true, false, null. Anything else is null.
func (m *jsonMender) mendWord() {
	from := m.at
	for m.at < len(m.s) && m.s[m.at] > ' ' && strings.IndexByte(`,:{}[]"`, m.s[m.at]) < 0 {
		m.at++
	}
	word := m.s[from:m.at]
	switch {
	case m.state == wantColon, m.state == wantComma: // what is left of something
		return
	case m.state == wantKey: // written as JavaScript allows
		m.beginValue()
		m.out.WriteByte('"')
		m.out.WriteString(strings.ReplaceAll(strings.ToValidUTF8(word, ""), `\`, ""))
		m.out.WriteByte('"')
		m.endValue(true)
		return
	}
	m.beginValue()
	switch {
	case word == "true" || word == "false" || word == "null" || isJSONNumber(word):
		m.out.WriteString(word)
	default:
		m.out.WriteString("null")
	}
	m.endValue(false)
}

// isJSONNumber reports whether a word is a number as JSON writes them, of at most 32 characters.
func isJSONNumber(s string) bool {
	if len(s) > 32 {
		return false
	}
	s = strings.TrimPrefix(s, "-")
	whole := s[:len(s)-len(strings.TrimLeft(s, "0123456789"))]
	if whole == "" || len(whole) > 1 && whole[0] == '0' {
		return false
	}
	s = s[len(whole):]
	if fraction, found := strings.CutPrefix(s, "."); found {
		s = strings.TrimLeft(fraction, "0123456789")
		if len(s) == len(fraction) {
			return false
		}
	}
	if s == "" {
		return true
	}
	if s[0] != 'e' && s[0] != 'E' {
		return false
	}
	digits := strings.TrimLeft(s[1:], "+-")
	return digits != "" && len(s)-len(digits) <= 2 && strings.Trim(digits, "0123456789") == ""
}
