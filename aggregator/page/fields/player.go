package fields

import (
	"cmp"
	"encoding/json"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"

	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
	"fronteras/aggregator/page/tree"
)

const (
	maxSeconds = 1_000_000
	maxBytes   = 1 << 53
)

// isPlayer reports an element that holds the address of sound.
func isPlayer(n *html.Node) bool {
	switch n.Data {
	case "ps-stream-url", "audio", "amp-audio":
		return true
	case "source":
		return tree.IsElement(n.Parent, "audio", "amp-audio")
	case "a":
		return soundType(tree.Attribute(n, "href")) != ""
	}
	for _, a := range n.Attr {
		switch a.Key {
		case "data-stream-url", "data-audio", "data-audio-src", "data-audio-url", "data-mp3":
			return a.Val != ""
		}
	}
	return false
}

// soundOf takes the story's player: that of the layout's place for it, otherwise the first player
// of the story, otherwise what the head of the page names, otherwise a link to a file.
func soundOf(f *findings) (sound news.Enclosure, where string) {
	var links, players []*html.Node
	for _, n := range f.own(f.players) {
		if f.story != nil && !tree.IsWithin(n, f.story) && tree.Closest(n, "article") != nil {
			continue
		}
		if tree.IsElement(n, "a") {
			links = append(links, n)
		} else {
			players = append(players, n)
		}
	}
	var placed []*html.Node
	for _, m := range playerMarks {
		for _, place := range f.ownMarked(m) {
			for _, n := range slices.Concat(players, links) {
				if tree.IsWithin(n, place) {
					placed = append(placed, n)
				}
			}
		}
	}
	where, sound = fromLayout, firstSound(f.Base, placed)
	if sound.URL == "" {
		where, sound = fromHTML, firstSound(f.Base, players)
		if n := soundElement(f.Base, players, sound); tree.IsElement(n, "ps-stream-url") {
			where = fromLayout
		}
	}
	if sound.URL == "" {
		where, sound = fromJSONLD, jsonSound(f)
	}
	if sound.URL == "" {
		where, sound = fromOpenGraph, openGraphSound(f)
	}
	if sound.URL == "" {
		where, sound = fromHTML, firstSound(f.Base, links)
	}
	if sound.URL == "" {
		return sound, ""
	}
	if other := jsonSound(f); other.URL == sound.URL {
		sound.Duration, sound.Length = cmp.Or(sound.Duration, other.Duration), cmp.Or(sound.Length, other.Length)
	}
	return sound, where
}

func firstSound(base string, list []*html.Node) news.Enclosure {
	for _, n := range list {
		if sound := soundIn(base, n); sound.URL != "" {
			return sound
		}
	}
	return news.Enclosure{}
}

func soundElement(base string, list []*html.Node, sound news.Enclosure) *html.Node {
	for _, n := range list {
		if soundIn(base, n).URL == sound.URL {
			return n
		}
	}
	return nil
}

// soundIn is the sound that an element names, without an address if it is none.
func soundIn(base string, n *html.Node) news.Enclosure {
	kind := cmp.Or(tree.Attribute(n, "data-stream-format"), tree.Attribute(n, "type"))
	duration := 0
	written := ""
	for _, name := range [...]string{
		"data-stream-url", "src", "data-audio-src", "data-audio-url", "data-mp3", "data-src", "href",
	} {
		if written = tree.Attribute(n, name); written != "" {
			break
		}
	}
	if data := tree.Attribute(n, "data-audio"); written == "" && data != "" { // NPR's
		var said struct {
			Address  string `json:"audioUrl"`
			Duration float64
		}
		if len(data) < maxElement && json.Unmarshal([]byte(data), &said) == nil {
			written, duration = said.Address, seconds(said.Duration)
		}
	}
	if m := cacheBreaker.FindStringIndex(written); m != nil { // WordPress writes it for its player alone
		written = written[:m[0]]
	}
	sound := soundAt(base, written, kind)
	if sound.URL != "" {
		sound.Duration = cmp.Or(duration, durationAround(n))
	}
	return sound
}

var cacheBreaker = regexp.MustCompile(`\?_=\d{1,4}$`)

// soundAt is a file of sound at an address; without one where it is none: what ends nowhere is a live
// stream.
func soundAt(base string, written, kind string) news.Enclosure {
	address := link.Resolve(base, written)
	if address == "" || len(address) > MaxAddress {
		return news.Enclosure{}
	}
	byName := soundType(address)
	if byName == "" {
		return news.Enclosure{}
	}
	kind = strings.ToLower(strings.TrimSpace(kind))
	if !soundForm.MatchString(kind) {
		kind = ""
	}
	if strings.Contains(kind, "mpegurl") || strings.Contains(kind, "scpls") {
		return news.Enclosure{}
	}
	return news.Enclosure{URL: address, Type: cmp.Or(kind, byName)}
}

var soundForm = regexp.MustCompile(`^audio/[a-z0-9.+-]{1,60}$`)

