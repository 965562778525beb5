package command

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"net/netip"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"fronteras/aggregator"
	"fronteras/aggregator/config"
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

	publishing sync.Mutex
	rejected   atomic.Pointer[string] // why the configuration was rejected that was read last; nil: it was not
}

// generation is a desk as it is configured for a while.
type generation struct {
	*desk
	push    push
	handler http.Handler
	calls   map[string]web.Call
	visits  part // of feeds; after a reload, those under way end as they began
	beside  part // what ends at a reload: push, backups, and keys that are computed again
}

// part is work that goes on until it is stopped or fails.
type part struct {
	stop  context.CancelFunc
	ended chan struct{} // closed at the end
	err   error         // why it ended; nil where it was told to
}

// begin does work until ctx ends or it is stopped.
func (p *part) begin(ctx context.Context, work ...func(context.Context) error) {
	ctx, p.stop = context.WithCancel(ctx)
	p.ended = make(chan struct{})
	group, ctx := errgroup.WithContext(ctx)
	for _, do := range work {
		group.Go(func() error { return do(ctx) })
	}
	go func() {
		p.err = group.Wait()
		p.stop()
		close(p.ended)
	}()
}

// end stops it, and waits until it has ended.
func (p *part) end() error {
	p.stop()
	<-p.ended
	return p.err
}

// endedWell reports whether it has ended, and not by a failure.
func (p *part) endedWell() bool {
	select {
	case <-p.ended:
		return p.err == nil
	default:
		return false
	}
}

// tell waits for the end, and gives what it failed with to whoever waits for that.
func (p *part) tell(failed chan<- error) {
	<-p.ended
	if p.err != nil {
		select {
		case failed <- errors.New("a visit that was under way at a reload failed"):
		default: // another has failed
		}
	}
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
	g, err := s.generation(ctx, d, nil)
	if err != nil {
		return errors.Join(err, public.Close(), control.Close())
	}
	work, ctx := errgroup.WithContext(ctx)
	s.current.Store(g)
	s.publish(ctx, d) // what an earlier run left is there from the first request on
	s.begin(ctx, g)
	d.log.Info("started", "listen", public.Addr().String(), "control", control.Addr().String(), "store", d.config.Store, "feeds", len(d.feeds()))
	work.Go(func() error {
		return answer(ctx, public, publicServer(ctx, d.log, s.meters.count(http.HandlerFunc(s.public))))
	})
	work.Go(func() error {
		return answer(ctx, control, controlServer(ctx, d.log, web.Control(commands, s.calls())))
	})
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
		if public, err = listenPublic(d.config.Listen); err != nil {
			return nil, nil, err
		}
	} else if at := public.Addr().String(); at != d.config.Listen {
		d.log.Warn("systemd holds the listener on another address", "listen", at, "configured", d.config.Listen)
	}
	if control = held["control"]; control == nil {
		if control, err = s.listenControl(d.config); err != nil {
			return nil, nil, errors.Join(err, public.Close())
		}
	}
	for _, place := range d.config.ControlLinks {
		if at := control.Addr().String(); at != place {
			if err := web.LinkControl(at, place); err != nil {
				d.log.Warn("commands may not find the daemon", "control", at, "err", err.Error(), "hint", "name store: or control: in the configuration")
			}
		}
	}
	return public, control, nil
}

// listenPublic listens on the address that the configuration names.
func listenPublic(address string) (net.Listener, error) {
	l, err := net.Listen("tcp", address)
	var op *net.OpError
	if errors.As(err, &op) {
		err = op.Err
	}
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("listen %s: %w: another program listens there; name another address under the key listen", address, err)
	case errors.Is(err, syscall.EACCES):
		return nil, fmt.Errorf("listen %s: %w: ports below 1024 are root's; name another one under the key listen, and put a proxy before it", address, err)
	case err != nil:
		return nil, fmt.Errorf("listen %s: %w", address, err)
	}
	return l, nil
}

