package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Where a test says which line of the polling rules it holds: in its name, in that of
// a case, or in what it says when it fails; a script in its comments.
var (
	inNames       = regexp.MustCompile(`func Test((?:[A-Z]\d+)+)`)
	inTexts       = regexp.MustCompile(`"((?:[PSHRG]\d+[ ,:]+)+)`)
	inNotes       = regexp.MustCompile(`(?m)^#.*$`)
	pollingNumber = regexp.MustCompile(`\b[PSHRG]\d+|[PSHRG]\d+`)
)

// TestEveryLineOfPollingHasATest: of the numbered lines of the polling rules none is without a
// test that bears its number.
func TestEveryLineOfPollingHasATest(t *testing.T) {
	held := map[string]bool{}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		script := strings.HasSuffix(path, ".txtar")
		if err != nil || d.IsDir() || !script && !strings.HasSuffix(path, "_test.go") && !strings.HasSuffix(path, "storetest.go") {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		patterns := []*regexp.Regexp{inNames, inTexts}
		if script {
			patterns = []*regexp.Regexp{inNotes}
		}
		for _, pattern := range patterns {
			for _, found := range pattern.FindAllString(string(text), -1) {
				for _, number := range pollingNumber.FindAllString(found, -1) {
					held[number] = true
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for letter, count := range map[string]int{"P": 89, "S": 17, "H": 11, "R": 3, "G": 7} {
		for n := 1; n <= count; n++ {
			if number := fmt.Sprint(letter, n); !held[number] {
				t.Errorf("no test bears %s", number)
			}
		}
	}
}
