package publish

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"fronteras/aggregator/news"
)

// texts are plain texts that a reader with another habit may take for markup, each with whether one
// that takes it for HTML shows it as it is all the same.
var texts = map[string]bool{
	"Rain at last": true, "Q & A at noon": true, "AT&T": true, "R&D, rock & roll & more": true, "5 < 6 > 4": true,
	"Snow under <half an inch> melts": false, "The <b> tag": false, "<img src=x onerror=alert(1)>": false,
	"<script>alert(1)</script>": false, "AT&amp;T": false, "&lt;b&gt;": false, "&#60;b&#62; and &#x3C;": false,
	"&copy 2031": false, "a&b;c": true, "ends in &": true, "]]> and -->": true, `"quotes" and 'these'`: true,
}

// everywhere is an edition whose one story, station and desk say a text wherever they say any; the
// author has a first name, for a byline that is the desk's name is none.
func everywhere(t *testing.T, text string) *Edition {
	story := withSound(plainStory("aaaaaaaaaaaaa", "krwg", text, noon), "https://krwg.example/a.mp3", 3)
	entry := &story.Items[0].Entry
	entry.Summary, entry.Content = html.EscapeString(text), "<p>Of another text.</p>"
	entry.Authors, entry.Topics, entry.Rights = []news.Person{{Name: "Ana " + text}}, []string{text}, text
	entry.Images = []news.Image{{URL: "https://krwg.example/a.jpg", Alt: text, Caption: text, Credit: text}}
	entry.Podcast = &news.Podcast{Persons: []news.Role{{Name: text}}}
	e := testEdition(t, story)
	e.Desk.Title, e.Desk.Description, e.Podcast.Author = text, text, text
	e.Facts["https://krwg.example/rss.xml"] = news.Facts{Title: text, Rights: text}
	return e
}

// leaf is a text of a document, with the path of its element.
type leaf struct{ path, text string }

// leavesOf reads an XML document as any parser does.
func leavesOf(t *testing.T, body string) []leaf {
	t.Helper()
	var list []leaf
	var open []string
	text := ""
	for d := xml.NewDecoder(strings.NewReader(body)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return list
		}
		if err != nil {
			t.Fatal(err)
		}
		switch x := token.(type) {
		case xml.StartElement:
			space := map[string]string{
				nsMedia: "media:", nsDC: "dc:", nsITunes: "itunes:", nsPodcast: "podcast:", nsContent: "content:",
			}
			open, text = append(open, space[x.Name.Space]+x.Name.Local), ""
		case xml.CharData:
			text += string(x)
		case xml.EndElement:
			if strings.TrimSpace(text) != "" {
				list = append(list, leaf{strings.Join(open[1:], "/"), text})
			}
			open, text = open[:len(open)-1], ""
		}
	}
}

// shownAsHTML is what a reader shows that takes a text for HTML, and the elements that it makes of it.
func shownAsHTML(t *testing.T, text string) (shown string, elements []string) {
	t.Helper()
	root, err := html.Parse(strings.NewReader("<body>" + text))
	if err != nil {
		t.Fatal(err)
	}
	for n := range root.Descendants() {
		switch {
		case n.Type == html.TextNode:
			shown += n.Data
		case n.Type == html.ElementNode && !slices.Contains([]string{"html", "head", "body"}, n.Data):
			elements = append(elements, n.Data)
		}
	}
	return shown, elements
}

