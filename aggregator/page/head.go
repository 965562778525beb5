// Package page reads a story's page: its head alone, for the address it calls its own, its language and
// ids; or the whole article, its fields and its text.
package page

import (
	"cmp"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"fronteras/aggregator/link"
	"fronteras/aggregator/news"
	"fronteras/aggregator/page/fields"
	"fronteras/aggregator/text"
)

// What is read of a page, in bytes.
const (
	maxHead     = 256 << 10 // without its coding
	maxAddress  = fields.MaxAddress
	maxLanguage = 64 // of a language
)

// ReadHead reads what a page at an address says of itself: in the Link headers of its answer, and
// in the head of its body, up to its end or 256 KiB. The body comes without its coding. It looks at
// tokens alone and builds no tree. Status, Moved and Asked are left to the caller.
func ReadHead(address string, header http.Header, body io.Reader) news.Page {
	h := head{base: address}
	for _, l := range link.ParseHeader(header.Values("Link")) {
		if slices.Contains(l.Rels, "canonical") { // RFC 6596
			h.noteCanonical(l.Target)
		}
	}
	kind, _, _ := mime.ParseMediaType(header.Get("Content-Type"))
	if kind == "text/html" || kind == "application/xhtml+xml" {
		h.readTokens(io.LimitReader(body, maxHead))
	}
	if h.several {
		h.page.Canonical = ""
	}
	return h.page
}

type head struct {
	page    news.Page
	base    string
	several bool // it names two canonical addresses
}

func (h *head) noteCanonical(target string) {
	address := link.Clean(h.base, target)
	if address == "" || len(address) > maxAddress {
		return
	}
	h.several = h.several || h.page.Canonical != "" && h.page.Canonical != address
	h.page.Canonical = address
}

func (h *head) readTokens(r io.Reader) {
	z := html.NewTokenizer(r)
	z.SetMaxBuf(maxHead)
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
			h.takeElement(tag, tagAttributes(z, more))
		}
	}
}

func (h *head) takeElement(name string, value map[string]string) {
	switch name {
	case "html":
		if language := cmp.Or(value["lang"], value["xml:lang"]); len(language) <= maxLanguage {
			h.page.Language = language
		}
	case "base":
		if base := link.Resolve(h.base, value["href"]); base != "" && len(base) <= maxAddress {
			h.base = base
		}
	case "link":
		if slices.Contains(strings.Fields(strings.ToLower(value["rel"])), "canonical") {
			h.noteCanonical(value["href"])
		}
	case "meta":
		switch strings.ToLower(value["name"]) {
		case "story_id":
			h.page.Story = text.Excerpt(value["content"])
		case "org_id":
			h.page.Org = text.Excerpt(value["content"])
		}
	}
}

// tagAttributes returns the attributes of the tag that the tokenizer is at.
func tagAttributes(z *html.Tokenizer, more bool) map[string]string {
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
