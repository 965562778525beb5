package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"fronteras/aggregator/link"
)

// Error says everything that is wrong with a configuration.
type Error struct {
	File   string
	Faults []Fault // in the order of the file
}

// Fault is one thing that is wrong.
type Fault struct {
	Line int    // 0 if the fault concerns the whole file
	Key  string // such as "stations[2].feeds[0].url"; may be empty
	Text string // what was found, and what is allowed
}

// maxFaults is how many faults are listed; the rest is counted.
const maxFaults = 50

// Error gives a line for each fault:
//
//	config.yaml:12: stations[1].id: "azpm" is already used (line 8): each station needs its own id
func (e *Error) Error() string {
	var b strings.Builder
	for i, f := range e.Faults {
		if i > 0 {
			b.WriteByte('\n')
		}
		if i == maxFaults {
			fmt.Fprintf(&b, "%s: and %d more faults", e.File, len(e.Faults)-i)
			break
		}
		b.WriteString(e.File)
		if f.Line > 0 {
			fmt.Fprintf(&b, ":%d", f.Line)
		}
		if f.Key != "" {
			b.WriteString(": " + f.Key)
		}
		b.WriteString(": " + f.Text)
	}
	return b.String()
}

// reader collects faults while a file is read.
type reader struct {
	faults []Fault
	later  []func(*Config, members) // what needs the whole file
}

// whenAllIsRead has something done when all sections of the file are read: it may depend on others.
func (r *reader) whenAllIsRead(do func(c *Config, sections members)) { r.later = append(r.later, do) }

func (r *reader) reportFault(line int, key, format string, args ...any) {
	r.faults = append(r.faults, Fault{line, key, fmt.Sprintf(format, args...)})
}

// sortedFaults returns the faults in the order of the file.
func (r *reader) sortedFaults() []Fault {
	slices.SortStableFunc(r.faults, func(a, b Fault) int { return cmp.Compare(a.Line, b.Line) })
	return r.faults
}

// quoteShort shows what was found: on one line, without control characters, not too long, and an
// address without what seems to be a secret, for faults are logged.
func quoteShort(s string) string {
	const longest = 100
	if link.HoldsSecret(s) {
		s = link.Redact(s) + "?…"
	}
	if len(s) > longest {
		return fmt.Sprintf("%q…", strings.ToValidUTF8(s[:longest], ""))
	}
	return fmt.Sprintf("%q", s)
}
