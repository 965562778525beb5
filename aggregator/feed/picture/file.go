package picture

import (
	"net/url"
	"path"
	"strconv"
	"strings"
)

// FileOf is what the addresses of one picture have in common, whatever size, quality or form of it they ask a server
// for: equal files, one picture. It is no address, and "" if there is none.
func FileOf(address string) string {
	for range maxWrappers { // a proxy of a proxy
		inner := wrapped(address)
		if inner == "" {
			break
		}
		address = inner
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return ""
	}
	dir, name := path.Split(u.Path)
	if before, after, found := strings.Cut(dir, "/styles/"); found { // Drupal: /styles/NAME/public/
		if parts := strings.SplitN(after, "/", 3); len(parts) == 3 {
			dir = before + "/" + parts[2]
		}
	}
	file := strings.TrimPrefix(strings.ToLower(u.Host), "www.") + dir + withoutSize(withoutEnding(name))
	if query := withoutSizes(u.Query()); !hasPictureEnding(name) && query != "" {
		file += "?" + query
	}
	return file
}

const maxWrappers = 3

// wrapped is the address that the address of a proxy holds, "" if it is no proxy's: a parameter "url", or a path
// that goes on with another host.
func wrapped(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	inner := u.Query().Get("url")
	if strings.HasPrefix(inner, "http://") || strings.HasPrefix(inner, "https://") {
		return inner
	}
	if host := strings.ToLower(u.Host); strings.HasSuffix(host, ".wp.com") && len(host) == len("i0.wp.com") {
		return "https:/" + u.Path
	}
	return ""
}

// endings are those of pictures.
var endings = map[string]bool{
	".jpg": true, ".jpeg": true, ".png": true, ".gif": true, ".webp": true, ".avif": true, ".tif": true, ".tiff": true,
	".bmp": true, ".heic": true, ".jfif": true,
}

func hasPictureEnding(name string) bool { return endings[strings.ToLower(path.Ext(name))] }

func withoutEnding(name string) string {
	for hasPictureEnding(name) {
		name = name[:len(name)-len(path.Ext(name))]
	}
	return name
}

// withoutSize takes off the end of a file's name what names a size: "-300x225", "-scaled", "@2x", "-s800-c85".
func withoutSize(name string) string {
	if at := strings.LastIndexByte(name, '@'); at > 0 && len(name) == at+3 && name[at+2] == 'x' {
		name = name[:at]
	}
	if before, last := cutLast(name); last == "scaled" {
		name = before
	} else if widthOf(last) > 0 {
		name = before
	} else if before, size := cutLast(before); isNumberAfter("c", last) && isNumberAfter("s", size) { // NPR's
		name = before
	}
	return name
}

// cutLast cuts a name before what stands behind its last dash.
func cutLast(name string) (before, last string) {
	if at := strings.LastIndexAny(name, "-_"); at > 0 {
		return name[:at], name[at+1:]
	}
	return name, ""
}

func isNumberAfter(letter, s string) bool {
	number, found := strings.CutPrefix(s, letter)
	return found && isNumber(number)
}

// widthOf is the width in 300x225, 0 if it is none.
func widthOf(s string) int {
	w, h, found := strings.Cut(s, "x")
	if !found || !isNumber(w) || !isNumber(h) {
		return 0
	}
	if min(SizeOf(w), SizeOf(h)) < minSize {
		return 0
	}
	return SizeOf(w)
}

// minSize is the least number of an address that is taken for one of pixels.
const minSize = 16

func isNumber(s string) bool {
	return s != "" && len(s) < 6 && strings.Trim(s, "0123456789") == ""
}

// sizeParameters are those of a query that ask for a size, quality or form.
var sizeParameters = map[string]bool{
	"w": true, "h": true, "width": true, "height": true, "resize": true, "fit": true, "crop": true, "quality": true,
	"q": true, "auto": true, "fm": true, "format": true, "ssl": true, "itok": true, "strip": true, "dpr": true,
	"s": true, "size": true, "rect": true, "zoom": true,
}

func withoutSizes(query url.Values) string {
	for name := range query {
		if sizeParameters[strings.ToLower(name)] {
			query.Del(name)
		}
	}
	return query.Encode()
}

// WidthIn is the width in pixels that an address names, 0 if it names none. It tells small pictures from large ones;
// the picture may have another.
func WidthIn(address string) int {
	u, err := url.Parse(address)
	if err != nil {
		return 0
	}
	query := u.Query()
	for _, name := range [...]string{"w", "width", "resize", "fit"} {
		width, _, _ := strings.Cut(strings.ReplaceAll(query.Get(name), "x", ","), ",")
		if n := SizeOf(width); n >= minSize {
			return n
		}
	}
	segments := strings.Split(u.Path, "/")
	for i := len(segments) - 1; i >= 0; i-- {
		if n := widthInSegment(segments[i], i == len(segments)-1); n > 0 {
			return n
		}
	}
	return 0
}

// widthInSegment reads 300x225, s320-c, w640-h480, w_300,h_200 in a path; the last segment is a file's name.
func widthInSegment(s string, last bool) int {
	s = strings.TrimSuffix(s, "!")
	if last {
		s = withoutEnding(s)
		if at := strings.LastIndexByte(s, '='); at >= 0 { // Google's: =w640-h480
			return widthInSegment(s[at+1:], false)
		}
		s = s[strings.LastIndexAny(s, "-_")+1:]
	}
	if width := widthOf(s); width > 0 {
		return width
	}
	if last {
		return 0
	}
	size, _, _ := strings.Cut(strings.ReplaceAll(s, ",", "-"), "-")
	number := strings.TrimPrefix(size[min(len(size), 1):], "_")
	if size != "" && (size[0] == 's' || size[0] == 'w') && isNumber(number) {
		if n, _ := strconv.Atoi(number); n >= minSize {
			return n
		}
	}
	return 0
}
