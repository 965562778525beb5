package command

import (
	"context"
	"encoding/xml"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"fronteras/aggregator/news"
	"fronteras/aggregator/web"
	"fronteras/store"
)

// sampleSite serves the sample desk from a store of its own, as one poll fills it.
func sampleSite(t *testing.T) *httptest.Server {
	t.Helper()
	folder := t.TempDir()
	for _, name := range []string{"config.yaml", "testdata/stations"} {
		if err := copyTree(filepath.Join(root, name), filepath.Join(folder, name)); err != nil {
			t.Fatal(err)
		}
	}
	p := &program{Env: Env{Err: os.Stderr, Getenv: func(string) string { return "" }},
		config: filepath.Join(folder, "config.yaml")}
	c, err := p.loadConfig()
	if err != nil {
		t.Fatal(err)
	}
	a, err := openApp(c, p.Env, store.Options{Wait: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.close(); err != nil {
			t.Error(err)
		}
	})
	site := &web.Site{Store: a.store, Stations: func() []news.Station { return c.Stations }, Unknown: store.ErrUnknown,
		Log: a.log}
	if err := a.startPolling(t.Context(), func(ctx context.Context) { publishDocuments(ctx, a, site) }); err != nil {
		t.Fatal(err)
	}
	if _, _, err := a.running.Poll(t.Context(), ""); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(site.Handler())
	t.Cleanup(server.Close)
	return server
}

var pageLinkPattern = regexp.MustCompile(`<a [^>]*href="(/[^"]*)"`)

// A visitor who follows every link of every page, from the front pages in both languages on, finds no
// address that is not there, and comes by every day that has stories.
func TestEveryLinkOfThePagesLeadsSomewhere(t *testing.T) {
	server := sampleSite(t)
	seen, queue := map[string]bool{}, []string{"/", "/es/", "/en/"}
	for len(queue) > 0 {
		path := queue[0]
		queue = queue[1:]
		if seen[path] || strings.Contains(path, "/search") {
			continue
		}
		seen[path] = true
		body, status := fetchPage(t, server, path)
		if status != http.StatusOK {
			t.Errorf("%s is linked, and answered %d", path, status)
			continue
		}
		if strings.Contains(path, "?") || strings.Contains(path, "/stories/") { // selections have no end
			continue
		}
		for _, m := range pageLinkPattern.FindAllStringSubmatch(body, -1) {
			queue = append(queue, strings.ReplaceAll(m[1], "&amp;", "&"))
		}
	}
	for _, path := range []string{"/days/2025-10-08", "/es/days/2025-10-08", "/en/archive/2025/10", "/es/stations/kmsa",
		"/podcast", "/es/podcast", "/archive/2025", "/status"} {
		if !seen[path] {
			t.Errorf("no link leads to %s", path)
		}
	}
}

// What the sitemap lists is there, says that it may be listed, and names itself.
func TestEveryAddressOfTheSitemapMayBeListed(t *testing.T) {
	server := sampleSite(t)
	type entries struct {
		Files []string `xml:"sitemap>loc"`
		Pages []string `xml:"url>loc"`
	}
	read := func(address string) (e entries) {
		body, status := fetchPage(t, server, pathOf(t, address))
		if err := xml.Unmarshal([]byte(body), &e); err != nil || status != http.StatusOK {
			t.Fatalf("%s: %d, %v", address, status, err)
		}
		return e
	}
	robots, _ := fetchPage(t, server, "/robots.txt")
	_, address, ok := strings.Cut(strings.TrimSpace(robots), "Sitemap: ")
	if !ok {
		t.Fatalf("robots.txt names no sitemap: %s", robots)
	}
	listed := map[string]bool{}
	for _, file := range read(address).Files {
		for _, page := range read(file).Pages {
			if listed[page] {
				t.Errorf("%s is listed twice", page)
			}
			listed[page] = true
			body, status := fetchPage(t, server, pathOf(t, page))
			if status != http.StatusOK || strings.Contains(body, "noindex") ||
				!strings.Contains(body, `<link rel="canonical" href="`+page+`">`) {
				t.Errorf("%s: %d, or not to be listed, or not its own name", page, status)
			}
		}
	}
	if len(listed) < 20 || !listed["https://fronteras.example/days/2025-10-08"] ||
		!listed["https://fronteras.example/stations/kmsa"] {
		t.Errorf("%d pages are listed: %v", len(listed), listed)
	}
}

func pathOf(t *testing.T, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil || u.Host != "fronteras.example" {
		t.Fatalf("%s is no address of the desk: %v", address, err)
	}
	return u.RequestURI()
}

func fetchPage(t *testing.T, server *httptest.Server, path string) (body string, status int) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), "GET", server.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := server.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text), response.StatusCode
}
