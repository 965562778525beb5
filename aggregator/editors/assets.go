package editors

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"sync"
)

// asset is a file that pages load. Its name holds a hash, so that no page has the file of another version.
type asset struct {
	path, kind string
	body       []byte
}

// assets are the style sheet and the script.
var assets = sync.OnceValue(func() []asset {
	var list []asset
	for _, a := range []struct{ name, kind string }{
		{"style.css", "text/css; charset=utf-8"}, {"desk.js", "text/javascript; charset=utf-8"},
	} {
		body, err := files.ReadFile("templates/" + a.name)
		if err != nil {
			panic(err) // it is part of the program
		}
		sum := sha256.Sum256(body)
		stem, ending, _ := strings.Cut(a.name, ".")
		list = append(list, asset{rootPath + stem + "." + hex.EncodeToString(sum[:6]) + "." + ending, a.kind, body})
	}
	return list
})

func stylePath() string { return assets()[0].path }

func scriptPath() string { return assets()[1].path }

// serve answers with the file.
func (a asset) serve(_ *Site, w http.ResponseWriter, _ *request) {
	w.Header().Set("Content-Type", a.kind)
	_, _ = w.Write(a.body)
}
