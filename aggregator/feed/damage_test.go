package feed

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"fronteras/aggregator/news"
)

// damageCase does one thing to a sound document that CMSes and proxies do to theirs. It gets the
// place of one item, and may spoil that item alone, unless it spoils all from there on.
type damageCase struct {
	name string
	// do returns the damaged document; nil where the document gives no chance.
	do func(r *rand.Rand, doc []byte, item byteRange) []byte
	// loses says what the damage itself destroys.
	loses loss
}

type loss int

const (
	nothing  loss = iota // all items can be read as they were
	itself               // the item is there, but says something else
	gone                 // the item may be lost
	fromHere             // the item and all behind it may be lost
)

// inside inserts text at a random place between two marks of the item.
func inside(open, end, text string) func(*rand.Rand, []byte, byteRange) []byte {
	return func(r *rand.Rand, doc []byte, item byteRange) []byte {
		from := bytes.Index(doc[item.from:item.to], []byte(open))
		if from < 0 {
			return nil
		}
		from += item.from + len(open)
		length := bytes.Index(doc[from:item.to], []byte(end))
		if length < 0 {
			return nil
		}
		at := from + r.IntN(length+1)
		for at < from+length && doc[at]&0xC0 == 0x80 { // not inside a character
			at++
		}
		return splice(doc, at, at, text)
	}
}

// instead replaces the first such text in the item.
func instead(old, text string) func(*rand.Rand, []byte, byteRange) []byte {
	return func(_ *rand.Rand, doc []byte, item byteRange) []byte {
		at := bytes.Index(doc[item.from:item.to], []byte(old))
		if at < 0 {
			return nil
		}
		return splice(doc, item.from+at, item.from+at+len(old), text)
	}
}

// before puts text in front of the item.
func before(text string) func(*rand.Rand, []byte, byteRange) []byte {
	return func(_ *rand.Rand, doc []byte, item byteRange) []byte {
		return splice(doc, item.from, item.from, text)
	}
}

func splice(doc []byte, from, to int, text string) []byte {
	return slices.Concat(doc[:from], []byte(text), doc[to:])
}

func atFront(text string) func(*rand.Rand, []byte, byteRange) []byte {
	return func(_ *rand.Rand, doc []byte, _ byteRange) []byte { return append([]byte(text), doc...) }
}

func atEnd(text string) func(*rand.Rand, []byte, byteRange) []byte {
	return func(_ *rand.Rand, doc []byte, _ byteRange) []byte { return append(slices.Clone(doc), text...) }
}

var damages = []damageCase{
	{"cut anywhere in the item", func(r *rand.Rand, doc []byte, item byteRange) []byte {
		return doc[:item.from+r.IntN(item.to-item.from)]
	}, fromHere},
	{"cut behind the item", func(_ *rand.Rand, doc []byte, item byteRange) []byte { return doc[:item.to] }, fromHere},
	{"stray end tag in a title", inside("<title>", "</title>", "</b>"), nothing},
	{"stray end tag of a paragraph between elements", before("</p>"), nothing},
	{"item without its end", func(_ *rand.Rand, doc []byte, item byteRange) []byte {
		at := bytes.LastIndex(doc[:item.to], []byte("</"))
		return splice(doc, at, item.to, "")
	}, nothing},
	{"title without its end", instead("</title>", ""), itself},
	{"guid without its end", instead("</guid>", ""), nothing},
	{"category without its end", instead("</category>", ""), itself},
	{"bare ampersand", inside("<title>", "</title>", " & "), itself},
	{"unknown entity", inside("<title>", "</title>", "&nosuch;"), itself},
	{"HTML entity", inside("<title>", "</title>", "&nbsp;"), itself},
	{"less-than sign", inside("<title>", "</title>", " < 5 "), itself},
	{"break left unescaped", inside("<title>", "</title>", "<br>"), itself},
	{"control byte", inside("<title>", "</title>", "\x0b"), nothing},
	{"NUL", inside("<title>", "</title>", "\x00"), nothing},
	{"forbidden reference", inside("<title>", "</title>", "&#x1F;"), nothing},
	{"byte of another charset", inside("<title>", "</title>", "\x92"), itself},
	{"half a character", inside("<title>", "</title>", "\xe2\x80"), itself},
	{"mark inside the document", before("\ufeff"), nothing},
	{"CDATA without its end", instead("]]>", ""), fromHere},
	{"CDATA closed twice", instead("]]>", "]]>]]>"), itself},
	{"CDATA in CDATA", instead("<![CDATA[", "<![CDATA[ <![CDATA["), itself},
	{"comment with dashes", before("<!-- built -- 14:02 -- -->"), nothing},
	{"comment without its end", before("<!-- built"), fromHere},
	{"attribute without quotes", instead(`isPermaLink="false"`, "isPermaLink=false"), nothing},
	{"attribute twice", instead(`isPermaLink="false"`, `isPermaLink="false" isPermaLink="true"`), nothing},
	{"attribute with a less-than sign", instead(`isPermaLink="false"`, `isPermaLink="false" note="a<b"`), nothing},
	{"prefix that is not bound", before("<x:note>one</x:note>"), nothing},
	{"warning before the root", atFront("Notice: cache miss in feed.inc<br>\n"), nothing},
	{"blank lines before the declaration", atFront("\n\n  \n"), nothing},
	{"script behind the root", atEnd("<script>track('x')</script>"), nothing},
	{"page behind the root", atEnd("<html><body><p>Not & found</body>"), nothing},
	{"wrong charset in the declaration", func(_ *rand.Rand, doc []byte, _ byteRange) []byte {
		return bytes.Replace(doc, []byte("UTF-8"), []byte("iso-8859-1"), 1)
	}, nothing},
	{"charset that nobody knows", func(_ *rand.Rand, doc []byte, _ byteRange) []byte {
		return bytes.Replace(doc, []byte("UTF-8"), []byte("x-station"), 1)
	}, nothing},
	{"end of the document missing", func(_ *rand.Rand, doc []byte, _ byteRange) []byte {
		at := bytes.LastIndex(doc, []byte("</item>"))
		if at < 0 {
			at = bytes.LastIndex(doc, []byte("</entry>")) + 1
		}
		return doc[:at+len("</item>")]
	}, nothing},
}

