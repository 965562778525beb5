// Package credit words the lines that say who made a story and who carries it,
// and recognises them when a partner's feed brings them back.
package credit

import (
	"fmt"
	"html"
	"regexp"
	"strings"
	"text/template"
	"text/template/parse"

	"fronteras/aggregator/markup"
	"fronteras/aggregator/news"
)

// Credit writes and recognises one desk's credit. It is safe for use by many.
type Credit struct {
	desk     news.Desk
	template *template.Template
	wordings [][]string // the fixed words of the template and of earlier ones
}

// Fields are what a credit template can use. Their values are HTML.
type Fields struct {
	Desk     string // the desk's title
	Brand    string // how the station that the reader knows calls itself
	DeskLink string // the desk's title, linked to the desk
}

// Maximum is how long a rendered credit may be, in bytes.
const Maximum = 4 << 10

// New compiles the desk's credit template. It fails if the template does not
// parse, or does not run with Fields, or writes more than Maximum. The earlier
// templates are recognised too; those that do not parse are passed over.
func New(desk news.Desk, earlier ...string) (*Credit, error) {
	t, err := template.New("credit").Option("missingkey=error").Parse(desk.Credit)
	if err != nil {
		return nil, fmt.Errorf("credit: %w", err)
	}
	c := &Credit{desk: desk, template: t, wordings: [][]string{fixedWords(t)}}
	if _, err := c.paragraph("Brand"); err != nil {
		return nil, err
	}
	for _, text := range earlier {
		if t, err := template.New("credit").Parse(text); err == nil {
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

// Lines are what the paragraphs at a story's end say.
type Lines struct {
	Authors  []string
	Origin   []Maker // none: not stated
	Outside  bool    // the origin is no station of the desk
	Carriers []string
	Brand    string
}

// Paragraphs writes the origin line and the desk's credit, as HTML.
func (c *Credit) Paragraphs(l Lines) string {
	last, err := c.paragraph(l.Brand)
	if err != nil { // New has run it; only a brand beyond all bounds comes here
		last = ""
	}
	return "<p>" + originLine(l) + "</p>\n" + last
}

// paragraph runs the template.
func (c *Credit) paragraph(brand string) (string, error) {
	title := html.EscapeString(c.desk.Title)
	var out limited
	err := c.template.Execute(&out, Fields{
		Desk:     title,
		Brand:    html.EscapeString(brand),
		DeskLink: `<a href="` + html.EscapeString(c.desk.URL) + `">` + title + `</a>`,
	})
	if err != nil {
		return "", fmt.Errorf("credit: %w", err)
	}
	return "<p>" + strings.TrimSpace(out.String()) + "</p>", nil
}

// limited is a buffer that refuses to grow beyond Maximum.
type limited struct{ strings.Builder }

func (l *limited) Write(p []byte) (int, error) {
	if l.Len()+len(p) > Maximum {
		return 0, fmt.Errorf("longer than %d bytes", Maximum)
	}
	return l.Builder.Write(p)
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

// fixedWords are the words of a template that stand outside its actions.
func fixedWords(t *template.Template) []string {
	var words []string
	for _, n := range t.Root.Nodes {
		if text, ok := n.(*parse.TextNode); ok {
			words = append(words, wordsOf(markup.Text(string(text.Text)))...)
		}
	}
	return words
}

// wordsOf are the runs of letters and digits of a text, in lower case.
func wordsOf(text string) []string {
	return notWord.Split(strings.Trim(notWord.ReplaceAllString(strings.ToLower(text), " "), " "), -1)
}

var notWord = regexp.MustCompile(`[^\pL\pN]+`)
