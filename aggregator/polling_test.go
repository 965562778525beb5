package aggregator_test

import (
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"fronteras/aggregator"
	"fronteras/aggregator/news"
)

// scripted answers with one handler after another, goes on with the last, and
// keeps the headers of each request.
type scripted struct {
	mu       sync.Mutex
	answers  []http.HandlerFunc
	requests []http.Header
}

func script(answers ...http.HandlerFunc) *scripted { return &scripted{answers: answers} }

func (s *scripted) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	n := len(s.requests)
	s.requests = append(s.requests, r.Header.Clone())
	answer := s.answers[min(n, len(s.answers)-1)]
	s.mu.Unlock()
	answer(w, r)
}

// instead answers otherwise from now on.
func (s *scripted) instead(answer http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answers = []http.HandlerFunc{answer}
}

// sent is what the nth request, from 0, said in a header.
func (s *scripted) sent(n int, header string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n >= len(s.requests) {
		return "no such request"
	}
	return strings.Join(s.requests[n].Values(header), "|")
}

// with answers with headers and a document; no document is a 304.
func with(body string, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for _, h := range headers {
			name, value, _ := strings.Cut(h, ": ")
			w.Header()[name] = append(w.Header()[name], value)
		}
		if body == "" {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		fmt.Fprint(w, body)
	}
}

const (
	tagA  = `Etag: "a"`
	dateA = "Last-Modified: Fri, 10 Oct 2025 10:00:00 MST"
)

// What is sent back to a server is what it sent, byte for byte, and only that.
func TestValidatorsAreSentBackByteForByte(t *testing.T) {
	one, two := rss("Rain"), rss("Rain", "Roads")
	for name, c := range map[string]struct {
		answers []http.HandlerFunc
		tags    []string // If-None-Match of the requests from the second on
		dates   []string // If-Modified-Since
	}{
		"an ETag with its quotes": {[]http.HandlerFunc{with(one, tagA)}, []string{`"a"`}, []string{""}},
		"a weak one as weak": {
			[]http.HandlerFunc{with(one, `Etag: W/"a"`)}, []string{`W/"a"`}, []string{""},
		},
		"one without quotes as it came": {
			[]http.HandlerFunc{with(one, "Etag: a\xe9")}, []string{"a\xe9"}, []string{""},
		},
		"an odd date as it came": {
			[]http.HandlerFunc{with(one, "Last-Modified: yesterday, 25:00 XYZ")}, []string{""},
			[]string{"yesterday, 25:00 XYZ"},
		},
		"both where both are known": {
			[]http.HandlerFunc{with(one, tagA, dateA)}, []string{`"a"`}, []string{"Fri, 10 Oct 2025 10:00:00 MST"},
		},
		"no validators if none was given": {[]http.HandlerFunc{with(one)}, []string{""}, []string{""}},
		"new ones with the same document": {
			[]http.HandlerFunc{with(one, tagA), with(one, `Etag: "b"`)}, []string{`"a"`, `"b"`}, []string{"", ""},
		},
		"a new ETag with the same date": {
			[]http.HandlerFunc{with(one, tagA, dateA), with(two, `Etag: "b"`, dateA)},
			[]string{`"a"`, `"b"`}, []string{"Fri, 10 Oct 2025 10:00:00 MST", "Fri, 10 Oct 2025 10:00:00 MST"},
		},
		"an ETag that is no more is forgotten": {
			[]http.HandlerFunc{with(one, tagA), with(two)}, []string{`"a"`, ""}, []string{"", ""},
		},
		"a 304 brings a new one": {
			[]http.HandlerFunc{with(one, tagA), with("", `Etag: "b"`)}, []string{`"a"`, `"b"`}, []string{"", ""},
		},
		"a 304 without one changes nothing": {
			[]http.HandlerFunc{with(one, tagA, dateA), with("")}, []string{`"a"`, `"a"`},
			[]string{"Fri, 10 Oct 2025 10:00:00 MST", "Fri, 10 Oct 2025 10:00:00 MST"},
		},
		"a 304 that was not asked for": {
			[]http.HandlerFunc{with(one), with("")}, []string{"", ""}, []string{"", ""},
		},
		"a broken document": {
			[]http.HandlerFunc{with(one, tagA), with("<html>", `Etag: "b"`)}, []string{`"a"`, `"a"`},
			[]string{"", ""},
		},
		"an ETag that means anything": {
			[]http.HandlerFunc{with(one, "Etag: *")}, []string{""}, []string{""},
		},
		"a long one": {
			[]http.HandlerFunc{with(one, `Etag: "`+strings.Repeat("a", 2000)+`"`)}, []string{""}, []string{""},
		},
		"the first of two": {
			[]http.HandlerFunc{with(one, tagA, `Etag: "b"`)}, []string{`"a"`}, []string{""},
		},
		"only the date where the ETag is no help": {
			[]http.HandlerFunc{with(one, tagA, dateA)},
			[]string{`"a"`, `"a"`, `"a"`, "", "", "", `"a"`},
			slices.Repeat([]string{"Fri, 10 Oct 2025 10:00:00 MST"}, 7),
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := script(c.answers...)
			inWorld(t, time.Hour, hosts{"ajo.example": s}, func(w *world) {
				time.Sleep(time.Duration(len(c.tags)*4) * time.Hour)
				for n := range c.tags {
					if tag := s.sent(n+1, "If-None-Match"); tag != c.tags[n] {
						t.Errorf("request %d sent the ETag %q, want %q", n+2, tag, c.tags[n])
					}
					if date := s.sent(n+1, "If-Modified-Since"); date != c.dates[n] {
						t.Errorf("request %d sent the date %q, want %q", n+2, date, c.dates[n])
					}
				}
			})
		})
	}
}

