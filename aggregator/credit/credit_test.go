package credit

import (
	"strings"
	"testing"

	"fronteras/aggregator/markup"
	"fronteras/aggregator/news"
)

var testDesk = news.Site{
	Title: "Fronteras Desk", URL: "https://fronteras.example",
	Credit: "This story is from the {{.Desk}}, a collaboration of public radio stations, including {{.Brand}}. Read more from the {{.DeskLink}}.",
}

func testCredit(t testing.TB, earlier ...Wording) *Credit {
	t.Helper()
	c, err := New(testDesk, earlier...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestParagraphs(t *testing.T) {
	const spanish = openingTag + ` lang="es">`
	desk := testDesk
	desk.Language = "en"
	c, err := New(desk)
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		lines Lines
		want  string // of the origin line
	}{
		"a station": {Lines{Authors: []string{"Ana Ruiz"}, Origin: []Maker{{"KJZZ", "https://kjzz.example/a?b&c"}}},
			opening + `By Ana Ruiz. Originally published by <a href="https://kjzz.example/a?b&amp;c">KJZZ</a>.</p>`},
		"an outside source":   {Lines{Origin: []Maker{{Name: "NPR"}}, Outside: true, Carriers: []string{"KRWG"}}, opening + "Originally published by NPR, carried by KRWG.</p>"},
		"not stated":          {Lines{Carriers: []string{"KRWG", "AZPM"}}, opening + "Carried by KRWG and AZPM.</p>"},
		"jointly":             {Lines{Authors: []string{"A", "B", "C"}, Origin: []Maker{{Name: "X"}, {Name: "Y"}}}, opening + "By A, B and C. Originally published by X and Y.</p>"},
		"in Spanish":          {Lines{Language: "es-MX", Authors: []string{"A", "Inés"}, Origin: []Maker{{Name: "X"}, {Name: "Hielo"}}}, spanish + "Por A e Inés. Publicado originalmente por X y Hielo.</p>"},
		"carried, in Spanish": {Lines{Language: "es", Carriers: []string{"X", "Hilda"}}, spanish + "Difundido por X e Hilda.</p>"},
		"an outside source in Spanish": {Lines{Language: "es", Origin: []Maker{{Name: "NPR"}}, Outside: true, Carriers: []string{"KRWG"}},
			spanish + "Publicado originalmente por NPR, difundido por KRWG.</p>"},
		"another language": {Lines{Language: "nv", Origin: []Maker{{Name: "X"}}}, openingTag + ` lang="en">` + "Originally published by X.</p>"},
		"a translation": {Lines{Authors: []string{"B"}, Origin: []Maker{{Name: "X"}}, Translates: &Original{Makers: []Maker{{"Y", "https://y.example"}}, Authors: []string{"A", "C"}}},
			opening + `By B. Originally published by X. Translated from <a href="https://y.example">Y</a>, original by A and C.</p>`},
		"a translation in Spanish": {Lines{Language: "es", Carriers: []string{"X"}, Translates: &Original{Title: Maker{Name: "T"}}},
			spanish + "Difundido por X. Traducido de “T”.</p>"},
		"names are no markup": {Lines{Authors: []string{"<b>"}, Origin: []Maker{{Name: "A & B"}}}, opening + "By &lt;b&gt;. Originally published by A &amp; B.</p>"},
	} {
		test.lines.Brand = "NPR <89.1>"
		have, rest, _ := strings.Cut(c.Paragraphs(test.lines), "\n")
		if have != test.want {
			t.Errorf("%s: %s, want %s", name, have, test.want)
		}
		begin := opening
		if l := test.lines.Language; l != "" { // its language is not the story's
			begin = openingTag + ` lang="en">`
		}
		last := begin + `This story is from the Fronteras Desk, a collaboration of public radio stations, including NPR &lt;89.1&gt;. Read more from the <a href="https://fronteras.example">Fronteras Desk</a>.</p>`
		if rest != last {
			t.Errorf("%s: %s, want %s", name, rest, last)
		}
	}
}

// What the desk adds it takes off again, once and whole.
func TestStripUndoesParagraphs(t *testing.T) {
	c := testCredit(t)
	for _, text := range []string{"<p>One.</p>\n<p>Two.</p>", "Bare text", "", "<p>A story that only mentions the Fronteras Desk and its public radio stations.</p>"} {
		for _, l := range []Lines{
			{Authors: []string{"Ana Ruiz"}, Origin: []Maker{{"KJZZ", "https://kjzz.example/a"}}, Brand: "KJZZ"},
			{Carriers: []string{"KRWG", "AZPM"}, Brand: "NPR 89.1"},
			{Origin: []Maker{{Name: "NPR"}}, Outside: true, Carriers: []string{"Radio Ajo"}, Brand: "Ajo 88.9"},
		} {
			with := text + c.Paragraphs(l)
			if have := c.Strip(with); have != text {
				t.Errorf("%q became %q", text, have)
			}
			if again := c.Strip(with) + c.Paragraphs(l); again != with {
				t.Errorf("added twice: %q, want %q", again, with)
			}
		}
	}
}

func TestStripKnowsOtherWordings(t *testing.T) {
	c := testCredit(t, Wording{"Fronteras Desk", "Brought to you by the {{.Desk}} and its friends at {{.Brand}}, every day of the week."},
		Wording{"The Border Table", "Set out by {{.DeskLink}} with {{.Brand}} for public radio."}, Wording{"Odd", "{{"})
	for name, paragraph := range map[string]string{
		"the stations' own":            "<p>This story is from the Fronteras Desk, a collaboration of Southwestern public radio stations, including NPR 89.1. Read more from the Fronteras Desk.</p>",
		"an earlier template":          "<p>Brought to you by the Fronteras Desk and its friends at KJZZ, every day of the week.</p>",
		"an earlier title":             "<p>Set out by The Border Table with KJZZ for public radio.</p>",
		"curly and spaced":             "<p>This story is from the  Fronteras Desk — a collaboration of public radio stations, including “KRWG”.\n Read more from the Fronteras Desk</p>",
		"the last line of a paragraph": "",
	} {
		text := "<p>The news.</p>"
		if have := c.Strip(text + paragraph); have != text {
			t.Errorf("%s: %q is left", name, have)
		}
	}
	if have := c.Strip("<p>The news.<br/>This story is from the Fronteras Desk, a collaboration of public radio stations, including KRWG. Read more from the Fronteras Desk.</p>"); markup.Text(have) != "The news." {
		t.Errorf("a line: %q is left", have)
	}
}

func TestStripLeavesWhatIsNoCredit(t *testing.T) {
	c := testCredit(t)
	for _, text := range []string{
		"<p>This story is from the heart.</p>",
		"<p>The Fronteras Desk asked six public radio stations about this.</p>",
		"<p>Originally published by nobody, the letter was found in a drawer of the county office, where it had lain since 1931</p>",
		"<p>Publicada originalmente por nadie, la carta apareció en un cajón, donde estaba desde 1931</p>",
		"<p>Publicado en 1931, el diario se perdió. Difundido por nadie</p>",
		"<p>Translated from Radio Ajo.</p>", "<p>Traducida de KMSA, original de Ana Paz.</p>",
		"<p>Por la mañana llegó el agua. Nadie la esperaba.</p>",
		"<p>This story is from the Fronteras Desk, a collaboration of public radio stations.</p>" + strings.Repeat("<p>And it goes on.</p>", 4),
	} {
		if have := c.Strip(text); have != text {
			t.Errorf("%q became %q", text, have)
		}
	}
}

func TestTemplatesThatCannotWorkAreRefused(t *testing.T) {
	for _, text := range []string{"{{", "{{.Nothing}}", "{{range .Desk}}x{{end}}", strings.Repeat("x", Maximum+1)} {
		desk := testDesk
		desk.Credit = text
		if _, err := New(desk); err == nil {
			t.Errorf("%.20q was taken", text)
		}
	}
}
