package command

import (
	"cmp"
	"encoding/xml"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"fronteras/aggregator/credit"
	"fronteras/aggregator/feed"
	"fronteras/aggregator/markup"
	"fronteras/aggregator/news"
	"fronteras/aggregator/publish"
)

// What the desk publishes its own reader reads as it was: ids, titles and links.
func TestOwnDocumentsAreReadBack(t *testing.T) {
	folder := filepath.Join(root, "testdata", "golden")
	read := map[string][]news.Entry{}
	for name, kind := range map[string]string{"feed.rss": publish.TypeRSS, "feed.atom": publish.TypeAtom,
		"feed.json": publish.TypeJSON} {
		body, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		d, err := feed.Parse(t.Context(), body, feed.Context{ContentType: kind, Address: "https://fronteras.example/" + name})
		if err != nil || !d.Whole || len(d.Repairs) > 0 {
			t.Fatalf("%s: %v, repairs %v", name, err, d.Repairs)
		}
		read[name] = d.Entries
	}
	for n, want := range read["feed.json"] {
		for _, name := range []string{"feed.rss", "feed.atom"} {
			if have := read[name][n]; have.GUID != want.GUID || have.Title != want.Title || have.URL != want.URL ||
				!have.Published.Equal(want.Published) || have.Content != want.Content {
				t.Errorf("%s: %+v, want %+v", name, have, want)
			}
		}
	}
	if len(read["feed.rss"]) != 41 || len(read["feed.atom"]) != 41 {
		t.Errorf("%d and %d stories", len(read["feed.rss"]), len(read["feed.atom"]))
	}
}

// A headline about markup is read back from each of the desk's documents as it was published, though
// readers of others' RSS and JSON take tags out of headlines, and decode references once more.
func TestHeadlinesAboutMarkupAreReadBackAsTheyWere(t *testing.T) {
	day := time.Date(2031, 2, 4, 12, 0, 0, 0, time.UTC)
	desk := news.Site{Title: "Fronteras Desk", URL: "https://fronteras.example", Language: "en", Credit: "From {{.Desk}}."}
	words, err := credit.New(desk)
	if err != nil {
		t.Fatal(err)
	}
	for _, title := range []string{
		"Rain at last", "Q & A", "AT&T", "AT&amp;T", "The <b> tag", "<b>Bold</b> words", "&lt;b&gt;", "&#60;&#x3C;", "a < b",
		"Snow under <half an inch>", "<script>alert(1)</script>", "&amp;amp;lt;", "<!-- no -->", "<![CDATA[x]]>y",
	} {
		story := &news.Story{
			ID: "aaaaaaaaaaaaa", PublicID: "tag:fronteras.example,2031:aaaaaaaaaaaaa", Status: news.Live,
			Published: day, IDAssignedAt: day, LeadItem: 1,
			Origin: &news.Origin{Maker: news.Maker{Station: "ajo", Name: "Radio Ajo"}}, Members: []uint64{1},
			Items: []*news.Item{{Number: 1, Station: "ajo", Feed: "https://radioajo.example/feed", FirstSeen: day,
				Entry: news.Entry{Title: title, URL: "https://radioajo.example/1", Content: "<p>It rained.</p>",
					Enclosures: []news.Enclosure{{URL: "https://radioajo.example/1.mp3", Type: "audio/mpeg"}}}}},
		}
		renderer := publish.NewRenderer(publish.Edition{
			Window: news.Window{Stories: []*news.Story{story}}, Desk: desk, Credit: words, MaxAge: time.Minute,
			Stations: []news.Station{{ID: "ajo", Name: "Radio Ajo", URL: "https://radioajo.example"}},
			Podcast:  publish.Podcast{Category: []string{"News"}}, Authority: "tag:fronteras.example,2031:",
		})
		for _, path := range []string{"/feed.rss", "/feed.atom", "/feed.json", "/podcast.rss"} {
			format, _, _ := publish.FormatAt(path)
			d, err := renderer.Render(format, publish.Selection{}, publish.Locale{})
			if err != nil || len(d.LeftOut) > 0 {
				t.Fatalf("%s: %v, left out %+v", path, err, d.LeftOut)
			}
			back, err := feed.Parse(t.Context(), d.Body, feed.Context{Address: "https://fronteras.example" + path})
			if err != nil || len(back.Entries) != 1 || back.Entries[0].Title != title {
				t.Errorf("%s: %q is read as %+v: %v", path, title, back, err)
			}
		}
	}
}

