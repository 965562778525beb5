package markup

import (
	"slices"
	"strings"
	"testing"
)

func TestBlocksAreWhatReadersSeeAsParagraphs(t *testing.T) {
	for name, c := range map[string]struct {
		fragment string
		want     []string
	}{
		"paragraphs":          {"<p>One.</p>\n<p>Two <b>words</b>.</p>", []string{"One.", "Two words."}},
		"bare text":           {"Just text &amp; more", []string{"Just text & more"}},
		"lines":               {"<p>One<br/>Two</p>Three", []string{"One", "Two", "Three"}},
		"lists and headings":  {"<h2>Head</h2><ul><li>a</li><li>b</li></ul>", []string{"Head", "a", "b"}},
		"empty ones left out": {"<p> </p><p><img src=\"a\"/></p><p>x</p>", []string{"x"}},
		"white space":         {"<p>a\n\t b\u00a0 c</p>", []string{"a b c"}},
		"nothing":             {"", nil},
		"a cut tag":           {"<p>a</p><p", []string{"a"}},
	} {
		var have []string
		for _, b := range Blocks(c.fragment) {
			have = append(have, b.Text)
		}
		if !slices.Equal(have, c.want) {
			t.Errorf("%s: %q, want %q", name, have, c.want)
		}
	}
}

func TestBlockKnowsItsPlaceAndLinks(t *testing.T) {
	fragment := `<p>One.</p><p>See <a href="https://ajo.example/?a=1&amp;b=2">the <i>page</i></a>.</p>rest`
	b := Blocks(fragment)[1]
	if at := fragment[b.Start:b.End]; at != `<p>See <a href="https://ajo.example/?a=1&amp;b=2">the <i>page</i>`+
		`</a>.</p>` {
		t.Errorf("the block is %q", at)
	}
	if want := []Link{{"https://ajo.example/?a=1&b=2", "the page", 4, 12}}; !slices.Equal(b.Links, want) {
		t.Errorf("links %v, want %v", b.Links, want)
	}
}

func TestLinksBelongToTheirBlocks(t *testing.T) {
	fragment := `<a href="a">one</a> and <a href="b">two</a><p>none</p><p>a <a href="c">three</p><p>four</a> <a ` +
		`href="d"></a></p>`
	var have [][]Link
	for _, b := range Blocks(fragment) {
		have = append(have, b.Links)
	}
	want := [][]Link{{{"a", "one", 0, 3}, {"b", "two", 8, 11}}, nil, {{URL: "c"}}, {{URL: "d"}}}
	if !slices.EqualFunc(have, want, slices.Equal) {
		t.Errorf("links %v, want %v", have, want)
	}
}

func TestPiecesThatCloseWhatTheyOpenAreBalanced(t *testing.T) {
	for piece, want := range map[string]bool{
		"text": true, "<p>a</p>": true, "<b>a<br/></b>": true, "<b>a": false, "a</b>": false, "<b><i></b></i>": false,
		"": true, "<b": false,
	} {
		if Balanced(piece) != want {
			t.Errorf("%q: %t, want %t", piece, !want, want)
		}
	}
}

func BenchmarkBlocks(b *testing.B) {
	fragment := ""
	for range 10 {
		fragment += `<p>The county has two tank trucks. A <a href="https://ajo.example/x">third</a> is promised ` +
			`by the end of the month, at a cost of 38,000 dollars a week &amp; more.</p>`
	}
	b.SetBytes(int64(len(fragment)))
	b.ReportAllocs()
	for b.Loop() {
		Blocks(fragment)
	}
}

func TestWhatCannotBeInAParagraph(t *testing.T) {
	for fragment, want := range map[string]bool{
		"":                        false,
		"Rain &lt;p&gt;":          false,
		"<b>Rain</b><br/>Wells":   false,
		`<a href="/a">Rain</a>`:   false,
		"<p>Rain</p>":             true,
		"Rain<ul><li>a</li></ul>": true,
		"Rain <u><li>a</li></u>":  true,
		"Rain<hr/>":               true,
		"Rain<h2>Wells</h2>":      true,
		"<blockquote>a":           true,
	} {
		if have := HasBlocks(fragment); have != want {
			t.Errorf("%q: %t", fragment, have)
		}
	}
}

func TestParagraphsAreRunningTextAlone(t *testing.T) {
	for fragment, want := range map[string]string{
		"<p>a</p><p>b</p>":              "a|b",
		"a":                             "a",
		"a<ul><li>b</li></ul>c":         "a|c",
		"<h2>a</h2><p>b</p><h3>c</h3>d": "b|d",
		"<ol><li><p>a</p><ul><li>b</li></ul></li></ol><p>c</p>":  "c",
		"<dl><dt>a</dt><dd>b</dd></dl><p>c<br/>d</p>":            "c|d",
		"<figure><figcaption>a</figcaption></figure><p>b</p>":    "b",
		"<table><tr><td>a</td></tr></table><pre>b</pre><p>c</p>": "c",
		"<p>a</p><blockquote><p>b</p></blockquote><p>c</p>":      "a|c",
		"<blockquote><p>a</p><ul><li>b</li></ul></blockquote>":   "a",
		"<ul><li>a</li></ul>":                                    "",
		"":                                                       "",
	} {
		var have []string
		for _, b := range Paragraphs(fragment) {
			have = append(have, b.Text)
		}
		if strings.Join(have, "|") != want {
			t.Errorf("%s: %q, want %s", fragment, have, want)
		}
	}
}
