package editors

import (
	"cmp"
	"fmt"
	"math"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"fronteras/aggregator/markup"
	"fronteras/aggregator/news"
	"fronteras/aggregator/text"
)

// telling is an item that is shown beside another one.
type telling struct {
	Item     *news.Item
	Station  news.Station
	Name     string // what sentences call it: the station's name, or which of two of a station's it is
	Language string // BCP 47; "" if it is not known
}

// compareItems compares two items, one beside the other: their texts, and what else they have in common or not.
func compareItems(r *request, a, b *news.Item) (first, second comparedText, facts []string) {
	var sides [2]telling
	for n, i := range []*news.Item{a, b} {
		station := r.settings.stationNamed(i.Station)
		sides[n] = telling{i, station, station.Name, cmp.Or(i.Entry.Language, i.Language)}
		if a.Station == b.Station {
			sides[n].Name = "“" + headlineOfItem(r.language, i) + "”"
		}
	}
	first, second = compareTexts(textOf(a.Entry), textOf(b.Entry))
	return first, second, differences(r.language, sides[0], sides[1], [2]comparedText{first, second}, r.settings.Stations)
}

// maxNamed is how many names or numbers a sentence lists.
const maxNamed = 5

// differences says in sentences of a language what two items have in common and what not. Texts is what
// [compareTexts] found; stations are those of the desk, for their rosters.
func differences(language string, a, b telling, texts [2]comparedText, stations []news.Station) (said []string) {
	say := func(phrase string, args ...any) { said = append(said, translate(language, phrase, args...)) }
	sayHeadlines(say, a, b)
	sayTimes(say, language, a, b)
	sayTexts(say, a, b, texts)
	sayBylines(say, a, b, stations)
	sayMedia(say, a, b)
	sayLinks(say, a, b)
	if x, y := news.PrimaryLanguage(a.Language), news.PrimaryLanguage(b.Language); x != "" && y != "" && x != y {
		say("They are in different languages: %s is in %s, %s in %s.", a.Name, languageName(language, x), b.Name,
			languageName(language, y))
	}
	return said
}

// sayer adds a sentence: see [translate].
type sayer func(phrase string, args ...any)

func sayHeadlines(say sayer, a, b telling) {
	x, y := text.HeadlineOf(a.Item.Entry.Title), text.HeadlineOf(b.Item.Entry.Title)
	switch {
	case x.Text == "" || y.Text == "":
	case x.Text == y.Text:
		say("The headlines are the same.")
	default:
		say("The headlines differ.")
	}
}

// sayTimes says how far apart two items were published.
func sayTimes(say sayer, language string, a, b telling) {
	x, y := a.Item.Entry.Stated(), b.Item.Entry.Stated()
	if x.IsZero() || y.IsZero() {
		return
	}
	first := a.Name
	if y.Before(x) {
		first = b.Name
	}
	if apart := x.Sub(y).Abs(); apart < time.Minute {
		say("They were published at the same minute.")
	} else {
		say("They were published %s apart, %s first.", spanWords(language, apart), first)
	}
}

// spanWords is a span of time in the greatest unit of which it has two.
func spanWords(language string, d time.Duration) string {
	count := func(unit time.Duration) int { return int(math.Round(float64(d) / float64(unit))) }
	switch hours := count(time.Hour); {
	case d < 90*time.Second:
		return translate(language, "a minute")
	case d < 90*time.Minute:
		return translate(language, "%d minutes", count(time.Minute))
	case hours < 48:
		return translate(language, "%d hours", hours)
	}
	return translate(language, "%d days", count(24*time.Hour))
}

func sayTexts(say sayer, a, b telling, texts [2]comparedText) {
	shorter, longer, name := texts[0], texts[1], a.Name
	if longer.Sentences < shorter.Sentences {
		shorter, longer, name = longer, shorter, b.Name
	}
	switch {
	case longer.Sentences == 0:
		say("Neither has a text.")
		return
	case shorter.Sentences == 0:
		say("%s has no text to compare.", name)
		return
	case shorter.Shared == 0 && longer.Shared == 0:
		say("No sentence is in both texts.")
	case shorter.Shared == shorter.Sentences && longer.Shared == longer.Sentences:
		say("The texts are the same.")
	case shorter.Shared == 1:
		say("1 of the %d sentences of %s is in both texts.", shorter.Sentences, name)
	default:
		say("%d of the %d sentences of %s are in both texts.", shorter.Shared, shorter.Sentences, name)
	}
	x, y := markup.Text(bounded(a.Item.Entry)), markup.Text(bounded(b.Item.Entry))
	sayOnly(say, "Only %s has these numbers, days or months: %s.", a, b, numerals(x), numerals(y))
	sayOnly(say, "Only %s has these names: %s.", a, b, namesIn(x), namesIn(y))
}

