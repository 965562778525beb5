// Package store keeps stories and feeds' states in one bbolt file: transactions, records and
// indexes. What is to be published, pruned or visited is decided by aggregator/archive and
// aggregator/schedule, what is one story by aggregator/identity. docs/store.md describes the file.
package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"time"

	"fronteras/aggregator/identity"
	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
)

// Format is the number of the file's layout. A file of a later one is refused; one of an earlier
// one (the first was 1) is of this from when it is opened. From 2 on records are CBOR: see
// encodeRecord. From 3 on they bear seals, and there are sums: see sealRecord.
const Format = 3

// Options of a store. The zero value serves.
type Options struct {
	Wait    time.Duration // for another process to let go of the file; 0 is 10 s
	Version string        // of the program, written into the file
	MaxSize int64         // of the file, in bytes; 0 is 16 GiB

	CompactFrom int64 // bytes that must be free before the file is compacted; 0 is 64 MiB
	// Unreadable, if set, is called for each story that is left out because a record of it cannot
	// be read.
	Unreadable func(story string, err error)
	Observe    func(kind string, took time.Duration) // if set, is called after each transaction
}

// Store is an open store. It is safe for concurrent use; one process at a time can hold a file.
type Store struct {
	*database
	leasing
	publishing
	push
	signIn
	notices

	Opening Opening // what was found and done when the store was opened; not to be changed
}

// Open opens the store in a file, and makes the file if there is none: it then belongs to the owner
// of its folder. The rules decide what becomes of what is saved. It fails with ErrBusy,
// ErrDamaged, ErrNewer, ErrFull or ErrReadOnly, or as the file system does, and says what helps; a
// file that is refused is never written to, nor one made in its place.
func Open(path string, rules *identity.Rules, o Options) (*Store, error) {
	s, err := openStore(path, rules, o)
	if err != nil {
		return nil, describeOpenError(path, err)
	}
	return s, nil
}

func openStore(path string, rules *identity.Rules, o Options) (*Store, error) {
	if o.Wait == 0 {
		o.Wait = 10 * time.Second
	}
	if o.MaxSize == 0 {
		o.MaxSize = maxFileSize
	}
	if o.Observe == nil {
		o.Observe = func(string, time.Duration) {}
	}
	db, found, err := openFile(path, rules, o)
	if err != nil {
		return nil, err
	}
	d := &database{
		db: db, path: path, jobs: make(chan *job, maxBatch), done: make(chan struct{}), observe: o.Observe,
		closing: make(chan struct{}),
		damaged: make(chan error, 1), timetable: newTimetable(), unreadable: unreadable{tell: o.Unreadable},
	}
	d.rules.Store(rules)
	s := &Store{database: d, leasing: leasing{database: d}, publishing: publishing{database: d}, push: push{d},
		signIn: signIn{d}, notices: notices{d}, Opening: found}
	s.addresses.Store(&map[uint64]string{})
	if err := s.prepareFile(o); err != nil {
		return nil, errors.Join(err, s.closeFile())
	}
	if err := s.view(s.loadMemory); err != nil {
		return nil, errors.Join(err, s.closeFile())
	}
	go d.runWriter()
	return s, nil
}

// closeFile closes the file, if it is open.
func (s *Store) closeFile() error {
	if s.db == nil {
		return nil
	}
	return s.db.Close()
}

// prepareFile checks the file, compacts it if that is due, and takes off the mark of a file that
// was closed, which Close puts back. Nothing is written before all is checked.
func (s *Store) prepareFile(o Options) (err error) {
	defer recoverDamage(debug.SetPanicOnFault(true), &err)
	err = viewFile(s.db, func(tx *sealedTx) error {
		m, err := readCompatibleAbout(tx, o.Version)
		s.died = err == nil && !m.Closed
		return err
	})
	if err != nil {
		return err
	}
	if err := errors.Join(removeTemporaries(s.path), s.compactIfSparse(o)); err != nil {
		return err
	}
	holds := s.Opening.holds
	s.Opening.Damage, s.Opening.holds = holds.faults(), inventory{}
	if holds.lacksSums() {
		if err := writeNewSums(s.db); err != nil {
			return classifyWriteError(err)
		}
	}
	return classifyWriteError(updateFile(s.db, func(tx *sealedTx) (err error) {
		if err := migrateFile(tx, o.Version); err != nil {
			return err
		}
		m := mender{tx: tx, holds: &holds, rules: s.rules.Load()}
		if s.Opening.Anew, err = m.mendFile(time.Now()); err != nil {
			return err
		}
		lost := holds.differs(bucketEdits) ||
			slices.ContainsFunc(holds.spoiled, func(r spoiledRecord) bool { return r.bucket == string(bucketEdits) })
		return errors.Join(beginLife(tx, lost, time.Now()), markClosed(tx, false))
	}))
}

