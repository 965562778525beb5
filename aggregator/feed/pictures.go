package feed

import (
	"cmp"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	ext "github.com/mmcdole/gofeed/extensions"

	"fronteras/aggregator/feed/damage"
	"fronteras/aggregator/feed/htmlclean"
	"fronteras/aggregator/feed/picture"
	"fronteras/aggregator/feed/vocabulary"
	"fronteras/aggregator/feed/xmlrepair"
	"fronteras/aggregator/news"
)

// pictureOrigin is where a document shows a picture, in the order in which they are asked.
type pictureOrigin int

const (
	ofContent   pictureOrigin = iota // media:content
	ofThumbnail                      // media:thumbnail
	ofEnclosure
	ofArtwork // itunes:image
	ofText    // the first in the entry's text
)

// Widths in pixels. What is narrower than smallWidth is a thumbnail, whatever element it is in; a picture of which
// no width is known counts as usualWidth.
const (
	smallWidth = 480
	usualWidth = 640
)

// shownPicture is a picture that a document shows.
type shownPicture struct {
	news.Image
	origin pictureOrigin
}

// width is the width that is said of a picture, otherwise the one in its address, otherwise the usual one.
func (p shownPicture) width() int { return cmp.Or(p.Width, picture.WidthIn(p.URL), usualWidth) }

func (p shownPicture) isSmall() bool { return p.width() < smallWidth }

// pictureList is the pictures that a document shows of one entry, each address once.
type pictureList struct {
	page  string // the entry's, "" if it has none
	list  []shownPicture
	more  int // that are not taken
	notes *damage.Ledger
}

// add adds a picture. Of one whose address is there already, it adds what has not been said of it; but the
// alternative text of the page's own markup was written for those who do not see, and any other was not.
func (l *pictureList) add(origin pictureOrigin, image news.Image) {
	if image.URL == "" || htmlclean.IsNoPicture(htmlclean.Shown{
		Address: image.URL, Page: l.page, Alt: image.Alt,
		Width: sizeText(image.Width), Height: sizeText(image.Height),
	}) {
		return
	}
	for i := range l.list {
		if same := &l.list[i]; same.URL == image.URL {
			if origin == ofText {
				same.Alt = cmp.Or(image.Alt, same.Alt)
			}
			complete(&same.Image, image)
			return
		}
	}
	if len(l.list) == maxImages {
		l.more++
		return
	}
	l.list = append(l.list, shownPicture{image, origin})
}

