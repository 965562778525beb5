package feed

import (
	"cmp"
	"html"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/mmcdole/gofeed/atom"

	"fronteras/aggregator/feed/damage"
	"fronteras/aggregator/feed/htmlclean"
	"fronteras/aggregator/feed/vocabulary"
	"fronteras/aggregator/feed/xmlrepair"
	"fronteras/aggregator/news"
	"fronteras/aggregator/text"
)

// byline collects the persons that an item names. What is no person, an office or a house, stays in what is
// written.
type byline struct {
	written    []string // each once, as many as can be shown
	persons    []news.Person
	assistants []news.Person // who took the pictures and the like
	more       int           // named, and not taken
	unwritten  int           // texts that are not shown
	notes      *damage.Ledger
}

// isEmpty reports whether nobody and nothing has been named.
func (b *byline) isEmpty() bool { return len(b.written) == 0 && len(b.persons) == 0 }

// addWritten adds how an element writes one or several.
func (b *byline) addWritten(s string) {
	switch {
	case slices.Contains(b.written, s):
	case len(b.written) == maxBylines:
		b.unwritten++
	default:
		b.written = append(b.written, s)
	}
}

// nameLine is a name, or several, on one line.
func nameLine(s string, notes *damage.Ledger) string {
	return shortLine(html.UnescapeString(shortened(htmlclean.WithoutSections(s), maxWritten, notes)), maxTitle, notes)
}

// addNames adds what one element says, which may name several.
func (b *byline) addNames(s string) { b.addNamesOf(s, text.CommasPart) }

func (b *byline) addNamesOf(s string, commas text.Commas) {
	if s = nameLine(s, b.notes); s == "" {
		return
	}
	b.addWritten(s)
	for _, piece := range splitMails(s) {
		for _, n := range text.NamesIn(piece, commas) {
			b.addNamed(n, commas, news.Person{})
		}
	}
}

// addNamed adds one of those whom a text names, with the mail address that stands with the name, and otherwise
// with those that an element next to it gives.
func (b *byline) addNamed(n text.BylineName, commas text.Commas, beside news.Person) {
	p := nameAndMail(n.Written)
	switch {
	case p.Email == "":
		p.Name = trimQuotes(n.Person)
	case p.Name != "":
		persons := text.Persons(p.Name, commas)
		p.Name = strings.Join(persons[:min(len(persons), 1)], "")
	}
	p.Email = cmp.Or(p.Email, beside.Email)
	if p.Name != "" {
		p.URL = beside.URL
	}
	if n.Assists {
		b.assistants = b.addPerson(b.assistants, p)
	} else {
		b.persons = b.addPerson(b.persons, p)
	}
}

// splitMails divides a text behind each mail address in brackets, with the name before it.
func splitMails(s string) (pieces []string) {
	for {
		at := strings.IndexByte(s, '@')
		if at < 0 {
			break
		}
		end := strings.IndexAny(s[at:], ">)")
		if end < 0 {
			break
		}
		end += at + 1
		if s[end-1] == ')' && strings.LastIndexByte(s[:at], '(') < 0 && strings.IndexByte(s[at:end], '(') < 0 {
			break
		}
		pieces = append(pieces, s[:end])
		s = strings.TrimLeft(s[end:], " ,;&")
	}
	if s != "" {
		pieces = append(pieces, s)
	}
	return pieces
}

// addParts adds a person whose parts are in elements of their own. Another person has an element,
// too: a comma parts no names.
func (b *byline) addParts(name, email, address string) {
	name = nameLine(name, b.notes)
	email = mailAddress(email)
	if name == "" {
		b.persons = b.addPerson(b.persons, news.Person{Email: email, URL: address})
		return
	}
	b.addWritten(name)
	names := text.NamesIn(name, text.CommasBelong)
	beside := news.Person{Email: email, URL: address}
	if len(names) > 1 {
		beside = news.Person{}
	}
	for _, n := range names {
		b.addNamed(n, text.CommasBelong, beside)
	}
}

// addPerson adds one to a list, unless it is there already.
func (b *byline) addPerson(list []news.Person, p news.Person) []news.Person {
	if len(list) < maxNames {
		p.Name = shortened(p.Name, maxNameText, b.notes)
	}
	if p == (news.Person{}) {
		return list
	}
	for i := range list {
		other := &list[i]
		if other.Name == p.Name && (p.Name != "" || other.Email == p.Email) {
			other.Email = cmp.Or(other.Email, p.Email)
			other.URL = cmp.Or(other.URL, p.URL)
			return list
		}
	}
	if len(list) == maxNames {
		b.more++
		return list
	}
	return append(list, p)
}

// asWritten is the line, and the persons in it: those who assisted where there is nobody else.
func (b *byline) asWritten() (string, []news.Person) {
	persons := b.persons
	if len(persons) == 0 {
		persons = b.assistants
	}
	if b.more > 0 {
		noteRest(maxNames+b.more, maxNames, b.notes)
	}
	if b.unwritten > 0 {
		noteRest(maxBylines+b.unwritten, maxBylines, b.notes.EnterField("byline"))
	}
	return shortened(strings.Join(b.written, ", "), maxTitle, b.notes.EnterField("byline")), persons
}

// lentByline is the byline of a feed, for an entry that has none. A mail address stands for a name.
func lentByline(b *byline) (string, []news.Person) {
	lent := *b
	lent.notes = nil // it was noted of the feed
	line, persons := lent.asWritten()
	if line == "" {
		var mails []string
		for _, p := range persons {
			mails = append(mails, p.Email)
		}
		line = text.Shorten(strings.Join(mails, ", "), maxTitle)
	}
	return line, persons
}

