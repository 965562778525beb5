package feed

import (
	"cmp"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	ext "github.com/mmcdole/gofeed/extensions"
	"github.com/mmcdole/gofeed/rss"

	"fronteras/aggregator/feed/damage"
	"fronteras/aggregator/feed/htmlclean"
	"fronteras/aggregator/feed/vocabulary"
	"fronteras/aggregator/feed/xmlrepair"
	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
	"fronteras/aggregator/text"
)

// attachment is sound, film or a picture as a document writes it.
type attachment struct {
	address, kind, length, duration string
	base                            string
}

// rssEnclosures returns an item's enclosures, resolved against a base.
func rssEnclosures(x *rss.Item, base string) []attachment {
	var all []attachment
	for _, e := range x.Enclosures {
		all = append(all, attachment{address: e.URL, kind: e.Type, length: e.Length, base: base})
	}
	return all
}

// readMedia reads an entry's enclosures and pictures. The texts are its content and summary,
// cleaned: what they show counts as well.
func readMedia(
	e *element, enclosed []attachment, links []writtenLink, texts ...string,
) ([]news.Enclosure, []news.Image) {
	for _, l := range links {
		if l.rel == "enclosure" {
			enclosed = append(enclosed, attachment{l.href, l.kind, l.length, "", l.base})
		}
	}
	contents := mediaContents(e.ext)
	var enclosures enclosureList
	var pictures []news.Image
	for _, a := range enclosed {
		if isPictureFile(a) {
			pictures = addImage(pictures, news.Image{
				URL: fileAddress(a.address, a.base, e.notes), Type: mediaType(a.kind),
			})
			continue
		}
		enclosures.add(a, e.notes)
	}
	for _, c := range contents {
		if c.isPlayed() {
			enclosures.add(attachment{
				c.attribute("url"), c.attribute("type"), c.attribute("fileSize"), c.attribute("duration"), e.base,
			}, e.notes)
		}
	}
	if list := enclosures.list; len(list) > 0 && list[0].Duration == 0 {
		list[0].Duration = secondsOf(e.ext.firstText(vocabulary.ITunes, "duration"))
	}
	return enclosures.list, addTextPicture(readImages(e, contents, pictures), texts...)
}

// enclosureList is the enclosures of an entry, each file once.
type enclosureList struct {
	list []news.Enclosure
	keys []string // of their addresses
	more int      // that are not taken
}

// taken is the list. It is noted where there were more.
func (l *enclosureList) taken(notes *damage.Ledger) []news.Enclosure {
	noteRest(len(l.list)+l.more, maxEnclosures, notes)
	return l.list
}

// add adds an enclosure. One whose file is there already, by the key of its address, only says of
// that what is not said yet: many feeds name a file once with a counting prefix and once without,
// and the address that stands first is the one that the station counts by.
func (l *enclosureList) add(a attachment, notes *damage.Ledger) {
	address := fileAddress(a.address, a.base, notes)
	if address == "" {
		return
	}
	key := cmp.Or(link.BuiltIn().Key(link.Clean("", address)), address)
	if at := slices.Index(l.keys, key); at >= 0 {
		same := &l.list[at]
		same.Type = cmp.Or(same.Type, mediaType(a.kind))
		same.Length = cmp.Or(same.Length, bytesOf(a.length))
		same.Duration = cmp.Or(same.Duration, secondsOf(a.duration))
		return
	}
	if len(l.list) == maxEnclosures {
		l.more++
		return
	}
	l.keys = append(l.keys, key)
	l.list = append(l.list, news.Enclosure{
		URL: address, Type: cmp.Or(mediaType(a.kind), typeByPath(address)), Length: bytesOf(a.length),
		Duration: secondsOf(a.duration),
	})
}

// mediaType keeps what has the form of a media type.
func mediaType(s string) string {
	s = strings.TrimSpace(s)
	kind, sub, found := strings.Cut(s, "/")
	if !found || kind == "" || sub == "" || len(s) > maxMediaType {
		return ""
	}
	for _, c := range []byte(kind + sub) {
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' ||
			strings.IndexByte("!#$&-^_.+", c) >= 0) {
			return ""
		}
	}
	return s
}

