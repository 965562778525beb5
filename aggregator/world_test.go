package aggregator_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/netip"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"fronteras/aggregator"
	"fronteras/aggregator/credit"
	"fronteras/aggregator/fetch"
	"fronteras/aggregator/identity"
	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
	"fronteras/store"
)

// lines is a log that can be read while it is written.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// world is a desk with its stations' servers, in the false time of a bubble.
type world struct {
	t        *testing.T
	stations []news.Station
	store    *store.Store
	path     string
	rules    *identity.Rules
	desk     *aggregator.Aggregator
	log      lines
	stop     func()

	mu        sync.Mutex
	handlers  map[string]http.Handler // by host
	asked     map[string][]time.Time  // requests by host
	busy      int                     // requests being answered
	most      int                     // at once so far
	announced []time.Time
	learned   []int // of new items, how many were found late
	listener  *pipes

	unreachable error
	rebound     map[string]bool // hosts of public names that are at private addresses; see dial
	around      func(*store.Store) aggregator.Store
}

// inWorld runs a test in a bubble, with a station for each host, visited as often
// as every says.
func inWorld(t *testing.T, every time.Duration, hosts map[string]http.Handler, test func(*world)) {
	var stations []news.Station
	for _, host := range slices.Sorted(maps.Keys(hosts)) {
		id := strings.TrimSuffix(host, ".example")
		s := news.Station{ID: id, Name: "Radio " + id, URL: "http://" + host}
		s.Feeds = []news.Feed{{Station: id, URL: s.URL + "/rss", Every: every}}
		stations = append(stations, s)
	}
	inWorldOf(t, stations, hosts, test)
}

// inWorldOf runs a test in a bubble, with these stations.
func inWorldOf(t *testing.T, stations []news.Station, hosts map[string]http.Handler, test func(*world)) {
	inWorldAround(t, stations, hosts, func(s *store.Store) aggregator.Store { return s }, test)
}

// inWorldAround is inWorldOf where the desk sees its store as around makes it.
func inWorldAround(
	t *testing.T, stations []news.Station, hosts map[string]http.Handler,
	around func(*store.Store) aggregator.Store, test func(*world),
) {
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(time.Date(2025, 10, 11, 12, 0, 0, 0, time.UTC)))
		w := &world{
			t:        t,
			stations: stations,
			around:   around,
			handlers: hosts,
			asked:    map[string][]time.Time{},
			listener: newPipes(),
		}
		server := &http.Server{Handler: http.HandlerFunc(w.serve)}
		go server.Serve(w.listener)
		w.open(filepath.Join(t.TempDir(), "store.db"))
		test(w)
		w.stop()
		w.must(server.Close())
		time.Sleep(time.Minute) // handlers end
		w.must(w.store.Close())
	})
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) serve(out http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	w.asked[r.Host] = append(w.asked[r.Host], time.Now())
	h := w.handlers[r.Host]
	w.busy++
	w.most = max(w.most, w.busy)
	w.mu.Unlock()
	h.ServeHTTP(out, r)
	w.mu.Lock()
	w.busy--
	w.mu.Unlock()
}

// requests are the times at which a host was asked.
func (w *world) requests(host string) []time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]time.Time(nil), w.asked[host]...)
}

func (w *world) open(path string) {
	desk := news.Site{Title: "Test Desk", URL: "https://desk.example", Credit: "From the {{.Desk}}."}
	table, err := link.New(link.Rules{})
	w.must(err)
	words, err := credit.New(desk)
	w.must(err)
	w.rules = identity.New(
		identity.Config{Site: desk, Stations: w.stations, Links: table, Credit: words, Pages: true},
	)
	w.store, err = store.Open(path, w.rules, store.Options{})
	w.must(err)
	w.path = path
	w.start()
}

