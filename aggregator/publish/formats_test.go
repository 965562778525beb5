package publish

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestEveryFormatHasARowOfItsOwn(t *testing.T) {
	r := NewRenderer(*testEdition(t, shelters()))
	seen := map[string]bool{}
	for _, f := range Formats() {
		for _, value := range []string{"path " + f.Path, "file " + f.File, "label " + f.Label, "name " + f.Name} {
			if seen[value] || strings.HasSuffix(value, " ") {
				t.Errorf("%s: the %s is missing, or another row's too", f.Name, value)
			}
			seen[value] = true
		}
		d, err := r.Render(f, Selection{}, inEnglish)
		if must(t, d, err) == "" || d.Type != f.Type {
			t.Errorf("%s: a document of type %q", f.Name, d.Type)
		}
		if found, number, ok := FormatAt(f.Path); !ok || number != 0 || found.Name != f.Name {
			t.Errorf("%s: at its path is %q, %d", f.Name, found.Name, number)
		}
		if f.Archive.Path == "" {
			continue
		}
		if found, number, ok := FormatAt(f.archivePath(12)); !ok || number != 12 || found.Name != f.Name {
			t.Errorf("%s: at the path of an archive document is %q, %d", f.Name, found.Name, number)
		}
		if f.Archive.MaxAge != 24*time.Hour {
			t.Errorf("%s: archive documents may be kept for %s", f.Name, f.Archive.MaxAge)
		}
	}
	for _, path := range []string{
		"", "/feed", "/archive/", "/archive/0.rss", "/archive/01.rss", "/archive/-1.rss", "/podcast/1.atom", "5",
	} {
		if f, _, ok := FormatAt(path); ok {
			t.Errorf("%q is taken for %s", path, f.Name)
		}
	}
}

// Programs that nobody here wrote depend on these.
func TestDocumentsOfTheContractAreInTheTable(t *testing.T) {
	for file, want := range map[string]string{
		"feed.rss": "/feed.rss feed.rss", "feed.atom": "/feed.atom feed.atom", "feed.json": "/feed.json feed.json",
		"podcast.rss": "/podcast.rss podcast.rss", "index.html": "/ front",
		"stations.opml": "/stations.opml stations.opml",
	} {
		at := slices.IndexFunc(table, func(f Format) bool { return f.File == file })
		if at < 0 || table[at].Path+" "+table[at].Label != want {
			t.Errorf("%s: not in the table, or not at the address and with the label %q", file, want)
		}
	}
}

func TestANewRowIsOfferedByPagesAndOPML(t *testing.T) {
	r := NewRenderer(*testEdition(t, shelters()))
	r.formats = append(Formats(), Format{
		Name: "Telegraph", Path: "/feed.morse", Type: "text/x-morse; charset=utf-8", Readers: NewsReaders,
		Outline: func(*Edition) string { return "In dots and dashes" },
	})
	front, err := renderFront(r, request{locale: inEnglish})
	inSequence(t, "front page", must(t, front, err),
		`<link rel="alternate" type="text/x-morse" title="Fronteras Desk (Telegraph)" href="/feed.morse">`,
		`<dt><a href="/feed.morse">Telegraph</a></dt><dd><code>https://fronteras.example/feed.morse</code></dd>`)
	list, err := renderOPML(r, request{})
	inSequence(t, "OPML", must(t, list, err),
		`text="In dots and dashes" title="In dots and dashes" xmlUrl="https://fronteras.example/feed.morse"`)
}

// The table would be one place among others if code elsewhere named the documents again.
func TestNoOtherCodeNamesTheDocuments(t *testing.T) {
	root := filepath.Join("..", "..")
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") ||
			filepath.Base(path) == "formats.go" {
			return err
		}
		text, err := os.ReadFile(path)
		for _, f := range Formats() {
			for _, name := range []string{f.Path, f.File, f.Label} {
				if name != "/" && strings.Contains(string(text), `"`+name+`"`) {
					t.Errorf("%s names %q itself", path, name)
				}
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
