// Package dates reads dates as stations write them. What one date leaves open, its zone or whether
// the day comes before the month, the other dates of its document settle.
package dates

import (
	"fmt"
	"strings"
	"time"
)

// maxItemDates bounds the dates of one item that are looked at for what they have in common.
const maxItemDates = 8

// Calendar reads the dates of one document.
type Calendar struct {
	convention convention
	stamps     map[string]readStamp // the items' dates
	zones      namedZones
}

// readStamp is a date as it was read, or that it is none.
type readStamp struct {
	stamp
	ok bool
}

// convention is what a document's dates have in common.
type convention struct {
	zone     *time.Location // of dates that name none
	offset   int            // of zone, if the document's dates settled it
	dayFirst bool           // 1/2 is the first of February
}

// SettleCalendar finds what the dates of a document's items have in common. Dates that name no zone
// are those of a location; nil leaves it to the document: the one offset that all its other dates
// have, otherwise UTC. 1/2 is the first of February where a date of the document proves that the
// day comes first, otherwise where the language, a BCP 47 tag or "", is not English.
func SettleCalendar(items [][]string, language string, location *time.Location) *Calendar {
	c := &Calendar{stamps: make(map[string]readStamp, len(items)), zones: namedZones{}}
	proof := map[int]bool{}
	offsets := map[int]bool{}
	last := 0
	for _, texts := range items {
		for _, text := range texts[:min(len(texts), maxItemDates)] {
			if o := provenOrder(text); o != 0 {
				proof[o] = true
			}
			s, ok := parseDate(text, c.zones)
			c.stamps[text] = readStamp{s, ok}
			if t, possible := s.timeBy(convention{zone: time.UTC}); ok && possible && s.zone != nil {
				_, last = t.In(s.zone).Zone()
				offsets[last] = true
			}
		}
	}
	c.convention = convention{zone: time.UTC, dayFirst: !putsMonthFirst(language)}
	switch {
	case location != nil:
		c.convention.zone = location
	case len(offsets) == 1:
		c.convention.zone, c.convention.offset = time.FixedZone("", last), last
	}
	if len(proof) == 1 {
		c.convention.dayFirst = proof[1]
	}
	return c
}

// putsMonthFirst reports whether dates in numbers put the month first in a language.
func putsMonthFirst(language string) bool {
	return language == "" || strings.HasPrefix(strings.ToLower(language), "en")
}

// stampOf reads a date, unless it is one of the items' and was read before.
func (c *Calendar) stampOf(text string) (stamp, bool) {
	if s, known := c.stamps[text]; known {
		return s.stamp, s.ok
	}
	return parseDate(text, c.zones)
}

// ReadTime gives the moment of a date in UTC, in whole seconds; false where the text is not a date,
// or none from 1990 to 2199.
func (c *Calendar) ReadTime(text string) (time.Time, bool) {
	s, ok := c.stampOf(text)
	if !ok {
		return time.Time{}, false
	}
	return s.timeBy(c.convention)
}

// LeaveOpen reports whether one of an item's dates leaves its zone or its order to the document.
func (c *Calendar) LeaveOpen(texts []string) bool {
	for _, text := range texts[:min(len(texts), maxItemDates)] {
		if s, ok := c.stampOf(text); ok && !s.epoch && (s.zone == nil || s.either) {
			return true
		}
	}
	return false
}

// Convention names what the document's dates settled: equal names, equal readings.
func (c *Calendar) Convention() string {
	return fmt.Sprintf("%s %d %v", c.convention.zone, c.convention.offset, c.convention.dayFirst)
}
