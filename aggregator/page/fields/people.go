package fields

import (
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"fronteras/aggregator/news"
	"fronteras/aggregator/page/tree"
	"fronteras/aggregator/text"
)

// credits is what one place of the page says of who wrote the story.
type credits struct {
	written []string
	people  []news.Person
	named   bool // one of them has the form of a person's name

	assistants []news.Person // who took the pictures and the like
}

// authors is who wrote a story, and where that was found.
type authors struct {
	people []news.Person
	where  string
}

// bylineOf takes the byline of the first place that names a person, otherwise of the first that says
// anything, and whom it names.
func bylineOf(f *findings) (byline choice, named authors) {
	best, where := credits{}, ""
	var shown credits // by the layout
	for _, place := range [...]struct {
		read  func(*findings) credits
		where string
	}{
		{jsonCredits, fromJSONLD}, {layoutCredits, fromLayout}, {microdataCredits, fromMicrodata},
		{metaCredits, fromMeta}, {linkCredits, fromHTML}, {nearCredits, fromHTML},
	} {
		c := place.read(f)
		if place.where == fromLayout {
			shown = c
		}
		if len(c.written) > 0 && (len(best.written) == 0 || c.named && !best.named ||
			len(best.people) == 0 && len(c.people) > 0 || place.where == fromLayout && c.namesMoreThan(best)) {
			best, where = c, place.where
		}
		if best.named && place.where == fromLayout || place.where == fromMicrodata && best.named {
			break
		}
	}
	written, whereWritten := best.written, where
	if addsHouse(f, shown.written, best.people) {
		written, whereWritten = shown.written, fromLayout
	}
	if line := text.Shorten(strings.Join(written, ", "), maxTitle); line != "" {
		byline = choice{line, whereWritten}
	}
	if named.people = best.people; len(named.people) == 0 {
		named.people = best.assistants
	}
	if len(named.people) > 0 {
		named.where = where
	}
	return byline, named
}

// namesMoreThan reports whether a byline names all whom another names, and others: CMSs put the first
// author alone into JSON-LD.
func (c credits) namesMoreThan(o credits) bool {
	if !o.named || len(c.people) <= len(o.people) || len(c.people) > maxShownPeople {
		return false
	}
	return !slices.ContainsFunc(o.people, func(p news.Person) bool {
		return !slices.ContainsFunc(c.people, func(q news.Person) bool {
			return text.PersonKey(p.Name) == text.PersonKey(q.Name)
		})
	})
}

// addsHouse reports whether a byline names with people, and nobody else, a newsroom that is not the
// page's own: CMSs put "Jo Reed, NPR" into JSON-LD as Jo Reed, and whose story it is would be lost.
func addsHouse(f *findings, written []string, people []news.Person) bool {
	found, named := false, false
	for _, line := range written {
		for _, p := range text.SplitByline(line, text.CommasPart, nil) {
			switch {
			case p.Kind.IsHuman():
				named = true
				if !slices.ContainsFunc(people, func(o news.Person) bool {
					return text.PersonKey(o.Name) == text.PersonKey(p.Name)
				}) {
					return false
				}
			case p.Kind == text.Newspaper, p.Kind == text.Outlet, newsroom.MatchString(p.Text):
				found = found || !isSiteName(f, p.Text)
			}
		}
	}
	return found && named
}

// newsroom is what may be one, of a part of a byline that may be an office too.
var newsroom = regexp.MustCompile(`^\p{Lu}{2,6}\b|^The \p{Lu}|\b(?:News|Press|Media|Radio|Network|Wire)\b`)

const maxByline = 200 // bytes of what can be a byline and does not begin like one

// maxShownPeople is how many a byline names that is not a list of something else.
const maxShownPeople = 8

