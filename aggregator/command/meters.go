package command

import (
	"net/http"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"fronteras/aggregator"
	"fronteras/aggregator/news"
	"fronteras/aggregator/publish"
)

// meters count what the daemon does, for Prometheus. No label comes from a
// document or a request.
type meters struct {
	handler http.Handler

	visits       *prometheus.CounterVec
	visitTime    prometheus.Histogram
	bytes        *prometheus.CounterVec
	items        *prometheus.CounterVec
	cleaned      *prometheus.CounterVec
	dialRefused  prometheus.Counter
	renderTime   prometheus.Histogram
	published    prometheus.Gauge
	gateRefused  *prometheus.CounterVec
	requests     *prometheus.CounterVec
	requestTime  *prometheus.HistogramVec
	deliveries   *prometheus.CounterVec
	transactions *prometheus.HistogramVec
	reloads      prometheus.Gauge
	reloadTime   prometheus.Gauge

	mu      sync.Mutex
	labels  map[string]string // feed → what it is called
	answers map[answered]tally
}

// Buckets of histograms, in seconds.
var (
	exchangeBuckets = []float64{.01, .05, .1, .5, 1, 5, 10, 30}
	quickBuckets    = []float64{.0005, .001, .005, .01, .05, .1, .5, 1, 5}
)

// newMeters prepares them. The state of what they watch is read by watch.
func newMeters() *meters {
	m := &meters{labels: map[string]string{}, answers: map[answered]tally{}}
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: "fronteras_" + name, Help: help}, labels)
	}
	m.visits = counter("visits_total", "Visits of feeds that came to an end, by result.", "station", "feed", "result")
	m.visitTime = prometheus.NewHistogram(prometheus.HistogramOpts{Name: "fronteras_visit_duration_seconds", Help: "Time that visits took, pages and saving included.", Buckets: exchangeBuckets})
	m.bytes = counter("response_bytes_total", "Bytes of documents, as they came.", "station", "feed")
	m.items = counter("items_total", "Items that visits brought, by what they were.", "station", "feed", "result")
	m.cleaned = counter("cleaned_total", "Documents that were repaired, by the kind of repair.", "kind")
	m.dialRefused = prometheus.NewCounter(prometheus.CounterOpts{Name: "fronteras_dial_refused_total", Help: "Addresses that were not dialled."})
	m.renderTime = prometheus.NewHistogram(prometheus.HistogramOpts{Name: "fronteras_render_duration_seconds", Help: "Time to render and compress all documents.", Buckets: quickBuckets})
	m.published = prometheus.NewGauge(prometheus.GaugeOpts{Name: "fronteras_published_timestamp_seconds", Help: "When what is published last changed, or was rendered at the start."})
	m.gateRefused = counter("gate_refused_total", "Stories left out of documents because they would have spoiled them.", "document")
	m.requests = counter("http_requests_total", "Requests of the public, by handler and status.", "handler", "code")
	m.requestTime = prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "fronteras_http_request_duration_seconds", Help: "Time to answer requests of the public.", Buckets: quickBuckets}, []string{"handler"})
	m.deliveries = counter("websub_deliveries_total", "WebSub deliveries, by role and result.", "role", "result")
	m.transactions = prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "fronteras_store_transaction_duration_seconds", Help: "Time of store transactions.", Buckets: quickBuckets}, []string{"kind"})
	m.reloads = prometheus.NewGauge(prometheus.GaugeOpts{Name: "fronteras_config_reload_success", Help: "Whether the configuration was taken when it was last read."})
	m.reloadTime = prometheus.NewGauge(prometheus.GaugeOpts{Name: "fronteras_config_reload_timestamp_seconds", Help: "When the configuration was last read."})
	m.reloaded(true)
	return m
}

// watch registers the meters, with what is read of a daemon at each scrape.
func (m *meters) watch(s *daemon) {
	registry := prometheus.NewPedanticRegistry()
	registry.MustRegister(
		m.visits, m.visitTime, m.bytes, m.items, m.cleaned, m.dialRefused, m.renderTime, m.published, m.gateRefused, m.requests, m.requestTime,
		m.deliveries, m.transactions, m.reloads, m.reloadTime, &gauges{s},
	)
	m.handler = promhttp.HandlerFor(registry, promhttp.HandlerOpts{DisableCompression: true})
}

func (m *meters) serve(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "only GET and HEAD are answered here", http.StatusMethodNotAllowed)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	m.handler.ServeHTTP(w, r)
}

