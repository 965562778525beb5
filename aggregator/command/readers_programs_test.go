//go:build readers

package command

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// reader is a program that reads documents over and over.
type reader struct {
	name      string
	documents []string
	// open prepares it; poll has it read a document once more, and returns what it shows of that then.
	open func(t *testing.T) (poll func(t *testing.T, address string) []seenStory)
}

// readerPrograms are the readers that are tried, each with the documents that it reads.
var readerPrograms = []reader{
	{"WordPress (`fetch_feed`)", []string{"feed.rss", "feed.atom"}, openWordPress},
	{"SimplePie", []string{"feed.rss", "feed.atom"}, parser(simplepie)},
	{"Miniflux", []string{"feed.rss", "feed.atom", "feed.json"}, openMiniflux},
	{"newsboat", []string{"feed.rss", "feed.atom"}, openNewsboat},
	{"feedparser", []string{"feed.rss", "feed.atom", "podcast.rss"}, parser(feedparser)},
	{"feedsmith", []string{"feed.rss", "feed.atom", "feed.json", "podcast.rss"}, parser(feedsmith)},
	{"gPodder (podcastparser)", []string{"podcast.rss"}, parser(podcastparser)},
}

// readersFolder holds the scripts that readers are asked with.
var readersFolder = filepath.Join(root, "testdata", "readers")

// parser is a reader that keeps nothing: it shows what a file holds.
func parser(read func(t *testing.T, path string) []seenStory) func(*testing.T) func(*testing.T, string) []seenStory {
	return func(*testing.T) func(*testing.T, string) []seenStory {
		return func(t *testing.T, address string) []seenStory {
			answer, err := http.Get(address)
			if err != nil {
				t.Fatal(err)
			}
			defer answer.Body.Close()
			text, err := io.ReadAll(answer.Body)
			if err != nil || answer.StatusCode != http.StatusOK {
				t.Fatalf("%s: %s, %v", address, answer.Status, err)
			}
			path := filepath.Join(t.TempDir(), "document")
			if err := os.WriteFile(path, text, 0o644); err != nil {
				t.Fatal(err)
			}
			return read(t, path)
		}
	}
}

// feedparser reads a document with python3-feedparser, strictly.
func feedparser(t *testing.T, path string) []seenStory {
	return decodeStories(t, run(t, "/usr/bin/python3", filepath.Join(readersFolder, "read-with-feedparser.py"), path))
}

// podcastparser reads a podcast as gPodder does.
func podcastparser(t *testing.T, path string) []seenStory {
	return decodeStories(t, run(t, "/usr/bin/python3", filepath.Join(readersFolder, "read-with-podcastparser.py"), path))
}

// simplepie reads a document with Debian's SimplePie.
func simplepie(t *testing.T, path string) []seenStory {
	loader := debianFile(t, "*/simplepie/autoloader.php", "*/SimplePie/autoload*.php", "*/simplepie/autoload*.php")
	return decodeStories(t, run(t, "php", filepath.Join(readersFolder, "read-with-simplepie.php"), loader, path))
}

// feedsmith reads a document with the npm package of that name.
func feedsmith(t *testing.T, path string) []seenStory {
	script, err := os.ReadFile(filepath.Join(readersFolder, "read-with-feedsmith.mjs"))
	if err != nil {
		t.Fatal(err)
	}
	out, err := node(t, string(script), "module", path)
	if err != nil {
		t.Fatalf("node: %v: %s", err, out)
	}
	return decodeStories(t, out)
}

// openNewsboat gives each document a newsboat of its own: it forgets feeds that it is not told of.
// What it keeps is read from its cache.
func openNewsboat(t *testing.T) func(*testing.T, string) []seenStory {
	folder := t.TempDir()
	return func(t *testing.T, address string) []seenStory {
		urls := filepath.Join(folder, filepath.Base(address))
		cache, settings := urls+".db", urls+".config"
		for name, text := range map[string]string{urls: address, settings: "download-timeout 120"} {
			if err := os.WriteFile(name, []byte(text+"\n"), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		run(t, "newsboat", "-u", urls, "-c", cache, "-C", settings, "-x", "reload")
		return decodeStories(t, run(t, "/usr/bin/python3", filepath.Join(readersFolder, "read-with-newsboat.py"), cache))
	}
}

// decodeStories reads what a script prints.
func decodeStories(t *testing.T, text []byte) (stories []seenStory) {
	t.Helper()
	if err := json.Unmarshal(text, &stories); err != nil {
		t.Fatalf("%v: %.300s", err, text)
	}
	return stories
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

// debianFile is where a Debian package has put a file: the first whose path is like one of the
// patterns. Paths differ from release to release.
func debianFile(t *testing.T, patterns ...string) string {
	t.Helper()
	for _, pattern := range patterns {
		out, err := exec.Command("dpkg", "-S", pattern).Output()
		if err != nil {
			continue // no package has one
		}
		var paths []string
		for line := range strings.Lines(string(out)) {
			if _, path, is := strings.Cut(strings.TrimSpace(line), ": "); is {
				paths = append(paths, path)
			}
		}
		if len(paths) > 0 {
			return slices.Max(paths) // of two versions, the newer one
		}
	}
	t.Fatalf("no Debian package has %q; see .ci/run", patterns)
	return ""
}
