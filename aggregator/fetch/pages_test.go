package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"fronteras/aggregator/news"
)

func TestRobotsRulesAllowOrForbid(t *testing.T) {
	for name, test := range map[string]struct {
		text string
		path string
		want bool
	}{
		"nothing said":          {"", "/a", true},
		"all forbidden":         {"User-agent: *\nDisallow: /\n", "/a", false},
		"nothing forbidden":     {"User-agent: *\nDisallow:\n", "/a", true},
		"a part":                {"User-agent: *\nDisallow: /news/\n", "/news/a", false},
		"next to the part":      {"User-agent: *\nDisallow: /news/\n", "/newsroom", true},
		"the longest decides":   {"User-agent: *\nDisallow: /news/\nAllow: /news/2031/\n", "/news/2031/a", true},
		"of two as long, allow": {"User-agent: *\nDisallow: /a\nAllow: /a\n", "/a", true},
		"a group of our own":    {"User-agent: *\nDisallow: /\n\nUser-agent: Fronteras\nDisallow: /x\n", "/a", true},
		"our own forbids": {"User-agent: *\nAllow: /\n\nUser-agent: fronteras/1.0\nDisallow: /\n", "/a",
			false},
		"several agents, one rule": {"User-agent: other\nUser-agent: *\nDisallow: /a\n", "/a", false},
		"another's group":          {"User-agent: other\nDisallow: /\n", "/a", true},
		"a star":                   {"User-agent: *\nDisallow: /*/print\n", "/2031/print", false},
		"an end":                   {"User-agent: *\nDisallow: /*.php$\n", "/a.php?b=1", true},
		"an end that fits":         {"User-agent: *\nDisallow: /*.php$\n", "/a.php", false},
		"a comment and a mark":     {"\ufeffUser-agent: * # all\nDisallow: /a # this\n", "/a", false},
		"a query":                  {"User-agent: *\nDisallow: /?s=\n", "/?s=rain", false},
	} {
		if have := parseRobots(test.text).allowsAddress("https://ajo.example" + test.path); have != test.want {
			t.Errorf("%s: %s is allowed: %t, want %t", name, test.path, have, test.want)
		}
	}
}

// pageReader reads pages from a server of this test's.
func pageReader(t *testing.T, handler http.HandlerFunc) func(path string) (news.Page, error) {
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	p := NewPages(newClient(t), NewHostLimiter(Limits{}), new(PageServers))
	return func(path string) (news.Page, error) {
		return p.Read(t.Context(), PageRequest{
			URL: server.URL + path, Own: func(address string) bool { return strings.HasPrefix(address, server.URL) },
			ReadHead: readCanonical,
		})
	}
}

// readCanonical takes the body as the canonical address.
func readCanonical(_ string, _ http.Header, body io.Reader) news.Page {
	text, _ := io.ReadAll(body)
	return news.Page{Canonical: string(text)}
}

func TestPagesAreReadAsRobotsAndRestsAllow(t *testing.T) {
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
			fmt.Fprint(w, "https://kmsa.example/2031/02/rain")
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
		if err != test.err || page.Status != test.status || page.Canonical != test.canonical ||
			!strings.HasSuffix(page.Moved, test.moved) {
			t.Errorf("%s: %+v, %v", test.path, page, err)
		}
	}
	for path, want := range map[string]int{"/robots.txt": 1, "/private/page": 0, "/page": 2} {
		if asked[path] != want {
			t.Errorf("%s was asked %d times, want %d", path, asked[path], want)
		}
	}
}

func TestAPageInACodingThatCannotBeReadSaysSo(t *testing.T) {
	read := pageReader(t, func(w http.ResponseWriter, r *http.Request) {
		if coding := strings.TrimPrefix(r.URL.Path, "/"); coding != "robots.txt" {
			w.Header().Set("Content-Encoding", coding)
			fmt.Fprint(w, "<p>Rain falls on Ajo.</p>")
		}
	})
	for coding, want := range map[string]string{
		"identity": "", "br": `its server sends it in a coding that was not asked for: "br"`,
		"gzip": "it is not in gzip, as its server says",
	} {
		page, err := read("/" + coding)
		if err != nil || page.Status != http.StatusOK || page.Failure != want || (page.Canonical == "") != (want != "") {
			t.Errorf("%s: %+v, %v", coding, page, err)
		}
	}
}

func TestPagesRestIfRobotsCannotBeRead(t *testing.T) {
	read := pageReader(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusInternalServerError)
	})
	if _, err := read("/page"); err != ErrNotAsked {
		t.Errorf("a page was asked: %v", err)
	}
}

func FuzzRobots(f *testing.F) {
	f.Add("User-agent: *\nDisallow: /*a*b$\n", "/aab")
	f.Fuzz(func(t *testing.T, text, path string) {
		parseRobots(text).allowsAddress("https://ajo.example" + path)
	})
}

func TestAPageThatIsGivenUpReleasesItsHost(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	server := serve(t, func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	})
	limiter := NewHostLimiter(Limits{})
	_, err := NewPages(newClient(t), limiter, new(PageServers)).Read(ctx,
		PageRequest{URL: server.URL + "/page"})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("the page: %v", err)
	}
	if _, err := limiter.acquireTurn(t.Context(), server.URL, false); err != nil {
		t.Errorf("the host afterwards: %v", err)
	}
}

func TestAPageHostRestsTwoWeeksAtMost(t *testing.T) {
	for _, after := range []string{"Thu, 31 Dec 2099 23:59:59 GMT", "99999999"} {
		server := serve(t, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/robots.txt" {
				http.NotFound(w, r)
				return
			}
			w.Header().Set("Retry-After", after)
			w.WriteHeader(http.StatusTooManyRequests)
		})
		p := NewPages(newClient(t), NewHostLimiter(Limits{}), new(PageServers))
		if page, err := p.Read(t.Context(), PageRequest{URL: server.URL + "/page"}); page.Status != 429 || err != nil {
			t.Fatalf("%+v, %v", page, err)
		}
		rest := time.Until(p.known.lockServer(server.URL, false).restUntil)
		if rest > 14*24*time.Hour || rest < 14*24*time.Hour-time.Minute {
			t.Errorf("after %q the host rests for %v", after, rest)
		}
	}
}
