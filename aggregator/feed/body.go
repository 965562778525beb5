package feed

import (
	"strings"

	ext "github.com/mmcdole/gofeed/extensions"

	"fronteras/aggregator/feed/damage"
	"fronteras/aggregator/feed/htmlclean"
	"fronteras/aggregator/feed/vocabulary"
	"fronteras/aggregator/feed/xmlrepair"
	"fronteras/aggregator/news"
)

// texts sets an entry's summary and content. Nothing moves from one to the
// other.
func (r *reader) texts(e *news.Entry, it *xmlrepair.Item, x ext.Extensions) {
	base := e.URL
	if base == "" {
		base = r.scoped(it)
	}
	if c, text := r.body(it, "description", "summary"); c != nil {
		e.Summary = r.fragment(it, c, text, base, maxSummary)
	}
	if e.Summary == "" {
		e.Summary = r.extendedSummary(x, base)
	}
	if c, text := r.body(it, "encoded", "content", "body", "div", "fullitem"); c != nil {
		e.Content = r.fragment(it, c, text, base, maxBody)
	}
}

// body is an item's first child of the names that holds a text, and the text.
func (r *reader) body(it *xmlrepair.Item, names ...string) (*xmlrepair.Child, string) {
	for _, name := range names {
		for i := range it.Children {
			c := &it.Children[i]
			if c.Word.Name != name || !c.Word.HasTrait(vocabulary.IsBody) || c.Space == vocabulary.ITunes {
				continue
			}
			if text := r.doc.TextOf(c); text != "" {
				return c, text
			}
		}
	}
	return nil, ""
}

// extendedSummary is what podcasts and media elements say of an item.
func (r *reader) extendedSummary(x ext.Extensions, base string) string {
	for _, name := range [...]string{"summary", "subtitle"} {
		if text := r.said(x, vocabulary.ITunes, name); text != "" {
			return htmlclean.Clean(text, base, maxSummary)
		}
	}
	if text := r.said(x, vocabulary.DC, "description"); text != "" {
		return htmlclean.Clean(text, base, maxSummary)
	}
	if list := r.extension(x, vocabulary.Media, "description"); len(list) > 0 {
		if list[0].Attrs["type"] == "html" {
			return htmlclean.Clean(list[0].Value, base, maxSummary)
		}
		return htmlclean.PlainText(list[0].Value, maxSummary)
	}
	return ""
}

// fragment is the cleaned markup of a text. Atom's says by its type what it is;
// RSS's is HTML.
func (r *reader) fragment(it *xmlrepair.Item, c *xmlrepair.Child, text, base string, limit int) string {
	other := kindHTML
	if c.Space == vocabulary.Atom {
		other = kindText
	}
	if own := xmlrepair.Attribute(r.doc.Bytes(c.Tag), "xml:base"); own != "" || it.Base != "" {
		base = r.baseOf(it, c)
	}
	text = decodeBase64(r.doc, c, text)
	switch kindOf(r.doc, c, other) {
	case kindHTML:
		return r.clean(text, base, limit)
	case kindText:
		return htmlclean.PlainText(text, limit)
	}
	return ""
}

// clean is clean, counting what is given up or cut.
func (r *reader) clean(text, base string, limit int) string {
	out := htmlclean.Clean(text, base, limit)
	if len(out) > limit-16 && strings.Contains(out, "…") {
		r.AddRepair(damage.Limit, -1, "a text is longer than is taken")
	}
	return out
}