func TestNothingButTheFeedsStateChangesOn304(t *testing.T) {
	broken := func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }
	s := script(with(rss("Rain"), tagA), broken, with(""))
	inWorld(t, time.Hour, hosts{"ajo.example": s}, func(w *world) {
		time.Sleep(4 * time.Hour)
		v := w.visit("ajo")
		if v.Failures != 0 || v.Error != "" || v.Items != 1 || time.Since(v.Success) > 70*time.Minute ||
			w.stories() != 1 {
			t.Errorf("%+v, %d stories", v, w.stories())
		}
	})
}

// A server that keeps saying 304 is asked without validators, once in 8 days.
func TestAServerStuckOn304IsAskedWithoutValidators(t *testing.T) {
	s := script(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("If-None-Match") == "" {
			with(rss("Rain"), tagA)(w, r)
			return
		}
		with("")(w, r)
	})
	inWorld(t, 6*time.Hour, hosts{"ajo.example": s}, func(w *world) {
		time.Sleep(25 * 24 * time.Hour)
		plain := 0
		count := len(w.requests("ajo.example"))
		for n := 1; n < count; n++ {
			if s.sent(n, "If-None-Match") == "" {
				plain++
			}
		}
		if plain < 2 || plain > 3 {
			t.Errorf("%d of %d requests were plain, want 3 in 25 days", plain, count)
		}
	})
}

