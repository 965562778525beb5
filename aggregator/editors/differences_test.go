package editors

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"fronteras/aggregator/news"
)

var testStations = []news.Station{
	{ID: "kmsa", Name: "KMSA Mesilla", Brand: "Radio 91.5", Reporters: []string{"Ana Paz"}},
	{ID: "ajo", Name: "Radio Ajo", Reporters: []string{"Rosa Ibarra"}},
}

// tellings are two items, of KMSA Mesilla and of Radio Ajo.
func tellings(a, b news.Item) (x, y telling) {
	return telling{&a, testStations[0], testStations[0].Name, a.Language},
		telling{&b, testStations[1], testStations[1].Name, b.Language}
}

func differencesOf(language string, a, b news.Item) []string {
	x, y := tellings(a, b)
	first, second := compareTexts(textOf(a.Entry), textOf(b.Entry))
	return differences(language, x, y, [2]comparedText{first, second}, testStations)
}

func TestWhatTwoItemsHaveInCommonAndWhatNotIsSaid(t *testing.T) {
	noon := time.Date(2026, 10, 1, 12, 0, 0, 0, time.UTC)
	signed := func(name string) news.Entry { return news.Entry{Authors: []news.Person{{Name: name}}} }
	published := func(at time.Time) news.Entry { return news.Entry{Published: at} }
	told := func(text string) news.Entry { return news.Entry{Content: text} }
	heard := func(address string) news.Entry {
		return news.Entry{Enclosures: []news.Enclosure{{URL: address, Type: "audio/mpeg"}}}
	}
	pictured := func(address string) news.Entry { return news.Entry{Images: []news.Image{{URL: address}}} }
	item := func(e news.Entry) news.Item { return news.Item{Entry: e} }
	for name, tt := range map[string]struct {
		a, b news.Item
		want string // one of the sentences; with a "-" before it, none of them
	}{
		"headlines however they are set": {item(news.Entry{Title: "The Pumps Rest"}), item(news.Entry{Title: "“Pumps rest”"}),
			"The headlines are the same."},
		"other headlines": {item(news.Entry{Title: "Pumps rest"}), item(news.Entry{Title: "Wells rest"}),
			"The headlines differ."},
		"no headline":     {item(news.Entry{Title: "Pumps rest"}), item(news.Entry{}), "-headlines"},
		"the same minute": {item(published(noon)), item(published(noon.Add(20 * time.Second))), "at the same minute."},
		"minutes apart": {item(published(noon)), item(published(noon.Add(-20 * time.Minute))),
			"They were published 20 minutes apart, Radio Ajo first."},
		"hours apart": {item(published(noon)), item(published(noon.Add(26 * time.Hour))),
			"They were published 26 hours apart, KMSA Mesilla first."},
		"days apart": {item(published(noon)), item(published(noon.Add(75 * time.Hour))), "3 days apart"},
		"no date":    {item(published(noon)), item(news.Entry{}), "-published"},
		"one sentence of two": {item(told("<p>The pumps rest. Nobody knows.</p>")),
			item(told("<p>The pumps rest. All wait. It is hot.</p>")),
			"1 of the 2 sentences of KMSA Mesilla is in both texts."},
		"one text": {item(told("<p>The pumps rest.</p>")), item(told("<p>THE PUMPS REST</p>")), "The texts are the same."},
		"two texts": {item(told("<p>The pumps rest.</p>")), item(told("<p>The wells dry up.</p>")),
			"No sentence is in both texts."},
		"no text on one side": {item(told("<p>The pumps rest.</p>")), item(news.Entry{}),
			"Radio Ajo has no text to compare."},
		"no text":                 {item(news.Entry{}), item(news.Entry{}), "Neither has a text."},
		"a summary is the text":   {item(news.Entry{Summary: "<p>It rests.</p>"}), item(told("<p>It rests.</p>")), "are the same."},
		"numbers of one":          {item(told("<p>It costs 8 dollars.</p>")), item(told("<p>It costs 9 dollars.</p>")), "Only KMSA Mesilla has these numbers, days or months: 8."},
		"names of one":            {item(told("<p>The pumps of Naco rest.</p>")), item(told("<p>The pumps of Pima's wells rest.</p>")), "Only Radio Ajo has these names: Pima."},
		"a first word is no name": {item(told("<p>Pumps rest.</p>")), item(told("<p>Wells rest.</p>")), "-names:"},
		"many names": {item(told("<p>In Ajo, Bisbee, Deming, Lordsburg, Mesilla, Naco it rains.</p>")),
			item(told("<p>It rains.</p>")), "these names: Ajo, Bisbee, Deming, Lordsburg, Mesilla, …."},
		"one signature": {item(signed("Ana Paz")), item(signed("ANA PAZ")), "Both are signed by Ana Paz."},
		"whose reporter": {item(signed("Lee Orr")), item(signed("Ana Paz")),
			"Ana Paz is on the list of reporters of KMSA Mesilla."},
		"unsigned on one side": {item(signed("Lee Orr")), item(news.Entry{}), "Radio Ajo names nobody who wrote it."},
		"a byline":             {item(news.Entry{Byline: "By Lee Orr"}), item(news.Entry{}), "KMSA Mesilla is signed by Lee Orr."},
		"unsigned":             {item(news.Entry{}), item(news.Entry{}), "Neither names who wrote it."},
		"one audio": {item(heard("https://a.example/1.mp3?x=1")), item(heard("http://www.a.example/1.mp3")),
			"Both have the same audio."},
		"one audio, counted by two": {item(heard("https://count.example/e/media.a.example/2025/1.mp3")),
			item(heard("https://pod.example/redirect.mp3/media.a.example/2025/1.mp3")), "Both have the same audio."},
		"two audios, counted by one": {item(heard("https://count.example/e/media.a.example/2025/1.mp3")),
			item(heard("https://count.example/e/media.a.example/2025/2.mp3")), "Each has audio of its own."},
		"two audios":    {item(heard("https://a.example/1.mp3")), item(heard("https://a.example/2.mp3")), "Each has audio of its own."},
		"audio of one":  {item(heard("https://a.example/1.mp3")), item(news.Entry{}), "Only KMSA Mesilla has audio."},
		"no audio":      {item(news.Entry{}), item(news.Entry{}), "-audio"},
		"one picture":   {item(pictured("https://a.example/1.jpg")), item(pictured("https://a.example/1.jpg")), "Both have the same picture."},
		"picture there": {item(news.Entry{}), item(pictured("https://a.example/1.jpg")), "Only Radio Ajo has pictures."},
		"a source that is named": {
			news.Item{Claims: []news.Claim{{URL: "https://ajo.example/1"}}},
			item(news.Entry{URL: "https://www.ajo.example/1/"}), "KMSA Mesilla names the page of Radio Ajo as its source.",
		},
		"a source that is named no more": {
			news.Item{Claims: []news.Claim{{URL: "https://ajo.example/1", Last: noon}}},
			item(news.Entry{URL: "https://ajo.example/1"}), "Neither names the other.",
		},
		"a station in the text": {item(told("<p>It rests.</p>")), item(told("<p>It rests, KMSA Mesilla said.</p>")),
			"The text of Radio Ajo names KMSA Mesilla."},
		"languages": {news.Item{Language: "en-US"}, news.Item{Language: "nv"},
			"They are in different languages: KMSA Mesilla is in English, Radio Ajo in “nv”."},
		"one language":        {news.Item{Language: "en-US"}, news.Item{Language: "en"}, "-languages"},
		"a language unstated": {news.Item{Language: "en-US"}, news.Item{}, "-languages"},
	} {
		said := differencesOf("en", tt.a, tt.b)
		if unsaid, is := strings.CutPrefix(tt.want, "-"); is {
			if strings.Contains(strings.Join(said, "\n"), unsaid) {
				t.Errorf("%s: %q is said", name, said)
			}
		} else if !slices.ContainsFunc(said, func(s string) bool { return strings.HasSuffix(s, tt.want) || strings.Contains(s, tt.want) }) {
			t.Errorf("%s: %q, without %q", name, said, tt.want)
		}
	}
}

