package htmlclean

import (
	"math/rand/v2"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"fronteras/aggregator/text"
)

// testLimit is what feeds allow a body.
const testLimit = 256 << 10

func TestCleanKeepsWhatThePolicyAllows(t *testing.T) {
	const base = "https://kmsa.example/2026/02/wells"
	for _, c := range []struct{ name, in, want string }{
		{"plain text", "It's dry, they say.", "It's dry, they say."},
		{"a bare ampersand", "Q & A", "Q &amp; A"},
		{
			"the policy's own output", `<p>It's <a href="https://a.example/?x=1&amp;y=2">here</a>.</p>`,
			`<p>It's <a href="https://a.example/?x=1&amp;y=2">here</a>.</p>`,
		},
		{"attributes off the list", `<p class="a" style="color:red" onclick="x()">One</p>`, "<p>One</p>"},
		{"elements off the list", `<span>One</span> <font color="red">two</font>`, "One two"},
		{"script", `One<script>alert(1)</script> two`, "One two"},
		{"split script", `<scr<script>ipt>alert(1)</script>two`, "&lt;scrtwo"},
		{"svg and math", `a<svg><script>1</script><a xlink:href="x">q</a></svg>b<math><mtext>c</mtext></math>d`, "abd"},
		{"javascript link", `<a href="java&#9;script:alert(1)">x</a>`, "x"},
		{"relative link", `<a href="more">x</a>`, `<a href="https://kmsa.example/2026/02/more">x</a>`},
		{"mail link", `<a href="mailto:ana@kmsa.example">x</a>`, `<a href="mailto:ana@kmsa.example">x</a>`},
		{
			"relative picture", `<img src="/a.png" alt="A &quot;b&quot;">`,
			`<img src="https://kmsa.example/a.png" alt="A &#34;b&#34;"/>`,
		},
		{
			"alternative text that is the name of a file", `<img src="/a-900.jpg" alt=" Well_0417.JPG ">`,
			`<img src="https://kmsa.example/a-900.jpg" alt=""/>`,
		},
		{
			"alternative text that ends in the name of a file", `<img src="/a.jpg" alt="A screen that shows a.jpg">`,
			`<img src="https://kmsa.example/a.jpg" alt="A screen that shows a.jpg"/>`,
		},
		{"one-pixel picture", `a<img src="/a.png" width="1" height="1">b`, "ab"},
		{
			"late picture", `<img src="data:image/gif;base64,x" data-src="/b.png">`,
			`<img src="https://kmsa.example/b.png" alt=""/>`,
		},
		{
			"a placeholder with sizes", `<img src="data:," srcset="/b-300.png 300w, /b-900.png 900w" alt="A gate">`,
			`<img src="https://kmsa.example/b-900.png" alt="A gate"/>`,
		},
		{
			"sizes in a placeholder's stead", `<img src="/blank.gif" data-srcset="/b-300.png 300w, /b-900.png 900w">`,
			`<img src="https://kmsa.example/b-900.png" alt=""/>`,
		},
		{
			"the picture's own place", `<img src="/b-300.png" srcset="/b-900.png 900w" width="300" height="200">`,
			`<img src="https://kmsa.example/b-900.png" alt="" width="300" height="200"/>`,
		},
		{
			"the next where the widest is none", `<img src="/b.png" srcset="undefined 900w">`,
			`<img src="https://kmsa.example/b.png" alt=""/>`,
		},
		{
			"sources beside it", `<picture><source srcset="/b.webp 900w"><source srcset="/c.webp 1x"><img src="data:,"></picture>`,
			`<img src="https://kmsa.example/b.webp" alt=""/>`,
		},
		{
			"sources beside a picture", `<picture><source srcset="/b.webp 900w"><img src="/b.png"></picture>`,
			`<img src="https://kmsa.example/b.png" alt=""/>`,
		},
		{"divs are paragraphs", `<div>One</div><div>two</div>`, "<p>One</p><p>two</p>"},
		{"divs around paragraphs go", `<div><p>One</p></div>`, "<p>One</p>"},
		{"unclosed", `<p>One<p>two<b>three`, "<p>One</p><p>two<b>three</b></p>"},
		{"stray end tags", `One</div></div></article>`, "One"},
		{"headings", `<h1>A</h1><h5>b</h5>`, "<h2>A</h2><h4>b</h4>"},
		{
			"a table", `<table><caption>C</caption><tr><td colspan="2" width="9">x</td></tr></table>`,
			`<p>C</p><table><tbody><tr><td colspan="2">x</td></tr></tbody></table>`,
		},
		{
			"known player", `<iframe src="https://www.youtube.com/embed/x" title="The gate"></iframe>`,
			`<a href="https://www.youtube.com/embed/x">The gate</a>`,
		},
		{"unknown frame", `a<iframe src="https://www.youtube.com.evil.example/embed/x" srcdoc="<p>b">c</iframe>`, "a"},
		{
			"audio", `<audio controls><source src="/a.mp3"></audio>`,
			`<a href="https://kmsa.example/a.mp3">kmsa.example</a>`,
		},
		{"form", `<form action="/x"><input value="a">a<button>Go</button></form>`, "<p>a</p>"},
		{"comment", `a<!-- b -->c<!-- d > -- e -->f`, "acf"},
		{"mail in brackets", `Ana <ana@kmsa.example>`, "Ana &lt;ana@kmsa.example&gt;"},
		{"less than", `rain < 5 mm`, "rain &lt; 5 mm"},
		{"empty paragraphs", `<p>a</p><p>&nbsp;</p><p></p>`, "<p>a</p>"},
		{"control and direction characters", "a\u202eb\x00c\u0093d", "abc“d"},
		{"escaped markup stays text", `&lt;script&gt;`, "&lt;script&gt;"},
		{
			"nested links", `<a href="/a">x<a href="/b">y</a></a>`,
			`<a href="https://kmsa.example/a">x</a><a href="https://kmsa.example/b">y</a>`,
		},
		{"pre", "<pre>\n\na</pre>", "<pre>\n\na</pre>"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := Clean(c.in, base, testLimit)
			if got != c.want {
				t.Errorf("%q\n got %q\nwant %q", c.in, got, c.want)
			}
			if again := Clean(got, base, testLimit); again != got {
				t.Errorf("again %q", again)
			}
			slow, _, why := cleanOnceByTree(c.in, base, testLimit)
			if why != nil || slow != got {
				t.Errorf("by the tree %q", slow)
			}
		})
	}
}

