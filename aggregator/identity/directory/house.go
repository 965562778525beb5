package directory

import (
	"slices"
	"strings"

	"fronteras/aggregator/house"
	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
	"fronteras/aggregator/text"
)

// IsOwnForm reports whether the name of a house that nobody lists may be a form of a station's own
// name, or of the desk's: "Ajo News Network" of Radio Ajo, "Northern Public Media" of the station
// with the id npm.
func (d *Directory) IsOwnForm(station, name string) bool {
	s := news.Station{ID: station}
	if n, ok := d.order[station]; ok {
		s = d.Stations[n]
	}
	var own []string
	for _, of := range slices.Concat([]string{s.ID, s.Name, s.Brand}, d.Site.AllTitles(), house.HostsOf(s)) {
		own = append(own, text.Words(text.WithoutDiacritics(of))...)
	}
	words := text.Words(text.WithoutDiacritics(name))
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
	initials := initialsOf(name)
	first, _, _ := strings.Cut(name, " ")
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
