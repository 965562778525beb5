package publish

import (
	"encoding/xml"
	"strings"

	"fronteras/aggregator/news"
)

// The elements of Media RSS 1.5.1, in RSS and Atom. What is said of a picture stands within its own
// element: next to it, readers would take it for the item's.

type mediaContent struct {
	XMLName     xml.Name  `xml:"media:content"`
	URL         string    `xml:"url,attr"`
	Type        string    `xml:"type,attr,omitempty"`
	Medium      string    `xml:"medium,attr,omitempty"`
	FileSize    int64     `xml:"fileSize,attr,omitempty"`
	Duration    int       `xml:"duration,attr,omitempty"`
	Width       int       `xml:"width,attr,omitempty"`
	Height      int       `xml:"height,attr,omitempty"`
	Title       plainText `xml:"media:title,omitempty"`
	Description plainText `xml:"media:description,omitempty"`
	Credit      *mediaCredit
}

type mediaCredit struct {
	XMLName xml.Name `xml:"media:credit"`
	Role    string   `xml:"role,attr"`
	Scheme  string   `xml:"scheme,attr"`
	Name    string   `xml:",innerxml"` // of a plainText
}

type mediaThumbnail struct {
	XMLName xml.Name `xml:"media:thumbnail"`
	URL     string   `xml:"url,attr"`
	Width   int      `xml:"width,attr,omitempty"`
	Height  int      `xml:"height,attr,omitempty"`
}

// mediaImages are pictures with what is said of them.
func mediaImages(images []news.Image) []mediaContent {
	var list []mediaContent
	for _, i := range images {
		list = append(list, mediaImage(i))
	}
	return list
}

func mediaImage(i news.Image) mediaContent {
	m := mediaContent{
		URL: i.URL, Type: imageType(i), Medium: "image", Width: i.Width, Height: i.Height,
		Title: plainText(i.Alt), Description: plainText(i.Caption),
	}
	if i.Credit != "" {
		m.Credit = &mediaCredit{Role: "photographer", Scheme: "urn:ebu", Name: plainText(i.Credit).escaped()}
	}
	return m
}

// thumbnailOf is the small picture of an article: the one that its station gives, otherwise its
// first, for some readers look for a picture there alone.
func thumbnailOf(given news.Image, images []news.Image) news.Image {
	if given.URL == "" && len(images) > 0 {
		given = images[0]
	}
	return given
}

// mediaThumbnailOf is nil where there is no picture.
func mediaThumbnailOf(i news.Image) *mediaThumbnail {
	if i.URL == "" {
		return nil
	}
	return &mediaThumbnail{URL: i.URL, Width: i.Width, Height: i.Height}
}

// mediumOf is a media type as Media RSS sorts it.
func mediumOf(kind string) string {
	switch first, _, _ := strings.Cut(kind, "/"); first {
	case "audio", "video", "image":
		return first
	}
	return "document"
}

// imageType is a picture's media type, guessed from its address if the feed does not say.
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
	".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".gif": "image/gif",
	".webp": "image/webp", ".avif": "image/avif",
}
