//go:build readers

package publish

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"fronteras/aggregator/news"
)

// TestGrammar holds documents with everything in them against grammars that list exactly what is
// written.
func TestGrammar(t *testing.T) {
	withdrawn := plainStory("ccccccccccccc", "krwg", "Withdrawn", noon)
	withdrawn.Status, withdrawn.Withdrawn, withdrawn.WithdrawnBy = news.Retracted, noon, "KRWG"
	e := testEdition(t, shelters(), plainStory("bbbbbbbbbbbbb", "krwg", "Rain", noon))
	e.Closed, e.Hub = 3, "https://fronteras.example/websub/hub"
	e.Gone = []news.Gone{{ID: withdrawn.PublicID, When: noon, Story: withdrawn},
		{ID: "tag:fronteras.example,2026:former", When: noon, Story: e.Stories[0]}}
	a := news.Archive{Stories: e.Stories, Ended: noon.Add(time.Hour)}
	folder := t.TempDir()
	for name, c := range map[string]struct {
		grammar, path string
		selection     Selection
	}{
		"feed.rss":     {"rss", "/feed.rss", Selection{}},
		"archive.rss":  {"rss", "/archive/2.rss", Selection{For: []string{"azpm"}}},
		"feed.atom":    {"atom", "/feed.atom", Selection{}},
		"archive.atom": {"atom", "/archive/2.atom", Selection{Topics: []string{"border"}}},
		"podcast.rss":  {"podcast", "/podcast.rss", Selection{}},
		"podcast page": {"podcast", "/podcast/2.rss", Selection{}},
		"empty.atom":   {"atom", "/feed.atom", Selection{Topics: []string{"none"}}},
		"opml":         {"opml", "/stations.opml", Selection{}},
	} {
		t.Run(name, func(t *testing.T) {
			d, err := rendered(e, c.path, c.selection)
			if _, number, _ := FormatAt(c.path); number > 0 {
				d, err = renderedArchive(e, c.path, a, c.selection)
			}
			body := must(t, d, err)
			path := filepath.Join(folder, name)
			if err := os.WriteFile(path, []byte(body), 0o644); err != nil {
				t.Fatal(err)
			}
			grammar := filepath.Join("..", "..", "testdata", "grammar", c.grammar+".rnc")
			if out, err := exec.Command("jing", "-c", grammar, path).CombinedOutput(); err != nil {
				t.Errorf("%v: %s", err, out)
			}
		})
	}
}