func sizeText(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// complete adds to what is said of a picture what another place says of it.
func complete(image *news.Image, other news.Image) {
	image.Type = cmp.Or(image.Type, other.Type)
	if image.Width == 0 || image.Height == 0 && other.Width == image.Width {
		image.Width, image.Height = other.Width, other.Height
	}
	completeWords(image, other)
}

func completeWords(image *news.Image, other news.Image) {
	image.Alt = cmp.Or(image.Alt, other.Alt)
	image.Caption = cmp.Or(image.Caption, other.Caption)
	image.Credit = cmp.Or(image.Credit, other.Credit)
}

// chosen returns the entry's pictures, the story's first: those of the first place that shows any, the widest first;
// a wider thumbnail before them; before thumbnails alone, and what is no wider, the picture of the text. Of several
// sizes of one picture the widest stays.
func (l *pictureList) chosen() []news.Image {
	var places [ofText + 1][]shownPicture
	for _, p := range l.list {
		places[p.origin] = append(places[p.origin], p)
	}
	for _, place := range [...]pictureOrigin{ofContent, ofThumbnail} {
		slices.SortStableFunc(places[place], func(a, b shownPicture) int { return cmp.Compare(b.width(), a.width()) })
	}
	all, thumbnails := places[ofContent], places[ofThumbnail]
	if len(thumbnails) > 0 && (len(all) == 0 || thumbnails[0].Width > all[0].width()) {
		all = slices.Concat(withoutSmaller(thumbnails), all)
	}
	for _, place := range [...]pictureOrigin{ofEnclosure, ofArtwork} {
		if len(all) == 0 || place == ofEnclosure && len(places[place]) > 0 && isBeaten(all, places[place][0]) {
			all = slices.Concat(places[place], withoutThumbnails(all))
		}
	}
	if text := places[ofText]; len(text) > 0 && (len(all) == 0 || isBeaten(all, text[0])) {
		all = slices.Concat(text, withoutThumbnails(all))
	}
	return onceEach(all, l.list)
}

// thumbnailOf is the first media:thumbnail that may be smaller than the first of the chosen pictures, for elements
// stand in the order of their importance (Media RSS); zero if there is none. That it is another picture is the
// station's choice.
func (l *pictureList) thumbnailOf(chosen []news.Image) news.Image {
	if len(chosen) == 0 {
		return news.Image{}
	}
	largest := cmp.Or(chosen[0].Width, picture.WidthIn(chosen[0].URL), usualWidth+1)
	for _, p := range l.list {
		width := cmp.Or(p.Width, picture.WidthIn(p.URL))
		if p.origin == ofThumbnail && p.URL != chosen[0].URL && width < largest {
			return news.Image{URL: p.URL, Width: p.Width, Height: p.Height}
		}
	}
	return news.Image{}
}

// isBeaten reports whether pictures are small, and another one is not.
func isBeaten(all []shownPicture, by shownPicture) bool {
	return all[0].isSmall() && all[0].origin < by.origin && by.width() > all[0].width() && !by.isSmall()
}

// withoutSmaller returns thumbnails, the widest first, without those that are too small where it is not.
func withoutSmaller(thumbnails []shownPicture) []shownPicture {
	for n, t := range thumbnails {
		if t.isSmall() && n > 0 && !thumbnails[0].isSmall() {
			return thumbnails[:n]
		}
	}
	return thumbnails
}

func withoutThumbnails(all []shownPicture) []shownPicture {
	var others []shownPicture
	for _, p := range all {
		if p.origin != ofThumbnail {
			others = append(others, p)
		}
	}
	return others
}

// onceEach returns each picture once, in its widest size among those that the document shows, with all that it says
// of that file: the alternative text of the page's own markup before any other.
func onceEach(chosen, shown []shownPicture) []news.Image {
	files := make([]string, len(shown))
	for i, p := range shown {
		files[i] = cmp.Or(picture.FileOf(p.URL), p.URL)
	}
	var images []news.Image
	var had []string
	for _, p := range chosen {
		file := cmp.Or(picture.FileOf(p.URL), p.URL)
		if slices.Contains(had, file) {
			continue
		}
		had = append(had, file)
		best, image := p, p.Image
		for i, other := range shown {
			if files[i] == file && other.width() > best.width() && other.origin != ofArtwork {
				best, image = other, other.Image
			}
		}
		for i, other := range shown {
			if files[i] == file {
				if other.origin == ofText {
					image.Alt = cmp.Or(other.Alt, image.Alt)
				}
				completeWords(&image, other.Image)
			}
		}
		images = append(images, image)
	}
	return images
}

// addMediaPictures adds the pictures of media elements, each with what is said of it in its own element, otherwise
// in its group, otherwise in the item.
func addMediaPictures(l *pictureList, e *element, contents []mediaContent) {
	ofItem := mediaWords{}
	for _, c := range contents {
		if c.form() == "image" {
			addMediaPicture(l, ofContent, e, c, ofItem)
		}
	}
	for _, t := range mediaThumbnails(e.ext, contents) {
		addMediaPicture(l, ofThumbnail, e, t, ofItem)
	}
}

// mediaThumbnails returns the media:thumbnail elements of an item, with what stands around them.
func mediaThumbnails(x extensions, contents []mediaContent) []mediaContent {
	var found []mediaContent
	add := func(elements []ext.Extension, group *mediaGroup) {
		for _, t := range elements {
			found = append(found, mediaContent{t, group})
		}
	}
	add(x.elements(vocabulary.Media, "thumbnail"), nil)
	groups := map[*mediaGroup]bool{}
	for _, c := range contents {
		around := c.group
		if len(c.self.Children) > 0 {
			add(elementsNamed(c.self.Children, "thumbnail"), &mediaGroup{c.self, mediaWords{}})
		}
		if around != nil && !groups[around] {
			groups[around] = true
			add(elementsNamed(around.self.Children, "thumbnail"), around)
		}
	}
	for _, g := range x.elements(vocabulary.Media, "group") {
		if len(elementsNamed(g.Children, "content")) == 0 {
			add(elementsNamed(g.Children, "thumbnail"), &mediaGroup{g, mediaWords{}})
		}
	}
	return found
}

func addMediaPicture(l *pictureList, origin pictureOrigin, e *element, c mediaContent, ofItem mediaWords) {
	address := fileAddress(c.attribute("url"), e.base, e.notes)
	if address == "" {
		return
	}
	if len(l.list) == maxImages { // whatever is said of it
		l.add(origin, news.Image{URL: address})
		return
	}
	said := func(name string) string {
		text := firstMediaText(name, elementsNamed(c.self.Children, name), l.notes)
		if text == "" && c.group != nil {
			text = c.group.said.firstOf(name, elementsNamed(c.group.self.Children, name), l.notes)
		}
		if text == "" {
			text = ofItem.firstOf(name, itemWords(e, name), l.notes)
		}
		return text
	}
	l.add(origin, news.Image{
		URL: address, Type: mediaType(c.attribute("type")),
		Width: picture.SizeOf(c.attribute("width")), Height: picture.SizeOf(c.attribute("height")),
		Alt: alternativeText(said("title"), address), Caption: said("description"),
		Credit: cmp.Or(said("credit"), said("copyright")),
	})
}

// itemWords returns what media elements of an item say of its pictures. A credit of the role "author" is the
// item's byline.
func itemWords(e *element, name string) []ext.Extension {
	elements := e.ext.elements(vocabulary.Media, name)
	if name != "credit" {
		return elements
	}
	return slices.DeleteFunc(slices.Clone(elements), func(x ext.Extension) bool {
		return strings.EqualFold(x.Attrs["role"], "author")
	})
}

// alternativeText is a title as what stands for a picture, "" if it is only the name of a file: "dam-0417-final",
// "IMG_20417.jpg".
func alternativeText(title, address string) string {
	if strings.ContainsAny(title, " \u00a0") {
		return title
	}
	if fileName.MatchString(title) || isNameOf(title, address) {
		return ""
	}
	return title
}

// isNameOf reports whether a title is the name of the file at an address, with its ending or without.
func isNameOf(title, address string) bool {
	name, _, _ := strings.Cut(path.Base(address), "?")
	return strings.EqualFold(strings.TrimSuffix(title, path.Ext(title)), strings.TrimSuffix(name, path.Ext(name)))
}

// namesFile reports whether the alternative text of a page's markup is the name of a file. A word may be a name
// by chance: "heron" for heron.jpg.
func namesFile(alt, address string) bool {
	return pictureFile.MatchString(alt) || strings.ContainsAny(alt, "-_0123456789") && isNameOf(alt, address)
}

var pictureFile = regexp.MustCompile(`(?i)^\S+\.(?:jpe?g|png|gif|webp|avif|tiff?)$`)

// fileName is one word with an ending of a picture, or with digits behind a mark or letters.
var fileName = regexp.MustCompile(`(?i)^\S+\.(?:jpe?g|png|gif|webp|avif|tiff?)$|^\pL+[-_]?\d+[-_\pL\d]*$|` +
	`^[\pL\d]+(?:[-_][\pL\d]+)*[-_]\d+(?:[-_][\pL\d]+)*$`)

// addFirstOfTexts adds the first picture of the first cleaned text that shows one, with the sizes that are known of
// the pictures in it, and what that text says of the pictures that are there already.
func (l *pictureList) addFirstOfTexts(sizes htmlclean.Sizes, texts ...string) {
	for _, body := range texts {
		images := bodyPictures(body, l.notes)
		for n, image := range images {
			if size := sizes[image.URL]; size.Width > 0 {
				image.Width, image.Height = size.Width, size.Height
			}
			if n == 0 || slices.ContainsFunc(l.list, func(p shownPicture) bool { return p.URL == image.URL }) {
				l.add(ofText, image)
			} else {
				l.describe(image)
			}
		}
		if len(images) > 0 {
			return
		}
	}
}

// describe adds to a picture that is there what the text says of it in another size.
func (l *pictureList) describe(image news.Image) {
	file := picture.FileOf(image.URL)
	for i := range l.list {
		if same := &l.list[i]; file != "" && picture.FileOf(same.URL) == file {
			same.Alt = cmp.Or(image.Alt, same.Alt)
			completeWords(&same.Image, image)
		}
	}
}

// bodyPictures reads the pictures of a cleaned fragment, each with its caption and its credit.
func bodyPictures(body string, notes *damage.Ledger) []news.Image {
	var images []news.Image
	inFigure := false
	for len(images) < maxImages {
		before, rest, found := strings.Cut(body, "<img ")
		if !found {
			break
		}
		if begin, end := strings.LastIndex(before, "<figure"), strings.LastIndex(before, "</figure>"); begin != end {
			inFigure = begin > end
		}
		end := strings.IndexByte(rest, '>') + 1
		tag := []byte("<img " + rest[:end])
		body = rest[end:]
		image := news.Image{URL: xmlrepair.Attribute(tag, "src"), Alt: xmlrepair.Attribute(tag, "alt")}
		if namesFile(image.Alt, image.URL) {
			image.Alt = ""
		}
		image.Width, _ = strconv.Atoi(xmlrepair.Attribute(tag, "width"))
		image.Height, _ = strconv.Atoi(xmlrepair.Attribute(tag, "height"))
		behind, _, _ := strings.Cut(body, "<img ")
		if inFigure {
			figure, _, _ := strings.Cut(behind, "</figure>")
			if _, caption, found := strings.Cut(figure, "<figcaption"); found {
				_, caption, _ = strings.Cut(caption, ">")
				caption, _, _ = strings.Cut(caption, "</figcaption>")
				image.Caption = captionText(caption, maxSummary, notes)
			}
		}
		if m := pictureCredit.FindStringSubmatch(behind[:min(len(behind), 1024)]); m != nil {
			image.Credit = captionText(m[1], maxNameText, notes)
		}
		images = append(images, image)
	}
	return images
}

// pictureCredit is how NPR writes a credit below a picture.
var pictureCredit = regexp.MustCompile(`\(Image credit: ([^()<>]*(?:\([^()<>]*\)[^()<>]*)*)\)`)
