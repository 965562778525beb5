package publish

import (
	"html"
	"strconv"
	"strings"

	"fronteras/aggregator/markup"
	"fronteras/aggregator/news"
)

// truncateWords shortens a text to a number of characters at most, at a word, with an ellipsis.
func truncateWords(text string, characters int) string {
	count := 0
	for at := range text {
		if count == characters {
			text = text[:at]
			if blank := strings.LastIndexByte(text, ' '); blank > len(text)/2 {
				text = text[:blank]
			}
			return strings.TrimRight(text, " .…,;:–—-") + "…"
		}
		count++
	}
	return text
}

// truncateBytes shortens a text to a number of bytes at most, at a character, with an ellipsis.
func truncateBytes(text string, bytes int) string {
	if len(text) <= bytes {
		return text
	}
	const ellipsis = "…"
	end := max(bytes-len(ellipsis), 0)
	for end > 0 && text[end]&0xC0 == 0x80 {
		end--
	}
	return text[:end] + ellipsis
}

// asParagraphs makes a fragment of bare text a paragraph. One with a block in it is left as it is:
// that would end the paragraph for every reader, and the rest would be another text.
func asParagraphs(fragment string) string {
	if fragment == "" || markup.HasBlocks(fragment) {
		return fragment
	}
	return "<p>" + fragment + "</p>"
}

// figureFor is the first picture with alternative text, caption and credit, for a body that lacks
// it: readers that take the body alone have no other way to it.
func figureFor(images []news.Image, body string) string {
	if len(images) == 0 || strings.Contains(body, html.EscapeString(images[0].URL)) {
		return ""
	}
	i := images[0]
	var b strings.Builder
	b.WriteString(`<figure><img src="` + html.EscapeString(i.URL) + `" alt="` + html.EscapeString(i.Alt) + `"`)
	if i.Width > 0 && i.Height > 0 {
		b.WriteString(` width="` + strconv.Itoa(i.Width) + `" height="` + strconv.Itoa(i.Height) + `"`)
	}
	b.WriteString(`/>`)
	if caption := captionOf(i); caption != "" {
		b.WriteString(`<figcaption>` + html.EscapeString(caption) + `</figcaption>`)
	}
	return b.String() + "</figure>\n"
}

// thumbnailOf is the small picture of an article: the one that its station gives, otherwise its
// first, for some readers look for a picture there alone.
func thumbnailOf(given news.Image, images []news.Image) news.Image {
	if given.URL == "" && len(images) > 0 {
		given = images[0]
	}
	return given
}

// captionOf is a picture's caption, with the photographer at its end.
func captionOf(i news.Image) string {
	switch {
	case i.Credit == "":
		return i.Caption
	case i.Caption == "":
		return i.Credit
	}
	return i.Caption + " (" + i.Credit + ")"
}
