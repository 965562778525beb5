package aggregator

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"fronteras/aggregator/news"
)

func TestFreshness(t *testing.T) {
	received := time.Date(2025, 10, 11, 12, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		header http.Header
		want   time.Duration
		said   bool
	}{
		"P28 quoted, in capitals":         {http.Header{"Cache-Control": {`public, MAX-AGE="600"`}}, 10 * time.Minute, true},
		"P28 blanks, among others":        {http.Header{"Cache-Control": {"no-transform , max-age = 600", "private"}}, 10 * time.Minute, true},
		"P28 the first of two":            {http.Header{"Cache-Control": {"max-age=600, max-age=60"}}, 10 * time.Minute, true},
		"P28 too large":                   {http.Header{"Cache-Control": {"max-age=99999999999999999999"}}, most * time.Second, true},
		"P28 negative":                    {http.Header{"Cache-Control": {"max-age=-1"}}, 0, false},
		"P28 empty":                       {http.Header{"Cache-Control": {"max-age="}}, 0, false},
		"P28 no number":                   {http.Header{"Cache-Control": {"max-age=1h"}}, 0, false},
		"P28 s-maxage is not for us":      {http.Header{"Cache-Control": {"s-maxage=600"}}, 0, false},
		"P27 older than it may be":        {http.Header{"Cache-Control": {"max-age=600"}, "Age": {"900"}}, 0, true},
		"P27 an age that is none":         {http.Header{"Cache-Control": {"max-age=600"}, "Age": {"old"}}, 10 * time.Minute, true},
		"P29 max-age before Expires":      {http.Header{"Cache-Control": {"max-age=600"}, "Expires": {"Sat, 11 Oct 2025 15:00:00 GMT"}}, 10 * time.Minute, true},
		"P29 Expires by the answer's own": {http.Header{"Date": {"Sat, 11 Oct 2025 14:00:00 GMT"}, "Expires": {"Sat, 11 Oct 2025 15:00:00 GMT"}}, time.Hour, true},
		"P29 Expires by our clock":        {http.Header{"Expires": {"Sat, 11 Oct 2025 15:00:00 GMT"}}, 3 * time.Hour, true},
		"P29 Expires in the past":         {http.Header{"Expires": {"Sat, 11 Oct 2025 11:00:00 GMT"}}, 0, false},
		"P29 Expires 0":                   {http.Header{"Expires": {"0"}}, 0, false},
		"P30 nothing":                     {http.Header{"Cache-Control": {"no-cache, must-revalidate"}, "Pragma": {"no-cache"}}, 0, false},
	} {
		if have, said := freshness(c.header, received); have != c.want || said != c.said {
			t.Errorf("%s: %v, %t, want %v, %t", name, have, said, c.want, c.said)
		}
	}
}

func TestP33Skip(t *testing.T) {
	due := time.Date(2025, 10, 11, 12, 30, 0, 0, time.UTC) // a Saturday
	all := make([]int, 24)
	for h := range all {
		all[h] = h
	}
	for name, c := range map[string]struct {
		wishes news.Wishes
		want   time.Time
	}{
		"P33 an allowed hour":      {news.Wishes{SkipHours: []int{11, 13}}, due},
		"P33 the end of two hours": {news.Wishes{SkipHours: []int{12, 13}}, time.Date(2025, 10, 11, 14, 0, 0, 0, time.UTC)},
		"P33 the end of the day":   {news.Wishes{SkipDays: []time.Weekday{time.Saturday, time.Sunday}}, time.Date(2025, 10, 13, 0, 0, 0, 0, time.UTC)},
		"P33 both":                 {news.Wishes{SkipDays: []time.Weekday{time.Saturday}, SkipHours: []int{0, 1}}, time.Date(2025, 10, 12, 2, 0, 0, 0, time.UTC)},
		"P33 no hour at all":       {news.Wishes{SkipHours: all}, due},
	} {
		if have := skip(due, c.wishes); !have.Equal(c.want) {
			t.Errorf("%s: %v, want %v", name, have, c.want)
		}
	}
}

func TestP40Clock(t *testing.T) {
	var c clock
	start := time.Now()
	for n, step := range []struct {
		now  time.Time
		want time.Duration
	}{
		{start, 0},
		{start.Add(time.Hour), 0}, // an hour of sleep
		{start.Add(time.Hour + time.Minute).Round(0), 0},
	} {
		if have := c.jumped(step.now); have != step.want {
			t.Errorf("step %d: %v, want %v", n, have, step.want)
		}
	}
}

func TestP46HostOf(t *testing.T) {
	for url, want := range map[string]string{
		"https://www.kjzz.org/rss":         "kjzz.org:443",
		"https://feeds.kjzz.org:443/rss":   "kjzz.org:443",
		"http://KJZZ.org/rss":              "kjzz.org:80",
		"https://a.b.co.uk/rss":            "b.co.uk:443",
		"http://127.0.0.1:8080/rss":        "127.0.0.1:8080",
		"http://[::1]:8080/rss":            "[::1]:8080",
		"https://station.blogspot.com/rss": "station.blogspot.com:443",
	} {
		if have := hostOf(news.Feed{URL: url}); have != want {
			t.Errorf("%s is asked at %s, want %s", url, have, want)
		}
	}
	if have := hostOf(news.Feed{URL: "file:a.xml", Path: "/a.xml"}); have != "file:a.xml" {
		t.Errorf("a file is asked at %s", have)
	}
}

func TestP12P32P34Remarks(t *testing.T) {
	now := time.Date(2025, 10, 11, 12, 0, 0, 0, time.UTC)
	f := news.Feed{URL: "https://kjzz.org/rss", Every: 15 * time.Minute}
	for want, v := range map[string]news.FeedState{
		"neither ETag nor Last-Modified, so the whole document comes each time (19 MB a day)": {Bytes: 210_000},
		"ignores the validators":                                   {ETag: `"a"`, NeverNotModified: true, Bytes: 5},
		"served as \"text/html\"":                                  {ETag: `"a"`, Type: "text/html"},
		"2 redirects lead to it":                                   {ETag: `"a"`, Hops: 2},
		"moved for good: write https://new.example/":               {ETag: `"a"`, MovedTo: "https://new.example/"},
		"the server asked for 365 d, visited every 24 h":           {ETag: `"a"`, DelayReason: "the server asked for 365 d, visited every 24 h"},
		"the document wants to be visited at no hour or on no day": {ETag: `"a"`, Wishes: news.Wishes{SkipDays: make([]time.Weekday, 7)}},
	} {
		v.Success = now
		list := Remarks(v, f)
		if len(list) != 1 || !strings.Contains(list[0], want) {
			t.Errorf("%q, want %q", list, want)
		}
	}
	if list := Remarks(news.FeedState{Success: now, ETag: `"a"`, Type: "Application/RSS+XML; charset=utf-8"}, f); len(list) != 0 {
		t.Errorf("a good server is told %q", list)
	}
}
