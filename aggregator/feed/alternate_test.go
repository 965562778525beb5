package feed

import "testing"

func TestAPageInAnotherLanguageIsNoItemsPage(t *testing.T) {
	page := func(href, kind, language string) writtenLink {
		return writtenLink{rel: "alternate", href: "https://ajo.example/" + href, kind: kind, language: language}
	}
	for name, tt := range map[string]struct {
		language string
		links    []writtenLink
		want     string
	}{
		"typed translation behind a bare link": {
			"en", []writtenLink{page("en", "", ""), page("es", "text/html", "es")}, "en",
		},
		"typed translation before a bare link": {
			"en", []writtenLink{page("es", "text/html", "es"), page("en", "", "")}, "en",
		},
		"translation before the page": {
			"en", []writtenLink{page("es", "text/html", "es"), page("en", "text/html", "en-US")}, "en",
		},
		"no language is known": {
			"", []writtenLink{page("es", "text/html", "es"), page("en", "", "")}, "en",
		},
		"region":             {"es-MX", []writtenLink{page("en", "text/html", "en"), page("es", "", "es")}, "es"},
		"only a translation": {"en", []writtenLink{page("es", "text/html", "es")}, "es"},
		"a document of another type is no page": {
			"en", []writtenLink{page("data", "application/json", ""), page("es", "text/html", "es")}, "es",
		},
		"HTML before none stated": {"en", []writtenLink{page("a", "", ""), page("b", "text/html", "")}, "b"},
		"the language as stated": {
			"es-MX", []writtenLink{page("es", "text/html", "es"), page("mx", "text/html", "es-MX")}, "mx",
		},
		"the first of equals": {"en", []writtenLink{page("a", "text/html", ""), page("b", "text/html", "")}, "a"},
	} {
		if got := alternateLink(tt.links, tt.language, nil); got != "https://ajo.example/"+tt.want {
			t.Errorf("%s: %q is the page, want %q", name, got, tt.want)
		}
	}
}