// soundEndings are the media types of files of sound by the endings of their names.
var soundEndings = map[string]string{
	".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".m4b": "audio/mp4", ".aac": "audio/aac", ".ogg": "audio/ogg",
	".oga": "audio/ogg", ".opus": "audio/opus", ".wav": "audio/wav", ".flac": "audio/flac",
}

// soundType is the media type of sound by the ending of an address; "" if it has none.
func soundType(address string) string {
	if i := strings.IndexAny(address, "?#"); i >= 0 {
		address = address[:i]
	}
	return soundEndings[strings.ToLower(path.Ext(address))]
}

// durationAround is how long a sound plays, as its element or the player around it says.
func durationAround(n *html.Node) int {
	for at, left := n, 5; at != nil && left > 0; at, left = at.Parent, left-1 {
		if tree.IsElement(at, "body", "article", "main") {
			break
		}
		for _, name := range [...]string{"data-stream-duration", "data-duration", "data-audio-duration", "duration"} {
			if d := secondsOf(tree.Attribute(at, name)); d > 0 {
				return d
			}
		}
		if data := tree.Attribute(at, "data-audio"); data != "" && len(data) < maxElement {
			var said struct{ Duration float64 }
			if json.Unmarshal([]byte(data), &said) == nil && seconds(said.Duration) > 0 {
				return seconds(said.Duration)
			}
		}
		if d := shownDuration(at); d > 0 {
			return d
		}
	}
	return 0
}

// shownDuration is a duration that an element shows in one of its own for it.
func shownDuration(n *html.Node) int {
	for at, left := n, 200; at != nil && left > 0; left-- {
		if at.Type == html.ElementNode && hasClassWord(at, durationWords) {
			s := shownTextEvenInButtons(at)
			if d := secondsOf(clockTime.FindString(s)); d > 0 {
				return d
			}
		}
		at = tree.Following(at, n, false)
	}
	return 0
}

var (
	durationWords = tree.SetOf("duration length runtime")
	clockTime     = regexp.MustCompile(`\b\d{1,3}:\d{2}(?::\d{2})?\b`)
)

// shownTextEvenInButtons is the text in an element, which may be one that is pressed.
func shownTextEvenInButtons(n *html.Node) string {
	var b strings.Builder
	for at, left := n, 64; at != nil && left > 0; left-- {
		if at.Type == html.TextNode && len(at.Data) < 200 {
			b.WriteString(at.Data)
			b.WriteByte(' ')
		}
		at = tree.Following(at, n, false)
	}
	return b.String()
}

// jsonSound is the sound that JSON-LD names.
func jsonSound(f *findings) news.Enclosure {
	var all []object
	for _, name := range [...]string{"audio", "associatedMedia", "encoding"} {
		all = append(all, f.data.objects(f.article[name])...)
		for _, address := range f.article.texts(name) {
			all = append(all, object{"contentUrl": address})
		}
	}
	if len(f.data.sounds) == 1 {
		all = append(all, f.data.sounds[0])
	}
	for _, o := range all {
		kind := o.text("encodingFormat")
		if !soundForm.MatchString(strings.ToLower(kind)) {
			kind = ""
		}
		for _, name := range [...]string{"contentUrl", "url", "embedUrl"} {
			if sound := soundAt(f.Base, markupLine(o.text(name), maxWritten), kind); sound.URL != "" {
				sound.Duration = secondsOf(o.text("duration"))
				if n, err := strconv.ParseInt(o.text("contentSize"), 10, 64); err == nil && n > 0 && n < maxBytes {
					sound.Length = n
				}
				return sound
			}
		}
	}
	return news.Enclosure{}
}

// openGraphSound is the sound that og:audio names.
func openGraphSound(f *findings) news.Enclosure {
	for _, name := range [...]string{"og:audio:secure_url", "og:audio", "og:audio:url"} {
		for _, address := range f.metas[name] {
			if sound := soundAt(f.Base, address, f.meta("og:audio:type")); sound.URL != "" {
				return sound
			}
		}
	}
	return news.Enclosure{}
}

func seconds(n float64) int {
	if n < 1 || n > maxSeconds {
		return 0
	}
	return int(n)
}

// secondsOf reads a duration: 245, 4:05, 1:02:03, PT4M5S.
func secondsOf(s string) int {
	s = strings.TrimSpace(s)
	if m := isoDuration.FindStringSubmatch(strings.ToUpper(s)); m != nil {
		total := 0
		for n, unit := range [...]int{86_400, 3600, 60, 1} {
			part, _ := strconv.Atoi(m[n+1])
			total += part * unit
		}
		return seconds(float64(total))
	}
	s, _, _ = strings.Cut(s, ".")
	parts := strings.Split(s, ":")
	if len(parts) > 3 {
		return 0
	}
	total := 0
	for _, p := range parts {
		n, err := strconv.Atoi(strings.TrimSpace(p))
		if err != nil || n < 0 || n > maxSeconds {
			return 0
		}
		total = total*60 + n
	}
	return seconds(float64(total))
}

var isoDuration = regexp.MustCompile(`^P(?:(\d{1,3})D)?T?(?:(\d{1,4})H)?(?:(\d{1,5})M)?(?:(\d{1,6})(?:\.\d+)?S)?$`)
