package aggregator

import "context"

// Large documents are read, and saved, so many at a time: sixteen of the largest
// that are taken would need a gigabyte together.
const (
	large       = 1 << 20 // bytes, decoded
	largeAtOnce = 2
)

// turns are those of large documents.
type turns chan struct{}

func newTurns() turns { return make(turns, largeAtOnce) }

// take waits until a document of that size has its turn; one that is not large has
// it at once. End gives the turn back. It fails where ctx ends first.
func (t turns) take(ctx context.Context, size int) (end func(), err error) {
	if size <= large {
		return func() {}, nil
	}
	select {
	case t <- struct{}{}:
		return func() { <-t }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
