package feed

import (
	"html"
	"strings"
	"unicode"
	"unicode/utf8"

	ext "github.com/mmcdole/gofeed/extensions"
	"github.com/mmcdole/gofeed/rss"

	"fronteras/aggregator/feed/htmlclean"
	"fronteras/aggregator/feed/vocabulary"
	"fronteras/aggregator/feed/xmlrepair"
	"fronteras/aggregator/news"
	"fronteras/aggregator/text"
)

// byline collects the persons that an item names.
type byline struct {
	written []string
	persons []news.Person
}

// text takes what one element says, which may name several.
func (b *byline) text(s string) {
	s = text.OneLine(html.UnescapeString(s))
	if s == "" {
		return
	}
	b.written = append(b.written, s)
	for _, part := range splitNames(s) {
		b.person(nameAndMail(part))
	}
}

// structured takes a person whose parts stand in elements of their own.
func (b *byline) structured(name, email, address string) {
	name = text.OneLine(html.UnescapeString(name))
	email = mailbox(email)
	if name == "" {
		b.person(news.Person{Email: email, URL: address})
		return
	}
	b.written = append(b.written, name)
	parts := splitNames(name)
	for _, part := range parts {
		p := nameAndMail(part)
		if len(parts) == 1 {
			if p.Email == "" {
				p.Email = email
			}
			p.URL = address
		}
		b.person(p)
	}
}

// person adds one, unless it is there already.
func (b *byline) person(p news.Person) {
	p.Name = text.Shorten(p.Name, maxNameText)
	if p == (news.Person{}) || len(b.persons) >= maxNames {
		return
	}
	for i, other := range b.persons {
		if other.Name == p.Name && (p.Name != "" || other.Email == p.Email) {
			if other.Email == "" {
				b.persons[i].Email = p.Email
			}
			if other.URL == "" {
				b.persons[i].URL = p.URL
			}
			return
		}
	}
	b.persons = append(b.persons, p)
}

// line is the byline as written.
func (b *byline) line() string {
	var parts []string
	for _, w := range b.written {
		fresh := true
		for _, p := range parts {
			fresh = fresh && p != w
		}
		if fresh {
			parts = append(parts, w)
		}
	}
	return text.Shorten(strings.Join(parts, ", "), maxTitle)
}

// splitNames divides a text that names several: at ";", "and", "&", "y", and at
// commas where each part has two words or more, for "Ruiz, Ana" is one. What
// follows a name, such as Jr. or PhD, belongs to it.
func splitNames(s string) []string {
	s = strings.TrimSpace(withoutBy(s))
	var parts []string
	for _, piece := range strings.Split(s, ";") {
		for _, part := range cutAtWords(piece) {
			parts = append(parts, splitCommas(part)...)
		}
	}
	var names []string
	for _, p := range parts {
		if p = strings.Trim(withoutBy(strings.TrimSpace(p)), " ,"); p != "" {
			names = append(names, p)
		}
	}
	return names
}

// withoutBy takes off the word that a byline begins with.
func withoutBy(s string) string {
	for _, by := range [...]string{"by ", "por "} {
		if len(s) > len(by) && strings.EqualFold(s[:len(by)], by) {
			return strings.TrimSpace(s[len(by):])
		}
	}
	return s
}

// cutAtWords divides at the words that join names, outside brackets and quotes.
func cutAtWords(s string) []string {
	if strings.Contains(s, "|") || strings.HasPrefix(s, "@") {
		return []string{s}
	}
	var parts []string
	for from, depth, i := 0, 0, 0; ; i++ {
		if i == len(s) {
			return append(parts, s[from:])
		}
		switch s[i] {
		case '(':
			depth++
		case ')':
			depth--
		case ' ':
			if depth > 0 {
				continue
			}
			for _, word := range [...]string{" and ", " & ", " y "} {
				if strings.HasPrefix(strings.ToLower(s[i:min(len(s), i+len(word))]), word) {
					parts = append(parts, s[from:i])
					from = i + len(word)
				}
			}
		}
	}
}

// afterName are what stands behind a name and a comma and belongs to it.
var afterName = vocabulary.SetOf("jr", "sr", "ii", "iii", "iv", "phd", "md", "ma", "mba", "esq", "jd", "dds", "rn", "facp")

