package command

import (
	"os"
	"path/filepath"
	"testing"

	"fronteras/aggregator/publish"
)

// TestSampleDocuments holds what once writes against the golden files, metrics.txt the labels.
func TestEveryFormatHasAGoldenFileAndALabelInTheMetrics(t *testing.T) {
	for _, f := range publish.Formats() {
		if _, err := os.Stat(filepath.Join(root, "testdata", "golden", f.File)); err != nil {
			t.Error(err)
		}
		if label := handlerLabel(f.Path); label != f.Label {
			t.Errorf("requests for %s are counted as %q, want %q", f.Name, label, f.Label)
		}
	}
}