// named gives feeds their labels: host and path as configured, without the query;
// a doubled one gets a number.
func (m *meters) named(stations []news.Station) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.labels = map[string]string{}
	count := map[string]int{}
	for _, s := range stations {
		for _, f := range s.Feeds {
			label, _, _ := strings.Cut(f.URL, "?")
			_, label, _ = strings.Cut(label, ":")
			label = strings.TrimPrefix(label, "//")
			if count[s.ID+" "+label]++; count[s.ID+" "+label] > 1 {
				label += "#" + strconv.Itoa(count[s.ID+" "+label])
			}
			m.labels[f.URL] = label
		}
	}
}

func (m *meters) label(feed string) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.labels[feed]
}

// visited counts a visit.
func (m *meters) visited(v aggregator.Visited) {
	feed := m.label(v.Feed)
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

func (m *meters) rendered(took time.Duration) {
	m.renderTime.Observe(took.Seconds())
	m.published.SetToCurrentTime()
}

// leftOut counts stories that a document could not take.
func (m *meters) leftOut(faults []publish.Fault) {
	for _, f := range faults {
		m.gateRefused.WithLabelValues(strings.TrimPrefix(f.Document, "/")).Inc()
	}
}

func (m *meters) delivered(role, result string) { m.deliveries.WithLabelValues(role, result).Inc() }

func (m *meters) transaction(kind string, took time.Duration) {
	m.transactions.WithLabelValues(kind).Observe(took.Seconds())
}

func (m *meters) reloaded(well bool) {
	m.reloads.Set(0)
	if well {
		m.reloads.Set(1)
	}
	m.reloadTime.SetToCurrentTime()
}

// count counts requests and their answers.
func (m *meters) count(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		begun, counted := time.Now(), &counted{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(counted, r)
		t := m.tally(answered{handlerOf(r.URL.Path), counted.status})
		t.count.Inc()
		t.time.Observe(time.Since(begun).Seconds())
	})
}

// answered is what a request is counted by.
type answered struct {
	handler string
	status  int
}

// tally counts answers of one kind.
type tally struct {
	count prometheus.Counter
	time  prometheus.Observer
}

// tally is that of an answer: there are few, and they are looked up by their labels
// once.
func (m *meters) tally(a answered) tally {
	m.mu.Lock()
	defer m.mu.Unlock()
	t, known := m.answers[a]
	if !known {
		t = tally{m.requests.WithLabelValues(a.handler, strconv.Itoa(a.status)), m.requestTime.WithLabelValues(a.handler)}
		m.answers[a] = t
	}
	return t
}

// counted notes an answer's status.
type counted struct {
	http.ResponseWriter
	status int
}

