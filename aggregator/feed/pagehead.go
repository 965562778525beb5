package feed

import (
	"io"
	"mime"
	"net/http"
	"regexp"
	"strings"

	"golang.org/x/net/html"

	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
)

// readHead reads what the head of a page says, up to its end or the bound. It
// looks at tokens alone and builds no tree.
func readHead(page *news.Page, address string, answer *http.Response) {
	h := head{page: page, base: address}
	for _, value := range answer.Header.Values("Link") {
		for _, target := range canonicalLinks(value) {
			h.canonical(target)
		}
	}
	kind, _, _ := mime.ParseMediaType(answer.Header.Get("Content-Type"))
	if body, err := decoded(answer); err == nil && (kind == "text/html" || kind == "application/xhtml+xml") {
		h.read(io.LimitReader(body, pageSize))
	}
	if h.several {
		page.Canonical = ""
	}
}

// head is the head of a page while it is read.
type head struct {
	page    *news.Page
	base    string
	several bool // it names two canonical addresses
}

// canonical notes a canonical address.
func (h *head) canonical(target string) {
	address := link.Clean(h.base, target)
	if address == "" {
		return
	}
	h.several = h.several || h.page.Canonical != "" && h.page.Canonical != address
	h.page.Canonical = address
}

func (h *head) read(r io.Reader) {
	z := html.NewTokenizer(r)
	z.SetMaxBuf(pageSize)
	for {
		switch z.Next() {
		case html.ErrorToken:
			return
		case html.EndTagToken:
			if name, _ := z.TagName(); string(name) == "head" {
				return
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			name, more := z.TagName()
			tag := string(name)
			if tag == "body" {
				return
			}
			h.tag(tag, attributes(z, more))
		}
	}
}

// tag takes what one element of the head says.
func (h *head) tag(name string, value map[string]string) {
	switch name {
	case "html":
		h.page.Language = value["lang"]
		if h.page.Language == "" {
			h.page.Language = value["xml:lang"]
		}
	case "base":
		if base := link.Resolve(h.base, value["href"]); base != "" {
			h.base = base
		}
	case "link":
		if hasWord(value["rel"], "canonical") {
			h.canonical(value["href"])
		}
	case "meta":
		switch strings.ToLower(value["name"]) {
		case "story_id":
			h.page.Story = clip(value["content"])
		case "org_id":
			h.page.Org = clip(value["content"])
		}
	}
}

// attributes are those of the tag that the tokenizer stands at.
func attributes(z *html.Tokenizer, more bool) map[string]string {
	value := map[string]string{}
	for more {
		var k, v []byte
		k, v, more = z.TagAttr()
		if _, doubled := value[string(k)]; !doubled {
			value[string(k)] = strings.TrimSpace(string(v))
		}
	}
	return value
}

// hasWord reports whether a list of words, parted by blanks, holds one.
func hasWord(list, word string) bool {
	for w := range strings.FieldsSeq(strings.ToLower(list)) {
		if w == word {
			return true
		}
	}
	return false
}

// canonicalLinks are the targets of a Link header that are canonical (RFC 8288, RFC 6596).
func canonicalLinks(value string) []string {
	var targets []string
	for _, m := range linkValue.FindAllStringSubmatch(value, -1) {
		if rel := linkRel.FindStringSubmatch(m[2]); rel != nil && hasWord(strings.Trim(rel[1], `"`), "canonical") {
			targets = append(targets, m[1])
		}
	}
	return targets
}

var (
	linkValue = regexp.MustCompile(`<([^<>]*)>((?:\s*;[^,;"]*(?:"[^"]*")?[^,;"]*)*)`)
	linkRel   = regexp.MustCompile(`(?i);\s*rel\s*=\s*("[^"]*"|[^\s;,]+)`)
)
