package web

import (
	"errors"
	"fmt"
	"testing"

	"fronteras/aggregator/publish"
)

func TestCacheKeepsWithinItsMemory(t *testing.T) {
	c := newCache()
	big := newDocumentFile(publish.Document{Body: make([]byte, maxMemory/4)})
	for n := range 10 {
		if _, err := c.getOrRender(t.Context(), cacheKey{path: fmt.Sprint(n)},
			func() (*file, error) { return big, nil }); err != nil {
			t.Fatal(err)
		}
	}
	if len(c.entries) != 4 || c.bytes != maxMemory || c.entries[cacheKey{path: "9"}] == nil {
		t.Errorf("%d documents of %d bytes are kept", len(c.entries), c.bytes)
	}
}

func TestCacheForgetsWhatFailed(t *testing.T) {
	c := newCache()
	broken := errors.New("broken")
	if _, err := c.getOrRender(t.Context(), cacheKey{path: "/a"}, func() (*file, error) { return nil, broken }); !errors.Is(err,
		broken) {
		t.Errorf("failed with %v", err)
	}
	func() {
		defer func() { _ = recover() }()
		_, _ = c.getOrRender(t.Context(), cacheKey{path: "/b"}, func() (*file, error) { panic("lost") })
	}()
	for _, path := range []string{"/a", "/b"} {
		if f, err := c.getOrRender(t.Context(), cacheKey{path: path}, func() (*file, error) { return &file{}, nil }); f == nil ||
			err != nil {
			if path == "/b" && errors.Is(err, errUnwritten) { // once: then it is forgotten
				if f, err := c.getOrRender(t.Context(), cacheKey{path: path},
					func() (*file, error) { return &file{}, nil }); f != nil && err == nil {
					continue
				}
			}
			t.Errorf("%s stays broken: %v", path, err)
		}
	}
}
