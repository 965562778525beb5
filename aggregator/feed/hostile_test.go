package feed

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode/utf8"

	"fronteras/aggregator/feed/damage"
	"fronteras/aggregator/news"
)

// inRSS is a feed with something in its channel.
func inRSS(inner string) string {
	return `<?xml version="1.0"?><rss version="2.0" xmlns:x="urn:x" ` +
		`xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" ` +
		`xmlns:media="http://search.yahoo.com/mrss/"><channel><title>Radio Ajo</title><link>` +
		`https://ajo.example/</link>` + inner + `</channel></rss>`
}

// inItem is a feed of one item with something in it.
func inItem(inner string) string {
	return inRSS(`<item><title>Rain</title><link>https://ajo.example/rain</link>` + inner + `</item>`)
}

// inAtom is a feed of one entry with something in it.
func inAtom(inner string) string {
	return `<feed xmlns="http://www.w3.org/2005/Atom"><title>Radio Ajo</title><id>tag:ajo.example,2026:1</id>` +
		`<entry><id>tag:ajo.example,2026:2</id><title>Rain</title><link ` +
		`href="https://ajo.example/rain"/>` + inner + `</entry></feed>`
}

// inJSON is a feed of one item with more members.
func inJSON(members string) string {
	return `{"version":"https://jsonfeed.org/version/1.1","title":"Radio ` +
		`Ajo","items":[{"id":"2","title":"Rain","url":"https://ajo.example/rain"` + members + `}]}`
}

// deep is an element in itself, so often, closed or not.
func deep(element string, times int, closed bool) string {
	text := strings.Repeat("<"+element+">", times)
	if closed {
		text += strings.Repeat("</"+element+">", times)
	}
	return text
}

// spent reports what reading a document takes: time of the processor, whatever else uses that, and
// bytes that were allocated.
func spent(body string) (doc *Document, took time.Duration, allocated uint64, err error) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	begun := processorTime()
	doc, err = Parse(context.Background(), []byte(body), Context{Address: "https://ajo.example/rss"})
	took = processorTime() - begun
	runtime.ReadMemStats(&after)
	return doc, took, after.TotalAlloc - before.TotalAlloc, err
}

func processorTime() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// What costs more than is allowed is refused, by the name of the limit, before it costs anything.
func TestDocumentsOverLimitsAreRefused(t *testing.T) {
	numbered := func(pattern string, n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, pattern, i)
		}
		return b.String()
	}
	for name, c := range map[string]struct{ body, says string }{
		"an extension":       {inRSS(deep("x:b", 127, true)), "in one another"},
		"an unknown element": {inItem(deep("b", 130, true)), "in one another"},
		"an XHTML body": {
			inAtom(`<content type="xhtml">` + deep("b", 130, true) + `</content>`), "in one another",
		},
		"two million, open":      {inRSS(deep("x:b", 2_000_000, false)), "in one another"},
		"two million, closed":    {inRSS(deep("x:b", 2_000_000, true)), "in one another"},
		"hidden in instructions": {inRSS(strings.Repeat("<x:b><?p </x:b>?>", 2000)), "in one another"},
		"hidden in CDATA": {
			inRSS(strings.Repeat("<x:b><![CDATA[</x:b>]]>", 2000)), "in one another",
		},
		"hidden in comments":   {inRSS(strings.Repeat("<x:b><!--</x:b>-->", 2000)), "in one another"},
		"hidden in attributes": {inRSS(strings.Repeat(`<x:b a="</x:b>" b='>'>`, 2000)), "in one another"},
		"hidden in a DOCTYPE": {
			`<!DOCTYPE rss [<!ENTITY a "</x:b></x:b>">]>` + inRSS(deep("x:b", 2000, false)), "in one another",
		},
		"129 attributes": {inRSS("<x:a " + numbered(`a%d="" `, 129) + "/>"), "attributes"},
		"100,000 namespaces": {
			inRSS("<x:a " + numbered(`xmlns:a%d="u" `, 100_000) + "/>"), "attributes",
		},
		"a large attribute": {inRSS(`<x:a b="` + strings.Repeat("a", 10<<20) + `"/>`), "attribute"},
		"a large name":      {inRSS(`<x:` + strings.Repeat("a", 10<<20) + `/>`), "name"},
		"200,000 items":     {inRSS(strings.Repeat("<item></item>", 200_000)), "items"},
		"500,000 topics":    {inItem(strings.Repeat("<category>a</category>", 500_000)), "elements"},
		"JSON nesting of 129": {
			inJSON(`,"_x":` + strings.Repeat("[", 127) + strings.Repeat("]", 127)), "in one another",
		},
		"JSON nesting of 200,000": {
			`{"version":"https://jsonfeed.org/version/1.1","items":` + strings.Repeat("[", 200_000),
			"in one another",
		},
		"a page": {
			"<!DOCTYPE html><html><head><title>Radio</title></head>" +
				"<body>" + strings.Repeat("<p>x</p>", 1000) + "</body></html>",
			"not a feed",
		},
		"a redirect's page": {
			`<html><head><meta http-equiv="refresh" content="0; url=https://ajo.example/"></head></html>`,
			"not a feed",
		},
		"a captive portal's page": {
			`<HTML><BODY><FORM ACTION="http://192.0.2.1/login">Welcome to the airport</FORM></BODY></HTML>`,
			"not a feed",
		},
		"zeros": {strings.Repeat("\x00", 1<<20), "not a feed"},
		"a DOCTYPE of 64 KiB and a byte": {
			"<!DOCTYPE rss [" + strings.Repeat(" ", 64<<10) + "]>" + inRSS(""), "DOCTYPE",
		},
		"5,001 items": {inRSS(strings.Repeat("<item/>", 5001)), "5000"},
	} {
		t.Run(name, func(t *testing.T) {
			doc, took, allocated, err := spent(c.body)
			var notFeed *damage.NotFeedError
			var limit *damage.LimitError
			if doc != nil || !errors.As(err, &notFeed) && !errors.As(err, &limit) {
				t.Fatalf("%+v, %v", doc, err)
			}
			if text := err.Error(); !strings.Contains(text, c.says) || strings.ContainsAny(text, "\n\x00\x1b") ||
				len(text) > 1000 {
				t.Errorf("it says %.300q, which does not name %q in a line", text, c.says)
			}
			if took > 2*time.Second && !raced || allocated > 128<<20 {
				t.Errorf("that took %v and %d MiB", took, allocated>>20)
			}
		})
	}
}

