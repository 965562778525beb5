//go:build !linux

package web

import "net"

// peerUID is not known here.
func peerUID(*net.UnixConn) (uid int, ok bool) { return 0, false }
