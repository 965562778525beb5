package command

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"
)

// steering is text that would steer a terminal, forge a line of a log or turn what is around it.
const steering = "\x1b[31mred\u009b2J \u202egpj.exe\u2066 \x7f \u2028level=ERROR msg=forged\u0085 \U000E0041\ufeff"

// harmlessText fails where text holds what must not reach a terminal or a log.
func harmlessText(t *testing.T, what, text string) {
	t.Helper()
	if !utf8.ValidString(text) {
		t.Errorf("%s: bytes that are no text", what)
	}
	for _, r := range text {
		if r != '\n' && !unicode.IsPrint(r) {
			t.Errorf("%s: %U comes out: %.300q", what, r, text)
			return
		}
	}
}

// Whatever is in a message, a key or a value, a record is one line that steers nothing, and a long
// value is cut; for a terminal and for the journal.
func TestALogRecordIsOneHarmlessLine(t *testing.T) {
	for _, journal := range []bool{false, true} {
		path := filepath.Join(t.TempDir(), "log")
		f, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		var s syscall.Stat_t
		if err := syscall.Fstat(int(f.Fd()), &s); err != nil {
			t.Fatal(err)
		}
		getenv := func(name string) string {
			if journal && name == "JOURNAL_STREAM" {
				return fmt.Sprintf("%d:%d", s.Dev, s.Ino)
			}
			return ""
		}
		p := &program{Env: Env{Err: f, Getenv: getenv}}
		log := newLogger(p.Env, slog.LevelInfo)
		bad := steering + "\nlevel=ERROR msg=forged\r\x00\xff"
		log.Info("visit failed "+bad, "title", bad, "err", fmt.Errorf("the server said %s", bad), bad, 1)
		log.With("etag", bad).WithGroup("g").Warn("page not read", "long", strings.Repeat("ñ", 1<<19), "err",
			fmt.Errorf("%s", strings.Repeat("x", 1<<20)))
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		harmlessText(t, "the log", string(text))
		lines := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
		if len(lines) != 2 {
			t.Errorf("two records are %d lines", len(lines))
		}
		for _, line := range lines {
			if journal != strings.HasPrefix(line, "<") || !journal && !strings.HasPrefix(line, "time=") ||
				len(line) > 8<<10 {
				t.Errorf("journal %t: a line of %d bytes begins %.40q", journal, len(line), line)
			}
		}
	}
}

// strangeDesk runs a daemon on a station that writes what steers, in every place.
func strangeDesk(t *testing.T) (configuration, desk string, log *os.File, stop func()) {
	t.Helper()
	broken := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, _, _ := w.(http.Hijacker).Hijack()
		fmt.Fprintf(conn, "HTTP/1.1 503 \u202eno\x1b[31m\u009b words\r\nServer: \u009b31m\r\nETag: "+
			"\"\u202e\"\r\nContent-Length: 0\r\n\r\n")
		conn.Close()
	}))
	t.Cleanup(broken.Close)
	strange := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		escaped := strings.NewReplacer("\x1b", "", "\x7f", "").Replace(steering)
		w.Header()["ETag"] = []string{"\"\u202e\u009b\""}
		fmt.Fprintf(w, `<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>`+
			`<title>Radio %[1]s</title><link>https://ajo.example/</link><item><title>Rain %[1]s</title>`+
			`<link>https://ajo.example/%[1]s</link><guid isPermaLink="false">g%[1]s</guid>`+
			`<dc:creator>Ana %[1]s</dc:creator><category>Topic %[1]s</category><pubDate>%[2]s</pubDate>`+
			`<description>Text %[1]s &lt;script&gt;alert(1)&lt;/script&gt;</description></item></channel></rss>`,
			escaped, time.Now().UTC().Format(time.RFC1123Z))
	}))
	t.Cleanup(strange.Close)
	port, err := freePort()
	if err != nil {
		t.Fatal(err)
	}
	desk = "http://127.0.0.1:" + port
	text := fmt.Sprintf("desk: {title: Test Desk, url: 'https://desk.example'}\nlisten: 127.0.0.1:%s\npoll: "+
		"{every: 1s, timeout: 2s, private_networks: true, read_pages: false}\nstations:\n", port)
	text += fmt.Sprintf("  - {id: ajo, name: Radio Ajo, url: 'https://ajo.example', feeds: [{url: "+
		"'%s/rss?token=geheim'}]}\n", strange.URL)
	text += fmt.Sprintf("  - {id: kmsa, name: KMSA, url: 'https://kmsa.example', feeds: [{url: "+
		"'%s/rss?token=geheim'}]}\n", broken.URL)
	configuration = filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(configuration, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if log, err = os.Create(filepath.Join(filepath.Dir(configuration), "log")); err != nil {
		t.Fatal(err)
	}
	c := command([]string{"fronteras", "serve", "--config", configuration})
	c.Stderr = log
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	if !eventually(func() bool { return strings.Contains(served(desk+"/feed.json"), "Rain") }) {
		t.Fatal("the story is not out")
	}
	return configuration, desk, log, func() {
		c.Process.Signal(syscall.SIGTERM)
		if err := c.Wait(); err != nil {
			t.Errorf("the daemon ended with %v", err)
		}
		log.Close()
	}
}

