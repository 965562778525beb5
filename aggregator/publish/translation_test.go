package publish

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"fronteras/aggregator/news"
)

// translated returns a story of AZPM's in Spanish that says that it translates one of KJZZ's, and that.
func translated() (spanish, english *news.Story) {
	english = plainStory("aaaaaaaaaaaaa", "kjzz", "Wells run dry", noon.Add(-3*time.Hour))
	english.Number, english.Items[0].Number, english.LeadItem, english.Members = 1, 1, 1, []uint64{1}
	english.Items[0].Entry.Language, english.Items[0].Entry.Authors = "en-US", []news.Person{{Name: "Ana Paz"}}
	spanish = plainStory("bbbbbbbbbbbbb", "azpm", "Se secan los pozos", noon.Add(-time.Hour))
	spanish.Number, spanish.Items[0].Number, spanish.LeadItem, spanish.Members = 2, 2, 2, []uint64{2}
	spanish.Items[0].Entry.Language = "es-MX"
	spanish.Items[0].Entry.Authors = []news.Person{{Name: "Lucía Vega"}, {Name: "Inés Muñoz"}}
	spanish.TranslationOf = &news.Translation{Item: 1, Story: english}
	english.Versions = []news.Translation{{Item: 2, Story: spanish}}
	return spanish, english
}

func TestATranslationAndItsOriginalLeadToEachOther(t *testing.T) {
	spanish, english := translated()
	e := testEdition(t, spanish, english)
	line := `Por Lucía Vega e Inés Muñoz. Publicado originalmente por <a href="https://azpm.example/bbbbbbbbbbbbb">AZPM</a>. ` +
		`Traducido de <a href="https://kjzz.example/aaaaaaaaaaaaa">KJZZ</a>, original de Ana Paz.</p>`
	for format, path := range mergedPaths {
		d, err := rendered(e, path, Selection{})
		body := must(t, d, err)
		unescaped := strings.NewReplacer("&lt;", "<", "&gt;", ">", "&#34;", `"`, `\"`, `"`).Replace(body)
		if strings.Count(unescaped, `lang="es">`+line) != 1 || strings.Count(unescaped, "Traducido de") != 1 {
			t.Errorf("%s has not once %s\n%s", format, line, unescaped)
		}
		if !strings.Contains(unescaped, `By Ana Paz. Originally published by <a href="https://kjzz.example/aaaaaaaaaaaaa">KJZZ</a>.</p>`) {
			t.Errorf("%s: the original's line is another\n%s", format, unescaped)
		}
	}
	atom, err := rendered(e, "/feed.atom", Selection{})
	inSequence(t, "atom", must(t, atom, err),
		`<link rel="alternate" type="text/html" href="https://azpm.example/bbbbbbbbbbbbb"></link>`,
		`<link rel="alternate" type="text/html" href="https://kjzz.example/aaaaaaaaaaaaa" title="Wells run dry" hreflang="en-US"></link>`,
		`<link rel="alternate" type="text/html" href="https://kjzz.example/aaaaaaaaaaaaa"></link>`,
		`<link rel="alternate" type="text/html" href="https://azpm.example/bbbbbbbbbbbbb" title="Se secan los pozos" hreflang="es-MX"></link>`)
	doc, err := rendered(e, "/feed.json", Selection{})
	var f struct {
		Items []struct {
			Desk struct {
				Of *struct {
					ID, URL, Language string
					Origin            struct{ ID, Name, URL string }
					Authors           []struct{ Name string }
				} `json:"translation_of"`
				Versions []struct{ ID, URL, Language string } `json:"translations"`
			} `json:"_desk"`
		}
	}
	if err := json.Unmarshal([]byte(must(t, doc, err)), &f); err != nil {
		t.Fatal(err)
	}
	of := f.Items[0].Desk.Of
	if of == nil || of.ID != english.PublicID || of.URL != "https://kjzz.example/aaaaaaaaaaaaa" || of.Language != "en-US" ||
		of.Origin.ID != "kjzz" || of.Origin.Name != "KJZZ" || len(of.Authors) != 1 || of.Authors[0].Name != "Ana Paz" ||
		len(f.Items[0].Desk.Versions) > 0 {
		t.Errorf("the translation: %+v", f.Items[0].Desk)
	}
	if v := f.Items[1].Desk.Versions; f.Items[1].Desk.Of != nil || len(v) != 1 || v[0].ID != spanish.PublicID ||
		v[0].URL != "https://azpm.example/bbbbbbbbbbbbb" || v[0].Language != "es-MX" {
		t.Errorf("the original: %+v", f.Items[1].Desk)
	}
}

