package command

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"fronteras/aggregator/news"
	"fronteras/aggregator/web"
	"fronteras/aggregator/websub"
	"fronteras/store"
)

// daemon is what serve runs: one store and two listeners, and on them a desk that
// a reload replaces by another.
type daemon struct {
	*program
	store   *store.Store
	site    *web.Site
	meters  *meters
	manager *manager
	backups backups
	address string // of the public listener
	current atomic.Pointer[generation]
}

// generation is a desk as it is configured for a while.
type generation struct {
	*desk
	push    push
	handler http.Handler
	calls   map[string]web.Call
	ended   chan error // holds one
	cancel  context.CancelFunc
}

// run serves a desk until ctx ends or a part of it fails.
func (s *daemon) run(ctx context.Context, d *desk) error {
	s.site = &web.Site{
		Store: s.store, Stations: func() []news.Station { return s.current.Load().config.Stations }, Unknown: store.ErrUnknown, Log: d.log,
		Clock:  func() bool { return s.current.Load().running.ClockUnclear() },
		Backup: s.backupHealth,
	}
	public, control, err := s.listen(d)
	if err != nil {
		return err
	}
	s.address = public.Addr().String()
	s.meters.watch(s)
	g, err := s.generation(ctx, d)
	if err != nil {
		return errors.Join(err, public.Close(), control.Close())
	}
	work, ctx := errgroup.WithContext(ctx)
	s.current.Store(g)
	s.publish(ctx, d) // what an earlier run left is there from the first request on
	s.begin(ctx, g)
	d.log.Info("started", "listen", public.Addr().String(), "control", d.config.Control, "store", d.config.Store, "feeds", len(d.feeds()))
	work.Go(func() error {
		return answer(ctx, public, connections, d.log, s.meters.count(http.HandlerFunc(s.public)))
	})
	work.Go(func() error { return answer(ctx, control, questions, d.log, web.Control(s.calls())) })
	work.Go(func() error { return s.supervise(ctx) })
	work.Go(func() error { tendMemory(ctx); return nil })
	work.Go(func() error { return s.manager.watch(ctx, s) })
	work.Go(func() error {
		select {
		case <-ctx.Done():
			return nil
		case err := <-s.store.Damaged():
			return err
		}
	})
	s.manager.ready(s.status())
	err = work.Wait()
	d.log.Info("stopped")
	return err
}

// listen takes the listeners that systemd holds for us, or makes them.
func (s *daemon) listen(d *desk) (public, control net.Listener, err error) {
	held, err := s.manager.listeners()
	if err != nil {
		return nil, nil, err
	}
	if public = held["public"]; public == nil {
		if public, err = net.Listen("tcp", d.config.Listen); err != nil {
			return nil, nil, fmt.Errorf("listen %s: %w", d.config.Listen, err)
		}
	}
	if control = held["control"]; control == nil {
		if control, err = web.ListenControl(d.config.Control, d.controlMode()); err != nil {
			return nil, nil, errors.Join(err, public.Close())
		}
	}
	return public, control, nil
}

// generation makes a desk ready to run.
func (s *daemon) generation(ctx context.Context, d *desk) (*generation, error) {
	d.hub = websub.HubURL(d.config.Desk.URL)
	d.visited = s.meters.visited
	if at, err := netip.ParseAddrPort(s.address); err == nil { // else it is no network's
		d.listening = []netip.AddrPort{at}
	}
	s.meters.named(d.config.Stations)
	g := &generation{desk: d, push: d.push(s.site), calls: d.calls(), ended: make(chan error, 1)}
	g.push.hub.Delivered = s.meters.delivered
	g.handler = g.push.handler(s.site.Handler())
	err := d.start(ctx, func(ctx context.Context) {
		s.publish(ctx, d)
		g.push.hub.Changed()
	})
	if err != nil {
		return nil, err
	}
	return g, g.push.start(ctx, d)
}

// begin runs a generation from now on.
func (s *daemon) begin(ctx context.Context, g *generation) {
	ctx, g.cancel = context.WithCancel(ctx)
	s.current.Store(g)
	work, ctx := errgroup.WithContext(ctx)
	work.Go(func() error {
		err := g.running.Run(ctx)
		g.cancel() // drained: push ends with it
		return err
	})
	work.Go(func() error { return g.push.run(ctx) })
	work.Go(func() error { return g.rekey(ctx) })
	work.Go(func() error { return s.keepBackups(ctx, g.desk) })
	go func() { g.ended <- work.Wait() }()
}

