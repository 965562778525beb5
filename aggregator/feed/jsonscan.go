package feed

import (
	"bytes"
	"encoding/json"

	"fronteras/aggregator/feed/damage"
	"fronteras/aggregator/feed/vocabulary"
)

// byteRange is a stretch of a document.
type byteRange struct{ from, to int }

// jsonMember is a key of the top object with the span of its value.
type jsonMember struct {
	key   string
	value byteRange
}

// jsonScan walks over a JSON document once: it bounds depth and count, and finds the members of the
// top object and the elements of its items, as far as the document goes.
type jsonScan struct {
	b       []byte
	values  int
	control bool // a string holds a control character as it is
	err     error

	members []jsonMember
	items   []byteRange // complete elements of items
	starts  int         // all that began
	list    bool        // items is a list
	single  bool        // items is one item
	whole   bool        // the object ends
}

func scanJSON(b []byte) *jsonScan {
	j := &jsonScan{b: b}
	j.scanDocument()
	return j
}

func (j *jsonScan) skipBlanks(p int) int {
	for p < len(j.b) && vocabulary.IsBlank(j.b[p]) {
		p++
	}
	return p
}

// byteAt gives the byte at p, 0 behind the end.
func (j *jsonScan) byteAt(p int) byte {
	if p < len(j.b) {
		return j.b[p]
	}
	return 0
}

// scanDocument reads the members of the top object.
func (j *jsonScan) scanDocument() {
	p := j.skipBlanks(0)
	if j.byteAt(p) != '{' {
		return
	}
	for p = j.skipBlanks(p + 1); j.byteAt(p) == '"'; {
		end, ok := j.skipString(p)
		if !ok {
			return
		}
		key := unquoteJSON(j.b[p:end])
		p = j.skipBlanks(end)
		if j.byteAt(p) != ':' {
			return
		}
		p = j.skipBlanks(p + 1)
		if key == "items" {
			j.items, j.starts, j.list, j.single = nil, 0, j.byteAt(p) == '[', false
		}
		if key == "items" && j.list {
			end, ok = j.scanItems(p)
		} else {
			end, ok = j.skipValue(p, 2)
		}
		if !ok {
			return
		}
		if key == "items" && j.byteAt(p) == '{' {
			j.single, j.items, j.starts = true, []byteRange{{p, end}}, 1
		}
		j.members = append(j.members, jsonMember{key, byteRange{p, end}})
		if p = j.skipBlanks(end); j.byteAt(p) == ',' {
			p = j.skipBlanks(p + 1)
		}
	}
	j.whole = j.byteAt(p) == '}'
}

// scanItems reads the list of items at p.
func (j *jsonScan) scanItems(p int) (end int, ok bool) {
	for p = j.skipBlanks(p + 1); p < len(j.b) && j.b[p] != ']'; {
		if j.starts++; j.starts > maxItems {
			j.err = &damage.LimitError{Limit: "items", Allowed: maxItems}
			return p, false
		}
		end, ok := j.skipValue(p, 3)
		if !ok {
			return end, false
		}
		j.items = append(j.items, byteRange{p, end})
		if p = j.skipBlanks(end); j.byteAt(p) == ',' {
			p = j.skipBlanks(p + 1)
		} else if j.byteAt(p) != ']' {
			return p, false
		}
	}
	return p + 1, p < len(j.b)
}

// skipValue walks over any value at p, which is nested that deep.
func (j *jsonScan) skipValue(p, depth int) (end int, ok bool) {
	if j.values++; j.values > maxElements {
		j.err = &damage.LimitError{Limit: "values", Allowed: maxElements}
		return p, false
	}
	switch c := j.byteAt(p); c {
	case '"':
		return j.skipString(p)
	case '{', '[':
		if depth > maxDepth {
			j.err = &damage.LimitError{Limit: "values in one another", Allowed: maxDepth}
			return p, false
		}
		return j.skipContainer(p, depth)
	}
	end = p
	for end < len(j.b) && (vocabulary.IsNameByte[j.b[end]] || j.b[end] == '+') {
		end++
	}
	return end, end > p && end < len(j.b)
}

// skipContainer walks over an object or list.
func (j *jsonScan) skipContainer(p, depth int) (end int, ok bool) {
	object := j.b[p] == '{'
	for p = j.skipBlanks(p + 1); p < len(j.b); {
		switch c := j.b[p]; {
		case c == '}' && object, c == ']' && !object:
			return p + 1, true
		case c == ',':
			p = j.skipBlanks(p + 1)
			continue
		case object:
			if c != '"' {
				return p, false
			}
			if p, ok = j.skipString(p); !ok {
				return p, false
			}
			if p = j.skipBlanks(p); j.byteAt(p) != ':' {
				return p, false
			}
			p = j.skipBlanks(p + 1)
		}
		if p, ok = j.skipValue(p, depth+1); !ok {
			return p, false
		}
		p = j.skipBlanks(p)
	}
	return p, false
}

// skipString walks over a string at p.
func (j *jsonScan) skipString(p int) (end int, ok bool) {
	for p++; p < len(j.b); p++ {
		switch c := j.b[p]; {
		case c == '"':
			return p + 1, true
		case c == '\\':
			p++
		case c < 0x20:
			j.control = true
		}
	}
	return p, false
}

// escapeControls writes control characters inside strings as JSON requires them.
func escapeControls(b []byte) []byte {
	out := make([]byte, 0, len(b)+len(b)/16)
	inside := false
	for i := 0; i < len(b); i++ {
		c := b[i]
		switch {
		case c == '\\' && inside && i+1 < len(b):
			out = append(out, c)
			i++
			c = b[i]
		case c == '"':
			inside = !inside
		case c < 0x20 && inside:
			switch c {
			case '\n':
				out = append(out, `\n`...)
			case '\t':
				out = append(out, `\t`...)
			}
			continue
		}
		out = append(out, c)
	}
	return out
}

func unquoteJSON(b []byte) string {
	var s string
	if json.Unmarshal(b, &s) != nil {
		return ""
	}
	return s
}

// decodeJSON reads any value; numbers stay as written.
func decodeJSON(b []byte) (any, bool) {
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	var v any
	err := d.Decode(&v)
	return v, err == nil
}