// textOf is the text of an entry, or its summary where it has none.
func textOf(e news.Entry) string { return cmp.Or(e.Content, e.Summary) }

// bounded is as much of an entry's text as is compared.
func bounded(e news.Entry) string {
	fragment := textOf(e)
	return fragment[:min(len(fragment), maxCompared)]
}

// sayOnly says which of two lists has what the other one lacks.
func sayOnly(say sayer, phrase string, a, b telling, x, y []string) {
	for _, side := range []struct {
		name      string
		has, seen []string
	}{{a.Name, x, y}, {b.Name, y, x}} {
		other := map[string]bool{}
		for _, s := range side.seen {
			other[s] = true
		}
		only := slices.DeleteFunc(slices.Clone(side.has), func(s string) bool { return other[s] })
		if len(only) > maxNamed {
			only = append(only[:maxNamed], "…")
		}
		if len(only) > 0 {
			say(phrase, side.name, strings.Join(only, ", "))
		}
	}
}

// englishDay reports whether a word is that of an English weekday or month, which has a capital letter.
func englishDay(word string) bool {
	for m := time.January; m <= time.December; m++ {
		if strings.EqualFold(m.String(), word) {
			return true
		}
	}
	return strings.HasSuffix(word, "day")
}

// numerals lists what [text.Numerals] finds, as it is written, in order.
func numerals(plain string) []string {
	var list []string
	for n := range text.Numerals(plain) {
		switch {
		case n == "miercoles" || n == "sabado":
			n = map[string]string{"miercoles": "miércoles", "sabado": "sábado"}[n]
		case englishDay(n):
			n = strings.ToUpper(n[:1]) + n[1:]
		}
		list = append(list, n)
	}
	slices.Sort(list)
	return list
}

// namesIn lists the words that a text writes with a capital inside its sentences: places, people and
// houses, as they come. It is for the eye: nothing is decided by it.
func namesIn(plain string) (names []string) {
	seen := map[string]bool{}
	for line := range strings.Lines(plain) {
		for _, sentence := range text.Sentences(text.Fold(line)) {
			for at, word := range strings.Fields(sentence) {
				word = strings.TrimFunc(word, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
				word = strings.TrimSuffix(strings.TrimSuffix(word, "’s"), "'s")
				first, _ := utf8.DecodeRuneInString(word)
				if at > 0 && unicode.IsUpper(first) && len(word) > 2 && !seen[word] && len(text.Numerals(word)) == 0 {
					seen[word] = true
					names = append(names, word)
				}
			}
		}
	}
	return names
}

// sayBylines says who signs two items, and whose reporters they are.
func sayBylines(say sayer, a, b telling, stations []news.Station) {
	x, y := authors(a.Item), authors(b.Item)
	if len(x) == 0 && len(y) == 0 {
		say("Neither names who wrote it.")
		return
	}
	key := func(names []string) string {
		var keys []string
		for _, n := range names {
			keys = append(keys, text.PersonKey(n))
		}
		slices.Sort(keys)
		return strings.Join(keys, "|")
	}
	if key(x) == key(y) {
		say("Both are signed by %s.", strings.Join(x, ", "))
	} else {
		for _, side := range []struct {
			name  string
			names []string
		}{{a.Name, x}, {b.Name, y}} {
			if len(side.names) == 0 {
				say("%s names nobody who wrote it.", side.name)
			} else {
				say("%s is signed by %s.", side.name, strings.Join(side.names, ", "))
			}
		}
	}
	told := map[string]bool{}
	for _, name := range slices.Concat(x, y) {
		if key := text.PersonKey(name); !told[key] {
			told[key] = true
			for _, station := range stations {
				if slices.ContainsFunc(station.Reporters, func(r string) bool { return text.PersonKey(r) == key }) {
					say("%s is on the list of reporters of %s.", name, station.Name)
				}
			}
		}
	}
}

// authors lists the people who sign an item, so many at most.
func authors(i *news.Item) (names []string) {
	for _, p := range i.Entry.Authors {
		if name := text.OneLine(p.Name); name != "" && len(names) < maxNamed {
			names = append(names, name)
		}
	}
	if names == nil {
		names = text.Persons(i.Entry.Byline, text.CommasPart)
		names = names[:min(len(names), maxNamed)]
	}
	return names
}

// sayMedia says whether two items have sound and pictures in common.
func sayMedia(say sayer, a, b telling) {
	var x, y []string
	for _, side := range []struct {
		item *news.Item
		list *[]string
	}{{a.Item, &x}, {b.Item, &y}} {
		for _, e := range side.item.Entry.Enclosures {
			if strings.HasPrefix(e.Type, "audio/") {
				*side.list = append(*side.list, withoutCounters(e.URL))
			}
		}
	}
	sayShared(say, a, b, x, y, [3]string{
		"Both have the same audio.", "Each has audio of its own.", "Only %s has audio.",
	})
	x, y = nil, nil
	for _, i := range a.Item.Entry.Images {
		x = append(x, i.URL)
	}
	for _, i := range b.Item.Entry.Images {
		y = append(y, i.URL)
	}
	sayShared(say, a, b, x, y, [3]string{
		"Both have the same picture.", "Each has pictures of its own.", "Only %s has pictures.",
	})
}

// withoutCounters is the address of a recording without those of counters that lead to it: they have its own
// host and path at the end of their paths.
func withoutCounters(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return address
	}
	parts := strings.Split(u.Path, "/")
	for n := len(parts) - 2; n > 0; n-- {
		if strings.Contains(parts[n], ".") {
			return u.Scheme + "://" + strings.Join(parts[n:], "/")
		}
	}
	return address
}