// FuzzRoundTrip has a station write what it likes, publishes it, and reads it as a partner's feed
// brings it back, its classes gone: the same title and text, with the credit once.
func FuzzRoundTrip(f *testing.F) {
	f.Add("Rain at last", "<p>It rained.</p><p>Then it stopped.</p>", "en")
	f.Add("A & B < C", "It rained &amp; poured.<br>More.", "")
	f.Add("The &lt;b&gt; tag, &amp;amp; the rest", "<p>It rained.</p>", "en")
	f.Add("Ärger", "<div>Carried by nobody.</div><ul><li>One</ul><table><tr><td>x", "de")
	f.Add("", "<p>The Fronteras Desk is mentioned in passing.</p>", "en-US")
	f.Add("x", "<p>This story is from the Fronteras Desk, a collaboration of Southwestern public radio stations, "+
		"including NPR 89.1. Read more from the Fronteras Desk.</p>", "en")
	f.Add("Por fin llueve", "<p>Llovió.</p><p>La Mesa de la Frontera lo vio.</p>", "es-MX")
	f.Add("x", "<p>Llovió.</p><p>Por Ana Ruiz. Publicada originalmente por Radio Ajo.</p><p>Esta nota es de la Mesa de "+
		"la Frontera, una colaboración de radios públicas, como Ajo 88.9. Más notas en la Mesa de la Frontera.</p>", "es")
	const english = "This story is from the {{.Desk}}, a collaboration of public radio stations, including {{.Brand}}. " +
		"Read more from the {{.DeskLink}}."
	desk := news.Site{
		Title: "Fronteras Desk", URL: "https://fronteras.example", Language: "en", Credit: english,
		Titles: map[string]string{"en": "Fronteras Desk", "es": "Mesa de la Frontera"},
		Credits: map[string]string{"en": english, "es": "Esta nota es de la {{.Desk}}, una colaboración de radios " +
			"públicas, como {{.Brand}}. Más notas en la {{.DeskLink}}."},
	}
	words, err := credit.New(desk)
	if err != nil {
		f.Fatal(err)
	}
	stations := []news.Station{{ID: "ajo", Name: "Radio Ajo", URL: "https://radioajo.example"}}
	f.Fuzz(func(t *testing.T, title, text, language string) {
		first := readItem(t, title, text, language)
		if first == nil {
			return // nothing to tell
		}
		day := time.Date(2031, 2, 4, 12, 0, 0, 0, time.UTC)
		item := &news.Item{Number: 1, Station: "ajo", Feed: "https://radioajo.example/feed", Entry: *first,
			FirstSeen: day}
		story := &news.Story{
			ID: "aaaaaaaaaaaaa", PublicID: "tag:fronteras.example,2031:aaaaaaaaaaaaa", Status: news.Live,
			Published: day, IDAssignedAt: day, LeadItem: 1,
			Origin: &news.Origin{Maker: news.Maker{Station: "ajo", Name: "Radio Ajo"}}, Items: []*news.Item{item},
			Members: []uint64{1},
		}
		e := publish.Edition{Window: news.Window{Stories: []*news.Story{story}}, Desk: desk, Stations: stations,
			Credit: words, Authority: "tag:fronteras.example,2031:", MaxAge: time.Minute}
		rss, _, _ := publish.FormatAt("/feed.rss")
		d, err := publish.NewRenderer(e).Render(rss, publish.Selection{}, publish.Locale{})
		if err != nil || len(d.LeftOut) > 0 {
			t.Fatalf("%v, left out %+v", err, d.LeftOut)
		}
		back, err := feed.Parse(t.Context(), d.Body, feed.Context{ContentType: publish.TypeRSS,
			Address: "https://partner.example/feed"})
		if err != nil || len(back.Entries) != 1 {
			t.Fatalf("%v, %d entries", err, len(back.Entries))
		}
		again := back.Entries[0]
		if again.GUID != story.PublicID || first.Title != "" && again.Title != first.Title {
			t.Errorf("id %q, title %q, was %q", again.GUID, again.Title, first.Title)
		}
		credits := map[string]string{"en": "a collaboration of public radio stations, including Radio Ajo.",
			"es": "una colaboración de radios públicas, como Radio Ajo."}
		own := credits[news.PrimaryLanguage(first.Language)]
		if own = cmp.Or(own, credits["en"]); strings.Count(again.Content, own) != 1 {
			t.Errorf("%d times the credit in %q in %q", strings.Count(again.Content, own), first.Language, again.Content)
		}
		want := words.Strip(cmp.Or(first.Content, first.Summary))
		if strings.Contains(want, "&lt;") {
			return // readers take a text that shows tags for one escaped twice
		}
		if have := words.Strip(again.Content); markup.Text(have) != markup.Text(want) {
			t.Errorf("the text without its credit is %q, was %q", have, want)
		}
	})
}

