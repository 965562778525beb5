package aggregator

import "context"

// Large documents are read, and saved, two at a time: sixteen of the largest that are accepted
// would need a gigabyte together.
const (
	largeSize = 1 << 20 // bytes, decoded
	maxLarge  = 2       // at once
)

// sizeSemaphore bounds how many large documents are in memory at once.
type sizeSemaphore chan struct{}

func newSizeSemaphore(most int) sizeSemaphore { return make(sizeSemaphore, most) }

// acquire waits until a document of that size may be read; one that is not large may at once. It
// fails if ctx ends first.
func (s sizeSemaphore) acquire(ctx context.Context, size int) (release func(), err error) {
	if size <= largeSize {
		return func() {}, nil
	}
	select {
	case s <- struct{}{}:
		return func() { <-s }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
