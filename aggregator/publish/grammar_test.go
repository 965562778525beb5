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

// TestGrammar holds documents with everything in them against grammars that list
// exactly what is written.
func TestGrammar(t *testing.T) {
	withdrawn := plainStory("ccccccccccccc", "krwg", "Withdrawn", noon)
	withdrawn.Status, withdrawn.Withdrawn, withdrawn.WithdrawnBy = news.Retracted, noon, "KRWG"
	e := testEdition(t, shelters(), plainStory("bbbbbbbbbbbbb", "krwg", "Rain", noon))
	e.Closed, e.Hub = 3, "https://fronteras.example/websub/hub"
	e.Gone = []news.Gone{{ID: withdrawn.PublicID, When: noon, Story: withdrawn}, {ID: "tag:fronteras.example,2026:former", When: noon, Story: e.Stories[0]}}
	a := news.Archive{Number: 2, Stories: e.Stories, Ended: noon.Add(time.Hour)}
	folder := t.TempDir()
	for name, c := range map[string]struct {
		grammar string
		render  func() (Document, error)
	}{
		"feed.rss":     {"rss", func() (Document, error) { return e.RSS(Selection{}) }},
		"archive.rss":  {"rss", func() (Document, error) { return e.ArchiveRSS(a, Selection{For: []string{"azpm"}}) }},
		"feed.atom":    {"atom", func() (Document, error) { return e.Atom(Selection{}) }},
		"archive.atom": {"atom", func() (Document, error) { return e.ArchiveAtom(a, Selection{Topics: []string{"border"}}) }},
		"podcast.rss":  {"podcast", func() (Document, error) { return e.PodcastRSS(Selection{}) }},
		"podcast page": {"podcast", func() (Document, error) {
			return e.PodcastPage(a, Selection{}, func(values map[string]string) (map[string]string, error) { return values, nil })
		}},
		"empty.atom": {"atom", func() (Document, error) { return e.Atom(Selection{Topics: []string{"none"}}) }},
		"opml":       {"opml", e.OPML},
	} {
		t.Run(name, func(t *testing.T) {
			d, err := c.render()
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
