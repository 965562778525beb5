package websub

import (
	"bytes"
	"context"
	"crypto/sha256"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"fronteras/aggregator/news"
)

// document is one of the desk's, as its site serves it.
type document struct {
	topic, contentType, link string
	size                     int64  // as announced; 0 if it was not
	body                     []byte // if it was asked for
	digest                   news.Digest
}

// How much of a document is asked for.
type extent int

const (
	headOnly   extent = iota // neither body nor digest
	digestOnly               // its body is not kept
	wholeBody
)

// ownTopic is the document of an address, under its own name, if it is one of the desk's that names
// this hub; otherwise the zero value.
func (h *Hub) ownTopic(ctx context.Context, address string, e extent) document {
	rest, ours := strings.CutPrefix(address, h.URL+"/")
	if !ours {
		return document{}
	}
	method := http.MethodGet
	if e == headOnly {
		method = http.MethodHead
	}
	r, err := http.NewRequestWithContext(ctx, method, "/"+rest, nil)
	if err != nil {
		return document{}
	}
	digest, body := sha256.New(), bytes.Buffer{}
	answer := &answered{header: http.Header{}, status: http.StatusOK, to: digest}
	if e == wholeBody {
		answer.to, answer.grow = io.MultiWriter(digest, &body), body.Grow
	}
	h.Documents.ServeHTTP(answer, r)
	hubs, self := linkedHubs(answer.header, h.URL+"/"+rest)
	if answer.status != http.StatusOK || !slices.Contains(hubs, HubURL(h.URL)) {
		return document{}
	}
	d := document{
		topic: self, contentType: answer.header.Get("Content-Type"), link: answer.header.Get("Link"),
		size: answer.size(), body: body.Bytes(),
	}
	if e != headOnly {
		copy(d.digest[:], digest.Sum(nil))
	}
	return d
}

// answered is an answer of the desk's own site.
type answered struct {
	header http.Header
	status int
	to     io.Writer
	grow   func(int) // makes room for that many bytes; nil: none is needed
}

func (a *answered) Header() http.Header         { return a.header }
func (a *answered) Write(b []byte) (int, error) { return a.to.Write(b) }

// WriteHeader makes room for the whole body, so that no more than that is taken.
func (a *answered) WriteHeader(status int) {
	a.status = status
	if a.grow != nil && status == http.StatusOK {
		a.grow(int(a.size()))
	}
}

// size is how long the body is said to be.
func (a *answered) size() int64 {
	n, err := strconv.ParseInt(a.header.Get("Content-Length"), 10, 32)
	if err != nil {
		return 0
	}
	return max(n, 0)
}
