package fetch

import (
	"context"
	"errors"
	"sync"

	"golang.org/x/sync/semaphore"
)

// How many bytes of documents may be in memory at once.
const (
	smallBody     = 1 << 20       // up to here a visit's document needs no room: there are as many as visits
	mediumBody    = 4 * smallBody // above, it is one of the largest, of which there is one
	mediumBodies  = 6             // of visits
	maxDeliveries = 64 << 20      // bytes, or twice the largest document, packed and unpacked, if that is more
)

// ErrNoRoom says that the documents in memory leave no room for another.
var ErrNoRoom = errors.New("there is no room in memory for another document")

// BodyBudget bounds how many bytes of documents are in memory at once, whoever brings them. Visits
// wait for room, deliveries are refused without it. None of the two can take all: for one of the
// largest documents there is always room on either side.
//
// A visit first takes the share of a medium document. Where that is too little, it takes the one
// share of a large document besides. Whoever has that waits for no other visit, so nobody waits in a
// circle, and slow servers with large documents hold up no medium ones.
type BodyBudget struct {
	maxBody int64               // of one document; of all deliveries to one callback, as they come
	medium  *semaphore.Weighted // shares of medium documents
	large   *semaphore.Weighted // the share of a large one
	all     *semaphore.Weighted // bytes that visits and deliveries may have

	mu           sync.Mutex
	maxDelivered int64
	delivered    int64
	ofCallback   map[string]int64
}

// NewBodyBudget makes a budget for documents of that many bytes at most each.
func NewBodyBudget(maxBody int64) *BodyBudget {
	deliveries := max(maxDeliveries, 2*maxBody)
	return &BodyBudget{
		maxBody: maxBody, maxDelivered: deliveries, ofCallback: map[string]int64{},
		medium: semaphore.NewWeighted(mediumBodies), large: semaphore.NewWeighted(1),
		all: semaphore.NewWeighted(deliveries + max(maxBody, mediumBody)),
	}
}

// visitShare is what a visit's document has of a budget. It is used by one goroutine.
type visitShare struct {
	budget        *BodyBudget
	bytes         int64
	medium, large bool
}

// grow waits until a visit's document may have that many bytes. What it took before it failed is to be
// released.
func (s *visitShare) grow(ctx context.Context, bytes int64) error {
	for _, step := range []struct {
		above, bytes int64
		taken        *bool
		turns        *semaphore.Weighted
	}{
		{smallBody, min(mediumBody, s.budget.maxBody), &s.medium, s.budget.medium},
		{mediumBody, s.budget.maxBody - mediumBody, &s.large, s.budget.large},
	} {
		if bytes <= step.above || *step.taken {
			continue
		}
		if err := step.turns.Acquire(ctx, 1); err != nil {
			return err
		}
		*step.taken = true
		if err := s.budget.all.Acquire(ctx, step.bytes); err != nil {
			return err
		}
		s.bytes += step.bytes
	}
	return nil
}

// shrink gives back what is more than that many bytes need.
func (s *visitShare) shrink(bytes int64) {
	if more := s.bytes - bytes; more > 0 {
		s.bytes -= more
		s.budget.all.Release(more)
	}
	if s.large && bytes <= mediumBody {
		s.large = false
		s.budget.large.Release(1)
	}
	if s.medium && bytes <= smallBody {
		s.medium = false
		s.budget.medium.Release(1)
	}
}

// DeliveryShare is what one delivery has of a budget.
type DeliveryShare struct {
	budget   *BodyBudget
	callback string
	received int64 // bytes, as they came
	decoded  int64
}

// ForDelivery begins the share of a delivery to a callback: no bytes. It is used by one goroutine.
func (b *BodyBudget) ForDelivery(callback string) *DeliveryShare {
	return &DeliveryShare{budget: b, callback: callback}
}

// TryGrow takes room for that many bytes more that are received, unless too few are left.
func (s *DeliveryShare) TryGrow(bytes int64) bool {
	b := s.budget
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ofCallback[s.callback]+bytes > b.maxBody || !b.tryDeliver(bytes) {
		return false
	}
	b.ofCallback[s.callback] += bytes
	s.received += bytes
	return true
}

// tryDecode takes room for that many bytes more that are decoded, unless too few are left.
func (s *DeliveryShare) tryDecode(bytes int64) bool {
	s.budget.mu.Lock()
	defer s.budget.mu.Unlock()
	if !s.budget.tryDeliver(bytes) {
		return false
	}
	s.decoded += bytes
	return true
}

// tryDeliver takes room for deliveries. The caller holds mu.
func (b *BodyBudget) tryDeliver(bytes int64) bool {
	if b.delivered+bytes > b.maxDelivered || !b.all.TryAcquire(bytes) {
		return false
	}
	b.delivered += bytes
	return true
}

// Release gives all its bytes back. It may be called again.
func (s *DeliveryShare) Release() {
	b := s.budget
	b.mu.Lock()
	defer b.mu.Unlock()
	b.all.Release(s.received + s.decoded)
	b.delivered -= s.received + s.decoded
	if b.ofCallback[s.callback] -= s.received; b.ofCallback[s.callback] == 0 {
		delete(b.ofCallback, s.callback)
	}
	s.received, s.decoded = 0, 0
}