// start runs the desk until stop.
func (w *world) start() {
	var feeds []news.Feed
	for _, s := range w.stations {
		feeds = append(feeds, s.Feeds...)
	}
	w.must(w.store.Learn(w.t.Context(), feeds, time.Now()))
	client := fetch.NewClient(
		fetch.Options{UserAgent: "fronteras/test", Timeout: 30 * time.Second, MaxSize: 16 << 20, Dial: w.dial,
			PrivateNetworks: true},
	)
	var err error
	w.desk, err = aggregator.New(aggregator.Options{
		Store: w.around(w.store), Client: client, Stations: w.stations, Concurrency: 4, PrivateNetworks: true,
		OwnsAddress: w.rules.Own,
		TolerableReason: func(err error) string {
			if errors.Is(err, store.ErrFull) {
				return "store is full"
			}
			return ""
		},
		Log: slog.New(slog.NewTextHandler(&w.log, nil)),
		ItemsFound: func(_ context.Context, _ string, late int) error {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.learned = append(w.learned, late)
			return nil
		},
		Changed: func(context.Context) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.announced = append(w.announced, time.Now())
		},
	})
	w.must(err)
	ctx, cancel := context.WithCancel(w.t.Context())
	ended := make(chan error, 1)
	go func() { ended <- w.desk.Run(ctx) }()
	w.stop = func() {
		cancel()
		w.must(<-ended)
		client.CloseIdleConnections()
	}
}

// restart ends the process and begins another on the same store.
func (w *world) restart() {
	w.stop()
	w.must(w.store.Close())
	w.open(w.path)
}

// dial reaches the stations' servers, unless there is no network now.
func (w *world) dial(ctx context.Context, network, address string) (net.Conn, error) {
	w.mu.Lock()
	err, rebound := w.unreachable, w.rebound
	w.mu.Unlock()
	if err != nil {
		return nil, err
	}
	conn, err := w.listener.dial(ctx, network, address)
	if host, _, _ := net.SplitHostPort(address); err == nil && strings.HasSuffix(host, "public.example") && !rebound[host] {
		conn = atPublicAddress{conn}
	}
	return conn, err
}

// atPublicAddress is a connection to a public address. All others of a world are to private ones.
type atPublicAddress struct{ net.Conn }

func (atPublicAddress) RemoteAddr() net.Addr {
	return net.TCPAddrFromAddrPort(netip.MustParseAddrPort("8.8.8.8:80"))
}

// cut lets no connection be made, for a reason, or with nil mends the network.
func (w *world) cut(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.unreachable = err
}

func (w *world) visit(station string) news.FeedState {
	w.t.Helper()
	visits, err := w.store.FeedStates()
	w.must(err)
	for _, v := range visits {
		if v.Station == station {
			return v
		}
	}
	w.t.Fatalf("no visit of %s", station)
	return news.FeedState{}
}

func (w *world) stories() int {
	w.t.Helper()
	n := 0
	w.must(w.store.EachStory(func(*news.Story) bool { n++; return true }))
	return n
}

// pipes is a network of one listener, in memory.
type pipes struct {
	conns chan net.Conn
	done  chan struct{}
	once  sync.Once
}

func newPipes() *pipes { return &pipes{conns: make(chan net.Conn), done: make(chan struct{})} }

func (p *pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	here, there := net.Pipe()
	select {
	case p.conns <- there:
		return here, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-p.done:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error {
	p.once.Do(func() { close(p.done) })
	return nil
}

func (p *pipes) Addr() net.Addr { return &net.TCPAddr{} }

// rss is a document with an item for each title.
func rss(titles ...string) string {
	var b strings.Builder
	b.WriteString(`<rss version="2.0"><channel><title>News</title>`)
	for _, t := range titles {
		fmt.Fprintf(
			&b,
			`<item><title>%s</title><guid isPermaLink="false">%s</guid>`+
				`<pubDate>Fri, 10 Oct 2025 10:00:00 GMT</pubDate><description>%s.</description></item>`,
			t, t, t,
		)
	}
	return b.String() + `</channel></rss>`
}

// document serves one document, with an ETag.
func document(text string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"1"`)
		if r.Header.Get("If-None-Match") == `"1"` {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		fmt.Fprint(w, text)
	})
}

// answers serves with one handler after another, and goes on with the last.
func answers(handlers ...http.HandlerFunc) http.Handler {
	n := 0
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := handlers[min(n, len(handlers)-1)]
		n++
		h(w, r)
	})
}

func text(s string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, s) }
}