func TestCleanBoundsWhatMarkupCosts(t *testing.T) {
	bold := strings.Builder{}
	for range 400 {
		bold.WriteString("<b a>")
	}
	for _, c := range []struct{ name, in string }{
		{"reopened formatting", bold.String() + strings.Repeat("<p>x", 24_000)},
		{"deep nesting", strings.Repeat("<b>", 1_000_000)},
		{"deep spans", strings.Repeat("<span>", 200) + "x"},
		{"less-than signs", strings.Repeat("<", 1<<20)},
		{"ampersands", strings.Repeat("&amp;", 1<<18)},
		{"cells", strings.Repeat("<table><td>", 90_000)},
		{"options", strings.Repeat("<select><option>", 60_000)},
		{"links", strings.Repeat("<a>", 300_000)},
		{"foreign", strings.Repeat("<svg><math>", 90_000)},
		{"ruby", strings.Repeat("<ruby>", 170_000)},
		{"templates", strings.Repeat("<template>", 100_000)},
		{"over a megabyte", strings.Repeat("<p>word</p>", 120_000)},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := Clean(c.in, "", testLimit)
			if len(got) > testLimit {
				t.Errorf("%d bytes", len(got))
			}
			if again := Clean(got, "", testLimit); again != got {
				t.Errorf("%d bytes become %d", len(got), len(again))
			}
		})
	}
}

func TestCleanCutsBetweenTags(t *testing.T) {
	for limit := 40; limit < 90; limit++ {
		got := Clean(`<p>One <b>two é</b> &amp; three</p><ul><li>four</li><li>five</li></ul><p>six</p>`, "", limit)
		marked := strings.Contains(got, "…") || strings.Contains(got, "six") || limit-len(got) < len("…")
		if len(got) > limit || !marked {
			t.Errorf("limit %d: %d bytes %q", limit, len(got), got)
		}
		if again := Clean(got, "", limit); again != got {
			t.Errorf("limit %d: %q becomes %q", limit, got, again)
		}
	}
}

var fragments = []string{
	`<p>It's <a href="https://a.example/?x=1&amp;y=2#z" title='q"r'>here</a>.</p><hr/><img src=/b.png alt=x>`,
	`<div class="a"><div>One<p>two</div>three</div><ul><li>a<li>b</ul><table><tr><td>c</table>`,
	`<b><i>x</b>y</i><p><b><p>z</b><h1>q<h2>r</h2></h1><dl><dt>a<dd>b<dt>c</dl>`,
	`<figure><img src="http://a.example/1.jpg" width=1200px height=0><figcaption>c<em>d</em></figcaption></figure>`,
	`&lt;b&gt; &amp;amp; &copy &notit; &#128; &#x202e; &#0; <!-- x --><![CDATA[y]]><?z?>`,
	"<pre>\n\nx</pre><a href=' mailto:a@b.example '>m</a><a href='http://a.example/#'>n</a><a><p>x</p></a>",
	`<iframe src="https://www.npr.org/player/embed/1/2" title="t"></iframe><video src="//v.example/a.mp4"></video>`,
	`<svg><p>x</svg><math><mi>y<p>z</math><select><option>a<b>c</select><textarea><p></textarea><title>x</title>`,
	`<button><p>x</button><p><button><p>y</p></button><marquee><a href=/x><a href=/y>z</marquee><form><li><form><li>`,
	`<a href="/x"><table><caption>a<td><a href="/y">b</table><li><div><li><section><li>x`,
	`<div dir=rtl lang=ar>a<p>b</p><iframe/><p hidden>c</p><video>d<img alt="e "f" g" src=h><!-- i`,
	`<span lang=es><b>a</b></span><h2><button>b</button></h2><img class=emoji alt=":c:" src=d><a href=/e> </a>`,
}