// splitCommas divides at commas where what is between them has two words or
// more each.
func splitCommas(s string) []string {
	if strings.IndexByte(s, ',') < 0 || strings.ContainsAny(s, "@|(") {
		return []string{s}
	}
	var parts []string
	for _, p := range strings.Split(s, ",") {
		p = strings.TrimSpace(p)
		key := strings.ToLower(strings.ReplaceAll(p, ".", ""))
		if n := len(parts); n > 0 && afterName[key] {
			parts[n-1] += ", " + p
			continue
		}
		if p != "" {
			parts = append(parts, p)
		}
	}
	for _, p := range parts {
		if !strings.Contains(p, " ") {
			return []string{s}
		}
	}
	return parts
}

// nameAndMail takes a name and a mail address apart, in the forms of RFC 822
// and the one RSS 2.0 asks for.
func nameAndMail(s string) news.Person {
	s = strings.TrimSpace(strings.TrimPrefix(s, "mailto:"))
	for _, brackets := range [...]string{"<>", "()"} {
		i := strings.IndexByte(s, brackets[0])
		j := strings.LastIndexByte(s, brackets[1])
		if i < 0 || j != len(s)-1 {
			continue
		}
		before, inside := strings.TrimSpace(s[:i]), strings.TrimSpace(s[i+1:j])
		if mail := mailbox(inside); mail != "" {
			return news.Person{Name: unquoted(before), Email: mail}
		}
		if mail := mailbox(before); mail != "" && brackets == "()" {
			return news.Person{Name: unquoted(inside), Email: mail}
		}
	}
	if mail := mailbox(s); mail != "" {
		return news.Person{Email: mail}
	}
	return news.Person{Name: unquoted(s)}
}

func unquoted(s string) string {
	return strings.TrimSpace(strings.Trim(s, `"“”`))
}

// mailbox gives a mail address, "" if the text is none.
func mailbox(s string) string {
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

func (r *reader) rssByline(it *xmlrepair.Item, x *rss.Item) (string, []news.Person) {
	b := &byline{}
	for _, e := range r.extension(x.Extensions, vocabulary.DC, "creator") {
		b.text(htmlclean.StripTags(e.Value))
	}
	if len(b.written) == 0 {
		r.noted(b, it)
	}
	if len(b.written) == 0 {
		r.extended(b, r.extension(x.Extensions, vocabulary.Atom, "author"), it)
	}
	if len(b.written) == 0 {
		b.text(r.said(x.Extensions, vocabulary.ITunes, "author"))
	}
	if len(b.written) == 0 {
		r.mediaAuthors(b, x.Extensions)
	}
	return b.line(), b.persons
}

// noted takes the author elements of an item's notes: text, or a name in an
// element of its own.
func (r *reader) noted(b *byline, it *xmlrepair.Item) {
	for i := range it.Children {
		c := &it.Children[i]
		if !c.IsNamed("author") {
			continue
		}
		inner := r.doc.Bytes(c.Inner)
		if name, mail := xmlrepair.ChildText(inner, "name"), xmlrepair.ChildText(inner, "email"); name != "" || mail != "" {
			address := xmlrepair.ChildText(inner, "uri") + xmlrepair.ChildText(inner, "url")
			b.structured(name, mail, r.address(address, r.baseOf(it, c)))
			continue
		}
		b.text(htmlclean.StripTags(r.doc.TextOf(c)))
	}
}

// extended takes atom:author elements.
func (r *reader) extended(b *byline, authors []ext.Extension, it *xmlrepair.Item) {
	for _, a := range authors {
		value := func(name string) string {
			for _, c := range inAnyCase(a.Children, name) {
				if c.Value != "" {
					return c.Value
				}
			}
			return ""
		}
		if value("name") == "" && value("email") == "" {
			b.text(a.Value)
			continue
		}
		b.structured(value("name"), value("email"), r.address(value("uri"), r.scoped(it)))
	}
}

func (r *reader) mediaAuthors(b *byline, x ext.Extensions) {
	for _, c := range r.extension(x, vocabulary.Media, "credit") {
		if strings.EqualFold(c.Attrs["role"], "author") {
			b.text(c.Value)
		}
	}
}
