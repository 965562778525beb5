// Package credit words the lines that say who made a story and who carries it,
// and recognises them when a partner's feed brings them back.
package credit

import (
	"fmt"
	"html"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"text/template"

	"fronteras/aggregator/news"
)

// Credit writes and recognises one desk's credit in every language that it has. It is safe for use by
// many.
type Credit struct {
	desk      news.Site
	titles    []string                      // the desk's titles in the cases they are looked for
	longest   int                           // how many words the longest of them has
	templates map[string]*template.Template // the desk's, by their texts
	wordings  [][]string                    // the fixed words of the desk's, then of earlier ones
	worded    sync.Map                      // crediting → its text; as many as stations and languages of ours
}

// crediting is what the text of a credit depends on: the language is that of the template.
type crediting struct{ brand, language string }

// Wording is what the desk has called itself and how it has worded its credit, in one language.
type Wording struct {
	Title    string `json:"title"`
	Template string `json:"template"`
}

// Wordings lists how a desk words its credit, in each language once.
func Wordings(desk news.Site) []Wording {
	list := []Wording{{desk.Title, desk.Credit}}
	tags := slices.Concat(slices.Sorted(maps.Keys(desk.Titles)), slices.Sorted(maps.Keys(desk.Credits)))
	for _, tag := range tags {
		template, _ := desk.CreditIn(tag)
		if w := (Wording{desk.TitleIn(tag), template}); !slices.Contains(list, w) {
			list = append(list, w)
		}
	}
	return list
}

// New compiles the desk's credit templates. It fails as [Check] does. The earlier wordings are
// recognised too; those that do not parse are passed over.
func New(desk news.Site, earlier ...Wording) (*Credit, error) {
	c := &Credit{desk: desk, templates: map[string]*template.Template{}}
	own := Wordings(desk)
	for _, w := range own {
		if err := Check(w.Template); err != nil {
			return nil, fmt.Errorf("credit: %w", err)
		}
	}
	for n, w := range slices.Concat(own, earlier) {
		t, err := compileTemplate(w.Template)
		if err != nil {
			continue
		}
		if n < len(own) {
			c.templates[w.Template] = t
		}
		c.wordings = append(c.wordings, fixedWords(t))
		if w.Title != "" && !slices.Contains(c.titles, w.Title) {
			c.titles = append(c.titles, w.Title, strings.ToUpper(w.Title), strings.ToLower(w.Title))
			c.longest = max(c.longest, len(lowerCaseWords(w.Title)))
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

// Paragraphs writes the origin line and the desk's credit, as HTML, in the language of the story;
// where there is none in that, in the desk's.
func (c *Credit) Paragraphs(l Lines) string {
	w := wordingFor(l.Language, c.desk.Language)
	return c.begin(w.language, l.Language) + originLine(l, w) + "</p>\n" + c.creditParagraph(l.Brand, l.Language)
}

// begin opens a paragraph in a language, at the end of a story. It says which it is unless that is the
// language both of the story and of the documents.
func (c *Credit) begin(language, story string) string {
	is, desk := news.PrimaryLanguage(language), news.PrimaryLanguage(c.desk.Language)
	if desk == "" || is == desk && (story == "" || is == news.PrimaryLanguage(story)) {
		return opening
	}
	return openingTag + ` lang="` + html.EscapeString(language) + `">`
}

// creditParagraph is the desk's credit for a story in a language; empty where a brand makes it too
// long.
func (c *Credit) creditParagraph(brand, language string) string {
	template, in := c.desk.CreditIn(language)
	text, known := c.worded.Load(crediting{brand, in})
	if !known {
		title := html.EscapeString(c.desk.TitleIn(in))
		worded, err := executeTemplate(c.templates[template], Fields{
			Desk:     title,
			Brand:    html.EscapeString(brand),
			DeskLink: `<a href="` + html.EscapeString(c.desk.URL) + `">` + title + `</a>`,
		})
		if err != nil {
			worded = ""
		}
		text, _ = c.worded.LoadOrStore(crediting{brand, in}, worded)
	}
	if text == "" {
		return ""
	}
	return c.begin(in, language) + text.(string) + "</p>"
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
