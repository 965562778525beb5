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
	Authors  []string
	Origin   []Maker // none: not stated
	Outside  bool    // the origin is not a station of the desk
	Carriers []string
	Brand    string
}

// opening begins both paragraphs. Cleaners take the class off, so it only helps.
const opening = `<p class="desk-credit">`

// Paragraphs writes the origin line and the desk's credit, as HTML.
func (c *Credit) Paragraphs(l Lines) string {
	return opening + originLine(l) + "</p>\n" + c.creditParagraph(l.Brand)
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

// originLine says by whom, and originally published by whom. Its wording is
// fixed, so that strip knows it whatever the names.
func originLine(l Lines) string {
	var line strings.Builder
	if len(l.Authors) > 0 {
		line.WriteString("By " + html.EscapeString(Join(l.Authors)) + ". ")
	}
	carried := "arried by " + html.EscapeString(Join(l.Carriers))
	if len(l.Origin) == 0 {
		return line.String() + "C" + carried + "."
	}
	names := make([]string, len(l.Origin))
	for i, m := range l.Origin {
		names[i] = html.EscapeString(m.Name)
		if m.URL != "" {
			names[i] = `<a href="` + html.EscapeString(m.URL) + `">` + names[i] + `</a>`
		}
	}
	line.WriteString("Originally published by " + Join(names))
	if l.Outside && len(l.Carriers) > 0 {
		line.WriteString(", c" + carried)
	}
	return line.String() + "."
}

// Join lists names as a sentence does: A, B and C.
func Join(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}

// lowerCaseWords returns the runs of letters and digits of a text, in lower case.
func lowerCaseWords(text string) []string {
	return notWord.Split(strings.Trim(notWord.ReplaceAllString(strings.ToLower(text), " "), " "), -1)
}

var notWord = regexp.MustCompile(`[^\pL\pN]+`)
