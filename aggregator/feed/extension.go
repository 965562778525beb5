package feed

import (
	"slices"
	"strings"

	ext "github.com/mmcdole/gofeed/extensions"

	"fronteras/aggregator/feed/vocabulary"
)

// shorts are gofeed's own names for namespaces.
var shorts = map[vocabulary.Space][]string{
	vocabulary.Atom: {"atom", "atom03"}, vocabulary.CC: {"creativeCommons", "cc"}, vocabulary.Chapters: {"psc"}, vocabulary.Content: {"content"}, vocabulary.DC: {"dc"},
	vocabulary.FeedBurner: {"feedburner"}, vocabulary.ITunes: {"itunes"}, vocabulary.Media: {"media"}, vocabulary.Prism: {"prism"}, vocabulary.RSS: {"rdf"},
	vocabulary.Syndication: {"sy"}, vocabulary.Terms: {"dcterms"}, vocabulary.Thread: {"thr"},
}

// extension finds the elements of a namespace that gofeed has filed as
// extensions, by local name in any case.
func (r *reader) extension(x ext.Extensions, sp vocabulary.Space, name string) []ext.Extension {
	if len(x) == 0 {
		return nil
	}
	var found []ext.Extension
	add := func(key string) {
		if list := inAnyCase(x[key], name); found == nil {
			found = slices.Clip(list)
		} else {
			found = append(found, list...)
		}
	}
	known := shorts[sp]
	for _, k := range known {
		add(k)
	}
	own := r.doc.Prefixes[sp]
	for n, k := range own {
		if !slices.Contains(known, k) && !slices.Contains(own[:n], k) {
			add(k)
		}
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
func (r *reader) said(x ext.Extensions, sp vocabulary.Space, names ...string) string {
	for _, name := range names {
		for _, e := range r.extension(x, sp, name) {
			if s := strings.TrimSpace(e.Value); s != "" {
				return s
			}
		}
	}
	return ""
}