// A reader that takes a field for what its format says it is shows the text that the station wrote,
// in each field of each document. RSS says of descriptions that they are HTML; of all else nothing,
// so that is text, and written in the way that most readers of either habit show as it is.
func TestTextsAreShownAsTheyWereWritten(t *testing.T) {
	fields := map[string][]string{
		"/feed.rss": {"channel/title", "channel/image/title", "channel/item/title", "channel/item/dc:creator",
			"channel/item/category", "channel/item/dc:rights", "channel/item/source",
			"channel/item/media:content/media:title", "channel/item/media:content/media:description",
			"channel/item/media:content/media:credit"},
		"/podcast.rss": {"channel/title", "channel/copyright", "channel/image/title", "channel/itunes:author",
			"channel/itunes:owner/itunes:name", "channel/item/title", "channel/item/category",
			"channel/item/dc:rights", "channel/item/source", "channel/item/podcast:person"},
		"/feed.atom": {"title", "subtitle", "author/name", "entry/title", "entry/author/name", "entry/summary",
			"entry/rights", "entry/source/title", "entry/source/rights", "entry/media:content/media:title",
			"entry/media:content/media:description", "entry/media:content/media:credit"},
	}
	for text, inHTML := range texts {
		e := everywhere(t, text)
		author := articlesAt(e, "/feed.rss")[0].Authors[0] // not all of the texts are names
		for path, names := range fields {
			for _, of := range []string{"newest", "archive"} {
				d, err := rendered(e, path, Selection{})
				if of == "archive" {
					archive := map[string]string{
						"/feed.rss": "/archive/1.rss", "/feed.atom": "/archive/1.atom", "/podcast.rss": "/podcast/1.rss",
					}
					d, err = renderedArchive(e, archive[path], news.Archive{Stories: e.Stories, Ended: noon}, Selection{})
				}
				body := must(t, d, err)
				leaves := leavesOf(t, body)
				for _, name := range names {
					n := slices.IndexFunc(leaves, func(l leaf) bool { return l.path == name })
					want := text
					if name == "channel/item/dc:creator" || name == "entry/author/name" {
						want = author
					}
					if n < 0 || leaves[n].text != want {
						t.Errorf("%s, %s: %s is %+v, want %q", path, of, name, leaves[max(n, 0)], want)
						continue
					}
					if shown, made := shownAsHTML(t, leaves[n].text); inHTML && (shown != want || made != nil) {
						t.Errorf("%s: as HTML %s shows %q with %q, want %q", path, name, shown, made, want)
					}
				}
				if path == "/feed.atom" {
					continue
				}
				for _, name := range []string{"channel/description", "channel/item/description"} {
					n := slices.IndexFunc(leaves, func(l leaf) bool { return l.path == name })
					written, _, _ := strings.Cut(leaves[n].text, "\n") // an episode's deck is its first line
					if shown, made := shownAsHTML(t, written); shown != text || made != nil {
						t.Errorf("%s: %s shows %q with %q, want %q", path, name, shown, made, text)
					}
					if inHTML && !strings.ContainsAny(text, "<>") && !reference.MatchString(text) && written != text {
						t.Errorf("%s: as text %s shows %q, want %q", path, name, written, text)
					}
				}
				title, _, _ := strings.Cut(body[strings.Index(body, "<item>"):], "</title>")
				if strings.Contains(title, "&amp;") || strings.Contains(title, "&lt;") || strings.Contains(title, "&gt;") {
					t.Errorf("%s: %s", path, title)
				}
			}
		}
		d, err := rendered(e, "/feed.json", Selection{})
		var f struct {
			Title, Description string
			Items              []struct {
				Title, Summary string
				Authors        []struct{ Name string }
				Tags           []string
			}
		}
		if err := json.Unmarshal([]byte(must(t, d, err)), &f); err != nil {
			t.Fatal(err)
		}
		i := f.Items[0]
		have := []string{f.Title, f.Description, i.Title, i.Summary, i.Tags[0]}
		if i.Authors[0].Name != author || slices.ContainsFunc(have, func(s string) bool { return s != text }) {
			t.Errorf("feed.json: %q, want %q", have, text)
		}
	}
}

// reference is what may be the beginning of one.
var reference = regexp.MustCompile(`&[a-zA-Z#]`)

