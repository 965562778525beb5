package command

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fronteras/aggregator/config"
	"fronteras/aggregator/identity"
	"fronteras/aggregator/news"
	"fronteras/store"
)

// While a visit is in progress, what others have brought waits to be settled.
func TestStoriesSayWhatWaitsForVisitsInProgress(t *testing.T) {
	path := filepath.Join(t.TempDir(), "config.yaml")
	text := "desk: {title: T, url: 'https://desk.example'}\nstations: [{id: ajo, name: Radio Ajo, url: " +
		"'https://ajo.example', feeds: [{url: 'file:ajo.xml'}]}]\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	env := Env{Out: &bytes.Buffer{}, Err: &bytes.Buffer{}, Getenv: os.Getenv}
	list := func() string {
		t.Helper()
		var out bytes.Buffer
		env.Out = &out
		if code := Run(t.Context(), []string{"stories", "--config", path}, env); code != 0 {
			t.Fatalf("exit %d: %s", code, env.Err)
		}
		return out.String()
	}
	if text := list(); strings.Contains(text, "wait") {
		t.Errorf("before any visit: %s", text)
	}
	c, err := config.Load(path, os.Getenv)
	if err != nil {
		t.Fatal(err)
	}
	d, err := openApp(c, env, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	now, f := time.Now(), c.Stations[0].Feeds[0]
	entries := []news.Entry{{GUID: "1", Title: "Rain at last"}, {GUID: "2", Title: "Wells run dry"}}
	if err := d.store.Learn(t.Context(), d.feedList(), now); err != nil {
		t.Fatal(err)
	}
	if _, err := d.store.Save(t.Context(), news.FeedState{Feed: f.URL, Station: "ajo"},
		&identity.Arrival{Feed: f, At: now, Whole: true, Entries: entries}, nil); err != nil {
		t.Fatal(err)
	}
	if err := d.close(); err != nil {
		t.Fatal(err)
	}
	if text := list(); !strings.HasSuffix(text, "\n2 items wait for visits in progress\n") {
		t.Errorf("after a visit that is not settled: %s", text)
	}
}