// WriteHeader implements [http.ResponseWriter], and remembers the status.
func (c *counted) WriteHeader(status int) {
	c.status = status
	c.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController reach the connection.
func (c *counted) Unwrap() http.ResponseWriter { return c.ResponseWriter }

// handlerOf is what answers a path, from a fixed list.
func handlerOf(path string) string {
	if f, number, ok := publish.FormatAt(path); ok && number == 0 {
		return f.Label
	}
	switch path {
	case "/status", "/status.json", "/livez", "/readyz", "/metrics":
		return path[1:]
	}
	for _, folder := range []string{"stories", "archive", "websub"} {
		if strings.HasPrefix(path, "/"+folder+"/") {
			return folder
		}
	}
	return "other"
}

// gauges are read of a daemon when Prometheus asks.
type gauges struct{ *daemon }

var (
	labelled     = []string{"station", "feed"}
	gaugeBuild   = gauge("build_info", "The program that runs.", "version", "go")
	gaugeSuccess = gauge("feed_last_success_timestamp_seconds", "When a feed was last read with success.", labelled...)
	gaugeNext    = gauge("feed_next_visit_timestamp_seconds", "When a feed is visited next.", labelled...)
	gaugeFails   = gauge("feed_consecutive_failures", "Failures of a feed in a row.", labelled...)
	gaugeStories = gauge("stories", "Published stories, by status.", "status")
	gaugeFlags   = gauge("flags", "Doubtful cases that wait for an editor.")
	gaugeEdges   = gauge("edges_total", "Edges of published stories, by rule and confidence.", "rule", "confidence")
	gaugeLag     = gauge("schedule_lag_seconds", "How long the visit has been due that waits longest.")
	gaugePush    = gauge("websub_subscriptions", "WebSub subscriptions, by role and state.", "role", "state")
	gaugeSize    = gauge("store_size_bytes", "Size of the store.")
	gaugeFree    = gauge("store_free_bytes", "Bytes of the store that are free for use.")
	gaugeView    = gauge("store_longest_view_seconds", "The longest reading of the store so far.")
	gaugeBackup  = gauge("backup_last_success_timestamp_seconds", "When the last backup was made; 0 if none was.")
	gaugeMissed  = gauge("backup_missed", "Whether a backup that the daemon should have made is missing, or the last attempt failed; absent where it makes none.")
)

func gauge(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("fronteras_"+name, help, labels, nil)
}

// Describe implements [prometheus.Collector].
func (g *gauges) Describe(out chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{
		gaugeBuild, gaugeSuccess, gaugeNext, gaugeFails, gaugeStories, gaugeFlags, gaugeEdges, gaugeLag, gaugePush,
		gaugeSize, gaugeFree, gaugeView, gaugeBackup, gaugeMissed,
	} {
		out <- d
	}
}

// Collect implements [prometheus.Collector]. What cannot be read is left out: the
// daemon says so elsewhere.
func (g *gauges) Collect(out chan<- prometheus.Metric) {
	send := func(d *prometheus.Desc, kind prometheus.ValueType, value float64, labels ...string) {
		out <- prometheus.MustNewConstMetric(d, kind, value, labels...)
	}
	version, _ := versionOf()
	build, _ := debug.ReadBuildInfo()
	send(gaugeBuild, prometheus.GaugeValue, 1, version, build.GoVersion)
	g.feeds(send)
	g.kept(send)
	g.pushed(send)
}

// sender sends one value.
type sender func(d *prometheus.Desc, kind prometheus.ValueType, value float64, labels ...string)

func (g *gauges) feeds(send sender) {
	visits, err := g.store.FeedStates()
	if err != nil {
		return
	}
	lag := time.Duration(0)
	for _, v := range visits {
		feed := g.meters.label(v.Feed)
		send(gaugeSuccess, prometheus.GaugeValue, seconds(v.Success), v.Station, feed)
		send(gaugeNext, prometheus.GaugeValue, seconds(v.Due), v.Station, feed)
		send(gaugeFails, prometheus.GaugeValue, float64(v.Failures), v.Station, feed)
		if v.Leased.IsZero() {
			lag = max(lag, time.Since(v.Due))
		}
	}
	send(gaugeLag, prometheus.GaugeValue, lag.Seconds())
}

func (g *gauges) kept(send sender) {
	if stats, err := g.store.Stats(); err == nil {
		counts := stats.Counts
		for _, status := range []news.Status{news.Live, news.Held, news.Retracted} {
			send(gaugeStories, prometheus.GaugeValue, float64(counts["status "+string(status)]), string(status))
		}
		send(gaugeFlags, prometheus.GaugeValue, float64(counts["flags"]))
		for _, e := range [][2]string{
			{"I0", "certain"}, {"J1", "certain"}, {"J2", "certain"}, {"J3", "certain"}, {"J4", "certain"}, {"J5", "probable"}, {"ruling", "editor"},
		} {
			send(gaugeEdges, prometheus.CounterValue, float64(counts["edge "+e[0]+" "+e[1]]), e[0], e[1])
		}
		send(gaugeSize, prometheus.GaugeValue, float64(stats.Size))
		send(gaugeFree, prometheus.GaugeValue, float64(stats.Free))
		send(gaugeView, prometheus.GaugeValue, stats.LongestView.Seconds())
	}
	if about, err := g.store.About(); err == nil {
		send(gaugeBackup, prometheus.GaugeValue, seconds(about.BackedUp))
	}
	if health := g.backupHealth(); health != nil {
		missed := 0.0
		if health.Missed {
			missed = 1
		}
		send(gaugeMissed, prometheus.GaugeValue, missed)
	}
}

func (g *gauges) pushed(send sender) {
	states := map[[2]string]int{}
	if list, err := g.store.Subscriptions(); err == nil {
		for _, s := range list {
			states[[2]string{"subscriber", s.State}]++
		}
	}
	if list, err := g.store.Subscribers(); err == nil {
		states[[2]string{"hub", "active"}] = len(list)
	}
	for of, n := range states {
		send(gaugePush, prometheus.GaugeValue, float64(n), of[0], of[1])
	}
}

// seconds is a time as Prometheus has it; 0 for none.
func seconds(t time.Time) float64 {
	if t.IsZero() {
		return 0
	}
	return float64(t.UnixMilli()) / 1000
}
