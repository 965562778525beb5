package fetch

import (
	"errors"
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"fronteras/aggregator/news"
)

// madeUp is how many names the documents of these tests make up.
const madeUp = 100_000

// named is the address of a thing at a host that a document made up.
func named(n int) string { return fmt.Sprintf("https://made-up-%d.example/x", n) }

// askNamed takes a turn at each of the made-up hosts, which answers with a status, and gives the most
// entries that the limiter had meanwhile.
func askNamed(t *testing.T, l *HostLimiter, status int) (most int) {
	for n := range madeUp {
		turn, _ := waitForTurn(t, l, named(n), n%2 == 0)
		turn.endTurn(status, nil, false)
		most = max(most, len(l.hosts), len(l.rests))
	}
	return most
}

func TestHostsThatDocumentsMakeUpAreForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, long := newAjoLimiter(), http.Header{"Retry-After": {"600000"}}
		feeds := l.ofFeed["https://ajo.example/rss"]
		resting, _ := waitForTurn(t, l, "https://resting.example/1", false)
		resting.endTurn(http.StatusServiceUnavailable, long, false)
		held, _ := waitForTurn(t, l, "https://held.example/1", false)
		if most := askNamed(t, l, http.StatusOK); most > maxNamed+minSwept {
			t.Errorf("%d names: %d are in memory", madeUp, most)
		}
		time.Sleep(time.Minute)
		for n := range 2 * maxNamed { // one after another: none is held or waits for its gap then
			turn, _ := waitForTurn(t, l, named(n), false)
			turn.endTurn(http.StatusOK, nil, false)
			time.Sleep(10 * time.Millisecond)
		}
		if len(l.hosts) > 2*minSwept {
			t.Errorf("of hosts that are asked one after another %d are in memory", len(l.hosts))
		}
		if l.hosts["ajo.example:443"] != feeds {
			t.Error("the host of a feed is forgotten")
		}
		if l.hosts["held.example:443"] != held.hold.host {
			t.Error("a host is forgotten that a request is made to")
		}
		var rest *RestError
		if _, err := l.acquireTurn(t.Context(), "https://resting.example/2", false); !errors.As(err, &rest) {
			t.Errorf("a server that asked for a week's rest is asked: %v", err)
		}
		time.Sleep(time.Until(rest.Until) + time.Second)
		waitForTurn(t, l, "https://resting.example/2", false)
	})
}

func TestOfServersThatDocumentsMakeUpTheLongestRestsStay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newAjoLimiter()
		l.RestUntil("https://ajo.example/rss", time.Now().Add(time.Hour))
		l.RestUntil("https://resting.example/1", time.Now().Add(longestRest))
		if most := askNamed(t, l, http.StatusTooManyRequests); most > maxNamed+minSwept {
			t.Errorf("%d names: %d are in memory", madeUp, most)
		}
		for _, server := range []string{"ajo.example", "resting.example", "made-up-99999.example"} {
			if l.rests[server].IsZero() {
				t.Errorf("%s is asked in spite of its rest", server)
			}
		}
		time.Sleep(2 * restAfter429)
		for n := range 2 * minSwept {
			l.RestUntil(named(n), time.Now().Add(time.Second))
			time.Sleep(time.Second)
		}
		if len(l.rests) > maxNamed {
			t.Errorf("%d rests are in memory, most of which are over", len(l.rests))
		}
	})
}

func TestServersOfPagesThatDocumentsMakeUpAreForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var known PageServers
		ask := func(address string) *pageServer {
			server := known.lockServer(address, true)
			if server.robots == nil {
				server.robotsRead = time.Now()
				known.keepRobots(server, parseRobots("User-agent: *\nDisallow: /private/\n"))
			}
			return server
		}
		resting, reading := ask("https://resting.example/1"), ask("https://reading.example/1")
		resting.restUntil = time.Now().Add(longestRest)
		resting.reading.Unlock()
		most := 0
		for n := range madeUp {
			ask(named(n)).reading.Unlock()
			most = max(most, len(known.servers))
		}
		if most > maxNamed+minSwept {
			t.Errorf("%d names: %d are in memory", madeUp, most)
		}
		if known.lockServer("https://resting.example/2", true) != resting {
			t.Error("a server is forgotten that asked for a week's rest")
		}
		if known.lockServer("https://reading.example/2", true) != nil {
			t.Error("two read from one server at once")
		}
		reading.reading.Unlock()
		if known.lockServer("https://reading.example/2", true) != reading {
			t.Error("a server is forgotten that was read from")
		}
	})
}

func TestRulesOfRobotsThatArePiledUpAreForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var known PageServers
		text := []byte("User-agent: *\nDisallow: /")
		for len(text) < robotsSize {
			text = append(text, 'x')
		}
		rules := parseRobots(string(text))
		for n := range 1000 {
			server := known.lockServer(named(n), true)
			server.robotsRead = time.Now()
			known.keepRobots(server, rules)
			server.reading.Unlock()
			time.Sleep(time.Second)
		}
		kept, last := 0, known.lockServer(named(999), true)
		for _, s := range known.servers {
			if s.robots != nil {
				kept += s.robots.size()
			}
		}
		if kept > maxRobots || last.robots == nil {
			t.Errorf("%d bytes of rules are kept; those of the last: %v", kept, last.robots != nil)
		}
	})
}

func TestAnOutagePutsBackWhatWasBeforeTheFirstFailure(t *testing.T) {
	var d OutageDetector
	now := time.Date(2031, 3, 1, 12, 0, 0, 0, time.UTC)
	for failures := range 1000 {
		d.RecordUnreachable("ajo.example:443", news.FeedState{Feed: "https://ajo.example/rss", Failures: failures}, now)
	}
	d.RecordUnreachable("bisbee.example:443", news.FeedState{Feed: "https://bisbee.example/rss"}, now)
	restore, begins := d.RecordUnreachable("cameron.example:443", news.FeedState{Feed: "https://cameron.example/rss"}, now)
	if len(restore) != 3 || !begins {
		t.Fatalf("%d states of three feeds are put back, begins: %t", len(restore), begins)
	}
	for _, v := range restore {
		if v.Failures != 0 {
			t.Errorf("%s is put back with %d failures", v.Feed, v.Failures)
		}
	}
}
