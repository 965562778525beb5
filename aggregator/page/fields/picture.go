package fields

import (
	"cmp"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"

	"fronteras/aggregator/feed/htmlclean"
	"fronteras/aggregator/feed/picture"
	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
	"fronteras/aggregator/page/tree"
	"fronteras/aggregator/text"
)

const (
	maxRendition  = 32  // source elements of one picture
	smallPicture  = 200 // pixels of a side below which a picture is a face or a button
	maxCaptionAt  = 6   // elements around a picture in which its caption is looked for
	maxBeforeHead = 3   // pictures in front of a headline that can be the story's
	maxAroundHead = 4   // elements around a headline in which they are
)

// foundPicture is the story's picture; without an address where there is none.
type foundPicture struct {
	image news.Image
	where string
	shown *html.Node // the element that shows it; nil: none does
}

// pictureOf takes the lead figure, otherwise the figure of what the head of the page names as its
// picture, otherwise the first of the text; then what the head names, and at last any other picture of
// the story.
func pictureOf(f *findings) foundPicture {
	named, namedFrom := namedPicture(f)
	p := layoutFigure(f)
	for _, isCandidate := range [...]func(*findings, *html.Node) bool{
		func(f *findings, img *html.Node) bool { return isInFigure(img) && isNear(f, img) },
		func(_ *findings, img *html.Node) bool {
			return named.URL != "" && isInFigure(img) && showsFile(img, named.URL)
		},
		func(f *findings, img *html.Node) bool { return isInFigure(img) && isInText(f, img) },
	} {
		if p.image.URL == "" {
			p = firstPicture(f, isCandidate)
		}
	}
	if p.image.URL == "" {
		p = foundPicture{image: named, where: namedFrom}
	}
	for _, isCandidate := range [...]func(*findings, *html.Node) bool{isInText, isNear, isInStory} {
		if p.image.URL == "" {
			p = firstPicture(f, isCandidate)
		}
	}
	if p.image.URL != "" {
		p.image = describedPicture(f, p.image)
	}
	return p
}

// layoutFigure is the picture of the element that a layout has for it.
func layoutFigure(f *findings) foundPicture {
	for _, m := range leadMarks {
		for _, lead := range f.ownMarked(m) {
			for _, img := range f.pictures {
				if tree.IsWithin(img, lead) && !isBeside(f.survey, img) {
					if image := imageOf(f, img); image.URL != "" {
						return foundPicture{image, fromLayout, img}
					}
				}
			}
		}
	}
	return foundPicture{}
}

// firstPicture is the first picture of the story that is a candidate.
func firstPicture(f *findings, isCandidate func(*findings, *html.Node) bool) foundPicture {
	for _, img := range f.pictures {
		if !f.isForeign(img) && !isBeside(f.survey, img) && isCandidate(f, img) {
			if image := imageOf(f, img); image.URL != "" {
				return foundPicture{image, fromHTML, img}
			}
		}
	}
	return foundPicture{}
}

// isNear reports whether a picture stands near the headline: behind it, before the text has gone on,
// or right in front of it.
func isNear(f *findings, img *html.Node) bool {
	if f.shown == nil {
		return false
	}
	if at, head := f.order[img], headOrder(f); at < head {
		return at >= head-maxBeforeHead && isRightBefore(f, img)
	}
	for n := img; n != nil && !f.around[n]; n = n.Parent {
		if slices.Contains(f.near, n) {
			return slices.Contains(f.near, img)
		}
	}
	return false
}

// isRightBefore reports whether a picture is in what is closely around the headline.
func isRightBefore(f *findings, img *html.Node) bool {
	around := f.shown
	for range maxAroundHead {
		if around.Parent == nil || tree.IsElement(around.Parent, "main", "body") {
			break
		}
		around = around.Parent
	}
	return tree.IsWithin(img, around)
}

// headOrder is the place of the headline among headings and pictures.
func headOrder(f *findings) int {
	for n := f.shown; n != nil; n = n.Parent {
		if at := f.order[n]; at > 0 {
			return at
		}
	}
	return 0
}

// isInStory reports whether a picture is in the article element around the headline.
func isInStory(f *findings, img *html.Node) bool {
	return f.story != nil && tree.IsWithin(img, f.story)
}

// showsFile reports whether an img shows the same file as an address.
func showsFile(img *html.Node, address string) bool {
	file := picture.FileOf(address)
	return file != "" && slices.ContainsFunc(sourcesOf(img), func(s picture.Source) bool {
		return picture.FileOf(link.Resolve(address, s.Address)) == file
	})
}

// isInText reports whether an element is in one that the layouts have for the text.
func isInText(f *findings, n *html.Node) bool {
	for _, m := range bodyMarks {
		for _, body := range f.marked[m.name] {
			if tree.IsWithin(n, body) {
				return true
			}
		}
	}
	return len(f.props["articleBody"]) > 0 && tree.IsWithin(n, f.props["articleBody"][0])
}

// isBeside reports a picture that is shown next to a name, or is too small for a story's.
func isBeside(s *survey, img *html.Node) bool {
	width, height := picture.SizeOf(tree.Attribute(img, "width")), picture.SizeOf(tree.Attribute(img, "height"))
	if width > 0 && width < smallPicture && height < 2*smallPicture {
		return true
	}
	for n, left := img, maxCaptionAt; n != nil && left > 0 && !s.around[n]; n, left = n.Parent, left-1 {
		if n.Type == html.ElementNode && hasClassWord(n, besidePictures) {
			return true
		}
	}
	return false
}

var besidePictures = tree.SetOf("author authors byline avatar bio headshot contributor logo icon share social ad ads " +
	"advert advertisement")

