package page

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"regexp"
	"time"

	"golang.org/x/net/html"

	"fronteras/aggregator/feed/bound"
	"fronteras/aggregator/feed/charset"
	"fronteras/aggregator/feed/damage"
	"fronteras/aggregator/feed/htmlclean"
	"fronteras/aggregator/link"
	"fronteras/aggregator/page/fields"
	"fronteras/aggregator/page/tree"
)

// What a page may cost. One beyond is refused.
const (
	maxElements       = 50_000
	maxReopened       = 20_000 // formatting elements that the HTML parser would open again
	maxDepth          = 128
	maxRootAttributes = 256 // of all tags of html and body: the parser compares each with all
	maxTime           = 3 * time.Second
)

// parse parses a page within the limits. The caller ends its work.
func parse(ctx context.Context, s Source) (*document, error) {
	if len(s.Body) > MaxSize {
		return nil, &damage.LimitError{Limit: "bytes of an article page", Found: len(s.Body), Allowed: MaxSize}
	}
	contentType := s.Header.Get("Content-Type")
	if err := requireHTML(contentType, s.Body); err != nil {
		return nil, err
	}
	work := bound.Begin(ctx, maxTime)
	d := &document{Source: s, work: work}
	if err := d.build(contentType); err != nil {
		work.End()
		return nil, err
	}
	return d, nil
}

func (d *document) build(contentType string) error {
	if err := d.work.Err(); err != nil {
		return err
	}
	body, _ := charset.Decode(d.Body, withDeclaredCharset(contentType, d.Body))
	if len(body) > 2*MaxSize {
		return &damage.LimitError{Limit: "bytes of an article page in UTF-8", Found: len(body), Allowed: 2 * MaxSize}
	}
	if err := checkTree(body); err != nil {
		return err
	}
	body = []byte(htmlclean.JoinHalves(string(body)))
	root, err := html.Parse(&timedReader{bytes.NewReader(body), d.work})
	if workErr := d.work.Err(); workErr != nil {
		return workErr
	}
	if err != nil {
		return fmt.Errorf("the page's markup: %w", err)
	}
	if depthOf(root) > maxDepth {
		return &damage.LimitError{Limit: "elements in one another", Allowed: maxDepth}
	}
	if err := fields.CheckLinkedData(root); err != nil {
		return err
	}
	d.root = root
	d.base = baseOf(root, d.Address)
	return nil
}

// checkTree refuses a page whose tree would be too large, before anything is built.
func checkTree(body []byte) error {
	most := htmlclean.TreeSize{Elements: maxElements, Reopened: maxReopened, RootAttributes: maxRootAttributes}
	size := htmlclean.PredictTree(bytes.NewReader(body), most)
	switch {
	case size.Elements > maxElements:
		return &damage.LimitError{Limit: "elements", Allowed: maxElements}
	case size.Reopened > maxReopened:
		return &damage.LimitError{Limit: "formatting elements opened again", Allowed: maxReopened}
	case size.RootAttributes > maxRootAttributes:
		return &damage.LimitError{Limit: "attributes of html and body", Allowed: maxRootAttributes}
	}
	return nil
}

// timedReader ends a parser's reading when the work is to end.
type timedReader struct {
	r    io.Reader
	work *bound.Work
}

func (t *timedReader) Read(p []byte) (int, error) {
	n, err := t.r.Read(p)
	if workErr := t.work.Advance(n); workErr != nil {
		return 0, workErr
	}
	return n, err
}

// errNoHTML says that an answer is something else than a page.
var errNoHTML = errors.New("the answer is not an HTML page")

// requireHTML fails where an answer is no page: by its type, or by its first bytes where it has
// none.
func requireHTML(contentType string, body []byte) error {
	kind, _, err := mime.ParseMediaType(contentType)
	if kind == "" && err != nil || contentType == "" {
		kind, _, _ = mime.ParseMediaType(http.DetectContentType(body))
	}
	if kind != "text/html" && kind != "application/xhtml+xml" {
		return fmt.Errorf("%w but %s", errNoHTML, kind)
	}
	return nil
}

// withDeclaredCharset is a content type with the charset that the page itself declares, where the
// answer names none.
func withDeclaredCharset(contentType string, body []byte) string {
	if _, params, err := mime.ParseMediaType(contentType); err == nil && params["charset"] != "" {
		return contentType
	}
	m := declaredCharset.FindSubmatch(body[:min(len(body), 1024)])
	if m == nil {
		return contentType
	}
	return mime.FormatMediaType("text/html", map[string]string{"charset": string(m[1])})
}

var declaredCharset = regexp.MustCompile(`(?i)<meta\b[^>]*?\bcharset\s*=\s*["']?\s*([a-z0-9][a-z0-9_.:-]*)`)

// baseOf is what a page's addresses are resolved against.
func baseOf(root *html.Node, address string) string {
	if b := firstElement(root, "base"); b != nil {
		if base := link.Resolve(address, tree.Attribute(b, "href")); base != "" && len(base) <= maxAddress {
			return base
		}
	}
	return address
}
