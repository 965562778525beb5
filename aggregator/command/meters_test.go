package command

import (
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"

	"fronteras/aggregator"
	"fronteras/aggregator/news"
	"fronteras/aggregator/publish"
	"fronteras/store"
)

// The names, kinds and labels of all metrics are kept in a file: dashboards and alerts depend on
// them.
func TestMetricsKeepTheirNames(t *testing.T) {
	s := measured(t)
	r := httptest.NewRecorder()
	s.meters.serveMetrics(r, httptest.NewRequest("GET", "/metrics", nil))
	faults, err := promlint.New(strings.NewReader(r.Body.String())).Lint()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range faults {
		t.Errorf("%s: %s", f.Metric, f.Text)
	}
	compareGolden(t, "metrics.txt", []byte(strings.Join(seriesOf(r.Body.String()), "\n")+"\n"))
}

// measured is a daemon that has something of everything to tell.
func measured(t *testing.T) *daemon {
	t.Helper()
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "config.yaml"),
		[]byte("desk: {title: Desk, url: 'https://desk.example'}\nbackup: {to: backups}\nstations: [{id: ajo, "+
			"name: Radio Ajo, url: 'https://ajo.example', feeds: [{url: "+
			"'https://ajo.example/rss?token=secret'}]}]\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	p := &program{Env: Env{Err: os.Stderr, Getenv: func(string) string {
		return ""
	}}, config: filepath.Join(folder, "config.yaml")}
	c, err := p.loadConfig()
	if err != nil {
		t.Fatal(err)
	}
	s := &daemon{program: p, meters: newMeters(), systemd: newSystemdNotifier()}
	d, err := openApp(c, p.Env, store.Options{Observe: s.meters.observeTransaction})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.close() })
	s.store = d.store
	s.current.Store(&generation{app: d})
	if err := d.store.Learn(t.Context(), d.feedList(), time.Now()); err != nil {
		t.Fatal(err)
	}
	if err := d.store.SaveSubscription(t.Context(),
		news.Subscription{Callback: "c", State: news.SubscriptionActive}); err != nil {
		t.Fatal(err)
	}
	m := s.meters
	m.registerStore(s.store, s.backupHealth)
	m.labelFeeds(c.Stations)
	m.countVisit(aggregator.Visited{Station: "ajo", Feed: c.Stations[0].Feeds[0].URL, Result: "new",
		Repairs: []string{"charset"}, Address: true})
	m.observeRender(time.Millisecond)
	m.countLeftOut([]publish.Fault{{Document: "/feed.rss"}})
	m.countDelivery("hub", "delivered")
	m.countRequests(m.handler).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/stories/x", nil))
	return s
}

// seriesOf returns the names of an exposition with their kinds and labels, sorted.
func seriesOf(text string) []string {
	value := regexp.MustCompile(`="[^"]*"`)
	var list []string
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if kind, ok := strings.CutPrefix(line, "# TYPE "); ok {
			list = append(list, kind)
		} else if !strings.HasPrefix(line, "#") && strings.Contains(line, "{") && !strings.Contains(line, "_bucket{") {
			name, _, _ := strings.Cut(line, " ")
			list = append(list, value.ReplaceAllString(name, ""))
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

func TestMetricsHoldNoQueriesOfAddresses(t *testing.T) {
	s := measured(t)
	r := httptest.NewRecorder()
	s.meters.serveMetrics(r, httptest.NewRequest("GET", "/metrics", nil))
	if strings.Contains(r.Body.String(), "secret") || !strings.Contains(r.Body.String(), `feed="ajo.example/rss"`) {
		t.Error("a label shows a query, or not the feed")
	}
}

// A visit may end after a reload that took its feed out of the configuration.
func TestAFeedThatHasLeftKeepsItsLabel(t *testing.T) {
	s := measured(t)
	s.meters.labelFeeds([]news.Station{{ID: "kmsa", Feeds: []news.Feed{{URL: "https://kmsa.example/rss"}}}})
	s.meters.countVisit(aggregator.Visited{Station: "ajo", Feed: "https://ajo.example/rss?token=secret", Result: "read"})
	r := httptest.NewRecorder()
	s.meters.serveMetrics(r, httptest.NewRequest("GET", "/metrics", nil))
	if body := r.Body.String(); r.Code != 200 || strings.Contains(body, `feed=""`) ||
		!strings.Contains(body, `fronteras_visits_total{feed="ajo.example/rss",result="read",station="ajo"} 1`) {
		t.Errorf("%d: a visit of a feed that has left is counted under another label:\n%s", r.Code, body)
	}
}
