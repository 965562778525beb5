package command

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"fronteras/aggregator/publish"
)

var update = flag.Bool("update", false, "rewrite the golden documents")

// sampleDay is when the golden documents are made: after the sample's stories.
var sampleDay = time.Date(2025, 10, 11, 12, 0, 0, 0, time.UTC)

// TestDocumentsOfTheSampleAreTheGoldenOnes compares every document of the sample desk with its
// golden one, byte for byte: a change of what partners read is seen in the diff.
func TestDocumentsOfTheSampleAreTheGoldenOnes(t *testing.T) {
	folder := t.TempDir()
	for _, name := range []string{"config.yaml", "testdata/stations"} {
		if err := copyTree(filepath.Join(root, name), filepath.Join(folder, name)); err != nil {
			t.Fatal(err)
		}
	}
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(sampleDay))
		var out, errors bytes.Buffer
		env := Env{Out: &out, Err: &errors, Getenv: func(string) string { return "" }}
		config := filepath.Join(folder, "config.yaml")
		if code := Run(t.Context(), []string{"once", "--config", config, "--out", filepath.Join(folder, "out")},
			env); code != 0 || errors.Len() > 0 {
			t.Fatalf("exit %d: %s", code, &errors)
		}
		if code := Run(t.Context(), []string{"stories", "--config", config, "--json"}, env); code != 0 {
			t.Fatalf("exit %d: %s", code, &errors)
		}
		if err := os.WriteFile(filepath.Join(folder, "out", "stories.json"), out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	})
	names := []string{"stories.json"}
	for _, f := range publish.Formats() {
		names = append(names, f.File)
	}
	for _, name := range names {
		have, err := os.ReadFile(filepath.Join(folder, "out", name))
		if err != nil {
			t.Fatal(err)
		}
		compareGolden(t, name, have)
	}
}

// compareGolden holds a document against the golden one of that name.
func compareGolden(t *testing.T, name string, have []byte) {
	t.Helper()
	golden := filepath.Join(root, "testdata", "golden", name)
	if *update {
		if err := os.WriteFile(golden, have, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(have, want) {
		t.Errorf("%s differs from the golden one; see go test ./aggregator/command -update", name)
	}
}
