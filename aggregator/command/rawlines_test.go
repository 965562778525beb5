package command

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A server that goes on after its answer, as some do after a 304, makes net/http write its bytes to the standard
// logger.
func TestWhatAServerSendsWithoutBeingAskedIsNotPrinted(t *testing.T) {
	// Two servers: a second request on the first one's connection could meet those bytes.
	var addresses []any
	for range 2 {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		addresses = append(addresses, l.Addr())
		go func() {
			for {
				conn, err := l.Accept()
				if err != nil {
					return
				}
				go answerTooMuch(conn)
			}
		}()
	}
	config := filepath.Join(t.TempDir(), "config.yaml")
	text := fmt.Sprintf("desk: {title: Test Desk, url: 'https://desk.example'}\npoll: {private_networks: true}\nstations:\n"+
		"  - {id: ajo, name: Radio Ajo, url: 'https://ajo.example', feeds: [{url: 'http://%s/a'}, {url: 'http://%s/b'}]}\n",
		addresses...)
	if err := os.WriteFile(config, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	out, err := command([]string{"fronteras", "check", "--config", config}).CombinedOutput()
	if err != nil || strings.Count(string(out), ": ok: RSS") != 2 {
		t.Fatalf("%v: %s", err, out)
	}
	if strings.Contains(string(out), "surplus") || strings.Contains(string(out), "nsolicited") {
		t.Errorf("%s", out)
	}
}

// answerTooMuch answers with a feed, and goes on.
func answerTooMuch(conn net.Conn) {
	defer conn.Close()
	if _, err := http.ReadRequest(bufio.NewReader(conn)); err != nil {
		return
	}
	feed := `<rss version="2.0"><channel><title>Ajo</title><item><title>Rain</title></item></channel></rss>`
	fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nContent-Length: %d\r\n\r\n%s%s",
		len(feed), feed, "surplus bytes")
	_, _ = conn.Read(make([]byte, 1)) // until the connection is closed
}
