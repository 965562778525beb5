package websub_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zlib"
	"github.com/klauspost/compress/zstd"
)

// packed is a text in a coding.
func packed(t *testing.T, coding, text string) string {
	t.Helper()
	var b bytes.Buffer
	var w io.WriteCloser
	switch coding {
	case "gzip", "x-gzip":
		w = gzip.NewWriter(&b)
	case "br":
		w = brotli.NewWriter(&b)
	case "zstd":
		encoder, err := zstd.NewWriter(&b)
		if err != nil {
			t.Fatal(err)
		}
		w = encoder
	case "deflate":
		w = zlib.NewWriter(&b)
	default:
		return text
	}
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// What is answered with 202 is in the store; what the store does not take is to be sent again.
func TestADeliveryThatIsNotSavedIsToBeSentAgain(t *testing.T) {
	hub := &station{}
	subscribed(t, hub, func(w *world, callback, secret string) {
		w.refuses = errors.New("the store is full")
		status, header := hub.deliver(callback, secret, "<rss/>", nil)
		if status != http.StatusServiceUnavailable || header.Get("Retry-After") == "" {
			t.Errorf("answered %d, Retry-After %q", status, header.Get("Retry-After"))
		}
		w.refuses = nil
		if status, _ := hub.deliver(callback, secret, "<rss/>", nil); status != http.StatusAccepted ||
			!slices.Equal(w.arrived, []string{feed + " <rss/>"}) {
			t.Errorf("sent again, it was answered %d, arrived %q", status, w.arrived)
		}
	})
}

func TestADeliveryIsAnsweredWhenItHasBeenSaved(t *testing.T) {
	hub := &station{}
	subscribed(t, hub, func(w *world, callback, secret string) {
		w.reading = map[string]time.Duration{feed: 3 * time.Second}
		begun := time.Now()
		status, _ := hub.deliver(callback, secret, "<rss/>", nil)
		if took := time.Since(begun); status != http.StatusAccepted || took < 3*time.Second || len(w.arrived) != 1 {
			t.Errorf("answered %d after %v, arrived %q", status, took, w.arrived)
		}
	})
}

// Beyond what is read and waits, a delivery is refused at once, and after five seconds in any case.
func TestDeliveriesThatCannotBeReadSoonAreToBeSentAgain(t *testing.T) {
	hub := &station{}
	subscribed(t, hub, func(w *world, callback, secret string) {
		w.reading = map[string]time.Duration{feed: 8 * time.Second}
		var mu sync.Mutex
		answers, slowest := map[int]int{}, time.Duration(0)
		var pushes sync.WaitGroup
		for range 70 {
			pushes.Go(func() {
				begun := time.Now()
				status, _ := hub.deliver(callback, secret, "<rss/>", nil)
				mu.Lock()
				defer mu.Unlock()
				answers[status]++
				if status != http.StatusAccepted {
					slowest = max(slowest, time.Since(begun))
				}
			})
		}
		pushes.Wait()
		if answers[202] != 1 || answers[503] != 69 || slowest > 6*time.Second || len(w.arrived) != 1 {
			t.Errorf("answered %v, 503 after up to %v; %d were read", answers, slowest, len(w.arrived))
		}
	})
}

func TestCompressedDeliveriesAreDecoded(t *testing.T) {
	const body = `<rss version="2.0"><channel><title>Radio Ajo</title></channel></rss>`
	hub := &station{}
	subscribed(t, hub, func(w *world, callback, secret string) {
		for _, coding := range []string{"gzip", "x-gzip", "br", "zstd", "identity"} {
			w.arrived = nil
			status, _ := hub.deliver(callback, secret, packed(t, coding, body),
				http.Header{"Content-Encoding": {coding}})
			if status != http.StatusAccepted || !slices.Equal(w.arrived, []string{feed + " " + body}) {
				t.Errorf("%s: answered %d, arrived %q", coding, status, w.arrived)
			}
		}
		w.arrived = nil
		for _, coding := range []string{"deflate", "gzip, gzip", "gzip, br", "compress"} {
			status, header := hub.deliver(callback, secret, packed(t, "deflate", body),
				http.Header{"Content-Encoding": {coding}})
			if status != http.StatusUnsupportedMediaType || header.Get("Accept-Encoding") != "gzip, br, zstd" {
				t.Errorf("%s: answered %d, Accept-Encoding %q", coding, status, header.Get("Accept-Encoding"))
			}
		}
		// The signature is that of the bytes as they came.
		if status, _ := hub.deliver(callback, "wrong", packed(t, "gzip", body),
			http.Header{"Content-Encoding": {"gzip"}}); status != http.StatusAccepted || len(w.arrived)+len(w.soon) > 0 {
			t.Errorf("with a wrong signature: answered %d, arrived %q, soon %q", status, w.arrived, w.soon)
		}
	})
}

// A delivery that cannot be decoded has its feed visited instead.
func TestADeliveryThatCannotBeDecodedIsAHint(t *testing.T) {
	hub := &station{}
	subscribed(t, hub, func(w *world, callback, secret string) {
		for name, body := range map[string]string{
			"no gzip": "<rss/>", "a bomb": packed(t, "gzip", strings.Repeat("\x00", 64<<20)),
			"cut off": packed(t, "gzip", strings.Repeat("<rss/>", 1000))[:40],
		} {
			w.soon = nil
			status, _ := hub.deliver(callback, secret, body, http.Header{"Content-Encoding": {"gzip"}})
			if status != http.StatusAccepted || !slices.Equal(w.soon, []string{feed}) || len(w.arrived) > 0 {
				t.Errorf("%s: answered %d, soon %q, arrived %.40q", name, status, w.soon, w.arrived)
			}
		}
	})
}

// The document itself says what it is, whatever its type says.
func TestADeliveryOfAnyTypeIsRead(t *testing.T) {
	hub := &station{}
	subscribed(t, hub, func(w *world, callback, secret string) {
		for n, kind := range []string{"application/octet-stream", "text/plain", "", "no type"} {
			status, _ := hub.deliver(callback, secret, "<rss/>", http.Header{"Content-Type": {kind}})
			if status != http.StatusAccepted || len(w.arrived) != n+1 {
				t.Errorf("%q: answered %d, %d arrived", kind, status, len(w.arrived))
			}
		}
	})
}

// A delivery may have all of the bytes that one may have, and not one more, whether or not its
// length is said before.
func TestTheLargestDeliveryIsTaken(t *testing.T) {
	hub := &station{}
	subscribed(t, hub, func(w *world, callback, secret string) {
		for size, want := range map[int]int{1 << 20: 202, 1<<20 + 1: 413, 1<<20 - 1: 202, 256 << 10: 202} {
			w.arrived = nil
			body := strings.Repeat("x", size)
			if status, _ := hub.deliver(callback, secret, body, nil); status != want {
				t.Errorf("%d bytes were answered %d, want %d", size, status, want)
			}
			if want == 202 && (len(w.arrived) != 1 || w.arrived[0] != feed+" "+body) {
				t.Errorf("of %d bytes, something else arrived", size)
			}
		}
	})
}

// Of more deliveries at once than there is room for, as many are taken as there is, and others are to
// be sent again.
func TestDeliveriesToAllCallbacksHaveABoundInBytes(t *testing.T) {
	hub := &station{}
	inWorld(t, map[string]http.Handler{"hub.example": hub}, func(w *world) {
		w.reading = map[string]time.Duration{}
		body := strings.Repeat("x", 1<<20) // MaxSize
		for n := range 66 {
			w.discover(fmt.Sprintf("https://s%d.example/rss", n), "https://hub.example/")
			w.reading[fmt.Sprintf("https://s%d.example/rss", n)] = 50 * time.Millisecond
		}
		w.sleep(time.Minute)
		push := func() map[int]int {
			var mu sync.Mutex
			answers := map[int]int{}
			var pushes sync.WaitGroup
			for _, form := range hub.asked() {
				pushes.Go(func() {
					status, _ := hub.deliver(form.Get("hub.callback"), form.Get("hub.secret"), body, nil)
					mu.Lock()
					defer mu.Unlock()
					answers[status]++
				})
			}
			pushes.Wait()
			return answers
		}
		if answers := push(); answers[202] != 64 || answers[503] != 2 {
			t.Errorf("66 MiB at once were answered %v", answers)
		}
		if status := hub.push(hub.asked()[65].Get("hub.callback"), hub.asked()[65].Get("hub.secret"),
			body); status != http.StatusAccepted {
			t.Errorf("when all had been answered, the next was answered %d", status)
		}
	})
}
