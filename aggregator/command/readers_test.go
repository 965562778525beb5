//go:build readers

package command

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestReadersGetWhatIsPublished has programs of other people read the golden documents, and
// compares what they see with what the desk says.
func TestReadersGetWhatIsPublished(t *testing.T) {
	folder := filepath.Join(root, "testdata", "golden")
	server := httptest.NewServer(http.FileServer(http.Dir(folder)))
	defer server.Close()
	want := goldenItems(t, folder)

	t.Run("xmllint", func(t *testing.T) {
		for _, name := range []string{"feed.rss", "feed.atom", "podcast.rss", "stations.opml"} {
			run(t, "xmllint", "--noout", filepath.Join(folder, name))
		}
	})
	for _, name := range []string{"feed.rss", "feed.atom"} {
		t.Run("feedparser/"+name, func(t *testing.T) {
			have := feedparser(t, filepath.Join(folder, name))
			if !slices.EqualFunc(have, want, seenItem.equal) {
				t.Errorf("it sees\n%s\nwant\n%s", lines(have), lines(want))
			}
		})
		t.Run("newsboat/"+name, func(t *testing.T) {
			if n := newsboat(t, server.URL+"/"+name); n != len(want) {
				t.Errorf("it counts %d articles, want %d", n, len(want))
			}
		})
	}
	for document, grammar := range map[string]string{"feed.rss": "rss", "feed.atom": "atom", "podcast.rss": "podcast",
		"stations.opml": "opml"} {
		t.Run("jing/"+document, func(t *testing.T) {
			run(t, "jing", "-c", filepath.Join(root, "testdata", "grammar", grammar+".rnc"),
				filepath.Join(folder, document))
		})
	}
	t.Run("ajv/feed.json", func(t *testing.T) {
		const script = `
const Ajv = require("ajv/dist/2020"), fs = require("fs"), read = path => JSON.parse(fs.readFileSync(path, "utf8"))
const valid = new Ajv({ allErrors: true }).compile(read(process.argv[1]))
if (!valid(read(process.argv[2]))) { console.log(JSON.stringify(valid.errors.slice(0, 5), null, 1)); process.exit(1) }`
		if out, err := node(t, script, "commonjs", filepath.Join(root, "testdata", "grammar", "feed.schema.json"),
			filepath.Join(folder, "feed.json")); err != nil {
			t.Errorf("%v: %s", err, out)
		}
	})
	for _, name := range []string{"feed.rss", "feed.atom", "feed.json"} {
		t.Run("feedsmith/"+name, func(t *testing.T) {
			if have := feedsmith(t, filepath.Join(folder, name)); !slices.EqualFunc(have, want, seenItem.equal) {
				t.Errorf("it sees\n%s\nwant\n%s", lines(have), lines(want))
			}
		})
	}
	var heard []seenItem
	for _, i := range want {
		if i.Enclosure != "" {
			heard = append(heard, i)
		}
	}
	for name, read := range map[string]func(*testing.T, string) []seenItem{"feedparser": feedparser,
		"podcastparser": podcastparser, "feedsmith": feedsmith} {
		t.Run(name+"/podcast.rss", func(t *testing.T) {
			have := read(t, filepath.Join(folder, "podcast.rss"))
			if !slices.EqualFunc(have, heard, func(a, b seenItem) bool {
				return a.ID == b.ID && a.Title == b.Title && a.Enclosure == b.Enclosure && a.Published == b.Published
			}) {
				t.Errorf("it sees\n%s\nwant\n%s", lines(have), lines(heard))
			}
		})
	}
}

// seenItem is what a reader sees of a story.
type seenItem struct {
	ID, Title, Link, Author, Published, Enclosure, Source string
}

func (s seenItem) equal(o seenItem) bool {
	s.Source, o.Source = "", ""
	return s == o
}

// goldenItems returns the stories as feed.json tells them.
func goldenItems(t *testing.T, folder string) []seenItem {
	text, err := os.ReadFile(filepath.Join(folder, "feed.json"))
	if err != nil {
		t.Fatal(err)
	}
	var feed struct {
		Items []struct {
			ID, URL, Title string
			Published      string `json:"date_published"`
			Authors        []struct{ Name string }
			Attachments    []struct{ URL string }
		}
	}
	if err := json.Unmarshal(text, &feed); err != nil {
		t.Fatal(err)
	}
	var items []seenItem
	for _, i := range feed.Items {
		s := seenItem{ID: i.ID, Title: i.Title, Link: i.URL, Author: i.Authors[0].Name, Published: i.Published}
		if len(i.Attachments) > 0 {
			s.Enclosure = i.Attachments[0].URL
		}
		items = append(items, s)
	}
	return items
}

