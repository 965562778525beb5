package page

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"fronteras/aggregator/feed/bound"
	"fronteras/aggregator/feed/damage"
	"fronteras/aggregator/feed/htmlclean"
	"fronteras/aggregator/lineartest"
)

// fill repeats a pattern up to a size.
func fill(pattern string, size int) string { return strings.Repeat(pattern, size/len(pattern)) }

// levels is a number of elements in one another, with a text in the innermost.
func levels(open, text, end string, depth int) string {
	return strings.Repeat(open, depth) + text + strings.Repeat(end, depth)
}

// Whatever a page holds, reading it costs in proportion to its length.
func TestReadingAnArticleIsLinear(t *testing.T) {
	const words = "one more dry well along the river, and nobody who says whose it is, "
	patterns := map[string]string{
		"words": words, "paragraphs": "<p>" + words, "lines": words + "<br>", "items": "<li>" + words,
		"cells": "<td>" + words,
		"links": "<a href=/a>" + words + "</a>", "headings": "<h2>one more well</h2>", "titles": "<h1>one more well</h1>",
		"pictures":    "<img src=/a.jpg srcset='/b.jpg 1x, /c.jpg 2x'>",
		"figures":     "<figure><img src=/a.jpg>" + words + "</figure>",
		"texts":       `<div class="entry-content">` + words + "</div>",
		"articles":    `<article><div class="entry-content">` + words + "</div></article>",
		"classes":     `<p class="related-ad promo comments">` + words,
		"insets":      "<div class=Enh><blockquote>" + words + "</blockquote></div>",
		"transcripts": "<h2>Transcript</h2>" + words, "repeated questions": "<p>" + words + "?</p>",
		"offers": "<p>Subscribe to continue reading",
		"hidden": "<p hidden>" + words, "forms": "<form>" + words,
		"frames": "<iframe src=https://www.youtube.com/embed/a></iframe>",
		"levels": levels("<div>", words, "</div>", 100), "levels of spans": levels("<span>", words, "</span>", 100),
		"levels of items": levels("<ul><li>", words, "</ul>", 50), "formats": levels("<b>", words, "</b>", 10),
		"stray end tags": "a</x>", "text in a table": "<table>a<tr>a", "rows": "a<tr>", "comments": "<!---->a",
		"open comments": "<!--",
		"brackets":      "<", "entities": "&amp;", "open entities": "&notin", "scripts": "<script>a</script>",
		"svg":                      "<svg><path d=a></svg>",
		"pictures without scripts": "<img src=data:a><noscript><img src=/a.jpg></noscript>", "empty": "<div></div>",
		"bylines": "<div class=byline>By me</div>",
	}
	for name, pattern := range patterns {
		lineartest.Check(t, name, 8<<10, func(size int) string { return fill(pattern, size) }, func(body string) {
			for _, around := range []string{"<body>", `<div class="ArtP-articleBody">`} {
				_, _ = readPage(t, "<!DOCTYPE html><title>One more well</title>"+around+body)
			}
		})
	}
}

// The text that a page gives elsewhere may be long, and the page may hold it often.
func TestLookingForTheArticleBodyIsLinear(t *testing.T) {
	for name, pattern := range map[string]string{"the same words": "well ",
		"all three words differ": "one more dry well along the river "} {
		lineartest.Check(t, name, 8<<10, func(size int) string { return fill(pattern, size) }, func(body string) {
			_, _ = readPage(t, `<script type="application/ld+json">{"@type":"NewsArticle","articleBody":"`+body+`"}</script>`+
				levels("<div>", body, "</div>", 100))
		})
	}
}

