package websub

import (
	"context"
	"sync"

	"golang.org/x/sync/semaphore"

	"fronteras/aggregator/news"
)

// Bounds of the documents that deliveries hold at once, in bytes.
const (
	maxBodies     = 32 << 20
	maxSlowBodies = 8 << 20 // of these, for subscribers that take their time
)

// bodyStore lends documents to deliveries, each topic's once for all of its subscribers, and bounds
// how many bytes are lent. It may be used by many at once.
type bodyStore struct {
	all, slow *semaphore.Weighted

	mu   sync.Mutex
	held map[bodyKey]*heldBody
}

// bodyKey names a document: a topic as it is at a time. Slow subscribers have one of their own, so
// that no other waits for their share.
type bodyKey struct {
	topic  string
	digest news.Digest
	slow   bool
}

// heldBody is a document that somebody holds.
type heldBody struct {
	document
	weight int64
	users  int
	ready  chan struct{} // closed when it is there, or err
	err    error
}

func newBodyStore() *bodyStore {
	return &bodyStore{
		all: semaphore.NewWeighted(maxBodies), slow: semaphore.NewWeighted(maxSlowBodies),
		held: map[bodyKey]*heldBody{},
	}
}

// acquire gives a document, with its body, when there is room for it; release ends its use. Load
// makes it where nobody holds it; what is newer than the key says will do. It fails as ctx does.
func (b *bodyStore) acquire(
	ctx context.Context, key bodyKey, load func(context.Context, extent) document,
) (d document, release func(), err error) {
	b.mu.Lock()
	one := b.held[key]
	first := one == nil
	if first {
		one = &heldBody{ready: make(chan struct{})}
		b.held[key] = one
	}
	one.users++
	b.mu.Unlock()
	if first {
		one.document, one.weight, one.err = b.loadWithin(ctx, key.slow, load)
		close(one.ready)
	}
	<-one.ready // at the latest when the context ends, which is the same for all
	release = func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		if one.users--; one.users == 0 {
			delete(b.held, key)
			b.free(key.slow, one.weight)
		}
	}
	if one.err != nil {
		release()
		return document{}, nil, one.err
	}
	return one.document, release, nil
}

// loadWithin loads a document when there is room for it.
func (b *bodyStore) loadWithin(
	ctx context.Context, slow bool, load func(context.Context, extent) document,
) (d document, weight int64, err error) {
	for size := load(ctx, headOnly).size; ; size = int64(len(d.body)) {
		if err := b.reserve(ctx, slow, size); err != nil {
			return document{}, 0, err
		}
		if d = load(ctx, wholeBody); int64(len(d.body)) <= size {
			return d, size, nil
		}
		b.free(slow, size) // it has grown meanwhile
	}
}

// reserve waits until there is room for bytes. A document that is larger than all of it has it to
// itself.
func (b *bodyStore) reserve(ctx context.Context, slow bool, bytes int64) error {
	if slow {
		if err := b.slow.Acquire(ctx, min(bytes, maxSlowBodies)); err != nil {
			return err
		}
	}
	if err := b.all.Acquire(ctx, min(bytes, maxBodies)); err != nil {
		if slow {
			b.slow.Release(min(bytes, maxSlowBodies))
		}
		return err
	}
	return nil
}

// free gives bytes back.
func (b *bodyStore) free(slow bool, bytes int64) {
	b.all.Release(min(bytes, maxBodies))
	if slow {
		b.slow.Release(min(bytes, maxSlowBodies))
	}
}
