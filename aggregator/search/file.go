package search

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"sync/atomic"
	"time"

	bolt "go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"fronteras/aggregator/news"
)

// The buckets of the index's file, in the folder that is the index:
//
//	| bucket | key | value |
//	| `about` | `about` | JSON of itself |
//	| `blocks` | block | its documents |
//	| `gone` | block | which of them are gone |
//	| `words` | block, term | a chunk of terms from that on |
//	| `waiting` | sequence | a document that is in no block yet |
var (
	bucketAbout   = []byte("about")
	bucketBlocks  = []byte("blocks")
	bucketGone    = []byte("gone")
	bucketWords   = []byte("words")
	bucketWaiting = []byte("waiting")

	keyAbout = []byte("about")
)

// format is that of the file, and the rules by which words are found: a file with another is rebuilt.
const format = 1

// fileName is the file's name in its folder.
const fileName = "index.db"

// ErrDamaged: the index cannot be read; it is to be rebuilt.
var ErrDamaged = errors.New("the search index is damaged")

// about is what the file says of itself.
type about struct {
	Format     int    `json:"format"`
	Mark       string `json:"mark"`       // of what stories are described by; see Options
	Generation uint64 `json:"generation"` // transactions so far

	Begun bool       `json:"begun"` // it is being made, or has been: Place says from where it follows the store
	Place news.Place `json:"place"` // up to which it has followed the changes of the store
	Next  uint64     `json:"next"`  // while it is made: stories with lower numbers are to be entered
	Whole bool       `json:"whole"` // every story has been entered
}

// state is what is in memory of a generation of the file. It does not change.
type state struct {
	about
	blocks  []*block  // in the file, the oldest first
	waiting *block    // nil: none does
	queue   []indexed // the documents of waiting
	keys    []uint64  // of them in the bucket
}

func (s *state) all() []*block {
	if s.waiting == nil {
		return s.blocks
	}
	return append(slices.Clip(s.blocks), s.waiting)
}

// empty reports whether nothing has been entered.
func (s *state) empty() bool { return len(s.blocks) == 0 && s.waiting == nil }

// file is the open file with what is in memory of it.
type file struct {
	db     *bolt.DB
	states atomic.Pointer[[2]*state] // that of the last transaction, and of the one before or under way
	read   atomic.Int64              // lookups since the mapped file was taken out of memory
}

// openFile opens the index in a folder, or begins one. An index of another format or mark, or one
// that cannot be read, is started over.
func openFile(folder, mark string, noSync bool) (f *file, err error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, err
	}
	path := filepath.Join(folder, fileName)
	f, err = openExisting(path, mark, noSync)
	if err == nil || !errors.Is(err, ErrDamaged) {
		return f, err
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	return createFile(path, mark, noSync)
}

// boltOptions have bbolt write down which pages are free: it looks for them in a goroutine of its own otherwise, where
// nobody catches what it meets in a damaged file.
func boltOptions(noSync bool) *bolt.Options {
	return &bolt.Options{Timeout: 5 * time.Second, FreelistType: bolt.FreelistMapType, NoSync: noSync}
}

// openExisting opens a file that is there. It fails with ErrDamaged if it is none, or is to be rebuilt.
func openExisting(path, mark string, noSync bool) (f *file, err error) {
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		return nil, ErrDamaged
	}
	var db *bolt.DB
	err = catchDamage(func() error {
		db, err = bolt.Open(path, 0o600, boltOptions(noSync))
		return err
	})
	if err != nil {
		return nil, classifyOpening(path, err)
	}
	f = &file{db: db}
	s, err := f.load()
	if err == nil && (s.Format != format || s.Mark != mark) {
		err = ErrDamaged
	}
	if err != nil {
		return nil, errors.Join(err, f.close())
	}
	f.states.Store(&[2]*state{s, s})
	return f, nil
}

// classifyOpening tells a file that is none from one that cannot be opened now.
func classifyOpening(path string, err error) error {
	for _, none := range []error{berrors.ErrInvalid, berrors.ErrVersionMismatch, berrors.ErrChecksum} {
		if errors.Is(err, none) {
			return fmt.Errorf("%w: %v", ErrDamaged, err)
		}
	}
	if info, failed := os.Stat(path); failed == nil && info.Mode().IsRegular() && !errors.Is(err, ErrDamaged) {
		var system *os.PathError
		if !errors.As(err, &system) && !errors.Is(err, berrors.ErrTimeout) {
			return fmt.Errorf("%w: %v", ErrDamaged, err) // bbolt names what is wrong with a short file in words alone
		}
	}
	return err
}

func createFile(path, mark string, noSync bool) (*file, error) {
	db, err := bolt.Open(path, 0o600, boltOptions(noSync))
	if err != nil {
		return nil, err
	}
	f := &file{db: db}
	s := &state{about: about{Format: format, Mark: mark}}
	err = db.Update(func(tx *bolt.Tx) error {
		for _, name := range [][]byte{bucketAbout, bucketBlocks, bucketGone, bucketWords, bucketWaiting} {
			if _, err := tx.CreateBucketIfNotExists(name); err != nil {
				return err
			}
		}
		return putAbout(tx, s.about)
	})
	if err != nil {
		return nil, errors.Join(err, f.close())
	}
	f.states.Store(&[2]*state{s, s})
	return f, nil
}

// close closes the file when nobody reads it any more. One that is damaged may keep bbolt from ever closing it: it is
// left alone then.
func (f *file) close() error {
	closed := make(chan error, 1)
	go func() { closed <- catchDamage(f.db.Close) }()
	select {
	case err := <-closed:
		return err
	case <-time.After(closeTime):
		return fmt.Errorf("%w: it cannot be closed", ErrDamaged)
	}
}