// When a feed is visited again, by what its server and its document say.
func TestServersAndDocumentsLengthenTheWait(t *testing.T) {
	doc := rss("Rain")
	in := func(channel string) string {
		return strings.Replace(doc, "<channel>", "<channel>"+channel, 1)
	}
	wordPress := in("<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>1</sy:updateFrequency>")
	wordPress = strings.Replace(
		wordPress, "<rss", `<rss xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"`, 1,
	)
	for name, c := range map[string]struct {
		answers []http.HandlerFunc
		agreed  bool
		after   []time.Duration // the first waits
	}{
		"ttl": {
			[]http.HandlerFunc{with(in("<ttl>120</ttl>"))}, false, []time.Duration{2 * time.Hour},
		},
		"ttl, but every was agreed": {
			[]http.HandlerFunc{with(in("<ttl>120</ttl>"))}, true, []time.Duration{15 * time.Minute},
		},
		"max-age, though it was": {
			[]http.HandlerFunc{with(doc, "Cache-Control: max-age=7200")}, true, []time.Duration{2 * time.Hour},
		},
		"less its age": {
			[]http.HandlerFunc{with(doc, "Cache-Control: max-age=43200", "Age: 3600")}, false,
			[]time.Duration{39600 * time.Second},
		},
		"said by an earlier answer": {
			[]http.HandlerFunc{with(doc, tagA, "Cache-Control: max-age=7200"), with("")}, false,
			[]time.Duration{2 * time.Hour, 2 * time.Hour},
		},
		"a 304 says something else": {
			[]http.HandlerFunc{
				with(doc, tagA, "Cache-Control: max-age=7200"), with("", "Cache-Control: max-age=3600"),
			}, false, []time.Duration{2 * time.Hour, time.Hour},
		},
		"Expires": {
			[]http.HandlerFunc{
				with(doc, "Date: Sat, 11 Oct 2025 12:00:00 GMT", "Expires: Sat, 11 Oct 2025 15:00:00 GMT"),
			}, false, []time.Duration{3 * time.Hour},
		},
		"no-cache is about caches": {
			[]http.HandlerFunc{with(doc, "Cache-Control: no-cache, no-store", "Pragma: no-cache")}, false,
			[]time.Duration{15 * time.Minute},
		},
		"WordPress's default": {
			[]http.HandlerFunc{with(wordPress)}, false, []time.Duration{time.Hour},
		},
		"hours in which it is not open": {
			[]http.HandlerFunc{with(in("<skipHours><hour>12</hour><hour>13</hour></skipHours>"))}, false,
			[]time.Duration{2*time.Hour - time.Minute},
		},
		"a year is a day": {
			[]http.HandlerFunc{with(in("<ttl>525600</ttl>"))}, false, []time.Duration{24 * time.Hour},
		},
	} {
		t.Run(name, func(t *testing.T) {
			feeds := []news.Feed{
				{Station: "ajo", URL: "http://ajo.example/rss", Every: 15 * time.Minute, Agreed: c.agreed},
			}
			stations := []news.Station{{ID: "ajo", Name: "Radio Ajo", URL: "http://ajo.example", Feeds: feeds}}
			inWorldOf(t, stations, hosts{"ajo.example": script(c.answers...)}, func(w *world) {
				time.Sleep(28 * time.Hour)
				times := w.requests("ajo.example")
				for n, want := range c.after {
					if gap := times[n+1].Sub(times[n]); gap < want || gap > want*11/10+2*time.Minute {
						t.Errorf("wait %d was %v, want %v", n+1, gap, want)
					}
				}
			})
		})
	}
}

// Feeds of one host, each with its own path.
func sharing(host string, n int, every time.Duration) news.Station {
	s := news.Station{ID: strings.ReplaceAll(host, ".", "-"), Name: host, URL: "http://" + host}
	for i := range n {
		s.Feeds = append(
			s.Feeds, news.Feed{Station: s.ID, URL: fmt.Sprintf("http://%s/%d.rss", host, i), Every: every},
		)
	}
	return s
}

func TestAHundredFeedsOnTenHostsAreVisitedOneByOneAtEachHost(t *testing.T) {
	var stations []news.Station
	handlers := hosts{}
	var mu sync.Mutex
	inside := map[string]int{}
	for i := range 10 {
		host := fmt.Sprintf("s%d.example", i)
		stations = append(stations, sharing(host, 10, time.Hour))
		handlers[host] = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			if inside[r.Host]++; inside[r.Host] > 1 {
				t.Errorf("%s was asked twice at once", r.Host)
			}
			mu.Unlock()
			time.Sleep(100 * time.Millisecond)
			mu.Lock()
			inside[r.Host]--
			mu.Unlock()
			fmt.Fprint(w, rss("Rain "+r.URL.Path))
		})
	}
	inWorldOf(t, stations, handlers, func(w *world) {
		begun := time.Now()
		time.Sleep(61 * time.Second)
		visits, paused, err := w.desk.Poll(w.t.Context(), "")
		w.must(err)
		if visits != 100 || len(paused) != 0 {
			t.Errorf("%d visited, %d paused", visits, len(paused))
		}
		if took := time.Since(begun) - 61*time.Second; took > 13*time.Second {
			t.Errorf("took %v, want ten gaps and answers", took)
		}
		if w.most > 4 {
			t.Errorf("%d requests at once, 4 allowed", w.most)
		}
		for host, times := range w.asked {
			for n := 1; n < len(times); n++ {
				if gap := times[n].Sub(times[n-1]); gap < time.Second {
					t.Errorf("%s was asked again after %v", host, gap)
				}
			}
		}
	})
}