// sayShared says whether two lists of addresses have one in common, in one of three phrases.
func sayShared(say sayer, a, b telling, x, y []string, phrases [3]string) {
	switch {
	case len(x) == 0 && len(y) == 0:
	case len(y) == 0:
		say(phrases[2], a.Name)
	case len(x) == 0:
		say(phrases[2], b.Name)
	case commonAddress(x, y):
		say(phrases[0])
	default:
		say(phrases[1])
	}
}

// commonAddress reports whether two lists have an address in common, whatever its scheme and query.
func commonAddress(x, y []string) bool {
	known := map[string]bool{}
	for _, address := range x {
		known[plainAddress(address)] = true
	}
	return slices.ContainsFunc(y, func(address string) bool { return known[plainAddress(address)] })
}

// plainAddress is an address without what often differs where the page or file is the same.
func plainAddress(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return address
	}
	return strings.TrimPrefix(strings.ToLower(u.Host), "www.") + strings.TrimSuffix(u.Path, "/")
}

// sayLinks says which of two items names the other as its source, or its station.
func sayLinks(say sayer, a, b telling) {
	named := false
	for _, side := range [][2]telling{{a, b}, {b, a}} {
		from, to := side[0], side[1]
		pages := append(slices.Clone(to.Item.Links), to.Item.Entry.URL)
		var claims []string
		for _, c := range from.Item.Claims {
			if c.Last.IsZero() {
				claims = append(claims, c.URL)
			}
		}
		switch {
		case commonAddress(claims, slices.DeleteFunc(pages, func(p string) bool { return p == "" })):
			say("%s names the page of %s as its source.", from.Name, to.Name)
			named = true
		case a.Station.ID != b.Station.ID && mentions(from, to.Station):
			say("The text of %s names %s.", from.Name, to.Station.Name)
			named = true
		}
	}
	if !named && a.Station.ID != b.Station.ID {
		say("Neither names the other.")
	}
}

// mentions reports whether the text of an item, or its byline, has the name of a station.
func mentions(t telling, station news.Station) bool {
	words := func(s string) string { return " " + strings.Join(text.Words(text.WithoutDiacritics(s)), " ") + " " }
	said := words(markup.Text(bounded(t.Item.Entry)) + " . " + t.Item.Entry.Byline)
	for _, name := range []string{station.Name, station.Brand} {
		if w := words(name); strings.TrimSpace(w) != "" && strings.Contains(said, w) {
			return true
		}
	}
	return false
}

// languageName is the name of a language in one of the pages' languages; the tag where it has none.
func languageName(in, tag string) string {
	if name, ok := map[string]string{"en": "English", "es": "Spanish"}[tag]; ok {
		return translate(in, name)
	}
	return fmt.Sprintf("“%s”", tag)
}
