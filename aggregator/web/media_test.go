package web

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fronteras/aggregator/news"
)

func TestPicturesBesideADocumentAreServedAndNothingElse(t *testing.T) {
	folder := t.TempDir()
	for name, text := range map[string]string{
		"outside.jpg": "secret", "stations/kmsa.xml": "<rss/>", "stations/cover.jpg": "secret",
		"stations/pictures/well.jpg": "\xff\xd8\xff picture", "stations/pictures/notes.txt": "secret",
		"stations/pictures/mark.svg": "<svg/>", "stations/pictures/2025/ditch.jpg": "secret",
	} {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(filepath.Join(folder, "outside.jpg"), filepath.Join(folder, "stations/pictures/link.jpg")); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(folder, "stations/pictures/folder.jpg"), 0o755); err != nil {
		t.Fatal(err)
	}
	s := &Site{Stations: func() []news.Station {
		return []news.Station{
			{ID: "kmsa", Feeds: []news.Feed{{Path: filepath.Join(folder, "stations/kmsa.xml")}}},
			{ID: "ajo", Feeds: []news.Feed{{URL: "https://ajo.example/feed"}}},
		}
	}}
	get := func(path, tag string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodGet, "https://desk.example", nil)
		r.URL.Path = path
		r.Header.Set("If-None-Match", tag)
		w := httptest.NewRecorder()
		s.Handler().ServeHTTP(w, r)
		return w
	}
	shown := get("/media/kmsa/well.jpg", "")
	for name, want := range map[string]string{
		"Content-Type": "image/jpeg", "X-Content-Type-Options": "nosniff", "Cache-Control": "public, max-age=86400",
		"Content-Security-Policy": sandboxPolicy,
	} {
		if have := shown.Header().Get(name); have != want {
			t.Errorf("%s: %q, want %q", name, have, want)
		}
	}
	if shown.Code != http.StatusOK || shown.Body.String() != "\xff\xd8\xff picture" || shown.Header().Get("Etag") == "" {
		t.Errorf("the picture: %d %v %q", shown.Code, shown.Header(), shown.Body)
	}
	if again := get("/media/kmsa/well.jpg", shown.Header().Get("Etag")); again.Code != http.StatusNotModified {
		t.Errorf("asked for again: %d", again.Code)
	}
	for _, path := range []string{
		"/media/kmsa/notes.txt", "/media/kmsa/mark.svg", "/media/kmsa/link.jpg", "/media/kmsa/folder.jpg",
		"/media/kmsa/2025/ditch.jpg", "/media/kmsa/../cover.jpg", "/media/kmsa/..", "/media/kmsa/", "/media/kmsa",
		"/media/kmsa/cover.jpg", "/media/kmsa/kmsa.xml", "/media/ajo/well.jpg", "/media/nobody/well.jpg",
		"/media/kmsa/none.jpg", "/media/kmsa/well.jpg\x00.png", "/media//well.jpg",
	} {
		if w := get(path, ""); w.Code < 400 || strings.Contains(w.Body.String(), "secret") {
			t.Errorf("%q: %d %q", path, w.Code, w.Body)
		}
	}
}
