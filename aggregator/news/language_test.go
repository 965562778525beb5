package news

import (
	"encoding/json"
	"testing"
)

func TestALanguageIsMatchedByItsTagThenByWhatItIsPartOfThenByItsPrimaryLanguage(t *testing.T) {
	for name, c := range map[string]struct {
		tags     []string
		language string
		want     string // empty: none
	}{
		"its own":                     {[]string{"en", "es", "es-MX"}, "es-MX", "es-MX"},
		"its own in another case":     {[]string{"en", "es-mx"}, "ES-MX", "es-mx"},
		"the language of a region":    {[]string{"en", "es-419", "es"}, "es-MX", "es"},
		"a part of several subtags":   {[]string{"zh", "zh-Hant"}, "zh-Hant-TW", "zh-Hant"},
		"another region":              {[]string{"en", "es-419", "es-ES"}, "es-MX", "es-419"},
		"a region for a language":     {[]string{"en-US", "es-MX"}, "es", "es-MX"},
		"not one that begins like it": {[]string{"en", "est"}, "es", ""},
		"none":                        {[]string{"en", "es"}, "nah", ""},
		"no language":                 {[]string{"en", "es"}, "", ""},
		"odd tags":                    {[]string{"", "-", "es"}, "--es-", ""},
		"no tags":                     {nil, "es", ""},
	} {
		tag, found := MatchLanguage(c.tags, c.language)
		if tag != c.want || found != (c.want != "") {
			t.Errorf("%s: %q, %v, want %q", name, tag, found, c.want)
		}
	}
}

func TestADeskSpeaksTheLanguageAskedForWhereItHasIt(t *testing.T) {
	both := Site{
		Title: "Border Desk", Description: "Border news", Credit: "From {{.Desk}}", Language: "en-US",
		Titles:  map[string]string{"en": "Border Desk", "es": "Mesa de la Frontera"},
		Credits: map[string]string{"en": "From {{.Desk}}", "es-MX": "De {{.Desk}}"},
	}
	for language, want := range map[string][4]string{
		"es-MX": {"Mesa de la Frontera", "Border news", "De {{.Desk}}", "es-MX"},
		"es":    {"Mesa de la Frontera", "Border news", "De {{.Desk}}", "es-MX"},
		"en":    {"Border Desk", "Border news", "From {{.Desk}}", "en"},
		"nah":   {"Border Desk", "Border news", "From {{.Desk}}", "en"},
		"":      {"Border Desk", "Border news", "From {{.Desk}}", "en"},
	} {
		credit, in := both.CreditIn(language)
		description, english := both.DescriptionIn(language)
		if have := [4]string{both.TitleIn(language), description, credit, in}; have != want || english != "en-US" {
			t.Errorf("%q: %q, want %q", language, have, want)
		}
	}
	plain := Site{Title: "Border Desk", Credit: "From {{.Desk}}", Language: "en-US"}
	if credit, in := plain.CreditIn("es"); credit != plain.Credit || in != "en-US" || plain.TitleIn("es") != plain.Title {
		t.Errorf("one text for all: %q in %s, %q", credit, in, plain.TitleIn("es"))
	}
}

// What documents are dated by is made of this.
func TestADeskWithOneTextForAllIsWrittenAsBefore(t *testing.T) {
	have, err := json.Marshal(Site{Title: "Border Desk", Language: "en"})
	const want = `{"Title":"Border Desk","URL":"","Description":"","Language":"en","Contact":"","Image":"","Credit":""}`
	if string(have) != want || err != nil {
		t.Errorf("%s, %v, want %s", have, err, want)
	}
}