// A page of the size that is taken costs seconds of the processor at most, whatever it is.
func TestLargePagesAreReadInTime(t *testing.T) {
	const most = 5 * time.Second
	for name, body := range map[string]string{
		"text 120 levels in": strings.Repeat("<div>", 120) + fill("well ", MaxSize-1000),
		"headings":           strings.Repeat("<h2>"+fill("well ", 40), 45_000),
	} {
		w := bound.Begin(t.Context(), time.Hour)
		_, err := Read(t.Context(), Source{Header: http.Header{"Content-Type": {"text/html"}},
			Body: []byte("<html>" + body)})
		if spent := w.Spent(); spent > most && !raced { // the detector makes it ten times as long
			t.Errorf("%s: %v", name, spent)
		}
		w.End()
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestReadRefusesPagesOverALimit(t *testing.T) {
	for name, test := range map[string]struct {
		body  string
		limit string
	}{
		"bytes":    {strings.Repeat("a", MaxSize+1), "bytes of an article page"},
		"elements": {strings.Repeat("<p>", maxElements+1), "elements"},
		"formatting elements": {strings.Repeat("<b>", 400) + strings.Repeat("<p>x", 200),
			"formatting elements opened again"},
		"attributes of body": {strings.Repeat("<body a b c d e f g h>", 40), "attributes of html and body"},
		"blocks of JSON-LD": {strings.Repeat(`<script type="application/ld+json">{}</script>`, 21),
			"blocks of JSON-LD"},
		"levels": {strings.Repeat("<div>", 200) + "x", "elements in one another"},
	} {
		var limit *damage.LimitError
		if _, err := readPage(t, "<html>"+test.body); !errors.As(err, &limit) || limit.Limit != test.limit {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := readPage(t, strings.Repeat("<div>", 600)); err == nil {
		t.Error("600 levels are read")
	}
}

// What a page shows is a stranger's word: whatever it is, its text is clean and within the limits.
func FuzzRead(f *testing.F) {
	f.Add(`<h1>Wells</h1><div class="ArtP-articleBody"><p>one<p>two<figure><img src=a><figcaption>b</figure>` +
		`<h2>Related</h2><ul><li><a href=c>d</a></ul></div>`)
	f.Add(`<div class="entry-content">` + paragraphs(60) +
		`<table><tr><td>a<p>b</table><a href="javascript:1">c<div>d</a></div>`)
	f.Add(`<script type="application/ld+json">{"@type":"NewsArticle","articleBody":"a b c"}</script>` +
		`<p>a b c<br><b><p>x</b></p><form><p>y`)
	f.Add("<html><body a=b><template><p>a</template><svg><p>b</svg><math><mi><p>c<select><option>d<frameset>")
	f.Add(`<div id="storytext"><aside>a</aside><h2>Transcript</h2>b<blockquote>c</blockquote>` +
		`<iframe src="https://www.youtube.com/embed/a"></iframe>`)
	f.Fuzz(func(t *testing.T, body string) {
		a, err := readPage(t, body)
		if err != nil {
			return
		}
		if again := htmlclean.Clean(a.Entry.Content, "https://kmsa.example/2031/02/wells",
			maxContent); again != a.Entry.Content {
			t.Errorf("not clean: %q becomes %q", a.Entry.Content, again)
		}
		if len(a.Entry.Content) > maxContent || len(a.Cut) > maxCuts {
			t.Errorf("%d bytes, %d pieces were cut", len(a.Entry.Content), len(a.Cut))
		}
		if a.Paid != "" && a.Entry.Content != "" {
			t.Error("what is sold is taken")
		}
	})
}

// BenchmarkArticle reads a page of the usual size: a story of 800 words, and what stands around it.
func BenchmarkArticle(b *testing.B) {
	around := strings.Repeat(`<li class="menu-item"><a href="/section">Section</a></li>`, 400)
	teasers := strings.Repeat(`<div class="teaser"><a href="/a"><img src="/a.jpg" alt="a">`+
		`<h3>One more headline</h3></a></div>`, 60)
	script := "<script>" + fill("var a = { b: 1 };\n", 60<<10) + "</script>"
	for name, class := range map[string]string{"layout": "entry-content", "library": "copy"} {
		body := []byte(fmt.Sprintf("<html><head><title>Wells</title>%s</head><body><nav>%s</nav><h1>Wells</h1><div "+
			"class=%q>%s</div>%s</body></html>",
			script, around, class, paragraphs(800), teasers))
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Read(b.Context(), Source{Header: http.Header{"Content-Type": {"text/html"}},
					Body: body}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