// readItem reads a station's item; nil if there is nothing in it.
func readItem(t *testing.T, title, text, language string) *news.Entry {
	t.Helper()
	var document strings.Builder
	document.WriteString(`<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>` +
		`<title>Radio Ajo</title><language>`)
	_ = xml.EscapeText(&document, []byte(language)) // a builder takes everything
	document.WriteString(`</language><item><link>https://radioajo.example/1</link><guid>1</guid><title>`)
	_ = xml.EscapeText(&document, []byte(title))
	document.WriteString(`</title><content:encoded>`)
	_ = xml.EscapeText(&document, []byte(text))
	document.WriteString(`</content:encoded></item></channel></rss>`)
	d, err := feed.Parse(t.Context(), []byte(document.String()), feed.Context{Address: "https://radioajo.example/feed"})
	if err != nil || len(d.Entries) == 0 {
		return nil
	}
	return &d.Entries[0]
}

// FuzzPublishedIsReadBack has a station write what it likes into each field, publishes it in each
// format, and reads it back: the same item in all of them, and the station's own words in it.
func FuzzPublishedIsReadBack(f *testing.F) {
	f.Add("Rain at last", "<p>It rained.</p><p>Then it <b>stopped</b>.</p>", "Ana Ruiz", "Border", "/rain.mp3")
	f.Add("A & B < C]]>", "It rained &amp; poured.<br>More <a href='/b'>here</a>.", "By Ana Ruiz and José Paz, Jr.", "a,b", "")
	f.Add("<b>", "<ul><li>One</ul><table><tr><td>x", "Ana Ruiz (ana@radioajo.example)", "&lt;i&gt;", "//x/ä.mp3?a&b")
	f.Add("\u202eÄ\u0301", "<pre>\n a\n</pre><img src=/a.png alt='b'>", "<script>", "  a  ", "a.png#b")
	desk := news.Site{
		Title: "Fronteras Desk", URL: "https://fronteras.example", Language: "en",
		Credit: "This story is from the {{.Desk}}, a collaboration of public radio stations, including {{.Brand}}. " +
			"Read more from the {{.DeskLink}}.",
	}
	words, err := credit.New(desk)
	if err != nil {
		f.Fatal(err)
	}
	stations := []news.Station{{ID: "ajo", Name: "Radio Ajo", URL: "https://radioajo.example"}}
	f.Fuzz(func(t *testing.T, title, text, author, topic, audio string) {
		var document strings.Builder
		element := func(name, attributes, value string) {
			document.WriteString("<" + name + attributes + ">")
			_ = xml.EscapeText(&document, []byte(value)) // a builder takes everything
			document.WriteString("</" + name + ">")
		}
		document.WriteString(`<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" ` +
			`xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Radio Ajo</title><item>` +
			`<link>https://radioajo.example/1</link><guid>1</guid><pubDate>Tue, 04 Feb 2031 12:00:00 GMT</pubDate>` +
			`<enclosure type="audio/mpeg" length="5" url="`)
		_ = xml.EscapeText(&document, []byte(audio))
		document.WriteString(`"/>`)
		element("title", "", title)
		element("content:encoded", "", text)
		element("dc:creator", "", author)
		element("category", "", topic)
		document.WriteString(`</item></channel></rss>`)
		first, err := feed.Parse(t.Context(), []byte(document.String()),
			feed.Context{Address: "https://radioajo.example/feed"})
		if err != nil || len(first.Entries) == 0 {
			return
		}
		day := time.Date(2031, 2, 4, 12, 0, 0, 0, time.UTC)
		item := &news.Item{Number: 1, Station: "ajo", Feed: "https://radioajo.example/feed", Entry: first.Entries[0],
			FirstSeen: day}
		story := &news.Story{
			ID: "aaaaaaaaaaaaa", PublicID: "tag:fronteras.example,2031:aaaaaaaaaaaaa", Status: news.Live,
			Published: day, IDAssignedAt: day, LeadItem: 1,
			Origin: &news.Origin{Maker: news.Maker{Station: "ajo", Name: "Radio Ajo"}}, Items: []*news.Item{item},
			Members: []uint64{1},
		}
		renderer := publish.NewRenderer(publish.Edition{
			Window: news.Window{Stories: []*news.Story{story}}, Desk: desk, Stations: stations, Credit: words,
			Authority: "tag:fronteras.example,2031:", MaxAge: time.Minute,
		})
		read := map[string]news.Entry{}
		for _, path := range []string{"/feed.rss", "/feed.atom", "/feed.json"} {
			format, _, _ := publish.FormatAt(path)
			d, err := renderer.Render(format, publish.Selection{}, publish.Locale{})
			if err != nil || len(d.LeftOut) > 0 {
				t.Fatalf("%s: %v, left out %+v", path, err, d.LeftOut)
			}
			back, err := feed.Parse(t.Context(), d.Body, feed.Context{Address: "https://fronteras.example" + path})
			if err != nil || len(back.Entries) != 1 || !back.Whole || len(back.Repairs) > 0 {
				t.Fatalf("%s: %v, %+v\n%s", path, err, back, d.Body)
			}
			read[path] = back.Entries[0]
		}
		want := read["/feed.json"]
		if want.GUID != story.PublicID || want.URL != "https://radioajo.example/1" || !want.Published.Equal(day) ||
			item.Entry.Title != "" && want.Title != item.Entry.Title {
			t.Errorf("read back: %+v, written: %+v", want, item.Entry)
		}
		for _, path := range []string{"/feed.rss", "/feed.atom"} {
			have := read[path]
			for field, values := range map[string][2]any{
				"id": {have.GUID, want.GUID}, "title": {have.Title, want.Title}, "address": {have.URL, want.URL},
				"text": {have.Content, want.Content}, "topics": {have.Topics, want.Topics},
				"authors": {have.Authors, want.Authors}, "sound": {have.Enclosures, want.Enclosures},
				"published": {have.Published, want.Published},
			} {
				if !reflect.DeepEqual(values[0], values[1]) {
					t.Errorf("%s: the %s is %#v, in JSON %#v", path, field, values[0], values[1])
				}
			}
		}
	})
}
