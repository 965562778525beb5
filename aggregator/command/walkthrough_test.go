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

// secondWalk is the heading of docs/walkthrough.md below which the desk of testdata/articles is shown.
const secondWalk = "\n## A desk that reads article pages\n"

// The commands of docs/walkthrough.md, in a copy of the sample desk.
func TestCommandsOfTheWalkthroughPrintWhatItShows(t *testing.T) {
	page, _, _ := strings.Cut(readWalkthrough(t), secondWalk)
	folder := t.TempDir()
	for _, name := range []string{"config.yaml", "testdata/stations", "testdata/later"} {
		if err := copyTree(filepath.Join(root, name), filepath.Join(folder, name)); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(folder)
	commands := 0
	for _, c := range commandsShown(page) {
		args, ours := strings.CutPrefix(c.line, "go run . ")
		switch {
		case c.line == "cp testdata/later/* testdata/stations/":
			if err := overlay("testdata/later", "testdata/stations"); err != nil {
				t.Fatal(err)
			}
		case ours:
			commands++
			var out, errs bytes.Buffer
			if code := Run(t.Context(), strings.Fields(args), Env{Out: &out, Err: &errs, Getenv: os.Getenv}); code != 0 {
				t.Fatalf("%s: exit %d: %s", c.line, code, &errs)
			}
			if !printsAsShown(out.String(), c.output, today) {
				t.Errorf("%s prints\n%s\nthe page has\n%s", c.line, &out, c.output)
			}
		}
	}
	if commands != 5 {
		t.Errorf("%d commands were tried, want 5", commands)
	}
}

func readWalkthrough(t *testing.T) string {
	t.Helper()
	page, err := os.ReadFile(filepath.Join(root, "docs", "walkthrough.md"))
	if err != nil {
		t.Fatal(err)
	}
	return string(page)
}

// shown is a command of a page, and what the page says that it prints.
type shown struct{ line, output string }

// commandsShown returns the commands of a page's blocks of code, which begin with "$ ".
func commandsShown(page string) (all []shown) {
	for n, block := range strings.Split(page, "```") {
		if n%2 == 0 {
			continue
		}
		_, block, _ = strings.Cut(block, "\n")
		parts := strings.Split("\n"+block, "\n$ ")
		for _, part := range parts[1:] {
			line, output, _ := strings.Cut(part, "\n")
			all = append(all, shown{line, output})
		}
	}
	return all
}

// overlay copies the files of a folder, and of those in it, over those of another.
func overlay(from, to string) error {
	return filepath.WalkDir(from, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		return copyTree(path, filepath.Join(to, name))
	})
}

// What depends on the day of the walk: times, and the year in ids.
var today = regexp.MustCompile(`first seen \d+ \w+ \d{4} \d\d:\d\d|retracted \d+ \w+ \d{4} \d\d:\d\d|` +
	`fronteras\.example,\d{4}:`)

// printsAsShown reports whether an output is what a page shows of it. What varies is ignored, and a
// line of the page that ends in "…" stands for every line that begins so.
func printsAsShown(output, page string, varies *regexp.Regexp) bool {
	lines := func(text string) []string {
		return strings.Split(strings.TrimSpace(varies.ReplaceAllString(text, "(varies)")), "\n")
	}
	return slices.EqualFunc(lines(output), lines(page), func(have, want string) bool {
		begin, shortened := strings.CutSuffix(want, "…")
		return have == want || shortened && strings.HasPrefix(have, begin)
	})
}
