package feed

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"fronteras/aggregator/news"
)

func TestG5Robots(t *testing.T) {
	for name, test := range map[string]struct {
		text string
		path string
		want bool
	}{
		"nothing said":             {"", "/a", true},
		"all forbidden":            {"User-agent: *\nDisallow: /\n", "/a", false},
		"nothing forbidden":        {"User-agent: *\nDisallow:\n", "/a", true},
		"a part":                   {"User-agent: *\nDisallow: /news/\n", "/news/a", false},
		"beside the part":          {"User-agent: *\nDisallow: /news/\n", "/newsroom", true},
		"the longest decides":      {"User-agent: *\nDisallow: /news/\nAllow: /news/2031/\n", "/news/2031/a", true},
		"of two as long, allow":    {"User-agent: *\nDisallow: /a\nAllow: /a\n", "/a", true},
		"a group of our own":       {"User-agent: *\nDisallow: /\n\nUser-agent: Fronteras\nDisallow: /x\n", "/a", true},
		"our own forbids":          {"User-agent: *\nAllow: /\n\nUser-agent: fronteras/1.0\nDisallow: /\n", "/a", false},
		"several agents, one rule": {"User-agent: other\nUser-agent: *\nDisallow: /a\n", "/a", false},
		"another's group":          {"User-agent: other\nDisallow: /\n", "/a", true},
		"a star":                   {"User-agent: *\nDisallow: /*/print\n", "/2031/print", false},
		"an end":                   {"User-agent: *\nDisallow: /*.php$\n", "/a.php?b=1", true},
		"an end that fits":         {"User-agent: *\nDisallow: /*.php$\n", "/a.php", false},
		"a comment and a mark":     {"\ufeffUser-agent: * # all\nDisallow: /a # this\n", "/a", false},
		"a query":                  {"User-agent: *\nDisallow: /?s=\n", "/?s=rain", false},
	} {
		if have := parseRobots(test.text).allows("https://ajo.example" + test.path); have != test.want {
			t.Errorf("%s: %s is allowed: %t, want %t", name, test.path, have, test.want)
		}
	}
}

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
	var page news.Page
	readHead(&page, "https://ajo.example/2031/02/rain", r.Result())
	return page
}

func TestG3PageHeads(t *testing.T) {
	const original = "https://kmsa.example/2031/02/rain"
	for name, test := range map[string]struct {
		header http.Header
		body   string
		want   news.Page
	}{
		"a canonical link":           {nil, `<html><head><link rel="canonical" href="` + original + `"></head>`, news.Page{Canonical: original}},
		"without quotes, in capital": {nil, `<HTML><LINK REL=Canonical HREF=` + original + `>`, news.Page{Canonical: original}},
		"relative to a base":         {nil, `<head><base href="https://kmsa.example/2031/"><link href="02/rain" rel="nofollow canonical">`, news.Page{Canonical: original}},
		"a header":                   {http.Header{"Link": {`<https://ajo.example/feed>; rel="alternate", <` + original + `>; rel="canonical"`}}, `<head>`, news.Page{Canonical: original}},
		"header and head that agree": {http.Header{"Link": {`<` + original + `>; rel=canonical`}}, `<link rel=canonical href="` + original + `?utm_source=x">`, news.Page{Canonical: original}},
		"two different ones":         {nil, `<link rel=canonical href="` + original + `"><link rel=canonical href="https://ajo.example/2031/02/rain">`, news.Page{}},
		"in the body it is none":     {nil, `<head></head><link rel=canonical href="` + original + `">`, news.Page{}},
		"after the body it is none":  {nil, `<body><link rel=canonical href="` + original + `">`, news.Page{}},
		"in a script it is none":     {nil, `<head><script>"<link rel=canonical href='` + original + `'>"</script>`, news.Page{}},
		"language and NPR's metas":   {nil, `<html lang="es-MX"><meta name="story_id" content="881210034"><meta name="org_id" content="1">`, news.Page{Language: "es-MX", Story: "881210034", Org: "1"}},
		"no page":                    {http.Header{"Content-Type": {"application/pdf"}}, `<link rel=canonical href="` + original + `">`, news.Page{}},
		"not http":                   {nil, `<link rel=canonical href="javascript:alert(1)">`, news.Page{}},
		"beyond the bound":           {nil, `<head>` + strings.Repeat("<meta name=x>", pageSize/13+1) + `<link rel=canonical href="` + original + `">`, news.Page{}},
	} {
		if have := headOf(t, test.header, test.body); have != test.want {
			t.Errorf("%s: %+v, want %+v", name, have, test.want)
		}
	}
}

// free lets every errand go at once.
func free(context.Context, string) (EndErrand, error) { return func(int, http.Header) {}, nil }

