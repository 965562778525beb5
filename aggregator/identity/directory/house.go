package directory

import (
	"slices"
	"strings"

	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
	"fronteras/aggregator/text"
)

// Lookup is the maker whose name is all of a text, with "The" in front of it or without. Names that
// stand for nobody, the desk's title and brands, are known too, and give no maker.
func (d *Directory) Lookup(text string) (m news.Maker, known bool) {
	words := splitIntoNameWords(text)
	forms := [][]string{words}
	if len(words) > 2 && strings.EqualFold(words[0], "the") {
		forms = append(forms, words[1:])
	} else if len(words) > 1 {
		forms = append(forms, append([]string{"The"}, words...))
	}
	for _, form := range forms {
		if p, ok := d.names.longestPhraseAt(form); ok && len(p.words) == len(form) {
			return p.maker, true
		}
	}
	return news.Maker{}, false
}

// IsOwnForm reports whether the name of a house that nobody lists may be a form of a station's own
// name, or of the desk's: "Ajo News Network" of Radio Ajo, "Northern Public Media" of the station
// with the id npm.
func (d *Directory) IsOwnForm(station, house string) bool {
	s := news.Station{ID: station}
	if n, ok := d.order[station]; ok {
		s = d.Stations[n]
	}
	var own []string
	for _, name := range slices.Concat([]string{s.ID, s.Name, s.Brand}, d.Site.AllTitles(), hostsOfStation(s)) {
		own = append(own, text.Words(text.WithoutDiacritics(name))...)
	}
	words := text.Words(text.WithoutDiacritics(house))
	if kind := publicHouse(words); kind != "" && publicHouse(own) != "" && publicHouse(own) != kind {
		return false
	}
	shared, others := 0, 0
	for _, w := range words {
		switch {
		case text.IsHouseWord(w) || w == "the":
		case slices.Contains(own, w):
			shared++
		default:
			others++
		}
	}
	initials := initialsOf(house)
	first, _, _ := strings.Cut(house, " ")
	return shared > 0 && others == 0 || isShortFor(strings.ToLower(first), initialsOf(s.Name)) ||
		isShortFor(strings.ToLower(s.ID), initials) ||
		isShortFor(link.Host(s.URL), initials)
}

// initialsOf are the first letters of a name's words.
func initialsOf(name string) (initials string) {
	for _, w := range text.Words(text.WithoutDiacritics(name)) {
		initials += w[:1]
	}
	return initials
}

// publicHouse is what stands behind "public": radio, media.
func publicHouse(words []string) string {
	if at := slices.Index(words, "public"); at >= 0 && at+1 < len(words) {
		return words[at+1]
	}
	return ""
}

// isShortFor reports whether a call sign or a host may be an abbreviation of what has these
// initials: azpm of Arizona Public Media, knpr of Nevada Public Radio.
func isShortFor(sign, initials string) bool {
	sign, _, _ = strings.Cut(strings.TrimPrefix(sign, "www."), ".")
	if len(initials) < 3 {
		return false
	}
	if len(sign) > len(initials) && (sign[0] == 'k' || sign[0] == 'w') && initials[0] != sign[0] {
		sign = sign[1:]
	}
	at := 0
	for n := 0; n < len(sign) && at < len(initials); n++ {
		if sign[n] == initials[at] {
			at++
		} else if n == 0 {
			return false
		}
	}
	return at == len(initials) && len(sign) <= len(initials)+2
}
