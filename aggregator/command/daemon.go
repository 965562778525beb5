package command

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"fronteras/aggregator"
	"fronteras/aggregator/config"
	"fronteras/aggregator/editors"
	"fronteras/aggregator/news"
	"fronteras/aggregator/notify"
	"fronteras/aggregator/publish"
	"fronteras/aggregator/search"
	"fronteras/aggregator/web"
	"fronteras/aggregator/websub"
	"fronteras/store"
)

// daemon is what serve runs: one store and two listeners, and on them a desk that a reload
// replaces.
type daemon struct {
	program *program
	store   *store.Store
	site    *web.Site
	search  *search.Index
	meters  *meters
	editors http.Handler // of the editors' pages

	unsubscribing http.Handler // of the addresses at which recipients of notices unsubscribe

	systemd *systemdNotifier
	backups backupLog
	address string // of the public listener
	current atomic.Pointer[generation]
	hangups <-chan os.Signal // asks for reloads
	opened  atomic.Bool      // the store is open

	publishing sync.Mutex
	scraping   sync.Mutex             // is held while /metrics is put together
	proxyHint  atomic.Bool            // it has been logged that a proxy is not configured
	rejected   atomic.Pointer[string] // why the configuration read last was rejected; nil: it was not
}

// generation is the desk with one configuration, from one reload to the next.
type generation struct {
	*app
	push     push
	handler  http.Handler
	editors  *editors.Settings // nil: the desk has none
	calls    map[string]web.Call
	visits   task // of feeds; after a reload, those in progress end as they began
	services task // what a reload ends: push, backups, notices, and keys that are recomputed
}

// newGeneration makes a desk ready to run, on a store that goes by its configuration, in place of an
// old one unless that is nil.
func (d *daemon) newGeneration(ctx context.Context, a *app, old *generation) (*generation, error) {
	a.hub = websub.HubURL(a.config.Desk.URL)
	a.onVisit, a.address = d.meters.countVisit, d.address
	if at, err := netip.ParseAddrPort(d.address); err == nil { // otherwise it is not on a network
		a.listening = []netip.AddrPort{at}
	}
	prepare := aggregator.New
	if old != nil {
		prepare = old.running.Successor
	}
	d.meters.labelFeeds(a.config.Stations)
	g := &generation{app: a, push: newPush(a, d.site), calls: calls(a), editors: newEditorSettings(a)}
	g.push.hub.Delivered = d.meters.countDelivery
	g.handler = g.push.newHandler(d.site.Handler())
	if err := a.preparePolling(prepare, d.publishChanges); err != nil {
		return nil, err
	}
	if err := g.push.startWith(ctx, a); err != nil {
		return nil, err
	}
	// A visit may end after a reload: what it finds then belongs to the next generation.
	a.running.ItemsFound = func(ctx context.Context, feed string, late int) error {
		return d.current.Load().push.in.Learned(ctx, feed, late)
	}
	a.running.DocumentArrived = func(
		ctx context.Context, feed string, answer aggregator.Answer, f *news.Facts,
	) error {
		g := d.current.Load()
		return g.push.noteHubs(ctx, g.app, feed, answer, f)
	}
	return g, nil
}

// startGeneration makes a generation the current one and runs it.
func (d *daemon) startGeneration(ctx context.Context, g *generation) {
	d.current.Store(g)
	tidySessions(ctx, g.app)
	recompute := func(ctx context.Context) error {
		return retryWhileTolerable(ctx, func(ctx context.Context) error { return recomputeKeys(ctx, g.app) })
	}
	backUp := func(ctx context.Context) error { newBackupWorker(g.app, &d.backups).run(ctx); return nil }
	g.visits.startAll(ctx, g.running.Run)
	deliver := func(ctx context.Context) error {
		newNoticeService(g.app, d.meters.countNotice).Run(ctx)
		return nil
	}
	g.services.startAll(ctx, g.push.runUntilDone, recompute, backUp, deliver)
}

// publishChanges publishes what the desk has now, as it is configured now.
func (d *daemon) publishChanges(ctx context.Context) {
	g := d.current.Load()
	d.publish(ctx, g.app)
	d.search.Wake()
	g.push.hub.Changed()
}