var types = map[string]string{
	".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".m4b": "audio/mp4", ".aac": "audio/aac", ".ogg": "audio/ogg",
	".oga": "audio/ogg", ".opus": "audio/opus", ".wav": "audio/wav", ".flac": "audio/flac", ".mp4": "video/mp4",
	".m4v": "video/mp4", ".mov": "video/quicktime", ".webm": "video/webm", ".jpg": "image/jpeg",
	".jpeg": "image/jpeg", ".png": "image/png", ".gif": "image/gif", ".webp": "image/webp", ".avif": "image/avif",
	".svg": "image/svg+xml", ".pdf": "application/pdf",
}

// typeByPath guesses a media type by the ending of an address's path.
func typeByPath(address string) string {
	if i := strings.IndexAny(address, "?#"); i >= 0 {
		address = address[:i]
	}
	return types[strings.ToLower(path.Ext(address))]
}

func isPictureFile(a attachment) bool {
	return strings.HasPrefix(strings.ToLower(cmp.Or(mediaType(a.kind), typeByPath(a.address))), "image/")
}

// bytesOf reads a number of bytes: digits, otherwise 0.
func bytesOf(s string) int64 {
	n, err := strconv.ParseInt(strings.TrimSpace(s), 10, 64)
	if err != nil || n < 0 || n > maxLength {
		return 0
	}
	return n
}

// secondsOf reads a duration: 245, 4:05, 1:02:03.
func secondsOf(s string) int {
	s, _, _ = strings.Cut(strings.TrimSpace(s), ".")
	parts := strings.Split(s, ":")
	if len(parts) > 3 {
		return 0
	}
	total := 0
	for _, p := range parts {
		n, err := strconv.Atoi(strings.TrimSpace(p))
		if err != nil || n < 0 || n > 1_000_000 {
			return 0
		}
		total = total*60 + n
	}
	return total
}

// mediaContent is a media:content, and the group around it, nil if there is none.
type mediaContent struct {
	self  ext.Extension
	group *mediaGroup
}

// mediaGroup is a media:group, and what was read of it.
type mediaGroup struct {
	self ext.Extension
	said mediaWords
}

// mediaWords holds what a group, or an item, says of its pictures: each is read once, for all of
// them.
type mediaWords map[string]string

// firstOf is the first text of a name.
func (w mediaWords) firstOf(name string, elements []ext.Extension) string {
	said, known := w[name]
	if !known {
		said = firstMediaText(elements)
		w[name] = said
	}
	return said
}

// firstMediaText is the first text of elements that say something of a picture.
func firstMediaText(elements []ext.Extension) string {
	for _, x := range elements {
		if text := captionText(x.Value, nil); text != "" && !strings.EqualFold(x.Attrs["role"], "author") {
			return text
		}
	}
	return ""
}

func (c mediaContent) attribute(name string) string { return c.self.Attrs[name] }

// mediaContents returns an item's media:content elements, those in groups too.
func mediaContents(x extensions) []mediaContent {
	var all []mediaContent
	for _, c := range x.elements(vocabulary.Media, "content") {
		all = append(all, mediaContent{self: c})
	}
	for _, g := range x.elements(vocabulary.Media, "group") {
		group := &mediaGroup{g, mediaWords{}}
		for _, c := range elementsNamed(g.Children, "content") {
			all = append(all, mediaContent{self: c, group: group})
		}
	}
	return all
}

// mediaForm is the first part of its media type, or its medium.
func (c mediaContent) mediaForm() string {
	if kind, _, found := strings.Cut(strings.ToLower(c.attribute("type")), "/"); found {
		return strings.TrimSpace(kind)
	}
	if medium := strings.ToLower(strings.TrimSpace(c.attribute("medium"))); medium != "" {
		return medium
	}
	kind, _, _ := strings.Cut(typeByPath(c.attribute("url")), "/")
	return kind
}

func (c mediaContent) isPlayed() bool { return c.mediaForm() == "audio" || c.mediaForm() == "video" }

