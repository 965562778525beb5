package editors

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"fronteras/aggregator/news"
	"fronteras/aggregator/session"
)

// newServer is a site on a real server at an address of this machine, without a proxy.
func newServer(t *testing.T) (*Site, *httptest.Server) {
	t.Helper()
	s := newTestSite(t)
	server := httptest.NewServer(s.Handler())
	t.Cleanup(server.Close)
	s.Settings().URL, s.Settings().Proxy = server.URL, session.Proxy{}
	return s, server
}

// newBrowser keeps cookies, and follows no redirect.
func newBrowser(t *testing.T) *http.Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}
}

// get and post make a request, and give the answer with its body.
func get(t *testing.T, c *http.Client, address string) (*http.Response, string) {
	t.Helper()
	answer, err := c.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	return answer, bodyOf(t, answer)
}

func post(t *testing.T, c *http.Client, address string, fields url.Values) (*http.Response, string) {
	t.Helper()
	answer, err := c.PostForm(address, fields)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	return answer, bodyOf(t, answer)
}

// newLink makes a link for an editor.
func newLink(t *testing.T, s *Site, who string) string {
	t.Helper()
	token, err := s.Sessions.NewLink(t.Context(), who, session.LinkFromCommand, "")
	if err != nil {
		t.Fatal(err)
	}
	return LinkAddress(s.Settings().URL, token)
}

