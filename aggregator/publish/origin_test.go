package publish

import (
	"encoding/json"
	"strings"
	"testing"

	"fronteras/aggregator/news"
)

// told is a story that stations tell, the first of them with the words; made is who made it, nil for
// nobody named.
func told(made *news.Origin, stations ...string) *news.Story {
	s := plainStory("fence", stations[0], "Fence gap closed", noon)
	for n, station := range stations[1:] {
		i := *s.Items[0]
		i.Number, i.Station, i.Entry.URL = uint64(n+2), station, "https://"+station+".example/gap"
		s.Items, s.Members = append(s.Items, &i), append(s.Members, i.Number)
	}
	s.Origin = made
	return s
}

func deskOf(t *testing.T, e *Edition) (origin map[string]string, carriers []string) {
	t.Helper()
	d, err := rendered(e, "/feed.json", Selection{})
	var feed struct {
		Items []struct {
			Desk struct {
				Origin  map[string]string   `json:"origin"`
				Carried []map[string]string `json:"carried_by"`
			} `json:"_desk"`
		} `json:"items"`
	}
	if err := json.Unmarshal([]byte(must(t, d, err)), &feed); err != nil {
		t.Fatal(err)
	}
	for _, c := range feed.Items[0].Desk.Carried {
		carriers = append(carriers, c["id"])
	}
	return feed.Items[0].Desk.Origin, carriers
}

// A story that nobody knows the maker of is carried by stations, in every document, and made by none.
func TestAStoryOfNobodyIsCarriedBySomebody(t *testing.T) {
	for _, c := range []struct {
		stations []string
		line     string            // under the story
		pages    map[string]string // by their language
	}{
		{[]string{"krwg"}, "Carried by KRWG.",
			map[string]string{"en": `<p class="also">Carried by <a href="https://krwg.example/fence">KRWG</a></p>`,
				"es": `<p class="also">Difundida por <a href="https://krwg.example/fence">KRWG</a></p>`}},
		{[]string{"krwg", "azpm", "kjzz"}, "Carried by AZPM, KJZZ and KRWG.",
			map[string]string{"en": `<p class="also">Carried by <a href="https://azpm.example/gap">AZPM</a>, <a href="https://kjzz.example/gap">KJZZ</a>, <a href="https://krwg.example/fence">KRWG</a></p>`,
				"es": `<p class="also">Difundida por <a href="https://azpm.example/gap">AZPM</a>, <a href="https://kjzz.example/gap">KJZZ</a>, <a href="https://krwg.example/fence">KRWG</a></p>`}},
	} {
		story := told(nil, c.stations...)
		e := testEdition(t, story)
		bodies := map[string]string{}
		for format, path := range mergedPaths {
			d, err := rendered(e, path, Selection{})
			bodies[format] = must(t, d, err)
		}
		for language, want := range c.pages {
			f, _, _ := FormatAt("/")
			front, err := NewRenderer(*e).Render(f, Selection{}, Locale{Language: language})
			page := must(t, front, err)
			own, err := StoryPage(NewRenderer(*e), story, Locale{Language: language})
			bodies["story in "+language] = must(t, own, err)
			for name, body := range map[string]string{"front": page, "story": bodies["story in "+language]} {
				if !strings.Contains(body, want) || strings.Contains(body, "Also at") || strings.Contains(body, "También en") ||
					strings.Contains(body, `class="badge`) {
					t.Errorf("the %s page in %s does not say who carries it, or says who made it: %s", name, language, body)
				}
			}
		}
		for name, body := range bodies {
			if !strings.Contains(body, c.line) || strings.Contains(body, "Originally published") {
				t.Errorf("%s of %v does not say %q", name, c.stations, c.line)
			}
		}
		if made, carriers := deskOf(t, e); made != nil || len(carriers) != len(c.stations) {
			t.Errorf("_desk is of %v, carried by %v", made, carriers)
		}
	}
}

// The original's page is linked though the story is not joined to it; a station that nothing here is
// of is linked by its own page, and in `_desk` alone.
func TestTheLinkOfAnOriginThatIsNotInTheStory(t *testing.T) {
	made := &news.Origin{Maker: news.Maker{Station: "kjzz", Name: "KJZZ"}, Rule: news.O2}
	story := told(made, "krwg")
	story.Root, story.OriginURL = news.Root{Item: 1}, "https://kjzz.example/fence-in-full"
	e := testEdition(t, story)
	line := `Originally published by <a href="https://kjzz.example/fence-in-full">KJZZ</a>.`
	d, err := rendered(e, "/feed.json", Selection{})
	if body := must(t, d, err); !strings.Contains(body, strings.Trim(encoded(t, line), `"`)) {
		t.Errorf("not %s: %s", line, body)
	}
	if link := StoryLink(e, story); link != "https://kjzz.example/fence-in-full" {
		t.Error(link)
	}
	if origin, _ := deskOf(t, e); origin["url"] != "https://kjzz.example/fence-in-full" {
		t.Errorf("%v", origin)
	}

	story.OriginURL, made.Rule = "", news.O4
	if origin, _ := deskOf(t, e); origin["id"] != "kjzz" || origin["url"] != "https://kjzz.example" {
		t.Errorf("%v", origin)
	}
	if link := StoryLink(e, story); link != "https://krwg.example/fence" {
		t.Error(link)
	}
	story.Origin = &news.Origin{Maker: news.Maker{Outside: "ap", Name: "The Associated Press"}, Rule: news.O3}
	if origin, _ := deskOf(t, e); origin["url"] != "" || origin["name"] != "The Associated Press" {
		t.Errorf("%v", origin)
	}
}

func encoded(t *testing.T, text string) string {
	t.Helper()
	var b strings.Builder
	w := json.NewEncoder(&b)
	w.SetEscapeHTML(false)
	if err := w.Encode(text); err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(b.String())
}
