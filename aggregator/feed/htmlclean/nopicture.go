package htmlclean

import (
	"net/url"
	"path"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/net/publicsuffix"

	"fronteras/aggregator/feed/vocabulary"
	"fronteras/aggregator/link"
)

// Shown is what a document says of something that it shows as a picture: an img, or an element that
// names a picture's address.
type Shown struct {
	Address string // as written, or resolved
	Page    string // the story's own address, "" if it has none
	Alt     string
	Class   string
	Style   string
	Width   string // in pixels, "" if it is not said
	Height  string
}

// IsNoPicture reports whether what is shown as a picture is none: its address cannot be a picture's,
// or it is a pixel that counts readers or fills a space, an emoji, a face next to a name, a button.
//
// A name alone (pixel, counter, beacon) proves little, since pictures show counters and lighthouses
// too: sizes of a picture, an alt text of some words or a photograph's ending outweigh it.
func IsNoPicture(s Shown) bool {
	return isNoAddress(s.Address, s.Page) || isEmoji(s) || isPixel(s) || isButton(s)
}

// isNoAddress reports an address that leads to no picture: what a program writes for nothing, the
// page itself, the front page of a host, a page or a file of another kind.
func isNoAddress(address, page string) bool {
	address = strings.TrimSpace(address)
	if address == "" || address[0] == '#' || address == page || saysNothing(address) {
		return true
	}
	scheme, _, found := strings.Cut(address, ":")
	if found && notAddresses[strings.ToLower(scheme)] {
		return true
	}
	if !strings.Contains(address, "//") {
		return notPictures[strings.ToLower(path.Ext(pathOf(address)))]
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return false
	}
	if strings.Trim(u.Path, "/") == "" {
		return u.RawQuery == ""
	}
	return unmade[strings.ToLower(path.Base(u.Path))] || notPictures[strings.ToLower(path.Ext(u.Path))] ||
		page != "" && isSamePage(address, page)
}

// isSamePage reports whether two addresses are one but for what is after "#".
func isSamePage(a, b string) bool {
	a, _, _ = strings.Cut(a, "#")
	b, _, _ = strings.Cut(b, "#")
	return a == b || link.Clean("", a) == link.Clean("", b)
}

// pathOf is a relative address without its query and fragment.
func pathOf(address string) string {
	if i := strings.IndexAny(address, "?#"); i >= 0 {
		return address[:i]
	}
	return address
}

// saysNothing reports what programs write where they have no value.
func saysNothing(s string) bool {
	s = strings.ToLower(strings.Trim(s, "/ "))
	if unescaped, err := url.PathUnescape(s); err == nil {
		s = unescaped
	}
	return noValues[s] || strings.HasPrefix(s, "{{") || strings.HasPrefix(s, "<%") || strings.HasPrefix(s, "${")
}

var (
	// noValues is what programs write as the whole address, unmade what they write at the end of one.
	noValues = vocabulary.SetOf(
		"undefined", "null", "nil", "nan", "none", "false", "true", "n/a", "na", "-", "?", ".", "0",
		"[object object]", "(null)", "(unknown)", "unknown", "no-image", "noimage",
	)
	unmade       = vocabulary.SetOf("undefined", "null", "nan", "(null)", "[object object]")
	notAddresses = vocabulary.SetOf("about", "javascript", "vbscript", "blob", "file", "cid", "mailto", "tel")
	notPictures  = vocabulary.SetOf(
		".html", ".htm", ".xhtml", ".shtml", ".xml", ".rss", ".js", ".css", ".mp3", ".m4a", ".mp4", ".m4v", ".mov",
		".webm", ".pdf", ".zip",
	)
)

// isEmoji reports a picture that stands for a character.
func isEmoji(s Shown) bool {
	if isLarge(s, 160) {
		return false
	}
	for _, word := range strings.Fields(strings.ToLower(s.Class)) {
		if emojiClasses[word] {
			return true
		}
	}
	directories := strings.Split(strings.ToLower(path.Dir(pathOf(s.Address))), "/")
	for _, name := range directories {
		if emojiFolders[name] && !isPhotograph(s.Address) {
			return true
		}
	}
	return false
}

