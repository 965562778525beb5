package feed

import (
	"cmp"
	"encoding/base64"
	"maps"
	"slices"
	"strings"

	ext "github.com/mmcdole/gofeed/extensions"

	"fronteras/aggregator/feed/bound"
	"fronteras/aggregator/feed/damage"
	"fronteras/aggregator/feed/htmlclean"
	"fronteras/aggregator/feed/vocabulary"
	"fronteras/aggregator/feed/xmlrepair"
	"fronteras/aggregator/text"
)

// titleText makes a line of text of what a title says: tags of HTML's elements go, then references
// are decoded once more; what is not a tag stays.
func titleText(s string, notes *damage.Ledger) string {
	s = htmlclean.StripLineTags(shortened(htmlclean.WithoutSections(s), maxWritten, notes))
	return shortLine(htmlclean.WithoutSections(htmlclean.DecodeReferences(s)), maxTitle, notes)
}

// captionText is titleText for what is said of a picture, which may be made of paragraphs.
func captionText(s string, limit int, notes *damage.Ledger) string {
	return shortLine(htmlclean.DecodeReferences(withoutTags(s, notes)), limit, notes)
}

// withoutTags takes the tags of HTML's elements out of what a line of text is to be made of, which
// is cut before if it is longer than any.
func withoutTags(s string, notes *damage.Ledger) string {
	return htmlclean.StripTags(shortened(htmlclean.WithoutSections(s), maxWritten, notes))
}

// shortLine is a text on one line, in at most limit bytes.
func shortLine(s string, limit int, notes *damage.Ledger) string {
	return shortened(text.OneLine(shortened(s, maxWritten, notes)), limit, notes)
}

// shortened is a text in at most limit bytes. It is noted where it had more.
func shortened(s string, limit int, notes *damage.Ledger) string {
	if len(s) > limit {
		notes.AddLimit(" bytes", len(s), limit, htmlclean.RestIsCut)
	}
	return text.Shorten(s, limit)
}

// typedTitle reads a title by the type that Atom gives it: in text nothing is markup.
func typedTitle(e *element, c *xmlrepair.Child, value string) string {
	value = decodeBase64(e, c, value)
	if kindOf(e, c, kindText) != kindText {
		return titleText(value, e.notes)
	}
	return shortLine(value, maxTitle, e.notes)
}

// What a text is.
const (
	kindText  = iota
	kindHTML  // as is said
	kindLines // plain text, and always in paragraphs
	kindMixed // HTML or plain text: nobody says
)

// kindOf says what a text is by its type; other says what it is without. A type that is not one of
// texts says nothing: whoever wrote it meant something else.
func kindOf(e *element, c *xmlrepair.Child, other int) int {
	if c.Markup {
		return kindHTML
	}
	return kindOfType(e.attribute(c, "type"), other)
}

func kindOfType(written string, other int) int {
	kind, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(written)), ";")
	switch kind = strings.TrimSpace(kind); {
	case kind == "":
		return other
	case strings.Contains(kind, "htm"):
		return kindHTML
	case kind == "text", kind == "plain", kind == "escaped", strings.HasPrefix(kind, "text/") && kind != "text/xml":
		return kindText
	}
	return kindMixed
}

// shortestFile is how long a text without blanks is at least that is a file whatever is said of it.
const shortestFile = 64

// isFile reports whether a text is a file in base64: without blanks but between lines of one length,
// and of nothing but what base64 writes. A word may look so, unless its type is one of files.
func isFile(s, kind string) bool {
	lines := strings.Fields(s)
	if len(lines) == 0 || len(s) < shortestFile && !strings.Contains(kind, "/") {
		return false
	}
	for _, line := range lines[:len(lines)-1] {
		if len(line) != len(lines[0]) || len(line) < shortestFile-4 {
			return false
		}
	}
	_, err := base64.StdEncoding.DecodeString(strings.Join(lines, ""))
	return err == nil
}

// decodeBase64 undoes Atom 0.3's mode="base64".
func decodeBase64(e *element, c *xmlrepair.Child, text string) string {
	if !strings.EqualFold(e.attribute(c, "mode"), "base64") {
		return text
	}
	if raw, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), "")); err == nil {
		return string(raw)
	}
	return text
}

// readTexts reads an item's summary and content, cleaned. Nothing moves from one to the other; a
// summary that is all there is may be as long as a content. Relative addresses are resolved against
// the item's page, "" if it has none.
func readTexts(e *element, page string) (summary, content string) {
	base := cmp.Or(page, e.base)
	e.notes.EnterField("content")
	content = firstBody(e, base, maxBody, "encoded", "content", "body", "div", "fullitem")
	e.notes.EnterField("summary")
	limit := summaryLimit(content)
	if summary = firstBody(e, base, limit, "description", "summary"); summary == "" {
		summary = extensionSummary(e, base, limit)
	}
	return summary, content
}