// isInFigure reports whether a picture is in an element that shows pictures with captions.
func isInFigure(img *html.Node) bool {
	for n, left := img.Parent, maxCaptionAt; n != nil && left > 0; n, left = n.Parent, left-1 {
		if tree.IsElement(n, "figure") || n.Type == html.ElementNode && hasClass(n, figureClasses) {
			return true
		}
	}
	return false
}

var figureClasses = tree.SetOf(`wp-caption wp-block-image wp-block-cover figure image-wrapper image-container imagewrap
	media-image field--type-image field-type-image media--image entity-media-image caption-img article-image photo`)

// imageOf is the picture of an img element, at its widest, with what is said of it there; without an
// address if it is none.
func imageOf(f *findings, img *html.Node) news.Image {
	alt := altOf(img)
	for _, s := range sourcesOf(img) {
		address := link.Resolve(f.Base, s.Address)
		if address == "" || len(address) > MaxAddress || bareDescriptor.MatchString(s.Address) ||
			isSitePicture(address) || htmlclean.IsNoPicture(htmlclean.Shown{
			Address: address, Page: f.address, Alt: alt, Class: tree.Attribute(img, "class"),
			Style: tree.Attribute(img, "style"), Width: shownSize(s.Width), Height: shownSize(s.Height),
		}) {
			continue
		}
		if width := widthOf(s); width > 0 && width < smallPicture && s.Height < smallPicture {
			continue
		}
		image := news.Image{URL: address, Type: pictureType(address), Width: s.Width, Height: s.Height, Alt: alt}
		image.Caption, image.Credit = captionOf(f.survey, img)
		return image
	}
	return news.Image{}
}

// bareDescriptor is what stands behind an address in srcset, where that is missing.
var bareDescriptor = regexp.MustCompile(`^[0-9.]+[wxh]$`)

func shownSize(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// altOf is what an img says for those who do not see it; nothing where that is a file's name.
func altOf(img *html.Node) string {
	alt := text.Shorten(text.OneLine(text.Shorten(tree.Attribute(img, "alt"), maxWritten)), maxTitle)
	if pictureTypes[strings.ToLower(path.Ext(alt))] != "" && !strings.Contains(alt, " ") {
		return ""
	}
	return alt
}

// sourcesOf returns the addresses of an img's picture, the best first: those of the source elements
// next to it count too, those of noscript where there are no others. Of equal widths the one that
// every reader shows comes first.
func sourcesOf(img *html.Node) []picture.Source {
	all := picture.SourcesOf(attributesOf(img))
	if tree.IsElement(img.Parent, "picture") {
		left := maxRendition
		for n := img.Parent.FirstChild; n != nil && left > 0; n, left = n.NextSibling, left-1 {
			if !tree.IsElement(n, "source") {
				continue
			}
			found := picture.SourcesOf(attributesOf(n))
			all = append(all, found[:min(len(found), 1)]...)
		}
		slices.SortStableFunc(all, func(a, b picture.Source) int {
			return cmp.Or(cmp.Compare(widthOf(b), widthOf(a)), cmp.Compare(isModern(a.Address), isModern(b.Address)))
		})
	}
	if len(all) > 0 {
		return all
	}
	return noscriptSources(img)
}

func widthOf(s picture.Source) int { return cmp.Or(s.Width, picture.WidthIn(s.Address)) }

// isModern is 1 for forms of pictures that not every reader shows.
func isModern(address string) int {
	if low := strings.ToLower(address); strings.Contains(low, "webp") || strings.Contains(low, "avif") {
		return 1
	}
	return 0
}

// attributesOf returns an element's attributes. Carousels have their own for an address.
func attributesOf(n *html.Node) []picture.Attribute {
	var all []picture.Attribute
	for _, a := range n.Attr {
		name := a.Key
		if name == "data-flickity-lazyload" {
			name = "data-src"
		}
		if n.Data == "source" && (name == "width" || name == "height") {
			continue // of the layout
		}
		all = append(all, picture.Attribute{Name: name, Value: a.Val})
	}
	return all
}

// noscriptSources returns what stands in a noscript next to an img whose address a script sets.
func noscriptSources(img *html.Node) []picture.Source {
	for n, left := img.NextSibling, 3; n != nil && left > 0; n, left = n.NextSibling, left-1 {
		if !tree.IsElement(n, "noscript") || n.FirstChild == nil || n.FirstChild.Type != html.TextNode ||
			len(n.FirstChild.Data) > maxElement {
			continue
		}
		z := html.NewTokenizer(strings.NewReader(n.FirstChild.Data))
		for z.Next() != html.ErrorToken {
			if t := z.Token(); t.Data == "img" {
				return picture.SourcesOf(attributesOf(&html.Node{Data: t.Data, Attr: t.Attr}))
			}
		}
	}
	return nil
}

// pictureTypes are the media types of pictures by the endings of their names.
var pictureTypes = map[string]string{
	".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".gif": "image/gif", ".webp": "image/webp",
	".avif": "image/avif",
}

// pictureType is the media type of a picture by the ending of its name; of a proxy, by what it asks
// of it, or the name of the file behind it.
func pictureType(address string) string {
	if strings.Contains(address, "/format/webp/") {
		return "image/webp"
	}
	name, query, _ := strings.Cut(address, "?")
	name, _, _ = strings.Cut(name, "#")
	if kind := pictureTypes[strings.ToLower(path.Ext(name))]; kind != "" {
		return kind
	}
	if inner, found := strings.CutPrefix(query, "url="); found {
		inner, _, _ = strings.Cut(inner, "&")
		return pictureTypes[strings.ToLower(path.Ext(inner))]
	}
	return ""
}
