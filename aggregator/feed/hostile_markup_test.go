package feed

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"fronteras/aggregator/feed/htmlclean"
)

// bodies lists the places where markup comes in: each reads a fragment as a body.
var bodies = map[string]func(fragment string) string{
	"rss": func(s string) string { return inItem("<content:encoded>" + escapeXML(s) + "</content:encoded>") },
	"cdata": func(s string) string {
		return inItem("<content:encoded><![CDATA[" + strings.ReplaceAll(s, "]]>", "") + "]]></content:encoded>")
	},
	"atom": func(s string) string { return inAtom(`<content type="html">` + escapeXML(s) + `</content>`) },
	"xhtml": func(s string) string {
		return inAtom(`<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">` + s + `</div></content>`)
	},
	"json": func(s string) string {
		text, _ := json.Marshal(s)
		return inJSON(`,"content_html":` + string(text))
	},
}

func escapeXML(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
}

// Markup: what must not come out, of whatever place it came in by.
func TestForeignMarkupIsMadeHarmless(t *testing.T) {
	for name, c := range map[string]struct {
		in    string
		gone  string // words that are gone, apart by blanks
		stays string // words that stay
	}{
		"script":               {`one<script>alert(1)</script>two`, "<script alert", "one two"},
		"a script in a script": {`<scr<script>ipt>alert(1)</script>two`, "<script", ""},
		"not closed":           {`one<script>alert(1)`, "<script", "one"},
		"capitals":             {`one<SCRIPT SRC=//evil.example/x></SCRIPT>`, "script evil", "one"},
		"letters that fold":    {`one<ſcript>alert(1)</ſcript><scrİpt>x</scrİpt>`, "<s", "one"},
		"known events": {
			`<img src="/a.png" onerror="alert(1)" onload=alert(1)><p onclick="x()">one</p>`,
			"onerror onload onclick alert", "one",
		},
		"unknown events": {
			`<p onfoo="x" onbegin=x>one</p><details ontoggle=alert(1) open>two</details>`, "onfoo onbegin ontoggle",
			"one two",
		},
		"a frame with a document": {
			`one<iframe srcdoc="&lt;script>alert(1)&lt;/script>"></iframe>`, "srcdoc alert iframe", "one",
		},
		"like YouTube": {
			`one<iframe src="https://youtube.com.evil.example/embed/x"></iframe><iframe ` +
				`src="//evil.example/youtube.com"></iframe><iframe src="https://u@www.youtube.com:81/embed/x">` +
				`</iframe>`,
			"iframe evil u@", "one",
		},
		"svg": {
			`one<svg><script>alert(1)</script><animate attributeName=href values=javascript:alert(1) /><a ` +
				`xlink:href="javascript:x">t</a><foreignObject><p>in</p></foreignObject></svg>two`,
			"svg alert animate javascript foreign", "one two",
		},
		"math": {
			`one<math><mtext><mglyph><style><img src=x onerror=alert(1)></style></mglyph></mtext>` +
				`<annotation-xml encoding="text/html"><p>x</p></annotation-xml></math>`,
			"math onerror mglyph annotation", "one",
		},
		"schemes": {
			`<a href="java&#9;script:alert(1)">a</a><a href="&#1; javascript:alert(1)">b</a><a ` +
				`href="JaVaScRiPt:alert(1)">c</a><a href="vbscript:x">d</a><a href="data:text/html,x">e</a><img ` +
				`src="data:image/svg+xml,x"><a href="feed:javascript:alert(1)">f</a>`,
			"script: data: href", "a b c d e f",
		},
		"attributes with address": {
			`<img src="/a.png" srcset="javascript:x 1x" longdesc="//evil.example/"><a href="/b" ` +
				`ping="//evil.example/">one</a><q cite="//evil.example/">two</q><td ` +
				`background="//evil.example/">three</td>`,
			"srcset longdesc ping cite= background evil", "one two three",
		},
		"pages of their own": {
			`<meta http-equiv="refresh" content="0;url=//evil.example"><base href="//evil.example/"><link ` +
				`rel="stylesheet" href="//evil.example/"><style>@import "//evil.example/"</style><p ` +
				`style="position:fixed;background:url(//evil.example)">one</p>`,
			"meta base <link style evil", "one",
		},
		"forms": {
			`<form action="//evil.example"><input value="x"><button>Go</button><select><option>a</option>` +
				`</select></form>one`,
			"form input button select evil", "one",
		},
		"what is embedded": {
			`<object data="//evil.example"><p>in</p></object><embed src="//evil.example"><noscript><p>no</p>` +
				`</noscript><template><p>t</p></template><xmp>x</xmp><noembed>n</noembed>one`,
			"object embed template evil <xmp", "one",
		},
		"comments": {
			`one<!-- --!><script>x</script>--><!--[if IE]>two<![endif]-->three`, "<! script> [if", "one three",
		},
		"names": {
			`<p id="x" class="y" name="z" data-x="w">one</p><a target="_blank" href="/a">two</a><details open>` +
				`<summary>s</summary>three</details>`,
			"id= class name= data- target details", "one two three",
		},
		"pictures": {
			`<img src="/a.png" alt="one"><img src="//kmsa.example/b.png" alt="two"><img src="/pixel.gif" ` +
				`width="1" height="1" alt="three">`,
			"pixel three", "https://ajo.example/a.png https://kmsa.example/b.png",
		},
	} {
		t.Run(name, func(t *testing.T) {
			for kind, body := range bodies {
				doc, err := Parse(context.Background(), []byte(body(c.in)), Context{Address: "https://ajo.example/rss"})
				if err != nil {
					if kind == "xhtml" { // it is not XML, and may be refused
						continue
					}
					t.Fatalf("%s: %v", kind, err)
				}
				if len(doc.Entries) != 1 {
					t.Fatalf("%s: %d entries", kind, len(doc.Entries))
				}
				out := doc.Entries[0].Content
				for _, word := range strings.Fields(c.gone) {
					if strings.Contains(strings.ToLower(out), word) {
						t.Errorf("%s: %q is in %q", kind, word, out)
					}
				}
				for _, word := range strings.Fields(c.stays) {
					if kind != "xhtml" && !strings.Contains(out, word) {
						t.Errorf("%s: %q is not in %q", kind, word, out)
					}
				}
				checkPublishable(t, out)
			}
		})
	}
}

