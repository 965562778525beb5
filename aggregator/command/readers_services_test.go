//go:build readers

package command

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// nobody is whom a server runs as that refuses to run as root; nil unless the test is root.
func nobody() *syscall.SysProcAttr {
	if os.Geteuid() != 0 {
		return nil
	}
	return &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
}

// serviceFolder is a new folder that belongs to nobody: its path is short, since sockets are in it.
func serviceFolder(t *testing.T) string {
	t.Helper()
	folder, err := os.MkdirTemp("", "reader")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(folder) })
	if os.Geteuid() == 0 {
		if err := os.Chown(folder, 65534, 65534); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

// asNobody runs a program to its end.
func asNobody(t *testing.T, folder, name string, args ...string) {
	t.Helper()
	c := exec.Command(name, args...)
	c.SysProcAttr, c.Dir, c.Env = nobody(), folder, append(os.Environ(), "HOME="+folder, "LC_ALL=C.UTF-8")
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
}

// startService starts a server that ends with the test, and waits until it is ready.
func startService(t *testing.T, c *exec.Cmd, folder string, ready func() bool) {
	t.Helper()
	var log buffer
	c.Stdout, c.Stderr, c.Dir = &log, &log, folder
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		c.Wait()
		close(ended)
	}()
	t.Cleanup(func() {
		c.Process.Signal(syscall.SIGTERM)
		<-ended
	})
	if !eventually(func() bool {
		select {
		case <-ended:
			return true
		default:
			return ready()
		}
	}) || !ready() {
		t.Fatalf("%s is not ready: %s", c.Path, log.String())
	}
}

// accepts reports whether somebody listens on a socket.
func accepts(socket string) bool {
	c, err := net.Dial("unix", socket)
	if err != nil {
		return false
	}
	c.Close()
	return true
}

// openWordPress prepares a WordPress on a database of its own.
func openWordPress(t *testing.T) func(*testing.T, string) []seenStory {
	folder := serviceFolder(t)
	data, socket, content := filepath.Join(folder, "data"), filepath.Join(folder, "socket"), t.TempDir()
	asNobody(t, folder, debianFile(t, "*/bin/mariadb-install-db"), "--no-defaults", "--datadir="+data, "--skip-test-db",
		"--auth-root-authentication-method=normal")
	if err := os.WriteFile(filepath.Join(folder, "init.sql"), []byte("create database wordpress;\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	server := exec.Command(debianFile(t, "*bin/mariadbd"), "--no-defaults", "--datadir="+data, "--socket="+socket,
		"--pid-file="+filepath.Join(folder, "pid"), "--skip-networking", "--skip-grant-tables",
		"--init-file="+filepath.Join(folder, "init.sql"), "--performance-schema=0", "--innodb-buffer-pool-size=16M",
		"--innodb-flush-log-at-trx-commit=0")
	server.SysProcAttr = nobody()
	startService(t, server, folder, func() bool { return accepts(socket) })

	wordpress := filepath.Dir(debianFile(t, "*/wordpress/wp-settings.php"))
	ask := func(t *testing.T, what string) []byte {
		return run(t, "php", filepath.Join(readersFolder, "read-with-wordpress.php"), wordpress, socket, content, what)
	}
	t.Logf("WordPress %s", ask(t, "install"))
	return func(t *testing.T, address string) []seenStory {
		var shown struct {
			Stories       []seenStory
			Posts         []struct{ ID, Title, Deck, Text string }
			Block, Widget []struct{ Title, Link, Author, Deck string }
		}
		if text := ask(t, address); json.Unmarshal(text, &shown) != nil {
			t.Fatalf("WordPress says %.300s", text)
		}
		posts := map[string]int{}
		for n, p := range shown.Posts {
			if _, is := posts[p.ID]; is {
				t.Errorf("%s has two posts", p.Title)
			}
			posts[p.ID] = n
		}
		if len(shown.Block) != len(shown.Stories) || len(shown.Widget) != min(20, len(shown.Stories)) {
			t.Fatalf("the block shows %d stories, and the widget %d, of %d", len(shown.Block), len(shown.Widget),
				len(shown.Stories))
		}
		for n := range shown.Stories {
			s := &shown.Stories[n]
			if at, is := posts[s.ID]; !is || shown.Posts[at].Title != s.Title {
				t.Errorf("%s has no post", s.Title)
			} else {
				s.Deck, s.Text = shown.Posts[at].Deck, shown.Posts[at].Text
			}
			if b := shown.Block[n]; b.Link != s.Link || len(s.Authors) == 0 || b.Author != "by "+s.Authors[0] {
				t.Errorf("the block shows %+v for %+v", b, s)
			}
			if n < len(shown.Widget) && (shown.Widget[n].Title != s.Title || shown.Widget[n].Link != s.Link) {
				t.Errorf("the widget shows %+v for %+v", shown.Widget[n], s)
			}
		}
		return shown.Stories
	}
}

// openMiniflux prepares a Miniflux on a database of its own.
func openMiniflux(t *testing.T) func(*testing.T, string) []seenStory {
	program := os.Getenv("MINIFLUX")
	if program == "" {
		t.Fatal("MINIFLUX is not set: it names the program; see .ci/run")
	}
	folder := serviceFolder(t)
	data := filepath.Join(folder, "data")
	asNobody(t, folder, debianFile(t, "*/bin/initdb"), "-D", data, "-U", "miniflux", "-A", "trust", "-E", "UTF8",
		"--locale=C.UTF-8", "--no-sync")
	server := exec.Command(debianFile(t, "*/bin/postgres"), "-D", data, "-k", folder, "-c", "listen_addresses=",
		"-c", "fsync=off", "-c", "shared_buffers=16MB", "-c", "max_connections=20")
	server.SysProcAttr = nobody()
	ready := debianFile(t, "*/bin/pg_isready")
	startService(t, server, folder, func() bool { return exec.Command(ready, "-q", "-h", folder).Run() == nil })

	socket := filepath.Join(folder, "miniflux")
	miniflux := exec.Command(program)
	miniflux.Env = append(os.Environ(), "LISTEN_ADDR="+socket, "RUN_MIGRATIONS=1", "CREATE_ADMIN=1",
		"ADMIN_USERNAME=partner", "ADMIN_PASSWORD=password", "FETCHER_ALLOW_PRIVATE_NETWORKS=1",
		"DISABLE_SCHEDULER_SERVICE=1", "HTTP_CLIENT_TIMEOUT=120",
		"DATABASE_URL=user=miniflux dbname=postgres sslmode=disable host="+folder)
	m := &minifluxAPI{t: t, client: &http.Client{Transport: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "unix", socket)
		}}}}
	startService(t, miniflux, folder, func() bool {
		status, _ := m.ask(http.MethodGet, "/healthcheck", nil)
		return status == http.StatusOK
	})
	feeds := map[string]int{}
	return func(_ *testing.T, address string) []seenStory {
		if feed, is := feeds[address]; is {
			m.must(http.MethodPut, "/v1/feeds/"+strconv.Itoa(feed)+"/refresh", nil, nil)
		} else {
			feeds[address] = m.subscribe(address)
		}
		return m.entries(feeds[address])
	}
}