// damagedFormats returns sound documents of ten items.
func damagedFormats() map[string][]byte {
	return map[string][]byte{
		"rss": generated(rssFormat, 10), "escaped": generated(escapedFormat, 10), "atom": generated(atomFormat, 10),
	}
}

// TestDamageCostsOnlyWhatItDestroyed does each damage to each item of sound documents. Of what the
// damage did not itself destroy, 99 % must be read as in the sound document; and what is lost must
// be said.
func TestDamageCostsOnlyWhatItDestroyed(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 97))
	whole, kept := 0, 0
	for _, d := range damages {
		t.Run(strings.ReplaceAll(d.name, " ", "-"), func(t *testing.T) {
			want, have := 0, 0
			for name, doc := range damagedFormats() {
				sound := mustParse(t, doc)
				for n, item := range itemSpans(doc) {
					broken := d.do(r, doc, item)
					if broken == nil {
						continue
					}
					read, err := Parse(context.Background(), broken, Context{})
					if err != nil && d.loses != fromHere {
						t.Fatalf("%s, item %d: %v", name, n, err)
					}
					w, h := survivors(d.loses, n, sound, read)
					want, have = want+w, have+h
					if h < w && read != nil && read.Whole && len(read.Repairs) == 0 {
						t.Errorf("%s, item %d: items are lost without a word", name, n)
					}
				}
			}
			if want == 0 {
				t.Fatal("tried nothing")
			}
			if have*100 < want*99 {
				t.Errorf("%d of %d items are read", have, want)
			}
			whole, kept = whole+want, kept+have
		})
	}
	t.Logf("%d of %d items, %.2f %%", kept, whole, 100*float64(kept)/float64(whole))
}

// survivors counts the items that must be read, and those that are.
func survivors(loses loss, damaged int, sound, read *Document) (want, have int) {
	byGUID := map[string]news.Entry{}
	if read != nil {
		for _, e := range read.Entries {
			byGUID[e.GUID] = e
		}
	}
	for n, e := range sound.Entries {
		if loses == fromHere && n >= damaged || loses == gone && n == damaged {
			continue
		}
		want++
		got, ok := byGUID[e.GUID]
		got.Digest, e.Digest = news.Digest{}, news.Digest{}
		if ok && (reflect.DeepEqual(got, e) || loses == itself && n == damaged) {
			have++
		}
	}
	return want, have
}

// itemSpans finds the items of a generated document.
func itemSpans(doc []byte) []byteRange {
	var list []byteRange
	for _, name := range []string{"item", "entry"} {
		for from := 0; ; {
			at := bytes.Index(doc[from:], []byte("<"+name+">"))
			if at < 0 {
				break
			}
			end := bytes.Index(doc[from+at:], []byte("</"+name+">"))
			list = append(list, byteRange{from + at, from + at + end + len(name) + 3})
			from += at + end
		}
	}
	return list
}

