package page

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"fronteras/aggregator/feed/htmlclean"
	"fronteras/aggregator/news"
)

// readPage reads a page as a server gives it.
func readPage(t testing.TB, body string) (*news.Article, error) {
	t.Helper()
	return Read(t.Context(), Source{
		Address: "https://kmsa.example/2031/02/wells",
		Header:  http.Header{"Content-Type": {"text/html; charset=utf-8"}},
		Body:    []byte(body),
	})
}

func paragraphs(words int) string {
	var b strings.Builder
	for n := 0; n < words; n += 20 {
		b.WriteString("<p>The county counted " + strings.Repeat("one more dry well along the river ",
			2) + "and wrote down who owns each.</p>\n")
	}
	return b.String()
}

func TestReadRefusesWhatIsNoPage(t *testing.T) {
	for name, header := range map[string]http.Header{
		"a document": {"Content-Type": {"application/pdf"}}, "text": {"Content-Type": {"text/plain"}},
		"JSON": {"Content-Type": {"application/json"}}, "bytes without a type": nil,
	} {
		_, err := Read(t.Context(), Source{Header: header, Body: []byte("%PDF-1.7 and more")})
		if !errors.Is(err, errNoHTML) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Read(t.Context(), Source{Body: []byte("<!DOCTYPE html><p>Rain")}); err != nil {
		t.Errorf("a page without a type: %v", err)
	}
}

func TestReadEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := Read(ctx, Source{Header: http.Header{"Content-Type": {"text/html"}}, Body: []byte("<p>Rain")})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func TestTheTextIsFoundByLayoutBeforeAnythingElse(t *testing.T) {
	for name, test := range map[string]struct{ body, way string }{
		"Grove":           {`<div class="ArtP-articleBody RichTextStoryBody">` + paragraphs(60) + `</div>`, news.WayLayout},
		"a short Grove":   {`<div class="ArtP-articleBody"><p>Hear it above.</p></div>`, news.WayLayout},
		"Drupal":          {`<div class="field field--name-body">` + paragraphs(60) + `</div>`, news.WayLayout},
		"WordPress":       {`<div class="entry-content">` + paragraphs(60) + `</div>`, news.WayLayout},
		"a storytext":     {`<div id="storytext">` + paragraphs(60) + `</div>`, news.WayLayout},
		"microdata":       {`<div itemprop="articleBody">` + paragraphs(60) + `</div>`, news.WayLayout},
		"nothing of them": {`<div class="x">` + paragraphs(200) + `</div>`, news.WayLibrary},
	} {
		a, err := readPage(t, "<html><body><h1>Dry wells</h1>"+test.body+"</body></html>")
		if err != nil {
			t.Fatal(err)
		}
		if a.Way != test.way {
			t.Errorf("%s: by %q", name, a.Way)
		}
		if htmlclean.Clean(a.Entry.Content, "", maxContent) != a.Entry.Content {
			t.Errorf("%s: not clean: %s", name, a.Entry.Content)
		}
	}
}

func TestSelectorsThatCannotBeReadAreNamed(t *testing.T) {
	for _, css := range []string{"..story", "p::first-line", "[a", "div >", "a b c d e f", "div:has(p:has(a))"} {
		if _, err := ParseSelectors(css, nil); err == nil || !strings.Contains(err.Error(), css) {
			t.Errorf("%q: %v", css, err)
		}
		if _, err := ParseSelectors("", []string{".a", css}); err == nil || !strings.Contains(err.Error(), css) {
			t.Errorf("%q: %v", css, err)
		}
	}
}

func TestNoticesOfCopyrightAreCutAndKept(t *testing.T) {
	a, err := readPage(t, `<div class="ArtP-articleBody">`+paragraphs(60)+
		`<div class="fullattribution">Copyright 2031 NPR.</div></div>`+
		`<footer><p>© 2031 KMSA</p></footer>`)
	if err != nil || len(a.Copyright) != 1 || a.Copyright[0] != "Copyright 2031 NPR." ||
		strings.Contains(a.Entry.Content, "Copyright") {
		t.Errorf("%q, %v, %q", a.Copyright, err, a.Entry.Content)
	}
}

// CMSs put the person alone into JSON-LD, and whose story it is into the byline that they show.
func TestABylineKeepsTheNewsroomThatItShows(t *testing.T) {
	for shown, want := range map[string]string{
		"By Jo Reed, NPR":                        "By Jo Reed, NPR",
		"NPR | By Jo Reed":                       "NPR | By Jo Reed",
		"By Jo Reed, Associated Press":           "By Jo Reed, Associated Press",
		"Jo Reed / The Delta Ledger":             "Jo Reed / The Delta Ledger",
		"By Jo Reed (Delta News Service)":        "By Jo Reed (Delta News Service)",
		"By Jo Reed":                             "Jo Reed",
		"By Jo Reed, Senior Editor":              "Jo Reed",
		"By Jo Reed | February 4, 2031":          "Jo Reed",
		"KMSA Mesilla Public Radio | By Jo Reed": "Jo Reed",
		"Lee Orr, NPR":                           "Jo Reed",
	} {
		a, err := readPage(t, `<meta property="og:site_name" content="KMSA Mesilla Public Radio">`+
			`<script type="application/ld+json">{"@type":"NewsArticle","author":{"@type":"Person","name":"Jo Reed"}}</script>`+
			`<div class="ArtP-byline">`+shown+`</div><div class="ArtP-articleBody">`+paragraphs(60)+`</div>`)
		if err != nil {
			t.Fatal(err)
		}
		if a.Entry.Byline != want || len(a.Entry.Authors) != 1 || a.Entry.Authors[0].Name != "Jo Reed" {
			t.Errorf("%s: %q by %v, want %q", shown, a.Entry.Byline, a.Entry.Authors, want)
		}
	}
}

func TestThePlayerOfTheStorysAudioIsNoPartOfTheText(t *testing.T) {
	a, err := readPage(t, `<article><div class="entry-content"><audio class="wp-audio-shortcode" controls>`+
		`<source type="audio/mpeg" src="/up/rain.mp3?_=1"/><a href="/up/rain.mp3">rain.mp3</a></audio>`+paragraphs(60)+
		`<p>Then it rained:</p><audio src="/up/hail.mp3?_=2" controls></audio></div></article>`)
	if err != nil || len(a.Entry.Enclosures) == 0 || a.Entry.Enclosures[0].URL != "https://kmsa.example/up/rain.mp3" {
		t.Fatalf("the audio is %v, %v", a.Entry.Enclosures, err)
	}
	others := strings.Contains(a.Entry.Content, "hail.mp3") != (len(a.Entry.Enclosures) > 1)
	if strings.Contains(a.Entry.Content, "rain.mp3") || !others {
		t.Errorf("the text is %s, the audio %v", a.Entry.Content, a.Entry.Enclosures)
	}
}

// The entry's picture is shown with its caption and its credit, which are no part of the text.
func TestThePictureOfTheEntryIsNoPartOfTheText(t *testing.T) {
	const figure = `<figure class="wp-caption"><img src="/up/pump-300x200.jpg" srcset="/up/pump-300x200.jpg 300w, /up/pump.jpg 1200w" ` +
		`alt="A pump" width="300" height="200"><figcaption class="wp-caption-text">A pump. (Lee Orr/KMSA)</figcaption></figure>`
	for name, page := range map[string]string{
		"a layout":    `<article><div class="entry-content">` + figure + paragraphs(120) + `<p><img src="/up/map.png" alt="A map"></p></div></article>`,
		"the library": `<article><h1>Wells run dry</h1>` + figure + paragraphs(120) + `<p><img src="/up/map.png" alt="A map"></p></article>`,
	} {
		a, err := readPage(t, page)
		if err != nil || len(a.Entry.Images) != 1 || a.Entry.Images[0].URL != "https://kmsa.example/up/pump.jpg" ||
			a.Entry.Images[0].Credit != "Lee Orr/KMSA" {
			t.Fatalf("%s: the picture is %+v, %v", name, a.Entry.Images, err)
		}
		if c := a.Entry.Content; strings.Contains(c, "pump") || strings.Contains(c, "figure") || strings.Contains(c,
			"Orr") ||
			!strings.Contains(c, "map.png") {
			t.Errorf("%s: the text is %s", name, c)
		}
	}
}

func TestSelectorsMayBeAsUsual(t *testing.T) {
	for _, css := range []string{".story", "#main > .story p", "div.a, section .b", `[data-part="a b c d e f g"] p`,
		"main article .story > .text p", "div:has(p)", "p:not(.a, .b)", "li:nth-child(2)"} {
		if _, err := ParseSelectors(css, []string{css}); err != nil {
			t.Errorf("%q: %v", css, err)
		}
	}
}

func TestTheConfigurationSaysWhereTheTextIsAndWhatIsNoPartOfIt(t *testing.T) {
	const page = `<div class="entry-content">%s</div><div class="mine"><p class="extra">Extra words.</p>%s</div>`
	body := strings.Replace(strings.Replace(page, "%s", paragraphs(200), 1), "%s", paragraphs(60), 1)
	s, err := ParseSelectors(".mine", []string{".extra", ".nothing"})
	if err != nil {
		t.Fatal(err)
	}
	a, err := Read(t.Context(), Source{Header: http.Header{"Content-Type": {"text/html"}}, Body: []byte(body),
		Selectors: s})
	if err != nil || a.Way != news.WayConfig || strings.Contains(a.Entry.Content, "Extra") || a.Words > 80 {
		t.Errorf("%+v, %v", a, err)
	}
	s, err = ParseSelectors(".theirs", nil)
	if err != nil {
		t.Fatal(err)
	}
	a, err = Read(t.Context(), Source{Header: http.Header{"Content-Type": {"text/html"}}, Body: []byte(body),
		Selectors: s})
	if err != nil || a.Way != news.WayLayout {
		t.Errorf("where the selector selects nothing: %+v, %v", a, err)
	}
}

// A page's own declaration counts where its answer names no charset, and is overruled by its bytes.
func TestThePagesCharsetIsDeclaredInItsFirstKiB(t *testing.T) {
	latin := "<p>Los ca\xf1ones del r\xedo, dice la ge\xf3loga, ya no llevan agua " + strings.Repeat("en "+
		"todo el a\xf1o ", 12) + "</p>"
	const greek = "\xca\xe1\xeb\xe7\xec\xdd\xf1\xe1" // of ISO 8859-7
	for name, test := range map[string]struct{ contentType, body, want string }{
		"by meta charset": {"text/html", `<meta charset="iso-8859-7"><div class="entry-content"><p>` +
			strings.Repeat(greek+" ", 45) + "</p></div>", "Καλημέρα"},
		"by http-equiv": {"text/html", `<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-7">` +
			`<div class="entry-content"><p>` + strings.Repeat(greek+" ", 45) + "</p></div>", "Καλημέρα"},
		"by the answer, whatever the page says": {"text/html; charset=iso-8859-7", `<meta charset="windows-1252">` +
			`<div class="entry-content"><p>` + strings.Repeat(greek+" ", 45) + "</p></div>", "Καλημέρα"},
		"nothing said": {"text/html", `<div class="entry-content">` + latin + "</div>", "cañones"},
		"UTF-8 under a wrong label": {"text/html", `<meta charset="iso-8859-1"><div class="entry-content"><p>` +
			strings.Repeat("cañones ", 45) + "</p></div>", "cañones"},
	} {
		a, err := Read(t.Context(), Source{Header: http.Header{"Content-Type": {test.contentType}},
			Body: []byte(test.body)})
		if err != nil || !strings.Contains(a.Entry.Content, test.want) {
			t.Errorf("%s: %v, %v", name, a, err)
		}
	}
}
