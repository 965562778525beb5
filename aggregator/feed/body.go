package feed

import (
	"strings"

	ext "github.com/mmcdole/gofeed/extensions"

	"fronteras/aggregator/feed/damage"
	"fronteras/aggregator/feed/htmlclean"
	"fronteras/aggregator/feed/vocabulary"
	"fronteras/aggregator/news"
)

// texts sets an entry's summary and content. Nothing moves from one to the
// other.
func (r *reader) texts(e *news.Entry, it *item, x ext.Extensions) {
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
func (r *reader) body(it *item, names ...string) (*child, string) {
	for _, name := range names {
		for i := range it.children {
			c := &it.children[i]
			if c.word.Name != name || !c.word.HasTrait(vocabulary.IsBody) || c.space == vocabulary.ITunes {
				continue
			}
			if text := r.doc.text(c); text != "" {
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
func (r *reader) fragment(it *item, c *child, text, base string, limit int) string {
	other := kindHTML
	if c.space == vocabulary.Atom {
		other = kindText
	}
	if own := attr(r.doc.bytes(c.tag), "xml:base"); own != "" || it.base != "" {
		base = r.baseOf(it, c)
	}
	text = r.doc.decoded(c, text)
	switch r.doc.kindOf(c, other) {
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
