package feed

import (
	"cmp"
	"path"
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

func rssEnclosures(x *rss.Item) []attachment {
	var all []attachment
	for _, e := range x.Enclosures {
		all = append(all, attachment{address: e.URL, kind: e.Type, length: e.Length})
	}
	return all
}

// media sets an entry's enclosures and pictures.
func (r *reader) media(e *news.Entry, it *xmlrepair.Item, links []written, enclosed []attachment, x ext.Extensions) {
	base := r.scoped(it)
	for i := range enclosed {
		enclosed[i].base = base
	}
	for _, l := range links {
		if l.rel == "enclosure" {
			enclosed = append(enclosed, attachment{l.href, l.kind, l.length, "", l.base})
		}
	}
	contents := r.mediaContents(x)
	var pictures []news.Image
	for _, a := range enclosed {
		if isPicture(a) {
			pictures = addImage(pictures, news.Image{URL: r.resolved(a.address, a.base), Type: mediaType(a.kind)})
			continue
		}
		r.enclose(e, a)
	}
	for _, c := range contents {
		if c.plays() {
			r.enclose(e, attachment{c.attr("url"), c.attr("type"), c.attr("fileSize"), c.attr("duration"), base})
		}
	}
	if d := seconds(r.said(x, vocabulary.ITunes, "duration")); d > 0 && len(e.Enclosures) > 0 && e.Enclosures[0].Duration == 0 {
		e.Enclosures[0].Duration = d
	}
	e.Images = r.images(contents, pictures, x, base)
	e.Images = withPicture(e.Images, e.Content, e.Summary)
}

// enclose adds an enclosure, unless its address is there already.
func (r *reader) enclose(e *news.Entry, a attachment) {
	address := r.resolved(a.address, a.base)
	if address == "" {
		return
	}
	for _, other := range e.Enclosures {
		if other.URL == address {
			return
		}
	}
	if len(e.Enclosures) == maxEnclosures {
		r.AddRepair(damage.Limit, -1, "an item has too many enclosures")
		return
	}
	kind := mediaType(a.kind)
	if kind == "" {
		kind = typeByPath(address)
	}
	e.Enclosures = append(e.Enclosures, news.Enclosure{URL: address, Type: kind, Length: size(a.length), Duration: seconds(a.duration)})
}

// resolved is the absolute address of sound, film or a picture; its query stays
// as it is, for download counts depend on it.
func (r *reader) resolved(raw, base string) string {
	if raw == "" {
		return ""
	}
	address := link.Resolve(base, raw)
	if len(address) > maxAddress {
		r.AddRepair(damage.Limit, -1, "an address is too long")
		return ""
	}
	return address
}

// mediaType keeps what has the form of a media type.
func mediaType(s string) string {
	s = strings.TrimSpace(s)
	kind, sub, found := strings.Cut(s, "/")
	if !found || kind == "" || sub == "" || len(s) > maxMediaType {
		return ""
	}
	for _, c := range []byte(kind + sub) {
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("!#$&-^_.+", c) >= 0) {
			return ""
		}
	}
	return s
}

var types = map[string]string{
	".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".m4b": "audio/mp4", ".aac": "audio/aac", ".ogg": "audio/ogg", ".oga": "audio/ogg", ".opus": "audio/opus",
	".wav": "audio/wav", ".flac": "audio/flac", ".mp4": "video/mp4", ".m4v": "video/mp4", ".mov": "video/quicktime", ".webm": "video/webm",
	".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".gif": "image/gif", ".webp": "image/webp", ".avif": "image/avif",
	".svg": "image/svg+xml", ".pdf": "application/pdf",
}

// typeByPath guesses a media type by the ending of an address's path.
func typeByPath(address string) string {
	if i := strings.IndexAny(address, "?#"); i >= 0 {
		address = address[:i]
	}
	return types[strings.ToLower(path.Ext(address))]
}

func isPicture(a attachment) bool {
	kind := mediaType(a.kind)
	if kind == "" {
		kind = typeByPath(a.address)
	}
	return strings.HasPrefix(strings.ToLower(kind), "image/")
}

// size reads a number of bytes: digits, else 0.
func size(s string) int64 {
	n, err := strconv.ParseInt(strings.TrimSpace(s), 10, 64)
	if err != nil || n < 0 || n > maxLength {
		return 0
	}
	return n
}

