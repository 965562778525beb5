package aggregator_test

import (
	"fmt"
	"net/http"
	"os"
	"testing"
	"time"

	"fronteras/aggregator/news"
)

// There is no queue and no ticker: an idle hour leaves the file as it was.
func TestAnIdleHourWritesNothing(t *testing.T) {
	inWorld(t, 3*time.Hour, hosts{"ajo.example": document(rss("Rain"))}, func(w *world) {
		time.Sleep(30 * time.Minute)
		before, err := os.ReadFile(w.path)
		w.must(err)
		time.Sleep(2 * time.Hour)
		after, err := os.ReadFile(w.path)
		w.must(err)
		if string(before) != string(after) {
			t.Error("the file is another after an idle hour")
		}
		if n := len(w.requests("ajo.example")); n != 1 {
			t.Errorf("asked %d times", n)
		}
	})
}

// A poll makes no visit where the server asked for rest; what the
// feed had stays.
func TestAPollLeavesPausedFeedsAlone(t *testing.T) {
	busy := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "7200")
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	inWorld(t, 15*time.Minute, hosts{"ajo.example": script(text(rss("Rain")), busy)}, func(w *world) {
		time.Sleep(20 * time.Minute)
		asked := len(w.requests("ajo.example"))
		made, paused, err := w.desk.Poll(w.t.Context(), "")
		w.must(err)
		if made != 0 || len(paused) != 1 || time.Until(paused[0].Paused) < 90*time.Minute ||
			len(w.requests("ajo.example")) != asked || w.stories() != 1 {
			t.Errorf("%d visits, paused %+v, %d stories", made, paused, w.stories())
		}
	})
}

// A feed that is added costs one request of its address, also where it names a
// hub, a page and itself.
func TestAddingAFeedCostsOneRequest(t *testing.T) {
	ajo := document(`<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>
		<title>News</title><link>http://ajo.example/</link>
		<atom:link rel="hub" href="http://hub.example/"/><atom:link rel="self" href="http://ajo.example/rss"/>
		<ttl>5</ttl></channel></rss>`)
	c := &counter{Handler: ajo, nearer: time.Hour}
	inWorld(t, 24*time.Hour, hosts{"ajo.example": c}, func(w *world) {
		time.Sleep(20 * time.Hour)
		if asked, _ := c.list(); len(asked) != 1 || asked[0] != "GET /rss" {
			t.Errorf("asked %q", asked)
		}
	})
}

// A delivery may be a part of the feed, and says nothing of polling.
func TestADeliveryMayBeAPartOfItsFeed(t *testing.T) {
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
