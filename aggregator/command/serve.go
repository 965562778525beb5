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
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"

	"fronteras/aggregator/news"
	"fronteras/aggregator/publish"
	"fronteras/aggregator/web"
	"fronteras/store"
)

// Bounds of the public listener, and how long its requests have to end.
const (
	headerWait   = 5 * time.Second
	readWait     = 15 * time.Second
	writeWait    = 60 * time.Second
	idleWait     = 60 * time.Second
	headerSize   = 16 << 10
	connections  = 1024
	questions    = 16 // connections of the control socket
	shutdownWait = 10 * time.Second
	storeWait    = 10 * time.Second
)

func (p *program) serve() *cobra.Command {
	return &cobra.Command{
		Use: "serve", Short: "Poll, merge and publish until told to stop", Args: args(cobra.NoArgs),
		Long: "Poll, merge and publish until told to stop. SIGHUP reads the configuration anew:\n" +
			"one that is wrong is refused whole, and the old one goes on.",
		RunE: func(c *cobra.Command, _ []string) error {
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
			if err != nil {
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
	found, path := d.store.Opening(), d.config.Store
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

// controlMode lets the runtime directory's group rule; elsewhere only the owner.
func (d *desk) controlMode() os.FileMode {
	if dir := os.Getenv("RUNTIME_DIRECTORY"); dir != "" && filepath.Dir(d.config.Control) == filepath.Clean(dir) {
		return 0o660
	}
	return 0o600
}

// publish renders what the desk has now. What was served before goes on where
// that fails, and until a feed has been read there is nothing to serve.
// Stories that had to be left out are returned.
func (d *desk) publish(ctx context.Context, site *web.Site) (leftOut []publish.Fault) {
	read, _, err := d.store.Read()
	if err != nil || !read {
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
		flag := news.Flag{Kind: "unpublishable", Why: f.Rule + ": " + f.Why, When: time.Now()}
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

// answer serves a listener, over so many connections, until ctx ends; requests
// under way may end then. What has come to a listener that others hold too waits
// there for who comes next.
func answer(ctx context.Context, l net.Listener, most int, log *slog.Logger, handler http.Handler) error {
	var ending atomic.Bool
	s := &http.Server{
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if ending.Load() {
				w.Header().Set("Connection", "close")
			}
			handler.ServeHTTP(w, r)
		}),
		ReadHeaderTimeout: headerWait, ReadTimeout: readWait, WriteTimeout: writeWait, IdleTimeout: idleWait,
		MaxHeaderBytes: headerSize, ConnState: (&web.Bound{Most: most}).State, ConnContext: web.WithConnection,
		ErrorLog:    slog.NewLogLogger(log.Handler(), slog.LevelWarn), // a line is a line, whatever a request holds
		BaseContext: func(net.Listener) context.Context { return context.WithoutCancel(ctx) },
	}
	failed := make(chan error, 1)
	go func() { failed <- s.Serve(web.Whole(l)) }()
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
	ended, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownWait)
	defer cancel()
	if err := s.Shutdown(ended); err != nil {
		return errors.Join(err, s.Close())
	}
	return err
}
