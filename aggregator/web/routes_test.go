package web

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"fronteras/aggregator/news"
)

// publishedAt is the desk of [publishedHandler] at a public address.
func publishedAt(t testing.TB, address string) http.Handler {
	t.Helper()
	s := testSite(t)
	e, known := edition(t, story("rain", "Rain at last", news.Live))
	e.Desk.URL = address
	if _, err := s.Publish(t.Context(), e, known); err != nil {
		t.Fatal(err)
	}
	return s.Handler()
}

// The language in an address decides, whatever the browser prefers, and is not negotiated.
func TestAPageBelowALanguageIsInThatLanguage(t *testing.T) {
	h := publishedHandler(t)
	for _, c := range []struct {
		path, accept, language string
		status                 int
		says                   string
	}{
		{"/es/", "en", "es", 200, "Saltar a las notas"},
		{"/en/", "es", "en", 200, "Skip to the stories"},
		{"/es/?topic=water-rights", "en", "es", 200, "Rain at last"},
		{"/es/stories/rain", "en", "es", 200, "Todas las notas"},
		{"/en/stories/rain", "es", "en", 200, "All stories"},
		{"/es/status", "en", "es", 200, "Última visita"},
		{"/es/stories/gone", "en", "es", 410, "retirada"},
		{"/en/stories/gone", "es", "en", 410, "withdrawn"},
		{"/es/stories/held", "en", "es", 404, "No hay ninguna nota en esta dirección."},
		{"/es/nothing", "en", "es", 404, "No hay nada en esta dirección."},
		{"/es/?topic=nothing", "en", "es", 404, "Aquí no hay ningún tema «nothing»."},
		{"/en/?station=nobody", "es", "en", 404, "There is no station “nobody” here."},
		{"/es/?for=nobody", "en", "es", 404, "Aquí no hay ninguna emisora asociada «nobody»."},
		{"/es/?lang=xx", "en", "es", 404, "Aquí no hay notas en el idioma «xx»."},
		{"/es/?for=%zz", "en", "es", 404, "No se pudieron leer los filtros"},
	} {
		w := ask(h, "GET", c.path, "Accept-Language", c.accept)
		if w.Code != c.status || w.Header().Get("Content-Language") != c.language ||
			w.Header().Get("Content-Type") != "text/html; charset=utf-8" || w.Header().Get("Vary") != "Accept-Encoding" ||
			!strings.Contains(w.Body.String(), c.says) ||
			!strings.Contains(w.Body.String(), `<html lang="`+c.language+`">`) {
			t.Errorf("%s: %d %v, does it say %q?\n%.600s", c.path, w.Code, w.Header(), c.says, w.Body)
		}
	}
}

// Documents for programs have one address each: below a language they are not found, in a page.
func TestDocumentsForProgramsAreInNoLanguage(t *testing.T) {
	h := publishedHandler(t)
	for _, path := range []string{"/feed.rss", "/feed.atom?station=ajo", "/feed.json", "/podcast.rss", "/archive/1.rss",
		"/podcast/1.rss", "/stations.opml", "/status.json", "/style.css", "/icon.svg", "/livez", "/readyz", "/en/",
		"/es/", "/es"} {
		w := ask(h, "GET", "/es"+path)
		if w.Code != 404 || !strings.Contains(w.Body.String(), `<html lang="es">`) {
			t.Errorf("/es%s: %d %.100s", path, w.Code, w.Body)
		}
	}
	for _, path := range []string{"/esp", "/es-MX/", "/fr/", "/ES/"} {
		if w := ask(h, "GET", path); w.Code != 404 || w.Header().Get("Content-Language") != "en" {
			t.Errorf("%s: %d in %q", path, w.Code, w.Header().Get("Content-Language"))
		}
	}
	if w := ask(h, "GET", "/feed.rss?topic=nothing", "Accept-Language", "es"); w.Code != 404 ||
		w.Body.String() != "topic=\"nothing\": no such topic here\n" ||
		!strings.HasPrefix(w.Header().Get("Content-Type"), "text/plain") {
		t.Errorf("a feed's unknown filter: %d %v %s", w.Code, w.Header(), w.Body)
	}
}

func TestALanguageAloneLeadsToItsFrontPage(t *testing.T) {
	for address, want := range map[string]string{
		"https://desk.example": "/es/", "https://radio.example/border/desk": "/border/desk/es/",
	} {
		w := ask(publishedAt(t, address), "GET", "/es?x=https://evil.example")
		if w.Code != 301 || w.Header().Get("Location") != want {
			t.Errorf("%s: %d to %q, want %q", address, w.Code, w.Header().Get("Location"), want)
		}
	}
}

var linkPattern = regexp.MustCompile(`<a [^>]*href="([^"]*)"`)