// rssByline takes dc:creator, otherwise author, otherwise atom:author, otherwise what extensions
// say.
func rssByline(e *element) (string, []news.Person) {
	b := &byline{notes: e.notes}
	for _, add := range [...]func(*byline, *element){
		addCreators, addAuthorElements, addAtomExtensions, addITunesAuthor, addMediaCredits,
	} {
		if b.isEmpty() {
			add(b, e)
		}
	}
	return b.asWritten()
}

// atomByline takes the entry's authors, otherwise what extensions say, otherwise the authors of its
// source, otherwise the feed's.
func atomByline(e *element, x *atom.Entry, feeds *byline) (string, []news.Person) {
	b := &byline{notes: e.notes}
	addAtomPersons(b, e, x.Authors)
	for _, add := range [...]func(*byline, *element){
		addAuthorElements, addCreators, addITunesAuthor, addMediaCredits,
	} {
		if b.isEmpty() {
			add(b, e)
		}
	}
	if b.isEmpty() && x.Source != nil {
		addAtomPersons(b, e, x.Source.Authors)
	}
	if b.isEmpty() && feeds != nil {
		return lentByline(feeds)
	}
	return b.asWritten()
}

func addITunesAuthor(b *byline, e *element) { b.addNames(e.ext.firstText(vocabulary.ITunes, "author")) }

// addCreators adds the dc:creator elements. Where there are several, each is for one.
func addCreators(b *byline, e *element) {
	creators, commas := e.ext.elements(vocabulary.DC, "creator"), text.CommasPart
	if len(creators) > 1 {
		commas = text.CommasBelong
	}
	for _, x := range creators {
		b.addNamesOf(withoutTags(x.Value, e.notes), commas)
	}
}

// addAuthorElements adds the author elements that the repair recorded: text, or a name in an
// element of its own.
func addAuthorElements(b *byline, e *element) {
	for i := range e.item.Children {
		c := &e.item.Children[i]
		if !c.IsNamed("author") {
			continue
		}
		inner := e.doc.Bytes(c.Inner)
		if name, mail := xmlrepair.ChildText(inner, "name"), xmlrepair.ChildText(inner, "email"); name != "" ||
			mail != "" {
			address := xmlrepair.ChildText(inner, "uri") + xmlrepair.ChildText(inner, "url")
			b.addParts(name, mail, pageAddress(address, e.baseOf(c), e.notes))
			continue
		}
		b.addNames(withoutTags(e.doc.TextOf(c), e.notes))
	}
}

// addAtomPersons adds persons as gofeed read them.
func addAtomPersons(b *byline, e *element, persons []*atom.Person) {
	for _, p := range persons {
		b.addParts(withoutTags(p.Name, e.notes), p.Email, pageAddress(p.URI, e.base, e.notes))
	}
}

// addAtomExtensions adds the atom:author elements of RSS.
func addAtomExtensions(b *byline, e *element) {
	for _, a := range e.ext.elements(vocabulary.Atom, "author") {
		value := func(name string) string {
			for _, c := range elementsNamed(a.Children, name) {
				if c.Value != "" {
					return c.Value
				}
			}
			return ""
		}
		if value("name") == "" && value("email") == "" {
			b.addNames(a.Value)
			continue
		}
		b.addParts(value("name"), value("email"), pageAddress(value("uri"), e.base, e.notes))
	}
}

// addMediaCredits adds those whom media:credit calls authors.
func addMediaCredits(b *byline, e *element) {
	for _, c := range e.ext.elements(vocabulary.Media, "credit") {
		if strings.EqualFold(c.Attrs["role"], "author") {
			b.addNames(c.Value)
		}
	}
}

// nameAndMail takes a name and a mail address apart, in the forms of RFC 822 and the one RSS 2.0
// asks for.
func nameAndMail(s string) news.Person {
	s = strings.TrimSpace(strings.TrimPrefix(s, "mailto:"))
	for _, brackets := range [...]string{"<>", "()"} {
		i := strings.IndexByte(s, brackets[0])
		j := strings.LastIndexByte(s, brackets[1])
		if i < 0 || j != len(s)-1 {
			continue
		}
		before, inside := strings.TrimSpace(s[:i]), strings.TrimSpace(s[i+1:j])
		if mail := mailAddress(inside); mail != "" {
			return news.Person{Name: trimQuotes(before), Email: mail}
		}
		if mail := mailAddress(before); mail != "" && brackets == "()" {
			return news.Person{Name: trimQuotes(inside), Email: mail}
		}
	}
	if mail := mailAddress(s); mail != "" {
		return news.Person{Email: mail}
	}
	return news.Person{Name: trimQuotes(s)}
}

func trimQuotes(s string) string {
	return strings.TrimSpace(strings.Trim(s, `"“”`))
}

// mailAddress gives a mail address, "" if the text is not one.
func mailAddress(s string) string {
	s = strings.TrimPrefix(strings.TrimSpace(s), "mailto:")
	user, host, found := strings.Cut(s, "@")
	if !found || user == "" || !strings.Contains(host, ".") || len(s) > maxNameText {
		return ""
	}
	for _, c := range s {
		if unicode.IsSpace(c) || text.IsControl(c) || c == utf8.RuneError || strings.ContainsRune(`<>()",;:\[]`, c) {
			return ""
		}
	}
	if strings.Contains(host, "@") {
		return ""
	}
	return s
}
