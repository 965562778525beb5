package feed

import (
	"cmp"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	ext "github.com/mmcdole/gofeed/extensions"
	"github.com/mmcdole/gofeed/rss"

	"fronteras/aggregator/feed/damage"
	"fronteras/aggregator/feed/htmlclean"
	"fronteras/aggregator/feed/picture"
	"fronteras/aggregator/feed/vocabulary"
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

// readMedia reads an entry's enclosures and pictures. Its page and its texts, cleaned, are read
// already: what they show counts as well.
func readMedia(e *element, enclosed []attachment, links []writtenLink, entry *news.Entry) {
	for _, l := range links {
		if l.rel == "enclosure" {
			enclosed = append(enclosed, attachment{l.href, l.kind, l.length, "", l.base})
		}
	}
	e.notes.EnterField("enclosures")
	contents := mediaContents(e.ext)
	enclosures := enclosureList{}
	pictures := pictureList{page: entry.URL, notes: e.notes}
	for _, a := range enclosed {
		if !isPictureFile(a) {
			enclosures.add(a, e.notes)
		}
	}
	for _, c := range playedOnce(contents, e.base, enclosures.keys) {
		enclosures.add(attachment{
			c.attribute("url"), c.attribute("type"), c.attribute("fileSize"), c.attribute("duration"), e.base,
		}, e.notes)
	}
	if list := enclosures.list; len(list) > 0 && list[0].Duration == 0 {
		list[0].Duration = secondsOf(e.ext.firstText(vocabulary.ITunes, "duration"))
	}
	entry.Enclosures = enclosures.taken(e.notes)
	e.notes.EnterField("images")
	addMediaPictures(&pictures, e, contents)
	for _, a := range enclosed {
		if isPictureFile(a) {
			image := news.Image{URL: fileAddress(a.address, a.base, e.notes), Type: mediaType(a.kind)}
			pictures.add(ofEnclosure, image)
		}
	}
	for _, x := range e.ext.elements(vocabulary.ITunes, "image") {
		address := fileAddress(cmp.Or(x.Attrs["href"], x.Value), e.base, e.notes)
		pictures.add(ofArtwork, news.Image{URL: address})
	}
	pictures.addFirstOfTexts(e.sizes, entry.Content, entry.Summary)
	noteRest(len(pictures.list)+pictures.more, maxImages, e.notes)
	entry.Images = pictures.chosen()
	entry.Thumbnail = pictures.thumbnailOf(entry.Images)
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
	key := fileKey(address)
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
	noteUnusable(a, notes)
	l.keys = append(l.keys, key)
	l.list = append(l.list, news.Enclosure{
		URL: address, Type: cmp.Or(mediaType(a.kind), typeByPath(address)), Length: bytesOf(a.length),
		Duration: secondsOf(a.duration),
	})
}

// noteUnusable notes a type or a length that is larger than one may be.
func noteUnusable(a attachment, notes *damage.Ledger) {
	if kind := strings.TrimSpace(a.kind); len(kind) > maxMediaType {
		notes.AddLimit(" bytes of a type", len(kind), maxMediaType, htmlclean.LeftOut)
	}
	digits := strings.TrimLeft(strings.TrimSpace(a.length), "0")
	if strings.Trim(digits, "0123456789") != "" {
		return
	}
	if n, err := strconv.ParseInt(digits, 10, 64); digits != "" && (err != nil || n > maxLength) {
		notes.AddLoss(damage.Limit, fmt.Sprintf("%s bytes of a recording found, %d allowed: the number is left out",
			text.Shorten(digits, maxNameText), int64(maxLength))) // an int may have 32 bits
	}
}

// fileKey is equal for all addresses of one file.
func fileKey(address string) string {
	return cmp.Or(link.BuiltIn().Key(link.Clean("", address)), address)
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

func isPictureFile(a attachment) bool { return formOf(a.kind, "", a.address) == "image" }

// formOf is what a file is, "image", "audio", "video" or "": by its media type, of which the first part
// may be all that is written, otherwise by its medium, otherwise by the ending of its address.
func formOf(kind, medium, address string) string {
	kind, _, _ = strings.Cut(strings.ToLower(strings.TrimSpace(kind)), "/")
	ending, _, _ := strings.Cut(typeByPath(address), "/")
	medium = strings.ToLower(strings.TrimSpace(medium))
	for _, form := range [...]string{strings.TrimSpace(kind), medium, ending} {
		switch form {
		case "image", "audio", "video":
			return form
		}
		if form == strings.TrimSpace(kind) && form != "" && form != "application" && form != "binary" {
			return ""
		}
	}
	return ""
}

// bytesOf reads a number of bytes: digits, also with marks between the thousands, otherwise 0.
func bytesOf(s string) int64 {
	s = strings.TrimSpace(s)
	if thousands.MatchString(s) {
		s = strings.Map(func(c rune) rune {
			if c < '0' || c > '9' {
				return -1
			}
			return c
		}, s)
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 0 || n > maxLength {
		return 0
	}
	return n
}

// thousands are numbers in groups of three digits.
var thousands = regexp.MustCompile(`^\d{1,3}(?:[,. '’_\x{a0}\x{202f}]\d{3})+$`)

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
func (w mediaWords) firstOf(name string, elements []ext.Extension, notes *damage.Ledger) string {
	said, known := w[name]
	if !known {
		said = firstMediaText(name, elements, notes)
		w[name] = said
	}
	return said
}

// longestWords is how long what elements of a name say of a picture may be.
func longestWords(name string) int {
	switch name {
	case "description":
		return maxSummary
	case "title":
		return maxTitle
	}
	return maxNameText
}

// firstMediaText is the first text of elements of a name that say something of a picture.
func firstMediaText(name string, elements []ext.Extension, notes *damage.Ledger) string {
	for _, x := range elements {
		if text := captionText(x.Value, longestWords(name), notes); text != "" {
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

// form is what a media:content is: see [formOf]. One that says nothing but the size of its picture is a
// picture.
func (c mediaContent) form() string {
	form := formOf(c.attribute("type"), c.attribute("medium"), c.attribute("url"))
	if form == "" && c.attribute("type") == "" && c.attribute("medium") == "" && c.isSizeAlone() {
		return "image"
	}
	return form
}

// isSizeAlone reports whether a media:content without a type has a size, and nothing that only sound and film have.
func (c mediaContent) isSizeAlone() bool {
	for _, name := range [...]string{"duration", "bitrate", "framerate", "samplingrate", "channels"} {
		if c.attribute(name) != "" {
			return false
		}
	}
	return picture.SizeOf(c.attribute("width")) > 0 && typeByPath(c.attribute("url")) == ""
}

func (c mediaContent) isPlayed() bool { return c.form() == "audio" || c.form() == "video" }

// playedOnce returns the media:content that are heard or seen. Those of one group are one recording in several
// forms: of each group the sound and the film that it calls its default, otherwise the first. One whose file is
// enclosed already, by the keys, is that.
func playedOnce(contents []mediaContent, base string, enclosed []string) []mediaContent {
	type recording struct {
		group *mediaGroup
		form  string
	}
	of := func(c mediaContent) recording { return recording{c.group, c.form()} }
	chosen := map[recording]int{}
	rank := func(c mediaContent) int {
		address := link.Resolve(base, c.attribute("url"))
		switch {
		case address != "" && len(address) <= maxAddress && slices.Contains(enclosed, fileKey(address)):
			return 3
		case strings.EqualFold(strings.TrimSpace(c.attribute("isDefault")), "true"):
			return 2
		case !strings.EqualFold(c.attribute("expression"), "sample"):
			return 1
		}
		return 0
	}
	for n, c := range contents {
		if c.group == nil || !c.isPlayed() || c.attribute("url") == "" {
			continue
		}
		if best, ok := chosen[of(c)]; !ok || rank(c) > rank(contents[best]) {
			chosen[of(c)] = n
		}
	}
	var played []mediaContent
	for n, c := range contents {
		if best, ok := chosen[of(c)]; c.isPlayed() && (c.group == nil || ok && best == n) {
			played = append(played, c)
		}
	}
	return played
}
