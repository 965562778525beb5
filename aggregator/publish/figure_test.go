package publish

import (
	"html"
	"strings"
	"testing"

	"fronteras/aggregator/markup"
	"fronteras/aggregator/news"
)

// well is a picture of which everything is said.
var well = news.Image{
	URL: "https://kdem.example/i/well.jpg", Width: 1200, Height: 800, Alt: "Four people at a well",
	Caption: "People wait with buckets.", Credit: "Luz Vega",
}

// A picture in a text gets, where the text says less, the caption and the credit that were given with
// it, in a figure, and an alternative text; it gets nothing twice.
func TestWhatIsSaidOfAPictureIsSaidInTheText(t *testing.T) {
	const (
		img     = `<img src="https://kdem.example/i/well.jpg" alt="Buckets"/>`
		mill    = `<img src="https://kdem.example/i/mill.jpg" alt=""/>`
		caption = `<figcaption>People wait with buckets. (Luz Vega)</figcaption>`
		figure  = `<figure>` + img + caption + `</figure>`
		link    = `<a href="https://kdem.example/well" rel="nofollow">`
		long    = `Neighbors of the upper town at the stone well, at six in the morning`
	)
	silent := news.Image{URL: well.URL}
	for _, c := range []struct {
		name, text, want string
		images           []news.Image
	}{
		{"bare, between paragraphs", `<p>One.</p>` + img + `<p>Two.</p>`, `<p>One.</p>` + figure + `<p>Two.</p>`, nil},
		{"alone in a paragraph", `<p>One.</p><p>` + img + `</p><p>Two.</p>`, `<p>One.</p>` + figure + `<p>Two.</p>`, nil},
		{"with line breaks", `<p> ` + img + `<br/> </p><p>Two.</p>`, figure + `<p>Two.</p>`, nil},
		{"in a link", `<p>One.</p>` + link + img + `</a><p>Two.</p>`,
			`<p>One.</p><figure>` + link + img + `</a>` + caption + `</figure><p>Two.</p>`, nil},
		{"in a link in a paragraph", `<p>` + link + `<em>` + img + `</em></a></p>`,
			`<figure>` + link + `<em>` + img + `</em></a>` + caption + `</figure>`, nil},
		{"at the beginning of a paragraph", `<p>` + img + ` They wait.</p>`, figure + `<p> They wait.</p>`, nil},
		{"at the end of one", `<p>They wait. ` + img + `</p><p>Two.</p>`, `<p>They wait. </p>` + figure + `<p>Two.</p>`, nil},
		{"amid one", `<p>They <b>wait ` + img + ` from</b> six.</p>`,
			`<p>They <b>wait </b></p>` + figure + `<p><b> from</b> six.</p>`, nil},
		{"in a heading", `<h2>` + img + `</h2><p>Two.</p>`, figure + `<p>Two.</p>`, nil},
		{"in a list", `<ul><li>` + img + ` The well</li></ul>`, `<ul><li>` + figure + ` The well</li></ul>`, nil},
		{"in a table", `<table><tbody><tr><td>` + img + `</td></tr></tbody></table>`,
			`<table><tbody><tr><td>` + figure + `</td></tr></tbody></table>`, nil},
		{"in a quotation", `<blockquote><p>` + img + `</p></blockquote>`, `<blockquote>` + figure + `</blockquote>`, nil},
		{"twice", `<p>` + img + `</p><p>Two.</p>` + img, figure + `<p>Two.</p>` + img, nil},
		{"in a figure", `<figure>` + img + `</figure><p>Two.</p>`, figure + `<p>Two.</p>`, nil},
		{"in a figure's link", `<figure>` + link + img + `</a></figure>`,
			`<figure>` + link + img + `</a>` + caption + `</figure>`, nil},
		{"a figure with all", figure + `<p>Two.</p>`, figure + `<p>Two.</p>`, nil},
		{"a figure with the caption", `<figure>` + img + `<figcaption>People wait, with buckets</figcaption></figure>`,
			`<figure>` + img + `<figcaption>People wait, with buckets (Luz Vega)</figcaption></figure>`, nil},
		{"a figure with the credit", `<figure>` + img + `<figcaption>Photo: LUZ VEGA / KDEM</figcaption></figure>`,
			`<figure>` + img + `<figcaption>People wait with buckets. Photo: LUZ VEGA / KDEM</figcaption></figure>`, nil},
		{"a figure with another caption", `<figure>` + img + `<figcaption>` + long + `</figcaption></figure>`,
			`<figure>` + img + `<figcaption>` + long + ` (Luz Vega)</figcaption></figure>`, nil},
		{"a figure with another caption and the credit",
			`<figure>` + img + `<figcaption>` + long + `. Luz Vega for KDEM</figcaption></figure>`,
			`<figure>` + img + `<figcaption>` + long + `. Luz Vega for KDEM</figcaption></figure>`, nil},
		{"a figure with an empty caption", `<figure>` + img + `<figcaption> </figcaption></figure>`, figure, nil},
		{"both in the next line", img + `<p>People wait with buckets. Luz Vega / KDEM</p>`,
			img + `<p>People wait with buckets. Luz Vega / KDEM</p>`, nil},
		{"both in the next lines", `<p>` + img + `</p><p>People wait with buckets.</p><p>Luz Vega</p><p>Two.</p>`,
			`<p>` + img + `</p><p>People wait with buckets.</p><p>Luz Vega</p><p>Two.</p>`, nil},
		{"the credit further below", img + `<p>At six.</p><p>They come.</p><p>(Image credit: Luz Vega)</p>`,
			`<figure>` + img + `<figcaption>People wait with buckets.</figcaption></figure>` +
				`<p>At six.</p><p>They come.</p><p>(Image credit: Luz Vega)</p>`, nil},
		{"a text about the photographer", img + `<p>Luz Vega has photographed wells for ten years, and she has waited ` +
			`at most of them.</p>`, figure + `<p>Luz Vega has photographed wells for ten years, and she has waited at ` +
			`most of them.</p>`, nil},
		{"a long caption that is a sentence of the text",
			img + `<p>One.</p><p>At six, people wait with buckets at the well, and wait.</p>`,
			`<figure>` + img + `<figcaption>Luz Vega</figcaption></figure>` +
				`<p>One.</p><p>At six, people wait with buckets at the well, and wait.</p>`,
			[]news.Image{{URL: well.URL, Caption: "People wait with buckets at the well.", Credit: "Luz Vega"}}},
		{"a caption that names the photographer", img,
			`<figure>` + img + `<figcaption>A well. Photo by Luz Vega</figcaption></figure>`,
			[]news.Image{{URL: well.URL, Caption: "A well. Photo by Luz Vega", Credit: "Luz Vega"}}},
		{"markup in a caption", img, `<figure>` + img + `<figcaption>&lt;b&gt; &amp; (A&amp;B)</figcaption></figure>`,
			[]news.Image{{URL: well.URL, Caption: "<b> &", Credit: "A&B"}}},
		{"nothing is said", `<p>` + img + `</p>`, `<p>` + img + `</p>`, []news.Image{silent}},
		{"an alternative text alone", `<p><img src="https://kdem.example/i/well.jpg" alt=""/></p>`,
			`<p><img src="https://kdem.example/i/well.jpg" alt="A &#34;well&#34;"/></p>`,
			[]news.Image{{URL: well.URL, Alt: `A "well"`}}},
		{"no alternative text", `<p><img src="https://kdem.example/i/well.jpg"/><img src="x.jpg"></p>`,
			`<p><img alt="" src="https://kdem.example/i/well.jpg"/><img alt="" src="x.jpg"></p>`, []news.Image{silent}},
		{"no pictures are known", `<p><img src="x.jpg"></p>`, `<p><img alt="" src="x.jpg"></p>`, []news.Image{}},
		{"another size", `<img src="https://kdem.example/i/well-300x200.jpg" alt="Buckets"/>`,
			`<figure><img src="https://kdem.example/i/well-300x200.jpg" alt="Buckets"/>` + caption + `</figure>`, nil},
		{"another query", `<img src="https://kdem.example/i/well.jpg?w=300&amp;h=200" alt="Buckets"/>`,
			`<figure><img src="https://kdem.example/i/well.jpg?w=300&amp;h=200" alt="Buckets"/>` + caption + `</figure>`, nil},
		{"two in one paragraph", `<p>` + img + ` ` + mill + `</p>`,
			figure + `<figure>` + mill + `<figcaption>Ana Ruiz</figcaption></figure>`,
			[]news.Image{well, {URL: "https://kdem.example/i/mill.jpg", Credit: "Ana Ruiz"}}},
		{"two in one figure", `<figure>` + img + mill + `</figure>`,
			`<figure>` + img + mill + `<figcaption>People wait with buckets. (Luz Vega) The mill. (Ana Ruiz)` +
				`</figcaption></figure>`,
			[]news.Image{well, {URL: "https://kdem.example/i/mill.jpg", Caption: "The mill.", Credit: "Ana Ruiz"}}},
		{"a paragraph without an end", `<p>One ` + img, `<p>One ` + img, nil},
		{"lacking", `<p>One.</p>`, `<figure><img src="https://kdem.example/i/well.jpg" alt="Four people at a well" ` +
			`width="1200" height="800"/>` + caption + "</figure>\n<p>One.</p>", nil},
		{"linked, not shown", `<p><a href="https://kdem.example/i/well.jpg">One</a></p>`,
			figureOf(well) + `<p><a href="https://kdem.example/i/well.jpg">One</a></p>`, nil},
		{"lacking, with another picture", `<p>` + mill + `</p>`, figureOf(well) + `<p>` + mill + `</p>`, nil},
	} {
		images := c.images
		if images == nil {
			images = []news.Image{well}
		}
		have := withPictures(c.text, images)
		if have != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", c.name, have, c.want)
		}
		if again := withPictures(have, images); again != have {
			t.Errorf("%s: a second time\n%s\nwant\n%s", c.name, again, have)
		}
		if markup.Balanced(c.text) && !markup.Balanced(have) {
			t.Errorf("%s: not balanced: %s", c.name, have)
		}
	}
}

