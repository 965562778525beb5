package command

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// checkFeedOf runs check with a station whose feed has items, given as title and description, whose
// pages are what page writes.
func checkFeedOf(t *testing.T, more string, items [][2]string, page func(w http.ResponseWriter, title string)) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/rss":
			fmt.Fprint(w, `<rss version="2.0"><channel><title>News</title>`)
			for n, item := range items {
				fmt.Fprintf(w, `<item><title>%s</title><link>http://%s/2026/02/story-%d</link><description>%s</description>
					<pubDate>%02d Feb 2026 09:00:00 GMT</pubDate></item>`, item[0], r.Host, n, item[1], 20-n)
			}
			fmt.Fprint(w, `</channel></rss>`)
		case strings.HasPrefix(r.URL.Path, "/2026/02/story-"):
			var n int
			fmt.Sscanf(r.URL.Path, "/2026/02/story-%d", &n)
			w.Header().Set("Content-Type", "text/html")
			page(w, items[n][0])
		case r.URL.Path == "/robots.txt" && page == nil:
			fmt.Fprint(w, "User-agent: *\nDisallow: /2026/")
		default:
			http.NotFound(w, r)
		}
	}))
	defer server.Close()
	out, _, code := runLine(t, `desk: {title: Test Desk, url: 'https://desk.example'}
poll: {private_networks: true}
stations:
  - {id: kmsa, name: KMSA, url: '`+server.URL+`', `+more+`feeds: [{url: '`+server.URL+`/rss'}]}
`, "check")
	if code != 0 {
		t.Errorf("exit %d", code)
	}
	return out
}

func TestCheckSaysThatAFeedHasTeasersOrHowItsPagesAreRead(t *testing.T) {
	teasers := [][2]string{
		{"Wells run dry", "Forty households haul their water."}, {"The old mill turns", "It grinds corn again."},
		{"Council votes tonight", "The bridge is first."},
	}
	long := strings.Repeat("Forty households haul their water along the road. ", 20)
	show := func(w http.ResponseWriter, title string) {
		fmt.Fprintf(w, `<html lang="en"><body><article><h1>%s</h1><figure><img src="/well.jpg" width="900" alt="A well">
			<figcaption>A well. (Ana Paz/KMSA)</figcaption></figure><div class="entry-content"><p>%s. %s</p></div></article>`,
			title, title, long)
	}
	for _, test := range []struct {
		name, more string
		items      [][2]string
		page       func(http.ResponseWriter, string)
		want, not  string
	}{
		{"teasers", "", teasers, show, "3 of 3 items are teasers (4 words). Ask the station for whole texts in the feed " +
			"(Grove can), or with its consent write text: page\n", "pages read"},
		{"whole texts", "", [][2]string{{"Wells run dry", long}}, show, "1 item", "teaser"},
		{"half are teasers", "", [][2]string{{"Wells run dry", long}, teasers[1]}, show, "2 items", "teaser"},
		{"pages that are read", "text: page, ", teasers, show,
			"text: page: 2 of 2 pages read, 16", "not used"},
		{"and how", "text: page, ", teasers, show, " words, by layout; audio 0, picture with credit 2\n", "teaser"},
		{"pages that show something else", "text: page, ", teasers[1:], func(w http.ResponseWriter, _ string) {
			show(w, "A notice of the weather service says that rain falls in the mountains")
		}, "not used: wrong page; write page: {body: …}\n", "pages read"},
		{"pages that are sold", "text: page, ", teasers, func(w http.ResponseWriter, title string) {
			fmt.Fprint(w, `<script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree":false}</script>`)
			show(w, title)
		}, "not used: paywall", "pages read"},
		{"pages of another's story", "text: page, ", teasers, func(w http.ResponseWriter, title string) {
			fmt.Fprintf(w, `<html lang="en"><head><link rel="canonical" href="https://www.npr.org/2026/02/04/1/wells"></head>`)
			show(w, title)
		}, "not published: the story is NPR's: the page is evidence alone\n", "pages read"},
		{"pages that robots.txt closes", "text: page, ", teasers, nil,
			"robots.txt forbids pages to fronteras: ask the station\n", "pages read"},
		{"a page that is not there", "text: page, ", teasers[:1], func(w http.ResponseWriter, _ string) {
			w.WriteHeader(http.StatusForbidden)
		}, "a page cannot be read: the answer was 403\n", "pages read"},
	} {
		out := checkFeedOf(t, test.more, test.items, test.page)
		if !strings.Contains(out, test.want) || strings.Contains(out, test.not) {
			t.Errorf("%s:\n%s\nwant %q, not %q", test.name, out, test.want, test.not)
		}
	}
}
