package fields

import (
	"fmt"
	"strings"
	"testing"

	"fronteras/aggregator/lineartest"
	"fronteras/aggregator/text"
)

// Whatever a page holds, its addresses are absolute, its texts have no controls, its dates are within
// those of the web, and nothing is longer than it may be.
func FuzzFields(f *testing.F) {
	f.Add(`<h1>Rain</h1><meta property="og:image" content="//a.example/b.jpg"><a rel=license href="/l">x</a>`)
	f.Add(`<script type="application/ld+json">{"@type":"NewsArticle","headline":"Rain","author":{"name":["A B"]},` +
		`"datePublished":"2031-02-03","image":"/a.jpg","audio":{"contentUrl":"a.mp3","duration":"PT1M"}}</script>`)
	f.Add(`<article><h1>Rain</h1><figure><img src=a.jpg srcset="b.jpg 900w"><figcaption>A (B/C)</figcaption></figure>` +
		`<audio src=a.mp3></audio><p>Correction: the rain fell on Monday.</p><p class=byline>By Ana Ruiz</p></article>`)
	f.Fuzz(func(t *testing.T, page string) {
		if strings.Count(page, "<") > 2_000 {
			return
		}
		r := Read(pageOf("https://kmsa.example/a", page))
		e := r.Entry
		addresses := []string{e.URL, e.License}
		texts := append([]string{e.Title, e.Summary, e.Byline, e.Language, e.Rights, r.Body}, e.Topics...)
		texts = append(texts, r.Corrections...)
		for _, p := range e.Authors {
			addresses, texts = append(addresses, p.URL), append(texts, p.Name)
		}
		for _, i := range e.Images {
			addresses, texts = append(addresses, i.URL), append(texts, i.Alt, i.Caption, i.Credit, i.Type)
		}
		for _, s := range e.Enclosures {
			addresses, texts = append(addresses, s.URL), append(texts, s.Type)
			if s.Length < 0 || s.Duration < 0 || s.Duration > maxSeconds {
				t.Errorf("%+v", s)
			}
		}
		for _, l := range e.Links {
			addresses = append(addresses, l.URL)
		}
		for _, a := range addresses {
			if a != "" && !strings.HasPrefix(a, "http://") && !strings.HasPrefix(a, "https://") || len(a) > MaxAddress {
				t.Errorf("address %q", a)
			}
		}
		for _, s := range texts {
			if strings.ContainsFunc(s, text.IsControl) || s != r.Body && len(s) > maxSummary {
				t.Errorf("text %q", s)
			}
		}
		for _, at := range []int{e.Published.Year(), e.Updated.Year()} {
			if at != 1 && (at < 1990 || at > 2199) {
				t.Errorf("year %d", at)
			}
		}
		for field, where := range r.From {
			switch where {
			case fromLayout, fromJSONLD, fromMicrodata, fromOpenGraph, fromMeta, fromH1, fromHTML:
			default:
				t.Errorf("%s is from %q", field, where)
			}
		}
	})
}

// Whatever a page holds, reading its fields costs in proportion to its length.
func TestReadingFieldsIsLinear(t *testing.T) {
	nested := strings.Repeat(`<div class="ArtP-tags byline correction"><article>`, 60)
	for _, pattern := range []string{
		"<h1>Rain falls on Ajo</h1>", "<p>Correction: it rained.</p>", "<p>Rain fell on Ajo, and then on Bisbee, all day long.</p>",
		`<div class="ArtP-tags byline author"></div>`, `<div class="ArtP-authorBy">By Ana Ruiz</div>`, `<p class="byline">By Ana Ruiz and Luis Peña</p>`,
		"<figure><img src=a.jpg><figcaption>A (B/C)</figcaption></figure>", "<img src=a.jpg>", "<article>Rain</article>", "<aside></aside>",
		`<picture><source srcset="a.jpg 1w, b.jpg 2w"></picture>`, `<a rel="tag author license" href="/a">Rain</a>`, "<time datetime=2031-02-03>", "<audio src=a.mp3>",
		`<a href="a.mp3">`, `<meta property="article:tag" content="Rain">`, `<meta property="og:image" content="/logo.png">`,
		`<div itemprop="author description keywords image">Rain</div>`, `<link rel=canonical href="/a">`, `<div class="correction">It rained on Monday only.</div>`, "AbCd", "a b ", "&amp;", "«»",
		`<script type="application/ld+json">{"@type":"NewsArticle","headline":"Rain","image":["/a.jpg"],"author":["A B"],"url":"/b"}</script>`,
		`<div class="post-thumbnail"><img src="data:,"></div>`, "<noscript><img src=a.jpg></noscript>", `<div class="credit caption">(A/B)</div>`,
		"<ps-stream-url data-stream-url=a.mp3></ps-stream-url>", `<ps-stream data-audio='{"audioUrl":"a.m3u8"}'></ps-stream>`,
	} {
		lineartest.Check(t, fmt.Sprintf("%q", pattern), 8<<10, func(size int) string {
			return strings.Repeat(pattern, size/len(pattern))
		}, func(page string) {
			Read(pageOf("https://kmsa.example/a", page))
			Read(pageOf("https://kmsa.example/a", "<article><h1>Rain falls on Ajo</h1><div class=ArtP-articleBody>"+page))
			Read(pageOf("https://kmsa.example/a", nested+page))
		})
	}
	for _, pattern := range []string{
		`{"@type":"NewsArticle","headline":"Rain","url":"/a","author":{"@id":"x"}},`, `"`, `\`, "{", "[", "/*", "//", "<!--", `",`, `"a" `, `"a":`, ",",
		`{"@graph":[`, `{"@id":"x","image":["/a.jpg","/b.jpg"],"keywords":["a"],"correction":["b"]},`, " ", "\n", `"
`,
	} {
		lineartest.Check(t, fmt.Sprintf("JSON %q", pattern), 8<<10, func(size int) string {
			return strings.Repeat(pattern, size/len(pattern))
		}, func(s string) {
			for _, begin := range []string{"", "[", `{"@type":"NewsArticle","image":[`, `{"headline":"`} {
				Read(pageOf("https://kmsa.example/a", `<script type="application/ld+json">`+begin+s+"</script>"))
			}
		})
	}
}
