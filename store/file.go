package store

import (
	"errors"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"

	bolt "go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
	"golang.org/x/sys/unix"

	"fronteras/aggregator/identity"
	"fronteras/aggregator/news"
	"fronteras/aggregator/owner"
)

// Sizes of the file. A mapping large from the start keeps a slow reader from stopping the writer,
// which otherwise waits for it to remap.
const (
	pageSize    = 8 << 10 // an item of usual length fills a smaller one half
	mappingSize = 1 << 30
	maxFileSize = 16 << 30
)

// lockAgain is how often a file that another process holds is tried again.
const lockAgain = 50 * time.Millisecond

// Opening is what was found and done when a store was opened, for the operator.
type Opening struct {
	New     bool        // there was no file: one was made
	Exposed fs.FileMode // the file's mode, where others can read it; else 0
	Was, Is int64       // the file's size before it was compacted, and after; 0: it was not
	Damage  []string    // what in it is not what was written, and is left out
	Anew    []string    // feeds that start again, because a record of theirs cannot be read

	holds inventory
}

// openFile opens the file at a path, and makes it if there is none. The file is
// read whole and found sound before anything is written to it.
func openFile(path string, rules *identity.Rules, o Options) (db *bolt.DB, found Opening, err error) {
	until := time.Now().Add(o.Wait)
	for {
		info, err := inspectFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			found.New = true
			err = createFile(path, rules, o)
		} else if err == nil && info.Mode().Perm()&0o077 != 0 {
			found.Exposed = info.Mode().Perm()
		}
		if err != nil {
			return nil, found, err
		}
		db, holds, again, err := openSoundFile(path, until, o)
		if !again {
			found.holds = holds
			return db, found, err
		}
		// What was opened is no longer the file at the path: its holder compacted it.
	}
}

// inspectFile refuses what bbolt would take for a new store though it is the rest of one, and what
// it would wait for without end.
func inspectFile(path string) (fs.FileInfo, error) {
	if _, err := freeDiskSpace(filepath.Dir(path)); err != nil {
		return nil, err
	}
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, err
	case info.IsDir():
		return nil, newDamageError("it is a folder, not a file")
	case !info.Mode().IsRegular():
		return nil, newDamageError("it is not a regular file")
	case info.Size() < 2*pageSize:
		return nil, newDamageError("it has only %d bytes", info.Size())
	}
	return info, nil
}

// openSoundFile opens a file once nobody else holds it and all its pages are sound. Again is true
// if another file has been put at the path meanwhile.
func openSoundFile(path string, until time.Time, o Options) (db *bolt.DB, holds inventory, again bool, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, holds, false, err
	}
	defer f.Close()
	for {
		if err = unix.Flock(int(f.Fd()), unix.LOCK_SH|unix.LOCK_NB); err == nil {
			break
		}
		if !errors.Is(err, unix.EWOULDBLOCK) && !errors.Is(err, unix.EINTR) {
			return nil, holds, false, err
		}
		if time.Now().After(until) {
			return nil, holds, false, ErrBusy
		}
		time.Sleep(lockAgain)
	}
	info, err := f.Stat()
	if err != nil {
		return nil, holds, false, err
	}
	if holds, err = checkPages(f, info.Size()); err == nil {
		err = holds.judge()
	}
	if err != nil {
		return nil, holds, false, err
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_UN); err != nil {
		return nil, holds, false, err
	}
	db, err = openBoltFile(path, o, max(time.Until(until), lockAgain))
	if err != nil {
		return nil, holds, false, err
	}
	now, err := os.Stat(path)
	if err == nil && os.SameFile(info, now) {
		return db, holds, false, nil
	}
	return nil, holds, true, db.Close()
}

// openBoltFile opens a bbolt file. bbolt panics on damaged ones.
func openBoltFile(path string, o Options, wait time.Duration) (db *bolt.DB, err error) {
	defer recoverDamage(debug.SetPanicOnFault(true), &err)
	size := mappingSize
	if info, err := os.Stat(path); err == nil {
		for int64(size) < 2*info.Size() {
			size *= 2
		}
	}
	db, err = bolt.Open(path, 0o600, &bolt.Options{
		Timeout: wait, FreelistType: bolt.FreelistMapType, InitialMmapSize: size,
		MaxSize:  int(min(o.MaxSize, math.MaxInt)),
		PageSize: pageSize,
	})
	return db, fromOpenError(err)
}

