package command

import (
	"net/http"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"fronteras/aggregator"
	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
	"fronteras/aggregator/publish"
	"fronteras/aggregator/search"
	"fronteras/store"
)

// Buckets of histograms, in seconds.
var (
	exchangeBuckets = []float64{.01, .05, .1, .5, 1, 5, 10, 30}
	quickBuckets    = []float64{.0005, .001, .005, .01, .05, .1, .5, 1, 5}
)

// meters count what the daemon does, for Prometheus. No label comes from a document or a request.
type meters struct {
	registry *prometheus.Registry
	handler  http.Handler

	visits       *prometheus.CounterVec
	visitTime    prometheus.Observer
	bytes        *prometheus.CounterVec
	items        *prometheus.CounterVec
	cleaned      *prometheus.CounterVec
	dialRefused  prometheus.Counter
	renderTime   prometheus.Observer
	published    prometheus.Gauge
	gateRefused  *prometheus.CounterVec
	requests     *prometheus.CounterVec
	requestTime  *prometheus.HistogramVec
	deliveries   *prometheus.CounterVec
	notices      *prometheus.CounterVec
	transactions *prometheus.HistogramVec
	reloads      prometheus.Gauge
	reloadTime   prometheus.Gauge

	mu     sync.Mutex
	labels map[string]string // label of each feed
}

// newMeters makes and registers the meters, except what is read from the store at each scrape.
func newMeters() *meters {
	m := &meters{registry: prometheus.NewPedanticRegistry(), labels: map[string]string{}}
	counters := func(name, help string, labels ...string) *prometheus.CounterVec {
		c := prometheus.NewCounterVec(prometheus.CounterOpts{Name: "fronteras_" + name, Help: help}, labels)
		m.registry.MustRegister(c)
		return c
	}
	histograms := func(name, help string, buckets []float64, labels ...string) *prometheus.HistogramVec {
		o := prometheus.HistogramOpts{Name: "fronteras_" + name, Help: help, Buckets: buckets}
		h := prometheus.NewHistogramVec(o, labels)
		m.registry.MustRegister(h)
		return h
	}
	gauge := func(name, help string) prometheus.Gauge {
		g := prometheus.NewGauge(prometheus.GaugeOpts{Name: "fronteras_" + name, Help: help})
		m.registry.MustRegister(g)
		return g
	}
	m.visits = counters("visits_total", "Visits of feeds that have ended, by result.", "station", "feed", "result")
	m.visitTime = histograms("visit_duration_seconds", "Duration of visits, including pages and saving.",
		exchangeBuckets).WithLabelValues()
	m.bytes = counters("response_bytes_total", "Bytes of documents, as received.", "station", "feed")
	m.items = counters("items_total", "New and changed items that visits found.", "station", "feed", "result")
	m.cleaned = counters("cleaned_total", "Documents that were repaired, by the kind of repair.", "kind")
	m.dialRefused = counters("dial_refused_total", "Addresses that were not dialed because they are not allowed.").
		WithLabelValues()
	m.renderTime = histograms("render_duration_seconds", "Time to render and compress all documents.", quickBuckets).
		WithLabelValues()
	m.published = gauge("published_timestamp_seconds", "When the documents were last rendered.")
	m.gateRefused = counters("gate_refused_total", "Stories left out because they would have made a document "+
		"invalid.",
		"document")
	m.requests = counters("http_requests_total", "Requests of the public, by handler and status.", "handler", "code")
	m.requestTime = histograms("http_request_duration_seconds", "Time to answer requests of the "+
		"public.", quickBuckets,
		"handler")
	m.deliveries = counters("websub_deliveries_total", "WebSub deliveries, by role and result.", "role", "result")
	m.notices = counters("notices_total", "Messages with notices that were sent, by result.", "result")
	m.transactions = histograms("store_transaction_duration_seconds", "Duration of store transactions.", quickBuckets,
		"kind")
	m.reloads = gauge("config_reload_success", "Whether the configuration was accepted when it was last read.")
	m.reloadTime = gauge("config_reload_timestamp_seconds", "When the configuration was last read.")
	m.registry.MustRegister(
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
	)
	m.recordReload(true)
	return m
}

// registerStore adds what is read from the store at each scrape. Backup may return nil, as the
// daemon may make no backups.
func (m *meters) registerStore(s *store.Store, backup func() *publish.BackupHealth) {
	m.registry.MustRegister(&storeCollector{s, m, backup})
	m.handler = promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{DisableCompression: true})
}

