package fields

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/html"

	"fronteras/aggregator/link"
	"fronteras/aggregator/page/tree"
	"fronteras/aggregator/text"
)

const (
	alikeHeadline = 0.6 // from which two headlines are of one story
	maxCompared   = 500 // bytes of a headline that are compared

	maxHeadlineParts = 8 // elements in a headline of which one can be it alone
)

// titleOf takes the headline that the page shows, otherwise what it says in its head.
func titleOf(f *findings) choice {
	return firstOf(
		shownHeadline(f),
		choice{f.article.line("headline"), fromJSONLD},
		choice{propText(f.survey, "headline"), fromMicrodata},
		choice{withoutSite(f, markupLine(f.meta("og:title"), maxTitle)), fromOpenGraph},
		choice{withoutSite(f, markupLine(f.meta("twitter:title", "dc.title", "parsely-title"), maxTitle)), fromMeta},
		choice{f.article.line("name"), fromJSONLD},
		choice{withoutLastPart(withoutSite(f, markupLine(f.title, maxTitle))), fromHTML},
	)
}

// isHeadline returns a function that reports whether a text is a headline of the page: the one that
// its h1, its Open Graph or its title say.
func isHeadline(f *findings) func(string) bool {
	var said []text.Headline
	for _, s := range saidHeadlines(f) {
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
func saidHeadlines(f *findings) []string {
	var all []string
	for _, s := range [...]string{f.article.line("headline"), f.meta("og:title"), f.meta("twitter:title"), f.title} {
		if s = text.Shorten(withoutSite(f, markupLine(s, maxTitle)), maxCompared); s != "" {
			all = append(all, s)
		}
	}
	return all
}

// shownHeadline is the headline that the page shows.
func shownHeadline(f *findings) choice {
	where := fromLayout
	switch {
	case f.shown == nil:
		return choice{}
	case f.shown.Data == "h1":
		where = fromH1
	case isLesser(f.survey, f.shown):
		where = fromHTML
	}
	return choice{text.Shorten(headlineText(f, f.shown), maxTitle), where}
}

// isLesser reports whether an element is an h2 that no layout has for a headline.
func isLesser(s *survey, n *html.Node) bool {
	return n.Data == "h2" && !slices.ContainsFunc(headlineMarks, func(m mark) bool {
		return slices.Contains(s.markedBy(m), n)
	})
}

// headlineText is the text of an element that shows a headline, without a line above it. Where one of
// its elements alone says what the head of the page says, the others are not of it.
func headlineText(f *findings, n *html.Node) string {
	whole := strings.Trim(textWithout(n, maxTitle, isKicker), "¶# ")
	if whole == "" {
		return strings.Trim(shownText(n), "¶# ")
	}
	letters, left := lettersOf(whole), maxHeadlineParts
	for c := n.FirstChild; c != nil && left > 0; c = c.NextSibling {
		if c.Type != html.ElementNode || isKicker(c) {
			continue
		}
		left--
		part := shownText(c)
		if l := lettersOf(part); len(l) < len(letters) && slices.Contains(f.said, l) {
			return part
		}
	}
	return whole
}

// isKicker reports an element of a headline that stands above it.
func isKicker(n *html.Node) bool { return tree.IsElement(n, "time") || hasClassWord(n, kickerWords) }

var kickerWords = tree.SetOf("kicker eyebrow overline topline flytitle dachzeile rubric category breadcrumb " +
	"antetitulo date")

// headlineElement is the element that shows the headline, nil if none does for certain: one that a
// layout has for it, or an h1 that says what the head of the page says, otherwise such an h2;
// otherwise the only h1 that stands in the story.
func headlineElement(f *findings) *html.Node {
	isSaid := isHeadline(f)
	isReadable := func(n *html.Node) bool {
		s := headlineText(f, n)
		return s != "" && !isSiteName(f, s)
	}
	without := func(list []*html.Node) []*html.Node {
		return slices.DeleteFunc(list, func(n *html.Node) bool { return !isReadable(n) })
	}
	headings := without(f.own(f.headings))
	var ofLayout []*html.Node
	for _, m := range headlineMarks {
		if len(ofLayout) < maxKept {
			ofLayout = append(ofLayout, without(f.ownMarked(m))...)
		}
	}
	for _, list := range [][]*html.Node{ofLayout, headings} {
		for _, n := range list {
			if n.Data == "h1" && isSaid(headlineText(f, n)) {
				return n
			}
		}
	}
	for _, n := range ofLayout {
		if isSaid(headlineText(f, n)) {
			return n
		}
	}
	for _, n := range without(f.own(f.lesser)) {
		if s := headlineText(f, n); len(strings.Fields(s)) > 2 && isExactly(f, s) {
			return n
		}
	}
	for _, n := range without(f.headings) {
		if s := headlineText(f, n); isInHeaderAlone(f.survey, n) && len(strings.Fields(s)) > 2 && isExactly(f, s) {
			return n
		}
	}
	for _, n := range ofLayout {
		if n.Data == "h1" {
			return n
		}
	}
	if len(headings) == 1 && len(strings.Fields(headlineText(f, headings[0]))) > 2 {
		return headings[0]
	}
	return nil
}

// isInHeaderAlone reports whether an element counts as the site's for no other reason than that it is
// in a header outside the story: some designs put the headline there.
func isInHeaderAlone(s *survey, n *html.Node) bool {
	header := tree.Closest(n, "header")
	if header == nil || s.isForeign(header.Parent) {
		return false
	}
	for p := n; p != header; p = p.Parent {
		if s.isOutside(p) {
			return false
		}
	}
	return true
}

// isExactly reports whether a text is what the head of the page says, or what its title begins with.
func isExactly(f *findings, s string) bool {
	letters := lettersOf(s)
	return strings.HasPrefix(lettersOf(f.title), letters) || slices.Contains(f.said, letters)
}

// siteNames returns how the page names its site.
func siteNames(f *findings) []string {
	names := []string{f.meta("og:site_name"), f.meta("application-name"), f.meta("apple-mobile-web-app-title")}
	for _, o := range [...]object{f.article, f.page} {
		names = append(names, f.data.jsonNames(o["publisher"])...)
	}
	return names
}

// isSiteName reports whether a text is the name of the page's site.
func isSiteName(f *findings, s string) bool {
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
	return slices.ContainsFunc(siteNames(f), func(name string) bool { return lettersOf(name) == letters })
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
func withoutSite(f *findings, title string) string {
	if slices.ContainsFunc(titleSeparators, func(s string) bool {
		return strings.HasPrefix(title, strings.TrimLeft(s, " "))
	}) {
		return "" // there is the site's name alone
	}
	for range 3 {
		at, size := lastPart(title)
		if at <= 0 {
			break
		}
		if last := title[at+size:]; !isSiteName(f, last) && !isHouseSuffix(last) {
			break
		}
		title = strings.TrimSpace(title[:at])
	}
	for _, separator := range titleSeparators {
		if first, rest, found := strings.Cut(title, separator); found && isSiteName(f, first) {
			return strings.TrimSpace(rest)
		}
	}
	return title
}

// withoutLastPart takes off a title what stands behind a mark that parts the name of a site from a
// headline, where the page has no other headline.
func withoutLastPart(title string) string {
	at, size := lastPart(title)
	if at <= 0 {
		return title
	}
	first, last := strings.Fields(title[:at]), strings.Fields(title[at+size:])
	isSure := strings.ContainsAny(title[at:at+size], "|»:")
	if len(first) > 3 && (isSure || len(last) < 4) {
		return strings.TrimSpace(title[:at])
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
