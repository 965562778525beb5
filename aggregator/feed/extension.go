package feed

import (
	"strings"

	ext "github.com/mmcdole/gofeed/extensions"
)

// shorts are gofeed's own names for namespaces.
var shorts = map[space][]string{
	spaceAtom: {"atom", "atom03"}, spaceCC: {"creativeCommons", "cc"}, spaceChapters: {"psc"}, spaceContent: {"content"}, spaceDC: {"dc"},
	spaceFeedBurner: {"feedburner"}, spaceITunes: {"itunes"}, spaceMedia: {"media"}, spacePrism: {"prism"}, spaceRSS: {"rdf"},
	spaceSyndication: {"sy"}, spaceTerms: {"dcterms"}, spaceThread: {"thr"},
}

// extension finds the elements of a namespace that gofeed has filed as
// extensions, by local name in any case.
func (r *reader) extension(x ext.Extensions, sp space, name string) []ext.Extension {
	if len(x) == 0 {
		return nil
	}
	var found []ext.Extension
	keys := append([]string(nil), shorts[sp]...)
	for _, k := range r.doc.keys[sp] {
		fresh := true
		for _, known := range keys {
			fresh = fresh && k != known
		}
		if fresh {
			keys = append(keys, k)
		}
	}
	for _, k := range keys {
		found = append(found, inAnyCase(x[k], name)...)
	}
	return found
}

func inAnyCase(m map[string][]ext.Extension, name string) []ext.Extension {
	if list := m[name]; list != nil {
		return list
	}
	first := ""
	for key := range m {
		if strings.EqualFold(key, name) && (first == "" || key < first) {
			first = key
		}
	}
	return m[first]
}

// said is the first of such elements that says something.
func (r *reader) said(x ext.Extensions, sp space, names ...string) string {
	for _, name := range names {
		for _, e := range r.extension(x, sp, name) {
			if s := strings.TrimSpace(e.Value); s != "" {
				return s
			}
		}
	}
	return ""
}
