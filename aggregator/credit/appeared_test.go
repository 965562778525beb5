package credit

import (
	"strings"
	"testing"

	"fronteras/aggregator/lineartest"
	"fronteras/aggregator/markup"
)

func TestTheLineThatSaysWhereAPostAppearedFirstIsCut(t *testing.T) {
	c := testCredit(t)
	const title, site = `<a href="https://kmsa.example/2031/02/wells/">Wells run dry</a>`, `<a href="https://kmsa.example">KMSA</a>`
	for _, line := range []string{
		"The post " + title + " appeared first on " + site + ".",
		"The post " + title + " first appeared on " + site + ".",
		"The post “" + title + "” appeared first on " + site,
		"The post " + title + " appeared first on KMSA Mesilla.",
		"The post Wells run dry: who pays? appeared first on KMSA.",
		"The post Who pays? No. 4 appeared first on St. Louis Public Radio.",
		"The post “wells” appeared first on kmsa.example.",
		"The entry " + title + " appeared first on " + site + ".",
		"The article " + title + " first appeared on " + site + ".",
		"La entrada " + title + " se publicó primero en " + site + ".",
		"La entrada ¿Quién paga? se publicó primero en Radio Ajo.",
		"La publicación " + title + " apareció primero en " + site + ".",
		"El post " + title + " aparece primero en " + site + ".",
		"La nota " + title + " se publicó primero en " + site + ".",
		"The post Wells appeared first on KMSA. The post " + title + " appeared first on " + site + ".",
	} {
		for text, want := range map[string]string{
			"<p>One.</p>\n<p>" + line + "</p>":                 "<p>One.</p>",
			"<p>One. " + line + "</p>":                         "<p>One.</p>",
			"<p>One [&#8230;] " + line + "</p>":                "<p>One [&#8230;]</p>",
			"<p>One […]<br/>" + line + "</p><p>Two.</p>":       "<p>One […]<br/></p><p>Two.</p>",
			"One. " + line:                                     "One.",
			"<p>" + line + "</p>":                              "",
			line:                                               "",
			"<ul><li>One.</li></ul><p><i>" + line + "</i></p>": "<ul><li>One.</li></ul>",
		} {
			if have := c.Strip(text); have != want {
				t.Errorf("%s becomes %s, want %s", text, have, want)
			}
			if again := c.Strip(c.Strip(text)); again != want {
				t.Errorf("%s becomes %s when it is cut again", text, again)
			}
		}
	}
}

func TestWhatOnlySoundsLikeSuchALineStays(t *testing.T) {
	c := testCredit(t)
	for _, text := range []string{
		"<p>The post office appeared first on maps in 1890.</p>",
		"<p>The post office first appeared on Main Street.</p>",
		"<p>Her post appeared first on Tuesday.</p>",
		"<p>The post Wells run dry appeared first on a wall, and nobody painted over it.</p>",
		"<p>The post Wells run dry appeared first on KMSA. Then it went away.</p>",
		"<p>The article Wells run dry first appeared on KMSA.</p>",
		`<p>This <a href="https://delta-ledger.example/2031/wells">article</a> first appeared on <a href="https://delta-ledger.example">The Delta Ledger</a> and is republished here under a <a href="https://creativecommons.org/licenses/by/4.0/">Creative Commons license</a>.</p>`,
		"<p>This story was originally published by KMSA.</p><p>One.</p>",
		"<p>The post Wells appeared first on KMSA.</p>" + strings.Repeat("<p>And it goes on.</p>", 4),
		"<p>La entrada costaba cinco pesos, y se publicó primero en el diario.</p>",
	} {
		if have := c.Strip(text); have != text {
			t.Errorf("%s becomes %s", text, have)
		}
	}
}

func TestSuchALineIsFoundInTimeInProportionToItsParagraph(t *testing.T) {
	for _, pattern := range []string{"The post ", "The post A appeared first on KMSA. ", " appeared first on ", "“", ". ", `<a href="a">“</a>`,
		`The post <a href="https://kmsa.example/a">A</a> appeared first on <a href="https://kmsa.example">B</a>. `} {
		lineartest.Check(t, pattern, 8<<10, func(size int) string { return strings.Repeat(pattern, size/len(pattern)) },
			func(text string) {
				for _, b := range markup.Blocks(text) {
					FindAppeared(b)
				}
				testCredit(t).Strip(text)
			})
	}
}

func FuzzStrip(f *testing.F) {
	f.Add(`<p>One &amp; two. The post <a href="a">A</a> appeared first on <a href="b">B</a>.</p>`)
	f.Add("La entrada “Á” se publicó primero en Radio Ajo")
	c, err := New(testDesk)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, b := range markup.Blocks(text) {
			for _, l := range FindAppeared(b) {
				if l.Start > l.TitleStart || l.TitleStart > l.TitleEnd || l.TitleEnd > l.SiteStart || l.SiteStart >= l.SiteEnd ||
					l.SiteEnd > l.End || l.End > len(b.Text) {
					t.Fatalf("%q: %+v", b.Text, l)
				}
			}
		}
		if have := c.Strip(text); markup.Balanced(text) && !markup.Balanced(have) {
			t.Fatalf("%q becomes %q", text, have)
		}
	})
}
