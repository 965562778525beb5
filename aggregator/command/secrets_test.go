package command

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// What feeds' addresses are kept secret for in these tests.
const (
	secretKey  = "SESAME"
	secretPath = "0123456789abcdef0123456789abcdef"
)

// betrays returns what a text says around a secret, "" if it has none.
func betrays(text string) string {
	for _, secret := range []string{secretKey, secretPath, url.QueryEscape("key=" + secretKey)} {
		if at := strings.Index(text, secret); at >= 0 {
			return strings.ToValidUTF8(text[max(0, at-150):min(len(text), at+150)], "")
		}
	}
	return ""
}

// members is a station whose feeds are for those who know the key in their addresses. Each feed may
// have a host of its own, for a host is asked once a second.
type members struct {
	denied sync.WaitGroup // waits for the hub's denial
	asked  sync.Once
}

// feedPaths of members that can be read.
var feedPaths = []string{
	"/rss?format=rss&key=" + secretKey, "/atom/" + secretPath + "/feed", "/json?token=" + secretKey,
	"/moved?key=" + secretKey, "/forever?auth=" + secretKey, "/unknown?u=" + secretKey,
	"/rss?format=rss&key=" + secretKey + "2",
}

// failingPaths are those that cannot.
var failingPaths = []string{
	"/403?key=" + secretKey, "/hangs?key=" + secretKey, "/away?key=" + secretKey, "/echo?key=" + secretKey,
	"/page?key=" + secretKey, "/circle?key=" + secretKey,
}

func (m *members) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	address := "http://" + r.Host
	self := address + r.URL.RequestURI()
	name := strings.Trim(strings.ReplaceAll(r.URL.Path, secretPath, ""), "/")
	switch r.URL.Path {
	case "/rss", "/target", "/new", "/unknown":
		name += strings.ReplaceAll(r.URL.Query().Get("key"), secretKey, "")
		fmt.Fprintf(w, `<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>Members</title>
			<link>%[1]s</link><atom:link rel="self" href="%[1]s"/><atom:link rel="hub" href="%[2]s/hub?key=%[3]s"/>
			<cloud domain="127.0.0.1" port="1" path="/%[3]s" registerProcedure="" protocol="http-post"/>
			<item><title>Rain at last in %[4]s</title><link>%[2]s/2026/02/04/rain-%[4]s</link>
			<guid isPermaLink="false">%[1]s#1</guid><description>It rained on %[4]s.</description>
			<enclosure url="%[2]s/audio-%[4]s.mp3" type="audio/mpeg"/></item></channel></rss>`,
			strings.ReplaceAll(self, "&", "&amp;"), address, secretKey, name)
	case "/atom/" + secretPath + "/feed":
		fmt.Fprintf(w, `<feed xmlns="http://www.w3.org/2005/Atom"><title>Members</title><id>%[1]s</id>
			<link rel="self" href="%[1]s"/><updated>%[3]s</updated><entry><title>Snow on the pass</title>
			<id>%[1]s#2</id><link href="%[2]s/2026/02/04/snow-on-the-pass"/><updated>%[3]s</updated>
			<summary>Snow.</summary><source><id>%[1]s</id><title>Members</title><link rel="self" href="%[1]s"/></source>
			</entry></feed>`, self, address, time.Now().UTC().Format(time.RFC3339))
	case "/json":
		json.NewEncoder(w).Encode(map[string]any{
			"version": "https://jsonfeed.org/version/1.1", "title": "Members", "feed_url": self, "home_page_url": self,
			"items": []any{map[string]any{"id": self + "#3", "url": address + "/2026/02/04/hail-in-the-valley",
				"title": "Hail in the valley", "content_text": "Hail."}},
		})
	case "/moved":
		http.Redirect(w, r, "/target?key="+secretKey, http.StatusFound)
	case "/forever":
		http.Redirect(w, r, "/new?key="+secretKey, http.StatusMovedPermanently)
	case "/403":
		http.Error(w, "no", http.StatusForbidden)
	case "/hangs":
		<-r.Context().Done()
	case "/away":
		w.Header().Set("Location", "ftp://else.example/"+secretPath+"?key="+secretKey)
		w.WriteHeader(http.StatusFound)
	case "/circle":
		http.Redirect(w, r, r.URL.RequestURI(), http.StatusFound)
	case "/echo":
		conn, _, _ := w.(http.Hijacker).Hijack()
		io.WriteString(conn, "HTTP/1.1 "+r.URL.RequestURI()+"\r\n\r\n")
		conn.Close()
	case "/hub":
		callback, topic := r.FormValue("hub.callback"), r.FormValue("hub.topic")
		w.WriteHeader(http.StatusAccepted)
		go func() { // once, as others are asked with the same words
			m.asked.Do(func() { defer m.denied.Done(); m.deny(callback, topic) })
		}()
	default:
		fmt.Fprintf(w, `<!doctype html><title>x</title><link rel="canonical" href="%s%s">`, address, r.URL.Path)
	}
}

