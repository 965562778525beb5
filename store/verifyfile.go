package store

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime/debug"
	"slices"
	"strings"

	bolt "go.etcd.io/bbolt"
	"golang.org/x/sys/unix"
)

// Errors of [VerifyFile], in addition to those of [Open].
var (
	// ErrNoStore: the file is something other than a store.
	ErrNoStore = errors.New("it is no store")
	// ErrPacked: the file is compressed.
	ErrPacked = errors.New("it is compressed")
)

// VerifyFile reads a whole file as [Store.Verify] reads a store. It needs no more than the right to
// read the file, and changes nothing of it. Meanwhile no process can open the file as its store. A
// file of an earlier format is read as a copy among the system's temporary files, brought up to the
// present format. Version is that of the program.
//
// It fails as the file system does, with ErrNoStore, ErrPacked, ErrDamaged, ErrNewer,
// or with ErrBusy where a process has the file open as its store.
func VerifyFile(ctx context.Context, path, version string) (c Condition, err error) {
	if c, err = verifyFile(ctx, path, version); err != nil {
		err = fmt.Errorf("%s: %w", path, err)
	}
	return c, err
}

// withoutPath takes the path off an error of the file system.
func withoutPath(err error) error {
	var wrong *fs.PathError
	if errors.As(err, &wrong) {
		return wrong.Err
	}
	return err
}

