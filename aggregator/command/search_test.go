package command

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// searchDesk writes the configuration of a desk of three stations, which tell what a reader may look for.
func searchDesk(t *testing.T) (configuration, desk string) {
	t.Helper()
	item := func(station, title, date, topic, text string) string {
		slug := strings.ToLower(strings.ReplaceAll(title, " ", "-"))
		return fmt.Sprintf(`<item><title>%s</title><link>https://%s.example/%s</link><guid>https://%s.example/%s</guid>`+
			`<pubDate>%s</pubDate><category>%s</category><description>%s</description></item>`,
			title, station, url.PathEscape(slug), station, url.PathEscape(slug), date, topic, text)
	}
	feed := func(items ...string) string {
		return `<rss version="2.0"><channel><title>A station</title>` + strings.Join(items, "") + `</channel></rss>`
	}
	feeds := map[string]string{
		"/kmsa": feed(
			item("kmsa", "Wells run dry", "Mon, 03 Nov 2025 12:00:00 GMT", "Water", "Families near Mesilla haul water by truck."),
			item("kmsa", "Levee work begins", "Tue, 04 Nov 2025 12:00:00 GMT", "Water", "A dry well is no levee, said an engineer."),
		),
		"/ajo": feed(item("ajo", "Inundación cierra calles", "Wed, 05 Nov 2025 12:00:00 GMT", "Agua", "Los vecinos piden un dique.")),
		"/kdem": feed(item("kdem", "School board meets", "Thu, 06 Nov 2025 06:30:00 GMT", "Schools",
			"The board met in Deming &lt;b&gt;on Thursday&lt;/b&gt; about roads.")),
	}
	newsPort := everyLoopback(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/rss+xml")
		_, _ = io.WriteString(w, feeds[r.URL.Path])
	}))
	port, err := freePort()
	if err != nil {
		t.Fatal(err)
	}
	desk = "http://127.0.0.1:" + port
	text := fmt.Sprintf("desk: {title: Test Desk, url: '%s'}\nlisten: 127.0.0.1:%s\npoll: {every: 1h, private_networks: true, "+
		"read_pages: false}\npublish: {stories: 50, max_age: 87600h}\nstations:\n", desk, port)
	for n, of := range [][3]string{{"kmsa", "KMSA Mesilla", "en"}, {"ajo", "Radio Ajo", "es"}, {"kdem", "KDEM Deming", "en"}} {
		text += fmt.Sprintf("  - {id: %s, name: %s, language: %s, timezone: America/Denver, url: 'https://%s.example', feeds: "+
			"[{url: 'http://127.0.0.%d:%s/%s'}]}\n", of[0], of[1], of[2], of[0], 20+n, newsPort, of[0])
	}
	configuration = filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(configuration, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return configuration, desk
}

// serveSearchDesk runs the daemon until stop is called, which kills it.
func serveSearchDesk(t *testing.T, configuration string) (stop func()) {
	t.Helper()
	c := command([]string{"fronteras", "serve", "--config", configuration})
	var log strings.Builder
	c.Stderr = &log
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	stopped := false
	stop = func() {
		if stopped {
			return
		}
		stopped = true
		_ = c.Process.Kill()
		_ = c.Wait() // it was killed
		if t.Failed() || strings.Contains(log.String(), "panic") {
			t.Errorf("the daemon said: %s", log.String())
		}
	}
	t.Cleanup(stop)
	return stop
}

// visitNow has the daemon of a configuration visit all feeds, which it does within a minute by itself.
func visitNow(t *testing.T, configuration, desk string) {
	t.Helper()
	if !eventually(func() bool { status, _ := getAnswer(desk + "/livez"); return status == http.StatusOK }) {
		t.Fatal("the daemon does not answer")
	}
	if out, err := command([]string{"fronteras", "poll", "--config", configuration}).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
}

// titlesFound are the titles in a JSON Feed of a search, the first first.
func titlesFound(address string) (titles []string, err error) {
	status, body := getAnswer(address)
	var document struct{ Items []struct{ Title string } }
	if status != http.StatusOK {
		return nil, fmt.Errorf("%d: %s", status, body)
	}
	err = json.Unmarshal([]byte(body), &document)
	for _, i := range document.Items {
		titles = append(titles, i.Title)
	}
	return titles, err
}

