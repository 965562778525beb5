package web

import (
	"net"
	"syscall"
)

// socketPeer reads who is at the other end of a socket (SO_PEERCRED).
func socketPeer(s *net.UnixConn) (uid int, ok bool) {
	raw, err := s.SyscallConn()
	if err != nil {
		return 0, false
	}
	err = raw.Control(func(fd uintptr) {
		if cred, err := syscall.GetsockoptUcred(int(fd), syscall.SOL_SOCKET, syscall.SO_PEERCRED); err == nil {
			uid, ok = int(cred.Uid), true
		}
	})
	return uid, ok && err == nil
}
