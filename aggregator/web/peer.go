package web

import (
	"context"
	"net"
)

// peerKey is where a connection's context holds the uid at its other end.
type peerKey struct{}

// WithPeer adds the uid of the process at the other end of a Unix socket to a context, for
// [PeerUID]. It is a [net/http.Server]'s ConnContext.
func WithPeer(ctx context.Context, c net.Conn) context.Context {
	if unix, ok := c.(*net.UnixConn); ok {
		if uid, ok := socketPeer(unix); ok {
			return context.WithValue(ctx, peerKey{}, uid)
		}
	}
	return ctx
}

// PeerUID is the uid of the process that asks; ok is false if that is not known.
func PeerUID(ctx context.Context) (uid int, ok bool) {
	uid, ok = ctx.Value(peerKey{}).(int)
	return uid, ok
}
