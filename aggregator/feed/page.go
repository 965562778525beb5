package feed

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"

	"golang.org/x/net/html"

	"fronteras/aggregator/feed/damage"
	"fronteras/aggregator/feed/vocabulary"
	"fronteras/aggregator/text"
)

// notFeed says what a document is instead of a feed.
func notFeed(in []byte, f *preamble) error {
	value := bytes.TrimSpace(in)
	kind := http.DetectContentType(in)
	switch name := strings.ToLower(f.first); {
	case len(value) == 0:
		return &damage.NotFeedError{What: "an empty document"}
	case f.page:
		return &damage.NotFeedError{What: "an HTML page", Feeds: announced(in)}
	case name == "opml":
		return &damage.NotFeedError{What: "OPML, a list of feeds and none itself"}
	case name == "urlset", name == "sitemapindex":
		return &damage.NotFeedError{What: "a sitemap"}
	case f.junk > maxPreamble, !strings.HasPrefix(string(value), "<"), name == "":
	case vocabulary.HTMLElements[name]:
		return &damage.NotFeedError{What: "an HTML page", Feeds: announced(in)}
	default:
		return &damage.NotFeedError{What: fmt.Sprintf("an XML document that begins with <%s>", text.Excerpt(f.first))}
	}
	if strings.HasPrefix(kind, "text/html") {
		return &damage.NotFeedError{What: "an HTML page", Feeds: announced(in)}
	}
	if !strings.HasPrefix(kind, "text/") && kind != "application/octet-stream" {
		return &damage.NotFeedError{What: "a document of type " + kind}
	}
	return &damage.NotFeedError{What: fmt.Sprintf("a document that begins with %q", text.Excerpt(text.OneLine(string(value[:min(len(value), 60)]))))}
}

// announced finds the feeds that an HTML page announces in its first 64 KiB, as
// it writes them.
func announced(in []byte) []string {
	var all []string
	z := html.NewTokenizer(bytes.NewReader(in[:min(len(in), maxPreamble)]))
	for len(all) < maxAnnouncement {
		switch z.Next() {
		case html.ErrorToken:
			return all
		case html.StartTagToken, html.SelfClosingTagToken:
			if t := z.Token(); t.Data == "link" {
				if address := announcement(t.Attr); address != "" {
					all = append(all, address)
				}
			}
		}
	}
	return all
}

func announcement(attrs []html.Attribute) string {
	value := map[string]string{}
	for _, a := range attrs {
		value[a.Key] = strings.TrimSpace(a.Val)
	}
	if !strings.Contains(" "+strings.ToLower(value["rel"])+" ", " alternate ") {
		return ""
	}
	kind, _, _ := strings.Cut(strings.ToLower(value["type"]), ";")
	switch strings.TrimSpace(kind) {
	case "application/rss+xml", "application/atom+xml", "application/feed+json", "application/json":
		return value["href"]
	}
	return ""
}