// Answers, log and commands of a daemon whose stations write hostile text in every place.
func TestHostileTextReachesNoTerminalLogOrHeader(t *testing.T) {
	configuration, desk, log, stop := strangeDesk(t)
	ask := func(t *testing.T, method, path string, headers ...string) (*http.Response, string) {
		t.Helper()
		r, err := http.NewRequest(method, desk+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; i+1 < len(headers); i += 2 {
			if headers[i] == "Host" {
				r.Host = headers[i+1]
			}
			r.Header.Set(headers[i], headers[i+1])
		}
		answer, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		body, err := io.ReadAll(answer.Body)
		if err != nil {
			t.Fatal(err)
		}
		return answer, string(body)
	}
	t.Run("every answer has the security headers", func(t *testing.T) {
		for _, path := range []string{"/", "/feed.rss", "/feed.atom", "/feed.json", "/podcast.rss", "/stations.opml",
			"/status", "/status.json", "/style.css", "/livez", "/readyz", "/metrics",
			"/stories/none", "/nothing", "/feed.rss?topic=none", "/archive/99.rss", "/websub/", "/websub/in/none",
			"/websub/cloud/none", "/.git/config", "/debug/pprof/", "/debug/vars"} {
			for _, method := range []string{"GET", "POST", "TRACE"} {
				answer, _ := ask(t, method, path)
				h := answer.Header
				if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") != "no-referrer" ||
					!strings.Contains(h.Get("Content-Security-Policy"), "default-src 'none'") {
					t.Errorf("%s %s: %d %v", method, path, answer.StatusCode, h)
				}
				if strings.HasPrefix(path, "/debug") && answer.StatusCode != 404 && answer.StatusCode != 405 {
					t.Errorf("%s %s: %d", method, path, answer.StatusCode)
				}
			}
		}
	})
	t.Run("no header builds an address", func(t *testing.T) {
		for _, path := range []string{"/", "/feed.rss", "/feed.atom", "/feed.json", "/stations.opml", "/stories/none"} {
			plain, body := ask(t, "GET", path)
			for _, header := range []string{"Host", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-For",
				"Forwarded", "X-Original-URL", "X-Rewrite-URL"} {
				answer, other := ask(t, "GET", path, header, "evil.example")
				if other != body || answer.StatusCode != plain.StatusCode || answer.Header.Get("Location") != "" {
					t.Errorf("%s with %s: %d, another answer", path, header, answer.StatusCode)
				}
			}
		}
	})
	t.Run("other methods are not allowed", func(t *testing.T) {
		for _, method := range []string{"POST", "PUT", "DELETE", "TRACE", "PATCH", "OPTIONS"} {
			for _, path := range []string{"/", "/feed.rss", "/livez", "/readyz", "/metrics", "/status",
				"/stories/none"} {
				if answer, _ := ask(t, method, path); answer.StatusCode != http.StatusMethodNotAllowed {
					t.Errorf("%s %s: %d", method, path, answer.StatusCode)
				}
			}
		}
	})
	t.Run("commands print nothing that steers a terminal", func(t *testing.T) {
		_, body := ask(t, "GET", "/feed.json")
		var feed struct{ Items []struct{ ID string } }
		if err := json.Unmarshal([]byte(body), &feed); err != nil || len(feed.Items) == 0 {
			t.Fatalf("%s, %v", body, err)
		}
		document := filepath.Join(t.TempDir(), "strange.xml")
		if err := os.WriteFile(document, []byte(`<rss version="2.0"><channel><title>Radio</title><item>`+
			`<title>Rain `+steering+"\x00"+`</title><link>https://ajo.example/`+steering+`</link></item></channel>`+
			`</rss>`), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, args := range [][]string{
			{"stories"}, {"stories", "--json"}, {"stations"}, {"stations", "--json"}, {"explain", feed.Items[0].ID},
			{"explain", feed.Items[0].ID, "--json"},
			{"read", document}, {"read", document, "--json"}, {"check"}, {"explain", "none" + steering},
			{"retract", "none" + steering, "--reason", "x"}, {"key", "https://ajo.example/" + steering},
		} {
			c := command(append(append([]string{"fronteras"}, args...), "--config", configuration))
			var out, said strings.Builder
			c.Stdout, c.Stderr = &out, &said
			_ = c.Run() // some are to fail
			harmlessText(t, strings.Join(args[:1], " ")+", standard output", out.String())
			harmlessText(t, strings.Join(args[:1], " ")+", standard error", said.String())
			if last := args[len(args)-1]; last == "--json" && !json.Valid([]byte(out.String())) {
				t.Errorf("%q: no JSON: %.300q", args, out.String())
			}
		}
	})
	t.Run("documents hide the queries of addresses", func(t *testing.T) {
		for _, path := range []string{"/metrics", "/feed.json", "/", "/readyz"} {
			if _, body := ask(t, "GET", path); strings.Contains(body, "geheim") {
				t.Errorf("%s tells the query of an address", path)
			}
		}
	})
	ask(t, "GET", "/stories/%1b%5b31m%0alevel=ERROR", "User-Agent", "\u009b31m\u202e")
	stop()
	text, err := os.ReadFile(log.Name())
	if err != nil {
		t.Fatal(err)
	}
	t.Run("the log is harmless lines", func(t *testing.T) {
		harmlessText(t, "the log", string(text))
		for line := range strings.SplitSeq(strings.TrimSuffix(string(text), "\n"), "\n") {
			if !strings.HasPrefix(line, "time=") {
				t.Errorf("a line begins otherwise: %.200q", line)
			}
		}
		if strings.Contains(string(text), "geheim") {
			t.Error("it tells the query of an address")
		}
	})
	t.Run("a failing feed is logged a few times", func(t *testing.T) {
		if n := strings.Count(string(text), `msg="visit failed" station=kmsa`); n < 1 || n > 4 {
			t.Errorf("its failures are logged in %d lines: %s", n, text)
		}
	})
}
