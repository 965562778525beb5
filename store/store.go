// Package store keeps stories and visits in one bbolt file.
package store

import (
	"errors"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	bolt "go.etcd.io/bbolt"

	"fronteras/aggregator/identity"
	"fronteras/aggregator/news"
)

// Format is the number of the file's layout. A file of a later one is refused; one of
// an earlier one, of which 1 was the first, is of this from when it is opened. From 2
// on records are CBOR: see encode.
const Format = 2

// Errors that callers decide by.
var (
	// ErrBusy: another process holds the file.
	ErrBusy = errors.New("another process holds it")
	// ErrDamaged: the file is no store, or not a whole one.
	ErrDamaged = errors.New("damaged")
	// ErrNewer: the file was written by a later version.
	ErrNewer = errors.New("written by a later version")
	// ErrFull: the disk, a quota or the store's bound has no room. Nothing was
	// written; once there is room again, the same store goes on.
	ErrFull = errors.New("store is full")
	// ErrReadOnly: the file system takes no writes. As with ErrFull, the same store
	// goes on when it does again.
	ErrReadOnly = errors.New("store is read-only")
	// ErrRecord: one record cannot be read, in a file that is otherwise sound.
	ErrRecord = errors.New("a record cannot be read")
	// ErrUnknown: there is no such feed or story.
	ErrUnknown = errors.New("unknown")
)

// Options of a store. The zero value serves.
type Options struct {
	Wait    time.Duration // for another process to let go of the file; 0 is 10 s
	Version string        // of the program, written into the file
	MaxSize int64         // of the file, in bytes; 0 is 16 GiB

	CompactFrom int64 // bytes that must be free before the file is compacted; 0 is 64 MiB
	// Unreadable, if set, is told of each story that is left out because a record of
	// it cannot be read.
	Unreadable func(story string, err error)
	Observe    func(kind string, took time.Duration) // is told of each transaction; nil: nobody is
}

// Store is an open store. It is safe for use by many; one process at a time can
// hold a file.
type Store struct {
	Opening Opening // what was found and done when the store was opened; not to be changed

	db     *bolt.DB
	path   string
	desk   atomic.Pointer[identity.Rules]
	jobs   chan *job
	done   chan struct{}
	late   atomic.Pointer[error] // of a change that nobody waited for
	behind atomic.Int64          // changes that nobody waits for and that are not on the disk

	addresses atomic.Pointer[map[uint64]string] // of the feeds, by their numbers
	died      bool                              // the file was not closed: a process died that held it
	begun     bool                              // leases found in the file have been ended
	danger    danger
	waiting   sync.Map     // feeds of which something is to be decided though nothing comes
	passing   *passing     // the writer's alone
	table     *timetable   // when feeds are due, and who holds their visits
	known     known        // the writer's alone
	gathered  int          // changes in the last transaction
	eased     atomic.Int64 // when the file was last taken out of memory, in Unix nanoseconds
	settling  sync.Mutex   // nothing else settles, and no archive closes, while numbers of publication are given
	damaged   chan error   // holds the first damage that was met since

	unreadable unreadable
	counted    atomic.Pointer[counted] // by days, last

	measures
	observer func(kind string, took time.Duration)
}

// The buckets. Keys are in sorted order of what they are looked up by; see
// docs/architecture.md for a table.
var (
	bucketMeta      = []byte("meta")
	bucketFeeds     = []byte("feeds")     // address → number
	bucketVisits    = []byte("visits")    // feed → Visit
	bucketTimes     = []byte("times")     // feed → when it is due, was asked, visited, read with success; the wait
	bucketLeases    = []byte("leases")    // lease → when it began, feeds whose visits may not have ended
	bucketMemory    = []byte("memory")    // feed → identity.Memory
	bucketMarks     = []byte("marks")     // feed → []identity.Mark
	bucketChanges   = []byte("changes")   // feed → what became of its marks since
	bucketFacts     = []byte("facts")     // feed → news.Facts
	bucketItems     = []byte("items")     // item → news.Item
	bucketStories   = []byte("stories")   // story → news.Story
	bucketKeys      = []byte("keys")      // feed or hash of a host, hash of a key, item →
	bucketIDs       = []byte("ids")       // id, public id or alias → story
	bucketFreshKeys = []byte("freshkeys") // as keys: those that are new
	bucketFreshIDs  = []byte("freshids")  // as ids: those that are new
	bucketOrder     = []byte("order")     // published (newest first), id → story
	bucketFlagged   = []byte("flagged")   // published (newest first), id → story that bears a flag
	bucketRecent    = []byte("recent")    // published or modified (latest first), sequence → story, published
	bucketUnsettled = []byte("unsettled") // story, to be settled → whether it is live, its turn
	bucketNumbers   = []byte("numbers")   // sequence → story, or 0 and when it ended
	bucketClosed    = []byte("closed")    // archive document → its last sequence
	bucketGone      = []byte("gone")      // when it ended (last first), public id → story
	bucketWords     = []byte("words")     // kind, topic or language →
	bucketPrints    = []byte("prints")    // document → digest of its bytes, since when
	bucketKept      = []byte("kept")      // name → value, for ever
	bucketUntil     = []byte("until")     // time, story → : held until then
	bucketRulings   = []byte("rulings")   // ruling → news.Ruling
	bucketPassing   = []byte("passing")   // time, sequence → keys that lead to items until then

	bucketParagraphs    = []byte("paragraphs")    // feed → []identity.Paragraph
	bucketLearned       = []byte("learned")       // feed, sequence → []identity.Paragraph learned since
	bucketSubscriptions = []byte("subscriptions") // callback → news.Subscription
	bucketSubscribers   = []byte("subscribers")   // callback, topic → news.Subscriber

	buckets = [][]byte{
		bucketMeta, bucketFeeds, bucketVisits, bucketTimes, bucketLeases, bucketMemory, bucketMarks, bucketChanges, bucketFacts,
		bucketItems, bucketStories, bucketKeys, bucketFreshKeys, bucketIDs, bucketFreshIDs, bucketOrder, bucketFlagged, bucketRecent, bucketUnsettled,
		bucketNumbers, bucketClosed, bucketGone, bucketWords, bucketUntil, bucketRulings, bucketPassing, bucketParagraphs, bucketLearned,
		bucketSubscriptions, bucketSubscribers, bucketPrints, bucketKept,
	}
	beginEmpty = [][]byte{bucketFreshKeys, bucketFreshIDs, bucketLearned, bucketChanges} // begin empty in an older file too
)

