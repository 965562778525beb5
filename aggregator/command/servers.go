package command

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"fronteras/aggregator/config"
	"fronteras/aggregator/web"
)

// Bounds of the public listener and of the control socket.
const (
	headerTimeout  = 5 * time.Second
	readTimeout    = 15 * time.Second
	writeTimeout   = 60 * time.Second
	idleTimeout    = 60 * time.Second
	maxHeader      = 16 << 10
	maxConnections = 1024            // of each
	maxPerClient   = 64              // of the public's connections
	maxUnsent      = 32 << 10        // bytes of an answer that wait in the kernel
	commandTimeout = 2 * time.Second // until a command has sent its whole call
	maxCommands    = 16              // at work; further ones wait
)

// How long requests may take to end when the daemon stops, which takes ten seconds at most.
const (
	closingTime  = 300 * time.Millisecond // each answer tells its client to close
	shutdownTime = 5 * time.Second
	handlerTime  = 2 * time.Second // more, for handlers to notice that their reader has gone
)

// listeners are those of a daemon.
type listeners struct {
	public, control net.Listener
	editors         net.Listener // nil: editors are answered on the public one
}

// close closes them.
func (l listeners) close() (err error) {
	for _, one := range []net.Listener{l.public, l.control, l.editors} {
		if one != nil {
			err = errors.Join(err, one.Close())
		}
	}
	return err
}

// openListeners takes the listeners that systemd holds for us, or makes them.
func openListeners(ctx context.Context, p *program, a *app, s *systemdNotifier) (l listeners, err error) {
	defer func() {
		if err != nil {
			err = errors.Join(err, l.close())
		}
	}()
	held, err := s.heldListeners()
	if err != nil {
		return listeners{}, err
	}
	if l.editors, err = listenEditors(ctx, a.config); err != nil {
		return l, err
	}
	public, control := held["public"], held["control"]
	l.public, l.control = public, control
	if public == nil {
		if l.public, err = listenPublic(ctx, a.config.Listen); err != nil {
			return l, err
		}
	} else if at := public.Addr().String(); at != a.config.Listen {
		a.log.Warn("systemd's socket and `listen` use different addresses", "listen", at, "configured", a.config.Listen)
	}
	if control == nil {
		if l.control, err = listenControl(ctx, a.config, p.Getenv("RUNTIME_DIRECTORY")); err != nil {
			return l, err
		}
	}
	at := l.control.Addr().String()
	for _, place := range a.config.ControlLinks {
		if at == place {
			continue
		}
		if err := web.LinkControl(ctx, at, place); err != nil {
			a.log.Warn("commands may not find the daemon", "control", at, "err", err.Error(),
				"hint", "name store: or control: in the configuration")
		}
	}
	return l, nil
}

// listenPublic listens on the address that the configuration names for the public.
func listenPublic(ctx context.Context, address string) (net.Listener, error) {
	return listenAt(ctx, address, "listen")
}

// listenAt listens on an address that the configuration names under a key.
func listenAt(ctx context.Context, address, key string) (net.Listener, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	var op *net.OpError
	if errors.As(err, &op) {
		err = op.Err
	}
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("listen %s: %w: another program listens there; "+
			"name another address under the key %s", address, err, key)
	case errors.Is(err, syscall.EACCES):
		return nil, fmt.Errorf("listen %s: %w: only root may use ports below 1024; name another one under the key "+
			"%s, and put a proxy in front of it", address, err, key)
	case err != nil:
		return nil, fmt.Errorf("listen %s: %w", address, err)
	}
	return l, nil
}

