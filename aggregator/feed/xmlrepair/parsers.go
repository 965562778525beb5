package xmlrepair

import (
	"bytes"
	"slices"
	"sort"

	"fronteras/aggregator/feed/vocabulary"
)

// ForParser is the document as gofeed gets it: without what the notes hold, without known items and
// without those of the other format.
func (d *Document) ForParser(seen []bool) []byte {
	hide := append(append([]Span(nil), d.hidden...), d.surplus...)
	for i := range d.Feed.Children {
		if c := &d.Feed.Children[i]; c.Word.HasTrait(vocabulary.IsNoted) {
			hide = append(hide, c.Whole)
		}
	}
	for i := range d.Items {
		it := &d.Items[i]
		if seen[i] || it.Foreign {
			hide = append(hide, it.Whole)
			continue
		}
		for j := range it.Children {
			hide = append(hide, it.Children[j].Whole)
		}
	}
	return withoutSpans(d.Out, hide)
}

// ForeignForParser wraps items of the other format in its own root.
func (d *Document) ForeignForParser(order []int) []byte {
	head, tail := "<rss", "</channel></rss>"
	if d.Root != "feed" {
		head, tail = "<feed", "</feed>"
	}
	var b bytes.Buffer
	b.WriteString(head)
	b.Write(prefixDeclarations(d.Bytes(d.RootTag)))
	b.WriteByte('>')
	if d.Root == "feed" {
		b.WriteString("<channel>")
	}
	for _, i := range order {
		it := &d.Items[i]
		var hide []Span
		for j := range it.Children {
			hide = append(hide, it.Children[j].Whole)
		}
		hide = append(append(hide, spansWithin(d.surplus, it.Whole)...), spansWithin(d.hidden, it.Whole)...)
		for j := range hide {
			hide[j] = Span{hide[j].From - it.Whole.From, hide[j].To - it.Whole.From}
		}
		b.Write(withoutSpans(d.Bytes(it.Whole), hide))
	}
	b.WriteString(tail)
	return b.Bytes()
}

// prefixDeclarations returns the prefixes that a start tag declares, as it writes them.
func prefixDeclarations(tag []byte) []byte {
	var b bytes.Buffer
	for {
		i := bytes.Index(tag, []byte("xmlns:"))
		if i < 1 {
			return b.Bytes()
		}
		tag = tag[i:]
		quote := bytes.IndexAny(tag, `"'`)
		if quote < 0 {
			return b.Bytes()
		}
		end := bytes.IndexByte(tag[quote+1:], tag[quote]) + quote + 2
		b.WriteByte(' ')
		b.Write(tag[:end])
		tag = tag[end:]
	}
}

// withoutSpans copies b less some spans of it.
func withoutSpans(b []byte, hide []Span) []byte {
	slices.SortFunc(hide, func(a, b Span) int { return a.From - b.From })
	kept := make([]Span, 0, len(hide)+1)
	size, from := 0, 0
	for _, h := range append(hide, Span{len(b), len(b)}) {
		if h.From > from {
			kept = append(kept, Span{from, h.From})
			size += h.From - from
		}
		from = max(from, h.To)
	}
	out := make([]byte, 0, size)
	for _, k := range kept {
		out = append(out, b[k.From:k.To]...)
	}
	return out
}

// spansWithin returns those of some spans, in their order, that lie in another.
func spansWithin(spans []Span, in Span) []Span {
	from := sort.Search(len(spans), func(i int) bool { return spans[i].From >= in.From })
	to := sort.Search(len(spans), func(i int) bool { return spans[i].From >= in.To })
	return spans[from:to]
}
