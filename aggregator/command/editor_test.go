package command

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

// editorDesk is a desk with editors, in a folder of its own.
type editorDesk struct {
	t      *testing.T
	file   string
	public string // its address
}

// newEditorDesk writes a configuration with a section of editors.
func newEditorDesk(t *testing.T) *editorDesk {
	t.Helper()
	port, err := freePort()
	if err != nil {
		t.Fatal(err)
	}
	return &editorDesk{t, filepath.Join(t.TempDir(), "config.yaml"), "http://127.0.0.1:" + port}
}

// configure writes the configuration with some editors' keys.
func (d *editorDesk) configure(editors string) {
	d.t.Helper()
	text := fmt.Sprintf("desk: {title: Test Desk, url: '%s'}\nlisten: %s\nstations: [{id: ajo, name: Radio Ajo, feeds: "+
		"[{url: 'file:ajo.xml'}]}]\n%s\n", d.public, strings.TrimPrefix(d.public, "http://"), editors)
	if err := os.WriteFile(d.file, []byte(text), 0o600); err != nil {
		d.t.Fatal(err)
	}
}

// serve runs the daemon, and gives what sends it a signal.
func (d *editorDesk) serve() (signal func(os.Signal), stop func()) {
	d.t.Helper()
	feed := `<rss version="2.0"><channel><title>Radio Ajo</title><item><title>Rain at last</title>` +
		`<link>https://ajo.example/rain</link><guid>https://ajo.example/?p=1</guid></item></channel></rss>`
	if err := os.WriteFile(filepath.Join(filepath.Dir(d.file), "ajo.xml"), []byte(feed), 0o600); err != nil {
		d.t.Fatal(err)
	}
	c := command([]string{"fronteras", "serve", "--config", d.file})
	var log bytes.Buffer
	c.Stderr = &log
	if err := c.Start(); err != nil {
		d.t.Fatal(err)
	}
	ended := false
	stop = func() {
		if ended {
			return
		}
		ended = true
		_ = c.Process.Signal(syscall.SIGTERM)
		if err := c.Wait(); err != nil || d.t.Failed() {
			d.t.Errorf("%v; the daemon said: %s", err, log.String())
		}
		for _, secret := range []string{"@kmsa.example", "/desk/sign-in/"} {
			if strings.Contains(log.String(), secret) {
				d.t.Errorf("the log holds %s: %s", secret, log.String())
			}
		}
	}
	d.t.Cleanup(stop)
	if !eventually(func() bool { code, _ := d.get(nil, d.public+"/livez"); return code == http.StatusOK }) {
		d.t.Fatalf("the daemon does not answer: %s", log.String())
	}
	return func(s os.Signal) {
		if err := c.Process.Signal(s); err != nil {
			d.t.Error(err)
		}
	}, stop
}

// run runs a command, and gives its exit code and what it printed.
func (d *editorDesk) run(args ...string) (int, string) {
	d.t.Helper()
	var out, errs bytes.Buffer
	code := Run(d.t.Context(), append(args, "--config", d.file),
		Env{In: strings.NewReader(""), Out: &out, Err: &errs, Getenv: func(string) string { return "" }})
	return code, out.String() + errs.String()
}

// get makes a request with a browser's cookies and headers; 0: nobody answers.
func (d *editorDesk) get(browser *http.Client, address string, headers ...string) (int, string) {
	return d.do(browser, http.MethodGet, address, headers...)
}

func (d *editorDesk) do(browser *http.Client, method, address string, headers ...string) (int, string) {
	d.t.Helper()
	if browser == nil {
		browser = d.browser()
	}
	r, err := http.NewRequestWithContext(d.t.Context(), method, address, nil)
	if err != nil {
		d.t.Fatal(err)
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Set(name, value)
	}
	answer, err := browser.Do(r)
	if err != nil {
		return 0, err.Error()
	}
	defer answer.Body.Close()
	var b bytes.Buffer
	if _, err := b.ReadFrom(answer.Body); err != nil {
		d.t.Fatal(err)
	}
	return answer.StatusCode, answer.Header.Get("Location") + b.String()
}

