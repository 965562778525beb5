package feed

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fronteras/aggregator/news"
)

var update = flag.Bool("update", false, "rewrite the expected items under testdata/feeds")

const pairs = "../../testdata/feeds"

// TestDocumentsAreReadAsWrittenDown reads each document of testdata/feeds. NAME.items.json holds
// its items as `fronteras read --json` prints them, NAME.repairs.txt what was repaired, where
// anything was. A new document needs no code.
func TestDocumentsAreReadAsWrittenDown(t *testing.T) {
	for _, path := range documents(t) {
		name := strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
		t.Run(name, func(t *testing.T) {
			body, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			doc, err := Parse(context.Background(), body, Context{})
			if err != nil {
				t.Fatal(err)
			}
			stem := filepath.Join(pairs, name)
			compareFile(t, stem+".items.json", shown(t, doc.Entries))
			compareFile(t, stem+".repairs.txt", repaired(doc))
		})
	}
}

func documents(t testing.TB) []string {
	all, err := filepath.Glob(filepath.Join(pairs, "*"))
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	for _, p := range all {
		if !strings.HasSuffix(p, ".items.json") && !strings.HasSuffix(p, ".repairs.txt") {
			paths = append(paths, p)
		}
	}
	if len(paths) == 0 {
		t.Fatal("no documents")
	}
	return paths
}

// shown is the JSON of entries, without what is for machines alone.
func shown(t testing.TB, entries []news.Entry) []byte {
	t.Helper()
	plain := make([]news.Entry, len(entries))
	for i, e := range entries {
		e.Digest, e.Artwork, e.Thumbnail, e.Clean = news.Digest{}, "", news.Image{}, false
		plain[i] = e
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(plain); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func repaired(doc *Document) []byte {
	var b bytes.Buffer
	for _, r := range doc.Repairs {
		fmt.Fprintln(&b, r)
	}
	if !doc.Whole {
		fmt.Fprintln(&b, "not whole")
	}
	return b.Bytes()
}

// compareFile holds text against a file; no file stands for no text.
func compareFile(t *testing.T, path string, got []byte) {
	t.Helper()
	if *update {
		if len(got) == 0 {
			os.Remove(path)
		} else if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs\n got %s\nwant %s", filepath.Base(path), got, want)
	}
}
