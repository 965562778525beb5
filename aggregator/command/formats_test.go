package command

import (
	"testing"

	"fronteras/aggregator/publish"
)

func TestRequestsForEveryFormatAreCountedUnderItsLabel(t *testing.T) {
	for _, f := range publish.Formats() {
		if label := handlerLabel(f.Path); label != f.Label {
			t.Errorf("requests for %s are counted as %q, want %q", f.Name, label, f.Label)
		}
	}
}
