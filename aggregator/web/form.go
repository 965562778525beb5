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
	"sync"
	"sync/atomic"
	"time"

	"fronteras/aggregator/publish"
)

// codings are those in which documents are offered, the smallest first, which is also
// the one that takes the longest to make.
var codings = [...]string{"br", "zstd", "gzip", ""}

// identity is the place of the coding that is none.
const identity = len(codings) - 1

// file is a document in the forms in which it is sent. Each form has an ETag of its
// own, for each is other bytes (RFC 9110 8.8.3.3). It is safe for use by many.
type file struct {
	kind     string
	links    string            // the Link header of feed documents (RFC 8288)
	digest   [sha256.Size]byte // of the document as it was written
	modified time.Time
	parts    publish.Parts // of a feed document
	marks    []uint64      // of its items
	asked    bool          // it is made in a coding when somebody asks for that

	forms  [len(codings)]atomic.Pointer[form] // by coding; nil: nobody has asked for it yet
	making sync.Mutex                         // is held while one is made
}

// form is a file as it is sent. Its headers are made once, and shared by all
// answers.
type form struct {
	body    []byte
	etag    string
	headers []header // of a 200
	same    []header // of a 304
}

// newFile makes a file of a document, in no coding yet.
func newFile(d publish.Document) *file {
	f := &file{kind: d.Type, links: linksOf(d), digest: sha256.Sum256(d.Body), modified: d.Modified.UTC().Truncate(time.Second)}
	f.add(identity, d.Body, f.digest)
	return f
}

// askedFile makes a file of a document that is there because somebody asked for it.
func askedFile(d publish.Document) *file {
	f := newFile(d)
	f.asked = true
	return f
}

// date gives a file the time since when its bytes have been what they are, before it
// is served.
func (f *file) date(since time.Time) {
	f.modified = since.UTC().Truncate(time.Second)
	f.add(identity, f.body(), f.digest)
}

// body is the document as it was written.
func (f *file) body() []byte { return f.forms[identity].Load().body }

// made are the codings in which the file is there.
func (f *file) made() (list []int) {
	for n := range f.forms {
		if f.forms[n].Load() != nil {
			list = append(list, n)
		}
	}
	return list
}

// size is how many bytes the file takes, in all forms that are there.
func (f *file) size() int {
	n := 0
	for _, coding := range f.made() {
		n += len(f.forms[coding].Load().body)
	}
	return n
}

// tags are the ETags of the forms that are there, identity's first.
func (f *file) tags() []string {
	var list []string
	for n := range slices.Backward(codings[:]) {
		if form := f.forms[n].Load(); form != nil {
			list = append(list, form.etag)
		}
	}
	return list
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

// add gives the file a form, whose digest is that.
func (f *file) add(coding int, body []byte, sum [sha256.Size]byte) *form {
	made := &form{body: body, etag: `"` + base64.RawURLEncoding.EncodeToString(sum[:15]) + `"`}
	made.same = []header{{"Etag", []string{made.etag}}}
	if f.links != "" {
		made.same = append(made.same, header{"Link", []string{f.links}})
	}
	if !f.modified.IsZero() {
		made.same = append(made.same, header{"Last-Modified", []string{f.modified.Format(http.TimeFormat)}})
	}
	made.headers = append(slices.Clone(made.same), header{"Content-Type", []string{f.kind}}, header{"Content-Length", []string{strconv.Itoa(len(body))}})
	if name := codings[coding]; name != "" {
		made.headers = append(made.headers, header{"Content-Encoding", []string{name}})
	}
	f.forms[coding].Store(made)
	return made
}

// send answers a GET or HEAD with a form, or with 304 where the client has one
// already.
func (f *file) send(w http.ResponseWriter, r *http.Request, chosen *form, fresh []string) {
	h := w.Header()
	h["Cache-Control"] = fresh
	if f.unchanged(r) {
		put(h, chosen.same)
		w.WriteHeader(http.StatusNotModified)
		return
	}
	put(h, chosen.headers)
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		write(w, r, chosen.body)
	}
}

// choose picks the coding with the highest quality among those that the client
// accepts, of equals the smallest, or the quickest to make; identity where it accepts
// nothing that we have (RFC 9110 12.5.3).
func choose(accept []string, quickest bool) int {
	if len(accept) == 0 {
		return identity
	}
	var room [8]quality
	list := qualities(room[:0], strings.Join(accept, ","))
	best, chosen := 0.0, identity
	for n, name := range codings {
		if n == identity {
			name = "identity"
		}
		q, ok := qualityOf(list, name)
		if !ok {
			if q, ok = qualityOf(list, "*"); !ok && n == identity {
				q = 0.001 // acceptable unless it is ruled out
			}
		}
		if q > best || quickest && q == best && q > 0 && n != identity {
			best, chosen = q, n
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

// mostCodings is how many codings of a request are looked at.
const mostCodings = 64

// qualities appends what an Accept-Encoding header says to a list. What cannot be read
// is not accepted.
func qualities(list []quality, header string) []quality {
	looked := 0
	for part := range strings.SplitSeq(header, ",") {
		if looked++; looked > mostCodings {
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
// If-None-Match outranks If-Modified-Since (RFC 9110 13.2.2), and the tag of any form
// that is there will do: a client may have got another than it would get now.
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
	for n := range f.forms {
		if form := f.forms[n].Load(); form != nil && strings.Contains(tags, form.etag) {
			return true
		}
	}
	return false
}