func getAnswer(address string) (status int, body string) {
	answer, err := http.Get(address)
	if err != nil {
		return 0, err.Error()
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return 0, err.Error()
	}
	return answer.StatusCode, string(text)
}

// mustFind waits until a search of a feed finds these titles.
func mustFind(t *testing.T, desk, query string, want ...string) {
	t.Helper()
	var got []string
	var err error
	if !eventually(func() bool {
		got, err = titlesFound(desk + "/feed.json?" + query)
		return err == nil && slices.Equal(got, want)
	}) {
		t.Fatalf("%s finds %q, want %q, %v", query, got, want, err)
	}
}

func TestReadersSearchTheDesk(t *testing.T) {
	t.Parallel()
	configuration, desk := searchDesk(t)
	stop := serveSearchDesk(t, configuration)
	visitNow(t, configuration, desk)
	const wells, levee, flood, board = "Wells run dry", "Levee work begins", "Inundación cierra calles", "School board meets"
	mustFind(t, desk, "from=2025-11-01", board, flood, levee, wells)
	for query, want := range map[string][]string{
		"q=well":                        {levee, wells}, // in a feed the newest comes first
		"q=%22run+dry%22":               {wells},
		"q=inundaciones":                {flood},
		"q=Radio+Ajo":                   {flood},
		"q=dry&station=kmsa":            {levee, wells},
		"q=dry&station=ajo":             nil,
		"q=dry&topic=water&lang=en":     {levee, wells},
		"q=-dry&for=kdem":               {flood},
		"q=zebra":                       nil,
		"q=%F0%9F%98%80":                nil, // a sign alone
		"q=%22":                         nil,
		"from=2025-11-04&to=2025-11-05": {board, flood, levee}, // it was still Wednesday in Denver
		"to=2025-11-03":                 {wells},
	} {
		if got, err := titlesFound(desk + "/feed.json?" + query); err != nil || !slices.Equal(got, want) {
			t.Errorf("%s finds %q, want %q, %v", query, got, want, err)
		}
	}

	for address, want := range map[string]struct {
		status int
		shown  []string
	}{
		"/search?q=well": {200, []string{"2 stories", "A dry <mark>well</mark> is no levee", `content="noindex"`,
			`/feed.rss?q=well`, "Wells run dry</a></h2>"}},
		"/es/search?q=inundaciones":   {200, []string{"Una nota", flood, "/es/stories/"}},
		"/search?q=zebra":             {200, []string{"No stories were found"}},
		"/search?q=*":                 {200, []string{"No stories were found"}},
		"/search?q=well&page=99":      {200, []string{`href="/search?q=well"`}}, // back to the last page
		"/search":                     {200, []string{"4 stories"}},
		"/search?q=&station=&to=":     {200, []string{"4 stories"}},
		"/search?q=well&page=2":       {200, []string{"2 stories", `rel="prev"`}},
		"/search?station=nobody":      {404, []string{"There is no station “nobody” here."}},
		"/search?from=yesterday":      {400, []string{"“yesterday” is not a day", "2026-11-27", "<form"}},
		"/es/search?to=31.12.2025":    {400, []string{"no es un día"}},
		"/search?q=well&page=none":    {400, nil},
		"/feed.rss?q=well&from=x":     {404, []string{"a day is written as"}},
		"/feed.atom?q=well":           {200, []string{"<title type=\"text\">well – Test Desk</title>", "q=well</id>", `rel="self"`}},
		"/feed.rss?q=well":            {200, []string{"<title>well – Test Desk</title>"}},
		"/podcast.rss?q=well":         {200, []string{"<rss"}},
		"/?q=zebra":                   {200, []string{"Wells run dry"}},
		"/search?q=%3Cscript%3E":      {200, []string{"&lt;script&gt;"}},
		"/search?q=wells+-levee":      {200, []string{"One story"}},
		"/search?q=" + long("a", 900): {200, []string{"No stories were found"}},
		"/search?q=%22dry+well%22":    {200, []string{"One story", "A <mark>dry</mark> <mark>well</mark>"}},
	} {
		status, body := getAnswer(desk + address)
		if status != want.status {
			t.Errorf("%.60s: %d, want %d: %.200s", address, status, want.status, body)
		}
		for _, text := range want.shown {
			if !strings.Contains(body, text) {
				t.Errorf("%.60s does not show %q", address, text)
			}
		}
	}
	if _, body := getAnswer(desk + "/feed.rss?q=well"); strings.Contains(body, `rel="hub"`) || strings.Contains(body, "prev-archive") {
		t.Error("the feed of a search has a hub or an archive")
	}
	answer, err := http.Get(desk + "/feed.rss?q=well")
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	again, _ := http.NewRequest(http.MethodGet, desk+"/feed.rss?q=well", nil)
	again.Header.Set("If-None-Match", answer.Header.Get("ETag"))
	if answer, err = http.DefaultClient.Do(again); err != nil || answer.StatusCode != http.StatusNotModified {
		t.Errorf("the same feed again: %v, %v", answer.Status, err)
	}

	// Withdrawn.
	retract := command([]string{"fronteras", "retract", "--config", configuration, "https://kmsa.example/wells-run-dry", "--reason", "wrong"})
	if out, err := retract.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if _, body := getAnswer(desk + "/search?q=well"); strings.Contains(body, wells) || !strings.Contains(body, "One story") {
		t.Error("a withdrawn story is still found")
	}
	mustFind(t, desk, "q=well", levee)
	if _, body := getAnswer(desk + "/metrics"); !strings.Contains(body, "fronteras_search_complete 1") {
		t.Error("the metrics do not say that all can be searched for")
	}

	// The folder goes, and a command changes the store while nobody serves it.
	stop()
	if err := os.RemoveAll(folderOfIndex(configuration)); err != nil {
		t.Fatal(err)
	}
	restore := command([]string{"fronteras", "restore", "--config", configuration, "https://kmsa.example/wells-run-dry"})
	if out, err := restore.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	stop = serveSearchDesk(t, configuration)
	mustFind(t, desk, "q=well", levee, wells)
	stop()
	retract = command([]string{"fronteras", "retract", "--config", configuration, "https://kmsa.example/levee-work-begins", "--reason", "wrong"})
	if out, err := retract.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if err := os.WriteFile(filepath.Join(folderOfIndex(configuration), "index.db"), []byte("no index"), 0o600); err != nil {
		t.Fatal(err)
	}
	serveSearchDesk(t, configuration)
	mustFind(t, desk, "q=well", wells)
}

