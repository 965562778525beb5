package feed

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"testing"
	"time"

	"github.com/mmcdole/gofeed"

	"fronteras/aggregator/feed/charset"
	"fronteras/aggregator/feed/damage"
	"fronteras/aggregator/feed/xmlrepair"
	"fronteras/aggregator/news"
)

// seeds returns all documents of the pairs, and the generated ones.
func seeds(f *testing.F, add func([]byte)) {
	for _, path := range documents(f) {
		body, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		add(body)
	}
	for _, doc := range damagedFormats() {
		add(doc[:4000])
	}
	for _, text := range []string{
		"", "<", "<rss>", "<rss><channel><item>", "{", `{"items":[`, "<?xml",
		"<!DOCTYPE rss [<!ENTITY a \"b\">]><rss>&a;", "<feed xmlns='http://www.w3.org/2005/Atom'><entry/>",
	} {
		add([]byte(text))
	}
}

// FuzzParse: whatever comes, a parser's panic is an error, and what comes out is within the limits.
func FuzzParse(f *testing.F) {
	seeds(f, func(b []byte) { f.Add(b) })
	f.Fuzz(func(t *testing.T, body []byte) {
		doc, err := Parse(context.Background(), body, Context{})
		var notFeed *damage.NotFeedError
		var limit *damage.LimitError
		switch {
		case err == nil:
			checkLimits(t, doc)
		case !errors.As(err, &notFeed) && !errors.As(err, &limit):
			t.Errorf("an error that is neither: %v", err)
		}
	})
}

func checkLimits(t *testing.T, doc *Document) {
	if len(doc.Entries) > takenItems {
		t.Errorf("%d entries", len(doc.Entries))
	}
	for _, e := range doc.Entries {
		for _, text := range []string{e.Title, e.GUID, e.URL, e.Byline} {
			if bytes.ContainsAny([]byte(text), "\x00\x1b\n\r\u202e") {
				t.Errorf("%q", text)
			}
		}
		for _, date := range []time.Time{e.Published, e.Updated} {
			if !date.IsZero() && (date.Year() < 1990 || date.Year() > 2199) {
				t.Errorf("dated %v", date)
			}
		}
	}
}

// FuzzScan: what the scan writes is read by a strict decoder, a second scan changes nothing, and no
// decoder counts more depth than the scan allowed.
func FuzzScan(f *testing.F) {
	seeds(f, func(b []byte) { f.Add(b) })
	f.Fuzz(func(t *testing.T, body []byte) {
		decoded, _ := charset.Decode(body, "")
		text, _ := charset.DropIllegal(decoded)
		once, ok := rewritten(text)
		if !ok {
			return
		}
		strict(t, once)
		twice, ok := rewritten(once)
		if !ok || !bytes.Equal(once, twice) {
			t.Errorf("scanned again, %q becomes %q", once, twice)
		}
	})
}

// rewritten is what the scan makes of a text, if it is a feed.
func rewritten(text []byte) ([]byte, bool) {
	doc, _, err := xmlrepair.Repair(text, xmlrepair.Limits{Depth: maxDepth, Elements: maxElements, Items: maxItems})
	if err != nil {
		return nil, false
	}
	return doc.Out, true
}

// strict fails where encoding/xml does not read a document to its end.
func strict(t *testing.T, text []byte) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(text))
	depth := 0
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("%v in %q", err, text)
		}
		switch x := token.(type) {
		case xml.StartElement:
			if depth++; depth > maxDepth || len(x.Attr) > 128 {
				t.Fatalf("depth %d, %d attributes", depth, len(x.Attr))
			}
		case xml.EndElement:
			depth--
		}
	}
	if depth != 0 {
		t.Fatalf("%d elements are open at the end of %q", depth, text)
	}
}

// A sound document passes untouched: its root element, byte for byte.
func TestASoundDocumentPassesUntouched(t *testing.T) {
	for name, doc := range damagedFormats() {
		out, ok := rewritten(doc)
		root := doc[bytes.IndexByte(doc, '\n')+1:]
		if !ok || !bytes.Equal(bytes.TrimSpace(out), bytes.TrimSpace(root)) {
			t.Errorf("%s is changed", name)
		}
	}
}

// FuzzDate: a date is absent or in the time of feeds, whatever blanks are around it.
func FuzzDate(f *testing.F) {
	for _, s := range []string{
		"Wed, 04 Feb 2026 21:05:00 GMT", "2026-02-04T21:05:00Z", "4 de febrero de 2026",
		"Feb 4, 2026 at 2:05 PM MST", "1770239100", "31 June 2026", "04/02/2026",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		one := mustParse(t, withDate(text))
		two := mustParse(t, withDate(" \n"+text+"\t "))
		a, b := one.Entries[0].Published, two.Entries[0].Published
		if !a.Equal(b) || !a.IsZero() && (a.Year() < 1990 || a.Year() > 2199) {
			t.Errorf("%q is %v, with blanks %v", text, a, b)
		}
	})
}

func withDate(text string) []byte {
	var b bytes.Buffer
	b.WriteString("<rss><channel><item><title>Rain</title><pubDate>")
	xml.EscapeText(&b, []byte(text))
	b.WriteString("</pubDate></item></channel></rss>")
	return b.Bytes()
}

// BenchmarkParse reads documents of several sizes, and for comparison has plain gofeed parse the
// same bytes.
func BenchmarkParse(b *testing.B) {
	for _, size := range []struct {
		name  string
		items int
	}{{"5", 5}, {"100", 100}, {"1000", 1000}} {
		for name, format := range map[string]int{"rss": rssFormat, "escaped": escapedFormat, "atom": atomFormat} {
			doc := generated(format, size.items)
			b.Run(name+"/"+size.name+"/ours", func(b *testing.B) {
				b.SetBytes(int64(len(doc)))
				b.ReportAllocs()
				for b.Loop() {
					if _, err := Parse(context.Background(), doc, Context{}); err != nil {
						b.Fatal(err)
					}
				}
			})
			b.Run(name+"/"+size.name+"/gofeed", func(b *testing.B) {
				b.SetBytes(int64(len(doc)))
				b.ReportAllocs()
				for b.Loop() {
					if _, err := gofeed.NewParser().Parse(bytes.NewReader(doc)); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// BenchmarkScan walks a sound document.
func BenchmarkScan(b *testing.B) {
	doc := generated(rssFormat, 100)
	b.SetBytes(int64(len(doc)))
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := rewritten(doc); !ok {
			b.Fatal("no feed")
		}
	}
}

// BenchmarkParseOneNewOfFifty reads a document with one item that is not known, and one with
// nothing but such items.
func BenchmarkParseOneNewOfFifty(b *testing.B) {
	doc := generated(rssFormat, 50)
	known := map[news.Digest]bool{}
	for _, e := range mustParse(b, doc).Entries[1:] {
		known[e.Digest] = true
	}
	for name, c := range map[string]Context{"all": {}, "one": {Known: func(d news.Digest) bool { return known[d] }}} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(doc)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Parse(context.Background(), doc, c); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