func TestALinkSignsInWhenItsButtonIsPressed(t *testing.T) {
	s, server := newServer(t)
	link, browser := newLink(t, s, "ana"), newBrowser(t)
	// Who scans mail opens the link, in whatever way, as often as it likes.
	for _, method := range []string{"GET", "HEAD", "GET"} {
		r, err := http.NewRequestWithContext(t.Context(), method, link, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Purpose", "prefetch")
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		body := bodyOf(t, answer)
		answer.Body.Close()
		if answer.StatusCode != 200 || len(answer.Cookies()) > 0 ||
			method == "GET" && strings.Count(body, ">Sign in</button>") != 1 {
			t.Errorf("%s: %s, %q, %s", method, answer.Status, answer.Cookies(), body)
		}
	}
	answer, _ := post(t, browser, link, nil)
	if answer.StatusCode != 303 || answer.Header.Get("Location") != "/desk/" || len(answer.Cookies()) != 1 {
		t.Fatalf("the button: %s, %v", answer.Status, answer.Header)
	}
	if _, body := get(t, browser, server.URL+"/desk/account"); !strings.Contains(body, "Ana Paz, Radio 91.5") ||
		!strings.Contains(body, "this browser") {
		t.Errorf("signed in, the account is %s", body)
	}
	// It works once.
	for _, again := range []*http.Client{browser, newBrowser(t)} {
		if answer, body := post(t, again, link, nil); answer.StatusCode != 410 || len(answer.Cookies()) > 0 ||
			!strings.Contains(body, "This link does not work") {
			t.Errorf("again: %s, %s", answer.Status, body)
		}
	}
	// And the session lasts until it is signed out.
	if answer, _ := post(t, browser, server.URL+"/desk/sign-out", nil); answer.StatusCode != 303 {
		t.Errorf("signing out: %s", answer.Status)
	}
	if answer, _ := get(t, browser, server.URL+"/desk/account"); answer.StatusCode != 303 {
		t.Errorf("signed out, the account is %s", answer.Status)
	}
}

func TestASessionThatWasTakenIsOfNoUseAfterSigningOut(t *testing.T) {
	s, server := newServer(t)
	browser := newBrowser(t)
	answer, _ := post(t, browser, newLink(t, s, "ana"), nil)
	taken := answer.Cookies()[0]
	if _, body := post(t, browser, server.URL+"/desk/sign-out", nil); body != "" {
		t.Fatal(body)
	}
	thief := newBrowser(t)
	thief.Jar.SetCookies(mustParse(t, server.URL), []*http.Cookie{taken})
	if answer, _ := get(t, thief, server.URL+"/desk/"); answer.StatusCode != 303 {
		t.Errorf("a copy of the cookie: %s", answer.Status)
	}
}

func mustParse(t *testing.T, address string) *url.URL {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// What a browser had before it signed in is not its session then (session fixation).
func TestTheCookieFromBeforeIsNotTheSession(t *testing.T) {
	s, server := newServer(t)
	chosen := strings.Repeat("A", 43)
	browser := newBrowser(t)
	browser.Jar.SetCookies(mustParse(t, server.URL), []*http.Cookie{{Name: "desk", Value: chosen, Path: "/"}})
	answer, _ := post(t, browser, newLink(t, s, "ana"), nil)
	if c := answer.Cookies(); len(c) != 1 || c[0].Value == chosen {
		t.Fatalf("cookies %v", c)
	}
	attacker := newBrowser(t)
	attacker.Jar.SetCookies(mustParse(t, server.URL), []*http.Cookie{{Name: "desk", Value: chosen, Path: "/"}})
	if answer, _ := get(t, attacker, server.URL+"/desk/"); answer.StatusCode != 303 {
		t.Errorf("the chosen cookie: %s", answer.Status)
	}
}

func TestALinkIsNotOpenedFromAnotherSite(t *testing.T) {
	s, _ := newServer(t)
	link := newLink(t, s, "ana")
	for _, header := range []string{"Sec-Fetch-Site: cross-site", "Origin: https://evil.example"} {
		r, err := http.NewRequestWithContext(t.Context(), "POST", link, nil)
		if err != nil {
			t.Fatal(err)
		}
		name, value, _ := strings.Cut(header, ": ")
		r.Header.Set(name, value)
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		if answer.StatusCode != 403 || len(answer.Cookies()) > 0 {
			t.Errorf("%s: %s", header, answer.Status)
		}
	}
	if answer, _ := post(t, newBrowser(t), link, nil); answer.StatusCode != 303 {
		t.Errorf("then it does not work any more: %s", answer.Status)
	}
}

func TestNobodyEndsTheSessionsOfOthers(t *testing.T) {
	s, server := newServer(t)
	ana, lee, elsewhere := newBrowser(t), newBrowser(t), newBrowser(t)
	for browser, who := range map[*http.Client]string{ana: "ana", lee: "lee", elsewhere: "ana"} {
		if answer, _ := post(t, browser, newLink(t, s, who), nil); answer.StatusCode != 303 {
			t.Fatal(answer.Status)
		}
	}
	_, body := get(t, lee, server.URL+"/desk/account")
	end := regexp.MustCompile(`action="(/desk/account/sessions/[0-9a-f]+/end)"`)
	of := end.FindAllStringSubmatch(body, -1)
	if len(of) != 1 || !strings.Contains(body, ">Terminar</button>") {
		t.Fatalf("lee sees %d sessions: %s", len(of), body)
	}
	if answer, _ := post(t, ana, server.URL+of[0][1], nil); answer.StatusCode != 303 {
		t.Error(answer.Status)
	}
	if answer, _ := get(t, lee, server.URL+"/desk/account"); answer.StatusCode != 200 {
		t.Errorf("ana ended lee's session: %s", answer.Status)
	}
	// Ana ends the other one of her own, and stays signed in.
	_, body = get(t, ana, server.URL+"/desk/account")
	for row := range strings.SplitSeq(body, "<li>") {
		if m := end.FindStringSubmatch(row); m != nil && !strings.Contains(row, "this browser") {
			answer, _ := post(t, ana, server.URL+m[1], nil)
			_, body := get(t, ana, server.URL+answer.Header.Get("Location"))
			if !strings.Contains(body, `<p role="status">The session has ended.</p>`) {
				t.Errorf("after that: %s", body)
			}
		}
	}
	if answer, _ := get(t, elsewhere, server.URL+"/desk/"); answer.StatusCode != 303 {
		t.Errorf("the other session goes on: %s", answer.Status)
	}
	if answer, _ := post(t, ana, server.URL+"/desk/account/end", nil); answer.Header.Get("Location") != "/desk/sign-in" {
		t.Errorf("ending all: %v", answer.Header)
	}
	if answer, _ := get(t, ana, server.URL+"/desk/"); answer.StatusCode != 303 {
		t.Errorf("signed out everywhere: %s", answer.Status)
	}
}

func TestKeysAreTurnedOffInOneBrowser(t *testing.T) {
	s, server := newServer(t)
	browser := newBrowser(t)
	post(t, browser, newLink(t, s, "ana"), nil)
	for _, tt := range []struct{ keys, says, button, body string }{
		{"off", "The keys are off.", "Turn keys on", `<body data-keys="off">`},
		{"on", "The keys are on.", "Turn keys off", "<body>"},
	} {
		answer, _ := post(t, browser, server.URL+"/desk/account/keys", url.Values{"keys": {tt.keys}})
		_, body := get(t, browser, server.URL+answer.Header.Get("Location"))
		for _, want := range []string{tt.says, tt.button, tt.body} {
			if !strings.Contains(body, want) {
				t.Errorf("%s: no %q in %s", tt.keys, want, body)
			}
		}
	}
}

// mailbox is what was mailed.
type mailbox struct {
	mu    sync.Mutex
	sent  []string // the address, the subject and the text
	fails error
}

func (m *mailbox) send(_ context.Context, to, subject, text string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.sent = append(m.sent, to+"\n"+subject+"\n"+text)
	return m.fails
}

const aLink = `https://desk\.example(/desk/sign-in/[\w-]{43})`

func TestALinkIsMailedToEditorsAndNobodyLearnsWhoTheyAre(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, mails := newTestSite(t), &mailbox{}
		s.Settings().Send = mails.send
		page := bodyOf(t, ask(s, "GET", "/desk/sign-in?to=/desk/cases/7", ""))
		for _, want := range []string{
			`<label for="email">Email</label>`, ">Send me a link</button>", `value="/desk/cases/7"`,
		} {
			if !strings.Contains(page, want) {
				t.Errorf("the page lacks %q: %s", want, page)
			}
		}
		var answers []string
		for _, email := range []string{"lee@kmsa.example", "eve@kmsa.example", "LEE@kmsa.example"} {
			begun := time.Now()
			answer := ask(s, "POST", "/desk/sign-in", url.Values{"email": {email}, "to": {"/desk/cases/7"}}.Encode())
			if took := time.Since(begun); took != 0 { // the clock stands still unless something is waited for
				t.Errorf("%s waits %s", email, took)
			}
			answer.Header.Del("Date")
			answers = append(answers, fmt.Sprint(answer.StatusCode, answer.Header, bodyOf(t, answer)))
			synctest.Wait()
		}
		if answers[0] != answers[1] || answers[0] != answers[2] {
			t.Errorf("an unknown address has another answer: %q", answers)
		}
		if body := bodyOf(t, ask(s, "GET", "/desk/sign-in?sent=1", "")); !strings.Contains(body, `<p role="status">If this`) {
			t.Errorf("after that: %s", body)
		}
		time.Sleep(time.Second) // for what is mailed
		synctest.Wait()
		const begins = "lee@kmsa.example\n[Border Desk] Entrar\nAbra este enlace"
		if len(mails.sent) != 2 || !strings.HasPrefix(mails.sent[0], begins) ||
			!strings.Contains(mails.sent[0], "15 minutos") {
			t.Fatalf("mailed: %q", mails.sent)
		}
		m := regexp.MustCompile(aLink).FindStringSubmatch(mails.sent[0])
		if answer := ask(s, "POST", m[1], ""); answer.StatusCode != 303 ||
			answer.Header.Get("Location") != "/desk/cases/7" || answer.Cookies()[0].Name != "__Host-desk" {
			t.Errorf("the mailed link: %s, %v", answer.Status, answer.Header)
		}
		time.Sleep(15 * time.Minute)
		if m := regexp.MustCompile(aLink).FindStringSubmatch(mails.sent[1]); ask(s, "POST", m[1], "").StatusCode != 410 {
			t.Error("a mailed link works after 15 minutes")
		}
	})
}

