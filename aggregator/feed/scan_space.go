package feed

import (
	"bytes"
	"fmt"
	"strings"

	"fronteras/aggregator/feed/damage"
	"fronteras/aggregator/feed/vocabulary"
	"fronteras/aggregator/text"
)

// binding is a prefix in scope; the default namespace has none.
type binding struct {
	prefix []byte
	space  vocabulary.Space
	uri    string
}

// scope is an xml:base and an xml:lang in scope: the nearest base resolved
// against those around it, the nearest language.
type scope struct{ base, lang string }

func isDeclaration(name []byte) bool {
	return bytes.HasPrefix(name, []byte("xmlns")) && (len(name) == 5 || name[5] == ':')
}

// prefixOf is the prefix that a declaration binds.
func prefixOf(name []byte) []byte { return name[min(len(name), 6):] }

// bind takes what the tag last read declares into scope, sets addresses of
// namespaces right and drops default namespaces that would hide items.
func (s *scanner) bind(t *tag, w vocabulary.Word) {
	declares := false
	for i := 0; i < len(s.attrs); i++ {
		a := &s.attrs[i]
		switch {
		case a.name[0] != 'x':
		case isDeclaration(a.name):
			declares = true
			if s.hidesItems(*a, t.name) {
				s.AddRepair(damage.Namespaces, t.from, fmt.Sprintf("%q on %s", text.Excerpt(string(a.value)), text.Excerpt(string(t.name))))
				t.mend = true
				s.attrs = append(s.attrs[:i], s.attrs[i+1:]...)
				i--
				continue
			}
			s.declare(t, a)
		case string(a.name) == "xml:base", string(a.name) == "xml:lang":
			s.enter(a)
		}
	}
	s.inScope += len(s.bindings)
	if declares {
		s.declared += len(s.bindings)
	}
	if s.declared > maxBindings || s.inScope > maxScope {
		s.refuse("namespace bindings in scope", 0, maxBindings)
	}
}

// hidesItems reports whether a default namespace on rss, channel or item would
// make gofeed take RSS's own elements for an extension's: it sees them under
// the root's default namespace, unless it has a name for that.
func (s *scanner) hidesItems(a attribute, name []byte) bool {
	if s.doc.root != "rss" || len(a.name) != 5 {
		return false
	}
	uri := strings.TrimSpace(unescapeValue(a.value))
	ns, found, _ := vocabulary.LookupNamespace(uri)
	switch lower(name) {
	case "rss":
		return found && ns.Space != vocabulary.RSS
	case "channel", "item":
		return uri != "" && uri != s.own && ns.Space != vocabulary.RSS
	}
	return false
}

// declare takes one xmlns attribute into scope.
func (s *scanner) declare(t *tag, a *attribute) {
	uri := strings.TrimSpace(unescapeValue(a.value))
	ns, _, misspelled := vocabulary.LookupNamespace(uri)
	prefix := prefixOf(a.name)
	onRoot := len(s.stack) == 0 && bytes.Equal(prefix, t.name[:max(0, bytes.IndexByte(t.name, ':'))])
	switch {
	case onRoot && s.doc.root == "feed" && ns.Space != vocabulary.Atom:
		ns, misspelled = vocabulary.Namespace{Space: vocabulary.Atom, URI: vocabulary.URIAtom10}, true
	case onRoot && s.doc.root == "rss" && ns.Space == vocabulary.Other:
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
	s.uses(ns.Space, string(prefix), uri)
}

// enter takes an xml:base or xml:lang into scope.
func (s *scanner) enter(a *attribute) {
	sc := s.scope()
	value := strings.TrimSpace(unescapeValue(a.value))
	if string(a.name) == "xml:lang" {
		sc.lang = value
	} else {
		sc.base = joinBase(sc.base, value)
	}
	s.scopes = append(s.scopes, sc)
}

func (s *scanner) scope() scope {
	if n := len(s.scopes); n > 0 {
		return s.scopes[n-1]
	}
	return scope{}
}

// lookup says which namespace a prefix stands for, and whether that is declared
// where it should be. One never declared is read as what it usually stands for.
func (s *scanner) lookup(prefix []byte) (sp vocabulary.Space, declared bool) {
	for i := len(s.bindings) - 1; i >= 0; i-- {
		if b := &s.bindings[i]; bytes.Equal(b.prefix, prefix) {
			return b.space, true
		}
	}
	if len(prefix) == 0 {
		return vocabulary.None, true
	}
	sp, usual := vocabulary.UsualPrefixes[lower(prefix)]
	if !usual {
		return vocabulary.Other, true
	}
	s.uses(sp, string(prefix), "")
	return sp, false
}

// uses notes what gofeed may file elements of a namespace under.
func (s *scanner) uses(sp vocabulary.Space, prefix, uri string) {
	if sp == vocabulary.None || sp == vocabulary.Other || len(s.doc.keys[sp]) > 8 {
		return
	}
	key := prefix
	if key == "" {
		key = uri
	}
	for _, k := range s.doc.keys[sp] {
		if k == key {
			return
		}
	}
	s.doc.keys[sp] = append(s.doc.keys[sp], key)
}
