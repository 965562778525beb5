// Package store keeps stories and visits in one bbolt file.
package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	bolt "go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"

	"fronteras/aggregator/identity"
)

// Format is the number of the file's layout. A file of a later one is refused.
const Format = 1

// Errors that callers decide by.
var (
	// ErrBusy: another process holds the file.
	ErrBusy = errors.New("another process holds it")
	// ErrDamaged: the file is no store, or not a whole one.
	ErrDamaged = errors.New("damaged")
	// ErrNewer: the file was written by a later version.
	ErrNewer = errors.New("written by a later version")
	// ErrUnknown: there is no such feed or story.
	ErrUnknown = errors.New("unknown")
)

// Options of a store. The zero value serves.
type Options struct {
	Wait    time.Duration                         // for another process to let go of the file; 0 is 10 s
	Version string                                // of the program, written into the file
	Observe func(kind string, took time.Duration) // is told of each transaction; nil: nobody is
}

// Sizes of the file. A mapping large from the start keeps a slow reader from
// stopping the writer, which otherwise waits for it to remap.
const (
	page    = 16 << 10 // an item of usual length fills a smaller one half
	mapping = 1 << 30
	fuse    = 16 << 30
)

// Store is an open store. It is safe for use by many; one process at a time can
// hold a file.
type Store struct {
	db     *bolt.DB
	desk   atomic.Pointer[identity.Desk]
	jobs   chan *job
	done   chan struct{}
	late   atomic.Pointer[error] // of a change that nobody waited for
	behind atomic.Int64          // changes that nobody waits for and that are not on the disk

	addresses atomic.Pointer[map[uint64]string] // of the feeds, by their numbers
	died      bool                              // the file was not closed: a process died that held it
	begun     bool                              // leases found in the file have been ended
	danger    danger
	waiting   sync.Map // feeds of which something is to be decided though nothing comes
	passing   *passing // the writer's alone

	measures
	observer func(kind string, took time.Duration)
}

// The buckets. Keys are in sorted order of what they are looked up by; see
// docs/architecture.md for a table.
var (
	bucketMeta    = []byte("meta")
	bucketFeeds   = []byte("feeds")   // address → number
	bucketVisits  = []byte("visits")  // feed → Visit
	bucketDue     = []byte("due")     // time, feed →
	bucketLeases  = []byte("leases")  // feed → when it was asked
	bucketMemory  = []byte("memory")  // feed → identity.Memory
	bucketMarks   = []byte("marks")   // feed → []identity.Mark
	bucketFacts   = []byte("facts")   // feed → news.Facts
	bucketItems   = []byte("items")   // item → news.Item
	bucketStories = []byte("stories") // story → news.Story
	bucketKeys    = []byte("keys")    // feed, hash of a key, item →
	bucketIDs     = []byte("ids")     // id, public id or alias → story
	bucketOrder   = []byte("order")   // published (newest first), id → story
	bucketRecent  = []byte("recent")  // published or modified (latest first), sequence → story, published
	bucketNew     = []byte("new")     // story → , to be settled
	bucketNumbers = []byte("numbers") // sequence → story, or 0 and when it ended
	bucketClosed  = []byte("closed")  // archive document → its last sequence
	bucketGone    = []byte("gone")    // when it ended (last first), public id → story
	bucketWords   = []byte("words")   // kind, topic or language →
	bucketPrints  = []byte("prints")  // document → digest of its bytes, since when
	bucketKept    = []byte("kept")    // name → value, for ever
	bucketUntil   = []byte("until")   // time, story → : held until then
	bucketRulings = []byte("rulings") // ruling → news.Ruling
	bucketPassing = []byte("passing") // time, sequence → keys that lead to items until then

	bucketParagraphs    = []byte("paragraphs")    // feed → []identity.Paragraph
	bucketSubscriptions = []byte("subscriptions") // callback → news.Subscription
	bucketSubscribers   = []byte("subscribers")   // callback, topic → news.Subscriber

	buckets = [][]byte{
		bucketMeta, bucketFeeds, bucketVisits, bucketDue, bucketLeases, bucketMemory, bucketMarks, bucketFacts,
		bucketItems, bucketStories, bucketKeys, bucketIDs, bucketOrder, bucketRecent, bucketNew,
		bucketNumbers, bucketClosed, bucketGone, bucketWords, bucketUntil, bucketRulings, bucketPassing, bucketParagraphs,
		bucketSubscriptions, bucketSubscribers, bucketPrints, bucketKept,
	}
)