// registerSearch adds what is told of the search index at each scrape.
func (m *meters) registerSearch(index *search.Index) {
	for _, of := range []struct {
		name, help string
		value      func(search.Status) float64
	}{
		{"search_stories", "Stories that can be searched for.", func(s search.Status) float64 { return float64(s.Stories) }},
		{"search_complete", "Whether all stories can be searched for.", func(s search.Status) float64 {
			if s.Open && s.Whole {
				return 1
			}
			return 0
		}},
	} {
		m.registry.MustRegister(
			prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "fronteras_" + of.name, Help: of.help},
				func() float64 { return of.value(index.Status()) }),
		)
	}
}

// serveMetrics answers /metrics.
func (m *meters) serveMetrics(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "only GET and HEAD are answered here", http.StatusMethodNotAllowed)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	m.handler.ServeHTTP(w, r)
}

// labelFeeds gives feeds their labels: host and path of the addresses that they are shown under; if
// two are the same, the second gets a number. Feeds that have left keep theirs, for visits that end
// later.
func (m *meters) labelFeeds(stations []news.Station) {
	m.mu.Lock()
	defer m.mu.Unlock()
	count := map[string]int{}
	for _, s := range stations {
		for _, f := range s.Feeds {
			_, label, _ := strings.Cut(link.FeedName(f), ":")
			label = strings.TrimPrefix(label, "//")
			if count[s.ID+" "+label]++; count[s.ID+" "+label] > 1 {
				label += "#" + strconv.Itoa(count[s.ID+" "+label])
			}
			m.labels[f.URL] = label
		}
	}
}

func (m *meters) labelOf(feed string) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.labels[feed]
}

func (m *meters) countVisit(v aggregator.Visited) {
	feed := m.labelOf(v.Feed)
	m.visits.WithLabelValues(v.Station, feed, v.Result).Inc()
	m.visitTime.Observe(v.Took.Seconds())
	m.bytes.WithLabelValues(v.Station, feed).Add(float64(v.Bytes))
	m.items.WithLabelValues(v.Station, feed, "new").Add(float64(v.New))
	m.items.WithLabelValues(v.Station, feed, "changed").Add(float64(v.Changed))
	for _, kind := range v.Repairs {
		m.cleaned.WithLabelValues(kind).Inc()
	}
	if v.Address {
		m.dialRefused.Inc()
	}
}

func (m *meters) observeRender(took time.Duration) {
	m.renderTime.Observe(took.Seconds())
	m.published.SetToCurrentTime()
}

func (m *meters) countLeftOut(faults []publish.Fault) {
	for _, f := range faults {
		m.gateRefused.WithLabelValues(strings.TrimPrefix(f.Document, "/")).Inc()
	}
}

func (m *meters) countDelivery(role, result string) { m.deliveries.WithLabelValues(role, result).Inc() }

// countNotice counts a message with notices, as accepted or failed.
func (m *meters) countNotice(accepted bool) {
	result := "failed"
	if accepted {
		result = "accepted"
	}
	m.notices.WithLabelValues(result).Inc()
}

func (m *meters) observeTransaction(kind string, took time.Duration) {
	m.transactions.WithLabelValues(kind).Observe(took.Seconds())
}

func (m *meters) recordReload(success bool) {
	m.reloads.Set(0)
	if success {
		m.reloads.Set(1)
	}
	m.reloadTime.SetToCurrentTime()
}

// countRequests counts requests and their answers.
func (m *meters) countRequests(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		begun, noted := time.Now(), &statusWriter{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(noted, r)
		handler := handlerLabel(r.URL.Path)
		m.requests.WithLabelValues(handler, strconv.Itoa(noted.status)).Inc()
		m.requestTime.WithLabelValues(handler).Observe(time.Since(begun).Seconds())
	})
}

// statusWriter notes an answer's status.
type statusWriter struct {
	http.ResponseWriter
	status int
}

// WriteHeader implements [http.ResponseWriter].
func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap lets [http.ResponseController] reach the connection.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// handlerLabel is what answers a path, from a fixed list.
func handlerLabel(path string) string {
	if _, page, ok := publish.SplitLocale(path); ok {
		path = page
	}
	if f, number, ok := publish.FormatAt(path); ok && number == 0 {
		return f.Label
	}
	switch _, ok := publish.SitemapPart(path); {
	case ok, path == publish.RobotsPath, path == publish.SitemapPath:
		return "crawlers"
	case path == "/archive", path == "/podcast", path == "/podcast/":
		return strings.Trim(path, "/")
	}
	switch path {
	case publish.SearchPath, "/status", "/status.json", "/livez", "/readyz", "/metrics":
		return path[1:]
	}
	for _, folder := range []string{"stories", "days", "stations", "topics", "archive", "websub", "desk"} {
		if strings.HasPrefix(path, "/"+folder+"/") {
			return folder
		}
	}
	return "other"
}

