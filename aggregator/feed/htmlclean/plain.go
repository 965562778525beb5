package htmlclean

import (
	"bytes"
	"strings"

	"golang.org/x/net/html"

	"fronteras/aggregator/feed/vocabulary"
	"fronteras/aggregator/text"
)

// stripMarkup gives markup up and keeps its text, a line for each block.
func stripMarkup(fragment string, limit int) string {
	z := html.NewTokenizer(strings.NewReader(fragment))
	var out []byte
	skip := ""
	for len(out) < 2*limit {
		switch z.Next() {
		case html.ErrorToken:
			return PlainText(string(out), limit)
		case html.TextToken:
			if skip == "" {
				out = append(out, z.Token().Data...)
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			raw, _ := z.TagName()
			switch part := elements[string(raw)].part; {
			case skip == "" && rawText[string(raw)]:
				skip = string(raw)
			case part != partInline && part != partKept:
				out = append(out, '\n')
			}
		case html.EndTagToken:
			if raw, _ := z.TagName(); string(raw) == skip {
				skip = ""
			}
		}
	}
	return PlainText(string(out), limit)
}

// rawText lists the elements whose content is not text for a reader.
var rawText = vocabulary.SetOf(
	"script", "style", "template", "noscript", "title", "textarea", "xmp", "iframe", "noembed", "noframes",
)

// PlainText is a fragment that shows a text, in at most limit bytes.
func PlainText(value string, limit int) string {
	w := &writer{limit: limit}
	w.writeText(strings.TrimSpace(text.WithoutControls(value)))
	return string(bytes.TrimSpace(w.out))
}

// Paragraphs makes a fragment of plain text, in at most limit bytes: blank lines part paragraphs.
func Paragraphs(value string, limit int) string {
	w := &writer{limit: limit}
	for _, part := range strings.Split(strings.TrimSpace(text.WithoutControls(value)), "\n\n") {
		if part = strings.TrimSpace(part); part != "" {
			w.beginElement("p", nil)
			w.writeText(part)
			w.endElement()
		}
	}
	return w.cleaned()
}
