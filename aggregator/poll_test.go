package aggregator_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"testing"
	"time"

	"fronteras/aggregator/news"
)

// slowly are stations on n hosts, each of which takes its time to answer.
func slowly(n int, takes time.Duration) (stations []news.Station, handlers hosts) {
	handlers = hosts{}
	for i := range n {
		host := fmt.Sprintf("s%d.example", i)
		stations = append(stations, sharing(host, 1, time.Hour))
		handlers[host] = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			select {
			case <-time.After(takes):
				fmt.Fprint(w, rss("Rain"))
			case <-r.Context().Done():
			}
		})
	}
	return stations, handlers
}

// alone stops the daemon's own visits.
func (w *world) alone() {
	w.stop()
	w.stop = func() {}
}

// hostOf is the host of a feed's address.
func hostOf(t *testing.T, address string) string {
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u.Host
}

func TestAPollThatIsCutShortHoldsNoVisitThatItHasNotBegun(t *testing.T) {
	stations, handlers := slowly(10, 10*time.Second)
	inWorldOf(t, stations, handlers, func(w *world) {
		w.alone()
		ctx, cancel := context.WithTimeout(w.t.Context(), 5*time.Second)
		defer cancel()
		if _, _, err := w.desk.Poll(ctx, ""); err == nil {
			t.Error("it says nothing of being cut short")
		}
		visits, err := w.store.FeedStates()
		w.must(err)
		for _, v := range visits {
			if asked := len(w.requests(hostOf(t, v.Feed))) > 0; asked == v.Leased.IsZero() {
				t.Errorf("%s was asked: %t, and is leased until %v", v.Feed, asked, v.Leased)
			}
		}
	})
}

// Visits are leased some at a time, and when one was asked is nevertheless known.
func TestAPollThatTakesLongKnowsWhenItAsked(t *testing.T) {
	stations, handlers := slowly(24, 20*time.Second)
	inWorldOf(t, stations, handlers, func(w *world) {
		w.alone()
		if made, _, err := w.desk.Poll(w.t.Context(), ""); made != 24 || err != nil {
			t.Fatalf("%d visits, %v", made, err)
		}
		visits, err := w.store.FeedStates()
		w.must(err)
		for _, v := range visits {
			if asked := w.requests(hostOf(t, v.Feed)); len(asked) != 1 ||
				asked[0].Sub(v.Asked).Abs() > 61*time.Second ||
				!v.Leased.IsZero() {
				t.Errorf("%s was asked at %v, %v is kept, leased until %v", v.Feed, asked, v.Asked, v.Leased)
			}
		}
	})
}

// Who asks for visits now gets none where the server wants rest; what the
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
			len(w.requests("ajo.example")) != asked ||
			w.stories() != 1 {
			t.Errorf("%d visits, paused %+v, %d stories", made, paused, w.stories())
		}
	})
}