var (
	emojiClasses = vocabulary.SetOf(
		"wp-smiley", "emoji", "emojione", "twemoji", "joypixels", "smiley", "emoticon", "custom-emoji", "gemoji",
	)
	emojiFolders = vocabulary.SetOf(
		"emoji", "emojis", "emojione", "twemoji", "smilies", "smileys", "emoticons", "joypixels", "custom_emojis",
	)
)

// isPixel reports what shows nothing: it counts who reads, or keeps a space free.
func isPixel(s Shown) bool {
	width, hasWidth := pixelsOf(s.Width, s.Style, "width")
	height, hasHeight := pixelsOf(s.Height, s.Style, "height")
	switch {
	case hasWidth && width <= 1, hasHeight && height <= 1:
		return true
	case hasWidth && hasHeight && width <= 3 && height <= 3:
		return true
	case isHiddenStyle(s.Style):
		return true
	}
	u, err := url.Parse(strings.TrimSpace(s.Address))
	if err != nil {
		return false
	}
	host := strings.ToLower(u.Hostname())
	if isCounter(host, u.EscapedPath()) {
		return true
	}
	if isLarge(s, 32) || len(strings.Fields(s.Alt)) > 2 {
		return false
	}
	return namesPixel(host, u)
}

// isCounter reports the addresses of services that show nothing and count.
func isCounter(host, escaped string) bool {
	for _, c := range counters {
		domain, folder, _ := strings.Cut(c, "/")
		if (host == domain || strings.HasSuffix(host, "."+domain)) && strings.HasPrefix(escaped, "/"+folder) {
			return true
		}
	}
	return false
}

var counters = []string{
	"feeds.feedburner.com/~r/", "feedproxy.google.com/~r/", "doubleclick.net/", "google-analytics.com/",
	"scorecardresearch.com/", "quantserve.com/", "met.vgwort.de/", "pixel.wp.com/", "stats.wordpress.com/",
	"statcounter.com/", "facebook.com/tr", "medium.com/_/stat", "pixel.parsely.com/", "ping.chartbeat.net/",
	"feedsportal.com/c/", "2mdn.net/", "imrworldwide.com/", "hits.seeyoufarm.com/", "counter.theconversation.com/",
	"pi.feedsportal.com/",
}

// namesPixel reports an address whose names say that it is a pixel.
func namesPixel(host string, u *url.URL) bool {
	file, ending := path.Base(u.Path), strings.ToLower(path.Ext(u.Path))
	if len(ending) > 5 {
		ending = ""
	}
	name := wordsOf(strings.TrimSuffix(file, path.Ext(file)))
	said := tallyWords(name)
	whole := said.telling > 0 && said.other == 0
	if isPhotograph(file) {
		return whole && said.filling == 0 && (said.certain || said.pixel || neverShown[name[0]])
	}
	last := ""
	if len(name) > 0 {
		last = name[len(name)-1]
	}
	around := saysPixel(host, path.Dir(u.Path))
	switch {
	case whole:
		return true
	case said.pixel || last == "beacon" || last == "counter":
		return around || last == "pixel" && said.companion
	}
	wordless := ending == "" || ending == ".php" || ending == ".gif" && !hasLongWord(name)
	return wordless && (around || queriesPixel(u.RawQuery))
}

// tally is what the words of a name say: that it is a pixel, nothing, or something else.
type tally struct {
	telling, filling, other   int
	certain, pixel, companion bool
}

func tallyWords(name []string) (t tally) {
	for _, w := range name {
		t.certain = t.certain || certainNames[w]
		t.pixel = t.pixel || w == "pixel"
		t.companion = t.companion || companions[w]
		switch {
		case certainNames[w], pixelWords[w]:
			t.telling++
		case fillWords[w], companions[w]:
			t.filling++
		default:
			t.other++
		}
	}
	return t
}

