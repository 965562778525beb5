package store

import (
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// remoteFileSystems are file systems whose locks and writes other machines share: a store on
// one is damaged sooner or later.
var remoteFileSystems = map[uint32]string{
	unix.NFS_SUPER_MAGIC: "NFS", unix.SMB_SUPER_MAGIC: "SMB", unix.CIFS_SUPER_MAGIC: "SMB",
	unix.SMB2_SUPER_MAGIC: "SMB",
	unix.AFS_SUPER_MAGIC:  "AFS", unix.CODA_SUPER_MAGIC: "Coda", unix.CEPH_SUPER_MAGIC: "Ceph",
}

// releaseMappedPages takes the pages of a mapped file out of this process's memory. They stay
// in the kernel's cache, and come back when they are read.
func releaseMappedPages(start, length uintptr) {
	// Nothing depends on it, so an error means nothing.
	_, _, _ = unix.Syscall(unix.SYS_MADVISE, start, length, unix.MADV_DONTNEED)
}

// dropCachedPages makes a file's bytes, once they are on the disk, be read from there again and not
// from memory.
func dropCachedPages(f *os.File) {
	// Nothing depends on it, so an error means nothing.
	_ = unix.Fadvise(int(f.Fd()), 0, 0, unix.FADV_DONTNEED)
}

// freeDiskSpace says how many bytes are free for us where a folder lies. It fails on file
// systems that other machines share.
func freeDiskSpace(folder string) (free int64, err error) {
	var s unix.Statfs_t
	if err := unix.Statfs(folder, &s); err != nil {
		return 0, fmt.Errorf("%s: %w", folder, err)
	}
	if err := refuseRemoteDisk(uint32(s.Type)); err != nil {
		return 0, fmt.Errorf("%s: %w", folder, err)
	}
	return int64(s.Bavail) * int64(s.Bsize), nil //nolint:unconvert // it has 32 bits on some machines
}

// refuseRemoteDisk refuses the kinds of file systems that other machines share.
func refuseRemoteDisk(kind uint32) error {
	if name, shared := remoteFileSystems[kind]; shared {
		return fmt.Errorf("on %s, which keeps no store: put it on a disk of this machine", name)
	}
	return nil
}
