package dates

import (
	"strings"
	"time"

	"fronteras/aggregator/text"
)

// stamp is a date as written: what it leaves open is settled by a convention.
type stamp struct {
	year, month, day, hour, minute, second int

	zone   *time.Location // nil if no zone is written
	either bool           // day and month are numbers that may be in either order, month first
	unix   int64          // seconds since 1970, if that is what is written
	epoch  bool
}

const (
	firstYear = 1990 // before, a date is a fault of the software that wrote it
	lastYear  = 2199
)

// timeBy gives the moment in UTC, in whole seconds; false where it is impossible or out of range.
func (s stamp) timeBy(c convention) (time.Time, bool) {
	if s.epoch {
		t := time.Unix(s.unix, 0).UTC()
		return t, t.Year() >= firstYear && t.Year() <= lastYear
	}
	if s.either && c.dayFirst {
		s.month, s.day = s.day, s.month
	}
	if !s.isPossible() {
		return time.Time{}, false
	}
	zone := s.zone
	if zone == nil {
		zone = c.zone
	}
	t := time.Date(s.year, time.Month(s.month), s.day, s.hour, s.minute, s.second, 0, zone).UTC()
	return t, t.Year() >= firstYear && t.Year() <= lastYear
}

func (s stamp) isPossible() bool {
	return s.month >= 1 && s.month <= 12 && s.day >= 1 && s.day <= daysIn(s.year, s.month) &&
		(s.hour <= 23 || s.hour == 24 && s.minute == 0 && s.second == 0) && s.minute <= 59 && s.second <= 60
}

func daysIn(year, month int) int {
	return time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// maxDateLength is longer than any date.
const maxDateLength = 100

// parseDate reads a date as stations write them: RFC 822 and its successors, ISO 8601, what CMSes
// print for people in six languages, seconds since 1970. What is left over that belongs to no date
// makes it none.
func parseDate(value string, z namedZones) (stamp, bool) {
	if len(value) > maxDateLength {
		return stamp{}, false
	}
	p := &dateParser{s: text.Fold(value), zones: z}
	whole := p.s
	ok := p.parseNumeric()
	if !ok {
		*p = dateParser{s: whole, zones: z}
		ok = p.parseWords()
	}
	if !ok ||
		!p.epoch && (p.either && !p.withDayFirst().isPossible() && !p.isPossible() || !p.either && !p.isPossible()) {
		return stamp{}, false
	}
	return p.stamp, true
}

func (s stamp) withDayFirst() stamp {
	s.day, s.month = s.month, s.day
	return s
}

// dateParser reads a date from left to right.
type dateParser struct {
	stamp
	s     string // what is left
	zones namedZones

	timed, zoned, hasDay, hasMonth, hasYear bool
	maybe                                   int // a month whose short name is a weekday's too
}

// takeNumber takes a number of at most that many digits off the front.
func (p *dateParser) takeNumber(most int) (n, count int) {
	for count < len(p.s) && count < most && p.s[count] >= '0' && p.s[count] <= '9' {
		n = n*10 + int(p.s[count]-'0')
		count++
	}
	p.s = p.s[count:]
	return n, count
}

// takeByte takes the first byte off if it is one of chars.
func (p *dateParser) takeByte(chars string) bool {
	if p.s == "" || strings.IndexByte(chars, p.s[0]) < 0 {
		return false
	}
	p.s = p.s[1:]
	return true
}

func (p *dateParser) skipBlanks() { p.s = strings.TrimLeft(p.s, " ") }

// parseNumeric reads ISO 8601, in its extended and basic forms and with a blank for the T, and
// plain seconds or milliseconds since 1970.
func (p *dateParser) parseNumeric() bool {
	whole := p.s
	year, count := p.takeNumber(14)
	p.month, p.day = 1, 1
	switch {
	case count == 10 && p.s == "":
		p.unix, p.epoch = int64(year), true
		return true
	case count == 13 && p.s == "":
		p.unix, p.epoch = int64(year)/1000, true
		return true
	case count == 14, count == 12, count == 8:
		p.s = whole
		p.year, _ = p.takeNumber(4)
		p.month, _ = p.takeNumber(2)
		p.day, _ = p.takeNumber(2)
		if count > 8 {
			return p.parseBasicTime() && p.parseRest()
		}
	case count == 4:
		p.year = year
		if !p.parseMonthAndDay() {
			return false
		}
	default:
		return false
	}
	if p.s == "" {
		return true
	}
	if strings.IndexByte("+-Zz", p.s[0]) >= 0 {
		return p.parseRest()
	}
	if !p.takeByte("Tt ") {
		return false
	}
	p.skipBlanks()
	if !p.parseClock() && !p.parseBasicTime() {
		return false
	}
	return p.parseRest()
}

// parseMonthAndDay reads month and day behind a year.
func (p *dateParser) parseMonthAndDay() bool {
	var count int
	if p.s == "" {
		return true
	}
	sep := p.s[:1]
	if !p.takeByte("-/.") {
		return false
	}
	if p.month, count = p.takeNumber(2); count == 0 {
		return false
	}
	if !p.takeByte(sep) {
		return p.s == ""
	}
	p.day, count = p.takeNumber(2)
	return count > 0
}

// parseClock reads hours, minutes, perhaps seconds and their fraction.
func (p *dateParser) parseClock() bool {
	whole := p.s
	var hours, minutes int
	p.hour, hours = p.takeNumber(2)
	if hours == 0 || !p.takeByte(":hH") {
		p.s = whole
		return false
	}
	if p.minute, minutes = p.takeNumber(2); minutes == 0 {
		return false
	}
	if p.takeByte(":") {
		p.second, _ = p.takeNumber(2)
	}
	p.skipFraction()
	p.timed = true
	return true
}

func (p *dateParser) skipFraction() {
	if len(p.s) > 1 && (p.s[0] == '.' || p.s[0] == ',') && p.s[1] >= '0' && p.s[1] <= '9' {
		p.s = p.s[1:]
		p.takeNumber(12)
	}
}

// parseBasicTime reads hhmm or hhmmss.
func (p *dateParser) parseBasicTime() bool {
	var count int
	if p.hour, count = p.takeNumber(2); count != 2 {
		return false
	}
	if p.minute, count = p.takeNumber(2); count != 2 {
		return false
	}
	if p.second, count = p.takeNumber(2); count == 1 {
		return false
	}
	p.skipFraction()
	p.timed = true
	return true
}

// parseRest reads what may follow a time: am or pm, a zone, another name of it in brackets. Nothing
// else may.
func (p *dateParser) parseRest() bool {
	for p.skipBlanks(); p.s != ""; p.skipBlanks() {
		if !p.parseSuffix() {
			return false
		}
	}
	return true
}

// provenOrder tells which of day and month comes first, where a date in numbers proves it: 1 for
// the day, -1 for the month, otherwise 0.
func provenOrder(text string) int {
	p := &dateParser{s: strings.TrimSpace(text)}
	first, count := p.takeNumber(2)
	if count == 0 || !p.takeByte("/-") {
		return 0
	}
	second, count := p.takeNumber(2)
	switch {
	case count == 0 || !p.takeByte("/-"):
		return 0
	case first > 12 && second <= 12:
		return 1
	case second > 12 && first <= 12:
		return -1
	}
	return 0
}
