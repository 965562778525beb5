package fetch

import (
	"context"
	"errors"
	"sync"

	"golang.org/x/sync/semaphore"
)

// How many bytes of documents may be in memory at once.
const (
	smallBody     = 1 << 20  // up to here a visit's document needs no room: there are as many as visits
	maxDeliveries = 64 << 20 // of deliveries, or twice the largest document, packed and unpacked, if that is more
)

// ErrNoRoom says that the documents in memory leave no room for another.
var ErrNoRoom = errors.New("there is no room in memory for another document")

// BodyBudget bounds how many bytes of documents are in memory at once, whoever brings them. Visits
// wait for room, deliveries are refused without it. None of the two can take all: for two of the
// largest documents of visits, and for one that is delivered, there is always room.
type BodyBudget struct {
	maxBody int64               // of one document; of all deliveries to one callback, as they come
	visits  *semaphore.Weighted // bytes that documents of visits may have
	all     *semaphore.Weighted // that they and deliveries may have

	mu           sync.Mutex
	maxDelivered int64
	delivered    int64
	ofCallback   map[string]int64
}

// NewBodyBudget makes a budget for documents of so many bytes at most each.
func NewBodyBudget(maxBody int64) *BodyBudget {
	deliveries := max(maxDeliveries, 2*maxBody)
	return &BodyBudget{
		maxBody: maxBody, maxDelivered: deliveries, ofCallback: map[string]int64{},
		visits: semaphore.NewWeighted(deliveries + maxBody), all: semaphore.NewWeighted(deliveries + 2*maxBody),
	}
}

// acquireForVisit waits until a visit's document may have so many bytes. A visit asks once for all
// that its document may need: if two had a part each and waited for the rest, neither would end.
func (b *BodyBudget) acquireForVisit(ctx context.Context, bytes int64) (release func(), err error) {
	bytes = min(bytes, b.maxBody)
	if err := b.visits.Acquire(ctx, bytes); err != nil {
		return nil, err
	}
	if err := b.all.Acquire(ctx, bytes); err != nil {
		b.visits.Release(bytes)
		return nil, err
	}
	return func() {
		b.all.Release(bytes)
		b.visits.Release(bytes)
	}, nil
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

// TryGrow takes room for so many bytes more that are received, unless too few are left.
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

// tryDecode takes room for so many bytes more that are decoded, unless too few are left.
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