// Every link of a page below a language to another page keeps the language; documents have no
// language; and the one link that leaves the language says so.
func TestLinksKeepTheLanguageOfTheAddress(t *testing.T) {
	for _, base := range []string{"", "/border/desk"} {
		h := publishedAt(t, "https://desk.example"+base)
		for _, path := range []string{"/es/", "/es/?station=ajo", "/es/stories/rain", "/es/status", "/es/stories/gone",
			"/es/nothing"} {
			w := ask(h, "GET", path)
			kept, left := 0, 0
			for _, m := range linkPattern.FindAllStringSubmatch(w.Body.String(), -1) {
				u, err := url.Parse(m[1])
				if err != nil {
					t.Fatal(err)
				}
				switch file := u.Path[strings.LastIndexByte(u.Path, '/')+1:]; {
				case u.Path == "" || u.Host != "" || strings.Contains(file, "."):
					if strings.HasPrefix(u.Path, base+"/es") {
						t.Errorf("%s links to %s", path, m[1])
					}
				case strings.HasPrefix(u.Path, base+"/es/"):
					kept++
				case strings.Contains(m[0], `href="`+base+"/en"+strings.TrimPrefix(path, "/es")+`"`):
					left++
				default:
					t.Errorf("%s links to %s", path, m[1])
				}
			}
			if kept == 0 || left != 1 {
				t.Errorf("%s: %d links in its language, %d to the other", path, kept, left)
			}
		}
	}
}

func TestPagesLeadToThemselvesInTheOtherLanguage(t *testing.T) {
	h := publishedHandler(t)
	for path, want := range map[string]string{
		"/":                          "/es/",
		"/?topic=water-rights":       "/es/?topic=water-rights",
		"/en/?topic=water-rights":    "/es/?topic=water-rights",
		"/stories/rain":              "/es/stories/rain",
		"/stories/gone":              "/es/stories/gone",
		"/status":                    "/es/status",
		"/nothing%22%3E%3Cscript%3E": "/es/nothing%22%3E%3Cscript%3E",
		"/?topic=nothing":            "/es/?topic=nothing",
	} {
		w := ask(h, "GET", path)
		link := `<a href="` + want + `" rel="alternate" hreflang="es" lang="es">Español</a>`
		if !strings.Contains(w.Body.String(), link) {
			t.Errorf("%s does not have %s\n%.1500s", path, link, w.Body)
		}
	}
	if w := ask(h, "GET", "/es/"); !strings.Contains(w.Body.String(),
		`<a href="/en/" rel="alternate" hreflang="en" lang="en">English</a>`) {
		t.Errorf("/es/ does not lead to English: %.1500s", w.Body)
	}
}

// Search engines learn each address under its own name, and all languages of it; of what they are not
// to list they learn no address of ours.
func TestSearchEnginesAreToldEachLanguage(t *testing.T) {
	h := publishedHandler(t)
	for path, canonical := range map[string]string{
		"/": "https://desk.example/", "/es/": "https://desk.example/es/", "/en/": "https://desk.example/en/",
		"/es/?station=ajo": "https://desk.example/es/?station=ajo",
		"/es/stories/rain": "https://ajo.example/rain", "/stories/rain": "https://ajo.example/rain",
		"/nothing": "", "/stories/gone": "",
	} {
		body := ask(h, "GET", path).Body.String()
		if has := strings.Contains(body, `rel="canonical"`); has != (canonical != "") ||
			has && !strings.Contains(body, `<link rel="canonical" href="`+canonical+`">`) {
			t.Errorf("%s: the canonical address is not %q", path, canonical)
		}
		page, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(path, "/es"), "/en"), "#")
		for language, below := range map[string]string{"en": "/en", "es": "/es", "x-default": ""} {
			link := `<link rel="alternate" hreflang="` + language + `" href="https://desk.example` + below + page + `">`
			if strings.Contains(body, link) != (canonical != "") {
				t.Errorf("%s: there %s is not as it should be", path, link)
			}
		}
	}
}

// A client of the real server that follows links sees one desk, in the language that it began in.
func TestAReaderStaysInTheLanguageTheyBeganIn(t *testing.T) {
	server := httptest.NewServer(publishedHandler(t))
	defer server.Close()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	next := "/es/"
	for _, want := range []string{`href="(/es/stories/rain)"`, `href="(/es/)">← Todas las notas`, `href="(/es/status)"`,
		`href="(/es/)">← Todas las notas`} {
		r, err := http.NewRequestWithContext(ctx, "GET", server.URL+next, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Accept-Language", "en")
		response, err := server.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		response.Body.Close()
		m := regexp.MustCompile(want).FindStringSubmatch(string(body))
		if err != nil || response.StatusCode != 200 || m == nil {
			t.Fatalf("%s: %d, %v; no %s", next, response.StatusCode, err, want)
		}
		next = m[1]
	}
}
