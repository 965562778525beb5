package page

import (
	"net/url"

	"codeberg.org/readeck/go-readability/v2"
	"golang.org/x/net/html"

	"fronteras/aggregator/news"
)

// maxLibraryWork is what go-readability may be given: the bytes of a page's texts, each counted as
// often as there are elements around it, since it reads each element's text again. Of 1,900 pages one
// has 15 MiB.
const maxLibraryWork = 48 << 20

// placeByLibrary has go-readability find the text, in a copy of a page.
func placeByLibrary(root *html.Node, base string) place {
	if nestedText(root) > maxLibraryWork {
		return place{}
	}
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
	return place{node: article.Node, way: news.WayLibrary}
}

// nestedText sums up the texts below a node, in bytes, each times the elements around it.
func nestedText(root *html.Node) int {
	sum, depth := 0, 0
	for n := root; ; {
		if n.Type == html.TextNode {
			sum += depth * len(n.Data)
		}
		if n.FirstChild != nil {
			n = n.FirstChild
			depth++
			continue
		}
		for n != root && n.NextSibling == nil {
			n = n.Parent
			depth--
		}
		if n == root {
			return sum
		}
		n = n.NextSibling
	}
}