// What is at a limit passes; what is dropped or cut leaves the rest as it is.
func TestDocumentsWithinLimitsAreRead(t *testing.T) {
	laughs := `<!ENTITY e0 "ha">`
	for i := 1; i <= 20; i++ {
		laughs += fmt.Sprintf(`<!ENTITY e%d "&e%d;&e%d;&e%d;&e%d;">`, i, i-1, i-1, i-1, i-1)
	}
	for name, c := range map[string]struct {
		body  string
		check func(e news.Entry) bool
	}{
		"nesting of 128": {
			inItem(deep("x:b", 125, true)), func(e news.Entry) bool { return e.Title == "Rain" },
		},
		"a comment of 10 MiB": {
			inItem("<!--" + strings.Repeat("a", 10<<20) + "-->"),
			func(e news.Entry) bool { return e.Title == "Rain" },
		},
		"a title of 10 MiB": {
			inRSS("<item><title>" + strings.Repeat("a", 10<<20) + "</title></item>"),
			func(e news.Entry) bool { return len(e.Title) <= maxTitle && strings.HasSuffix(e.Title, "…") },
		},
		"100 topics": {
			inItem(strings.Repeat("<category>a</category><category>b</category>", 50)),
			func(e news.Entry) bool { return len(e.Topics) <= maxTopics },
		},
		"laughs": {
			`<!DOCTYPE rss [` + laughs + `]>` + inItem("<description>&e20;</description>"),
			func(e news.Entry) bool { return len(e.Summary) < 1000 },
		},
		"a file": {`<!DOCTYPE rss [<!ENTITY f SYSTEM "file:///etc/passwd">]>` + inItem(
			"<description>before &f; after</description>",
		), func(e news.Entry) bool {
			return !strings.Contains(e.Summary, "root:") && strings.Contains(e.Summary, "after")
		}},
		"an address": {
			`<!DOCTYPE rss SYSTEM "http://127.0.0.1:1/x.dtd" [<!ENTITY % p SYSTEM "http://127.0.0.1:1/"> %p;` +
				`]>` + inItem(
				"<description>text</description>",
			),
			func(e news.Entry) bool { return e.Summary == "text" },
		},
		"an entity a thousand times": {
			`<!DOCTYPE rss [<!ENTITY a "` + strings.Repeat("a", 60_000) + `">]>` + inItem(
				"<description>"+strings.Repeat("&a;", 1000)+"</description>",
			),
			func(e news.Entry) bool { return len(e.Summary) <= maxBody },
		},
		"UTF-7 is not decoded": {
			`<?xml version="1.0" encoding="UTF-7"?>` + strings.TrimPrefix(
				inItem("<description>+ADw-script+AD4-</description>"), `<?xml version="1.0"?>`,
			),
			func(e news.Entry) bool { return e.Summary == "+ADw-script+AD4-" },
		},
		"EBCDIC is not decoded": {
			`<?xml version="1.0" encoding="IBM037"?>` + strings.TrimPrefix(inItem(""), `<?xml version="1.0"?>`),
			func(e news.Entry) bool { return e.Title == "Rain" },
		},
		"characters that are none": {
			inItem(
				"<description>a\x00b\x1bc\ufffed&#0;e&#27;f&#xFFFE;g</description><dc:creator>A\x00na\x1b</dc:creator>",
			),
			func(e news.Entry) bool { return e.Summary == "abcdefg" && e.Byline == "Ana" },
		},
		"characters that are none, in CDATA": {
			inItem("<description><![CDATA[a\x00b\x1bc\ufffed\x9d]]></description>"),
			func(e news.Entry) bool { return !strings.ContainsAny(e.Summary, "\x00\x1b\ufffe") },
		},
		"a script behind the root": {
			inItem("") + `<script>alert(1)</script><item><title>False</title></item>`,
			func(e news.Entry) bool { return e.Title == "Rain" },
		},
		"two roots": {
			inItem("") + inRSS("<item><title>False</title></item>"),
			func(e news.Entry) bool { return e.Title == "Rain" },
		},
		"5 KiB before the root": {
			`<?xml version="1.0"?><!--` + strings.Repeat("built ", 1000) + `-->` + strings.TrimPrefix(
				inItem(""), `<?xml version="1.0"?>`,
			),
			func(e news.Entry) bool { return e.Title == "Rain" },
		},
		"doubled keys": {
			inJSON(`,"title":"Last"`), func(e news.Entry) bool { return e.Title == "Last" },
		},
		"numbers of a megabyte": {
			inJSON(`,"_x":` + strings.Repeat("9", 1<<20)), func(e news.Entry) bool { return e.Title == "Rain" },
		},
		"1e999": {
			inJSON(
				`,"attachments":[{"url":"https://ajo.example/a.mp3","mime_type":"audio/mpeg","size_in_bytes":1e999}]`,
			),
			func(e news.Entry) bool { return len(e.Enclosures) == 1 && e.Enclosures[0].Length == 0 },
		},
		"lone surrogates": {
			inJSON(`,"summary":"a\ud800b\udc00c"`),
			func(e news.Entry) bool { return utf8.ValidString(e.Summary) && strings.HasPrefix(e.Summary, "a") },
		},
		"a base of a script": {
			strings.Replace(
				inAtom(`<content type="html">&lt;a href="more">x&lt;/a></content>`), "<entry>",
				`<entry xml:base="javascript:alert(1)">`, 1,
			),
			func(e news.Entry) bool { return !strings.Contains(e.Content, "javascript") },
		},
		"a base elsewhere": {
			strings.Replace(
				inAtom(`<content type="html">&lt;a href="more">x&lt;/a></content>`), "<entry>",
				`<entry xml:base="https://kmsa.example/a/">`, 1,
			),
			func(e news.Entry) bool { return e.Content == `<a href="https://kmsa.example/a/more">x</a>` },
		},
		"100 bases in one another": {
			inAtom(
				`<content type="xhtml" ` +
					`xmlns:h="http://www.w3.org/1999/xhtml"` +
					`>` + strings.Repeat(`<h:div xml:base="a/">`, 100) + `<h:a href="x">y</h:a>` +
					strings.Repeat(`</h:div>`, 100) + `</content>`,
			),
			func(e news.Entry) bool { return strings.Contains(e.Content, `">y</a>`) },
		},
		"prefixes that are not": {
			`<rss version="2.0"><channel><y:z/><item><title>Rain</title><dc:creator>Ana</dc:creator></item>` +
				`</channel></rss>`,
			func(e news.Entry) bool { return e.Title == "Rain" },
		},
		"a prefix bound again": {
			inItem(`<x:a xmlns:x="urn:y"><x:b xmlns:x="urn:z"/></x:a>`),
			func(e news.Entry) bool { return e.Title == "Rain" },
		},
		"no namespace": {
			strings.Replace(inItem(""), "<channel>", `<channel xmlns="">`, 1),
			func(e news.Entry) bool { return e.Title == "Rain" },
		},
		"capitals": {
			`<RSS><CHANNEL><ITEM><TITLE>Rain</TITLE></ITEM></CHANNEL></RSS>`,
			func(e news.Entry) bool { return e.Title == "Rain" },
		},
		"items outside the channel": {
			`<rss version="2.0"><channel><title>Ajo</title></channel><item><title>Rain</title></item></rss>`,
			func(e news.Entry) bool { return e.Title == "Rain" },
		},
		"markup in a byline": {inItem(
			`<dc:creator>Ana &lt;script&gt;alert(1)&lt;/script&gt;</dc:creator>`,
		), func(e news.Entry) bool {
			return !strings.Contains(e.Byline, "\n") && strings.HasPrefix(e.Byline, "Ana")
		}},
		"a topic decoded once": {
			inItem(`<category>&amp;lt;script</category>`),
			func(e news.Entry) bool { return len(e.Topics) == 1 && e.Topics[0] == "&lt;script" },
		},
		"a title that is a script": {inRSS(
			`<item><title>&lt;script&gt;alert(1)&lt;/script&gt; in schools</title></item>`,
		), func(e news.Entry) bool {
			return strings.Contains(e.Title, "in schools") && !strings.ContainsAny(e.Title, "\n")
		}},
		"marks from right to left": {
			inRSS("<item><title>a\u202egpj.exe\u202c b\u200f</title></item>"),
			func(e news.Entry) bool { return !strings.ContainsAny(e.Title, "\u202e\u202c") },
		},
		"a host of foreign letters": {
			inRSS("<item><title>Rain</title><link>https://аjo.example/rain</link></item>"),
			func(e news.Entry) bool { return e.URL == "https://xn--jo-6kc.example/rain" },
		},
	} {
		t.Run(name, func(t *testing.T) {
			doc, took, _, err := spent(c.body)
			if err != nil {
				t.Fatal(err)
			}
			if len(doc.Entries) != 1 || !c.check(doc.Entries[0]) {
				t.Errorf("%d entries: %.500s", len(doc.Entries), shown(t, doc.Entries))
			}
			if took > 2*time.Second && !raced {
				t.Errorf("that took %v", took)
			}
			checkLimits(t, doc)
		})
	}
}

