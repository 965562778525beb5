package htmlclean

import (
	"strings"

	"golang.org/x/net/html"

	"fronteras/aggregator/feed/picture"
	"fronteras/aggregator/text"
)

// pictureSet is the attribute that gives an img the srcset of the source elements next to it. No document can write
// it: it has a blank.
const pictureSet = "srcset of source"

// pictureAddress finds the address of an img, "" if it shows no picture: the best of those that it gives, see
// [picture.SourcesOf], otherwise the best of the picture element around it.
func (w *writer) pictureAddress(attrs []htmlAttr) string { return w.pictureSource(attrs).Address }

// pictureSource is the address of an img, resolved, with the size of that picture; Address is "" if there is none.
func (w *writer) pictureSource(attrs []htmlAttr) picture.Source {
	all := make([]picture.Attribute, 0, len(attrs))
	for _, a := range attrs {
		all = append(all, picture.Attribute{Name: a.name, Value: a.value})
	}
	sources := picture.SourcesOf(all)
	if set := attributeValue(attrs, pictureSet); set != "" {
		sources = append(sources, picture.SourcesOf([]picture.Attribute{{Name: "srcset", Value: set}})...)
	}
	shown := w.shownBy(attrs)
	for _, s := range sources {
		if address := w.shownAddress(shown, s.Address); address != "" {
			s.Address = address
			return s
		}
	}
	return picture.Source{}
}

// Sizes are those of pictures, by their addresses in what was cleaned.
type Sizes map[string]picture.Source

// maxSized bounds the img elements that are looked at for their sizes.
const maxSized = 64

// PictureSizes returns the sizes of the pictures that [Clean] shows of a fragment, where srcset says them: the width
// and height of an img are those of its place on the page.
func PictureSizes(fragment, base string) Sizes {
	if len(fragment) > maxFragment || !strings.Contains(fragment, "srcset") {
		return nil
	}
	sizes := Sizes{}
	w := &writer{base: base}
	for range maxSized {
		at := strings.Index(fragment, "<img")
		if at < 0 {
			break
		}
		fragment = fragment[at:]
		end := tagLength(fragment)
		if end == 0 {
			end = len("<img")
		} else if s := w.pictureSource(attributesOf(fragment[:end])); s.Width > 0 {
			sizes[s.Address] = s
		}
		fragment = fragment[end:]
	}
	return sizes
}

// attributesOf reads the attributes of a start tag.
func attributesOf(tag string) (attrs []htmlAttr) {
	z := html.NewTokenizer(strings.NewReader(tag))
	z.Next()
	if _, more := z.TagName(); more {
		for more && len(attrs) < maxAttributesOfTag {
			var name, value []byte
			name, value, more = z.TagAttr()
			attrs = append(attrs, htmlAttr{string(name), text.WithoutControls(string(value))})
		}
	}
	return attrs
}

// addPictureSet gives an img in a picture element the srcset of the source elements before it.
func addPictureSet(img *html.Node, attrs []htmlAttr) []htmlAttr {
	if img.Parent == nil || img.Parent.Data != "picture" {
		return attrs
	}
	var sets []string
	for c := img.PrevSibling; c != nil && c.Data != "img"; c = c.PrevSibling {
		if c.Type != html.ElementNode || c.Data != "source" {
			continue
		}
		for _, a := range c.Attr {
			if (a.Key == "srcset" || a.Key == "data-srcset") && a.Val != "" {
				sets = append(sets, a.Val)
			}
		}
	}
	if sets == nil {
		return attrs
	}
	return append(attrs, htmlAttr{pictureSet, strings.Join(sets, ", ")})
}
