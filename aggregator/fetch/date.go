package fetch

import (
	"net/http"
	"regexp"
	"strconv"
	"time"
)

// firstYear is that of the oldest Last-Modified that can be true: older ones are what servers write for "unknown",
// and many of them answer 304 to such a date whatever has changed.
const firstYear = 1995

// keptDate returns a Last-Modified as it came, or "" where it must not be kept, or cannot be true: it is older than
// any, or later than the answer that it came with. One of another form, or in another zone, says what its server
// means by it alone, and stays.
func keptDate(modified, answered string) string {
	if keptValidator(modified) == "" {
		return ""
	}
	at, err := parseDate(modified)
	if err != nil {
		year := writtenYear.FindStringSubmatch(modified)
		if year == nil {
			return modified
		}
		if n, err := strconv.Atoi(year[1]); err == nil && n < firstYear {
			return ""
		}
		return modified
	}
	if at.Year() < firstYear {
		return ""
	}
	if then, err := parseDate(answered); err == nil && at.After(then) {
		return ""
	}
	return modified
}

// writtenYear is a number of four digits, with its sign.
var writtenYear = regexp.MustCompile(`(?:^|[^\d:-])(-?\d{4})(?:[^\d:]|$)`)

// parseDate reads a date in a form that HTTP allows, or with its zone as a number.
func parseDate(s string) (time.Time, error) {
	at, err := http.ParseTime(s)
	for _, form := range [...]string{time.RFC1123Z, time.RFC3339, "Mon, 2 Jan 2006 15:04:05 GMT"} {
		if err == nil {
			break
		}
		at, err = time.Parse(form, s)
	}
	return at, err
}
