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
	".":                             "aggregator/command",
	"aggregator/news":               "",
	"aggregator/markup":             "aggregator/text",
	"aggregator/furniture":          "",
	"aggregator/owner":              "",
	"aggregator/panics":             "",
	"aggregator/command/hangup":     "",
	"aggregator/link":               "aggregator/news",
	"aggregator/credit":             "aggregator/news aggregator/markup",
	"aggregator/text":               "aggregator/news",
	"aggregator/house":              "aggregator/link aggregator/news aggregator/text",
	"aggregator/identity/directory": "aggregator/credit aggregator/house aggregator/link aggregator/news aggregator/text",
	"aggregator/identity/key":       "aggregator/identity/directory aggregator/news aggregator/text",
	"aggregator/identity/visit":     "aggregator/news",
	"aggregator/identity/evidence":  "aggregator/credit aggregator/furniture aggregator/identity/directory aggregator/identity/key aggregator/identity/visit aggregator/link aggregator/markup aggregator/news aggregator/text",
	"aggregator/identity/within":    "aggregator/identity/directory aggregator/identity/evidence aggregator/identity/key aggregator/identity/visit aggregator/link aggregator/markup aggregator/news aggregator/text",
	"aggregator/identity/admit":     "aggregator/markup aggregator/merge aggregator/identity/evidence aggregator/identity/key aggregator/identity/visit aggregator/identity/within aggregator/link aggregator/news aggregator/text",
	"aggregator/identity/absence":   "aggregator/identity/directory aggregator/identity/key aggregator/identity/visit aggregator/identity/within aggregator/link aggregator/news aggregator/text",
	"aggregator/identity/gather":    "aggregator/identity/admit aggregator/identity/directory aggregator/identity/evidence aggregator/identity/key aggregator/identity/visit aggregator/news",
	"aggregator/identity/cluster":   "aggregator/identity/directory aggregator/identity/evidence aggregator/identity/key aggregator/identity/visit aggregator/link aggregator/news aggregator/text",
	"aggregator/identity/origin":    "aggregator/identity/cluster aggregator/identity/directory aggregator/identity/evidence aggregator/link aggregator/news",
	"aggregator/identity/lineage":   "aggregator/identity/cluster aggregator/identity/directory aggregator/identity/evidence aggregator/identity/origin aggregator/news",
	"aggregator/identity/status":    "aggregator/identity/directory aggregator/identity/evidence aggregator/identity/origin aggregator/news",
	"aggregator/identity/compose":   "aggregator/furniture aggregator/identity/admit aggregator/identity/cluster aggregator/identity/directory aggregator/identity/evidence aggregator/identity/lineage aggregator/identity/origin aggregator/identity/status aggregator/link aggregator/markup aggregator/news aggregator/text",
	"aggregator/identity/explain":   "aggregator/identity/directory aggregator/identity/evidence aggregator/link aggregator/news",
	"aggregator/identity":           "aggregator/identity/absence aggregator/identity/admit aggregator/identity/cluster aggregator/identity/compose aggregator/identity/directory aggregator/identity/evidence aggregator/identity/explain aggregator/identity/gather aggregator/identity/key aggregator/identity/lineage aggregator/identity/origin aggregator/identity/status aggregator/identity/visit aggregator/identity/within aggregator/link aggregator/news",
	"aggregator/config":             "aggregator/news aggregator/link aggregator/credit aggregator/page",
	"aggregator/feed/damage":        "",
	"aggregator/feed/bound":         "aggregator/feed/damage",
	"aggregator/feed/charset":       "aggregator/feed/damage aggregator/text",
	"aggregator/feed/dates":         "aggregator/text",
	"aggregator/feed/picture":       "",
	"aggregator/feed/vocabulary":    "",
	"aggregator/feed/htmlclean":     "aggregator/feed/picture aggregator/feed/vocabulary aggregator/link aggregator/text",
	"aggregator/feed/xmlrepair":     "aggregator/feed/bound aggregator/feed/charset aggregator/feed/damage aggregator/feed/vocabulary aggregator/link aggregator/text",
	"aggregator/feed":               "aggregator/feed/bound aggregator/feed/charset aggregator/feed/damage aggregator/feed/dates aggregator/feed/htmlclean aggregator/feed/picture aggregator/feed/vocabulary aggregator/feed/xmlrepair aggregator/link aggregator/news aggregator/panics aggregator/text",
	"aggregator/fetch":              "aggregator/link aggregator/news",
	"aggregator/schedule":           "aggregator/news",
	"aggregator/cases":              "aggregator/news",
	"aggregator/archive":            "aggregator/identity/compose aggregator/news",
	"aggregator/page":               "aggregator/feed/bound aggregator/feed/charset aggregator/feed/damage aggregator/feed/htmlclean aggregator/furniture aggregator/link aggregator/news aggregator/page/fields aggregator/page/tree aggregator/text",
	"aggregator/page/fields":        "aggregator/feed/charset aggregator/feed/damage aggregator/feed/dates aggregator/feed/htmlclean aggregator/feed/picture aggregator/link aggregator/news aggregator/page/tree aggregator/text",
	"aggregator/page/tree":          "",
	"aggregator/merge":              "aggregator/markup aggregator/news aggregator/text",
	"aggregator/search":             "aggregator/news aggregator/text",
	"aggregator/publish":            "aggregator/feed/picture aggregator/furniture aggregator/house aggregator/link aggregator/news aggregator/markup aggregator/credit aggregator/text",
	"aggregator/web":                "aggregator/news aggregator/panics aggregator/publish",
	"aggregator/editors":            "aggregator/cases aggregator/markup aggregator/news aggregator/panics aggregator/publish aggregator/session aggregator/text",
	"aggregator/session":            "aggregator/news",
	"aggregator/notify":             "aggregator/news",
	"aggregator/websub":             "aggregator/fetch aggregator/link aggregator/news",
	"aggregator":                    "aggregator/feed aggregator/fetch aggregator/identity aggregator/link aggregator/news aggregator/page aggregator/panics aggregator/schedule",
	"aggregator/command":            "aggregator aggregator/archive aggregator/command/hangup aggregator/config aggregator/credit aggregator/editors aggregator/feed aggregator/fetch aggregator/identity aggregator/identity/explain aggregator/link aggregator/markup aggregator/merge aggregator/news aggregator/notify aggregator/owner aggregator/page aggregator/panics aggregator/publish aggregator/search aggregator/session aggregator/text aggregator/web aggregator/websub store",
	"store":                         "aggregator/archive aggregator/cases aggregator/identity aggregator/identity/gather aggregator/identity/compose aggregator/identity/explain aggregator/identity/visit aggregator/link aggregator/news aggregator/owner aggregator/schedule",
	"store/storetest":               "aggregator/credit aggregator/identity aggregator/link aggregator/news aggregator/schedule",
	"store/storetest/scenario":      "aggregator/credit aggregator/identity aggregator/link aggregator/news aggregator/text",
	"store/storetest/sample":        "aggregator/credit aggregator/feed aggregator/identity aggregator/link aggregator/news aggregator/publish store/storetest/scenario",

	// For tests alone.
	"aggregator/notify/mailtest": "",
	"aggregator/lineartest":      "aggregator/feed/bound",
	"store/storetest/desk":       "aggregator/credit aggregator/identity/directory aggregator/link aggregator/news",
	"store/storetest/neighbors":  "aggregator/credit aggregator/identity/directory aggregator/identity/evidence aggregator/identity/visit aggregator/link aggregator/news",
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