// storeCollector reads the store when Prometheus asks. What cannot be read is left out: the daemon
// reports that elsewhere.
type storeCollector struct {
	store  *store.Store
	meters *meters
	backup func() *publish.BackupHealth
}

var (
	descBuild   = newDesc("build_info", "The running program.", "version", "go")
	descSuccess = newDesc("feed_last_success_timestamp_seconds", "When a feed was last read with success.",
		"station", "feed")
	descNext    = newDesc("feed_next_visit_timestamp_seconds", "When a feed is visited next.", "station", "feed")
	descFails   = newDesc("feed_consecutive_failures", "Failures of a feed in a row.", "station", "feed")
	descStories = newDesc("stories", "Published stories, by status.", "status")
	descFlags   = newDesc("flags", "Doubtful cases that wait for an editor.")
	descEdges   = newDesc("edges_total", "Edges of published stories, by rule and confidence.", "rule", "confidence")
	descLag     = newDesc("schedule_lag_seconds", "How long the most overdue visit has been due.")
	descPush    = newDesc("websub_subscriptions", "WebSub subscriptions, by role and state.", "role", "state")
	descSize    = newDesc("store_size_bytes", "Size of the store.")
	descFree    = newDesc("store_free_bytes", "Bytes of the store that are free for use.")
	descView    = newDesc("store_longest_view_seconds", "The longest reading of the store so far.")
	descBackup  = newDesc("backup_last_success_timestamp_seconds", "When the last backup was made; 0 if none was.")
	descMissed  = newDesc("backup_missed", "Whether a backup that the daemon should have made is missing, or the "+
		"last "+
		"attempt failed; absent if it makes none.")
)

func newDesc(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("fronteras_"+name, help, labels, nil)
}

// Describe implements [prometheus.Collector].
func (c *storeCollector) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{
		descBuild, descSuccess, descNext, descFails, descStories, descFlags, descEdges, descLag, descPush,
		descSize, descFree, descView, descBackup, descMissed,
	} {
		out <- d
	}
}

// Collect implements [prometheus.Collector].
func (c *storeCollector) Collect(out chan<- prometheus.Metric) {
	gauge := func(d *prometheus.Desc, value float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value, labels...)
	}
	version, _ := buildVersion()
	build, _ := debug.ReadBuildInfo()
	gauge(descBuild, 1, version, build.GoVersion)
	if states, err := c.store.FeedStates(); err == nil {
		lag := time.Duration(0)
		for _, s := range states {
			feed := c.meters.labelOf(s.Feed)
			gauge(descSuccess, unixSeconds(s.Success), s.Station, feed)
			gauge(descNext, unixSeconds(s.Due), s.Station, feed)
			gauge(descFails, float64(s.Failures), s.Station, feed)
			if s.Leased.IsZero() {
				lag = max(lag, time.Since(s.Due))
			}
		}
		gauge(descLag, lag.Seconds())
	}
	if stats, err := c.store.Stats(); err == nil {
		for _, status := range []news.Status{news.Live, news.Held, news.Retracted} {
			gauge(descStories, float64(stats.Counts["status "+string(status)]), string(status))
		}
		gauge(descFlags, float64(stats.Counts["flags"]))
		for _, e := range [][2]string{
			{"I0", "certain"}, {"J1", "certain"}, {"J2", "certain"}, {"J3", "certain"}, {"J4", "certain"},
			{"J5", "probable"}, {"ruling", "editor"},
		} {
			edges := float64(stats.Counts["edge "+e[0]+" "+e[1]])
			out <- prometheus.MustNewConstMetric(descEdges, prometheus.CounterValue, edges, e[0], e[1])
		}
		gauge(descSize, float64(stats.Size))
		gauge(descFree, float64(stats.Free))
		gauge(descView, stats.LongestView.Seconds())
	}
	if about, err := c.store.About(); err == nil {
		gauge(descBackup, unixSeconds(about.BackedUp))
	}
	if health := c.backup(); health != nil {
		missed := 0.0
		if health.Missed {
			missed = 1
		}
		gauge(descMissed, missed)
	}
	subscriptions := map[[2]string]int{}
	if list, err := c.store.Subscriptions(); err == nil {
		for _, s := range list {
			subscriptions[[2]string{"subscriber", s.State}]++
		}
	}
	if list, err := c.store.Subscribers(); err == nil {
		subscriptions[[2]string{"hub", "active"}] = len(list)
	}
	for kind, n := range subscriptions {
		gauge(descPush, float64(n), kind[0], kind[1])
	}
}

// unixSeconds is a time as Prometheus has it; 0 for the zero time.
func unixSeconds(t time.Time) float64 {
	if t.IsZero() {
		return 0
	}
	return float64(t.UnixMilli()) / 1000
}