// fromOpenError gives the error of opening a bbolt file as the store's own: ErrBusy, a damage, or as
// it is.
func fromOpenError(err error) error {
	switch {
	case errors.Is(err, bolterrors.ErrTimeout):
		return ErrBusy
	case errors.Is(err, bolterrors.ErrInvalid), errors.Is(err, bolterrors.ErrChecksum),
		errors.Is(err, bolterrors.ErrVersionMismatch):
		return newDamageError("%v", err)
	}
	return err
}

// createFile makes a new store in the folder of a path, then puts it there in one step: a
// machine that stops in between leaves no store or a whole one. A file that
// somebody else has put there meanwhile stays.
func createFile(path string, rules *identity.Rules, o Options) (err error) {
	name, err := createTemporary(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, removeIfPresent(name)) }()
	db, err := bolt.Open(name, 0o600, &bolt.Options{PageSize: pageSize})
	if err != nil {
		return classifyWriteError(err)
	}
	err = updateFile(db, func(tx *sealedTx) error {
		if err := createBuckets(tx); err != nil {
			return err
		}
		if err := putAbout(tx, about{About: news.About{Host: rules.Host()}, Format: Format, Version: o.Version,
			Closed: true}); err != nil {
			return err
		}
		return sealFile(tx)
	})
	if err := errors.Join(err, db.Close()); err != nil {
		return classifyWriteError(err)
	}
	switch err := os.Link(name, path); {
	// the last: who made it has removed ours
	case err == nil, errors.Is(err, fs.ErrExist), errors.Is(err, fs.ErrNotExist):
		return syncFolder(path)
	}
	if err := os.Rename(name, path); err != nil { // a file system without hard links
		return err
	}
	return syncFolder(path)
}

// createTemporary makes an empty file in the folder of a path, for one that is to take its place.
// It belongs to the owner of the folder. Such files of a process that died are removed when the
// store is opened.
func createTemporary(path string) (name string, err error) {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*.tmp")
	if err != nil {
		return "", classifyWriteError(err)
	}
	return f.Name(), errors.Join(f.Chmod(0o600), owner.GiveFile(f, filepath.Dir(path)), f.Close())
}

// removeTemporaries removes the temporary files of processes that died from a store's folder. The
// caller holds the store.
func removeTemporaries(path string) error {
	files, err := os.ReadDir(filepath.Dir(path))
	for _, f := range files {
		if strings.HasPrefix(f.Name(), "."+filepath.Base(path)+".") && strings.HasSuffix(f.Name(), ".tmp") {
			err = errors.Join(err, removeIfPresent(filepath.Join(filepath.Dir(path), f.Name())))
		}
	}
	return err
}

// removeIfPresent removes a file, unless it has gone already.
func removeIfPresent(name string) error {
	if err := os.Remove(name); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// syncFolder makes a file's name reach the disk.
func syncFolder(path string) error {
	f, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// When a file is compacted at the start: more than half of it is free, and as many bytes as this,
// and there is room for the copy.
const (
	compactFrom  int64 = 64 << 20
	compactWrite       = 1 << 20 // bytes a transaction
)

// compactFile writes what is in use of a file into another and puts that in its place, which
// compacted reports. Of a disk that takes no copy, it reports nothing.
func compactFile(db *bolt.DB, path string, used int64, o Options) (compacted bool, err error) {
	if room, err := freeDiskSpace(filepath.Dir(path)); err != nil || room < 2*used {
		return false, err
	}
	name, err := createTemporary(path)
	if err == nil {
		if err = copyUsedPages(db, name, o); err != nil {
			err = errors.Join(err, removeIfPresent(name))
		}
	}
	if err != nil {
		if IsUnwritable(classifyWriteError(err)) {
			err = nil
		}
		return false, err
	}
	if err := errors.Join(os.Rename(name, path), syncFolder(path)); err != nil {
		return false, errors.Join(err, removeIfPresent(name))
	}
	return true, nil
}

// copyUsedPages writes what is in use of a file into another, and checks that.
func copyUsedPages(db *bolt.DB, name string, o Options) error {
	copied, err := openBoltFile(name, o, lockAgain)
	if err != nil {
		return err
	}
	copied.NoSync = true // until all is written
	err = bolt.Compact(copied, db, compactWrite)
	if err = errors.Join(err, copied.Sync()); err == nil {
		err = copied.View(checkTransaction)
	}
	return errors.Join(err, copied.Close())
}

// checkTransaction lets bbolt check all pages.
func checkTransaction(tx *bolt.Tx) (err error) {
	for fault := range tx.Check() { // to its end, whatever it finds
		if err == nil {
			err = newDamageError("%v", fault)
		}
	}
	return err
}

// trimFile cuts off what bbolt keeps at the file's end for growth, so that a file at
// rest is as long as it says and a shorter one is known to be cut.
func trimFile(db *bolt.DB, path string) error {
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
