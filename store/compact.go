package store

import (
	"errors"
	"os"
	"path/filepath"
	"time"

	bolt "go.etcd.io/bbolt"
)

// When a file is compacted at the start: more than half of it is free, and so
// many bytes, and there is room for the copy.
const (
	compactFrom  = 64 << 20
	compactWrite = 1 << 20 // bytes a transaction
)

// compact puts a copy without free pages in the place of the file, where much of
// it is free. The file stays as it is until the copy is whole, checked and on
// the disk; where there is no room for one, it just stays.
func (s *Store) compact(o Options) error {
	size, free, err := s.size()
	if err != nil || free < o.compactFrom() || 2*free < size {
		return err
	}
	if room, err := disk(filepath.Dir(s.path)); err != nil || room < 2*(size-free) {
		return err
	}
	name, err := beside(s.path)
	if err != nil {
		return ignoreUnwritable(err)
	}
	if err := s.copyTo(name, o); err != nil {
		return ignoreUnwritable(errors.Join(err, unlink(name)))
	}
	// The file is held until the copy stands in its place: who waits for it finds
	// that it is not what stands there any more.
	if err := errors.Join(os.Rename(name, s.path), syncFolder(s.path)); err != nil {
		return errors.Join(err, unlink(name))
	}
	if err := s.db.Close(); err != nil {
		return err
	}
	if s.db, _, err = openSound(s.path, time.Now().Add(o.Wait), o); err != nil {
		return err
	}
	s.Opening.Was = size
	s.Opening.Is, _, err = s.size()
	return err
}

// compactFrom is how many bytes must be free.
func (o Options) compactFrom() int64 {
	if o.CompactFrom > 0 {
		return o.CompactFrom
	}
	return compactFrom
}

// ignoreUnwritable is nil where a disk takes no copy.
func ignoreUnwritable(err error) error {
	if IsUnwritable(unwritable(err)) {
		return nil
	}
	return err
}

// copyTo writes what is in use into another file, and checks that.
func (s *Store) copyTo(name string, o Options) error {
	copied, err := openBolt(name, o, lockAgain)
	if err != nil {
		return err
	}
	copied.NoSync = true // until all is written
	err = bolt.Compact(copied, s.db, compactWrite)
	if err = errors.Join(err, copied.Sync()); err == nil {
		err = copied.View(checked)
	}
	return errors.Join(err, copied.Close())
}

// checked has bbolt check all pages. It must be done with, whatever it finds.
func checked(tx *bolt.Tx) (err error) {
	for fault := range tx.Check() {
		if err == nil {
			err = broken("%v", fault)
		}
	}
	return err
}

// trim cuts off what bbolt keeps at the file's end for growth, so that a file at
// rest is as long as it says and a shorter one is known to be cut.
func trim(db *bolt.DB, path string) error {
	var size int64
	err := db.View(func(tx *bolt.Tx) error {
		size = tx.Size()
		return nil
	})
	if err != nil {
		return err
	}
	return os.Truncate(path, size)
}