// browser keeps cookies and follows no redirect.
func (d *editorDesk) browser() *http.Client {
	d.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		d.t.Fatal(err)
	}
	return &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}
}

// link has a command make a link that signs in.
func (d *editorDesk) link(who string) string {
	d.t.Helper()
	code, said := d.run("editor", "add", who)
	if !regexp.MustCompile(`^`+regexp.QuoteMeta(d.public)+`/desk/sign-in/[\w-]{43}\n$`).MatchString(said) || code != 0 {
		d.t.Fatalf("editor add %s: %d, %q", who, code, said)
	}
	return strings.TrimSpace(said)
}

// sessions lists what editor list says.
func (d *editorDesk) sessions() (all []editorAnswer) {
	d.t.Helper()
	code, said := d.run("editor", "list", "--json")
	if err := json.Unmarshal([]byte(said), &all); err != nil || code != 0 {
		d.t.Fatalf("%d, %v: %s", code, err, said)
	}
	return all
}

const twoEditors = "editors: {people: [{id: ana, name: Ana Paz, email: ana@kmsa.example, station: ajo}, " +
	"{id: lee, name: Lee Orr, email: lee@kmsa.example}]"

func TestEditorsSignInWithALinkOfACommandAndAreSignedOutByOne(t *testing.T) {
	d := newEditorDesk(t)
	d.configure(twoEditors + "}")
	before := d.link("ana@KMSA.example") // without a daemon
	_, stop := d.serve()
	ana, lee := d.browser(), d.browser()
	if code, _ := d.do(ana, "POST", before); code != 303 {
		t.Errorf("a link that was made while no daemon ran: %d", code)
	}
	if code, _ := d.do(lee, "POST", d.link("lee"), "User-Agent: Tester/1"); code != 303 {
		t.Errorf("a link of the daemon's: %d", code)
	}
	if code, body := d.get(lee, d.public+"/desk/account"); code != 200 || !strings.Contains(body, "Lee Orr") {
		t.Errorf("signed in: %d, %s", code, body)
	}
	all := d.sessions()
	if len(all) != 2 || all[0].ID != "ana" || all[0].Name != "Ana Paz" || all[0].Email != "ana@kmsa.example" ||
		len(all[0].Sessions) != 1 || len(all[1].Sessions) != 1 || all[1].Sessions[0].Since.IsZero() ||
		all[1].Sessions[0].ID == "" {
		t.Fatalf("editor list: %+v", all)
	}
	if code, said := d.run("editor", "list"); code != 0 || !strings.Contains(said, all[0].Sessions[0].ID) {
		t.Errorf("editor list: %d, %s", code, said)
	}
	if code, said := d.run("editor", "remove", all[1].Sessions[0].ID); code != 0 || said != "1 session ended\n" {
		t.Errorf("editor remove of a session: %d, %s", code, said)
	}
	if code, _ := d.get(lee, d.public+"/desk/account"); code != 303 {
		t.Errorf("the session goes on: %d", code)
	}
	link := d.link("ana")
	if code, said := d.run("editor", "remove", "ana"); code != 0 || said != "1 session ended\n" {
		t.Errorf("editor remove of a person: %d, %s", code, said)
	}
	if code, _ := d.get(ana, d.public+"/desk/account"); code != 303 {
		t.Errorf("the person's session goes on: %d", code)
	}
	if code, _ := d.do(ana, "POST", link); code != 410 {
		t.Errorf("the person's link works: %d", code)
	}
	for _, args := range [][]string{{"editor", "add", "eve"}, {"editor", "remove", "eve"}} {
		if code, said := d.run(args...); code != exitFailed || !strings.Contains(said, "editors.people has ana, lee") {
			t.Errorf("%s: %d, %s", args, code, said)
		}
	}
	for _, args := range [][]string{{"editor"}, {"editor", "ad"}, {"editor", "add"}, {"editor", "list", "x"}} {
		if code, said := d.run(args...); code != exitUsage {
			t.Errorf("%s: %d, %s", args, code, said)
		}
	}
	const counted = `fronteras_http_requests_total{code="303",handler="desk"}`
	if _, body := d.get(nil, d.public+"/metrics"); !strings.Contains(body, counted) || strings.Contains(body, "ana") {
		t.Errorf("the metrics: %s", body)
	}
	// What is in the store stays over a restart.
	if code, _ := d.do(ana, "POST", d.link("ana")); code != 303 {
		t.Error(code)
	}
	stop()
	if all := d.sessions(); len(all[0].Sessions) != 1 {
		t.Errorf("without a daemon: %+v", all)
	}
	_, stop = d.serve()
	if code, _ := d.get(ana, d.public+"/desk/account"); code != 200 {
		t.Errorf("after a restart: %d", code)
	}
	stop()
}

