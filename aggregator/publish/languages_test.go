package publish

import (
	"strings"
	"testing"

	"fronteras/aggregator/credit"
	"fronteras/aggregator/news"
)

// bilingualEdition is an edition of a desk that speaks English and Spanish, with a story in Spanish.
func bilingualEdition(t testing.TB) *Edition {
	t.Helper()
	story := withSound(plainStory("bbbbbbbbbbbbb", "azpm", "Se secan los pozos", noon), "https://azpm.example/pozos.mp3", 90)
	story.Items[0].Entry.Language = "es-MX"
	e := testEdition(t, story)
	e.Desk.Titles = map[string]string{"en": e.Desk.Title, "es": "Redacción Fronteras"}
	e.Desk.Descriptions = map[string]string{"en": e.Desk.Description, "es": "Noticias de la frontera"}
	e.Desk.Credits = map[string]string{"en": e.Desk.Credit, "es": "Esta nota es de la {{.Desk}}, con {{.Brand}}: {{.DeskLink}}."}
	e.Podcast.Title, e.Podcast.Author = e.Desk.Title, e.Desk.Title
	var err error
	if e.Credit, err = credit.New(e.Desk); err != nil {
		t.Fatal(err)
	}
	return e
}

func TestADocumentOfOneLanguageSpeaksItWhereTheDeskDoes(t *testing.T) {
	english := map[string][]string{
		"/feed.rss":    {"<title>Fronteras Desk</title>", "<description>Border news</description>", "<language>en</language>"},
		"/feed.atom":   {`xml:lang="en">`, `<title type="text">Fronteras Desk</title>`, "Border news</subtitle>"},
		"/feed.json":   {`"title": "Fronteras Desk"`, `"description": "Border news"`, "\n  \"language\": \"en\""},
		"/podcast.rss": {"<title>Fronteras Desk</title>", "<language>en</language>", "<itunes:author>Fronteras Desk</itunes:author>"},
	}
	spanish := map[string][]string{
		"/feed.rss":    {"<title>Redacción Fronteras</title>", "<description>Noticias de la frontera</description>", "<language>es</language>"},
		"/feed.atom":   {`xml:lang="es">`, `<title type="text">Redacción Fronteras</title>`, "Noticias de la frontera</subtitle>"},
		"/feed.json":   {`"title": "Redacción Fronteras"`, `"description": "Noticias de la frontera"`, "\n  \"language\": \"es\""},
		"/podcast.rss": {"<title>Redacción Fronteras</title>", "<language>es</language>", "<itunes:author>Redacción Fronteras</itunes:author>"},
	}
	for name, c := range map[string]struct {
		languages []string
		want      map[string][]string
	}{
		"all":                         {nil, english},
		"the desk's":                  {[]string{"en-us"}, english},
		"the other":                   {[]string{"es"}, spanish},
		"a region of the other":       {[]string{"es-mx"}, spanish},
		"two regions of the other":    {[]string{"es-mx", "es-ar"}, spanish},
		"the desk's and the other":    {[]string{"en", "es"}, english},
		"one that the desk has not":   {[]string{"nah"}, english},
		"that and one that it speaks": {[]string{"nah", "es"}, english},
	} {
		for path, want := range c.want {
			d, err := rendered(bilingualEdition(t), path, Selection{Languages: c.languages})
			inSequence(t, name+" "+path, must(t, d, err), want...)
		}
	}
}

func TestADeskWithOneTextForAllSpeaksItsLanguageInEveryDocument(t *testing.T) {
	e := bilingualEdition(t)
	e.Desk.Titles, e.Desk.Descriptions = nil, nil
	d, err := rendered(e, "/feed.rss", Selection{Languages: []string{"es"}})
	inSequence(t, "feed.rss", must(t, d, err), "<title>Fronteras Desk</title>", "<language>en</language>")
}

// A podcast with words of its own keeps them: it has them in one language.
func TestAPodcastsOwnTitleStays(t *testing.T) {
	e := bilingualEdition(t)
	e.Podcast.Title, e.Podcast.Author = "Border Audio", "The Audio Team"
	d, err := rendered(e, "/podcast.rss", Selection{Languages: []string{"es"}})
	inSequence(t, "podcast.rss", must(t, d, err), "<title>Border Audio</title>", "<itunes:author>The Audio Team</itunes:author>")
}

func TestTheCreditOfAStoryIsInItsLanguageInEveryFormat(t *testing.T) {
	for _, path := range feedPaths {
		d, err := rendered(bilingualEdition(t), path, Selection{})
		body := must(t, d, err)
		for _, want := range []string{"Publicado originalmente por ", "Esta nota es de la Redacción Fronteras, con AZPM 91.5: "} {
			if !strings.Contains(body, want) {
				t.Errorf("%s: %s\nwant %q", path, body, want)
			}
		}
		if strings.Contains(body, "This story is from") {
			t.Errorf("%s: %s", path, body)
		}
	}
}

// Pages speak the language of their reader; what the desk has in its own alone says so.
func TestAPageCallsTheDeskAsItsReadersDo(t *testing.T) {
	e := bilingualEdition(t)
	front := func(l Locale) string {
		t.Helper()
		f, _, _ := FormatAt("/")
		d, err := NewRenderer(*e).Render(f, Selection{}, l)
		return must(t, d, err)
	}
	inSequence(t, "in Spanish", front(inSpanish), "<title>Redacción Fronteras</title>",
		`<meta name="description" content="Noticias de la frontera">`, `<meta property="og:site_name" content="Redacción Fronteras">`,
		">Redacción Fronteras</a></h1>", `<p class="about">Noticias de la frontera</p>`)
	inSequence(t, "in English", front(inEnglish), "<title>Fronteras Desk</title>", `<p class="about">Border news</p>`)
	e.Desk.Descriptions = nil
	inSequence(t, "described in English", front(inSpanish), "<title>Redacción Fronteras</title>", `<p class="about" lang="en">Border news</p>`)
}

func TestABrandThatNobodyHasIsTheDesksTitleInTheLanguageOfTheStory(t *testing.T) {
	e := bilingualEdition(t)
	e.Stations = []news.Station{}
	d, err := rendered(e, "/feed.json", Selection{})
	inSequence(t, "feed.json", must(t, d, err), "Esta nota es de la Redacción Fronteras, con Redacción Fronteras: ")
}
