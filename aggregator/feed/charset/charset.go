// Package charset finds out in which character set a document is written, and gives it as UTF-8.
package charset

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"mime"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"

	"fronteras/aggregator/feed/damage"
	"fronteras/aggregator/text"
)

// Decode gives a document as UTF-8 without a mark, and what was wrong with it. The bytes decide
// before any label does: text in another charset passes for UTF-8 only when it is ASCII, while
// UTF-8 under a wrong label is common. A character cut in two at the very end is left out.
func Decode(body []byte, contentType string) ([]byte, []damage.Repair) {
	l := damage.NewLedger(nil)
	label := charsetLabel(body, contentType)
	decoded, name := decodeCharset(body, label)
	switch {
	case isOverruled(label, name, decoded):
		l.AddRepair(damage.Charset, -1, fmt.Sprintf("labelled %q, read as %s", text.Excerpt(label), name))
	case name == "utf-8" && !utf8.Valid(trimPartial(body)):
		l.AddRepair(damage.Charset, -1, "bytes that are not UTF-8, read as windows-1252")
	}
	if once, ok := decodeTwice(decoded); ok {
		l.AddRepair(damage.DoubleEncoded, -1, "the text was encoded as UTF-8 twice")
		decoded = once
	}
	return decoded, l.Repairs()
}

// decodeCharset gives the text and the name of the charset it was read as.
func decodeCharset(body []byte, label string) ([]byte, string) {
	if enc, name, mark := encodingByMark(body); name != "" {
		body = body[mark:]
		if enc == nil {
			return decodeMixedUTF8(trimByteMarks(body)), name
		}
		return decodeWith(enc, body), name
	}
	if enc, name := encodingByZeros(body); enc != nil {
		return decodeWith(enc, body), name
	}
	if strings.EqualFold(label, "iso-2022-jp") && bytes.Contains(body, []byte("\x1b$")) {
		enc, name := charset.Lookup(label)
		return decodeWith(enc, body), name
	}
	body = trimPartial(body)
	if utf8.Valid(body) {
		return body, "utf-8"
	}
	if good, bad := countSequences(body); good >= 10*bad || good >= bad && isLabelledUTF8(label) {
		return decodeMixedUTF8(body), "utf-8"
	}
	if text, name := decodeByLabel(body, label); name != "" {
		return text, name
	}
	return decodeWith(charmap.Windows1252, body), "windows-1252"
}

// isLabelledUTF8 reports whether a label names UTF-8, or nothing: then one valid sequence for each
// bad byte is enough, for text in another charset hardly ever holds one by chance.
func isLabelledUTF8(label string) bool {
	return label == "" || strings.EqualFold(label, "utf-8") || strings.EqualFold(label, "utf8")
}

// encodingByMark finds a byte order mark. A nil encoding with a name is UTF-8.
func encodingByMark(b []byte) (enc encoding.Encoding, name string, mark int) {
	switch {
	case bytes.HasPrefix(b, []byte("\xef\xbb\xbf")):
		return nil, "utf-8", 3
	case bytes.HasPrefix(b, []byte("\xff\xfe\x00\x00")):
		return utf32.UTF32(utf32.LittleEndian, utf32.IgnoreBOM), "utf-32le", 4
	case bytes.HasPrefix(b, []byte("\x00\x00\xfe\xff")):
		return utf32.UTF32(utf32.BigEndian, utf32.IgnoreBOM), "utf-32be", 4
	case bytes.HasPrefix(b, []byte("\xff\xfe")):
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), "utf-16le", 2
	case bytes.HasPrefix(b, []byte("\xfe\xff")):
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), "utf-16be", 2
	}
	return nil, "", 0
}

