package publish

import (
	"encoding/xml"
	"strings"
)

// plainText is a text of an RSS document that is no HTML: a headline, a name, a topic. Its "&", "<"
// and ">" are written as hexadecimal references, which by the tests of the RSS Advisory Board's
// profile most readers show as these characters, whether they take such texts for HTML or not.
type plainText string

// MarshalXML implements [xml.Marshaler].
func (t plainText) MarshalXML(e *xml.Encoder, start xml.StartElement) error {
	return e.EncodeElement(struct {
		XML string `xml:",innerxml"`
	}{t.escaped()}, start)
}

// escaped is the text as it stands in a document.
func (t plainText) escaped() string { return hexadecimal.Replace(string(escapeXML(string(t)))) }

var hexadecimal = strings.NewReplacer("&amp;", "&#x26;", "&lt;", "&#x3C;", "&gt;", "&#x3E;")

// plainTexts are texts as elements of one name.
func plainTexts(values []string) []plainText {
	var list []plainText
	for _, value := range values {
		list = append(list, plainText(value))
	}
	return list
}

// htmlText is HTML that shows a plain text: readers take what RSS calls a description for HTML. An
// "&" that no reader can take for the beginning of a reference stays, so that those that take it
// for text show as much of it as can be as it is.
func htmlText(text string) string {
	if !strings.ContainsAny(text, "&<>") {
		return text
	}
	var b strings.Builder
	for i, c := range []byte(text) {
		switch {
		case c == '<':
			b.WriteString("&lt;")
		case c == '>':
			b.WriteString("&gt;")
		case c == '&' && i+1 < len(text) && beginsReference(text[i+1]):
			b.WriteString("&amp;")
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// beginsReference reports whether a reference may go on with a character behind its "&".
func beginsReference(c byte) bool {
	return c == '#' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// htmlTextWithin is htmlText in a number of bytes at most, with an ellipsis where it is cut: at a
// character, and not within a reference.
func htmlTextWithin(text string, bytes int) string {
	escaped := htmlText(text)
	cut := truncateBytes(escaped, bytes)
	if cut == escaped {
		return cut
	}
	kept := strings.TrimSuffix(cut, "…")
	if at := strings.LastIndexByte(kept, '&'); at >= 0 && strings.IndexByte(kept[at:], ';') < 0 {
		for _, reference := range []string{"&lt;", "&gt;", "&amp;"} {
			if strings.HasPrefix(escaped[at:], reference) {
				kept = kept[:at]
				break
			}
		}
	}
	return kept + "…"
}
