package fields

import (
	"cmp"
	"net/url"
	"path"
	"strings"

	"fronteras/aggregator/feed/htmlclean"
	"fronteras/aggregator/feed/picture"
	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
	"fronteras/aggregator/page/tree"
	"fronteras/aggregator/text"
)

// namedPicture is the picture that the page names in JSON-LD, its Open Graph or its head, without
// those that stand for the site.
func namedPicture(f *findings) (news.Image, string) {
	for _, o := range jsonPictures(f) {
		if image := jsonImage(f, o); image.URL != "" {
			return image, fromJSONLD
		}
	}
	for _, named := range [...]struct {
		names []string
		where string
	}{
		{[]string{"og:image", "og:image:secure_url", "og:image:url"}, fromOpenGraph},
		{[]string{"twitter:image", "twitter:image:src", "parsely-image-url", "sailthru.image.full"}, fromMeta},
	} {
		for _, name := range named.names {
			for _, address := range f.metas[name] {
				if image := pictureAt(f, address); image.URL != "" {
					return image, named.where
				}
			}
		}
	}
	for _, n := range f.links["image_src"] {
		if image := pictureAt(f, tree.Attribute(n, "href")); image.URL != "" {
			return image, fromMeta
		}
	}
	return news.Image{}, ""
}

// pictureAt is the picture at an address that the page names; without an address where it stands for
// the site.
func pictureAt(f *findings, written string) news.Image {
	address := link.Resolve(f.Base, written)
	if address == "" || len(address) > MaxAddress || isSitePicture(address) ||
		htmlclean.IsNoPicture(htmlclean.Shown{Address: address, Page: f.address}) {
		return news.Image{}
	}
	return news.Image{URL: address, Type: pictureType(address)}
}

// isSitePicture reports an address whose file is by its name the sign of a site, or stands for
// pictures that are not there.
func isSitePicture(address string) bool {
	if u, err := url.Parse(address); err == nil {
		if inner := u.Query().Get("url"); strings.Contains(inner, "://") {
			address = inner
		}
	}
	address, _, _ = strings.Cut(address, "?")
	name := path.Base(address)
	for word := range classWords(strings.TrimSuffix(name, path.Ext(name))) {
		if sitePictures[word] {
			return true
		}
	}
	return false
}

var sitePictures = tree.SetOf("logo logos placeholder favicon fallback defaultimage noimage avatar")

// jsonPictures returns the pictures of the story in JSON-LD: objects, or objects made of addresses.
func jsonPictures(f *findings) []object {
	var all []object
	for _, value := range [...]any{f.article["image"], f.article["primaryImageOfPage"], f.page["primaryImageOfPage"],
		f.page["image"], f.article["thumbnailUrl"]} {
		list, isList := value.([]any)
		if !isList {
			list = []any{value}
		}
		for _, one := range list[:min(len(list), maxJSONValues)] {
			switch v := one.(type) {
			case string:
				all = append(all, object{"url": v})
			case map[string]any:
				all = append(all, f.data.whole(v))
			}
		}
	}
	return all
}

// jsonImage is a picture of JSON-LD.
func jsonImage(f *findings, o object) news.Image {
	written := ""
	for _, name := range [...]string{"contentUrl", "url", "@id"} {
		if written = o.text(name); written != "" {
			break
		}
		if list := f.data.addresses(o[name], 1); len(list) > 0 {
			written = list[0]
			break
		}
	}
	image := pictureAt(f, markupLine(written, maxWritten))
	if image.URL == "" {
		return image
	}
	image.Width, image.Height = picture.SizeOf(jsonSize(o, "width")), picture.SizeOf(jsonSize(o, "height"))
	image.Caption, image.Credit = jsonCaption(f, o)
	image.Alt = o.line("alternateName")
	return image
}

// jsonSize is a number of pixels: as one, or as a QuantitativeValue.
func jsonSize(o object, name string) string {
	if s := o.text(name); s != "" {
		return s
	}
	inner, _ := o[name].(map[string]any)
	return object(inner).text("value")
}

// jsonCaption is what an ImageObject says below the picture, and whose it is.
func jsonCaption(f *findings, o object) (caption, credit string) {
	caption = text.Shorten(o.line("caption"), maxSummary)
	credit = o.line("creditText")
	for _, name := range [...]string{"creator", "author", "copyrightHolder"} {
		if names := f.data.jsonNames(o[name]); credit == "" && len(names) > 0 && !isSiteName(f, names[0]) {
			credit = markupLine(names[0], maxName)
		}
	}
	return parseCaption(caption, credit)
}

// describedPicture is a picture with what the head of the page says of the same file.
func describedPicture(f *findings, image news.Image) news.Image {
	file := picture.FileOf(image.URL)
	for _, o := range jsonPictures(f) {
		other := jsonImage(f, o)
		if other.URL == "" || picture.FileOf(other.URL) != file {
			continue
		}
		image.Alt = cmp.Or(image.Alt, other.Alt)
		image.Caption = cmp.Or(image.Caption, other.Caption)
		image.Credit = cmp.Or(image.Credit, other.Credit)
		if other.URL == image.URL && image.Width == 0 {
			image.Width, image.Height = other.Width, other.Height
		}
	}
	for _, address := range f.metas["og:image"] {
		address = link.Resolve(f.Base, address)
		if picture.FileOf(address) != file {
			continue
		}
		image.Alt = cmp.Or(image.Alt, markupLine(f.meta("og:image:alt", "twitter:image:alt"), maxTitle))
		if address == image.URL && image.Width == 0 && len(f.metas["og:image:width"]) == 1 {
			image.Width = picture.SizeOf(f.meta("og:image:width"))
			image.Height = picture.SizeOf(f.meta("og:image:height"))
		}
	}
	return image
}
