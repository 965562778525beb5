package evidence

import (
	"strings"
	"testing"

	"fronteras/aggregator/markup"
	"fronteras/aggregator/news"
	desk "fronteras/store/storetest/desk"
)

func TestSentencesThatNameAStoryInAnotherLanguage(t *testing.T) {
	d := desk.Directory(t)
	link := `<a href="` + wells + `">`
	long := strings.Repeat(" and the county waits for the water", 12)
	for text, want := range map[string]string{ // source of the claim, "-" for none; then the makers that are named
		"Translated from " + link + "KMSA Mesilla</a>.":                                         "translation kmsa",
		"This story was translated from " + link + "the original</a> at KMSA Mesilla.":          "translation kmsa",
		"This article was translated into Spanish by Lucía Vega from " + link + "KMSA</a>.":     "translation kmsa",
		"(This is a translation of " + link + "a story</a> by KMSA Mesilla.)":                   "translation",
		"Editor’s note: This story was originally translated from " + link + "KMSA</a>.":        "translation kmsa",
		"Read the original in English " + link + "here</a>.":                                    "translation",
		link + "Read the original story in English</a>":                                         "translation",
		"Traducido de " + link + "KMSA Mesilla</a>.":                                            "translation kmsa",
		"Esta nota fue traducida del " + link + "original en inglés</a> de KMSA Mesilla.":       "translation kmsa",
		"Este reportaje fue traducido al español por Lucía Vega de " + link + "KMSA</a>.":       "translation kmsa",
		"Esta es una traducción de " + link + "una nota</a> publicada en KMSA Mesilla.":         "translation kmsa",
		"Lea el original en inglés " + link + "aquí</a>.":                                       "translation",
		"Lea aquí la versión original en inglés: " + link + "Wells</a>":                         "translation",
		"Traducido de KMSA Mesilla.":                                                            "- kmsa",
		"Translated from Spanish.":                                                              "-",
		"Translated from Spanish by KMSA Mesilla.":                                              "-",
		"Traducido del inglés por Lucía Vega, KMSA Mesilla.":                                    "-",
		"Translated by KMSA Mesilla.":                                                           "-",
		link + "Read this story in English</a>":                                                 "version",
		"You can read this story in Spanish " + link + "here</a>.":                              "version",
		"This story is also available in " + link + "Spanish</a>.":                              "version",
		link + "Lea esta nota en español</a>":                                                   "version",
		"Haga clic aquí para leer esta nota en inglés: " + link + "Wells</a>":                   "version",
		"Versión en español: " + link + "Se secan los pozos</a>":                                "version",
		"Read this story in English.":                                                           "-",
		"Her poems, translated from Spanish by " + link + "a teacher</a>, are read.":            "-",
		"The book was translated from " + link + "German</a>.":                                  "-",
		"The county printed ballots in English and " + link + "Spanish</a>.":                    "-",
		"She reads in English and " + link + "in Spanish</a>.":                                  "-",
		"Classes in English begin " + link + "in March</a>.":                                    "-",
		`<a href="https://kmsa.example/">Read this story in English</a>`:                        "-",
		"Read the original in English" + long + " " + link + "KMSA</a>.":                        "-",
		`Translated from the series <a href="https://kmsa.example/2031/02/x">series</a>.`:       "-",
		"Originally published by " + link + "KMSA</a>.":                                         "sentence",
		"Originally published in English by " + link + "KMSA</a>.":                              "sentence",
		"Esta nota fue publicada originalmente por " + link + "KMSA</a>. Traducida por A. Paz.": "sentence",
	} {
		i := bisbee(desk.Text("<p>The wells have run dry.</p><p>" + text + "</p>"))
		p := NewReader(d).TextFeatures(&i.Entry)
		have := "-"
		for _, c := range ListClaims(d, i, p) {
			have = c.Source
		}
		for _, m := range translatedFrom(d, p) {
			have += " " + m.Station
		}
		if have != want {
			t.Errorf("%s: %s, want %s", text, have, want)
		}
	}
}

func TestAnAlternateWithALanguageIsAVersion(t *testing.T) {
	d := desk.Directory(t)
	i := bisbee()
	i.Entry.Links = []news.Link{{Rel: "alternate", URL: wells, Language: "en"},
		{Rel: "alternate", URL: "https://bisbee.example/rss", Type: "application/rss+xml"}}
	claims := ListClaims(d, i, NewReader(d).TextFeatures(&i.Entry))
	if len(claims) != 1 || claims[0].Source != FromVersion || claims[0].URL != wells || claims[0].IsOfSameStory() {
		t.Errorf("%+v", claims)
	}
}

// What an item names in another language is no other address of its own, on its station's host either.
func TestAStorysVersionIsNoAddressOfItsOwn(t *testing.T) {
	r := NewReader(desk.Directory(t))
	i := bisbee(desk.Text(`<p>Wells.</p><p><a href="https://bisbee.example/2031/02/pozos">Lea esta nota en español</a></p>`))
	i.Claims = ListClaims(r.Directory, i, r.TextFeatures(&i.Entry))
	e := r.EvidenceOf(i, Feed{})
	if len(i.Claims) != 1 || len(e.Also) > 0 {
		t.Errorf("%+v: also %q", i.Claims, e.Also)
	}
	if strings.Contains(strings.Join(e.Paragraphs, " "), "Lea") {
		t.Errorf("the line is compared: %q", e.Paragraphs)
	}
}

func FuzzTranslations(f *testing.F) {
	f.Add(`<p>Translated from <a href="https://kmsa.example/2031/02/wells">KMSA</a> by A. Paz.</p>`)
	f.Add(`<p>Lea el original en inglés <a href="https://kmsa.example/2031/02/wells">aquí</a></p>`)
	d := desk.Directory(f)
	f.Fuzz(func(_ *testing.T, text string) {
		for _, b := range markup.Blocks(text) {
			translationsOf(d, b)
			beginsWithTranslation(b.Text)
		}
	})
}