// addCredit adds what a place writes, which may name several; commas says whether it does. A house is
// nobody.
func addCredit(f *findings, c *credits, written, address string, commas text.Commas, isHouse bool) {
	written = markupLine(written, maxTitle)
	if written == "" || strings.Contains(written, "://") || len(c.people) >= maxPeople ||
		slices.Contains(c.written, written) {
		return
	}
	c.written = append(c.written, written)
	if isHouse || isSiteName(f, written) {
		return
	}
	names := text.NamesIn(written, commas)
	for _, n := range names {
		p := news.Person{Name: text.Shorten(strings.Trim(n.Person, " .,;:|"), maxName)}
		if p.Name == "" || isMachine(p.Name) || isSiteName(f, p.Name) {
			continue
		}
		if len(names) == 1 {
			p.URL = linkTo(f.Base, address)
		}
		c.named = c.named || isPerson(p.Name)
		if n.Assists {
			c.assistants = append(c.assistants, p)
		} else {
			c.addPerson(p)
		}
	}
}

func (c *credits) addPerson(p news.Person) {
	if !slices.ContainsFunc(c.people, func(o news.Person) bool { return strings.EqualFold(o.Name, p.Name) }) {
		c.people = append(c.people, p)
	}
}

// isPerson reports whether a name has the form of a person's.
func isPerson(name string) bool {
	return slices.ContainsFunc(text.SplitByline(name, text.CommasBelong, nil), func(p text.BylinePart) bool {
		return p.Kind.IsHuman()
	})
}

// isMachine reports a name that a CMS gives its own users.
func isMachine(name string) bool {
	return machineNames[strings.ToLower(name)] ||
		!strings.Contains(name, " ") && strings.ContainsAny(name, "@_.") && strings.ToLower(name) == name
}

var machineNames = tree.SetOf("admin administrator webmaster root user editor staff wpadmin web author redaction " +
	"redaccion redacción redaktion system guest anonymous")

// jsonCredits reads the author of JSON-LD.
func jsonCredits(f *findings) (c credits) {
	author := f.article["author"]
	if author == nil {
		author = f.article["creator"]
	}
	all, isList := author.([]any)
	if !isList {
		all = []any{author}
	}
	commas := text.CommasPart
	if len(all) > 1 {
		commas = text.CommasBelong
	}
	for _, one := range all[:min(len(all), maxJSONValues)] {
		o, isObject := one.(map[string]any)
		if !isObject {
			for _, name := range f.data.jsonNames(one) {
				addCredit(f, &c, name, "", commas, false)
			}
			continue
		}
		author := f.data.whole(o)
		names := author.texts("name")
		if len(names) > 1 {
			commas = text.CommasBelong
		}
		for _, name := range names {
			address := ""
			if len(names) == 1 {
				address = author.text("url")
			}
			addCredit(f, &c, name, address, commas, author.is(houseTypes))
		}
	}
	return c
}

// layoutCredits reads the byline that the layout shows.
func layoutCredits(f *findings) (best credits) {
	for _, m := range bylineMarks {
		c := creditsOf(f, besideFirst(f, ownOrBeside(f, f.markedBy(m))))
		if c.named {
			return c
		}
		if len(best.written) == 0 {
			best = c
		}
	}
	return best
}

// besideFirst returns the first of some elements, those near the headline before others, and those that
// stand next to it: others name who wrote other stories.
func besideFirst(f *findings, list []*html.Node) []*html.Node {
	if len(list) < 2 {
		return list
	}
	first := list[0]
	if at := slices.IndexFunc(list, func(n *html.Node) bool { return slices.Contains(f.near, n) }); at >= 0 {
		first = list[at]
	}
	around := first.Parent
	for range 2 {
		if around != nil && around.Parent != nil && !f.around[around.Parent] &&
			!tree.IsElement(around, "article", "main") {
			around = around.Parent
		}
	}
	return slices.DeleteFunc(slices.Clone(list), func(n *html.Node) bool { return !tree.IsWithin(n, around) })
}

// creditsOf reads bylines out of elements: of each its links, if they name somebody, otherwise its
// text.
func creditsOf(f *findings, elements []*html.Node) (c credits) {
	for n, e := range elements {
		if n > 0 && tree.IsWithin(e, elements[n-1]) {
			continue
		}
		line := bylineText(e)
		if line == "" || len(line) > maxByline && !bylineBegins.MatchString(line) {
			continue
		}
		var linked credits
		for at, left := e, maxTextNodes; at != nil && left > 0; left-- {
			if tree.IsElement(at, "a") && !tree.IsWithin(e, at.Parent) || tree.IsElement(e, "a") && at == e {
				if name := shownText(at); isPerson(name) && strings.Contains(line, name) {
					addCredit(f, &linked, name, tree.Attribute(at, "href"), text.CommasBelong, false)
				}
			}
			at = tree.Following(at, e, false)
		}
		var whole credits
		addCredit(f, &whole, line, "", text.CommasPart, false)
		if len(linked.people) >= len(whole.people) && linked.named {
			whole.people, whole.named = linked.people, true
		}
		c.merge(whole)
	}
	return c
}

