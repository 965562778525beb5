package page

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/net/html"

	"fronteras/aggregator/furniture"
	"fronteras/aggregator/page/tree"
)

// furnitureByName says by an element's name what part of a page it is, "" where it may be text.
func furnitureByName(n *html.Node) string {
	switch n.Data {
	case "aside":
		return "aside"
	case "ps-stream", "ps-stream-url":
		return "player"
	case "ps-promo":
		return "promo"
	}
	for _, name := range [...]string{"class", "id", "data-module"} {
		if why := kindOfNames(tree.Attribute(n, name)); why != "" {
			return why
		}
	}
	return ""
}

// maxNames is how much of a class is looked at, in bytes.
const maxNames = 512

// kindOfNames says what furniture a class, an id or a module's name tells of: by one of its words,
// or by two in a row.
func kindOfNames(names string) string {
	for name := range strings.FieldsSeq(names[:min(len(names), maxNames)]) {
		last := ""
		for _, w := range splitName(name) {
			if why := namedFurniture[w]; why != "" && last != "elementor" {
				return why
			}
			if why := namedFurniture[last+"-"+w]; why != "" {
				return why
			}
			last = w
		}
	}
	return ""
}

// splitName splits "RichText-relatedItems" and "related_items" into words in lower case.
func splitName(name string) []string {
	var words []string
	from := 0
	flush := func(to int) {
		if to > from {
			words = append(words, strings.ToLower(name[from:to]))
		}
		from = to
	}
	var before rune
	for i, r := range name {
		switch {
		case !unicode.IsLetter(r):
			flush(i)
			from = i + len(string(r))
		case unicode.IsUpper(r) && unicode.IsLower(before):
			flush(i)
		}
		before = r
	}
	flush(len(name))
	return words
}

// namedFurniture lists words of names, and pairs of them, with what they stand for.
var namedFurniture = func() map[string]string {
	all := map[string]string{}
	for why, words := range map[string]string{
		"related":    "related relatedposts internallink recirculation recirc readmore read-more read-next more-from",
		"promo":      "promo promos promotion",
		"newsletter": "newsletter newsletters signup sign-up subscribe",
		"donate":     "donate donation donations membership pledge",
		"share":      "share sharing social sharedaddy addthis addtoany",
		"ad": "ad ads advert adverts advertisement advertising adsense dfp sponsor sponsored sponsors sponsorship " +
			"taboola outbrain",
		"trending": "trending most-read most-popular",
		"comments": "comments disqus comment-form comment-list",
		"tags":     "tags taglist",
		"author":   "author-bio author-box author-info about-author author-about bio-box",
		"widget":   "widget widgets",
		"teaser":   "teaser teasers recommended recommendation recommendations recommend popular",
		"player": "audio-player audioplayer media-player video-player podcast-player " +
			"audio-enhancement audio-module resaudio",
		"breadcrumb": "breadcrumb breadcrumbs",
		"caption":    "caption captions figcaption photo-credit image-credit media-credit photo-caption",
	} {
		for w := range strings.FieldsSeq(words) {
			all[w] = why
		}
	}
	return all
}()

// isKept reports whether a text is never cut: a correction, an editor's note, a sentence that says
// who made the story.
func isKept(s string) bool {
	return furniture.IsCorrection(s) || len(s) <= maxOrigin && origin.MatchString(s)
}

// maxOrigin is how long a sentence of origin is at most, in bytes.
const maxOrigin = 1000

var origin = regexp.MustCompile(`(?i)\b(?:originally|first) (?:published|appeared|aired|reported|broadcast|ran)\b|` +
	`\b(?:this|the) (?:story|article|report|piece|interview|reporting|coverage|series|project) (?:was|is|has been|` +
	`comes|` +
	`came|appeared|appears)\b.{0,60}?\b(?:published|produced|reported|provided|supported|funded|republished|edited|` +
	`translated|part of|collaboration|partnership|to us from|to you from|courtesy of|originally|aired|broadcast)\b|` +
	`\bcontributed (?:reporting )?to this (?:story|report|article)\b|\b(?:additional|contributing) reporting by\b|` +
	`\b(?:publicad|emitid|producid|aparecid)[oa] originalmente\b|\bse publicó (?:originalmente|primero|` +
	`por primera vez)\b|` +
	`\best[ae] (?:historia|nota|reportaje|artículo|noticia) (?:fue|es|se|apareció)\b.{0,60}?\b(?:publicad|producid|` +
	`parte de|` +
	`colaboración|traducid|cortesía)`)
