package xmlrepair

import (
	"bytes"
	"fmt"
	"strings"

	"fronteras/aggregator/feed/damage"
	"fronteras/aggregator/feed/vocabulary"
	"fronteras/aggregator/link"
	"fronteras/aggregator/text"
)

// binding is a prefix in scope; the default namespace has none.
type binding struct {
	prefix []byte
	space  vocabulary.Space
	uri    string
}

// scope is an xml:base and an xml:lang in scope: the nearest base resolved against those around it,
// the nearest language.
type scope struct{ base, lang string }

// scopes holds the namespaces, bases and languages in scope.
type scopes struct {
	bindings          []binding
	around            []scope
	own               string // the root's namespace, if it is none that is known
	prefixes          map[vocabulary.Space][]string
	inScope, declared int // bindings, summed over all elements, and over those that declare any
	looked            int // bindings that prefixes were looked up in, if they are many
}

// leaveScope takes back what the element declared.
func (c *scopes) leaveScope(e *openElement) {
	c.bindings = c.bindings[:e.bindings]
	c.around = c.around[:e.scopes]
}

func isDeclaration(name []byte) bool {
	return bytes.HasPrefix(name, []byte("xmlns")) && (len(name) == 5 || name[5] == ':')
}

// prefixOf is the prefix that a declaration binds.
func prefixOf(name []byte) []byte { return name[min(len(name), 6):] }

// bindAttributes takes what the tag last read declares into scope, sets addresses of namespaces
// right and drops default namespaces that would hide items.
func (s *scanner) bindAttributes(t *tag) {
	declares := false
	for i := 0; i < len(s.attrs); i++ {
		a := &s.attrs[i]
		switch {
		case a.name[0] != 'x':
		case isDeclaration(a.name):
			declares = true
			if s.hidesItems(*a, t.name) {
				s.AddRepair(
					damage.Namespaces, t.from,
					fmt.Sprintf("%q on %s", text.Excerpt(string(a.value)), text.Excerpt(string(t.name))),
				)
				t.mend = true
				s.attrs = append(s.attrs[:i], s.attrs[i+1:]...)
				i--
				continue
			}
			s.declareNamespace(t, a)
		case string(a.name) == "xml:base", string(a.name) == "xml:lang":
			s.enterScope(a)
		}
	}
	s.inScope += len(s.bindings)
	if declares {
		s.declared += len(s.bindings)
	}
	if s.declared > maxBindings || s.inScope > maxScope {
		s.exceedLimit("namespace bindings in scope", 0, maxBindings)
	}
}

// hidesItems reports whether a default namespace on rss, channel or item would make gofeed take
// RSS's own elements for an extension's: it sees them under the root's default namespace, unless it
// has a name for that.
func (s *scanner) hidesItems(a attribute, name []byte) bool {
	if s.doc.Root != "rss" || len(a.name) != 5 {
		return false
	}
	uri := strings.TrimSpace(unescapeValue(a.value))
	ns, found, _ := vocabulary.LookupNamespace(uri)
	switch lowerName(name) {
	case "rss":
		return found && ns.Space != vocabulary.RSS
	case "channel", "item":
		return uri != "" && uri != s.own && ns.Space != vocabulary.RSS
	}
	return false
}

// rootNamespace is the namespace that the root of an RSS 1.0 document means, where the declaration has
// an address that nobody knows: under that of another vocabulary it would hold no item.
func (s *scanner) rootNamespace(a *attribute, root []byte) (vocabulary.Namespace, bool) {
	if len(s.stack) > 0 || s.doc.Root != "rdf" {
		return vocabulary.Namespace{}, false
	}
	uri := strings.TrimSpace(unescapeValue(a.value))
	if ns, _, _ := vocabulary.LookupNamespace(uri); uri == "" || ns.Space != vocabulary.Other {
		return vocabulary.Namespace{}, false
	}
	switch prefix := prefixOf(a.name); {
	case len(prefix) == 0:
		return vocabulary.Namespace{Space: vocabulary.RSS, URI: vocabulary.URIRSS10}, true
	case bytes.Equal(prefix, root[:max(0, bytes.IndexByte(root, ':'))]):
		return vocabulary.Namespace{Space: vocabulary.RSS, URI: vocabulary.URIRDF}, true
	}
	return vocabulary.Namespace{}, false
}

