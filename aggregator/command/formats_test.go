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

// A page in a language of the reader's choice is counted with the others.
func TestRequestsInALanguageAreCountedAsThePage(t *testing.T) {
	for path, want := range map[string]string{
		"/es/": "front", "/en/stories/aaaaaaaaaaaaa": "stories", "/es/status": "status", "/es": "other", "/espresso": "other",
		"/es/nothing": "other",
	} {
		if label := handlerLabel(path); label != want {
			t.Errorf("requests for %s are counted as %q, want %q", path, label, want)
		}
	}
}