// publish renders what a desk has now, and measures that. Of two calls at once, the later one has
// what is newer.
func (d *daemon) publish(ctx context.Context, a *app) {
	d.publishing.Lock()
	defer d.publishing.Unlock()
	begun := time.Now()
	d.meters.countLeftOut(publishDocuments(ctx, a, d.site))
	d.meters.observeRender(time.Since(begun))
}

// superviseGenerations reloads on SIGHUP, until ctx ends or a generation fails. When it returns,
// nothing visits or delivers.
func (d *daemon) superviseGenerations(ctx context.Context) (err error) {
	var leaving []*generation // whose visits end as they began
	failed := make(chan error, 1)
	defer func() {
		g := d.current.Load()
		err = errors.Join(err, g.visits.stopAndWait(), g.services.stopAndWait())
		for _, old := range leaving {
			err = errors.Join(err, old.visits.stopAndWait())
		}
	}()
	for {
		g := d.current.Load()
		select {
		case <-ctx.Done():
			d.systemd.stopping()
			d.site.Stop()
			return nil
		case <-g.visits.ended:
			if ctx.Err() == nil {
				return errors.New("the daemon stopped unexpectedly")
			}
		case <-g.services.ended:
			if ctx.Err() == nil {
				return errors.New("the daemon stopped unexpectedly")
			}
		case err := <-failed:
			return err
		case <-d.hangups:
			replaced, err := d.reload(ctx, g)
			if err != nil && ctx.Err() == nil {
				return err
			}
			if replaced {
				leaving = slices.DeleteFunc(leaving, func(g *generation) bool { return g.visits.hasEndedWell() })
				leaving = append(leaving, g)
				go g.visits.reportFailure(failed)
			}
		}
	}
}

// reload replaces the desk by one with the configuration as it is now: visits in progress end as
// they began, and those of the new desk begin meanwhile. A configuration that has an error, changes
// what takes a restart, or cannot be saved since the store takes no writes now, is rejected, and
// everything stays as it is. The error returned is one that ends the daemon.
func (d *daemon) reload(ctx context.Context, old *generation) (replaced bool, err error) {
	d.systemd.reloading()
	defer func() { d.systemd.ready(d.statusLine()) }()
	a, err := d.loadNewApp(old.app)
	if err == nil {
		err = a.configureStore(ctx)
		if ctx.Err() != nil || err != nil && tolerableReason(err) == "" {
			return false, err
		}
	}
	d.meters.recordReload(err == nil)
	if err != nil {
		text := err.Error()
		d.rejected.Store(&text)
		old.log.Error("reload rejected, the current configuration stays in effect", "err", text)
		return false, nil
	}
	d.rejected.Store(nil)
	// The old desk goes on visiting while its services end: they may take a moment.
	if err := old.services.stopAndWait(); err != nil || ctx.Err() != nil {
		return false, err
	}
	g, err := d.newGeneration(ctx, a, old)
	if err != nil {
		return false, err
	}
	old.running.Drain()
	d.startGeneration(ctx, g)
	d.publishChanges(ctx)
	a.log.Info("reloaded", "feeds", len(a.feedList()))
	return true, nil
}

// loadNewApp is the desk with the configuration as it is now, on the same store.
func (d *daemon) loadNewApp(old *app) (*app, error) {
	c, err := d.program.loadConfigWithSecrets()
	if err != nil {
		return nil, err
	}
	if keys := restartKeys(old.config, c); len(keys) > 0 {
		return nil, restartError(d.program.config, keys)
	}
	a, err := newAppOn(d.store, c)
	if err != nil {
		return nil, err
	}
	a.log = old.log
	if c.Poll.MaxSize == old.config.Poll.MaxSize { // visits of the old desk continue
		a.bodies = old.bodies
	}
	return a, nil
}

