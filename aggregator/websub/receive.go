package websub

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"sync"
	"time"

	"fronteras/aggregator/fetch"
	"fronteras/aggregator/news"
)

const (
	pieceSize    = 256 << 10        // bytes of a delivery that are read, and counted, at once
	deliveryTime = 30 * time.Second // in which one is read and saved
)

// receiveDelivery takes a signed delivery, which is in the store before it is answered with 202:
// what has been promised survives whatever happens to this process. While there is no room, or the
// store does not take it, the answer is 503, so that the hub delivers it again. One that is to have
// no signature, or is empty, has the feed visited soon; one without the right signature does
// nothing.
func (in *Incoming) receiveDelivery(w http.ResponseWriter, r *http.Request, s news.Subscription) {
	coding, err := in.decoders.Coding(r.Header.Values("Content-Encoding"))
	if err != nil {
		w.Header().Set("Accept-Encoding", "gzip, br, zstd") // RFC 9110 12.5.3
		respondText(w, http.StatusUnsupportedMediaType, "%v", err)
		return
	}
	share := in.Bodies.ForDelivery(s.Callback)
	defer share.Release()
	pieces, err := readPieces(http.MaxBytesReader(w, r.Body, in.MaxSize), r.ContentLength, in.MaxSize, share)
	switch {
	case errors.Is(err, fetch.ErrNoRoom):
		// A hub that is still sending would see a closed connection and not the answer.
		_, _ = io.Copy(io.Discard, http.MaxBytesReader(w, r.Body, in.MaxSize))
		respondLater(w, "too many deliveries at once")
		return
	case err != nil:
		respondText(w, http.StatusRequestEntityTooLarge, "incomplete or too large")
		return
	case s.Secret != "" && !isSignedBy(s.Secret, r.Header.Get("X-Hub-Signature"), pieces...):
		in.Log.Debug("delivery ignored, its signature is wrong",
			"feed", in.feedName(s.Feed), "hub", hostWithoutWWW(s.Hub))
	case s.Secret == "", len(pieces) == 0:
		if err := in.Soon(r.Context(), s.Feed); err != nil {
			respondUnsaved(w)
			return
		}
	default:
		// Whether the hub waits for the answer does not matter to what it has delivered.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), deliveryTime)
		defer cancel()
		d := delivery{feed: s.Feed, contentType: r.Header.Get("Content-Type"), coding: coding, pieces: pieces}
		if err := in.readDelivery(ctx, d, share); err != nil {
			if !errors.Is(err, errNoTurn) && !errors.Is(err, fetch.ErrNoRoom) {
				in.Log.Warn("delivery could not be saved, its hub is to deliver it again",
					"feed", in.feedName(s.Feed), "hub", hostWithoutWWW(s.Hub), "err", err.Error())
			}
			respondLater(w, "not saved: deliver it again")
			return
		}
	}
	w.WriteHeader(http.StatusAccepted)
}

// delivery is a document as a hub has sent it.
type delivery struct {
	feed, contentType string
	coding            string // "" for none
	pieces            [][]byte
}

// readDelivery has a delivery taken when its turn has come. If it cannot be decoded, its feed is
// visited soon instead.
func (in *Incoming) readDelivery(ctx context.Context, d delivery, share *fetch.DeliveryShare) error {
	size := 0
	for _, piece := range d.pieces {
		size += len(piece)
	}
	release, err := in.turns.acquire(ctx, d.feed, size)
	if err != nil {
		return err
	}
	defer release()
	document, err := in.joinPieces(d, share)
	switch {
	case errors.Is(err, fetch.ErrNoRoom):
		return err
	case err != nil:
		in.Log.Warn("could not decode hub delivery", "feed", in.feedName(d.feed), "err", err.Error())
		return in.Soon(ctx, d.feed)
	}
	return in.Deliver(ctx, d.feed, document, d.contentType)
}

// joinPieces is the document that came in pieces, decoded.
func (in *Incoming) joinPieces(d delivery, share *fetch.DeliveryShare) ([]byte, error) {
	switch {
	case d.coding != "":
		readers := make([]io.Reader, len(d.pieces))
		for n, piece := range d.pieces {
			readers[n] = bytes.NewReader(piece)
		}
		return in.decoders.Decode(d.coding, io.MultiReader(readers...), in.MaxSize, share)
	case len(d.pieces) == 1:
		return d.pieces[0], nil
	}
	return bytes.Join(d.pieces, nil), nil
}

