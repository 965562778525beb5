package fetch

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

const mib = 1 << 20

func TestDeliveriesInMemoryHaveABoundInAllAndForEachCallback(t *testing.T) {
	b := NewBodyBudget(16 * mib)
	var shares []*DeliveryShare
	take := func(callback string, bytes int64) bool {
		s := b.ForDelivery(callback)
		shares = append(shares, s)
		return s.TryGrow(bytes)
	}
	for _, callback := range []string{"a", "b", "c"} {
		for range 2 {
			if !take(callback, 8*mib) {
				t.Fatalf("%s: 8 MiB were refused with %d bytes in memory", callback, b.delivered)
			}
		}
		if take(callback, 1) {
			t.Errorf("%s has more than 16 MiB in memory", callback)
		}
	}
	if !take("d", 16*mib) {
		t.Error("the last 16 of 64 MiB were refused")
	}
	if take("e", 1) || shares[0].tryDecode(1) {
		t.Error("more than 64 MiB are in memory")
	}
	for _, s := range shares {
		s.Release()
		s.Release()
	}
	if !take("a", 16*mib) || b.delivered != 16*mib || !shares[len(shares)-1].tryDecode(16*mib) {
		t.Errorf("after all were released, %d bytes are in memory", b.delivered)
	}
}

// Whatever deliveries take, one of the largest documents of visits has room, and whatever visits
// take, two that are delivered.
func TestNeitherVisitsNorDeliveriesTakeAllRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := NewBodyBudget(16 * mib)
		var deliveries []*DeliveryShare
		for n := range 4 {
			s := b.ForDelivery(strconv.Itoa(n))
			if !s.TryGrow(16 * mib) {
				t.Fatalf("delivery %d was refused", n)
			}
			deliveries = append(deliveries, s)
		}
		first := &visitShare{budget: b}
		if err := first.grow(t.Context(), 16*mib); err != nil {
			t.Fatal(err)
		}
		got := make(chan *visitShare, 16)
		for n := range 16 {
			go func() {
				s := &visitShare{budget: b}
				if err := s.grow(t.Context(), int64(2+14*(n%2))*mib); err == nil {
					got <- s
				}
			}()
		}
		synctest.Wait()
		if len(got) != 0 {
			t.Error("a second visit has room beside 64 MiB of deliveries")
		}
		for _, s := range deliveries {
			s.Release()
		}
		first.shrink(0)
		for range 16 {
			synctest.Wait()
			for n := range 2 {
				s := b.ForDelivery(strconv.Itoa(n))
				if !s.TryGrow(16 * mib) {
					t.Errorf("delivery %d has no room beside visits that wait", n)
				}
				defer s.Release()
				s.Release()
			}
			(<-got).shrink(0)
		}
	})
}

// A server that sends a large document slowly keeps others' large ones waiting, and no medium ones.
func TestALargeDocumentHoldsUpNoMediumOnes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := NewBodyBudget(16 * mib)
		hurry, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		shares := make([]*visitShare, 7)
		for n := range shares {
			shares[n] = &visitShare{budget: b}
		}
		for n, want := range []error{nil, context.DeadlineExceeded} {
			if err := shares[n].grow(hurry, 5*mib); err != want {
				t.Errorf("large document %d: %v", n, err)
			}
		}
		for n := range 4 {
			if err := shares[2+n].grow(t.Context(), 2*mib); err != nil {
				t.Errorf("medium document %d: %v", n, err)
			}
		}
		for _, s := range shares {
			s.shrink(0)
		}
		if !b.all.TryAcquire(64*mib+16*mib) || !b.large.TryAcquire(1) || !b.medium.TryAcquire(mediumBodies) {
			t.Error("not all room was given back")
		}
	})
}

// A visit that gives up while it waits leaves nothing behind, wherever it waited.
func TestAVisitThatGivesUpWaitingTakesNoRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := NewBodyBudget(16 * mib)
		d := b.ForDelivery("a")
		if !d.TryGrow(16*mib) || !d.tryDecode(48*mib) {
			t.Fatal("there is no room")
		}
		grew := 0
		var shares []*visitShare
		for range 8 { // one has room, another waits for deliveries to leave, the others for visits
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			s := &visitShare{budget: b}
			if err := s.grow(ctx, 16*mib); err != nil {
				s.shrink(0)
			} else {
				grew++
				shares = append(shares, s)
			}
			cancel()
		}
		for _, s := range shares {
			s.shrink(0)
		}
		d.Release()
		if !b.all.TryAcquire(64*mib+16*mib) || !b.large.TryAcquire(1) || !b.medium.TryAcquire(mediumBodies) || grew != 1 {
			t.Errorf("%d visits had room, and not all of it was given back", grew)
		}
	})
}

