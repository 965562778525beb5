package dates

import (
	"testing"
	"time"
)

func TestDatesAreReadAsStationsWriteThem(t *testing.T) {
	const want = "2026-02-04T21:05:00Z"
	for _, text := range []string{
		"Wed, 04 Feb 2026 14:05:00 -0700", "04 Feb 2026 14:05 -0700", "Wed, 4 Feb 26 14:05:00 MST",
		"Tue, 04 Feb 2026 21:05:00 GMT", "Wednesday, 04-Feb-26 21:05:00 GMT", "Wed Feb  4 21:05:00 2026",
		"Wed Feb 4 14:05:00 MST 2026", "Wed,\n 04   Feb 2026\t14:05:00 -0700 ", "2026-02-04T14:05:00-07:00",
		"2026-02-04T21:05:00Z", "2026-02-04 21:05:00", "20260204T210500Z", "2026-02-04T21:05Z",
		"2026-02-04T21:05:00.123Z", "2026-02-04T21:05:00,5+00:00", "2026-02-04T21:05:00+00:00Z", "2026-2-4 21:5",
		"2026/02/04 21:05:00", "20260204210500", "February 4, 2026 - 2:05pm MST", "Feb 4, 2026 at 2:05 PM MST",
		"Wednesday, February 4, 2026 21:05", "1770239100", "1770239100000", "Wed, 04 Feb 2026 14:05:00 GMT-07:00",
		"Wed, 04 Feb 2026 22:05:00 UTC+1", "Wed, 04 Feb 2026 21:05:00 +0000 (UTC)",
		"Wed, 04 Feb 2026 14:05:00 -0700 MST", "2026-02-04T14:05:00 America/Phoenix",
		"Wed, 04 Feb 2026 16:05:00 ET", "Wed, 04 Feb 2026 13:05:00 PT", "Wed, 04 Feb 2026 12:05:00 AKST",
		"Wed, 04 Feb 2026 11:05:00 HST", "Wed, 04 Feb 2026 17:05:00 AST", "mié, 04 feb. 2026 21:05:00 +0000",
		"miércoles, 4 de febrero de 2026 21:05", "mer. 4 févr. 2026 21:05", "Mittwoch, 4. Februar 2026 22:05 MEZ",
		"mer, 4 febbraio 2026 21:05", "qua, 4 fev 2026 21:05:00 +0000", "Wed, 04 Feb 2026 21:05:00 XYZ",
		"4th February 2026, 9:05 pm", "04.02.2026 21:05", "4.2.26 21:05", "2026-02-04 14:05:00 -0700",
		"Wed, 04 February 2026 22:05:00 CET", "Feb 4 2026 9:05PM",
	} {
		if got := readAs(text, convention{zone: time.UTC}); got != want {
			t.Errorf("%q: %s", text, got)
		}
	}
}

