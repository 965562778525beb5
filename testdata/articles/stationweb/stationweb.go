// Package stationweb serves the web sites of the sample stations that are read with their article
// pages. Their files are templates of text/template, so that their news is always of yesterday.
package stationweb

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"image"
	"image/jpeg"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"strings"
	"text/template"
	"time"
)

// audioSize is how long each station's audio is, in bytes.
const audioSize = 1 << 20

// Handler serves the site in a folder, whose files are read at each request. Dates in them count back
// from now, in hours: {{rss 30}}, {{iso 30}}, {{day 30}}; {{.Host}} is the site's host and port.
// Pictures and audio have no files.
func Handler(folder string, now time.Time) http.Handler {
	now = now.UTC().Truncate(time.Hour)
	dated := func(layout string) func(int) string {
		return func(hours int) string { return now.Add(-time.Duration(hours) * time.Hour).Format(layout) }
	}
	dates := template.FuncMap{
		"rss": dated("Mon, 02 Jan 2006 15:04:05 GMT"), "iso": dated(time.RFC3339), "day": dated("January 2, 2006"),
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := path.Clean("/" + r.URL.Path)
		switch path.Ext(name) {
		case "":
			name += ".html"
		case ".jpg":
			w.Header().Set("Content-Type", "image/jpeg")
			_ = jpeg.Encode(w, image.NewGray(image.Rect(0, 0, 600, 400)), nil) // only the visitor could leave
			return
		case ".mp3":
			w.Header().Set("Content-Type", "audio/mpeg")
			http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(make([]byte, audioSize)))
			return
		}
		text, err := os.ReadFile(filepath.Join(folder, filepath.FromSlash(name)))
		if err != nil {
			http.NotFound(w, r)
			return
		}
		var page bytes.Buffer
		t, err := template.New(name).Funcs(dates).Parse(string(text))
		if err == nil {
			err = t.Execute(&page, struct{ Host string }{r.Host})
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		if strings.HasSuffix(name, ".xml") {
			w.Header().Set("Content-Type", "application/rss+xml; charset=utf-8")
		}
		w.Header().Set("ETag", fmt.Sprintf(`"%x"`, sha256.Sum256(page.Bytes())))
		http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(page.Bytes()))
	})
}
