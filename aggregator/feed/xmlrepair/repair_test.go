package xmlrepair

import (
	"errors"
	"strings"
	"testing"

	"fronteras/aggregator/feed/damage"
)

var testLimits = Limits{Depth: 10, Elements: 50, Items: 5}

// Each kind of damage is mended as a person would, and named.
func TestDamageIsMendedAndNamed(t *testing.T) {
	for _, c := range []struct{ name, in, out, repair string }{
		{
			"nothing", "<rss><channel><title>A &amp; B</title></channel></rss>",
			"<rss><channel><title>A &amp; B</title></channel></rss>", "",
		},
		{"a bare ampersand", "<rss><channel><title>A & B</title></channel></rss>",
			"<rss><channel><title>A &amp; B</title></channel></rss>", damage.Entities},
		{
			"an end tag of nothing", "<rss><channel></p></channel></rss>", "<rss><channel></channel></rss>",
			damage.EndTags,
		},
		{"an open element", "<rss><channel><title>A<link>b</link></channel></rss>",
			"<rss><channel><title>A</title><link>b</link></channel></rss>", damage.EndTags},
		{"an open item", "<rss><channel><item><title>A</title><item><title>B</title></item></channel></rss>",
			"<rss><channel><item><title>A</title></item><item><title>B</title></item></channel>" +
				"</rss>", damage.UnclosedItem},
		{"markup in a text", "<rss><channel><description>A <b>c</b></description></channel></rss>",
			"<rss><channel><description><![CDATA[A <b>c</b>]]></description></channel></rss>", damage.EscapedMarkup},
		{
			"an attribute without quotes", "<rss version=2.0><channel></channel></rss>",
			`<rss version="2.0"><channel></channel></rss>`, damage.Attributes,
		},
		{
			"text before the root", "Notice <rss><channel></channel></rss>", "<rss><channel></channel></rss>",
			damage.Prolog,
		},
		{
			"a channel alone", "<channel><title>A</title></channel>",
			`<rss version="2.0"><channel><title>A</title></channel></rss>`, damage.Structure,
		},
		{"a cut document", "<rss><channel><item><title>A</title></item><item><title>B",
			"<rss><channel><item><title>A</title></item></channel></rss>", damage.CutOff},
	} {
		doc, repairs, err := Repair([]byte(c.in), testLimits)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		var names []string
		for _, r := range repairs {
			names = append(names, r.Name)
		}
		if string(doc.Out) != c.out || strings.Join(names, " ") != c.repair {
			t.Errorf("%s: %s, repaired %v; want %s, %q", c.name, doc.Out, repairs, c.out, c.repair)
		}
		if whole := c.repair != damage.CutOff; doc.Whole != whole {
			t.Errorf("%s: whole %t", c.name, doc.Whole)
		}
	}
}

func TestRepairsHaveThePlaceOfTheFirst(t *testing.T) {
	_, repairs, err := Repair([]byte("<rss>\n<channel>\n<title>A & B & C</title></channel></rss>"), testLimits)
	if err != nil {
		t.Fatal(err)
	}
	if len(repairs) != 1 || repairs[0].Line != 3 || repairs[0].Column != 10 || repairs[0].Count != 2 {
		t.Errorf("%+v", repairs)
	}
}

func TestDocumentsOverALimitAreRefused(t *testing.T) {
	for limit, inner := range map[string]string{
		"elements in one another": strings.Repeat("<x>", 10),
		"elements":                strings.Repeat("<x></x>", 50),
		"items":                   strings.Repeat("<item><title>A</title></item>", 6),
	} {
		var refusal *damage.LimitError
		_, _, err := Repair([]byte("<rss><channel>"+inner), testLimits)
		if !errors.As(err, &refusal) || refusal.Limit != limit {
			t.Errorf("%s: %v", limit, err)
		}
	}
}

func TestWhatIsNoFeedIsNamed(t *testing.T) {
	for text, what := range map[string]string{
		"":                                       "an empty document",
		"<html><body><p>Radio</p></body></html>": "an HTML page",
		"<opml version='2.0'/>":                  "OPML, a list of feeds, not a feed itself",
		"<urlset/>":                              "a sitemap",
		"<station/>":                             "an XML document that begins with <station>",
	} {
		var refusal *damage.NotFeedError
		if _, _, err := Repair([]byte(text), testLimits); !errors.As(err, &refusal) || refusal.What != what {
			t.Errorf("%q: %v", text, err)
		}
	}
}