// Open opens the store in a file, and makes the file if there is none: it then
// belongs to the owner of its folder. The rules of desk decide what is folded into
// it. It fails with ErrBusy, ErrDamaged, ErrNewer, ErrFull or ErrReadOnly, or as the
// file system does, and says what helps; a file that is refused is never written to,
// nor one made in its place.
func Open(path string, desk *identity.Rules, o Options) (*Store, error) {
	s, err := openStore(path, desk, o)
	if err != nil {
		return nil, opening(path, err)
	}
	return s, nil
}

func openStore(path string, desk *identity.Rules, o Options) (*Store, error) {
	if o.Wait == 0 {
		o.Wait = 10 * time.Second
	}
	if o.MaxSize == 0 {
		o.MaxSize = fuse
	}
	db, found, err := openFile(path, desk, o)
	if err != nil {
		return nil, err
	}
	s := &Store{
		db: db, path: path, jobs: make(chan *job, together), done: make(chan struct{}), observer: o.Observe, Opening: found, damaged: make(chan error, 1),
		table: newTimetable(), known: known{map[string]uint64{}, map[uint64]*news.FeedState{}}, unreadable: unreadable{tell: o.Unreadable},
	}
	s.desk.Store(desk)
	s.addresses.Store(&map[uint64]string{})
	if err := s.prepare(o); err != nil {
		return nil, errors.Join(err, s.letGo())
	}
	if err := errors.Join(s.readPassing(), s.readWaiting(), s.view(s.table.read)); err != nil {
		return nil, errors.Join(err, s.letGo())
	}
	go s.write()
	return s, nil
}

// letGo closes the file, if it is open.
func (s *Store) letGo() error {
	if s.db == nil {
		return nil
	}
	return s.db.Close()
}

// prepare checks the file, compacts it if that is due, and takes off the mark of
// a file that was closed, which Close puts back. Nothing is written before all is
// checked.
func (s *Store) prepare(o Options) (err error) {
	defer damage(debug.SetPanicOnFault(true), &err)
	if err := s.db.View(func(tx *bolt.Tx) error { return s.examine(tx, o) }); err != nil {
		return err
	}
	if err := errors.Join(sweepTemporaries(s.path), s.compact(o)); err != nil {
		return err
	}
	return unwritable(s.db.Update(func(tx *bolt.Tx) error {
		if err := errors.Join(relist(tx), upgrade(tx, o.Version)); err != nil {
			return err
		}
		return markClosed(tx, false)
	}))
}

// examine checks that a file is a store that this program can read.
func (s *Store) examine(tx *bolt.Tx, o Options) error {
	m, err := readable(tx, o.Version)
	if err != nil {
		return err
	}
	s.died = !m.Closed
	return nil
}

// upgrade makes a file of an earlier format one of the present, before anything is
// written into it that earlier versions cannot read.
func upgrade(tx *bolt.Tx, version string) error {
	m, err := readAbout(tx)
	if err != nil || m.Format == Format {
		return err
	}
	m.Format, m.Version = Format, version
	return putAbout(tx, m)
}

// UseRules makes the store go by other rules from now on.
func (s *Store) UseRules(desk *identity.Rules) { s.desk.Store(desk) }

// Close ends the writing and closes the file. Transactions under way end first. What
// a process that died left stays to be seen by who learns the feeds: a command that
// only looked into the file hides it from nobody.
func (s *Store) Close() error {
	close(s.jobs)
	<-s.done
	err := s.written(func(tx *bolt.Tx) error { return markClosed(tx, s.begun || !s.died) })
	if err == nil {
		err = trim(s.db, s.path)
	}
	return errors.Join(err, s.db.Close())
}

// markClosed notes whether nobody holds the file: a file that is found otherwise
// was left by a process that died.
func markClosed(tx *bolt.Tx, closed bool) error {
	m, err := readAbout(tx)
	if err != nil {
		return err
	}
	m.Closed = closed
	return putAbout(tx, m)
}

// put writes a record, unless it is there already.
func put(b *bolt.Bucket, key []byte, value any) error {
	text, err := encode(value)
	if err != nil {
		return err
	}
	return putBytes(b, key, text)
}
