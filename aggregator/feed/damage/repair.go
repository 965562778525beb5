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
	Item   int    // that it was made in, from 1; 0 if it is not known, or the feed itself
}

// IsLoss reports whether something that the document says is not taken.
func (r Repair) IsLoss() bool { return r.Name == Limit || r.Name == LostWords }

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
	LostWords         = "lost-words"
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
	Limit:             "make what is named shorter: what is beyond the limit is not taken",
	JSONTypes:         "give each JSON Feed key a value of the type that its specification gives",
	Dates:             "write dates as RFC 822 (RSS) or RFC 3339 (Atom, JSON Feed) give them, with a zone",
	LostWords: "end every element that hides what is in it, such as script, and hide nothing that is to " +
		"be read",
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

// Ledger collects the repairs of one document. A nil one collects none.
type Ledger struct {
	text   []byte // what the offsets are of
	list   []Repair
	losses int    // of the list
	item   int    // that is being read, 0 for the feed itself
	begins int    // where it begins, -1 if that is not known
	at     int    // where the field that is being read is, as far as that is known
	field  string // its name
}

// maxLosses is how many losses are listed; further ones are counted.
const maxLosses = 100

// NewLedger is an empty one; the offsets that are added are those of a text.
func NewLedger(text []byte) *Ledger { return &Ledger{text: text, begins: -1, at: -1} }

// AddRepair counts a repair. The place and the words of the first one of a name are kept; at is an
// offset into the text, negative where there is no place.
func (l *Ledger) AddRepair(name string, at int, what string) {
	if l == nil || l.countAgain(name, 1) {
		return
	}
	r := Repair{Name: name, Count: 1, What: what}
	l.place(&r, at)
	l.list = append(l.list, r)
}

// AddRepairHere counts a repair of the field that is being read.
func (l *Ledger) AddRepairHere(name, what string) {
	if l != nil {
		l.AddRepair(name, l.at, what)
	}
}

// EnterItem says which item is being read, from 1, and where it begins; 0 is the feed itself.
func (l *Ledger) EnterItem(number, at int) {
	l.item, l.begins, l.at, l.field = number, at, at, ""
}

// EnterField says which field of it is being read, by its name in what `read` prints.
func (l *Ledger) EnterField(name string) *Ledger {
	if l != nil {
		l.field, l.at = name, l.begins
	}
	return l
}

// EnterPlace says where the field that is being read is.
func (l *Ledger) EnterPlace(at int) {
	if l != nil {
		l.at = at
	}
}

// AddLimit notes that something of the field that is being read is not taken: as much was found, and
// as much is allowed. Found is 0 where counting ended. Each is kept by itself, with its place.
func (l *Ledger) AddLimit(unit string, found, allowed int, outcome string) {
	size := fmt.Sprintf("%d%s found, %d allowed", found, unit, allowed)
	if found == 0 {
		size = fmt.Sprintf("more than %d%s found", allowed, unit)
	}
	l.AddLoss(Limit, size+": "+outcome)
}

// AddLoss notes that something of the field that is being read is not taken.
func (l *Ledger) AddLoss(name, what string) {
	if l == nil {
		return
	}
	where := "the feed"
	if l.item > 0 {
		where = fmt.Sprintf("item %d", l.item)
	}
	if l.field != "" {
		where += ", " + l.field
	}
	r := Repair{Name: name, Count: 1, What: where + ": " + what, Item: l.item}
	if l.losses < maxLosses {
		l.place(&r, l.at)
	}
	l.addLoss(r)
}

// addLoss lists a loss, unless it is there already or there are too many.
func (l *Ledger) addLoss(r Repair) {
	if l.losses >= maxLosses {
		for i := range l.list {
			if l.list[i].Name == r.Name && l.list[i].What == further {
				l.list[i].Count += r.Count
				return
			}
		}
		l.list = append(l.list, Repair{Name: r.Name, Count: r.Count, What: further})
		return
	}
	for i := range l.list {
		if l.list[i].Name == r.Name && l.list[i].Item == r.Item && l.list[i].What == r.What {
			l.list[i].Count += r.Count
			return
		}
	}
	l.losses++
	l.list = append(l.list, r)
}

const further = "the same in further places"

// place says where an offset is, by line and column.
func (l *Ledger) place(r *Repair, at int) {
	if at >= 0 && at <= len(l.text) {
		r.Line = bytes.Count(l.text[:at], []byte("\n")) + 1
		r.Column = at - bytes.LastIndexByte(l.text[:at], '\n')
	}
}

// IncludeRepairs adds those of another stage, each after those that are there.
func (l *Ledger) IncludeRepairs(list []Repair) {
	for _, r := range list {
		switch {
		case r.IsLoss():
			l.addLoss(r)
		case !l.countAgain(r.Name, r.Count):
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
		return cmp.Or(
			cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), cmp.Compare(a.Item, b.Item),
			cmp.Compare(a.Name, b.Name), cmp.Compare(a.What, b.What),
		)
	})
	return l.list
}
