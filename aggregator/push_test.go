package aggregator_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"fronteras/aggregator"
	"fronteras/aggregator/identity"
	"fronteras/aggregator/news"
	"fronteras/store"
)

// dated is a document with an item for each age.
func dated(ages ...time.Duration) string {
	var b strings.Builder
	b.WriteString(`<rss version="2.0"><channel><title>News</title><link>http://ajo.example/</link>`)
	for _, age := range ages {
		at := time.Now().Add(-age).UTC().Truncate(time.Second)
		fmt.Fprintf(
			&b,
			`<item><title>Story of %[1]s</title><guid isPermaLink="false">%[1]s</guid><pubDate>%[2]s</pubDate></item>`,
			at.Format(time.TimeOnly), at.Format(time.RFC1123Z),
		)
	}
	return b.String() + `</channel></rss>`
}

func TestItemsThatPollingFoundBeforeTheHubAreCounted(t *testing.T) {
	var visits atomic.Int32
	ajo := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ages := []time.Duration{40 * time.Minute, 5 * time.Minute, 10 * 24 * time.Hour}
		if n := visits.Add(1); n > 2 {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		} else if n == 1 {
			ages = ages[2:]
		}
		fmt.Fprint(w, dated(ages...))
	})
	inWorld(t, time.Hour, hosts{"ajo.example": ajo}, func(w *world) {
		time.Sleep(90 * time.Minute)
		w.must(
			w.desk.Deliver(w.t.Context(), "http://ajo.example/rss", []byte(dated(time.Hour)), "application/rss+xml"),
		)
		// At first there is no visit before, then one item was found late and two
		// were not: one of these is older than the visit before; a delivery is in time.
		if want := []int{0, 1, 0}; !slices.Equal(w.learned, want) {
			t.Errorf("found late %v, want %v", w.learned, want)
		}
	})
}

func TestTheSameFeedAtAnotherAddressIsRecognized(t *testing.T) {
	var asked atomic.Int32
	other := func(title string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			asked.Add(1)
			fmt.Fprint(w, strings.Replace(rss("Rain"), "News", title, 1))
		}
	}
	handlers := hosts{
		"ajo.example": document(rss("Rain")), "same.example": other("News"), "other.example": other("Others"),
	}
	inWorldOf(t, ajoFeeds(1), handlers, func(w *world) {
		same := func(feed, address string) bool {
			return w.desk.SameFeed(w.t.Context(), feed, address, &news.Facts{Title: "News"}, false)
		}
		for range 3 {
			if !same("http://ajo.example/rss", "http://same.example/rss") {
				t.Error("the same feed is not known")
			}
			if same("http://ajo.example/2", "http://other.example/rss") {
				t.Error("another feed is taken for the same")
			}
		}
		if asked.Load() != 2 {
			t.Errorf("asked %d times", asked.Load())
		}
	})
}

// A document may name another address at each visit: the servers there did not ask for it.
func TestOneAddressADayIsAskedForAFeed(t *testing.T) {
	var asked atomic.Int32
	handlers := hosts{
		"ajo.example": document(rss("Rain")),
		"same.example": http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			asked.Add(1)
			fmt.Fprint(w, rss("Rain"))
		}),
	}
	inWorldOf(t, ajoFeeds(1), handlers, func(w *world) {
		known, named := 0, 0
		for day := range 10 {
			for hour := range 24 {
				named++
				address := fmt.Sprintf("http://same.example/rss?%d-%d", day, hour)
				if w.desk.SameFeed(w.t.Context(), "http://ajo.example/rss", address, &news.Facts{Title: "News"}, false) {
					known++
				}
				time.Sleep(time.Hour)
			}
		}
		if asked.Load() != 10 || known != 10 {
			t.Errorf("of %d addresses %d were asked, and %d are known: want one a day", named, asked.Load(), known)
		}
	})
}

// What is compared stands at a document's head: a stranger's may be as large as it likes.
func TestTheHeadOfAStrangersDocumentIsRead(t *testing.T) {
	const filler = "A long text of a story. "
	var sent atomic.Int64
	handlers := hosts{
		"ajo.example": document(rss("Rain")),
		"same.example": http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			head, _, _ := strings.Cut(rss("Rain"), "</item>")
			fmt.Fprint(w, head, "<description>")
			for sent.Load() < 64<<20 {
				n, err := fmt.Fprint(w, strings.Repeat(filler, 100))
				sent.Add(int64(n))
				if err != nil {
					return
				}
			}
		}),
	}
	inWorldOf(t, ajoFeeds(1), handlers, func(w *world) {
		if !w.desk.SameFeed(w.t.Context(), "http://ajo.example/rss", "http://same.example/rss",
			&news.Facts{Title: "News"}, false) {
			t.Error("a large feed is not known by its head")
		}
		time.Sleep(time.Second)
		if n := sent.Load(); n > 8<<20 {
			t.Errorf("%d bytes were sent", n)
		}
	})
}