// readPieces reads a body of up to limit bytes in pieces. The share has room for all of them, if their
// number is expected, or for each piece: of many deliveries at once some are to be read whole.
// Expected is less than 1 where it is not known.
func readPieces(body io.Reader, expected, limit int64, share *fetch.DeliveryShare) (pieces [][]byte, err error) {
	reserved := max(0, min(expected, limit))
	if !share.TryGrow(reserved) {
		return nil, fetch.ErrNoRoom
	}
	var piece []byte
	for total := int64(0); ; {
		if len(piece) == cap(piece) {
			size := min(pieceSize, limit-total)
			if expected > total {
				size = min(size, expected-total)
			}
			if more := total + size - reserved; more > 0 {
				if !share.TryGrow(more) {
					return nil, fetch.ErrNoRoom
				}
				reserved += more
			}
			piece = make([]byte, 0, max(size, 1)) // after the last byte, the end is to be seen
		}
		n, err := body.Read(piece[len(piece):cap(piece)])
		piece, total = piece[:len(piece)+n], total+int64(n)
		if len(piece) > 0 && (len(piece) == cap(piece) || err != nil) {
			pieces = append(pieces, piece)
		}
		switch {
		case errors.Is(err, io.EOF):
			return pieces, nil
		case err != nil:
			return nil, err
		}
	}
}

// turns has deliveries read: those of different feeds side by side, so that they share a write to
// the disk, and those of one feed in the order in which they came.
type turns struct {
	places chan struct{} // holds one for each that is read
	large  chan struct{} // holds one while a large one is read

	mu      sync.Mutex
	feeds   map[string]*feedTurn
	waiting int // or read
}

// feedTurn is the turn of a feed's deliveries.
type feedTurn struct {
	held  chan struct{} // holds one while one is read
	users int           // that hold it or wait for it
}

// What may be read, and wait for that.
const (
	sideBySide           = 8
	maxDeliveriesWaiting = 64
	maxDeliveryWait      = 5 * time.Second // what is longer, the hub is to bring again
	largeSize            = 1 << 20         // bytes, as they come
)

// errNoTurn says that too many deliveries wait, or for too long.
var errNoTurn = errors.New("too many deliveries wait to be read")

func newTurns() *turns {
	return &turns{
		places: make(chan struct{}, sideBySide), large: make(chan struct{}, 1), feeds: map[string]*feedTurn{},
	}
}

// acquire waits for the turn of a delivery of that many bytes. It fails with errNoTurn.
func (t *turns) acquire(ctx context.Context, feed string, size int) (release func(), err error) {
	ctx, cancel := context.WithTimeout(ctx, maxDeliveryWait)
	defer cancel()
	own, ok := t.join(feed)
	if !ok {
		return nil, errNoTurn
	}
	needed := []chan struct{}{own.held, t.large, t.places} // in this order: nobody waits in a circle
	if size <= largeSize {
		needed = []chan struct{}{own.held, t.places}
	}
	for n, place := range needed {
		select {
		case place <- struct{}{}:
		case <-ctx.Done():
			t.leave(feed, needed[:n])
			return nil, errNoTurn
		}
	}
	return func() { t.leave(feed, needed) }, nil
}

// join counts a delivery among those that wait, if there are not too many.
func (t *turns) join(feed string) (own *feedTurn, ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.waiting == maxDeliveriesWaiting {
		return nil, false
	}
	t.waiting++
	if own = t.feeds[feed]; own == nil {
		own = &feedTurn{held: make(chan struct{}, 1)}
		t.feeds[feed] = own
	}
	own.users++
	return own, true
}

// leave gives back the places that a delivery has.
func (t *turns) leave(feed string, places []chan struct{}) {
	for _, place := range places {
		<-place
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.waiting--
	own := t.feeds[feed]
	if own.users--; own.users == 0 {
		delete(t.feeds, feed)
	}
}
