package publish

import (
	"slices"
	"strings"
	"testing"

	"fronteras/aggregator/news"
)

func TestABylineNamesPeopleAlone(t *testing.T) {
	s := plainStory("aaaaaaaaaaaaa", "kdem", "Rain", noon)
	e := testEdition(t, s)
	e.Stations = append(e.Stations,
		news.Station{ID: "kdem", Name: "Border Voices", Brand: "Deming 91.5", URL: "https://kdem.example"},
		news.Station{ID: "ajo", Name: "Radio Ajo", URL: "https://ajo.example"})
	e.Outside = map[string]news.Outside{"sonora": {ID: "sonora", Name: "Sonora Wire", Bylines: []string{"Sonora Service"}}}
	for name, c := range map[string]struct{ names, want []string }{
		"a person":                          {[]string{"Ana Ruiz"}, []string{"Ana Ruiz"}},
		"one word":                          {[]string{"Ana"}, []string{"Ana"}},
		"people":                            {[]string{"Ana Ruiz", "Luis Peña"}, []string{"Ana Ruiz", "Luis Peña"}},
		"a person with a house":             {[]string{"Ana Ruiz (Border Voices)"}, []string{"Ana Ruiz (Border Voices)"}},
		"a person called like a part of it": {[]string{"Border Ruiz"}, []string{"Border Ruiz"}},
		"the station":                       {[]string{"Border Voices"}, nil},
		"in capitals":                       {[]string{"BORDER VOICES"}, nil},
		"its call sign":                     {[]string{"KDEM"}, nil},
		"its id":                            {[]string{"kdem"}, nil},
		"its call sign with more":           {[]string{"KDEM-FM"}, nil},
		"its newsroom":                      {[]string{"KDEM News"}, nil},
		"its brand":                         {[]string{"Deming 91.5"}, nil},
		"its host":                          {[]string{"kdem.example"}, nil},
		"another station":                   {[]string{"Radio Ajo"}, nil},
		"the desk":                          {[]string{"Fronteras Desk"}, nil},
		"a source outside":                  {[]string{"The Sonora Service"}, nil},
		"an office":                         {[]string{"Newsroom"}, nil},
		"an office of several words":        {[]string{"Staff Reports"}, nil},
		"an office of the station":          {[]string{"Border Voices Staff"}, nil},
		"a Spanish office":                  {[]string{"Redacción"}, nil},
		"Spanish offices":                   {[]string{"Equipo de noticias", "Administrador", "Jefatura de Información"}, nil},
		"a newspaper":                       {[]string{"The Delta Ledger"}, nil},
		"a person and an office":            {[]string{"Newsroom", "Ana Ruiz", "Web Staff"}, []string{"Ana Ruiz"}},
		"nothing":                           {[]string{"", " "}, nil},
	} {
		s.Items[0].Entry.Authors = nil
		for _, n := range c.names {
			s.Items[0].Entry.Authors = append(s.Items[0].Entry.Authors, news.Person{Name: n})
		}
		if have := bylineOf(e, s.Items[0]); !slices.Equal(have, c.want) {
			t.Errorf("%s: %q, want %q", name, have, c.want)
		}
	}
}

func TestAStationThatSignsItsOwnStoryIsNamedOnce(t *testing.T) {
	for _, name := range []string{"KJZZ", "KJZZ 91.5", "Newsroom", "Redacción"} {
		s := withSound(plainStory("aaaaaaaaaaaaa", "kjzz", "Rain", noon), "https://kjzz.example/rain.mp3", 60)
		s.Items[0].Entry.Authors = []news.Person{{Name: name}}
		e := testEdition(t, s)
		for path, want := range map[string]string{
			"/feed.rss":    "<dc:creator>KJZZ</dc:creator>",
			"/feed.atom":   "<author>\n      <name>KJZZ</name>",
			"/feed.json":   `"name": "KJZZ"`,
			"/podcast.rss": "<itunes:author>KJZZ</itunes:author>",
		} {
			d, err := rendered(e, path, Selection{})
			body := must(t, d, err)
			if !strings.Contains(body, want) || strings.Contains(body, "By "+name) || strings.Contains(body, "podcast:person") ||
				!strings.Contains(body, "Originally published by") {
				t.Errorf("%s, signed %q: %s", path, name, body)
			}
		}
		page, err := StoryPage(NewRenderer(*e), s, inEnglish)
		if err != nil || strings.Contains(string(page.Body), "By "+name) {
			t.Errorf("the page, signed %q: %v %s", name, err, page.Body)
		}
	}
}
