package credit

import (
	"fmt"
	"strings"
	"testing"

	"fronteras/aggregator/news"
)

// bilingual is a desk that speaks two languages.
var bilingual = news.Site{
	Title: "Border Desk", URL: "https://desk.example", Language: "en",
	Credit: "This story is from the {{.Desk}}, with {{.Brand}}. Read more from the {{.DeskLink}}.",
	Titles: map[string]string{"en": "Border Desk", "es": "Mesa de la Frontera"},
	Credits: map[string]string{
		"en": "This story is from the {{.Desk}}, with {{.Brand}}. Read more from the {{.DeskLink}}.",
		"es": "Esta nota es de la {{.Desk}}, con {{.Brand}}. Más notas en la {{.DeskLink}}.",
	},
}

const (
	endEnglish = `This story is from the Border Desk, with KMSA. Read more from the <a href="https://desk.example">Border Desk</a>.</p>`
	endSpanish = `Esta nota es de la Mesa de la Frontera, con KMSA. Más notas en la <a href="https://desk.example">Mesa de la Frontera</a>.</p>`
)

func creditOf(t testing.TB, desk news.Site, earlier ...Wording) *Credit {
	t.Helper()
	c, err := New(desk, earlier...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestBothParagraphsAreInTheLanguageOfTheStoryOrSayInWhichTheyAre(t *testing.T) {
	spanishDesk, plain, unsaid := bilingual, bilingual, bilingual
	spanishDesk.Language, spanishDesk.Title, spanishDesk.Credit = "es-MX", bilingual.Titles["es"], bilingual.Credits["es"]
	plain.Titles, plain.Credits = nil, nil
	unsaid.Language = ""
	const bare, english, spanish = opening, openingTag + ` lang="en">`, openingTag + ` lang="es">`
	for name, test := range map[string]struct {
		desk           news.Site
		language       string
		origin, credit string
	}{
		"its own":                        {bilingual, "en-US", bare + "Originally published by KMSA.", bare + endEnglish},
		"unsaid":                         {bilingual, "", bare + "Originally published by KMSA.", bare + endEnglish},
		"the other":                      {bilingual, "es", spanish + "Publicado originalmente por KMSA.", spanish + endSpanish},
		"a region of the other":          {bilingual, "es-MX", spanish + "Publicado originalmente por KMSA.", spanish + endSpanish},
		"a third":                        {bilingual, "nah", english + "Originally published by KMSA.", english + endEnglish},
		"a desk of the other":            {spanishDesk, "es", bare + "Publicado originalmente por KMSA.", bare + endSpanish},
		"a desk of the other, in this":   {spanishDesk, "en", english + "Originally published by KMSA.", english + endEnglish},
		"a desk of the other, a third":   {spanishDesk, "nah", spanish + "Publicado originalmente por KMSA.", spanish + endSpanish},
		"one text for all, in the other": {plain, "es", spanish + "Publicado originalmente por KMSA.", english + endEnglish},
		"a desk that says no language":   {unsaid, "es", bare + "Publicado originalmente por KMSA.", bare + endSpanish},
	} {
		have := creditOf(t, test.desk).Paragraphs(Lines{Language: test.language, Origin: []Maker{{Name: "KMSA"}}, Brand: "KMSA"})
		if want := test.origin + "</p>\n" + test.credit; have != want {
			t.Errorf("%s: %s, want %s", name, have, want)
		}
	}
}

// A desk takes off what it adds in any language, whatever it speaks first and whatever CMSs leave of
// attributes, and adds it as before.
func TestStripUndoesParagraphsInEveryLanguage(t *testing.T) {
	for _, desk := range []string{"en", "es", "es-MX"} {
		site := bilingual
		site.Language, site.Title, site.Credit = desk, site.TitleIn(desk), site.Credits[news.PrimaryLanguage(desk)]
		c := creditOf(t, site)
		for _, text := range []string{"<p>Uno.</p>\n<p>Dos.</p>", "Texto", "", "<p>La Mesa de la Frontera y el Border Desk hablan.</p>"} {
			for _, language := range []string{"en", "es", "es-MX", "nah", ""} {
				for _, l := range []Lines{
					{Authors: []string{"Ana Ruiz", "Inés Paz"}, Origin: []Maker{{"KMSA", "https://kmsa.example/a"}}},
					{Carriers: []string{"KMSA", "Hilda FM"}},
					{Origin: []Maker{{Name: "Sonora Wire"}}, Outside: true, Carriers: []string{"Radio Ajo"}},
					{Origin: []Maker{{Name: "Radio Ajo"}}, Translates: &Original{Makers: []Maker{{"KMSA", "https://kmsa.example/b"}}, Authors: []string{"Lee Orr"}}},
				} {
					l.Language, l.Brand = language, "Ajo 88.9"
					added := c.Paragraphs(l)
					for _, returned := range []string{added, withoutAttributes(added)} {
						if have := c.Strip(text + returned); have != text {
							t.Errorf("a desk in %s: %q became %q", desk, text+returned, have)
						}
						if again := c.Strip(text+returned) + c.Paragraphs(l); again != text+added {
							t.Errorf("a desk in %s: added twice: %q, want %q", desk, again, text+added)
						}
					}
				}
			}
		}
	}
}

// withoutAttributes is what a CMS makes of paragraphs.
func withoutAttributes(paragraphs string) string {
	for _, tag := range []string{opening, openingTag + ` lang="en">`, openingTag + ` lang="es">`} {
		paragraphs = strings.ReplaceAll(paragraphs, tag, "<p>")
	}
	return paragraphs
}

func TestALineInTheWordsOfEarlierVersionsIsKnown(t *testing.T) {
	c := creditOf(t, bilingual)
	for _, line := range []string{
		"Por Ana Ruiz. Publicada originalmente por KMSA.", "Difundida por KMSA y Radio Ajo.",
		"Publicada originalmente por NPR, difundida por KMSA.",
		"Por Ana Ruiz. Publicada originalmente por KMSA. Traducida de Radio Ajo, original de Lee Orr.",
	} {
		if have := c.Strip("<p>Uno.</p><p>" + line + "</p>"); have != "<p>Uno.</p>" {
			t.Errorf("%s: %q", line, have)
		}
	}
}

func TestATemplateThatDoesNotRunIsRefusedInEveryLanguage(t *testing.T) {
	desk := bilingual
	desk.Credits = map[string]string{"en": desk.Credit, "es": "De {{.Estacion}}"}
	if _, err := New(desk); err == nil {
		t.Error("it was taken")
	}
}

func TestEachWordingOfADeskIsListedOnce(t *testing.T) {
	want := []Wording{{"Border Desk", bilingual.Credit}, {"Mesa de la Frontera", bilingual.Credits["es"]}}
	if have := Wordings(bilingual); fmt.Sprint(have) != fmt.Sprint(want) {
		t.Errorf("%v, want %v", have, want)
	}
	plain := news.Site{Title: "Border Desk", Credit: "From {{.Desk}}", Titles: bilingual.Titles, Language: "en"}
	want = []Wording{{"Border Desk", "From {{.Desk}}"}, {"Mesa de la Frontera", "From {{.Desk}}"}}
	if have := Wordings(plain); fmt.Sprint(have) != fmt.Sprint(want) {
		t.Errorf("%v, want %v", have, want)
	}
}

// Languages of foreign documents do not fill the memory.
func TestACreditIsKeptOncePerLanguageOfTheDesk(t *testing.T) {
	c := creditOf(t, bilingual)
	for n := range 1000 {
		c.Paragraphs(Lines{Language: fmt.Sprintf("es-x-%d", n), Brand: "KMSA"})
		c.Paragraphs(Lines{Language: fmt.Sprintf("q%d", n), Brand: "KMSA"})
	}
	kept := 0
	c.worded.Range(func(any, any) bool { kept++; return true })
	if kept != 2 {
		t.Errorf("%d, want 2", kept)
	}
}
