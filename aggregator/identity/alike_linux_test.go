package identity

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"fronteras/aggregator/news"
)

// A visit takes time in proportion to the items that it brings and that are near them, whatever
// they have in common: at a first import, stations' feeds may hold a thousand reports each that
// differ by a number, and a new CMS may give all of them other GUIDs.
func TestTimeGrowsWithTheItemsAlone(t *testing.T) {
	filler := strings.Repeat("the bus of this town is late again and nobody knows when it will come ", 4)
	bring := func(m *memoryStore, feed string, items int, change func(e *news.Entry, n int)) Arrival {
		station, _, _ := strings.Cut(feed, "/")
		name := strings.ReplaceAll(feed, "/", "-")
		var entries []news.Entry
		for n := range items {
			e := entry(station, fmt.Sprint(name, "-", n), fmt.Sprint(feed, " ", n), n,
				text(fmt.Sprint("<p>", filler, n, "</p>")))
			change(&e, n)
			e.Digest = digest(m.t, e)
			entries = append(entries, e)
		}
		return Arrival{Feed: news.Feed{Station: station, URL: "https://" + station + ".example/" + name + ".xml"},
			Language: "en", At: m.now, Whole: true, Entries: entries}
	}
	save := func(m *memoryStore, a Arrival) {
		m.keep(a.Feed.URL, m.desk.Resolve(m, a))
		m.now = m.now.Add(time.Hour)
	}
	for name, change := range map[string]func(e *news.Entry, n int){
		"one headline but for a number": func(e *news.Entry, n int) {
			e.Title = fmt.Sprint("Bus of number ", n, " is late again")
		},
		"one headline, and one claim": func(e *news.Entry, n int) {
			e.Title = "The bus is late"
			canonical("https://kmsa.example/2031/02/the-bus-of-this-town")(e)
		},
		"one audio file": func(e *news.Entry, _ int) { audio("https://cdn.example/bus.mp3")(e) },
		"an audio file for each station's": func(e *news.Entry, n int) {
			audio(fmt.Sprintf("https://cdn.example/%d.mp3", n))(e)
		},
	} {
		t.Run("feeds have "+name, func(t *testing.T) {
			isLinear(t, func(items int) (*memoryStore, Arrival) {
				m := newStore(t)
				last := len(testFeeds) - 1
				for _, feed := range testFeeds[:last] {
					save(m, bring(m, feed, items, change))
				}
				return m, bring(m, testFeeds[last], items, change)
			})
		})
	}
	again := func(e *news.Entry, n int) { e.GUID, e.URL = e.GUID+"-again", e.URL+"-again" }
	for name, change := range map[string]func(e *news.Entry, n int){
		"each with its date":    func(*news.Entry, int) {},
		"all with one date":     func(e *news.Entry, _ int) { e.Published = begin },
		"all with one headline": func(e *news.Entry, _ int) { e.Published, e.Title = begin, "The bus is late" },
		"all of them undated":   func(e *news.Entry, _ int) { e.Published = time.Time{} },
	} {
		t.Run("a feed's entries get other GUIDs, "+name, func(t *testing.T) {
			isLinear(t, func(items int) (*memoryStore, Arrival) {
				m := newStore(t)
				save(m, bring(m, "kmsa", items, change))
				return m, bring(m, "kmsa", items, func(e *news.Entry, n int) { change(e, n); again(e, n) })
			})
		})
	}
}

// isLinear asserts that eight times the items take eight times as long to resolve, and not sixty-four
// times. What counts is the time that the processor spends on it, whatever else it has to do; of
// some tries the shortest, for on a busy machine one alone was up to thirty-nine times as long.
func isLinear(t *testing.T, prepare func(items int) (*memoryStore, Arrival)) {
	t.Helper()
	const few, many, most = 100, 800, 44
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	once := func(items int) time.Duration {
		m, a := prepare(items)
		begin := threadTime(t)
		m.desk.Resolve(m, a)
		return threadTime(t) - begin
	}
	short, long := time.Hour, time.Hour
	for try := range 12 {
		if short = min(short, once(few)); try < 3 {
			continue
		}
		if long = min(long, once(many)); long < most*short {
			return
		}
	}
	t.Errorf("eight times the items take %v, %.0f times as long", long, float64(long)/float64(short))
}

// threadTime is how long the processor has worked for this thread.
func threadTime(t *testing.T) time.Duration {
	var used unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &used); err != nil {
		t.Fatal(err)
	}
	return time.Duration(used.Nano())
}
