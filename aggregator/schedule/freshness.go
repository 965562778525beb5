package schedule

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"fronteras/aggregator/news"
)

// maxDeltaSeconds is the largest number of seconds that a header can mean (RFC 9111 1.2.2).
const maxDeltaSeconds = 1 << 31

// FreshnessHints returns what an answer and its document ask for; before is what was known. An
// answer that does not mention its freshness leaves what an earlier one said (RFC 9111 4.3.4),
// unless it brought a document. Facts are nil for a 304: they leave what the last document asked
// for.
func FreshnessHints(before news.Wishes, h http.Header, facts *news.Facts, received time.Time) news.Wishes {
	w := before
	if fresh, said := freshnessLifetime(h, received); said || facts != nil {
		w.Fresh = fresh
	}
	if facts != nil {
		w.TTL, w.Update, w.SkipHours, w.SkipDays = facts.TTL, facts.Update, facts.SkipHours, facts.SkipDays
	}
	return w
}

// freshnessLifetime is how long an answer is fresh: max-age minus Age, otherwise Expires minus Date
// (RFC 9111 4.2); said is false if the header has neither. Directives such as no-cache are about
// caches and do not count.
func freshnessLifetime(h http.Header, received time.Time) (fresh time.Duration, said bool) {
	for directive := range strings.SplitSeq(strings.Join(h.Values("Cache-Control"), ","), ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(directive), "=")
		if !strings.EqualFold(strings.TrimSpace(name), "max-age") {
			continue
		}
		age, ok := parseDeltaSeconds(strings.Trim(strings.TrimSpace(value), `"`))
		if !ok {
			break
		}
		old, _ := parseDeltaSeconds(strings.TrimSpace(h.Get("Age"))) // absent or odd: 0
		return max(0, age-old), true
	}
	if h.Get("Expires") == "" { // as in most answers: an empty text is not tried as three kinds of dates
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

// parseDeltaSeconds reads digits alone; a number that is too large is the largest.
func parseDeltaSeconds(text string) (time.Duration, bool) {
	if text == "" || strings.Trim(text, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil || n > maxDeltaSeconds {
		n = maxDeltaSeconds
	}
	return time.Duration(n) * time.Second, true
}
