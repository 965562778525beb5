package feed

import (
	"bytes"
	"fmt"
	"sort"
)

// Repair is one kind of damage that a document was read in spite of.
type Repair struct {
	Name   string // one of the fixed names below: also a metric's label
	Count  int
	Line   int    // of the first, from 1; 0 if it has no place
	Column int    // in bytes, from 1
	What   string // the first, in words
}

// The names that a [Repair] can have.
const (
	repairCharset    = "charset"
	repairDouble     = "double-encoded"
	repairProlog     = "prolog"
	repairCut        = "cut"
	repairEndTags    = "end-tags"
	repairUnclosed   = "unclosed-item"
	repairMarkup     = "escaped-markup"
	repairAttributes = "attributes"
	repairEntities   = "entities"
	repairCharacters = "illegal-characters"
	repairNamespace  = "namespace"
	repairStructure  = "structure"
	repairDoubled    = "doubled-elements"
	repairLimit      = "limit"
	repairTypes      = "json-types"
	repairDates      = "dates"
)

var advice = map[string]string{
	repairCharset:    "send UTF-8, and say so in the Content-Type and the XML declaration",
	repairDouble:     "the text was encoded as UTF-8 twice: encode it once",
	repairProlog:     "start the document with its XML declaration, and nothing before it",
	repairCut:        "the document ends too early: see what cuts it off where it is made or sent",
	repairEndTags:    "close every element by its own end tag, and close nothing that is not open",
	repairUnclosed:   "close every item by its end tag",
	repairMarkup:     "escape markup inside titles and descriptions, or put it into CDATA",
	repairAttributes: "give every attribute one quoted value, with < and & escaped",
	repairEntities:   "write & as &amp; and < as &lt;, and use no names that XML does not define",
	repairCharacters: "leave out control characters, which XML forbids",
	repairNamespace:  "declare each prefix once, with the address that its specification gives",
	repairStructure:  "put items into the channel of one rss element (or entries into one feed)",
	repairDoubled:    "give each item one title, link, guid and description",
	repairLimit:      "the document or a part of it is larger than is taken",
	repairTypes:      "give each JSON Feed key a value of the type that its specification gives",
	repairDates:      "write dates as RFC 822 (RSS) or RFC 3339 (Atom, JSON Feed) give them, with a zone",
}

// Advice says how the station mends what was repaired.
func (r Repair) Advice() string { return advice[r.Name] }

// String names the repair, how often it was made, and where first.
func (r Repair) String() string {
	times := ""
	if r.Count > 1 {
		times = fmt.Sprintf(" (%d times)", r.Count)
	}
	if r.Line == 0 {
		return fmt.Sprintf("%s: %s%s", r.Name, r.What, times)
	}
	return fmt.Sprintf("%d:%d: %s: %s%s", r.Line, r.Column, r.Name, r.What, times)
}

// ledger counts repairs of one document.
type ledger struct {
	text  []byte // what the offsets are of
	names map[string]*Repair
}

// add counts a repair. The place and the words of the first one are kept; at
// is an offset into the text, negative where there is no place.
func (l *ledger) add(name string, at int, what string) {
	if r := l.names[name]; r != nil {
		r.Count++
		return
	}
	if l.names == nil {
		l.names = map[string]*Repair{}
	}
	r := &Repair{Name: name, Count: 1, What: what}
	if at >= 0 && at <= len(l.text) {
		r.Line = bytes.Count(l.text[:at], []byte("\n")) + 1
		r.Column = at - bytes.LastIndexByte(l.text[:at], '\n')
	}
	l.names[name] = r
}

// list gives the repairs in the order of their places.
func (l *ledger) list() []Repair {
	var all []Repair
	for _, r := range l.names {
		all = append(all, *r)
	}
	sort.Slice(all, func(i, j int) bool {
		a, b := all[i], all[j]
		if a.Line != b.Line {
			return a.Line < b.Line
		}
		if a.Column != b.Column {
			return a.Column < b.Column
		}
		return a.Name < b.Name
	})
	return all
}