// Of more than a thousand items the newest are taken, wherever they stand.
func TestOfTooManyItemsTheNewestAreTaken(t *testing.T) {
	begun := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for name, order := range map[string]func(i int) int{
		"oldest first": func(i int) int { return i }, "newest first": func(i int) int { return 1000 - i },
	} {
		var b strings.Builder
		for i := range 1001 {
			n := order(i)
			fmt.Fprintf(
				&b, `<item><title>Story %d</title><pubDate>%s</pubDate></item>`, n,
				begun.Add(time.Duration(n)*time.Minute).Format(time.RFC1123Z),
			)
		}
		doc := mustParse(t, []byte(inRSS(b.String())))
		if len(doc.Entries) != 1000 || doc.Whole || len(doc.Repairs) == 0 {
			t.Errorf("%s: %d entries, whole %t, %v", name, len(doc.Entries), doc.Whole, doc.Repairs)
		}
		for _, e := range doc.Entries {
			if e.Title == "Story 0" {
				t.Errorf("%s: the oldest is taken", name)
			}
		}
	}
}

// Every prefix of a feed of 4 kB is read without a panic, and gives whole items.
func TestEveryPrefixOfADocumentGivesWholeItems(t *testing.T) {
	for name, body := range map[string][]byte{
		"rss": generated(rssFormat, 2)[:4096], "atom": generated(atomFormat, 2)[:4096],
		"json": []byte(inJSON(`,"content_html":"` + strings.Repeat("<p>x</p>", 400) + `"`)),
	} {
		for at := range body {
			if raced && at%4 != 0 { // it takes ten times as long
				continue
			}
			doc, err := Parse(context.Background(), body[:at], Context{})
			var notFeed *damage.NotFeedError
			if err != nil && !errors.As(err, &notFeed) {
				t.Fatalf("%s cut at %d: %v", name, at, err)
			}
			if err == nil && doc.Whole && at < len(body)-1 {
				t.Fatalf("%s cut at %d counts as whole", name, at)
			}
		}
	}
}