// A delivery may be a part of the feed, and says nothing of polling.
func TestADeliveryMayBeAPartOfTheFeed(t *testing.T) {
	failing := func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no", http.StatusInternalServerError) }
	served := make(chan time.Time, 1)
	whole := func(w http.ResponseWriter, _ *http.Request) {
		served <- time.Now()
		w.Header().Set("ETag", `"one"`)
		fmt.Fprint(w, dated(3*time.Hour, 4*time.Hour, 5*time.Hour))
	}
	inWorld(t, 15*time.Minute, hosts{"ajo.example": script(whole, failing)}, func(w *world) {
		time.Sleep(20 * time.Minute)
		before := w.visit("ajo")
		part := []byte(dated(time.Minute, 4*time.Hour+time.Since(<-served))) // the second is known
		for range 2 {
			w.must(w.desk.Deliver(w.t.Context(), "http://ajo.example/rss", part, "application/rss+xml"))
		}
		time.Sleep(time.Minute)
		after := w.visit("ajo")
		if before.Failures != 1 || after.Failures != 1 || after.ETag != `"one"` || !after.Due.Equal(before.Due) ||
			after.Items != before.Items {
			t.Errorf("before %+v, after %+v", before, after)
		}
		gone := 0
		w.must(w.store.EachStory(func(s *news.Story) bool {
			if s.Status != news.Live || s.Items[0].Absence != nil || s.Items[0].Entry.Title == "" {
				gone++
			}
			return true
		}))
		if gone != 0 || w.stories() != 4 {
			t.Errorf("%d stories are not live, or taken for missing, of %d", gone, w.stories())
		}
	})
}

// What a visit could bring has come: its server, which hangs, does not hold up what its hub delivers,
// while others' stories wait for it.
func TestWhatAHubDeliversWaitsForNoVisitOfItsFeed(t *testing.T) {
	hang := func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	handlers := hosts{
		"ajo.example": script(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, rss("Rain")) }, hang),
		"two.example": document(rss("Snow")),
	}
	inWorld(t, 15*time.Minute, handlers, func(w *world) {
		deliver := func(feed, title string) {
			w.must(w.desk.Deliver(w.t.Context(), "http://"+feed+"/rss", []byte(rss(title)), "application/rss+xml"))
		}
		untilRequest := func(n int) {
			for len(w.requests("ajo.example")) < n {
				time.Sleep(100 * time.Millisecond)
			}
		}
		untilRequest(2)
		deliver("two.example", "Sun")
		if time.Sleep(3 * time.Second); w.stories() != 2 {
			t.Error("another station's story does not wait for the visit")
		}
		deliver("ajo.example", "Wind")
		if time.Sleep(3 * time.Second); w.stories() != 4 {
			t.Error("what the hub delivered of the feed is not published within three seconds")
		}
		untilRequest(3) // the next visit is waited for again
		deliver("two.example", "Fog")
		if time.Sleep(3 * time.Second); w.stories() != 4 {
			t.Error("a story does not wait for the next visit")
		}
	})
}

// holding is a store that keeps deliveries waiting.
type holding struct {
	*store.Store
	until chan struct{}
}

func (h holding) Deliver(ctx context.Context, feed string, a identity.Arrival) (news.Saved, error) {
	<-h.until
	return h.Store.Deliver(ctx, feed, a)
}

// However many large deliveries are read, there is a turn for the large documents of visits.
func TestLargeDeliveriesLeaveATurnToVisits(t *testing.T) {
	large := strings.Replace(rss("Rain"), "<channel>", "<channel><!--"+strings.Repeat("x", 1<<20)+"-->", 1)
	var until chan struct{}
	stations := []news.Station{ajoFeed("ajo")}
	inWorldAround(t, stations, hosts{"ajo.example": text(large)},
		func(s *store.Store) aggregator.Store {
			until = make(chan struct{})
			return holding{s, until}
		}, func(w *world) {
			var pushes sync.WaitGroup
			for range 5 {
				pushes.Go(func() {
					w.must(w.desk.Deliver(w.t.Context(), "http://ajo.example/rss", []byte(large), "text/xml"))
				})
			}
			time.Sleep(2 * time.Minute)
			if v := w.visit("ajo"); v.Success.IsZero() || v.Failures > 0 {
				t.Errorf("a large document was not read while five were delivered: %+v", v)
			}
			close(until)
			pushes.Wait()
		})
}

// What the store does not take is an error, so that the hub delivers it again; what came for a feed
// that is not configured is none.
func TestADeliveryThatTheStoreDoesNotTakeIsAnError(t *testing.T) {
	failing := errors.New("the disk is gone")
	stations := []news.Station{ajoFeed("ajo")}
	inWorldAround(t, stations, hosts{"ajo.example": text(rss("Rain"))},
		func(s *store.Store) aggregator.Store { return refusing{s, failing} }, func(w *world) {
			for address, want := range map[string]error{
				"http://ajo.example/rss": failing, "http://gone.example/rss?key=SESAME": nil,
			} {
				err := w.desk.Deliver(w.t.Context(), address, []byte(rss("Wind")), "text/xml")
				if !errors.Is(err, want) {
					t.Errorf("%s: %v, want %v", address, err, want)
				}
			}
			if log := w.log.String(); !strings.Contains(log, "could not save hub delivery") ||
				!strings.Contains(log, "not configured") || strings.Contains(log, "SESAME") {
				t.Errorf("the log says %s", log)
			}
		})
}

// refusing is a store that takes no delivery.
type refusing struct {
	*store.Store
	err error
}

func (r refusing) Deliver(context.Context, string, identity.Arrival) (news.Saved, error) {
	return news.Saved{}, r.err
}
