package main

import (
	"go/build"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// allowed is what each package may import of the others: arrows run one way,
// adapters are strangers, and only command connects everything.
var allowed = map[string]string{
	".":                   "aggregator/command",
	"aggregator/news":     "",
	"aggregator/markup":   "",
	"aggregator/owner":    "",
	"aggregator/link":     "aggregator/news",
	"aggregator/credit":   "aggregator/news aggregator/markup",
	"aggregator/identity": "aggregator/news aggregator/link aggregator/markup aggregator/credit",
	"aggregator/config":   "aggregator/news aggregator/link aggregator/credit",
	"aggregator/feed":     "aggregator/news aggregator/link aggregator/markup",
	"aggregator/publish":  "aggregator/news aggregator/markup aggregator/credit",
	"aggregator/web":      "aggregator/news aggregator/publish",
	"aggregator/websub":   "aggregator/news",
	"aggregator":          "aggregator/news aggregator/feed aggregator/identity",
	"aggregator/command":  "aggregator aggregator/news aggregator/link aggregator/credit aggregator/identity aggregator/config aggregator/feed aggregator/publish aggregator/web aggregator/websub aggregator/owner store",
	"store":               "aggregator/news aggregator/identity aggregator/owner",
	"store/storetest":     "aggregator/news aggregator/identity aggregator/link aggregator/credit",
}

func TestImportsRunOneWay(t *testing.T) {
	seen := map[string]bool{}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.IsDir() {
			return err
		}
		if name := d.Name(); path != "." && (name == "testdata" || strings.HasPrefix(name, ".")) {
			return filepath.SkipDir
		}
		p, err := build.ImportDir(path, 0)
		if _, empty := err.(*build.NoGoError); empty {
			return nil
		}
		if err != nil {
			return err
		}
		seen[path] = true
		may, known := allowed[filepath.ToSlash(path)]
		if !known {
			t.Errorf("%s is in no table: say what it may import", path)
		}
		for _, i := range p.Imports {
			if own, ok := strings.CutPrefix(i, "fronteras/"); ok && !slices.Contains(strings.Fields(may), own) {
				t.Errorf("%s imports %s: it may import %q", path, own, may)
			}
			if path == "aggregator/news" && strings.Contains(i, ".") {
				t.Errorf("news imports %s: it may import the standard library alone", i)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for path := range allowed {
		if !seen[path] {
			t.Errorf("%s is in the table and holds no code", path)
		}
	}
}
