// Package damage has words for what can be wrong with a document: repairs, each with a name, a
// place and advice, and the two reasons to refuse one.
package damage

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
)

// Repair is one kind of damage that a document was read in spite of, and how often it was mended.
type Repair struct {
	Name   string // one of the fixed names below: also a metric's label
	Count  int
	Line   int    // of the first, from 1; 0 if it has no place
	Column int    // in bytes, from 1
	What   string // the first, in words
}

// The names that a [Repair] can have.
const (
	Charset           = "charset"
	DoubleEncoded     = "double-encoded"
	Prolog            = "prolog"
	CutOff            = "cut"
	EndTags           = "end-tags"
	UnclosedItem      = "unclosed-item"
	EscapedMarkup     = "escaped-markup"
	Attributes        = "attributes"
	Entities          = "entities"
	IllegalCharacters = "illegal-characters"
	Namespaces        = "namespace"
	Structure         = "structure"
	DoubledElements   = "doubled-elements"
	Limit             = "limit"
	JSONTypes         = "json-types"
	Dates             = "dates"
)

var advice = map[string]string{
	Charset:           "send UTF-8, and say so in the Content-Type and the XML declaration",
	DoubleEncoded:     "the text was encoded as UTF-8 twice: encode it once",
	Prolog:            "start the document with its XML declaration, and nothing before it",
	CutOff:            "the document ends too early: see what cuts it off where it is made or sent",
	EndTags:           "close every element by its own end tag, and close nothing that is not open",
	UnclosedItem:      "close every item by its end tag",
	EscapedMarkup:     "escape markup inside titles and descriptions, or put it into CDATA",
	Attributes:        "give every attribute one quoted value, with < and & escaped",
	Entities:          "write & as &amp; and < as &lt;, and use no names that XML does not define",
	IllegalCharacters: "leave out control characters, which XML forbids",
	Namespaces:        "declare each prefix once, with the address that its specification gives",
	Structure:         "put items into the channel of one rss element (or entries into one feed)",
	DoubledElements:   "give each item one title, link, guid and description",
	Limit:             "the document or a part of it is larger than the limits allow",
	JSONTypes:         "give each JSON Feed key a value of the type that its specification gives",
	Dates:             "write dates as RFC 822 (RSS) or RFC 3339 (Atom, JSON Feed) give them, with a zone",
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

// Ledger collects the repairs of one document.
type Ledger struct {
	text []byte // what the offsets are of
	list []Repair
}

// NewLedger is an empty one; the offsets that are added are those of a text.
func NewLedger(text []byte) *Ledger { return &Ledger{text: text} }

// AddRepair counts a repair. The place and the words of the first one are kept; at is an offset
// into the text, negative where there is no place.
func (l *Ledger) AddRepair(name string, at int, what string) {
	if l.countAgain(name, 1) {
		return
	}
	r := Repair{Name: name, Count: 1, What: what}
	if at >= 0 && at <= len(l.text) {
		r.Line = bytes.Count(l.text[:at], []byte("\n")) + 1
		r.Column = at - bytes.LastIndexByte(l.text[:at], '\n')
	}
	l.list = append(l.list, r)
}

// IncludeRepairs adds those of another stage, each after those that are there.
func (l *Ledger) IncludeRepairs(list []Repair) {
	for _, r := range list {
		if !l.countAgain(r.Name, r.Count) {
			l.list = append(l.list, r)
		}
	}
}

// countAgain counts a repair that was made before; false if it was not.
func (l *Ledger) countAgain(name string, times int) bool {
	for i := range l.list {
		if l.list[i].Name == name {
			l.list[i].Count += times
			return true
		}
	}
	return false
}

// Repairs returns all, in the order of their places.
func (l *Ledger) Repairs() []Repair {
	slices.SortFunc(l.list, func(a, b Repair) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), cmp.Compare(a.Name, b.Name))
	})
	return l.list
}
