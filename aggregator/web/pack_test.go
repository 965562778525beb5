package web

import (
	"bytes"
	"testing"

	"fronteras/aggregator/publish"
)

// A compressor that has been lent out before writes the same bytes as a new one:
// ETags stay over restarts.
func TestPackersAreAsNew(t *testing.T) {
	words := vocabulary()
	var documents []publish.Document
	for _, n := range []int{0, 3, 40_000, 500, 20_000} {
		documents = append(documents, publish.Document{Body: []byte(words(n))})
	}
	used, err := newPacker()
	if err != nil {
		t.Fatal(err)
	}
	for n, d := range documents {
		fresh, err := newPacker()
		if err != nil {
			t.Fatal(err)
		}
		for _, coding := range codings[:identity] {
			have, err := used.pack(coding, d.Body)
			if err != nil {
				t.Fatal(err)
			}
			want, err := fresh.pack(coding, d.Body)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(have, want) {
				t.Errorf("document %d in %q is other bytes the second time", n, coding)
			}
		}
	}
}