// seconds reads a duration: 245, 4:05, 1:02:03.
func seconds(s string) int {
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

// mediaContent is a media:content with what stands around it.
type mediaContent struct {
	self, group ext.Extension
}

func (c mediaContent) attr(name string) string { return c.self.Attrs[name] }

// mediaContents are an item's, those in groups too.
func (r *reader) mediaContents(x ext.Extensions) []mediaContent {
	var all []mediaContent
	for _, c := range r.extension(x, vocabulary.Media, "content") {
		all = append(all, mediaContent{self: c})
	}
	for _, g := range r.extension(x, vocabulary.Media, "group") {
		for _, c := range inAnyCase(g.Children, "content") {
			all = append(all, mediaContent{self: c, group: g})
		}
	}
	return all
}

// form is the first part of its media type, or its medium.
func (c mediaContent) form() string {
	if kind, _, found := strings.Cut(strings.ToLower(c.attr("type")), "/"); found {
		return strings.TrimSpace(kind)
	}
	if medium := strings.ToLower(strings.TrimSpace(c.attr("medium"))); medium != "" {
		return medium
	}
	kind, _, _ := strings.Cut(typeByPath(c.attr("url")), "/")
	return kind
}

func (c mediaContent) plays() bool { return c.form() == "audio" || c.form() == "video" }

// images are an entry's pictures, from the first kind of element that has any:
// media:content, the widest first, media:thumbnail, enclosures, itunes:image.
func (r *reader) images(contents []mediaContent, enclosed []news.Image, x ext.Extensions, base string) []news.Image {
	var all []news.Image
	for _, c := range contents {
		if c.form() == "image" {
			all = addImage(all, r.image(c, x, base))
		}
	}
	slices.SortStableFunc(all, func(a, b news.Image) int { return cmp.Compare(b.Width, a.Width) })
	if len(all) == 0 {
		all = r.thumbnails(contents, x, base)
	}
	if len(all) == 0 {
		all = enclosed
	}
	if len(all) == 0 {
		for _, e := range r.extension(x, vocabulary.ITunes, "image") {
			address := e.Attrs["href"]
			if address == "" {
				address = e.Value
			}
			all = addImage(all, news.Image{URL: r.resolved(address, base)})
		}
	}
	return all
}

func (r *reader) thumbnails(contents []mediaContent, x ext.Extensions, base string) []news.Image {
	found := r.extension(x, vocabulary.Media, "thumbnail")
	for _, c := range contents {
		found = append(found, inAnyCase(c.self.Children, "thumbnail")...)
	}
	for _, g := range r.extension(x, vocabulary.Media, "group") {
		found = append(found, inAnyCase(g.Children, "thumbnail")...)
	}
	var all []news.Image
	for _, t := range found {
		all = addImage(all, r.image(mediaContent{self: t}, x, base))
	}
	return all
}

// image is a picture with what is said of it in its own element, else in its
// group, else in the item.
func (r *reader) image(c mediaContent, x ext.Extensions, base string) news.Image {
	said := func(name string) string {
		for _, from := range [...][]ext.Extension{inAnyCase(c.self.Children, name), inAnyCase(c.group.Children, name), r.extension(x, vocabulary.Media, name)} {
			for _, e := range from {
				if text := title(e.Value); text != "" && !strings.EqualFold(e.Attrs["role"], "author") {
					return text
				}
			}
		}
		return ""
	}
	width, _ := strconv.Atoi(htmlclean.Dimension(c.attr("width")))
	height, _ := strconv.Atoi(htmlclean.Dimension(c.attr("height")))
	credit := said("credit")
	if credit == "" {
		credit = said("copyright")
	}
	return news.Image{
		URL: r.resolved(c.attr("url"), base), Type: mediaType(c.attr("type")), Width: width, Height: height,
		Alt: said("title"), Caption: text.Shorten(said("description"), maxSummary), Credit: text.Shorten(credit, maxNameText),
	}
}

// addImage adds a picture that has an address, once.
func addImage(all []news.Image, image news.Image) []news.Image {
	if image.URL == "" || len(all) == maxImages {
		return all
	}
	for _, other := range all {
		if other.URL == image.URL {
			return all
		}
	}
	return append(all, image)
}
