package publish

import (
	"maps"
	"slices"
	"strings"

	"fronteras/aggregator/house"
	"fronteras/aggregator/news"
	"fronteras/aggregator/text"
)

// bylineOf returns the names of the people whom an item is signed with, one line each. The name of a
// station, of a source outside or of the desk is none, nor is an office: readers learn who made a
// story from its origin.
func bylineOf(e *Edition, i *news.Item) []string {
	houses := e.houses
	if houses == nil {
		houses = housesOf(e)
	}
	var names []string
	for _, p := range i.Entry.Authors {
		if name := singleLine(p.Name); name != "" && !isNobody(houses, e.stationByID(i.Station), name) {
			names = append(names, name)
		}
	}
	return names
}

// housesOf lists the names of an edition's stations and of the sources outside.
func housesOf(e *Edition) house.Names {
	var outside []news.Outside
	for _, id := range slices.Sorted(maps.Keys(e.Outside)) {
		outside = append(outside, e.Outside[id])
	}
	return house.New(e.Desk, e.Stations, outside)
}

// isNobody reports whether a name in a byline of a station's is no person's.
func isNobody(houses house.Names, station news.Station, name string) bool {
	isKnown := func(name string) bool {
		_, known := houses.Lookup(name)
		return known || houses.IsHouse(name)
	}
	if isKnown(name) || isNameOf(station, name) {
		return true
	}
	parts := text.SplitByline(name, text.CommasBelong, isKnown)
	return len(parts) > 0 && !slices.ContainsFunc(parts, func(p text.BylinePart) bool {
		return p.Kind.IsHuman() || p.Kind == text.Unclear
	})
}

// isNameOf reports whether a name is a station's: its id in any case, its name or brand in any
// spelling, or several of their words and no other.
func isNameOf(station news.Station, name string) bool {
	words := text.Words(text.WithoutDiacritics(name))
	for _, own := range []string{station.ID, station.Name, station.Brand} {
		all := text.Words(text.WithoutDiacritics(own))
		if len(words) > 0 && slices.Equal(words, all) || len(words) > 1 && own != station.ID &&
			!slices.ContainsFunc(words, func(w string) bool { return !slices.Contains(all, w) }) {
			return true
		}
	}
	return strings.EqualFold(name, station.ID)
}
