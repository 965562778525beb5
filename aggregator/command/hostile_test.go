package command

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode"
)

// attack is what a hostile station answers.
type attack struct {
	name   string
	answer http.HandlerFunc
	fails  bool // its visit is to fail, with a line in the log
}

// document answers with bytes, packed if that is asked for.
func hostileDocument(coding string, parts ...string) http.HandlerFunc {
	body := []byte(strings.Join(parts, ""))
	for range strings.Count(coding, "gzip") {
		body = zipped(body)
	}
	return func(w http.ResponseWriter, _ *http.Request) {
		if coding != "" {
			w.Header().Set("Content-Encoding", coding)
		}
		w.Write(body)
	}
}

func zipped(text []byte) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Write(text)
	w.Close()
	return b.Bytes()
}

const (
	channel = `<?xml version="1.0"?><rss version="2.0" xmlns:x="urn:x"><channel><title>Radio Bisbee</title>` +
		`<link>https://bisbee.example/</link>`
	channelEnd = `</channel></rss>`
)

// hostileItem is an item of a host with some markup in it.
func hostileItem(inner string) string {
	return `<item><title>A story from outside</title><link>https://outside.example/a-story-from-outside</link>` +
		inner + `</item>`
}

// attacks returns fifty ways to harm a desk that answers to a feed's address.
func attacks() []attack {
	header := func(name, value string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set(name, value)
			io.WriteString(w, channel+channelEnd)
		}
	}
	redirect := func(to string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", to)
			w.WriteHeader(http.StatusFound)
		}
	}
	status := func(n int) http.HandlerFunc { return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(n) } }
	formatting := strings.Repeat("<b a", 1)
	for n := range 400 {
		formatting += fmt.Sprintf("<b a%d>", n)
	}
	formatting += strings.Repeat("<p>x", 24000)
	escaped := strings.NewReplacer("<", "&lt;", ">", "&gt;").Replace(formatting)
	xss := func(markup string) http.HandlerFunc {
		return hostileDocument("", channel, hostileItem(`<description><![CDATA[`+markup+`]]></description>`),
			channelEnd)
	}
	return []attack{
		{"nesting", hostileDocument("", channel, strings.Repeat("<x:b>", 1_000_000)), true},
		{"packed nesting", hostileDocument("gzip", channel, strings.Repeat("<x:b>", 1_000_000)), true},
		{"hidden nesting", hostileDocument("", channel, strings.Repeat("<x:b><?p </x:b>?>", 100_000)), true},
		{"closed nesting", hostileDocument("gzip", channel, strings.Repeat("<x:b>", 1_000_000),
			strings.Repeat("</x:b>", 1_000_000), channelEnd), true},
		{"items", hostileDocument("", channel, strings.Repeat("<item></item>", 200_000), channelEnd), true},
		{"topics", hostileDocument("", channel, "<item>", strings.Repeat("<category>a</category>", 500_000), "</item>",
			channelEnd), true},
		{"attributes", hostileDocument("", channel, "<x:a ", manyAttributes(100_000), "/>", channelEnd), true},
		{"namespaces", hostileDocument("", "<rss ", manyNamespaces(100_000), ">", channelEnd), true},
		{"long name", hostileDocument("", channel, "<x:", strings.Repeat("a", 1<<20), "/>", channelEnd), true},
		{"long value", hostileDocument("", channel, `<x:a b="`, strings.Repeat("a", 10<<20), `"/>`, channelEnd), true},
		{"laughs", hostileDocument("", `<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "ha">`, manyEntities(),
			`]><rss version="2.0"><channel><title>&z;</title>`, hostileItem("<description>&e20;</description>"),
			channelEnd), false},
		{"external entity", hostileDocument("", `<?xml version="1.0"?>`+
			`<!DOCTYPE rss [<!ENTITY f SYSTEM "file:///etc/passwd">]><rss version="2.0"><channel>`+
			`<title>x</title>`, hostileItem("<description>&f;</description>"), channelEnd), false},
		{"doctype", hostileDocument("", `<!DOCTYPE rss [`, strings.Repeat("<!-- -->", 1<<17), "]>", channel,
			channelEnd), true},
		{"bomb", hostileDocument("gzip", strings.Repeat("\x00", 64<<20)), true},
		{"bomb in a bomb", hostileDocument("gzip, gzip", strings.Repeat("\x00", 32<<20)), true},
		{"three codings", hostileDocument("gzip, gzip, gzip", channel+channelEnd), true},
		{"plain called packed", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			io.WriteString(w, channel+channelEnd)
		}, true},
		{"large", hostileDocument("", channel, "<!--", strings.Repeat("a", 20<<20)), true},
		{"large header", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("X-Large", strings.Repeat("a", 9<<20))
			io.WriteString(w, channel)
		}, true},
		{"hints", func(w http.ResponseWriter, _ *http.Request) {
			for range 100_000 {
				w.WriteHeader(http.StatusEarlyHints)
			}
		}, true},
		{"slow", func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(200)
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		}, true},
		{"endless", func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				if _, err := w.Write(make([]byte, 1<<20)); err != nil {
					return
				}
			}
		}, true},
		{"closed", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, true},
		{"short", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "5000")
			io.WriteString(w, channel)
		}, true},
		{"metadata", redirect("http://169.254.169.254/latest/meta-data/"), true},
		{"file", redirect("file:///etc/passwd"), true},
		{"gopher", redirect("gopher://127.0.0.1:6379/_SLAVEOF"), true},
		{"script address", redirect("javascript:alert(1)"), true},
		{"circle", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", r.URL.Path)
			w.WriteHeader(302)
		}, true},
		{"hundred hops", func(w http.ResponseWriter, r *http.Request) {
			n, _ := strconv.Atoi(r.URL.Query().Get("n"))
			w.Header().Set("Location", fmt.Sprint(r.URL.Path, "?n=", n+1))
			w.WriteHeader(302)
		}, true},
		{"nowhere", redirect(""), true},
		{"unasked 304", status(http.StatusNotModified), true},
		{"partial", status(http.StatusPartialContent), true},
		{"no content", status(http.StatusNoContent), true},
		{"page", hostileDocument("", "<!DOCTYPE html><html><script>alert(1)</script>",
			strings.Repeat("<p>no feed</p>", 1000)), true},
		{"zeros", hostileDocument("", strings.Repeat("\x00", 1<<20)), true},
		{"json nesting", hostileDocument("", `{"version":"https://jsonfeed.org/version/1.1","items":`,
			strings.Repeat("[", 200_000)), true},
		{"json numbers", hostileDocument("", `{"version":"https://jsonfeed.org/version/1.1","title":"x",`+
			`"items":[{"id":`, strings.Repeat("9", 1<<20), `}]}`), false},
		{"formatting", hostileDocument("", channel, hostileItem("<description>"+escaped+"</description>"), channelEnd),
			false},
		{"formatting in Atom", hostileDocument("",
			`<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title><entry><id>urn:x:1</id><title>x</title>`+
				`<link href="https://outside.example/formatting"/>`+
				`<content type="html">`, escaped, `</content></entry></feed>`), false},
		{"validator", header("ETag", `"`+strings.Repeat("e", 50_000)+`"`), false},
		{"script", xss(`<script>alert(1)</script><scr<script>ipt>alert(2)</script><SCRIPT SRC=//evil.example/x>`),
			false},
		{"events", xss(`<img src=x onerror=alert(1)><details open ontoggle=alert(1)` +
			`><a href="java&#9;script:alert(1)" onfoo=x>x</a>`), false},
		{"frames", xss(`<iframe srcdoc="<script>alert(1)` +
			`</script>"></iframe><object data=x></object><embed src=x><form action=//evil.example><input>`), false},
		{"drawings", xss(`<svg><script>alert(1)` +
			`</script><animate xlink:href=#x attributeName=href values=javascript:alert(1)` +
			`/></svg><math><mtext><mglyph><style><img src=x onerror=alert(1)>`), false},
		{"stray ends", xss(`</div></div></article></body><b><a href="https://outside.example/x">x`), false},
		{"script as title", hostileDocument("", channel,
			`<item><title>&lt;script&gt;alert(1)&lt;/script&gt; &amp;lt;script</title><link>javascript:alert(1)`+
				`</link><guid isPermaLink="false">t</guid></item>`, channelEnd), false},
		{"escapes", hostileDocument("", channel, "<item><title>\u202egpj.\u009b31m\u2028level=ERROR "+
			"msg=forged\u007f</title><link>https://outside.example/escapes</link></item>", channelEnd), false},
		{"enclosures", hostileDocument("", channel,
			hostileItem(`<enclosure url="javascript:alert(1)`+
				`" length="-1" type="audio/mpeg"/><enclosure url="https://outside.example/a.mp3" `+
				`length="1e30" type="audio/mpeg&#13;&#10;X: y"/>`), channelEnd), false},
		{"dates", hostileDocument("", channel, hostileItem(`<guid isPermaLink="false">d</guid>`+
			`<pubDate>Fri, 31 Feb 99999 25:61:61 +9999</pubDate>`), channelEnd), false},
	}
}