// summaryLimit is how long a summary may be next to a content.
func summaryLimit(content string) int {
	if content == "" {
		return maxBody
	}
	return maxSummary
}

// firstBody is the first of an item's children of some names that shows something, the names in
// their order.
func firstBody(e *element, base string, limit int, names ...string) string {
	for _, name := range names {
		for i := range e.item.Children {
			c := &e.item.Children[i]
			if c.Word.Name != name || !c.Word.HasTrait(vocabulary.IsBody) || c.Space == vocabulary.ITunes {
				continue
			}
			if written := e.doc.TextOf(c); written != "" {
				if cleaned := cleanText(e, c, written, base, limit); cleaned != "" {
					return cleaned
				}
			}
		}
	}
	return ""
}

// extensionSummary is what podcasts and media elements say of an item.
func extensionSummary(e *element, base string, limit int) string {
	for _, name := range [...]string{"summary", "subtitle"} {
		if written := e.ext.firstText(vocabulary.ITunes, name); written != "" {
			return e.clean(written, kindMixed, base, limit)
		}
	}
	if written := e.ext.firstText(vocabulary.DC, "description"); written != "" {
		return e.clean(written, kindMixed, base, limit)
	}
	for _, x := range mediaDescriptions(e.ext) {
		if cleaned := e.clean(x.Value, kindOfType(x.Attrs["type"], kindMixed), base, limit); cleaned != "" {
			return cleaned
		}
	}
	return ""
}

// mediaDescriptions returns the item's media:description elements, then those of its groups, then
// those of what is played in it: a picture's describes the picture.
func mediaDescriptions(x extensions) []ext.Extension {
	found := slices.Clip(x.elements(vocabulary.Media, "description"))
	for _, g := range x.elements(vocabulary.Media, "group") {
		found = append(found, elementsNamed(g.Children, "description")...)
	}
	for _, c := range mediaContents(x) {
		if c.isPlayed() {
			found = append(found, elementsNamed(c.self.Children, "description")...)
		}
	}
	return found
}

// mediaTitle is the media:title of an item, or of a group in it.
func mediaTitle(x extensions) string {
	if title := x.firstText(vocabulary.Media, "title"); title != "" {
		return title
	}
	for _, g := range x.elements(vocabulary.Media, "group") {
		for _, t := range elementsNamed(g.Children, "title") {
			if title := strings.TrimSpace(t.Value); title != "" {
				return title
			}
		}
	}
	return ""
}

// cleanText is the cleaned markup of a text. Atom's says by its type what it is.
func cleanText(e *element, c *xmlrepair.Child, text, base string, limit int) string {
	other := kindMixed
	if c.Space == vocabulary.Atom {
		other = kindText
	}
	if e.item.Base != "" || e.attribute(c, "xml:base") != "" {
		base = e.baseOf(c)
	}
	e.notes.EnterPlace(c.Origin)
	text = decodeBase64(e, c, text)
	kind := kindOf(e, c, other)
	if written := e.attribute(c, "type"); kind == kindMixed && written != "" && isFile(text, written) {
		return ""
	}
	e.noteSizes(text, kind, base)
	return e.clean(text, kind, base, limit)
}

// noteSizes takes down the sizes of the pictures in a text.
func (e *element) noteSizes(written string, kind int, base string) {
	if kind != kindHTML && kind != kindMixed {
		return
	}
	if sizes := htmlclean.PictureSizes(written, base); e.sizes == nil {
		e.sizes = sizes
	} else {
		maps.Copy(e.sizes, sizes)
	}
}

func (e *element) clean(written string, kind int, base string, limit int) string {
	return cleanNoted(written, kind, base, limit, e.notes, e.work)
}

// cleanNoted cleans a text, and notes what is left out. Nothing is left of it if the work is to end.
func cleanNoted(written string, kind int, base string, limit int, notes *damage.Ledger, work *bound.Work) string {
	if work.Advance(len(written)) != nil {
		return ""
	}
	c := htmlclean.Cleaner{Base: base, Limit: limit}
	var cleaned string
	switch kind {
	case kindText:
		cleaned = c.Plain(htmlclean.WithoutSections(written))
	case kindLines:
		cleaned = c.Paragraphs(written)
	case kindHTML:
		cleaned = c.HTML(htmlclean.WithoutWrapping(written))
	default:
		cleaned = c.Text(written)
	}
	for _, l := range c.Losses {
		noteLoss(l, notes)
	}
	if c.Mended != "" {
		notes.AddRepairHere(damage.EndTags, c.Mended+" without an end, in a text")
	}
	return cleaned
}

func noteLoss(l htmlclean.Loss, notes *damage.Ledger) {
	switch {
	case !l.IsLimit():
		notes.AddLoss(damage.LostWords, l.What+": "+l.Outcome)
	case l.Allowed == 0:
		notes.AddLoss(damage.Limit, l.What+": "+l.Outcome)
	default:
		notes.AddLimit(" "+l.What, l.Found, l.Allowed, l.Outcome)
	}
}