// The answer does not wait for the mail server, so it takes no longer where there is something to mail.
// An address that Unicode folds into an editor's is another: it is counted by itself, so it gets no mail.
func TestNoOtherSpellingOfAnAddressIsMailedMoreOften(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, mails := newTestSite(t), &mailbox{}
		s.Settings().Send = mails.send
		for _, email := range []string{
			"ana@kmsa.example", "ANA@kmsa.example", "ana@KMSA.example", "ana@kmſa.example", "ana@\u212amsa.example",
			"ana@\u212amſa.example", "Ana@kmsa.example",
		} {
			ask(s, "POST", "/desk/sign-in", url.Values{"email": {email}}.Encode())
			synctest.Wait()
		}
		time.Sleep(time.Second) // for what is mailed
		synctest.Wait()
		if len(mails.sent) != 3 {
			t.Errorf("%d links were mailed", len(mails.sent))
		}
	})
}

func TestTheAnswerDoesNotWaitForTheMail(t *testing.T) {
	s, begun, may := newTestSite(t), make(chan bool), make(chan bool)
	s.Settings().Send = func(context.Context, string, string, string) error {
		begun <- true
		<-may
		return nil
	}
	if answer := ask(s, "POST", "/desk/sign-in", "email=ana%40kmsa.example"); answer.StatusCode != 303 {
		t.Error(answer.Status)
	}
	<-begun // after the answer
	close(may)
}

