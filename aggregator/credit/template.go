package credit

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"text/template"
	"text/template/parse"

	"fronteras/aggregator/markup"
)

// Fields holds what a credit template can use. Their values are HTML.
type Fields struct {
	Desk     string // the desk's title
	Brand    string // how the station that the reader knows calls itself
	DeskLink string // the desk's title, linked to the desk
}

// Maximum is how long a rendered credit may be, in bytes.
const Maximum = 4 << 10

// Check refuses a template that does not parse, that could run endlessly, or that
// does not run with [Fields], whether they are empty or not.
func Check(text string) error {
	t, err := compileTemplate(text)
	if err != nil {
		return err
	}
	for _, sample := range []Fields{{}, {"Fronteras Desk", "NPR 89.1",
		`<a href="https://fronteras.example">Fronteras Desk</a>`}} {
		if _, err := executeTemplate(t, sample); err != nil {
			return err
		}
	}
	return nil
}

// compileTemplate parses a template. Loops and templates within it are refused: one can
// run endlessly without writing.
func compileTemplate(text string) (*template.Template, error) {
	t, err := template.New("credit").Parse(text)
	if err != nil {
		return nil, err
	}
	if len(t.Templates()) > 1 || canRunTwice(t.Root) {
		return nil, errors.New("a range, define or template found")
	}
	return t, nil
}

func executeTemplate(t *template.Template, f Fields) (string, error) {
	var out limited
	if err := t.Execute(&out, f); err != nil {
		return "", err
	}
	return strings.TrimSpace(out.String()), nil
}

// limited is a buffer that refuses to grow beyond Maximum.
type limited struct{ strings.Builder }

// Write implements [io.Writer]: it fails, and writes nothing, where the credit would be
// longer than Maximum.
func (l *limited) Write(p []byte) (int, error) {
	if l.Len()+len(p) > Maximum {
		return 0, fmt.Errorf("the credit is longer than %d bytes", Maximum)
	}
	return l.Builder.Write(p)
}

func canRunTwice(node parse.Node) bool {
	switch n := node.(type) {
	case *parse.ListNode:
		return n != nil && slices.ContainsFunc(n.Nodes, canRunTwice)
	case *parse.IfNode:
		return canRunTwice(n.List) || canRunTwice(n.ElseList)
	case *parse.WithNode:
		return canRunTwice(n.List) || canRunTwice(n.ElseList)
	case *parse.RangeNode, *parse.TemplateNode:
		return true
	}
	return false
}

// fixedWords returns the words of a template that stand outside its actions.
func fixedWords(t *template.Template) []string {
	var words []string
	for _, n := range t.Root.Nodes {
		if text, ok := n.(*parse.TextNode); ok {
			words = append(words, lowerCaseWords(markup.Text(string(text.Text)))...)
		}
	}
	return words
}