// withBudget lets a client in a bubble read documents of 16 MiB, with a budget.
func withBudget(c *Client) *BodyBudget {
	c.maxSize, c.bodies = 16*mib, NewBodyBudget(16*mib)
	return c.bodies
}

// Sixteen large documents at once have no more in memory than there is room for; those that wait
// do so beyond their timeout, and all arrive.
func TestLargeDocumentsWaitForRoomAndAreNotChargedForIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const size = 3 * mib
		document := bytes.Repeat([]byte("x"), size)
		c, _ := inBubble(t, 2*time.Second, (func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/packed" {
				w.Header().Set("Content-Encoding", "gzip")
				w.Write(compress(t, "gzip", document))
				return
			}
			w.Write(document)
		}))
		withBudget(c)
		var held, most atomic.Int64
		var work sync.WaitGroup
		for n := range 16 {
			work.Go(func() {
				path := []string{"/packed", "/chunked"}[n%2]
				response, err := c.Fetch(t.Context(), Request{URL: fmt.Sprintf("http://s%d.example%s", n, path)})
				if err != nil || !bytes.Equal(response.Body, document) {
					t.Errorf("%d: %v", n, err)
					return
				}
				for now := held.Add(1); ; {
					old := most.Load()
					if now <= old || most.CompareAndSwap(old, now) {
						break
					}
				}
				time.Sleep(3 * time.Second) // it is read
				held.Add(-1)
				response.Release()
			})
		}
		work.Wait()
		if n := most.Load(); n != mediumBodies {
			t.Errorf("%d documents of 3 MiB were in memory at once, want %d", n, mediumBodies)
		}
		if !c.bodies.all.TryAcquire(64*mib + 16*mib) {
			t.Error("not all room was given back")
		}
	})
}

// A document whose length is known takes no more than that, and a small one nothing.
func TestADocumentTakesTheRoomThatItNeeds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		size := mib - 1
		c, _ := inBubble(t, 2*time.Second, (func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", strconv.Itoa(size))
			w.Write(make([]byte, size))
		}))
		b := withBudget(c)
		for want, bytes := range map[int64]int{0: mib - 1, 2 * mib: 2 * mib, 9 * mib: 9 * mib} {
			size = bytes
			response, err := c.Fetch(t.Context(), Request{URL: "http://s.example/"})
			if err != nil {
				t.Fatal(err)
			}
			rest := 64*mib + 16*mib - want
			if !b.all.TryAcquire(rest) || b.all.TryAcquire(1) {
				t.Errorf("a document of %d bytes does not take %d", bytes, want)
			}
			b.all.Release(rest)
			response.Release()
		}
	})
}

// A document that breaks off, or is refused, gives its room back.
func TestADocumentThatFailsGivesItsRoomBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, _ := inBubble(t, 2*time.Second, (func(w http.ResponseWriter, r *http.Request) {
			switch r.URL.Path {
			case "/short":
				w.Header().Set("Content-Length", strconv.Itoa(5*mib))
				w.Write(make([]byte, 4*mib))
			case "/stalls":
				w.Write(make([]byte, 4*mib))
				w.(http.Flusher).Flush()
				<-r.Context().Done()
			default:
				for {
					if _, err := w.Write(make([]byte, mib)); err != nil {
						return
					}
				}
			}
		}))
		b := withBudget(c)
		for _, path := range []string{"/short", "/stalls", "/endless"} {
			begun := time.Now()
			if _, err := c.Fetch(t.Context(), Request{URL: "http://s.example" + path}); err == nil {
				t.Errorf("%s: no error", path)
			}
			if took := time.Since(begun); took > 2*time.Second {
				t.Errorf("%s took %v", path, took)
			}
			if !b.all.TryAcquire(64*mib + 16*mib) {
				t.Fatalf("%s: not all room was given back", path)
			}
			b.all.Release(64*mib + 16*mib)
		}
	})
}

// The room for what is decoded counts too, and ends the decoding.
func TestDecodingADeliveryStopsWithoutRoom(t *testing.T) {
	b := NewBodyBudget(16 * mib)
	for n := range 4 {
		if !b.ForDelivery(strconv.Itoa(n)).TryGrow(16*mib - 1024) {
			t.Fatal("there is no room")
		}
	}
	packed := compress(t, "gzip", make([]byte, 8*mib))
	s := b.ForDelivery("e")
	if _, err := NewDecoders().Decode("gzip", bytes.NewReader(packed), 16*mib, s); err != ErrNoRoom {
		t.Errorf("without room: %v", err)
	}
	free := NewBodyBudget(16 * mib).ForDelivery("e")
	body, err := NewDecoders().Decode("gzip", io.MultiReader(bytes.NewReader(packed[:99]), bytes.NewReader(packed[99:])),
		16*mib, free)
	if err != nil || len(body) != 8*mib || free.decoded < 8*mib {
		t.Errorf("with room: %d bytes, of which %d count, %v", len(body), free.decoded, err)
	}
}
