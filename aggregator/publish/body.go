package publish

import (
	"html"
	"strconv"
	"strings"

	"fronteras/aggregator/news"
)

// Cut shortens a text to at most so many characters, at a word, with an ellipsis.
func Cut(text string, characters int) string {
	end := 0
	for at := range text {
		if end == characters {
			return cutAt(text[:at])
		}
		end++
	}
	return text
}

func cutAt(text string) string {
	if blank := strings.LastIndexByte(text, ' '); blank > len(text)/2 {
		text = text[:blank]
	}
	return strings.TrimRight(text, " ,;:–—-") + "…"
}

// paragraphs makes a fragment of bare text a paragraph.
func paragraphs(fragment string) string {
	if fragment == "" || strings.HasPrefix(fragment, "<p") || strings.Contains(fragment, "</p>") || strings.Contains(fragment, "<figure") {
		return fragment
	}
	if strings.HasPrefix(fragment, "<h") || strings.HasPrefix(fragment, "<ul") || strings.HasPrefix(fragment, "<ol") || strings.HasPrefix(fragment, "<blockquote") {
		return fragment
	}
	return "<p>" + fragment + "</p>"
}

// figure is the first picture with alternative text, caption and credit, for a
// body that lacks it: readers that take the body alone have no other way to it.
func figure(images []news.Image, body string) string {
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

// imageType is a picture's media type, read from its address where it was not said.
func imageType(i news.Image) string {
	if i.Type != "" {
		return i.Type
	}
	path, _, _ := strings.Cut(strings.ToLower(i.URL), "?")
	for ending, kind := range imageTypes {
		if strings.HasSuffix(path, ending) {
			return kind
		}
	}
	return ""
}

var imageTypes = map[string]string{
	".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".gif": "image/gif", ".webp": "image/webp", ".avif": "image/avif",
}
