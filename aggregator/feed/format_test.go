package feed

import (
	"context"
	"testing"
)

// The document's first element decides what it is, whatever type it is served as.
func TestTheDocumentDecidesItsFormat(t *testing.T) {
	for format, body := range map[string]string{
		"RSS 2.0": `<rss version="2.0"><channel><title>News</title><item><title>Rain</title></item>` +
			`</channel></rss>`,
		"Atom 1.0": `<feed xmlns="http://www.w3.org/2005/Atom"><title>News</title><entry><id>a</id><title>` +
			`Rain</title></entry></feed>`,
		"JSON Feed 1.1": `{"version":"https://jsonfeed.org/version/1.1","title":"News","items":[{"id":"a","title` +
			`":"Rain","content_text":"x"}]}`,
	} {
		for _, kind := range []string{
			"", "text/html; charset=utf-8", "application/json", "application/rss+xml", "application/octet-stream",
			"nonsense",
		} {
			d, err := Parse(context.Background(), []byte(body), Context{ContentType: kind})
			if err != nil || d.Facts.Format != format || len(d.Entries) != 1 || d.Entries[0].Title != "Rain" {
				t.Errorf("%s as %q: %v", format, kind, err)
			}
		}
	}
}
