package publish

import (
	"bytes"
	"slices"
)

// Parts are a feed document's items, each as it stands in it, with what stands
// before, between and behind them.
type Parts struct {
	Head    []byte
	Items   [][]byte
	between string
	tail    []byte
}

// PartsOf takes a document apart that this package wrote as RSS, Atom or JSON
// Feed. Each of its items begins and ends with a line of its own: no text in a
// document has a line that looks so, for XML escapes "<" and JSON line ends.
func PartsOf(body []byte) Parts {
	for _, f := range []struct{ before, begin, end, between string }{
		{"<rss ", "\n    <item>", "\n    </item>", ""},
		{"<feed ", "\n  <entry", "\n  </entry>", ""},
		{"\n  \"items\": [", "\n    {\n", "\n    }", ","},
	} {
		if start := bytes.Index(body, []byte(f.before)); start >= 0 {
			return partsOf(body, start+len(f.before), f.begin, f.end, f.between)
		}
	}
	return Parts{Head: body}
}

func partsOf(body []byte, start int, begin, end, between string) Parts {
	p := Parts{between: between}
	first := bytes.Index(body[start:], []byte(begin))
	if first < 0 {
		p.Head = body
		return p
	}
	p.Head = body[:start+first]
	for rest := body[start+first:]; ; {
		length := bytes.Index(rest, []byte(end)) + len(end)
		p.Items = append(p.Items, rest[:length])
		p.tail = rest[length:]
		next := bytes.TrimPrefix(p.tail, []byte(between))
		if !bytes.HasPrefix(next, []byte(begin)) {
			return p
		}
		rest = next
	}
}

// With is the document with some of its items alone.
func (p Parts) With(items [][]byte) []byte {
	return slices.Concat(p.Head, bytes.Join(items, []byte(p.between)), p.tail)
}