func TestLinksThatLeadElsewhereLeadToTheDesk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, to := range []string{"//evil.example/desk/", `/desk/\evil.example`, "/status", "https://evil.example/desk/",
			"/desk/sign-in", "/desk/sign-out", ""} {
			s, mails := newTestSite(t), &mailbox{}
			s.Settings().Send = mails.send
			if body := bodyOf(t, ask(s, "GET", "/desk/sign-in?to="+url.QueryEscape(to), "")); strings.Contains(body, "evil") {
				t.Errorf("the page holds %q", to)
			}
			ask(s, "POST", "/desk/sign-in", url.Values{"email": {"ana@kmsa.example"}, "to": {to}}.Encode())
			time.Sleep(time.Second)
			synctest.Wait()
			m := regexp.MustCompile(aLink).FindStringSubmatch(strings.Join(mails.sent, ""))
			if m == nil {
				t.Fatalf("%q: nothing is mailed", to)
			}
			if got := ask(s, "POST", m[1], "").Header.Get("Location"); got != "/desk/" {
				t.Errorf("%q leads to %q", to, got)
			}
			if got := ask(s, "GET", "/desk/sign-in?to="+url.QueryEscape(to), "", asAna).Header.Get("Location"); got != "/desk/" {
				t.Errorf("%q of who is signed in leads to %q", to, got)
			}
		}
	})
}

func TestAnEmailThatIsNoneIsAskedForAgain(t *testing.T) {
	s, mails := newTestSite(t), &mailbox{}
	s.Settings().Send = mails.send
	for _, email := range []string{"", "  ", "ana", strings.Repeat("a", 250) + "@kmsa.example"} {
		answer := ask(s, "POST", "/desk/sign-in", url.Values{"email": {email}}.Encode())
		body := bodyOf(t, answer)
		if answer.StatusCode != 422 || !strings.Contains(body, `aria-invalid="true" aria-describedby="wrong"`) ||
			!strings.Contains(body, `id="wrong">Type your email`) || !strings.Contains(body, `value="`+email+`"`) {
			t.Errorf("%.10q: %s, %s", email, answer.Status, body)
		}
	}
}

