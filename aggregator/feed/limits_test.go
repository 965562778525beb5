package feed

import (
	"fmt"
	"strings"
	"testing"

	"fronteras/aggregator/feed/damage"
)

// limitCase is a document in which something has a size.
type limitCase struct {
	field   string // as the loss names it
	limit   int
	write   func(n int) string // of an item, or of the feed where that is said
	outcome string
	inFeed  bool
}

func repeatTag(tag string, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, tag, i)
	}
	return b.String()
}

func TestEachLimitSaysWhatItTakesAwayAndWhere(t *testing.T) {
	long := func(n int) string { return strings.Repeat("x", n) }
	// Words, so that nothing is taken for a file.
	words := func(n int) string { return strings.Repeat("mill ", n/5+1)[:n-1] + "s" }
	address := func(n int) string { return "https://ajo.example/" + long(n-len("https://ajo.example/")) }
	const cut, rest, out = "the rest is cut", restLeftOut, "it is left out"
	for name, c := range map[string]limitCase{
		"title": {"title", maxTitle, func(n int) string { return "<title>" + long(n) + "</title>" }, cut, false},
		"markup of a title": {"title", maxWritten, func(n int) string {
			return "<title>Rain" + strings.Repeat("&lt;b&gt;", (n-4)/3) + long((n-4)%3) + "</title>"
		}, cut, false},
		"content": {"content", maxBody, func(n int) string {
			return "<content:encoded>" + long(n) + "</content:encoded>"
		}, cut, false},
		"description alone": {"summary", maxBody, func(n int) string {
			return "<description>" + long(n) + "</description>"
		}, cut, false},
		"description beside a content": {"summary", maxSummary, func(n int) string {
			return "<content:encoded>One</content:encoded><description>" + long(n) + "</description>"
		}, cut, false},
		"itunes:summary": {"summary", maxBody, func(n int) string {
			return "<itunes:summary>" + long(n) + "</itunes:summary>"
		}, cut, false},
		"media:description": {"summary", maxBody, func(n int) string {
			return `<media:group><media:description type="plain">` + long(n) + "</media:description></media:group>"
		}, cut, false},
		"markup of a body": {"content", 1 << 20, func(n int) string {
			return "<content:encoded><![CDATA[<p>" + "<!-- " + long(n-17) + " --></p>x]]></content:encoded>"
		}, "its markup is given up", false},
		"enclosures": {"enclosures", maxEnclosures, func(n int) string {
			return repeatTag(`<enclosure url="https://ajo.example/%d.mp3" length="1" type="audio/mpeg"/>`, n)
		}, rest, false},
		"a type": {"enclosures", maxMediaType, func(n int) string {
			return `<enclosure url="https://ajo.example/1" length="1" type="audio/` + long(n-len("audio/")) + `"/>`
		}, out, false},
		"images": {"images", maxImages, func(n int) string {
			return repeatTag(`<media:content url="https://ajo.example/mill-%d00x.jpg" type="image/jpeg"/>`, n)
		}, rest, false},
		"a caption": {"images", maxSummary, func(n int) string {
			return `<media:content url="https://ajo.example/mill.jpg" type="image/jpeg"><media:description>` + words(n) +
				"</media:description></media:content>"
		}, cut, false},
		"a caption in a body": {"images", maxSummary, func(n int) string {
			return `<content:encoded><![CDATA[<figure><img src="/mill.jpg"><figcaption>` + words(n) +
				"</figcaption></figure>]]></content:encoded>"
		}, cut, false},
		"a credit": {"images", maxNameText, func(n int) string {
			return `<media:content url="https://ajo.example/mill.jpg" type="image/jpeg"><media:credit>` + words(n) +
				"</media:credit></media:content>"
		}, cut, false},
		"a picture's title": {"images", maxTitle, func(n int) string {
			return `<media:content url="https://ajo.example/mill.jpg" type="image/jpeg"><media:title>` + words(n) +
				"</media:title></media:content>"
		}, cut, false},
		"a picture's address": {"images", maxAddress, func(n int) string {
			return `<media:content url="` + address(n) + `" type="image/jpeg"/>`
		}, out, false},
		"link": {"url", maxAddress, func(n int) string { return "<link>" + address(n) + "</link>" }, out, false},
		"guid": {"guid", maxGUID, func(n int) string { return "<guid>" + long(n) + "</guid>" }, out, false},
		"topics": {"topics", maxTopics, func(n int) string {
			return repeatTag("<category>topic %d</category>", n)
		}, rest, false},
		"a topic": {"topics", maxNameText, func(n int) string {
			return "<category>" + words(n) + "</category>"
		}, cut, false},
		"authors": {"authors", maxNames, func(n int) string {
			return repeatTag("<dc:creator>Ana Ruiz%c</dc:creator>", 0) + creators(n)
		}, rest, false},
		"bylines": {"byline", maxBylines, func(n int) string {
			return repeatTag("<dc:creator>Desk %d</dc:creator>", n)
		}, rest, false},
		"links": {"links", maxLinks, func(n int) string {
			return repeatTag(`<atom:link rel="related" href="https://ajo.example/%d"/>`, n)
		}, rest, false},
		"a link's title": {"links", maxTitle, func(n int) string {
			return `<atom:link rel="related" href="https://ajo.example/1" title="` + long(n) + `"/>`
		}, cut, false},
		"rights": {"rights", maxTitle, func(n int) string { return "<dc:rights>" + long(n) + "</dc:rights>" }, cut, false},
		"license": {"license", maxAddress, func(n int) string {
			return `<atom:link rel="license" href="` + address(n) + `"/>`
		}, out, false},
		"source": {"source", maxTitle, func(n int) string {
			return `<source url="https://ajo.example/f">` + long(n) + "</source>"
		}, cut, false},
		"chapters": {"chapters", maxParts, func(n int) string {
			return "<psc:chapters>" + repeatTag(`<psc:chapter start="0" title="%d"/>`, n) + "</psc:chapters>"
		}, rest, false},
		"persons": {"persons", maxParts, func(n int) string {
			return repeatTag("<podcast:person>%d</podcast:person>", n)
		}, rest, false},
		"transcripts": {"transcripts", maxParts, func(n int) string {
			return repeatTag(`<podcast:transcript url="https://ajo.example/%d" type="text/plain"/>`, n)
		}, rest, false},
		"an address in a body": {"content", maxAddress, func(n int) string {
			return `<content:encoded><![CDATA[<a href="` + address(n) + `">One</a>]]></content:encoded>`
		}, out, false},
		"an alt text": {"content", 4 << 10, func(n int) string {
			return `<content:encoded><![CDATA[<img src="/a.jpg" alt="` + long(n) + `">]]></content:encoded>`
		}, cut, false},
		"attributes in a body": {"content", 64, func(n int) string {
			return `<content:encoded><![CDATA[<a href="/a"` + repeatTag(" data-x%d", n-1) + `>One</a>]]></content:encoded>`
		}, "they are left out", false},
		"nested markup": {"content", 128, func(n int) string {
			return "<content:encoded><![CDATA[" + strings.Repeat("<span>", n) + "One" + strings.Repeat("</span>", n) +
				"]]></content:encoded>"
		}, "its markup is given up", false},
		"xml:base": {"xml:base", 2 << 10, func(n int) string {
			return `<title xml:base="` + address(n) + `">One</title>`
		}, out, false},
		"title of the feed": {"title", maxTitle, func(n int) string { return "<title>" + long(n) + "</title>" }, cut, true},
		"generator": {"generator", maxNameText, func(n int) string {
			return "<generator>" + long(n) + "</generator>"
		}, cut, true},
		"hubs": {"hub", maxHubs, func(n int) string {
			return repeatTag(`<atom:link rel="hub" href="https://hub.example/%d"/>`, n)
		}, rest, true},
		"self": {"self", maxAddress, func(n int) string {
			return `<atom:link rel="self" href="` + address(n) + `"/>`
		}, out, true},
		"rights of the feed": {"rights", maxTitle, func(n int) string {
			return "<copyright>" + long(n) + "</copyright>"
		}, cut, true},
		"tombstones": {"deleted-entry", takenItems, func(n int) string {
			return repeatTag(`<at:deleted-entry ref="tag:ajo.example,2026:%d" when="2026-02-04T21:05:00Z"/>`, n)
		}, rest, true},
	} {
		t.Run(name, func(t *testing.T) {
			if losses := lossesIn(t, c, c.limit); len(losses) > 0 {
				t.Errorf("at %d: %v", c.limit, losses)
			}
			losses := lossesIn(t, c, c.limit+1)
			if len(losses) != 1 {
				t.Fatalf("at %d: %v", c.limit+1, losses)
			}
			where := "limit: item 2, " + c.field + ": "
			if c.inFeed {
				where = "limit: the feed, " + c.field + ": "
			}
			got := losses[0].String()
			allowed := fmt.Sprintf("%d allowed: %s", c.limit, c.outcome)
			counted := strings.Contains(got, fmt.Sprintf("%d ", c.limit+1)) ||
				strings.Contains(got, fmt.Sprintf("%d found", c.limit+1)) || strings.Contains(got, "more than")
			line := 2
			if c.inFeed {
				line = 1
			}
			if losses[0].Line != line || !strings.Contains(got, where) ||
				!strings.Contains(got, allowed) && !strings.Contains(got, "more than "+fmt.Sprint(c.limit)) || !counted {
				t.Errorf("at %d: %s", c.limit+1, got)
			}
		})
	}
}

