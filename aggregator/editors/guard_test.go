package editors

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"fronteras/aggregator/identity"
	"fronteras/aggregator/news"
	"fronteras/aggregator/session"
	"fronteras/store"
)

// newTestSite is a desk of two editors, on a store of its own. The proxy says in the header X-Test-Editor
// who asks.
func newTestSite(t *testing.T) *Site {
	t.Helper()
	settings := &Settings{
		Desk:     news.Site{Title: "Border Desk", Language: "en", URL: "https://desk.example"},
		Stations: []news.Station{{ID: "kmsa", Name: "KMSA Mesilla", Brand: "Radio 91.5"}},
		Editors: []news.DeskEditor{
			{ID: "ana", Name: "Ana Paz", Email: "ana@kmsa.example", Station: "kmsa"},
			{ID: "lee", Name: "Lee Orr", Email: "lee@kmsa.example", Language: "es-MX"},
		},
		URL:   "https://desk.example",
		Proxy: session.Proxy{Header: "X-Test-Editor", From: []netip.Prefix{netip.MustParsePrefix("192.0.2.1/32")}},
		Client: func(r *http.Request) netip.Prefix {
			at := netip.MustParseAddrPort(r.RemoteAddr).Addr()
			return netip.PrefixFrom(at, at.BitLen())
		},
	}
	kept, err := store.Open(filepath.Join(t.TempDir(), "desk.db"), identity.New(identity.Config{}), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := kept.Close(); err != nil {
			t.Error(err)
		}
	})
	return &Site{
		Settings: func() *Settings { return settings }, Sessions: &session.Keeper{Store: kept},
		Log: slog.New(slog.NewTextHandler(t.Output(), nil)),
	}
}

// brokenStore fails to read sessions.
type brokenStore struct{ session.Store }

func (brokenStore) Session([]byte) (*news.Session, error) {
	return nil, errors.New("the store is closed")
}

// brokenSite is a site whose store fails.
func brokenSite(t *testing.T) *Site {
	t.Helper()
	s := newTestSite(t)
	s.Sessions.Store = brokenStore{s.Sessions.Store}
	return s
}

// someToken is the cookie of a session that there is not.
var someToken = "Cookie: __Host-desk=" + strings.Repeat("A", 43)

// ask makes a request of a site: method, path, then headers as "Name: value", and what a form sends.
func ask(s *Site, method, path, form string, headers ...string) *http.Response {
	r := httptest.NewRequest(method, "https://desk.example"+path, strings.NewReader(form))
	if form != "" {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, r)
	return w.Result()
}

