package feed

import (
	"strings"
	"testing"
)

// labels are what types of texts are spelled like, and whether they say that nothing in it is markup.
var labels = map[string]bool{
	"": false, "html": false, "HTML": false, " text/html; charset=utf-8 ": false, "application/xhtml+xml": false,
	"CDATA": false, "es": false, "en-US": false, "rich": false, "image/png": false, "application/json": false,
	"application/xml": false, "text/xml": false, "richtext": false, "string": false, "video/mp4": false,
	"text": true, "TEXT": true, "plain": true, "text/plain": true, "text/plain; charset=utf-8": true, "escaped": true,
}

func TestNoLabelOfATextLosesItsWords(t *testing.T) {
	rss := map[string]string{
		"description": "summary", "content:encoded": "content", "fullitem": "content", "content": "content",
		"media:description": "summary", "atom:summary": "summary", "atom:content": "content",
		"itunes:summary": "summary", "dc:description": "summary", "title": "title", "atom:title": "title",
	}
	atom := map[string]string{
		"summary": "summary", "content": "content", "media:description": "summary", "title": "title",
	}
	const around = ` xmlns:content="http://purl.org/rss/1.0/modules/content/"` +
		` xmlns:dc="http://purl.org/dc/elements/1.1/"` +
		` xmlns:atom="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/"` +
		` xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd">`
	for label := range labels {
		for element, field := range rss {
			checkWords(t, `<rss version="2.0"`+around+"<channel><item>", element, label, field, "</item></channel></rss>")
		}
		for element, field := range atom {
			checkWords(t, `<feed xmlns="http://www.w3.org/2005/Atom"`+
				strings.Replace(around, ` xmlns:atom="http://www.w3.org/2005/Atom"`, "", 1)+"<entry>",
				element, label, field, "</entry></feed>")
		}
	}
}

// checkWords reads a text under a label in one element, as HTML, as plain text and as CDATA that was
// escaped once more.
func checkWords(t *testing.T, before, element, label, field, after string) {
	t.Helper()
	const words = "These words must be there."
	for _, written := range []string{
		"&lt;b&gt;" + words + "&lt;/b&gt;", "<![CDATA[<b>" + words + "</b>]]>", words,
		"&lt;![CDATA[" + words + "]]&gt;", "&lt;![CDATA[&lt;b&gt;" + words + "&lt;/b&gt;]]&gt;",
	} {
		attribute := ""
		if label != "" {
			attribute = ` type="` + label + `"`
		}
		document := before + "<" + element + attribute + ">" + written + "</" + element + ">" + after
		d, err := Parse(t.Context(), []byte(document), Context{Address: "https://ajo.example/feed"})
		if err != nil || len(d.Entries) != 1 {
			t.Fatalf("%s: %v", document, err)
		}
		e := d.Entries[0]
		have := map[string]string{"title": e.Title, "summary": e.Summary, "content": e.Content}[field]
		if !strings.Contains(have, words) || strings.Contains(have, "CDATA") || strings.Contains(have, "]]") ||
			!labels[label] && label != "" && element != "itunes:summary" && strings.Contains(have, "&lt;b") {
			t.Errorf("%s type=%q: %s gives %q", element, label, written, have)
		}
	}
}

func TestAFileIsNoText(t *testing.T) {
	file := strings.Repeat("iVBORw0KGgoAAAANSUhEUgAAAAUA", 8)
	for document, want := range map[string]string{
		inAtom(`<content type="image/png">iVBORw0KGgo=</content>`):            "",
		inAtom(`<content type="image/png">` + file + `</content>`):            "",
		inAtom(`<content type="octets">` + file + "\n" + file + `</content>`): "",
		inAtom(`<content type="image/png">A mill at dusk.</content>`):         "A mill at dusk.",
		inAtom(`<content type="CDATA">Rain</content>`):                        "Rain",
	} {
		d, err := Parse(t.Context(), []byte(document), Context{})
		if err != nil || len(d.Entries) != 1 || d.Entries[0].Content != want {
			t.Errorf("%s: %v %+v", document, err, d.Entries)
		}
	}
}

