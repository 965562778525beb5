package aggregator

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// Two large documents have their turn, the third waits; what is not large never does.
func TestLargeDocumentsHaveTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		semaphore := newSizeSemaphore(maxLarge)
		first, err := semaphore.acquire(t.Context(), largeSize+1)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := semaphore.acquire(t.Context(), 16<<20); err != nil {
			t.Fatal(err)
		}
		if _, err := semaphore.acquire(t.Context(), largeSize); err != nil {
			t.Errorf("a document that is not large: %v", err)
		}
		hurry, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := semaphore.acquire(hurry, largeSize+1); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("the third has a turn: %v", err)
		}
		first()
		if _, err := semaphore.acquire(t.Context(), largeSize+1); err != nil {
			t.Errorf("after one has ended: %v", err)
		}
	})
}

// Two of the largest documents are not read at once.
func TestTheLargestDocumentsAreReadAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		semaphore := newSizeSemaphore(maxLarge)
		first, err := semaphore.acquire(t.Context(), 16<<20)
		if err != nil {
			t.Fatal(err)
		}
		hurry, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := semaphore.acquire(hurry, 16<<20); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("two of 16 MiB are read at once: %v", err)
		}
		first()
		if _, err := semaphore.acquire(t.Context(), 1<<30); err != nil {
			t.Errorf("one that is larger than all turns together: %v", err)
		}
	})
}
