package page

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"fronteras/aggregator/news"
)

// headOf reads a page as a server gives it.
func headOf(t *testing.T, header http.Header, body string) news.Page {
	t.Helper()
	r := httptest.NewRecorder()
	for name, values := range header {
		r.Header()[name] = values
	}
	if r.Header().Get("Content-Type") == "" {
		r.Header().Set("Content-Type", "text/html; charset=utf-8")
	}
	fmt.Fprint(r, body)
	answer := r.Result()
	return ReadHead("https://ajo.example/2031/02/rain", answer.Header, answer.Body)
}

func TestReadHeadFindsWhatAPageSaysOfItself(t *testing.T) {
	const original = "https://kmsa.example/2031/02/rain"
	for name, test := range map[string]struct {
		header http.Header
		body   string
		want   news.Page
	}{
		"a canonical link": {nil, `<html><head><link rel="canonical" href="` + original + `"></head>`,
			news.Page{Canonical: original}},
		"without quotes, in capital": {nil, `<HTML><LINK REL=Canonical HREF=` + original + `>`,
			news.Page{Canonical: original}},
		"relative to a base": {nil,
			`<head><base href="https://kmsa.example/2031/"><link href="02/rain" rel="nofollow canonical">`,
			news.Page{Canonical: original}},
		"a header": {http.Header{"Link": {`<https://ajo.example/feed>; rel="alternate", <` +
			original + `>; rel="canonical"`}}, `<head>`, news.Page{Canonical: original}},
		"header and head that agree": {http.Header{"Link": {`<` + original + `>; rel=canonical`}},
			`<link rel=canonical href="` + original + `?utm_source=x">`, news.Page{Canonical: original}},
		"two different ones": {nil, `<link rel=canonical href="` + original +
			`"><link rel=canonical href="https://ajo.example/2031/02/rain">`, news.Page{}},
		"in the body it is none":    {nil, `<head></head><link rel=canonical href="` + original + `">`, news.Page{}},
		"after the body it is none": {nil, `<body><link rel=canonical href="` + original + `">`, news.Page{}},
		"in a script it is none": {nil, `<head><script>"<link rel=canonical href='` + original + `'>"</script>`,
			news.Page{}},
		"language and NPR's metas": {nil,
			`<html lang="es-MX"><meta name="story_id" content="881210034"><meta name="org_id" content="1">`,
			news.Page{Language: "es-MX", Story: "881210034", Org: "1"}},
		"no page": {http.Header{"Content-Type": {"application/pdf"}},
			`<link rel=canonical href="` + original + `">`, news.Page{}},
		"not http": {nil, `<link rel=canonical href="javascript:alert(1)">`, news.Page{}},
		"beyond the bound": {nil, `<head>` + strings.Repeat("<meta name=x>", maxHead/13+1) +
			`<link rel=canonical href="` + original + `">`, news.Page{}},
	} {
		if have := headOf(t, test.header, test.body); have != test.want {
			t.Errorf("%s: %+v, want %+v", name, have, test.want)
		}
	}
}

// What a page says is a stranger's word.
func FuzzReadHead(f *testing.F) {
	f.Add(`<html lang=en><link rel=canonical href="https://kmsa.example/a">`,
		`<https://kmsa.example/a>; rel="canonical"`)
	f.Add(`<base href="//["><link rel="canonical" href="?%zz">`, `<>;;;rel=,<`)
	f.Fuzz(func(t *testing.T, body, header string) {
		page := headOf(t, http.Header{"Link": {header}}, body)
		if page.Canonical != "" && !strings.HasPrefix(page.Canonical, "http://") &&
			!strings.HasPrefix(page.Canonical, "https://") {
			t.Errorf("canonical %q", page.Canonical)
		}
	})
}
