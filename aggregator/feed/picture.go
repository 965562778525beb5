package feed

import (
	"regexp"
	"strconv"
	"strings"

	"fronteras/aggregator/feed/xmlrepair"
	"fronteras/aggregator/news"
	"fronteras/aggregator/text"
)

// withPicture adds the first picture of a cleaned body where an entry has none,
// and what the body says of it where the entry has the same.
func withPicture(images []news.Image, bodies ...string) []news.Image {
	for _, body := range bodies {
		picture, found := bodyPicture(body)
		if !found {
			continue
		}
		if len(images) == 0 {
			return []news.Image{picture}
		}
		for i := range images {
			if image := &images[i]; image.URL == picture.URL {
				image.Alt = first(image.Alt, picture.Alt)
				image.Caption = first(image.Caption, picture.Caption)
				image.Credit = first(image.Credit, picture.Credit)
			}
		}
		return images
	}
	return images
}

func first(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// bodyPicture reads the first picture of a cleaned fragment, with its caption
// and its credit.
func bodyPicture(body string) (news.Image, bool) {
	i := strings.Index(body, "<img ")
	if i < 0 {
		return news.Image{}, false
	}
	rest := body[i:]
	tag := []byte(rest[:strings.IndexByte(rest, '>')+1])
	rest = rest[len(tag):]
	image := news.Image{URL: xmlrepair.Attribute(tag, "src"), Alt: xmlrepair.Attribute(tag, "alt")}
	image.Width, _ = strconv.Atoi(xmlrepair.Attribute(tag, "width"))
	image.Height, _ = strconv.Atoi(xmlrepair.Attribute(tag, "height"))
	if strings.LastIndex(body[:i], "<figure>") > strings.LastIndex(body[:i], "</figure>") {
		figure, _, _ := strings.Cut(rest, "</figure>")
		if _, caption, found := strings.Cut(figure, "<figcaption>"); found {
			caption, _, _ = strings.Cut(caption, "</figcaption>")
			image.Caption = text.Shorten(title(caption), maxSummary)
		}
	}
	before, _, _ := strings.Cut(rest, "<img ")
	if m := pictureCredit.FindStringSubmatch(before[:min(len(before), 1024)]); m != nil {
		image.Credit = text.Shorten(title(m[1]), maxNameText)
	}
	return image, true
}

// pictureCredit is how NPR writes a credit below a picture.
var pictureCredit = regexp.MustCompile(`\(Image credit: ([^()<>]*(?:\([^()<>]*\)[^()<>]*)*)\)`)
