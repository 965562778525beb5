package bound

import (
	"context"
	"errors"
	"testing"
	"time"

	"fronteras/aggregator/feed/damage"
)

func TestWorkEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	w := Begin(ctx, time.Hour)
	defer w.End()
	if err := w.Advance(every); err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := w.Advance(every - 1); err != nil {
		t.Errorf("it looked before %d bytes: %v", every, err)
	}
	if err := w.Advance(1); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if err := w.Advance(0); !errors.Is(err, context.Canceled) || !errors.Is(w.Err(), context.Canceled) {
		t.Errorf("it went on: %v", err)
	}
}

func TestWorkEndsWithTheTimeItMayTake(t *testing.T) {
	w := Begin(t.Context(), time.Second)
	defer w.End()
	w.allowed = time.Millisecond
	var err error
	for begun := time.Now(); err == nil && time.Since(begun) < time.Minute; {
		err = w.Advance(every)
	}
	var limit *damage.LimitError
	if !errors.As(err, &limit) {
		t.Fatalf("%v", err)
	}
}

func TestWaitingIsNotWork(t *testing.T) {
	w := Begin(t.Context(), time.Second)
	defer w.End()
	time.Sleep(20 * time.Millisecond)
	if spent := w.Spent(); spent > 15*time.Millisecond {
		t.Errorf("20 ms of waiting took %v of the processor", spent)
	}
}

func TestNoWorkIsNotBounded(t *testing.T) {
	var w *Work
	if w.Advance(1<<30) != nil || w.Err() != nil {
		t.Error("nil ends")
	}
}