// deny denies a subscription as a hub does, with the topic among its reasons.
func (m *members) deny(callback, topic string) {
	answer, err := http.Get(callback + "?" + url.Values{
		"hub.mode": {"denied"}, "hub.topic": {topic}, "hub.challenge": {"x"}, "hub.reason": {"not for " + topic},
	}.Encode())
	if err == nil {
		answer.Body.Close()
	}
}

// notices collects what a daemon tells systemd.
func notices(t *testing.T) (socket string, said *buffer) {
	t.Helper()
	socket = filepath.Join(t.TempDir(), "notify")
	l, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: socket, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	said = &buffer{}
	go func() {
		text := make([]byte, 64<<10)
		for {
			n, err := l.Read(text)
			if err != nil {
				return
			}
			said.Write(append(text[:n:n], '\n'))
		}
	}()
	return socket, said
}

// A partner's feed may be for those alone who know its address. Nothing that the daemon serves, logs,
// measures or tells systemd, and nothing that commands print, has the secret in it: not where the
// feed is well, nor where it fails or redirects.
func TestTheSecretInAFeedsAddressIsShownNowhere(t *testing.T) {
	t.Parallel()
	m := &members{}
	m.denied.Add(1)
	stations := everyLoopback(t, m)
	port, err := freePort()
	if err != nil {
		t.Fatal(err)
	}
	desk, folder := "http://127.0.0.1:"+port, t.TempDir()
	text := "desk: {title: Test Desk, url: '" + desk + "'}\nlisten: 127.0.0.1:" + port +
		"\npoll: {every: 1h, timeout: 1s, private_networks: true}\nstations:\n"
	feeds := func(id string, addresses ...string) {
		text += fmt.Sprintf("  - id: %s\n    name: Radio %s\n    url: https://%s.example\n    hosts: [%s.example",
			id, id, id, id)
		for _, a := range addresses {
			if u, err := url.Parse(a); err == nil {
				text += ", " + u.Hostname()
			}
		}
		text += "]\n    feeds:\n"
		for _, a := range addresses {
			text += "      - url: " + a + "\n"
			if strings.Contains(a, "/unknown") {
				text += "        public: https://ajo.example/shown.xml\n"
			}
		}
	}
	at := func(block int, paths []string) (list []string) {
		for n, p := range paths {
			list = append(list, fmt.Sprintf("http://127.0.%d.%d:%s%s", block, n, stations, p))
		}
		return list
	}
	well := at(1, feedPaths)
	well[6] = strings.Replace(well[6], "127.0.1.6", "127.0.1.0", 1) // looks like the first one
	feeds("ajo", well...)
	feeds("ill", append(at(2, failingPaths),
		"http://127.0.0.1:1/?key="+secretKey, "https://127.0.3.1:"+stations+"/rss?key="+secretKey,
		"http://none.invalid/"+secretPath+"?key="+secretKey, "http://127.0.3.2:1/"+secretPath+"/rss")...)
	configuration := filepath.Join(folder, "config.yaml")
	write := func(text string) {
		if err := os.WriteFile(configuration, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(text)
	socket, told := notices(t)
	var log buffer
	daemon := command([]string{"fronteras", "serve", "--config", configuration})
	daemon.Env = append(os.Environ(), "NOTIFY_SOCKET="+socket)
	daemon.Stderr = &log
	if err := daemon.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		daemon.Process.Signal(syscall.SIGTERM)
		daemon.Wait()
	})
	run := func(args ...string) string {
		t.Helper()
		out, _ := command(append([]string{"fronteras"}, append(args, "--config", configuration)...)).CombinedOutput()
		// An entry's own GUID is the station's word, and editors name items by it.
		if found := betrays(itsGUID.ReplaceAllString(string(out), "")); found != "" {
			t.Errorf("fronteras %s prints …%s…", strings.Join(args, " "), found)
		}
		return string(out)
	}
	if !eventually(func() bool { return served(desk+"/livez") != "" }) {
		t.Fatal("the daemon does not listen")
	}
	if out := run("poll"); !strings.Contains(out, "visited") {
		t.Fatalf("poll: %s\n%s", out, log.String())
	}
	if !eventually(func() bool { return strings.Count(served(desk+"/feed.json"), `"content_html"`) == len(feedPaths) }) {
		t.Fatalf("stories are missing: %s\n%s", served(desk+"/feed.json"), log.String())
	}
	m.denied.Wait()

	looked := searchEverything(t, desk)
	for _, path := range []string{"/feed.atom", "/podcast.rss", "/stations.opml", "/status", "/metrics"} {
		if !slices.Contains(looked, path) {
			t.Errorf("%s was not looked at", path)
		}
	}
	out := run("stations", "--json")
	var listed []stationAnswer
	if err := json.Unmarshal([]byte(out), &listed); err != nil || len(listed) != 2 {
		t.Fatalf("%v: %s", err, out)
	}
	for _, f := range listed[0].Feeds {
		if out := run("poll", f.Feed); out != "1 feed visited\n" {
			t.Errorf("poll %s: %s", f.Feed, out)
		}
	}
	for _, name := range []string{"https://ajo.example/shown.xml", strings.Split(well[0], "&")[0]} {
		if out := run("poll", name); out != "1 feed visited\n" {
			t.Errorf("poll %s: %s", name, out)
		}
	}
	var stories []storyAnswer
	if err := json.Unmarshal([]byte(run("stories", "--json")), &stories); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"explain", stories[0].ID}, {"explain", stories[0].ID, "--json"}, {"stations"}, {"stations", "--opml"}, {"stories"},
		{"check"}, {"verify"}, {"trust", "https://ajo.example/shown.xml"},
	} {
		run(args...)
	}
	write(strings.ReplaceAll(text, "  - id: ill", "      - url: "+well[0]+"\n  - id: ill"))
	daemon.Process.Signal(syscall.SIGHUP)
	run("check", "--offline")
	if !eventually(func() bool { return strings.Contains(log.String(), "reload rejected") }) {
		t.Errorf("the reload was not rejected")
	}
	if !eventually(func() bool { return strings.Contains(told.String(), "reload rejected") }) {
		t.Errorf("systemd was told %s", told.String())
	}
	for what, text := range map[string]string{"log": log.String(), "systemd": told.String()} {
		if found := betrays(text); found != "" {
			t.Errorf("%s: …%s…", what, found)
		}
	}
	if !strings.Contains(log.String(), "a hub denied a subscription") ||
		strings.Count(log.String(), "visit failed") < len(failingPaths)+4 {
		t.Errorf("the log lacks what is searched: %s", log.String())
	}
}

