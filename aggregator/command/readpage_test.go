package command

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// storyPage is an article page with forty words and more in an element of a class.
func storyPage(class string) string {
	return `<!DOCTYPE html><html lang="en"><head><title>Wells run dry</title>
<meta name="description" content="Forty households along the Ajo road haul their water."></head><body>
<article><h1>Wells run dry</h1><p class="byline">By Ana Ruiz</p><time datetime="2026-02-04T14:05:00">Feb. 4</time>
<div class="` + class + `"><p>` + strings.Repeat("Forty households along the Ajo road haul their water. ", 6) + `</p>
<p class="donate">Give today, and the wells of news will not run dry.</p></div></article></body></html>`
}

// runLine runs a command line with a configuration and returns what it printed, and its exit code.
func runLine(t *testing.T, configuration string, args ...string) (out, said string, code int) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	env := Env{In: strings.NewReader(""), Out: &stdout, Err: &stderr, Getenv: func(string) string { return "" }}
	if configuration != "" {
		path := filepath.Join(t.TempDir(), "desk.yaml")
		if err := os.WriteFile(path, []byte(configuration), 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, "--config", path)
	}
	code = Run(t.Context(), args, env)
	return stdout.String(), stderr.String(), code
}

// A page at an address is asked for as the daemon asks: as robots.txt allows, on the hosts of the
// station whose address it is, and read with its selectors and in its time zone.
func TestReadPageAsksAsTheDaemonDoes(t *testing.T) {
	var agents []string
	elsewhere := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		t.Error("another host was asked")
	}))
	defer elsewhere.Close()
	station := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		agents = append(agents, r.UserAgent())
		switch r.URL.Path {
		case "/robots.txt":
			_, _ = w.Write([]byte("User-agent: *\nDisallow: /closed\n"))
		case "/old":
			http.Redirect(w, r, "/2026/wells", http.StatusMovedPermanently)
		case "/2026/wells":
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = w.Write([]byte(storyPage("story-of-the-day")))
		case "/closed":
			t.Error("a page was asked for that robots.txt closes")
		case "/away":
			http.Redirect(w, r, strings.Replace(elsewhere.URL, "127.0.0.1", "localhost", 1)+"/x", http.StatusFound)
		case "/busy":
			w.WriteHeader(http.StatusServiceUnavailable)
		case "/document":
			w.Header().Set("Content-Type", "application/pdf")
			_, _ = w.Write([]byte("%PDF-1.7"))
		case "/large":
			w.Header().Set("Content-Type", "text/html")
			_, _ = w.Write(bytes.Repeat([]byte("<p>Rain falls on Ajo</p>\n"), 100_000))
		default:
			http.NotFound(w, r)
		}
	}))
	defer station.Close()
	configuration := `desk: {title: Test Desk, url: 'https://desk.example'}
poll: {private_networks: true}
stations:
  - {id: kmsa, name: KMSA, url: '` + station.URL + `', timezone: America/Phoenix, text: page,
     page: {body: .story-of-the-day, drop: [.donate]}, feeds: [{url: '` + station.URL + `/rss'}]}
`
	out, said, code := runLine(t, configuration, "read", "--page", station.URL+"/old", "--json")
	if code != 0 || said != "" {
		t.Fatalf("%d: %s", code, said)
	}
	var shown shownPage
	if err := json.Unmarshal([]byte(out), &shown); err != nil {
		t.Fatal(err)
	}
	if shown.URL != station.URL+"/2026/wells" || shown.Verdict != "used" || shown.Way != "config" || shown.Words != 54 ||
		shown.From["content"] != "config" || shown.From["title"] != "h1" || shown.Entry.Title != "Wells run dry" ||
		shown.Entry.Published.Hour() != 21 || strings.Contains(shown.Entry.Content, "Give today") {
		t.Errorf("%s", out)
	}
	for _, agent := range agents {
		if !strings.HasPrefix(agent, "fronteras/") {
			t.Errorf("asked as %q", agent)
		}
	}
	for path, reason := range map[string]string{
		"/closed": "robots.txt", "/away": "leads off", "/busy": "503", "/nothing": "404",
		"/document": "not an HTML page", "/large": "bytes of an article page",
	} {
		out, said, code := runLine(t, configuration, "read", "--page", station.URL+path)
		if code != exitFailed || out != "" || !strings.Contains(said, reason) {
			t.Errorf("%s: %d: %s%s", path, code, out, said)
		}
	}
	station.Close()
	if _, said, code := runLine(t, configuration, "read", "--page", station.URL+"/2026/wells"); code != exitFailed ||
		!strings.Contains(said, "could not be asked") {
		t.Errorf("%d: %s", code, said)
	}
}

