package web

import (
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path"
	"path/filepath"

	"fronteras/aggregator/publish"
)

// maxMedia is how large a picture may be that the desk serves, in bytes.
const maxMedia = 8 << 20

// serveMedia serves a picture that lies in the folder for them next to a station's document, where that is a file:
// nothing else of the folder, and nothing that a link in it leads to outside.
func serveMedia(s *Site, w http.ResponseWriter, r *http.Request) {
	f, size := openMedia(s, r.PathValue("station"), r.PathValue("name"))
	if f == nil {
		s.serveNotFound(w, r, nil)
		return
	}
	defer func() { _ = f.Close() }()
	h := w.Header()
	h.Set("Content-Type", publish.MediaType(f.Name()))
	h.Set("Content-Security-Policy", sandboxPolicy)
	h.Set("Cache-Control", "public, max-age=86400")
	h.Set("Etag", fmt.Sprintf(`"%x-%x"`, size.ModTime().UnixNano(), size.Size()))
	h.Del("Vary")
	http.ServeContent(w, r, "", size.ModTime(), f)
}

// openMedia opens a picture next to a station's document; f is nil if there is none of that name.
func openMedia(s *Site, station, name string) (f *os.File, about fs.FileInfo) {
	if publish.MediaType(name) == "" || name != filepath.Base(name) || s.Stations == nil {
		return nil, nil
	}
	for _, st := range s.Stations() {
		for _, feed := range st.Feeds {
			if st.ID != station || feed.Path == "" {
				continue
			}
			if f, about = openInFolder(filepath.Dir(feed.Path), path.Join(publish.MediaFolder, name)); f != nil {
				return f, about
			}
		}
	}
	return nil, nil
}

// openInFolder opens a file of a folder; f is nil if it is not there, no regular file, outside the
// folder, or too large.
func openInFolder(folder, name string) (f *os.File, about fs.FileInfo) {
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, nil
	}
	defer func() { _ = root.Close() }()
	if about, err = root.Stat(name); err != nil || !about.Mode().IsRegular() || about.Size() > maxMedia {
		return nil, nil
	}
	if f, err = root.Open(name); err != nil {
		return nil, nil
	}
	return f, about
}
