package feed

import (
	"strings"

	"fronteras/aggregator/text"
)

// clean makes a fragment of foreign HTML one that may be published: text, and
// the policy's elements and attributes, balanced, with absolute addresses, in at
// most limit bytes. Applied to its own output it changes nothing.
func clean(fragment, base string, limit int) string {
	return new(cleaner).clean(fragment, base, limit)
}

// cleaner is clean for one fragment after another, in the same room.
type cleaner struct{ fast fast }

func (c *cleaner) clean(fragment, base string, limit int) string {
	fragment = strings.TrimSpace(text.WithoutControls(fragment))
	if fragment == "" {
		return ""
	}
	if len(fragment) > maxRawBody {
		return plain(fragment, limit)
	}
	if out, ok := c.fast.clean(fragment, base, limit); ok {
		return out
	}
	return cleanTree(fragment, base, limit)
}

// cleanTree is clean by way of an HTML parser's tree, for whatever the fast path
// does not take. What does not come out of a second cleaning as it went in is
// given up as markup.
func cleanTree(fragment, base string, limit int) string {
	once, ok := treeOnce(fragment, base, limit)
	if !ok {
		return plain(fragment, limit)
	}
	if again, ok := cleanFast(once, base, limit); ok && again == once {
		return once
	}
	if again, ok := treeOnce(once, base, limit); !ok || again != once {
		return plain(fragment, limit)
	}
	return once
}

// treeOnce parses, writes, and has the policy look last.
func treeOnce(fragment, base string, limit int) (string, bool) {
	nodes, ok := parseFragment(fragment)
	if !ok {
		return "", false
	}
	w := newWriter(base, limit)
	for _, n := range nodes {
		w.node(n, 0)
	}
	return unquote(policy().Sanitize(w.string())), !w.deep
}

func newWriter(base string, limit int) *writer {
	return &writer{base: base, limit: limit}
}

// string gives what was written, its ends trimmed.
func (w *writer) string() string { return strings.TrimSpace(string(w.out)) }

// unquote takes the references for quotes out of text, where bluemonday writes
// them without need.
func unquote(s string) string {
	if !strings.Contains(s, "&#3") {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for s != "" {
		text, rest := s, ""
		if i := strings.IndexByte(s, '<'); i >= 0 {
			text, rest = s[:i], s[i:]
		}
		b.WriteString(quotes.Replace(text))
		i := strings.IndexByte(rest, '>') + 1
		b.WriteString(rest[:i])
		s = rest[i:]
	}
	return b.String()
}

var quotes = strings.NewReplacer("&#34;", `"`, "&#39;", "'")
