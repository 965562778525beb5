package fetch

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func TestAFileIsReadAndUnchangedBytesAreNotModified(t *testing.T) {
	path := filepath.Join(t.TempDir(), "news.xml")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c := newClient(t)
	fetch := func(r Request) *Response {
		t.Helper()
		r.URL, r.Path = "file:news.xml", path
		response, err := c.Fetch(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		return response
	}
	write(sampleFeed)
	first := fetch(Request{})
	if string(first.Body) != sampleFeed || first.NotModified || first.Address != "file:news.xml" || first.ETag == "" ||
		!first.Private || first.Size != int64(len(sampleFeed)) || first.Received.IsZero() {
		t.Errorf("%+v", first)
	}
	same := Request{ETag: first.ETag, From: first.Address}
	if r := fetch(same); !r.NotModified || r.Body != nil || r.ETag != first.ETag {
		t.Errorf("unchanged bytes: %+v, want a 304", r)
	}
	if r := fetch(Request{ETag: first.ETag, From: "file:other.xml"}); r.NotModified {
		t.Errorf("another file's validator: %+v, want the document", r)
	}
	write(sampleFeed + "\n")
	if r := fetch(same); r.NotModified || string(r.Body) != sampleFeed+"\n" || r.ETag == first.ETag {
		t.Errorf("changed bytes: %+v, want the document", r)
	}
	link := filepath.Join(t.TempDir(), "link.xml")
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	if r, err := c.Fetch(t.Context(), Request{URL: "file:link.xml", Path: link}); err != nil || len(r.Body) == 0 {
		t.Errorf("a link to a file: %+v, %v", r, err)
	}
}

func TestOnlyRegularFilesAreRead(t *testing.T) {
	folder := t.TempDir()
	pipe := filepath.Join(folder, "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(folder, "link")
	if err := os.Symlink(pipe, link); err != nil {
		t.Fatal(err)
	}
	large := filepath.Join(folder, "large")
	if err := os.WriteFile(large, []byte(strings.Repeat("x", 1<<20+1)), 0o600); err != nil {
		t.Fatal(err)
	}
	c := newClient(t)
	for _, tt := range []struct {
		name, path string
		kind       Kind
		text       string
	}{
		{"missing", filepath.Join(folder, "none"), KindFile, "no such file"},
		{"a folder", folder, KindFile, "not a regular file"},
		{"a pipe", pipe, KindFile, "not a regular file"},
		{"a link to a pipe", link, KindFile, "not a regular file"},
		{"a device", "/dev/zero", KindFile, "not a regular file"},
		{"too large", large, KindTooLarge, "1048576 bytes allowed"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			wantFailure(t, fetchError(t, c, Request{URL: "file:" + tt.path, Path: tt.path}), tt.kind, tt.text)
		})
	}
}
