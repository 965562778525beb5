// Package owner says who owns a file, and gives files that root makes to the user who needs them.
package owner

import (
	"errors"
	"io/fs"
	"os"
	"os/user"
	"strconv"
	"syscall"
)

// FileOwner returns the user and the group that own a file; -1 if they are not known.
func FileOwner(info fs.FileInfo) (uid, gid int) {
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		return int(s.Uid), int(s.Gid)
	}
	return -1, -1
}

// UserName returns a user's name, or the number if no name is known.
func UserName(uid int) string {
	number := strconv.Itoa(uid)
	if u, err := user.LookupId(number); err == nil {
		return u.Username
	}
	return number
}

// GiveFile gives an open file or folder, if root made it, to the owner and group of what is at the
// path like: root's commands must not leave anything that the daemon, which runs as another user,
// cannot open. If nothing is at that path, or in a container that lacks the user, the file stays
// root's. The file's own name is never used, because somebody else may have put a link there.
func GiveFile(f *os.File, like string) error {
	if os.Geteuid() != 0 {
		return nil
	}
	if info, err := os.Stat(like); err == nil {
		err := f.Chown(FileOwner(info))
		if !errors.Is(err, syscall.EPERM) && !errors.Is(err, syscall.EINVAL) {
			return err
		}
	}
	return nil
}

// GiveFolder does the same for a folder that has just been made.
func GiveFolder(path, like string) error {
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_DIRECTORY|syscall.O_NOFOLLOW, 0)
	if err != nil {
		return err
	}
	return errors.Join(GiveFile(f, like), f.Close())
}