func TestWithoutEditorsThereIsNoDesk(t *testing.T) {
	d := newEditorDesk(t)
	d.configure("")
	if code, said := d.run("editor", "add", "ana"); code != exitFailed || !strings.Contains(said, "editors.people") {
		t.Errorf("editor add: %d, %s", code, said)
	}
	if code, said := d.run("editor", "list", "--json"); code != 0 || said != "[]\n" {
		t.Errorf("editor list: %d, %s", code, said)
	}
	d.serve()
	for _, path := range []string{"/desk", "/desk/", "/desk/sign-in", "/desk/sign-in/" + strings.Repeat("A", 43)} {
		if !eventually(func() bool { code, _ := d.get(nil, d.public+path); return code == http.StatusNotFound }) {
			t.Errorf("%s is there", path)
		}
		code, _ := d.do(nil, "POST", d.public+path)
		other, _ := d.do(nil, "POST", d.public+"/none")
		if code != other {
			t.Errorf("POST %s: %d, and elsewhere %d", path, code, other)
		}
	}
}

func TestAReloadSignsOutWhoLeftTheFile(t *testing.T) {
	d := newEditorDesk(t)
	d.configure(twoEditors + "}")
	signal, _ := d.serve()
	ana, lee := d.browser(), d.browser()
	d.do(ana, "POST", d.link("ana"))
	d.do(lee, "POST", d.link("lee"))
	d.configure("editors: {people: [{id: lee, name: Lee Orr, email: lee@kmsa.example, language: es}]}")
	signal(syscall.SIGHUP)
	if !eventually(func() bool { code, _ := d.get(ana, d.public+"/desk/account"); return code == http.StatusSeeOther }) {
		t.Error("who left the file is signed in")
	}
	if code, body := d.get(lee, d.public+"/desk/account"); code != 200 || !strings.Contains(body, ">Cuenta</a>") {
		t.Errorf("who stayed, in another language: %d, %s", code, body)
	}
	d.configure(twoEditors + "}")
	signal(syscall.SIGHUP)
	if !eventually(func() bool { code, said := d.run("editor", "add", "ana"); return code == 0 && said != "" }) {
		t.Error("who is back gets no link")
	}
	if code, _ := d.get(ana, d.public+"/desk/account"); code != 303 {
		t.Errorf("who is back is signed in still: %d", code)
	}
	// Without editors, the desk is gone; a reload brings it back as well.
	d.configure("")
	signal(syscall.SIGHUP)
	if !eventually(func() bool { code, _ := d.get(lee, d.public+"/desk/account"); return code == http.StatusNotFound }) {
		t.Error("without editors, the desk is there")
	}
}

