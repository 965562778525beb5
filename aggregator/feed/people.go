package feed

import (
	"cmp"
	"html"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/mmcdole/gofeed/atom"

	"fronteras/aggregator/feed/vocabulary"
	"fronteras/aggregator/feed/xmlrepair"
	"fronteras/aggregator/news"
	"fronteras/aggregator/text"
)

// byline collects the persons that an item names.
type byline struct {
	written []string // each once, as many as can be shown
	persons []news.Person
}

// addWritten adds how an element writes one or several.
func (b *byline) addWritten(s string) {
	if len(b.written) < maxBylines && !slices.Contains(b.written, s) {
		b.written = append(b.written, s)
	}
}

// nameLine is a name, or several, on one line.
func nameLine(s string) string {
	return text.Shorten(text.OneLine(html.UnescapeString(text.Shorten(s, maxWritten))), maxTitle)
}

// addNames adds what one element says, which may name several.
func (b *byline) addNames(s string) { b.addNamesOf(s, text.CommasPart) }

func (b *byline) addNamesOf(s string, commas text.Commas) {
	if s = nameLine(s); s == "" {
		return
	}
	b.addWritten(s)
	for _, part := range text.SplitNames(s, commas) {
		b.addPerson(nameAndMail(part))
	}
}

// addParts adds a person whose parts are in elements of their own. Another person has an element,
// too: a comma parts no names.
func (b *byline) addParts(name, email, address string) {
	name = nameLine(name)
	email = mailAddress(email)
	if name == "" {
		b.addPerson(news.Person{Email: email, URL: address})
		return
	}
	b.addWritten(name)
	parts := text.SplitNames(name, text.CommasBelong)
	for _, part := range parts {
		p := nameAndMail(part)
		if len(parts) == 1 {
			p.Email = cmp.Or(p.Email, email)
			p.URL = address
		}
		b.addPerson(p)
	}
}

// addPerson adds one, unless it is there already.
func (b *byline) addPerson(p news.Person) {
	p.Name = text.Shorten(p.Name, maxNameText)
	if p == (news.Person{}) || len(b.persons) >= maxNames {
		return
	}
	for i := range b.persons {
		other := &b.persons[i]
		if other.Name == p.Name && (p.Name != "" || other.Email == p.Email) {
			other.Email = cmp.Or(other.Email, p.Email)
			other.URL = cmp.Or(other.URL, p.URL)
			return
		}
	}
	b.persons = append(b.persons, p)
}

// asWritten is the line, and the persons in it.
func (b *byline) asWritten() (string, []news.Person) {
	return text.Shorten(strings.Join(b.written, ", "), maxTitle), b.persons
}

// lentByline returns the feed's authors, for an entry that names none.
func lentByline(authors []news.Person) (string, []news.Person) {
	b := &byline{}
	for _, p := range authors {
		b.addWritten(cmp.Or(p.Name, p.Email))
		b.addPerson(p)
	}
	return b.asWritten()
}

// rssByline takes dc:creator, otherwise author, otherwise atom:author, otherwise what extensions
// say.
func rssByline(e *element) (string, []news.Person) {
	b := &byline{}
	addCreators(b, e)
	if len(b.written) == 0 {
		addAuthorElements(b, e)
	}
	if len(b.written) == 0 {
		addAtomExtensions(b, e)
	}
	if len(b.written) == 0 {
		b.addNames(e.ext.firstText(vocabulary.ITunes, "author"))
	}
	if len(b.written) == 0 {
		addMediaCredits(b, e)
	}
	return b.asWritten()
}

// atomByline takes the entry's authors, otherwise what extensions say, otherwise the authors of its
// source, otherwise the feed's.
func atomByline(e *element, x *atom.Entry, feeds []news.Person) (string, []news.Person) {
	b := &byline{}
	addAtomPersons(b, e, x.Authors)
	if len(b.persons) == 0 {
		addAuthorElements(b, e)
	}
	if len(b.persons) == 0 {
		addCreators(b, e)
	}
	if len(b.persons) == 0 {
		b.addNames(e.ext.firstText(vocabulary.ITunes, "author"))
	}
	if len(b.persons) == 0 {
		addMediaCredits(b, e)
	}
	if len(b.persons) == 0 && x.Source != nil {
		addAtomPersons(b, e, x.Source.Authors)
	}
	if len(b.persons) == 0 {
		return lentByline(feeds)
	}
	return b.asWritten()
}

// addCreators adds the dc:creator elements. Where there are several, each is for one.
func addCreators(b *byline, e *element) {
	creators, commas := e.ext.elements(vocabulary.DC, "creator"), text.CommasPart
	if len(creators) > 1 {
		commas = text.CommasBelong
	}
	for _, x := range creators {
		b.addNamesOf(withoutTags(x.Value), commas)
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
		b.addNames(withoutTags(e.doc.TextOf(c)))
	}
}

// addAtomPersons adds persons as gofeed read them.
func addAtomPersons(b *byline, e *element, persons []*atom.Person) {
	for _, p := range persons {
		b.addParts(withoutTags(p.Name), p.Email, pageAddress(p.URI, e.base, e.notes))
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