// readImages returns an entry's pictures, from the first kind of element that has any:
// media:content, the widest first, media:thumbnail, enclosures, itunes:image.
func readImages(e *element, contents []mediaContent, enclosed []news.Image) []news.Image {
	var all []news.Image
	ofItem := mediaWords{}
	for _, c := range contents {
		if c.mediaForm() == "image" {
			all = addMediaImage(all, e, c, ofItem)
		}
	}
	slices.SortStableFunc(all, func(a, b news.Image) int { return cmp.Compare(b.Width, a.Width) })
	if len(all) == 0 {
		for _, t := range mediaThumbnails(e.ext, contents) {
			all = addMediaImage(all, e, mediaContent{self: t}, ofItem)
		}
	}
	if len(all) == 0 {
		all = enclosed
	}
	if len(all) == 0 {
		for _, x := range e.ext.elements(vocabulary.ITunes, "image") {
			all = addImage(all, news.Image{URL: fileAddress(cmp.Or(x.Attrs["href"], x.Value), e.base, e.notes)})
		}
	}
	return all
}

func mediaThumbnails(x extensions, contents []mediaContent) []ext.Extension {
	found := x.elements(vocabulary.Media, "thumbnail")
	for _, c := range contents {
		found = append(found, elementsNamed(c.self.Children, "thumbnail")...)
	}
	for _, g := range x.elements(vocabulary.Media, "group") {
		found = append(found, elementsNamed(g.Children, "thumbnail")...)
	}
	return found
}

// addMediaImage adds a picture with what is said of it in its own element, otherwise in its group,
// otherwise in the item.
func addMediaImage(all []news.Image, e *element, c mediaContent, ofItem mediaWords) []news.Image {
	address := fileAddress(c.attribute("url"), e.base, e.notes)
	if !mayAddImage(all, address) {
		return all
	}
	said := func(name string) string {
		text := firstMediaText(elementsNamed(c.self.Children, name))
		if text == "" && c.group != nil {
			text = c.group.said.firstOf(name, elementsNamed(c.group.self.Children, name))
		}
		if text == "" {
			text = ofItem.firstOf(name, e.ext.elements(vocabulary.Media, name))
		}
		return text
	}
	width, _ := strconv.Atoi(htmlclean.Dimension(c.attribute("width")))
	height, _ := strconv.Atoi(htmlclean.Dimension(c.attribute("height")))
	return append(all, news.Image{
		URL: address, Type: mediaType(c.attribute("type")), Width: width, Height: height,
		Alt: said("title"), Caption: text.Shorten(said("description"), maxSummary),
		Credit: text.Shorten(cmp.Or(said("credit"), said("copyright")), maxNameText),
	})
}

// addImage adds a picture that has an address, once.
func addImage(all []news.Image, image news.Image) []news.Image {
	if !mayAddImage(all, image.URL) {
		return all
	}
	return append(all, image)
}

// mayAddImage reports whether there is room for a picture at an address, and it is not there yet.
func mayAddImage(all []news.Image, address string) bool {
	return address != "" && len(all) < maxImages &&
		!slices.ContainsFunc(all, func(i news.Image) bool { return i.URL == address })
}

// addTextPicture adds the first picture of a cleaned body where an entry has none, and what the
// body says of it where the entry has the same.
func addTextPicture(images []news.Image, bodies ...string) []news.Image {
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
				image.Alt = cmp.Or(image.Alt, picture.Alt)
				image.Caption = cmp.Or(image.Caption, picture.Caption)
				image.Credit = cmp.Or(image.Credit, picture.Credit)
			}
		}
		return images
	}
	return images
}

// bodyPicture reads the first picture of a cleaned fragment, with its caption and its credit.
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
			image.Caption = text.Shorten(captionText(caption, nil), maxSummary)
		}
	}
	before, _, _ := strings.Cut(rest, "<img ")
	if m := pictureCredit.FindStringSubmatch(before[:min(len(before), 1024)]); m != nil {
		image.Credit = text.Shorten(captionText(m[1], nil), maxNameText)
	}
	return image, true
}

// pictureCredit is how NPR writes a credit below a picture.
var pictureCredit = regexp.MustCompile(`\(Image credit: ([^()<>]*(?:\([^()<>]*\)[^()<>]*)*)\)`)