func TestTheirPagesLeadToEachOther(t *testing.T) {
	spanish, english := translated()
	r := NewRenderer(*testEdition(t, spanish, english))
	page, err := StoryPage(r, spanish, inEnglish)
	inSequence(t, "the translation's", must(t, page, err),
		`<link rel="alternate" hreflang="en-US" href="https://fronteras.example/stories/aaaaaaaaaaaaa">`,
		`<link rel="alternate" hreflang="es-MX" href="https://fronteras.example/stories/bbbbbbbbbbbbb">`,
		`Traducido de <a href="https://kjzz.example/aaaaaaaaaaaaa">KJZZ</a>, original de Ana Paz.`,
		`In other languages: English, <a href="/stories/aaaaaaaaaaaaa" rel="alternate" hreflang="en-US" lang="en-US">Wells run dry</a>`)
	page, err = StoryPage(r, english, inSpanish)
	inSequence(t, "the original's", must(t, page, err),
		`<link rel="alternate" hreflang="es-MX" href="https://fronteras.example/stories/bbbbbbbbbbbbb">`,
		`En otros idiomas: Español, <a href="/stories/bbbbbbbbbbbbb" rel="alternate" hreflang="es-MX" lang="es-MX">Se secan los pozos</a>`)
}

// What is not published is not linked; whose it is stays named.
func TestAnOriginalThatIsNotPublishedIsNotLinked(t *testing.T) {
	for name, change := range map[string]func(*news.Story){
		"held":        func(s *news.Story) { s.Status = news.Held },
		"withdrawn":   func(s *news.Story) { s.Status = news.Retracted },
		"not settled": func(s *news.Story) { s.ID, s.PublicID = "", "" },
	} {
		spanish, english := translated()
		change(english)
		e := testEdition(t, spanish)
		for _, path := range mergedPaths {
			d, err := rendered(e, path, Selection{})
			body := must(t, d, err)
			if strings.Contains(body, "aaaaaaaaaaaaa") || strings.Contains(body, "Wells run dry") || strings.Contains(body, "hreflang") {
				t.Errorf("%s: %s leads there:\n%s", name, path, body)
			}
			if !strings.Contains(body, "Traducido de KJZZ, original de Ana Paz.") {
				t.Errorf("%s: %s does not name whose it is:\n%s", name, path, body)
			}
		}
		page, err := StoryPage(NewRenderer(*e), spanish, inEnglish)
		if body := must(t, page, err); strings.Contains(body, "aaaaaaaaaaaaa") || strings.Contains(body, `hreflang="en-US"`) {
			t.Errorf("%s: the page leads there:\n%s", name, body)
		}
	}
}

func TestATranslationOfWhatWasNotSeenNamesItsMaker(t *testing.T) {
	spanish, _ := translated()
	for want, of := range map[string]*news.Translation{
		`Traducido de <a href="https://krwg.example/x">KRWG</a>.`:        {URL: "https://krwg.example/x", Maker: &news.Maker{Station: "krwg", Name: "old"}},
		`Traducido de The Wire.`:                                         {Maker: &news.Maker{Outside: "wire", Name: "The Wire"}},
		`por <a href="https://azpm.example/bbbbbbbbbbbbb">AZPM</a>.</p>`: {URL: "https://nobody.example/x"},
	} {
		spanish.TranslationOf = of
		a := newArticle(testEdition(t, spanish), spanish)
		if !strings.Contains(a.Closing, want) {
			t.Errorf("%s\nwant %s", a.Closing, want)
		}
	}
}

// A story without a stated maker is named by its headline: whoever carries it did not make it.
func TestAnOriginalThatNobodyIsStatedToHaveMadeIsNamedByItsHeadline(t *testing.T) {
	spanish, english := translated()
	english.Origin, english.Items[0].Entry.Title = nil, "Wells <run> dry"
	a := newArticle(testEdition(t, spanish), spanish)
	if want := `Traducido de <a href="https://kjzz.example/aaaaaaaaaaaaa">“Wells &lt;run&gt; dry”</a>, original de Ana Paz.</p>`; !strings.Contains(a.Closing, want) {
		t.Errorf("%s\nwant %s", a.Closing, want)
	}
}

// Programs get one alternate in a language, people all of them.
func TestOneAlternateInALanguage(t *testing.T) {
	spanish, english := translated()
	other := plainStory("ccccccccccccc", "krwg", "Pozos secos", noon)
	other.Number, other.Items[0].Entry.Language = 3, "es-mx"
	english.Versions = append(english.Versions, news.Translation{Item: 3, Story: other}, news.Translation{Item: 9})
	e := testEdition(t, spanish, english, other)
	a := newArticle(e, english)
	if len(a.Versions) != 2 || len(a.inOtherLanguages()) != 1 {
		t.Errorf("%+v", a.Versions)
	}
	english.Versions = slices.Clone(english.Versions)
	slices.Reverse(english.Versions)
	if b := newArticle(e, english); !slices.Equal(a.Versions, b.Versions) {
		t.Errorf("another order: %+v", b.Versions)
	}
}

// What a partner's feed brings back is taken off again, in each language and without our attributes.
func TestTheOriginLineOfATranslationIsTakenOff(t *testing.T) {
	spanish, english := translated()
	for _, language := range []string{"es-MX", "en", "fr"} {
		spanish.Items[0].Entry.Language = language
		e := testEdition(t, spanish, english)
		a := newArticle(e, spanish)
		for _, closing := range []string{a.Closing, strings.NewReplacer(` class="desk-credit"`, "", ` lang="es"`, "").Replace(a.Closing)} {
			if have := e.Credit.Strip("<p>News.</p>" + closing); have != "<p>News.</p>" {
				t.Errorf("%s: %s is left of %s", language, have, closing)
			}
		}
	}
}
