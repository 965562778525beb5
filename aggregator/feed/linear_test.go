package feed

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"maps"
	"slices"
	"strings"
	"testing"

	"fronteras/aggregator/lineartest"
)

// The places where a document holds foreign text, each as an element with "{}" where the text is.
// In a place that begins with "=" it stands as it is; elsewhere it is escaped in attributes, and in
// a CDATA section in elements.
var (
	ofChannel = []string{
		`<title>{}</title>`, `=<title>{}</title>`, `<link>{}</link>`, `=<link>https://ajo.example/{}</link>`,
		`<description>{}</description>`, `<language>{}</language>`, `<copyright>{}</copyright>`,
		`<generator>{}</generator>`, `<ttl>{}</ttl>`, `<cloud domain="{}"/>`, `<image><url>{}</url></image>`,
		`<skipHours><hour>{}</hour></skipHours>`, `<itunes:image href="{}"/>`, `<atom:link rel="self" href="{}"/>`,
		`<atom:link rel="{}" href="/a"/>`, `<sy:updatePeriod>{}</sy:updatePeriod>`, `<dc:rights>{}</dc:rights>`,
		`=<x:other>{}</x:other>`, `={}`,
	}
	ofItem = []string{
		`<title>{}</title>`, `=<title>{}</title>`, `=<title {}>a</title>`, `<link>{}</link>`, `=<link>{}</link>`,
		`<link>https://ajo.example/{}</link>`, `<link href="{}"/>`, `<link rel="{}" href="/a"/>`, `<guid>{}</guid>`,
		`<guid isPermaLink="{}">a</guid>`, `<pubDate>{}</pubDate>`, `=<pubDate>{}</pubDate>`, `<author>{}</author>`,
		`=<author>{}</author>`, `<author><name>{}</name></author>`, `<category>{}</category>`,
		`=<category>{}</category>`, `<description>{}</description>`, `=<description>{}</description>`,
		`=<description>a &lt;p> {}</description>`, `<content:encoded>{}</content:encoded>`,
		`=<content:encoded><![CDATA[<p>{}</p>]]></content:encoded>`,
		`<content:encoded xml:base="{}"><![CDATA[<a href="b">c</a>]]></content:encoded>`,
		`=<body xmlns="http://www.w3.org/1999/xhtml">{}</body>`, `<source url="{}">a</source>`,
		`<source url="/a">{}</source>`, `<enclosure url="{}" type="audio/mpeg"/>`,
		`<enclosure url="/a.mp3" type="{}"/>`, `<enclosure url="/a.mp3" length="{}"/>`,
		`<dc:creator>{}</dc:creator>`, `<dc:title>{}</dc:title>`, `<dc:subject>{}</dc:subject>`,
		`<dc:date>{}</dc:date>`, `<dc:rights>{}</dc:rights>`, `<dc:description>{}</dc:description>`,
		`<dcterms:source>{}</dcterms:source>`, `<cc:license>{}</cc:license>`,
		`<media:content url="{}" type="image/png"/>`, `<media:content url="/a.png" medium="{}"/>`,
		`<media:content url="/a.png"><media:title>{}</media:title></media:content>`,
		`<media:content url="/a.png"/><media:description>{}</media:description>`,
		`<media:description type="html">{}</media:description>`, `<media:credit role="author">{}</media:credit>`,
		`<itunes:author>{}</itunes:author>`, `<itunes:summary>{}</itunes:summary>`,
		`<itunes:keywords>{}</itunes:keywords>`, `<itunes:duration>{}</itunes:duration>`,
		`<podcast:person>{}</podcast:person>`, `<podcast:transcript url="{}"/>`,
		`<psc:chapters><psc:chapter start="1" title="{}"/></psc:chapters>`,
		`<atom:author><atom:name>{}</atom:name></atom:author>`, `=<thing>{}</thing>`, `={}`,
	}
	ofEntry = []string{
		`<title>{}</title>`, `<title type="html">{}</title>`, `=<title type="xhtml">{}</title>`, `<id>{}</id>`,
		`<link href="{}"/>`, `<link rel="via" title="{}" href="/a"/>`, `<category term="{}"/>`,
		`<author><name>{}</name></author>`, `<author><name>a</name><uri>{}</uri></author>`,
		`<summary>{}</summary>`, `<content type="html">{}</content>`, `=<content type="xhtml">{}</content>`,
		`=<content type="html" mode="base64">{}</content>`, `=<content type="text/xml">{}</content>`,
		`<content src="{}" type="text/html"/>`, `<rights>{}</rights>`, `<published>{}</published>`,
		`<source><title>{}</title></source>`, `<source><link rel="self" href="{}"/></source>`, `={}`,
	}
	ofJSON = []string{
		`"title":{}`, `"id":{}`, `"url":{}`, `"date_published":{}`, `"summary":{}`, `"content_html":{}`,
		`"content_text":{}`, `"tags":{}`, `"author":{}`, `"authors":[{"name":{}}]`, `"authors":[{"url":{}}]`,
		`"attachments":[{"url":{}}]`, `"attachments":[{"url":"a.mp3","mime_type":{}}]`, `"language":{}`,
	}
)

