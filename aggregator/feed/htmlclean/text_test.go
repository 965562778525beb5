package htmlclean

import "testing"

func TestATextKeepsItsDirectionAndLanguage(t *testing.T) {
	for _, c := range []struct{ have, want string }{
		{
			`<p dir="rtl" lang="ar">ماء</p><p lang="es_mx">Agua</p>`,
			`<p dir="rtl" lang="ar">ماء</p><p lang="es-MX">Agua</p>`,
		},
		{`<p DIR=RTL xml:lang="ar">ماء</p>`, `<p dir="rtl" lang="ar">ماء</p>`},
		{`<p dir="sideways" lang="not a language">One</p><pre lang="php">f()</pre>`, `<p>One</p><pre>f()</pre>`},
		{`<div dir="rtl"><p>א</p><ul><li>ב</li></ul></div>`, `<p dir="rtl">א</p><ul dir="rtl"><li>ב</li></ul>`},
		{`<div dir="rtl" lang="he">א</div>`, `<p dir="rtl" lang="he">א</p>`},
		{`<section lang="he"><div dir="rtl"><p lang="yi">א</p></div></section>`, `<p dir="rtl" lang="yi">א</p>`},
		{`<div dir="rtl"><blockquote><p>א</p></blockquote></div>`, `<blockquote dir="rtl"><p>א</p></blockquote>`},
		{`<h1 dir="auto">One</h1><div><h1>Two</h1></div>`, `<h2 dir="auto">One</h2><h2>Two</h2>`},
		{
			`<table dir="rtl"><tr><td lang="he">א</td></tr></table>`,
			`<table dir="rtl"><tbody><tr><td lang="he">א</td></tr></tbody></table>`,
		},
		{`<p>The <em lang="la">ad hoc</em> board<br dir="rtl"></p>`, `<p>The <em lang="la">ad hoc</em> board<br/></p>`},
		{`<img src="/a.png" alt="ماء" lang="ar">`, `<img src="https://kmsa.example/a.png" alt="ماء" lang="ar"/>`},
		{`<div dir="rtl"><div>א</div>ב</div>`, `<p dir="rtl">א</p>ב`},
	} {
		checkBothWays(t, c.have, c.want)
	}
}

func TestWhatNobodyIsShownIsLeftOut(t *testing.T) {
	for _, c := range []struct{ have, want string }{
		{`<p>One</p><div style="display:none">Words for machines.</div><p>Two</p>`, `<p>One</p><p>Two</p>`},
		{`<p>One <span style="color:red; DISPLAY : none !important">x</span>two</p>`, `<p>One two</p>`},
		{`<p hidden>x</p><p>One</p><p hidden="hidden">x</p>`, `<p>One</p>`},
		{`<p style="visibility:hidden">x</p><p>One</p>`, `<p>One</p>`},
		{`<div hidden><p>x<div>y</div></div>One`, `One`},
		{`<table style="display:none"><caption>x</caption><tr><td>y</td></tr></table><p>One</p>`, `<p>One</p>`},
		{`<iframe hidden src="https://omny.fm/a" title="x"></iframe><p>One</p>`, `<p>One</p>`},
		{`<hr hidden>One<br hidden>two<img hidden src="/a.png" alt="x">`, `Onetwo`},
		{`<form action="/s"><button type="submit">Subscribe</button></form><p>One</p>`, `<p>One</p>`},
		{`<p>One <button><span>Share</span> this</button></p>`, `<p>One </p>`},

		{`<p hidden="until-found">One</p>`, `<p>One</p>`},
		{`<p style="display:block">One</p><p style="font:none">two</p>`, `<p>One</p><p>two</p>`},
		{`<p aria-hidden="true">One</p>`, `<p>One</p>`},
		{`<p>One<span class="screen-reader-text"> of two</span></p>`, `<p>One of two</p>`},
		{
			`<details><summary><button>What happened?</button></summary><p>Rain.</p></details>`,
			`<p>What happened?</p><p>Rain.</p>`,
		},
		{
			`<h3><button aria-expanded="false">What happened?</button></h3><p>Rain.</p>`,
			`<h3>What happened?</h3><p>Rain.</p>`,
		},
	} {
		checkBothWays(t, c.have, c.want)
	}
}