// The bytes of a title are those that the RSS Advisory Board's profile advises; a description has a
// reference only where it needs one.
func TestHowCharactersOfMarkupAreWrittenInRSS(t *testing.T) {
	for text, want := range map[string][2]string{
		"Q & A":    {"Q &#x26; A", "Q &amp; A"},
		"AT&T":     {"AT&#x26;T", "AT&amp;amp;T"},
		"a <b> c":  {"a &#x3C;b&#x3E; c", "a &amp;lt;b&amp;gt; c"},
		"&lt;b":    {"&#x26;lt;b", "&amp;amp;lt;b"},
		"&#60; &1": {"&#x26;#60; &#x26;1", "&amp;amp;#60; &amp;1"},
		"Ñ & é":    {"Ñ &#x26; é", "Ñ &amp; é"},
	} {
		d, err := rendered(everywhere(t, text), "/feed.rss", Selection{})
		body := must(t, d, err)
		body = body[strings.Index(body, "<item>"):]
		inSequence(t, text, body, "<title>"+want[0]+"</title>", "<description>"+want[1]+"</description>",
			"<dc:creator>Ana "+want[0]+"</dc:creator>", "<category>"+want[0]+"</category>", ">"+want[0]+"</source>",
			"<media:title>"+want[0]+"</media:title>", ">"+want[0]+"</media:credit>")
	}
}

// An episode's description is cut to what apps take, and never within what a character is written as.
func TestDescriptionsAreCutBetweenCharacters(t *testing.T) {
	for n := range 12 {
		text := strings.Repeat("x", n) + strings.Repeat("<AT&T> & é ", 600)
		story := withSound(plainStory("aaaaaaaaaaaaa", "krwg", "Rain", noon), "https://krwg.example/a.mp3", 3)
		story.Items[0].Entry.Content = "<p>" + html.EscapeString(text) + "</p>"
		e := testEdition(t, story)
		e.Desk.Description = text
		d, err := rendered(e, "/podcast.rss", Selection{})
		for _, l := range leavesOf(t, must(t, d, err)) {
			if !strings.HasSuffix(l.path, "description") {
				continue
			}
			shown, made := shownAsHTML(t, l.text)
			cut, _, found := strings.Cut(shown, "…")
			if len(l.text) > maxDescription || !found || made != nil || !strings.HasPrefix(text, cut) {
				t.Errorf("%s has %d bytes, elements %q: %.60s … %s", l.path, len(l.text), made, shown, cut[len(cut)-20:])
			}
		}
	}
}

// A story without a text, a deck, a picture's words or rights has no element, member or attribute
// for them, and neither has its page.
func TestWhatAStoryLacksIsLeftOut(t *testing.T) {
	bare := plainStory("aaaaaaaaaaaaa", "krwg", "The bridge is closed", noon)
	bare.Items[0].Entry.Content = ""
	pictured := plainStory("bbbbbbbbbbbbb", "krwg", "The road is open", noon)
	pictured.Items[0].Entry.Content = ""
	pictured.Items[0].Entry.Images = []news.Image{{URL: "https://krwg.example/road.jpg"}}
	e := testEdition(t, bare, pictured)
	e.Desk.Description, e.Desk.Image = "", ""
	for _, path := range []string{"/feed.rss", "/feed.atom", "/feed.json", "/archive/1.rss", "/archive/1.atom",
		"/archive/1.json"} {
		d, err := rendered(e, path, Selection{})
		if _, number, _ := FormatAt(path); number > 0 {
			d, err = renderedArchive(e, path, news.Archive{Stories: e.Stories, Ended: noon}, Selection{})
		}
		body := must(t, d, err)
		if strings.HasSuffix(path, ".json") {
			for _, name := range []string{"summary", "description", "icon", "authors\": []", "\"\"", "null"} {
				if strings.Contains(body, `"`+name+`": "`) || strings.Contains(body, ": "+name+",") {
					t.Errorf("%s has a %s:\n%s", path, name, body)
				}
			}
			continue
		}
		_, items, _ := strings.Cut(body, "<generator>")
		for _, name := range []string{"description", "summary", "media:title", "media:description", "media:credit",
			"dc:rights", "rights", "subtitle", "category", "figcaption"} {
			if strings.Contains(items, "<"+name) || strings.Contains(items, "&lt;"+name) {
				t.Errorf("%s has a %s:\n%s", path, name, items)
			}
		}
	}
	for _, story := range e.Stories {
		d, err := StoryPage(NewRenderer(*e), story, inEnglish)
		body := must(t, d, err)
		for _, lacking := range []string{`name="description"`, `"og:description"`, `"og:image:alt"`, `content=""`,
			`class="deck"`, "<figcaption"} {
			if strings.Contains(body, lacking) {
				t.Errorf("the page has %s", lacking)
			}
		}
		if hasPicture := len(story.Items[0].Entry.Images) > 0; strings.Contains(body, `"og:image"`) != hasPicture {
			t.Error("og:image is there without a picture, or the other way round")
		}
	}
}

