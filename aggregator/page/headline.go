package page

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/html"

	"fronteras/aggregator/link"
	"fronteras/aggregator/text"
)

const (
	alikeHeadline = 0.6 // from which two headlines are of one story
	maxCompared   = 500 // bytes of a headline that are compared
)

// readTitle takes the headline that the page shows, otherwise what it says in its head.
func (f *findings) readTitle() {
	shown, where := f.shownHeadline()
	f.fields.entry.Title = f.choose("title",
		choice{shown, where},
		choice{f.article.line("headline"), fromJSONLD},
		choice{f.propText("headline"), fromMicrodata},
		choice{f.withoutSite(markupLine(f.meta("og:title"), maxTitle)), fromOpenGraph},
		choice{f.withoutSite(markupLine(f.meta("twitter:title", "dc.title", "parsely-title"), maxTitle)), fromMeta},
		choice{f.article.line("name"), fromJSONLD},
		choice{f.withoutSite(markupLine(f.title, maxTitle)), fromHTML},
	)
}

// isHeadline returns a function that reports whether a text is a headline of the page: the one that
// its h1, its Open Graph or its title say. It notes which element shows the headline.
func (f *findings) isHeadline() func(string) bool {
	var said []text.Headline
	for _, s := range f.saidHeadlines() {
		said = append(said, text.HeadlineOf(s))
	}
	return func(s string) bool {
		if s == "" {
			return false
		}
		h := text.HeadlineOf(text.Shorten(s, maxCompared))
		return slices.ContainsFunc(said, func(other text.Headline) bool { return h.Similar(other) >= alikeHeadline })
	}
}

// saidHeadlines returns the headlines that the head of the page says, in at most maxCompared bytes
// each.
func (f *findings) saidHeadlines() []string {
	var all []string
	for _, s := range [...]string{f.article.line("headline"), f.meta("og:title"), f.meta("twitter:title"), f.title} {
		if s = text.Shorten(f.withoutSite(markupLine(s, maxTitle)), maxCompared); s != "" {
			all = append(all, s)
		}
	}
	return all
}

// shownHeadline is the headline that the page shows, and where it was found.
func (f *findings) shownHeadline() (headline, where string) {
	n := f.headlineElement()
	if n == nil {
		return "", ""
	}
	f.shown = n
	f.setHeadline(n)
	if where = fromLayout; n.Data == "h1" {
		where = fromH1
	}
	return text.Shorten(headlineText(n), maxTitle), where
}

// headlineText is the text of an element that shows a headline. What stands there for screen readers
// alone is not of it.
func headlineText(n *html.Node) string { return strings.Trim(shownText(n), "¶# ") }

// headlineElement is the element that shows the headline, nil if none does for certain: one that a
// layout has for it, or an h1 that says what the head of the page says; otherwise the only h1 that
// stands in the story.
func (f *findings) headlineElement() *html.Node {
	headings := f.own(f.headings)
	isSaid := f.isHeadline()
	isText := func(n *html.Node) bool { return headlineText(n) != "" && !f.isSiteName(headlineText(n)) }
	headings = slices.DeleteFunc(headings, func(n *html.Node) bool { return !isText(n) })
	var ofLayout []*html.Node
	for _, m := range headlineMarks {
		for _, n := range f.ownMarked(m) {
			if isText(n) && len(ofLayout) < maxKept {
				ofLayout = append(ofLayout, n)
			}
		}
	}
	for _, n := range ofLayout {
		if n.Data == "h1" && isSaid(headlineText(n)) {
			return n
		}
	}
	for _, list := range [][]*html.Node{headings, ofLayout} {
		for _, n := range list {
			if isSaid(headlineText(n)) {
				return n
			}
		}
	}
	for _, n := range ofLayout {
		if n.Data == "h1" {
			return n
		}
	}
	if len(headings) == 1 && len(strings.Fields(headlineText(headings[0]))) > 2 {
		return headings[0]
	}
	return nil
}

// siteNames returns how the page names its site.
func (f *findings) siteNames() []string {
	names := []string{f.meta("og:site_name"), f.meta("application-name"), f.meta("apple-mobile-web-app-title")}
	for _, o := range [...]object{f.article, f.page} {
		names = append(names, f.data.jsonNames(o["publisher"])...)
	}
	return names
}

// isSiteName reports whether a text is the name of the page's site.
func (f *findings) isSiteName(s string) bool {
	letters := lettersOf(s)
	if letters == "" {
		return false
	}
	host := link.Host(f.address)
	if dot := strings.LastIndexByte(host, '.'); dot > 0 {
		host = host[:dot]
	}
	if letters == lettersOf(host) || letters == lettersOf(link.Host(f.address)) {
		return true
	}
	return slices.ContainsFunc(f.siteNames(), func(name string) bool { return lettersOf(name) == letters })
}

// lettersOf is a text without case, blanks and marks.
func lettersOf(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, text.Shorten(s, maxCompared))
}

// withoutSite takes off a title what names the site: the parts before the first or behind the last
// marks that part it.
func (f *findings) withoutSite(title string) string {
	for range 3 {
		at, size := lastPart(title)
		if at <= 0 {
			break
		}
		if last := title[at+size:]; !f.isSiteName(last) && !isHouseSuffix(last) {
			break
		}
		title = strings.TrimSpace(title[:at])
	}
	for _, separator := range titleSeparators {
		if first, rest, found := strings.Cut(title, separator); found && f.isSiteName(first) {
			return strings.TrimSpace(rest)
		}
	}
	return title
}

// titleSeparators part the name of a site from a headline.
var titleSeparators = []string{" | ", " - ", " – ", " — ", " :: ", " « ", " » ", " • ", " · ", " // "}

// lastPart is the place of the last mark that parts a title, and the mark's size.
func lastPart(title string) (at, size int) {
	at = -1
	for _, separator := range titleSeparators {
		if i := strings.LastIndex(title, separator); i > at {
			at, size = i, len(separator)
		}
	}
	return at, size
}

// isHouseSuffix reports whether what ends a title is a house of news by its words: "KMSA News",
// "Mesilla Public Radio".
func isHouseSuffix(s string) bool {
	words := strings.Fields(s)
	if len(words) == 0 || len(words) > 5 {
		return false
	}
	house := false
	for _, w := range words {
		house = house || text.IsHouseWord(w)
		if len(w) == 4 && (w[0] == 'K' || w[0] == 'W') && strings.ToUpper(w) == w && strings.ToLower(w) != w {
			return true
		}
	}
	return house && (strings.EqualFold(words[len(words)-1], "news") || strings.EqualFold(words[len(words)-1], "radio"))
}
