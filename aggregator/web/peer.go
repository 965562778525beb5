package web

import (
	"context"
	"net"
)

// peerKey is where a connection's context holds the uid at its other end.
type peerKey struct{}

// WithPeer notes the uid of the process at the other end of a Unix socket. It is
// an [net/http.Server]'s ConnContext.
func WithPeer(ctx context.Context, c net.Conn) context.Context {
	if s, ok := c.(*net.UnixConn); ok {
		if uid, ok := peerOf(s); ok {
			return context.WithValue(ctx, peerKey{}, uid)
		}
	}
	return ctx
}

// Peer is the uid of the process that asks; ok is false where that is not known.
func Peer(ctx context.Context) (uid int, ok bool) {
	uid, ok = ctx.Value(peerKey{}).(int)
	return uid, ok
}