// supervise reloads when it is told to, until ctx ends or a generation fails.
func (s *daemon) supervise(ctx context.Context) error {
	reload := make(chan os.Signal, 1)
	signal.Notify(reload, syscall.SIGHUP)
	defer signal.Stop(reload)
	for {
		g := s.current.Load()
		select {
		case <-ctx.Done():
			s.manager.stopping()
			s.site.Stop()
			return <-g.ended
		case err := <-g.ended:
			if ctx.Err() != nil { // it ended because it was told to
				g.ended <- err
				continue
			}
			return errors.Join(errors.New("the desk ended"), err)
		case <-reload:
			if err := s.reload(ctx, g); err != nil {
				return err
			}
		}
	}
}

// reload puts a desk with the configuration as it is now in the place of another:
// visits under way end as they began. A configuration that is wrong, or that
// changes what cannot change, leaves everything as it is. The error is one that
// ends the daemon.
func (s *daemon) reload(ctx context.Context, old *generation) error {
	s.manager.reloading()
	defer func() { s.manager.ready(s.status()) }()
	d, err := s.renewed(old.desk)
	s.meters.reloaded(err == nil)
	if err != nil {
		old.log.Error("reload refused, the old configuration goes on", "err", err.Error())
		return nil
	}
	old.running.Drain()
	if err := <-old.ended; err != nil || ctx.Err() != nil {
		old.ended <- err // for whoever waits for the end
		return err
	}
	s.store.Use(d.rules)
	g, err := s.generation(ctx, d)
	if err != nil {
		return err
	}
	s.begin(ctx, g)
	s.publish(ctx, d)
	d.log.Info("reloaded", "feeds", len(d.feeds()))
	return nil
}

// renewed is a desk with the configuration as it is now, on the same store.
func (s *daemon) renewed(old *desk) (*desk, error) {
	c, err := s.load()
	if err != nil {
		return nil, err
	}
	for key, changed := range map[string]bool{
		"listen": c.Listen != old.config.Listen, "store": c.Store != old.config.Store, "control": c.Control != old.config.Control,
	} {
		if changed {
			return nil, fmt.Errorf("%s: %s was changed: that takes a restart", s.config, key)
		}
	}
	d, err := newDesk(c)
	if err != nil {
		return nil, err
	}
	d.store, d.log = s.store, old.log
	return d, nil
}

// public answers a request of the public's, by the generation that is current.
func (s *daemon) public(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/metrics" {
		web.Harmless(s.current.Load().desk.log, http.HandlerFunc(s.meters.serve)).ServeHTTP(w, r)
		return
	}
	s.current.Load().handler.ServeHTTP(w, r)
}

// calls are what the daemon can be asked on its control socket.
func (s *daemon) calls() map[string]web.Call {
	calls := map[string]web.Call{}
	for name := range s.current.Load().calls {
		calls[name] = func(ctx context.Context, question json.RawMessage) (any, error) {
			return s.current.Load().calls[name](ctx, question)
		}
	}
	return calls
}

// publish renders what a desk has now, and measures that.
func (s *daemon) publish(ctx context.Context, d *desk) {
	begun := time.Now()
	s.meters.leftOut(d.publish(ctx, s.site))
	s.meters.rendered(time.Since(begun))
}

// status is the desk's state in a line, for the service manager.
func (s *daemon) status() string {
	visits, err := s.store.Visits()
	if err != nil {
		return err.Error()
	}
	ill, next := 0, time.Time{}
	for _, v := range visits {
		if v.Failures > 0 {
			ill++
		}
		if next.IsZero() || v.Due.Before(next) {
			next = v.Due
		}
	}
	text := fmt.Sprintf("%d feeds, %d ill", len(visits), ill)
	if counts, err := s.store.Counts(); err == nil {
		text += fmt.Sprintf(", %d stories", counts["status "+string(news.Live)])
	}
	if !next.IsZero() {
		text += ", next visit " + next.Format(time.TimeOnly)
	}
	return text
}