// encodingByZeros recognizes UTF-16 and UTF-32 without a mark by the NULs between ASCII characters.
func encodingByZeros(b []byte) (encoding.Encoding, string) {
	head := b[:min(len(b), 256)]
	zeros, even := 0, 0
	for i, c := range head {
		if c == 0 {
			zeros++
			if i%2 == 0 {
				even++
			}
		}
	}
	first := b[:min(len(b), 4)]
	starts := bytes.IndexByte(first, '<') >= 0 && bytes.Count(first, []byte{0}) >= 2
	if !starts && zeros*3 <= len(head) {
		return nil, ""
	}
	little := even*2 < zeros
	if zeros*8 > len(head)*5 { // three of four bytes, not one of two
		little = len(first) > 0 && first[0] != 0
		if little {
			return utf32.UTF32(utf32.LittleEndian, utf32.IgnoreBOM), "utf-32le"
		}
		return utf32.UTF32(utf32.BigEndian, utf32.IgnoreBOM), "utf-32be"
	}
	if little {
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), "utf-16le"
	}
	return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), "utf-16be"
}

// decodeByLabel decodes by the label, unless what comes out shows it to be wrong.
func decodeByLabel(body []byte, label string) ([]byte, string) {
	enc, name := charset.Lookup(label)
	if enc == nil || strings.HasPrefix(name, "utf-") {
		return nil, ""
	}
	text := decodeWith(enc, body)
	if bytes.Count(text, []byte("\uFFFD"))*200 > utf8.RuneCount(text) {
		return nil, ""
	}
	return text, name
}

// charsetLabel is what the header says, otherwise what the declaration says.
func charsetLabel(body []byte, contentType string) string {
	if _, params, err := mime.ParseMediaType(contentType); err == nil && params["charset"] != "" {
		return strings.Trim(params["charset"], ` '"`)
	}
	head := bytes.ReplaceAll(body[:min(len(body), 1024)], []byte{0}, nil)
	start := bytes.Index(head, []byte("<?xml"))
	if start < 0 {
		return ""
	}
	head = head[start:]
	if end := bytes.IndexByte(head, '>'); end >= 0 {
		head = head[:end]
	}
	_, after, ok := bytes.Cut(head, []byte("encoding"))
	if !ok {
		return ""
	}
	value := bytes.TrimLeft(after, " \t\r\n=\"'“”")
	if end := bytes.IndexAny(value, " \t\r\n\"'?“”"); end >= 0 {
		value = value[:end]
	}
	return string(value)
}

// isOverruled reports whether the label would have read the text otherwise.
func isOverruled(label, name string, text []byte) bool {
	if label == "" || isASCII(text) {
		return false
	}
	_, said := charset.Lookup(label)
	return said != name && !strings.HasPrefix(name, strings.ToLower(label)) // utf-16 says no order
}

func decodeWith(enc encoding.Encoding, b []byte) []byte {
	text, err := enc.NewDecoder().Bytes(b)
	if err != nil {
		return decodeMixedUTF8(b)
	}
	return bytes.TrimSuffix(text, []byte("\uFFFD")) // the end cut a character
}

// trimByteMarks takes off further marks: some writers put several in a row.
func trimByteMarks(b []byte) []byte {
	for bytes.HasPrefix(b, []byte("\xef\xbb\xbf")) {
		b = b[3:]
	}
	return b
}

// trimPartial takes off a UTF-8 sequence that the end of the document cut.
func trimPartial(b []byte) []byte {
	for back := 1; back <= 3 && back <= len(b); back++ {
		c := b[len(b)-back]
		if c < utf8.RuneSelf {
			return b
		}
		if utf8.RuneStart(c) {
			if !utf8.FullRune(b[len(b)-back:]) {
				return b[:len(b)-back]
			}
			return b
		}
	}
	return b
}

// countSequences counts valid sequences of two and more bytes, and the bytes that belong to none.
func countSequences(b []byte) (good, bad int) {
	for i := 0; i < len(b); {
		if b[i] < utf8.RuneSelf {
			i++
			continue
		}
		_, size := utf8.DecodeRune(b[i:])
		if _, units := decodeUnits(b[i:]); units > 0 {
			good, size = good+1, units
		} else if size == 1 {
			bad++
		} else {
			good++
		}
		i += size
	}
	return good, bad
}

