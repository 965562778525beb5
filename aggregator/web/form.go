// Package web serves rendered documents to the public, and the desk's commands
// to those who may give them.
package web

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"fronteras/aggregator/publish"
)

// file is a document in all the forms in which it is sent. Each form has an
// ETag of its own, for each is other bytes (RFC 9110 8.8.3.3).
type file struct {
	kind     string
	links    string // the Link header of feed documents (RFC 8288)
	modified time.Time
	forms    []form        // as offered: identity last
	parts    publish.Parts // of a feed document
	marks    []uint64      // of its items
}

// form is a file as it is sent. Its headers are made once, and shared by all
// answers.
type form struct {
	coding  string // "" for identity
	body    []byte
	etag    string
	headers []header // of a 200
	same    []header // of a 304
}

// newFile begins a file of a document, without forms.
func newFile(d publish.Document) *file {
	return &file{kind: d.Type, links: linksOf(d), modified: d.Modified.UTC().Truncate(time.Second)}
}

// size is how many bytes the file takes, in all its forms.
func (f *file) size() int {
	n := 0
	for _, form := range f.forms {
		n += len(form.body)
	}
	return n
}

// linksOf names a feed document's own address and its hub: subscribers look here
// first (WebSub 4).
func linksOf(d publish.Document) string {
	if d.Self == "" {
		return ""
	}
	links := "<" + d.Self + `>; rel="self"`
	if d.Hub != "" {
		links += ", <" + d.Hub + `>; rel="hub"`
	}
	return links
}

// add gives the file a form.
func (f *file) add(coding string, body []byte) {
	sum := sha256.Sum256(body)
	etag := `"` + base64.RawURLEncoding.EncodeToString(sum[:15]) + `"`
	same := []header{{"Etag", []string{etag}}}
	if f.links != "" {
		same = append(same, header{"Link", []string{f.links}})
	}
	if !f.modified.IsZero() {
		same = append(same, header{"Last-Modified", []string{f.modified.Format(http.TimeFormat)}})
	}
	headers := append(slices.Clone(same), header{"Content-Type", []string{f.kind}}, header{"Content-Length", []string{strconv.Itoa(len(body))}})
	if coding != "" {
		headers = append(headers, header{"Content-Encoding", []string{coding}})
	}
	f.forms = append(f.forms, form{coding, body, etag, headers, same})
}

// send answers a GET or HEAD with the form that the client prefers, or with 304
// where the client has it already.
func (f *file) send(w http.ResponseWriter, r *http.Request, fresh []string) {
	form := f.choose(r.Header["Accept-Encoding"])
	h := w.Header()
	h["Cache-Control"] = fresh
	if f.unchanged(r) {
		put(h, form.same)
		w.WriteHeader(http.StatusNotModified)
		return
	}
	put(h, form.headers)
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		write(w, r, form.body)
	}
}

// choose picks the form with the highest quality among those that the client
// accepts, of equals the first; identity where it accepts nothing that we have
// (RFC 9110 12.5.3).
func (f *file) choose(accept []string) *form {
	identity := &f.forms[len(f.forms)-1]
	if len(accept) == 0 {
		return identity
	}
	var room [8]quality
	list := qualities(room[:0], strings.Join(accept, ","))
	best, chosen := 0.0, identity
	for n := range f.forms {
		name := f.forms[n].coding
		if name == "" {
			name = "identity"
		}
		q, ok := qualityOf(list, name)
		if !ok {
			if q, ok = qualityOf(list, "*"); !ok && name == "identity" {
				q = 0.001 // acceptable unless it is ruled out
			}
		}
		if q > best {
			best, chosen = q, &f.forms[n]
		}
	}
	return chosen
}

// quality is how much a client likes something, from 0 to 1.
type quality struct {
	name string
	q    float64
}

// qualityOf is the last that a list says of a name.
func qualityOf(list []quality, name string) (q float64, ok bool) {
	for _, one := range slices.Backward(list) {
		if one.name == name {
			return one.q, true
		}
	}
	return 0, false
}

// codings is how many codings of a request are looked at.
const codings = 64

// qualities appends what an Accept-Encoding header says to a list. What cannot be read
// is not accepted.
func qualities(list []quality, header string) []quality {
	looked := 0
	for part := range strings.SplitSeq(header, ",") {
		if looked++; looked > codings {
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
		list = append(list, quality{name, q})
	}
	return list
}

// unchanged reports whether the client has a form of the file already.
// If-None-Match outranks If-Modified-Since (RFC 9110 13.2.2), and any form's tag
// will do: a client may have got another than it would get now.
func (f *file) unchanged(r *http.Request) bool {
	if tags := r.Header["If-None-Match"]; len(tags) > 0 {
		return f.has(strings.Join(tags, ","))
	}
	date := r.Header["If-Modified-Since"]
	if len(date) == 0 || f.modified.IsZero() {
		return false
	}
	since, err := http.ParseTime(date[0])
	return err == nil && !f.modified.After(since)
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
