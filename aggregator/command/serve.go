package command

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"fronteras/aggregator/config"
	"fronteras/aggregator/news"
	"fronteras/aggregator/web"
	"fronteras/store"
)

// storeTimeout is how long serve waits for another process to release the store.
const storeTimeout = 10 * time.Second

func newServeCommand(p *program) *cobra.Command {
	return &cobra.Command{
		Use: "serve", Short: "Poll, merge and publish until told to stop", Args: checkArgs(cobra.NoArgs),
		Long: "Poll, merge and publish until told to stop. SIGHUP reloads the configuration: if the new\n" +
			"file has an error, it is rejected and the current configuration stays in effect. If there is\n" +
			"no configuration and $FRONTERAS_FEEDS lists feeds, as in a container, a first one is written\n" +
			"from $FRONTERAS_TITLE, $FRONTERAS_CONTACT and $FRONTERAS_FEEDS.",
		RunE: func(c *cobra.Command, _ []string) error {
			if err := writeConfigFromEnvironment(c.Context(), p); err != nil {
				return err
			}
			cfg, err := p.loadConfig()
			if err != nil {
				return err
			}
			return serve(c.Context(), p, cfg)
		},
	}
}

// serve connects the parts of the daemon and runs them until ctx ends or one of them fails.
func serve(ctx context.Context, p *program, c *config.Config) (err error) {
	log := newLogger(p.Env, slog.LevelInfo)
	d := &daemon{program: p, meters: newMeters(), systemd: newSystemdNotifier()}

	// The store. Checking and compacting a large one takes a while.
	opened := d.systemd.extendStart(ctx, "opening the store")
	a, err := openApp(c, p.Env, store.Options{
		Wait: storeTimeout, Observe: d.meters.observeTransaction,
		Unreadable: func(story string, err error) { log.Error("story left out", "story", story, "err", err) },
	})
	opened()
	if errors.Is(err, store.ErrBusy) {
		err = fmt.Errorf("%w: a daemon is already running, or a command is using the store", err)
	}
	if err != nil {
		d.systemd.reportFailure(err)
		return err
	}
	defer func() { err = errors.Join(err, a.close()) }()
	a.log = log
	logOpening(a)
	d.store = a.store

	// What answers the public, and the listeners.
	d.site = &web.Site{
		Store: d.store, Unknown: store.ErrUnknown, Log: log,
		Stations: func() []news.Station { return d.current.Load().config.Stations },
		Clock:    func() bool { return d.current.Load().running.ClockUnclear() },
		Backup:   d.backupHealth,
	}
	public, control, err := openListeners(ctx, p, a, d.systemd)
	if err != nil {
		return err
	}
	d.address = public.Addr().String()
	d.meters.registerStore(d.store, d.backupHealth)

	// The desk as it is configured now; a reload replaces it.
	g, err := d.newGeneration(ctx, a, nil)
	if err != nil {
		return errors.Join(err, public.Close(), control.Close())
	}
	work, ctx := errgroup.WithContext(ctx)
	d.current.Store(g)
	d.publish(ctx, a) // what an earlier run stored is served from the first request on
	d.startGeneration(ctx, g)
	log.Info("started", "listen", d.address, "control", control.Addr().String(), "store", a.config.Store,
		"feeds", len(a.feedList()))

	// What runs until the end. If one fails, the others end too.
	publicServer := newPublicServer(ctx, log, d.meters.countRequests(http.HandlerFunc(d.servePublic)))
	controlServer := newControlServer(ctx, log, web.ControlHandler(maxCommands, d.controlCalls()))
	work.Go(func() error { return serveUntilDone(ctx, public, publicServer) })
	work.Go(func() error { return serveUntilDone(ctx, control, controlServer) })
	work.Go(func() error { return d.superviseGenerations(ctx) })
	work.Go(func() error { tuneGarbageCollector(ctx); return nil })
	work.Go(func() error { return d.systemd.keepInformed(ctx, d.statusLine, d.isHealthy) })
	work.Go(func() error {
		select {
		case <-ctx.Done():
			return nil
		case err := <-d.store.Damaged():
			return err
		}
	})
	d.systemd.ready(d.statusLine())
	err = work.Wait()
	log.Info("stopped")
	return err
}

// logOpening logs what was found and done when the store was opened.
func logOpening(a *app) {
	found, path := a.store.Opening, a.config.Store
	if found.New {
		a.log.Warn("new store", "store", path)
	}
	if found.Exposed != 0 {
		a.log.Warn("the store file is readable by other users", "store", path,
			"mode", fmt.Sprintf("%#o", found.Exposed), "hint", "chmod 600 "+path)
	}
	if found.Was != 0 {
		a.log.Info("store compacted", "store", path, "was", found.Was, "bytes", found.Is)
	}
}