// pageReader reads pages from a server of this test's.
func pageReader(t *testing.T, handler http.HandlerFunc) func(path string) (news.Page, error) {
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	p := NewPages(NewClient(ClientOptions{UserAgent: "fronteras/test", Timeout: time.Minute, MaxSize: 1 << 20, PrivateNetworks: true}), free)
	t.Cleanup(p.client.CloseIdle)
	return func(path string) (news.Page, error) {
		return p.Read(t.Context(), PageRequest{
			URL: server.URL + path, Gap: time.Millisecond, Own: func(address string) bool { return strings.HasPrefix(address, server.URL) },
		})
	}
}

func TestG2G4G6PagesAreReadPolitely(t *testing.T) {
	asked := map[string]int{}
	read := pageReader(t, func(w http.ResponseWriter, r *http.Request) {
		asked[r.URL.Path]++
		switch r.URL.Path {
		case "/robots.txt":
			fmt.Fprint(w, "User-agent: *\nDisallow: /private/\n")
		case "/moved":
			http.Redirect(w, r, "/page", http.StatusFound)
		case "/away":
			http.Redirect(w, r, "https://elsewhere.example/2031/02/rain", http.StatusFound)
		case "/busy":
			w.Header().Set("Retry-After", "3600")
			w.WriteHeader(http.StatusServiceUnavailable)
		case "/gone":
			w.WriteHeader(http.StatusGone)
		default:
			w.Header().Set("Content-Type", "text/html")
			fmt.Fprint(w, `<link rel=canonical href="https://kmsa.example/2031/02/rain">`)
		}
	})
	for _, test := range []struct {
		path, canonical, moved string
		status                 int
		err                    error
	}{
		{path: "/page", status: 200, canonical: "https://kmsa.example/2031/02/rain"},
		{path: "/private/page", err: ErrForbidden},
		{path: "/moved", status: 200, canonical: "https://kmsa.example/2031/02/rain", moved: "/page"},
		{path: "/away", status: 302, moved: "https://elsewhere.example/2031/02/rain"},
		{path: "/gone", status: 410},
		{path: "/busy", status: 503},
		{path: "/page", err: ErrNotAsked}, // the host rests
	} {
		page, err := read(test.path)
		if err != test.err || page.Status != test.status || page.Canonical != test.canonical || !strings.HasSuffix(page.Moved, test.moved) {
			t.Errorf("%s: %+v, %v", test.path, page, err)
		}
	}
	for path, want := range map[string]int{"/robots.txt": 1, "/private/page": 0, "/page": 2} {
		if asked[path] != want {
			t.Errorf("%s was asked %d times, want %d", path, asked[path], want)
		}
	}
}

func TestG5G6PagesRestWhereRobotsCannotBeRead(t *testing.T) {
	read := pageReader(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) })
	if _, err := read("/page"); err != ErrNotAsked {
		t.Errorf("a page was asked: %v", err)
	}
}

// What a page says is a stranger's word.
func FuzzReadHead(f *testing.F) {
	f.Add(`<html lang=en><link rel=canonical href="https://kmsa.example/a">`, `<https://kmsa.example/a>; rel="canonical"`)
	f.Add(`<base href="//["><link rel="canonical" href="?%zz">`, `<>;;;rel=,<`)
	f.Fuzz(func(t *testing.T, body, header string) {
		page := headOf(t, http.Header{"Link": {header}}, body)
		if page.Canonical != "" && !strings.HasPrefix(page.Canonical, "http://") && !strings.HasPrefix(page.Canonical, "https://") {
			t.Errorf("canonical %q", page.Canonical)
		}
	})
}

func FuzzRobots(f *testing.F) {
	f.Add("User-agent: *\nDisallow: /*a*b$\n", "/aab")
	f.Fuzz(func(t *testing.T, text, path string) {
		parseRobots(text).allows("https://ajo.example" + path)
	})
}

// A host that was taken when the time was over is let go of.
func TestWhatIsGivenUpLetsGoOfItsHost(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	taken, ended := 0, 0
	errand := func(context.Context, string) (EndErrand, error) {
		taken++
		cancel()
		return func(int, http.Header) { ended++ }, nil
	}
	p := NewPages(NewClient(ClientOptions{UserAgent: "fronteras/test", Timeout: time.Second, MaxSize: 1 << 20, PrivateNetworks: true}), errand)
	if _, err := p.Read(ctx, PageRequest{URL: "http://127.0.0.1:1/page", Own: func(string) bool { return true }}); !errors.Is(err, context.Canceled) {
		t.Errorf("the page: %v", err)
	}
	if taken != 1 || ended != 1 {
		t.Errorf("taken %d times, let go of %d times", taken, ended)
	}
}
