package command

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"
)

// printTable writes rows of text for people in aligned columns; the first row is the heading. What
// would steer a terminal is taken out.
func printTable(w io.Writer, rows [][]string) error {
	columns := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, row := range rows {
		for n, cell := range row {
			row[n] = terminalSafe(cell)
		}
		fmt.Fprintln(columns, strings.Join(row, "\t"))
	}
	return columns.Flush()
}

// terminalSafe takes out of a text what would steer a terminal or turn the direction of what is
// around it; line breaks become spaces.
func terminalSafe(text string) string {
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

// firstLine is the first line of a text, with the number of further ones.
func firstLine(text string) string {
	line, rest, more := strings.Cut(text, "\n")
	if more {
		line += fmt.Sprintf(" (and %d more)", 1+strings.Count(rest, "\n"))
	}
	return terminalSafe(line)
}

// pluralOf is a number of things, such as "1 station" or "2 stations".
func pluralOf(n int, thing string) string {
	switch {
	case n == 1:
		return "1 " + thing
	case strings.HasSuffix(thing, "s"):
		return fmt.Sprintf("%d %ses", n, thing)
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

// quoteTitle puts a title of a document in quotation marks.
func quoteTitle(text string) string { return "“" + text + "”" }

// timeOrNil is a time to the second in UTC; nil for the zero time.
func timeOrNil(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC().Truncate(time.Second)
	return &t
}

// formatMinute shows a time in a table, to the minute in UTC.
func formatMinute(t *time.Time) string {
	if t == nil {
		return "-"
	}
	return t.UTC().Format("2006-01-02 15:04")
}

// printJSON writes a value for programs.
func printJSON(w io.Writer, value any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(value)
}

// showProgress says what is being done, after a second and only on a terminal. Done clears the
// line.
func showProgress(w io.Writer, what string) (done func()) {
	if !isTerminal(w) {
		return func() {}
	}
	begun, ended, cleared := time.Now(), make(chan struct{}), make(chan struct{})
	go func() {
		defer close(cleared)
		tick := time.NewTicker(time.Second)
		defer tick.Stop()
		shown := false
		for {
			select {
			case <-ended:
				if shown {
					fmt.Fprint(w, "\r\x1b[K")
				}
				return
			case <-tick.C:
				shown = true
				fmt.Fprintf(w, "\r%s … %ds", what, int(time.Since(begun).Seconds()))
			}
		}
	}()
	return func() {
		close(ended)
		<-cleared
	}
}

// isTerminal reports whether a stream is a terminal.
func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
