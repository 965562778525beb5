package page

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/net/html"

	"fronteras/aggregator/news"
)

// furnitureByName says by an element's name what part of a page it is, "" where it may be text.
func furnitureByName(n *html.Node) string {
	switch n.Data {
	case "aside":
		return "aside"
	case "ps-promo":
		return "promo"
	}
	if n.Namespace != "" {
		return ""
	}
	for _, name := range [...]string{"class", "id", "data-module"} {
		if v := attribute(n, name); v != "" {
			if why := furnitureInNames(v); why != "" {
				return why
			}
		}
	}
	return ""
}

// maxNames is how much of a class is looked at, in bytes.
const maxNames = 512

func furnitureInNames(names string) string {
	names = names[:min(len(names), maxNames)]
	last := ""
	for _, name := range strings.Fields(names) {
		last = ""
		for _, w := range splitName(name) {
			if why := namedFurniture[w]; why != "" {
				return why
			}
			if why := namedFurniture[last+"-"+w]; last != "" && why != "" {
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
		"related":    "related recirculation recirc readmore read-more more-from",
		"promo":      "promo promos promotion teaser",
		"newsletter": "newsletter newsletters signup sign-up subscribe subscription",
		"donate":     "donate donation membership",
		"share":      "share sharing social sharedaddy addthis addtoany",
		"ad":         "ad ads advert adverts advertisement advertising adsense dfp sponsor sponsored sponsors taboola outbrain",
		"trending":   "trending popular",
		"comments":   "comments comment disqus",
		"tags":       "tags taglist",
		"author":     "author-bio author-box author-info about-author author-about bio-box",
		"breadcrumb": "breadcrumb breadcrumbs",
		"caption":    "caption captions figcaption photo-credit image-credit media-credit",
	} {
		for _, w := range strings.Fields(words) {
			all[w] = why
		}
	}
	return all
}()

// lineRule is furniture that is known by its words.
type lineRule struct {
	why     string
	words   int // longer lines are text
	pattern *regexp.Regexp
}

var lineRules = []lineRule{
	{"related", maxBegins, begins(`related(?: (?:stor(?:y|ies)|articles?|content|coverage|news|links?|posts?|reading|topics?))?(?:\s*[:|]|$)`,
		`read (?:more|also|next)\b`, `more (?:from|stories|coverage|on this)\b`, `also read\b`, `see also\b`,
		`(?:lee|leer|lea) (?:más|también)\b`, `más (?:de|sobre|noticias)\b`, `también (?:lee|lea|te puede)\b`, `te puede interesar\b`,
		`(?:noticias?|artículos?|notas?|historias?|contenidos?) relacionad[oa]s?\b`, `relacionad[oa]s?\s*(?:[:|]|$)`)},
	{"newsletter", maxBegins, begins(`sign up\b`, `subscribe\b`, `suscríb[ea]\w*`, `regístr[ea]te\b`,
		`get (?:the|our) .{0,40}newsletter`)},
	{"donate", maxBegins, begins(`donate\b`, `support (?:our|local|the|public|independent|for .{2,60} (?:comes|is provided))\b`,
		`make a (?:gift|donation)\b`, `become a (?:member|sustainer)\b`, `don[ea]\b`, `haz(?:te)? (?:una donación|miembro|socio)`,
		`apoya (?:a|nuestro|el)\b`)},
	{"share", maxBegins, begins(`follow (?:us|him|her|me|them)\b`, `share (?:this|on|via)\b`, `síguenos\b`, `s[ií]g(?:ue|a)nos\b`, `compart(?:e|ir|a)\b`,
		`like us on\b`)},
	{"ad", maxBegins, begins(`advertisements?\b`, `sponsored\b`, `publicidad\b`, `anuncio\b`, `story continues below`,
		`article continues (?:after|below)`)},
	{"copyright", maxBegins, begins(`copyright\b[^a-z]{0,4}(?:\d|©|\(c\))`, `©`, `\(c\)\s*\d`)},
	{"tip", maxBegins, begins(`have a (?:news )?tip\b`, `got a (?:news )?tip\b`, `¿tienes? (?:una pista|información)`)},
	{"comments", maxBegins, begins(`by posting comments?\b`, `al publicar (?:un )?comentarios?\b`, `(?:leave|post|add) a (?:reply|comment)`,
		`deja (?:un|tu) comentario`)},
}

func begins(patterns ...string) *regexp.Regexp {
	return regexp.MustCompile(`(?i)^(?:[^\pL\pN©(]*)(?:` + strings.Join(patterns, "|") + `)`)
}

// furnitureByWords says what furniture a line is by its words, "" where it may be text.
func furnitureByWords(l *line) string {
	if l.words > maxBegins {
		return ""
	}
	for _, r := range lineRules {
		if l.words <= r.words && r.pattern.MatchString(l.text) {
			return r.why
		}
	}
	if l.words <= 8 && player.MatchString(l.text) {
		return "player"
	}
	return ""
}

var player = regexp.MustCompile(`(?i)^(?:(?:[▶►]\s*)?(?:listen|hear|play|escuch[ae]r?|audio|download|embed|transcript)` +
	`(?: (?:now|live|to (?:this|the) (?:story|article|interview|audio)|audio|la historia))?\s*[•·:|–-]?\s*)?(?:\d{1,2}:\d\d(?:\s*/\s*\d{1,2}:\d\d)?)?$`)

var kept = regexp.MustCompile(`(?i)^(?:corrections?|clarifications?|an earlier version|editor['’]s note|` +
	`correcci[oó]n|aclaraci[oó]n|nota del editor|fe de erratas)\b`)

// isKept reports whether a text is never cut: a correction, an editor's note, a sentence of origin.
func isKept(s string) bool {
	return kept.MatchString(s) || len(s) < 1000 && origin.MatchString(s)
}

var origin = regexp.MustCompile(`(?i)\b(?:this|the) (?:story|article|report|piece) (?:was|is|has been|first|originally)\b|` +
	`\boriginally (?:published|appeared|reported)\b|\bpublicad[oa] originalmente\b`)

// isByline reports whether a line near the top names the authors.
func isByline(s string, f fields) bool {
	if countWords(s) > 16 {
		return false
	}
	return byline.MatchString(s) || f.entry.Byline != "" && strings.EqualFold(s, f.entry.Byline)
}

var byline = regexp.MustCompile(`^(?:By|BY|by|Por|POR|Story by|Written by|Reported by|Text by)[:\s]\s*\p{Lu}`)

// isDateLine reports whether a line is a date and nothing else.
func isDateLine(s string) bool {
	return countWords(s) <= 14 && dateLine.MatchString(s)
}

var dateLine = regexp.MustCompile(`(?i)^(?:(?:last )?(?:updated?|published|posted|publicad[oa]|actualizad[oa])\b.*\d|` +
	`(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,? )?(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)\w*\.? \d{1,2},? \d{4}\b.{0,30}$)`)

func cutText(why, s string) news.CutText {
	return news.CutText{Why: why, Words: countWords(s), Text: excerpt(s)}
}
