package command

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// table is rows of text for people, its columns aligned.
type table struct {
	rows   [][]string
	widths []int
}

func newTable(head ...string) *table {
	t := &table{widths: make([]int, len(head))}
	t.row(head...)
	return t
}

// row adds a row. What comes from documents is made harmless for a terminal.
func (t *table) row(cells ...string) {
	row := make([]string, len(cells))
	for n, c := range cells {
		row[n] = harmless(c)
		t.widths[n] = max(t.widths[n], utf8.RuneCountInString(row[n]))
	}
	t.rows = append(t.rows, row)
}

func (t *table) print(w io.Writer) error {
	for _, row := range t.rows {
		var line strings.Builder
		for n, cell := range row {
			line.WriteString(cell)
			if n < len(row)-1 {
				line.WriteString(strings.Repeat(" ", t.widths[n]-utf8.RuneCountInString(cell)+2))
			}
		}
		if _, err := fmt.Fprintln(w, strings.TrimRight(line.String(), " ")); err != nil {
			return err
		}
	}
	return nil
}

// harmless takes out of a text what a terminal would act on, or what would turn
// its direction; line breaks become blanks.
func harmless(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\t', r == '\u2028', r == '\u2029':
			return ' '
		case unicode.Is(unicode.C, r): // control, format, surrogate, private use
			return -1
		}
		return r
	}, text)
}

// printJSON writes a value for programs.
func (p *program) printJSON(value any) error {
	e := json.NewEncoder(p.Out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(value)
}

// when is a time to the second in UTC, nil for none.
func when(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC().Truncate(time.Second)
	return &t
}

// shortTime shows a time in a table.
func shortTime(t *time.Time) string {
	if t == nil {
		return "-"
	}
	return t.UTC().Format("2006-01-02 15:04")
}