// saysPixel reports whether a host, below its registered domain, or a folder has such a name.
func saysPixel(host, folder string) bool {
	domain, _ := publicsuffix.EffectiveTLDPlusOne(host)
	for _, label := range strings.Split(strings.TrimSuffix(strings.TrimSuffix(host, domain), "."), ".") {
		for _, w := range strings.Split(label, "-") {
			if pixelWords[w] {
				return true
			}
		}
	}
	for _, part := range strings.Split(folder, "/") {
		if said := tallyWords(wordsOf(part)); said.telling > 0 && said.other == 0 {
			return true
		}
	}
	return false
}

// queriesPixel reports a query that has a pixel's name.
func queriesPixel(query string) bool {
	for _, pair := range strings.Split(query, "&") {
		key, _, _ := strings.Cut(pair, "=")
		for _, w := range wordsOf(key) {
			if w == "pixel" || w == "beacon" {
				return true
			}
		}
	}
	return false
}

var (
	// certainNames say that a picture shows nothing.
	certainNames = vocabulary.SetOf("spacer", "1x1", "cleardot", "clearpixel", "onepixel", "pixeltrans", "webbug")
	// pixelWords say so where nothing else is said.
	pixelWords = vocabulary.SetOf(
		"pixel", "tracking", "tracker", "track", "beacon", "counter", "telemetry", "analytics", "impression",
		"impressions", "blank", "transparent", "clear", "shim", "stat", "stats", "hit", "hits", "piwik", "matomo",
		"utm", "placeholder",
	)
	// neverShown say so even of a photograph.
	neverShown = vocabulary.SetOf("blank", "transparent", "placeholder")
	// companions make a pixel of a name that ends in that word.
	companions = vocabulary.SetOf(
		"rss", "feed", "feeds", "web", "view", "views", "visitor", "open", "opens", "email", "mail", "republication",
		"syndication", "count", "ad", "ads", "conversion", "event", "log", "tracking", "tracker", "stats", "analytics",
	)
	// fillWords say nothing.
	fillWords = vocabulary.SetOf(
		"img", "image", "images", "gif", "png", "page", "site", "story", "article", "post", "px", "one", "single",
		"empty", "dot", "invisible", "the", "a",
	)
)

// wordsOf parts a name into words in lower case; numbers are none.
func wordsOf(name string) []string {
	var words []string
	for _, w := range strings.FieldsFunc(name, func(c rune) bool {
		return !unicode.IsLetter(c) && !unicode.IsDigit(c)
	}) {
		if isNumber := strings.Trim(w, "0123456789x") == "" && w != "1x1" && w != "x"; !isNumber {
			words = append(words, strings.ToLower(w))
		}
	}
	return words
}

// hasLongWord reports whether a name holds a word, and not only what programs number things by.
func hasLongWord(name []string) bool {
	for _, w := range name {
		if len(w) > 3 && strings.IndexFunc(w, func(c rune) bool { return !unicode.IsLetter(c) }) < 0 {
			return true
		}
	}
	return false
}

// isPhotograph reports the ending of a file that is hardly ever a pixel: JPEG knows no transparency.
func isPhotograph(address string) bool {
	switch strings.ToLower(path.Ext(pathOf(address))) {
	case ".jpg", ".jpeg", ".webp", ".avif", ".heic":
		return true
	}
	return false
}

// isLarge reports whether a picture is said to be as wide or high as that.
func isLarge(s Shown, pixels int) bool {
	for _, size := range [...]string{s.Width, s.Height} {
		if n, err := strconv.Atoi(Dimension(size)); err == nil && n >= pixels {
			return true
		}
	}
	return false
}

// pixelsOf is a size in pixels: the attribute's, or what the style says.
func pixelsOf(attribute, style, property string) (n float64, said bool) {
	if value := styleValue(style, property); value != "" && attribute == "" {
		if !strings.HasSuffix(value, "px") && value != "0" {
			return 0, false
		}
		attribute = value
	}
	n, err := strconv.ParseFloat(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(attribute), "px")), 64)
	return n, err == nil
}