// Open opens the store in a file, and makes the file if there is none. The
// rules of desk decide what is folded into it. It fails with ErrBusy,
// ErrDamaged or ErrNewer, or as the file system does; a damaged file is never
// written to.
func Open(path string, desk *identity.Desk, o Options) (*Store, error) {
	if err := checkFile(path); err != nil {
		return nil, err
	}
	if o.Wait == 0 {
		o.Wait = 10 * time.Second
	}
	db, err := openFile(path, o)
	if err != nil {
		return nil, fmt.Errorf("store %s: %w", path, err)
	}
	s := &Store{db: db, jobs: make(chan *job, together), done: make(chan struct{}), observer: o.Observe}
	s.desk.Store(desk)
	s.addresses.Store(&map[uint64]string{})
	if err := s.prepare(desk, o); err != nil {
		return nil, errors.Join(fmt.Errorf("store %s: %w", path, err), db.Close())
	}
	if err := errors.Join(s.readPassing(), s.readWaiting()); err != nil {
		return nil, errors.Join(fmt.Errorf("store %s: %w", path, err), db.Close())
	}
	go s.write()
	return s, nil
}

// checkFile refuses what bbolt would take for a new store though it is the rest
// of one.
func checkFile(path string) error {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("store: %w", err)
	case !info.Mode().IsRegular():
		return fmt.Errorf("store %s: not a regular file", path)
	case info.Size() < 2*page:
		return fmt.Errorf("store %s: %w: it has only %d bytes; put a backup in its place", path, ErrDamaged, info.Size())
	}
	return nil
}

// openFile opens the file; bbolt panics on damaged ones.
func openFile(path string, o Options) (db *bolt.DB, err error) {
	defer damage(debug.SetPanicOnFault(true), &err)
	db, err = bolt.Open(path, 0o600, &bolt.Options{
		Timeout: o.Wait, FreelistType: bolt.FreelistMapType, InitialMmapSize: mapping, MaxSize: fuse, PageSize: page,
	})
	switch {
	case errors.Is(err, bolterrors.ErrTimeout):
		return nil, ErrBusy
	case errors.Is(err, bolterrors.ErrInvalid), errors.Is(err, bolterrors.ErrChecksum), errors.Is(err, bolterrors.ErrVersionMismatch):
		return nil, fmt.Errorf("%w: %v; put a backup in its place", ErrDamaged, err)
	}
	return db, err
}

// damage turns a panic over a damaged file into ErrDamaged. It is deferred with
// debug.SetPanicOnFault(true) as its argument: a page that the file lacks is a
// fault of memory, which else ends the process.
func damage(before bool, err *error) {
	debug.SetPanicOnFault(before)
	if fault := recover(); fault != nil {
		*err = fmt.Errorf("%w: %v; put a backup in its place", ErrDamaged, fault)
	}
}

// prepare makes the buckets of a new store, and checks those of an old one. It
// takes off the mark of a file that was closed, which Close puts back.
func (s *Store) prepare(desk *identity.Desk, o Options) (err error) {
	defer damage(debug.SetPanicOnFault(true), &err)
	fresh, lacking := false, false
	err = s.view(func(tx *bolt.Tx) error {
		if info, err := os.Stat(s.db.Path()); err != nil {
			return err
		} else if info.Size() < tx.Size() {
			return fmt.Errorf("%w: %d of its %d bytes are missing; put a backup in its place", ErrDamaged, tx.Size()-info.Size(), tx.Size())
		}
		meta := tx.Bucket(bucketMeta)
		if fresh = meta == nil; fresh {
			return nil
		}
		var m about
		if err := json.Unmarshal(meta.Get(keyAbout), &m); err != nil {
			return fmt.Errorf("%w: %v", ErrDamaged, err)
		}
		if m.Format > Format {
			return fmt.Errorf("%w: by fronteras %s (format %d); this is %s (format %d)", ErrNewer, m.Version, m.Format, o.Version, Format)
		}
		s.died = !m.Closed
		lacking = slices.ContainsFunc(buckets, func(name []byte) bool { return tx.Bucket(name) == nil })
		return nil
	})
	if err == nil && lacking {
		err = s.db.Update(relist)
	}
	if err != nil {
		return err
	}
	return s.db.Update(func(tx *bolt.Tx) error {
		if err := relist(tx); err != nil {
			return err
		}
		if !fresh {
			return markClosed(tx, false)
		}
		return put(tx.Bucket(bucketMeta), keyAbout, about{Format: Format, Version: o.Version, Host: desk.Host()})
	})
}

// Use makes the store fold by other rules from now on.
func (s *Store) Use(desk *identity.Desk) { s.desk.Store(desk) }

// Close ends the writing and closes the file. Transactions under way end first.
func (s *Store) Close() error {
	close(s.jobs)
	<-s.done
	return errors.Join(s.db.Update(func(tx *bolt.Tx) error { return markClosed(tx, true) }), s.db.Close())
}

// markClosed notes whether nobody holds the file: a file that is found otherwise
// was left by a process that died.
func markClosed(tx *bolt.Tx, closed bool) error {
	m, err := aboutOf(tx)
	if err != nil {
		return err
	}
	m.Closed = closed
	return putAbout(tx, m)
}

// put writes a value as JSON, unless it is there already.
func put(b *bolt.Bucket, key []byte, value any) error {
	text, err := encode(value)
	if err != nil {
		return err
	}
	return putBytes(b, key, text)
}
