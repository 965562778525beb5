package fetch

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// longestRest is the longest time for which a server's word keeps us from asking it again.
const longestRest = 14 * 24 * time.Hour

// RetryAfter is how long after now a server asks to be asked again, by its Retry-After: digits
// alone are seconds, otherwise it is a date (RFC 9110 10.2.3). It is two weeks at most, and 0 where
// the server does not say, or means the past.
func RetryAfter(h http.Header, now time.Time) time.Duration {
	text := strings.TrimSpace(h.Get("Retry-After"))
	seconds, err := strconv.ParseUint(text, 10, 64)
	switch {
	case errors.Is(err, strconv.ErrRange), err == nil && seconds > uint64(longestRest/time.Second):
		return longestRest
	case err == nil:
		return time.Duration(seconds) * time.Second
	}
	if date, ok := parseHTTPDate(text); ok {
		return min(max(0, date.Sub(now)), longestRest)
	}
	return 0
}

// zoneNames lists the names for GMT that servers write though RFC 9110 5.6.7 has only one. No other
// zone counts: time.RFC1123 would read it as GMT.
var zoneNames = strings.NewReplacer(" UTC", " GMT", " +0000", " GMT", " -0000", " GMT")

// parseHTTPDate reads a date of HTTP in its three forms, and with days of one digit.
func parseHTTPDate(text string) (time.Time, bool) {
	text = zoneNames.Replace(text)
	if t, err := http.ParseTime(text); err == nil {
		return t, true
	}
	t, err := time.Parse("Mon, 2 Jan 2006 15:04:05 GMT", text)
	return t, err == nil
}
