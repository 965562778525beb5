package link

import (
	"strings"
	"testing"
)

func TestSlugs(t *testing.T) {
	for address, want := range map[string]string{
		"https://ajo.example/2031-02-04/who-drinks-when-wells-run-dry":          "who-drinks-when-wells-run-dry",
		"https://kmsa.example/news/2031/02/04/Who-Drinks-When-Wells-Run-Dry/":   "who-drinks-when-wells-run-dry",
		"https://kdem.example/who_drinks_when_wells_run_dry.html?view=print":    "who-drinks-when-wells-run-dry",
		"https://kdem.example/content/204011/who-drinks-when-wells-run-dry":     "who-drinks-when-wells-run-dry",
		"https://bisbee.example/who-drinks-when-wells-run-dry/4711":             "who-drinks-when-wells-run-dry",
		"https://bisbee.example/who-drinks-when-wells-run-dry-20310204":         "who-drinks-when-wells-run-dry",
		"https://bisbee.example/20310204-who-drinks-when-wells-run-dry/amp":     "who-drinks-when-wells-run-dry",
		"https://bisbee.example/who-drinks-when-wells-run-dry-9f8e7d6c":         "who-drinks-when-wells-run-dry",
		"https://ajo.example/2031/02/qui%C3%A9n-bebe-cuando-se-secan-los-pozos": "quien-bebe-cuando-se-secan-los-pozos",
		"https://ajo.example/2031/02/14-wells-run-dry-in-a-week":                "14-wells-run-dry-in-a-week",
		"https://ajo.example/2031/02/wells-run-dry":                             "",
		"https://ajo.example/a-section-with-a-long-name/wells-run-dry":          "",
		"https://ajo.example/":            "",
		"https://ajo.example/2031/02/04/": "",
		"https://ajo.example/?p=4711":     "",
		"":                                "",
		"https://ajo.example/who-drinks-when-wells-run-dry/index.html#comment-3": "who-drinks-when-wells-run-dry",
	} {
		if have := Slug(address); have != want {
			t.Errorf("the slug of %s is %q, want %q", address, have, want)
		}
	}
}

func FuzzSlug(f *testing.F) {
	f.Add("https://ajo.example/2031-02-04/who-drinks-when-wells-run-dry.html")
	f.Fuzz(func(t *testing.T, address string) {
		if s := Slug(address); s != "" && strings.Count(s, "-") < MinSlugWords-1 {
			t.Errorf("the slug of %q has few words: %q", address, s)
		}
	})
}
