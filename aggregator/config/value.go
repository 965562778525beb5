package config

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
)

// value is a place in the file, with what stands there.
type value struct {
	*reader
	key  string
	line int
	node ast.Node // nil where nothing stands
}

// fault reports something wrong here.
func (v value) fault(format string, args ...any) {
	v.reader.fault(v.line, v.key, format, args...)
}

// fields says how the value of each key of a mapping is read.
type fields map[string]func(value)

// members are the values of a mapping by their keys.
type members struct {
	of     value
	values map[string]value
}

// at returns the value of a key, or, where the key is not written, the place
// where it would stand.
func (m members) at(key string) value {
	if v, ok := m.values[key]; ok {
		return v
	}
	return m.of.member(key, m.of.line, nil)
}

func (m members) has(key string) bool {
	_, ok := m.values[key]
	return ok
}

// mapping reads a mapping. Keys that are unknown, doubled or missing though
// required are faults; a mapping with nothing in it is an empty one.
func (v value) mapping(known fields, required ...string) members {
	m, ok := v.members()
	if !ok {
		return m
	}
	for _, key := range slices.Sorted(maps.Keys(m.values)) {
		if read, ok := known[key]; ok {
			read(m.values[key])
		} else {
			m.values[key].fault("unknown key: allowed are %s", strings.Join(slices.Sorted(maps.Keys(known)), ", "))
		}
	}
	for _, key := range required {
		if !m.has(key) {
			m.at(key).fault("missing: it has no default")
		}
	}
	return m
}

// members returns the values of a mapping; ok is false where it is none.
func (v value) members() (m members, ok bool) {
	m = members{of: v, values: make(map[string]value)}
	var pairs []*ast.MappingValueNode
	switch n := v.node.(type) {
	case nil, *ast.NullNode:
	case *ast.MappingNode:
		pairs = n.Values
	case *ast.MappingValueNode:
		pairs = []*ast.MappingValueNode{n}
	default:
		v.fault("%s found: keys with values are needed", describe(v.node))
		return m, false
	}
	for _, pair := range pairs {
		key := pair.Key.GetToken()
		child := v.member(key.Value, key.Position.Line, pair.Value)
		if first, doubled := m.values[key.Value]; doubled {
			child.fault("is there already (line %d): each key stands once", first.line)
			continue
		}
		m.values[key.Value] = child
	}
	return m, true
}

var plainKey = regexp.MustCompile(`^[A-Za-z0-9_.-]+$`)

// member is the place of a key in a mapping.
func (v value) member(key string, line int, node ast.Node) value {
	if !plainKey.MatchString(key) {
		key = quote(key)
	}
	if v.key != "" {
		key = v.key + "." + key
	}
	return value{v.reader, key, line, node}
}

// list reads each value of a list.
func (v value) list(read func(value)) {
	switch n := v.node.(type) {
	case nil, *ast.NullNode:
	case *ast.SequenceNode:
		for i, item := range n.Values {
			read(value{v.reader, fmt.Sprintf("%s[%d]", v.key, i), lineOf(item), item})
		}
	default:
		v.fault("%s found: a list is needed, such as [%s]", describe(v.node), "a, b")
	}
}

// lineOf is where a value begins.
func lineOf(node ast.Node) int {
	if mapping, ok := node.(*ast.MappingNode); ok && len(mapping.Values) > 0 {
		node = mapping.Values[0].Key
	}
	if node == nil || node.GetToken() == nil {
		return 0
	}
	return node.GetToken().Position.Line
}

// describe says what stands in a place.
func describe(node ast.Node) string {
	switch n := node.(type) {
	case nil, *ast.NullNode:
		return "nothing"
	case *ast.StringNode, *ast.LiteralNode:
		s, _ := literal(n)
		return quote(s)
	case *ast.IntegerNode, *ast.FloatNode, *ast.InfinityNode, *ast.NanNode:
		return "the number " + n.GetToken().Value
	case *ast.BoolNode:
		return n.GetToken().Value
	case *ast.SequenceNode:
		return "a list"
	}
	return "a mapping"
}