// listenControl makes the control socket, and its folder where that is missing. Where
// that cannot be made, and the configuration names no socket, it is beside the store.
func (s *daemon) listenControl(c *config.Config) (net.Listener, error) {
	runtime := s.Getenv("RUNTIME_DIRECTORY")
	folder := filepath.Dir(c.Control)
	err := os.Mkdir(folder, 0o750)
	if err == nil || errors.Is(err, fs.ErrExist) {
		return web.ListenControl(c.Control, controlMode(c.Control, runtime))
	}
	if len(c.ControlElsewhere) == 0 {
		return nil, fmt.Errorf("control %s: the folder %s is not there and cannot be made: %w; name another socket under the key control", c.Control, folder, err)
	}
	beside := config.BesideStore(c.Store)
	return web.ListenControl(beside, controlMode(beside, runtime))
}

// generation makes a desk ready to run, in the place of another unless that is nil.
func (s *daemon) generation(ctx context.Context, d *desk, old *generation) (*generation, error) {
	d.hub = websub.HubURL(d.config.Desk.URL)
	d.visited, d.address = s.meters.visited, s.address
	if at, err := netip.ParseAddrPort(s.address); err == nil { // else it is no network's
		d.listening = []netip.AddrPort{at}
	}
	prepare := aggregator.New
	if old != nil {
		prepare = old.running.Successor
	}
	s.meters.named(d.config.Stations)
	g := &generation{desk: d, push: d.push(s.site), calls: d.calls()}
	g.push.hub.Delivered = s.meters.delivered
	g.handler = g.push.handler(s.site.Handler())
	if err := d.start(ctx, prepare, s.changed); err != nil {
		return nil, err
	}
	if err := g.push.start(ctx, d); err != nil {
		return nil, err
	}
	// A visit may end after a reload: what it finds is then the next generation's.
	d.running.Learned = func(ctx context.Context, feed string, late int) error {
		return s.current.Load().push.in.Learned(ctx, feed, late)
	}
	d.running.Arrived = func(ctx context.Context, feed string, h http.Header, address string, f *news.Facts) error {
		return s.current.Load().arrived(ctx, feed, h, address, f)
	}
	return g, nil
}

// changed publishes what the desk has now, as it is configured now.
func (s *daemon) changed(ctx context.Context) {
	g := s.current.Load()
	s.publish(ctx, g.desk)
	g.push.hub.Changed()
}

// begin runs a generation from now on.
func (s *daemon) begin(ctx context.Context, g *generation) {
	s.current.Store(g)
	g.visits.begin(ctx, g.running.Run)
	g.beside.begin(ctx, g.push.run, g.rekey, func(ctx context.Context) error { return s.keepBackups(ctx, g.desk) })
}

// supervise reloads when it is told to, until ctx ends or a generation fails. When it
// returns, nothing visits or delivers any more.
func (s *daemon) supervise(ctx context.Context) (err error) {
	reload := make(chan os.Signal, 1)
	signal.Notify(reload, syscall.SIGHUP)
	defer signal.Stop(reload)
	var leaving []*generation // whose visits end as they began
	failed := make(chan error, 1)
	defer func() {
		g := s.current.Load()
		err = errors.Join(err, g.visits.end(), g.beside.end())
		for _, old := range leaving {
			err = errors.Join(err, old.visits.end())
		}
	}()
	for {
		g := s.current.Load()
		select {
		case <-ctx.Done():
			s.manager.stopping()
			s.site.Stop()
			return nil
		case <-g.visits.ended:
			if ctx.Err() == nil {
				return errors.New("the desk ended")
			}
		case <-g.beside.ended:
			if ctx.Err() == nil {
				return errors.New("the desk ended")
			}
		case err := <-failed:
			return err
		case <-reload:
			replaced, err := s.reload(ctx, g)
			if err != nil && ctx.Err() == nil {
				return err
			}
			if replaced {
				leaving = append(slices.DeleteFunc(leaving, func(g *generation) bool { return g.visits.endedWell() }), g)
				go g.visits.tell(failed)
			}
		}
	}
}

