package command

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// What depends on the day of the walk: times, and the year in ids.
var today = regexp.MustCompile(`first seen \d+ \w+ \d{4} \d\d:\d\d|retracted \d+ \w+ \d{4} \d\d:\d\d|` +
	`fronteras\.example,\d{4}:`)

// The commands of docs/walkthrough.md, in a copy of the sample desk.
func TestCommandsOfTheWalkthroughPrintWhatItShows(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "..", "docs", "walkthrough.md"))
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	for _, name := range []string{"config.yaml", "testdata/stations", "testdata/later"} {
		if err := copyTree(filepath.Join("..", "..", name), filepath.Join(folder, name)); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(folder)
	commands := 0
	for n, block := range strings.Split(string(page), "```") {
		if n%2 == 0 {
			continue
		}
		for part := range strings.SplitSeq("\n"+strings.TrimLeft(block, "\n"), "\n$ ") {
			line, want, _ := strings.Cut(part, "\n")
			switch {
			case line == "cp testdata/later/* testdata/stations/":
				later, err := filepath.Glob("testdata/later/*")
				if err != nil {
					t.Fatal(err)
				}
				for _, path := range later {
					if err := copyTree(path, filepath.Join("testdata/stations", filepath.Base(path))); err != nil {
						t.Fatal(err)
					}
				}
			case strings.HasPrefix(line, "go run . ") && part != block[1:]:
				commands++
				var out, errs bytes.Buffer
				args := strings.Fields(strings.TrimPrefix(line, "go run . "))
				if code := Run(t.Context(), args, Env{Out: &out, Err: &errs, Getenv: os.Getenv}); code != 0 {
					t.Fatalf("%s: exit %d: %s", line, code, &errs)
				}
				if !printsAsShown(out.String(), want) {
					t.Errorf("%s prints\n%s\nthe page has\n%s", line, &out, want)
				}
			}
		}
	}
	if commands != 5 {
		t.Errorf("%d commands were tried, want 5", commands)
	}
}

// printsAsShown reports whether an output is what a page shows of it. Times of today are ignored,
// and a line of the page that ends in "…" stands for every line that begins so.
func printsAsShown(output, page string) bool {
	lines := func(text string) []string {
		return strings.Split(strings.TrimSpace(today.ReplaceAllString(text, "(today)")), "\n")
	}
	return slices.EqualFunc(lines(output), lines(page), func(have, want string) bool {
		begin, shortened := strings.CutSuffix(want, "…")
		return have == want || shortened && strings.HasPrefix(have, begin)
	})
}
