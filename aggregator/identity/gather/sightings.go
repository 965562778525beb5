package gather

import (
	"slices"
	"time"

	"fronteras/aggregator/identity/evidence"
	"fronteras/aggregator/identity/key"
	"fronteras/aggregator/news"
)

// Limits of what is kept of whom bylines name, and of what is decided again when somebody is seen at
// a second station. That happens once for each person.
const (
	maxPeople    = 8                   // of an item's byline
	maxOfPlace   = 2                   // items of a station by which somebody is found there
	maxPlaces    = 4                   // stations at which somebody is found: with more it is a network's
	maxSeen      = 64                  // items under one key
	renewedAfter = 90 * 24 * time.Hour // an item stands for its station so long
	maxReopened  = 1024                // items whose stories are decided again in a visit
)

// sightings knows at which stations people are in bylines. Of what is stored only the keys of those
// people are looked at, and a few items that these lead to.
type sightings struct {
	*Source
	evidenceOf func(*news.Item) *evidence.Evidence
	items      []*evidence.Evidence            // that are written, in the order of their numbers
	written    map[string][]*evidence.Evidence // those of them that are told as their stations' own, by person
	places     map[string]places               // by person
	elsewhere  map[place]string                // another station, "" for none
}

// place is somebody at a station. What bears the desk's credit speaks against no item without it:
// it may be a copy of that.
type place struct {
	person, station string
	credited        bool
}

// places holds the stored items by which somebody is found: those without the desk's credit, and
// those with it.
type places struct{ plain, credited []*news.Item }

// sightingsBeside returns what is known of people in bylines, with what items say that are written
// now: no key leads to that yet.
func (s *Source) sightingsBeside(written []*evidence.Evidence,
	evidenceOf func(*news.Item) *evidence.Evidence) *sightings {
	known := &sightings{Source: s, evidenceOf: evidenceOf, items: written, written: map[string][]*evidence.Evidence{},
		places: map[string]places{}, elsewhere: map[place]string{}}
	for _, e := range written {
		if evidence.TellsAsItsOwn(s.Directory, e) {
			for _, person := range peopleOf(e) {
				known.written[person] = append(known.written[person], e)
			}
		}
	}
	return known
}

func peopleOf(e *evidence.Evidence) []string { return e.People[:min(len(e.People), maxPeople)] }

// placesOf returns the stored items by which somebody is found, but those that say now that they are
// another's.
func (s *sightings) placesOf(person string) places {
	return readOnce(s.places, person, func(string) places {
		under := func(credited bool) []*news.Item {
			items := s.Items(s.read.Find(key.Person(person, credited), maxSeen))
			return slices.DeleteFunc(items, func(i *news.Item) bool { return evidence.PointsElsewhere(s.Directory, i) })
		}
		return places{under(false), under(true)}
	})
}

// Elsewhere is one whom an item's byline names, and that of another station's item as well. None is
// found where that says nothing: somebody is credited, or a roster says whose reporter it is.
func (s *sightings) Elsewhere(e *evidence.Evidence) (found evidence.Sighting, seen bool) {
	if len(e.People) == 0 || len(e.Credit.Makers) > 0 || len(e.Rosters) > 0 || !evidence.TellsAsItsOwn(s.Directory, e) {
		return found, false
	}
	for _, person := range peopleOf(e) {
		station := readOnce(s.elsewhere, place{person, e.Station, e.Credited}, s.otherStation)
		if station != "" {
			return evidence.Sighting{Person: person, Station: station}, true
		}
	}
	return found, false
}

// otherStation is another station than that of a place that has the person in a byline, "" if none
// has.
func (s *sightings) otherStation(at place) string {
	speaks := func(e *evidence.Evidence) bool {
		return e.Station != at.station && (at.credited || !e.Credited) && slices.Contains(e.People, at.person) &&
			evidence.TellsAsItsOwn(s.Directory, e)
	}
	if n := slices.IndexFunc(s.written[at.person], speaks); n >= 0 {
		return s.written[at.person][n].Station
	}
	stored := s.placesOf(at.person)
	list := stored.plain
	if at.credited {
		list = slices.Concat(list, stored.credited)
	}
	for _, i := range list {
		if i.Station != at.station && speaks(s.evidenceOf(i)) {
			return i.Station
		}
	}
	return ""
}

