package command

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"fronteras/aggregator/command/hangup"
	"fronteras/aggregator/config"
	"fronteras/aggregator/news"
	"fronteras/aggregator/publish"
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
			return serve(c.Context(), p, hangup.Requests())
		},
	}
}

// How long a daemon that is told to stop may take. The process ends then whatever has not ended:
// the store is safe at any moment, and nothing else is lost.
const (
	openingTime = time.Second     // while it is still opening its store
	stopTime    = 9 * time.Second // later; see shutdownTime for what it does in that time
)

// serve runs the daemon until ctx ends or it fails. A daemon that is told to stop has not failed,
// whatever it was doing and no matter who is slow.
func serve(ctx context.Context, p *program, hangups <-chan os.Signal) error {
	log := newLogger(p.Env, slog.LevelInfo)
	d := &daemon{program: p, meters: newMeters(), systemd: newSystemdNotifier(), hangups: hangups}
	ended := make(chan error, 1)
	go func() { ended <- d.configureAndRun(ctx, log) }()
	return d.waitUntilStopped(ctx, log, ended)
}

// waitUntilStopped waits for the daemon to end with an error, or without. Once ctx has ended, it
// waits only so long.
func (d *daemon) waitUntilStopped(ctx context.Context, log *slog.Logger, ended <-chan error) error {
	select {
	case err := <-ended:
		return errorOfStop(ctx, log, err)
	case <-ctx.Done():
	}
	limit := openingTime
	if d.opened.Load() {
		limit = stopTime
	}
	select {
	case err := <-ended:
		return errorOfStop(ctx, log, err)
	case <-time.After(limit):
		log.Warn("stopped without waiting any longer for what had not ended")
		return nil
	}
}

// errorOfStop is the error of a daemon that ended with err. What was given up because ctx ended is
// none, nor is a store that takes nothing more: the next start finds it as a crash would leave it.
func errorOfStop(ctx context.Context, log *slog.Logger, err error) error {
	switch {
	case err == nil || ctx.Err() == nil:
		return err
	case errors.Is(err, context.Canceled):
		return nil
	case tolerableReason(err) != "":
		log.Warn("the store could not be closed properly", "err", err.Error())
		return nil
	}
	return err
}

// configureAndRun reads the configuration, or writes a first one, and runs the daemon.
func (d *daemon) configureAndRun(ctx context.Context, log *slog.Logger) error {
	if err := writeConfigFromEnvironment(ctx, d.program); err != nil {
		return err
	}
	c, err := d.program.loadConfigWithSecrets()
	if err != nil {
		return err
	}
	return d.run(ctx, c, log)
}

// run connects the parts of the daemon and runs them until ctx ends or one of them fails.
func (d *daemon) run(ctx context.Context, c *config.Config, log *slog.Logger) (err error) {
	p := d.program

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
	d.opened.Store(true)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	a.log = log
	logOpening(a)
	d.store = a.store

	// What answers the public, and the listeners.
	d.search = newSearchIndex(d, a.config.Store)
	d.site = &web.Site{
		Store: d.store, Unknown: store.ErrUnknown, Log: log,
		Stations:      func() []news.Station { return d.current.Load().config.Stations },
		Clock:         func() bool { return d.current.Load().running.ClockUnclear() },
		Backup:        d.backupHealth,
		Settles:       func() (time.Duration, bool) { return d.current.Load().running.TimeUntilSettle() },
		Search:        func(w publish.Wanted) (publish.Found, error) { return d.searchStories(ctx, w) },
		SearchVersion: d.search.Version,
	}
	d.editors = newEditorSite(ctx, d, a).Handler() //nolint:contextcheck // requests bring their own
	d.unsubscribing = newUnsubscribing(d, log)
	at, err := openListeners(ctx, p, a, d.systemd)
	if err != nil {
		return err
	}
	d.address = at.public.Addr().String()
	d.meters.registerSearch(d.search)
	d.meters.registerStore(d.store, d.backupHealth)

	// The desk as it is configured now; a reload replaces it.
	err = a.configureStore(ctx)
	var g *generation
	if err == nil {
		g, err = d.newGeneration(ctx, a, nil)
	}
	if err != nil {
		return errors.Join(err, at.close())
	}
	work, ctx := errgroup.WithContext(ctx)
	d.current.Store(g)
	d.publish(ctx, a) // what an earlier run stored is served from the first request on
	d.startGeneration(ctx, g)
	log.Info("started", "listen", d.address, "control", at.control.Addr().String(), "store", a.config.Store,
		"feeds", len(a.feedList()))

	// What runs until the end. If one fails, the others end too.
	publicServer := newPublicServer(ctx, log, d.clients, d.meters.countRequests(http.HandlerFunc(d.servePublic)))
	controlServer := newControlServer(ctx, log, web.ControlHandler(maxCommands, d.controlCalls()))
	work.Go(func() error { return serveUntilDone(ctx, at.public, publicServer) })
	work.Go(func() error { return serveUntilDone(ctx, at.control, controlServer) })
	if at.editors != nil {
		log.Info("editors are answered", "listen", at.editors.Addr().String())
		editorsServer := newPublicServer(ctx, log, d.editorClients, d.meters.countRequests(http.HandlerFunc(d.serveEditors)))
		work.Go(func() error { return serveUntilDone(ctx, at.editors, editorsServer) })
	}
	work.Go(func() error { return d.superviseGenerations(ctx) })
	work.Go(func() error { d.search.Run(ctx); return nil })
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

// mostDamage is how much of a store's damage is logged one by one.
const mostDamage = 20

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
	for n, what := range found.Damage {
		if n == mostDamage {
			a.log.Error("the store is damaged", "store", path, "more", len(found.Damage)-n, "hint", "fronteras "+
				"verify")
			break
		}
		a.log.Error("the store is damaged", "store", path, "what", what,
			"hint", "what it tells is left out; fronteras verify lists all of it; to get it back, restore a backup")
	}
	for _, feed := range found.Anew {
		a.log.Warn("the feed starts again", "feed", a.feedForOperators(feed),
			"hint", "what was known of its visits could not be read")
	}
	if found.Was != 0 {
		a.log.Info("store compacted", "store", path, "was", found.Was, "bytes", found.Is)
	}
}