func TestEditorsCanHaveAListenerOfTheirOwn(t *testing.T) {
	d := newEditorDesk(t)
	port, err := freePort()
	if err != nil {
		t.Fatal(err)
	}
	inside := "http://127.0.0.1:" + port
	d.configure(twoEditors + ", listen: 127.0.0.1:" + port + ", url: '" + inside + "'}")
	signal, _ := d.serve()
	if code, _ := d.get(nil, inside+"/desk/"); code != 303 {
		t.Errorf("the desk on its own listener: %d", code)
	}
	if !eventually(func() bool { code, _ := d.get(nil, d.public+"/desk/"); return code == http.StatusNotFound }) {
		t.Error("the desk is on the public listener, too")
	}
	for _, path := range []string{"/", "/feed.rss", "/metrics", "/livez", "/status.json", "/style.css"} {
		if code, _ := d.get(nil, inside+path); code != 404 {
			t.Errorf("%s is on the editors' listener: %d", path, code)
		}
	}
	code, said := d.run("editor", "add", "ana")
	link := strings.TrimSpace(said)
	if code != 0 || !strings.HasPrefix(link, inside+"/desk/sign-in/") {
		t.Fatalf("editor add: %d, %s", code, said)
	}
	ana := d.browser()
	if code, _ := d.do(ana, "POST", link); code != 303 {
		t.Errorf("signing in: %d", code)
	}
	// Another listener takes a restart.
	d.configure(twoEditors + "}")
	code, said = d.run("check", "--offline")
	if code != exitConfig || !strings.Contains(said, "editors.listen was changed") {
		t.Errorf("check: %d, %s", code, said)
	}
	signal(syscall.SIGHUP)
	if !eventually(func() bool {
		_, body := d.get(nil, d.public+"/metrics")
		return strings.Contains(body, "\nfronteras_config_reload_success 0\n")
	}) {
		t.Error("the reload was not rejected")
	}
	if code, _ := d.get(ana, inside+"/desk/account"); code != 200 {
		t.Errorf("after the rejected reload: %d", code)
	}
}

func TestAProxySaysWhoAnEditorIs(t *testing.T) {
	d := newEditorDesk(t)
	d.configure(twoEditors + ", proxy: {header: X-Remote-User, from: ['::ffff:127.0.0.1']}}")
	signal, _ := d.serve()
	for who, want := range map[string]int{"ana": 200, "LEE@kmsa.example": 200, "eve": 403, "": 303} {
		if code, body := d.get(nil, d.public+"/desk/account", "X-Remote-User: "+who); code != want {
			t.Errorf("%q: %d, %s", who, code, body)
		}
	}
	// Behind the proxy, who tries too often is told apart by the address that it adds last.
	for n := range 12 {
		code, _ := d.get(nil, d.public+"/desk/sign-in/none", "X-Forwarded-For: 198.51.100.1, 203.0.113.7")
		if want := map[bool]int{true: 410, false: 429}[n < 10]; code != want {
			t.Errorf("try %d: %d, want %d", n+1, code, want)
		}
	}
	if code, _ := d.get(nil, d.public+"/desk/sign-in/none", "X-Forwarded-For: 203.0.113.7, 203.0.113.8"); code != 410 {
		t.Errorf("another client: %d", code)
	}
	d.configure(twoEditors + ", proxy: {header: X-Remote-User, from: [10.0.0.7]}}")
	signal(syscall.SIGHUP)
	if !eventually(func() bool {
		code, _ := d.get(nil, d.public+"/desk/account", "X-Remote-User: ana")
		return code == http.StatusSeeOther
	}) {
		t.Error("from elsewhere, the header is believed")
	}
}

// Whatever a request says of its host, no answer holds it.
func TestTheHostOfARequestIsInNoAnswerForEditors(t *testing.T) {
	d := newEditorDesk(t)
	d.configure(twoEditors + "}")
	d.serve()
	u, err := url.Parse(d.public)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/desk", "/desk/", "/desk/sign-in", "/desk/sign-in/none", "/desk/x/../y"} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, d.public, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.URL.Opaque, r.Host = "//"+u.Host+path, "evil.example"
		r.Header.Set("X-Forwarded-Host", "evil.example")
		answer, err := d.browser().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		_ = answer.Write(&b)
		answer.Body.Close()
		if strings.Contains(b.String(), "evil.example") {
			t.Errorf("%s: %s", path, b.String())
		}
	}
}
