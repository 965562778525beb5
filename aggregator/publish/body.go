package publish

import (
	"strings"

	"fronteras/aggregator/markup"
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
