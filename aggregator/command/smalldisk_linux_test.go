package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// onSmallDisk is the program on a disk of its own at the folder that comes first: of fourteen megabytes,
// twelve of them taken by a file.
func onSmallDisk() {
	folder := os.Args[1]
	filler := make([]byte, 12<<20)
	err := errors.Join(
		unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""),
		unix.Mount("small", folder, "tmpfs", 0, "size=14m"),
		os.WriteFile(filepath.Join(folder, "filler"), filler, 0o600),
	)
	if err != nil {
		fmt.Fprintln(os.Stderr, "no small disk:", err)
		os.Exit(1)
	}
	os.Args = append([]string{"fronteras"}, os.Args[2:]...)
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	code := Main(ctx)
	stop()
	os.Exit(code)
}

// When another file has gone, everything resumes without a restart, and the store is sound. Until then
// a reload that has more to save than there is room for is rejected, and the desk goes on as it was.
func TestAFullDiskFailsVisitsAndEndsNothing(t *testing.T) {
	t.Parallel()
	var stories atomic.Int64
	var growing atomic.Bool
	stories.Store(5)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		n := stories.Load()
		if growing.Load() {
			n = stories.Add(20)
		}
		fmt.Fprint(w, channel)
		for i := n; i > max(0, n-200); i-- {
			fmt.Fprintf(w, `<item><title>Story of number %d</title>`+
				`<link>https://ajo.example/story-of-number-%d</link><description>%s</description>`+
				`</item>`, i, i, strings.Repeat(fmt.Sprint("word", i, " "), 1000))
		}
		fmt.Fprint(w, channelEnd)
	}))
	defer server.Close()
	port, err := freePort()
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	small, configuration, desk := filepath.Join(folder, "small"), filepath.Join(folder, "config.yaml"),
		"http://127.0.0.1:"+port
	text := fmt.Sprintf("desk: {title: Test Desk, url: '%s'}\nlisten: 127.0.0.1:%s\nstore: "+
		"small/fronteras.db\ncontrol: control.sock\npoll: {every: 1s, private_networks: true, read_pages: "+
		"false}\nstations:\n"+
		"  - {id: ajo, name: Radio Ajo, url: 'https://ajo.example', feeds: [{url: '%s/rss'}]}\n", desk, port,
		server.URL)
	if err := errors.Join(os.Mkdir(small, 0o700), os.WriteFile(configuration, []byte(text), 0o600)); err != nil {
		t.Fatal(err)
	}
	c := command([]string{"onsmalldisk", small, "serve", "--config", configuration})
	c.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNS}
	if os.Getuid() != 0 {
		c.SysProcAttr.Cloneflags |= syscall.CLONE_NEWUSER
		c.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{HostID: os.Getuid(), Size: 1}}
		c.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{HostID: os.Getgid(), Size: 1}}
	}
	var log buffer
	c.Stderr = &log
	if err := c.Start(); err != nil {
		t.Logf("nothing can be mounted here: %v", err)
		return
	}
	defer func() {
		c.Process.Kill()
		_ = c.Wait() // it was killed, or has ended
	}()
	says := func(what string) bool {
		eventually(func() bool {
			return strings.Contains(log.String(), what) || strings.Contains(log.String(), "no small disk")
		})
		return strings.Contains(log.String(), what)
	}
	eventually(func() bool {
		ids, err := idsServed(desk)
		return err == nil && len(ids) > 0 || strings.Contains(log.String(), "no small disk")
	})
	growing.Store(true)
	if !says("cannot write to store, retrying") {
		if strings.Contains(log.String(), "no small disk") {
			t.Logf("nothing can be mounted here: %s", log.String())
			return
		}
		t.Fatalf("the disk is never full: %s", log.String())
	}
	growing.Store(false)
	for _, path := range []string{"/livez", "/readyz", "/feed.rss", "/feed.json", "/", "/status.json"} {
		if answer, err := http.Get(desk + path); err != nil || answer.StatusCode != http.StatusOK {
			t.Errorf("with a full disk %s is %v, %v", path, answer, err)
		}
	}
	reload := func(feeds int) {
		t.Helper()
		more := text + "  - id: more\n    name: More\n    url: 'https://more.example'\n    feeds:\n"
		for n := range feeds - 1 {
			more += fmt.Sprintf("      - {url: '%s/more-%d'}\n", server.URL, n)
		}
		if err := os.WriteFile(configuration, []byte(more), 0o600); err != nil {
			t.Fatal(err)
		}
		c.Process.Signal(syscall.SIGHUP)
	}
	reload(8_000)
	if !says("reload rejected") || !strings.Contains(log.String(), "store is full") {
		t.Fatalf("a reload with a full disk is not rejected: %s", log.String())
	}
	if answer, err := http.Get(desk + "/metrics"); err != nil {
		t.Error(err)
	} else if page, _ := io.ReadAll(answer.Body); !strings.Contains(string(page), "config_reload_success 0\n") {
		t.Error("the metrics do not say that the reload was rejected")
	}
	if stations, err := http.Get(desk + "/status.json"); err != nil || stations.StatusCode != http.StatusOK {
		t.Errorf("after that /status.json is %v, %v", stations, err)
	}
	if err := os.Remove(fmt.Sprintf("/proc/%d/root%s/filler", c.Process.Pid, small)); err != nil {
		t.Fatal(err)
	}
	if !says("store is writable again") {
		t.Fatalf("with room again it takes nothing: %s", log.String())
	}
	reload(2)
	if !says("msg=reloaded feeds=2") {
		t.Errorf("with room again it cannot be reloaded: %s", log.String())
	}
	newest := fmt.Sprintf("story-of-number-%d", stories.Load())
	if !eventually(func() bool {
		ids, err := idsServed(desk)
		return err == nil && ids["https://ajo.example/"+newest] != ""
	}) {
		t.Errorf("%s is not out: %s", newest, log.String())
	}
	if said, err := command([]string{"fronteras", "verify", "--config", configuration}).CombinedOutput(); err != nil {
		t.Errorf("the store is not sound: %s, %v", said, err)
	}
	if strings.Contains(log.String(), "panic") {
		t.Errorf("it panicked: %s", log.String())
	}
}