func checkBothWays(t *testing.T, written, want string) {
	t.Helper()
	const base, limit = "https://kmsa.example/", 1 << 16
	have := Clean(written, base, limit)
	if have != want {
		t.Errorf("%s\n gives %s\n not   %s", written, have, want)
	}
	if again := Clean(have, base, limit); again != have {
		t.Errorf("%s cleaned again gives %s", have, again)
	}
	if tree, _, _ := cleanOnceByTree(written, base, limit); tree != have {
		t.Errorf("%s\n by the tree gives %s\n not              %s", written, tree, have)
	}
}

func TestPlainTextKeepsItsLinesAndParagraphs(t *testing.T) {
	for _, c := range []struct{ have, want string }{
		{"One line", "One line"},
		{"  One line\n", "One line"},
		{"Six: the choir.\nSeven: the news.", "Six: the choir.<br/>Seven: the news."},
		{
			"Six: the choir.\r\nSeven: the news.\r\n\r\nNight:\r\n- frogs",
			"<p>Six: the choir.<br/>Seven: the news.</p><p>Night:<br/>- frogs</p>",
		},
		{"One\n \t\n\n\nTwo", "<p>One</p><p>Two</p>"},
		{"a < b & \"c\"\n<i>d</i>", `a &lt; b &amp; "c"<br/>&lt;i&gt;d&lt;/i&gt;`},
		{"  One:\n  - frogs\n  - owls", "One:<br/>- frogs<br/>- owls"},
		// Broken where the lines got too long, with the markup around.
		{
			"The council of Mesilla voted on Tuesday to raise the\n    price of water, and the mayor\n    said nothing.",
			"The council of Mesilla voted on Tuesday to raise the price of water, and the mayor said nothing.",
		},
		{
			"To get water:\n  Ask at the office of the council, which is in the mill\n  Pay there",
			"To get water:<br/>Ask at the office of the council, which is in the mill<br/>Pay there",
		},
		{"One.\n\n    Two.\n    Three.", "<p>One.</p><p>Two.<br/>Three.</p>"},
		{
			"The council of Mesilla voted on Tuesday to raise the\nprice",
			"The council of Mesilla voted on Tuesday to raise the<br/>price",
		},
		{"", ""}, {"\n\n", ""},
	} {
		if have := (&Cleaner{Limit: 1 << 16}).Plain(c.have); have != c.want {
			t.Errorf("%q\n gives %s\n not   %s", c.have, have, c.want)
		}
		if have := (&Cleaner{Limit: 1 << 16}).Plain(c.have); Clean(have, "", 1<<16) != have {
			t.Errorf("%s cleaned gives %s", have, Clean(have, "", 1<<16))
		}
	}
	if have := (&Cleaner{Limit: 1 << 16}).Paragraphs("One\ntwo"); have != "<p>One<br/>two</p>" {
		t.Error(have)
	}
}

func TestATextWithoutATagIsPlain(t *testing.T) {
	for _, c := range []struct{ have, want string }{
		{"One &amp; two\nthree &lt;b&gt;", "One &amp; two<br/>three &lt;b&gt;"},
		{"One\n\ntwo <3\nthree", "<p>One</p><p>two &lt;3<br/>three</p>"},
		{"Ana <ana@kmsa.example>\nLuz", "Ana &lt;ana@kmsa.example&gt;<br/>Luz"},
		{"<p>One\ntwo</p>\nthree", "<p>One\ntwo</p>\nthree"},
		{"One<br>\ntwo", "One<br/>\ntwo"},
		{"One <!-- c -->\ntwo", "One \ntwo"},

		// Wrapped once more than it should be.
		{"<![CDATA[The mill turns.]]>", "The mill turns."},
		{"&lt;![CDATA[The mill &amp; the dam.]]&gt;", "The mill &amp; the dam."},
		{"&lt;![CDATA[&lt;p&gt;The mill turns.&lt;/p&gt;]]&gt;", "<p>The mill turns.</p>"},
		{"<![CDATA[<p>The mill</p>]]><![CDATA[<p>turns.</p>]]>", "<p>The mill</p><p>turns.</p>"},
		{"<p>The mill turns.</p>]]>", "<p>The mill turns.</p>"},
		{"What &lt;![CDATA[ is for ]]&gt; in XML", "What &lt;![CDATA[ is for ]]&gt; in XML"},
		{"if (a[b[0]]>c) stop", "if (a[b[0]]&gt;c) stop"},
	} {
		if have := (&Cleaner{Limit: 1 << 16}).Text(c.have); have != c.want {
			t.Errorf("%q\n gives %s\n not   %s", c.have, have, c.want)
		}
	}
}
