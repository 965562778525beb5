package publish

import (
	"net/url"
	"path"
	"slices"
	"strings"

	"fronteras/aggregator/news"
)

// MediaFolder is the folder next to a station's document whose pictures the desk serves: a station that is read from a
// file has no server.
const MediaFolder = "pictures"

// mediaTypes are those of the pictures that the desk serves, by the endings of their names. SVG is not among them: it
// may hold a script.
var mediaTypes = map[string]string{
	".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".gif": "image/gif", ".webp": "image/webp",
	".avif": "image/avif",
}

// MediaType is the media type of a picture by its file's name, empty if it is none that the desk serves.
func MediaType(name string) string { return mediaTypes[strings.ToLower(path.Ext(name))] }

// MediaPath is where the desk serves a picture that lies next to a station's document, below its own address.
func MediaPath(station, name string) string {
	return mediaPrefix + station + "/" + url.PathEscape(name)
}

const mediaPrefix = "/media/"

// mediaAddress is the address of a picture as documents give it: the desk's, if it lies next to the station's document
// and so the station's own server cannot have it.
func mediaAddress(e *Edition, station news.Station, address string) string {
	if len(e.Media[station.ID]) == 0 || !strings.Contains(address, "/"+MediaFolder+"/") {
		return address
	}
	u, err := url.Parse(address)
	if err != nil || u.RawQuery != "" || path.Base(path.Dir(u.Path)) != MediaFolder ||
		!isHostOf(station, u.Hostname()) {
		return address
	}
	name := path.Base(u.Path)
	if _, found := slices.BinarySearch(e.Media[station.ID], name); !found {
		return address
	}
	return e.publicAddress(MediaPath(station.ID, name), Selection{})
}

// isHostOf reports whether a host is a station's.
func isHostOf(station news.Station, host string) bool {
	host = strings.TrimPrefix(strings.ToLower(host), "www.")
	if u, err := url.Parse(station.URL); err == nil &&
		strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.") == host {
		return true
	}
	return slices.Contains(station.Hosts, host)
}

// withMedia gives the pictures of a text the addresses that documents give.
func withMedia(e *Edition, station news.Station, text string) string {
	if len(e.Media[station.ID]) == 0 {
		return text
	}
	const before = ` src="`
	parts := strings.Split(text, before)
	for n, part := range parts[1:] {
		if end := strings.IndexByte(part, '"'); end >= 0 {
			parts[n+1] = mediaAddress(e, station, part[:end]) + part[end:]
		}
	}
	return strings.Join(parts, before)
}

// pictureAt is the address of a picture as the page reaches it: by its path alone where the desk serves it.
func pictureAt(p page, address string) string {
	if at, own := strings.CutPrefix(address, strings.TrimSuffix(p.Desk.URL, "/")+mediaPrefix); own {
		return p.base + mediaPrefix + at
	}
	return address
}