// itsGUID finds the GUIDs in JSON.
var itsGUID = regexp.MustCompile(`"guid": "[^"]*"`)

// inDocument finds what leads on within a document.
var inDocument = regexp.MustCompile(`(?:href|url|xmlUrl)="?:? ?"([^"]+)"`)

// searchEverything looks at every address of a desk, as far as one leads to the next, in headers and
// bodies, and gives the paths.
func searchEverything(t *testing.T, desk string) (looked []string) {
	t.Helper()
	queue := []string{"/", "/feed.rss", "/feed.atom", "/feed.json", "/podcast.rss", "/stations.opml", "/status",
		"/status.json", "/metrics", "/livez", "/readyz", "/archive/1.rss", "/feed.atom?station=ajo", "/feed.rss?for=ill",
		"/feed.json?lang=en", "/?station=ajo", "/nothing"}
	for n := 0; n < len(queue) && n < 500; n++ {
		answer, err := http.Get(desk + queue[n])
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		for what, text := range map[string]string{"header": fmt.Sprint(answer.Header), "body": string(body)} {
			if found := betrays(text); found != "" {
				t.Errorf("%s: the %s has …%s…", queue[n], what, found)
			}
		}
		for _, m := range inDocument.FindAllSubmatch(body, -1) {
			path := strings.ReplaceAll(strings.TrimPrefix(string(m[1]), desk), "&amp;", "&")
			if strings.HasPrefix(path, "/") && !slices.Contains(queue, path) {
				queue = append(queue, path)
			}
		}
	}
	return queue
}

// Whatever a library puts into its errors: no line of the log has an address's query.
func TestALogHasNoQueriesOfAddresses(t *testing.T) {
	var out bytes.Buffer
	log := newLogger(Env{Err: &out, Getenv: func(string) string { return "" }}, slog.LevelDebug)
	failed := &url.Error{Op: "Get", URL: "http://ana:" + secretKey + "@ajo.example/rss?key=" + secretKey,
		Err: fmt.Errorf("dial: no such host")}
	log.Debug("failed at http://ajo.example/?key="+secretKey, "err", failed, "at", time.Time{})
	log.With("feed", "https://ajo.example/"+secretPath+"/rss").Warn("visit failed", "err", failed.Error())
	if found := betrays(out.String()); found != "" || !strings.Contains(out.String(), "http://ajo.example/rss?…") {
		t.Errorf("%s", out.String())
	}
}
