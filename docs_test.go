package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	fileInDocs = regexp.MustCompile("`([a-z0-9_/]+\\.go)`")
	linkInDocs = regexp.MustCompile(`\]\(([^)#: ]+)(?:#[^)]*)?\)`)
)

// The pages name files by their path, or by its end where that is enough.
func TestFilesAndPagesThatDocsNameExist(t *testing.T) {
	var files, pages []string
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && path != "." && strings.HasPrefix(d.Name(), ".") {
			return filepath.SkipDir
		}
		switch filepath.Ext(path) {
		case ".go":
			files = append(files, "/"+filepath.ToSlash(path))
		case ".md":
			pages = append(pages, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	everyFile := strings.Join(files, "\n") + "\n"
	for _, page := range pages {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range fileInDocs.FindAllStringSubmatch(string(text), -1) {
			if !strings.Contains(everyFile, "/"+m[1]+"\n") {
				t.Errorf("%s names %s: there is no such file", page, m[1])
			}
		}
		for _, m := range linkInDocs.FindAllStringSubmatch(string(text), -1) {
			if _, err := os.Stat(filepath.Join(filepath.Dir(page), m[1])); err != nil {
				t.Errorf("%s links to %s: %v", page, m[1], err)
			}
		}
	}
}
