//go:build soak && linux

package command

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// Documents of 16 MiB, the most that is taken, that cost a reader in other ways.
func largeDocuments(station int) map[string][]byte {
	const most = 16<<20 - 1<<10
	fill := func(begin, end string, item func(n int) string) []byte {
		var b bytes.Buffer
		b.WriteString(begin)
		for n := 0; ; n++ {
			text := item(n)
			if b.Len()+len(text)+len(end) > most {
				break
			}
			b.WriteString(text)
		}
		b.WriteString(end)
		return b.Bytes()
	}
	text := strings.Repeat(fmt.Sprintf("&lt;p&gt;The well of station %d is dry, &lt;a href=\"/a\"&gt;says the "+
		"county&lt;/a&gt;.&lt;/p&gt;", station), 160)
	return map[string][]byte{
		"items of 16 kB": fill(channel, channelEnd, func(n int) string {
			return fmt.Sprintf(`<item><title>Well %d of station %d</title>`+
				`<link>https://s%d.example/wells/number-%d</link><guid isPermaLink="false">%d</guid>`+
				`<description>%s</description></item>`, n, station, station, n, n, text)
		}),
		"elements without end": fill(channel+"<item><title>a</title>", "</item>"+channelEnd,
			func(int) string { return "<x:a>b</x:a>                      " }),
		"bodies of a megabyte": fill(channel, channelEnd, func(n int) string {
			return fmt.Sprintf(`<item><title>Body %d of station %d</title>`+
				`<link>https://s%d.example/bodies/number-%d</link><description><![CDATA[%s]]></description>`+
				`</item>`, n, station, station, n, strings.Repeat("<p><b>word</b> word</p>", 45_000))
		}),
		"JSON": fill(`{"version":"https://jsonfeed.org/version/1.1","title":"Radio","items":[{"id":"x","title":"x"}`,
			"]}", func(n int) string {
				return fmt.Sprintf(`,{"id":"%d","url":"https://s%d.example/json/number-%d","title":"Item %d of `+
					`station %d",`+
					`"content_html":"%s"}`, n, station, n, n, station, strings.Repeat("<p>It is dry.</p>", 900))
			}),
	}
}

// Sixteen workers at once on documents of the largest size that is taken stay within the memory
// that the unit gives. What each kind takes is printed.
//
//	go test -tags soak -run SixteenLarge -v ./aggregator/command
func TestSixteenLargeDocumentsStayWithinMemory(t *testing.T) {
	const workers = 16
	for kind := range largeDocuments(0) {
		t.Run(kind, func(t *testing.T) {
			documents := make([][]byte, workers)
			for n := range documents {
				documents[n] = zipped(largeDocuments(n)[kind])
			}
			l, err := net.Listen("tcp", "0.0.0.0:0")
			if err != nil {
				t.Fatal(err)
			}
			server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				host, _, _ := net.SplitHostPort(r.Host)
				var n int
				fmt.Sscan(host[strings.LastIndexByte(host, '.')+1:], &n)
				w.Header().Set("Content-Encoding", "gzip")
				w.Write(documents[n])
			})}
			go server.Serve(l)
			defer server.Close()
			_, station, _ := net.SplitHostPort(l.Addr().String())
			configuration, desk := soakDesk(t, station)
			text, err := os.ReadFile(configuration)
			if err != nil {
				t.Fatal(err)
			}
			few, _, _ := strings.Cut(string(text), fmt.Sprintf("  - {id: s%d,", workers))
			few = strings.Replace(few, "every: 2s", fmt.Sprintf("every: 1h, concurrency: %d", workers), 1)
			if err := os.WriteFile(configuration, []byte(few), 0o600); err != nil {
				t.Fatal(err)
			}
			log, err := os.Create(filepath.Join(filepath.Dir(configuration), "log"))
			if err != nil {
				t.Fatal(err)
			}
			defer log.Close()
			c := command([]string{"fronteras", "once", "--config", configuration, "--out",
				filepath.Join(filepath.Dir(configuration), "out")})
			c.Env = append(os.Environ(), "GOMEMLIMIT=600MiB")
			c.Stderr = log
			begun := time.Now()
			if err := c.Start(); err != nil {
				t.Fatal(err)
			}
			peak := watchPeak(c.Process.Pid)
			if err := c.Wait(); err != nil {
				t.Fatal(err)
			}
			_ = desk
			said, _ := io.ReadAll(log)
			most := <-peak
			fmt.Printf("| %s | %d MB | %.1f s |\n", kind, most, time.Since(begun).Seconds())
			if most > 300 {
				t.Errorf("peak memory was %d MB: %s", most, said)
			}
		})
	}
}

// watchPeak gives the most resident memory of a process, in MB, when that has ended. What the system
// says at its end would count that of this process too, which holds the documents.
func watchPeak(pid int) <-chan int {
	peak := make(chan int, 1)
	go func() {
		most := 0
		for ; ; time.Sleep(20 * time.Millisecond) {
			status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
			_, rest, found := strings.Cut(string(status), "VmHWM:")
			var kb int
			if _, bad := fmt.Sscan(rest, &kb); err != nil || !found || bad != nil {
				peak <- most
				return
			}
			most = max(most, kb>>10)
		}
	}()
	return peak
}