func TestWithoutMailNoLinkCanBeAskedFor(t *testing.T) {
	s := newTestSite(t)
	if body := bodyOf(t, ask(s, "GET", "/desk/sign-in", "")); strings.Contains(body, "<form") ||
		!strings.Contains(body, "fronteras editor add") {
		t.Errorf("the page: %s", body)
	}
	if answer := ask(s, "POST", "/desk/sign-in", "email=ana%40kmsa.example"); answer.StatusCode != 404 {
		t.Error(answer.Status)
	}
}

func TestWhoTriesTooOftenWaitsAndAValidLinkStillWorks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, mails := newTestSite(t), &mailbox{}
		s.Settings().Send = mails.send
		link := strings.TrimPrefix(newLink(t, s, "ana"), "https://desk.example")
		for n := range 10 { // in whatever way
			method := []string{"GET", "POST"}[n%2]
			if answer := ask(s, method, "/desk/sign-in/"+strings.Repeat("A", 43), ""); answer.StatusCode != 410 {
				t.Fatalf("wrong token %d: %s", n+1, answer.Status)
			}
		}
		for _, request := range [][2]string{
			{"POST", "/desk/sign-in/none"}, {"GET", "/desk/sign-in/none"}, {"POST", "/desk/sign-in"},
		} {
			answer := ask(s, request[0], request[1], "email=ana%40kmsa.example")
			if answer.StatusCode != 429 || answer.Header.Get("Retry-After") != "60" {
				t.Errorf("%s: %s, Retry-After %q", request, answer.Status, answer.Header.Get("Retry-After"))
			}
		}
		if answer := ask(s, "GET", link, ""); answer.StatusCode != 200 {
			t.Errorf("a valid link: %s", answer.Status)
		}
		if answer := ask(s, "POST", link, ""); answer.StatusCode != 303 {
			t.Errorf("a valid link: %s", answer.Status)
		}
		time.Sleep(time.Minute)
		for n := range 4 {
			answer := ask(s, "POST", "/desk/sign-in", "email=eve%40kmsa.example")
			if wait := answer.Header.Get("Retry-After"); n < 3 && answer.StatusCode != 303 ||
				n == 3 && (answer.StatusCode != 429 || wait != "3600") {
				t.Errorf("request %d for an unknown address: %s, Retry-After %q", n+1, answer.Status, wait)
			}
		}
		synctest.Wait()
	})
}

func TestTenThousandWrongTokensCostNoMemory(t *testing.T) {
	s := newTestSite(t)
	s.Settings().Client = func(r *http.Request) netip.Prefix {
		at := netip.MustParseAddr(r.Header.Get("X-Forwarded-For"))
		return netip.PrefixFrom(at, at.BitLen())
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for n := range 10_000 {
		at := netip.AddrFrom4([4]byte{10, 0, byte(n >> 8), byte(n)}).String()
		ask(s, "HEAD", "/desk/sign-in/"+strings.Repeat("A", 43), "", "X-Forwarded-For: "+at)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	const most = 4 << 20
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > most {
		t.Errorf("%d bytes are kept of ten thousand wrong tokens", grown)
	}
}

// Neither what is tried nor what fails leaves a token or a mail address in the log.
func TestTheLogHasNoTokenAndNoAddress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		var mu sync.Mutex
		s := newTestSite(t)
		s.Log = slog.New(slog.NewTextHandler(writer(func(b []byte) (int, error) {
			mu.Lock()
			defer mu.Unlock()
			return log.Write(b)
		}), &slog.HandlerOptions{Level: slog.LevelDebug}))
		mails := &mailbox{fails: errors.New("550 no mailbox ana@kmsa.example")}
		s.Settings().Send = mails.send
		ask(s, "POST", "/desk/sign-in", "email=ana%40kmsa.example")
		time.Sleep(time.Second)
		synctest.Wait()
		link := strings.TrimPrefix(newLink(t, s, "lee"), "https://desk.example")
		answer := ask(s, "POST", link, "")
		s.Sessions.Store = brokenStore{s.Sessions.Store}
		ask(s, "GET", "/desk/", "", "Cookie: __Host-desk="+answer.Cookies()[0].Value)
		mu.Lock()
		defer mu.Unlock()
		text := log.String()
		if !strings.Contains(text, "mailing a sign-in link failed") || !strings.Contains(text, "the store is closed") {
			t.Errorf("nothing of the failures is logged: %s", text)
		}
		for _, secret := range []string{"ana@kmsa.example", link[len("/desk/sign-in/"):], answer.Cookies()[0].Value} {
			if strings.Contains(text, secret) {
				t.Errorf("the log holds %s: %s", secret, text)
			}
		}
	})
}