func TestDifferencesAreSaidInSpanish(t *testing.T) {
	a := news.Item{Language: "es", Entry: news.Entry{Title: "Los pozos", Content: "<p>Se secan. Nadie sabe.</p>",
		Published: time.Date(2026, 10, 1, 12, 0, 0, 0, time.UTC), Byline: "Ana Paz"}}
	b := news.Item{Language: "en", Entry: news.Entry{Title: "The wells", Content: "<p>They dry up. Nadie sabe.</p>",
		Published: time.Date(2026, 10, 1, 12, 1, 0, 0, time.UTC)}}
	got := strings.Join(differencesOf("es", a, b), "\n")
	want := `Los titulares son distintos.
Se publicaron con un minuto de diferencia, primero KMSA Mesilla.
1 de las 2 frases de KMSA Mesilla está en los dos textos.
La de KMSA Mesilla la firma Ana Paz.
Radio Ajo no dice quién la escribió.
Ana Paz está en la lista de reporteros de KMSA Mesilla.
Ninguna nombra a la otra.
Están en idiomas distintos: KMSA Mesilla en español, Radio Ajo en inglés.`
	if got != want {
		t.Errorf("said is\n%s\nwant\n%s", got, want)
	}
}

func FuzzDifferences(f *testing.F) {
	f.Add("The pumps", "<p>In Naco it's 5 p.m.</p>", "Ana Paz and", "https://a.example/", "es")
	f.Add("", "<", "\xff", "%", "x-")
	f.Fuzz(func(t *testing.T, title, body, byline, address, language string) {
		a := news.Item{Language: language, Links: []string{address}, Entry: news.Entry{Title: title, Content: body}}
		b := news.Item{Claims: []news.Claim{{URL: address}}, Entry: news.Entry{Summary: body, Byline: byline, URL: address}}
		for _, s := range differencesOf("es", a, b) {
			if strings.Contains(s, "%!") {
				t.Errorf("%q lacks a value", s)
			}
		}
	})
}

func TestEveryDifferenceIsSaidInSpanish(t *testing.T) {
	source, err := os.ReadFile("differences.go")
	if err != nil {
		t.Fatal(err)
	}
	phrases := regexp.MustCompile(`(?:say\(|sayOnly\(say, )"([^"]+)"|"([^"]+\.)",`).FindAllStringSubmatch(string(source), -1)
	if len(phrases) < 20 {
		t.Errorf("only %d phrases were found", len(phrases))
	}
	for _, m := range phrases {
		if phrase := m[1] + m[2]; spanish[phrase] == "" {
			t.Errorf("%q is not in Spanish", phrase)
		}
	}
}

func TestDaysAndMonthsAreNamedAsTheyAreWritten(t *testing.T) {
	got := numerals("On TUESDAY, may 4, and in March; el sábado, miércoles 3 de enero, seven times on Sunday in March 2026.")
	want := []string{"2026", "3", "4", "7", "March", "May", "Sunday", "Tuesday", "enero", "miércoles", "sábado"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