// declareNamespace takes one xmlns attribute into scope.
func (s *scanner) declareNamespace(t *tag, a *attribute) {
	uri := strings.TrimSpace(unescapeValue(a.value))
	ns, _, misspelled := vocabulary.LookupNamespace(uri)
	prefix := prefixOf(a.name)
	if own, is := s.rootNamespace(a, t.name); is {
		ns, misspelled = own, true
	}
	onRoot := len(s.stack) == 0 && bytes.Equal(prefix, t.name[:max(0, bytes.IndexByte(t.name, ':'))])
	switch {
	case onRoot && s.doc.Root == "feed" && ns.Space != vocabulary.Atom:
		ns, misspelled = vocabulary.Namespace{Space: vocabulary.Atom, URI: vocabulary.URIAtom10}, true
	case onRoot && s.doc.Root == "rss" && ns.Space == vocabulary.Other:
		s.own = uri
		ns.Space = vocabulary.None
	case uri == "" || len(prefix) == 0 && uri == s.own:
		ns.Space = vocabulary.None
	}
	if misspelled {
		s.AddRepair(damage.Namespaces, t.from, fmt.Sprintf("%q for %s", text.Excerpt(uri), ns.URI))
		uri = ns.URI
		a.value, t.mend = []byte(uri), true
	}
	s.bindings = append(s.bindings, binding{prefix, ns.Space, uri})
	s.notePrefix(ns.Space, string(prefix), uri)
}

// enterScope takes an xml:base or xml:lang into scope.
func (s *scanner) enterScope(a *attribute) {
	sc := s.currentScope()
	value := strings.TrimSpace(unescapeValue(a.value))
	switch {
	case len(value) > maxBase:
		a.hidden = true
		s.noteLongScope(a, len(value))
	case string(a.name) == "xml:lang":
		sc.lang = value
	default:
		if a.hidden = len(sc.base)+len(value) > maxBase; a.hidden {
			s.noteLongScope(a, len(sc.base)+len(value))
		}
		sc.base = JoinBase(sc.base, value)
	}
	s.around = append(s.around, sc)
}

// noteLongScope notes that a base or language is left out.
func (s *scanner) noteLongScope(a *attribute, length int) {
	item := 0
	if len(s.stack) > 0 && s.innermost().inItem {
		item = len(s.doc.Items)
	}
	s.EnterItem(item, s.i)
	s.EnterField(string(a.name)).AddLimit(" bytes", length, maxBase, "it is left out")
}

func (c *scopes) currentScope() scope {
	if n := len(c.around); n > 0 {
		return c.around[n-1]
	}
	return scope{}
}

// lookupPrefix says which namespace a prefix stands for, and whether that is declared where it
// should be. One never declared is read as what it usually stands for.
func (c *scopes) lookupPrefix(prefix []byte) (sp vocabulary.Space, declared bool) {
	if len(c.bindings) > manyBindings {
		c.looked += len(c.bindings)
	}
	for i := len(c.bindings) - 1; i >= 0; i-- {
		if b := &c.bindings[i]; bytes.Equal(b.prefix, prefix) {
			return b.space, true
		}
	}
	if len(prefix) == 0 {
		return vocabulary.None, true
	}
	sp, usual := vocabulary.UsualPrefixes[lowerName(prefix)]
	if !usual {
		return vocabulary.Other, true
	}
	c.notePrefix(sp, string(prefix), "")
	return sp, false
}

// notePrefix notes what gofeed may file elements of a namespace under.
func (c *scopes) notePrefix(sp vocabulary.Space, prefix, uri string) {
	if sp == vocabulary.None || sp == vocabulary.Other || len(c.prefixes[sp]) > 8 {
		return
	}
	key := prefix
	if key == "" {
		key = uri
	}
	for _, k := range c.prefixes[sp] {
		if k == key {
			return
		}
	}
	c.prefixes[sp] = append(c.prefixes[sp], key)
}

// JoinBase resolves an xml:base against the one around it. What is empty, a fragment, not http or
// too long is ignored; a relative one without an absolute one around it stays relative, to be resolved against
// the document's address.
func JoinBase(outer, value string) string {
	switch {
	case value == "", value[0] == '#', len(outer)+len(value) > maxBase:
		return outer
	case outer == "":
		if i := strings.IndexAny(value, ":/?#"); i >= 0 && value[i] == ':' {
			return link.Resolve("", value)
		}
		return value
	}
	if base := link.Resolve(outer, value); base != "" {
		return base
	}
	if strings.ContainsRune(value, ':') || isAbsolute(outer) {
		return outer
	}
	if value[0] == '/' {
		return value
	}
	return outer[:strings.LastIndexByte(outer, '/')+1] + value
}

func isAbsolute(address string) bool {
	return strings.HasPrefix(address, "http://") || strings.HasPrefix(address, "https://")
}
