package aggregator_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"fronteras/aggregator"
	"fronteras/aggregator/identity"
	"fronteras/aggregator/news"
	"fronteras/store"
)

// slowSave is a store in which a visit takes longer to save than its lease lasts.
type slowSave struct{ *store.Store }

func (s slowSave) Save(ctx context.Context, v news.FeedState, a *identity.Arrival, f *news.Facts) (news.Saved, error) {
	time.Sleep(12 * time.Minute)
	return s.Store.Save(ctx, v, a, f)
}

func TestAVisitThatOutlastsItsLeaseIsNotMadeTwiceAtOnce(t *testing.T) {
	stations := []news.Station{{ID: "ajo", Name: "Radio Ajo", URL: "http://ajo.example", Feeds: []news.Feed{
		{Station: "ajo", URL: "http://ajo.example/rss", Every: time.Minute},
	}}}
	handlers := map[string]http.Handler{"ajo.example": document(rss("Rain"))}
	slow := func(s *store.Store) aggregator.Store { return slowSave{s} }
	inWorldAround(t, stations, handlers, slow, func(w *world) {
		for len(w.requests("ajo.example")) == 0 {
			time.Sleep(time.Second)
		}
		time.Sleep(11 * time.Minute)
		if n := len(w.requests("ajo.example")); n != 1 {
			t.Errorf("asked %d times while one visit is being saved", n)
		}
		time.Sleep(3 * time.Minute)
		if n := len(w.requests("ajo.example")); n < 2 {
			t.Errorf("asked %d times after it was saved", n)
		}
	})
}
