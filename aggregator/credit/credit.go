// Package credit words the lines that say who made a story and who carries it,
// and recognises them when a partner's feed brings them back.
package credit

import (
	"fmt"
	"html"
	"regexp"
	"strings"
	"sync"
	"text/template"

	"fronteras/aggregator/news"
)

// Credit writes and recognises one desk's credit. It is safe for use by many.
type Credit struct {
	desk      news.Site
	titles    []string             // the desk's title in the cases it is looked for
	templates []*template.Template // the desk's, then earlier ones
	wordings  [][]string           // their fixed words
	worded    sync.Map             // brand → the credit with it; there are as many as stations
}

// New compiles the desk's credit template. It fails as [Check] does. The earlier
// templates are recognised too; those that do not parse are passed over.
func New(desk news.Site, earlier ...string) (*Credit, error) {
	if err := Check(desk.Credit); err != nil {
		return nil, fmt.Errorf("credit: %w", err)
	}
	c := &Credit{desk: desk}
	if desk.Title != "" {
		c.titles = []string{desk.Title, strings.ToUpper(desk.Title), strings.ToLower(desk.Title)}
	}
	for _, text := range append([]string{desk.Credit}, earlier...) {
		if t, err := compileTemplate(text); err == nil {
			c.templates = append(c.templates, t)
			c.wordings = append(c.wordings, fixedWords(t))
		}
	}
	return c, nil
}

// Maker is a station or source as the origin line names it.
type Maker struct {
	Name string
	URL  string // of the story there; empty if it has none
}

// Lines holds what the paragraphs at a story's end say.
type Lines struct {
	Language   string // of the story, BCP 47
	Authors    []string
	Origin     []Maker // none: not stated
	Outside    bool    // the origin is not a station of the desk
	Carriers   []string
	Translates *Original // nil: it says of no other story that it translates it
	Brand      string
}

// Original is what a story is translated from.
type Original struct {
	Makers  []Maker // its newsrooms; none: not known
	Title   Maker   // its headline and page, which stands for makers that are not known
	Authors []string
}

// openingTag begins both paragraphs, and opening the one that says no language. Cleaners take the
// attributes off, so they only help.
const (
	openingTag = `<p class="desk-credit"`
	opening    = openingTag + `>`
)

// Paragraphs writes the origin line, in the language of the story, and the desk's credit, as HTML.
func (c *Credit) Paragraphs(l Lines) string {
	w := wordingFor(l.Language, c.desk.Language)
	begin := opening
	if tag := news.PrimaryLanguage(c.desk.Language); tag != "" && tag != w.language {
		begin = openingTag + ` lang="` + w.language + `">`
	}
	return begin + originLine(l, w) + "</p>\n" + c.creditParagraph(l.Brand)
}

// creditParagraph is the desk's credit; empty where a brand makes it too long.
func (c *Credit) creditParagraph(brand string) string {
	if known, ok := c.worded.Load(brand); ok {
		return known.(string)
	}
	title := html.EscapeString(c.desk.Title)
	text, err := executeTemplate(c.templates[0], Fields{
		Desk:     title,
		Brand:    html.EscapeString(brand),
		DeskLink: `<a href="` + html.EscapeString(c.desk.URL) + `">` + title + `</a>`,
	})
	if text = opening + text + "</p>"; err != nil {
		text = ""
	}
	c.worded.Store(brand, text)
	return text
}

// originLine says by whom, and originally published by whom, and of a translation what it is
// translated from. Its wording is fixed, so that strip knows it whatever the names.
func originLine(l Lines, w wording) string {
	var line strings.Builder
	if len(l.Authors) > 0 {
		line.WriteString(w.by + html.EscapeString(w.join(l.Authors)) + ". ")
	}
	carried := html.EscapeString(w.join(l.Carriers)) + "."
	switch {
	case len(l.Origin) == 0:
		line.WriteString(w.carried + carried)
	case l.Outside && len(l.Carriers) > 0:
		line.WriteString(w.published + w.linked(l.Origin) + ", " + lowerFirst(w.carried) + carried)
	default:
		line.WriteString(w.published + w.linked(l.Origin) + ".")
	}
	if o := l.Translates; o != nil {
		makers := o.Makers
		if len(makers) == 0 {
			makers = []Maker{{w.quotes[0] + o.Title.Name + w.quotes[1], o.Title.URL}}
		}
		line.WriteString(" " + w.translated + w.linked(makers))
		if len(o.Authors) > 0 {
			line.WriteString(w.original + html.EscapeString(w.join(o.Authors)))
		}
		line.WriteString(".")
	}
	return line.String()
}

// linked lists names as HTML, each linked to the story there.
func (w wording) linked(makers []Maker) string {
	names := make([]string, len(makers))
	for i, m := range makers {
		names[i] = html.EscapeString(m.Name)
		if m.URL != "" {
			names[i] = `<a href="` + html.EscapeString(m.URL) + `">` + names[i] + `</a>`
		}
	}
	return w.join(names)
}

// lowerCaseWords returns the runs of letters and digits of a text, in lower case.
func lowerCaseWords(text string) []string {
	return notWord.Split(strings.Trim(notWord.ReplaceAllString(strings.ToLower(text), " "), " "), -1)
}

var notWord = regexp.MustCompile(`[^\pL\pN]+`)