// What is cleaned holds nothing that is not on the list, and cleaning it again changes nothing.
// `make fuzz FUZZTIME=10m` runs all targets as before a release.
func FuzzClean(f *testing.F) {
	for _, s := range fragments {
		f.Add(s, 2000)
	}
	f.Fuzz(checkClean)
}

func TestRandomMarkupIsCleaned(t *testing.T) {
	pieces := strings.Fields(`
		<p> </p> <b> </b> <i> </i> <a_href="/x"> </a> <div> </div> <ul> </ul> <li> </li> <h2> </h2> <h1> </h1>
		<table> </table> <tr> </tr> <td> </td> <caption> </caption> <span> </span> <blockquote> </blockquote>
		<pre> </pre> <dl> </dl> <dt> <dd> </dd> <br> <hr/> <img_src=/a> <figure> <figcaption> </figure> <button>
		</button> <marquee> </marquee> <form> </form> <font_color=a> </font> <svg> </svg> <select> <option>
		<section> </section> <tbody> <th> <colgroup> <iframe_src="https://omny.fm/a"> </iframe> <em> </em> <em>
		<object> </object> <u> </u> <nobr> word word word &amp; &lt; &nbsp; & ' _ _ <!--c--> <x@y> <s> </s>
		<center> </center> <summary> <ol> </ol> <audio_src=b> </audio> <template> <iframe/> <b/> <title/> <!--
		<div_dir=rtl> <p_lang=es> <span_dir="rtl"_lang=ar> <p_hidden> <div_style="display:none">
		<img_src=/a_alt="b_"c"_d"> <img_src=/a_alt=b_c> <img_class=emoji_alt=":e:"_src=/e> <img_src=/pixel.gif>`)
	chance := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		var b strings.Builder
		for range 1 + chance.IntN(14) {
			b.WriteString(strings.ReplaceAll(pieces[chance.IntN(len(pieces))], "_", " "))
		}
		checkClean(t, b.String(), 40+chance.IntN(400))
	}
}

// checkClean holds a fragment against everything that clean promises.
func checkClean(t *testing.T, s string, limit int) {
	const base = "https://kmsa.example/2026/02/wells"
	if limit < 40 || limit > testLimit {
		limit = 2000
	}
	once := Clean(s, base, limit)
	if len(once) > limit {
		t.Fatalf("%d bytes, %d allowed", len(once), limit)
	}
	if again := Clean(once, base, limit); again != once {
		t.Fatalf("%q\nonce  %q\nagain %q", s, once, again)
	}
	if last := unescapeQuotes(sievePolicy().Sanitize(once)); last != once {
		t.Fatalf("%q\nonce %q\nthe policy makes of it %q", s, once, last)
	}
	prepared := strings.TrimSpace(text.WithoutControls(s))
	fast, _, ok := cleanWellFormed(prepared, base, limit)
	if slow, _, why := cleanOnceByTree(prepared, base, limit); ok && why == nil && slow != fast {
		t.Fatalf("%q\nfast %q\nslow %q", s, fast, slow)
	}
	nodes, _, why := parseFragment(once)
	if why != nil {
		t.Fatalf("%q does not parse", once)
	}
	for _, n := range nodes {
		onList(t, n)
	}
}

// onList fails for an element or attribute that the policy has not.
func onList(t *testing.T, n *html.Node) {
	t.Helper()
	switch n.Type {
	case html.TextNode:
		return
	case html.ElementNode:
	default:
		t.Fatalf("a node of type %d", n.Type)
	}
	switch e := elements[n.Data]; e.part {
	case partKept, partLine, partVoid, partCell, partFrame:
		if e.name != n.Data {
			t.Fatalf("element %s", n.Data)
		}
	default:
		t.Fatalf("element %s", n.Data)
	}
	for _, a := range n.Attr {
		fine := a.Key == "dir" || a.Key == "lang"
		for _, name := range allowed[n.Data] {
			fine = fine || name == a.Key
		}
		if a.Key == "href" || a.Key == "src" {
			fine = fine &&
				(strings.HasPrefix(a.Val, "http://") || strings.HasPrefix(a.Val, "https://") ||
					a.Key == "href" && strings.HasPrefix(a.Val, "mailto:"))
		}
		if !fine {
			t.Fatalf("attribute %s=%q of %s", a.Key, a.Val, n.Data)
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		onList(t, c)
	}
}
