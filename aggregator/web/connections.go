package web

import (
	"cmp"
	"context"
	"io"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"
)

// Connections keeps a server's connections within a number, in all and for each client. When one
// more comes, another is closed: of the client that has too many, otherwise of all. That is the one
// that has waited longest for a request or, where all are at work, the one on which nothing has
// moved for the longest. So whoever comes is let in, and neither idle connections nor readers who do
// not read keep others out. A proxy's connection counts for the client whose request it carries.
type Connections struct {
	Max       int
	PerClient int            // 0: as many as there are
	Clients   func() Clients // nil: clients are not told apart

	mu       sync.Mutex
	open     map[net.Conn]*connection
	ofClient map[netip.Prefix]map[net.Conn]*connection
}

// connection is an open connection.
type connection struct {
	net.Conn
	client  netip.Prefix // the zero value: it counts for nobody
	proxied bool
	atWork  bool         // on a request
	since   atomic.Int64 // it waits, or when some of request or answer last moved, in Unix nanoseconds
}

// connectionKey is where a request's context holds its connection.
type connectionKey struct{}

// ConnContext is what a [http.Server] needs under that name: it lets a connection in.
func (l *Connections) ConnContext(ctx context.Context, c net.Conn) context.Context {
	one := &connection{Conn: c}
	one.touch()
	if l.Clients != nil {
		from, clients := addressOf(c.RemoteAddr().String()), l.Clients()
		if one.proxied = clients.isProxy(from); !one.proxied {
			one.client = clientBlock(from)
		}
	}
	l.letIn(one).end()
	return context.WithValue(ctx, connectionKey{}, one)
}

// letIn keeps account of a new connection, and names the one to close.
func (l *Connections) letIn(one *connection) (closing *connection) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.open == nil {
		l.open = map[net.Conn]*connection{}
		l.ofClient = map[netip.Prefix]map[net.Conn]*connection{}
	}
	closing = l.countForClient(one)
	if closing == nil && len(l.open) >= l.Max {
		closing = leastNeeded(l.open)
		l.remove(closing)
	}
	l.open[one.Conn] = one
	return closing
}

// countForClient counts a connection for its client, and names the one to close where that has too
// many. The caller holds mu.
func (l *Connections) countForClient(one *connection) (closing *connection) {
	if l.PerClient == 0 || !one.client.IsValid() {
		return nil
	}
	if len(l.ofClient[one.client]) >= l.PerClient {
		closing = leastNeeded(l.ofClient[one.client])
		l.remove(closing)
	}
	if l.ofClient[one.client] == nil {
		l.ofClient[one.client] = map[net.Conn]*connection{}
	}
	l.ofClient[one.client][one.Conn] = one
	return closing
}

// remove ends the account of a connection. The caller holds mu.
func (l *Connections) remove(one *connection) {
	delete(l.open, one.Conn)
	l.uncountForClient(one)
}

// uncountForClient has a connection count for nobody. The caller holds mu.
func (l *Connections) uncountForClient(one *connection) {
	delete(l.ofClient[one.client], one.Conn)
	if len(l.ofClient[one.client]) == 0 {
		delete(l.ofClient, one.client)
	}
}

// leastNeeded is the connection whose end does the least harm.
func leastNeeded(list map[net.Conn]*connection) (least *connection) {
	for _, one := range list {
		if least == nil || compareNeed(one, least) < 0 {
			least = one
		}
	}
	return least
}

// compareNeed orders connections: those that wait for a request come first, and of each kind those
// that have done so the longest, or on which nothing has moved for the longest.
func compareNeed(a, b *connection) int {
	if a.atWork != b.atWork {
		return map[bool]int{false: -1, true: 1}[a.atWork]
	}
	return cmp.Compare(a.since.Load(), b.since.Load())
}

// ConnState is what a [http.Server] needs under that name.
func (l *Connections) ConnState(c net.Conn, state http.ConnState) {
	l.mu.Lock()
	defer l.mu.Unlock()
	one := l.open[c]
	if one == nil { // it was closed to make room
		return
	}
	switch state {
	case http.StateNew:
	case http.StateActive, http.StateIdle:
		one.atWork = state == http.StateActive
		one.touch()
	default: // closed or taken over
		l.remove(one)
	}
}

// end closes a connection, if there is one.
func (c *connection) end() {
	if c != nil {
		_ = c.Close() // it is gone in either case
	}
}

// touch notes that something has happened on a connection.
func (c *connection) touch() { c.since.Store(time.Now().UnixNano()) }

// carry counts a proxy's connection for the client whose request it carries, until done is called.
func (l *Connections) carry(one *connection, client netip.Prefix) (done func()) {
	l.mu.Lock()
	var closing *connection
	if l.open[one.Conn] == one {
		one.client = client
		closing = l.countForClient(one)
	}
	l.mu.Unlock()
	closing.end()
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.uncountForClient(one)
		one.client = netip.Prefix{}
	}
}

// Handler answers requests with next. Clients have a minute until the first of an answer is sent,
// as the server's WriteTimeout says, and then as long as they take, if they take at least 32 KiB in
// thirty seconds each.
func (l *Connections) Handler(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		one, ok := r.Context().Value(connectionKey{}).(*connection)
		if !ok {
			one = &connection{}
		}
		if one.proxied && l.PerClient > 0 {
			defer l.carry(one, l.Clients().Of(r))()
		}
		if r.Body != http.NoBody {
			r.Body = &countedBody{r.Body, one}
		}
		next.ServeHTTP(&pacedWriter{w, http.NewResponseController(w), one}, r)
	})
}

// countedBody is the body of a request, which notes that something of it has come.
type countedBody struct {
	io.ReadCloser
	from *connection
}

// Read implements [io.Reader].
func (b *countedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if n > 0 {
		b.from.touch()
	}
	return n, err
}

// The lowest rate of a reader.
const (
	paceBytes = 32 << 10 // are taken in
	paceTime  = 30 * time.Second
)

// pacedWriter writes an answer piece by piece, each with a time limit of its own: a reader may be
// slow, but must read.
type pacedWriter struct {
	http.ResponseWriter
	control *http.ResponseController
	to      *connection
}

// Write implements [http.ResponseWriter].
func (w *pacedWriter) Write(b []byte) (written int, err error) {
	for {
		// Where there is no limit to set, nobody reads from a network.
		_ = w.control.SetWriteDeadline(time.Now().Add(paceTime))
		n, err := w.ResponseWriter.Write(b[:min(len(b), paceBytes)])
		written += n
		if b = b[n:]; err != nil || len(b) == 0 {
			return written, err
		}
		w.to.touch()
	}
}

// Unwrap lets [http.ResponseController] reach the connection.
func (w *pacedWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
