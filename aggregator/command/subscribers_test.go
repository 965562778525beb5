//go:build soak && linux

package command

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"fronteras/aggregator/config"
	"fronteras/aggregator/news"
	"fronteras/store"
)

// Four hundred subscriptions to as many filtered topics, whose subscribers take their time, cost
// little memory when all topics change at once. What they take is printed.
//
//	go test -tags soak -run SlowSubscribers -v ./aggregator/command
func TestSlowSubscribersTakeLittleMemory(t *testing.T) {
	var delivered atomic.Int64
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "0.0.0.0:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, io.LimitReader(r.Body, 1<<10)) // the rest waits
		select {
		case <-time.After(9 * time.Second):
		case <-r.Context().Done():
		}
		_, _ = io.Copy(io.Discard, r.Body)
		delivered.Add(1)
	})}
	go server.Serve(l)
	defer server.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())

	d := newCrowded(t)
	c, err := config.Load(filepath.Join(d.folder, "config.yaml"), func(string) string { return "" })
	d.must(err)
	a, err := openApp(c, Env{}, store.Options{})
	d.must(err)
	for n := range 400 {
		d.must(a.store.AddSubscriber(t.Context(), news.Subscriber{
			Callback: fmt.Sprintf("http://127.0.9.%d:%s/%d", 1+n%20, port, n), Topic: "http://" + d.listen + filter(n),
			Until: time.Now().Add(time.Hour),
		}))
	}
	d.must(a.close())
	d.start()
	before := d.peakMemory()
	eventually(func() bool { return delivered.Load() >= 120 })
	peak := d.peakMemory()
	fmt.Printf("| %d MB before | %d MB | %d delivered |\n", before, peak, delivered.Load())
	if peak >= 300 {
		t.Errorf("peak memory was %d MB", peak)
	}
}
