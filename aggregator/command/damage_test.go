package command

import (
	"bytes"
	"encoding/json"
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

// damagedDesk is the configuration of a desk with two stories, in one of which a letter has become
// another on the disk; sound is a backup that was made before.
func damagedDesk(t *testing.T) (path, sound string, run func(args ...string) (code int, out, err string)) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "config.yaml")
	text := "desk: {title: T, url: 'https://desk.example'}\nstations: [{id: ajo, name: Radio Ajo, url: " +
		"'https://ajo.example', feeds: [{url: 'file:ajo.xml'}]}]\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	run = func(args ...string) (int, string, string) {
		var out, errors bytes.Buffer
		code := Run(t.Context(), append(args, "--config", path), Env{Out: &out, Err: &errors, Getenv: os.Getenv})
		return code, out.String(), errors.String()
	}
	c, err := config.Load(path, os.Getenv)
	if err != nil {
		t.Fatal(err)
	}
	d, err := openApp(c, Env{Err: &bytes.Buffer{}, Getenv: os.Getenv}, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	now, f := time.Now(), c.Stations[0].Feeds[0]
	entries := []news.Entry{{GUID: "1", Title: "Rain at last"}, {GUID: "2", Title: "Wells run dry"}}
	if err := d.store.Learn(t.Context(), d.feedList(), now); err != nil {
		t.Fatal(err)
	}
	if _, err := d.store.Save(t.Context(), news.FeedState{Feed: f.URL, Station: "ajo", Due: now},
		&identity.Arrival{Feed: f, At: now, Whole: true, Entries: entries}, nil); err != nil {
		t.Fatal(err)
	}
	if _, _, err := d.store.Settle(t.Context(), now); err != nil {
		t.Fatal(err)
	}
	if err := d.close(); err != nil {
		t.Fatal(err)
	}
	sound = filepath.Join(t.TempDir(), "sound.db")
	if code, _, told := run("backup", sound); code != 0 {
		t.Fatal(told)
	}
	file, err := os.ReadFile(c.Store)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(c.Store, bytes.ReplaceAll(file, []byte("Rain at last"), []byte("Rain at lost")),
		0o600); err != nil {
		t.Fatal(err)
	}
	return path, sound, run
}

// What cannot be read is named on standard error, never left out in silence: neither from a list for
// people nor from one for programs.
func TestStoriesNameWhatCannotBeRead(t *testing.T) {
	_, _, run := damagedDesk(t)
	for _, args := range [][]string{{"stories"}, {"stories", "--json"}} {
		code, out, told := run(args...)
		if code != 0 || !strings.Contains(out, "Wells run dry") || strings.Contains(out, "Rain") ||
			!strings.Contains(told, "story left out: ") || !strings.Contains(told, "the store is damaged, 1 fault: items 1") {
			t.Errorf("%q: exit %d, %s, %s", args, code, out, told)
		}
		var list []storyAnswer
		if err := json.Unmarshal([]byte(out), &list); len(args) > 1 && (err != nil || len(list) != 1) {
			t.Errorf("%d stories, %v", len(list), err)
		}
	}
}

// A copy of a damaged store says so, and takes no other backup's place.
func TestADamagedStoreReplacesNoBackup(t *testing.T) {
	_, sound, run := damagedDesk(t)
	before, err := os.ReadFile(sound)
	if err != nil {
		t.Fatal(err)
	}
	if code, _, told := run("backup", sound); code != 1 || !strings.Contains(told, "it stays, for the store is damaged") {
		t.Errorf("exit %d: %s", code, told)
	}
	if now, err := os.ReadFile(sound); err != nil || !bytes.Equal(now, before) {
		t.Errorf("the sound backup was replaced: %v", err)
	}
	other := filepath.Join(t.TempDir(), "other.db")
	if code, _, told := run("backup", other); code != 0 ||
		!strings.Contains(told, "holds the damage of the store, 1 fault") {
		t.Errorf("exit %d: %s", code, told)
	}
	if code, out, _ := run("verify", other); code != 1 || !strings.Contains(out, "items 1: not what was written") {
		t.Errorf("the copy is verified with %d: %s", code, out)
	}
	if code, out, _ := run("verify", sound); code != 0 {
		t.Errorf("the sound backup is verified with %d: %s", code, out)
	}
}

// A scheduled backup that holds the store's damage is made, and all older ones stay.
func TestABackupWithDamageRemovesNoOlderOne(t *testing.T) {
	path, sound, _ := damagedDesk(t)
	live := filepath.Join(filepath.Dir(path), "fronteras.db")
	folder := t.TempDir()
	plan := config.Backup{To: folder, Keep: 1}
	put := func(from string, hour int) putResult {
		t.Helper()
		f, err := os.Open(from)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		made := time.Date(2031, 1, 1, hour, 0, 0, 0, time.UTC)
		r, err := putBackup(t.Context(), plan, store.Copy{ReadCloser: f}, made, live)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	for hour, c := range []struct {
		from            string
		damage, removed int
	}{{sound, 0, 0}, {sound, 0, 1}, {live, 1, 0}, {live, 1, 0}, {sound, 0, 3}} {
		if r := put(c.from, hour); len(r.damage) != c.damage || r.removed != c.removed {
			t.Errorf("backup %d has %q, %d older ones were removed; want %+v", hour, r.damage, r.removed, c)
		}
	}
}