func mustParse(t testing.TB, doc []byte) *Document {
	t.Helper()
	d, err := Parse(context.Background(), doc, Context{})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// A document cut at any byte gives a beginning of the whole one's items.
func TestACutDocumentGivesItsFirstItems(t *testing.T) {
	for name, doc := range damagedFormats() {
		sound := mustParse(t, doc)
		for at := 0; at < len(doc); at += 97 {
			cut, err := Parse(context.Background(), doc[:at], Context{})
			if err != nil {
				continue // no root yet
			}
			if cut.Whole && at < bytes.LastIndex(doc, []byte("</")) {
				t.Errorf("%s cut at %d counts as whole", name, at)
			}
			for n, e := range cut.Entries {
				want := sound.Entries[n]
				e.Digest, want.Digest = news.Digest{}, news.Digest{}
				if !reflect.DeepEqual(e, want) {
					t.Fatalf("%s cut at %d: item %d is %+v, want %+v", name, at, n, e, want)
				}
			}
		}
	}
}

// The formats of generated documents.
const (
	rssFormat = iota
	escapedFormat
	atomFormat
)

// generated writes a sound document of that many items, about 2 kB each, always the same.
func generated(format, items int) []byte {
	var b bytes.Buffer
	switch format {
	case atomFormat:
		b.WriteString(
			`<?xml version="1.0" encoding="UTF-8"?>` + "\n" + `<feed xmlns="http://www.w3.org/2005/Atom" ` +
				`xml:lang="en"><title>KMSA News</title><id>tag:kmsa.example,2026:news</id><updated>` +
				`2026-02-04T21:05:00Z</updated><link rel="alternate" href="https://kmsa.example/"/>` + "\n",
		)
	default:
		b.WriteString(
			`<?xml version="1.0" encoding="UTF-8"?>` + "\n" + `<rss version="2.0" ` +
				`xmlns:content="http://purl.org/rss/1.0/modules/content/" ` +
				`xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>KMSA News</title><link>` +
				`https://kmsa.example/</link><description>News</description><language>en</language>` + "\n",
		)
	}
	for n := range items {
		title := fmt.Sprintf("Well %d runs dry in Luna County – “nothing left”", n)
		text := strings.Repeat(
			fmt.Sprintf(
				`<p>The %dth well of the valley is dry, <a href="https://kmsa.example/wells/%d">says the `+
					`county</a>. Señora Peña hauls water; the price is up 5 &amp; more.</p>`,
				n, n,
			),
			11,
		)
		switch format {
		case rssFormat:
			fmt.Fprintf(
				&b,
				"<item><title>%s</title><link>https://kmsa.example/2026/02/well-%d</link><guid "+
					"isPermaLink=\"false\">kmsa-%d</guid><pubDate>Wed, 04 Feb 2026 %02d:05:00 GMT</pubDate>"+
					"<dc:creator>Ana Ruiz</dc:creator><category>Water</category><description>In "+
					"short.</description><content:encoded><![CDATA[%s]]></content:encoded></item>\n",
				title, n, n, n%24, text,
			)
		case escapedFormat:
			escaped := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text)
			fmt.Fprintf(
				&b,
				"<item><title>%s</title><link>https://kmsa.example/2026/02/well-%d</link><guid "+
					"isPermaLink=\"false\">kmsa-%d</guid><pubDate>Wed, 04 Feb 2026 %02d:05:00 GMT</pubDate>"+
					"<dc:creator>Ana Ruiz</dc:creator><category>Water</category><description>%s</description></item>\n",
				title, n, n, n%24, escaped,
			)
		case atomFormat:
			escaped := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text)
			fmt.Fprintf(
				&b,
				"<entry><title>%s</title><id>tag:kmsa.example,2026:%d</id><link rel=\"alternate\" "+
					"href=\"https://kmsa.example/2026/02/well-%d\"/><published>"+
					"2026-02-04T%02d:05:00Z</published><updated>2026-02-04T%02d:05:00Z</updated><author><name>"+
					"Ana Ruiz</name></author><category term=\"Water\"/><content type=\"html\">%s</content></entry>\n",
				title, n, n, n%24, n%24, escaped,
			)
		}
	}
	if format == atomFormat {
		b.WriteString("</feed>\n")
	} else {
		b.WriteString("</channel></rss>\n")
	}
	return b.Bytes()
}
