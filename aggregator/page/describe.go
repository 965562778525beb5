package page

import (
	"strings"

	"golang.org/x/net/html"

	"fronteras/aggregator/page/tree"
	"fronteras/aggregator/text"
)

const (
	maxPictureTitle = 500 // bytes of what is said of a picture
	captionLevels   = 3   // from a caption up to what holds its picture as well
)

// describePicture keeps what a caption says, and whose the picture is, as the title of the picture in
// the text: a caption is no text, and a picture without its credit is to be shown by nobody. The
// element holds the caption, or stands with it near the picture; where there are several pictures, it
// is not known which is meant.
func describePicture(n *html.Node, caption string) {
	caption = text.Fold(caption)
	for level := 0; level <= captionLevels && n != nil && caption != ""; level++ {
		first := firstElement(n, "img")
		if first == nil {
			n = n.Parent
			continue
		}
		for other := tree.Following(first, n, false); other != nil; other = tree.Following(other, n, false) {
			if tree.IsElement(other, "img") {
				return
			}
		}
		said := tree.Attribute(first, "title")
		if !strings.Contains(said, caption) {
			setAttribute(first, "title", text.Shorten(strings.TrimSpace(said+" "+caption), maxPictureTitle))
		}
		return
	}
}

func setAttribute(n *html.Node, name, value string) {
	for i := range n.Attr {
		if n.Attr[i].Key == name && n.Attr[i].Namespace == "" {
			n.Attr[i].Val = value
			return
		}
	}
	n.Attr = append(n.Attr, html.Attribute{Key: name, Val: value})
}