// Fields: addresses, dates, enclosures, guids.
func TestForeignFieldsAreChecked(t *testing.T) {
	link := func(address string) string {
		return inRSS("<item><title>Rain</title><link>" + address + "</link></item>")
	}
	for name, c := range map[string]struct {
		body  string
		check func(e news.Entry) bool
	}{
		"a user in an address": {
			link("https://u:p@ajo.example/rain"), func(e news.Entry) bool { return !strings.Contains(e.URL, "p@") },
		},
		"javascript": {link("javascript:alert(1)"), func(e news.Entry) bool { return e.URL == "" }},
		"data":       {link("data:text/html,x"), func(e news.Entry) bool { return e.URL == "" }},
		"file":       {link("file:///etc/passwd"), func(e news.Entry) bool { return e.URL == "" }},
		"without a scheme": {
			link("//kmsa.example/rain"), func(e news.Entry) bool { return e.URL == "https://kmsa.example/rain" },
		},
		"with a line's end": {
			link("https://ajo.example/a&#13;&#10;Set-Cookie:x"),
			func(e news.Entry) bool { return !strings.ContainsAny(e.URL, "\r\n ") },
		},
		"3 KiB": {
			link("https://ajo.example/" + strings.Repeat("a", 3<<10)),
			func(e news.Entry) bool { return e.URL == "" },
		},
		"lengths": {inItem(
			`<enclosure url="https://ajo.example/1.mp3" length="-1" type="audio/mpeg"/><enclosure ` +
				`url="https://ajo.example/2.mp3" length="1e30" type="audio/mpeg"/><enclosure ` +
				`url="https://ajo.example/3.mp3" length="abc" type="audio/mpeg"/>`,
		), func(e news.Entry) bool {
			return len(e.Enclosures) == 3 && e.Enclosures[0].Length+e.Enclosures[1].Length+e.Enclosures[2].Length == 0
		}},
		"a type with a line's end": {inItem(
			`<enclosure url="https://ajo.example/1.mp3" length="1" type="audio/mpeg&#13;&#10;X: y"/>`,
		), func(e news.Entry) bool {
			return len(e.Enclosures) == 1 && !strings.ContainsAny(e.Enclosures[0].Type, "\r\n") &&
				!strings.Contains(e.Enclosures[0].Type, "X")
		}},
		"one address twice": {
			inItem(
				`<enclosure url="https://ajo.example/1.mp3" length="1" type="audio/mpeg"/><enclosure ` +
					`url="https://ajo.example/1.mp3" length="2" type="audio/mpeg"/>`,
			),
			func(e news.Entry) bool { return len(e.Enclosures) == 1 },
		},
		"the year 1": {
			inItem("<pubDate>Mon, 01 Jan 0001 00:00:00 GMT</pubDate>"),
			func(e news.Entry) bool { return e.Published.IsZero() },
		},
		"the year 99999": {
			inItem("<pubDate>Mon, 01 Jan 99999 00:00:00 GMT</pubDate>"),
			func(e news.Entry) bool { return e.Published.IsZero() || e.Published.Year() < 2200 },
		},
		"a zone of nonsense": {inItem(
			"<pubDate>Mon, 02 Feb 2026 10:00:00 +9999</pubDate>",
		), func(e news.Entry) bool {
			return e.Published.IsZero() ||
				e.Published.Sub(time.Date(2026, 2, 2, 10, 0, 0, 0, time.UTC)).Abs() < 25*time.Hour
		}},
		"the 31st of February": {
			inItem("<pubDate>Sat, 31 Feb 2026 10:00:00 GMT</pubDate>"),
			func(e news.Entry) bool { return e.Published.IsZero() || e.Published.Year() == 2026 },
		},
		"an empty guid": {inItem("<guid></guid>"), func(e news.Entry) bool { return e.GUID == "" }},
		"a guid of blanks": {
			inItem("<guid>  \n </guid>"), func(e news.Entry) bool { return e.GUID == "" },
		},
		"a title of 4 KiB": {
			inRSS("<item><title>" + strings.Repeat("a", maxTitle) + "</title></item>"),
			func(e news.Entry) bool { return len(e.Title) == maxTitle && !strings.HasSuffix(e.Title, "…") },
		},
		"a title of 4 KiB and a character": {
			inRSS("<item><title>" + strings.Repeat("a", maxTitle-1) + "ñ</title></item>"),
			func(e news.Entry) bool { return len(e.Title) <= maxTitle && strings.HasSuffix(e.Title, "a…") },
		},
		"a guid of 1 KiB": {
			inItem("<guid>" + strings.Repeat("g", maxGUID) + "</guid>"),
			func(e news.Entry) bool { return len(e.GUID) == maxGUID },
		},
		"a guid of 1 KiB and a byte": {
			inItem("<guid>" + strings.Repeat("g", maxGUID+1) + "</guid>"),
			func(e news.Entry) bool { return e.GUID == "" },
		},
		"33 topics": {
			inItem(numberedTopics(33)), func(e news.Entry) bool { return len(e.Topics) == maxTopics },
		},
		"17 enclosures": {
			inItem(numberedEnclosures(17)), func(e news.Entry) bool { return len(e.Enclosures) == maxEnclosures },
		},
		"17 names": {
			inItem(strings.Repeat("<dc:creator>Ana Ruiz</dc:creator>", 1) + numberedNames(17)),
			func(e news.Entry) bool { return len(e.Authors) <= maxNames },
		},
		"a name of 256 bytes and more": {
			inItem("<dc:creator>" + strings.Repeat("ñ", 200) + "</dc:creator>"),
			func(e news.Entry) bool { return len(e.Authors) == 1 && len(e.Authors[0].Name) <= maxNameText },
		},
		"a body of 256 KiB and more": {inItem(
			"<content:encoded><![CDATA[" + strings.Repeat("<p>ñandú</p>", 40_000) + "]]></content:encoded>",
		), func(e news.Entry) bool {
			return len(e.Content) <= maxBody && len(e.Content) > maxBody-200 && strings.HasSuffix(e.Content, "</p>…")
		}},
		"a summary of 256 KiB and more that is all there is": {
			inItem("<description>" + strings.Repeat("ñandú ", 60_000) + "</description>"),
			func(e news.Entry) bool {
				return len(e.Summary) <= maxBody && len(e.Summary) > maxBody-20 && strings.HasSuffix(e.Summary, "…")
			},
		},
		"a summary of 16 KiB and more beside a content": {
			inItem("<description>" + strings.Repeat("ñandú ", 4000) + "</description>" +
				"<content:encoded>One</content:encoded>"),
			func(e news.Entry) bool { return len(e.Summary) <= maxSummary && strings.HasSuffix(e.Summary, "…") },
		},
		"a media type of 128 bytes": {
			inItem(
				`<enclosure url="https://ajo.example/1.mp3" length="1" type="audio/` + strings.Repeat("a", 122) + `"/>`,
			),
			func(e news.Entry) bool { return len(e.Enclosures) == 1 && len(e.Enclosures[0].Type) < 100 },
		},
		"a length of 2^53": {
			inItem(`<enclosure url="https://ajo.example/1.mp3" length="9007199254740993" type="audio/mpeg"/>`),
			func(e news.Entry) bool { return len(e.Enclosures) == 1 && e.Enclosures[0].Length == 0 },
		},
		"an address of 2 KiB": {
			link("https://ajo.example/" + strings.Repeat("a", maxAddress-len("https://ajo.example/"))),
			func(e news.Entry) bool { return len(e.URL) == maxAddress },
		},
		"an address of 2 KiB and a byte": {
			link("https://ajo.example/" + strings.Repeat("a", maxAddress-len("https://ajo.example/")+1)),
			func(e news.Entry) bool { return e.URL == "" },
		},
	} {
		t.Run(name, func(t *testing.T) {
			doc := mustParse(t, []byte(c.body))
			if len(doc.Entries) != 1 || !c.check(doc.Entries[0]) {
				t.Errorf("%.600s", shown(t, doc.Entries))
			}
		})
	}
}

func numberedTopics(n int) (text string) {
	for i := range n {
		text += fmt.Sprintf("<category>Topic %d</category>", i)
	}
	return text
}

func numberedEnclosures(n int) (text string) {
	for i := range n {
		text += fmt.Sprintf(`<enclosure url="https://ajo.example/%d.mp3" length="1" type="audio/mpeg"/>`, i)
	}
	return text
}

func numberedNames(n int) (text string) {
	for i := range n {
		text += fmt.Sprintf("<dc:creator>Reporter Number%c</dc:creator>", 'A'+i)
	}
	return text
}