func TestDatesWithoutTimeOrZoneAreLocal(t *testing.T) {
	phoenix, err := time.LoadLocation("America/Phoenix")
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"2026-02-04": "2026-02-04T07:00:00Z", "2026-02": "2026-02-01T07:00:00Z", "2026": "2026-01-01T07:00:00Z",
		"4 Mar 2026":  "2026-03-04T07:00:00Z",
		"Feb 4, 2026": "2026-02-04T07:00:00Z", "20260204": "2026-02-04T07:00:00Z",
		"mar, 03 feb. 2026":         "2026-02-03T07:00:00Z",
		"Wed, 04 Feb 2026 24:00:00": "2026-02-05T07:00:00Z", "Sept 4, 2026": "2026-09-04T07:00:00Z",
		"2026-02-04-07:00":  "2026-02-04T07:00:00Z",
		"July 4, 2026 2 pm": "2026-07-04T21:00:00Z", "Sat, 04 Jul 2026 12:00:00 ET": "2026-07-04T16:00:00Z",
		"Sat, 04 Jul 2026 12:00:00 MST": "2026-07-04T19:00:00Z",
	} {
		if got := readAs(text, convention{zone: phoenix}); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

func TestDayAndMonthInNumbersStandInTheOrderOfTheDocument(t *testing.T) {
	for _, c := range []struct {
		text     string
		dayFirst bool
		want     string
	}{
		{"01/02/2026", false, "2026-01-02T00:00:00Z"},
		{"01/02/2026", true, "2026-02-01T00:00:00Z"},
		{"13/02/2026", false, "2026-02-13T00:00:00Z"},
		{"02/13/2026 10:00", true, "2026-02-13T10:00:00Z"},
		{"01-02-26", true, "2026-02-01T00:00:00Z"},
		{"01.02.2026", false, "2026-02-01T00:00:00Z"},
	} {
		if got := readAs(c.text, convention{zone: time.UTC, dayFirst: c.dayFirst}); got != c.want {
			t.Errorf("%q, day first %v: %s, want %s", c.text, c.dayFirst, got, c.want)
		}
	}
}

func TestTextThatIsNoDateIsNotRead(t *testing.T) {
	for _, text := range []string{
		"", "Mon, 01 Jan 0001 00:00:00 +0000", "31 June 2026", "Wed, 30 Feb 2026", "2026-13-01",
		"2026-02-04T25:00:00Z", "13/13/2026", "yesterday", "Published: Feb 4 2026", "Feb 4 2026 by Ana",
		"Wed, 04 Feb 1980 10:00:00 GMT", "99999-01-01", "2026-02-04T21:05:00+99:99", "0", "12:30",
		"Wed, 04 Feb 12026", "99999999999999999999", "2026-02-04T21:61:00Z", "4 Feb", "Feb 2026 noon tomorrow",
		"N/A", "-1",
	} {
		if got := readAs(text, convention{zone: time.UTC}); got != "" {
			t.Errorf("%q: %s", text, got)
		}
	}
}

func readAs(text string, c convention) string {
	s, ok := parseDate(text, namedZones{})
	if !ok {
		return ""
	}
	moment, ok := s.timeBy(c)
	if !ok {
		return ""
	}
	return moment.Format(time.RFC3339)
}

func TestADocumentSettlesWhatItsDatesLeaveOpen(t *testing.T) {
	phoenix := time.FixedZone("", -7*3600)
	for name, c := range map[string]struct {
		items    [][]string
		language string
		location *time.Location
		date     string
		want     string
	}{
		"nothing is known": {nil, "", nil, "01/02/2026 10:00", "2026-01-02T10:00:00Z"},
		"a language":       {nil, "es", nil, "01/02/2026 10:00", "2026-02-01T10:00:00Z"},
		"a proof against a language": {
			[][]string{{"02/13/2026"}}, "es", nil, "01/02/2026 10:00", "2026-01-02T10:00:00Z",
		},
		"a proof": {
			[][]string{{"13/02/2026"}}, "", nil, "01/02/2026 10:00", "2026-02-01T10:00:00Z",
		},
		"two proofs are none": {
			[][]string{{"13/02/2026"}, {"02/13/2026"}}, "", nil, "01/02/2026", "2026-01-02T00:00:00Z",
		},
		"one offset": {
			[][]string{{"2026-02-04T10:00:00-07:00"}}, "", nil, "2026-02-05 10:00", "2026-02-05T17:00:00Z",
		},
		"two offsets are none": {
			[][]string{{"2026-02-04T10:00:00-07:00"}, {"2026-02-04T10:00:00Z"}}, "", nil, "2026-02-05 10:00",
			"2026-02-05T10:00:00Z",
		},
		"a location": {
			[][]string{{"2026-02-04T10:00:00Z"}}, "", phoenix, "2026-02-05 10:00", "2026-02-05T17:00:00Z",
		},
		"a date that names its zone": {nil, "", phoenix, "2026-02-05 10:00Z", "2026-02-05T10:00:00Z"},
		"one of the items' own dates": {
			[][]string{{"2026-02-05 10:00"}}, "", phoenix, "2026-02-05 10:00", "2026-02-05T17:00:00Z",
		},
	} {
		calendar := SettleCalendar(c.items, c.language, c.location)
		if have, ok := calendar.ReadTime(c.date); !ok || have.Format(time.RFC3339) != c.want {
			t.Errorf("%s: %v, %t, want %s", name, have, ok, c.want)
		}
	}
	calendar := SettleCalendar(nil, "", nil)
	for date, open := range map[string]bool{
		"2026-02-05 10:00": true, "01/02/2026 10:00Z": true, "2026-02-05 10:00Z": false, "1770239100": false,
		"no date": false,
	} {
		if calendar.LeaveOpen([]string{date}) != open {
			t.Errorf("%q leaves something open: %t", date, !open)
		}
	}
}