func long(text string, n int) string { return strings.Repeat(text, n) }

func folderOfIndex(configuration string) string {
	return searchFolder(filepath.Join(filepath.Dir(configuration), "fronteras.db"))
}

// A folder that cannot be made costs the search alone.
func TestWithoutARoomForTheIndexTheDeskGoesOn(t *testing.T) {
	t.Parallel()
	configuration, desk := searchDesk(t)
	if err := os.WriteFile(folderOfIndex(configuration), nil, 0o600); err != nil { // a file, where the folder would be
		t.Fatal(err)
	}
	serveSearchDesk(t, configuration)
	visitNow(t, configuration, desk)
	if !eventually(func() bool { status, _ := getAnswer(desk + "/feed.rss"); return status == http.StatusOK }) {
		t.Fatal("nothing is published")
	}
	for address, want := range map[string]string{
		"/search?q=well": "Search is not available", "/es/search?q=well": "La búsqueda no está disponible",
		"/feed.rss?q=well": "search is not available now",
	} {
		if status, body := getAnswer(desk + address); status != http.StatusServiceUnavailable || !strings.Contains(body, want) {
			t.Errorf("%s: %d %.200s", address, status, body)
		}
	}
}

// Killed at any moment, the index loses nothing and doubles nothing.
func TestKilledDaemonFindsAllThatItPublished(t *testing.T) {
	t.Parallel()
	room := newNewsroom(t)
	configuration, desk := crashDesk(t, room)
	for range 4 {
		stop := serveSearchDesk(t, configuration)
		if !eventually(func() bool { ids, err := idsServed(desk); return err == nil && len(ids) > 0 }) {
			t.Fatal("nothing is published")
		}
		time.Sleep(rand.N(2 * time.Second))
		stop()
	}
	room.stop()
	serveSearchDesk(t, configuration)
	var published, found map[string]string
	if !eventually(func() bool {
		var err, failed error
		published, err = idsServed(desk)
		found, failed = idsFound(desk)
		return err == nil && failed == nil && len(published) > 0 && maps.Equal(published, found)
	}) {
		t.Errorf("%d stories are published, %d are found", len(published), len(found))
	}
}