// An element that says nothing is a fault, as is a picture without an address, and one in the podcast.
func TestTheGateRefusesEmptyElements(t *testing.T) {
	e := testEdition(t, shelters())
	for path, check := range map[string]func([]byte, []article) *Fault{
		"/feed.rss": checkRSS, "/feed.atom": checkAtom, "/podcast.rss": checkPodcast,
	} {
		d, err := rendered(e, path, Selection{})
		body := must(t, d, err)
		list := articlesAt(e, path)
		if fault := check([]byte(body), list); fault != nil {
			t.Errorf("%s: a good document: %v", path, fault)
		}
		end := "</item>"
		if path == "/feed.atom" {
			end = "</entry>"
		}
		for damage, rule := range map[string]string{
			"<summary/>": "empty", `<rights type="text"></rights>`: "empty", "<category></category>": "empty",
		} {
			if fault := check([]byte(strings.Replace(body, end, damage+end, 1)), list); fault == nil ||
				fault.Rule != rule || fault.Story != list[0].ID {
				t.Errorf("%s, %s: the gate says %v", path, damage, fault)
			}
		}
		picture := `<media:content xmlns:media="` + nsMedia + `" url="URL"></media:content>`
		for address, rule := range map[string]string{"road.jpg": "media", "": "media"} {
			damaged := strings.Replace(body, end, strings.Replace(picture, "URL", address, 1)+end, 1)
			if fault := check([]byte(damaged), list); fault == nil || fault.Rule != rule {
				t.Errorf("%s, %q: the gate says %v", path, address, fault)
			}
		}
		if path != "/podcast.rss" {
			damaged := strings.Replace(body, "<media:title>A volunteer folds blankets", "<media:title>", 1)
			if fault := check([]byte(damaged), list); fault == nil || fault.Rule != "empty" {
				t.Errorf("%s, no media:title: the gate says %v", path, fault)
			}
			damaged = strings.Replace(body, ">Luz Vega</media:credit>", "></media:credit>", 1)
			if fault := check([]byte(damaged), list); fault == nil || fault.Rule != "empty" {
				t.Errorf("%s, no media:credit: the gate says %v", path, fault)
			}
		}
	}
}

// JSON Feed names no author for the feed: readers would show the desk beside each reporter.
func TestTheDeskIsNoAuthorInJSON(t *testing.T) {
	e := testEdition(t, shelters(), plainStory("bbbbbbbbbbbbb", "krwg", "Rain", noon))
	for _, path := range []string{"/feed.json", "/archive/1.json"} {
		d, err := rendered(e, path, Selection{})
		if path != "/feed.json" {
			d, err = renderedArchive(e, path, news.Archive{Stories: e.Stories, Ended: noon}, Selection{})
		}
		var f map[string]any
		if err := json.Unmarshal([]byte(must(t, d, err)), &f); err != nil {
			t.Fatal(err)
		}
		if _, has := f["authors"]; has {
			t.Errorf("%s: %v", path, f["authors"])
		}
		for n, want := range []string{"[map[name:Ana Ruiz]]", "[map[name:KRWG]]"} {
			if have := fmt.Sprint(f["items"].([]any)[n].(map[string]any)["authors"]); have != want {
				t.Errorf("%s: item %d is by %s, want %s", path, n, have, want)
			}
		}
	}
}
