//go:build readers

package command

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// seenStory is what a reader shows of a story: text as its users see it, not as it is written in
// the document.
type seenStory struct {
	ID, Title, Link, Date, Source, Deck string
	Text                                string // HTML
	Authors, Pictures, Audio            []string
}

// publishedStory is a story as the desk publishes it.
type publishedStory struct {
	seenStory
	Origin   string // who made it
	Modified string
}

// servedDesk is a daemon with the sample desk's stations, and one whose texts are hard to show.
type servedDesk struct {
	t       *testing.T
	folder  string
	address string
	process *exec.Cmd
	log     buffer
}

// arivaca is that station in the configuration.
const arivaca = `
  - id: arivaca
    name: Arivaca Radio
    url: https://arivacaradio.example
    timezone: America/Phoenix
    feeds:
      - url: file:testdata/stations/arivaca.atom
`

// serveDeskToReaders starts it, and waits for its stories.
func serveDeskToReaders(t *testing.T) *servedDesk {
	t.Helper()
	port, err := freePort()
	if err != nil {
		t.Fatal(err)
	}
	d := &servedDesk{t: t, folder: t.TempDir(), address: "http://127.0.0.1:" + port}
	for from, to := range map[string]string{"config.yaml": "config.yaml", "testdata/stations": "testdata/stations",
		"testdata/readers/arivaca.atom": "testdata/stations/arivaca.atom"} {
		if err := copyTree(filepath.Join(root, from), filepath.Join(d.folder, to)); err != nil {
			t.Fatal(err)
		}
	}
	d.replace("config.yaml", "127.0.0.1:8080", "127.0.0.1:"+port, "\nstations:\n", "\nstations:"+arivaca+"\n",
		"every: 10s", "every: 1h", "every: 5s", "every: 1h")
	d.run("once", "--out", "out") // so that all feeds come out together
	d.process = command([]string{"fronteras", "serve", "--config", filepath.Join(d.folder, "config.yaml")})
	d.process.Stderr = &d.log
	if err := d.process.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		d.process.Process.Signal(syscall.SIGTERM)
		if err := d.process.Wait(); err != nil {
			t.Errorf("the daemon ended with %v: %s", err, d.log.String())
		}
	})
	d.await(func(stories []publishedStory) bool { return len(stories) >= 24 })
	return d
}

// replace rewrites a file of the desk: of each two texts, the second stands where the first did.
func (d *servedDesk) replace(name string, texts ...string) {
	d.t.Helper()
	path := filepath.Join(d.folder, name)
	text, err := os.ReadFile(path)
	if err != nil {
		d.t.Fatal(err)
	}
	for pair := range slices.Chunk(texts, 2) {
		if !strings.Contains(string(text), pair[0]) {
			d.t.Fatalf("%s does not say %q", name, pair[0])
		}
	}
	if err := os.WriteFile(path, []byte(strings.NewReplacer(texts...).Replace(string(text))), 0o644); err != nil {
		d.t.Fatal(err)
	}
}

// run runs a command of the program on this desk.
func (d *servedDesk) run(args ...string) {
	d.t.Helper()
	c := command(append([]string{"fronteras"}, append(args, "--config", filepath.Join(d.folder, "config.yaml"))...))
	c.Dir = d.folder
	if out, err := c.CombinedOutput(); err != nil {
		d.t.Fatalf("%v: %v: %s", args, err, out)
	}
}

// await waits until the desk's stories are so.
func (d *servedDesk) await(so func([]publishedStory) bool) {
	d.t.Helper()
	if !eventually(func() bool { stories, err := d.published(); return err == nil && so(stories) }) {
		d.t.Fatalf("the desk never published what was awaited: %s", d.log.String())
	}
}

// get is a document of the desk.
func (d *servedDesk) get(path string) ([]byte, error) {
	answer, err := http.Get(d.address + path)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s", path, answer.Status)
	}
	return io.ReadAll(answer.Body)
}

// published are the stories as feed.json tells them, and the titles of their feeds, which it lacks,
// as feed.rss does.
func (d *servedDesk) published() ([]publishedStory, error) {
	text, err := d.get("/feed.json")
	if err != nil {
		return nil, err
	}
	var feed struct {
		Items []struct {
			ID, URL, Title, Summary, Image string
			Text                           string `json:"content_html"`
			Published                      string `json:"date_published"`
			Modified                       string `json:"date_modified"`
			Authors                        []struct{ Name string }
			Attachments                    []struct{ URL string }
			Desk                           struct {
				Origin struct{ Name string }
			} `json:"_desk"`
		}
	}
	if err := json.Unmarshal(text, &feed); err != nil {
		return nil, err
	}
	if text, err = d.get("/feed.rss"); err != nil {
		return nil, err
	}
	var rss struct {
		Items []struct {
			ID     string `xml:"guid"`
			Source string `xml:"source"`
		} `xml:"channel>item"`
	}
	if err := xml.Unmarshal(text, &rss); err != nil {
		return nil, err
	}
	sources := map[string]string{}
	for _, i := range rss.Items {
		sources[i.ID] = i.Source
	}
	var stories []publishedStory
	for _, i := range feed.Items {
		s := publishedStory{seenStory: seenStory{ID: i.ID, Title: i.Title, Link: i.URL, Date: i.Published, Deck: i.Summary,
			Source: sources[i.ID], Text: i.Text}, Origin: i.Desk.Origin.Name, Modified: i.Modified}
		for _, a := range i.Authors {
			s.Authors = append(s.Authors, a.Name)
		}
		for _, a := range i.Attachments {
			s.Audio = append(s.Audio, a.URL)
		}
		if i.Image != "" {
			s.Pictures = []string{i.Image}
		}
		stories = append(stories, s)
	}
	return stories, nil
}

// stories are the stories of the document of that name.
func (d *servedDesk) stories(document string) []publishedStory {
	d.t.Helper()
	stories, err := d.published()
	if err != nil {
		d.t.Fatal(err)
	}
	if document == "podcast.rss" {
		stories = slices.DeleteFunc(stories, func(s publishedStory) bool { return len(s.Audio) == 0 })
	}
	return stories
}
