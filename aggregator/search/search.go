// Package search keeps an index of the published stories in a folder next to the store, and finds
// stories in it by the words of their headline, deck, text, byline and stations. The index is
// derived: it follows the changes of the store's stories, and is rebuilt where it is missing, of
// another format or damaged. See docs/search.md.
package search

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	bolt "go.etcd.io/bbolt"

	"fronteras/aggregator/news"
)

// Stories is what the index needs of a store.
type Stories interface {
	// EditsAfter lists the stories that have changed after a place, and the place that is reached; known is false if
	// there is no going on from that place.
	EditsAfter(after news.Place, limit int) (stories []uint64, to news.Place, known bool, err error)
	// DropEdits forgets the changes up to a place.
	DropEdits(ctx context.Context, upTo news.Place) error
	// StoriesBelow lists published stories with numbers below one, the highest first, and the
	// number to go on with, 0 at the end.
	StoriesBelow(below uint64, limit int) (stories []*news.Story, next uint64, err error)
	// StoryNumbered gives the story of that number.
	StoryNumbered(n uint64) (*news.Story, error)
}

// Options are what an index is made of.
type Options struct {
	Folder  string // next to the store
	Stories Stories
	// Missing reports whether an error of Stories says that a story is not there, or cannot be read.
	Missing func(error) bool
	// Describe gives what describes stories now, and a mark of all that it goes by besides the
	// stories: an index of another mark is rebuilt.
	Describe func() (of func(*news.Story) Document, mark string, err error)
	// Report is told of each error that keeps the index from following the store, once until another or none follows,
	// and of nil when it does again.
	Report func(error)

	noSync bool // nothing has to outlast a power failure
}

// Index is an index of published stories. It is safe for concurrent use.
type Index struct {
	options  Options
	wake     chan struct{} // holds one: the store may have changed
	room     chan struct{} // holds one for each search under way
	damaged  atomic.Bool   // a search has met damage
	version  atomic.Uint64 // changes of what is found
	reported string

	mu   sync.RWMutex
	file *file // nil: it is not open

	status sync.Mutex
	now    Status
}

// Status is how far an index is.
type Status struct {
	Stories int  // that it holds
	Whole   bool // it holds all that there are, but for what has just changed
	Open    bool // it can be searched
}

// How many searches are under way at once, how long one waits for its turn and takes, and how long
// what has failed rests.
const (
	maxSearches = 2
	maxTime     = 2 * time.Second
	retryAfter  = time.Minute
)

// Errors of a search.
var (
	ErrUnavailable = errors.New("search is not available now")
	ErrBusy        = errors.New("too much is being searched for at the moment")
)

// New is an index that is not open until Run is called.
func New(o Options) *Index {
	return &Index{options: o, wake: make(chan struct{}, 1), room: make(chan struct{}, maxSearches)}
}

// Wake has the index look for changes of the store.
func (x *Index) Wake() {
	select {
	case x.wake <- struct{}{}:
	default:
	}
}

// Status says how far the index is.
func (x *Index) Status() Status {
	x.status.Lock()
	defer x.status.Unlock()
	return x.now
}

// Version is another whenever a search may find other stories than before.
func (x *Index) Version() uint64 { return x.version.Load() }

func (x *Index) setStatus(s Status) {
	x.status.Lock()
	defer x.status.Unlock()
	x.now = s
	x.version.Add(1)
}

// Search finds stories. Where the index is not open it fails with ErrUnavailable, where too many search or it takes too
// long with ErrBusy.
func (x *Index) Search(ctx context.Context, q Query) (r Result, err error) {
	ctx, cancel := context.WithTimeout(ctx, maxTime)
	defer cancel()
	select {
	case x.room <- struct{}{}:
		defer func() { <-x.room }()
	case <-ctx.Done():
		return r, ErrBusy
	}
	x.mu.RLock()
	defer x.mu.RUnlock()
	if x.file == nil {
		return r, ErrUnavailable
	}
	for range 10 {
		err = x.file.view(func(tx *bolt.Tx, s *state) (err error) {
			r, err = x.file.search(ctx, tx, s, q)
			r.Whole = s.Whole
			return err
		})
		if !errors.Is(err, errAgain) {
			break
		}
	}
	switch {
	case errors.Is(err, ErrDamaged):
		x.damaged.Store(true)
		x.Wake()
		return Result{}, errors.Join(ErrUnavailable, err)
	case ctx.Err() != nil || errors.Is(err, errAgain):
		return Result{}, ErrBusy
	}
	return r, err
}