func TestWhatMediaElementsSayOfAnItemIsItsText(t *testing.T) {
	const video = `<media:content url="https://ajo.example/1.mp4" type="video/mp4">`
	for _, c := range []struct{ item, title, summary string }{
		{`<media:group><media:title>The flood</media:title><media:description>Two feet.` +
			"\n\nOne night.</media:description>" +
			video + `</media:content></media:group>`, "The flood", "<p>Two feet.</p><p>One night.</p>"},
		{video + `<media:description>Two feet.</media:description></media:content>`, "", "Two feet."},
		{`<media:description type="html">&lt;p&gt;Two feet.&lt;/p&gt;</media:description>`, "", "<p>Two feet.</p>"},
		{`<media:description type="plain">Two &lt; feet.</media:description>`, "", "Two &lt; feet."},
		{
			`<media:description></media:description><media:group><media:description>Two feet.</media:description></media:group>`,
			"", "Two feet.",
		},
		// A picture's text is the picture's.
		{`<media:content url="https://ajo.example/1.jpg" type="image/jpeg"><media:description>A ford.</media:description>` +
			`</media:content>`, "", ""},
		{`<title>Fog</title><description>Thick.</description><media:group><media:title>x</media:title>` +
			`<media:description>Two feet.</media:description></media:group>`, "Fog", "Thick."},
	} {
		for _, document := range []string{
			`<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel><item><guid>1</guid>` + c.item +
				`</item></channel></rss>`,
			strings.ReplaceAll(strings.ReplaceAll(
				`<feed xmlns="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/"><entry><id>1</id>`+c.item+
					`</entry></feed>`, "<description>", "<summary>"), "</description>", "</summary>"),
		} {
			d, err := Parse(t.Context(), []byte(document), Context{})
			if err != nil || len(d.Entries) != 1 || d.Entries[0].Title != c.title || d.Entries[0].Summary != c.summary {
				t.Errorf("%s: %v %+v", document, err, d.Entries)
			}
		}
	}
}

func TestInATitleOnlyWhatStandsWithinALineIsMarkup(t *testing.T) {
	for written, want := range map[string]string{
		"What the <head> of a page holds":          "What the <head> of a page holds",
		"<title>, <body> and <p> explained":        "<title>, <body> and <p> explained",
		"The <b>mill</b> and the <i>dam</i>":       "The mill and the dam",
		"<p>The mill</p>":                          "The mill",
		"<h2>The mill</h2>":                        "The mill",
		`<p class="x">The mill`:                    "The mill",
		"The <script>mill</script>":                "The mill",
		"The mill<br>and the dam":                  "The mill and the dam",
		"1 < 2, <3 and <KMSA>":                     "1 < 2, <3 and <KMSA>",
		"Fog on the pier <img src=1 onerror=a(1)":  "Fog on the pier",
		"Fog on the pier <img":                     "Fog on the pier",
		"Fog on the pier </b":                      "Fog on the pier",
		"Fog on the pier <img/src=x":               "Fog on the pier",
		`Fog <img src="x onerror=a(1)`:             "Fog",
		"Fog <img src=x <b>on</b> the pier":        "Fog on the pier",
		"Fog <style":                               "Fog",
		"Fog <imgs of it":                          "Fog <imgs of it",
		"Fog < img":                                "Fog < img",
		"<![CDATA[The mill turns.]]>":              "The mill turns.",
		"&lt;![CDATA[The mill turns.]]&gt;":        "The mill turns.",
		"What <![CDATA[ and ]]> are for":           "What <![CDATA[ and ]]> are for",
		"Fair opens &amp;amp; closes &amp;#8217;s": "Fair opens &amp; closes &#8217;s",
	} {
		escaped := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(written)
		for _, document := range []string{
			`<rss version="2.0"><channel><item><guid>1</guid><title>` + escaped + `</title></item></channel></rss>`,
			inAtomTitle(escaped),
		} {
			d, err := Parse(t.Context(), []byte(document), Context{})
			if err != nil || len(d.Entries) != 1 || d.Entries[0].Title != want {
				t.Errorf("%s: %v %+v, want %s", written, err, d.Entries, want)
			}
		}
	}
}

func inAtomTitle(title string) string {
	return `<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id><title type="html">` + title +
		`</title></entry></feed>`
}
