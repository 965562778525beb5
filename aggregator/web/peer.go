package web

import (
	"context"
	"net"
)

// peerKey is where a connection's context holds the uid at its other end.
type peerKey struct{}

// WithConnection notes what answering a request takes to know of its connection: the
// uid of the process at the other end of a Unix socket, and the connection itself if
// it is one of [Whole]. It is an [net/http.Server]'s ConnContext.
func WithConnection(ctx context.Context, c net.Conn) context.Context {
	switch c := c.(type) {
	case *net.UnixConn:
		if uid, ok := peerOf(c); ok {
			return context.WithValue(ctx, peerKey{}, uid)
		}
	case *joint:
		return context.WithValue(ctx, jointKey{}, c)
	}
	return ctx
}

// Peer is the uid of the process that asks; ok is false where that is not known.
func Peer(ctx context.Context) (uid int, ok bool) {
	uid, ok = ctx.Value(peerKey{}).(int)
	return uid, ok
}