// styleValue is what a style says of a property, in lower case.
func styleValue(style, property string) string {
	for style != "" {
		var declaration string
		declaration, style, _ = strings.Cut(style, ";")
		name, value, _ := strings.Cut(declaration, ":")
		if strings.EqualFold(strings.TrimSpace(name), property) {
			value, _, _ = strings.Cut(strings.ToLower(value), "!")
			return strings.TrimSpace(value)
		}
	}
	return ""
}

// isHiddenStyle reports a style that shows nothing.
func isHiddenStyle(style string) bool {
	return style != "" &&
		(styleValue(style, "display") == "none" || styleValue(style, "visibility") == "hidden")
}

// isButton reports the small pictures around stories: the face next to a name, and what is pressed to
// share.
func isButton(s Shown) bool {
	for _, word := range strings.Fields(strings.ToLower(s.Class)) {
		if buttonClasses[word] {
			return true
		}
	}
	u, err := url.Parse(strings.TrimSpace(s.Address))
	if err != nil {
		return false
	}
	host := strings.ToLower(u.Hostname())
	if host == "gravatar.com" || strings.HasSuffix(host, ".gravatar.com") || isCounter(host, u.EscapedPath()) {
		return true
	}
	for _, b := range buttons {
		domain, folder, _ := strings.Cut(b, "/")
		if (host == domain || strings.HasSuffix(host, "."+domain)) && strings.HasPrefix(u.Path, "/"+folder) {
			return true
		}
	}
	if isLarge(s, 200) {
		return false
	}
	file := path.Base(u.Path)
	name := wordsOf(strings.TrimSuffix(file, path.Ext(file)))
	for _, folder := range strings.Split(path.Dir(u.Path), "/") {
		if folder = strings.ToLower(folder); folder == "avatars" || folder == "profile_images" {
			return true
		}
	}
	return namesButton(name, s)
}

// namesButton reports a name that is an icon's, a button's or a face's.
func namesButton(name []string, s Shown) bool {
	share, press, other := 0, 0, 0
	for _, w := range name {
		switch {
		case w == "avatar" || w == "gravatar":
			return len(name) == 1 || isSmall(s)
		case shareWords[w]:
			share++
		case pressWords[w]:
			press++
		case !fillWords[w] && !styleWords[w]:
			other++
		}
	}
	return other == 0 && share > 0 && (press > 0 || isSmall(s))
}

// isSmall reports a picture that is said to be as small as an icon.
func isSmall(s Shown) bool {
	width, err := strconv.Atoi(Dimension(s.Width))
	if err != nil {
		width = 0
	}
	height, err := strconv.Atoi(Dimension(s.Height))
	if err != nil {
		height = 0
	}
	return width+height > 0 && width <= 128 && height <= 128
}

var (
	buttonClasses = vocabulary.SetOf(
		"avatar", "gravatar", "author-avatar", "author-image", "author-photo", "byline-photo", "share-button",
		"share-icon", "social-icon", "share-buttons", "social-icons",
	)
	buttons = []string{
		"feeds.feedburner.com/~ff/", "feedproxy.google.com/~ff/", "static.addtoany.com/buttons/", "addthis.com/",
		"sharethis.com/", "feeds.wordpress.com/1.0/", "assets.pinterest.com/images/",
	}
	shareWords = vocabulary.SetOf(
		"share", "sharing", "facebook", "fb", "twitter", "tweet", "linkedin", "whatsapp", "pinterest", "reddit",
		"instagram", "threads", "bluesky", "mastodon", "telegram", "youtube", "email", "print", "rss", "subscribe",
		"follow", "donate", "like",
	)
	pressWords = vocabulary.SetOf("button", "btn", "icon", "badge")
	styleWords = vocabulary.SetOf(
		"on", "us", "this", "small", "round", "square", "white", "black", "blue", "red", "color", "now", "to", "x",
	)
)