// minifluxAPI speaks to a Miniflux.
type minifluxAPI struct {
	t      *testing.T
	client *http.Client
}

func (m *minifluxAPI) ask(method, path string, body any) (int, []byte) {
	text, err := json.Marshal(body)
	if err != nil {
		m.t.Fatal(err)
	}
	request, err := http.NewRequest(method, "http://miniflux"+path, bytes.NewReader(text))
	if err != nil {
		m.t.Fatal(err)
	}
	request.SetBasicAuth("partner", "password")
	answer, err := m.client.Do(request)
	if err != nil {
		return 0, []byte(err.Error())
	}
	defer answer.Body.Close()
	if text, err = io.ReadAll(answer.Body); err != nil {
		return 0, []byte(err.Error())
	}
	return answer.StatusCode, text
}

// must asks, and decodes what comes.
func (m *minifluxAPI) must(method, path string, body, into any) {
	m.t.Helper()
	status, text := m.ask(method, path, body)
	if status < 200 || status > 299 {
		m.t.Fatalf("Miniflux answers %s %s with %d: %s", method, path, status, text)
	}
	if into != nil {
		if err := json.Unmarshal(text, into); err != nil {
			m.t.Fatalf("Miniflux answers %s %s with %s", method, path, text)
		}
	}
}

// subscribe makes a feed of an address, and returns its number.
func (m *minifluxAPI) subscribe(address string) int {
	var categories []struct{ ID int }
	m.must(http.MethodGet, "/v1/categories", nil, &categories)
	var made struct {
		ID int `json:"feed_id"`
	}
	m.must(http.MethodPost, "/v1/feeds", map[string]any{"feed_url": address, "category_id": categories[0].ID}, &made)
	return made.ID
}

// entries are the stories that it shows of a feed.
func (m *minifluxAPI) entries(feed int) (stories []seenStory) {
	var shown struct {
		Entries []struct {
			Title, URL, Author, Content string
			Published                   string `json:"published_at"`
			Enclosures                  []struct {
				URL  string
				Kind string `json:"mime_type"`
			}
		}
	}
	m.must(http.MethodGet, fmt.Sprintf("/v1/feeds/%d/entries?limit=1000", feed), nil, &shown)
	for _, e := range shown.Entries {
		s := seenStory{Title: e.Title, Link: e.URL, Date: e.Published, Text: html.UnescapeString(e.Content)}
		if e.Author != "" {
			s.Authors = []string{e.Author}
		}
		for _, f := range e.Enclosures {
			switch kind, _, _ := strings.Cut(f.Kind, "/"); kind {
			case "audio":
				s.Audio = append(s.Audio, f.URL)
			case "image":
				s.Pictures = append(s.Pictures, f.URL)
			}
		}
		stories = append(stories, s)
	}
	return stories
}
