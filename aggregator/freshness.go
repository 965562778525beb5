package aggregator

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"fronteras/aggregator/news"
)

// most is the largest number of seconds that a header can mean (RFC 9111 1.2.2).
const most = 1 << 31

// wishes are what an answer and its document ask for; before is what was known.
// An answer that says nothing of its freshness leaves what an earlier one said
// (RFC 9111 4.3.4); a nil document, that of a 304, leaves the document's.
func wishes(before news.Wishes, h http.Header, f *news.Facts, received time.Time) news.Wishes {
	w := before
	if fresh, said := freshness(h, received); said || f != nil {
		w.Fresh = fresh
	}
	if f != nil {
		w.TTL, w.Update, w.SkipHours, w.SkipDays = f.TTL, f.Update, f.SkipHours, f.SkipDays
	}
	return w
}

// freshness is how long an answer is said to be fresh: max-age less Age, else
// Expires less Date (RFC 9111 4.2); said is false if nothing says. Only what can
// be read counts: no-cache and its like are about caches.
func freshness(h http.Header, received time.Time) (fresh time.Duration, said bool) {
	for directive := range strings.SplitSeq(strings.Join(h.Values("Cache-Control"), ","), ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(directive), "=")
		if !strings.EqualFold(strings.TrimSpace(name), "max-age") {
			continue
		}
		age, ok := seconds(strings.Trim(strings.TrimSpace(value), `"`))
		if !ok {
			break
		}
		old, _ := seconds(strings.TrimSpace(h.Get("Age"))) // absent or odd: 0
		return max(0, age-old), true
	}
	if h.Get("Expires") == "" { // as of most: no text is tried as three kinds of dates
		return 0, false
	}
	expires, err := http.ParseTime(h.Get("Expires"))
	if err != nil {
		return 0, false
	}
	date, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		date = received
	}
	if !expires.After(date) {
		return 0, false
	}
	return expires.Sub(date), true
}

// seconds reads digits alone; a number too large is the largest.
func seconds(text string) (time.Duration, bool) {
	if text == "" || strings.Trim(text, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil || n > most {
		n = most
	}
	return time.Duration(n) * time.Second, true
}
