package page

import (
	"net/url"

	"codeberg.org/readeck/go-readability/v2"
	"golang.org/x/net/html"

	"fronteras/aggregator/news"
)

// placeByLibrary has go-readability find the text, in a copy of a page.
func placeByLibrary(root *html.Node, base string) place {
	address, err := url.Parse(base)
	if err != nil {
		address = &url.URL{}
	}
	parser := readability.NewParser()
	parser.DisableJSONLD = true
	parser.KeepClasses = true
	article, err := parser.ParseDocument(root, address)
	if err != nil || article.Node == nil {
		return place{}
	}
	return place{article.Node, news.WayLibrary, false}
}