// restartKeys returns the keys that differ between two configurations and take a restart to change.
func restartKeys(old, now *config.Config) (keys []string) {
	for _, key := range []struct{ name, old, now string }{
		{"listen", old.Listen, now.Listen}, {"store", old.Store, now.Store}, {"control", old.Control, now.Control},
		{"editors.listen", old.Editors.Listen, now.Editors.Listen},
	} {
		if key.old != key.now {
			keys = append(keys, key.name)
		}
	}
	return keys
}

// restartError is the error of a configuration that a running daemon cannot take.
func restartError(path string, keys []string) error {
	e := &config.Error{File: path}
	for _, key := range keys {
		e.Faults = append(e.Faults, config.Fault{Text: key + " was changed: that takes a restart"})
	}
	return e
}

// restartQuestion asks a daemon what keeps it from taking its configuration file as it is now.
type restartQuestion struct{}

// restartAnswer is empty if the file has an error.
type restartAnswer struct {
	Keys []string `json:"keys"` // that take a restart
	// Secrets says what is wrong with the files that hold secrets: the daemon's user reads them, and has
	// its own $CREDENTIALS_DIRECTORY.
	Secrets *[]config.Fault `json:"secrets,omitempty"`
}

func (d *daemon) listRestartKeys() restartAnswer {
	c, err := d.program.loadConfig()
	if err != nil {
		return restartAnswer{}
	}
	faults := []config.Fault{}
	var wrong *config.Error
	if errors.As(c.ReadSecrets(d.program.Getenv), &wrong) {
		faults = wrong.Faults
	}
	return restartAnswer{restartKeys(d.current.Load().config, c), &faults}
}

// controlCalls returns what the daemon can be asked on its control socket.
func (d *daemon) controlCalls() map[string]web.Call {
	all := map[string]web.Call{
		"restart": func(context.Context, json.RawMessage) (any, error) { return d.listRestartKeys(), nil },
	}
	for name := range d.current.Load().calls {
		all[name] = func(ctx context.Context, question json.RawMessage) (any, error) {
			return d.current.Load().calls[name](ctx, question)
		}
	}
	return all
}

// editorClients tells apart the clients of the listener that is for editors alone.
func (d *daemon) editorClients() web.Clients {
	c := d.current.Load().config
	return web.Clients{Proxies: slices.Concat(c.Proxies, c.Editors.Proxy.From)}
}

// clients tells the public's clients apart.
func (d *daemon) clients() web.Clients { return web.Clients{Proxies: d.current.Load().config.Proxies} }

// servePublic answers a request of the public with the current generation.
func (d *daemon) servePublic(w http.ResponseWriter, r *http.Request) {
	g := d.current.Load()
	if d.clients().LacksProxy(r) && !d.proxyHint.Swap(true) {
		g.log.Warn("requests come through a proxy that is not configured", "from", r.RemoteAddr,
			"hint", "name its address under the key proxies: until then all its visitors are one client")
	}
	if r.URL.Path == "/metrics" {
		web.SecurityHeaders(g.log, http.HandlerFunc(d.serveMetrics)).ServeHTTP(w, r)
		return
	}
	if strings.HasPrefix(r.URL.Path, notify.UnsubscribePath) {
		d.unsubscribing.ServeHTTP(w, r)
		return
	}
	if g.servesEditors(r) {
		d.editors.ServeHTTP(w, r)
		return
	}
	g.handler.ServeHTTP(w, r)
}

// serveMetrics answers /metrics. One answer at a time is put together, and held before it is sent:
// who reads slowly keeps no other from being answered.
func (d *daemon) serveMetrics(w http.ResponseWriter, r *http.Request) {
	made := &heldAnswer{header: w.Header(), status: http.StatusOK}
	func() {
		d.scraping.Lock()
		defer d.scraping.Unlock()
		d.meters.serveMetrics(made, r)
	}()
	if made.status != http.StatusOK {
		w.WriteHeader(made.status)
	}
	d.site.SendMade(w, made.body.Bytes())
}

// heldAnswer is an answer that is sent later.
type heldAnswer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (a *heldAnswer) Header() http.Header         { return a.header }
func (a *heldAnswer) Write(b []byte) (int, error) { return a.body.Write(b) }
func (a *heldAnswer) WriteHeader(status int)      { a.status = status }