func manyAttributes(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `a%d="" `, i)
	}
	return b.String()
}

func manyNamespaces(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `xmlns:a%d="u" `, i)
	}
	return b.String()
}

func manyEntities() string {
	var b strings.Builder
	b.WriteString(`<!ENTITY e0 "ha">`)
	for i := 1; i <= 20; i++ {
		fmt.Fprintf(&b, `<!ENTITY e%d "&e%d;&e%d;&e%d;&e%d;">`, i, i-1, i-1, i-1, i-1)
	}
	return b.String()
}

// hostileEvery is how often they are visited: the first visits are spread over it, and one of each
// is enough.
const hostileEvery = "4s"

// Among fifty hostile feeds a healthy one's story is out within seconds, memory stays within
// bounds, nothing is let through, and the log says in one line a feed what was refused.
func TestFiftyHostileFeedsDoNotDelayAHealthyOne(t *testing.T) {
	t.Parallel()
	all := attacks()
	if len(all) != 50 {
		t.Fatalf("%d attacks", len(all))
	}
	l, err := net.Listen("tcp", "0.0.0.0:0")
	if err != nil {
		t.Fatal(err)
	}
	_, station, _ := net.SplitHostPort(l.Addr().String())
	healthy := hostileDocument("", channel, `<item><title>Rain at last</title>`+
		`<link>https://ajo.example/rain-at-last</link>`+
		`<pubDate>`, time.Now().UTC().Format(time.RFC1123Z), `</pubDate></item>`, channelEnd)
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host, _, _ := net.SplitHostPort(r.Host)
		n, _ := strconv.Atoi(host[strings.LastIndexByte(host, '.')+1:])
		if n == 200 {
			healthy(w, r)
			return
		}
		all[n].answer(w, r)
	})}
	go server.Serve(l)
	defer server.Close()
	port, err := freePort()
	if err != nil {
		t.Fatal(err)
	}
	desk := "http://127.0.0.1:" + port
	text := fmt.Sprintf("desk: {title: Test Desk, url: '%s'}\nlisten: 127.0.0.1:%s\npoll: {every: 1h, timeout: 3s, "+
		"private_networks: true}\nstations:\n", desk, port)
	for n := range len(all) + 1 {
		if n == len(all) {
			n = 200
		}
		text += fmt.Sprintf("  - {id: s%d, name: Radio %d, url: 'https://s%d.example', feeds: [{url: "+
			"'http://127.0.1.%d:%s/rss?token=geheim', every: %s}]}\n", n, n, n, n, station, hostileEvery)
	}
	folder := t.TempDir()
	configuration := filepath.Join(folder, "config.yaml")
	if err := os.WriteFile(configuration, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	log, err := os.Create(filepath.Join(folder, "log"))
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	c := command([]string{"fronteras", "serve", "--config", configuration})
	c.Stderr = log
	if !raced { // the detector's own memory would have it collect all the time
		c.Env = append(os.Environ(), "GOMEMLIMIT=600MiB")
	}
	begun := time.Now()
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	if !eventually(func() bool { return strings.Contains(served(desk+"/feed.json"), "Rain at last") }) {
		t.Error("the healthy story is not out")
	}
	took := time.Since(begun)
	eventually(func() bool {
		said, _ := os.ReadFile(log.Name())
		return visitsFailed(string(said)) >= failures(all)
	})
	peak := peakMemory(t, c.Process.Pid)
	for _, path := range []string{"/feed.json", "/feed.rss", "/feed.atom", "/podcast.rss", "/", "/status",
		"/status.json", "/metrics"} {
		answer, err := http.Get(desk + path)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(answer.Body)
		answer.Body.Close()
		clean(t, path, string(body))
		if path == "/metrics" && bytes.Contains(body, []byte("geheim")) {
			t.Error("a metric tells the query of an address")
		}
	}
	c.Process.Signal(syscall.SIGTERM)
	if err := c.Wait(); err != nil {
		t.Errorf("the daemon ended with %v", err)
	}
	said, err := os.ReadFile(log.Name())
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("the healthy story was out after %v; peak memory %d MB; %d lines", took, peak,
		bytes.Count(said, []byte("\n")))
	if took > 2*time.Minute && !raced { // the machine may be busy; all of them one after another take longer
		t.Errorf("the healthy story was out after %v", took)
	}
	if peak > 300 && !raced {
		t.Errorf("peak memory was %d MB", peak)
	}
	judge(t, all, string(said))
}

