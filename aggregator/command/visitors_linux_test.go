package command

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// crowdedDesk is a daemon with a document of 660 kB and eleven stations, under a service manager.
type crowdedDesk struct {
	t       *testing.T
	listen  string
	folder  string // of its configuration
	process *os.Process
	log     buffer
	told    serviceManager
}

// serviceManager keeps what a daemon tells it.
type serviceManager struct {
	mu    sync.Mutex
	lines []string
}

// hear takes notices until the socket is closed.
func (m *serviceManager) hear(c net.PacketConn) {
	text := make([]byte, 64<<10)
	for {
		n, _, err := c.ReadFrom(text)
		if err != nil {
			return
		}
		m.mu.Lock()
		m.lines = append(m.lines, string(text[:n]))
		m.mu.Unlock()
	}
}

// reports is how often the daemon has told its status in time, and how often it fed the watchdog with
// that.
func (m *serviceManager) reports() (all, fed int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, line := range m.lines {
		if strings.HasPrefix(line, "STATUS=") {
			all++
			if strings.Contains(line, "WATCHDOG=1") {
				fed++
			}
		}
	}
	return all, fed
}

// startCrowded starts such a daemon, and waits for its stories.
func startCrowded(t *testing.T) *crowdedDesk {
	t.Helper()
	d := newCrowded(t)
	d.start()
	return d
}

// newCrowded is such a daemon before it is started.
func newCrowded(t *testing.T) *crowdedDesk {
	t.Helper()
	port, err := freePort()
	if err != nil {
		t.Fatal(err)
	}
	d := &crowdedDesk{t: t, listen: "127.0.0.1:" + port, folder: t.TempDir()}
	text := fmt.Sprintf("desk: {title: Test Desk, url: 'http://%s', contact: desk@desk.example}\nlisten: %s\n"+
		"poll: {private_networks: true}\n"+
		"stations:\n  - {id: ajo, name: Radio Ajo, feeds: [{url: 'file:ajo.xml'}]}\n", d.listen, d.listen)
	write := func(name, text string) { d.must(os.WriteFile(filepath.Join(d.folder, name), []byte(text), 0o600)) }
	items := ""
	for n := range 100 {
		items += fmt.Sprintf("<item><title>Rain number %d</title><link>https://ajo.example/rain-number-%d</link>"+
			"<description>%s</description></item>", n, n, strings.Repeat("It rained. ", 570))
	}
	write("ajo.xml", channel+items+channelEnd)
	for n := range 10 {
		text += fmt.Sprintf("  - {id: s%d, name: Radio %d, feeds: [{url: 'file:%d.xml'}]}\n", n, n, n)
		write(fmt.Sprint(n, ".xml"), channel+channelEnd)
	}
	write("config.yaml", text)
	return d
}

// start starts it, and waits for its stories.
func (d *crowdedDesk) start() {
	t := d.t
	t.Helper()
	socket := filepath.Join(d.folder, "notify")
	notices, err := new(net.ListenConfig).ListenPacket(t.Context(), "unixgram", socket)
	d.must(err)
	go d.told.hear(notices)
	c := command([]string{"fronteras", "serve", "--config", filepath.Join(d.folder, "config.yaml")})
	c.Env = append(c.Environ(), "GOMEMLIMIT=600MiB", "NOTIFY_SOCKET="+socket, "WATCHDOG_USEC=600000",
		"HTTP_PROXY=http://127.0.0.1:9")
	c.Stderr = &d.log
	d.must(c.Start())
	d.process = c.Process
	t.Cleanup(func() {
		c.Process.Signal(syscall.SIGTERM)
		if err := c.Wait(); err != nil {
			t.Errorf("the daemon ended with %v: %s", err, d.log.String())
		}
		notices.Close()
	})
	if !eventually(func() bool {
		ids, err := idsServed("http://" + d.listen)
		return err == nil && len(ids) == 100
	}) {
		t.Fatalf("the daemon serves nothing: %s", d.log.String())
	}
}

func (d *crowdedDesk) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

// dialer connects from a loopback address.
func dialer(from string) *net.Dialer {
	return &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}}
}

// askWithoutReading asks for a document, and does not read it.
func (d *crowdedDesk) askWithoutReading(from, path string) {
	d.t.Helper()
	small := dialer(from)
	small.Control = func(_, _ string, c syscall.RawConn) error {
		return c.Control(func(fd uintptr) {
			_ = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_RCVBUF, 4<<10)
		})
	}
	c, err := small.Dial("tcp", d.listen)
	d.must(err)
	d.t.Cleanup(func() { c.Close() })
	fmt.Fprintf(c, "GET %s HTTP/1.1\r\nHost: desk.example\r\n\r\n", path) // fails if it has been closed for another
}

