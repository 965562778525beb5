package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"

	"fronteras/aggregator/owner"

	bolterrors "go.etcd.io/bbolt/errors"
	"golang.org/x/sys/unix"
)

// Errors that callers decide by.
var (
	// ErrBusy: another process holds the file.
	ErrBusy = errors.New("another process holds it")
	// ErrDamaged: the file is no store, or not a whole one.
	ErrDamaged = errors.New("damaged")
	// ErrNewer: the file was written by a later version.
	ErrNewer = errors.New("written by a later version")
	// ErrClosed: the store has been closed, and nothing was written.
	ErrClosed = errors.New("the store is closed")
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

// unwritableKinds are the errors of a disk on which nothing can be written now, by what they mean.
// bbolt reports some as text alone.
var unwritableKinds = []struct{ cause, kind error }{
	{unix.ENOSPC, ErrFull}, {unix.EDQUOT, ErrFull}, {unix.EFBIG, ErrFull}, {bolterrors.ErrMaxSizeReached, ErrFull},
	{unix.EROFS, ErrReadOnly},
}

// classifyWriteError gives ErrFull or ErrReadOnly for the error of a disk that takes no writes;
// other errors stay.
func classifyWriteError(err error) error {
	if err == nil || IsUnwritable(err) {
		return err
	}
	for _, k := range unwritableKinds {
		if errors.Is(err, k.cause) || strings.HasSuffix(err.Error(), k.cause.Error()) {
			return fmt.Errorf("%w: %v", k.kind, err)
		}
	}
	return err
}

// IsUnwritable reports whether an error is ErrFull or ErrReadOnly: nothing was
// written, and the store goes on when there is room again.
func IsUnwritable(err error) bool { return errors.Is(err, ErrFull) || errors.Is(err, ErrReadOnly) }

// describeOpenError words the error of a store that could not be opened: what it is, and what
// helps.
func describeOpenError(path string, err error) error {
	err = classifyWriteError(err)
	return fmt.Errorf("store %s: %w%s", path, err, openingAdvice(path, err))
}

// openingAdvice says what helps if a store cannot be opened, as the end of a line; empty if nothing
// is sure to help.
func openingAdvice(path string, err error) string {
	folder := filepath.Dir(path)
	switch {
	case errors.Is(err, ErrDamaged):
		return "; to restore a backup: cp BACKUP " + path
	case errors.Is(err, ErrReadOnly):
		return "; name a place under store: that this process may write to; the packaged unit allows " +
			"/var/lib/fronteras"
	case errors.Is(err, ErrFull):
		return "; make room in " + folder
	case errors.Is(err, fs.ErrNotExist):
		if to, err := os.Readlink(path); err == nil {
			return "; it is a link to " + to + ", where nothing is"
		}
		return fmt.Sprintf("; create the folder %s, or name another place under store:", folder)
	case errors.Is(err, fs.ErrPermission):
		return permissionAdvice(path, folder)
	}
	return ""
}

// permissionAdvice says who owns a file or folder that this process may not use, and what helps.
func permissionAdvice(path, folder string) string {
	info, err := os.Stat(path)
	what := path
	if err != nil {
		what = folder
		if info, err = os.Stat(folder); err != nil {
			return ""
		}
	}
	uid, _ := owner.FileOwner(info)
	whose, us := owner.UserName(uid), owner.UserName(os.Geteuid())
	if whose == us {
		return fmt.Sprintf("; its mode is %#o: chmod 600 %s", info.Mode().Perm(), path)
	}
	text := fmt.Sprintf("; %s belongs to %s (mode %#o), and this process runs as %s: ", what, whose,
		info.Mode().Perm(), us)
	if in, err := os.Stat(folder); err == nil && what == path {
		if around, _ := owner.FileOwner(in); around == os.Geteuid() {
			return text + fmt.Sprintf("chown %s: %s", us, path)
		}
	}
	if uid == 0 {
		return text + fmt.Sprintf("run it as root, or give that to %s: chown %s: %s", us, us, what)
	}
	return text + fmt.Sprintf("run it as %s or root", whose)
}

// recoverDamage turns a panic over a damaged file into ErrDamaged. It is deferred with
// debug.SetPanicOnFault(true) as its argument: a page that the file lacks is a fault of memory,
// which else ends the process. Panics that are not bbolt's go on.
func recoverDamage(before bool, err *error) {
	debug.SetPanicOnFault(before)
	fault := recover()
	if fault == nil {
		return
	}
	if _, memory := fault.(interface{ Addr() uintptr }); !memory && !panickedInBolt() {
		panic(fault)
	}
	*err = newDamageError("%v", fault)
}

// panickedInBolt reports whether the panic under way was begun by bbolt, or by what it
// called: it stands on the stack right above the runtime's own functions. Where catchUnreadable
// passed it on, that stands there first, and what it was called over is further down. A bucket that
// is not found any more is nil, and its methods panic in bbolt's place.
func panickedInBolt() bool {
	const passesOn, ofBucket = "fronteras/store.catchUnreadable", "fronteras/store.(*sealedBucket)."
	stack := make([]uintptr, 256)
	frames := runtime.CallersFrames(stack[:runtime.Callers(2, stack)])
	for panicked := false; ; {
		frame, more := frames.Next()
		own := strings.HasPrefix(frame.Function, "runtime.")
		switch {
		case panicked && frame.Function == passesOn:
			panicked = false
		case panicked && !own:
			return strings.HasPrefix(frame.Function, "go.etcd.io/bbolt") || strings.HasPrefix(frame.Function, ofBucket)
		}
		panicked = panicked || frame.Function == "runtime.gopanic"
		if !more {
			return false
		}
	}
}