func failures(all []attack) (n int) {
	for _, a := range all {
		if a.fails {
			n++
		}
	}
	return n
}

// visitsFailed counts the feeds that have a failed visit in the log.
func visitsFailed(log string) int { return len(failedFeeds(log)) }

// failedFeeds returns the numbers of the stations whose first failure is in the log.
func failedFeeds(log string) (numbers []int) {
	for line := range strings.SplitSeq(log, "\n") {
		if _, rest, ok := strings.Cut(line, `msg="visit failed" station=s`); ok &&
			strings.Contains(line, " failures=1 ") {
			n, _, _ := strings.Cut(rest, " ")
			number, _ := strconv.Atoi(n)
			numbers = append(numbers, number)
		}
	}
	slices.Sort(numbers)
	return numbers
}

// judge reads the log: one line a feed, all that fail and no other, no secret and nothing that
// steers a terminal.
func judge(t *testing.T, all []attack, log string) {
	t.Helper()
	failed := failedFeeds(log)
	for n, a := range all {
		lines := 0
		for _, f := range failed {
			if f == n {
				lines++
			}
		}
		if want := map[bool]int{true: 1}[a.fails]; lines != want {
			t.Errorf("%s: its first failure is logged %d times, want %d", a.name, lines, want)
		}
	}
	if strings.Contains(log, "geheim") {
		t.Error("the log tells the query of an address")
	}
	for line := range strings.SplitSeq(strings.TrimSuffix(log, "\n"), "\n") {
		if !strings.HasPrefix(line, "time=") || strings.ContainsFunc(line,
			func(r rune) bool { return !unicode.IsPrint(r) }) {
			t.Errorf("a line of the log is not as it should be: %q", line)
		}
		if len(line) > 3000 {
			t.Errorf("a line of the log has %d bytes", len(line))
		}
	}
}

// clean looks for what must not come out.
func clean(t *testing.T, path, body string) {
	t.Helper()
	low := strings.ToLower(body)
	for _, bad := range []string{"<script>alert", "onerror", "ontoggle", "onfoo=", `href="java`, "javascript:alert",
		"srcdoc", "<iframe", "<svg>", "root:x:0", "\u202e", "\u009b", "\x7f", "\x00"} {
		if strings.Contains(low, bad) {
			at := strings.Index(low, bad)
			t.Errorf("%s holds %q: %q", path, bad, low[max(0, at-60):min(len(low), at+60)])
		}
	}
}

// peakMemory is the most resident memory that a process had, in MB.
func peakMemory(t *testing.T, pid int) int {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.SplitSeq(string(status), "\n") {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kb, err := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(rest), " kB"))
			if err != nil {
				t.Fatal(err)
			}
			return kb >> 10
		}
	}
	t.Fatal("no peak is printed")
	return 0
}
