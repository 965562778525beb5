package web

import (
	"container/list"
	"net"
	"net/http"
	"sync"
)

// ConnectionLimit keeps a server's connections within a number. When one more comes, the connection
// that has waited longest for a request is closed, so that idle ones never keep a reader out; if
// all are busy, the new one is closed.
type ConnectionLimit struct {
	Max int

	mu      sync.Mutex
	open    map[net.Conn]*list.Element // nil for one at work
	waiting list.List                  // of net.Conn, the longest first
}

// ConnState is what a [http.Server] needs under that name.
func (b *ConnectionLimit) ConnState(c net.Conn, state http.ConnState) {
	if closing := b.recordState(c, state); closing != nil {
		_ = closing.Close() // it is gone in either case
	}
}

// recordState keeps account of a connection, and names the one to close.
func (b *ConnectionLimit) recordState(c net.Conn, state http.ConnState) (closing net.Conn) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.open == nil {
		b.open = map[net.Conn]*list.Element{}
	}
	if e := b.open[c]; e != nil {
		b.waiting.Remove(e)
	}
	switch state {
	case http.StateNew:
		if len(b.open) >= b.Max {
			first := b.waiting.Front()
			if first == nil {
				return c
			}
			closing = b.waiting.Remove(first).(net.Conn)
			delete(b.open, closing)
		}
		b.open[c] = b.waiting.PushBack(c)
	case http.StateIdle:
		b.open[c] = b.waiting.PushBack(c)
	case http.StateActive:
		b.open[c] = nil
	default: // closed or taken over
		delete(b.open, c)
	}
	return closing
}