func TestAPollWaitsForTheVisitThatIsUnderWay(t *testing.T) {
	slow := func(w http.ResponseWriter, _ *http.Request) {
		time.Sleep(10 * time.Second)
		fmt.Fprint(w, rss("Rain"))
	}
	inWorld(t, 15*time.Minute, hosts{"ajo.example": script(slow, slow)}, func(w *world) {
		for len(w.requests("ajo.example")) == 0 {
			time.Sleep(time.Second)
		}
		for _, which := range []string{"", "ajo"} {
			visits, _, err := w.desk.Poll(w.t.Context(), which)
			if w.must(err); visits != 1 {
				t.Errorf("poll %q: %d visits, want 1 after the one under way", which, visits)
			}
		}
		if times := w.requests("ajo.example"); len(times) != 3 {
			t.Errorf("asked %d times, want 3", len(times))
		}
	})
}

func TestTooManyRequestsPauseAllFeedsOfTheHost(t *testing.T) {
	n := 0
	busy := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if n++; n == 3 {
			w.Header().Set("Retry-After", "7200")
			w.WriteHeader(http.StatusTooManyRequests)
			return
		}
		fmt.Fprint(w, rss("Rain "+r.URL.Path))
	})
	handlers := hosts{"ajo.example": busy}
	inWorldOf(t, []news.Station{sharing("ajo.example", 5, 10*time.Minute)}, handlers, func(w *world) {
		time.Sleep(119 * time.Minute)
		times := w.requests("ajo.example")
		if len(times) != 3 {
			t.Errorf("asked %d times, want none after the 429", len(times))
		}
		_, paused, err := w.desk.Poll(w.t.Context(), "")
		if w.must(err); len(paused) != 5 {
			t.Errorf("%d feeds are paused for poll as well, want 5", len(paused))
		}
		time.Sleep(30 * time.Minute)
		if len(w.requests("ajo.example")) == 3 {
			t.Error("not asked after the pause")
		}
	})
}

func TestRetryAfterHoldsOnAnyError(t *testing.T) {
	for _, status := range []int{403, 429, 500, 503} {
		refuse := func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "10800")
			w.WriteHeader(status)
		}
		inWorld(t, 15*time.Minute, hosts{"ajo.example": script(refuse, text(rss("Rain")))}, func(w *world) {
			time.Sleep(5 * time.Hour)
			if times := w.requests("ajo.example"); times[1].Sub(times[0]) < 3*time.Hour {
				t.Errorf("%d: asked again after %v", status, times[1].Sub(times[0]))
			}
		})
	}
}

func TestLastingStatusesAreLoggedOnceAndLeaveTheStories(t *testing.T) {
	gone := func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusGone) }
	inWorld(t, 15*time.Minute, hosts{"ajo.example": script(text(rss("Rain")), gone)}, func(w *world) {
		time.Sleep(29 * 24 * time.Hour)
		if n := len(w.requests("ajo.example")); n != 2 || w.stories() != 1 {
			t.Errorf("asked %d times in a month, %d stories; want 2, and the story to stay", n, w.stories())
		}
	})
	for name, c := range map[string]struct {
		status       int
		before, told time.Duration // when the operator is not told yet, and when
	}{
		"410 at once":          {http.StatusGone, 0, 20 * time.Minute},
		"404 after three days": {http.StatusNotFound, 70 * time.Hour, 110 * time.Hour},
		"403 at the third":     {http.StatusForbidden, 40 * time.Minute, 2 * time.Hour},
		"401 at the third":     {http.StatusUnauthorized, 40 * time.Minute, 2 * time.Hour},
	} {
		fails := func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(c.status) }
		inWorld(t, 10*time.Minute, hosts{"ajo.example": script(text(rss("Rain")), fails)}, func(w *world) {
			remarks := func() int { return len(aggregator.Remarks(w.visit("ajo"), w.stations[0].Feeds[0])) }
			time.Sleep(c.before)
			if n := strings.Count(w.log.String(), "feed keeps failing"); n != 0 {
				t.Errorf("%s: told %d times before", name, n)
			}
			time.Sleep(c.told - c.before)
			if n := strings.Count(w.log.String(), "feed keeps failing"); n != 1 || remarks() != 1 {
				t.Errorf("%s: told %d times, %d remarks", name, n, remarks())
			}
			time.Sleep(10 * 24 * time.Hour)
			if n := strings.Count(w.log.String(), "feed keeps failing"); n != 1 || w.stories() != 1 {
				t.Errorf("%s: told %d times in all, %d stories", name, n, w.stories())
			}
		})
	}
}

