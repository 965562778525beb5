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

// Requests for pages are counted under few names, whatever their language.
func TestRequestsForPagesAreCountedUnderFewNames(t *testing.T) {
	for path, want := range map[string]string{
		"/es/": "front", "/en/stories/aaaaaaaaaaaaa": "stories", "/es/status": "status", "/es": "other", "/espresso": "other",
		"/es/nothing":      "other",
		"/days/2026-11-27": "days", "/es/days/2026-11-27": "days", "/stations/kmsa": "stations", "/stations.opml": "stations.opml",
		"/topics/a/b": "topics", "/archive": "archive", "/archive/": "archive", "/archive/2026": "archive",
		"/archive/1.rss": "archive", "/podcast": "podcast", "/podcast/": "podcast", "/robots.txt": "crawlers",
		"/sitemap.xml": "crawlers", "/sitemap-2026-11.xml": "crawlers", "/sitemap": "other",
	} {
		if label := handlerLabel(path); label != want {
			t.Errorf("requests for %s are counted as %q, want %q", path, label, want)
		}
	}
}
