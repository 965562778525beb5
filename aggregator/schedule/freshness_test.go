package schedule

import (
	"net/http"
	"testing"
	"time"

	"fronteras/aggregator/news"
)

func TestFreshnessIsMaxAgeMinusAgeOrExpiresMinusDate(t *testing.T) {
	const threeHours = "Sat, 11 Oct 2025 15:00:00 GMT"
	cached := func(directives ...string) http.Header { return http.Header{"Cache-Control": directives} }
	for name, c := range map[string]struct {
		header http.Header
		want   time.Duration
		said   bool
	}{
		"quoted, in capitals":    {cached(`public, MAX-AGE="600"`), 10 * time.Minute, true},
		"blanks, among others":   {cached("no-transform , max-age = 600", "private"), 10 * time.Minute, true},
		"the first of two":       {cached("max-age=600, max-age=60"), 10 * time.Minute, true},
		"too large":              {cached("max-age=99999999999999999999"), 2147483648 * time.Second, true},
		"negative":               {cached("max-age=-1"), 0, false},
		"empty":                  {cached("max-age="), 0, false},
		"no number":              {cached("max-age=1h"), 0, false},
		"s-maxage is not for us": {cached("s-maxage=600"), 0, false},
		"older than it may be":   {http.Header{"Cache-Control": {"max-age=600"}, "Age": {"900"}}, 0, true},
		"an age that is none": {
			http.Header{"Cache-Control": {"max-age=600"}, "Age": {"old"}}, 10 * time.Minute, true,
		},
		"max-age before Expires": {
			http.Header{"Cache-Control": {"max-age=600"}, "Expires": {threeHours}}, 10 * time.Minute, true,
		},
		"Expires by the answer's own": {
			http.Header{"Date": {"Sat, 11 Oct 2025 14:00:00 GMT"}, "Expires": {threeHours}}, time.Hour, true,
		},
		"Expires by our clock": {http.Header{"Expires": {threeHours}}, 3 * time.Hour, true},
		"Expires in the past":  {http.Header{"Expires": {"Sat, 11 Oct 2025 11:00:00 GMT"}}, 0, false},
		"Expires 0":            {http.Header{"Expires": {"0"}}, 0, false},
		"nothing": {
			http.Header{"Cache-Control": {"no-cache, must-revalidate"}, "Pragma": {"no-cache"}}, 0, false,
		},
	} {
		if have, said := freshnessLifetime(c.header, noon); have != c.want || said != c.said {
			t.Errorf("%s: %v, %t, want %v, %t", name, have, said, c.want, c.said)
		}
	}
}

func TestAnAnswerWithoutFreshnessKeepsTheEarlierOneOnlyOn304(t *testing.T) {
	before := news.Wishes{Fresh: time.Hour, TTL: 2 * time.Hour}
	if w := FreshnessHints(before, http.Header{}, nil, noon); w.Fresh != time.Hour || w.TTL != 2*time.Hour {
		t.Errorf("after a 304: %+v", w)
	}
	if w := FreshnessHints(before, http.Header{"Cache-Control": {"max-age=60"}}, nil, noon); w.Fresh != time.Minute ||
		w.TTL != 2*time.Hour {
		t.Errorf("after a 304 with max-age: %+v", w)
	}
	if w := FreshnessHints(before, http.Header{}, &news.Facts{TTL: 3 * time.Hour}, noon); w.Fresh != 0 ||
		w.TTL != 3*time.Hour {
		t.Errorf("after a document: %+v", w)
	}
}