// awkward lists what a field is filled with. What holds "%d" has a number in it, another each time.
var awkward = []string{
	"a", " ", "a\n\n", "<", ">", "<b>", "</b>", "<b></b>", "a</x>", `<b a="`, "<b a='", "<b a=b ", "<!--", "<!-- -->",
	"<!", "<?", "<![CDATA[", "]]>", "<ul><li>", "<span>", "<div>a", "<p>", "<p>x</p>", "<table><td>", "<tr>a",
	"<td>a</td>", "<select>a<b>", `<a href="/x">`, "<svg><math>", "<ruby>", "<template>", "<h1>", "<script>",
	"<html a%d>", "<font a%d>", "<q%d></q%d>", "<title>", "<link>", "<br>", "&", "&amp;", "&#x", "&lt;b", "&b%d;",
	`"`, "'", "<x:y>", "/", "/..", "?", "#", "%", "q=b%d&", ";", ":", ", Jr", "a b%d, ", "a b%d and ", "@", "(",
	"\u0301", "\u202e", "Ã©", "\U0001F600", "1:", "{", "[", `\`,
}

// repeated fills a size with a pattern.
func repeated(pattern string, size int) string {
	if !strings.Contains(pattern, "%d") {
		return strings.Repeat(pattern, 1+size/len(pattern))
	}
	var b strings.Builder
	for n := 0; b.Len() < size; n++ {
		b.WriteString(strings.ReplaceAll(pattern, "%d", fmt.Sprint(n)))
	}
	return b.String()
}

// fill puts a text into a place.
func fill(place, text string) string {
	element, asItIs := strings.CutPrefix(place, "=")
	before, after, _ := strings.Cut(element, "{}")
	switch {
	case strings.Contains(before, "base64"):
		text = base64.StdEncoding.EncodeToString([]byte(text))
	case asItIs:
	case strings.HasSuffix(before, `"`):
		text = html.EscapeString(text)
	default:
		text = "<![CDATA[" + strings.ReplaceAll(text, "]]>", "]]>]]&gt;<![CDATA[") + "]]>"
	}
	return before + text + after
}

// inFullRSS is a feed with something in its channel, all namespaces declared.
func inFullRSS(inner string) string {
	return `<rss version="2.0" xmlns:x="urn:x" xmlns:content="http://purl.org/rss/1.0/modules/content/" ` +
		`xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/" ` +
		`xmlns:atom="http://www.w3.org/2005/Atom" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" ` +
		`xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" xmlns:cc="http://web.resource.org/cc/" ` +
		`xmlns:podcast="https://podcastindex.org/namespace/1.0" xmlns:psc="http://podlove.org/simple-chapters" ` +
		`xmlns:dcterms="http://purl.org/dc/terms/"><channel>` + inner + `</channel></rss>`
}

