package publish

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/net/html"

	"fronteras/aggregator/news"
)

// spoiled is a story with a text in every one of its fields, as a store that was filled by another
// hand might have it.
func spoiled(text string) *news.Story {
	s := withSound(plainStory("aaaaaaaaaaaaa", "krwg", text, noon), "https://krwg.example/a.mp3", 3)
	e := &s.Items[0].Entry
	e.Summary, e.Content, e.Byline, e.Topics = text, "<p>"+text+"</p>", text, []string{text}
	e.Rights, e.Language = text, "en"
	e.Authors = []news.Person{{Name: text, Email: text, URL: "https://krwg.example/" + text}}
	e.Images = []news.Image{{URL: "https://krwg.example/a.jpg", Alt: text, Caption: text, Credit: text}}
	e.Source = &news.Source{Title: text, URL: text, ID: text}
	e.Podcast = &news.Podcast{Persons: []news.Role{{Name: text, Role: text}},
		Chapters: []news.Chapter{{URL: "https://krwg.example/c.json", Type: "application/json"}}}
	s.Notes = []news.Note{{Text: text, When: noon}}
	s.Origin.Name, s.Origin.Reason, s.WithdrawnBy = text, text, text
	return s
}

// Whatever is in the fields of a stored story, no document holds a character that it may not.
func TestDocumentsAreWellFormedWhateverAStoryHolds(t *testing.T) {
	for name, text := range map[string]string{
		"NUL": "a\x00b", "escape": "a\x1b[31mb", "no character": "a\ufffeb\uffffc", "bad bytes": "a\xff\xfeb\xc3",
		"CDATA's end": "a]]>b", "dashes": "a-->b--c", "an instruction's end": "a?>b<?c",
		"directions": "a\u202eb\u2066c", "tags": "<b>a</b></p></script>&lt;&amp;", "lines": "a\u2028b\u2029c\r\nd",
	} {
		t.Run(name, func(t *testing.T) {
			s := spoiled(text)
			if strings.ContainsRune(text, '\u202e') { // bodies were cleaned of these when they were read
				s.Items[0].Entry.Content, s.Items[0].Entry.Summary = "<p>Text.</p>", "<p>Deck.</p>"
			}
			e := testEdition(t, s, plainStory("bbbbbbbbbbbbb", "kjzz", "Good", noon))
			e.Facts["https://krwg.example/rss.xml"] = news.Facts{Title: text, Rights: text, Language: "en"}
			for format, path := range feedPaths {
				d, err := rendered(e, path, Selection{})
				if err != nil {
					t.Fatalf("%s: %v", format, err)
				}
				legible(t, format, d.Body)
				if format == "json" {
					if !json.Valid(d.Body) {
						t.Errorf("%s is no JSON", format)
					}
				} else {
					wellFormed(t, format, d.Body)
				}
			}
			opml, err := OPML(*e)
			if err != nil {
				t.Fatal(err)
			}
			wellFormed(t, "opml", opml.Body)
			page, err := StoryPage(NewRenderer(*e), s, inEnglish)
			if err != nil {
				t.Fatal(err)
			}
			legible(t, "page", page.Body)
		})
	}
}

// legible fails for a character that no document of ours holds.
func legible(t *testing.T, format string, body []byte) {
	t.Helper()
	for _, r := range string(body) {
		if r == unicode.ReplacementChar && !strings.Contains(string(body), "\ufffd") || r < ' ' && r != '\n' &&
			r != '\t' && r != '\r' || r >= 0x7f && r < 0xa0 ||
			r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0xfffe || r == 0xffff {
			t.Errorf("%s holds %U", format, r)
			return
		}
	}
}

func wellFormed(t *testing.T, format string, body []byte) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(string(body)))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Errorf("%s is not well-formed: %v", format, err)
			return
		}
	}
}

// A title of the largest size that is taken spoils no document.
func TestALongTitleIsPublished(t *testing.T) {
	for _, length := range []int{1 << 10, 4 << 10} {
		s := plainStory("aaaaaaaaaaaaa", "krwg", strings.Repeat("ñ", length/2), noon)
		e := testEdition(t, withSound(s, "https://krwg.example/a.mp3", 3))
		for _, path := range feedPaths {
			d, err := rendered(e, path, Selection{})
			must(t, d, err)
		}
	}
}

// Neither in text, nor in attributes, nor in what is said for machines.
func TestNoWordsOfAStoryBecomeMarkupOfItsPage(t *testing.T) {
	shape := func(title string) (elements []string) {
		s := spoiled(title)
		entry := &s.Items[0].Entry
		entry.Content, entry.Summary, entry.Topics = "<p>Text.</p>", "<p>Deck.</p>", []string{"Water"}
		e := testEdition(t, s)
		page, err := StoryPage(NewRenderer(*e), s, inEnglish)
		if err != nil {
			t.Fatal(err)
		}
		front, err := rendered(e, "/", Selection{})
		if err != nil {
			t.Fatal(err)
		}
		for _, body := range [][]byte{page.Body, front.Body} {
			root, err := html.Parse(strings.NewReader(string(body)))
			if err != nil {
				t.Fatal(err)
			}
			for n := range root.Descendants() {
				if n.Type != html.ElementNode {
					continue
				}
				var names []string
				for _, a := range n.Attr {
					names = append(names, a.Key)
				}
				elements = append(elements, n.Data+" "+strings.Join(names, " "))
			}
		}
		return elements
	}
	want := shape("Rain")
	for _, title := range []string{
		`</script><script>alert(1)</script>`, `<!--`, `-->`, `" onmouseover="alert(1)`, `' onmouseover='alert(1)`,
		"`${alert(1)}`", "a\u2028b", `</title></head><body onload=x>`, `</div></div></article>`, `{{.Rain}}`,
	} {
		if have := shape(title); !slices.Equal(have, want) {
			t.Errorf("%q changes the page: %d elements, want %d", title, len(have), len(want))
		}
	}
}

// Nothing but the configuration is a template.
func TestANameWithBracesIsAName(t *testing.T) {
	s := plainStory("aaaaaaaaaaaaa", "krwg", "{{.Desk}} {{range .}}", noon)
	s.Items[0].Entry.Content = "<p>{{.Brand}} {{printf \"%s\" .}}</p>"
	s.Origin.Name = "{{.DeskLink}}"
	e := testEdition(t, s)
	for i := range e.Stations {
		e.Stations[i].Brand, e.Stations[i].Name = "{{.Desk}}", "{{template \"x\"}}"
	}
	d, err := rendered(e, "/feed.json", Selection{})
	body := must(t, d, err)
	if !strings.Contains(body, "including {{.Desk}}.") || !strings.Contains(body, "{{.Brand}}") {
		t.Errorf("braces are read: %s", body)
	}
}
