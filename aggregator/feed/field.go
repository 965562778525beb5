package feed

import (
	"encoding/base64"
	"strings"

	"fronteras/aggregator/feed/htmlclean"
	"fronteras/aggregator/feed/xmlrepair"
	"fronteras/aggregator/text"
)

// What a text construct is.
const (
	kindText = iota
	kindHTML
	kindNone // something that is no text
)

// kindOf says what an Atom text is by its type; other says what it is without.
func kindOf(d *xmlrepair.Document, c *xmlrepair.Child, other int) int {
	kind := strings.ToLower(strings.TrimSpace(xmlrepair.Attribute(d.Bytes(c.Tag), "type")))
	kind, _, _ = strings.Cut(kind, ";")
	switch {
	case c.Markup, kind == "html", kind == "text/html", strings.Contains(kind, "xhtml"):
		return kindHTML
	case kind == "":
		return other
	case kind == "text", strings.HasPrefix(kind, "text/"), kind == "plain", kind == "escaped":
		return kindText
	}
	return kindNone
}

// decodeBase64 undoes Atom 0.3's mode="base64".
func decodeBase64(d *xmlrepair.Document, c *xmlrepair.Child, text string) string {
	if !strings.EqualFold(xmlrepair.Attribute(d.Bytes(c.Tag), "mode"), "base64") {
		return text
	}
	if raw, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), "")); err == nil {
		return string(raw)
	}
	return text
}

// title makes a line of text of what a title says: tags of HTML's elements go,
// then references are decoded once more; what is no tag stays.
func title(s string) string {
	return text.Shorten(text.OneLine(htmlclean.DecodeReferences(htmlclean.StripTags(s))), maxTitle)
}