// Where no way leads to three hosts in a row, it is our own network, and nobody is
// charged; when it is back, feeds return spread.
func TestAnOutageOfOurOwnNetworkIsNobodysFailure(t *testing.T) {
	handlers := hosts{}
	for i := range 8 {
		handlers[fmt.Sprintf("s%d.example", i)] = document(rss(fmt.Sprintf("Rain %d", i)))
	}
	inWorld(t, 10*time.Minute, handlers, func(w *world) {
		time.Sleep(30 * time.Minute)
		before := 0
		for host := range handlers {
			before += len(w.requests(host))
		}
		w.cut(&net.OpError{Op: "dial", Err: syscall.ENETUNREACH})
		time.Sleep(3 * time.Hour)
		for i := range 8 {
			if v := w.visit(fmt.Sprintf("s%d", i)); v.Failures != 0 || v.Error != "" {
				t.Errorf("s%d is charged with %d failures: %s", i, v.Failures, v.Error)
			}
		}
		if n := strings.Count(w.log.String(), "network is down"); n != 1 {
			t.Errorf("told %d times that the network is down", n)
		}
		w.cut(nil)
		time.Sleep(2 * time.Minute)
		after := 0
		for host := range handlers {
			after += len(w.requests(host))
		}
		if after-before != 8 {
			t.Errorf("%d requests in the two minutes after, want one a feed", after-before)
		}
	})
}

// A permanent redirect is kept after a week of five visits or more, asked
// directly then, and given up again when it fails three times.
func TestAPermanentRedirectIsBelievedAfterAWeek(t *testing.T) {
	moved := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://new.example/feed", http.StatusMovedPermanently)
	})
	there := script(text(rss("Rain")))
	handlers := hosts{"ajo.example": moved, "new.example": there}
	stations := []news.Station{sharing("ajo.example", 1, 12*time.Hour)}
	inWorldOf(t, stations, handlers, func(w *world) {
		time.Sleep(6 * 24 * time.Hour)
		v := func() news.FeedState { return w.visit("ajo-example") }
		if v().MovedTo != "" {
			t.Error("believed before a week")
		}
		time.Sleep(2 * 24 * time.Hour)
		if v().MovedTo != "http://new.example/feed" {
			t.Fatalf("%+v", v())
		}
		before := len(w.requests("ajo.example"))
		time.Sleep(4 * 24 * time.Hour)
		if n := len(w.requests("ajo.example")); n != before {
			t.Errorf("the old address was asked %d times more", n-before)
		}
		there.instead(http.NotFound)
		time.Sleep(20 * 24 * time.Hour)
		if n := len(w.requests("ajo.example")); n == before {
			t.Error("the old address was not asked when the new one failed")
		}
	})
}

func TestATemporaryRedirectIsNeverKept(t *testing.T) {
	for _, status := range []int{302, 303, 307} {
		moved := http.HandlerFunc(
			func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "http://new.example/feed", status) },
		)
		handlers := hosts{"ajo.example": moved, "new.example": text(rss("Rain"))}
		inWorldOf(t, []news.Station{sharing("ajo.example", 1, 12*time.Hour)}, handlers, func(w *world) {
			time.Sleep(20 * 24 * time.Hour)
			if v := w.visit("ajo-example"); v.MovedTo != "" || v.Items != 1 {
				t.Errorf("%d: %+v", status, v)
			}
		})
	}
}
