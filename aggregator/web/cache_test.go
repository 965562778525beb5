package web

import (
	"errors"
	"fmt"
	"testing"

	"fronteras/aggregator/publish"
)

func TestCacheKeepsWithinItsMemory(t *testing.T) {
	c := newCache()
	big := newFile(publish.Document{Body: make([]byte, memory/4)})
	for n := range 10 {
		if _, err := c.file(want{path: fmt.Sprint(n)}, 0, func() (*file, error) { return big, nil }); err != nil {
			t.Fatal(err)
		}
	}
	if len(c.kept) != 4 || c.bytes != memory || c.kept[want{path: "9"}] == nil {
		t.Errorf("%d documents of %d bytes are kept", len(c.kept), c.bytes)
	}
}

func TestCacheForgetsWhatFailed(t *testing.T) {
	c := newCache()
	broken := errors.New("broken")
	if _, err := c.file(want{path: "/a"}, 0, func() (*file, error) { return nil, broken }); !errors.Is(err, broken) {
		t.Errorf("failed with %v", err)
	}
	func() {
		defer func() { _ = recover() }()
		_, _ = c.file(want{path: "/b"}, 0, func() (*file, error) { panic("lost") })
	}()
	for _, path := range []string{"/a", "/b"} {
		if f, err := c.file(want{path: path}, 0, func() (*file, error) { return &file{}, nil }); f == nil || err != nil {
			if path == "/b" && errors.Is(err, errUnwritten) { // once: then it is forgotten
				if f, err := c.file(want{path: path}, 0, func() (*file, error) { return &file{}, nil }); f != nil && err == nil {
					continue
				}
			}
			t.Errorf("%s stays broken: %v", path, err)
		}
	}
}
