// Package web serves rendered documents to the public, and the desk's commands to those who may
// give them.
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

// codings lists the codings in which documents are offered, the smallest first, which is also the
// one that takes the longest to make.
var codings = [...]string{"br", "zstd", "gzip", ""}

// identity is the place of the coding that is none.
const identity = len(codings) - 1

// file is a document in the representations in which it is sent. Each has an ETag of its own,
// because each has other bytes (RFC 9110 8.8.3.3). It is safe for use by many.
type file struct {
	kind     string            // media type
	links    string            // the Link header of feed documents (RFC 8288)
	digest   [sha256.Size]byte // of the document as it was written
	modified time.Time
	items    publish.Items // of a feed document
	hashes   []uint64      // of its items
	filtered bool          // it is encoded in a coding when somebody asks for that

	representations [len(codings)]atomic.Pointer[representation] // by coding; nil: nobody has asked for it yet
	encoding        sync.Mutex                                   // is held while one is made
}

// representation is a file as it is sent in one coding.
type representation struct {
	body     []byte
	etag     string
	encoding string // Content-Encoding
}

// newDocumentFile makes a file of a document, in no coding yet.
func newDocumentFile(d publish.Document) *file {
	f := &file{kind: d.Type, links: linkHeaderOf(d), digest: sha256.Sum256(d.Body)}
	f.setDate(d.Modified)
	f.addRepresentation(identity, d.Body, f.digest)
	return f
}

// newFilteredFile makes a file of a document that is there because somebody asked for it.
func newFilteredFile(d publish.Document) *file {
	f := newDocumentFile(d)
	f.filtered = true
	return f
}

// setDate gives a file the time since when its bytes have been what they are, before it is served.
func (f *file) setDate(since time.Time) { f.modified = since.UTC().Truncate(time.Second) }

// body is the document as it was written.
func (f *file) body() []byte { return f.representations[identity].Load().body }

// encodings returns the codings that the file is available in.
func (f *file) encodings() (list []int) {
	for n := range f.representations {
		if f.representations[n].Load() != nil {
			list = append(list, n)
		}
	}
	return list
}

// totalSize is how many bytes the file takes, in all its representations.
func (f *file) totalSize() int {
	n := 0
	for _, coding := range f.encodings() {
		n += len(f.representations[coding].Load().body)
	}
	return n
}

// entityTags returns the ETags of the representations that are there, identity's first.
func (f *file) entityTags() []string {
	var list []string
	for _, coding := range slices.Backward(f.encodings()) {
		list = append(list, f.representations[coding].Load().etag)
	}
	return list
}

// linkHeaderOf names a feed document's own address and its hub: subscribers look here first (WebSub
// 4).
func linkHeaderOf(d publish.Document) string {
	if d.Self == "" {
		return ""
	}
	links := "<" + d.Self + `>; rel="self"`
	if d.Hub != "" {
		links += ", <" + d.Hub + `>; rel="hub"`
	}
	return links
}

// addRepresentation gives the file a representation, whose digest is that.
func (f *file) addRepresentation(coding int, body []byte, sum [sha256.Size]byte) *representation {
	etag := `"` + base64.RawURLEncoding.EncodeToString(sum[:15]) + `"`
	made := &representation{body: body, etag: etag, encoding: codings[coding]}
	f.representations[coding].Store(made)
	return made
}

// sendRepresentation answers a GET or HEAD with a representation, or with 304 if the client has one
// already.
func (f *file) sendRepresentation(w http.ResponseWriter, r *http.Request, chosen *representation, fresh []string) {
	h := w.Header()
	h["Cache-Control"] = fresh
	if f.isFreshFor(r) {
		f.setValidators(h, chosen)
		w.WriteHeader(http.StatusNotModified)
		return
	}
	f.setHeaders(h, chosen, len(chosen.body))
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		_, _ = w.Write(chosen.body) // if that fails, the client has gone
	}
}

// setValidators sets the headers by which a client asks again, which a 304 has too.
func (f *file) setValidators(h http.Header, chosen *representation) {
	h.Set("Etag", chosen.etag)
	if f.links != "" {
		h.Set("Link", f.links)
	}
	if !f.modified.IsZero() {
		h.Set("Last-Modified", f.modified.Format(http.TimeFormat))
	}
}

// setHeaders sets the headers of an answer with a body of that length.
func (f *file) setHeaders(h http.Header, chosen *representation, length int) {
	f.setValidators(h, chosen)
	h.Set("Content-Type", f.kind)
	h.Set("Content-Length", strconv.Itoa(length))
	if chosen.encoding != "" {
		h.Set("Content-Encoding", chosen.encoding)
	}
}

// negotiateCoding picks the coding with the highest quality among those that the client accepts, of
// equals the smallest, or the quickest to make; identity if it accepts nothing that we have (RFC
// 9110 12.5.3).
func negotiateCoding(accept []string, quickest bool) int {
	if len(accept) == 0 {
		return identity
	}
	list := parseQualities(strings.Join(accept, ","))
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

// maxCodings is how many codings of a request are looked at.
const maxCodings = 64

// parseQualities reads an Accept-Encoding header. What cannot be read is not accepted.
func parseQualities(header string) (list []quality) {
	looked := 0
	for part := range strings.SplitSeq(header, ",") {
		if looked++; looked > maxCodings {
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

// isFreshFor reports whether the client has a representation of the file already. If-None-Match
// outranks If-Modified-Since (RFC 9110 13.2.2), and the tag of any representation that is there
// will do: a client may have got another than it would get now.
func (f *file) isFreshFor(r *http.Request) bool {
	if tags := r.Header["If-None-Match"]; len(tags) > 0 {
		return f.matchesTags(strings.Join(tags, ","))
	}
	date := r.Header["If-Modified-Since"]
	if len(date) == 0 || f.modified.IsZero() {
		return false
	}
	since, err := http.ParseTime(date[0])
	return err == nil && !f.modified.After(since)
}

// matchesTags reports whether a list of tags holds one of the file's, by weak comparison.
func (f *file) matchesTags(tags string) bool {
	return strings.TrimSpace(tags) == "*" ||
		slices.ContainsFunc(f.entityTags(), func(tag string) bool { return strings.Contains(tags, tag) })
}
