package publish

import (
	"testing"
	"time"

	"fronteras/aggregator/news"
)

func TestDaysBeginWhereTheirZonesSay(t *testing.T) {
	for _, c := range []struct{ zone, day, from, to string }{
		{"America/Phoenix", "2026-11-27", "2026-11-27T07:00:00Z", "2026-11-28T07:00:00Z"},
		{"America/Denver", "2026-03-08", "2026-03-08T07:00:00Z", "2026-03-09T06:00:00Z"},    // 23 hours
		{"America/Denver", "2026-11-01", "2026-11-01T06:00:00Z", "2026-11-02T07:00:00Z"},    // 25 hours
		{"America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00:00Z", "2018-11-05T02:00:00Z"}, // there is no midnight
		{"America/Sao_Paulo", "2018-11-03", "2018-11-03T03:00:00Z", "2018-11-04T03:00:00Z"},
		{"America/Havana", "2026-11-01", "2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z"}, // there are two
		{"Pacific/Apia", "2011-12-30", "2011-12-30T10:00:00Z", "2011-12-30T10:00:00Z"},   // there is no such day
		{"Pacific/Apia", "2011-12-31", "2011-12-30T10:00:00Z", "2011-12-31T10:00:00Z"},
		{"Pacific/Kiritimati", "2026-01-01", "2025-12-31T10:00:00Z", "2026-01-01T10:00:00Z"},
		{"", "2024-02-29", "2024-02-29T00:00:00Z", "2024-03-01T00:00:00Z"},
		{"", "2026-12-31", "2026-12-31T00:00:00Z", "2027-01-01T00:00:00Z"},
	} {
		e := &Edition{Desk: news.Site{Timezone: c.zone}}
		day, ok := e.Day(c.day)
		if !ok || formatISO(day.From) != c.from || formatISO(day.To) != c.to || day.Name != c.day {
			t.Errorf("%s in %q: %t, %q from %s to %s; want %s to %s", c.day, c.zone, ok, day.Name, formatISO(day.From),
				formatISO(day.To), c.from, c.to)
		}
		if day.From.Before(day.To) {
			for _, at := range []time.Time{day.From, day.To.Add(-time.Second)} {
				if of := e.DayOf(at); of.Name != day.Name || !of.From.Equal(day.From) || !of.To.Equal(day.To) {
					t.Errorf("%s in %q is taken for a moment of %q", at, c.zone, of.Name)
				}
			}
		}
	}
}

func TestMonthsAndYears(t *testing.T) {
	e := &Edition{Desk: news.Site{Timezone: "America/Denver"}}
	if m, ok := e.Month("2026-12"); !ok || formatISO(m.From) != "2026-12-01T07:00:00Z" ||
		formatISO(
			m.To,
		) != "2027-01-01T07:00:00Z" || e.MonthOf(m.From).Name != m.Name || ArchivePath(m) != "/archive/2026/12" {
		t.Errorf("December: %t %+v, %s", ok, m, ArchivePath(m))
	}
	if y, ok := e.Year("2026"); !ok || formatISO(y.From) != "2026-01-01T07:00:00Z" ||
		formatISO(
			y.To,
		) != "2027-01-01T07:00:00Z" || e.YearOf(y.To.Add(-1)).Name != y.Name || ArchivePath(y) != "/archive/2026" {
		t.Errorf("the year: %t %+v, %s", ok, y, ArchivePath(y))
	}
	if path := ArchivePath(Period{}); path != "/archive" {
		t.Errorf("all of the archive is at %s", path)
	}
}

func TestOddDatesAreNoDays(t *testing.T) {
	e := &Edition{}
	for _, name := range []string{"", "2026-13-40", "2026-02-30", "2026-1-2", "2026-01-2", "26-01-02", "2026/01/02",
		"2026-01-02T00:00:00Z", " 2026-01-02", "2026-01-02 ", "+2026-01-02", "-026-01-02", "2026-00-01", "2026-01-00",
		"２０２６-01-02", "2025-02-29"} {
		if day, ok := e.Day(name); ok {
			t.Errorf("%q is taken for %+v", name, day)
		}
	}
	for _, name := range []string{"", "2026-13", "2026-1", "2026", "2026-011", "2026-0a"} {
		if month, ok := e.Month(name); ok {
			t.Errorf("%q is taken for %+v", name, month)
		}
	}
	for _, name := range []string{"", "26", "20260", "2O26", "-026"} {
		if year, ok := e.Year(name); ok {
			t.Errorf("%q is taken for %+v", name, year)
		}
	}
}

// Whatever an address says, a day that is read has that name again, and lies where it says.
func FuzzDay(f *testing.F) {
	for _, name := range []string{"2026-11-27", "2018-11-04", "2011-12-30", "0000-01-01", "9999-12-31", "2026-13-40", "x"} {
		f.Add(name, "America/Sao_Paulo")
	}
	f.Fuzz(func(t *testing.T, name, zone string) {
		e := &Edition{Desk: news.Site{Timezone: zone}}
		day, ok := e.Day(name)
		if !ok {
			return
		}
		if day.Name != name || day.To.Before(day.From) || day.To.Sub(day.From) > 49*time.Hour {
			t.Errorf("%q in %q: %+v", name, zone, day)
		}
	})
}

// Every topic has an address that a request for it leads back to, or none.
func FuzzTopicPath(f *testing.F) {
	for _, key := range []string{"water", "arts/culture", "..", "a//b", "100%", "educación", "c#?", "a\\b", "/", "a:b", "*"} {
		f.Add(key)
	}
	f.Fuzz(func(t *testing.T, key string) {
		path, ok := TopicPath(key)
		if !ok {
			return
		}
		back, err := unescapePath(path)
		if err != nil || back != "/topics/"+key {
			t.Errorf("%q has the address %q, which leads to %q, %v", key, path, back, err)
		}
	})
}

// An address below a language is that of a page, and leads back to itself.
func FuzzSplitLocale(f *testing.F) {
	for _, path := range []string{"/es", "/es/", "/en/days/2026-11-27", "/esp", "/ES/", "es/", "/es//", "", "/es\x00"} {
		f.Add(path)
	}
	f.Fuzz(func(t *testing.T, path string) {
		language, rest, ok := SplitLocale(path)
		if ok && (Locale{language, true}.Path(rest) != path || rest != "" && rest[0] != '/') {
			t.Errorf("%q is taken for %q in %q", path, rest, language)
		}
	})
}
