package store

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// tableRows gives the rows of the table of buckets in a text, in which each line of the table
// begins with prefix, and the names of the buckets.
func tableRows(t *testing.T, path, prefix string) (rows, names []string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	inTable := false
	for line := range strings.Lines(string(text)) {
		row, ok := strings.CutPrefix(strings.TrimSpace(line), prefix+"|")
		inTable = ok && (inTable || strings.HasPrefix(row, " bucket | "))
		if !inTable || strings.HasPrefix(row, "---") {
			continue
		}
		rows = append(rows, row)
		if name, _, ok := strings.Cut(strings.TrimPrefix(row, " `"), "` | "); ok {
			names = append(names, name)
		}
	}
	return rows, names
}

func TestTheStorePageAndTheCodeListTheSameBuckets(t *testing.T) {
	inCode, names := tableRows(t, "buckets.go", "//\t")
	onPage, _ := tableRows(t, "../docs/store.md", "")
	for _, row := range inCode {
		if !slices.Contains(onPage, row) {
			t.Errorf("docs/store.md lacks the row %q", row)
		}
	}
	for _, row := range onPage {
		if !slices.Contains(inCode, row) {
			t.Errorf("buckets.go lacks the row %q", row)
		}
	}
	var kept []string
	for _, name := range buckets {
		kept = append(kept, string(name))
	}
	if len(kept) != 45 || !slices.Equal(kept, names) {
		t.Errorf("the store has the buckets %q, the table in buckets.go has %q", kept, names)
	}
	for _, row := range inCode {
		if columns := 1 + strings.Count(row, " | "); columns != 5 {
			t.Errorf("%q has %d columns", row, columns)
		}
	}
}