// closeTime is how long closing may take.
const closeTime = 2 * time.Second

// catchDamage runs what reads the file, and makes errors of panics: bbolt's over pages that make no sense, and those
// over pages that the file lacks, which else end the process.
func catchDamage(do func() error) (err error) {
	before := debug.SetPanicOnFault(true)
	defer func() {
		debug.SetPanicOnFault(before)
		if fault := recover(); fault != nil {
			err = fmt.Errorf("%w: %v", ErrDamaged, fault)
		} else if errors.Is(err, errChunk) || errors.Is(err, errPostings) {
			err = fmt.Errorf("%w: %w", ErrDamaged, err)
		}
	}()
	return do()
}

func putAbout(tx *bolt.Tx, a about) error {
	text, err := json.Marshal(a)
	if err != nil {
		return err
	}
	return tx.Bucket(bucketAbout).Put(keyAbout, text)
}

func readAbout(tx *bolt.Tx) (a about, err error) {
	b := tx.Bucket(bucketAbout)
	if b == nil {
		return a, errChunk
	}
	if err := json.Unmarshal(b.Get(keyAbout), &a); err != nil {
		return a, errChunk
	}
	return a, nil
}

// load reads what is kept in memory.
func (f *file) load() (s *state, err error) {
	s = &state{}
	return s, catchDamage(func() error {
		return f.db.View(func(tx *bolt.Tx) (err error) {
			if s.about, err = readAbout(tx); err != nil {
				return err
			}
			err = tx.Bucket(bucketBlocks).ForEach(func(key, value []byte) error {
				docs, err := decodeDocs(value)
				if err != nil || len(key) != 4 {
					return errChunk
				}
				b := newBlock(binary.BigEndian.Uint32(key), docs)
				if gone := tx.Bucket(bucketGone).Get(key); gone != nil {
					if b.gone, err = decodeGone(gone); err != nil {
						return err
					}
					for slot := range docs {
						if b.gone.has(slot) {
							b.numberGone++
						}
					}
				}
				s.blocks = append(s.blocks, b)
				return nil
			})
			if err != nil {
				return err
			}
			err = tx.Bucket(bucketWaiting).ForEach(func(key, value []byte) error {
				x, err := decodeWaiting(value)
				if err != nil || len(key) != 8 {
					return errChunk
				}
				s.queue, s.keys = append(s.queue, x), append(s.keys, binary.BigEndian.Uint64(key))
				return nil
			})
			if err == nil && len(s.queue) > 0 {
				if len(s.queue) > smallBlock {
					return errChunk
				}
				s.waiting = waitingBlock(s.queue)
			}
			return err
		})
	})
}

// current is the state of the last transaction.
func (f *file) current() *state { return f.states.Load()[0] }

// view reads a generation of the file.
func (f *file) view(do func(*bolt.Tx, *state) error) error {
	return catchDamage(func() error {
		return f.db.View(func(tx *bolt.Tx) error {
			a, err := readAbout(tx)
			if err != nil {
				return err
			}
			for _, s := range f.states.Load() { // the transaction may be that before the last, or one that just ended
				if s.Generation == a.Generation {
					return do(tx, s)
				}
			}
			return errAgain
		})
	})
}

// errAgain: more than one transaction ended while one was begun.
var errAgain = errors.New("search index: written meanwhile")

// blockKey is a block's number as a key.
func blockKey(id uint32) []byte { return binary.BigEndian.AppendUint32(nil, id) }

// chunkTerms streams the terms of a block in the file.
func chunkTerms(tx *bolt.Tx, id uint32) termStream {
	c, prefix := tx.Bucket(bucketWords).Cursor(), blockKey(id)
	key, value := c.Seek(prefix)
	var r *chunkReader
	return func() (t termPostings, ok bool, err error) {
		for {
			if r != nil && r.next() {
				return termPostings{string(r.term), r.list}, true, nil
			}
			if r != nil && r.err != nil {
				return t, false, r.err
			}
			if !bytes.HasPrefix(key, prefix) {
				return t, false, nil
			}
			if r, err = readChunk(value); err != nil {
				return t, false, err
			}
			key, value = c.Next()
		}
	}
}

// lookup gives the postings of a term in a block; nil: it is not there.
func (f *file) lookup(c *bolt.Cursor, b *block, term string) ([]byte, error) {
	if b.words != nil {
		if g := b.words[term]; g != nil {
			return g.list, nil
		}
		return nil, nil
	}
	f.countRead(c, 1)
	wanted := append(blockKey(b.id), term...)
	key, value := c.Seek(wanted)
	if !bytes.Equal(key, wanted) {
		if key == nil {
			key, value = c.Last()
		} else {
			key, value = c.Prev()
		}
	}
	if !bytes.HasPrefix(key, wanted[:4]) {
		return nil, nil
	}
	return findInChunk(value, term)
}

// releaseAfter is how many lookups are made before the mapped file is taken out of memory: the kernel may have brought
// sixteen pages with each.
const releaseAfter = 128

// countRead counts lookups, and keeps what is in memory of the file from growing with what was ever read of it.
func (f *file) countRead(c *bolt.Cursor, n int64) {
	if f.read.Add(n) >= releaseAfter {
		f.read.Store(0)
		releaseMappedPages(f.db.Info().Data, uintptr(c.Bucket().Tx().Size()))
	}
}
