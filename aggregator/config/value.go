package config

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// value is a place in the file, with what was found there.
type value struct {
	*reader
	key  string
	line int
	node ast.Node // nil if nothing was found
}

// reportFault reports something wrong here.
func (v value) reportFault(format string, args ...any) {
	v.reader.reportFault(v.line, v.key, format, args...)
}

// fields says how the value of each key of a mapping is read.
type fields map[string]func(value)

// members holds the values of a mapping by their keys.
type members struct {
	of     value
	values map[string]value
}

// valueAt returns the value of a key or, if the key is not written, the place where it would be.
func (m members) valueAt(key string) value {
	if v, ok := m.values[key]; ok {
		return v
	}
	return m.of.childValue(key, m.of.line, nil)
}

func (m members) isWritten(key string) bool {
	_, ok := m.values[key]
	return ok
}

// readMapping reads a mapping. Keys that are unknown, doubled, or required and missing are faults;
// a mapping without a value counts as empty.
func (v value) readMapping(known fields, required ...string) members {
	m, ok := v.splitMapping()
	if !ok {
		return m
	}
	for _, key := range slices.Sorted(maps.Keys(m.values)) {
		if read, ok := known[key]; ok {
			read(m.values[key])
		} else {
			all := slices.Sorted(maps.Keys(known))
			m.values[key].reportFault("unknown key: allowed are %s", strings.Join(all, ", "))
		}
	}
	for _, key := range required {
		if !m.isWritten(key) {
			m.valueAt(key).reportFault("missing: it has no default")
		}
	}
	return m
}

// splitMapping returns the values of a mapping; ok is false if it is not one.
func (v value) splitMapping() (m members, ok bool) {
	m = members{of: v, values: make(map[string]value)}
	var pairs []*ast.MappingValueNode
	switch n := v.node.(type) {
	case nil, *ast.NullNode:
	case *ast.MappingNode:
		pairs = n.Values
	case *ast.MappingValueNode:
		pairs = []*ast.MappingValueNode{n}
	default:
		v.reportFault("%s found: keys with values are needed", describeNode(v.node))
		return m, false
	}
	for _, pair := range pairs {
		key := pair.Key.GetToken()
		child := v.childValue(key.Value, key.Position.Line, pair.Value)
		if first, doubled := m.values[key.Value]; doubled {
			child.reportFault("written twice (first on line %d): write each key once", first.line)
			continue
		}
		m.values[key.Value] = child
	}
	return m, true
}

var plainKey = regexp.MustCompile(`^[A-Za-z0-9_.-]+$`)

// childValue is the place of a key in a mapping.
func (v value) childValue(key string, line int, node ast.Node) value {
	if !plainKey.MatchString(key) {
		key = quoteShort(key)
	}
	if v.key != "" {
		key = v.key + "." + key
	}
	return value{v.reader, key, line, node}
}

// readList reads each value of a list.
func (v value) readList(read func(value)) {
	switch n := v.node.(type) {
	case nil, *ast.NullNode:
	case *ast.SequenceNode:
		for i, item := range n.Values {
			read(value{v.reader, fmt.Sprintf("%s[%d]", v.key, i), firstLineOf(item), item})
		}
	default:
		v.reportFault("%s found: a list is needed, such as [%s]", describeNode(v.node), "a, b")
	}
}

// firstLineOf is where a value begins.
func firstLineOf(node ast.Node) int {
	if mapping, ok := node.(*ast.MappingNode); ok && len(mapping.Values) > 0 {
		node = mapping.Values[0].Key
	}
	if node == nil || node.GetToken() == nil {
		return 0
	}
	return node.GetToken().Position.Line
}

// describeNode says what was found in a place.
func describeNode(node ast.Node) string {
	switch n := node.(type) {
	case nil, *ast.NullNode:
		return "nothing"
	case *ast.StringNode, *ast.LiteralNode:
		s, _ := literalText(n)
		return quoteShort(s)
	case *ast.IntegerNode, *ast.FloatNode, *ast.InfinityNode, *ast.NanNode:
		return "the number " + n.GetToken().Value
	case *ast.BoolNode:
		return n.GetToken().Value
	case *ast.SequenceNode:
		return "a list"
	}
	return "a mapping"
}
