package aggregator

import (
	"context"

	"golang.org/x/sync/semaphore"
)

// Large documents are read, and saved, two at a time, and the largest one alone: reading takes
// several times the memory of the document.
const (
	largeSize     = 1 << 20  // bytes, decoded
	maxLarge      = 2        // at once
	maxLargeBytes = 20 << 20 // of them: no two of the largest that are accepted by default
)

// sizeSemaphore bounds how many large documents are read at once, and their bytes.
type sizeSemaphore struct{ bytes, turns *semaphore.Weighted }

func newSizeSemaphore(most int64) sizeSemaphore {
	return sizeSemaphore{semaphore.NewWeighted(maxLargeBytes), semaphore.NewWeighted(most)}
}

// acquire waits until a document of that size may be read; one that is not large may at once. It
// fails if ctx ends first.
func (s sizeSemaphore) acquire(ctx context.Context, size int) (release func(), err error) {
	if size <= largeSize {
		return func() {}, nil
	}
	bytes := min(int64(size), maxLargeBytes)
	if err := s.turns.Acquire(ctx, 1); err != nil {
		return nil, err
	}
	if err := s.bytes.Acquire(ctx, bytes); err != nil {
		s.turns.Release(1)
		return nil, err
	}
	return func() {
		s.bytes.Release(bytes)
		s.turns.Release(1)
	}, nil
}
