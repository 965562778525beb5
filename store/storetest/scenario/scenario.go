// Package scenario plays the scenarios of testdata/identity: what feeds
// showed, what editors ruled, and which stories come of it.
package scenario

import (
	"bufio"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Scenario is one file of testdata/identity.
type Scenario struct {
	Name  string   // of the file, without its ending
	Shows []string // the rules, flags and holds that it is an example of
	lines []line
}

// line is a line of a scenario that says something.
type line struct {
	number   int // in the file, from 1
	text     string
	indented bool
}

// ReadAll reads the scenarios of a folder, in the order of their names.
func ReadAll(t testing.TB, folder string) []Scenario {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.txt"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no scenarios in %s: %v", folder, err)
	}
	var list []Scenario
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, parseScenario(strings.TrimSuffix(filepath.Base(file), ".txt"), string(text)))
	}
	return list
}

// parseScenario takes a scenario apart. Its first paragraph is for the reader, but for a
// line that begins with "Shows:".
func parseScenario(name, text string) Scenario {
	s := Scenario{Name: name}
	lines, head := bufio.NewScanner(strings.NewReader(text)), true
	for n := 1; lines.Scan(); n++ {
		text := strings.TrimSpace(lines.Text())
		switch names, shows := strings.CutPrefix(text, "Shows:"); {
		case text == "":
			head = false
		case head && shows:
			s.Shows = append(s.Shows, strings.Fields(names)...)
		case head, strings.HasPrefix(text, "#"):
		default:
			s.lines = append(s.lines, line{n, text, strings.HasPrefix(lines.Text(), " ")})
		}
	}
	return s
}
