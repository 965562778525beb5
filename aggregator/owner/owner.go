// Package owner says whose a file is, and gives what root makes to whoever is to use it.
package owner

import (
	"errors"
	"io/fs"
	"os"
	"os/user"
	"strconv"
	"syscall"
)

// Of is the user and the group that a file belongs to; -1 where they are not known.
func Of(info fs.FileInfo) (uid, gid int) {
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		return int(s.Uid), int(s.Gid)
	}
	return -1, -1
}

// Name is a user's name, or number where no name is known.
func Name(uid int) string {
	number := strconv.Itoa(uid)
	if u, err := user.LookupId(number); err == nil {
		return u.Username
	}
	return number
}

// Give gives an open file or folder, where root made it, to the user and group of what
// is at a path: a command of root's must not leave what the daemon, which runs as
// another user, cannot open. Where nothing is at the path, the file stays root's, and so
// does one in a container that has no such user. It never goes by the file's own name,
// which somebody else may have led elsewhere.
func Give(f *os.File, like string) error {
	if os.Geteuid() != 0 {
		return nil
	}
	info, err := os.Stat(like)
	if err != nil {
		return nil
	}
	uid, gid := Of(info)
	err = f.Chown(uid, gid)
	if errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.EINVAL) {
		return nil
	}
	return err
}

// GiveFolder does that with a folder that has just been made.
func GiveFolder(path, like string) error {
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_DIRECTORY|syscall.O_NOFOLLOW, 0)
	if err != nil {
		return err
	}
	return errors.Join(Give(f, like), f.Close())
}
