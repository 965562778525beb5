package web

import (
	"net"
	"net/http"
)

// Whole is a listener on whose connections the head of an answer leaves with its body,
// in one call, where the server has [WithConnection]. net/http alone makes two, the
// first of which is as much as fills its buffer, and wakes the client for each.
func Whole(l net.Listener) net.Listener { return whole{l} }

type whole struct{ net.Listener }

// Accept implements [net.Listener].
func (l whole) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if t, ok := c.(*net.TCPConn); ok {
		return &joint{TCPConn: t}, nil
	}
	return c, err
}

// joint is a connection that can keep what is written until more comes. The goroutine
// that answers its requests alone writes to it.
type joint struct {
	*net.TCPConn
	keeps bool
	head  []byte      // is kept
	both  [2][]byte   // that and what came
	parts net.Buffers // of both, still to be written
}

// mostKept is how many bytes a connection keeps: as many as net/http's buffer holds.
const mostKept = 4 << 10

// Write implements [net.Conn]. What is kept counts as written; where that fails, so
// does the next call.
func (c *joint) Write(p []byte) (int, error) {
	if c.keeps && len(c.head)+len(p) <= mostKept {
		c.head = append(c.head, p...)
		return len(p), nil
	}
	if len(c.head) == 0 {
		return c.TCPConn.Write(p)
	}
	c.both = [2][]byte{c.head, p}
	c.parts = c.both[:]
	n, err := c.parts.WriteTo(c.TCPConn)
	n -= int64(len(c.head))
	c.both, c.head = [2][]byte{}, c.head[:0]
	return int(max(n, 0)), err
}

// keep has the connection keep what is written from now on until it is more than that.
func (c *joint) keep() { c.keeps = true }

// release ends that, and writes what is kept.
func (c *joint) release() {
	c.keeps = false
	if len(c.head) > 0 {
		_, _ = c.TCPConn.Write(c.head) // where that fails, so does the next call
		c.head = c.head[:0]
	}
}

// jointKey is where the context of a connection's requests holds the connection.
type jointKey struct{}

// write writes the body of an answer, whose head has not left yet.
func write(w http.ResponseWriter, r *http.Request, body []byte) {
	if c, ok := r.Context().Value(jointKey{}).(*joint); ok {
		c.keep()
		defer c.release()
	}
	_, _ = w.Write(body) // the client has gone: nobody is left to tell
}
