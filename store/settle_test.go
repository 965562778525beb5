package store

import (
	"path/filepath"
	"testing"
	"time"

	"fronteras/aggregator/identity"
	"fronteras/aggregator/news"
	"fronteras/store/storetest"
)

// A visit that comes while the desk settles may make another story of one that is to
// be settled. Then that is listed again: it has waited.
func TestAStoryThatChangesWhileTheDeskSettlesIsListedAgain(t *testing.T) {
	s := learned(t, filepath.Join(t.TempDir(), "store.db"), storetest.Begin)
	defer s.Close()
	rain := storetest.Entry("ajo", "rain", "Rain falls at last", storetest.Begin)
	bring := func(feed news.Feed) {
		v := news.FeedState{Feed: feed.URL, Station: feed.Station, Due: storetest.Begin.Add(time.Hour)}
		if _, err := s.Save(t.Context(), v, &identity.Arrival{Feed: feed, At: storetest.Begin, Whole: true,
			Entries: []news.Entry{rain}}, nil); err != nil {
			t.Fatal(err)
		}
	}
	bring(storetest.Feeds[0])
	list, last, err := s.listTurns()
	if err != nil || len(list) != 1 {
		t.Fatal(list, err)
	}
	bring(storetest.Feeds[1])
	if published, all, err := s.settlePart(t.Context(), list, last, storetest.Begin); len(published) > 0 || all ||
		err != nil {
		t.Errorf("published %v, all there: %t, %v", published, all, err)
	}
	published, whole, err := s.settleListed(t.Context(), storetest.Begin)
	if len(published) != 1 || published[0].Items != 2 || !whole || err != nil {
		t.Errorf("published %v, whole: %t, %v", published, whole, err)
	}
}