// compactIfSparse puts a copy without free pages in the place of the file, if much of it is free.
// The file stays as it is until the copy is whole, checked and on the disk; where there is no room
// for one, it just stays.
func (s *Store) compactIfSparse(o Options) error {
	size, free, err := s.fileSizes()
	if err != nil || free < cmp.Or(o.CompactFrom, compactFrom) || 2*free < size {
		return err
	}
	compacted, err := compactFile(s.db, s.path, size-free, o)
	if err != nil || !compacted {
		return err
	}
	// The old file is held until the copy stands in its place: who waits for it finds that it is
	// not what stands there any more.
	if err := s.db.Close(); err != nil {
		return err
	}
	if s.db, s.Opening.holds, _, err = openSoundFile(s.path, time.Now().Add(o.Wait), o); err != nil {
		return err
	}
	s.Opening.Was = size
	s.Opening.Is, _, err = s.fileSizes()
	return err
}

// loadMemory reads what is kept in memory of the file.
func (s *Store) loadMemory(tx *sealedTx) (err error) {
	if s.textKeys, err = readTextKeys(tx); err != nil {
		return err
	}
	if err := s.timetable.readTimes(tx); err != nil {
		return err
	}
	for n, url := range *addressesOf(tx) {
		var m identity.Memory
		if text := tx.Bucket(bucketMemory).Get(numberKey(n)); text != nil {
			if err := decodeRecord(text, &m); err != nil {
				return fmt.Errorf("the memory of %s: %w", link.Redact(url), err)
			}
		}
		noteWaitingFeed(&s.waiting, url, m)
	}
	return nil
}

// Configuration is what a store is used with. The mark stands for the rules and for what is
// configured of them.
type Configuration struct {
	Rules *identity.Rules
	Mark  string
	Feeds []news.Feed
	// Notices says who hears of what happens.
	Notices Notices
}

// Configure has the store go by a configuration from now on, all of it or, where it fails, nothing
// of it: by its rules as UseRules does, and with its feeds as Learn does. From when another mark
// takes the place of the last, two stories that were published before become one only by what is
// learned after.
func (s *Store) Configure(ctx context.Context, c Configuration, now time.Time) error {
	err := s.update(ctx, func(tx txn) error {
		tx.atEnd(func(committed bool) {
			if committed {
				s.UseRules(c.Rules)
			}
		})
		plan := s.noticePlan.Load()
		s.noticePlan.Store(c.Notices.plan())
		tx.atEnd(func(committed bool) {
			if !committed {
				s.noticePlan.Store(plan)
			}
		})
		return errors.Join(markRules(tx, c.Mark, now), s.learn(tx, c.Feeds, now), setRecipients(tx, c.Notices, now))
	})
	if err != nil {
		return err
	}
	return s.openEarlierCases(ctx, now)
}

// markRules notes by which rules the store is used.
func markRules(tx txn, mark string, now time.Time) error {
	m, err := readAbout(tx.sealedTx)
	if err != nil || m.Mark == mark {
		return err
	}
	if m.Mark != "" || m.Keyed != "" && m.Keyed != mark {
		m.Ruled = now
	}
	m.Mark = mark
	return putAbout(tx.sealedTx, m)
}

// UseRules makes the store go by other rules from now on.
func (s *Store) UseRules(rules *identity.Rules) { s.rules.Store(rules) }

// UseNotices has what happens from now on be kept for recipients, without making them known: a command
// that decides in a desk that is not running has its editors hear of it later.
func (s *Store) UseNotices(c Notices) { s.noticePlan.Store(c.plan()) }

// Close ends the writing and closes the file. Transactions under way end first. What a process that
// died left stays to be seen by who learns the feeds: a command that only looked into the file
// hides it from nobody.
func (s *Store) Close() error {
	close(s.closing)
	<-s.done
	err := s.runTransaction(func(tx txn) error { return markClosed(tx.sealedTx, s.begun || !s.died) })
	if err == nil {
		err = trimFile(s.db, s.path)
	}
	return errors.Join(err, s.db.Close())
}

// markClosed notes whether nobody holds the file: a file that is found otherwise
// was left by a process that died.
func markClosed(tx *sealedTx, closed bool) error {
	m, err := readAbout(tx)
	if err != nil {
		return err
	}
	m.Closed = closed
	return putAbout(tx, m)
}

// About gives what the store says of itself.
func (s *Store) About() (about news.About, err error) {
	err = s.view(func(tx *sealedTx) error {
		m, err := readAbout(tx)
		about = m.About
		return err
	})
	return about, err
}

// Stats are the store's figures, as metrics show them.
type Stats struct {
	Size, Free  int64         // bytes of the file, and how many of them are free for use
	LongestView time.Duration // that reading took so far
	// Counts are how many published stories there are of each status ("status live"), how
	// many flags they bear ("flags"), and how many edges of each rule and confidence
	// ("edge J1 certain").
	Counts map[string]int
}

// Stats gives the store's figures.
func (s *Store) Stats() (st Stats, err error) {
	err = s.view(func(tx *sealedTx) (err error) {
		st.Counts, err = readCounts(tx)
		return err
	})
	var sizes error
	st.Size, st.Free, sizes = s.fileSizes()
	st.LongestView = time.Duration(s.longest.Load())
	return st, errors.Join(err, sizes)
}
