//go:build !linux

package web

import "net"

// socketPeer is not known here.
func socketPeer(*net.UnixConn) (uid int, ok bool) { return 0, false }
