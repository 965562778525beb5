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
		turns := newTurns()
		first, err := turns.take(t.Context(), large+1)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := turns.take(t.Context(), 16<<20); err != nil {
			t.Fatal(err)
		}
		if _, err := turns.take(t.Context(), large); err != nil {
			t.Errorf("a document that is not large: %v", err)
		}
		hurry, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := turns.take(hurry, large+1); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("the third has a turn: %v", err)
		}
		first()
		if _, err := turns.take(t.Context(), large+1); err != nil {
			t.Errorf("after one has ended: %v", err)
		}
	})
}
