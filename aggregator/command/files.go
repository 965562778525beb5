package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"

	"fronteras/aggregator/owner"
	"fronteras/store"
)

// replaceFile writes a file in one step: readers see the old or the new one, never a part. The new
// one has the old one's mode and, if this process may give files away, its owner. A link stays, and
// the file that it leads to is replaced.
func replaceFile(path string, body []byte) (err error) {
	mode := os.FileMode(0o644)
	before, err := os.Stat(path)
	if err == nil {
		mode = before.Mode().Perm()
		if path, err = filepath.EvalSymlinks(path); err != nil {
			return err
		}
	} else if to, err := os.Readlink(path); err == nil {
		return danglingLinkError(path, to)
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return folderError(path, err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	_, err = f.Write(body)
	err = errors.Join(err, f.Chmod(mode))
	if before != nil {
		err = errors.Join(err, owner.GiveFile(f, path))
	}
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// replaceWithCopy puts a copy of the store in a file's place in one step. Write writes the copy to
// a temporary file next to it, which is synced and read back, and gets the file's name only if it
// is sound. If any of that fails, or ctx ends before, the file stays as it is. The copy gets the
// owner of the file at like; if that is empty, it is the caller's. Damage says which records of the
// store, and so of the copy, are not what was written: such a copy takes no other's place.
func replaceWithCopy(ctx context.Context, file, like string, write func(io.Writer) error) (damage []string, err error) {
	f, err := os.CreateTemp(filepath.Dir(file), "."+filepath.Base(file)+".*.tmp")
	if err != nil {
		return nil, folderError(file, err)
	}
	defer func() { _ = os.Remove(f.Name()) }() // if all went well, it has another name
	defer f.Close()                            // a second time then, which does no harm
	lockFile(f)
	if err := write(&syncingWriter{ctx: ctx, file: f}); err != nil {
		return nil, err
	}
	if like != "" {
		if err := owner.GiveFile(f, like); err != nil {
			return nil, err
		}
	}
	if err := errors.Join(f.Chmod(0o600), f.Sync()); err != nil {
		return nil, err
	}
	if damage, err = store.VerifyPages(ctx, f); err != nil {
		return nil, fmt.Errorf("reading back what was written: %w", err)
	}
	if info, err := os.Stat(file); err == nil && info.Size() > 0 && len(damage) > 0 {
		return nil, fmt.Errorf("%s: it stays, for the store is damaged (%s): name another file", file, damage[0])
	}
	if err := errors.Join(f.Close(), ctx.Err()); err != nil {
		return nil, err
	}
	if err := os.Rename(f.Name(), file); err != nil {
		return nil, err
	}
	if err := syncFolder(filepath.Dir(file)); err != nil {
		return nil, fmt.Errorf("%s: it is written, but may not survive a power failure: %w", file, err)
	}
	return damage, nil
}

// lockFile locks a file that this process is writing, so that no other takes it for the remains of
// an earlier attempt until it is closed. It reports false if another process holds the lock, or the
// file system has none.
func lockFile(f *os.File) bool { return unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB) == nil }

// syncEvery is how much of a copy is written before it is synced: otherwise the store's own small
// writes would wait behind all of it.
const syncEvery = 4 << 20

// syncingWriter writes a file until its context ends.
type syncingWriter struct {
	ctx     context.Context
	file    *os.File
	waiting int // bytes that may not have reached the disk
}

// Write implements [io.Writer].
func (s *syncingWriter) Write(text []byte) (n int, err error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	n, err = s.file.Write(text)
	if s.waiting += n; err == nil && s.waiting >= syncEvery {
		s.waiting = 0
		err = s.file.Sync()
	}
	return n, err
}

// syncFolder brings the names in a folder to the disk.
func syncFolder(folder string) error {
	f, err := os.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// createFolder makes a folder that is missing, closed to everybody but its owner and group whatever
// the umask, and gives it the owner of the file or folder at like. An existing folder stays as it
// is.
func createFolder(folder, like string) error {
	_, err := os.Stat(folder)
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.MkdirAll(folder, 0o750); err != nil {
		return err
	}
	return errors.Join(os.Chmod(folder, 0o750), owner.GiveFolder(folder, like))
}

// folderError names the folder where a temporary file could not be made: that file's own name says
// nothing.
func folderError(file string, err error) error {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		return fmt.Errorf("%s: the folder %s: %w", file, filepath.Dir(file), pathError.Err)
	}
	return err
}

func danglingLinkError(path, to string) error {
	return fmt.Errorf("%s: it is a link to %s, which does not exist", path, to)
}
