package web

import (
	"bytes"
	"compress/gzip"
	"io"
	"slices"
	"testing"

	"fronteras/aggregator/publish"
)

// A compressor that has been lent out before writes the same bytes as a new one: ETags stay over
// restarts.
func TestPackersAreAsNew(t *testing.T) {
	words := vocabulary()
	var documents []publish.Document
	for _, n := range []int{0, 3, 40_000, 500, 20_000} {
		documents = append(documents, publish.Document{Body: []byte(words(n))})
	}
	used, err := newCompressor()
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range documents {
		fresh, err := newCompressor()
		if err != nil {
			t.Fatal(err)
		}
		for _, coding := range codings[:identity] {
			for _, quickly := range []bool{false, true} {
				same(t, used, fresh, coding, d.Body, quickly)
			}
		}
	}
}

// No representation says when it was made, or by what name: the first document of a compressor, nor
// any after it.
func TestHeadersHoldNoTimeAndNoName(t *testing.T) {
	one, err := newCompressor()
	if err != nil {
		t.Fatal(err)
	}
	begins := map[string][]byte{
		"gzip": {0x1f, 0x8b, 8, 0, 0, 0, 0, 0}, // no flags, so no name; the time 0 (RFC 1952)
		"zstd": {0x28, 0xb5, 0x2f, 0xfd},       // a frame, which has neither, and no skippable one (RFC 8878)
		"br":   {},                             // has no header (RFC 7932)
	}
	for range 3 {
		for _, coding := range codings[:identity] {
			for _, quickly := range []bool{false, true} {
				want, known := begins[coding]
				body, err := one.compress(coding, []byte("Rain at last"), quickly)
				if err != nil || !known || !bytes.HasPrefix(body, want) {
					t.Errorf("%s, quickly %t: % x, want % x: %v", coding, quickly, body[:min(10, len(body))], want, err)
				}
			}
		}
	}
}

// same looks whether two compressors write the same bytes.
func same(t *testing.T, one, other *compressor, coding string, body []byte, quickly bool) {
	t.Helper()
	have, err := one.compress(coding, body, quickly)
	if err != nil {
		t.Fatal(err)
	}
	want, err := other.compress(coding, body, quickly)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(have, want) {
		t.Errorf("a document of %d bytes in %q is other bytes the second time", len(body), coding)
	}
}

// A large document that is made because somebody asks for it is compressed quickly, and is what it
// is.
func TestLargeDocumentsThatAreAskedFor(t *testing.T) {
	words, p := vocabulary(), compressors{}
	d := publish.Document{Body: []byte(words(largeFile / 5))}
	sizes := map[bool]int{}
	for _, asked := range []bool{false, true} {
		f := newDocumentFile(d)
		f.filtered = asked
		packed, err := p.encodeFile(f, slices.Index(codings[:], "gzip"))
		if err != nil {
			t.Fatal(err)
		}
		r, err := gzip.NewReader(bytes.NewReader(packed.body))
		if err != nil {
			t.Fatal(err)
		}
		if body, err := io.ReadAll(r); err != nil || !bytes.Equal(body, d.Body) || len(body) < largeFile {
			t.Errorf("%d bytes of %d, %v", len(body), len(d.Body), err)
		}
		sizes[asked] = len(packed.body)
	}
	if sizes[true] <= sizes[false] || sizes[true] > len(d.Body) {
		t.Errorf("compressed quickly it has %d bytes, with time %d, of %d", sizes[true], sizes[false], len(d.Body))
	}
}