// filter is one of a thousand filters that all stories pass.
func filter(n int) string {
	q := "/feed.rss?station=ajo"
	for s := range 10 {
		if n>>s&1 == 1 {
			q += fmt.Sprintf("&station=s%d", s)
		}
	}
	return q
}

// peakMemory is the most that the daemon has had in memory, in MB.
func (d *crowdedDesk) peakMemory() (peak int) {
	d.t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", d.process.Pid))
	d.must(err)
	_, after, _ := strings.Cut(string(text), "VmHWM:")
	_, err = fmt.Sscan(after, &peak)
	d.must(err)
	return peak >> 10
}

// get is what an honest visitor gets.
func (d *crowdedDesk) get(from, path string) (status int, body string) {
	d.t.Helper()
	client := &http.Client{Transport: &http.Transport{DialContext: dialer(from).DialContext, DisableKeepAlives: true}}
	answer, err := client.Get("http://" + d.listen + path)
	d.must(err)
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	d.must(err)
	return answer.StatusCode, string(text)
}

// Readers who do not read: a thousand connections of one client, each for another filter, then
// thirteen hundred of many clients. Others are served meanwhile, memory stays within its bound, and
// the watchdog is fed.
func TestReadersWhoDoNotReadHarmNobody(t *testing.T) {
	t.Parallel()
	d := startCrowded(t)
	for n := range 1000 {
		d.askWithoutReading("127.0.7.1", filter(n))
	}
	if status, body := d.get("127.0.7.2", filter(1023)); status != 200 || !strings.Contains(body, "Rain number 99") {
		t.Errorf("another client: %d with %d bytes", status, len(body))
	}
	for n := range 1300 {
		d.askWithoutReading(fmt.Sprintf("127.0.8.%d", 1+n%21), filter(n%1024))
	}
	for range 5 {
		if status, _ := d.get("127.0.7.3", "/livez"); status != 200 {
			t.Errorf("/livez: %d", status)
		}
		if status, body := d.get("127.0.7.3", "/feed.rss"); status != 200 || !strings.HasSuffix(body, "</rss>\n") {
			t.Errorf("/feed.rss: %d, %d bytes that end in %.20q", status, len(body), body[max(0, len(body)-20):])
		}
	}
	before, _ := d.told.reports()
	if !eventually(func() bool { n, _ := d.told.reports(); return n >= before+5 }) {
		t.Error("the daemon tells nothing")
	}
	if all, fed := d.told.reports(); all != fed {
		t.Errorf("of %d reports %d fed the watchdog", all, fed)
	}
	if peak := d.peakMemory(); peak >= 300 && !raced {
		t.Errorf("peak memory was %d MB", peak)
	}
}

// Behind a proxy that is configured each visitor is a client of its own; one that is not is logged,
// once.
func TestTheHubCountsTheClientsOfAProxy(t *testing.T) {
	t.Parallel()
	d := newCrowded(t)
	path := filepath.Join(d.folder, "config.yaml")
	text, err := os.ReadFile(path)
	d.must(err)
	d.must(os.WriteFile(path, append(text, "proxies: [127.0.0.1]\n"...), 0o600))
	d.start()
	subscribe := func(from, client string, n int) int {
		form := url.Values{
			"hub.mode": {"subscribe"}, "hub.topic": {"http://" + d.listen + "/feed.rss"},
			"hub.callback": {fmt.Sprintf("http://127.1.%d.%d:1/", n, len(client)+len(from))},
		}
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+d.listen+"/websub/",
			strings.NewReader(form.Encode()))
		d.must(err)
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("X-Forwarded-For", "203.0.113.9, "+client)
		visitor := &http.Client{Transport: &http.Transport{DialContext: dialer(from).DialContext, DisableKeepAlives: true}}
		answer, err := visitor.Do(r)
		d.must(err)
		defer answer.Body.Close()
		return answer.StatusCode
	}
	for _, c := range []struct {
		name, from string
		client     func(n int) string
		refused    int
	}{
		{"many visitors", "127.0.0.1", func(n int) string { return fmt.Sprintf("192.0.2.%d", n) }, 0},
		{"one visitor", "127.0.0.1", func(int) string { return "198.51.100.7" }, 3},
		{"who is no proxy", "127.0.0.2", func(n int) string { return fmt.Sprintf("192.0.2.1%02d", n) }, 3},
	} {
		refused := 0
		for n := range 13 {
			switch status := subscribe(c.from, c.client(n), n); status {
			case http.StatusTooManyRequests:
				refused++
			case http.StatusAccepted:
			default:
				t.Errorf("%s: %d", c.name, status)
			}
		}
		if refused != c.refused {
			t.Errorf("%s: %d of 13 were refused, want %d", c.name, refused, c.refused)
		}
	}
	if n := strings.Count(d.log.String(), "requests come through a proxy that is not configured"); n != 1 {
		t.Errorf("the other proxy was logged %d times: %s", n, d.log.String())
	}
}
