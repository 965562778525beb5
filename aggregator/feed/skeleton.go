package feed

import (
	"bytes"
	"slices"

	"fronteras/aggregator/feed/vocabulary"
)

// skeleton is the document as gofeed gets it: without what the notes hold,
// without known items and without those of the other format.
func (d *scanned) skeleton(seen []bool) []byte {
	hide := append(append([]span(nil), d.hidden...), d.surplus...)
	for i := range d.feed.children {
		if c := &d.feed.children[i]; c.word.HasTrait(vocabulary.IsNoted) {
			hide = append(hide, c.whole)
		}
	}
	for i := range d.items {
		it := &d.items[i]
		if seen[i] || it.foreign {
			hide = append(hide, it.whole)
			continue
		}
		for j := range it.children {
			hide = append(hide, it.children[j].whole)
		}
	}
	return without(d.out, hide)
}

// foreign wraps items of the other format in its own root.
func (d *scanned) foreign(order []int) []byte {
	head, tail := "<rss", "</channel></rss>"
	if d.root != "feed" {
		head, tail = "<feed", "</feed>"
	}
	var b bytes.Buffer
	b.WriteString(head)
	b.Write(declarations(d.bytes(d.rootTag)))
	b.WriteByte('>')
	if d.root == "feed" {
		b.WriteString("<channel>")
	}
	for _, i := range order {
		it := &d.items[i]
		var hide []span
		for j := range it.children {
			hide = append(hide, it.children[j].whole)
		}
		hide = append(hide, d.surplusIn(it.whole)...)
		for j := range hide {
			hide[j] = span{hide[j].from - it.whole.from, hide[j].to - it.whole.from}
		}
		b.Write(without(d.bytes(it.whole), hide))
	}
	b.WriteString(tail)
	return b.Bytes()
}

// declarations are the prefixes that a start tag declares, as it writes them.
func declarations(tag []byte) []byte {
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

// without copies b less some spans of it.
func without(b []byte, hide []span) []byte {
	slices.SortFunc(hide, func(a, b span) int { return a.from - b.from })
	kept := make([]span, 0, len(hide)+1)
	size, from := 0, 0
	for _, h := range append(hide, span{len(b), len(b)}) {
		if h.from > from {
			kept = append(kept, span{from, h.from})
			size += h.from - from
		}
		from = max(from, h.to)
	}
	out := make([]byte, 0, size)
	for _, k := range kept {
		out = append(out, b[k.from:k.to]...)
	}
	return out
}
