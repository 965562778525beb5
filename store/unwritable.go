package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	bolterrors "go.etcd.io/bbolt/errors"
	"golang.org/x/sys/unix"
)

// unwritableKinds are the errors of a disk on which nothing can be written now, by
// what they mean. bbolt tells some in words alone.
var unwritableKinds = []struct{ cause, kind error }{
	{unix.ENOSPC, ErrFull}, {unix.EDQUOT, ErrFull}, {unix.EFBIG, ErrFull}, {bolterrors.ErrMaxSizeReached, ErrFull},
	{unix.EROFS, ErrReadOnly},
}

// unwritable is ErrFull or ErrReadOnly for the error of a disk that takes nothing;
// other errors stay.
func unwritable(err error) error {
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

// opening is the error of a store that could not be opened: what it is, and what helps.
func opening(path string, err error) error {
	err = unwritable(err)
	return fmt.Errorf("store %s: %w%s", path, err, advice(path, err))
}

// advice says what helps where a store cannot be opened, as the end of a line; empty
// where nothing can be said that is sure to help.
func advice(path string, err error) string {
	folder := filepath.Dir(path)
	switch {
	case errors.Is(err, ErrDamaged):
		return "; to restore a backup: cp BACKUP " + path
	case errors.Is(err, ErrReadOnly):
		return "; name a place under store: that this process may write to; the packaged unit allows /var/lib/fronteras"
	case errors.Is(err, ErrFull):
		return "; make room in " + folder
	case errors.Is(err, fs.ErrNotExist):
		if to, err := os.Readlink(path); err == nil {
			return "; it is a link to " + to + ", where nothing is"
		}
		return fmt.Sprintf("; create the folder %s, or name another place under store:", folder)
	case errors.Is(err, fs.ErrPermission):
		return denied(path, folder)
	}
	return ""
}

// denied says whose a file or folder is that this process may not use.
func denied(path, folder string) string {
	info, err := os.Stat(path)
	what := path
	if err != nil {
		what = folder
		if info, err = os.Stat(folder); err != nil {
			return ""
		}
	}
	owner, us := userName(uidOf(info)), userName(os.Geteuid())
	if owner == us {
		return fmt.Sprintf("; its mode is %#o: chmod 600 %s", info.Mode().Perm(), path)
	}
	text := fmt.Sprintf("; %s belongs to %s (mode %#o), and this process runs as %s: ", what, owner, info.Mode().Perm(), us)
	if in, err := os.Stat(folder); err == nil && uidOf(in) == os.Geteuid() && what == path {
		return text + fmt.Sprintf("chown %s: %s", us, path)
	}
	if uidOf(info) == 0 {
		return text + fmt.Sprintf("run it as root, or give that to %s: chown %s: %s", us, us, what)
	}
	return text + fmt.Sprintf("run it as %s or root", owner)
}

// userName is a user's name, or number where no name is known.
func userName(uid int) string {
	number := strconv.Itoa(uid)
	if u, err := user.LookupId(number); err == nil {
		return u.Username
	}
	return number
}

// uidOf is the owner of a file.
func uidOf(info fs.FileInfo) int {
	uid, _ := ownerOf(info)
	return uid
}

// ownerOf is the owner and the group of a file; -1 where they are not known.
func ownerOf(info fs.FileInfo) (uid, gid int) {
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		return int(s.Uid), int(s.Gid)
	}
	return -1, -1
}

// giveToFolder gives a new file to the owner and group of its folder, where this
// process may: a command of root's must not leave a store that the daemon, which
// runs as another user, cannot open.
func giveToFolder(f *os.File) error {
	if os.Geteuid() != 0 {
		return nil
	}
	info, err := os.Stat(filepath.Dir(f.Name()))
	if err != nil {
		return err
	}
	err = f.Chown(ownerOf(info))
	if errors.Is(err, unix.EPERM) || errors.Is(err, unix.EINVAL) { // root of a container that has no such user
		return nil
	}
	return err
}