type writer func([]byte) (int, error)

func (w writer) Write(b []byte) (int, error) { return w(b) }

// The page of a link loads our own files alone, and tells none where it was.
func TestTheTokenOfALinkIsToldToNobody(t *testing.T) {
	s, _ := newServer(t)
	link := newLink(t, s, "ana")
	answer, body := get(t, newBrowser(t), link)
	if answer.Header.Get("Referrer-Policy") != "no-referrer" {
		t.Error("links of the page tell where it was")
	}
	for _, m := range regexp.MustCompile(`(?:href|src|action)="([^"]*)"`).FindAllStringSubmatch(body, -1) {
		if !strings.HasPrefix(m[1], "/desk/") && m[1] != "#page" {
			t.Errorf("the page loads %s", m[1])
		}
	}
}

func TestTheLinkInAMailIsInTheEditorsLanguage(t *testing.T) {
	desk := news.Site{Title: "Border Desk", Titles: map[string]string{"es": "Mesa de la Frontera"}, Language: "en"}
	for language, want := range map[string][2]string{
		"": {"[Border Desk] Sign in", "Open this link to sign in to Border Desk as Ana Paz:\n\nhttps://x\n\n" +
			"It works once, within 24 hours. If you did not ask for it, you need do nothing.\n"},
		"es": {"[Mesa de la Frontera] Entrar", "Abra este enlace para entrar en Mesa de la Frontera como Ana Paz:\n\n" +
			"https://x\n\nFunciona una vez, durante 24 horas. Si no lo ha pedido, no tiene que hacer nada.\n"},
	} {
		subject, text := LinkMail(desk, news.DeskEditor{Name: "Ana Paz", Language: language}, "https://x",
			session.LinkFromCommand)
		if subject != want[0] || text != want[1] {
			t.Errorf("%q: %q, %q", language, subject, text)
		}
	}
}

func TestBrowsersAreNamedInAFewWords(t *testing.T) {
	for agent, want := range map[string]string{
		"Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0": "Firefox, Linux",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 " +
			"Mobile/15E148 Safari/604.1": "Safari, iPhone",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36 " +
			"Edg/130.0.0.0": "Edge, Windows",
		"Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 " +
			"Mobile Safari/537.36": "Chrome, Android",
		"curl/8.9.1":  "curl/8.9.1",
		"":            "A browser that does not say its name",
		"Mozilla/5.0": "A browser that does not say its name",
	} {
		if got := BrowserName(agent); got != want {
			t.Errorf("%.40q: %q, want %q", agent, got, want)
		}
	}
}

func TestALinkIsShownInTheLanguageOfItsEditor(t *testing.T) {
	s, _ := newServer(t)
	for who, want := range map[string]string{"lee": ">Entrar</button>", "ana": ">Sign in</button>"} {
		if _, body := get(t, newBrowser(t), newLink(t, s, who)); !strings.Contains(body, want) {
			t.Errorf("%s: without %q: %s", who, want, body)
		}
	}
}
