// Package web serves rendered documents to the public, and the desk's commands
// to those who may give them.
package web

import (
	"bytes"

	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"fronteras/aggregator/publish"
)

// file is a document in all the forms in which it is sent. Each form has an
// ETag of its own, for each is other bytes (RFC 9110 8.8.3.3).
type file struct {
	kind     string
	modified time.Time
	forms    []form // as offered: identity last
}

type form struct {
	coding string // "" for identity
	body   []byte
	length string
	etag   string
}

// levels of compression: a document is compressed once and sent often.
const (
	gzipLevel   = gzip.BestCompression
	brotliLevel = 6
)

// compress makes a file of a document.
func compress(d publish.Document) (*file, error) {
	f := &file{kind: d.Type, modified: d.Modified.UTC().Truncate(time.Second)}
	for _, c := range []struct {
		name   string
		writer func(io.Writer) (io.WriteCloser, error)
	}{
		{"br", func(w io.Writer) (io.WriteCloser, error) { return brotli.NewWriterLevel(w, brotliLevel), nil }},
		{"zstd", func(w io.Writer) (io.WriteCloser, error) {
			return zstd.NewWriter(w, zstd.WithEncoderLevel(zstd.SpeedBetterCompression), zstd.WithEncoderConcurrency(1))
		}},
		{"gzip", func(w io.Writer) (io.WriteCloser, error) { return gzip.NewWriterLevel(w, gzipLevel) }},
	} {
		var b bytes.Buffer
		w, err := c.writer(&b)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", c.name, err)
		}
		if _, err := w.Write(d.Body); err != nil {
			return nil, fmt.Errorf("%s: %w", c.name, err)
		}
		if err := w.Close(); err != nil {
			return nil, fmt.Errorf("%s: %w", c.name, err)
		}
		f.forms = append(f.forms, newForm(c.name, b.Bytes()))
	}
	f.forms = append(f.forms, newForm("", d.Body))
	return f, nil
}

func newForm(coding string, body []byte) form {
	sum := sha256.Sum256(body)
	return form{coding, body, strconv.Itoa(len(body)), `"` + base64.RawURLEncoding.EncodeToString(sum[:15]) + `"`}
}

// send answers a GET or HEAD with the form that the client prefers, or with 304
// where the client has it already.
func (f *file) send(w http.ResponseWriter, r *http.Request, cacheControl string) {
	form := f.choose(r.Header.Values("Accept-Encoding"))
	h := w.Header()
	h["Content-Type"] = []string{f.kind}
	h["Etag"] = []string{form.etag}
	h["Cache-Control"] = []string{cacheControl}
	if !f.modified.IsZero() {
		h["Last-Modified"] = []string{f.modified.Format(http.TimeFormat)}
	}
	if f.unchanged(r) {
		h.Del("Content-Type")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	if form.coding != "" {
		h["Content-Encoding"] = []string{form.coding}
	}
	h["Content-Length"] = []string{form.length}
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		_, _ = w.Write(form.body) // the client has gone: nobody is left to tell
	}
}

// choose picks the form with the highest quality among those that the client
// accepts, of equals the first; identity where it accepts nothing that we have
// (RFC 9110 12.5.3).
func (f *file) choose(accept []string) form {
	identity := f.forms[len(f.forms)-1]
	if len(accept) == 0 {
		return identity
	}
	quality := qualities(strings.Join(accept, ","))
	best, chosen := 0.0, identity
	for _, form := range f.forms {
		name := form.coding
		if name == "" {
			name = "identity"
		}
		q, ok := quality[name]
		if !ok {
			if q, ok = quality["*"]; !ok && name == "identity" {
				q = 0.001 // acceptable unless it is ruled out
			}
		}
		if q > best {
			best, chosen = q, form
		}
	}
	return chosen
}

// qualities reads an Accept-Encoding header. What cannot be read is not accepted.
func qualities(header string) map[string]float64 {
	const most = 64 // codings that are looked at
	quality := map[string]float64{}
	for part := range strings.SplitSeq(header, ",") {
		if len(quality) == most {
			break
		}
		name, parameters, _ := strings.Cut(part, ";")
		name = strings.ToLower(strings.TrimSpace(name))
		if name == "x-gzip" {
			name = "gzip"
		}
		if name == "" {
			continue
		}
		q := 1.0
		for p := range strings.SplitSeq(parameters, ";") {
			if value, ok := strings.CutPrefix(strings.ToLower(strings.TrimSpace(p)), "q="); ok {
				var err error
				if q, err = strconv.ParseFloat(value, 64); err != nil || q < 0 || q > 1 {
					q = 0
				}
			}
		}
		quality[name] = q
	}
	return quality
}

// unchanged reports whether the client has a form of the file already.
// If-None-Match outranks If-Modified-Since (RFC 9110 13.2.2), and any form's tag
// will do: a client may have got another than it would get now.
func (f *file) unchanged(r *http.Request) bool {
	if tags := r.Header.Values("If-None-Match"); len(tags) > 0 {
		return f.has(strings.Join(tags, ","))
	}
	since, err := http.ParseTime(r.Header.Get("If-Modified-Since"))
	return err == nil && !f.modified.IsZero() && !f.modified.After(since)
}

// has reports whether a list of tags holds one of the file's, by weak comparison.
func (f *file) has(tags string) bool {
	if strings.TrimSpace(tags) == "*" {
		return true
	}
	for _, form := range f.forms {
		if at := strings.Index(tags, form.etag); at >= 0 {
			return true
		}
	}
	return false
}
