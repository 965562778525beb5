package evidence

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"fronteras/aggregator/identity/directory"
	"fronteras/aggregator/news"
	"fronteras/aggregator/text"
)

// Affiliations are what bylines name besides persons.
type Affiliations struct {
	Makers   []news.Maker // stations and sources outside, the item's own station among them
	Unlisted []string     // as they are written: newsrooms by their words that nobody lists
	Doubtful []string     // as they are written, too: what may be somebody's name, or a newsroom's
}

// readBylines returns the persons that an entry's bylines name, as they are compared, and the
// houses. Who took the pictures or edited is none of these persons, and no office is a house.
func readBylines(d *directory.Directory, station string, e *news.Entry) (people []string, houses Affiliations) {
	for _, p := range bylineParts(d, e) {
		switch p.Kind {
		case text.Person:
			if key := text.PersonKey(p.Name); !slices.Contains(people, key) {
				people = append(people, key)
			}
		case text.KnownName:
			if m, _ := d.Lookup(p.Text); m != (news.Maker{}) {
				houses.addMaker(m)
			}
		case text.Role, text.Newspaper, text.Outlet:
			houses.addHouse(d, station, p)
		case text.Unclear:
			if !p.Joined && strings.ContainsFunc(p.Text, unicode.IsLetter) &&
				!slices.Contains(houses.Doubtful, p.Text) {
				houses.Doubtful = append(houses.Doubtful, p.Text)
			}
		}
	}
	return people, houses
}

// NamesWithoutHouses returns what an entry's bylines name besides offices and houses, as names are
// compared, in their order.
func NamesWithoutHouses(d *directory.Directory, e *news.Entry) (names []string) {
	for _, p := range bylineParts(d, e) {
		if p.Kind.IsHuman() || p.Kind == text.Unclear {
			names = append(names, text.PersonKey(cmp.Or(p.Name, p.Text)))
		}
	}
	return names
}

// bylineParts are the parts of an entry's bylines. Reading has parted names that follow commas.
func bylineParts(d *directory.Directory, e *news.Entry) (parts []text.BylinePart) {
	known := func(name string) bool {
		_, known := d.Lookup(name)
		return known
	}
	e = withPageByline(e)
	if len(e.Authors) == 0 {
		return text.SplitByline(e.Byline, text.CommasPart, known)
	}
	for _, a := range e.Authors {
		parts = append(parts, text.SplitByline(a.Name, text.CommasBelong, known)...)
	}
	if len(e.Authors) > 1 || e.Authors[0].Name != e.Byline { // what is nobody may not be among the names
		for _, p := range text.SplitByline(e.Byline, text.CommasBelong, known) {
			if !p.Kind.IsHuman() {
				parts = append(parts, p)
			}
		}
	}
	return parts
}

// withPageByline is an entry with the byline of its page, where that is evidence. It names whom the
// feed names as well.
func withPageByline(e *news.Entry) *news.Entry {
	if e.Unpublished == nil || e.Unpublished.Byline == "" {
		return e
	}
	named := *e
	named.Byline, named.Authors = e.Unpublished.Byline, e.Unpublished.Authors
	return &named
}

func (a *Affiliations) addMaker(m news.Maker) {
	if !slices.Contains(a.Makers, m) {
		a.Makers = append(a.Makers, m)
	}
}

// addHouse adds a house whose name is no maker's: another maker's with an office ("NPR Staff"), or
// one that nobody lists. A form of the station's own name is none.
func (a *Affiliations) addHouse(d *directory.Directory, station string, p text.BylinePart) {
	found := d.NamedIn(p.Text)
	switch {
	case p.Kind == text.Role && len(found) == 1 && found[0].Station != station && isOffice(p.Text),
		p.Kind != text.Role && len(found) == 1 && found[0].Station != station:
		a.addMaker(found[0])
	case p.Kind == text.Role, len(found) > 0, slices.Contains(a.Unlisted, p.Text),
		p.Kind == text.Outlet && d.IsOwnForm(station, p.Text):
	default:
		a.Unlisted = append(a.Unlisted, p.Text)
	}
}

// isOffice reports whether a part that holds a maker's name is an office of that maker's now: a few
// words, one of them an office's, and no other preposition than Spanish puts there.
func isOffice(part string) bool {
	words := strings.Fields(part)
	return len(words) <= maxOfficeWords && slices.ContainsFunc(words, text.IsHouseWord) &&
		!slices.ContainsFunc(words, func(w string) bool {
			return slices.Contains(
				[]string{"former", "formerly", "retired", "of", "for", "at", "in", "from", "on", "via", "ex"},
				strings.ToLower(w),
			)
		})
}