// creators names as many persons, whose names differ in letters alone.
func creators(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "<dc:creator>Ana Ruiz%c%c</dc:creator>", 'a'+i/26, 'a'+i%26)
	}
	return b.String()
}

// lossesIn reads a document whose second item, or whose channel, holds something of a size.
func lossesIn(t *testing.T, c limitCase, n int) []damage.Repair {
	t.Helper()
	item, channel := c.write(n), ""
	if c.inFeed {
		item, channel = "", item
	}
	document := `<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" ` +
		`xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom" ` +
		`xmlns:media="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" ` +
		`xmlns:psc="http://podlove.org/simple-chapters" xmlns:at="http://purl.org/atompub/tombstones/1.0" ` +
		`xmlns:podcast="https://podcastindex.org/namespace/1.0"><channel>` + channel +
		"<item><title>One</title></item>\n<item>" + item + "</item></channel></rss>"
	d, err := Parse(t.Context(), []byte(document), Context{Address: "https://ajo.example/feed"})
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Entries) != 2 && !c.inFeed && len(d.Entries) != 1 {
		t.Fatalf("%d entries", len(d.Entries))
	}
	var losses []damage.Repair
	for _, r := range d.Repairs {
		if r.IsLoss() {
			losses = append(losses, r)
		}
	}
	if len(losses) != len(d.Losses) {
		t.Errorf("%d losses of the document, %d repairs: %v", len(d.Losses), len(losses), d.Losses)
	}
	return losses
}

// The length of a recording has a limit that an int of 32 bits does not hold.
func TestALengthThatNoFileHasIsSaid(t *testing.T) {
	write := func(length int64) limitCase {
		return limitCase{"enclosures", 0, func(int) string {
			return fmt.Sprintf(`<enclosure url="https://ajo.example/1.mp3" length="%d" type="audio/mpeg"/>`, length)
		}, "", false}
	}
	if losses := lossesIn(t, write(maxLength), 0); len(losses) > 0 {
		t.Errorf("at the limit: %v", losses)
	}
	const want = "limit: item 2, enclosures: 9007199254740993 bytes of a recording found, 9007199254740992 allowed: " +
		"the number is left out"
	if losses := lossesIn(t, write(maxLength+1), 0); len(losses) != 1 || !strings.Contains(losses[0].String(), want) {
		t.Errorf("beyond it: %v", losses)
	}
}