// What is said of a picture is in every format that has texts, and on the story's page, once.
func TestEveryFormatSaysWhoTookThePicture(t *testing.T) {
	story := plainStory("aaaaaaaaaaaaa", "krwg", "The well of the upper town", noon)
	story.Items[0].Entry.Content = `<p>They wait from six.</p><img src="https://kdem.example/i/well.jpg" ` +
		`alt="Four people at a well"/><p>The water comes at nine.</p>`
	story.Items[0].Entry.Images = []news.Image{well}
	e := testEdition(t, story)
	const figure = `<figcaption>People wait with buckets. (Luz Vega)</figcaption></figure>`
	for path, want := range map[string]string{
		"/feed.rss": html.EscapeString(figure), "/feed.atom": html.EscapeString(figure), "/feed.json": figure,
		"/archive/1.rss": html.EscapeString(figure), "/archive/1.atom": html.EscapeString(figure),
		"/archive/1.json": figure,
	} {
		d, err := rendered(e, path, Selection{})
		if _, number, _ := FormatAt(path); number > 0 {
			d, err = renderedArchive(e, path, news.Archive{Stories: e.Stories, Ended: noon}, Selection{})
		}
		if body := must(t, d, err); strings.Count(body, want) != 1 {
			t.Errorf("%s: %s", path, body)
		}
	}
	page, err := StoryPage(NewRenderer(*e), story, inEnglish)
	if body := must(t, page, err); strings.Count(body, figure) != 1 {
		t.Errorf("the page: %s", body)
	}
	if a := articlesAt(e, "/feed.rss")[0]; strings.Contains(a.Plain, "buckets") || strings.Contains(a.Deck, "buckets") {
		t.Errorf("a caption is in the text of %q, or in the deck %q", a.Plain, a.Deck)
	}
}