// places lists every place, with the document of a text in it.
func places() map[string]func(text string) string {
	all := map[string]func(string) string{}
	for _, place := range ofChannel {
		all["channel "+place] = func(text string) string {
			return inFullRSS(fill(place, text) + `<item><title>a</title><link>/a</link></item>`)
		}
	}
	for _, place := range ofItem {
		all["item "+place] = func(text string) string {
			return inFullRSS(`<link>https://ajo.example/</link><item>` + fill(place, text) + `</item>`)
		}
	}
	for _, place := range ofEntry {
		all["entry "+place] = func(text string) string {
			return `<feed xmlns="http://www.w3.org/2005/Atom"><entry>` + fill(place, text) + `</entry></feed>`
		}
	}
	for _, place := range ofJSON {
		all["JSON "+place] = func(text string) string {
			quoted, _ := json.Marshal(text)
			member := strings.Replace(place, "{}", string(quoted), 1)
			return `{"version":"https://jsonfeed.org/version/1.1","title":"a","items":[{` + member + `}],"_x":{` +
				member + `}}`
		}
	}
	return all
}

func parseForCost(document string) {
	_, _ = Parse(context.Background(), []byte(document), Context{Address: "https://ajo.example/rss"})
}

// Whatever a field is filled with, reading it costs in proportion to its length.
func TestReadingAFieldIsLinear(t *testing.T) {
	size, one := 4<<10, 1
	if raced {
		size, one = 1<<10, 8 // nothing is shared here, and the detector takes ten times as long
	}
	all := places()
	for n, name := range slices.Sorted(maps.Keys(all)) {
		document := all[name]
		for m, pattern := range awkward {
			if (n+m)%one != 0 {
				continue
			}
			lineartest.Check(t, fmt.Sprintf("%s × %q", name, pattern), size,
				func(size int) string { return document(repeated(pattern, size)) }, parseForCost)
		}
	}
}

