package publish

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"slices"

	"fronteras/aggregator/news"
)

// feedWriter is how the documents of a feed format are written, checked and taken apart.
type feedWriter struct {
	write    func(*Edition, contents, []article) ([]byte, error)
	check    func(body []byte, list []article) *Fault
	episodes bool // it holds the stories with a recording alone

	// How the document and each of its items begin and end. Items begin and end with a line of
	// their own: no text in a document has a line that looks so, for XML escapes "<" and JSON line
	// ends.
	begin, itemBegin, itemEnd, between string

	// Of formats whose items differ in their closings alone from partner to partner:
	text   string                   // what comes before the text that the closing ends
	escape func(text string) []byte // how a text is written there; nil for other formats
}

// Items holds a feed document's items, each as it appears in it, with what comes before, between
// and behind them.
type Items struct {
	Head    []byte
	Items   [][]byte
	between string
	tail    []byte
}

// SplitItems takes apart a document that was rendered in the format. Of a format that is not a
// feed, and of a document without items, all is head.
func (f Format) SplitItems(body []byte) Items {
	if f.feed == nil {
		return Items{Head: body}
	}
	start := bytes.Index(body, []byte(f.feed.begin)) + len(f.feed.begin)
	first := bytes.Index(body[start:], []byte(f.feed.itemBegin))
	if first < 0 {
		return Items{Head: body}
	}
	p := Items{Head: body[:start+first], between: f.feed.between}
	for rest := body[start+first:]; ; {
		length := bytes.Index(rest, []byte(f.feed.itemEnd)) + len(f.feed.itemEnd)
		p.Items = append(p.Items, rest[:length])
		p.tail = rest[length:]
		next := bytes.TrimPrefix(p.tail, []byte(p.between))
		if !bytes.HasPrefix(next, []byte(f.feed.itemBegin)) {
			return p
		}
		rest = next
	}
}

// With is the document with these items alone.
func (p Items) With(items [][]byte) []byte {
	return slices.Concat(p.Head, bytes.Join(items, []byte(p.between)), p.tail)
}

// fragment is a story as it appears in documents of one format that passed the gate, around its
// closing, which alone is other words for each partner.
type fragment struct{ before, after []byte }

// fragmentKey names the story and the format of a fragment.
type fragmentKey struct {
	story  *news.Story
	format string
}

// keepFragments takes the fragments from a document that passed the gate.
func keepFragments(r *Renderer, c contents, body []byte) {
	f := c.format.feed
	items := c.format.SplitItems(body).Items
	if f.escape == nil || len(items) != len(c.articles) {
		return
	}
	for n, a := range c.articles {
		closing := f.escape(a.Closing)
		text, at := bytes.Index(items[n], []byte(f.text)), bytes.Index(items[n], closing)
		if text < 0 || at < text || bytes.Count(items[n], closing) != 1 { // the same words may be in a text
			continue
		}
		r.fragments.Store(fragmentKey{a.Story, c.format.Name}, fragment{items[n][:at], items[n][at+len(closing):]})
	}
}

// assembleFragments writes a document of fragments that have passed the gate: byte for byte what is
// written in one go. What is not in them passes it here, with the first of them: the document's
// head and end. It is nil if a fragment is missing or anything is at fault.
func assembleFragments(r *Renderer, c contents) []byte {
	f := c.format.feed
	if f.escape == nil || len(c.articles) == 0 || checkArticles(c.articles) != nil {
		return nil
	}
	var parts []fragment
	for _, a := range c.articles {
		p, ok := r.fragments.Load(fragmentKey{a.Story, c.format.Name})
		if !ok {
			return nil
		}
		parts = append(parts, p.(fragment))
	}
	one, fault, err := writeAndCheck(&r.Edition, c, c.articles[:1])
	if err != nil || fault != nil {
		return nil
	}
	frame := c.format.SplitItems(one)
	body := bytes.NewBuffer(make([]byte, 0, estimatedSize(c.articles)))
	body.Write(frame.Head)
	for n, p := range parts {
		if n > 0 {
			body.WriteString(frame.between)
		}
		begin := body.Len()
		body.Write(p.before)
		body.Write(f.escape(c.articles[n].Closing))
		body.Write(p.after)
		if n == 0 && (len(frame.Items) != 1 || !bytes.Equal(body.Bytes()[begin:], frame.Items[0])) {
			return nil
		}
	}
	body.Write(frame.tail)
	return body.Bytes()
}

// escapeXML is a text as it appears in an XML document.
func escapeXML(text string) []byte {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(text)) // a buffer takes it
	return b.Bytes()
}

// escapeJSON is a text as it appears in a JSON document, without its quotes.
func escapeJSON(text string) []byte {
	var b bytes.Buffer
	out := json.NewEncoder(&b)
	out.SetEscapeHTML(false)
	if out.Encode(text) != nil {
		return nil
	}
	return bytes.TrimSuffix(b.Bytes()[1:], []byte("\"\n"))
}
