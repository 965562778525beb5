package publish

import "time"

// Period is a day, a month or a year in the desk's time zone.
type Period struct {
	Name     string    // as it is written: 2026-11-27, 2026-11 or 2026
	From, To time.Time // it begins at the one and ends before the other
}

// Formats of periods' names.
const (
	dayName   = time.DateOnly
	monthName = "2006-01"
	yearName  = "2006"
)

// Day is the day of that name; ok is false where a calendar has none.
func (e *Edition) Day(name string) (p Period, ok bool) { return e.periodNamed(dayName, name) }

// Month is the month of that name; ok is false where a calendar has none.
func (e *Edition) Month(name string) (p Period, ok bool) { return e.periodNamed(monthName, name) }

// Year is the year of that name; ok is false if it is not written with four digits.
func (e *Edition) Year(name string) (p Period, ok bool) { return e.periodNamed(yearName, name) }

// DayOf is the day that a time lies in.
func (e *Edition) DayOf(t time.Time) Period { return e.periodAt(dayName, t.In(e.timeZone())) }

// MonthOf is the month that a time lies in.
func (e *Edition) MonthOf(t time.Time) Period { return e.periodAt(monthName, t.In(e.timeZone())) }

// YearOf is the year that a time lies in.
func (e *Edition) YearOf(t time.Time) Period { return e.periodAt(yearName, t.In(e.timeZone())) }

func (e *Edition) periodNamed(format, name string) (p Period, ok bool) {
	begin, err := time.Parse(format, name)
	if err != nil || begin.Format(format) != name {
		return Period{}, false
	}
	return e.periodAt(format, begin), true
}

// periodAt is the period with the date of a time, whatever that time's zone.
func (e *Edition) periodAt(format string, t time.Time) Period {
	zone := e.timeZone()
	year, month, day := t.Date()
	switch format {
	case yearName:
		return Period{t.Format(format), beginOfDay(year, 1, 1, zone), beginOfDay(year+1, 1, 1, zone)}
	case monthName:
		return Period{t.Format(format), beginOfDay(year, month, 1, zone), beginOfDay(year, month+1, 1, zone)}
	}
	return Period{t.Format(format), beginOfDay(year, month, day, zone), beginOfDay(year, month, day+1, zone)}
}

// beginOfDay is the first moment of a day. Where clocks are put forward at midnight, there is no
// midnight and the day begins later; where they are put back at one, there are two, and it begins at
// the first.
func beginOfDay(year int, month time.Month, day int, zone *time.Location) time.Time {
	t := time.Date(year, month, day, 0, 0, 0, 0, zone)
	midnight := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	begin, end := t.ZoneBounds()
	if local := t.Add(offsetAt(t)).UTC(); local.Before(midnight) && !end.IsZero() { // it is in the day before
		return end
	}
	if !begin.IsZero() {
		if first := midnight.Add(-offsetAt(begin.Add(-1))); first.Before(begin) {
			return first.In(zone)
		}
	}
	return t
}

// offsetAt is how far the clocks of a time's zone are ahead of UTC then.
func offsetAt(t time.Time) time.Duration {
	_, seconds := t.Zone()
	return time.Duration(seconds) * time.Second
}

// timeZone is the desk's.
func (e *Edition) timeZone() *time.Location { return e.zoneNamed(e.Desk.Timezone) }

// zoneNamed is the time zone of an IANA name; UTC for "", and for one that is unknown here.
func (e *Edition) zoneNamed(name string) *time.Location {
	if zone := e.zones[name]; zone != nil {
		return zone
	}
	zone, err := time.LoadLocation(name)
	if err != nil { // it was checked with the configuration
		return time.UTC
	}
	return zone
}

// zonesOf reads the time zones of the desk and its stations, each once: that takes a file.
func zonesOf(e *Edition) map[string]*time.Location {
	zones := map[string]*time.Location{}
	zones[e.Desk.Timezone] = e.timeZone()
	for _, s := range e.Stations {
		zones[s.Timezone] = e.zoneNamed(s.Timezone)
	}
	return zones
}
