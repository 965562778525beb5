package config

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/goccy/go-yaml/ast"
)

// check says what is wrong with a text: what was found, and what is allowed.
type check func(string) error

// readText reads a text into to. Blank texts and control characters are faults.
func readText(to *string, checks ...check) func(value) {
	return func(v value) {
		s, ok := v.plainText("a text")
		if !ok {
			return
		}
		for _, check := range append([]check{checkPlain}, checks...) {
			if err := check(s); err != nil {
				v.reportFault("%v", err)
				return
			}
		}
		*to = s
	}
}

// readTexts reads a list of texts, each into its own place in to.
func readTexts(to *[]string, checks ...check) func(value) {
	return func(v value) {
		v.readList(func(item value) {
			s := ""
			if readText(&s, checks...)(item); s != "" {
				*to = append(*to, s)
			}
		})
	}
}

// readTextByLanguage reads one text into to, or texts by language into all; then nothing of what both
// hold as a default stays.
func readTextByLanguage(to *string, all *map[string]string, checks ...check) func(value) {
	return func(v value) {
		switch v.node.(type) {
		case *ast.MappingNode, *ast.MappingValueNode:
		default:
			*all = nil
			readText(to, checks...)(v)
			return
		}
		texts, written := map[string]string{}, map[string]value{}
		m, _ := v.splitMapping()
		for _, tag := range slices.Sorted(maps.Keys(m.values)) {
			at, key := m.values[tag], strings.ToLower(tag)
			if err := checkLanguage(tag); err != nil {
				at.reportFault("%v", err)
				continue
			}
			if first, doubled := written[key]; doubled {
				at.reportFault("the language is written twice (first on line %d): write each once", first.line)
				continue
			}
			written[key] = at
			var text string
			if readText(&text, checks...)(at); text != "" {
				texts[tag] = text
			}
		}
		if len(m.values) == 0 {
			v.reportFault("no language found: a text is needed, or texts by language such as {en: …, es: …}")
		}
		*to, *all = "", texts
	}
}

// plainText returns the text found here, trimmed; ok is false after a fault. Want names what is
// needed.
func (v value) plainText(want string) (string, bool) {
	s, ok := literalText(v.node)
	switch v.node.(type) {
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		v.reportFault("%s found: %s is needed; if this is one, put it in quotes", describeNode(v.node), want)
		return "", false
	}
	if s = strings.TrimSpace(s); ok && s == "" {
		v.reportFault("only spaces found: %s is needed", want)
	} else if !ok {
		v.reportFault("%s found: %s is needed", describeNode(v.node), want)
	}
	return s, s != ""
}

// literalText returns a text as YAML reads it; ok is false if it is not a text.
func literalText(node ast.Node) (s string, ok bool) {
	switch n := node.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return n.Value.Value, true
	}
	return "", false
}

// checkPlain rejects control characters other than the line breaks of a block.
func checkPlain(s string) error {
	for _, c := range s {
		if unicode.IsControl(c) && c != '\n' {
			return fmt.Errorf("%s contains the control character %U: a text must not", quoteShort(s), c)
		}
	}
	return nil
}

// readBool reads true or false into to.
func readBool(to *bool) func(value) {
	return func(v value) {
		n, ok := v.node.(*ast.BoolNode)
		if !ok {
			v.reportFault("%s found: true or false is needed", describeNode(v.node))
			return
		}
		*to = n.Value
	}
}

// readInteger reads a whole number into to.
func readInteger(to *int, least, most int) func(value) {
	return func(v value) {
		n, ok := v.node.(*ast.IntegerNode)
		if !ok {
			v.reportFault("%s found: a whole number from %d to %d is needed", describeNode(v.node), least, most)
			return
		}
		i, err := strconv.Atoi(n.GetToken().Value)
		if err != nil || i < least || i > most {
			v.reportFault("%s found: allowed is a whole number from %d to %d",
				quoteShort(n.GetToken().Value), least, most)
			return
		}
		*to = i
	}
}

// readDuration reads a duration into to.
func readDuration(to *time.Duration, least, most time.Duration) func(value) {
	return func(v value) {
		want := fmt.Sprintf("a duration from %s to %s, written like 90s, 15m or 36h",
			formatDuration(least), formatDuration(most))
		if _, ok := v.node.(*ast.IntegerNode); ok {
			v.reportFault("%s has no unit: allowed is %s", describeNode(v.node), want)
			return
		}
		s, ok := v.plainText(want)
		if !ok {
			return
		}
		d, err := time.ParseDuration(s)
		if err != nil {
			v.reportFault("%s is not a duration: allowed is %s", quoteShort(s), want)
			return
		}
		if d < least || d > most {
			v.reportFault("%s is out of range: allowed is %s", quoteShort(s), want)
			return
		}
		*to = d
	}
}

// formatDuration is a duration without the parts that are zero.
func formatDuration(d time.Duration) string {
	return strings.TrimSuffix(strings.TrimSuffix(d.String(), "0s"), "0m")
}

// units of sizes, the longer names first.
var units = []struct {
	name  string
	bytes int64
}{
	{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30},
	{"kB", 1e3}, {"KB", 1e3}, {"MB", 1e6}, {"GB", 1e9},
	{"B", 1},
}

// readSize reads a number of bytes into to.
func readSize(to *int64, most int64) func(value) {
	return func(v value) {
		var s string
		if n, ok := v.node.(*ast.IntegerNode); ok {
			s = n.GetToken().Value
		} else if s, ok = v.plainText("a size such as 16MiB"); !ok {
			return
		}
		digits, factor := s, int64(1)
		for _, unit := range units {
			if before, ok := strings.CutSuffix(s, unit.name); ok {
				digits, factor = strings.TrimSpace(before), unit.bytes
				break
			}
		}
		n, err := strconv.ParseInt(digits, 10, 64)
		if err != nil || n < 1 || n > most/factor {
			v.reportFault("%s is not a valid size: allowed is a whole number of B, KiB, MiB or GiB, such as 16MiB, "+
				"up to %dMiB", quoteShort(s), most>>20)
			return
		}
		*to = n * factor
	}
}
