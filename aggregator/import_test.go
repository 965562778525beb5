package aggregator_test

import (
	"context"
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"fronteras/aggregator"
	"fronteras/aggregator/news"
	"fronteras/store"
)

// settleCounter counts how often its store publishes stories.
type settleCounter struct {
	*store.Store
	settles, stories atomic.Int64
}

func (s *settleCounter) Settle(ctx context.Context, now time.Time) (uint64, []news.Publication, error) {
	revision, published, err := s.Store.Settle(ctx, now)
	if len(published) > 0 {
		s.settles.Add(1)
		s.stories.Add(int64(len(published)))
	}
	return revision, published, err
}

// Settling and rendering cost as much as reading: so all that a first import brings in comes out
// together, although it never pauses, and takes longer than stories wait later on.
func TestAFirstImportIsSettledOnce(t *testing.T) {
	const feeds = 500
	var stations []news.Station
	handlers := hosts{}
	for i := range feeds {
		host := fmt.Sprintf("s%d.example", i)
		stations = append(stations, sharing(host, 1, 6*time.Hour))
		handlers[host] = document(rss(fmt.Sprintf("Road %d is closed at mile %d", i, 7*i)))
	}
	var counter *settleCounter
	count := func(s *store.Store) aggregator.Store {
		counter = &settleCounter{Store: s}
		return counter
	}
	inWorldAround(t, stations, handlers, count, func(w *world) {
		time.Sleep(58 * time.Second)
		if n := counter.settles.Load(); n != 0 {
			t.Errorf("settled %d times while the first visits were made", n)
		}
		time.Sleep(7 * time.Second)
		if settles, stories := counter.settles.Load(), counter.stories.Load(); settles != 1 || stories != feeds {
			t.Errorf("settled %d times, %d stories, want all %d at once", settles, stories, feeds)
		}
		w.mu.Lock()
		defer w.mu.Unlock()
		if len(w.announced) != 1 {
			t.Errorf("announced %d times, want once", len(w.announced))
		}
	})
}

// Stations that hang hold up the first stories of the others no longer than at any other time, however
// many feeds there are.
func TestAFirstImportWaitsForNoStationThatHangs(t *testing.T) {
	hangs := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	for name, c := range map[string]struct{ feeds, hanging int }{
		"one of two":      {2, 1},
		"one of forty":    {40, 1},
		"three of ninety": {90, 3},
	} {
		t.Run(name, func(t *testing.T) {
			handlers := hosts{}
			var stations []news.Station
			for n := range c.feeds {
				host := fmt.Sprintf("s%d.example", n)
				stations = append(stations, sharing(host, 1, 10*time.Second)) // all are due within that
				handlers[host] = document(rss(fmt.Sprintf("Road %d is closed", n)))
				if n < c.hanging {
					handlers[host] = hangs
				}
			}
			inWorldOf(t, stations, handlers, func(w *world) {
				answered := func() bool {
					for n := c.hanging; n < c.feeds; n++ {
						if len(w.requests(fmt.Sprintf("s%d.example", n))) > 0 {
							return true
						}
					}
					return false
				}
				for !answered() {
					time.Sleep(100 * time.Millisecond)
				}
				begun := time.Now()
				for w.stories() == 0 {
					time.Sleep(100 * time.Millisecond)
				}
				if took := time.Since(begun); took > 15500*time.Millisecond {
					t.Errorf("the first stories came %v after the first answer", took)
				}
			})
		})
	}
}

// What comes after the first import comes out as soon as at any other time.
func TestLaterNewsDoNotWaitAsAFirstImportDoes(t *testing.T) {
	var stations []news.Station
	handlers := hosts{}
	var asked atomic.Int64
	for i := range 6 { // that never pause: each visit brings something new
		host := fmt.Sprintf("s%d.example", i)
		stations = append(stations, sharing(host, 1, time.Second))
		handlers[host] = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, rss(fmt.Sprintf("Road %d is closed", asked.Add(1))))
		})
	}
	inWorldOf(t, stations, handlers, func(w *world) {
		time.Sleep(70 * time.Second)
		w.mu.Lock()
		defer w.mu.Unlock()
		for n := 1; n < len(w.announced); n++ {
			if gap := w.announced[n].Sub(w.announced[n-1]); gap > 16*time.Second {
				t.Errorf("announcement %d came %v after the last", n+1, gap)
			}
		}
		if len(w.announced) < 4 {
			t.Errorf("%d announcements in 70 s", len(w.announced))
		}
	})
}
