//go:build browser

package command

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// desk is a daemon that runs until the test ends.
type desk struct {
	address, config string
	stories         map[string]deskStory // by title
}

type deskStory struct {
	id        string
	published time.Time
}

// newDesk runs a desk with a configuration that is made for its address and port.
func newDesk(t *testing.T, configured func(address, port string) string) *desk {
	t.Helper()
	port, err := freePort()
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{address: "http://127.0.0.1:" + port, config: filepath.Join(t.TempDir(), "config.yaml")}
	d.start(t, configured(d.address, port))
	return d
}

// newSampleDesk runs the sample desk as it is, but for its port.
func newSampleDesk(t *testing.T) *desk {
	t.Helper()
	return newSampleDeskWith(t, func(text, _ string) string { return text })
}

// newSampleDeskWith runs the sample desk with a configuration that is changed, given its address.
func newSampleDeskWith(t *testing.T, change func(text, address string) string) *desk {
	t.Helper()
	folder := t.TempDir()
	if err := copyTree(filepath.Join(root, "testdata", "stations"),
		filepath.Join(folder, "testdata", "stations")); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(root, "config.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	port, err := freePort()
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{address: "http://127.0.0.1:" + port, config: filepath.Join(folder, "config.yaml")}
	d.start(t, change(strings.Replace(string(text), "\nlisten: 127.0.0.1:8080", "\nlisten: 127.0.0.1:"+port, 1), d.address))
	return d
}

// start runs the daemon, has it visit all feeds, and notes its stories.
func (d *desk) start(t *testing.T, configuration string) {
	t.Helper()
	if err := os.WriteFile(d.config, []byte(configuration), 0o600); err != nil {
		t.Fatal(err)
	}
	runDaemon(t, d.address, d.config)
	d.stories = map[string]deskStory{}
	var list []struct {
		ID, Title string
		Published time.Time
	}
	if err := json.Unmarshal([]byte(d.command(t, "stories", "--json")), &list); err != nil {
		t.Fatal(err)
	}
	for _, story := range list {
		d.stories[story.Title] = deskStory{story.ID, story.Published}
	}
}

// story is the path of a story's page.
func (d *desk) story(t *testing.T, title string) string {
	t.Helper()
	s, found := d.stories[title]
	if !found {
		t.Fatalf("the desk has no story %q", title)
	}
	return "/stories/" + s.id
}

// day is the path of the page of a story's day.
func (d *desk) day(t *testing.T, title, zone string) string {
	t.Helper()
	d.story(t, title)
	where, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	return "/days/" + d.stories[title].published.In(where).Format(time.DateOnly)
}

// command runs one of the program's commands on the desk, and gives what it prints.
func (d *desk) command(t *testing.T, arguments ...string) string {
	t.Helper()
	var out bytes.Buffer
	env := Env{In: strings.NewReader(""), Out: &out, Err: os.Stderr, Getenv: func(string) string { return "" }}
	if code := Run(t.Context(), append(arguments, "--config", d.config), env); code != 0 {
		t.Fatalf("%q: exit %d", arguments, code)
	}
	return out.String()
}
