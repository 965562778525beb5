package link

import "strings"

// Relation is one link of a Link header (RFC 8288).
type Relation struct {
	Target string   // the address, as it is written; it may be relative
	Rels   []string // the relations, in lower case
}

// ParseHeader reads the values of an answer's Link headers. What cannot be read is passed over.
func ParseHeader(values []string) []Relation {
	var list []Relation
	text := strings.Join(values, ",")
	for {
		_, after, found := strings.Cut(text, "<")
		if !found {
			return list
		}
		target, rest, found := strings.Cut(after, ">")
		if !found {
			return list
		}
		rel, rest := cutParameters(rest)
		list = append(list, Relation{strings.TrimSpace(target), strings.Fields(strings.ToLower(rel))})
		text = rest
	}
}

// cutParameters reads the parameters of one link: its first rel, and the text after them.
func cutParameters(text string) (rel, rest string) {
	for {
		text = strings.TrimLeft(text, " \t;")
		if text == "" || text[0] == ',' {
			return rel, text
		}
		end := strings.IndexAny(text, "=;,")
		if end < 0 {
			return rel, ""
		}
		name := strings.TrimSpace(text[:end])
		if text[end] != '=' {
			text = text[end:]
			continue
		}
		var value string
		value, text = cutValue(strings.TrimLeft(text[end+1:], " \t"))
		if strings.EqualFold(name, "rel") && rel == "" {
			rel = value
		}
	}
}

// cutValue takes a parameter's value, quoted or not, off a text.
func cutValue(text string) (value, rest string) {
	if strings.HasPrefix(text, `"`) {
		value, rest, _ = strings.Cut(text[1:], `"`)
		return value, rest
	}
	end := strings.IndexAny(text, ";,")
	if end < 0 {
		end = len(text)
	}
	return strings.TrimSpace(text[:end]), text[end:]
}
