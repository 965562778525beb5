package store

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"fronteras/aggregator/news"
	"fronteras/aggregator/schedule"
	"fronteras/store/storetest"
)

// What the timetable knows is what the file says, whatever was written and whatever of that failed.
func TestTimetableIsWhatTheFileSays(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "store.db"), storetest.Rules(t))
	defer s.Close()
	feeds := make([]news.Feed, 20)
	for n := range feeds {
		feeds[n] = news.Feed{Station: "ajo", URL: fmt.Sprintf("https://ajo.example/%d", n), Every: time.Hour}
	}
	if err := s.Learn(t.Context(), feeds, storetest.Begin); err != nil {
		t.Fatal(err)
	}
	r, now := rand.New(rand.NewPCG(2031, 2)), storetest.Begin.Add(time.Hour)
	some := func() (list []string) {
		for _, n := range r.Perm(len(feeds))[:1+r.IntN(5)] {
			list = append(list, feeds[n].URL)
		}
		return list
	}
	held := map[string]news.FeedState{}
	for range 300 {
		now = now.Add(time.Duration(r.IntN(60)) * time.Second)
		var err error
		switch r.IntN(8) {
		case 0, 1:
			var leased []news.FeedState
			leased, _, err = s.Lease(t.Context(), some(), now)
			for _, v := range leased {
				held[v.Feed] = v
			}
		case 2, 3, 4:
			for feed, v := range held {
				v.Due, v.Visited, v.ETag = now.Add(time.Hour), now, []string{"", `"a"`}[r.IntN(2)]
				err = errors.Join(err, s.SaveLater(t.Context(), v))
				delete(held, feed)
				break
			}
		case 5:
			err = s.Release(t.Context(), some())
		case 6:
			err = s.UpdateStates(t.Context(), some(), func(v news.FeedState) news.FeedState {
				return schedule.PauseVisit(v, now.Add(time.Minute))
			})
		case 7:
			var list []news.Feed
			for _, n := range r.Perm(len(feeds))[:r.IntN(10)] {
				list = append(list, feeds[n])
			}
			err = s.update(t.Context(), func(tx txn) error {
				for _, f := range list {
					n := feedNumber(tx.sealedTx, f.URL)
					v, err := tx.readFeedState(n)
					if err != nil {
						return err
					}
					v.Due, v.ETag, v.Leased = now, "lost", time.Time{}
					if err := tx.writeFeedState(n, v); err != nil {
						return err
					}
				}
				return errDry
			})
			if !errors.Is(err, errDry) {
				t.Fatal(err)
			}
			err = nil
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	again := newTimetable()
	if err := s.view(again.readTimes); err != nil {
		t.Fatal(err)
	}
	compareTimetables(t, s, again)
}

func compareTimetables(t *testing.T, s *Store, again *timetable) {
	t.Helper()
	if len(again.feeds) != 21 || len(s.timetable.feeds) != 21 || len(s.timetable.changed) > 0 {
		t.Fatalf("%d feeds are known, %d in the file", len(s.timetable.feeds), len(again.feeds))
	}
	err := s.view(func(tx *sealedTx) error {
		for n, is := range s.timetable.feeds[1:] {
			feed := uint64(n + 1)
			if is != again.feeds[feed] {
				t.Errorf("feed %d: %+v, in the file %+v", feed, is, again.feeds[feed])
			}
			if v, err := decodeFeedRecord(tx.Bucket(bucketVisits).Get(numberKey(feed))); err != nil ||
				v.ETag == "lost" {
				t.Errorf("feed %d: in the file is %+v, %v", feed, v, err)
			}
		}
		if n := tx.Bucket(bucketLeases).Inspect().KeyN; n != len(s.timetable.held) {
			t.Errorf("%d leases are in the file, %d are held", n, len(s.timetable.held))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := s.timetable.order.Items(), again.order.Items(); !slices.Equal(got, want) || len(got) != 20 {
		t.Errorf("they are due in the order %v, in the file %v", got, want)
	}
}
