package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// lastLine is the number of the last line of the attack list.
const lastLine = 99

// Places where a test names the lines of the list that it holds: its function's
// name, the name of a case, a script's comment, a scenario's file.
var (
	testNames     = regexp.MustCompile(`(?m)^func (?:Test|Fuzz)((?:X\d+)+)|"((?:X\d+ )+)|^// (X\d+): |^# (X\d+)`)
	lineNumbers   = regexp.MustCompile(`X(\d+)`)
	scenarioNames = regexp.MustCompile(`^\d+-(X\d+)-`)
)

// Each line of the list of attacks (X1 to X99) is held by a test that names it.
func TestEveryLineOfTheAttackListHasATest(t *testing.T) {
	held := map[int]bool{}
	note := func(text string) {
		for _, m := range lineNumbers.FindAllStringSubmatch(text, -1) {
			n, _ := strconv.Atoi(m[1])
			held[n] = true
		}
	}
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		note(strings.Join(scenarioNames.FindStringSubmatch(entry.Name()), ""))
		if !strings.HasSuffix(path, "_test.go") && !strings.HasSuffix(path, ".txtar") {
			return nil
		}
		text, err := os.ReadFile(path)
		for _, m := range testNames.FindAllString(string(text), -1) {
			note(m)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for n := 1; n <= lastLine; n++ {
		if !held[n] {
			t.Errorf("X%d: no test names it", n)
		}
	}
}