// listenControl makes the control socket, and its folder if that is missing. If that cannot be
// made, and the configuration names no socket, the socket is next to the store.
func listenControl(ctx context.Context, c *config.Config, runtime string) (net.Listener, error) {
	folder := filepath.Dir(c.Control)
	err := os.Mkdir(folder, 0o750)
	if err == nil || errors.Is(err, fs.ErrExist) {
		return web.ListenControl(ctx, c.Control, controlMode(c.Control, runtime))
	}
	if len(c.ControlElsewhere) == 0 {
		return nil, fmt.Errorf("control %s: the folder %s does not exist and cannot be made: %w; "+
			"name another socket under the key control", c.Control, folder, err)
	}
	socket := config.SocketNextToStore(c.Store)
	return web.ListenControl(ctx, socket, controlMode(socket, runtime))
}

// controlMode lets the group of $RUNTIME_DIRECTORY use the socket: systemd makes that folder for
// the daemon. Elsewhere only the owner may.
func controlMode(socket, runtime string) os.FileMode {
	for _, dir := range filepath.SplitList(runtime) {
		if filepath.Dir(socket) == filepath.Clean(dir) {
			return 0o660
		}
	}
	return 0o600
}

// newPublicServer answers the public. A request that has arrived is answered even if the daemon
// stops.
func newPublicServer(
	ctx context.Context, log *slog.Logger, clients func() web.Clients, handler http.Handler,
) *http.Server {
	limit := &web.Connections{Max: maxConnections, PerClient: maxPerClient, Clients: clients}
	s := newServer(context.WithoutCancel(ctx), log, limit)
	s.Handler = limit.Handler(handler)
	s.ReadHeaderTimeout, s.ReadTimeout = headerTimeout, readTimeout
	s.WriteTimeout, s.IdleTimeout = writeTimeout, idleTimeout
	return s
}

// newControlServer answers commands. Their calls end with the daemon.
func newControlServer(ctx context.Context, log *slog.Logger, handler http.Handler) *http.Server {
	s := newServer(ctx, log, &web.Connections{Max: maxConnections})
	s.Handler = handler
	s.ReadTimeout, s.IdleTimeout = commandTimeout, commandTimeout
	return s
}

func newServer(ctx context.Context, log *slog.Logger, limit *web.Connections) *http.Server {
	return &http.Server{
		MaxHeaderBytes: maxHeader, BaseContext: func(net.Listener) context.Context { return ctx },
		ConnState: limit.ConnState,
		ConnContext: func(ctx context.Context, c net.Conn) context.Context {
			limitUnsent(c, maxUnsent)
			return limit.ConnContext(web.WithPeer(ctx, c), c)
		},
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn), // one line, whatever a request holds
	}
}

// serveUntilDone serves a listener until ctx ends; requests in progress may end then. A client that
// is not done in time is cut off, which is not an error: what others do does not decide how the
// daemon ends. Connections to a listener that systemd holds too wait there for the next daemon.
func serveUntilDone(ctx context.Context, l net.Listener, s *http.Server) error {
	var ending atomic.Bool
	var handlers sync.WaitGroup
	handler := s.Handler
	s.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		handlers.Add(1)
		defer handlers.Done()
		if ending.Load() {
			w.Header().Set("Connection", "close")
		}
		handler.ServeHTTP(w, r)
	})
	failed := make(chan error, 1)
	go func() { failed <- s.Serve(l) }()
	select {
	case err := <-failed:
		return fmt.Errorf("%s: %w", l.Addr(), err)
	case <-ctx.Done():
	}
	// Accepted connections are answered first: a server that shuts down drops what it reads from
	// then on.
	ending.Store(true)
	err := l.Close()
	<-failed
	time.Sleep(closingTime)
	inTime, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTime)
	defer cancel()
	if late := s.Shutdown(inTime); errors.Is(late, context.DeadlineExceeded) {
		err = errors.Join(err, s.Close())
	} else {
		err = errors.Join(err, late)
	}
	// Handlers use the store, which is closed next.
	ended := make(chan struct{})
	go func() {
		handlers.Wait()
		close(ended)
	}()
	select {
	case <-ended:
	case <-time.After(handlerTime):
	}
	return err
}
