package config

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/goccy/go-yaml/ast"
)

// check says what is wrong with a text: what was found, and what is allowed.
type check func(string) error

// text reads a text into to. Blank texts and control characters are refused.
func text(to *string, checks ...check) func(value) {
	return func(v value) {
		s, ok := v.text("a text")
		if !ok {
			return
		}
		for _, check := range append([]check{checkPlain}, checks...) {
			if err := check(s); err != nil {
				v.fault("%v", err)
				return
			}
		}
		*to = s
	}
}

// texts reads a list of texts, each into its own place in to.
func texts(to *[]string, checks ...check) func(value) {
	return func(v value) {
		v.list(func(item value) {
			s := ""
			if text(&s, checks...)(item); s != "" {
				*to = append(*to, s)
			}
		})
	}
}

// text returns the text that stands here, trimmed. Want names what is needed.
func (v value) text(want string) (string, bool) {
	s, ok := literal(v.node)
	switch v.node.(type) {
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		v.fault("%s found: %s is needed, in quotes if this is one", describe(v.node), want)
		return "", false
	}
	if s = strings.TrimSpace(s); ok && s == "" {
		v.fault("nothing but space found: %s is needed", want)
	} else if !ok {
		v.fault("%s found: %s is needed", describe(v.node), want)
	}
	return s, s != ""
}

// literal returns a text as YAML reads it; ok is false for what is no text.
func literal(node ast.Node) (s string, ok bool) {
	switch n := node.(type) {
	case *ast.StringNode:
		return n.Value, true
	case *ast.LiteralNode:
		return n.Value.Value, true
	}
	return "", false
}

// checkPlain refuses control characters other than the line breaks of a block.
func checkPlain(s string) error {
	for _, c := range s {
		if unicode.IsControl(c) && c != '\n' {
			return fmt.Errorf("%s holds the control character %U: a text has none", quote(s), c)
		}
	}
	return nil
}

// flag reads true or false into to.
func flag(to *bool) func(value) {
	return func(v value) {
		n, ok := v.node.(*ast.BoolNode)
		if !ok {
			v.fault("%s found: true or false is needed", describe(v.node))
			return
		}
		*to = n.Value
	}
}

// number reads a whole number into to.
func number(to *int, least, most int) func(value) {
	return func(v value) {
		n, ok := v.node.(*ast.IntegerNode)
		if !ok {
			v.fault("%s found: a whole number from %d to %d is needed", describe(v.node), least, most)
			return
		}
		i, err := strconv.Atoi(n.GetToken().Value)
		if err != nil || i < least || i > most {
			v.fault("%s found: allowed is a whole number from %d to %d", quote(n.GetToken().Value), least, most)
			return
		}
		*to = i
	}
}

// duration reads a duration into to.
func duration(to *time.Duration, least, most time.Duration) func(value) {
	return func(v value) {
		want := fmt.Sprintf("a duration from %s to %s, written like 90s, 15m or 36h", short(least), short(most))
		if _, ok := v.node.(*ast.IntegerNode); ok {
			v.fault("%s has no unit: allowed is %s", describe(v.node), want)
			return
		}
		s, ok := v.text(want)
		if !ok {
			return
		}
		d, err := time.ParseDuration(s)
		if err != nil {
			v.fault("%s is no duration: allowed is %s", quote(s), want)
			return
		}
		if d < least || d > most {
			v.fault("%s is out of range: allowed is %s", quote(s), want)
			return
		}
		*to = d
	}
}

// short is a duration without the parts that are zero.
func short(d time.Duration) string {
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

// size reads a number of bytes into to.
func size(to *int64, most int64) func(value) {
	return func(v value) {
		var s string
		if n, ok := v.node.(*ast.IntegerNode); ok {
			s = n.GetToken().Value
		} else if s, ok = v.text("a size such as 16MiB"); !ok {
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
			v.fault("%s is no size: allowed is a whole number of B, KiB, MiB or GiB, such as 16MiB, up to %dMiB", quote(s), most>>20)
			return
		}
		*to = n * factor
	}
}