func verifyFile(ctx context.Context, path, version string) (c Condition, err error) {
	f, holds, err := openHeldFile(ctx, path)
	if err != nil {
		return c, err
	}
	db, err := openReadOnly(f)
	if err != nil {
		return c, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	present, err := hasAllBuckets(db, version)
	if err != nil {
		return c, err
	}
	switch {
	case holds.lacksSums(): // the others are there, or judge would have refused the file
	case !present:
		return verifyAsOpened(ctx, f, version, "it is of an earlier format")
	case countWholeHeads(f, fileSize(f)) < 2:
		return verifyAsOpened(ctx, f, version, "one of its two heads is not whole")
	}
	return verifyDatabase(ctx, db)
}

// Replaceable reports with nil that a backup may take a file's place: it is empty, or a store that
// no process holds. Else its error is ErrNoStore, ErrPacked or ErrBusy, or the file system's.
func Replaceable(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	if fileSize(f) == 0 {
		return nil
	}
	if err := refuseOtherKinds(f); err != nil {
		return err
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_SH|unix.LOCK_NB); errors.Is(err, unix.EWOULDBLOCK) {
		return ErrBusy
	}
	return nil
}

// openHeldFile opens a file for reading, once all its pages are sound. No process can open it as a
// store until it is closed.
func openHeldFile(ctx context.Context, path string) (f *os.File, holds inventory, err error) {
	info, err := os.Stat(path) // before it is opened: a pipe is waited for
	switch {
	case err != nil:
		return nil, holds, withoutPath(err)
	case info.IsDir():
		return nil, holds, fmt.Errorf("%w: it is a folder", ErrNoStore)
	case !info.Mode().IsRegular():
		return nil, holds, fmt.Errorf("%w: it is not a regular file", ErrNoStore)
	}
	if f, err = os.Open(path); err != nil {
		return nil, holds, withoutPath(err)
	}
	if holds, err = holdSoundFile(ctx, f); err != nil {
		return nil, holds, errors.Join(err, f.Close())
	}
	return f, holds, nil
}

// holdSoundFile keeps others from opening a file as their store until it is closed, and checks that
// all its pages are sound.
func holdSoundFile(ctx context.Context, f *os.File) (holds inventory, err error) {
	if err := refuseOtherKinds(f); err != nil {
		return holds, err
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_SH|unix.LOCK_NB); errors.Is(err, unix.EWOULDBLOCK) {
		return holds, ErrBusy
	} else if err != nil {
		return holds, fmt.Errorf("flock: %w", err)
	}
	info, err := f.Stat()
	if err != nil {
		return holds, err
	}
	if holds, err = checkPages(readerWithin{ctx, f}, info.Size()); err == nil {
		err = holds.judge()
	}
	return holds, err
}

// packers are programs that compress files, with what such a file begins with.
var packers = []struct{ begin, name, unpack string }{
	{"\x1f\x8b", "gzip", "gunzip --keep"}, {"\x28\xb5\x2f\xfd", "zstd", "unzstd"},
	{"\xfd7zXZ\x00", "xz", "unxz --keep"},
	{"BZh", "bzip2", "bunzip2 --keep"}, {"PK\x03\x04", "zip", "unzip"},
}

// refuseOtherKinds refuses a file that is no store, and says what it is.
func refuseOtherKinds(f *os.File) error {
	begin := make([]byte, 16)
	n, err := f.ReadAt(begin, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if n == 0 {
		return fmt.Errorf("%w: it is empty", ErrNoStore)
	}
	for _, p := range packers {
		if strings.HasPrefix(string(begin[:n]), p.begin) {
			return fmt.Errorf("%w with %s: unpack it first, with %s", ErrPacked, p.name, p.unpack)
		}
	}
	magic := binary.NativeEndian.AppendUint32(nil, metaMagic)
	for _, at := range possibleHeadOffsets(fileSize(f)) {
		text := make([]byte, pageHeader+len(magic))
		if _, err := f.ReadAt(text, at); err == nil && bytes.Equal(text[pageHeader:], magic) {
			return nil
		}
	}
	return fmt.Errorf("%w, or its beginning is destroyed", ErrNoStore)
}

// fileSize is how many bytes a file has; 0 if that is not known.
func fileSize(f *os.File) int64 {
	info, err := f.Stat()
	if err != nil {
		return 0
	}
	return info.Size()
}

// openReadOnly opens a sound bbolt file for reading. It closes f with the database, or if it fails.
func openReadOnly(f *os.File) (db *bolt.DB, err error) {
	defer recoverDamage(debug.SetPanicOnFault(true), &err)
	db, err = bolt.Open(f.Name(), 0, &bolt.Options{
		ReadOnly: true, PreLoadFreelist: true, FreelistType: bolt.FreelistMapType, Timeout: lockAgain,
		OpenFile: func(string, int, os.FileMode) (*os.File, error) { return f, nil },
	})
	return db, fromOpenError(err)
}

// hasAllBuckets reports whether a file is a store with all that this program keeps in
// one. It fails where it is none that this program can read.
func hasAllBuckets(db *bolt.DB, version string) (present bool, err error) {
	defer recoverDamage(debug.SetPanicOnFault(true), &err)
	err = viewFile(db, func(tx *sealedTx) error {
		m, err := readCompatibleAbout(tx, version)
		present = m.Format == Format && !slices.ContainsFunc(buckets, func(name []byte) bool {
			return tx.Bucket(name) == nil
		})
		return err
	})
	return present, err
}

// verifyAsOpened reads a copy of a file that is not as this program leaves one: it is of an earlier
// format, say, or one of its heads is not whole. Opening it as a store mends that.
func verifyAsOpened(ctx context.Context, from *os.File, version, why string) (c Condition, err error) {
	f, err := os.CreateTemp("", "fronteras-verify-*.db")
	if err != nil {
		// what is missing is not the file
		return c, fmt.Errorf("%s, and no copy of it could be made to be read: %v", why, err)
	}
	defer func() { err = errors.Join(err, removeIfPresent(f.Name())) }()
	_, err = io.Copy(f, readerWithin{ctx, io.NewSectionReader(from, 0, fileSize(from))})
	if err = errors.Join(err, f.Close()); err != nil {
		return c, fmt.Errorf("%s, and it could not be copied into %s to be read: %w", why, os.TempDir(), err)
	}
	db, err := openBoltFile(f.Name(), Options{}, lockAgain)
	if err != nil {
		return c, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	db.NoSync = true // it is thrown away
	if err := updateFile(db, func(tx *sealedTx) error { return migrateFile(tx, version) }); err != nil {
		return c, err
	}
	return verifyDatabase(ctx, db)
}

// readCompatibleAbout reads what a store says of itself. It fails where the file is none that
// this program, of that version, can read.
func readCompatibleAbout(tx *sealedTx, version string) (m about, err error) {
	meta := tx.Bucket(bucketMeta)
	if meta == nil {
		return m, newDamageError("it is another program's file")
	}
	if err := json.Unmarshal(meta.Get(keyAbout), &m); err != nil {
		return m, newDamageError("what it says of itself: %v", err)
	}
	switch {
	case m.Format > Format:
		return m, fmt.Errorf("%w: by fronteras %s (format %d); this is %s (format %d)", ErrNewer, m.Version, m.Format,
			version, Format)
	case m.Format < 1:
		return m, newDamageError("it says that fronteras %s wrote it in format %d, which there never was; this is "+
			"%s (format %d)", m.Version, m.Format, version, Format)
	}
	return m, nil
}

// readerWithin reads until its context ends.
type readerWithin struct {
	ctx  context.Context
	file interface {
		io.Reader
		io.ReaderAt
	}
}

// Read implements [io.Reader].
func (r readerWithin) Read(text []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.file.Read(text)
}

// ReadAt implements [io.ReaderAt].
func (r readerWithin) ReadAt(text []byte, at int64) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.file.ReadAt(text, at)
}
