package aggregator

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

// Hubs that never answer leave three quarters of the room to visits.
func TestHubsShareAQuarterOfTheRoom(t *testing.T) {
	for limit, want := range map[int]int{1: 1, 2: 1, 7: 1, 8: 2, 16: 4} {
		var r requestRoom
		r.resize(limit)
		got := 0
		for {
			if _, ok := r.tryAcquire(true); !ok {
				break
			}
			got++
		}
		if got != want {
			t.Errorf("of %d places hubs take %d, want %d", limit, got, want)
		}
		for ; got < limit; got++ {
			if _, ok := r.tryAcquire(false); !ok {
				t.Errorf("of %d places visits are kept from one", limit)
			}
		}
		if !r.isFull() {
			t.Errorf("%d of %d places are not all", got, limit)
		}
	}
}

func TestWhoWaitsForRoomGoesOnWhenThereIsSome(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var r requestRoom
		r.resize(2)
		for range 2 {
			if err := r.acquire(t.Context(), false); err != nil {
				t.Fatal(err)
			}
		}
		given := make(chan time.Time, 2)
		for range 2 {
			go func() {
				if err := r.acquire(t.Context(), false); err != nil {
					t.Error(err)
				}
				given <- time.Now()
			}()
		}
		begun := time.Now()
		time.Sleep(time.Minute)
		r.release(false)
		if at := <-given; at.Sub(begun) != time.Minute {
			t.Errorf("a place that is free is given after %v", at.Sub(begun))
		}
		time.Sleep(time.Minute)
		r.resize(3)
		if at := <-given; at.Sub(begun) != 2*time.Minute {
			t.Errorf("a new place is given after %v", at.Sub(begun))
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		if err := r.acquire(ctx, false); err == nil {
			t.Error("there is room for a fourth")
		}
	})
}