func bodyOf(t *testing.T, r *http.Response) string {
	t.Helper()
	text, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

const asAna, asLee = "X-Test-Editor: ana", "X-Test-Editor: lee"

func TestEveryAnswerHasTheSecurityHeaders(t *testing.T) {
	s, panics := newTestSite(t), newTestSite(t)
	panics.Decision = func(uint64) (*news.Decision, error) { panic("out of paper") }
	for name, answer := range map[string]*http.Response{
		"a page":                ask(s, "GET", "/desk/", "", asAna),
		"HEAD":                  ask(s, "HEAD", "/desk/", "", asAna),
		"a redirect":            ask(s, "GET", "/desk/", ""),
		"not signed in":         ask(s, "POST", "/desk/", "a=b"),
		"unknown":               ask(s, "GET", "/desk/none", "", asAna),
		"another site's form":   ask(s, "POST", "/desk/", "a=b", asAna, "Sec-Fetch-Site: cross-site"),
		"another method":        ask(s, "DELETE", "/desk/", "", asAna),
		"the style sheet":       ask(s, "GET", stylePath(), ""),
		"the script":            ask(s, "GET", scriptPath(), ""),
		"too long":              ask(s, "POST", "/desk/", strings.Repeat("a", maxBody+1), asAna),
		"a failure":             ask(brokenSite(t), "GET", "/desk/", "", someToken),
		"a panic":               ask(panics, "GET", "/desk/?done=7", "", asAna),
		"the page to sign in":   ask(s, "GET", "/desk/sign-in", ""),
		"a wrong link":          ask(s, "GET", "/desk/sign-in/none", ""),
		"nobody that is known":  ask(s, "GET", "/desk/", "", "X-Test-Editor: eve"),
		"without a slash":       ask(s, "GET", "/desk", "", asAna),
		"a path with dots":      ask(s, "GET", "/desk/../stories", "", asAna),
		"a form without fields": ask(s, "POST", "/desk/", "", asAna),
	} {
		for header, want := range map[string]string{
			"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; " +
				"img-src 'self' https: http:; media-src 'self' https: http:; form-action 'self'; base-uri 'none'; " +
				"frame-ancestors 'none'",
			"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
		} {
			if got := answer.Header.Get(header); got != want {
				t.Errorf("%s (%s): %s is %q, want %q", name, answer.Status, header, got, want)
			}
		}
	}
}

func TestAnswersHaveTheirStatus(t *testing.T) {
	s := newTestSite(t)
	long := "a=" + strings.Repeat("b", maxBody-2)
	for _, tt := range []struct {
		method, path, form string
		headers            []string
		want               int
	}{
		{"GET", "/desk/", "", []string{asAna}, 200},
		{"HEAD", "/desk/", "", []string{asAna}, 200},
		{"GET", "/desk", "", []string{asAna}, 303},
		{"GET", "/desk/none", "", []string{asAna}, 404},
		{"POST", "/desk/none", "a=b", []string{asAna}, 404},
		{"POST", "/desk/", "a=b", []string{asAna}, 405},
		{"POST", stylePath(), "a=b", nil, 405},
		{"PUT", "/desk/", "", []string{asAna}, 405},
		{"OPTIONS", "/desk/", "", []string{asAna}, 405},
		{"GET", "/desk//", "", []string{asAna}, 404},
		{"GET", "/desk/a/../", "", []string{asAna}, 404},
		{"GET", "/desk/%2e%2e/status", "", []string{asAna}, 404},
		{"GET", "/desk/" + strings.Repeat("a", maxPath), "", []string{asAna}, 404},
		{"POST", "/desk/none", long, []string{asAna}, 404}, // 64 KiB
		{"POST", "/desk/none", long + "x", []string{asAna}, 413},
		{"POST", "/desk/none", "%zz", []string{asAna}, 400},
		{"POST", "/desk/none", "{}", []string{asAna, "Content-Type: application/json"}, 415},
		{"POST", "/desk/none", "a=b", []string{asAna, "Content-Type: text/plain"}, 415},
		{"GET", "/desk/", "", []string{"X-Test-Editor: eve"}, 403},
		{"GET", "/desk/", "", []string{someToken}, 303},
		{"GET", "/desk/sign-in", "", nil, 200},
		{"GET", "/desk/sign-in", "", []string{asAna}, 303},
		{"PUT", "/desk/sign-in", "", nil, 405},
		{"POST", "/desk/sign-in/none", long + "x", nil, 413},
		{"POST", "/desk/sign-in/none", "", []string{"Content-Type: text/plain"}, 410},
		{"POST", "/desk/none", "", []string{asAna, "Content-Type: text/plain"}, 404},
		{"GET", "/desk/sign-out", "", []string{asAna}, 405},
		{"GET", "/desk/sign-out", "", nil, 303},
	} {
		if got := ask(s, tt.method, tt.path, tt.form, tt.headers...).StatusCode; got != tt.want {
			t.Errorf("%s %.40s %.10q %s: %d, want %d", tt.method, tt.path, tt.form, tt.headers, got, tt.want)
		}
	}
}

// Whatever is asked for, who is not signed in gets the same answer.
func TestWhomTheProxyCallsByAnUnknownNameIsNotLedToSignIn(t *testing.T) {
	s := newTestSite(t)
	s.Settings().Send = (&mailbox{}).send
	for _, path := range []string{"/desk/", "/desk/sign-in", "/desk/sign-in?to=/desk/", newLink(t, s, "ana")} {
		for _, method := range []string{"GET", "POST"} {
			if got := ask(s, method, path, "", "X-Test-Editor: eve"); got.StatusCode != 403 || len(got.Cookies()) > 0 {
				t.Errorf("%s %s: %s, %v", method, path, got.Status, got.Cookies())
			}
		}
	}
	if got := ask(s, "GET", stylePath(), "", "X-Test-Editor: eve"); got.StatusCode != 200 {
		t.Errorf("the style of the page that says so: %s", got.Status)
	}
}

func TestWhoIsNotSignedInDoesNotLearnWhatThereIs(t *testing.T) {
	s := newTestSite(t)
	for _, path := range []string{"/desk/", "/desk/none", "/desk/cases/7?a=b", "/desk//x", "/desk/a/../b"} {
		answer := ask(s, "GET", path, "")
		want := "/desk/sign-in?to=" + url.QueryEscape(path)
		if got := answer.Header.Get("Location"); answer.StatusCode != 303 || got != want {
			t.Errorf("%s: %d to %q, want 303 to %q", path, answer.StatusCode, got, want)
		}
		if body := bodyOf(t, answer); body != "" {
			t.Errorf("%s: a body: %q", path, body)
		}
	}
	first := bodyOf(t, ask(s, "POST", "/desk/", "a=b"))
	for _, path := range []string{"/desk/none", "/desk/cases/7", "/desk//x"} {
		answer := ask(s, "POST", path, "a=b")
		if body := bodyOf(t, answer); answer.StatusCode != 401 || body != first {
			t.Errorf("POST %s: %d, %q", path, answer.StatusCode, body)
		}
	}
	if strings.Contains(first, "Decisions") {
		t.Error("who is not signed in sees the navigation")
	}
}

func TestFormsOfOtherSitesAreRefusedWithTheReason(t *testing.T) {
	s := newTestSite(t)
	for _, tt := range []struct {
		headers []string
		refused bool
	}{
		{[]string{"Sec-Fetch-Site: same-origin", "Origin: https://desk.example"}, false},
		{[]string{"Sec-Fetch-Site: none"}, false},
		{[]string{"Sec-Fetch-Site: cross-site"}, true},
		{[]string{"Sec-Fetch-Site: same-site", "Origin: https://evil.desk.example"}, true},
		{[]string{"Sec-Fetch-Site: nonsense"}, true},
		{[]string{"Origin: https://desk.example"}, false},
		{[]string{"Origin: https://evil.example"}, true},
		{[]string{"Origin: null"}, true},
		{[]string{"Origin: https://desk.example.evil.example"}, true},
		{nil, false}, // no browser sends that
	} {
		answer := ask(s, "POST", "/desk/none", "a=b", append(tt.headers, asAna)...)
		if (answer.StatusCode == 403) != tt.refused {
			t.Errorf("%s: %s, refused: want %t", tt.headers, answer.Status, tt.refused)
		}
		if body := bodyOf(t, answer); tt.refused && !strings.Contains(body, "Open the desk at https://desk.example/desk/") {
			t.Errorf("%s: the page does not say why: %s", tt.headers, body)
		}
	}
	// Behind a proxy that changes Host, the origin of editors.url is ours.
	r := httptest.NewRequest("POST", "http://10.0.0.7:8081/desk/none", nil)
	r.Header.Set("Origin", "https://desk.example")
	r.Header.Set("X-Test-Editor", "ana")
	w := httptest.NewRecorder()
	if s.Handler().ServeHTTP(w, r); w.Code != 404 {
		t.Errorf("our own origin, with the host of the proxy's: %d", w.Code)
	}
}

// The origin is compared as browsers write it, however the configuration does.
func TestTheOriginOfTheConfigurationIsWrittenAsBrowsersDo(t *testing.T) {
	for address, want := range map[string]string{
		"https://Desk.Example": "https://desk.example", "https://desk.example:443/border": "https://desk.example",
		"http://127.0.0.1:8080": "http://127.0.0.1:8080", "http://localhost:80": "http://localhost",
		"http://[::1]:8080": "http://[::1]:8080", "https://[2001:db8::1]": "https://[2001:db8::1]",
	} {
		if got := (&Settings{URL: address}).origin(); got != want {
			t.Errorf("%s: %q, want %q", address, got, want)
		}
	}
}

// No answer holds an address that was built of what a request says of its host.
func TestNoAddressIsBuiltOfTheRequestsHost(t *testing.T) {
	s := newTestSite(t)
	for _, path := range []string{"/desk", "/desk/", "/desk/none"} {
		for _, who := range []string{asAna, "X-Other: 1"} {
			r := httptest.NewRequest("GET", path, nil)
			name, value, _ := strings.Cut(who, ": ")
			r.Header.Set(name, value)
			r.Host = "evil.example"
			r.Header.Set("X-Forwarded-Host", "evil.example")
			r.Header.Set("X-Forwarded-Proto", "gopher")
			w := httptest.NewRecorder()
			s.Handler().ServeHTTP(w, r)
			all := w.Body.String() + w.Header().Get("Location")
			if strings.Contains(all, "evil") || strings.Contains(all, "gopher") {
				t.Errorf("%s: %s", path, all)
			}
		}
	}
}

func TestPagesBelowAnotherPathLinkThere(t *testing.T) {
	s := newTestSite(t)
	s.Settings().URL = "https://desk.example/border"
	if got := ask(s, "GET", "/desk/none", "").Header.Get("Location"); got != "/border/desk/sign-in?to=%2Fdesk%2Fnone" {
		t.Errorf("the redirect leads to %q", got)
	}
	body := bodyOf(t, ask(s, "GET", "/desk/", "", asAna))
	for _, m := range regexp.MustCompile(`(?:href|src|action)="([^"]*)"`).FindAllStringSubmatch(body, -1) {
		if !strings.HasPrefix(m[1], "/border/desk/") && m[1] != "#page" {
			t.Errorf("a link to %s", m[1])
		}
	}
}

func TestEveryPageHasTheNavigation(t *testing.T) {
	s := newTestSite(t)
	for who, words := range map[string][]string{
		asAna: {`lang="en"`, ">To decide</a>", ">Stories</a>", ">Stations</a>", ">Decisions</a>", ">Account</a>",
			`aria-label="Search stories"`, ">Search</button>", ">Sign out</button>", "Ana Paz, Radio 91.5"},
		asLee: {`lang="es"`, ">Por decidir</a>", ">Notas</a>", ">Emisoras</a>", ">Decisiones</a>", ">Cuenta</a>",
			`aria-label="Buscar notas"`, ">Buscar</button>", ">Salir</button>", "Lee Orr"},
	} {
		for _, path := range []string{"/desk/", "/desk/none"} {
			body := bodyOf(t, ask(s, "GET", path, "", who))
			for _, word := range words {
				if !strings.Contains(body, word) {
					t.Errorf("%s of %s lacks %s:\n%s", path, who, word, body)
				}
			}
		}
	}
}

func TestTheLanguageIsThePersonsThenTheBrowsersThenTheDesks(t *testing.T) {
	for _, tt := range []struct{ own, accepted, desk, want string }{
		{"es-MX", "en", "en", "es"}, {"", "es-MX,en;q=0.5", "en", "es"}, {"", "", "es", "es"},
		{"", "fr", "es", "es"}, {"", "de-CH, es;q=0.3", "en", "es"}, {"", "fr", "nah", "en"},
		{"", strings.Repeat("es,", 200), "en", "en"}, {"", ";;;q=", "es", "es"}, {"en", "es", "es", "en"},
	} {
		if got := chooseLanguage(tt.own, tt.accepted, tt.desk); got != tt.want {
			t.Errorf("%q, %.20q, %q: %s, want %s", tt.own, tt.accepted, tt.desk, got, tt.want)
		}
	}
}

func TestWhatWasDecidedIsSaidWithItsUndo(t *testing.T) {
	s := newTestSite(t)
	s.Decision = func(n uint64) (*news.Decision, error) {
		switch n {
		case 6:
			noon := time.Date(2026, 10, 2, 12, 0, 0, 0, time.UTC)
			return &news.Decision{Number: 6, Verb: news.Join, Undone: &news.Undoing{Number: 7, Who: "lee", When: noon}}, nil
		case 7:
			return &news.Decision{Number: 7, Verb: news.Join}, nil
		case 8:
			return &news.Decision{Number: 8, Verb: news.Trust}, nil
		}
		return nil, errors.New("there is no such decision")
	}
	body := bodyOf(t, ask(s, "GET", pathDone("/desk/", 7), "", asAna))
	if !strings.Contains(body, `<p role="status">The stories are one now.</p>`) ||
		!strings.Contains(body, `action="/desk/decisions/7/undo"`) {
		t.Errorf("a join: %s", body)
	}
	if body := bodyOf(t, ask(s, "GET", "/desk/?done=8", "", asLee)); !strings.Contains(body, "Se confía") ||
		strings.Contains(body, "/undo") {
		t.Errorf("a trust, which has no undo: %s", body)
	}
	if body := bodyOf(t, ask(s, "GET", "/desk/?done=6", "", asAna)); strings.Contains(body, "one now") ||
		!strings.Contains(body, `<p role="status">Undone by Lee Orr, Oct 2, 2026, 12:00 PM</p>`) || strings.Contains(body, "/undo") {
		t.Errorf("what has been undone since: %s", body)
	}
	for _, made := range []string{"9", "-1", "x", ""} {
		if body := bodyOf(t, ask(s, "GET", "/desk/?done="+made, "", asAna)); strings.Contains(body, "status") {
			t.Errorf("done=%s is believed", made)
		}
	}
}

func TestAnOrderOfAFormSaysWhoDecidesAndWhatWasSeen(t *testing.T) {
	form := url.Values{
		"form": {"once"}, "reason": {" two towns "}, "seen.abc": {"1"}, "seen.def": {"2", "3"}, "do": {"apart"},
	}
	r := &request{Request: &http.Request{PostForm: form}, editor: &news.DeskEditor{ID: "ana"}}
	o := newOrder(r, news.Split)
	if o.Verb != news.Split || o.User != "ana" || o.Via != news.ViaPage || len(o.Form) != 64 || o.Reason != "two towns" ||
		len(o.Seen) != 2 || o.Seen["abc"] != "1" || o.Seen["def"] != "2" {
		t.Errorf("%+v", o)
	}
}

// Phrases are what templates pass to .T, and functions to T, translate, refuse and the like: every text
// in quotation marks that begins with a capital letter, in the files that show something.
func TestEveryPhraseIsThereInSpanishAndNoneIsLeftOver(t *testing.T) {
	found := map[string]bool{}
	pages, err := filepath.Glob("templates/*.html")
	if err != nil || len(pages) == 0 {
		t.Fatal(err)
	}
	inTemplate := regexp.MustCompile(`\.T "((?:[^"\\]|\\.)*)"`)
	for _, path := range pages {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range inTemplate.FindAllStringSubmatch(string(text), -1) {
			if found[m[1]] = true; spanish[m[1]] == "" {
				t.Errorf("%s says %q, which is not in Spanish", path, m[1])
			}
		}
	}
	sources, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	joined := regexp.MustCompile(`"\s*\+\s*"`) // parts of a phrase
	literal := regexp.MustCompile(`"((?:[^"\\]|\\.)*)"`)
	inCall := regexp.MustCompile(`(?:\.T\(|translate\([a-zA-Z.]+, |refuse\(w, r, [a-zA-Z.]+,\s*)"((?:[^"\\]|\\.)*)"`)
	var inCode []string
	for _, path := range sources {
		if strings.HasSuffix(path, "_test.go") || strings.HasPrefix(path, "words") {
			continue
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range literal.FindAllStringSubmatch(joined.ReplaceAllString(string(text), ""), -1) {
			inCode = append(inCode, m[1])
		}
		for _, m := range inCall.FindAllStringSubmatch(joined.ReplaceAllString(string(text), ""), -1) {
			if spanish[m[1]] == "" {
				t.Errorf("%s says %q, which is not in Spanish", path, m[1])
			}
		}
	}
	for phrase, translated := range spanish {
		if !found[phrase] && !slices.Contains(inCode, phrase) {
			t.Errorf("nothing says %q", phrase)
		}
		if strings.Count(phrase, "%") != strings.Count(translated, "%") {
			t.Errorf("%q has other values than %q", phrase, translated)
		}
	}
	for name, phrase := range said {
		if spanish[phrase] == "" {
			t.Errorf("what %q says is not in Spanish", name)
		}
	}
	for verb, sentence := range sentences {
		if spanish[sentence] == "" {
			t.Errorf("what was done by %s is not said in Spanish", verb)
		}
	}
	for _, link := range navigation {
		if spanish[link.Name] == "" {
			t.Errorf("%q is not in Spanish", link.Name)
		}
	}
}
