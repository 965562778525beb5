package htmlclean

import (
	"strings"
	"testing"
)

func TestNoElementSwallowsWhatFollowsIt(t *testing.T) {
	for _, c := range []struct{ have, want string }{
		// Written as an empty element of XML, without an end tag of its own.
		{
			`<p>One</p><iframe src="https://omny.fm/a"/><p>Two</p>`,
			`<p>One</p><a href="https://omny.fm/a">omny.fm</a><p>Two</p>`,
		},
		{`<p>One</p><script src="/a.js"/><p>Two</p>`, `<p>One</p><p>Two</p>`},
		{`<p>One</p><SCRIPT src="/a.js" /><p>Two</p>`, `<p>One</p><p>Two</p>`},
		{
			`<p>One</p><video src="https://kmsa.example/v.mp4"/><p>Two</p>`,
			`<p>One</p><a href="https://kmsa.example/v.mp4">kmsa.example</a><p>Two</p>`,
		},
		{`<p>One</p><style/><p>Two</p>`, `<p>One</p><p>Two</p>`},
		{`<p>One</p><title/><p>Two</p>`, `<p>One</p><p>Two</p>`},
		{`<p>One</p><textarea/><p>Two</p>`, `<p>One</p><p>Two</p>`},
		{`<p>One</p><noscript/><object/><canvas/><template/><p>Two</p>`, `<p>One</p><p>Two</p>`},
		{`One <b/>two <a href="/x"/>three`, `One <b></b>two three`},
		{`<p>One<iframe/></p><p>Two<iframe/></p>`, `<p>One</p><p>Two</p>`},
		{`<script/><p>One</p><script>var a = "<p>"</script><p>Two</p>`, `<p>One</p><p>Two</p>`},
		{`<svg><path d="M0"/><title/></svg><p>Two</p>`, `<p>Two</p>`},

		// An end tag of its own counts, whatever the slash says.
		{`<p>One</p><script src="/a.js"/>var two</script><p>Two</p>`, `<p>One</p><p>Two</p>`},
		{
			`<iframe src="https://omny.fm/a"/>No frames</iframe><p>Two</p>`,
			`<a href="https://omny.fm/a">omny.fm</a><p>Two</p>`,
		},
		{`<p/>One`, `One`}, {`One<br/>two`, `One<br/>two`},

		// Left open.
		{
			`<p>One</p><iframe src="https://omny.fm/a"><p>Two</p>`,
			`<p>One</p><a href="https://omny.fm/a">omny.fm</a><p>Two</p>`,
		},
		{
			`<iframe src="/a"><p>One</p><iframe src="https://omny.fm/a"></iframe><p>Two</p>`,
			`<p>One</p><a href="https://omny.fm/a">omny.fm</a><p>Two</p>`,
		},
		{`<p>One</p><audio><p>Two</p>`, `<p>One</p><p>Two</p>`},
		{`<p>One</p><noscript><p>Two</p>`, `<p>One</p><p>Two</p>`},
		{`<p>One</p><title><p>Two</p>`, `<p>One</p><p>Two</p>`},
		{`<p>One</p><!-- more <p>Two</p>`, `<p>One</p><p>Two</p>`},
		{`<p>One</p><!-- more><p>Two</p>`, `<p>One</p><p>Two</p>`},
		{"<!-- a --><p>One</p><!-- more\n<p>Two</p>", "<p>One</p>\n<p>Two</p>"},
		{`<p>One</p><!-- a --><p>Two</p><!-- b --!>three`, `<p>One</p><p>Two</p>three`},
		{`<p>One</p><script>var two = "two"`, `<p>One</p>`},
	} {
		if have := Clean(c.have, "https://kmsa.example/", 1<<16); have != c.want {
			t.Errorf("%s\n gives %s\n not   %s", c.have, have, c.want)
		}
	}
}

func TestATextInAnAttributeIsNeverAFragment(t *testing.T) {
	for _, c := range []struct{ have, want string }{
		{`<img src="/a.png" alt="A board">`, "A board"},
		{
			`<img src="/a.png" alt="A board that reads &quot;ring twice&quot; hangs">`,
			"A board that reads &#34;ring twice&#34; hangs",
		},
		{`<img src="/a.png" alt='A "ring" b'>`, "A &#34;ring&#34; b"},

		// Put together again: behind the quote there is nothing but attributes.
		{
			`<img alt="A board that reads "ring twice" hangs there" src="/a.png">`,
			"A board that reads &#34;ring twice&#34; hangs there",
		},
		{`<img src="/a.png" alt="A "ring" b"/>`, "A &#34;ring&#34; b"},
		{`<img src="/a.png" alt=""Ring" it says" width="10">`, "&#34;Ring&#34; it says"},
		{`<img src="/a.png" alt="It says "ring"" class="x">`, "It says &#34;ring&#34;"},
		{`<img src="/a.png" alt="The "title" page" data-x loading=lazy>`, "The &#34;title&#34; page"},
		{
			`<img src='/a.png' alt='The mill's wheel, the miller's son' width='10'>`,
			"The mill&#39;s wheel, the miller&#39;s son",
		},
		{`<p>It's <img src="/a.png" alt="5" high" > there.</p>`, "5&#34; high"},

		// It cannot be told where the text ends.
		{`<img alt="A "ring" b src="/a.png">`, ""},
		{`<img src="/a.png" alt=A board that reads>`, ""},
		{`<img src="/a.png" alt=Board width=10>`, "Board"},
		{`<img src="/a.png" alt="A board" lazy>`, "A board"},
		{`<img src="/a.png" alt="A board" nopin>`, "A board"},
	} {
		have := Clean(c.have, "https://kmsa.example/", 1<<16)
		if !strings.Contains(have, `<img src="https://kmsa.example/a.png" alt="`+c.want+`"`) {
			t.Errorf("%s\n gives %s\n not   %s", c.have, have, c.want)
		}
		if again := Clean(have, "https://kmsa.example/", 1<<16); again != have {
			t.Errorf("%s cleaned again gives %s", have, again)
		}
	}
}
