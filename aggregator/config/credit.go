package config

import (
	"fmt"
	"text/template"
	"text/template/parse"
)

// maxCredit bounds a rendered credit: it stands below every story.
const maxCredit = 4 << 10

// creditFields is what a credit template may use.
type creditFields struct{ Desk, Brand, DeskLink string }

// checkCredit takes a text/template that renders with sample values. Loops and
// templates within it are refused: one can run for ever without writing.
func checkCredit(s string) error {
	const allowed = "allowed is a text/template with .Desk, .Brand and .DeskLink"
	t, err := template.New("credit").Parse(s)
	if err != nil {
		return fmt.Errorf("%v: %s", err, allowed)
	}
	if len(t.Templates()) > 1 || loops(t.Root) {
		return fmt.Errorf("a range, define or template found: %s", allowed)
	}
	samples := []creditFields{
		{},
		{Desk: "Fronteras Desk", Brand: "NPR 89.1", DeskLink: `<a href="https://fronteras.example">Fronteras Desk</a>`},
	}
	for _, sample := range samples {
		if err := t.Execute(&bounded{left: maxCredit}, sample); err != nil {
			return fmt.Errorf("%v: %s", err, allowed)
		}
	}
	return nil
}

// loops reports whether a node could be executed more than once.
func loops(node parse.Node) bool {
	switch n := node.(type) {
	case *parse.ListNode:
		for _, child := range n.Nodes {
			if loops(child) {
				return true
			}
		}
	case *parse.IfNode:
		return loops(n.List) || n.ElseList != nil && loops(n.ElseList)
	case *parse.WithNode:
		return loops(n.List) || n.ElseList != nil && loops(n.ElseList)
	case *parse.RangeNode, *parse.TemplateNode:
		return true
	}
	return false
}

// bounded takes so many bytes and no more.
type bounded struct{ left int }

func (b *bounded) Write(p []byte) (int, error) {
	if b.left -= len(p); b.left < 0 {
		return 0, fmt.Errorf("the credit is longer than %d bytes", maxCredit)
	}
	return len(p), nil
}