// publishable lists the elements that a body may have, each with its attributes.
var publishable = map[string]string{
	"strong": "", "b": "", "em": "", "i": "", "u": "", "s": "", "sub": "", "sup": "", "small": "",
	"a": "href title hreflang", "abbr": "title", "cite": "", "q": "", "time": "datetime", "code": "", "p": "",
	"h2": "", "h3": "", "h4": "", "blockquote": "", "pre": "", "ul": "", "ol": "", "li": "", "dl": "", "dt": "",
	"dd": "", "figure": "", "figcaption": "", "br": "", "hr": "",
	"img":   "src alt width height title",
	"table": "", "thead": "", "tbody": "", "tr": "", "th": "colspan rowspan", "td": "colspan rowspan",
}

// checkPublishable fails for a body with anything that none may have, or that changes when it is
// cleaned again.
func checkPublishable(t *testing.T, body string) {
	t.Helper()
	if again := htmlclean.Clean(body, "https://kmsa.example/2026/02/wells", maxBody); len(body) > maxBody ||
		again != body {
		t.Errorf("%q, cleaned again, is %q", body, again)
	}
	nodes, err := html.ParseFragment(strings.NewReader(body), &html.Node{
		Type: html.ElementNode, Data: "div", DataAtom: atom.Div,
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, root := range nodes {
		for n := range root.Descendants() {
			checkNode(t, n)
		}
		checkNode(t, root)
	}
}

func checkNode(t *testing.T, n *html.Node) {
	t.Helper()
	if n.Type == html.TextNode {
		return
	}
	attributes, listed := publishable[n.Data]
	if n.Type != html.ElementNode || !listed {
		t.Errorf("a node of type %d, %q", n.Type, n.Data)
	}
	for _, a := range n.Attr {
		web := strings.HasPrefix(a.Val, "http://") || strings.HasPrefix(a.Val, "https://")
		if !slices.Contains(strings.Fields(attributes), a.Key) ||
			(a.Key == "href" || a.Key == "src") && !web && !(a.Key == "href" && strings.HasPrefix(a.Val, "mailto:")) {
			t.Errorf("%s has %s=%q", n.Data, a.Key, a.Val)
		}
	}
}

// Whatever is not closed, or closed twice, comes out balanced.
func TestMarkupComesOutBalanced(t *testing.T) {
	for _, in := range []string{
		`one</div></div></article></body>`, `<b><a href="/x">one`, `<table><tr><td>one</table></td>two`,
		`<ul><li>one<ul><li>two`,
	} {
		out := mustParse(t, []byte(bodies["rss"](in))).Entries[0].Content
		for _, element := range []string{"b", "a", "div", "table", "ul", "li", "p"} {
			opened := strings.Count(out, "<"+element+">") + strings.Count(out, "<"+element+" ")
			if closed := strings.Count(out, "</"+element+">"); opened != closed {
				t.Errorf("%q becomes %q", in, out)
			}
		}
	}
}

// Markup that costs a parser more than it says is given up as such, wherever it came in by.
func TestMarkupThatCostsTooMuchIsGivenUp(t *testing.T) {
	var formatting strings.Builder
	for n := range 400 {
		fmt.Fprintf(&formatting, `<b a%d="">`, n)
	}
	thrice := ""
	for _, e := range strings.Fields("a b big code em font i nobr s small strike strong tt") {
		thrice += strings.Repeat("<"+e+">", 3)
	}
	for name, in := range map[string]string{
		"a million":     strings.Repeat("<b>", 1_000_000),
		"less-than":     strings.Repeat("<", 1<<20),
		"cells":         strings.Repeat("<table><td>", 95_000),
		"options":       strings.Repeat("<select><option>", 65_000),
		"reopened":      formatting.String() + strings.Repeat("<p>x", 24_000),
		"thirty-nine":   thrice + strings.Repeat("<p>x", 60_000),
		"with slashes":  strings.ReplaceAll(formatting.String(), ">", "/>") + strings.Repeat("<p/>x", 24_000),
		"foreign":       strings.Repeat("<svg><math>", 95_000),
		"ruby, nothing": strings.Repeat("<ruby>", 170_000) + strings.Repeat("<template>", 1000),
	} {
		t.Run(name, func(t *testing.T) {
			for kind, body := range bodies {
				if kind == "xhtml" && !strings.Contains(name, "slashes") {
					continue // too deep for XML, which is refused: see TestDocumentsOverLimitsAreRefused
				}
				if raced && kind != "rss" && kind != "xhtml" {
					continue // nothing here is shared, and the detector takes ten times as long
				}
				for _, based := range []bool{false, true} { // xml:base has gofeed parse a text again
					if raced && !based {
						continue
					}
					text := body(in)
					if based {
						text = strings.Replace(
							strings.Replace(text, "<entry>", `<entry xml:base="https://ajo.example/a/">`, 1),
							"<item>", `<item xml:base="https://ajo.example/a/">`, 1,
						)
					}
					doc, took, allocated, err := spent(text)
					if err != nil {
						t.Fatalf("%s: %v", kind, err)
					}
					if len(doc.Entries) != 1 || len(doc.Entries[0].Content) > maxBody {
						t.Errorf("%s: %d bytes", kind, len(doc.Entries[0].Content))
					}
					if took > 2*time.Second && !raced || allocated > 64<<20+8*uint64(len(text)) {
						t.Errorf("%s, based %t: that took %v and %d MiB", kind, based, took, allocated>>20)
					}
				}
			}
		})
	}
}

// What is text stays text through three publications.
func TestTextStaysTextThroughThreePublications(t *testing.T) {
	in := "<p>they wrote &lt;script&gt; &amp;amp; left</p>"
	for n := range 3 {
		out := mustParse(t, []byte(bodies["rss"](in))).Entries[0].Content
		if out != in {
			t.Fatalf("publication %d: %q becomes %q", n+1, in, out)
		}
		in = out
	}
}
