package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	bolt "go.etcd.io/bbolt"
)

// Copy is a copy of a store in a file without a name: it is gone when it is closed.
type Copy struct {
	io.ReadCloser
	Size int64 // in bytes
}

// Backup makes a copy of the store as it is now, and checks it: a store of its own.
// What is written meanwhile is not in it, and waits for nothing, however slowly the
// copy is read. It ends early where ctx does. The caller closes the copy.
func (s *Store) Backup(ctx context.Context, now time.Time) (c Copy, err error) {
	if err := s.Flush(ctx); err != nil && !IsUnwritable(err) {
		return c, err
	}
	name, err := s.copySnapshot(ctx)
	if err != nil {
		return c, err
	}
	defer func() { err = errors.Join(err, removeIfPresent(name)) }()
	if err := markCopyClosed(name, now); err != nil {
		return c, err
	}
	f, err := os.Open(name)
	if err != nil {
		return c, err
	}
	info, err := f.Stat()
	if err == nil {
		var holds inventory
		if holds, err = checkPages(readerWithin{ctx, f}, info.Size()); err == nil {
			err = holds.judge()
		}
	}
	if err != nil {
		return c, errors.Join(fmt.Errorf("the copy: %w", err), f.Close())
	}
	return Copy{f, info.Size()}, nil
}

// NoteBackup remembers when a backup was made that has reached its place.
func (s *Store) NoteBackup(ctx context.Context, made time.Time) error {
	return s.update(ctx, func(tx txn) error {
		m, err := readAbout(tx.sealedTx)
		if err != nil {
			return err
		}
		m.BackedUp = made
		return putAbout(tx.sealedTx, m)
	})
}

// Verify reads the whole store: every page, every record, whether each entry of a list leads
// somewhere, each item is in exactly one story, and no id is given twice. It reads a copy made in
// one transaction, so writers wait for nothing.
func (s *Store) Verify(ctx context.Context) (c Condition, err error) {
	if err := s.Flush(ctx); err != nil && !IsUnwritable(err) {
		return c, err
	}
	name, err := s.copySnapshot(ctx)
	if err != nil {
		return c, err
	}
	defer func() { err = errors.Join(err, removeIfPresent(name)) }()
	db, err := openBoltFile(name, Options{}, lockAgain)
	if err != nil {
		return c, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return verifyDatabase(ctx, db)
}

// copySnapshot copies the file into its own folder, from within one transaction.
func (s *Store) copySnapshot(ctx context.Context) (name string, err error) {
	if name, err = createTemporary(s.path); err != nil {
		return "", err
	}
	f, err := os.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		return "", errors.Join(err, removeIfPresent(name))
	}
	err = s.catchDamage(func() error {
		return s.db.View(func(tx *bolt.Tx) error {
			_, err := tx.WriteTo(chunkedWriter{ctx, f})
			return err
		})
	})
	if err = errors.Join(err, f.Close()); err != nil {
		return "", errors.Join(classifyWriteError(err), removeIfPresent(name))
	}
	return name, nil
}

// chunkedWriter is a file that is written in large pieces, until its context ends: bbolt's own
// are as small as io.Copy's.
type chunkedWriter struct {
	ctx  context.Context
	file *os.File
}

func (w chunkedWriter) Write(text []byte) (int, error) {
	if err := w.ctx.Err(); err != nil {
		return 0, err
	}
	return w.file.Write(text)
}

// ReadFrom implements [io.ReaderFrom].
func (w chunkedWriter) ReadFrom(r io.Reader) (int64, error) {
	return io.CopyBuffer(struct{ io.Writer }{w}, struct{ io.Reader }{r}, make([]byte, 1<<20))
}

// markCopyClosed makes a copy look like a store that was closed: no process has died in it.
func markCopyClosed(name string, now time.Time) (err error) {
	db, err := openBoltFile(name, Options{}, lockAgain)
	if err != nil {
		return err
	}
	db.NoSync, db.NoGrowSync = true, true // its name goes away: only what it is copied to has to last
	err = updateFile(db, func(tx *sealedTx) error {
		m, err := readAbout(tx)
		if err != nil {
			return err
		}
		m.Closed, m.BackedUp = true, now
		return putAbout(tx, m)
	})
	if err == nil {
		err = trimFile(db, name)
	}
	return classifyWriteError(errors.Join(err, db.Close()))
}

// VerifyPages reads a whole file that a copy was written to: it fails with ErrDamaged if a page is
// not sound, or as the file system does. Damage says which records and entries in it are not what
// was written, as in the store that was copied.
func VerifyPages(ctx context.Context, f *os.File) (damage []string, err error) {
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	dropCachedPages(f)
	holds, err := checkPages(readerWithin{ctx, f}, info.Size())
	if err == nil {
		err = holds.judge()
	}
	return holds.faults(), err
}