// backupHealth is what the public may know of the daemon's own backups; nil if it makes none.
func (d *daemon) backupHealth() *publish.BackupHealth {
	return d.backups.health(d.current.Load().config.Backup, d.store)
}

// statusLine is the desk's state for the service manager.
func (d *daemon) statusLine() string {
	states, err := d.store.FeedStates()
	if err != nil {
		return err.Error()
	}
	failing, next := 0, time.Time{}
	for _, s := range states {
		if s.Failures > 0 {
			failing++
		}
		if s.Leased.IsZero() && (next.IsZero() || s.Due.Before(next)) { // a leased one is being visited
			next = s.Due
		}
	}
	text := fmt.Sprintf("%d feeds, %d ill", len(states), failing)
	if why := d.rejected.Load(); why != nil {
		text = "reload rejected: " + firstLine(*why) + "; " + text
	}
	if stats, err := d.store.Stats(); err == nil {
		text += fmt.Sprintf(", %d stories", stats.Counts["status "+string(news.Live)])
	}
	if !next.IsZero() {
		text += ", next visit " + next.Format(time.TimeOnly)
	}
	return text
}

// maxWrite is how long a write to the store may take in a healthy daemon; maxAnswer how long its
// workers, a read of the store and /livez may take together.
const (
	maxWrite  = 30 * time.Second
	maxAnswer = 5 * time.Second
)

// isHealthy reports whether the daemon works: workers have looked for visits since it was last
// asked, the store reads and writes, and /livez answers. It asks the handler itself: visitors who
// take all connections are no reason to restart. Nothing counts that a restart would not fix, such
// as a partner's failure, a full disk or a network that is down.
func (d *daemon) isHealthy(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, maxAnswer)
	defer cancel()
	if !d.current.Load().running.Awake(ctx) || d.store.Writing() > maxWrite {
		return false
	}
	answered := make(chan bool, 1)
	go func() {
		_, err := d.store.About()
		answered <- err == nil && d.isAlive(ctx)
	}()
	select {
	case <-ctx.Done():
		return false
	case ok := <-answered:
		return ok
	}
}

// isAlive reports whether /livez says so.
func (d *daemon) isAlive(ctx context.Context) bool {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "/livez", nil)
	if err != nil {
		return false
	}
	w := &statusWriter{ResponseWriter: discardedAnswer{}, status: http.StatusOK}
	d.servePublic(w, r)
	return w.status == http.StatusOK
}

// discardedAnswer is an answer that nobody reads.
type discardedAnswer http.Header

func (a discardedAnswer) Header() http.Header         { return http.Header(a) }
func (a discardedAnswer) Write(b []byte) (int, error) { return len(b), nil }
func (a discardedAnswer) WriteHeader(int)             {}

// task is work that continues until it is stopped or fails.
type task struct {
	stop  context.CancelFunc
	ended chan struct{} // closed at the end
	err   error         // why it ended; nil if it was stopped
}

// startAll starts work, which runs until ctx ends, it is stopped, or a part of it fails.
func (t *task) startAll(ctx context.Context, work ...func(context.Context) error) {
	ctx, t.stop = context.WithCancel(ctx)
	t.ended = make(chan struct{})
	group, ctx := errgroup.WithContext(ctx)
	for _, do := range work {
		group.Go(func() error { return do(ctx) })
	}
	go func() {
		t.err = group.Wait()
		t.stop()
		close(t.ended)
	}()
}

func (t *task) stopAndWait() error {
	t.stop()
	<-t.ended
	return t.err
}

// hasEndedWell reports whether it has ended without a failure.
func (t *task) hasEndedWell() bool {
	select {
	case <-t.ended:
		return t.err == nil
	default:
		return false
	}
}

// reportFailure waits for the end of a generation's visits, and sends their failure if there was
// one.
func (t *task) reportFailure(failed chan<- error) {
	<-t.ended
	if t.err != nil {
		select {
		case failed <- errors.New("a visit that was in progress at a reload failed"):
		default: // another has failed
		}
	}
}