// decodeMixedUTF8 reads each byte that belongs to no UTF-8 sequence as windows-1252. The halves of a
// character are joined, and dropped where one stands alone.
func decodeMixedUTF8(b []byte) []byte {
	b = trimPartial(b)
	if utf8.Valid(b) {
		return b
	}
	out := make([]byte, 0, len(b)+len(b)/8)
	for i := 0; i < len(b); {
		if character, size := decodeUnits(b[i:]); size > 0 {
			out = append(out, character...)
			i += size
			continue
		}
		r, size := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && size == 1 {
			r = charmap.Windows1252.DecodeByte(b[i])
		}
		out = utf8.AppendRune(out, r)
		i += size
	}
	return out
}

// minDoubleEncoded is how many characters outside ASCII a text must have before it is taken for
// encoded twice: a headline about "Ã©" stays.
const minDoubleEncoded = 8

// decodeTwice undoes a second encoding as UTF-8, as a whole or not at all: only where every
// character outside ASCII is one of windows-1252 and the bytes they stand for there are valid
// UTF-8.
func decodeTwice(b []byte) ([]byte, bool) {
	i := asciiPrefix(b)
	if i == len(b) {
		return nil, false
	}
	out := make([]byte, 0, 1024)
	out = append(out, b[:i]...)
	count, checked := 0, i
	for i < len(b) {
		if n := asciiPrefix(b[i:]); n > 0 {
			if !utf8.Valid(out[checked:]) {
				return nil, false
			}
			out = append(out, b[i:i+n]...)
			i, checked = i+n, len(out)
			continue
		}
		r, size := utf8.DecodeRune(b[i:])
		c, ok := encodeWindows1252(r)
		if !ok || c < utf8.RuneSelf {
			return nil, false
		}
		out = append(out, c)
		i += size
		count++
	}
	if count < minDoubleEncoded || !utf8.Valid(out[checked:]) {
		return nil, false
	}
	return out, true
}

// encodeWindows1252 is the byte of a character in windows-1252. Control characters are their own bytes:
// who encodes a second time takes the first's for ISO-8859-1 as often.
func encodeWindows1252(r rune) (byte, bool) {
	if r >= 0x80 && r < 0xA0 {
		return byte(r), true
	}
	return charmap.Windows1252.EncodeRune(r)
}

// DropIllegal leaves out the characters that XML 1.0 2.2 forbids, in a copy if there are any.
func DropIllegal(b []byte) ([]byte, []damage.Repair) {
	at := NextIllegal(b, 0)
	if at < 0 {
		return b, nil
	}
	l := damage.NewLedger(b)
	what := fmt.Sprintf("%U", firstRune(b[at:]))
	out := make([]byte, 0, len(b))
	from := 0
	for ; at >= 0; at = NextIllegal(b, from) {
		l.AddRepair(damage.IllegalCharacters, at, what)
		out = append(out, b[from:at]...)
		from = at + len(string(firstRune(b[at:])))
	}
	return append(out, b[from:]...), l.Repairs()
}

func firstRune(b []byte) rune {
	r, _ := utf8.DecodeRune(b)
	return r
}

// NextIllegal finds the first C0 control but tab and line ends, or U+FFFE or U+FFFF, at or after
// from; -1 if there is none. Eight bytes without any below 0x20 and without 0xEF are passed in one
// step.
func NextIllegal(b []byte, from int) int {
	const ones, high = 0x0101010101010101, 0x8080808080808080
	for i := from; i < len(b); {
		end := len(b)
		if i+8 <= end {
			w := binary.LittleEndian.Uint64(b[i:])
			ef := w ^ ones*0xEF
			if ((w-ones*0x20)&^w|(ef-ones)&^ef)&high == 0 {
				i += 8
				continue
			}
			end = i + 8
		}
		for ; i < end; i++ {
			switch c := b[i]; {
			case c < 0x20 && c != '\t' && c != '\n' && c != '\r':
				return i
			case c == 0xEF && i+2 < len(b) && b[i+1] == 0xBF && b[i+2] >= 0xBE:
				return i
			}
		}
	}
	return -1
}

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