// The same for long documents, of what costs the most, and of much in one another or in a row.
func TestReadingADocumentIsLinear(t *testing.T) {
	size := 64 << 10
	if raced {
		size = 4 << 10
	}
	item := func(inner string) string {
		return inFullRSS(`<link>https://ajo.example/</link><item>` + inner + `</item>`)
	}
	in := places()
	documents := map[string]func(int) string{
		"lost ends of CDATA": func(n int) string {
			return item(repeated("<title><![CDATA[x</title>", n) + "]]>")
		},
		"CDATA in a title": func(n int) string { return item("<title>" + repeated("<![CDATA[a]]>", n) + "</title>") },
		"links, then guids": func(n int) string {
			return item(repeated(`<link href="a"/>`, n/2) + repeated("<guid>a</guid>", n/2))
		},
		"links with and without an address": func(n int) string {
			return item(repeated(`<link href="a"/>`, n/2) + repeated("<link/>", n/2))
		},
		"titles in a text, after links": func(n int) string {
			return item(repeated(`<link/>`, n/2) + "<description>a" + repeated("<title>", n/2))
		},
		"links in an author": func(n int) string {
			return item(repeated("<author>"+strings.Repeat("<link/>", 2000)+"</author>", n))
		},
		"authors":        func(n int) string { return item(repeated("<author>b%d</author>", n)) },
		"creators":       func(n int) string { return item(repeated("<dc:creator>b%d</dc:creator>", n)) },
		"topics":         func(n int) string { return item(repeated("<category>b</category>", n)) },
		"dates":          func(n int) string { return item(repeated("<pubDate>b%d</pubDate>", n)) },
		"items":          func(n int) string { return inFullRSS(repeated("<item><title>%d</title></item>", n/4)) },
		"unclosed items": func(n int) string { return inFullRSS(repeated("<item><title>", n/4)) },
		"pictures without words": func(n int) string {
			words := `<media:title>` + html.EscapeString(repeated("<b>", 1000)) + `</media:title>`
			return inFullRSS(repeated(`<item>`+strings.Repeat(words, 20)+
				strings.Repeat(`<media:content url="/a.png" medium="image"/>`, 400)+`</item>`, n))
		},
		"a long base": func(n int) string {
			return item(`<thing xml:base="http://ajo.example/` + repeated("a", n/2) + `">` + repeated(`<x:b xml:base="c"/>`, n/2) +
				`</thing>`)
		},
		"a long link of the channel": func(n int) string {
			return inFullRSS(`<link>https://ajo.example/` + repeated("a", n/2) + `/</link><item>` +
				repeated(`<link href="a%d" rel="via"/>`, n/2) + `</item>`)
		},
		"a long language": func(n int) string {
			return strings.Replace(inFullRSS(repeated("<item><title>a</title></item>", n/2)), "<channel>",
				`<channel xml:lang="`+repeated("a", n/2)+`">`, 1)
		},
		"targets of a wrapper": func(n int) string {
			return item(`<link>https://google.com/url?` + repeated("q=x&amp;", n/2) + "#" + repeated("a", n/2) + `</link>`)
		},
		"prefixes, then names": func(n int) string {
			scope := ""
			for range 8 {
				scope += "<thing " + repeated(`xmlns:a%d="u" `, 1500) + ">"
			}
			return item(scope + "<description>" + repeated("<q:r>", n))
		},
		"end tags":               func(n int) string { return item(repeated("</thing>", n)) },
		"comments without end":   func(n int) string { return repeated("<!--", n) + inFullRSS("") },
		"instructions":           func(n int) string { return repeated("<?x ", n) + inFullRSS("") },
		"declarations":           func(n int) string { return repeated("<!x ", n) },
		"document types":         func(n int) string { return repeated(`<!DOCTYPE "`, n) },
		"forbidden characters":   func(n int) string { return item("<title>" + repeated("\x01", n) + "</title>") },
		"text that is not UTF-8": func(n int) string { return item("<title>" + repeated("\xe9\x80 ", n) + "</title>") },
		"entities": func(n int) string {
			return `<!DOCTYPE rss [<!ENTITY a "` + repeated("b", 1000) + `">]>` + item("<title>"+repeated("&a;", n)+"</title>")
		},
		"keys of JSON": func(n int) string {
			return `{"version":"https://jsonfeed.org/version/1.1",` + repeated(`"a%d":1,`, n) + `"items":[]}`
		},
		"lists of items": func(n int) string {
			return `{"version":"https://jsonfeed.org/version/1.1",` + repeated(`"items":[{"id":"a"}],`, n) + `"_x":1}`
		},
		"authors of JSON": func(n int) string { return inJSON(`,"authors":[` + repeated(`"b%d",`, n) + `"a"]`) },
		"tags of JSON":    func(n int) string { return inJSON(`,"tags":[` + repeated(`"b",`, n) + `"a"]`) },
		"half characters": func(n int) string { return inJSON(`,"summary":"` + repeated(`\ud800`, n) + `"`) },
		"arrays in one another": func(n int) string {
			return inJSON(`,"_x":[` + repeated("[[[[[[[[[[]]]]]]]]]],", n) + `1]`)
		},
		"attributes in HTML": func(n int) string {
			return item("<description><![CDATA[<p " + repeated("a%d=b ", n) + ">a]]></description>")
		},
		"attributes opened again": func(n int) string {
			return item("<description><![CDATA[<b " + repeated("a%d ", n/2) + ">" + repeated("<p>x", n/2) + "]]></description>")
		},
		"references in an address": func(n int) string {
			return item(`<description><![CDATA[<a href="` + repeated("&amp;", n) + `">a</a>]]></description>`)
		},
	}
	for _, place := range []string{"item <title>{}</title>", "item =<title>{}</title>", "item <description>{}</description>"} {
		for _, pattern := range []string{
			"<b>", "</b>", "<!--", `<b a="`, "<ul><li>", "<span>", "<div>a", "<table><td>", "a</x>", "<html a%d>", "&amp;",
			"<![CDATA[", `<a href="/x">`, "<select>a<b>", "<p>x</p>", "<q%d></q%d>",
		} {
			documents[fmt.Sprintf("%s × %q", place, pattern)] = func(n int) string { return in[place](repeated(pattern, n)) }
		}
	}
	for name, document := range documents {
		lineartest.Check(t, name, size, document, parseForCost)
	}
}
