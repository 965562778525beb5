package fetch

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// compress encodes a document.
func compress(t testing.TB, coding string, text []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	var w io.WriteCloser
	switch coding {
	case "gzip":
		w = gzip.NewWriter(&out)
	case "br":
		w = brotli.NewWriterLevel(&out, brotli.BestSpeed)
	case "zstd":
		var err error
		if w, err = zstd.NewWriter(&out, zstd.WithWindowSize(1<<20)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.Write(text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// coded serves a body under a Content-Encoding.
func coded(t testing.TB, body []byte, codings ...string) Request {
	t.Helper()
	s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Content-Encoding"] = codings
		w.Header().Set("Content-Type", "application/rss+xml")
		w.Write(body)
	})
	return Request{URL: s.URL}
}

func TestCodingsAreDecoded(t *testing.T) {
	long := []byte(strings.Repeat(sampleFeed, 5000))
	c := newClient(t)
	for _, tt := range []struct{ header, coding string }{
		{"gzip", "gzip"}, {"x-gzip", "gzip"}, {"GZip", "gzip"}, {"gzip, identity", "gzip"}, {"br", "br"},
		{"zstd", "zstd"},
	} {
		for _, want := range [][]byte{long, []byte(sampleFeed), {}} {
			// Twice: the second time with a decoder that was used before.
			for range 2 {
				body := compress(t, tt.coding, want)
				r, err := c.Fetch(t.Context(), coded(t, body, tt.header))
				if err != nil {
					t.Errorf("%s: %v", tt.header, err)
				} else if !bytes.Equal(r.Body, want) || r.Size != int64(len(body)) {
					t.Errorf("%s: %d bytes of %d, want %d of %d", tt.header, len(r.Body), r.Size, len(want), len(body))
				}
			}
		}
	}
	for _, header := range []string{"identity", "", "identity, identity"} {
		if r, err := c.Fetch(t.Context(), coded(t, long, header)); err != nil || !bytes.Equal(r.Body, long) {
			t.Errorf("%q: %v", header, err)
		}
	}
}

func TestTheHeadOfADocumentIsReadInEachCoding(t *testing.T) {
	const head = 64 << 10
	long := []byte(strings.Repeat(sampleFeed, 5000))
	c := newClient(t)
	for _, coding := range []string{"identity", "gzip", "br", "zstd"} {
		body := long
		if coding != "identity" {
			body = compress(t, coding, long)
		}
		r := coded(t, body, coding)
		for range 2 { // a decoder that left the rest unread decodes the next document whole
			r.Head = head
			part, err := c.Fetch(t.Context(), r)
			if err != nil || !bytes.Equal(part.Body, long[:head]) {
				t.Fatalf("%s: %v, want the first 64 KiB", coding, err)
			}
			r.Head = 0
			if whole, err := c.Fetch(t.Context(), r); err != nil || !bytes.Equal(whole.Body, long) {
				t.Errorf("%s: %v, want the whole document", coding, err)
			}
		}
	}
	if _, err := c.Fetch(t.Context(), Request{URL: coded(t, long, "compress").URL, Head: head}); err == nil {
		t.Error("an unknown coding was read")
	}
}

func TestDoubleUnknownAndFalseCodingsAreRefused(t *testing.T) {
	packed := map[string][]byte{}
	for _, coding := range []string{"gzip", "br", "zstd"} {
		packed[coding] = compress(t, coding, []byte(sampleFeed))
	}
	twice := compress(t, "gzip", packed["gzip"])
	var wide bytes.Buffer
	w, err := zstd.NewWriter(&wide, zstd.WithWindowSize(2*maxWindow), zstd.WithEncoderConcurrency(1))
	if err != nil {
		t.Fatal(err)
	}
	io.CopyN(w, zeros{}, 3*maxWindow)
	w.Close()
	c := newClient(t)
	for _, tt := range []struct {
		name   string
		body   []byte
		header []string
		text   string
	}{
		{"two", twice, []string{"gzip, gzip"}, `"gzip" in "gzip"`},
		{"two in two headers", twice, []string{"gzip", "br"}, `"br" in "gzip"`},
		{"three", twice, []string{"gzip, gzip, gzip"}, "one coding is allowed"},
		{"unknown", packed["gzip"], []string{"deflate"}, `"deflate"`},
		{"steering a terminal", packed["gzip"], []string{"\u009b31m"}, `allowed are gzip`},
		{"plain called gzip", []byte(sampleFeed), []string{"gzip"}, "is gzip, but the document is not"},
		{"plain called br", []byte(sampleFeed), []string{"br"}, "br"},
		{"plain called zstd", []byte(sampleFeed), []string{"zstd"}, "zstd"},
		{"br called gzip", packed["br"], []string{"gzip"}, "gzip"},
		{"gzip called nothing", packed["gzip"], nil, "is gzip, but"},
		{"zstd called nothing", packed["zstd"], nil, "is zstd, but"},
		{"gzip cut off", packed["gzip"][:len(packed["gzip"])-9], []string{"gzip"}, "gzip"},
		{"br cut off", packed["br"][:len(packed["br"])-9], []string{"br"}, "br"},
		{"zstd cut off", packed["zstd"][:len(packed["zstd"])-9], []string{"zstd"}, "zstd"},
		{"gzip and more", append(bytes.Clone(packed["gzip"]), "<rss/>"...), []string{"gzip"}, "gzip"},
		{"br and more", append(bytes.Clone(packed["br"]), "<rss/>"...), []string{"br"}, "br"},
		{"zstd and more", append(bytes.Clone(packed["zstd"]), "<rss/>"...), []string{"zstd"}, "zstd"},
		{"nothing called gzip", nil, []string{"gzip"}, "gzip"},
		{"a wide zstd window", wide.Bytes(), []string{"zstd"}, "zstd"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			wantFailure(t, fetchError(t, c, coded(t, tt.body, tt.header...)), KindCoding, tt.text)
		})
	}
}

// zeros never end.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

func TestDocumentsHaveABoundOfSize(t *testing.T) {
	const limit = 100_000
	c := newClient(t, func(o *Options) { o.MaxSize = limit })
	for _, size := range []int{limit - 1, limit, limit + 1, 4 * limit} {
		body := []byte(strings.Repeat("x", size))
		for _, coding := range []string{"", "gzip", "br", "zstd"} {
			for _, chunked := range []bool{false, true} {
				t.Run(fmt.Sprintf("%d bytes %s chunked %v", size, coding, chunked), func(t *testing.T) {
					s := serve(t, func(w http.ResponseWriter, _ *http.Request) {
						sent := body
						if coding != "" {
							w.Header().Set("Content-Encoding", coding)
							sent = compress(t, coding, body)
						}
						if chunked {
							w.(http.Flusher).Flush()
						} else {
							w.Header().Set("Content-Length", fmt.Sprint(len(sent)))
						}
						w.Write(sent)
					})
					if size > limit {
						wantFailure(t, fetchError(t, c, Request{URL: s.URL}), KindTooLarge, "100000 bytes allowed")
					} else if r, err := c.Fetch(t.Context(), Request{URL: s.URL}); err != nil ||
						!bytes.Equal(r.Body, body) {
						t.Error(err)
					}
				})
			}
		}
	}
	t.Run("large as it comes", func(t *testing.T) {
		// Stored blocks: gzip that is larger than what it holds.
		var stored bytes.Buffer
		w, err := gzip.NewWriterLevel(&stored, gzip.NoCompression)
		if err != nil {
			t.Fatal(err)
		}
		w.Write(bytes.Repeat([]byte("x"), limit))
		w.Close()
		wantFailure(t, fetchError(t, c, coded(t, stored.Bytes(), "gzip")), KindTooLarge, "100000 bytes allowed")
	})
}

func TestCompressionBombsCostTwiceTheBound(t *testing.T) {
	bomb := make([]byte, 32<<20)
	c := newClient(t, func(o *Options) { o.MaxSize = 4 << 20 })
	for _, coding := range []string{"gzip", "br", "zstd"} {
		request := coded(t, compress(t, coding, bomb), coding)
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		wantFailure(t, fetchError(t, c, request), KindTooLarge, "4194304 bytes allowed")
		runtime.ReadMemStats(&after)
		// Twice the limit, and the widest window that any of them has.
		if used := after.TotalAlloc - before.TotalAlloc; used > 24<<20 {
			t.Errorf("%s: %d MiB were allocated", coding, used>>20)
		}
	}
}

func FuzzReadBody(f *testing.F) {
	for _, coding := range []string{"gzip", "br", "zstd"} {
		f.Add(coding, compress(f, coding, []byte(sampleFeed)))
	}
	f.Add("", []byte(sampleFeed))
	f.Add("gzip, br", []byte(sampleFeed))
	const limit = 1 << 16
	c := NewClient(Options{MaxSize: limit})
	f.Fuzz(func(t *testing.T, coding string, wire []byte) {
		answer := &http.Response{
			Header:        http.Header{"Content-Encoding": {coding}},
			Body:          io.NopCloser(bytes.NewReader(wire)),
			ContentLength: -1,
		}
		body, size, err := c.readWholeBody(answer, func(int64) error { return nil })
		if err == nil && (len(body) > limit || size != int64(len(wire))) {
			t.Errorf("%d bytes of %d, of %d on the wire", len(body), size, len(wire))
		}
	})
}