// feedparser reads a document with python3-feedparser, strictly.
func feedparser(t *testing.T, path string) []seenItem {
	const script = `
import sys, json, time, feedparser
d = feedparser.parse(sys.argv[1])
if d.bozo: raise SystemExit("not well-formed: %s" % d.bozo_exception)
print(json.dumps([{
  "ID": e.id, "Title": e.title, "Link": e.link,
  "Author": (e.get("authors") or [{}])[0].get("name", e.get("author", "")),
  "Published": time.strftime("%Y-%m-%dT%H:%M:%SZ", e.published_parsed),
  "Enclosure": e.enclosures[0].href if e.enclosures else "", "Source": e.get("source", {}).get("title", ""),
} for e in d.entries]))`
	var items []seenItem
	if err := json.Unmarshal(run(t, "/usr/bin/python3", "-c", script, path), &items); err != nil {
		t.Fatal(err)
	}
	for _, i := range items {
		if i.Source == "" {
			t.Errorf("%s: it sees no source", i.Title)
		}
	}
	return items
}

// podcastparser reads the podcast as gPodder does.
func podcastparser(t *testing.T, path string) []seenItem {
	const script = `
import sys, json, time, podcastparser
d = podcastparser.parse("https://fronteras.example/podcast.rss", open(sys.argv[1], "rb"))
assert all(len(e["enclosures"]) == 1 for e in d["episodes"]), "an episode has not one enclosure"
assert all("Read more from the Fronteras Desk." in e["description"] for e in d["episodes"]), "an episode has no credit"
print(json.dumps([{
  "ID": e["guid"], "Title": e["title"], "Link": e["link"], "Enclosure": e["enclosures"][0]["url"],
  "Published": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(e["published"])),
} for e in d["episodes"]]))`
	var items []seenItem
	if err := json.Unmarshal(run(t, "/usr/bin/python3", "-c", script, path), &items); err != nil {
		t.Fatal(err)
	}
	return items
}

// feedsmith reads a document with the npm package of that name.
func feedsmith(t *testing.T, path string) []seenItem {
	const script = `
import { parseFeed } from "feedsmith"
import { readFileSync } from "node:fs"
const { feed } = parseFeed(readFileSync(process.argv[1], "utf8"))
const time = date => new Date(date).toISOString().replace(".000", "")
const link = (entry, rel) => (entry.links ?? []).find(l => l.rel === rel)?.href ?? ""
console.log(JSON.stringify((feed.items ?? feed.entries).map(e => ({
  ID: e.guid?.value ?? e.id, Title: e.title?.value ?? e.title, Link: e.link ?? e.url ?? link(e, "alternate"),
  Author: (e.authors?.[0]?.name ?? e.dc?.creators?.[0]) ?? "",
  Published: time(e.pubDate ?? e.published ?? e.date_published),
  Enclosure: e.enclosures?.[0]?.url ?? e.attachments?.[0]?.url ?? link(e, "enclosure"),
  Source: e.source?.title?.value ?? e.source?.title ?? "",
}))))`
	out, err := node(t, script, "module", path)
	if err != nil {
		t.Fatalf("node: %v: %s", err, out)
	}
	var items []seenItem
	if err := json.Unmarshal(out, &items); err != nil {
		t.Fatal(err)
	}
	return items
}

// node runs a script of that type with files, where it finds npm's packages.
func node(t *testing.T, script, kind string, files ...string) ([]byte, error) {
	t.Helper()
	args := []string{"--input-type=" + kind, "-e", script}
	for _, name := range files {
		absolute, err := filepath.Abs(name)
		if err != nil {
			t.Fatal(err)
		}
		args = append(args, absolute)
	}
	c := exec.Command("node", args...)
	c.Dir = nodeFolder(t)
	return c.Output()
}

// newsboat counts the articles that newsboat finds at an address.
func newsboat(t *testing.T, address string) int {
	folder := t.TempDir()
	urls := filepath.Join(folder, "urls")
	if err := os.WriteFile(urls, []byte(address+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	cache := []string{"-u", urls, "-c", filepath.Join(folder, "cache.db"), "-C", os.DevNull}
	run(t, "newsboat", append(cache, "-x", "reload")...)
	out := string(run(t, "newsboat", append(cache, "-x", "print-unread")...))
	var n int
	if _, err := fmt.Sscan(strings.TrimSpace(out), &n); err != nil {
		t.Fatalf("newsboat said %q", out)
	}
	return n
}

func run(t *testing.T, name string, args ...string) []byte {
	t.Helper()
	c := exec.Command(name, args...)
	c.Env = append(os.Environ(), "HOME="+t.TempDir(), "LANG=C.UTF-8")
	var problems bytes.Buffer
	c.Stderr = &problems
	out, err := c.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, &problems)
	}
	return out
}

func lines(items []seenItem) string {
	var b strings.Builder
	for _, i := range items {
		fmt.Fprintf(&b, "\t%+v\n", i)
	}
	return b.String()
}
