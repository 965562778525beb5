package fields

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"fronteras/aggregator/news"
)

var update = flag.Bool("update", false, "rewrite the expected fields under testdata/pages")

const pages = "../../../testdata/pages"

// pageOf is a page as a tree, at an address. One that is nested too deep for a tree is empty.
func pageOf(address, page string) Page {
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		root = &html.Node{Type: html.DocumentNode}
	}
	return Page{Root: root, Base: address, Address: address}
}

// TestFieldsOfPagesAreReadAsWrittenDown reads each fields-NAME.html of testdata/pages. NAME.json
// holds its fields, and where each was found. A new page needs no code.
func TestFieldsOfPagesAreReadAsWrittenDown(t *testing.T) {
	all, err := filepath.Glob(filepath.Join(pages, "fields-*.html"))
	if err != nil || len(all) == 0 {
		t.Fatal("no pages", err)
	}
	for _, path := range all {
		name := strings.TrimSuffix(filepath.Base(path), ".html")
		t.Run(name, func(t *testing.T) {
			body, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			f := Read(pageOf(addressOf(string(body)), string(body)))
			shown := struct {
				Entry       news.Entry        `json:"entry"`
				From        map[string]string `json:"from"`
				Corrections []string          `json:"corrections,omitempty"`
				Sold        bool              `json:"sold,omitempty"`
				Body        string            `json:"body,omitempty"`
			}{f.Entry, f.From, f.Corrections, f.Sold, f.Body}
			var have bytes.Buffer
			e := json.NewEncoder(&have)
			e.SetEscapeHTML(false)
			e.SetIndent("", "  ")
			if err := e.Encode(shown); err != nil {
				t.Fatal(err)
			}
			golden := filepath.Join(pages, name+".json")
			if *update {
				if err := os.WriteFile(golden, have.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil || !bytes.Equal(want, have.Bytes()) {
				t.Errorf("%v\n%s", err, have.Bytes())
			}
		})
	}
}

// addressOf is where a page of testdata is: what its canonical link or og:url says, at Radio Bisbee
// if it has neither.
func addressOf(page string) string {
	for _, mark := range []string{`rel="canonical" href="http`, `<meta value="http`} {
		if _, rest, found := strings.Cut(page, mark); found {
			address, _, _ := strings.Cut(rest, `"`)
			return "http" + address
		}
	}
	return "https://bisbee.example/feria"
}