// FuzzWithPictures has a station write what it likes around a picture: the words that were there
// stay, and what is balanced stays balanced.
func FuzzWithPictures(f *testing.F) {
	f.Add(`<p>One <img src="https://kdem.example/i/well.jpg" alt=""/> two</p>`, "People wait.", "Luz Vega")
	f.Add(`<figure><a href="/"><img src="https://kdem.example/i/well.jpg"/></a><figcaption>x</figcaption></figure>`, "a",
		"b")
	f.Add(`<p><em><img src="https://kdem.example/i/well.jpg" alt=""/><img src="https://kdem.example/i/well.jpg"/>`, "<b>",
		"&")
	f.Add(`</p></figure><img src=https://kdem.example/i/well.jpg><figcaption>`, "a b c d e f", "")
	f.Fuzz(func(t *testing.T, body, caption, credit string) {
		images := []news.Image{{URL: well.URL, Alt: caption, Caption: singleLine(caption), Credit: singleLine(credit)}}
		have := withPictures(body, images)
		if markup.Balanced(body) && !markup.Balanced(have) {
			t.Errorf("%q is not balanced, from %q", have, body)
		}
		words := func(s string) string { return strings.Join(strings.Fields(markup.Text(s)), "") }
		if before, after := words(body), words(have); len(after) < len(before) {
			t.Errorf("%q lost words of %q", after, before)
		}
	})
}
