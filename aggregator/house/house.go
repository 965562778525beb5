// Package house knows the names of the desk's stations and of the sources outside it, and what is
// nothing but such names.
package house

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
)

// New lists all names of the desk's stations and of outside sources.
func New(site news.Site, stations []news.Station, outside []news.Outside) Names {
	n := Names{}
	for _, s := range stations {
		m := news.Maker{Station: s.ID, Name: s.Name}
		call := strings.ToUpper(s.ID)
		for _, name := range append([]string{s.Name, call, call + "-FM", call + "-TV", call + " News"},
			HostsOf(s)...) {
			n.addName(name, m)
		}
		if s.Brand != "" {
			n.addName(s.Brand, news.Maker{})
		}
	}
	for _, o := range outside {
		for _, name := range append(slices.Concat([]string{o.Name}, o.Bylines), o.Hosts...) {
			n.addName(name, news.Maker{Outside: o.ID, Name: o.Name})
		}
	}
	for _, stop := range append(site.AllTitles(), nameless...) {
		n.addName(stop, news.Maker{})
	}
	for _, phrases := range n {
		slices.SortStableFunc(phrases, func(a, b phrase) int { return len(b.words) - len(a.words) })
	}
	return n
}

// nameless are phrases in which no name is found: what is called like a source, and common words
// that a source has for its name.
var nameless = []string{
	"NPR member station", "NPR member stations", "NPR station", "NPR stations", "public radio",
	"join the conversation", "continue the conversation", "part of the conversation", "grist for the mill",
	"grist to the mill", "stateline road", "insurance marketplace", "health marketplace", "facebook marketplace",
}

// HostsOf returns a station's hosts, the one of its page among them, each once.
func HostsOf(s news.Station) []string {
	var unique []string
	for _, h := range append(slices.Clone(s.Hosts), link.Host(s.URL)) {
		if h != "" && !slices.Contains(unique, h) {
			unique = append(unique, h)
		}
	}
	return unique
}

// Names finds the makers that a text names. A phrase is a run of words; at each word the longest
// phrase wins, and phrases without a maker (the desk's title, brands) are consumed like others, so
// that nothing is found in them.
type Names map[string][]phrase // by the first word in lower case

type phrase struct {
	words []string
	exact bool // letters count: a call sign is not an ordinary word
	maker news.Maker
}

// addName files a name. A name that is there already keeps its first maker, unless it stood for
// nobody: a station whose brand is its name is named by it.
func (n Names) addName(name string, m news.Maker) {
	w := splitIntoNameWords(name)
	if len(w) == 0 {
		return
	}
	first := strings.ToLower(strings.TrimSuffix(w[0], "'s"))
	p := phrase{words: w, exact: len(w) == 1, maker: m}
	at := slices.IndexFunc(n[first], func(old phrase) bool { return slices.Equal(old.words, w) })
	if at < 0 {
		n[first] = append(n[first], p)
	} else if n[first][at].maker == (news.Maker{}) {
		n[first][at] = p
	}
}

// splitIntoNameWords splits a text where names are split: at all but letters, digits and inner
// apostrophes.
func splitIntoNameWords(text string) []string {
	return strings.FieldsFunc(strings.ReplaceAll(text, "’", "'"), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '\''
	})
}

// place is where a name stands.
type place int

const (
	alone      place = iota
	inSentence       // where a source's name that is ordinary words is one only with their capitals
)

func (n Names) longestPhraseAt(words []string) (phrase, bool) { return n.longestPhraseOf(words, alone) }

func (n Names) longestPhraseOf(words []string, at place) (phrase, bool) {
	if len(words) == 0 {
		return phrase{}, false
	}
	for _, p := range n[strings.ToLower(strings.TrimSuffix(words[0], "'s"))] {
		if p.beginsWords(words, at) {
			return p, true
		}
	}
	return phrase{}, false
}

// beginsWords reports whether a list of words begins with the phrase; the last word may be a
// possessive.
func (p phrase) beginsWords(words []string, at place) bool {
	if len(words) < len(p.words) {
		return false
	}
	for i, w := range p.words {
		have := words[i]
		if i == len(p.words)-1 && have != w {
			have = strings.TrimSuffix(have, "'s")
		}
		if have != w && (p.exact || !strings.EqualFold(have, w) ||
			at == inSentence && p.maker.Outside != "" && hasLostCapital(have, w)) {
			return false
		}
	}
	return true
}

// hasLostCapital reports whether a word of a text has no capital where the name's has one: "the
// conversation" is none. Articles and prepositions may lose it.
func hasLostCapital(word, name string) bool {
	first := func(s string) rune {
		r, _ := utf8.DecodeRuneInString(s)
		return r
	}
	return unicode.IsUpper(first(name)) && unicode.IsLower(first(word)) && !smallWords[name]
}

var smallWords = map[string]bool{"The": true, "From": true, "Of": true, "And": true}

// membership is what stands between a maker and those that it is a part of, or made of.
var membership = regexp.MustCompile(`(?i),?\s(?:which\s|that\s)?(?:is\s|are\s)?(?:(?:an?|the)\s(?:[\w-]+\s){0,5})?` +
	`(?:part|project|initiative|member|affiliate|program|collaboration|collaborative|partnership|consortium|` +
	`cooperative|coalition|network)\s(?:of|between|among|that|which|including)\s`)