// Keys lists the keys under which the written items are found by whom their bylines name.
func (s *sightings) Keys() map[uint64][]key.Key {
	keys, taken := map[uint64][]key.Key{}, map[place]int{}
	for _, e := range s.items {
		if !evidence.TellsAsItsOwn(s.Directory, e) {
			continue
		}
		for _, person := range peopleOf(e) {
			keys[e.Number] = append(keys[e.Number], key.PersonAt(e.Station, person, e.Number, e.FirstSeen))
			stored := s.placesOf(person).plain
			if e.Credited {
				stored = s.placesOf(person).credited
			}
			at := place{person, e.Station, e.Credited}
			own, others := taken[at], stationsBeside(e.Station, stored)
			for _, i := range stored {
				if i.Station == e.Station && i.Number != e.Number && s.Now.Sub(i.FirstSeen) < renewedAfter {
					own++
				}
			}
			if own < maxOfPlace && (own > 0 || len(others) < maxPlaces) {
				taken[at]++
				keys[e.Number] = append(keys[e.Number], key.Person(person, e.Credited))
			}
		}
	}
	return keys
}

// stationsBeside returns the stations of items but one, each once.
func stationsBeside(station string, items []*news.Item) (others []string) {
	for _, i := range items {
		if i.Station != station && !slices.Contains(others, i.Station) {
			others = append(others, i.Station)
		}
	}
	return others
}

// Reopened returns the stored items whose origin may be another since somebody in their bylines is seen
// at a second station now, or no longer is: those of the station that was the only one besides.
func (s *sightings) Reopened() (items []*news.Item) {
	asked := map[place]bool{}
	for _, e := range s.items {
		tells := evidence.TellsAsItsOwn(s.Directory, e)
		for _, person := range peopleOf(e) {
			station := s.onlyOther(e, person, tells)
			if at := (place{person: person, station: station}); station != "" && !asked[at] {
				asked[at] = true
				items = append(items, s.itemsAt(at, maxReopened-len(items))...)
			}
		}
	}
	return items
}

// onlyOther is the one station besides a written item's that had the person in a byline, where the
// item is the first at its own that speaks against that station, or no longer does; "" otherwise.
func (s *sightings) onlyOther(e *evidence.Evidence, person string, tells bool) string {
	stored := s.placesOf(person)
	both := slices.Concat(stored.plain, stored.credited)
	plain, all := stationsBeside(e.Station, stored.plain), stationsBeside(e.Station, both)
	before := stored.plain
	if e.Credited {
		before = both
	}
	known := slices.ContainsFunc(before, func(i *news.Item) bool { return i.Station == e.Station })
	switch {
	case tells && known:
	case tells && !e.Credited && len(plain) == 1:
		return plain[0]
	case len(all) == 1:
		return all[0]
	}
	return ""
}

// itemsAt returns the stored items of a station that name somebody in their bylines, the latest
// first, at most limit of them.
func (s *sightings) itemsAt(at place, limit int) (items []*news.Item) {
	for _, keys := range key.PeriodsOfPerson(at.station, at.person, s.Now) {
		var numbers []uint64
		for _, k := range keys {
			numbers = append(numbers, s.read.Find(k, maxSeen)...)
		}
		slices.Sort(numbers)
		for _, n := range slices.Backward(numbers) {
			if len(items) >= limit {
				return items
			}
			if i := s.Item(n); i.Station == at.station && i.Story != 0 {
				items = append(items, i)
			}
		}
	}
	return items
}

// PeopleKeys returns the keys by which stored items are found by whom their bylines name, as the rules
// make them now, but those that lead there already.
func (s *Source) PeopleKeys(items []*news.Item) (list []key.Passing) {
	var all []*evidence.Evidence
	for _, i := range items {
		if i.Pruned.IsZero() && i.FirstSeen.Add(key.SeenReach).After(s.Now) {
			all = append(all, s.Evidence(i))
		}
	}
	keys := s.sightingsBeside(all, s.Evidence).Keys()
	for _, e := range all {
		missing := slices.DeleteFunc(keys[e.Number], func(k key.Key) bool {
			return slices.Contains(s.read.Find(k, maxSeen), e.Number)
		})
		if len(missing) > 0 {
			list = append(list, key.Passing{Item: e.Number, Until: e.FirstSeen.Add(key.SeenReach), Keys: missing})
		}
	}
	return list
}