// Each key is there whatever was found, but the way of a text that was not; a text that is not used
// is not shown.
func TestReadPageShowsEachKey(t *testing.T) {
	folder := t.TempDir()
	for name, body := range map[string]string{
		"nothing.html": `<!DOCTYPE html><title>Rain</title>`,
		"short.html":   `<!DOCTYPE html><h1>Rain falls on Ajo</h1><div class="entry-content"><p>It rained in Ajo today.</p></div>`,
		"wrong.html": strings.ReplaceAll(storyPage("entry-content"), "Forty households along the Ajo road haul their water.\"",
			"Pianists gathered yesterday beside Bisbee's orchestra.\""),
		"used.html": storyPage("entry-content"),
	} {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(strings.ReplaceAll(body, "<h1>Wells run dry</h1>", "<h1>"+
			map[bool]string{true: "Pianists honor their teacher", false: "Wells run dry"}[name == "wrong.html"]+"</h1>")),
			0o600); err != nil {
			t.Fatal(err)
		}
		out, said, code := runLine(t, "", "read", "--page", path, "--address", "https://kmsa.example/rain", "--json")
		if code != 0 {
			t.Fatalf("%s: %d: %s", name, code, said)
		}
		var keys map[string]json.RawMessage
		if err := json.Unmarshal([]byte(out), &keys); err != nil {
			t.Fatal(err)
		}
		for _, key := range []string{"url", "verdict", "reason", "words", "entry", "corrections", "from", "cut"} {
			if value := string(keys[key]); value == "" || value == "null" {
				t.Errorf("%s: %s is %q", name, key, value)
			}
		}
		want := map[string]string{
			"nothing.html": "short", "short.html": "short", "wrong.html": "wrong", "used.html": "used",
		}[name]
		if got := string(keys["verdict"]); got != `"`+want+`"` {
			t.Errorf("%s: %s, want %s: %s", name, got, want, out)
		}
		if has := strings.Contains(out, `"content"`); has != (want == "used") {
			t.Errorf("%s: content is shown: %t", name, has)
		}
		if (string(keys["reason"]) == `""`) != (want == "used") {
			t.Errorf("%s: %s", name, keys["reason"])
		}
	}
}

// A station gives only what is its own: of another's story the page is evidence alone.
func TestReadPageSaysWhoseStoryAPageShows(t *testing.T) {
	const configuration = "desk: {title: Test Desk, url: 'https://desk.example', contact: desk@desk.example}\n" +
		"stations:\n  - {id: kmsa, name: KMSA, url: 'https://kmsa.example', text: page, " +
		"feeds: [{url: 'https://kmsa.example/rss'}]}\n"
	for name, test := range map[string]struct{ address, byline, below, want string }{
		"the station's own":           {"https://kmsa.example/wells", "By Ana Ruiz", "", ""},
		"a network's by its byline":   {"https://kmsa.example/wells", "By Ana Ruiz, NPR", "", "the story is NPR's: the page is evidence alone"},
		"a network's by its rights":   {"https://kmsa.example/wells", "By Ana Ruiz", "<p>Copyright 2031 NPR</p>", "the story is NPR's: the page is evidence alone"},
		"nobody's that is configured": {"https://delta.example/wells", "By Ana Ruiz, NPR", "", ""},
	} {
		file := filepath.Join(t.TempDir(), "page.html")
		text := strings.Replace(storyPage("entry-content"), "By Ana Ruiz", test.byline, 1)
		text = strings.Replace(text, `<p class="donate">`, test.below+`<p class="donate">`, 1)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		out, said, code := runLine(t, configuration, "read", "--page", file, "--address", test.address, "--json")
		var have shownPage
		if err := json.Unmarshal([]byte(out), &have); err != nil || code != 0 {
			t.Fatalf("%s: exit %d, %v: %s", name, code, err, said)
		}
		if have.Verdict != "used" || have.Reason != test.want {
			t.Errorf("%s: %s, %q, want %q", name, have.Verdict, have.Reason, test.want)
		}
	}
}
