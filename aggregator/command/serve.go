package command

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"

	"fronteras/aggregator/news"
	"fronteras/aggregator/publish"
	"fronteras/aggregator/web"
	"fronteras/store"
)

// Bounds of the public listener and of the control socket, and how long their
// requests have to end when the daemon stops: it is to be gone within ten seconds.
const (
	headerWait   = 5 * time.Second
	readWait     = 15 * time.Second
	writeWait    = 60 * time.Second
	idleWait     = 60 * time.Second
	headerSize   = 16 << 10
	connections  = 1024            // of each
	commandWait  = 2 * time.Second // until a command has sent its whole call
	commands     = 16              // at work; further ones wait
	shutdownWait = 5 * time.Second
	handlersWait = 2 * time.Second // more, for what is under way to notice that its reader has gone
	storeWait    = 10 * time.Second
)

func (p *program) serve() *cobra.Command {
	return &cobra.Command{
		Use: "serve", Short: "Poll, merge and publish until told to stop", Args: args(cobra.NoArgs),
		Long: "Poll, merge and publish until told to stop. SIGHUP reads the configuration again: if\n" +
			"the new file has an error, it is rejected and the current configuration stays in effect.\n" +
			"Where there is no configuration and $FRONTERAS_FEEDS names feeds, as in a container, a\n" +
			"first one is written from $FRONTERAS_TITLE, $FRONTERAS_CONTACT and $FRONTERAS_FEEDS.",
		RunE: func(c *cobra.Command, _ []string) error {
			if err := p.fromEnvironment(c.Context()); err != nil {
				return err
			}
			cfg, err := p.load()
			if err != nil {
				return err
			}
			s := &daemon{program: p, meters: newMeters(), manager: newManager()}
			log := p.logger(slog.LevelInfo)
			opened := s.manager.opening()
			d, err := p.open(cfg, store.Options{Wait: storeWait, Observe: s.meters.transaction, Unreadable: func(story string, err error) {
				log.Error("story left out", "story", story, "err", err)
			}})
			opened()
			if errors.Is(err, store.ErrBusy) {
				err = fmt.Errorf("%w: a daemon runs already, or a command is at work", err)
			}
			if err != nil {
				s.manager.failed(err)
				return err
			}
			d.log = log
			d.tellOpening()
			s.store = d.store
			return errors.Join(s.run(c.Context(), d), d.close())
		},
	}
}

// tellOpening logs what was found and done when the store was opened.
func (d *desk) tellOpening() {
	found, path := d.store.Opening, d.config.Store
	if found.New {
		d.log.Warn("new store", "store", path)
	}
	if found.Exposed != 0 {
		d.log.Warn("others can read the store", "store", path, "mode", fmt.Sprintf("%#o", found.Exposed), "mend", "chmod 600 "+path)
	}
	if found.Was != 0 {
		d.log.Info("store compacted", "store", path, "was", found.Was, "bytes", found.Is)
	}
}

// controlMode lets the group of $RUNTIME_DIRECTORY rule, which systemd makes for the
// daemon; elsewhere only the owner.
func controlMode(socket, runtime string) os.FileMode {
	for _, dir := range filepath.SplitList(runtime) {
		if filepath.Dir(socket) == filepath.Clean(dir) {
			return 0o660
		}
	}
	return 0o600
}

// publish renders what the desk has now. What was served before goes on where
// that fails, and until a feed has been read there is nothing to serve.
// Stories that had to be left out are returned.
func (d *desk) publish(ctx context.Context, site *web.Site) (leftOut []publish.Fault) {
	about, err := d.store.About()
	if err != nil || !about.Read {
		d.complain("publish", err)
		return nil
	}
	e, known, err := d.edition(ctx)
	if err != nil {
		d.complain("publish", err)
		return nil
	}
	leftOut, err = site.Publish(ctx, e, known)
	d.complain("publish", err)
	d.complain("publish", d.flag(ctx, leftOut))
	return leftOut
}

// flag tells the operator and the editor of stories that could not be published.
func (d *desk) flag(ctx context.Context, leftOut []publish.Fault) error {
	for _, f := range leftOut {
		d.log.Error("story left out", "story", f.Story, "rule", f.Rule, "err", f.Why)
		flag := news.Flag{Kind: news.FlagUnpublishable, Why: f.Rule + ": " + f.Why, When: time.Now()}
		if err := d.store.Flag(ctx, f.Story, flag); err != nil {
			return err
		}
	}
	return nil
}

// complain logs an error, if there is one.
func (d *desk) complain(what string, err error) {
	if err != nil {
		d.log.Error(what, "err", err)
	}
}

// parting is for how long, before the end, nobody new is let in, and each answer
// tells its client to close: else requests would meet with connections that are
// closed just then.
const parting = 300 * time.Millisecond

// publicServer answers the public. What has come is answered although the daemon
// stops.
func publicServer(ctx context.Context, log *slog.Logger, handler http.Handler) *http.Server {
	return &http.Server{
		Handler: handler, ReadHeaderTimeout: headerWait, ReadTimeout: readWait, WriteTimeout: writeWait, IdleTimeout: idleWait,
		MaxHeaderBytes: headerSize, ConnState: (&web.ConnectionLimit{Max: connections}).ConnState, ConnContext: web.WithPeer,
		ErrorLog:    slog.NewLogLogger(log.Handler(), slog.LevelWarn), // a line is a line, whatever a request holds
		BaseContext: func(net.Listener) context.Context { return context.WithoutCancel(ctx) },
	}
}

// controlServer answers commands. Their calls end with the daemon.
func controlServer(ctx context.Context, log *slog.Logger, handler http.Handler) *http.Server {
	return &http.Server{
		Handler: handler, ReadTimeout: commandWait, IdleTimeout: commandWait, MaxHeaderBytes: headerSize,
		ConnState: (&web.ConnectionLimit{Max: connections}).ConnState, ConnContext: web.WithPeer,
		ErrorLog:    slog.NewLogLogger(log.Handler(), slog.LevelWarn),
		BaseContext: func(net.Listener) context.Context { return ctx },
	}
}

// answer serves a listener until ctx ends; requests under way may end then. Who is
// not done in time is cut off, which is no error: what others do decides nothing
// about how the daemon ends. What has come to a listener that others hold too waits
// there for who comes next.
func answer(ctx context.Context, l net.Listener, s *http.Server) error {
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
	// Who has been accepted is answered first: a server that shuts down drops what
	// it reads from then on.
	ending.Store(true)
	err := l.Close()
	<-failed
	time.Sleep(parting)
	inTime, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownWait)
	defer cancel()
	if late := s.Shutdown(inTime); errors.Is(late, context.DeadlineExceeded) {
		err = errors.Join(err, s.Close())
	} else {
		err = errors.Join(err, late)
	}
	// They use the store, which is closed next.
	ended := make(chan struct{})
	go func() {
		handlers.Wait()
		close(ended)
	}()
	select {
	case <-ended:
	case <-time.After(handlersWait):
	}
	return err
}
