package feed

import (
	"strings"
	"time"
)

// settle finds what the dates of a document's items have in common.
func (r *reader) settle(items [][]string, language string) convention {
	r.stamps = make(map[string]stamped, len(items))
	proof := map[int]bool{}
	offsets := map[int]bool{}
	last := 0
	for _, texts := range items {
		for _, text := range texts[:min(len(texts), maxDates)] {
			if o := order(text); o != 0 {
				proof[o] = true
			}
			s, ok := parseDate(text, r.zones)
			r.stamps[text] = stamped{s, ok}
			if t, possible := s.time(convention{zone: time.UTC}); ok && possible && s.zone != nil {
				_, last = t.In(s.zone).Zone()
				offsets[last] = true
			}
		}
	}
	c := convention{zone: time.UTC, dayFirst: !english(first(language, r.context.Language))}
	switch {
	case r.context.Location != nil:
		c.zone = r.context.Location
	case len(offsets) == 1:
		c.zone, c.offset = time.FixedZone("", last), last
	}
	if len(proof) == 1 {
		c.dayFirst = proof[1]
	}
	return c
}

// stamped is a date as it was read, or that it is none.
type stamped struct {
	stamp
	ok bool
}

// stamp reads a date, unless settle has read it.
func (r *reader) stamp(text string) (stamp, bool) {
	if s, known := r.stamps[text]; known {
		return s.stamp, s.ok
	}
	return parseDate(text, r.zones)
}

// open reports whether one of an item's dates leaves its zone or its order open.
func (r *reader) open(texts []string) bool {
	for _, text := range texts[:min(len(texts), maxDates)] {
		if s, ok := r.stamp(text); ok && !s.epoch && (s.zone == nil || s.either) {
			return true
		}
	}
	return false
}

// maxDates bounds the dates of one item that are read.
const maxDates = 8

// dates are the texts of an item's dates, in the document's order.
func (d *scanned) dates(it *item) []string {
	var all []string
	for i := range it.children {
		if c := &it.children[i]; c.word.is(isDate) {
			all = append(all, d.text(c))
		}
	}
	return all
}

// english reports whether dates in numbers put the month first: where neither
// the feed nor the station says another language.
func english(language string) bool {
	return language == "" || strings.HasPrefix(strings.ToLower(language), "en")
}

// dated is an element that a date is taken from.
type dated struct {
	space space
	name  string
}

// The orders in which an entry's date is looked for.
var (
	rssDates = []dated{
		{spaceNone, "pubdate"}, {spaceDC, "date"}, {spaceTerms, "issued"}, {spaceTerms, "created"}, {spaceTerms, "available"},
		{spaceNone, "published"}, {spaceNone, "issued"}, {spaceNone, "created"}, {spacePrism, "publicationdate"},
	}
	atomDates = []dated{
		{spaceNone, "published"}, {spaceNone, "issued"}, {spaceNone, "created"}, {spaceNone, "pubdate"}, {spaceDC, "date"}, {spaceTerms, "issued"},
		{spaceTerms, "created"}, {spaceTerms, "available"}, {spacePrism, "publicationdate"}, {spaceNone, "updated"}, {spaceNone, "modified"},
	}
	updates = []dated{{spaceNone, "updated"}, {spaceNone, "modified"}, {spaceTerms, "modified"}}
)

// date is the first date that can be read.
func (r *reader) date(it *item, from []dated) time.Time {
	for _, d := range from {
		for i := range it.children {
			c := &it.children[i]
			if c.word.name != d.name || !(c.space == d.space || d.space == spaceNone && c.is(d.name)) {
				continue
			}
			text := r.doc.text(c)
			if s, ok := r.stamp(text); ok {
				if t, ok := s.time(r.dates); ok {
					return t
				}
			}
			if text != "" {
				r.add(repairDates, r.doc.origin(c.tag.from), "no date: "+clip(oneLine(text)))
			}
		}
	}
	return time.Time{}
}
