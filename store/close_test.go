package store

import (
	"errors"
	"path/filepath"
	"sync"
	"testing"

	"fronteras/aggregator/identity"
)

// Whoever still writes when the store is closed, such as a request that outlasts the daemon, is told
// so: it neither waits for ever nor ends the process.
func TestWritingToAClosedStoreFails(t *testing.T) {
	s, err := Open(filepath.Join(t.TempDir(), "store.db"), identity.New(identity.Config{}), Options{})
	if err != nil {
		t.Fatal(err)
	}
	var writers sync.WaitGroup
	begun := make(chan struct{}, 8)
	for range cap(begun) {
		writers.Go(func() {
			for n := 0; ; n++ {
				switch err := s.Flush(t.Context()); {
				case errors.Is(err, ErrClosed):
					return
				case err != nil:
					t.Error(err)
					return
				case n == 0:
					begun <- struct{}{}
				}
			}
		})
	}
	for range cap(begun) {
		<-begun
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	writers.Wait()
	if err := s.Flush(t.Context()); !errors.Is(err, ErrClosed) {
		t.Errorf("%v", err)
	}
}