// reload puts a desk with the configuration as it is now in the place of another:
// visits under way end as they began, and the new desk's begin meanwhile. A
// configuration that is wrong, or that changes what cannot change, leaves everything
// as it is. The error is one that ends the daemon.
func (s *daemon) reload(ctx context.Context, old *generation) (replaced bool, err error) {
	s.manager.reloading()
	defer func() { s.manager.ready(s.status()) }()
	d, err := s.renewed(old.desk)
	s.meters.reloaded(err == nil)
	if err != nil {
		text := err.Error()
		s.rejected.Store(&text)
		old.log.Error("reload rejected, the current configuration stays in effect", "err", text)
		return false, nil
	}
	s.rejected.Store(nil)
	old.running.Drain()
	if err := old.beside.end(); err != nil || ctx.Err() != nil {
		return false, err
	}
	s.store.UseRules(d.rules)
	g, err := s.generation(ctx, d, old)
	if err != nil {
		return false, err
	}
	s.begin(ctx, g)
	s.publish(ctx, d)
	d.log.Info("reloaded", "feeds", len(d.feeds()))
	return true, nil
}

// renewed is a desk with the configuration as it is now, on the same store.
func (s *daemon) renewed(old *desk) (*desk, error) {
	c, err := s.load()
	if err != nil {
		return nil, err
	}
	if keys := restartKeys(old.config, c); len(keys) > 0 {
		return nil, needsRestart(s.config, keys)
	}
	d, err := newDesk(c)
	if err != nil {
		return nil, err
	}
	d.store, d.log = s.store, old.log
	return d, nil
}

// restartKeys are the keys of what differs between two configurations and takes a
// restart to change.
func restartKeys(old, now *config.Config) (keys []string) {
	for _, key := range []struct{ name, old, now string }{
		{"listen", old.Listen, now.Listen}, {"store", old.Store, now.Store}, {"control", old.Control, now.Control},
	} {
		if key.old != key.now {
			keys = append(keys, key.name)
		}
	}
	return keys
}

// needsRestart is the error of a configuration that a running daemon cannot take.
func needsRestart(path string, keys []string) error {
	wrong := &config.Error{File: path}
	for _, key := range keys {
		wrong.Faults = append(wrong.Faults, config.Fault{Text: key + " was changed: that takes a restart"})
	}
	return wrong
}

// restartQuestion asks a daemon what of its configuration, as the file is now, takes a
// restart.
type restartQuestion struct{}

type restartAnswer struct {
	Keys []string `json:"keys"`
}

// restart says what of the file takes a restart; nothing where the file is wrong.
func (s *daemon) restart(context.Context, restartQuestion) (restartAnswer, error) {
	c, err := s.load()
	if err != nil {
		return restartAnswer{}, nil
	}
	return restartAnswer{restartKeys(s.current.Load().config, c)}, nil
}

// public answers a request of the public's, by the generation that is current.
func (s *daemon) public(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/metrics" {
		web.SecurityHeaders(s.current.Load().desk.log, http.HandlerFunc(s.meters.serve)).ServeHTTP(w, r)
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
	calls["restart"] = call(s.restart)
	return calls
}

// publish renders what a desk has now, and measures that. Of two at once, the later
// one has what is newer.
func (s *daemon) publish(ctx context.Context, d *desk) {
	s.publishing.Lock()
	defer s.publishing.Unlock()
	begun := time.Now()
	s.meters.leftOut(d.publish(ctx, s.site))
	s.meters.rendered(time.Since(begun))
}

// status is the desk's state in a line, for the service manager.
func (s *daemon) status() string {
	visits, err := s.store.FeedStates()
	if err != nil {
		return err.Error()
	}
	ill, next := 0, time.Time{}
	for _, v := range visits {
		if v.Failures > 0 {
			ill++
		}
		if !v.Leased.IsZero() { // it is being visited
			continue
		}
		if next.IsZero() || v.Due.Before(next) {
			next = v.Due
		}
	}
	text := fmt.Sprintf("%d feeds, %d ill", len(visits), ill)
	if why := s.rejected.Load(); why != nil {
		text = "reload rejected: " + firstLine(*why) + "; " + text
	}
	if stats, err := s.store.Stats(); err == nil {
		text += fmt.Sprintf(", %d stories", stats.Counts["status "+string(news.Live)])
	}
	if !next.IsZero() {
		text += ", next visit " + next.Format(time.TimeOnly)
	}
	return text
}

// firstLine is the first line of a text that may have more.
func firstLine(text string) string {
	line, rest, more := strings.Cut(text, "\n")
	if more {
		line += fmt.Sprintf(" (and %d more)", 1+strings.Count(rest, "\n"))
	}
	return harmless(line)
}