// merge adds what another place says that is not said yet.
func (c *credits) merge(o credits) {
	for _, w := range o.written {
		if !slices.Contains(c.written, w) {
			c.written = append(c.written, w)
		}
	}
	for _, p := range o.people {
		c.addPerson(p)
	}
	c.assistants = append(c.assistants, o.assistants...)
	c.named = c.named || o.named
}

// bylineText is the text of a byline without dates, offices and biographies next to it.
func bylineText(n *html.Node) string {
	line := textWithout(n, 2*maxByline, func(n *html.Node) bool {
		return tree.IsElement(n, "time", "img", "figure") || hasClassWord(n, besideNames)
	})
	if m := submitted.FindStringSubmatch(line); m != nil {
		line = m[1]
	}
	if m := runTogether.FindStringSubmatch(line); m != nil {
		line = "By " + m[1]
	}
	if at := behindNames.FindStringIndex(line); at != nil && at[0] > 0 {
		line = line[:at[0]]
	}
	return strings.Trim(line, " |•·,-–—")
}

var besideNames = tree.SetOf("date time timestamp title role job position bio biography social twitter email image " +
	"photo avatar readtime reading published updated")

var (
	// runTogether is a byline whose "By" is printed twice, or without a blank.
	runTogether = regexp.MustCompile(`^(?:[Bb]y ?(?:[Bb]y ?)?|BY +)(\p{Lu}\p{L}* .*)`)
	// behindNames is where a date or what a reader may press begins behind the names.
	behindNames = regexp.MustCompile(`(?i)[\s|,•·–—-]+(?:(?:published|posted|updated|last updated|` +
		`publicado|actualizado|tags|follow|share|comments?|\d+ min(?:ute)? read)\b|` +
		`(?:on )?(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|` +
		`(?:on )?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{1,2}\b|` +
		`\d{1,2}[/.]\d{1,2}[/.]\d{2,4}|\d{4}-\d{2}-\d{2}).*$`)
)

// submitted is how Drupal and others write who wrote a story, and when.
var submitted = regexp.MustCompile(`(?i)^(?:submitted|posted|published|written|reported)\s+` +
	`(by\s+.{1,200}?)(?:\s+on\s+.*)?$`)

// microdataCredits reads the author of microdata.
func microdataCredits(f *findings) (c credits) {
	found := ownOrBeside(f, f.props["author"])
	for _, n := range found {
		names := propsIn(n, "name")
		if len(names) == 0 {
			names = []*html.Node{n}
		}
		commas := text.CommasPart
		if len(found) > 1 || len(names) > 1 {
			commas = text.CommasBelong
		}
		for _, name := range names {
			addCredit(f, &c, propValue(name), tree.Attribute(n, "href"), commas, false)
		}
	}
	return c
}

// metaCredits reads the author of meta elements.
func metaCredits(f *findings) (best credits) {
	for _, name := range [...]string{
		"author", "article:author", "byl", "parsely-author", "sailthru.author", "dc.creator", "dcterms.creator",
		"dc.creator.name", "citation_author", "article:author_name", "og:article:author", "cxenseparse:author",
	} {
		var c credits
		commas := text.CommasPart
		if len(f.metas[name]) > 1 {
			commas = text.CommasBelong
		}
		for _, written := range f.metas[name] {
			addCredit(f, &c, written, "", commas, false)
		}
		if c.named {
			return c
		}
		if len(best.written) == 0 {
			best = c
		}
	}
	return best
}

// linkCredits reads links that lead to the author.
func linkCredits(f *findings) (c credits) {
	for _, n := range ownOrBeside(f, f.links["author"]) {
		addCredit(f, &c, shownText(n), tree.Attribute(n, "href"), text.CommasBelong, false)
	}
	return c
}
