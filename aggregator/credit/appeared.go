package credit

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"fronteras/aggregator/markup"
)

// Appeared is the line that CMSs put under each item of a feed, "The post TITLE appeared first on
// SITE.", in the text of a block. A CMS that takes the item over brings the line along.
type Appeared struct {
	Start, End           int
	TitleStart, TitleEnd int
	SiteStart, SiteEnd   int
}

// limits of such a line, in bytes: a longer one is a sentence of somebody's
const (
	longestTitle = 400
	longestSite  = 120
)

// appearedVerbs lists what stands between title and site, from the settings of the common plugins.
var appearedVerbs = []string{
	" appeared first on ", " first appeared on ", " originally appeared on ", " appeared first in ",
	" first appeared in ", " was first published on ", " was published first on ",
	" se publicó primero en ", " se publicó por primera vez en ", " se ha publicado primero en ",
	" apareció primero en ", " apareció por primera vez en ", " aparece primero en ",
	" fue publicada primero en ", " fue publicado primero en ",
}

// appearedSubjects lists what comes before the title.
var appearedSubjects = []string{"The post ", "The entry ", "La entrada ", "La publicación ", "El post "}

// writtenSubjects lists what a writer could say of a piece as well: there the title and the site are
// links.
var writtenSubjects = []string{"The article ", "The story ", "The episode ", "El artículo ", "La nota ", "La " +
	"noticia ",
	"El episodio "}

// FindAppeared finds the lines at the end of a block, in their order: a CMS that takes an item over
// adds its own.
func FindAppeared(b markup.Block) (lines []Appeared) {
	for text := b.Text; len(lines) < mostLines; {
		line, found := lastAppeared(text, b.Links)
		if !found {
			break
		}
		lines = append(lines, line)
		text = strings.TrimRight(text[:line.Start], " ")
	}
	slices.Reverse(lines)
	return lines
}

// mostLines is how many such lines of a paragraph are looked at.
const mostLines = 4

// lastAppeared finds the line at the end of a text that has links.
func lastAppeared(text string, links []markup.Link) (line Appeared, found bool) {
	verb, after := lastVerb(text)
	if verb < 0 {
		return line, false
	}
	line.SiteStart, line.SiteEnd, line.End = after, after+len(strings.TrimRight(text[after:], " .…")), len(text)
	bareStart, bareEnd := skipQuotes(text, after), after+len(strings.TrimRight(text[after:line.SiteEnd], quotes))
	linkedSite := slices.ContainsFunc(links, func(l markup.Link) bool {
		return l.Text != "" && after <= l.Start && l.Start <= bareStart && bareEnd <= l.End
	})
	if line.SiteStart >= line.SiteEnd || !linkedSite && !isSite(text[line.SiteStart:line.SiteEnd]) {
		return line, false
	}
	for _, l := range links { // the title, as it is linked
		if l.Text == "" || l.End > verb || skipQuotes(text, l.End) != verb {
			continue
		}
		before := strings.TrimRight(text[:l.Start], quotes)
		for n, subjects := range [][]string{appearedSubjects, writtenSubjects} {
			at := slices.IndexFunc(subjects, func(words string) bool { return strings.HasSuffix(before, words) })
			if at >= 0 && (linkedSite || n == 0) {
				line.Start, line.TitleStart, line.TitleEnd = len(before)-len(subjects[at]), l.Start, l.End
				return line, true
			}
		}
		return line, false
	}
	return findPlainTitle(text, verb, line)
}

// findPlainTitle finds the line whose title is not linked, given where its verb is.
func findPlainTitle(text string, verb int, line Appeared) (Appeared, bool) {
	from := max(0, verb-longestTitle)
	for _, words := range appearedSubjects {
		at := strings.LastIndex(text[from:verb], words)
		if at < 0 {
			continue
		}
		at += from
		title := text[at+len(words) : verb]
		bare := strings.Trim(title, quotes)
		first, _ := utf8.DecodeRuneInString(bare)
		if beginsSentence(text, at) && bare != "" && (!unicode.IsLower(first) || bare != title) {
			line.Start, line.TitleStart, line.TitleEnd = at, at+len(words), verb
			return line, true
		}
	}
	return line, false
}

const quotes = `"'“”‘’«»`

// skipQuotes is the place behind the quotes at a place in a text, two at most.
func skipQuotes(text string, at int) int {
	for range 2 {
		if r, size := utf8.DecodeRuneInString(text[at:]); size > 0 && strings.ContainsRune(quotes, r) {
			at += size
		}
	}
	return at
}

// lastVerb is where the last of the verbs begins in a text, and where it ends; -1 if there is none.
func lastVerb(text string) (begin, end int) {
	begin = -1
	if !strings.Contains(text, "ppear") && !strings.Contains(text, "ublis") && !strings.Contains(text, "parec") &&
		!strings.Contains(text, "ublic") {
		return -1, 0
	}
	for _, verb := range appearedVerbs {
		if at := strings.LastIndex(text, verb); at > begin {
			begin, end = at, at+len(verb)
		}
	}
	return begin, end
}

// isSite reports whether words can be the name of a site: a few that begin like a name.
func isSite(site string) bool {
	if len(site) > longestSite || strings.ContainsAny(site, "!?;:,") || insideSentence.MatchString(site) ||
		strings.Count(site, " ") >= 8 {
		return false
	}
	bare := strings.TrimLeft(site, quotes)
	for _, article := range []string{"the ", "el ", "la "} {
		bare = strings.TrimPrefix(bare, article)
	}
	first, _ := utf8.DecodeRuneInString(bare)
	return unicode.IsUpper(first) || unicode.IsDigit(first) || siteHost.MatchString(bare)
}

var (
	insideSentence = regexp.MustCompile(`\pL{3}[.…] `)
	siteHost       = regexp.MustCompile(`^[a-z0-9-]+(\.[a-z0-9-]+)+$`)
)

// beginsSentence reports whether a sentence begins at a place: at the beginning, or behind what ends
// a sentence or an excerpt.
func beginsSentence(text string, at int) bool {
	before := strings.TrimRight(text[:at], " "+quotes+")")
	if before == "" {
		return true
	}
	last, _ := utf8.DecodeLastRuneInString(before)
	return strings.ContainsRune(".!?…]:|—–-", last)
}
