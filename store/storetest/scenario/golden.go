package scenario

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Outcomes are what scenarios end in under one version of the rules.
type Outcomes struct {
	Version int                 // of the rules
	Of      map[string][]string // by the scenario's name: its lines, as in Played
}

const versionLine = "rules version "

// String writes outcomes as their file holds them.
func (o Outcomes) String() string {
	var text strings.Builder
	fmt.Fprintf(&text, "%s%d\n", versionLine, o.Version)
	for _, name := range slices.Sorted(maps.Keys(o.Of)) {
		fmt.Fprintf(&text, "\n%s\n\t%s\n", name, strings.Join(o.Of[name], "\n\t"))
	}
	return text.String()
}

// ParseOutcomes reads what String wrote.
func ParseOutcomes(text string) (o Outcomes, err error) {
	head, rest, _ := strings.Cut(text, "\n")
	number, ok := strings.CutPrefix(head, versionLine)
	if o.Version, err = strconv.Atoi(number); !ok || err != nil {
		return o, fmt.Errorf("the first line is %q, want %q and a number", head, versionLine)
	}
	o.Of = map[string][]string{}
	name := ""
	for l := range strings.Lines(rest) {
		l = strings.TrimSuffix(l, "\n")
		if outcome, ok := strings.CutPrefix(l, "\t"); ok {
			o.Of[name] = append(o.Of[name], outcome)
		} else {
			name = l
		}
	}
	return o, nil
}

// Differences says in words in what the outcomes now are others than the file's.
func (o Outcomes) Differences(now Outcomes) (list []string) {
	if o.Version != now.Version {
		list = append(list, fmt.Sprintf("the file is of rules version %d, and identity.Version is %d: if each "+
			"change is meant, run the test with -update", o.Version, now.Version))
	}
	for _, name := range slices.Sorted(maps.Keys(now.Of)) {
		if _, known := o.Of[name]; !known {
			list = append(list, name+": the file does not have this scenario: run the test with -update")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(o.Of)) {
		if _, exists := now.Of[name]; !exists {
			list = append(list, name+": the file has it, and there is no such scenario: run the test with -update")
		}
	}
	return append(list, o.changedOutcomes(now)...)
}

// Refusals says why the file must not become what the outcomes are now: a scenario
// ends in something else, and the rules' version was not raised.
func (o Outcomes) Refusals(now Outcomes) []string {
	if now.Version > o.Version {
		return nil
	}
	return o.changedOutcomes(now)
}

// changedOutcomes shows each scenario that both have and that ends in something else.
func (o Outcomes) changedOutcomes(now Outcomes) (list []string) {
	for _, name := range slices.Sorted(maps.Keys(o.Of)) {
		was, is := o.Of[name], now.Of[name]
		if is == nil || slices.Equal(was, is) {
			continue
		}
		advice := "a decision changed: raise identity.Version, then run the test with -update"
		if now.Version > o.Version {
			advice = "if this change is meant, run the test with -update"
		}
		list = append(list, fmt.Sprintf("%s: it was\n\t%s\nand is\n\t%s\n%s", name, linesWithout(was, is),
			linesWithout(is, was), advice))
	}
	return list
}

// linesWithout lists the lines that others does not have.
func linesWithout(lines, others []string) string {
	left := slices.DeleteFunc(slices.Clone(lines), func(l string) bool { return slices.Contains(others, l) })
	if len(left) == 0 {
		left = lines // the same lines in another order or number
	}
	return strings.Join(left, "\n\t")
}
